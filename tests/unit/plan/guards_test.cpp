// Every guard: what trips it, and what is so like it that it might and must not.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "plan/judge.hpp"
#include "support/catch.hpp"
#include "two_states.hpp"

using namespace mxsmith;
using tests::two_states;

namespace {

using Lines = std::vector<std::string>;

struct Row {
  std::string name;
  Lines before, after;
  std::string trips;  ///< Ids in order, separated by spaces; empty: none.
};

std::string ids_of(const std::vector<plan::GuardFinding>& findings) {
  std::string ids;
  for (const auto& finding : findings) ids += (ids.empty() ? "" : " ") + finding.id;
  return ids;
}

std::vector<plan::GuardFinding> findings_of(const Row& row, const plan::Facts& facts = {},
                                            std::size_t in_scope = 100) {
  const auto states = two_states(row.before, row.after);
  return plan::judge({states.changes, states.live, facts}, {}, in_scope);
}

void check(const std::vector<Row>& rows, const plan::Facts& facts = {}) {
  for (const auto& row : rows) {
    INFO(row.name);
    const auto findings = findings_of(row, facts);
    CHECK(ids_of(findings) == row.trips);
    for (const auto& finding : findings) {
      CHECK(plan::find_guard(finding.id) != nullptr);
      CHECK_FALSE(finding.message.empty());
      CHECK_FALSE(finding.keys.empty());
      CHECK_FALSE(finding.allowed);
    }
  }
}

std::string spf(const std::string& terms) { return "@ TXT \"v=spf1 " + terms + "\""; }
std::string includes(int count) {
  std::string terms;
  for (int i = 0; i < count; ++i) terms += "include:i" + std::to_string(i) + ".ex ";
  return terms;
}
std::string dmarc(const std::string& tags) { return "_dmarc TXT \"v=DMARC1; " + tags + "\""; }
std::string key(const std::string& selector, const std::string& p) {
  return selector + "._domainkey TXT \"v=DKIM1; p=" + p + "\"";
}

std::string hosts(int count) {
  std::string terms;
  for (int i = 0; i < count; ++i) terms += "a:h" + std::to_string(i) + ".ex ";
  return terms;
}
/// SPF records beyond the zone.
plan::Facts facts_of(const std::vector<std::pair<std::string, std::string>>& records) {
  plan::Facts facts;
  for (const auto& [name, record] : records) {
    mail::Answer answer;
    answer.status = mail::LookupStatus::found;
    answer.values = {dns::Txt{record}};
    facts.answers[{dns::Name::of(name), dns::Type::TXT}] = answer;
  }
  return facts;
}
mail::MtaStsPolicy enforced(const std::vector<std::string>& hosts) {
  mail::MtaStsPolicy policy;
  policy.mode = mail::MtaStsMode::enforce;
  for (const auto& host : hosts) policy.mx.push_back(mail::parse_mx_pattern(host).value());
  return policy;
}

}  // namespace

TEST_CASE("guards about MX") {
  check({
      {"last MX deleted", {"@ MX 10 a.example."}, {}, "mx-removed"},
      {"below the apex too", {"lists MX 10 a.example."}, {}, "mx-removed"},
      {"replaced by null MX", {"@ MX 10 a.example."}, {"@ MX 0 ."}, "mx-removed"},
      {"moved", {"@ MX 10 a.example."}, {"@ MX 0 b.example."}, ""},
      {"one of two", {"@ MX 10 a.example.", "@ MX 20 b.example."}, {"@ MX 10 a.example."}, ""},
      {"null MX deleted", {"@ MX 0 ."}, {}, ""},
      {"null MX new", {}, {"@ MX 0 ."}, ""},
      {"null MX to a host", {"@ MX 0 ."}, {"@ MX 0 a.example."}, ""},
      {"null MX beside a host",
       {"@ MX 10 a.example."},
       {"@ MX 10 a.example.", "@ MX 0 ."},
       "null-mx-conflict"},
      {"null MX beside new hosts", {}, {"@ MX 10 a.example.", "@ MX 0 ."}, "null-mx-conflict"},
      {"the conflict was there",
       {"@ MX 10 a.example.", "@ MX 0 ."},
       {"@ MX 20 a.example.", "@ MX 0 ."},
       ""},
      {"the conflict ends", {"@ MX 10 a.example.", "@ MX 0 ."}, {"@ MX 10 a.example."}, ""},
      {"TTL alone", {"@ 3600 MX 10 a.example."}, {"@ 60 MX 10 a.example."}, ""},
  });
}

