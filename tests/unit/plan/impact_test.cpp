// What a plan means for mail: the go-live of the README first, then each part by itself.
#include <string>
#include <vector>

#include "plan/judge.hpp"
#include "support/catch.hpp"
#include "two_states.hpp"

using namespace mxsmith;
using tests::two_states;
using Texts = std::vector<std::string>;

namespace {

const std::string kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGSHNI+VgNguHji382sYG756GJQJMn+EcKRj+"
    "kGLxinzd1xHaD8yU/J/H8iUWLkPn00p6k7DUlcYm219M+s0K8Lk8t3koumEai5gSTawTEQv4CtLTRNjsJvOuj7iPGG/"
    "d72J/GZzaRfQz3SaFV/fKfQheDafAJXzRvntvi4WdhaQIDAQAB";
const std::string kEd25519 = "k=ed25519; p=+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";

plan::Impact impact(const Texts& before, const Texts& after, const plan::Facts& facts = {}) {
  const auto states = two_states(before, after);
  return plan::impact_of({states.changes, states.live, facts});
}

const Texts kOldZone = {
    "@ 3600 MX 30 backup.isp.example.",
    "@ 3600 MX 20 mx2.oldmail.net.",
    "@ 3600 MX 10 mx1.oldmail.net.",
    "@ TXT \"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net ~all\"",
    "@ TXT \"token=1\"",
};
const Texts kNewZone = {
    "@ 3600 MX 0 in.newmail.example.",
    "@ TXT \"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net ip4:198.51.100.7 "
    "include:spf.newmail.example -all\"",
    "@ TXT \"token=1\"",
    "s1._domainkey TXT \"v=DKIM1; k=rsa; p=" + kRsa1024 + "\"",
    "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:dmarc@example.com\"",
};

std::string rules_of(const std::vector<base::Diagnostic>& diagnostics) {
  std::string rules;
  for (const auto& diagnostic : diagnostics) {
    rules += (rules.empty() ? "" : " ") + std::string(base::severity_name(diagnostic.severity)) +
             ":" + diagnostic.rule;
  }
  return rules;
}

std::string remarks_of(const Texts& before, const Texts& after) {
  const auto states = two_states(before, after);
  const plan::Facts nothing;
  const plan::ImpactCase seen(states.changes, states.live, nothing);
  return rules_of(plan::remarks(seen, plan::impact_of(seen)));
}

Texts unchecked(const Texts& before, const Texts& after, const plan::Facts& facts = {}) {
  const auto states = two_states(before, after);
  const plan::ImpactCase seen(states.changes, states.live, facts);
  return plan::not_checked(seen, plan::impact_of(seen));
}

}  // namespace

TEST_CASE("impact of a go-live") {
  const auto found = impact(kOldZone, kNewZone);
  CHECK(found.inbound.changes);
  CHECK(found.inbound.now ==
        Texts{"mx1.oldmail.net (10)", "mx2.oldmail.net (20)", "backup.isp.example (30)"});
  CHECK(found.inbound.after == Texts{"in.newmail.example (0)"});
  CHECK(found.inbound.old_ttl == 3600);
  CHECK(found.sending.changes);
  CHECK(found.sending.now == Texts{"203.0.113.25", "_spf.oldmail.net"});
  CHECK(found.sending.gains == Texts{"198.51.100.7", "spf.newmail.example"});
  CHECK(found.sending.loses.empty());
  CHECK(found.sending.all_now == "~");
  CHECK(found.sending.all_after == "-");
  CHECK(found.sending.lookups_now == 1);
  CHECK(found.sending.lookups_after == 2);
  CHECK_FALSE(found.sending.lookups_complete);
  REQUIRE(found.keys.size() == 1);
  CHECK(found.keys[0].selector == "s1");
  CHECK(found.keys[0].sign == '+');
  CHECK(found.keys[0].text == "RSA 1024");
  REQUIRE(found.policies.size() == 1);
  CHECK(found.policies[0].what == "DMARC");
  CHECK(found.policies[0].now.empty());
  CHECK(found.policies[0].after == "p=none, reports to dmarc@example.com");
  CHECK(found.policies[0].direction == 0);
}

