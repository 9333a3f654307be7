// What the traits promise, claim by claim. A provider that promises too much fails here.
#include <algorithm>

#include "conformance/expectation.hpp"
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;
using plan::Granularity;
using plan::Support;

const dns::RRset* set_of(const dns::Zone& zone, const dns::Key& key) { return zone.find(key); }

bool is_one_of(const dns::RRset* seen, const dns::RRset* before, const dns::RRset* after) {
  const auto same = [](const dns::RRset* a, const dns::RRset* b) {
    return a == nullptr || b == nullptr ? a == b : *a == *b;
  };
  return same(seen, before) || same(seen, after);
}

std::string shown(const dns::RRset* set) {
  if (set == nullptr) return "nothing";
  std::string text;
  for (const auto& value : dns::sorted_values(*set)) text += dns::print_rdata(value) + " ";
  return text;
}

/// By record a set may be seen half changed, by set never; by zone, or where a step is atomic,
/// nothing at all may be seen between before and after.
void what_is_seen_between(Bench& bench) {
  bench.reach({"a A 1.1.1.1", "a A 1.1.1.2", "b A 1.1.1.3", "c TXT old", "@ MX 10 old.foo.com."});
  const dns::Zone before = bench.zone();
  bench.declare({"a A 2.1.1.1", "a A 2.1.1.2", "b A 2.1.1.3", "c TXT new", "@ MX 10 new.foo.com."});
  const auto seen = bench.subject().seen_during(
      bench.zone_name(), [&] { bench.expect_status(bench.place().apply(), ZoneStatus::applied); });
  const dns::Zone after = bench.zone();
  const bool whole =
      bench.traits().granularity == Granularity::zone || bench.traits().atomic_step == Support::yes;
  for (const dns::Zone& state : seen) {
    if (whole) {
      bench.expect(difference(before, state).empty() || difference(after, state).empty(),
                   "the traits promise that a step becomes visible at once, and half of it was "
                   "seen:" +
                       difference(after, state));
      continue;
    }
    if (bench.traits().granularity != Granularity::rrset) continue;
    for (const dns::RRset& set : after.sets()) {
      if (set.type == dns::Type::SOA) continue;
      const dns::RRset* now = set_of(state, set.key());
      bench.expect(is_one_of(now, before.find(set.key()), &set),
                   "the traits promise whole sets, and half of one was seen: " + shown(now));
    }
  }
}

/// A record that is changed in place is never missing.
void update_in_place(Bench& bench) {
  bench.reach({"a A 1.1.1.1"});
  bench.declare({"a A 2.2.2.2"});
  const auto seen = bench.subject().seen_during(
      bench.zone_name(), [&] { bench.expect_status(bench.place().apply(), ZoneStatus::applied); });
  const bool may_be_missing = bench.traits().granularity == Granularity::record &&
                              bench.traits().update_in_place == Support::no;
  for (const dns::Zone& state : seen) {
    bench.expect(may_be_missing || set_of(state, bench.key("a", dns::Type::A)) != nullptr,
                 "the traits promise changes in place, and the record was missing meanwhile");
  }
}

/// The plan moves other TTLs to these borders, so at least they must be storable.
void ttl_range(Bench& bench) {
  for (const std::uint32_t ttl : {bench.traits().min_ttl, bench.traits().max_ttl}) {
    bench.reach({"www " + std::to_string(ttl) + " A 1.2.3.4"});
    const dns::Zone now = bench.zone();
    const dns::RRset* set = set_of(now, bench.key("www", dns::Type::A));
    bench.expect(set != nullptr && set->ttl == ttl,
                 "the traits promise a TTL of " + std::to_string(ttl));
    bench.expect_done();
  }
}

void longest_text(Bench& bench) {
  const std::size_t most = bench.traits().max_txt_octets;
  std::string text;
  for (std::size_t i = 0; i < most; ++i) text += static_cast<char>('a' + i % 26);
  bench.reach({"long TXT " + text});
  const dns::Zone now = bench.zone();
  const dns::RRset* set = set_of(now, bench.key("long", dns::Type::TXT));
  bench.expect(set != nullptr && set->has(dns::Txt{text}),
               "the traits promise texts of " + std::to_string(most) + " octets");
  bench.expect_done();
}

