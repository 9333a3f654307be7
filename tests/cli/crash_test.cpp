// The go-live of examples/go-live, killed at every write, fsync and rename, and with a disk that
// fills at every one of them: the next run settles it, the zone ends wholly new, or after a
// rollback wholly old, and history tells which.
#include <csignal>
#include <regex>
#include <string>

#include "cli/transcript.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

namespace {

using namespace mxsmith::tests;

constexpr const char* kZoneFile = "example.com.zone";

/// The zone file with its serial, the first ten digits of the SOA, taken out.
std::string without_serial(const std::string& zone) {
  static const std::regex kSerial("\\b20[0-9]{8}\\b");
  return std::regex_replace(zone, kSerial, "SERIAL", std::regex_constants::format_first_only);
}

/// Wrapped lines joined: where a line ends depends on how long the folder's name is.
std::string in_one_line(const std::string& text) {
  static const std::regex kSpace("\\s+");
  return std::regex_replace(text, kSpace, " ");
}

/// A copy of the example, and what is done in it.
class GoLive {
 public:
  GoLive() {
    fs::copy(fs::path(MXSMITH_SOURCE_DIR) / "examples/go-live", folder_.path(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }

  [[nodiscard]] std::string zone() const { return without_serial(folder_.read(kZoneFile)); }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] fs::path state() const { return path() / ".mxsmith/zonefile/example.com"; }

  RunResult mxsmith(std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, in_folder(path(), std::move(args)));
  }
  RunResult apply() const { return mxsmith({"apply", "--yes"}); }

  /// An apply that meets its fate at the k-th call; `count` gets how many calls there were.
  RunResult apply_with_fault(const std::string& deed, long at) const {
    RunOptions options = in_folder(path(), {"apply", "--yes"});
    options.environment["LD_PRELOAD"] = MXSMITH_FAULT_PRELOAD;
    options.environment["MXSMITH_FAULT_UNDER"] = fs::canonical(path()).string();
    options.environment["MXSMITH_FAULT_AT"] = std::to_string(at);
    options.environment["MXSMITH_FAULT_DO"] = deed;
    options.environment["MXSMITH_FAULT_COUNT_FILE"] = (count_.path() / "count").string();
    return run(MXSMITH_BINARY, options);
  }
  [[nodiscard]] long counted() const { return std::stol(count_.read("count")); }

 private:
  TemporaryDirectory folder_;
  TemporaryDirectory count_;  // beside the folder: its own write is not counted
};

/// What the example is before and after, and how many calls an apply makes.
struct Expected {
  std::string old_zone;
  std::string new_zone;
  long calls = 0;
};

Expected expected() {
  GoLive whole;
  Expected expected;
  expected.old_zone = whole.zone();
  REQUIRE(whole.apply_with_fault("kill", 0).exit == 0);
  expected.new_zone = whole.zone();
  expected.calls = whole.counted();
  REQUIRE(expected.new_zone != expected.old_zone);
  REQUIRE(expected.calls > 20);
  return expected;
}

/// After a run that met its fate: one more apply and the zone is new, history says how it came
/// there, and rolling back everything that had an effect makes it old again.
void check_way_on(const GoLive& live, const Expected& expected) {
  const std::string found = live.zone();
  CHECK((found == expected.old_zone || found == expected.new_zone));
  const auto next = live.apply();
  INFO(next.out << next.err);
  CHECK(next.exit == 0);
  CHECK(live.zone() == expected.new_zone);
  CHECK(!fs::exists(live.state() / "journal.jsonl"));
  const auto history = live.mxsmith({"history", "example.com"});
  INFO(history.out);
  CHECK(history.exit == 0);
  CHECK(history.out.find(" applied ") != std::string::npos);
  CHECK(live.mxsmith({"history", "--check"}).exit == 0);
  const auto back = live.mxsmith({"rollback", "example.com", "--yes"});
  INFO(back.out << back.err);
  CHECK(back.exit == 0);
  CHECK(live.zone() == expected.old_zone);
}

TEST_CASE("killed at every write, fsync and rename, the next run settles it") {
  const Expected expected_states = expected();
  for (long at = 1; at <= expected_states.calls; ++at) {
    for (const char* deed : {"kill", "kill-after", "torn-kill"}) {
      INFO(deed << " at call " << at << " of " << expected_states.calls);
      GoLive live;
      const auto killed = live.apply_with_fault(deed, at);
      REQUIRE(killed.signal == SIGKILL);
      check_way_on(live, expected_states);
    }
  }
}

TEST_CASE("with a disk full at every write, the run says so and the next one settles it") {
  const Expected expected_states = expected();
  for (long at = 1; at <= expected_states.calls; ++at) {
    for (const char* deed : {"enospc", "enospc-half", "enospc-on"}) {
      INFO(deed << " at call " << at << " of " << expected_states.calls);
      GoLive live;
      const auto full = live.apply_with_fault(deed, at);
      INFO(full.out << full.err);
      CHECK(full.signal == 0);
      if (full.exit == 0) {
        // What was lost serves messages only, or was tidying up.
        CHECK(live.zone() == expected_states.new_zone);
      } else {
        CHECK(in_one_line(full.out + full.err).find("No space left on device") !=
              std::string::npos);
      }
      check_way_on(live, expected_states);
    }
  }
}

TEST_CASE("a rollback killed at every call ends wholly old or wholly new, and is never lost") {
  const Expected expected_states = expected();
  GoLive count;
  REQUIRE(count.apply().exit == 0);
  const auto rollback_with_fault = [](const GoLive& live, long at) {
    RunOptions options = in_folder(live.path(), {"rollback", "example.com", "--yes"});
    options.environment["LD_PRELOAD"] = MXSMITH_FAULT_PRELOAD;
    options.environment["MXSMITH_FAULT_UNDER"] = fs::canonical(live.path()).string();
    options.environment["MXSMITH_FAULT_AT"] = std::to_string(at);
    options.environment["MXSMITH_FAULT_DO"] = "kill";
    return run(MXSMITH_BINARY, options);
  };
  bool finished = false;
  for (long at = 1; at < 200 && !finished; ++at) {
    INFO("rollback killed at call " << at);
    GoLive live;
    REQUIRE(live.apply().exit == 0);
    const auto killed = rollback_with_fault(live, at);
    finished = killed.signal == 0;
    const std::string found = live.zone();
    CHECK((found == expected_states.old_zone || found == expected_states.new_zone));
    // A timer that runs now must not undo what the rollback achieved.
    const auto timer = live.apply();
    INFO(timer.out << timer.err);
    if (found == expected_states.old_zone) {
      CHECK(timer.exit == 3);
      CHECK(live.zone() == expected_states.old_zone);
    }
    CHECK(!fs::exists(live.state() / "journal.jsonl"));
  }
  CHECK(finished);
}

TEST_CASE("of two applies at once one works, and the other says who holds the lock") {
  GoLive live;
  RunOptions first_options = in_folder(live.path(), {"apply"});
  first_options.console = Console::terminal;
  Process first(MXSMITH_BINARY, first_options);
  REQUIRE(first.wait_for("yes"));
  const auto second = live.apply();
  INFO(second.out << second.err);
  CHECK(second.exit == 1);
  const std::string words = second.out + second.err;
  CHECK(words.find("example.com") != std::string::npos);
  CHECK(words.find("pid " + std::to_string(first.pid())) != std::string::npos);
  first.type("yes\n");
  const auto result = first.finish();
  INFO(result.out);
  CHECK(result.exit == 0);
  CHECK(live.zone() == expected().new_zone);
}

}  // namespace
