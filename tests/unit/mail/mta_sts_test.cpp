// MTA-STS: the record, the policy file, and the hosts it names.
#include "mail/mta_sts.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "mail/tag_list.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using base::Severity;

namespace {

mail::MxPattern pattern(const std::string& text) { return mail::parse_mx_pattern(text).value(); }

mail::MtaStsPolicy policy_of(mail::MtaStsMode mode, const std::vector<std::string>& mx) {
  mail::MtaStsPolicy policy;
  policy.mode = mode;
  policy.max_age = 86400;
  for (const auto& host : mx) policy.mx.push_back(pattern(host));
  return policy;
}

}  // namespace

TEST_CASE("an MTA-STS policy is text of lines that end in CRLF, and is read from either ending") {
  auto policy = policy_of(mail::MtaStsMode::enforce, {"mx1.example.com", "*.example.net"});
  const std::string text =
      "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.example.net\r\n"
      "max_age: 86400\r\n";
  CHECK(mail::print_mta_sts_policy(policy) == text);
  CHECK(mail::parse_mta_sts_policy(text) == policy);
  std::string lf = text;
  lf.erase(std::remove(lf.begin(), lf.end(), '\r'), lf.end());
  CHECK(mail::parse_mta_sts_policy(lf) == policy);
  lf.pop_back();
  CHECK(mail::parse_mta_sts_policy(lf) == policy);
  CHECK(mail::parse_mta_sts_policy("max_age:86400\nmode:none\nversion:STSv1\nx.y_z-1: a b")
            ->extensions == mail::ExtensionFields{{"x.y_z-1", "a b"}});
}

TEST_CASE("each fault of an MTA-STS policy has its name, its weight and its place") {
  struct Row {
    std::string text, rule;
    Severity severity;
    std::string at;
  };
  const std::string head = "version: STSv1\nmode: enforce\nmx: mx.example.com\n";
  const std::string good = head + "max_age: 604800\n";
  const auto row = GENERATE_REF(values<Row>({
      {"version: STSv2\nmode: none\nmax_age: 604800\n", "sts-policy-syntax", Severity::error,
       "STSv2"},
      {"version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 604800\n", "sts-policy-syntax",
       Severity::error, "Enforce"},
      {head, "sts-policy-syntax", Severity::error, head},
      {"version: STSv1\nmode: testing\nmax_age: 604800", "sts-policy-syntax", Severity::error,
       "version: STSv1\nmode: testing\nmax_age: 604800"},
      {head + "max_age: 1y\n", "sts-policy-syntax", Severity::error, "1y"},
      {head + "max_age: 31557601\n", "sts-max-age", Severity::error, "31557601"},
      {head + "max_age: 9999999999\n", "sts-max-age", Severity::error, "9999999999"},
      {head + "max_age: 86399\n", "sts-max-age-low", Severity::warning, "86399"},
      {"version: STSv1\nmode: testing\nmx: a.example\nmax_age: 604801\n", "sts-max-age-high",
       Severity::info, "604801"},
      {good + "mx: mx1.*.example\n", "sts-mx-syntax", Severity::error, "mx1.*.example"},
      {good + "mx: mx_1.example\n", "sts-mx-syntax", Severity::error, "mx_1.example"},
      {good + "mx: localhost\n", "sts-mx-syntax", Severity::error, "localhost"},
      {good + "mx: MX.example.com\n", "sts-mx-duplicate", Severity::info, "mx: MX.example.com"},
      {good + "mode: none\n", "sts-duplicate", Severity::warning, "mode: none"},
      {good + "no field\n", "sts-policy-syntax", Severity::error, "no field"},
      {good + "-x: 1\n", "sts-policy-syntax", Severity::error, "-x: 1"},
      {good + "x:\n", "sts-policy-syntax", Severity::error, "x:"},
      {good + "\nx: 1\n", "sts-policy-line", Severity::warning, ""},
      {"mode: none\nversion: STSv1\nmax_age: 604800\n", "sts-policy-order", Severity::info,
       "mode: none\nversion: STSv1\nmax_age: 604800\n"},
      {good + std::string(65536, 'x'), "sts-policy-size", Severity::error,
       std::string(good.size(), 'x')},
  }));
  INFO(row.text.substr(0, 200) + " wants " + row.rule);
  const auto reading = mail::read_mta_sts_policy(row.text);
  const mail::Finding* finding = reading.findings.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == row.severity);
  CHECK(row.text.substr(finding->at.offset, finding->at.length) == row.at);
  CHECK(mail::parse_mta_sts_policy(row.text).has_value() == !reading.findings.has_errors());
}

TEST_CASE("of a field that stands twice the first counts") {
  const auto policy = mail::parse_mta_sts_policy(
      "version: STSv1\nmode: enforce\nmode: none\nmx: a.example\nmax_age: 604800\nmax_age: 1\n");
  REQUIRE(policy);
  CHECK(policy->mode == mail::MtaStsMode::enforce);
  CHECK(policy->max_age == 604800);
}