TEST_CASE("guards about SPF records") {
  check({
      {"lost", {spf("mx -all")}, {}, "spf-lost"},
      {"lost beside a token", {spf("mx -all"), "@ TXT \"t\""}, {"@ TXT \"t\""}, "spf-lost"},
      {"lost below the apex", {"sub TXT \"v=spf1 mx -all\""}, {}, "spf-lost"},
      {"lost to a CNAME", {"sub TXT \"v=spf1 mx -all\""}, {"sub CNAME a.example."}, "spf-lost"},
      {"unreadable", {spf("mx -all")}, {spf("mx ip:192.0.2.1 -all")}, "spf-lost"},
      {"was unreadable", {spf("ip:192.0.2.1 -all")}, {spf("ip:192.0.2.2 -all")}, ""},
      {"new", {}, {spf("mx -all")}, ""},
      {"tokens come and go", {"@ TXT \"a\""}, {"@ TXT \"b\""}, ""},
      {"doubled", {spf("mx -all")}, {spf("mx -all"), spf("a -all")}, "spf-doubled"},
      {"two new", {}, {spf("mx -all"), spf("a -all")}, "spf-doubled"},
      {"two become one", {spf("mx -all"), spf("a -all")}, {spf("mx a -all")}, ""},
      {"two stay two", {spf("mx -all"), spf("a -all")}, {spf("mx -all"), spf("a ptr -all")}, ""},
  });
}

TEST_CASE("guards about SPF lookups") {
  check({
      {"eleventh", {spf(includes(10) + "-all")}, {spf(includes(11) + "-all")}, "spf-lookups"},
      {"tenth", {spf(includes(9) + "-all")}, {spf(includes(10) + "-all")}, ""},
      {"was over and stays", {spf(includes(12) + "-all")}, {spf(includes(12) + "~all")}, ""},
      {"was over and gets worse",
       {spf(includes(12) + "-all")},
       {spf(includes(13) + "-all")},
       "spf-lookups"},
      {"new and over", {}, {spf(includes(11) + "-all")}, "spf-lookups"},
      {"dead terms cost nothing", {spf("-all")}, {spf("-all " + includes(11))}, ""},
  });
  const auto facts = facts_of({{"deep.example", "v=spf1 " + hosts(10) + "-all"},
                               {"deeper.example", "v=spf1 " + hosts(11) + "-all"}});
  const std::string deep = "include:deep.example -all";
  const std::string deeper = "include:deeper.example -all";
  const std::string own = "_spf TXT \"v=spf1 " + hosts(10) + "-all\"";
  check(
      {
          {"through what was looked up", {}, {spf(deep)}, "spf-lookups"},
          {"was over already", {spf(deeper)}, {spf("ip4:192.0.2.1 " + deeper)}, ""},
          {"was over and gets worse", {spf(deep)}, {spf(deeper)}, "spf-lookups"},
          {"through the zone's own records",
           {own, spf("mx -all")},
           {own, spf("mx include:_spf.example.com -all")},
           "spf-lookups"},
      },
      facts);
}

TEST_CASE("guards about SPF lookups that find nothing") {
  check({
      {"a third", {spf("a mx -all")}, {spf("a mx exists:no.example.com -all")}, "spf-void-lookups"},
      {"as many as before",
       {spf("a mx a:x.example.com -all")},
       {spf("a mx a:y.example.com -all")},
       ""},
      {"two are allowed", {}, {spf("a mx -all")}, ""},
      {"they find something",
       {"@ A 192.0.2.1", "@ MX 10 mx.example.com.", spf("a -all")},
       {"@ A 192.0.2.1", "@ MX 10 mx.example.com.", spf("a mx a:x.example.com -all")},
       ""},
      {"nobody looked", {}, {spf("a:x.example a:y.example a:z.example -all")}, ""},
  });
}