TEST_CASE("where nothing about mail changes, impact says so") {
  Texts after = kOldZone;
  after.push_back("www A 192.0.2.1");
  after.push_back("@ TXT \"token=2\"");
  const auto found = impact(kOldZone, after);
  CHECK_FALSE(found.inbound.changes);
  CHECK(found.inbound.now == found.inbound.after);
  CHECK_FALSE(found.sending.changes);
  CHECK(found.sending.gains.empty());
  CHECK(found.sending.loses.empty());
  CHECK(found.sending.all_now == found.sending.all_after);
  CHECK(found.sending.lookups_now == found.sending.lookups_after);
  CHECK(found.keys.empty());
  CHECK(found.policies.empty());
}

TEST_CASE("inbound mail in its special cases") {
  struct Row {
    std::string name;
    Texts before, after, now, then;
    bool changes;
    std::uint32_t ttl;
  };
  const std::vector<Row> rows = {
      {"none at all", {}, {"@ MX 0 a.example."}, {}, {"a.example (0)"}, true, 0},
      {"implicit",
       {"@ 300 A 192.0.2.1"},
       {"@ 300 A 192.0.2.1", "@ MX 0 a.example."},
       {"the address records of the domain itself (no MX)"},
       {"a.example (0)"},
       true,
       300},
      {"implicit by IPv6",
       {"@ AAAA 2001:db8::1"},
       {"@ AAAA 2001:db8::1", "@ MX 0 ."},
       {"the address records of the domain itself (no MX)"},
       {"nobody (null MX)"},
       true,
       3600},
      {"equal preferences",
       {"@ MX 10 b.example.", "@ MX 10 a.example."},
       {"@ MX 5 b.example.", "@ MX 10 a.example."},
       {"a.example (10)", "b.example (10)"},
       {"b.example (5)", "a.example (10)"},
       true,
       3600},
      {"TTL alone",
       {"@ 600 MX 10 a.example."},
       {"@ 60 MX 10 a.example."},
       {"a.example (10)"},
       {"a.example (10)"},
       false,
       600},
      {"below the apex", {"sub MX 10 a.example."}, {"sub MX 10 b.example."}, {}, {}, false, 0},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto found = impact(row.before, row.after).inbound;
    CHECK(found.now == row.now);
    CHECK(found.after == row.then);
    CHECK(found.changes == row.changes);
    CHECK(found.old_ttl == row.ttl);
  }
}

TEST_CASE("who may send in its special cases") {
  struct Row {
    std::string name, before, after;
    Texts now, gains, loses;
    std::string all_now, all_after;
    bool changes;
  };
  const std::vector<Row> rows = {
      {"new", "", "mx -all", {}, {"mx"}, {}, "none", "-", true},
      {"gone", "mx -all", "", {"mx"}, {}, {"mx"}, "-", "none", true},
      {"every kind",
       "a a:h.example/24 mx ptr ip6:2001:db8::/32 exists:%{i}.e.example include:i.example ?all",
       "-all",
       {"a", "a:h.example/24", "mx", "ptr", "2001:db8::/32", "exists:%{i}.e.example", "i.example"},
       {},
       {"a:h.example/24", "ptr", "2001:db8::/32", "exists:%{i}.e.example", "i.example"},
       "?",
       "-",
       true},
      {"only pass is a right",
       "+mx ~a -ip4:192.0.2.1 ?ptr -all",
       "mx -all",
       {"mx"},
       {},
       {},
       "-",
       "-",
       true},
      {"redirect",
       "mx redirect=r.example",
       "mx redirect=s.example",
       {"mx", "redirect=r.example"},
       {"redirect=s.example"},
       {"redirect=r.example"},
       "",
       "",
       true},
      {"no all", "mx", "mx ~all", {"mx"}, {}, {}, "", "~", true},
      {"spelling",
       "MX  include:A.example -ALL",
       "mx include:a.example. -all",
       {"MX", "A.example"},
       {},
       {},
       "-",
       "-",
       false},
      {"covered by a network",
       "ip4:192.0.2.1 -all",
       "ip4:192.0.2.0/24 -all",
       {"192.0.2.1"},
       {"192.0.2.0/24"},
       {},
       "-",
       "-",
       true},
      {"unreadable, as far as it goes",
       "ip:192.0.2.1 mx ~all",
       "mx ~all",
       {"mx"},
       {},
       {},
       "~",
       "~",
       true},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto lines = [](const std::string& terms) {
      return terms.empty() ? Texts{} : Texts{"@ TXT \"v=spf1 " + terms + "\""};
    };
    const auto found = impact(lines(row.before), lines(row.after)).sending;
    CHECK(found.now == row.now);
    CHECK(found.gains == row.gains);
    CHECK(found.loses == row.loses);
    CHECK(found.all_now == row.all_now);
    CHECK(found.all_after == row.all_after);
    CHECK(found.changes == row.changes);
  }
}

