// TLS-RPT and BIMI records, MX sets and the SRV sets of mail programs.
#include <string>
#include <vector>

#include "mail/bimi.hpp"
#include "mail/client_srv.hpp"
#include "mail/mx.hpp"
#include "mail/tag_list.hpp"
#include "mail/tls_rpt.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using base::Severity;

namespace {

struct Row {
  std::string text, rule;
  Severity severity;
  std::string at;
};

void check(const Row& row, const mail::Findings& findings) {
  INFO(row.text + " wants " + row.rule);
  const mail::Finding* finding = findings.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == row.severity);
  CHECK(row.text.substr(finding->at.offset, finding->at.length) == row.at);
}

std::vector<dns::Mx> mx_set(const std::vector<std::string>& texts) {
  std::vector<dns::Mx> set;
  for (const auto& text : texts) {
    set.push_back(std::get<dns::Mx>(dns::parse_rdata(dns::Type::MX, text, {}).value()));
  }
  return set;
}

dns::Srv srv(const std::string& text) {
  return std::get<dns::Srv>(dns::parse_rdata(dns::Type::SRV, text, {}).value());
}

std::string rules_of(const mail::Findings& findings) {
  std::string text;
  for (const auto& one : findings.all()) {
    text.append(text.empty() ? "" : " ").append(one.rule);
  }
  return text;
}

const mail::ClientService* service(const std::string& label) {
  return mail::client_service_of(dns::Name::of(label + "._tcp.example.com"));
}

}  // namespace

TEST_CASE("a TLS-RPT record lists where reports go") {
  const auto record =
      mail::parse_tls_rpt("v=TLSRPTv1;rua=mailto:t@example.com , https://example.net/r; x=1;");
  REQUIRE(record);
  const std::string text = mail::print_tls_rpt(*record);
  CHECK(text == "v=TLSRPTv1; rua=mailto:t@example.com,https://example.net/r; x=1");
  CHECK(mail::is_tls_rpt(text));
  CHECK(mail::parse_tls_rpt(text) == record);
  CHECK(record->rua[1].host() == "example.net");
}

TEST_CASE("each fault of a TLS-RPT record has its name, its weight and its place") {
  const std::string v = "v=TLSRPTv1; ";
  const auto row = GENERATE_REF(values<Row>({
      {"v=TLSRPTv2; rua=mailto:a@example.com", "tlsrpt-version", Severity::error, "v=TLSRPTv2"},
      {v, "tlsrpt-rua", Severity::error, v},
      {v + "rua=mailto:a@example.com,,mailto:b@example.com", "tlsrpt-rua", Severity::error, ""},
      {v + "rua=a@example.com", "tlsrpt-rua", Severity::error, "a@example.com"},
      {v + "rua=mailto:a@example.com!10m", "tlsrpt-rua", Severity::error, "!10m"},
      {v + "rua=http://example.com/r", "tlsrpt-rua-scheme", Severity::error,
       "http://example.com/r"},
      {v + "rua=https:///r", "tlsrpt-rua", Severity::error, "///r"},
      {v + "rua=mailto:a@example.com;;", "tlsrpt-syntax", Severity::error, ";"},
      {v + "rua=mailto:a@example.com; x", "tlsrpt-syntax", Severity::error, "x"},
      {v + "rua = mailto:a@example.com", "tlsrpt-syntax", Severity::error,
       "rua = mailto:a@example.com"},
      {v + "rua=mailto:a@example.com; x=", "tlsrpt-syntax", Severity::error, "x="},
  }));
  const auto reading = mail::read_tls_rpt(row.text);
  check(row, reading.findings);
  CHECK_FALSE(mail::parse_tls_rpt(row.text));
}

TEST_CASE("BIMI records show a logo or decline to") {
  const auto logo = mail::parse_bimi(
      "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem; avp=personal; lps=true");
  REQUIRE(logo);
  CHECK(logo->location == "https://example.com/l.svg");
  CHECK(logo->authority == "https://example.com/v.pem");
  CHECK_FALSE(logo->declines());
  CHECK(mail::parse_bimi(mail::print_bimi(*logo)) == logo);
  const auto declined = mail::parse_bimi("v=BIMI1; l=; a=;");
  REQUIRE(declined);
  CHECK(declined->declines());
  CHECK(mail::print_bimi(*declined) == "v=BIMI1; l=; a=");
}

TEST_CASE("each fault of a BIMI record has its name, its weight and its place") {
  const std::string good = "v=BIMI1; l=https://example.com/l.svg";
  const auto row = GENERATE_REF(values<Row>({
      {"v=bimi1; l=", "bimi-version", Severity::error, "v=bimi1"},
      {"v=BIMI1; a=", "bimi-syntax", Severity::error, "v=BIMI1; a="},
      {"v=BIMI1; l=http://example.com/l.svg", "bimi-syntax", Severity::error,
       "http://example.com/l.svg"},
      {"v=BIMI1; l=; a=https://example.com/v.pem", "bimi-syntax", Severity::error,
       "v=BIMI1; l=; a=https://example.com/v.pem"},
      {"v=BIMI1; l=;", "bimi-decline", Severity::info, "v=BIMI1; l=;"},
      {good, "bimi-no-vmc", Severity::info, good},
      {good + "; avp=x", "bimi-avp-value", Severity::warning, "x"},
      {good + "; lps=yes", "bimi-lps-value", Severity::warning, "yes"},
      {good + "; l=https://b.example/", "bimi-syntax", Severity::error, "l=https://b.example/"},
  }));
  check(row, mail::read_bimi(row.text).findings);
}

