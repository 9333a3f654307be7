// What keys declare.

#include "base/text.hpp"
#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

struct GoodCase {
  const char* name;
  std::string text;
  Lines units;
};

std::vector<GoodCase> good_cases() {
  return {
      {"MX with preference 0, absolute and in the zone",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = 0\n"
       "[[mail.mx]]\nhost = \"mail.@\"\npriority = 10\n",
       {"@ MX - 0 mx1.example.net. 10 mail.example.com."}},
      {"null MX", "mail.mx = [{host = \".\", priority = 0}]\n", {"@ MX - 0 ."}},
      {"TTL of the file and of a block",
       "ttl = \"1h\"\n[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n"
       "[[record]]\nname = \"ftp\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\nttl = 90\n",
       {"ftp A 90! 192.0.2.1", "www A 3600 192.0.2.1"}},
      {"SPF by keys, in the documented order",
       "[mail.spf]\nall = \"fail\"\nexp = \"why.example.net\"\nexists = [\"%{i}.example.net\"]\n"
       "terms = [\"?ptr\"]\ninclude = [\"b.example.net\", \"~a.example.net\"]\n"
       "ip6 = [\"2001:db8::/32\"]\nip4 = [\"192.0.2.0/24\"]\nmx = true\na = [\"h.example.net\", "
       "\"/24\"]\n",
       {"@ TXT:spf - v=spf1 a:h.example.net a/24 mx ip4:192.0.2.0/24 ip6:2001:db8::/32 "
        "include:b.example.net ~include:a.example.net exists:%{i}.example.net ?ptr -all "
        "exp=why.example.net"}},
      {"SPF without all",
       "[mail.spf]\nip4 = [\"192.0.2.1\"]\n",
       {"@ TXT:spf - v=spf1 ip4:192.0.2.1 ~all"}},
      {"SPF redirect",
       "[mail.spf]\nredirect = \"r.example.net\"\n",
       {"@ TXT:spf - v=spf1 redirect=r.example.net"}},
      {"SPF whole, at another name",
       "[mail.spf]\nname = \"news\"\nrecord = \"v=spf1 Include:A.example -all\"\n",
       {"news TXT:spf - v=spf1 Include:A.example -all"}},
      {"SPF as services print it: a record, a bare host, a term with its name",
       "[mail.spf]\nmode = \"merge\"\ninclude = [\"include:a.example.net\"]\nip4 = "
       "[\"ip4:192.0.2.1\"]\n"
       "terms = [\"'v=spf1 include:b.example.net ip6:2001:db8::1 ~all'\", \"c.example.net\"]\n",
       {"@ TXT:spf - merge +ip4:192.0.2.1 +include:a.example.net +include:b.example.net "
        "+ip6:2001:db8::1 +include:c.example.net"}},
      {"SPF merged",
       "[mail.spf]\nmode = \"merge\"\ninclude = [\"a.example.net\"]\nall = \"softfail\"\n",
       {"@ TXT:spf - merge +include:a.example.net all=softfail"}},
      {"DMARC",
       "[mail.dmarc]\npolicy = \"quarantine\"\nsubdomain_policy = \"reject\"\n"
       "rua = [\"mailto:a@example.com\", \"mailto:b@example.com\"]\ndkim_alignment = \"strict\"\n",
       {"_dmarc TXT:dmarc - v=DMARC1; p=quarantine; sp=reject; adkim=s; "
        "rua=mailto:a@example.com,mailto:b@example.com"}},
      {"TLS-RPT",
       "[mail.tls_rpt]\nrua = [\"mailto:t@example.com\"]\n",
       {"_smtp._tls TXT:tls-rpt - v=TLSRPTv1; rua=mailto:t@example.com"}},
      {"DKIM as text and by another host",
       "[mail.dkim.s1]\ntxt = \"v=DKIM1; p=\"\n[mail.dkim.s2]\ncname = \"s2.keys.example.net\"\n",
       {"s1._domainkey TXT - v=DKIM1; p=", "s2._domainkey CNAME - s2.keys.example.net."}},
      {"tokens, literal",
       "[[mail.verification]]\nvalue = \"a \\\"b\\\" \\\\c\"\n"
       "[[mail.verification]]\nname = \"x\"\ntype = \"CNAME\"\nvalue = \"v.example.net\"\n",
       {"@ TXT:value - a \"b\" \\c", "x CNAME - v.example.net."}},
      {"TXT of several classes in one record",
       "[[record]]\nname = \"@\"\ntype = \"TXT\"\nvalues = [\"token\", \"v=spf1 -all\"]\n"
       "values_hex = [\"00ff\"]\n",
       {"@ TXT:spf - v=spf1 -all", std::string("@ TXT:value - \0\xff", 16), "@ TXT:value - token"}},
      {"hosts of records follow the rule of mail.mx",
       "[[record]]\nname = \"a\"\ntype = \"CNAME\"\nvalues = [\"b.@\"]\n"
       "[[record]]\nname = \"_sip._tcp\"\ntype = \"SRV\"\nvalues = [\"1 2 5060 sip.example.net\"]\n"
       "[[record]]\nname = \"c\"\ntype = \"CNAME\"\nvalues = [\"@\"]\n",
       {"a CNAME - b.example.com.", "c CNAME - example.com.",
        "_sip._tcp SRV - 1 2 5060 sip.example.net."}},
      {"no mail",
       "mail.none = true\n",
       {"@ MX - 0 .", "@ TXT:spf - v=spf1 -all", "_dmarc TXT:dmarc - v=DMARC1; p=reject"}},
      {"no mail, with reports",
       "mail.none = true\n[mail.dmarc]\npolicy = \"reject\"\nrua = [\"mailto:a@example.net\"]\n",
       {"@ MX - 0 .", "@ TXT:spf - v=spf1 -all",
        "_dmarc TXT:dmarc - v=DMARC1; p=reject; rua=mailto:a@example.net"}},
      {"placeholders",
       "[[record]]\nname = \"t\"\ntype = \"TXT\"\nvalues = [\"${zone} ${zone_dashed} $${zone} "
       "$ $$\"]\n",
       {"t TXT:value - example.com example-com ${zone} $ $$"}},
      {"unknown type in generic form",
       "[[record]]\nname = \"x\"\ntype = \"TYPE65280\"\nvalues = ['\\# 2 c0de']\n",
       {"x TYPE65280 - \\# 2 c0de"}},
  };
}

