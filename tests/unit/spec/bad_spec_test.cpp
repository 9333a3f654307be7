// What is wrong with a spec, in which words and where.

#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

struct BadCase {
  const char* name;
  std::string text;  ///< From line 3 on.
  Lines findings;
};

const std::string kRecord = "[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n";
const std::string kMx = "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = 10\n";

std::vector<BadCase> bad_cases() {
  return {
      {"unknown key",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\nprioriy = 10\npriority = 10\n",
       {"z.toml:5:1 spec-unknown-key unknown key `prioriy`, did you mean `priority`?"}},
      {"unknown key that is like none",
       "colour = 1\n",
       {"z.toml:3:1 spec-unknown-key unknown key `colour`"}},
      {"wrong type",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = \"10\"\n",
       {"z.toml:5:12 spec-type priority is a string, an integer from 0 to 65535 is wanted"}},
      {"preference over 65535",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = 70000\n",
       {"z.toml:5:12 spec-range priority is 70000, an integer from 0 to 65535 is wanted"}},
      {"preference below 0",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\npriority = -1\n",
       {"z.toml:5:12 spec-range priority is -1, an integer from 0 to 65535 is wanted"}},
      {"no preference",
       "[[mail.mx]]\nhost = \"mx1.example.net\"\n",
       {"z.toml:3:1 spec-missing-key [[mail.mx]] says no `priority`"}},
      {"MX to an IPv4 address",
       "[[mail.mx]]\nhost = \"192.0.2.1\"\npriority = 10\n",
       {"z.toml:4:8 spec-host-address the host \"192.0.2.1\" is an IP address where a host name "
        "has to stand"}},
      {"MX to an IPv6 address",
       "[[mail.mx]]\nhost = \"2001:db8::1\"\npriority = 10\n",
       {"z.toml:4:8 spec-host-address the host \"2001:db8::1\" is an IP address where a host name "
        "has to stand"}},
      {"MX to an address, as a record",
       "[[record]]\nname = \"@\"\ntype = \"MX\"\nvalues = [\"10 192.0.2.1\"]\n",
       {"z.toml:6:15 spec-record-value MX \"10 192.0.2.1\": the host \"192.0.2.1\" is an IP "
        "address where a host name has to stand"}},
      {"host of one label",
       "[[mail.mx]]\nhost = \"mail\"\npriority = 10\n",
       {"z.toml:4:8 spec-host the host \"mail\" could be a host of this zone or of the root"}},
      {"CNAME beside MX",
       kMx + "[[record]]\nname = \"@\"\ntype = \"CNAME\"\nvalues = [\"other.example.net\"]\n",
       {"z.toml:6:1 spec-cname CNAME at @ stands beside MX: a name with a CNAME has no other data "
        "(RFC 1034 section 3.6.2)"}},
      {"CNAME at the apex",
       "[[record]]\nname = \"@\"\ntype = \"CNAME\"\nvalues = [\"other.example.net\"]\n",
       {"z.toml:3:1 spec-cname CNAME at @: the apex has SOA and NS, and a name with a CNAME has "
        "no other data (RFC 1034 section 3.6.2)"}},
      {"two CNAME",
       "[[record]]\nname = \"w\"\ntype = \"CNAME\"\nvalues = [\"a.example\", \"b.example\"]\n",
       {"z.toml:6:24 spec-cname CNAME at w has 2 values, it can have only one"}},
      {"label of 64 octets",
       "[[record]]\nname = \"" + std::string(64, 'a') + "\"\ntype = \"A\"\n" +
           "values = [\"192.0.2.1\"]\n",
       {}},  // The words are those of dns; looked at below.
      {"outside the zone",
       "[[record]]\nname = \"www.example.net.\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n",
       {"z.toml:4:8 spec-outside-zone the name \"www.example.net.\" is outside the zone"}},
      {"the zone's name twice",
       "[[record]]\nname = \"www.example.com\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n",
       {"z.toml:4:8 spec-name-repeats-zone the name \"www.example.com\" is relative to the zone "
        "and would hold the zone's name twice"}},
      {"unknown type",
       "[[record]]\nname = \"www\"\ntype = \"AAA\"\nvalues = [\"192.0.2.1\"]\n",
       {"z.toml:5:8 spec-record-type \"AAA\" is no record type, did you mean \"AAAA\"?"}},
      {"null MX beside MX",
       kMx + "[[mail.mx]]\nhost = \".\"\npriority = 0\n",
       {"z.toml:7:8 spec-null-mx the null MX at @ says that there is no mail, and other MX stand "
        "beside it (RFC 7505 section 3)"}},
      {"SPF twice",
       "[mail.spf]\nip4 = [\"192.0.2.1\"]\n"
       "[[record]]\nname = \"@\"\ntype = \"TXT\"\nvalues = [\"v=spf1 -all\"]\n",
       {"z.toml:8:11 spec-declared-twice TXT at @ (spf) is declared twice, by mail.spf and by "
        "record"}},
      {"MX in mail and in a record",
       kMx + "[[record]]\nname = \"@\"\ntype = \"MX\"\nvalues = [\"10 a.example.\"]\n",
       {"z.toml:6:1 spec-declared-twice MX at @ is declared twice, by mail.mx and by record"}},
      {"a record twice in a file",
       kRecord + kRecord,
       {"z.toml:7:1 spec-declared-twice A at www is declared twice, by record and by record"}},
      {"a record by two names",
       kRecord +
           "[[record]]\nname = \"WWW.example.com.\"\ntype = \"a\"\nvalues = [\"192.0.2.2\"]\n",
       {"z.toml:7:1 spec-declared-twice A at www is declared twice, by record and by record"}},
      {"a token beside the key at a selector",
       "[mail.dkim.s1]\ntxt = \"v=DKIM1; p=\"\n[[mail.verification]]\nname = \"s1._domainkey\"\n"
       "value = \"token\"\n",
       {"z.toml:7:9 spec-declared-twice TXT at s1._domainkey is declared twice, by mail.dkim.s1 "
        "and by mail.verification"}},
      {"ignored and declared",
       kRecord + "[[ignore]]\nname = \"w*\"\n",
       {"z.toml:7:1 spec-ignored A at www is ignored and declared"}},
      {"absent and declared",
       kRecord + "[[absent]]\nname = \"www\"\ntype = \"A\"\nreason = \"gone\"\n",
       {"z.toml:7:1 spec-absent A at www is to be absent and is declared"}},
      {"a value twice",
       "[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\", \"192.0.2.1\"]\n",
       {"z.toml:6:24 spec-value-twice this value stands twice in one set"}},
      {"TTL out of range",
       "ttl = 3000000000\n",
       {"z.toml:3:7 spec-range ttl is 3000000000 seconds, from 0 to 2147483647 is allowed"}},
      {"local time in a stage",
       "[[stage]]\nat = 2026-12-05T22:00:00\nttl = 60\n",
       {"z.toml:4:6 spec-time-offset at is 2026-12-05T22:00:00 without an offset: that is no "
        "moment"}},
      {"date in a stage",
       "[[stage]]\nat = 2026-12-05\n",
       {"z.toml:4:6 spec-type at is a date, a time with offset is wanted"}},
      {"two stages at one time",
       "[[stage]]\nat = 2026-12-05T22:00:00+05:30\nttl = 60\n"
       "[[stage]]\nat = 2026-12-05T16:30:00Z\nttl = 90\n",
       {"z.toml:7:6 spec-stage-twice two stages begin at 2026-12-05T16:30:00Z"}},
      {"stages that do not ascend",
       "[[stage]]\nat = 2026-12-06T00:00:00Z\n[[stage]]\nat = 2026-12-05T00:00:00Z\n",
       {"z.toml:6:6 spec-stage-order this stage begins at 2026-12-05T00:00:00Z, before the one "
        "above it"}},
      {"stage that sets what it may not",
       "[[stage]]\nat = 2026-12-06T00:00:00Z\nzone = \"a.example\"\nprovider = \"memory\"\n"
       "manage = \"zone\"\nextends = \"b.toml\"\n",
       {"z.toml:5:1 spec-overlay-key a stage cannot set `zone`",
        "z.toml:6:1 spec-overlay-key a stage cannot set `provider`",
        "z.toml:7:1 spec-overlay-key a stage cannot set `manage`",
        "z.toml:8:1 spec-overlay-key a stage cannot set `extends`"}},
      {"services that are not there",
       "services = [\"x\"]\n[mail.service.y]\nanything = 1\n",
       {"z.toml:3:13 spec-unknown-service there is no mail service \"x\"",
        "z.toml:4:15 spec-unknown-service there is no mail service \"y\"",
        "z.toml:5:12 spec-type anything is an integer, a string is wanted"}},
      {"word that is none of those",
       "manage = \"zones\"\n",
       {"z.toml:3:10 spec-word manage is \"zones\", one of declared, mail, zone is wanted"}},
      {"list that is a string",
       "[mail.spf]\ninclude = \"spf.example.net\"\n",
       {"z.toml:4:11 spec-type include is a string, a list of strings is wanted"}},
      {"element of a list",
       "[mail.spf]\ninclude = [\"spf.example.net\", 5]\n",
       {"z.toml:4:31 spec-type element 2 of include is an integer, a string is wanted"}},
      {"mail.none beside others",
       "[mail]\nnone = true\n" + kMx,
       {"z.toml:5:8 spec-mail-none mail.none says that the zone has no mail, and `mail.mx` stands "
        "beside it"}},
      {"DMARC without a policy",
       "[mail.dmarc]\nrua = [\"mailto:d@example.com\"]\n",
       {"z.toml:3:1 spec-missing-key [mail.dmarc] says no `policy`"}},
      {"report address without scheme",
       "[mail.dmarc]\npolicy = \"none\"\nrua = [\"d@example.com\"]\n",
       {"z.toml:5:8 spec-dmarc rua: \"d@example.com\" is no mailto: address"}},
      {"report address without domain",
       "[mail.dmarc]\npolicy = \"none\"\nrua = [\"mailto:dmarc\"]\n",
       {"z.toml:5:16 spec-dmarc rua: \"dmarc\" is not a mail address"}},
      {"report address without slashes",
       "[mail.tls_rpt]\nrua = [\"https:reports.example.com\"]\n",
       {"z.toml:4:15 spec-tls-rpt rua: no host in \"https:reports.example.com\""}},
      {"failure options that exclude each other",
       "[mail.dmarc]\npolicy = \"none\"\nfailure_options = \"0:1\"\n",
       {"z.toml:5:19 spec-dmarc failure_options is \"0:1\", a list of 0 or 1, d and s with colons "
        "is wanted"}},
      {"MTA-STS without hosts",
       "[mail.mta_sts]\nmode = \"enforce\"\n",
       {"z.toml:3:1 spec-mta-sts mail.mta_sts has no hosts: neither `mx` here nor mail.mx names "
        "any"}},
      {"DKIM key from two sources",
       "[mail.dkim.s1]\ntxt = \"v=DKIM1; p=\"\ncname = \"a.example.net\"\n",
       {"z.toml:5:1 spec-conflicting-keys mail.dkim.s1 has `txt` and `cname`: one key has one "
        "source"}},
      {"DKIM key file that is not there",
       "[mail.dkim.s1]\npublic_key_file = \"keys/s1.pem\"\n",
       {"z.toml:4:19 spec-file-missing there is no file keys/s1.pem"}},
      {"hexadecimal that is none",
       "[[record]]\nname = \"@\"\ntype = \"TXT\"\nvalues_hex = [\"abc\"]\n",
       {"z.toml:6:15 spec-record-value \"abc\" is not hexadecimal"}},
      {"hexadecimal for another type",
       "[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\nvalues_hex = []\n",
       {"z.toml:7:14 spec-conflicting-keys values_hex is for TXT; other types have a presentation "
        "form"}},
      {"SPF record beside other keys",
       "[mail.spf]\nrecord = \"v=spf1 -all\"\nall = \"fail\"\n",
       {"z.toml:5:1 spec-conflicting-keys mail.spf has `record`, which is the whole text, and "
        "`all` beside it"}},
      {"SPF merge with redirect",
       "[mail.spf]\nmode = \"merge\"\nredirect = \"a.example.net\"\n",
       {"z.toml:5:12 spec-spf mail.spf in mode merge cannot set `redirect`"}},
      {"SPF term twice",
       "[mail.spf]\ninclude = [\"a.example.net\", \"A.example.net\"]\n",
       {"z.toml:4:29 spec-spf the SPF term \"include:A.example.net\" stands twice"}},
      {"unknown guard",
       "[[allow]]\nguard = \"mx-remove\"\nreason = \"x\"\n",
       {"z.toml:4:9 spec-allow there is no guard \"mx-remove\", did you mean \"mx-removed\"?"}},
      {"unknown provider",
       "[[for]]\nzones = [\"example.com\"]\nprovider = \"clodflare\"\n",
       {"z.toml:5:12 spec-unknown-provider \"clodflare\" is neither an account nor a provider "
        "type, did you mean \"cloudflare\"?"}},
      {"exception for a zone that is not there",
       "[[for]]\nzones = [\"exmple.com\"]\nttl = 60\n",
       {"z.toml:4:10 spec-for-zone \"exmple.com\" is none of the zones of this file, did you mean "
        "\"example.com\"?"}},
      {"unset of an unknown path",
       "[[stage]]\nat = 2026-12-06T00:00:00Z\nunset = [\"mail.sfp\"]\n",
       {}},
      {"unknown variable",
       "[[record]]\nname = \"www\"\ntype = \"TXT\"\nvalues = [\"a ${var.x}\", \"${nothing}\"]\n",
       {"z.toml:6:14 spec-placeholder no variable `x` for this zone",
        "z.toml:6:26 spec-placeholder unknown placeholder ${nothing}"}},
      {"placeholder that is not closed",
       "[[record]]\nname = \"www\"\ntype = \"TXT\"\nvalues = [\"${zone\"]\n",
       {"z.toml:6:12 spec-placeholder the placeholder that begins here has no closing brace"}},
  };
}

}  // namespace

