// How changes read: one row for each kind of record and of difference.
#include <string>
#include <vector>

#include "plan/change.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"
#include "two_states.hpp"

using namespace mxsmith;
using tests::change_of;

namespace {

/// "-a | ~b>c | =d", the kinds of deltas in their order.
std::string deltas_text(const plan::ChangeText& text) {
  std::string result;
  for (const auto& delta : text.deltas) {
    if (!result.empty()) result += " | ";
    result += static_cast<char>(delta.kind);
    result += delta.before;
    if (delta.kind == plan::Delta::Kind::changed) result += ">";
    if (delta.kind != plan::Delta::Kind::kept) result += delta.after;
  }
  return result;
}

const std::string kKey1 =
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGSHNI+VgNguHji382sYG756GJQJMn+EcKRj+"
    "kGLxinzd1xHaD8yU/J/H8iUWLkPn00p6k7DUlcYm219M+s0K8Lk8t3koumEai5gSTawTEQv4CtLTRNjsJvOuj7iPGG/"
    "d72J/GZzaRfQz3SaFV/fKfQheDafAJXzRvntvi4WdhaQIDAQAB";
const std::string kKey2 = "k=ed25519; p=+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";

struct Row {
  std::string name;
  std::vector<std::string> before, after;
  std::string headline, deltas;
  std::size_t other = 0;
};

void check(const Row& row) {
  INFO(row.name);
  const auto change = change_of(row.before, row.after);
  const auto text = plan::describe(change);
  CHECK(text.headline == row.headline);
  CHECK(deltas_text(text) == row.deltas);
  CHECK(text.other.size() == row.other);
}

}  // namespace

TEST_CASE("MX changes are paired by exchange") {
  const std::vector<Row> rows = {
      {"all replaced",
       {"@ MX 10 mx1.oldmail.net.", "@ MX 20 mx2.oldmail.net."},
       {"@ MX 0 in.newmail.example."},
       "replaces all",
       "-10 mx1.oldmail.net. | -20 mx2.oldmail.net. | +0 in.newmail.example."},
      {"preference alone",
       {"@ MX 10 a.example."},
       {"@ MX 0 a.example."},
       "",
       "~10 a.example.>0 a.example."},
      {"one of two goes",
       {"@ MX 10 a.example.", "@ MX 20 b.example."},
       {"@ MX 10 a.example."},
       "",
       "-20 b.example. | =10 a.example."},
      {"preferences swapped",
       {"@ MX 10 a.example.", "@ MX 20 b.example."},
       {"@ MX 20 a.example.", "@ MX 10 b.example."},
       "",
       "~20 b.example.>10 b.example. | ~10 a.example.>20 a.example."},
      {"one host twice",
       {"@ MX 10 a.example."},
       {"@ MX 10 a.example.", "@ MX 20 a.example."},
       "",
       "=10 a.example. | +20 a.example."},
      {"new", {}, {"@ MX 0 a.example."}, "", "+0 a.example."},
      {"gone", {"@ MX 0 a.example."}, {}, "", "-0 a.example."},
      {"null MX",
       {"@ MX 10 a.example."},
       {"@ MX 0 ."},
       "null MX: receives no mail",
       "-10 a.example. | +0 ."},
      {"TTL alone",
       {"@ 3600 MX 10 a.example."},
       {"@ 300 MX 10 a.example."},
       "",
       "=10 a.example. | ~1h>5m"},
      {"TTL as well",
       {"@ 3600 MX 10 a.example."},
       {"@ 5400 MX 10 b.example."},
       "replaces all",
       "-10 a.example. | +10 b.example. | ~1h>1h30m"},
  };
  for (const auto& row : rows) check(row);
}