TEST_CASE("each fault of an MTA-STS record has its name, its weight and its place") {
  struct Row {
    std::string text, rule;
    Severity severity;
    std::string at;
  };
  const auto row = GENERATE(values<Row>({
      {"v=STSv2; id=1", "sts-version", Severity::error, "v=STSv2"},
      {"v = STSv1; id=1", "sts-version", Severity::error, "v = STS"},
      {"v=STSv1;", "sts-id", Severity::error, "v=STSv1;"},
      {"v=STSv1; id=", "sts-id", Severity::error, ""},
      {"v=STSv1; id=a-b", "sts-id", Severity::error, "a-b"},
      {"v=STSv1; id=123456789012345678901234567890123", "sts-id", Severity::error,
       "123456789012345678901234567890123"},
      {"v=STSv1; id=1;;", "sts-record-syntax", Severity::error, ";"},
      {"v=STSv1; id=1; x", "sts-record-syntax", Severity::error, "x"},
      {"v=STSv1; id = 1", "sts-record-syntax", Severity::error, "id = 1"},
      {"v=STSv1; id=1; _x=1", "sts-record-syntax", Severity::error, "_x=1"},
      {"v=STSv1; id=1; x=a=b", "sts-record-syntax", Severity::error, "x=a=b"},
      {"v=STSv1; id=1; id=2", "sts-duplicate", Severity::warning, "id=2"},
      {"v=STSv1 ; id=1", "sts-record-spacing", Severity::warning, " "},
      {"\"v=STSv1; id=1\"", "txt-literal-quotes", Severity::error, "\"v=STSv1; id=1\""},
  }));
  INFO(row.text + " wants " + row.rule);
  const auto reading = mail::read_mta_sts_record(row.text);
  const mail::Finding* finding = reading.findings.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == row.severity);
  CHECK(row.text.substr(finding->at.offset, finding->at.length) == row.at);
}

TEST_CASE("the id of an MTA-STS policy changes exactly when its text does") {
  const auto policy = policy_of(mail::MtaStsMode::testing, {"mx1.example.com"});
  auto other = policy;
  CHECK(mail::mta_sts_id(policy) == mail::mta_sts_id(other));
  other.mode = mail::MtaStsMode::enforce;
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));
  other = policy;
  other.max_age = 86401;
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));
  other = policy;
  other.mx = {pattern("mx2.example.com")};
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));

  const std::string id = mail::mta_sts_id(policy);
  CHECK(id.size() == 20);
  CHECK(std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; }));
  const std::string record = mail::print_mta_sts_record(policy);
  CHECK(record == "v=STSv1; id=" + id);
  REQUIRE(mail::parse_mta_sts_record(record));
  CHECK(mail::parse_mta_sts_record(record)->id == id);
  CHECK(mail::is_mta_sts(record));
}

TEST_CASE("a star stands for one whole label") {
  const auto policy = policy_of(mail::MtaStsMode::enforce, {"mx.example.com", "*.example.net"});
  const auto allows = [&](const char* host) { return policy.allows(dns::Name::of(host)); };
  CHECK(allows("MX.example.com."));
  CHECK(allows("a.example.net"));
  CHECK_FALSE(allows("a.b.example.net"));
  CHECK_FALSE(allows("example.net"));
  CHECK_FALSE(allows("mx2.example.com"));
  CHECK_FALSE(allows("."));
  for (const char* wrong : {"*", "*.", "", ".", "m*.example", "**.example", "a..b", "-a.example",
                            "a-.example", "192.0.2.1 ", "*.*.example"}) {
    INFO(wrong);
    CHECK_FALSE(mail::parse_mx_pattern(wrong).ok());
  }
  CHECK(pattern("*.Example.NET.").text() == "*.example.net");
}

TEST_CASE("what changes from one MTA-STS policy to the next") {
  using Effect = mail::Difference::Effect;
  using mail::MtaStsMode;
  const auto before = policy_of(MtaStsMode::testing, {"mx1.example.com", "*.example.net"});
  const auto effects = [&](const mail::MtaStsPolicy& after) {
    std::string text;
    for (const auto& one : mail::compare_mta_sts(before, after)) {
      text += one.tag + (one.effect == Effect::weaker     ? "-"
                         : one.effect == Effect::stricter ? "+"
                                                          : "=");
    }
    return text;
  };
  CHECK(effects(before).empty());
  CHECK(effects(policy_of(MtaStsMode::enforce, {"mx1.example.com", "*.example.net"})) == "mode+");
  CHECK(effects(policy_of(MtaStsMode::none, {"mx1.example.com", "*.example.net"})) == "mode-");
  CHECK(effects(policy_of(MtaStsMode::testing, {"*.example.net"})) == "mx+");
  CHECK(effects(policy_of(MtaStsMode::testing,
                          {"mx1.example.com", "*.example.net", "mx2.example.com"})) == "mx=");
  // A host that the star covers anyway is none that is new.
  CHECK(
      effects(policy_of(MtaStsMode::testing, {"mx1.example.com", "*.example.net", "a.example.net"}))
          .empty());
  auto longer = before;
  longer.max_age = 604800;
  CHECK(effects(longer) == "max_age+");
}
