// AWS Signature Version 4: AWS's own examples, read where they lie (MXSMITH_SHARED, by default
// ../shared beside the repository), and what the authorizer makes of it.
#include "http/sigv4.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"

namespace {

using namespace mxsmith;
using http::AwsCredentials;
namespace fs = std::filesystem;

const AwsCredentials kExample{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}, {}};

base::Instant example_time() { return *base::parse_instant("2015-08-30T12:36:00Z"); }

fs::path shared_data() {
  const char* set = std::getenv("MXSMITH_SHARED");
  const fs::path root = set != nullptr ? fs::path(set) : fs::path(MXSMITH_SOURCE_DIR) / "../shared";
  return root / "data";
}

/// Whether the examples are there; says aloud that they are not.
bool examples_are_there() {
  if (fs::exists(shared_data() / "sigv4")) return true;
  std::cerr << "NOT RUN: the examples of AWS Signature Version 4, there is no "
            << (shared_data() / "sigv4").string() << " (set MXSMITH_SHARED)\n";
  const char* demand = std::getenv("MXSMITH_DEMAND_SHARED");
  if (demand != nullptr && std::string(demand) == "1") FAIL("the examples are demanded");
  return false;
}

/// A request as it stands in a file: request line, header fields, of which some are folded, body.
struct Example {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

Example parse_example(const std::string& text) {
  Example example;
  const std::size_t end = std::min(text.find("\n\n"), text.size());
  if (end + 2 <= text.size()) example.body = text.substr(end + 2);
  const auto lines = base::split(text.substr(0, end), '\n');
  const std::string& first = lines.front();
  const std::size_t method = first.find(' ');
  example.method = first.substr(0, method);
  example.target = first.substr(method + 1, first.rfind(' ') - method - 1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    if (lines[i].front() == ' ') {
      example.headers.back().second += " " + std::string(base::trim(lines[i]));
      continue;
    }
    const std::size_t colon = lines[i].find(':');
    example.headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
  }
  return example;
}

void check_example(const fs::path& folder) {
  const std::string name = folder.filename().string();
  INFO(folder.string());
  const auto file = [&](const char* ending) { return folder / (name + ending); };
  Example example = parse_example(base::read_file(file(".req")));
  const std::string canonical = base::read_file(file(".creq"));
  // One example leaves the token out of the request and expects it signed.
  constexpr std::string_view kToken = "x-amz-security-token:";
  const std::size_t token = canonical.find(kToken);
  if (token != std::string::npos && name == "get-vanilla-with-session-token") {
    const std::size_t begin = token + kToken.size();
    example.headers.emplace_back("X-Amz-Security-Token",
                                 canonical.substr(begin, canonical.find('\n', begin) - begin));
  }
  const auto made =
      http::sign_sigv4({example.method, example.target, example.headers, example.body}, kExample,
                       {"us-east-1", "service"}, example_time());
  CHECK(made.canonical_request == canonical);
  CHECK(made.string_to_sign == base::read_file(file(".sts")));
  CHECK(made.authorization == base::read_file(file(".authz")));
}

struct Signed {
  base::FixedClock clock{example_time()};
  http::Secrets secrets;
  std::vector<AwsCredentials> given{kExample};
  std::size_t fetched = 0;
  http::SigV4Authorizer authorizer{clock, secrets, {"us-east-1", "route53"}, [this] {
                                     const std::size_t at = std::min(fetched, given.size() - 1);
                                     ++fetched;
                                     return given[at];
                                   }};

  http::Request sign(http::Request request) {
    authorizer.authorize(request);
    return request;
  }
};

http::Request get(const std::string& url) {
  http::Request request;
  request.url = url;
  return request;
}

std::string signature_of(const http::Request& request) {
  const std::string& value = *request.headers.find("Authorization");
  return value.substr(value.find("Signature=") + 10);
}

}  // namespace

