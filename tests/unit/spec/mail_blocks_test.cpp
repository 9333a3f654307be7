// mail.dane, mail.bimi and mail.clients.

#include "base/digest.hpp"
#include "mail/certificate.hpp"
#include "spec_case.hpp"
#include "support/certificates.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const std::string kMx =
    "[[mail.mx]]\nhost = \"mx1.@\"\npriority = 10\n"
    "[[mail.mx]]\nhost = \"mx.example.net\"\npriority = 20\n";

struct Server {
  Identity identity = make_identity();
  mail::Certificate read = mail::read_certificates(identity.certificate).value().front();

  [[nodiscard]] std::string key_digest() const { return base::sha256_hex(read.spki); }
};

Evaluated with_files(const std::string& text, std::map<std::string, std::string> files) {
  files["z.toml"] = zone_text(text);
  return evaluate_files(files);
}

}  // namespace

TEST_CASE("TLSA of the zone's own mail hosts, from a certificate") {
  const Server server;
  const auto result =
      with_files("ttl = \"1h\"\n" + kMx + "[mail.dane]\ncertificates = [\"certs/mx1.pem\"]\n",
                 {{"certs/mx1.pem", server.identity.certificate}});
  CHECK(result.findings == Lines{});
  CHECK(lines_of(result.desired).back() == "_25._tcp.mx1 TLSA 3600 3 1 1 " + server.key_digest());
}