TEST_CASE("guard spf-sender-removed") {
  const std::string id = "spf-sender-removed";
  check({
      {"include gone", {spf("include:a.example mx -all")}, {spf("mx -all")}, id},
      {"two gone, two told",
       {spf("include:a.example include:b.example -all")},
       {spf("-all")},
       id + " " + id},
      {"below the apex",
       {"sub MX 10 a.example.", "sub TXT \"v=spf1 mx -all\""},
       {"sub MX 10 a.example.", "sub TXT \"v=spf1 -all\""},
       id},
      {"mx that stands for nobody", {spf("mx -all")}, {spf("-all")}, ""},
      {"pass becomes softfail", {spf("ip4:192.0.2.1 -all")}, {spf("~ip4:192.0.2.1 -all")}, id},
      {"shut out by a term before it",
       {spf("ip4:192.0.2.0/24 -all")},
       {spf("-ip4:192.0.2.7 ip4:192.0.2.0/24 -all")},
       id},
      {"a host by its address",
       {"mail A 192.0.2.1", spf("a:mail.example.com -all")},
       {"mail A 192.0.2.1", spf("ip4:192.0.2.0/28 -all")},
       ""},
      {"a host by part of its addresses",
       {"mail A 192.0.2.1", "mail A 192.0.2.2", spf("a:mail.example.com -all")},
       {"mail A 192.0.2.1", "mail A 192.0.2.2", spf("ip4:192.0.2.1 -all")},
       id},
      {"an include by what it holds",
       {"_spf TXT \"v=spf1 ip4:192.0.2.0/25 -all\"", spf("include:_spf.example.com -all")},
       {spf("ip4:192.0.2.0/24 -all")},
       "spf-lost"},
      {"two halves for one network",
       {spf("ip4:192.0.2.0/24 -all")},
       {spf("ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all")},
       ""},
      {"the record stays, its host moves",
       {"mail A 192.0.2.1", spf("a:mail.example.com -all")},
       {"mail A 192.0.2.2", spf("a:mail.example.com -all")},
       ""},
      {"the record changes, its host moves",
       {"mail A 192.0.2.1", spf("a:mail.example.com -all")},
       {"mail A 192.0.2.2", spf("a:mail.example.com ~all")},
       ""},
      {"an included record loses some",
       {"_spf TXT \"v=spf1 ip4:192.0.2.0/24 -all\"", spf("include:_spf.example.com -all")},
       {"_spf TXT \"v=spf1 ip4:192.0.2.0/25 -all\"", spf("include:_spf.example.com -all")},
       id},
      {"the same foreign name, by another term",
       {spf("include:a.example ?all")},
       {spf("?ip4:192.0.2.1 redirect=a.example")},
       ""},
      {"a foreign name is no longer passed",
       {spf("include:a.example -all")},
       {spf("~include:a.example -all")},
       id},
      {"redirect gone", {spf("redirect=a.example")}, {spf("-all")}, id},
      {"redirect switched off by all",
       {spf("redirect=a.example")},
       {spf("redirect=a.example -all")},
       id},
      {"behind all", {spf("ip4:192.0.2.1 -all")}, {spf("-all ip4:192.0.2.1")}, id},
      {"smaller network", {spf("ip4:192.0.2.0/24 -all")}, {spf("ip4:192.0.2.0/25 -all")}, id},
      {"everybody no longer", {spf("+all")}, {spf("-all")}, id},
      {"of two records", {spf("mx -all"), spf("ip4:192.0.2.1 -all")}, {spf("mx -all")}, id},
      {"added", {spf("mx -all")}, {spf("mx a -all")}, ""},
      {"other order and spelling",
       {spf("mx include:A.example. -all")},
       {spf("include:a.example +mx -all")},
       ""},
      {"larger network",
       {spf("ip4:192.0.2.7 ip6:2001:db8:1::/48 -all")},
       {spf("ip4:192.0.2.0/24 ip6:2001:db8::/32 -all")},
       ""},
      {"redirect becomes include",
       {spf("redirect=a.example")},
       {spf("include:a.example -all")},
       ""},
      {"hardened", {spf("mx ~all")}, {spf("mx -all")}, ""},
      {"neutral to fail", {spf("mx ?all")}, {spf("mx -all")}, ""},
      {"no right was given",
       {spf("?include:a.example ~mx -ip4:192.0.2.1 -all")},
       {spf("-all")},
       ""},
      {"everybody may", {spf("mx -all")}, {spf("+all")}, ""},
      {"modifiers carry no right", {spf("mx exp=e.example x=1 -all")}, {spf("mx -all")}, ""},
  });
}

