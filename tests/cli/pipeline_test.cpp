// Pipelines: every run in a fresh clone, one history for all of them.
#include <csignal>
#include <map>
#include <memory>

#include "pipelines.hpp"

namespace mxsmith::tests {

namespace {

bool says(const RunResult& result, const std::string& words) {
  static const std::regex kSpace("\\s+");
  return std::regex_replace(result.out + result.err, kSpace, " ").find(words) != std::string::npos;
}

/// After whatever happened to one runner: what it wrote was announced, the next one, elsewhere,
/// brings the zone to the spec, and the first clone's next run finds nothing to do.
void check_way_on(const Pipelines& pipelines, const std::string& before) {
  if (pipelines.zone() != before) {
    const std::string files = Pipelines::git(
        pipelines.path() / "remote.git", {"ls-tree", "-r", "--name-only", "refs/mxsmith/state"});
    CHECK(files.find(".jsonl") != std::string::npos);
  }
  const auto next = pipelines.mxsmith("next", {"apply", "--yes"});
  INFO(next.out << next.err);
  CHECK(next.exit == 0);
  CHECK(pipelines.has("192.0.2.1"));
  const auto again = pipelines.mxsmith("killed", {"apply", "--yes"});
  INFO(again.out << again.err);
  CHECK(again.exit == 0);
  CHECK(says(again, "in order"));
  CHECK(pipelines.entries() >= 1);
}

void check_way_back(const Pipelines& pipelines, const std::string& before) {
  const auto back = pipelines.mxsmith("third", {"rollback", "example.com", "--yes"});
  INFO(back.out << back.err);
  CHECK(back.exit == 0);
  CHECK(pipelines.zone() == before);
}

/// A run that another, with a newer spec, overtakes between its question and the answer.
void overtake(const Pipelines& pipelines, std::vector<std::string> command,
              const std::vector<SpecRecord>& newer) {
  RunOptions slow = pipelines.options("slow", std::move(command));
  slow.console = Console::terminal;
  Process first(MXSMITH_BINARY, slow);
  REQUIRE(first.wait_for("yes"));
  pipelines.commit_spec(newer);
  REQUIRE(pipelines.mxsmith("fast", {"apply", "--yes"}).exit == 0);
  const std::string zone = pipelines.zone();
  first.type("yes\n");
  const auto result = first.finish();
  INFO(result.out);
  CHECK(result.exit == 1);
  CHECK(says(result, "the history of example.com at dns was changed by somebody else meanwhile"));
  CHECK(pipelines.zone() == zone);
}

}  // namespace

TEST_CASE("three fresh clones: apply, removal of a record, rollback, and the hold") {
  const Pipelines pipelines;
  const auto applied = pipelines.mxsmith("first", {"apply", "--yes"});
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit == 0);
  CHECK(pipelines.has("192.0.2.2"));

  pipelines.commit_spec({{"www", "192.0.2.1"}});
  const auto removed = pipelines.mxsmith("second", {"apply", "--yes"});
  INFO(removed.out << removed.err);
  REQUIRE(removed.exit == 0);
  CHECK(says(removed, "no longer declared"));
  CHECK_FALSE(pipelines.has("192.0.2.2"));

  const auto back = pipelines.mxsmith("third", {"rollback", "example.com", "--yes"});
  INFO(back.out << back.err);
  REQUIRE(back.exit == 0);
  CHECK(pipelines.has("192.0.2.2"));

  Pipelines::git(pipelines.path() / "first", {"pull", "--quiet"});
  const auto held = pipelines.mxsmith("first", {"apply", "--yes"});
  INFO(held.out << held.err);
  CHECK(held.exit == 3);
  CHECK(pipelines.has("192.0.2.2"));
  CHECK(pipelines.entries() == 3);

  REQUIRE(pipelines.mxsmith("fourth", {"hold", "example.com", "--lift"}).exit == 0);
  CHECK(pipelines.mxsmith("first", {"apply", "--yes"}).exit == 0);
  CHECK_FALSE(pipelines.has("192.0.2.2"));
}

TEST_CASE("of two runs that have both planned, the second to begin writes nothing") {
  const Pipelines pipelines;
  overtake(pipelines, {"apply"}, {{"new", "192.0.2.9"}});
  CHECK(pipelines.entries() == 1);
  // It left nothing behind.
  CHECK(pipelines.mxsmith("slow", {"history", "--check"}).exit == 0);
}

