#include "conformance/trial.hpp"

#include <exception>
#include <utility>

#include "conformance/expectation.hpp"
#include "conformance/outside.hpp"
#include "conformance/spec_text.hpp"

namespace mxsmith::conformance {

Bench::Bench(Subject& subject) : subject_(subject), zone_(dns::Name::of("example.com")) {
  start_over();
}

dns::Key Bench::key(const std::string& owner, dns::Type type) const {
  return {*dns::Name::parse(owner, zone_), type};
}

void Bench::start_over() {
  subject_.make_zone(zone_);
  place_ = std::make_unique<Workplace>(subject_, zone_);
  traits_ = place_->traits();
}

void Bench::reach_by(Access access) {
  place_ = std::make_unique<Workplace>(subject_, zone_, access);
}

void Bench::declare(const std::vector<std::string>& records, const std::string& blocks) {
  State state;
  state.records = records;
  state.blocks = blocks;
  place_->write_spec(spec_text(zone_, "zone", state));
}

void Bench::declare_beside_others(const std::vector<std::string>& records,
                                  const std::string& blocks) {
  State state;
  state.records = records;
  state.blocks = blocks;
  place_->write_spec(spec_text(zone_, "declared", state));
}

void Bench::put(const std::vector<std::string>& lines) { put_outside(subject_, zone_, lines); }

void Bench::reach(const std::vector<std::string>& records, const std::string& blocks) {
  declare(records, blocks);
  expect_status(place_->apply(), engine::ZoneStatus::applied);
}

bool Bench::expect(bool holds, const std::string& otherwise) {
  if (!holds) failures_.push_back({title_, otherwise});
  return holds;
}

bool Bench::expect_status(const engine::Report& report, engine::ZoneStatus status) {
  if (!expect(report.zones.size() == 1, "no zone in the report: " + trouble(report))) return false;
  const engine::ZoneStatus got = report.zones.front().status;
  return expect(got == status, "ended as " + std::string(engine::zone_status_name(got)) +
                                   " instead of " + std::string(engine::zone_status_name(status)) +
                                   ": " + trouble(report));
}

bool Bench::expect_error(const engine::Report& report, base::ErrorKind kind) {
  const bool has_error = report.zones.size() == 1 && report.zones.front().error;
  if (!expect(has_error, "no error was told: " + trouble(report))) return false;
  return expect(report.zones.front().error->kind() == kind,
                "an error of another kind: " + trouble(report));
}

bool Bench::expect_zone(const dns::Zone& expected, const std::string& otherwise) {
  const std::string other = difference(expected, zone());
  return expect(other.empty(), otherwise + other);
}

bool Bench::expect_done() { return expect_status(place_->plan(), engine::ZoneStatus::nothing); }

std::vector<Trial> all_trials() {
  std::vector<Trial> all;
  for (const auto chapter : {meanwhile_trials, metadata_trials, claim_trials, fault_trials,
                             wire_trials, disguise_trials}) {
    for (Trial& trial : chapter()) all.push_back(std::move(trial));
  }
  return all;
}

bool offers(Subject& subject, Needs needs) {
  switch (needs) {
    case Needs::nothing: return true;
    case Needs::wire: return subject.speaks_http();
    case Needs::faults: break;
  }
  return subject.speaks_http() || subject.faults() != nullptr;
}

std::vector<Failure> run_trial(Subject& subject, const Trial& trial) {
  Bench bench(subject);
  bench.now(trial.title);
  try {
    trial.run(bench);
  } catch (const std::exception& unforeseen) {
    bench.expect(false, std::string("thrown: ") + unforeseen.what());
  }
  return bench.take_failures();
}

}  // namespace mxsmith::conformance
