// How long mail knowledge takes: reading an SPF record, judging a mail domain by all rules,
// decoding keys, which is counted apart since each is decoded once.

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "dns/zone_file.hpp"
#include "mail/explain.hpp"
#include "mail/rule.hpp"
#include "mail/spf.hpp"
#include "mail/zone_resolver.hpp"
#include "spec/service_files.hpp"
#include "unit/mail/sample_keys.hpp"

namespace {

using namespace mxsmith;

constexpr std::string_view kUsualSpf =
    "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.17 include:_spf.google.com include:spf.example.net mx "
    "~all";

/// As customers' zones are: two DKIM keys of their own, an alias for a third, all policies.
std::string zone_text(std::size_t number) {
  const std::string name = "customer" + std::to_string(number) + ".example.";
  const std::string id = std::to_string(20261123000000ULL + number);
  std::string text = "$ORIGIN " + name + "\n$TTL 3600\n";
  text += "@ SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 300\n";
  text += "@ NS ns1.example.net.\n@ NS ns2.example.org.\n@ A 192.0.2.1\nwww CNAME @\n";
  text += "@ MX 1 smtp.google.com.\n@ CAA 0 issue \"letsencrypt.org\"\n";
  text += "@ TXT \"" + std::string(kUsualSpf) + "\"\n";
  text += "@ TXT \"google-site-verification=" + id + "abcdefghijklmnopqrstuvwxyz012\"\n";
  const std::string key = number % 2 == 0 ? tests::kRsa2048 : tests::kRsa1024;
  for (const char* selector : {"s1", "s2"}) {
    text += std::string(selector) + "._domainkey TXT \"v=DKIM1; k=rsa; p=" + key.substr(0, 200) +
            "\" \"" + key.substr(200) + "\"\n";
  }
  text += "sel._domainkey CNAME sel.dkim.example.net.\n";
  text += "_dmarc TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@" +
          name.substr(0, name.size() - 1) + "\"\n";
  text += "_mta-sts TXT \"v=STSv1; id=" + id + "\"\nmta-sts A 192.0.2.2\n";
  text += "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\"\n";
  text += "autodiscover CNAME autodiscover.example.net.\n";
  text += "_imaps._tcp SRV 0 1 993 imap.example.net.\n";
  return text;
}

std::vector<dns::Zone> domains(std::size_t count) {
  std::vector<dns::Zone> zones;
  zones.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    base::Diagnostics diagnostics;
    const dns::Name apex = dns::Name::of("customer" + std::to_string(i) + ".example");
    auto file = dns::read_zone_file(zone_text(i), apex, {}, diagnostics);
    if (!file) throw std::runtime_error(diagnostics.all().front().message);
    zones.push_back(file->zone());
  }
  return zones;
}

mail::Judgement judge(const dns::Zone& zone, mail::KeyCache& keys) {
  const mail::SetsOfZone sets(zone);
  static const mail::Declared kNothing;
  return mail::judge_mail(
      {sets, mail::Coverage::whole, kNothing, spec::built_in_services(), nullptr, keys});
}

void judge_domains(benchmark::State& state) {
  const auto zones = domains(static_cast<std::size_t>(state.range(0)));
  mail::KeyCache keys;
  for (const auto& zone : zones) benchmark::DoNotOptimize(judge(zone, keys));
  std::size_t findings = 0;
  for (auto _ : state) {
    for (const auto& zone : zones) findings = judge(zone, keys).findings.size();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["findings"] = static_cast<double>(findings);
}

void read_domains(benchmark::State& state) {
  const auto zones = domains(static_cast<std::size_t>(state.range(0)));
  mail::KeyCache keys;
  for (auto _ : state) {
    for (const auto& zone : zones) {
      const mail::SetsOfZone sets(zone);
      benchmark::DoNotOptimize(mail::MailZone(sets, keys));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void explain_domains(benchmark::State& state) {
  const auto zones = domains(static_cast<std::size_t>(state.range(0)));
  mail::KeyCache keys;
  const mail::Declared nothing;
  for (auto _ : state) {
    for (const auto& zone : zones) {
      const mail::SetsOfZone sets(zone);
      benchmark::DoNotOptimize(mail::explain_mail(
          {sets, mail::Coverage::whole, nothing, spec::built_in_services(), nullptr, keys}));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void decode_key(benchmark::State& state) {
  const std::string record = "v=DKIM1; k=rsa; p=" + std::string(tests::kRsa2048);
  for (auto _ : state) benchmark::DoNotOptimize(mail::read_dkim(record));
  state.SetItemsProcessed(state.iterations());
}

void parse_spf(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(mail::parse_spf(kUsualSpf));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(judge_domains)->Arg(1'000)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(read_domains)->Arg(1'000)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(explain_domains)->Arg(1'000)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(decode_key)->Arg(1)->Unit(benchmark::kMicrosecond)->Repetitions(3);
BENCHMARK(parse_spf)->Arg(1)->Unit(benchmark::kMicrosecond)->Repetitions(3);

}  // namespace
