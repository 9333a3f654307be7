// The go-live of examples/go-live on a real PowerDNS: done and undone, met by somebody else's
// changes, by a wrong key, by a server that is down or dies, and killed at every write of its own.
#include <csignal>
#include <regex>
#include <string>

#include "cli/transcript.hpp"
#include "support/catch.hpp"
#include "support/powerdns_server.hpp"
#include "support/process.hpp"
#include "support/tcp_relay.hpp"

namespace {

using namespace mxsmith::tests;

/// Wrapped lines joined: where a line ends depends on how long names are.
std::string in_one_line(const RunResult& result) {
  static const std::regex kSpace("\\s+");
  return std::regex_replace(result.out + " " + result.err, kSpace, " ");
}

/// The spec of the example, its zone at a server, and what is done with them.
class Desk {
 public:
  explicit Desk(const PowerdnsServer& server) : server_(server), url_(server.url()) {
    const fs::path example = fs::path(MXSMITH_SOURCE_DIR) / "examples/go-live";
    std::string spec = slurp(example / "example.com.toml");
    const std::string line = "provider = \"zonefile\"";
    spec.replace(spec.find(line), line.size(), "provider = \"powerdns\"");
    folder_.write("example.com.toml", spec);
    folder_.write("keys/s1.pem", slurp(example / "keys/s1.pem"));
    if (server.request("GET", "/zones/example.com.").status == 200) {
      static_cast<void>(server.request("DELETE", "/zones/example.com."));
    }
    server.create_zone("example.com", slurp(example / "example.com.zone"));
  }

  [[nodiscard]] std::string zone() const { return server_.zone("example.com"); }
  [[nodiscard]] fs::path state() const { return folder_.path() / ".mxsmith/powerdns/example.com"; }
  [[nodiscard]] RunOptions options(std::vector<std::string> args) const {
    RunOptions options = in_folder(folder_.path(), std::move(args));
    options.environment["PDNS_API_URL"] = url_;
    options.environment["PDNS_API_KEY"] = key_.empty() ? server_.key() : key_;
    options.without.insert(options.without.end(), {"http_proxy", "all_proxy", "PDNS_SERVER_NAME"});
    return options;
  }
  [[nodiscard]] RunResult mxsmith(std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, options(std::move(args)));
  }
  [[nodiscard]] RunResult apply() const { return mxsmith({"apply", "--yes"}); }
  /// An apply that is killed at the k-th write, fsync or rename; `count` gets how many there were.
  [[nodiscard]] RunResult apply_killed(const std::string& deed, long at) const {
    RunOptions doomed = options({"apply", "--yes"});
    doomed.environment["LD_PRELOAD"] = MXSMITH_FAULT_PRELOAD;
    doomed.environment["MXSMITH_FAULT_UNDER"] = folder_.path().string();
    doomed.environment["MXSMITH_FAULT_AT"] = std::to_string(at);
    doomed.environment["MXSMITH_FAULT_DO"] = deed;
    doomed.environment["MXSMITH_FAULT_COUNT_FILE"] = (count_.path() / "count").string();
    return run(MXSMITH_BINARY, doomed);
  }
  [[nodiscard]] long counted() const { return std::stol(count_.read("count")); }

  void speak_through(const TcpRelay& relay) { url_ = relay.url(); }
  void use_key(const std::string& key) { key_ = key; }
  /// Somebody else's change of one set.
  void put(const std::string& name, const std::string& type, const std::string& content) const {
    const auto answer = server_.request(
        "PATCH", "/zones/example.com.",
        R"({"rrsets":[{"name":")" + name + R"(","type":")" + type +
            R"(","ttl":300,"changetype":"REPLACE","records":[{"content":")" + content + "\"}]}]}");
    REQUIRE(answer.status == 204);
  }

 private:
  const PowerdnsServer& server_;
  std::string url_;
  std::string key_;
  TemporaryDirectory folder_;
  TemporaryDirectory count_;  // beside the folder: its own write is not counted
};

bool holds(const RunResult& result, const std::string& words) {
  return in_one_line(result).find(words) != std::string::npos;
}

TEST_CASE("the go-live on a real PowerDNS is planned, applied, empty, and undone", "[powerdns]") {
  const PowerdnsServer server;
  const Desk desk(server);
  const std::string before = desk.zone();
  CHECK(desk.mxsmith({"plan", "--detailed-exitcode"}).exit == 2);
  CHECK(desk.zone() == before);
  const auto applied = desk.apply();
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit == 0);
  CHECK(desk.zone() != before);
  CHECK(desk.zone().find("MX\t0 in.newmail.example.") != std::string::npos);
  CHECK(desk.mxsmith({"plan", "--detailed-exitcode"}).exit == 0);
  const auto back = desk.mxsmith({"rollback", "example.com", "--yes"});
  INFO(back.out << back.err);
  CHECK(back.exit == 0);
  CHECK(desk.zone() == before);
  CHECK(desk.mxsmith({"history", "--check"}).exit == 0);
}