TEST_CASE("lookups are counted through the zone and what was looked up") {
  const std::string own = "_spf TXT \"v=spf1 a:x.example include:c.example -all\"";
  const Texts before = {own, "@ TXT \"v=spf1 include:a.example -all\""};
  const Texts after = {own, "@ TXT \"v=spf1 include:a.example include:_spf.example.com -all\""};
  auto found = impact(before, after).sending;
  CHECK(found.lookups_now == 1);
  CHECK(found.lookups_after == 4);
  CHECK_FALSE(found.lookups_complete);
  CHECK(found.not_looked_up == Texts{"a.example", "c.example"});
  plan::Facts facts;
  for (const char* name : {"a.example", "c.example"}) {
    mail::Answer answer;
    answer.status = mail::LookupStatus::found;
    answer.values = {dns::Txt{"v=spf1 mx -all"}};
    facts.answers[{dns::Name::of(name), dns::Type::TXT}] = answer;
  }
  found = impact(before, after, facts).sending;
  CHECK(found.lookups_now == 2);
  CHECK(found.lookups_after == 6);
  CHECK(found.lookups_complete);
  CHECK(found.not_looked_up.empty());
  // Nothing included, nothing to look up.
  CHECK(impact({}, {"@ TXT \"v=spf1 a mx -all\""}).sending.lookups_complete);
}

TEST_CASE("addresses gained and lost") {
  struct Row {
    std::string name;
    Texts before, after, gained, lost, loses;
  };
  const auto spf = [](const std::string& terms) { return "@ TXT \"v=spf1 " + terms + "\""; };
  const std::vector<Row> rows = {
      {"narrowed",
       {spf("ip4:192.0.2.0/24 -all")},
       {spf("ip4:192.0.2.0/25 -all")},
       {},
       {"192.0.2.128/25"},
       {"192.0.2.128/25"}},
      {"widened",
       {spf("ip4:192.0.2.0/25 -all")},
       {spf("ip4:192.0.2.0/24 -all")},
       {"192.0.2.128/25"},
       {},
       {}},
      {"MX moves under mx",
       {"@ MX 10 old.example.com.", "old A 192.0.2.1", "new A 192.0.2.2", spf("mx -all")},
       {"@ MX 10 new.example.com.", "old A 192.0.2.1", "new A 192.0.2.2", spf("mx -all")},
       {"192.0.2.2"},
       {"192.0.2.1"},
       {"mx (192.0.2.1)"}},
      {"MX moves to where nobody looked",
       {"@ MX 10 old.example.com.", "old A 192.0.2.1", spf("mx -all")},
       {"@ MX 10 in.example.", "old A 192.0.2.1", spf("mx -all")},
       {},
       {"192.0.2.1"},
       {"mx (192.0.2.1)"}},
      {"everybody", {spf("ip4:192.0.2.1 -all")}, {spf("+all")}, {}, {}, {}},
      {"what nobody looked up stays",
       {spf("include:a.example ip4:192.0.2.1 -all")},
       {spf("ip4:192.0.2.1 include:a.example -all")},
       {},
       {},
       {}},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto found = impact(row.before, row.after).sending;
    CHECK(found.addresses_gained == row.gained);
    CHECK(found.addresses_lost == row.lost);
    CHECK(found.loses == row.loses);
    CHECK(found.changes);
  }
}

