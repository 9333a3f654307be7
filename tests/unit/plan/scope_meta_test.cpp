// Metadata beside DNS in scope, what it does to TTLs, and values that are somebody else's.
#include "plan/scope.hpp"
#include "support/catch.hpp"
#include "support/plan_builders.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

plan::Traits traits() {
  plan::Traits traits;
  traits.meta_keys = {"auto", "free", "note", "shield", "tags"};
  traits.meta_rules["auto"] = {"false", {}, plan::Support::no, {}, 300};
  traits.meta_rules["note"] = {"\"\"", {}, plan::Support::no, {}, {}};
  traits.meta_rules["shield"] = {
      "false", {dns::Type::A}, plan::Support::no, {{"auto", "true"}}, {}};
  traits.meta_rules["tags"] = {"[]", {}, plan::Support::yes, {}, {}};
  return traits;
}

plan::LiveZone live_with(const std::string& text, const plan::Meta& meta) {
  plan::LiveZone live(plan::ZoneRef{example_com(), "id", plan::ZoneKind::ordinary});
  auto extra = std::make_shared<plan::LiveExtra>();
  extra->meta = meta;
  live.add({zone_of({text}).sets().front(), extra});
  return live;
}

plan::DesiredUnit unit_of(const std::string& text, std::optional<plan::Meta> meta = {},
                          std::optional<std::uint32_t> ttl = {}) {
  const Line one = line(text);
  plan::DesiredUnit unit;
  unit.unit.key = one.key;
  unit.values = {{one.value, {}}};
  unit.meta = std::move(meta);
  unit.ttl = ttl;
  unit.ttl_of_block = ttl.has_value();
  unit.path = "record";
  return unit;
}

plan::Scope scope_of(const plan::LiveZone& live, std::vector<plan::DesiredUnit> units) {
  plan::Desired desired;
  desired.zone = example_com();
  desired.units = std::move(units);
  return plan::scope(desired, live, {}, plan::HistoryKnown::no, traits());
}

/// "600 auto=true", the set after; "same" where nothing changes.
std::string after(const plan::Scope& scope) {
  if (scope.changes.empty()) return "same";
  const plan::SetState& state = scope.changes.front().after.value();
  std::string text = std::to_string(state.set.ttl);
  for (const auto& [name, value] : state.meta) {
    text.append(" ").append(name).append("=").append(value);
  }
  return text;
}

}  // namespace

TEST_CASE("metadata is compared in the one form in which it is read") {
  struct Row {
    const char* title;
    plan::Meta live;
    std::optional<plan::Meta> wanted;
    std::optional<std::uint32_t> ttl;
    const char* after;
  };
  const plan::Meta automatic = {{"auto", "true"}};
  const plan::Meta shielded = {{"auto", "true"}, {"shield", "true"}};
  const std::vector<Row> rows = {
      {"silent", shielded, {}, {}, "same"},
      {"silent, the TTL it has anyway", automatic, {}, 300, "same"},
      {"another TTL takes it away", automatic, {}, 600, "600"},
      {"declared, it outlives another TTL", automatic, automatic, 600, "same"},
      {"declared anew, with its TTL", {}, automatic, 600, "300 auto=true"},
      {"the initial value is none",
       {},
       plan::Meta{{"auto", "false"}, {"note", "\"\""}},
       {},
       "same"},
      {"what brings a TTL with it",
       {},
       plan::Meta{{"shield", "true"}},
       600,
       "300 auto=true shield=true"},
      {"and keeps it", shielded, {}, 600, "same"},
      {"until it goes", shielded, plan::Meta{{"shield", "false"}}, 600, "600"},
      {"or goes alone", shielded, plan::Meta{{"shield", "false"}}, {}, "300 auto=true"},
      {"lists in any order",
       {{"tags", "[\"a:1\",\"b:2\"]"}},
       plan::Meta{{"tags", "[\"b:2\",\"a:1\",\"a:1\"]"}},
       {},
       "same"},
      {"lists that differ",
       {{"tags", "[\"a:1\"]"}},
       plan::Meta{{"tags", "[\"z,[:1\",\"a:1\"]"}},
       {},
       "300 tags=[\"a:1\",\"z,[:1\"]"},
      {"keys without a rule", {}, plan::Meta{{"free", "7"}}, {}, "300 free=7"}};
  for (const Row& row : rows) {
    INFO(row.title);
    const auto scope = scope_of(live_with("www 300 A 192.0.2.1", row.live),
                                {unit_of("www 300 A 192.0.2.1", row.wanted, row.ttl)});
    CHECK(after(scope) == row.after);
    CHECK(scope.diagnostics.all().empty());
  }
}

TEST_CASE("metadata of the wrong kind, or at the wrong type, is refused with its line") {
  const auto said = [](const std::string& text, const plan::Meta& meta) {
    const auto scope = scope_of(live_with(text, {}), {unit_of(text, meta)});
    return scope.diagnostics.all().empty() ? std::string()
                                           : scope.diagnostics.all().front().message;
  };
  const std::string a = "www 300 A 192.0.2.1";
  CHECK(said(a, {{"shield", "\"yes\""}}).find("takes true or false and not a text") !=
        std::string::npos);
  CHECK(said(a, {{"tags", "\"a:1\""}}).find("takes a list and not a text") != std::string::npos);
  const std::string mx = "@ 300 MX 10 a.";
  CHECK(said(mx, {{"shield", "true"}}).find("no \"shield\" for records of type MX") !=
        std::string::npos);
  CHECK(said(mx, {{"shield", "false"}}).empty());
}

TEST_CASE("values of others in a set of ours are carried along and never given away") {
  plan::LiveZone live(plan::ZoneRef{example_com(), "id", plan::ZoneKind::ordinary});
  auto extra = std::make_shared<plan::LiveExtra>();
  extra->foreign_values = {"Email Routing", "", ""};
  const dns::Zone zone =
      zone_of({"@ 300 TXT \"v=spf1 -all\"", "@ 300 TXT \"token=1\"", "@ 300 TXT \"token=2\""});
  live.add({zone.sets().front(), extra});
  CHECK(live.sets().front().foreign(dns::Txt{"v=spf1 -all"}) == "Email Routing");
  CHECK(live.sets().front().foreign(dns::Txt{"token=1"}).empty());

  plan::Desired desired;
  desired.zone = example_com();
  desired.manage = plan::ManageMode::zone;
  desired.units = {unit_of("@ 300 TXT \"token=2\"")};
  desired.units.front().unit.owned = plan::OwnedClass::value;
  desired.units.front().unit.octets = "token=2";
  const auto scope = plan::scope(desired, live, {}, plan::HistoryKnown::no, traits());
  REQUIRE(scope.changes.size() == 1);
  const dns::RRset& set = scope.changes.front().after->set;
  CHECK(set.values.size() == 2);
  CHECK(set.has(dns::Txt{"v=spf1 -all"}));
  CHECK(set.has(dns::Txt{"token=2"}));

  desired.units = {unit_of("@ 300 TXT \"v=spf1 include:x.example -all\"")};
  desired.units.front().unit.owned = plan::OwnedClass::spf;
  const auto refused = plan::scope(desired, live, {}, plan::HistoryKnown::no, traits());
  REQUIRE(!refused.diagnostics.all().empty());
  CHECK(refused.diagnostics.all().front().rule == "scope-foreign");
  CHECK(refused.diagnostics.all().front().message.find("belongs to Email Routing") !=
        std::string::npos);
}