TEST_CASE("a rollback that comes too late writes nothing and holds nothing") {
  const Pipelines pipelines;
  REQUIRE(pipelines.mxsmith("first", {"apply", "--yes"}).exit == 0);
  overtake(pipelines, {"rollback", "example.com"},
           {{"www", "192.0.2.1"}, {"old", "192.0.2.2"}, {"new", "192.0.2.9"}});
  CHECK(says(pipelines.mxsmith("auditor", {"hold"}), "Nothing is held"));
  CHECK(pipelines.entries() == 2);
}

TEST_CASE("of four runs at once one applies, and each of the others ends cleanly") {
  const Pipelines pipelines;
  std::vector<std::unique_ptr<Process>> runs;
  std::vector<RunOptions> options;
  for (int i = 0; i < 4; ++i) {
    options.push_back(pipelines.options("runner" + std::to_string(i), {"apply", "--yes"}));
  }
  for (const auto& each : options) runs.push_back(std::make_unique<Process>(MXSMITH_BINARY, each));
  int applied = 0;
  for (auto& each : runs) {
    const auto result = each->finish();
    INFO(result.out << result.err);
    const bool won = says(result, "entry 1 of its history");
    applied += won ? 1 : 0;
    CHECK((result.exit == 0 || result.exit == 1 || result.exit == 5));
    const bool told = won || says(result, "in order") || says(result, "somebody else") ||
                      says(result, "is being changed by") || says(result, "nothing was written");
    CHECK(told);
  }
  CHECK(applied == 1);
  CHECK(pipelines.entries() == 1);
  CHECK(pipelines.has("192.0.2.1"));
}

TEST_CASE("a runner killed around any call of git is settled by the next clone") {
  const std::string kScript =
      "n=$(($(cat \"$COUNT\") + 1))\necho $n > \"$COUNT\"\n"
      "[ $n = \"$AT\" ] && [ $WHEN = before ] && kill -9 $PPID && exit 1\n"
      "$GIT \"$@\"\nstatus=$?\n"
      "[ $n = \"$AT\" ] && [ $WHEN = after ] && kill -9 $PPID\nexit $status";
  const auto killed_at = [&](const Pipelines& pipelines, int at, const std::string& when) {
    RunOptions options = pipelines.options("killed", {"apply", "--yes"});
    options.environment["COUNT"] = pipelines.write("count", "0\n").string();
    options.environment["AT"] = std::to_string(at);
    options.environment["WHEN"] = when;
    pipelines.wrap_git(options, kScript);
    return run(MXSMITH_BINARY, options);
  };
  int calls = 0;
  {
    const Pipelines pipelines;
    REQUIRE(killed_at(pipelines, 0, "never").exit == 0);
    calls = std::stoi(slurp(pipelines.path() / "count"));
  }
  REQUIRE(calls > 6);
  for (int at = 1; at <= calls; ++at) {
    for (const std::string when : {"before", "after"}) {
      INFO("killed " << when << " call " << at << " of " << calls);
      const Pipelines pipelines;
      const std::string before = pipelines.zone();
      REQUIRE(killed_at(pipelines, at, when).signal == SIGKILL);
      check_way_on(pipelines, before);
      check_way_back(pipelines, before);
    }
  }
}

TEST_CASE("a runner killed at any write of its own is settled by the next clone") {
  const auto killed_at = [&](const Pipelines& pipelines, long at) {
    RunOptions options = pipelines.options("killed", {"apply", "--yes"});
    options.environment["LD_PRELOAD"] = MXSMITH_FAULT_PRELOAD;
    options.environment["MXSMITH_FAULT_UNDER"] =
        fs::canonical(pipelines.path() / "killed").string();
    options.environment["MXSMITH_FAULT_AT"] = std::to_string(at);
    options.environment["MXSMITH_FAULT_DO"] = "kill";
    // What git writes is git's; this library would count it in every child.
    pipelines.wrap_git(options, "unset LD_PRELOAD\nexec $GIT \"$@\"");
    return run(MXSMITH_BINARY, options);
  };
  bool finished = false;
  long at = 1;
  for (; at < 300 && !finished; ++at) {
    INFO("killed at call " << at);
    const Pipelines pipelines;
    const std::string before = pipelines.zone();
    const auto killed = killed_at(pipelines, at);
    finished = killed.signal == 0;
    if (!finished) check_way_on(pipelines, before);
  }
  CHECK(finished);
  CHECK(at > 30);
}