TEST_CASE("guard dmarc-weakened") {
  const std::string id = "dmarc-weakened";
  check({
      {"policy", {dmarc("p=reject")}, {dmarc("p=quarantine")}, id},
      {"to none", {dmarc("p=quarantine")}, {dmarc("p=none")}, id},
      {"subdomains", {dmarc("p=reject")}, {dmarc("p=reject; sp=none")}, id},
      {"names that do not exist", {dmarc("p=none; np=reject")}, {dmarc("p=none")}, id},
      {"stricter here, weaker there",
       {dmarc("p=none; sp=reject")},
       {dmarc("p=reject; sp=none")},
       id},
      {"into testing", {dmarc("p=reject")}, {dmarc("p=reject; t=y")}, id},
      {"a slip of the pen", {dmarc("p=reject")}, {dmarc("p=rejct")}, id},
      {"a word that is no policy, for names that do not exist",
       {dmarc("p=reject")},
       {dmarc("p=reject; np=all; rua=mailto:a@example.com")},
       id},
      {"a tag twice", {dmarc("p=reject")}, {dmarc("p=reject; p=reject")}, id},
      {"alignment relaxed", {dmarc("p=reject; adkim=s")}, {dmarc("p=reject")}, id},
      {"a share for old receivers", {dmarc("p=reject")}, {dmarc("p=reject; pct=10")}, id},
      {"record gone", {dmarc("p=none")}, {}, id},
      {"of a subdomain", {"_dmarc.sub TXT \"v=DMARC1; p=none\""}, {}, id},
      {"CNAME gone", {"_dmarc CNAME d.example."}, {}, id},
      {"two records", {dmarc("p=none")}, {dmarc("p=none"), dmarc("p=reject")}, id},
      {"enforcing gives way to a CNAME", {dmarc("p=reject")}, {"_dmarc CNAME d.example."}, id},
      {"no longer DMARC", {dmarc("p=none")}, {"_dmarc TXT \"v=dmarc1; p=none\""}, id},
      {"stricter", {dmarc("p=none")}, {dmarc("p=reject")}, ""},
      {"upper case", {dmarc("p=reject")}, {dmarc("p=REJECT")}, ""},
      {"said twice", {dmarc("p=reject; sp=reject")}, {dmarc("p=reject")}, ""},
      {"new", {}, {dmarc("p=none")}, ""},
      {"reports", {dmarc("p=none; rua=mailto:a@example.com")}, {dmarc("p=none")}, ""},
      {"monitoring gives way to a CNAME", {dmarc("p=none")}, {"_dmarc CNAME d.example."}, ""},
      {"two become one", {dmarc("p=none"), dmarc("p=reject")}, {dmarc("p=none")}, ""},
      {"out of testing", {dmarc("p=reject; t=y")}, {dmarc("p=quarantine")}, ""},
      {"alignment strict", {dmarc("p=reject")}, {dmarc("p=reject; aspf=s")}, ""},
      {"what RFC 9989 dropped goes", {dmarc("p=reject; pct=10; ri=1")}, {dmarc("p=reject")}, ""},
  });
}

