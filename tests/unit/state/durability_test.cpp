// Killing a run, and filling its disk, at every single write, fsync and rename of an entry.
//
// The worker is this very program, started with fault_preload.cpp; what it "sends" it notes in a
// file outside the folders that are counted, as a provider would have it.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "sample.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using state::EntryStatus;

namespace {

/// What an engine does with a step: announce it, send it, note the outcome.
void send_step(state::Journal& journal, std::size_t step, const fs::path& sent) {
  journal.intended(step, kStart);
  std::ofstream(sent, std::ios::app) << step << "\n";
  journal.outcome({step, {state::ChangeState::applied}, "", kStart});
}

void work(const fs::path& directory, const fs::path& sent) {
  const auto store = state::file_store(directory);
  const auto lock = store->lock(kZone, kim());
  const auto journal = store->begin(kZone, kim(), sample_plan(), {}, kStart);
  send_step(*journal, 0, sent);
  send_step(*journal, 1, sent);
  journal->read_back({}, kStart);
  journal->end(EntryStatus::applied, sample_manifest("new"), kStart);
}

struct Run {
  RunResult result;
  std::size_t counted = 0;
  std::size_t sent = 0;
  std::string error;
};

/// A worker in a folder that already has one sealed entry.
Run run_worker(const TemporaryDirectory& directory, const std::string& deed, std::size_t at) {
  const fs::path store = directory.path() / "state";
  run_entry(*state::file_store(store), "old");
  RunOptions options;
  options.args = {"worker of the durability tests"};
  options.environment = {{"LD_PRELOAD", MXSMITH_FAULT_PRELOAD},
                         {"MXSMITH_FAULT_UNDER", fs::canonical(store).string()},
                         {"MXSMITH_FAULT_AT", std::to_string(at)},
                         {"MXSMITH_FAULT_DO", deed},
                         {"MXSMITH_FAULT_COUNT_FILE", (directory.path() / "count").string()},
                         {"MXSMITH_TEST_FOLDER", directory.path().string()},
                         {"ASAN_OPTIONS", "detect_leaks=0"}};
  Run run{tests::run("/proc/self/exe", options), 0, 0, {}};
  const auto text_of = [&](const char* name) {
    const fs::path file = directory.path() / name;
    return fs::exists(file) ? slurp(file) : std::string();
  };
  run.counted = static_cast<std::size_t>(std::atol(text_of("count").c_str()));
  const std::string sent = text_of("sent");
  run.sent = static_cast<std::size_t>(std::count(sent.begin(), sent.end(), '\n'));
  run.error = text_of("error");
  return run;
}

/// What the next run finds must tell of each step that was sent; settling it leaves a whole
/// history.
void check_aftermath(const TemporaryDirectory& directory, const Run& run) {
  const auto store = state::file_store(directory.path() / "state");
  const auto lock = store->lock(kZone, kim());
  const auto found = store->open_entry(kZone);
  if (found) {
    CHECK(found->info.id == 2);
    CHECK(found->intended.size() >= run.sent);
    CHECK(found->manifest_before.spec_digest == "old");
    store->resume(kZone)->end(run.sent == 0 ? EntryStatus::aborted : EntryStatus::partly,
                              sample_manifest("settled"), kStart);
  } else if (!store->discard_torn(kZone) && !store->history(kZone).empty()) {
    const bool sealed = store->history(kZone).front().id == 2;
    CHECK((sealed ? run.sent == 2 : run.sent == 0));
    CHECK(store->manifest(kZone)->spec_digest == (sealed ? "new" : "old"));
  } else {
    CHECK(run.sent == 0);
  }
  CHECK(store->entry(kZone, 1).info.status == EntryStatus::applied);
  run_entry(*store, "next");
  CHECK(store->check_chain(kZone) == std::nullopt);
  CHECK(store->manifest(kZone)->spec_digest == "next");
}

std::size_t calls_of_a_whole_run() {
  const TemporaryDirectory directory;
  const Run whole = run_worker(directory, "kill", 0);
  INFO(whole.result.out << whole.result.err);
  REQUIRE(whole.result.exit == 0);
  REQUIRE(whole.error.empty());
  REQUIRE(whole.sent == 2);
  // Seven lines and their fsyncs, the folder, the manifest and the rename at least.
  REQUIRE(whole.counted > 15);
  return whole.counted;
}

}  // namespace

TEST_CASE("worker of the durability tests", "[.]") {
  const char* folder = std::getenv("MXSMITH_TEST_FOLDER");
  if (folder == nullptr) return;
  try {
    work(fs::path(folder) / "state", fs::path(folder) / "sent");
  } catch (const base::Error& error) {
    std::ofstream(fs::path(folder) / "error") << error.what();
  }
}

TEST_CASE("a run killed at any write, fsync or rename leaves what the next one can settle") {
  const std::size_t calls = calls_of_a_whole_run();
  for (const std::string deed : {"kill", "kill-after", "torn-kill"}) {
    for (std::size_t at = 1; at <= calls; ++at) {
      INFO(deed << " at call " << at << " of " << calls);
      const TemporaryDirectory directory;
      const Run run = run_worker(directory, deed, at);
      REQUIRE(run.result.signal == SIGKILL);
      check_aftermath(directory, run);
    }
  }
}

TEST_CASE("a full disk or a failing one at any call is an error, and nothing is lost") {
  const std::size_t calls = calls_of_a_whole_run();
  for (const std::string deed : {"enospc", "enospc-half", "enospc-on", "eio"}) {
    for (std::size_t at = 1; at <= calls; ++at) {
      INFO(deed << " at call " << at << " of " << calls);
      const TemporaryDirectory directory;
      const Run run = run_worker(directory, deed, at);
      INFO(run.result.out << run.result.err << run.error);
      REQUIRE(run.result.exit == 0);
      check_aftermath(directory, run);
    }
  }
}
