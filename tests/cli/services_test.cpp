// The commands about mail services, as somebody sees them who does not know them yet.
#include "support/catch.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

RunResult mxsmith_in(const TemporaryDirectory& place, std::vector<std::string> args) {
  return run(MXSMITH_BINARY, in_folder(place.path(), std::move(args)));
}

constexpr const char* kZone =
    "$TTL 1h\n"
    "@ IN SOA ns1 hostmaster 1 2h 15m 2w 1h\n"
    "@ IN NS ns1\n"
    "ns1 IN A 192.0.2.53\n"
    "@ IN MX 10 in1-smtp.messagingengine.com.\n"
    "@ IN MX 20 in2-smtp.messagingengine.com.\n"
    "@ IN TXT \"v=spf1 include:spf.messagingengine.com ?all\"\n"
    "@ IN TXT \"google-site-verification=\\027[31mred\"\n"
    "fm1._domainkey IN CNAME fm1.example.com.dkim.fmhosted.com.\n";

}  // namespace

TEST_CASE("services: the catalogue says which entries nobody has confirmed") {
  const TemporaryDirectory place;
  const auto list = mxsmith_in(place, {"services"});
  CHECK(list.exit == 0);
  CHECK(has(list.out, "google-workspace"));
  CHECK(has(list.out, "UNVERIFIED"));
  const auto one = mxsmith_in(place, {"services", "freshdesk"});
  CHECK(one.exit == 0);
  CHECK(has(one.out, "UNVERIFIED     nobody has confirmed this entry"));
  CHECK(has(one.out, "account   needed:"));
  const auto unsure = mxsmith_in(place, {"services", "zoho"});
  CHECK(has(unsure.out, "jp (not confirmed)"));
  const auto slip = mxsmith_in(place, {"services", "fastmial"});
  CHECK(slip.exit == 1);
  CHECK(has(slip.err, "did you mean `fastmail`?"));
}

TEST_CASE("services detect: a zone file, named by its path") {
  const TemporaryDirectory place;
  place.write("example.com.zone", kZone);
  const auto found = mxsmith_in(place, {"services", "detect", "example.com.zone"});
  INFO(found.err);
  CHECK(found.exit == 0);
  CHECK(has(found.out, "fastmail   Fastmail: takes in mail and sends"));
  CHECK(has(found.out, "fm2._domainkey CNAME fm2.example.com.dkim.fmhosted.com."));
  // A token alone says little, and what stands in a zone is hostile text.
  CHECK(has(found.out, "nothing says that it sends or takes in mail"));
  CHECK(has(found.out, "\\027[31mred"));
  CHECK_FALSE(has(found.out, "\x1b[31m"));
  const auto json =
      mxsmith_in(place, {"services", "detect", "example.com.zone", "--format", "json"});
  CHECK(has(json.out, "\"kind\": \"detected_services\""));
  CHECK(has(json.out, "\"receives\": true"));
  const auto markdown =
      mxsmith_in(place, {"services", "detect", "example.com.zone", "--format", "markdown"});
  CHECK(has(markdown.out, "```text\nexample.com"));
}

TEST_CASE("services detect: a file that does not say which zone it is, and nothing at all") {
  const TemporaryDirectory place;
  place.write("backup", kZone);
  const auto asked = mxsmith_in(place, {"services", "detect", "backup"});
  CHECK(asked.exit == 1);
  CHECK(has(asked.err, "--zone example.com"));
  const auto told = mxsmith_in(place, {"services", "detect", "backup", "--zone", "example.com"});
  CHECK(has(told.out, "fastmail"));
  CHECK(mxsmith_in(place, {"services", "detect", "nothing/here"}).exit == 1);
}

TEST_CASE("services: a project's own entries join the catalogue, and their faults have places") {
  const TemporaryDirectory place;
  place.write("mxsmith.toml", "services = \"mine\"\n");
  place.write("mine/post.toml",
              "name = \"Example Post\"\nkind = \"sender\"\nverified = true\n"
              "[spf]\nterms = [\"include:spf.post.example\"]\n");
  CHECK(has(mxsmith_in(place, {"services"}).out, "your own"));
  CHECK(has(mxsmith_in(place, {"services", "post"}).out, "services = [\"post\"]"));
  place.write("mine/post.toml", "name = \"Example Post\"\nkind = \"postman\"\nverified = true\n");
  const auto wrong = mxsmith_in(place, {"services"});
  CHECK(wrong.exit == 1);
  CHECK(has(wrong.err, "mine/post.toml:2:8: error: kind is \"postman\""));
}

}  // namespace mxsmith::tests
