#include "plan/change.hpp"

#include <string>

#include "plan/txt_kind.hpp"
#include "support/catch.hpp"
#include "support/generators.hpp"
#include "support/plan_builders.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using plan::Support;

namespace {

plan::Change change_from(const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  const auto changes = plan::diff(zone_of(before), zone_of(after));
  REQUIRE(changes.size() == 1);
  return changes.front();
}

/// "~10 a. -> 0 b.", "+...", "-...": one line per write.
std::vector<std::string> writes(const plan::Change& change, Support update) {
  std::vector<std::string> lines;
  for (const auto& op : plan::record_ops(change, update)) {
    std::string text;
    switch (op.kind) {
      case plan::RecordOp::Kind::create: text = "+" + dns::print_rdata(*op.after); break;
      case plan::RecordOp::Kind::remove: text = "-" + dns::print_rdata(*op.before); break;
      case plan::RecordOp::Kind::update:
        text = "~" + dns::print_rdata(*op.before) + " -> " + dns::print_rdata(*op.after);
        break;
    }
    lines.push_back(text);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what a change is called") {
  CHECK(change_from({}, {"a 60 A 192.0.2.1"}).kind() == plan::Change::Kind::create);
  CHECK(change_from({"a 60 A 192.0.2.1"}, {}).kind() == plan::Change::Kind::remove);
  CHECK(change_from({"a 60 A 192.0.2.1"}, {"a 61 A 192.0.2.1"}).kind() ==
        plan::Change::Kind::update);
}

TEST_CASE("the writes of a change, where records can be updated") {
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    Lines writes;
  };
  const Row rows[] = {
      {"a preference changes in place",
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"@ 60 MX 30 a.", "@ 60 MX 20 b."},
       {"~10 a. -> 30 a."}},
      {"the same exchange is paired first",
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"@ 60 MX 10 c.", "@ 60 MX 5 a."},
       {"~10 a. -> 5 a.", "~20 b. -> 10 c."}},
      {"what is new comes before what goes",
       {"@ 60 A 192.0.2.1", "@ 60 A 192.0.2.2"},
       {"@ 60 A 192.0.2.3"},
       {"~192.0.2.1 -> 192.0.2.3", "-192.0.2.2"}},
      {"a null MX never stands beside another",
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"@ 60 MX 0 ."},
       {"-20 b.", "~10 a. -> 0 ."}},
      {"and makes way first",
       {"@ 60 MX 0 ."},
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"~0 . -> 10 a.", "+20 b."}},
      {"SPF takes the place of SPF, tokens that of tokens",
       {"@ 60 TXT \"token-a\"", "@ 60 TXT \"v=spf1 -all\""},
       {"@ 60 TXT \"v=spf1 mx -all\"", "@ 60 TXT \"token-b\""},
       {"~\"v=spf1 -all\" -> \"v=spf1 mx -all\"", "~\"token-a\" -> \"token-b\""}},
      {"two SPF records become one without a third",
       {"@ 60 TXT \"v=spf1 a -all\"", "@ 60 TXT \"v=spf1 b -all\""},
       {"@ 60 TXT \"v=spf1 mx -all\""},
       {"-\"v=spf1 b -all\"", "~\"v=spf1 a -all\" -> \"v=spf1 mx -all\""}},
      {"a TTL is written to every record",
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"@ 90 MX 10 a.", "@ 90 MX 20 b."},
       {"~10 a. -> 10 a.", "~20 b. -> 20 b."}},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK(writes(change_from(row.before, row.after), Support::yes) == row.writes);
  }
}

TEST_CASE("the writes of a change, where records can only come and go") {
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    Lines writes;
  };
  const Row rows[] = {
      {"MX comes before the old one goes",
       {"@ 60 MX 10 a."},
       {"@ 60 MX 10 b."},
       {"+10 b.", "-10 a."}},
      {"SPF is never doubled",
       {"@ 60 TXT \"v=spf1 -all\"", "@ 60 TXT \"t\""},
       {"@ 60 TXT \"v=spf1 mx -all\"", "@ 60 TXT \"t\""},
       {"-\"v=spf1 -all\"", "+\"v=spf1 mx -all\""}},
      {"nor is a CNAME", {"www 60 CNAME a."}, {"www 60 CNAME b."}, {"-a.", "+b."}},
      {"all old MX go before a null MX",
       {"@ 60 MX 10 a.", "@ 60 MX 20 b."},
       {"@ 60 MX 0 ."},
       {"-20 b.", "-10 a.", "+0 ."}},
      {"a key takes the place of a key",
       {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""},
       {"s._domainkey 60 TXT \"v=DKIM1; p=QUI=\""},
       {"-\"v=DKIM1; p=QQ==\"", "+\"v=DKIM1; p=QUI=\""}},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK(writes(change_from(row.before, row.after), Support::no) == row.writes);
  }
}

TEST_CASE("diff ignores order and finds the rest") {
  const auto before = zone_of({"a 60 A 192.0.2.1", "b 60 A 192.0.2.2", "c 60 A 192.0.2.3"});
  const auto after = zone_of({"c 60 A 192.0.2.3", "d 60 A 192.0.2.4", "a 60 A 192.0.2.9"});
  const auto changes = plan::diff(before, after);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].key.text() == "a.example.com/A");
  CHECK(changes[1].kind() == plan::Change::Kind::remove);
  CHECK(changes[2].kind() == plan::Change::Kind::create);
}

TEST_CASE("diff, apply and invert undo each other") {
  property("apply(diff(a, b), a) == b", [](const dns::Zone& a, const dns::Zone& b) {
    dns::Zone zone = a;
    for (const auto& change : plan::diff(a, b)) plan::apply_to(zone, change);
    RC_ASSERT(zone == b);
  });
  property("diff(a, a) is empty", [](const dns::Zone& a) { RC_ASSERT(plan::diff(a, a).empty()); });
  property("invert undoes", [](const dns::Zone& a, const dns::Zone& b) {
    const auto changes = plan::diff(a, b);
    dns::Zone zone = b;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      plan::apply_to(zone, plan::invert(*change));
      const auto twice = plan::invert(plan::invert(*change));
      RC_ASSERT(twice.before == change->before);
      RC_ASSERT(twice.after == change->after);
    }
    RC_ASSERT(zone == a);
  });
}

TEST_CASE("record writes lead from before to after") {
  property("played one by one", [](const dns::Zone& a, const dns::Zone& b) {
    for (const auto update : {Support::yes, Support::no}) {
      for (const auto& change : plan::diff(a, b)) {
        dns::RRset set{change.key.name, change.key.type, 0, {}};
        if (change.before) set = change.before->set;
        for (const auto& op : plan::record_ops(change, update)) {
          RC_ASSERT((op.kind != plan::RecordOp::Kind::update || update == Support::yes));
          if (op.before) RC_ASSERT(set.remove(*op.before));
          if (op.after) RC_ASSERT(set.add(*op.after));
        }
        const auto wanted = change.after ? change.after->set.values : std::vector<dns::Rdata>();
        RC_ASSERT(dns::same_values(set.values, wanted));
      }
    }
  });
}