TEST_CASE("lines tell what weakens first, and for whom") {
  const auto lines_of = [](const Texts& before, const Texts& after) {
    std::string text;
    for (const auto& line : impact(before, after).lines) {
      using Effect = plan::Impact::Effect;
      text += line.effect == Effect::weaker ? "W " : line.effect == Effect::stricter ? "S " : "  ";
      text += line.about + ": " + line.text;
      if (!line.affected.empty()) text += " [" + line.affected + "]";
      text += "\n";
    }
    return text;
  };
  const auto spf = [](const std::string& terms) { return "@ TXT \"v=spf1 " + terms + "\""; };
  CHECK(lines_of(
            {"@ MX 10 a.example.", spf("ip4:192.0.2.1 ~all"), "_dmarc TXT \"v=DMARC1; p=reject\"",
             "s1._domainkey TXT \"v=DKIM1; t=y; " + kEd25519 + "\""},
            {"@ MX 5 b.example.", spf("ip4:192.0.2.2 -all"), "_dmarc TXT \"v=DMARC1; p=none\"",
             "s1._domainkey TXT \"v=DKIM1; " + kEd25519 + "\""}) ==
        "W DMARC: its own mail, mail of its subdomains, mail of names that do not exist would get "
        "none instead of reject [its own mail, mail of its subdomains, mail of names that do not "
        "exist]\n"
        "S SPF: mail from elsewhere would be rejected (-all) instead of suspicious (~all)\n"
        "S SPF: 192.0.2.1 loses the right to send [mail from there]\n"
        "S DKIM key s1: no longer for testing only [mail signed with this key]\n"
        "  Inbound mail: moves from a.example (10) to b.example (5) [mail to example.com]\n"
        "  SPF: 192.0.2.2 may send [mail from there]\n");
  CHECK(lines_of({"s1._domainkey TXT \"v=DKIM1; " + kEd25519 + "\""},
                 {"s1._domainkey TXT \"v=DKIM1; p=\""}) ==
        "W DKIM key s1: revoked [mail signed with the key that stood here]\n");
  CHECK(lines_of({"lists MX 1 a.example."}, {"lists MX 1 b.example."}) ==
        "  Inbound mail of lists.example.com: moves from a.example (1) to b.example (1) [mail to "
        "lists.example.com]\n");
  CHECK(lines_of({"_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a')}, {})
            .rfind("W DANE of mx.example.com: senders no longer check the certificate by DANE",
                   0) == 0);
  CHECK(lines_of({}, {"www A 192.0.2.1"}).empty());
}

TEST_CASE("the policies of MTA-STS are compared where both are known") {
  mail::Declared declared;
  declared.mta_sts.emplace();
  declared.mta_sts->mode = mail::MtaStsMode::testing;
  declared.mta_sts->mx = {mail::parse_mx_pattern("mx.example").value()};
  plan::Facts facts;
  facts.mta_sts = declared.mta_sts;
  facts.mta_sts->mode = mail::MtaStsMode::enforce;
  const auto states =
      two_states({"_mta-sts TXT \"v=STSv1; id=1\""},
                 {"_mta-sts TXT \"" + mail::print_mta_sts_record(*declared.mta_sts) + "\""});
  const auto found = plan::impact_of({states.changes, states.live, facts, declared});
  REQUIRE(found.policies.size() == 1);
  CHECK(found.policies[0].direction == -1);
  CHECK(found.policies[0].now == "enforce, for mx.example, policy id 1");
  REQUIRE(found.lines.size() == 1);
  CHECK(found.lines[0].text == "mode testing instead of enforce");
}

TEST_CASE("keys that change") {
  const std::string rsa = "s1._domainkey TXT \"v=DKIM1; p=" + kRsa1024 + "\"";
  const std::string ed = "s1._domainkey TXT \"v=DKIM1; " + kEd25519 + "\"";
  const std::string revoked = "s1._domainkey TXT \"v=DKIM1; p=\"";
  const std::string alias = "s1._domainkey CNAME s1.keys.example.";
  struct Row {
    std::string name;
    Texts before, after;
    std::string selector;
    char sign;
    std::string text;
  };
  const std::vector<Row> rows = {
      {"gone", {ed}, {}, "s1", '-', "Ed25519"},
      {"rotated", {rsa}, {ed}, "s1", '~', "RSA 1024 -> Ed25519"},
      {"revoked", {rsa}, {revoked}, "s1", '~', "revoked (was RSA 1024)"},
      {"to a CNAME", {rsa}, {alias}, "s1", '~', "RSA 1024 -> CNAME to s1.keys.example"},
      {"new CNAME", {}, {alias}, "s1", '+', "CNAME to s1.keys.example"},
      {"testing",
       {},
       {"s1._domainkey TXT \"v=DKIM1; t=y; " + kEd25519 + "\""},
       "s1",
       '+',
       "Ed25519, testing"},
      {"of a subdomain, with a dot",
       {},
       {"a.b._domainkey.sub TXT \"v=DKIM1; p=\""},
       "a.b of sub.example.com",
       '+',
       "revoked"},
      {"no key", {}, {"s1._domainkey TXT \"hello\""}, "s1", '+', "not a DKIM key"},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto keys = impact(row.before, row.after).keys;
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].selector == row.selector);
    CHECK(keys[0].sign == row.sign);
    CHECK(keys[0].text == row.text);
  }
  CHECK(impact({rsa}, {"s1._domainkey 60 TXT \"v=DKIM1; p=" + kRsa1024 + "\""}).keys.empty());
}