TEST_CASE("SPF changes are paired by term, terms that stay keep their place") {
  const std::vector<Row> rows = {
      {"merged and hardened",
       {"@ TXT \"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net ~all\"", "@ TXT \"token=1\"",
        "@ TXT \"token=2\""},
       {"@ TXT \"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.net ip4:198.51.100.7 -all\"",
        "@ TXT \"token=1\"", "@ TXT \"token=2\""},
       "v=spf1",
       "=ip4:203.0.113.25 | =include:_spf.oldmail.net | +ip4:198.51.100.7 | ~~all>-all",
       2},
      {"removed in place",
       {"@ TXT \"v=spf1 a mx ptr -all\""},
       {"@ TXT \"v=spf1 a ptr -all\""},
       "v=spf1",
       "=a | -mx | =ptr | =-all"},
      {"moved",
       {"@ TXT \"v=spf1 a mx -all\""},
       {"@ TXT \"v=spf1 mx a -all\""},
       "v=spf1",
       "-a | =mx | +a | =-all"},
      {"other spelling",
       {"@ TXT \"v=spf1 MX -all\""},
       {"@ TXT \"v=spf1 mx -all\""},
       "v=spf1",
       "~MX>mx | =-all"},
      {"spaces alone",
       {"@ TXT \"v=spf1  mx -all\""},
       {"@ TXT \"v=spf1 mx -all\""},
       "v=spf1",
       "=mx | =-all | ~\"v=spf1  mx -all\">\"v=spf1 mx -all\""},
      {"new", {}, {"@ TXT \"v=spf1 mx -all\""}, "", "+\"v=spf1 mx -all\""},
      {"new beside a token",
       {"@ TXT \"t\""},
       {"@ TXT \"t\"", "@ TXT \"v=spf1 mx -all\""},
       "",
       "+\"v=spf1 mx -all\"",
       1},
      {"gone", {"@ TXT \"v=spf1 mx -all\""}, {}, "", "-\"v=spf1 mx -all\""},
      {"two become one",
       {"@ TXT \"v=spf1 mx ~all\"", "@ TXT \"v=spf1 a ~all\""},
       {"@ TXT \"v=spf1 mx a ~all\""},
       "v=spf1",
       "=mx | +a | =~all | -\"v=spf1 a ~all\""},
      {"one of two stays",
       {"@ TXT \"v=spf1 mx ~all\"", "@ TXT \"v=spf1 a ~all\""},
       {"@ TXT \"v=spf1 a ~all\""},
       "",
       "-\"v=spf1 mx ~all\"",
       1},
      {"unreadable before",
       {"@ TXT \"v=spf1 ip:192.0.2.1 -all\""},
       {"@ TXT \"v=spf1 -all\""},
       "v=spf1",
       "~\"v=spf1 ip:192.0.2.1 -all\">\"v=spf1 -all\""},
  };
  for (const auto& row : rows) check(row);
}

TEST_CASE("tag lists are paired by tag") {
  const std::vector<Row> rows = {
      {"policy",
       {"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.com\""},
       {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com; sp=none\""},
       "v=DMARC1",
       "~p=none>p=reject | =rua=mailto:a@example.com | +sp=none"},
      {"order alone",
       {"_dmarc TXT \"v=DMARC1; p=none; sp=none\""},
       {"_dmarc TXT \"v=DMARC1; sp=none; p=none\""},
       "v=DMARC1",
       "=sp=none | =p=none | ~\"v=DMARC1; p=none; sp=none\">\"v=DMARC1; sp=none; p=none\""},
      {"new", {}, {"_dmarc TXT \"v=DMARC1; p=none\""}, "", "+\"v=DMARC1; p=none\""},
      {"MTA-STS",
       {"_mta-sts TXT \"v=STSv1; id=1\""},
       {"_mta-sts TXT \"v=STSv1; id=2;\""},
       "v=STSv1",
       "~id=1>id=2"},
      {"TLS-RPT",
       {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.com\""},
       {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:b@example.com\""},
       "v=TLSRPTv1",
       "~rua=mailto:a@example.com>rua=mailto:b@example.com"},
      {"DMARC text where nobody looks",
       {"dmarc TXT \"v=DMARC1; p=none\""},
       {"dmarc TXT \"v=DMARC1; p=reject\""},
       "",
       "-\"v=DMARC1; p=none\" | +\"v=DMARC1; p=reject\""},
  };
  for (const auto& row : rows) check(row);
}

