// A plan with something in every member, so that what is lost on paper is seen.
#pragma once

#include "plan/plan.hpp"
#include "plan/schedule.hpp"
#include "support/plan_builders.hpp"

namespace mxsmith::tests {

inline plan::ZonePlan sample_plan() {
  const auto second = [](int n) { return base::Instant(base::Seconds(1796400000 + n)); };
  plan::ZonePlan one;
  one.zone = example_com();
  one.target = {"main", "memory", "f00d", "id-1"};
  one.kind = plan::PlanKind::rollback;
  one.title = "undo of entry 12";
  one.spec_file = "example.com.toml";
  one.spec_digest = "abc";
  one.read_at = second(0);
  one.made_at = second(1);
  one.valid_until = second(2);
  one.for_looking = true;
  const auto before = zone_of({"@ 300 MX 10 old.example.", "@ 300 TXT \"a\\000\\255\\\"\"",
                               "gone 60 TYPE65280 \\# 3 0102ff"});
  const auto after = zone_of({"@ 600 MX 0 new.example.", "@ 300 TXT \"a\\000\\255\\\"\" \"b\"",
                              "s1._domainkey 60 TXT \"v=DKIM1; p=QQ==\""});
  one.changes = plan::diff(before, after);
  one.changes[0].before->verbatim = "@ MX 10 old.example. ; caf\xe9 \\ \t\n";
  one.changes[0].before->meta = {{"proxied", "true"}};
  one.changes[0].after->meta = {{"proxied", "false"}, {"note", "\"\xc3\xa9\""}};
  one.changes[0].reasons = {{4, "taking over"}, {21, "ttl"}};
  one.changes[0].pos = at_line(7);
  one.changes[0].parts = {{"new.example.", at_line(8)}, {"ttl", {}}};
  one.steps = plan::schedule(one.changes, {});
  one.gaps = {{1, "no MX at example.com", true}};
  one.impact.inbound = {{"old.example (10)"}, {"new.example (0)"}, 300, true};
  one.impact.sending = {
      {"192.0.2.1"},    {"x"}, {"y"}, {"192.0.2.0/25"}, {"192.0.2.128/25"}, "~", "-", 2, 3, false,
      {"_spf.example"}, true};
  one.impact.lines = {{plan::Impact::Effect::weaker, "DMARC of a.example.com", "a.example.com", "p",
                       "its own mail would get none \x1b", "its own mail"},
                      {plan::Impact::Effect::stricter, "SPF", "", "all", "rejected", ""},
                      {plan::Impact::Effect::neutral, "Inbound mail", "", "mx", "moves", ""}};
  one.impact.keys = {{"s1", '+', "RSA 2048"}};
  one.impact.policies = {{"DMARC", "none", "p=reject", 1}, {"MTA-STS", "enforce", "", -1}};
  one.guards = {{"drift", "changed", {one.changes[0].key}, at_line(3), true, "--allow"},
                {"gap", "hostile \x1b[31m \xff", {}, {}, false, ""}};
  one.findings = {{base::Severity::warning,
                   "rule",
                   "message",
                   "hint",
                   at_line(4),
                   {{"declared first here", at_line(5)}},
                   "example.com/TXT"}};
  one.findings_before = 7;
  one.notes = {{11,
                {{under("@"), dns::Type::TXT}, plan::OwnedClass::value, std::string("\xff\0x", 3)},
                "unmanaged",
                true}};
  one.not_checked = {"that new.example answers on port 25"};
  one.left_alone = 12;
  one.stages.active = {"enforce"};
  one.stages.next_at = second(100);
  one.stages.next_name = "reject";
  one.stages.closed = {{"early", second(-10), second(-5), "digest", at_line(9)}};
  auto declared = desired_of({mx({"0 new.example."}), token(std::string("\xff\0x", 3)),
                              merged_spf({"include:x.example"})});
  declared.units[0].ttl = 600;
  one.manifest = plan::manifest_of(declared);
  return one;
}

}  // namespace mxsmith::tests
