#include "plan/scope.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "plan/schedule.hpp"
#include "scope_cases.hpp"
#include "support/catch.hpp"
#include "support/generators.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using plan::Granularity;
using plan::Support;

namespace {

plan::Desired desired_for(const ScopeCase& one) {
  auto desired = desired_of(one.declared);
  desired.manage = one.manage;
  desired.absent = one.absent;
  desired.ignore = one.ignore;
  return desired;
}

plan::Traits traits_for(const ScopeCase& one, Granularity granularity) {
  plan::Traits traits;
  traits.granularity = granularity;
  if (one.traits) one.traits(traits);
  return traits;
}

std::vector<std::string> guard_ids(const std::vector<plan::GuardFinding>& guards) {
  std::vector<std::string> ids;
  for (const auto& guard : guards) ids.push_back(guard.id);
  return ids;
}

std::vector<int> reason_rows(const std::vector<plan::Change>& changes) {
  std::vector<int> rows;
  for (const auto& change : changes) {
    for (const auto& reason : change.reasons) rows.push_back(reason.row);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::string> kept_keys(const ScopeCase& one, const plan::Manifest& manifest) {
  std::vector<std::string> keys;
  for (const auto& item : manifest.items) {
    const bool declared =
        std::any_of(one.declared.begin(), one.declared.end(),
                    [&](const auto& unit) { return !unit.ttl_only && unit.unit == item.unit; });
    if (!declared) keys.push_back(item.unit.key.text());
  }
  return keys;
}

/// Each state on the way can be served, unless a gap says so; the last one is what was planned.
void check_way(const ScopeCase& one, const plan::Scope& scoped, const plan::LiveZone& live,
               const plan::Traits& traits) {
  const auto steps = plan::schedule(scoped.changes, traits);
  const auto states = plan::visible_states(scoped.changes, steps, live, traits);
  const auto gaps = plan::find_gaps(scoped.changes, steps, live, traits);
  REQUIRE(states.empty() == scoped.changes.empty());
  const bool was_legal = plan::illegalities(zone_from(live)).empty();
  for (const auto& state : states) {
    const bool legal = plan::illegalities(state).empty();
    CHECK((legal || !was_legal || !gaps.empty()));
  }
  if (states.empty()) return;
  const auto wanted = zone_of(one.after);
  for (const auto& change : scoped.changes) {
    for (const auto* set : wanted.at(change.key.name)) {
      const auto* last = states.back().find(set->key());
      REQUIRE(last != nullptr);
      CHECK(*last == *set);
    }
    CHECK(states.back().at(change.key.name).size() == wanted.at(change.key.name).size());
  }
}

void check_outcome(const ScopeCase& one, const plan::Scope& scoped, const plan::LiveZone& live,
                   const plan::Traits& traits) {
  CHECK_FALSE(scoped.diagnostics.has_errors());
  for (const auto& diagnostic : scoped.diagnostics.all()) UNSCOPED_INFO(diagnostic.message);
  const auto live_after = after(live, scoped.changes);
  CHECK(zone_from(live_after) == zone_of(one.after));
  auto rows = one.reasons;
  std::sort(rows.begin(), rows.end());
  CHECK(reason_rows(scoped.changes) == rows);
  CHECK(guard_ids(scoped.guards) == one.guards);
  CHECK(kept_keys(one, scoped.manifest) == one.kept);
  if (one.shown_note != 0) {
    CHECK(std::any_of(scoped.notes.begin(), scoped.notes.end(), [&](const auto& note) {
      return note.row == one.shown_note && note.worth_showing;
    }));
  }
  check_way(one, scoped, live, traits);

  const auto desired = desired_for(one);
  const auto again = plan::scope(desired, live_of(zone_from(live_after), one.foreign),
                                 scoped.manifest, one.history, traits);
  CHECK(again.changes.empty());
  CHECK(again.manifest == scoped.manifest);
}

std::set<int> documented_rows() {
  std::ifstream file(std::string(MXSMITH_SOURCE_DIR) + "/docs/scope.md");
  std::set<int> rows;
  for (std::string text; std::getline(file, text);) {
    std::istringstream words(text);
    std::string bar;
    int row = 0;
    if (text.find("engine") != std::string::npos) continue;
    if (words >> bar >> row && bar == "|") rows.insert(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("each row of the scope table, at each granularity") {
  for (const auto& one : scope_cases()) {
    for (const auto granularity : {Granularity::record, Granularity::rrset, Granularity::zone}) {
      INFO("row " << one.row << ": " << one.name << " (" << granularity_name(granularity) << ")");
      const auto desired = desired_for(one);
      const auto live = live_of(one.live, one.foreign);
      const auto traits = traits_for(one, granularity);
      const auto previous = plan::manifest_of(desired_of(one.previous));
      const auto scoped = plan::scope(desired, live, previous, one.history, traits);
      if (one.error.empty()) {
        check_outcome(one, scoped, live, traits);
        continue;
      }
      const auto& all = scoped.diagnostics.all();
      CHECK(scoped.diagnostics.has_errors());
      CHECK(std::any_of(all.begin(), all.end(),
                        [&](const auto& fault) { return fault.rule == one.error; }));
    }
  }
}

TEST_CASE("every row of docs/scope.md has a case, and every case a row") {
  std::set<int> tested;
  for (const auto& one : scope_cases()) tested.insert(one.row);
  CHECK(tested == documented_rows());
}

TEST_CASE("errors point at the declaration") {
  auto unit = mx({"0 ."});
  unit.pos = at_line(23);
  plan::Traits traits;
  traits.null_mx = Support::no;
  const auto scoped =
      plan::scope(desired_of({unit}), live_of(std::vector<std::string>{}), {}, {}, traits);
  REQUIRE(scoped.diagnostics.errors() == 1);
  CHECK(scoped.diagnostics.all()[0].pos == at_line(23));
}

TEST_CASE("two SPF records that nobody declares are a finding") {
  const auto live = live_of({"@ 60 TXT \"v=spf1 -all\"", "@ 60 TXT \"v=spf1 mx -all\""});
  const auto scoped = plan::scope(desired_of({}), live, {}, {}, {});
  REQUIRE(scoped.diagnostics.all().size() == 1);
  CHECK(scoped.diagnostics.all()[0].rule == "two-spf-records");
  CHECK_FALSE(scoped.diagnostics.has_errors());
}

TEST_CASE("what nothing speaks of is counted, not copied") {
  const auto live = live_of({"@ 60 MX 10 a.example.", "www 60 A 192.0.2.1", "ftp 60 A 192.0.2.2"});
  const auto scoped = plan::scope(desired_of({mx({"10 a.example."})}), live, {}, {}, {});
  CHECK(scoped.left_alone == 2);
  CHECK(scoped.changes.empty());
  CHECK(scoped.manifest.items.size() == 1);
}

TEST_CASE("metadata changes key by key") {
  plan::LiveZone live(plan::ZoneRef{example_com(), "1", plan::ZoneKind::ordinary});
  plan::LiveExtra extra;
  extra.meta = {{"proxied", "true"}, {"comment", "\"mine\""}};
  live.add({{under("www"), dns::Type::A, 60, {rdata(dns::Type::A, "192.0.2.1")}},
            std::make_shared<const plan::LiveExtra>(extra)});
  plan::Traits traits;
  traits.meta_keys = {"proxied", "comment"};
  const auto unit = with_meta(whole("www", dns::Type::A, {"192.0.2.1"}), {{"proxied", "false"}});
  const auto scoped = plan::scope(desired_of({unit}), live, {}, {}, traits);
  REQUIRE(scoped.changes.size() == 1);
  const plan::Meta wanted = {{"proxied", "false"}, {"comment", "\"mine\""}};
  CHECK(scoped.changes[0].after->meta == wanted);
  CHECK(scoped.changes[0].before->meta == extra.meta);
  CHECK(reason_rows(scoped.changes) == std::vector<int>{5});
}

TEST_CASE("nothing is changed in a secondary zone") {
  plan::LiveZone live(plan::ZoneRef{example_com(), "1", plan::ZoneKind::secondary});
  const auto scoped = plan::scope(desired_of({mx({"0 a.example."})}), live, {}, {}, {});
  CHECK(scoped.diagnostics.has_errors());
}

TEST_CASE("two blocks of one set with different TTLs are told") {
  const auto live = live_of({"@ 60 TXT \"a\""});
  const auto scoped = plan::scope(
      desired_of({with_ttl(token("a"), 600), with_ttl(token("b"), 300)}), live, {}, {}, {});
  REQUIRE(scoped.changes.size() == 1);
  CHECK(scoped.changes[0].after->set.ttl == 300);
  CHECK(scoped.diagnostics.all().size() == 1);
}

TEST_CASE("which records are mail records") {
  struct Row {
    const char* text;
    bool mail;
  };
  const Row rows[] = {
      {"@ 60 MX 10 a.example.", true},
      {"sub 60 MX 10 a.example.", false},
      {"@ 60 TXT \"v=spf1 -all\"", true},
      {"@ 60 TXT \"V=SPF1 -all\"", true},
      {"sub 60 TXT \"v=spf1 -all\"", false},
      {"@ 60 TXT \"google-site-verification=x\"", false},
      {"s1._domainkey 60 TXT \"v=DKIM1; p=QUJD\"", true},
      {"a.b._domainkey 60 TXT \"v=DKIM1; p=\"", true},
      {"_domainkey 60 TXT \"o=~\"", false},
      {"s1._domainkey.sub 60 TXT \"v=DKIM1; p=QUJD\"", false},
      {"s1._domainkey 60 CNAME s1.example.net.", true},
      {"_dmarc 60 TXT \"v=DMARC1; p=none\"", true},
      {"_dmarc 60 TXT \"token\"", false},
      {"_dmarc 60 CNAME d.example.net.", true},
      {"x._report._dmarc 60 TXT \"v=DMARC1\"", false},
      {"_mta-sts 60 TXT \"v=STSv1; id=1\"", true},
      {"mta-sts 60 A 192.0.2.1", false},
      {"mta-sts 60 CNAME sts.example.net.", false},
      {"_smtp._tls 60 TXT \"v=TLSRPTv1; rua=mailto:a@b.example\"", true},
      {"default._bimi 60 TXT \"v=BIMI1; l=https://x.example/l.svg\"", true},
      {"_25._tcp.mx 60 TLSA 3 1 1 ab", false},
      {"_submission._tcp 60 SRV 0 1 587 mail.example.com.", false},
      {"autodiscover 60 CNAME a.example.", false},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto one = line(row.text);
    CHECK(plan::is_mail_record(example_com(), one.key, one.value) == row.mail);
  }
}