TEST_CASE("guards about DKIM keys") {
  // One RSA key of 512 bits, as SubjectPublicKeyInfo and as RSAPublicKey.
  const std::string spki =
      "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANcQPuG3qxJ3TVWGq7c+M6aFFDGLLvhIv5ixomLzpIgmpqjG"
      "WVMHa6zAm5iy1AsJae8DxcMZIMN6fS8Hjr8E4uMCAwEAAQ==";
  const std::string pkcs1 =
      "MEgCQQDXED7ht6sSd01Vhqu3PjOmhRQxiy74SL+YsaJi86SIJqaoxllTB2uswJuYstQLCWnvA8XDGSDD"
      "en0vB46/BOLjAgMBAAE=";
  check({
      {"active key gone", {key("s1", "AAAA")}, {}, "dkim-key-removed"},
      {"of a subdomain",
       {key("s1", "AAAA"), "s1._domainkey.sub TXT \"p=AAAA\""},
       {key("s1", "AAAA")},
       "dkim-key-removed"},
      {"gone though another stays",
       {key("s1", "AAAA"), key("s2", "BBBB")},
       {key("s2", "BBBB")},
       "dkim-key-removed"},
      {"CNAME gone", {"s1._domainkey CNAME k.example."}, {}, "dkim-key-removed"},
      {"kept for reports only",
       {key("s1", "AAAA")},
       {"s1._domainkey TXT \"v=DKIM1; s=tlsrpt; p=AAAA\""},
       "dkim-key-removed"},
      {"kept for SHA-1 only",
       {key("s1", "AAAA")},
       {"s1._domainkey TXT \"v=DKIM1; h=sha1; p=AAAA\""},
       "dkim-key-removed"},
      {"made unreadable",
       {key("s1", "AAAA")},
       {"s1._domainkey TXT \"v=dkim1; p=AAAA\""},
       "dkim-key-removed"},
      {"revoked key gone", {key("s1", "")}, {}, ""},
      {"no key gone", {"s1._domainkey TXT \"hello\""}, {}, ""},
      {"revoked alone", {key("s1", "AAAA")}, {key("s1", "")}, "dkim-key-removed"},
      {"revoked, the other is new in this plan",
       {key("s1", "AAAA")},
       {key("s1", ""), key("s2", "BBBB")},
       "dkim-key-removed"},
      {"revoked, the other is revoked too",
       {key("s1", "AAAA"), key("s2", "BBBB")},
       {key("s1", ""), key("s2", "")},
       "dkim-key-removed dkim-key-removed"},
      {"revoked, the other is of a subdomain",
       {key("s1", "AAAA"), "s2._domainkey.sub TXT \"p=BBBB\""},
       {key("s1", ""), "s2._domainkey.sub TXT \"p=BBBB\""},
       "dkim-key-removed"},
      {"revoked after a rotation",
       {key("s1", "AAAA"), key("s2", "BBBB")},
       {key("s1", ""), key("s2", "BBBB")},
       ""},
      {"revoked, a CNAME serves",
       {key("s1", "AAAA"), "s2._domainkey CNAME k.example."},
       {key("s1", ""), "s2._domainkey CNAME k.example."},
       ""},
      {"replaced", {key("s1", "AAAA")}, {key("s1", "BBBB")}, "dkim-key-replaced"},
      {"other algorithm",
       {key("s1", "AAAA")},
       {"s1._domainkey TXT \"v=DKIM1; k=ed25519; p=AAAA\""},
       "dkim-key-replaced"},
      {"replaced by a CNAME",
       {key("s1", "AAAA")},
       {"s1._domainkey CNAME k.example."},
       "dkim-key-replaced"},
      {"CNAME elsewhere",
       {"s1._domainkey CNAME k.example."},
       {"s1._domainkey CNAME l.example."},
       "dkim-key-replaced"},
      {"CNAME to a key",
       {"s1._domainkey CNAME k.example."},
       {key("s1", "AAAA")},
       "dkim-key-replaced"},
      {"revoked to a new key", {key("s1", "")}, {key("s1", "AAAA")}, ""},
      {"flags alone", {key("s1", "AAAA")}, {"s1._domainkey TXT \"v=DKIM1; t=s; p=AA AA\""}, ""},
      {"new", {}, {key("s1", "AAAA")}, ""},
      {"the same key in the other layout", {key("s1", spki)}, {key("s1", pkcs1)}, ""},
      {"another key in the other layout",
       {key("s1", "AAAA")},
       {key("s1", pkcs1)},
       "dkim-key-replaced"},
  });
}