TEST_CASE("policies that change, and which way") {
  struct Row {
    std::string name;
    Texts before, after;
    std::string what, now, then;
    int direction;
  };
  const auto dmarc = [](const std::string& tags) {
    return Texts{"_dmarc TXT \"v=DMARC1; " + tags + "\""};
  };
  const std::vector<Row> rows = {
      {"stricter", dmarc("p=none"),
       dmarc("p=reject; rua=mailto:a@example.com,mailto:b@example.com"), "DMARC",
       "p=none, no reports", "p=reject, reports to a@example.com and b@example.com", 1},
      {"weaker", dmarc("p=reject"), dmarc("p=reject; sp=none"), "DMARC", "p=reject, no reports",
       "p=reject, sp=none, no reports", -1},
      {"gone", dmarc("p=reject"), {}, "DMARC", "p=reject, no reports", "", -1},
      {"of a subdomain",
       {},
       {"_dmarc.sub TXT \"v=DMARC1; p=reject; np=reject; t=y\""},
       "DMARC of sub.example.com",
       "",
       "p=reject, np=reject, testing, no reports",
       1},
      {"to a CNAME",
       dmarc("p=none"),
       {"_dmarc CNAME d.example."},
       "DMARC",
       "p=none, no reports",
       "CNAME to d.example",
       0},
      {"MTA-STS",
       {"_mta-sts TXT \"v=STSv1; id=1\""},
       {"_mta-sts TXT \"v=STSv1; id=2\""},
       "MTA-STS",
       "enforce, policy id 1",
       "policy id 2",
       0},
      {"MTA-STS gone",
       {"_mta-sts TXT \"v=STSv1; id=1\""},
       {},
       "MTA-STS",
       "enforce, policy id 1",
       "",
       -1},
      {"TLS-RPT",
       {},
       {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.com\""},
       "TLS-RPT",
       "",
       "reports to mailto:a@example.com",
       0},
  };
  plan::Facts facts;
  facts.mta_sts.emplace();
  facts.mta_sts->mode = mail::MtaStsMode::enforce;
  for (const auto& row : rows) {
    INFO(row.name);
    const auto policies = impact(row.before, row.after, facts).policies;
    REQUIRE(policies.size() == 1);
    CHECK(policies[0].what == row.what);
    CHECK(policies[0].now == row.now);
    CHECK(policies[0].after == row.then);
    CHECK(policies[0].direction == row.direction);
  }
}

TEST_CASE("remarks on what a plan brings about") {
  const auto spf = [](const std::string& terms) { return "@ TXT \"v=spf1 " + terms + "\""; };
  CHECK(remarks_of(kOldZone, kNewZone) == "warning:spf-hardened-at-move");
  CHECK(remarks_of({spf("mx ~all")}, {spf("mx -all")}) == "info:spf-hardened");
  CHECK(remarks_of({spf("mx -all")}, {spf("mx ~all")}).empty());
  CHECK(remarks_of({spf("mx -all")}, {spf("mx +all")}).empty());
  CHECK(remarks_of({spf("mx -all")}, {spf("mx a -all")}).empty());
  CHECK(remarks_of({}, {spf("mx -all")}).empty());
  CHECK(remarks_of({spf("mx ~all")}, {spf("mx redirect=r.example")}).empty());
  CHECK(remarks_of({spf("redirect=r.example")}, {spf("mx include:r.example -all")}).empty());
  CHECK(remarks_of({"@ MX 10 a.example.", spf("mx ~all")},
                   {"@ MX 10 b.example.", spf("mx a ~all")}) == "warning:spf-follows");
  CHECK(remarks_of({"@ 172800 MX 10 a.example."}, {"@ MX 10 b.example."}) == "warning:mx-ttl-long");
  std::string many;
  for (int i = 0; i < 12; ++i) many += "include:i" + std::to_string(i) + ".example ";
  CHECK(remarks_of({spf(many + "-all")}, {spf(many + "ip4:192.0.2.1 -all")}) ==
        "warning:spf-lookups-over");
  CHECK(remarks_of({}, {"s1._domainkey TXT \"v=DKIM1; p=\""}).empty());
  CHECK(remarks_of({"_25._tcp.mx TLSA 3 1 1 aa"}, {}) == "warning:tlsa-removed");
  const std::string tlsa = "_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a');
  CHECK(remarks_of({tlsa, "mx A 192.0.2.1"}, {tlsa, "mx A 192.0.2.2"}) ==
        "warning:tlsa-host-moved");
  CHECK(remarks_of({tlsa, "mx 60 A 192.0.2.1"}, {tlsa, "mx A 192.0.2.1"}).empty());
  CHECK(remarks_of({"mail A 192.0.2.1", spf("a:mail.example.com -all")},
                   {"mail A 192.0.2.2", spf("a:mail.example.com -all")}) == "warning:spf-follows");
}

