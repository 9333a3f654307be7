// How long pure values take: reading a zone file, the difference of two zones with its schedule, a
// whole plan. Records per second are told, so that growth shows.

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <utility>

#include "bench/zone_text.hpp"
#include "dns/zone_file.hpp"
#include "plan/plan.hpp"
#include "plan/schedule.hpp"

namespace {

using namespace mxsmith;

/// About one record in a thousand differs between the two zones of a benchmark; a prime, so that
/// every kind of record is among them.
constexpr std::size_t kStride = 997;

dns::Name apex() { return dns::Name::of(bench::kApex); }

dns::ZoneFile read(std::string text) {
  base::Diagnostics diagnostics;
  auto file = dns::read_zone_file(std::move(text), apex(), {}, diagnostics);
  if (!file) throw std::runtime_error(diagnostics.all().front().message);
  return *file;
}

plan::LiveZone live_zone(const dns::Zone& zone) {
  plan::LiveZone live(plan::ZoneRef{zone.apex(), "bench", plan::ZoneKind::ordinary});
  live.reserve(zone.size());
  for (const auto& set : zone.sets()) live.add({set, nullptr});
  return live;
}

void tell_records(benchmark::State& state, std::size_t changes) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["changes"] = static_cast<double>(changes);
}

void read_zone_file(benchmark::State& state) {
  const std::string text = bench::zone_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    state.PauseTiming();
    std::string copy = text;
    state.ResumeTiming();
    benchmark::DoNotOptimize(read(std::move(copy)));
  }
  tell_records(state, 0);
}

void diff_and_schedule(benchmark::State& state) {
  const auto records = static_cast<std::size_t>(state.range(0));
  const auto before = read(bench::zone_text(records));
  const auto after = read(bench::zone_text_with_changes(records, kStride));
  const plan::Traits traits;
  std::size_t changes = 0;
  for (auto _ : state) {
    const auto found = plan::diff(before.zone(), after.zone());
    benchmark::DoNotOptimize(plan::schedule(found, traits));
    changes = found.size();
  }
  tell_records(state, changes);
}

/// The move of mail to a new service, as a spec would ask for it.
plan::Desired new_mail_service() {
  plan::Desired desired;
  desired.zone = apex();
  plan::DesiredUnit mx;
  mx.unit = {{apex(), dns::Type::MX}, plan::OwnedClass::whole, ""};
  mx.values = {{dns::Mx{0, dns::Name::of("in.newmail.example")}, {}}};
  mx.path = "mail.mx";
  plan::DesiredUnit spf;
  spf.unit = {{apex(), dns::Type::TXT}, plan::OwnedClass::spf, ""};
  spf.values = {{dns::Txt{"v=spf1 ip4:203.0.113.25 include:spf.newmail.example -all"}, {}}};
  spf.path = "mail.spf";
  desired.units = {mx, spf};
  return desired;
}

void make_plan(benchmark::State& state) {
  const auto file = read(bench::zone_text(static_cast<std::size_t>(state.range(0))));
  const auto live = live_zone(file.zone());
  const auto desired = new_mail_service();
  const plan::Manifest nothing;
  const plan::Traits traits;
  std::size_t changes = 0;
  for (auto _ : state) {
    const plan::PlanInput input{.desired = desired,
                                .live = live,
                                .previous = nothing,
                                .history = plan::HistoryKnown::no,
                                .traits = traits,
                                .target = {},
                                .spec_file = {},
                                .now = {},
                                .facts = {},
                                .hold = {},
                                .allow = {},
                                .reviewed = true};
    const auto result = plan::make_plan(input);
    if (!result.plan) throw std::runtime_error("no plan");
    changes = result.plan->changes.size();
  }
  tell_records(state, changes);
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Repetitions(3);
}

BENCHMARK(read_zone_file)->Apply(sizes);
BENCHMARK(diff_and_schedule)->Apply(sizes);
BENCHMARK(make_plan)->Apply(sizes);

}  // namespace