TEST_CASE("guard mta-sts-mx") {
  plan::Facts facts;
  facts.mta_sts = enforced({"mx1.old.example", "*.new.example"});
  const std::string id = "mta-sts-mx";
  check(
      {
          {"a host it does not name",
           {"@ MX 10 mx1.old.example."},
           {"@ MX 10 in.other.example."},
           id},
          {"two labels under a star",
           {"@ MX 10 mx1.old.example."},
           {"@ MX 10 a.b.new.example."},
           id},
          {"the star's own domain", {"@ MX 10 mx1.old.example."}, {"@ MX 10 new.example."}, id},
          {"each host by itself",
           {},
           {"@ MX 10 a.x.example.", "@ MX 10 b.x.example."},
           id + " " + id},
          {"named",
           {"@ MX 10 mx1.old.example."},
           {"@ MX 10 mx1.old.example.", "@ MX 20 in.new.example."},
           ""},
          {"was there", {"@ MX 10 x.example."}, {"@ MX 20 x.example."}, ""},
          {"another name", {}, {"sub MX 10 x.example."}, ""},
      },
      facts);
  facts.mta_sts->mode = mail::MtaStsMode::testing;
  check({{"testing", {"@ MX 10 mx1.old.example."}, {"@ MX 10 x.example."}, ""}}, facts);
  check({{"not looked up", {"@ MX 10 mx1.old.example."}, {"@ MX 10 x.example."}, ""}});
}

TEST_CASE("guard mta-sts-mx looks at the policy of the spec as well") {
  mail::Declared declared;
  declared.mta_sts = enforced({"mx1.old.example"});
  const std::string record =
      "_mta-sts TXT \"" + mail::print_mta_sts_record(*declared.mta_sts) + "\"";
  const std::string earlier = "_mta-sts TXT \"v=STSv1; id=1\"";
  const std::string old = "@ MX 10 mx1.old.example.";
  const std::string other = "@ MX 10 in.other.example.";
  const auto trips = [&](const Lines& before, const Lines& after) {
    const auto states = two_states(before, after);
    return ids_of(plan::judge({states.changes, states.live, {}, declared}, {}, 100));
  };
  CHECK(trips({old, record}, {other, record}) == "mta-sts-mx");
  CHECK(trips({other}, {other, record}) == "mta-sts-mx");
  CHECK(trips({other, earlier}, {other, record}) == "mta-sts-mx");
  CHECK(trips({old, record}, {"@ MX 20 mx1.old.example.", record}).empty());
  CHECK(trips({other, record}, {"@ MX 20 in.other.example.", record}).empty());
  CHECK(trips({old}, {old, record}).empty());
  CHECK(trips({old, record}, {other}).find("mta-sts-mx") == 0);
  CHECK(trips({old}, {other}).empty());
  declared.mta_sts->mode = mail::MtaStsMode::testing;
  CHECK(trips({other}, {other, record}).empty());
}

TEST_CASE("a key of another signer, or one that does not sign yet, takes over from none") {
  const auto declared_by = [](const std::string& signer, mail::SelectorState state) {
    mail::Declared declared;
    declared.selectors = {{"s1", mail::SelectorState::revoked, "", {}}, {"s2", state, signer, {}}};
    return declared;
  };
  const auto states =
      two_states({key("s1", "AAAA"), key("s2", "BBBB")}, {key("s1", ""), key("s2", "BBBB")});
  const auto trips = [&](const mail::Declared& declared) {
    return ids_of(plan::judge({states.changes, states.live, {}, declared}, {}, 100));
  };
  using State = mail::SelectorState;
  CHECK(trips({}).empty());
  CHECK(trips(declared_by("", State::active)).empty());
  CHECK(trips(declared_by("google-workspace", State::active)) == "dkim-key-removed");
  CHECK(trips(declared_by("", State::next)) == "dkim-key-removed");
  CHECK(trips(declared_by("", State::retiring)) == "dkim-key-removed");
}

TEST_CASE("a subdomain's DMARC is weighed by what holds for it") {
  const std::string id = "dmarc-weakened";
  const std::string strict = dmarc("p=reject");
  const std::string sub_reject = "_dmarc.sub TXT \"v=DMARC1; p=reject\"";
  const std::string sub_none = "_dmarc.sub TXT \"v=DMARC1; p=none\"";
  check({
      {"gone, the organization's is as strict", {strict, sub_reject}, {strict}, ""},
      {"gone, the organization's is weaker",
       {dmarc("p=reject; sp=none"), sub_reject},
       {dmarc("p=reject; sp=none")},
       id},
      {"gone, and none is left", {sub_reject}, {}, id},
      {"a weaker one of its own", {strict}, {strict, sub_none}, id},
      {"a stricter one of its own",
       {dmarc("p=reject; sp=none")},
       {dmarc("p=reject; sp=none"), sub_reject},
       ""},
      {"an alias within the zone",
       {strict, "d TXT \"v=DMARC1; p=reject\""},
       {"_dmarc CNAME d.example.com.", "d TXT \"v=DMARC1; p=reject\""},
       ""},
  });
}

