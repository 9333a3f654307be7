// What a run says to a provider: shown, recorded and replayed, always without the credential.
#include "support/catch.hpp"
#include "support/hostile_server.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

constexpr const char* kKey = "hush-hush-key";

RunResult import_zone(const TemporaryDirectory& folder, std::vector<std::string> more) {
  std::vector<std::string> args = {"import", "example.com", "--provider", "pdns"};
  args.insert(args.end(), more.begin(), more.end());
  RunOptions options = in_folder(folder.path(), args);
  options.environment["TEST_KEY"] = kKey;
  options.without.insert(options.without.end(), {"http_proxy", "all_proxy", "ALL_PROXY"});
  return run(MXSMITH_BINARY, options);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("exchanges are shown, recorded and replayed without the credential") {
  const TemporaryDirectory folder;
  RunResult traced;
  {
    // A server that repeats the key it was given, as some do in their errors.
    HostileServer server({serve([](const std::string&) {
      return answer(401, std::string("{\"error\":\"bad key ") + kKey + " \x1b[31m\"}");
    })});
    folder.write("mxsmith.toml", "[accounts.pdns]\ntype = \"powerdns\"\nurl = \"" + server.url("") +
                                     "\"\napi_key = { env = \"TEST_KEY\" }\n");
    traced = import_zone(folder, {"--trace-http", "--record-http", "wire.jsonl"});
    INFO(traced.out << traced.err);
    REQUIRE(traced.exit == 1);
    REQUIRE_FALSE(server.requests().empty());
    CHECK(holds(server.requests().front(), kKey));
  }
  INFO(traced.out << traced.err);
  const std::string recording = folder.read("wire.jsonl");
  for (const std::string& text : {traced.out, traced.err, recording}) {
    CHECK_FALSE(holds(text, kKey));
    CHECK_FALSE(holds(text, "\x1b"));
  }
  CHECK(holds(traced.err, "> X-API-Key: [hidden]\n"));
  CHECK(holds(traced.err, "< 401 (after "));
  CHECK((fs::status(folder.path() / "wire.jsonl").permissions() & fs::perms::group_read) ==
        fs::perms::none);

  // The server is gone: the answer comes from the recording.
  const auto replayed = import_zone(folder, {"--replay-http", "wire.jsonl"});
  INFO(replayed.err);
  CHECK(replayed.exit == 1);
  CHECK(holds(replayed.err, "401"));
  CHECK_FALSE(holds(replayed.err, "connect"));

  const auto again = import_zone(folder, {"--record-http", "wire.jsonl"});
  CHECK(again.exit == 1);
  CHECK(holds(again.err, "there already"));
  CHECK(folder.read("wire.jsonl") == recording);
}

}  // namespace mxsmith::tests