TEST_CASE("a remote that refuses pushes keeps every write from the provider") {
  const Pipelines pipelines;
  const fs::path hook =
      pipelines.write("remote.git/hooks/pre-receive", "#!/bin/sh\necho protected >&2\nexit 1\n");
  fs::permissions(hook, fs::perms::owner_all);
  const std::string before = pipelines.zone();
  const auto refused = pipelines.mxsmith("first", {"apply", "--yes"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit == 1);
  CHECK(says(refused, "refuses to update refs/mxsmith/state"));
  CHECK(says(refused, "protected"));
  CHECK(pipelines.zone() == before);
  fs::remove(hook);
  CHECK(pipelines.mxsmith("first", {"apply", "--yes"}).exit == 0);
  CHECK(pipelines.entries() == 1);
}

TEST_CASE("a remote that is gone after the begin is told of by a loud report and the next run") {
  const Pipelines pipelines;
  RunOptions options = pipelines.options("first", {"apply", "--yes"});
  options.environment["REMOTE"] = (pipelines.path() / "remote.git").string();
  pipelines.wrap_git(options,
                     "$GIT \"$@\"\nstatus=$?\n"
                     "for word; do [ \"$word\" = push ] && mv \"$REMOTE\" \"$REMOTE.away\"; done\n"
                     "exit $status");
  const auto lonely = run(MXSMITH_BINARY, options);
  INFO(lonely.out << lonely.err);
  CHECK(lonely.exit == 1);
  CHECK(says(lonely, "recorded on this machine, but not in the shared history"));
  CHECK(pipelines.has("192.0.2.1"));
  fs::rename(pipelines.path() / "remote.git.away", pipelines.path() / "remote.git");
  SECTION("from the same clone") {
    const auto next = pipelines.mxsmith("first", {"apply", "--yes"});
    CHECK(next.exit == 0);
    CHECK(says(next, "in order"));
  }
  SECTION("from another one") {
    const auto next = pipelines.mxsmith("second", {"apply", "--yes"});
    INFO(next.out << next.err);
    CHECK(next.exit == 0);
    CHECK(says(next, "everything it planned is live; closed as applied"));
    CHECK(pipelines.mxsmith("first", {"apply", "--yes"}).exit == 0);
  }
  CHECK(pipelines.entries() == 1);
}

TEST_CASE("the lease of another machine's run is waited for, or taken over by who knows") {
  const Pipelines pipelines;
  RunOptions options = pipelines.options("dead", {"apply", "--yes"});
  // Dies when its begin is there, and its lease says that it was on another machine.
  options.environment["REMOTE"] = (pipelines.path() / "remote.git").string();
  pipelines.wrap_git(
      options,
      "$GIT \"$@\"\nstatus=$?\nfor word; do if [ \"$word\" = push ]; then\n"
      "unset GIT_DIR\ncd \"$REMOTE\"\nlease=$($GIT ls-tree -r --name-only refs/mxsmith/state | "
      "grep +leases)\n"
      "text=$($GIT show \"refs/mxsmith/state:$lease\" | sed 's/\"boot\": \".*\"/\"boot\": "
      "\"x\"/')\n"
      "printf 'commit refs/mxsmith/state\\ncommitter x <x@x> 0 +0000\\ndata 1\\nx\\n"
      "from refs/mxsmith/state^0\\nM 100644 inline %s\\ndata %s\\n%s\\n' \"$lease\" "
      "$((${#text})) \"$text\" | $GIT fast-import --quiet\nkill -9 $PPID\nfi; done\nexit $status");
  REQUIRE(run(MXSMITH_BINARY, options).signal == SIGKILL);
  const std::string before = pipelines.zone();
  const auto refused = pipelines.mxsmith("second", {"apply", "--yes"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit == 1);
  CHECK(says(refused, "example.com is being changed by"));
  CHECK(says(refused, "if it is not heard of, it counts as dead from"));
  CHECK(says(refused, "--take-over"));
  CHECK(pipelines.zone() == before);
  const auto taken = pipelines.mxsmith("second", {"apply", "--yes", "--take-over"});
  INFO(taken.out << taken.err);
  CHECK(taken.exit == 0);
  CHECK(says(taken, "closed as failed"));
  CHECK(pipelines.has("192.0.2.1"));
  CHECK(pipelines.entries() == 2);
}

TEST_CASE("without history the commit before says what was ours") {
  const Pipelines pipelines;
  // The records of the first spec came to be there by other ways than an apply of ours.
  pipelines.write("zones/example.com.db", slurp(pipelines.path() / "zones/example.com.db") +
                                              "@ IN MX 10 mx.example.net.\nwww IN A 192.0.2.1\n"
                                              "old IN A 192.0.2.2\n");
  const auto plan = [&](const std::string& clone, const std::map<std::string, std::string>& more) {
    RunOptions options = pipelines.options(clone, {"plan", "--previous", "auto"});
    for (const char* name :
         {"GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "CI_COMMIT_BEFORE_SHA",
          "GIT_PREVIOUS_SUCCESSFUL_COMMIT", "CI_PREV_COMMIT_SHA", "DRONE_COMMIT_BEFORE"}) {
      options.without.emplace_back(name);
    }
    for (const auto& [name, value] : more) options.environment[name] = value;
    return run(MXSMITH_BINARY, options);
  };
  const fs::path author = pipelines.path() / "author";
  const auto commit = [&](const std::string& what) {
    std::string hash = Pipelines::git(author, {"rev-parse", what});
    hash.pop_back();
    return hash;
  };

  const auto first = plan("author", {});
  INFO(first.out << first.err);
  CHECK(first.exit == 0);
  CHECK(says(first, "no history: nothing is deleted"));

  const std::string old = commit("HEAD");
  pipelines.commit_spec({{"www", "192.0.2.1"}});
  const auto parent = plan("author", {});
  INFO(parent.out << parent.err);
  CHECK(parent.exit == 0);
  CHECK(says(parent, "1 deleted"));
  CHECK(says(parent, "no longer declared"));

  const auto shallow = plan("shallow", {});
  INFO(shallow.out << shallow.err);
  CHECK(shallow.exit == 1);
  CHECK(says(shallow, "--previous auto means commit " + old.substr(0, 12) +
                          " (it is the first parent of HEAD), and this clone does not have it"));
  CHECK(says(shallow, "git fetch --unshallow"));

  // Two commits in one push: the first parent of HEAD is not what was there before.
  pipelines.commit_spec({{"www", "192.0.2.1"}, {"more", "192.0.2.7"}});
  CHECK(says(plan("author", {}), "0 deleted"));
  CHECK(says(plan("author", {{"CI_COMMIT_BEFORE_SHA", std::string(40, '0')}}), "0 deleted"));
  CHECK(says(plan("author", {{"CI_COMMIT_BEFORE_SHA", old}}), "1 deleted"));
  const auto event = pipelines.write("event.json", "{\"before\": \"" + old + "\", \"x\": 1}");
  const std::map<std::string, std::string> push = {{"GITHUB_EVENT_PATH", event.string()},
                                                   {"GITHUB_EVENT_NAME", "push"}};
  CHECK(says(plan("author", push), "1 deleted"));
  const std::map<std::string, std::string> request = {{"GITHUB_EVENT_PATH", event.string()},
                                                      {"GITHUB_EVENT_NAME", "pull_request"}};
  CHECK(says(plan("author", request), "0 deleted"));
  const auto gone = plan("author", {{"CI_COMMIT_BEFORE_SHA", std::string(40, 'a')}});
  CHECK(gone.exit == 1);
  CHECK(says(gone, "means commit aaaaaaaaaaaa (the pipeline says that it was there before)"));

  // With a manifest there is nothing to stand in for, and nothing is looked up.
  REQUIRE(pipelines.mxsmith("author", {"apply", "--yes"}).exit == 0);
  CHECK(plan("author", {{"CI_COMMIT_BEFORE_SHA", std::string(40, 'a')}}).exit == 0);
}

}  // namespace mxsmith::tests