TEST_CASE("a bad spec is told in words and with its place") {
  for (const BadCase& row : bad_cases()) {
    if (row.findings.empty()) continue;
    INFO(row.name);
    CHECK(evaluate_text(row.text).findings == row.findings);
  }
}

TEST_CASE("a label of 64 octets is told at its place") {
  const auto result = evaluate_text("[[record]]\nname = \"" + std::string(64, 'a') +
                                    "\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n");
  REQUIRE(result.findings.size() == 1);
  // The column is that of the octet which is one too many.
  CHECK(result.findings[0].substr(0, 23) == "z.toml:4:72 spec-name \"");
  CHECK(result.findings[0].find("63") != std::string::npos);
}

TEST_CASE("rdata that cannot be read is told at its column") {
  const auto result = evaluate_text(
      "[[record]]\nname = \"@\"\ntype = \"CAA\"\nvalues = [\"0 issue ca.example\", \"300 issue "
      "ca.example\"]\n");
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].substr(0, 34) == "z.toml:6:34 spec-record-value CAA ");
}

TEST_CASE("a spec that is not UTF-8 is told by octet, line and column") {
  const auto result = evaluate_text(
      "# b\xc3\xbc"
      "cher b\xfc"
      "cher\n");
  CHECK(result.findings == Lines{"z.toml:3:11 spec-encoding the octet 0xfc here is not UTF-8"});
}