TEST_CASE("guards about TLSA and name servers") {
  const std::string old = "_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a');
  const std::string now = "_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'b');
  const std::string ignored = "_25._tcp.mx TLSA 1 1 1 " + std::string(64, 'c');
  check({
      {"all replaced", {old}, {now}, "tlsa-unmatched"},
      {"next beside current", {old}, {old, now}, ""},
      {"current goes", {old, now}, {now}, ""},
      {"what stays is nothing to senders", {old, ignored}, {now, ignored}, "tlsa-unmatched"},
      {"nothing is anything to senders", {ignored}, {"_25._tcp.mx TLSA 3 1 1 aa"}, ""},
      {"another service's records are not judged by SMTP's rules",
       {"_443._tcp.www TLSA 1 1 1 aa"},
       {"_443._tcp.www TLSA 1 1 1 bb"},
       "tlsa-unmatched"},
      {"DANE given up", {old}, {}, ""},
      {"apex NS", {"@ NS a.example.", "@ NS b.example."}, {"@ NS a.example."}, "apex-ns"},
      {"apex NS gone", {"@ NS a.example."}, {}, "apex-ns"},
      {"apex NS, TTL alone", {"@ 3600 NS a.example."}, {"@ 60 NS a.example."}, ""},
      {"a delegation", {"sub NS a.example."}, {"sub NS b.example."}, ""},
  });
}

TEST_CASE("guard mass-delete counts sets against those in scope") {
  struct Share {
    std::size_t gone, in_scope;
    bool trips;
  };
  for (const auto& share : {Share{3, 3, false}, Share{4, 4, true}, Share{4, 13, true},
                            Share{4, 14, false}, Share{30, 100, false}, Share{31, 100, true}}) {
    INFO(share.gone << " of " << share.in_scope);
    Row row;
    for (std::size_t i = 0; i < share.gone; ++i) {
      row.before.push_back("h" + std::to_string(i) + " A 192.0.2.1");
    }
    const auto findings = findings_of(row, {}, share.in_scope);
    CHECK(ids_of(findings) == (share.trips ? "mass-delete" : ""));
    if (share.trips) CHECK(findings.front().keys.size() == share.gone);
  }
}

TEST_CASE("guard gap speaks of what mail sees") {
  const auto states = two_states({"@ MX 10 a.example."}, {"@ MX 10 b.example."});
  const std::vector<plan::Gap> gaps = {{0, "no MX at example.com", true},
                                       {0, "no A at www.example.com", false}};
  const auto findings = plan::judge({states.changes, states.live, {}}, gaps, 10);
  REQUIRE(ids_of(findings) == "gap");
  CHECK(findings.front().message.find("no MX at example.com") != std::string::npos);
}

TEST_CASE("a finding points at the line of its part, else of its change") {
  auto states = two_states({spf("include:a.example include:b.example -all")}, {spf("-all")});
  const auto file = std::make_shared<const std::string>("example.com.toml");
  states.changes.front().pos = {file, 7, 1};
  states.changes.front().parts = {{"include:b.example", {file, 9, 3}}};
  const auto findings = plan::judge({states.changes, states.live, {}}, {}, 10);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].pos.line == 7);
  CHECK(findings[1].pos.line == 9);
}

TEST_CASE("the table of guards has each once, and docs/guards.md tells of each") {
  std::ifstream file(std::string(MXSMITH_SOURCE_DIR) + "/docs/guards.md");
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  std::set<std::string_view> ids;
  for (const auto& guard : plan::all_guards()) {
    INFO(guard.id);
    CHECK(ids.insert(guard.id).second);
    CHECK(text.str().find("| `" + std::string(guard.id) + "` |") != std::string::npos);
    CHECK(guard.protects.back() == '.');
    CHECK(plan::find_guard(guard.id) == &guard);
  }
  CHECK(ids.size() == 21);
  CHECK(plan::find_guard("everything") == nullptr);
}