TEST_CASE("other values are paired by value") {
  const std::vector<Row> rows = {
      {"tokens",
       {"@ TXT \"a=1\"", "@ TXT \"b=2\""},
       {"@ TXT \"a=1\"", "@ TXT \"c=3\""},
       "",
       "-\"b=2\" | +\"c=3\"",
       1},
      {"addresses",
       {"www A 192.0.2.1", "www A 192.0.2.2"},
       {"www A 192.0.2.2", "www A 192.0.2.3"},
       "",
       "-192.0.2.1 | =192.0.2.2 | +192.0.2.3"},
      {"alias",
       {"www CNAME a.example."},
       {"www CNAME b.example."},
       "",
       "-a.example. | +b.example."},
  };
  for (const auto& row : rows) check(row);
}

TEST_CASE("DKIM keys are shown by what they are") {
  struct KeyRow {
    std::string name;
    std::vector<std::string> before, after;
    std::string headline;
  };
  const std::string one = "s1._domainkey TXT \"v=DKIM1; " + kKey1 + "\"";
  const std::string two = "s1._domainkey TXT \"v=DKIM1; " + kKey2 + "\"";
  const std::string revoked = "s1._domainkey TXT \"v=DKIM1; p=\"";
  const std::string testing = "s1._domainkey TXT \"v=DKIM1; t=y; " + kKey1 + "\"";
  const std::vector<KeyRow> rows = {
      {"new", {}, {one}, "DKIM key RSA 1024, "},
      {"gone", {two}, {}, "DKIM key Ed25519, "},
      {"rotated", {one}, {two}, "DKIM key rotated, Ed25519, "},
      {"revoked", {one}, {revoked}, "DKIM key revoked"},
      {"back again", {revoked}, {two}, "DKIM key Ed25519, "},
      {"flag alone", {one}, {testing}, "DKIM key RSA 1024, "},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto text = plan::describe(change_of(row.before, row.after));
    CHECK(text.headline.substr(0, row.headline.size()) == row.headline);
    CHECK_FALSE(text.deltas.empty());
    // Nobody reads a key: whole it stands only where its set comes or goes.
    if (row.name != "new") CHECK(deltas_text(text).find("MIGf") == std::string::npos);
  }
  const auto rotated = plan::describe(change_of({one}, {two}));
  REQUIRE(rotated.deltas.size() == 2);
  CHECK(rotated.deltas[0].identity == "k");
  CHECK(rotated.deltas[1].identity == "p");
  CHECK(rotated.deltas[1].before.substr(0, 8) == "RSA 1024");
  CHECK(rotated.deltas[1].after.substr(0, 7) == "Ed25519");
}

TEST_CASE("metadata that changes is a delta of its own") {
  auto change = change_of({"www A 192.0.2.1"}, {"www A 192.0.2.2"});
  change.before->meta = {{"comment", "\"x\""}, {"proxied", "true"}};
  change.after->meta = {{"comment", "\"x\""}, {"proxied", "false"}};
  const auto text = plan::describe(change);
  CHECK(deltas_text(text) == "-192.0.2.1 | +192.0.2.2 | ~proxied=true>proxied=false");
  CHECK(text.deltas.back().identity == "meta.proxied");
}

TEST_CASE("hostile values are described in presentation form") {
  const auto text = plan::describe(change_of({}, {R"(@ TXT "\027[2J" )"}));
  REQUIRE(text.deltas.size() == 1);
  CHECK(text.deltas[0].after == R"("\027[2J")");
}

TEST_CASE("a change never reads as none, and turned round it tells the same differences") {
  tests::property("any two TXT values", [](const std::string& a, const std::string& b) {
    RC_PRE(a != b);
    const auto set = [](const std::string& octets) {
      plan::SetState state;
      state.set = {dns::Name::of("_dmarc.example.com"), dns::Type::TXT, 60, {dns::Txt{octets}}};
      return state;
    };
    plan::Change change;
    change.key = {dns::Name::of("_dmarc.example.com"), dns::Type::TXT};
    change.before = set("v=DMARC1; p=none;" + a);
    change.after = set("v=DMARC1; p=none;" + b);
    const auto differences = [](const plan::ChangeText& text) {
      std::size_t count = 0;
      for (const auto& delta : text.deltas) count += delta.kind != plan::Delta::Kind::kept ? 1 : 0;
      return count;
    };
    const auto there = differences(plan::describe(change));
    std::swap(change.before, change.after);
    RC_ASSERT(there > 0);
    RC_ASSERT(there == differences(plan::describe(change)));
  });
}
