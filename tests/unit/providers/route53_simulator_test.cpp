// The simulated Route 53 refuses what the real one refuses, in its words; nothing of a batch is
// done where one change of it is wrong.
#include "http/sigv4.hpp"
#include "route53_setup.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

std::string record_set(const std::string& name, const std::string& type, const std::string& ttl,
                       const std::vector<std::string>& values) {
  std::string text = "<ResourceRecordSet><Name>" + name + "</Name><Type>" + type + "</Type><TTL>" +
                     ttl + "</TTL><ResourceRecords>";
  for (const auto& value : values) {
    text += "<ResourceRecord><Value>" + route53_escape(value) + "</Value></ResourceRecord>";
  }
  return text + "</ResourceRecords></ResourceRecordSet>";
}

std::string change(const std::string& action, const std::string& set) {
  return "<Change><Action>" + action + "</Action>" + set + "</Change>";
}

std::string create(const std::string& name, const std::string& type,
                   const std::vector<std::string>& values) {
  return change("CREATE", record_set(name, type, "300", values));
}

class Asking {
 public:
  http::Request request(http::Method method, const std::string& target, const std::string& body) {
    http::Request request;
    request.method = method;
    request.url = Route53Simulator::url() + "/2013-04-01" + target;
    if (!body.empty()) request.headers = {{"Content-Type", "application/xml"}};
    request.body = body;
    signer_.authorize(request);
    return request;
  }
  /// What a batch is answered with.
  std::string batch(const std::string& changes) {
    const http::Response response = simulator.answer(
        request(http::Method::post, "/hostedzone/" + id + "/rrset/",
                "<ChangeResourceRecordSetsRequest "
                "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>" +
                    changes + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"));
    return std::to_string(response.status) + " " + response.body.text();
  }
  [[nodiscard]] std::size_t sets() const { return simulator.zone(id).sets.size(); }

  Route53Simulator simulator;
  std::string id = simulator.create_zone("example.com.");

 private:
  base::FixedClock clock_{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Secrets secrets_;
  http::SigV4Authorizer signer_{
      clock_, secrets_, {"us-east-1", "route53"}, [this] {
        return http::AwsCredentials{
            simulator.options().access_key_id, simulator.options().secret_access_key, {}, {}};
      }};
};

}  // namespace

TEST_CASE("Route 53 simulated: a request whose signature does not fit is refused") {
  Asking asking;
  const http::Request right =
      asking.request(http::Method::get, "/hostedzonesbyname?dnsname=example.com.", {});
  CHECK(asking.simulator.answer(right).status == 200);
  const std::pair<const char*, std::function<void(http::Request&)>> rows[] = {
      {"another target", [](http::Request& one) { one.url += "&maxitems=5"; }},
      {"another host", [](http::Request& one) { one.headers.set("Host", "evil.example"); }},
      {"another time",
       [](http::Request& one) { one.headers.set("X-Amz-Date", "20261205T120001Z"); }},
      {"another method", [](http::Request& one) { one.method = http::Method::post; }},
      {"a body", [](http::Request& one) { one.body = "x"; }},
      {"content type unsigned", [](http::Request& one) { one.headers.set("Content-Type", "x/y"); }},
      {"a token", [](http::Request& one) { one.headers.set("X-Amz-Security-Token", "t"); }},
      {"none", [](http::Request& one) { one.headers.set("Authorization", "Basic x"); }},
  };
  for (const auto& [name, spoil] : rows) {
    INFO(name);
    http::Request spoilt = right;
    spoil(spoilt);
    CHECK(asking.simulator.answer(spoilt).status == 403);
  }
}

TEST_CASE("Route 53 simulated: what is wrong in a batch is refused, and nothing is done") {
  std::string many;
  for (int i = 0; i < 1001; ++i)
    many += create("h" + std::to_string(i) + ".example.com.", "A", {"1.2.3.4"});
  std::string large;
  for (int i = 0; i < 9; ++i) {
    std::string text;
    for (int k = 0; k < 15; ++k) text += (k == 0 ? "\"" : " \"") + std::string(250, 'x') + "\"";
    large += create("t" + std::to_string(i) + ".example.com.", "TXT", {text});
  }
  const std::string long_text = "\"" + std::string(256, 'x') + "\"";
  const std::pair<std::string, std::string> rows[] = {
      {"", "there are no changes"},
      {change("REPLACE", record_set("a.example.com.", "A", "300", {"1.2.3.4"})),
       "no action REPLACE"},
      {create("a.example.com.", "LOC", {"x"}), "no type LOC"},
      {change("CREATE", record_set("a.example.com.", "A", "2147483648", {"1.2.3.4"})),
       "out of range"},
      {create("a.example.com.", "A", {}), "there are no records"},
      {"<Change><Action>CREATE</Action><ResourceRecordSet><Type>A</Type><Name>a.example.com.</Name>"
       "</ResourceRecordSet></Change>",
       "Invalid XML"},
      {many, "limit of 1000"},
      {large, "limit of 32000"},
      {create("a.example.org.", "A", {"1.2.3.4"}), "not permitted in zone example.com."},
      {create("a.example.com.", "A", {"1.2.3"}), "InvalidRecord"},
      {create("a.example.com.", "A", {"1.2.3.4", "1.2.3.4"}), "Duplicate Resource Record"},
      {create("a.example.com.", "TXT", {"bare"}), "enclosed in quotation marks"},
      {create("a.example.com.", "TXT", {long_text}), "CharacterStringTooLong"},
      {create("a.example.com.", "TXT", {"\"\\195\""}), "InvalidCharacterString"},
      {create("a.example.com.", "CAA", {"0 issue x.example"}), "CAAValueNotQuoted"},
      {create("example.com.", "CNAME", {"x."}), "not permitted at apex"},
      {create("\\052.example.com.", "NS", {"x."}), "wildcard"},
      {create("there.example.com.", "A", {"1.2.3.4"}), "but it already exists"},
      {create("THERE.example.com", "CNAME", {"x."}), "conflicts with other records"},
      {change("DELETE", record_set("none.example.com.", "A", "300", {"1.2.3.4"})), "not found"},
      {change("DELETE", record_set("there.example.com.", "A", "299", {"192.0.2.1"})),
       "do not match"},
      {change("DELETE", record_set("there.example.com.", "A", "300", {"192.0.2.2"})),
       "do not match"},
      {change("DELETE", record_set("example.com.", "NS", "172800",
                                   {"ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."})),
       "at least one NS record"},
  };
  for (const auto& [changes, words] : rows) {
    INFO(words);
    Asking asking;
    REQUIRE(asking.batch(create("there.example.com.", "A", {"192.0.2.1"})).starts_with("200"));
    const std::string answer = asking.batch(
        changes.empty() ? changes : create("ok.example.com.", "A", {"1.1.1.1"}) + changes);
    CHECK(answer.starts_with("400"));
    CHECK(answer.find(words) != std::string::npos);
    CHECK(asking.sets() == 3);
  }
}

TEST_CASE("Route 53 simulated: a CNAME may take a place that is made free in the same batch") {
  Asking asking;
  REQUIRE(asking.batch(create("a.example.com", "A", {"192.0.2.1"})).starts_with("200"));
  CHECK(asking
            .batch(change("DELETE", record_set("A.example.com.", "A", "300", {"192.0.2.1"})) +
                   create("a.example.com.", "CNAME", {"x."}))
            .starts_with("200"));
  CHECK(asking.batch(create("*.example.com.", "A", {"192.0.2.1"})).starts_with("200"));
  CHECK(asking.simulator.zone(asking.id).sets.begin()->second.name == "example.com.");
  CHECK(asking.simulator.zone(asking.id).changes == 3);
}