TEST_CASE("a remark stands at the line that asks for it") {
  auto states = two_states(kOldZone, kNewZone);
  const auto file = std::make_shared<const std::string>("example.com.toml");
  for (auto& change : states.changes) {
    change.pos = {file, 3, 1};
    if (change.key.type == dns::Type::TXT) change.parts = {{"all", {file, 9, 1}}};
  }
  const plan::Facts nothing;
  const plan::ImpactCase seen(states.changes, states.live, nothing);
  const auto found = plan::remarks(seen, plan::impact_of(seen));
  REQUIRE_FALSE(found.empty());
  CHECK(found.front().rule == "spf-hardened-at-move");
  CHECK(found.front().pos.line == 9);
}

TEST_CASE("what was not checked is said") {
  CHECK(unchecked(kOldZone, kNewZone) ==
        Texts{"that in.newmail.example answers on port 25 and takes mail for the domain",
              "that the mail server signs with the private key of selector s1"});
  CHECK(unchecked({}, {"@ MX 1 a.example.", "@ MX 2 b.example.", "@ MX 3 c.example.",
                       "@ MX 4 d.example.", "@ MX 5 e.example."})
            .front() ==
        "that a.example, b.example, c.example and 2 more answer on port 25 and take mail for the "
        "domain");
  const std::string policy = "_mta-sts TXT \"v=STSv1; id=1\"";
  CHECK(unchecked({"@ MX 1 a.example.", policy}, {"@ MX 1 b.example.", policy}) ==
        Texts{"that b.example answers on port 25 and takes mail for the domain",
              "that the MTA-STS policy served now names b.example: senders that enforce it refuse "
              "other hosts"});
  plan::Facts facts;
  facts.mta_sts.emplace();
  CHECK(unchecked({"@ MX 1 a.example.", policy}, {"@ MX 1 b.example.", policy}, facts).size() == 1);
  CHECK(unchecked({"@ MX 1 a.example."}, {"@ MX 2 a.example."}).empty());
  auto declared = two_states({"@ MX 1 a.example."}, {"@ MX 1 b.example."});
  declared.live.coverage = mail::Coverage::declared;
  const plan::Facts nothing;
  const plan::ImpactCase seen(declared.changes, declared.live, nothing);
  CHECK(plan::not_checked(seen, plan::impact_of(seen)).size() == 2);
  CHECK(unchecked({}, {"_25._tcp.mx TLSA 3 1 1 aa"}) ==
        Texts{"that mx.example.com presents a certificate that its TLSA records match"});
  CHECK(unchecked({}, {"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.com, "
                       "mailto:b@reports.example!10m\""}) ==
        Texts{"that reports.example agrees to take DMARC reports for example.com"});
  CHECK(unchecked({}, {"s1._domainkey CNAME k.example."}) ==
        Texts{"that k.example answers with a DKIM key"});
  CHECK(unchecked({}, {"_mta-sts TXT \"v=STSv1; id=1\""}) ==
        Texts{"that https://mta-sts.example.com/.well-known/mta-sts.txt already serves the new "
              "policy"});
  CHECK(unchecked({}, {"www A 192.0.2.1", "@ TXT \"v=spf1 mx -all\""}).empty());
}