TEST_CASE("comments and disabled records survive the go-live and its way back", "[powerdns]") {
  const PowerdnsServer server;
  const Desk desk(server);
  const auto patched = server.request(
      "PATCH", "/zones/example.com.",
      R"({"rrsets":[{"name":"example.com.","type":"MX","ttl":3600,"changetype":"REPLACE","records":[
          {"content":"10 Mx1.OldMail.net."},{"content":"20 mx2.oldmail.net."},
          {"content":"30 backup.isp.example."},{"content":"99 off.example.","disabled":true}],
          "comments":[{"content":"ticket 815","account":"kim","modified_at":1700000000}]}]})");
  REQUIRE(patched.status == 204);
  const auto mx = [&] {
    // An array of an object that no other set has a part of: from its comment to its type.
    const std::string body = server.request("GET", "/zones/example.com.").body;
    const auto at = body.find("ticket 815");
    return at == std::string::npos ? "" : body.substr(at, body.find("\"type\"", at) - at);
  };
  const std::string before = mx();
  REQUIRE(before.find("99 off.example.") != std::string::npos);
  REQUIRE(desk.apply().exit == 0);
  CHECK(mx().find("in.newmail.example") != std::string::npos);
  CHECK(mx().find("99 off.example.\", \"disabled\": true") != std::string::npos);
  REQUIRE(desk.mxsmith({"rollback", "example.com", "--yes"}).exit == 0);
  for (const char* words : {"10 Mx1.OldMail.net.", "99 off.example.\", \"disabled\": true"}) {
    CHECK(mx().find(words) != std::string::npos);
  }
}

TEST_CASE("somebody else's change stops a saved plan only where it touches it", "[powerdns]") {
  const PowerdnsServer server;
  const Desk desk(server);
  REQUIRE(desk.mxsmith({"plan", "--out", "plan.json"}).exit == 0);
  SECTION("at the MX records") {
    desk.put("example.com.", "MX", "5 other.example.");
    const std::string now = desk.zone();
    const auto stale = desk.mxsmith({"apply", "plan.json", "--yes"});
    INFO(stale.out << stale.err);
    CHECK(stale.exit == 5);
    CHECK(desk.zone() == now);
  }
  SECTION("elsewhere") {
    desk.put("new.example.com.", "A", "192.0.2.99");
    const auto applied = desk.mxsmith({"apply", "plan.json", "--yes"});
    INFO(applied.out << applied.err);
    CHECK(applied.exit == 0);
    CHECK(desk.zone().find("192.0.2.99") != std::string::npos);
  }
}

TEST_CASE("a wrong key is told, and never shown", "[powerdns]") {
  const PowerdnsServer server;
  Desk desk(server);
  desk.use_key("a-wrong-key-4711");
  const auto refused = desk.mxsmith({"plan"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit == 1);
  CHECK(holds(refused, "401"));
  CHECK(holds(refused, "PDNS_API_KEY"));
  CHECK_FALSE(holds(refused, "4711"));
}

TEST_CASE("with the server down nothing is planned", "[powerdns]") {
  PowerdnsServer server;
  const Desk desk(server);
  server.stop();
  const auto down = desk.mxsmith({"plan"});
  INFO(down.out << down.err);
  CHECK(down.exit == 1);
  CHECK(holds(down, "127.0.0.1"));
}

TEST_CASE("an answer that is lost is read back", "[powerdns]") {
  const PowerdnsServer server;
  Desk desk(server);
  TcpRelay relay(server.api_port());
  desk.speak_through(relay);
  relay.cut_next("PATCH", TcpRelay::Answer::waited_for);
  const auto applied = desk.apply();
  INFO(applied.out << applied.err);
  CHECK(relay.cuts() == 1);
  CHECK(applied.exit == 0);
  CHECK(desk.zone().find("MX\t0 in.newmail.example.") != std::string::npos);
}

TEST_CASE("a server killed in the middle of a PATCH leaves no doubt in the end", "[powerdns]") {
  PowerdnsServer server;
  Desk desk(server);
  TcpRelay relay(server.api_port());
  desk.speak_through(relay);
  const std::string before = desk.zone();
  relay.cut_next("PATCH", TcpRelay::Answer::not_awaited, [&] { server.kill(); });
  const auto cut = desk.apply();
  INFO(cut.out << cut.err);
  CHECK(relay.cuts() == 1);
  CHECK(cut.exit == 4);
  CHECK(holds(cut, "something may have been written"));
  CHECK(fs::exists(desk.state() / "journal.jsonl"));
  server.start();
  const auto next = desk.apply();
  INFO(next.out << next.err);
  CHECK(next.exit == 0);
  CHECK(holds(next, "was cut off"));
  CHECK_FALSE(fs::exists(desk.state() / "journal.jsonl"));
  CHECK(desk.zone() != before);
  CHECK(desk.zone().find("MX\t0 in.newmail.example.") != std::string::npos);
  CHECK(desk.mxsmith({"history", "--check"}).exit == 0);
}

TEST_CASE("killed at every write of the journal, the next run settles the zone at PowerDNS",
          "[powerdns]") {
  const PowerdnsServer server;
  long calls = 0;
  std::string before;
  std::string after;
  {
    const Desk whole(server);
    before = whole.zone();
    REQUIRE(whole.apply_killed("kill", 0).exit == 0);
    after = whole.zone();
    calls = whole.counted();
  }
  REQUIRE(before != after);
  REQUIRE(calls > 20);
  for (long at = 1; at <= calls; ++at) {
    const std::string deed = at % 2 == 0 ? "kill-after" : "torn-kill";
    INFO(deed << " at call " << at << " of " << calls);
    const Desk desk(server);
    REQUIRE(desk.apply_killed(deed, at).signal == SIGKILL);
    const std::string found = desk.zone();
    CHECK((found == before || found == after));
    const auto next = desk.apply();
    INFO(next.out << next.err);
    CHECK(next.exit == 0);
    CHECK(desk.zone() == after);
    CHECK(!fs::exists(desk.state() / "journal.jsonl"));
    const auto back = desk.mxsmith({"rollback", "example.com", "--yes"});
    INFO(back.out << back.err);
    CHECK(back.exit == 0);
    CHECK(desk.zone() == before);
  }
}

}  // namespace