TEST_CASE("HMAC-SHA-256 by the examples of RFC 4231") {
  CHECK(base::hex(base::hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(base::hex(base::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(base::hex(base::hmac_sha256(std::string(131, '\xaa'),
                                    "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("requests are signed as in AWS's examples") {
  if (!examples_are_there()) return;
  std::size_t checked = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shared_data() / "sigv4")) {
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    if (!fs::exists(entry.path() / (name + ".creq"))) continue;
    check_example(entry.path());
    ++checked;
  }
  CHECK(checked == 34);
}

TEST_CASE("requests to Route 53 are signed, with and without a session") {
  Signed setup;
  const auto listed = setup.sign(get(
      "https://route53.amazonaws.com/2013-04-01/hostedzonesbyname?dnsname=example.org.&maxitems="
      "100"));
  CHECK(signature_of(listed) == "628e3276741770c676af2f81a94b96c11e612b2533a9dccca6727440786570ff");
  CHECK(*listed.headers.find("Host") == "route53.amazonaws.com");
  CHECK(*listed.headers.find("X-Amz-Date") == "20150830T123600Z");
  CHECK(listed.headers.find("X-Amz-Security-Token") == nullptr);
  if (!examples_are_there()) return;
  Signed session;
  session.given.front().session_token = "AQoDYXdzEPT";
  http::Request change =
      get("https://route53.amazonaws.com/2013-04-01/hostedzone/Z0123456789EXAMPLE/rrset/");
  change.method = http::Method::post;
  change.headers = {{"Accept", "text/xml"}, {"Content-Type", "application/xml"}};
  change.body = base::trim(base::read_file(shared_data() / "sigv4-route53-body.xml"));
  const auto sent = session.sign(change);
  CHECK(signature_of(sent) == "02402db7516f166703a0954c600b1fb86e592897e81d735c878fbd08f6efc5d4");
  CHECK(*sent.headers.find("X-Amz-Security-Token") == "AQoDYXdzEPT");
}

TEST_CASE("ports that go without saying are not in the host that is signed") {
  Signed setup;
  const std::pair<const char*, const char*> rows[] = {
      {"https://Route53.example:443/x", "route53.example"},
      {"http://route53.example:80/x", "route53.example"},
      {"http://127.0.0.1:8443/x", "127.0.0.1:8443"},
      {"https://route53.example", "route53.example"},
  };
  for (const auto& [url, host] : rows) {
    INFO(url);
    CHECK(*setup.sign(get(url)).headers.find("Host") == host);
  }
}

TEST_CASE("credentials are fetched once, and again before they expire") {
  Signed setup;
  setup.given.front().expire = example_time() + base::Seconds(3600);
  setup.given.push_back({"AKIDNEXT", "another-secret", "another-token", {}});
  for (int i = 0; i < 3; ++i) setup.sign(get("https://x/"));
  CHECK(setup.fetched == 1);
  setup.clock.sleep_for(std::chrono::minutes(56));
  const auto later = setup.sign(get("https://x/"));
  CHECK(setup.fetched == 2);
  CHECK(later.headers.find("Authorization")->find("AKIDNEXT") != std::string::npos);
  CHECK(setup.secrets.hide("another-secret another-token") == "[hidden] [hidden]");
  CHECK_FALSE(setup.authorizer.drop_expired());
}

TEST_CASE("credentials that the server calls expired are fetched again") {
  Signed setup;
  setup.given.front().expire = example_time() + base::Seconds(3600);
  CHECK_FALSE(setup.authorizer.drop_expired());
  setup.sign(get("https://x/"));
  CHECK(setup.authorizer.drop_expired());
  setup.sign(get("https://x/"));
  CHECK(setup.fetched == 2);
}

TEST_CASE("a clock that is wrong is corrected by the server's") {
  Signed setup;
  const auto before = setup.sign(get("https://x/"));
  CHECK_FALSE(setup.authorizer.correct_clock({403, {}, {}}));
  CHECK_FALSE(
      setup.authorizer.correct_clock({403, {{"Date", "Sun, 30 Aug 2015 12:37:00 GMT"}}, {}}));
  const http::Response refusal{403, {{"Date", "Sun, 30 Aug 2015 13:36:00 GMT"}}, {}};
  CHECK(setup.authorizer.correct_clock(refusal));
  CHECK(*setup.sign(get("https://x/")).headers.find("X-Amz-Date") == "20150830T133600Z");
  // Once is enough: a secret that is wrong stays wrong.
  CHECK_FALSE(setup.authorizer.correct_clock(refusal));
}