TEST_CASE("TLSA as it is asked for") {
  const Server server;
  const Server next;
  const std::map<std::string, std::string> files = {{"a.pem", server.identity.certificate},
                                                    {"b.pem", next.identity.certificate},
                                                    {"ca.pem", server.identity.authority}};
  const std::string a = server.key_digest();
  const std::string whole = base::sha256_hex(server.read.der);
  const auto authority = mail::read_certificates(server.identity.authority).value().front();
  struct Row {
    const char* name;
    std::string text;
    Lines units;
  };
  const Row rows[] = {
      {"hosts and ports by name",
       "[mail.dane]\ncertificates = [\"a.pem\"]\nhosts = [\"a.@\", \"b.@\"]\nports = [25, 465]\n",
       {"_25._tcp.a TLSA - 3 1 1 " + a, "_465._tcp.a TLSA - 3 1 1 " + a,
        "_25._tcp.b TLSA - 3 1 1 " + a, "_465._tcp.b TLSA - 3 1 1 " + a}},
      {"the key of today and the next one",
       "[mail.dane]\ncertificates = [\"a.pem\"]\nkeys = [\"b.pem\"]\nhosts = [\"a.@\"]\n",
       {"_25._tcp.a TLSA - 3 1 1 " + a + " 3 1 1 " + next.key_digest()}},
      {"one key in two files is one record",
       "[mail.dane]\ncertificates = [\"a.pem\"]\nkeys = [\"a.pem\"]\nhosts = [\"a.@\"]\n",
       {"_25._tcp.a TLSA - 3 1 1 " + a}},
      {"all of the certificate",
       "[mail.dane]\ncertificates = [\"a.pem\"]\nselector = \"certificate\"\nhosts = [\"a.@\"]\n"
       "ttl = 300\n",
       {"_25._tcp.a TLSA 300! 3 0 1 " + whole}},
      {"the issuer's key",
       "[mail.dane]\ncertificates = [\"ca.pem\"]\nusage = \"dane-ta\"\nhosts = [\"a.@\"]\n",
       {"_25._tcp.a TLSA - 2 1 1 " + base::sha256_hex(authority.spki)}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto result = with_files(row.text, files);
    CHECK(result.findings == Lines{});
    CHECK(lines_of(result.desired) == row.units);
  }
}

TEST_CASE("what is wrong with mail.dane") {
  const Server server;
  const std::map<std::string, std::string> files = {
      {"a.pem", server.identity.certificate},
      {"secret.pem", server.identity.key},
      {"chain.pem", server.identity.certificate + server.identity.authority},
      {"empty.pem", ""}};
  struct Row {
    std::string text;
    std::string finding;
  };
  const Row rows[] = {
      {"[mail.dane]\n", "z.toml:3:1 spec-missing-key [mail.dane] names neither `certificates`"},
      {"[mail.dane]\ncertificates = [\"gone.pem\"]\nhosts = [\"a.@\"]\n",
       "z.toml:4:17 spec-file-missing there is no file gone.pem"},
      {"[mail.dane]\nkeys = [\"secret.pem\"]\nhosts = [\"a.@\"]\n",
       "z.toml:4:9 spec-dane secret.pem: a private key is in it"},
      {"[mail.dane]\ncertificates = [\"empty.pem\"]\nhosts = [\"a.@\"]\n",
       "z.toml:4:17 spec-dane empty.pem: no certificate is in it"},
      {"[mail.dane]\ncertificates = [\"chain.pem\"]\nusage = \"dane-ta\"\nhosts = [\"a.@\"]\n",
       "z.toml:4:17 spec-dane chain.pem: holds 2 certificates"},
      {"[mail.dane]\ncertificates = [\"a.pem\"]\n",
       "z.toml:3:1 spec-dane no MX that is declared here lies in the zone"},
      {"[mail.dane]\ncertificates = [\"a.pem\"]\nhosts = [\"mx.example.net\"]\n",
       "z.toml:5:10 spec-outside-zone the host \"mx.example.net\" is outside the zone"},
      {"[mail.dane]\ncertificates = [\"a.pem\"]\nhosts = [\"a.@\"]\nports = [0]\n",
       "z.toml:6:10 spec-range"},
      {"[mail.dane]\ncertificates = [\"a.pem\"]\nhosts = [\"a.@\"]\nusage = \"pkix-ee\"\n",
       "z.toml:6:9 spec-word"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto result = with_files(row.text, files);
    REQUIRE(result.findings.size() == 1);
    INFO(result.findings.front());
    CHECK(result.findings.front().rfind(row.finding, 0) == 0);
  }
}

TEST_CASE("BIMI by default and by selector") {
  struct Row {
    const char* name;
    std::string text;
    Lines units;
    Lines findings;
  };
  const Row rows[] = {
      {"a logo and its certificate",
       "[mail.bimi]\nlocation = \"https://example.com/logo.svg\"\n"
       "authority = \"https://example.com/vmc.pem\"\navatar = \"brand\"\n",
       {"default._bimi TXT:bimi - v=BIMI1; l=https://example.com/logo.svg; "
        "a=https://example.com/vmc.pem; avp=brand"},
       {}},
      {"none at all",
       "[mail.bimi]\ndecline = true\n",
       {"default._bimi TXT:bimi - v=BIMI1; l="},
       {}},
      {"another one alone",
       "[mail.bimi.selector.winter]\nlocation = \"https://example.com/w.svg\"\n",
       {"winter._bimi TXT:bimi - v=BIMI1; l=https://example.com/w.svg"},
       {}},
      {"nothing said",
       "[mail.bimi]\n",
       {},
       {"z.toml:3:1 spec-missing-key [mail.bimi] says no `location`"}},
      {"declined and named",
       "[mail.bimi]\ndecline = true\nlocation = \"https://example.com/w.svg\"\n",
       {},
       {"z.toml:5:12 spec-conflicting-keys mail.bimi declines to have a logo shown, and names "
        "one"}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto result = evaluate_text(row.text);
    CHECK(result.findings == row.findings);
    CHECK(lines_of(result.desired) == row.units);
  }
}

TEST_CASE("a logo that receivers would not fetch is refused at its line") {
  const auto result = evaluate_text(
      "[mail.bimi]\nlocation = \"https://example.com/logo.svg\"\nauthority = "
      "\"http://a.example\"\n");
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].rfind("z.toml:5:13 spec-bimi ", 0) == 0);
  CHECK(lines_of(result.desired) == Lines{});
}

TEST_CASE("how mail programs find their servers") {
  const auto result = evaluate_text(
      "[mail.clients]\nimaps = \"mail.@\"\nsubmissions = \"smtp.example.net:1465\"\n"
      "none = [\"imap\", \"pop3\", \"autodiscover_srv\"]\nautodiscover = \"auto.example.net\"\n"
      "autoconfig = \"mail.@\"\nttl = \"1h\"\n");
  CHECK(result.findings == Lines{});
  CHECK(lines_of(result.desired) ==
        Lines{"_autodiscover._tcp SRV 3600! 0 0 0 .", "_imap._tcp SRV 3600! 0 0 0 .",
              "_imaps._tcp SRV 3600! 0 1 993 mail.example.com.", "_pop3._tcp SRV 3600! 0 0 0 .",
              "_submissions._tcp SRV 3600! 0 1 1465 smtp.example.net.",
              "autoconfig CNAME 3600! mail.example.com.",
              "autodiscover CNAME 3600! auto.example.net."});
}

TEST_CASE("what is wrong with mail.clients") {
  struct Row {
    std::string text;
    std::string finding;
  };
  const Row rows[] = {
      {"imaps = \"mail.@:0\"\n", "z.toml:4:17 spec-clients \"0\" is no port"},
      {"imaps = \"mail.@:99999\"\n", "z.toml:4:17 spec-clients \"99999\" is no port"},
      {"imaps = \"mail\"\n", "z.toml:4:9 spec-host the host \"mail\" could be"},
      {"imaps = \"192.0.2.1\"\n", "z.toml:4:9 spec-host-address"},
      {"imaps = \".\"\n", "z.toml:4:9 spec-clients \".\" is no host"},
      {"none = [\"imsp\"]\n", "z.toml:4:9 spec-clients \"imsp\" is no service, did you mean"},
      {"imap = \"mail.@\"\nnone = [\"imap\"]\n",
       "z.toml:5:9 spec-conflicting-keys mail.clients offers imap at \"mail.@\""},
      {"autodiscover = \"autodiscover.@\"\n", "z.toml:4:16 spec-clients autodiscover names"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto result = evaluate_text("[mail.clients]\n" + row.text);
    REQUIRE(result.findings.size() == 1);
    INFO(result.findings.front());
    CHECK(result.findings.front().rfind(row.finding, 0) == 0);
  }
}

TEST_CASE("the policy that MTA-STS is to be served with is known beside its record") {
  const auto result = evaluate_text(kMx + "[mail.mta_sts]\nmode = \"enforce\"\nmax_age = \"2w\"\n");
  CHECK(result.findings == Lines{});
  REQUIRE(result.desired.mail.mta_sts.has_value());
  CHECK(mail::print_mta_sts_policy(*result.desired.mail.mta_sts) ==
        "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: mx.example.net\r\n"
        "max_age: 1209600\r\n");
  CHECK_FALSE(evaluate_text(kMx).desired.mail.mta_sts.has_value());
}