TEST_CASE("a syntax error is told once and says that there may be more") {
  const spec::Project project = load_files({{"z.toml", zone_text("a = \nb = \n")}});
  REQUIRE(project.diagnostics.all().size() == 1);
  const base::Diagnostic& finding = project.diagnostics.all()[0];
  CHECK(finding.rule == "spec-syntax");
  CHECK(finding.pos.line == 3);
  CHECK(finding.hint == "the first of possibly several: reading stops at a syntax error");
}

TEST_CASE("all findings of a file are told at once") {
  const auto result = evaluate_text(
      "colour = 1\n[[mail.mx]]\nhost = \"192.0.2.1\"\npriority = 70000\n[mail.dmarc]\npolicy = "
      "\"rejct\"\n");
  CHECK(result.findings.size() == 4);
}

TEST_CASE("both places of a conflict are told") {
  const auto project = load_files({{"z.toml", zone_text(kMx + "[[record]]\nname = \"@\"\ntype = "
                                                              "\"CNAME\"\nvalues = [\"a.b\"]\n")}});
  base::Diagnostics diagnostics;
  spec::evaluate(project.zones.at(0), moment("2026-12-01T00:00:00Z"), diagnostics);
  REQUIRE(diagnostics.all().size() == 1);
  REQUIRE(diagnostics.all()[0].notes.size() == 1);
  CHECK(diagnostics.all()[0].notes[0].pos.text() == "z.toml:3:1");
}

TEST_CASE("a stage is checked before its time comes") {
  const spec::Project project = load_files(
      {{"z.toml", zone_text("[[stage]]\nat = 2026-12-06T00:00:00Z\nunset = [\"mail.sfp\"]\n"
                            "mail.mx = [{host = \"mail\", priority = 1}]\n")}});
  base::Diagnostics diagnostics;
  spec::moments(project.zones.at(0), diagnostics);
  CHECK(lines_of(diagnostics) ==
        Lines{"z.toml:5:10 spec-unset unset: \"mail.sfp\" is no path of a spec",
              "z.toml:6:20 spec-host the host \"mail\" could be a host of this zone or of the "
              "root"});
}