Lines sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TEST_CASE("keys declare sets") {
  for (const GoodCase& row : good_cases()) {
    INFO(row.name);
    const Evaluated result = evaluate_text(row.text);
    CHECK(result.findings == Lines{});
    CHECK(sorted(lines_of(result.desired)) == sorted(row.units));
  }
}

TEST_CASE("MTA-STS takes the zone's own MX, and its id follows the policy") {
  const std::string mx = "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = 0\n";
  const auto value = [](const Evaluated& result) { return lines_of(result.desired).back(); };
  const auto own = evaluate_text(mx + "[mail.mta_sts]\nmode = \"enforce\"\n");
  const auto named =
      evaluate_text("[mail.mta_sts]\nmode = \"enforce\"\nmx = [\"mx1.example.net\"]\n");
  const auto testing = evaluate_text(mx + "[mail.mta_sts]\n");
  const auto shorter = evaluate_text(mx + "[mail.mta_sts]\nmode = \"enforce\"\nmax_age = \"1d\"\n");
  CHECK(value(own).substr(0, 32) == "_mta-sts TXT:mta-sts - v=STSv1; ");
  CHECK(value(own) == value(named));
  CHECK(value(own) != value(testing));
  CHECK(value(own) != value(shorter));
}

TEST_CASE("a DKIM key comes from a file beside the file that names it") {
  const std::string key = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const auto result =
      evaluate_files({{"z.toml", zone_text("extends = \"base/b.toml\"\n")},
                      {"base/b.toml", "[mail.dkim.s1]\npublic_key_file = \"keys/${zone}.pem\"\n"},
                      {"base/keys/example.com.pem",
                       "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n"}});
  CHECK(result.findings == Lines{});
  REQUIRE(result.desired.units.size() == 1);
  const auto& txt = std::get<dns::Txt>(result.desired.units[0].values[0].value);
  CHECK(txt.octets.find("k=ed25519") != std::string::npos);
}

TEST_CASE("a revoked DKIM key publishes an empty one") {
  const auto result = evaluate_text("[mail.dkim.s1]\nstate = \"revoked\"\n");
  CHECK(result.findings == Lines{});
  const auto lines = lines_of(result.desired);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].substr(lines[0].size() - 2) == "p=");
}

TEST_CASE("parts of a value know their line") {
  const auto result =
      evaluate_text("[mail.spf]\nip4 = [\n  \"192.0.2.1\",\n  \"192.0.2.2\",\n]\nall = \"fail\"\n");
  REQUIRE(result.desired.units.size() == 1);
  std::string text;
  for (const auto& [identity, pos] : result.desired.units[0].parts) {
    text += identity + " " + pos.text() + "\n";
  }
  CHECK(text == "ip4:192.0.2.1 z.toml:5:3\nip4:192.0.2.2 z.toml:6:3\nall z.toml:8:7\n");
}

TEST_CASE("rules and metadata") {
  const auto result = evaluate_text(
      "manage = \"mail\"\n"
      "[[absent]]\nname = \"old.example.com.\"\ntype = \"A\"\nreason = \"gone\"\n"
      "[[ignore]]\nname = \"_acme-challenge.**\"\n"
      "[[allow]]\nguard = \"mx-removed\"\nreason = \"moved\"\nuntil = 2026-12-31\n"
      "[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n"
      "meta = {proxied = false, tags = [\"a\\\"b\"], rank = 3}\n");
  CHECK(result.findings == Lines{});
  const plan::Desired& desired = result.desired;
  CHECK(desired.manage == plan::ManageMode::mail);
  REQUIRE(desired.absent.size() == 1);
  CHECK(desired.absent[0].pattern.name == "old");
  CHECK(desired.absent[0].pattern.type == dns::Type::A);
  CHECK(desired.absent[0].reason == "gone");
  REQUIRE(desired.ignore.size() == 1);
  REQUIRE(desired.allow.size() == 1);
  CHECK(desired.allow[0].until == moment("2026-12-31T23:59:59Z"));
  REQUIRE(desired.units.size() == 1);
  CHECK(desired.units[0].meta ==
        plan::Meta{{"proxied", "false"}, {"rank", "3"}, {"tags", "[\"a\\\"b\"]"}});
}

TEST_CASE("two SPF records in one set are a warning, so that they can be imported") {
  const auto result = evaluate_text(
      "[[record]]\nname = \"@\"\ntype = \"TXT\"\nvalues = [\"v=spf1 -all\", \"v=spf1 ~all\"]\n");
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].find("spec-two-records") != std::string::npos);
  CHECK(lines_of(result.desired) == Lines{"@ TXT:spf - v=spf1 -all v=spf1 ~all"});
}