TEST_CASE("MX sets") {
  struct Case {
    std::vector<std::string> set;
    std::string rules;
  };
  const auto row = GENERATE(values<Case>({
      {{"10 a.example.com.", "20 b.example.com."}, ""},
      {{"0 ."}, "mx-null"},
      {{"5 ."}, "mx-null mx-null-pref"},
      {{"0 .", "10 a.example.com."}, "mx-null-mixed"},
      {{"10 a.example.com."}, "mx-single"},
      {{"0 a.example.com.", "1 b.example.com."}, "mx-pref-zero"},
      {{"10 a.example.com.", "10 b.example.com."}, "mx-pref-equal"},
      {{"10 a.example.com.", "20 A.example.com."}, "mx-duplicate"},
      {{"10 192.0.2.1.", "20 b.example.com."}, "mx-target-ip"},
      {{"10 [IPv6:2001:db8::1].", "20 b.example.com."}, "mx-target-ip"},
      {{"10 a_b.example.com.", "20 b.example.com."}, "mx-target-syntax"},
      {{"10 mail.", "20 b.example.com."}, "mx-target-unqualified"},
      {{}, ""},
  }));
  CHECK(rules_of(mail::check_mx(mx_set(row.set))) == row.rules);
}

TEST_CASE("a domain that takes no mail says so with one record") {
  CHECK(mail::refuses_mail({mail::null_mx()}));
  CHECK(mail::refuses_mail(mx_set({"10 ."})));
  CHECK_FALSE(mail::refuses_mail(mx_set({"0 .", "10 a.example.com."})));
  CHECK_FALSE(mail::refuses_mail({}));
  CHECK(dns::print_rdata(mail::null_mx()) == "0 .");
}

TEST_CASE("names of mail programs' services") {
  for (const auto& one : mail::client_services()) {
    const auto name = mail::client_srv_name(one, dns::Name::of("example.com"));
    REQUIRE(name.ok());
    INFO(name->text());
    CHECK(mail::client_service_of(*name) == &one);
    CHECK(mail::client_domain_of(*name) == dns::Name::of("example.com"));
    if (!one.encrypted.empty()) {
      const auto* better = service(std::string(one.encrypted));
      REQUIRE(better != nullptr);
      CHECK(better->tls == mail::ClientTls::implicit);
    }
  }
  CHECK(mail::client_service_of(dns::Name::of("_imaps._udp.example.com")) == nullptr);
  CHECK(mail::client_service_of(dns::Name::of("imaps._tcp.example.com")) == nullptr);
  CHECK(mail::client_service_of(dns::Name()) == nullptr);
  CHECK(mail::autodiscover_names(dns::Name::of("example.com")).size() == 2);
}

TEST_CASE("SRV sets of mail programs") {
  const auto rules = [](const std::string& label, const std::vector<dns::Srv>& set) {
    return rules_of(mail::check_client_srv(*service(label), set));
  };
  CHECK(rules("_imaps", {srv("0 1 993 imap.example.com.")}).empty());
  CHECK(rules("_imaps", {srv("0 1 143 imap.example.com.")}) == "srv-port");
  CHECK(rules("_imaps", {srv("0 1 993 192.0.2.1.")}) == "srv-target-ip");
  CHECK(rules("_imaps", {srv("0 1 993 a_b.example.com.")}) == "srv-target-syntax");
  CHECK(rules("_imap", {mail::not_offered()}) == "srv-not-offered");
  CHECK(rules("_imap", {mail::not_offered(), srv("0 1 143 imap.example.com.")}) == "srv-dot-mixed");

  const auto offered = [](const std::string& label, const std::string& text) {
    return mail::ClientSet{service(label), {srv(text)}};
  };
  const auto together = [](const std::vector<mail::ClientSet>& sets) {
    return rules_of(mail::check_client_sets(sets));
  };
  CHECK(together({offered("_imap", "0 1 143 a.example.")}) == "srv-cleartext");
  CHECK(together({offered("_imap", "0 1 143 a.example."),
                  offered("_imaps", "1 1 993 a.example.")}) == "srv-cleartext");
  CHECK(together({offered("_imap", "1 1 143 a.example."), offered("_imaps", "0 1 993 a.example.")})
            .empty());
  CHECK(together({offered("_imaps", "0 1 993 a.example.")}) == "srv-unavailable-noted");
  CHECK(together({offered("_imaps", "0 1 993 a.example."), offered("_imap", "0 0 0 .")}).empty());
}