void apex_ns(Bench& bench) {
  if (bench.traits().apex_ns == Support::no) return;  // refused by the plan, as the list asserts
  bench.reach({"@ NS ns1.foo.com.", "@ NS ns2.foo.com."});
  const dns::Zone now = bench.zone();
  const dns::RRset* set = set_of(now, bench.key("@", dns::Type::NS));
  bench.expect(set != nullptr && shown(set) == "ns1.foo.com. ns2.foo.com. ",
               "the traits promise that apex NS can be changed, and they are " + shown(set));
}

/// Every type in the traits; where they name none, every type that the list knows a value of.
void types(Bench& bench) {
  const std::vector<std::string> samples = {
      "a A 1.2.3.4",
      "b AAAA 2001:db8::1",
      "c CNAME foo.com.",
      "@ MX 10 foo.com.",
      "d TXT text",
      "_s._tcp SRV 1 2 3 foo.com.",
      "@ CAA 0 issue \"foo.com\"",
      "_25._tcp TLSA 3 1 1 " + std::string(64, 'a'),
      "e NS ns.foo.com.",
      "f PTR foo.com.",
      "g SSHFP 1 1 " + std::string(40, 'b'),
      "h DNAME foo.com.",
      "i NAPTR 1 2 \"S\" \"SIP+D2U\" \"\" foo.com.",
      "j SVCB 1 foo.com. alpn=dot",
      "k HTTPS 1 foo.com. alpn=h2",
      "l LOC 52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m",
      "m OPENPGPKEY mQCNAzIG3oAAAAEEALGnA1n4HmZwKWCA",
      "q SPF \"v=spf1 -all\"",
      "n SMIMEA 3 1 1 " + std::string(64, 'c'),
      "key CERT 1 2 8 TUlJQg==",
      "e DS 1 13 2 " + std::string(64, 'd'),
      "_ftp._tcp URI 10 1 \"ftp://ftp.example.com/public\"",
      "r RP admin.foo.com. info.foo.com.",
      "s HINFO \"PC\" \"Linux\"",
      "o TYPE65280 \\# 4 0a000001"};
  std::vector<std::string> promised;
  for (const std::string& line : samples) {
    if (bench.traits().stores(parse_line(line).type)) promised.push_back(line);
  }
  for (const dns::Type type : bench.traits().types) {
    const bool known = type == dns::Type::SOA ||
                       std::any_of(samples.begin(), samples.end(), [&](const std::string& line) {
                         return parse_line(line).type == type;
                       });
    bench.expect(known, "nobody has tried " + dns::type_name(type) + " yet: add a value of it");
  }
  bench.reach(promised);
  const dns::Zone now = bench.zone();
  for (const std::string& text : promised) {
    const Line line = parse_line(text);
    const dns::RRset* set = set_of(now, key_of(line, bench.zone_name()));
    bench.expect(set != nullptr && set->has(value_of(line, bench.zone_name())),
                 "the traits promise " + dns::type_name(line.type) + ", and it is " + shown(set));
  }
}

void step_size(Bench& bench) {
  std::vector<std::string> records;
  for (int i = 0; i < 40; ++i) {
    records.push_back("r" + std::to_string(i) + " A 10.0.0." + std::to_string(i));
  }
  bench.reach(records);
  const std::size_t most = bench.traits().max_changes_per_step;
  bench.expect(most == 0 || bench.place().sent().most_changes <= most,
               "a step held " + std::to_string(bench.place().sent().most_changes) +
                   " changes, and the traits allow " + std::to_string(most));
  bench.expect_done();
}

}  // namespace

std::vector<Trial> claim_trials() {
  return {{"Claim: what is seen between", Needs::nothing, what_is_seen_between},
          {"Claim: records change in place", Needs::nothing, update_in_place},
          {"Claim: range of TTLs", Needs::nothing, ttl_range},
          {"Claim: longest text", Needs::nothing, longest_text},
          {"Claim: apex NS can be changed", Needs::nothing, apex_ns},
          {"Claim: types", Needs::nothing, types},
          {"Claim: changes in one step", Needs::nothing, step_size}};
}

}  // namespace mxsmith::conformance
