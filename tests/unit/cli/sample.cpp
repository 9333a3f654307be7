#include "sample.hpp"

namespace mxsmith::tests {

namespace {

using dns::Name;
using dns::Type;

base::SourcePos line(std::uint32_t number) {
  static const auto kFile = std::make_shared<const std::string>("example.com.toml");
  return {kFile, number, 1};
}

plan::SetState state(const Name& name, Type type, std::uint32_t ttl,
                     std::vector<dns::Rdata> values) {
  return {{name, type, ttl, std::move(values)}, {}, {}};
}

plan::Change dkim() {
  const Name name = Name::of("s1._domainkey.example.com");
  plan::Change change;
  change.key = {name, Type::TXT};
  change.after = state(name, Type::TXT, 3600, {dns::Txt{"v=DKIM1; k=rsa; p=MIIB"}});
  change.reasons = {{2, ""}};
  change.pos = line(12);
  return change;
}

plan::Change spf() {
  const Name name = Name::of("example.com");
  const dns::Txt google{"google-site-verification=abcdefghijklmnopqrstuvwxyz0123456789"};
  const dns::Txt microsoft{"MS=ms12345678"};
  plan::Change change;
  change.key = {name, Type::TXT};
  change.before =
      state(name, Type::TXT, 3600,
            {dns::Txt{"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net ~all"}, google, microsoft});
  change.after = state(name, Type::TXT, 3600,
                       {dns::Txt{"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net "
                                 "ip4:198.51.100.7 include:spf.newmail.example -all"},
                        google, microsoft});
  change.pos = line(7);
  change.parts = {
      {"ip4:198.51.100.7", line(8)}, {"include:spf.newmail.example", line(8)}, {"all", line(9)}};
  return change;
}

plan::Change mx() {
  const Name name = Name::of("example.com");
  plan::Change change;
  change.key = {name, Type::MX};
  change.before =
      state(name, Type::MX, 3600,
            {dns::Mx{10, Name::of("mx1.oldmail.net")}, dns::Mx{20, Name::of("mx2.oldmail.net")},
             dns::Mx{30, Name::of("backup.isp.example")}});
  change.after = state(name, Type::MX, 3600, {dns::Mx{0, Name::of("in.newmail.example")}});
  change.pos = line(22);
  change.parts = {{"in.newmail.example.", line(23)}};
  return change;
}

plan::Change dmarc() {
  const Name name = Name::of("_dmarc.example.com");
  plan::Change change;
  change.key = {name, Type::TXT};
  change.after =
      state(name, Type::TXT, 3600, {dns::Txt{"v=DMARC1; p=none; rua=mailto:dmarc@example.com"}});
  change.pos = line(16);
  return change;
}

plan::Impact impact() {
  plan::Impact impact;
  impact.inbound = {{"mx1.oldmail.net (10)", "mx2.oldmail.net (20)", "backup.isp.example (30)"},
                    {"in.newmail.example (0)"},
                    3600,
                    true};
  impact.sending.now = {"203.0.113.25", "_spf.oldmail.net"};
  impact.sending.gains = {"198.51.100.7", "spf.newmail.example"};
  impact.sending.all_now = "~";
  impact.sending.all_after = "-";
  impact.sending.lookups_now = 2;
  impact.sending.lookups_after = 3;
  impact.sending.lookups_complete = true;
  impact.sending.changes = true;
  impact.keys = {{"s1", '+', "RSA 2048"}};
  impact.policies = {{"DMARC", "", "p=none, reports to dmarc@example.com", 0}};
  return impact;
}

plan::Impact weakened_impact() {
  using Effect = plan::Impact::Effect;
  plan::Impact impact;
  impact.inbound = {{"mx1.example.com (10)"}, {"mx1.example.com (10)"}, 3600, false};
  auto& sending = impact.sending;
  sending.now = {"192.0.2.0/24", "mx", "_spf.oldmail.net"};
  sending.gains = {"_spf.google.com"};
  sending.loses = {"192.0.2.128/25", "_spf.oldmail.net"};
  sending.addresses_gained = {"198.51.100.7"};
  sending.addresses_lost = {"192.0.2.128/25"};
  sending.all_now = "~";
  sending.all_after = "~";
  sending.lookups_now = 2;
  sending.lookups_after = 3;
  sending.not_looked_up = {"_spf.google.com"};
  sending.changes = true;
  impact.keys = {{"s1", '~', "revoked (was RSA 2048)"}, {"s2", '+', "RSA 2048"}};
  impact.policies = {
      {"DMARC", "p=reject, no reports", "p=none, no reports", -1},
      {"DMARC of shop.example.com", "p=none, no reports", "p=reject, no reports", 1}};
  const std::string own = "its own mail, mail of its subdomains";
  impact.lines = {
      {Effect::weaker, "DKIM key s1", "", "p", "revoked",
       "mail signed with the key that stood here"},
      {Effect::weaker, "DMARC", "", "p", own + " would get none instead of reject", own},
      {Effect::stricter, "SPF", "", "ip4:192.0.2.0/24", "192.0.2.128/25 loses the right to send",
       "mail from there"},
      {Effect::stricter, "DMARC of shop.example.com", "shop.example.com", "p",
       "its own mail would get reject instead of none", "its own mail"},
      {Effect::neutral, "Inbound mail of lists.example.com", "lists.example.com", "mx",
       "moves from a.example (10) to b.example (5)", "mail to lists.example.com"}};
  return impact;
}

}  // namespace

base::Instant instant(const char* text) { return *base::parse_instant(text); }

plan::ZonePlan go_live_plan() {
  plan::ZonePlan plan;
  plan.zone = Name::of("example.com");
  plan.target = {"main", "cloudflare", "fp", "z1"};
  plan.spec_file = "example.com.toml";
  plan.read_at = instant("2026-12-04T16:31:00Z");
  plan.made_at = plan.read_at;
  plan.valid_until = instant("2026-12-04T20:30:00Z");
  plan.changes = {mx(), spf(), dmarc(), dkim()};
  plan.steps = {{"publish before the move", {3, 1, 2}, true}, {"the move", {0}, true}};
  plan.impact = impact();
  plan.findings = {{base::Severity::warning, "spf-hardened-at-move",
                    "-all on the day of the move: a forgotten sender is rejected.", "", line(9)}};
  plan.not_checked = {"that in.newmail.example answers on port 25 (check --live)"};
  plan.left_alone = 12;
  return plan;
}

plan::ZonePlan weakened_plan() {
  plan::ZonePlan plan = go_live_plan();
  plan.changes = {spf()};
  plan.steps = {{"all in one write", {0}, true}};
  plan.impact = weakened_impact();
  plan.findings = {
      {base::Severity::error,
       "spf-include-no-record",
       "include:_spf.example.com names a domain without an SPF record",
       "publish a record there, or take the term out",
       line(8),
       {},
       "example.com/TXT"},
      {base::Severity::warning, "spf-follows", "the SPF term mx follows", "", line(7)},
      {base::Severity::info, "mx-single", "one host alone", "", {}, {}, "example.com/MX"}};
  plan.findings_before = 7;
  plan.not_checked.clear();
  return plan;
}

engine::Report report_of(std::vector<plan::ZonePlan> plans, engine::ZoneStatus status) {
  engine::Report report;
  report.run = "20261204T163100Z-3f9a";
  report.started = instant("2026-12-04T16:31:00Z");
  for (auto& plan : plans) {
    engine::ZoneReport zone;
    zone.zone = plan.zone;
    zone.account = plan.target.account;
    zone.provider = plan.target.provider;
    zone.spec_file = plan.spec_file;
    zone.status = status;
    zone.plan = std::move(plan);
    report.zones.push_back(std::move(zone));
  }
  return report;
}

}  // namespace mxsmith::tests
