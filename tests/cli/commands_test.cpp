// The built program as people and pipelines meet it.
#include <csignal>

#include "support/catch.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

constexpr const char* kSpec =
    "zone = \"example.com\"\nprovider = \"zonefile\"\n"
    "[[mail.mx]]\nhost = \"in.newmail.example\"\npriority = 0\n";
constexpr const char* kZone =
    "$TTL 1h\n"
    "@ IN SOA ns1.example.com. hostmaster.example.com. 2024010101 2h 15m 2w 1h\n"
    "@ IN NS ns1.example.com.\n"
    "ns1 IN A 192.0.2.53\n"
    "@ IN MX 10 mx1.oldmail.example.\n";

/// A folder with a spec and its zone file.
struct Place {
  TemporaryDirectory directory;
  Place(const std::string& spec = kSpec, const std::string& zone = kZone) {
    directory.write("example.com.toml", spec);
    directory.write("example.com.zone", zone);
  }
  [[nodiscard]] RunResult mxsmith(std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, in_folder(directory.path(), std::move(args)));
  }
  [[nodiscard]] std::string zone() const { return directory.read("example.com.zone"); }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

RunOptions on_terminal(const Place& place, std::vector<std::string> args) {
  RunOptions options = in_folder(place.directory.path(), std::move(args));
  options.console = Console::terminal;
  options.environment["TERM"] = "xterm";
  options.deadline = std::chrono::seconds(30);
  return options;
}

}  // namespace

TEST_CASE("the version is one line") {
  const auto result = run(MXSMITH_BINARY, in_folder("/", {"version"}));
  CHECK(result.exit == 0);
  CHECK(result.out.rfind("mxsmith ", 0) == 0);
  CHECK(result.err.empty());
  CHECK(run(MXSMITH_BINARY, in_folder("/", {"--version"})).out == result.out);
}

TEST_CASE("without a command the commands are listed") {
  const auto result = run(MXSMITH_BINARY, in_folder("/", {}));
  CHECK(result.exit == 0);
  CHECK(has(result.out, "rollback"));
}

TEST_CASE("wrong usage exits 64 and says what is meant") {
  const auto result = run(MXSMITH_BINARY, in_folder("/", {"aply"}));
  CHECK(result.exit == 64);
  CHECK(has(result.err, "did you mean `apply`?"));
  CHECK(result.out.empty());
}

TEST_CASE("apply without a terminal wants --yes and touches nothing") {
  const Place place;
  const std::string before = place.zone();
  const auto result = place.mxsmith({"apply"});
  CHECK(result.exit == 1);
  CHECK(has(result.err, "--yes"));
  CHECK(place.zone() == before);
  CHECK_FALSE(fs::exists(place.directory.path() / ".mxsmith"));
}

TEST_CASE("apply asks on a terminal") {
  const Place place;
  const std::string before = place.zone();
  SECTION("yes is yes") {
    Process process(MXSMITH_BINARY, on_terminal(place, {"apply"}));
    REQUIRE(process.wait_for("Only 'yes' is accepted: "));
    process.type("yes\n");
    const auto result = process.finish();
    INFO(result.out);
    CHECK(result.exit == 0);
    CHECK(has(place.zone(), "in.newmail.example"));
  }
  SECTION("y is not yes") {
    Process process(MXSMITH_BINARY, on_terminal(place, {"apply"}));
    REQUIRE(process.wait_for("Only 'yes' is accepted: "));
    process.type("y\n");
    const auto result = process.finish();
    INFO(result.out);
    CHECK(result.exit == 1);
    CHECK(place.zone() == before);
  }
  SECTION("the end of input is no") {
    Process process(MXSMITH_BINARY, on_terminal(place, {"apply"}));
    REQUIRE(process.wait_for("Only 'yes' is accepted: "));
    process.type("\x04");
    CHECK(process.finish().exit == 1);
    CHECK(place.zone() == before);
  }
  SECTION("a signal is no, and exits 130") {
    Process process(MXSMITH_BINARY, on_terminal(place, {"apply"}));
    REQUIRE(process.wait_for("Only 'yes' is accepted: "));
    process.kill(SIGINT);
    const auto result = process.finish();
    INFO(result.out);
    CHECK(result.exit == 130);
    CHECK(place.zone() == before);
  }
}

TEST_CASE("colours on a terminal, none in a pipe or with NO_COLOR") {
  const Place place;
  CHECK(has(run(MXSMITH_BINARY, on_terminal(place, {"plan"})).out, "\x1b["));
  CHECK_FALSE(has(place.mxsmith({"plan"}).out, "\x1b["));
  CHECK(has(place.mxsmith({"plan", "--color", "always"}).out, "\x1b["));
  auto options = on_terminal(place, {"plan", "--quiet"});
  options.environment["NO_COLOR"] = "1";
  CHECK_FALSE(has(run(MXSMITH_BINARY, options).out, "\x1b["));
}

TEST_CASE("exit codes tell pending changes only when asked") {
  const Place place;
  CHECK(place.mxsmith({"plan"}).exit == 0);
  CHECK(place.mxsmith({"plan", "--detailed-exitcode"}).exit == 2);
  CHECK(place.mxsmith({"apply", "--yes"}).exit == 0);
  CHECK(place.mxsmith({"plan", "--detailed-exitcode"}).exit == 0);
}

TEST_CASE("a saved plan is applied as it was saved, once") {
  const Place place;
  const auto saved = place.mxsmith({"plan", "--out", "change.json"});
  INFO(saved.out << saved.err);
  REQUIRE(saved.exit == 0);
  CHECK(has(saved.out, "mxsmith apply change.json"));
  SECTION("as it is") {
    const auto result = place.mxsmith({"apply", "change.json", "--yes"});
    INFO(result.out << result.err);
    CHECK(result.exit == 0);
    CHECK(has(place.zone(), "in.newmail.example"));
  }
  SECTION("not when the zone has moved") {
    std::string moved = kZone;
    moved.replace(moved.find("mx1.oldmail"), 3, "mx9");
    place.directory.write("example.com.zone", moved);
    const auto result = place.mxsmith({"apply", "change.json", "--yes"});
    INFO(result.out << result.err);
    CHECK(result.exit == 5);
    CHECK(place.zone() == moved);
    CHECK(has(result.out, "mx9.oldmail"));
  }
}

TEST_CASE("import writes a spec that plans empty") {
  const Place place;
  fs::remove(place.directory.path() / "example.com.toml");
  const auto imported = place.mxsmith(
      {"import", "example.com", "--provider", "zonefile", "--out", "example.com.toml"});
  INFO(imported.out << imported.err);
  REQUIRE(imported.exit == 0);
  const auto plan = place.mxsmith({"plan", "--detailed-exitcode"});
  INFO(plan.out << plan.err);
  CHECK(plan.exit == 0);
  const auto again = place.mxsmith(
      {"import", "example.com", "--provider", "zonefile", "--out", "example.com.toml"});
  CHECK(again.exit == 1);
  CHECK(has(again.err, "there already"));
}

TEST_CASE("init starts a project that checks, and overwrites nothing") {
  const TemporaryDirectory directory;
  const auto first =
      run(MXSMITH_BINARY,
          in_folder(directory.path(), {"init", "--zone", "a.example", "--provider", "zonefile"}));
  INFO(first.out << first.err);
  REQUIRE(first.exit == 0);
  const std::string spec = directory.read("a.example.toml");
  const auto check = run(MXSMITH_BINARY, in_folder(directory.path(), {"check"}));
  INFO(check.out << check.err);
  CHECK(check.exit == 0);
  const auto again = run(MXSMITH_BINARY, in_folder(directory.path(), {"init"}));
  CHECK(again.exit == 1);
  CHECK(directory.read("a.example.toml") == spec);
}

TEST_CASE("a hold by hand stops applies until it is lifted") {
  const Place place;
  const std::string before = place.zone();
  const auto held = place.mxsmith({"hold", "example.com", "--reason", "registrar moves"});
  INFO(held.err);
  REQUIRE(held.exit == 0);
  const auto refused = place.mxsmith({"apply", "--yes"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit == 3);
  CHECK(has(refused.out, "mxsmith hold example.com --lift"));
  CHECK(!has(refused.out, "--allow held"));
  CHECK(place.zone() == before);
  CHECK(has(place.mxsmith({"hold"}).out, "registrar moves"));
  CHECK(place.mxsmith({"hold", "example.com", "--lift"}).exit == 0);
  CHECK(place.mxsmith({"apply", "--yes"}).exit == 0);
}

TEST_CASE("JSON is one document on standard output, for errors too") {
  const Place good;
  const auto plan = good.mxsmith({"plan", "--format", "json"});
  CHECK(plan.out.rfind("{\n", 0) == 0);
  CHECK(has(plan.out, "\"kind\": \"plan\""));
  const Place bad("zone = \"example.com\"\nprovider = \"zonefile\"\nprioriy = 1\n");
  const auto faults = bad.mxsmith({"plan", "--format", "json"});
  CHECK(faults.exit == 1);
  CHECK(has(faults.out, "spec-unknown-key"));
}

TEST_CASE("every JSON document is as its schema says") {
  const fs::path python = "/usr/bin/python3";  // the one that Debian's packages are for
  INFO("missing? apt-get install python3-jsonschema");
  REQUIRE(run(python, in_folder("/", {"-c", "import jsonschema"})).exit == 0);
  const Place place;
  REQUIRE(place.mxsmith({"apply", "--yes"}).exit == 0);
  REQUIRE(place.mxsmith({"rollback", "example.com", "--yes"}).exit == 0);
  const std::vector<std::vector<std::string>> commands = {{"check"},
                                                          {"plan"},
                                                          {"plan", "nothing.toml"},
                                                          {"apply", "--yes"},
                                                          {"history"},
                                                          {"timeline"},
                                                          {"history", "example.com", "1"},
                                                          {"hold"},
                                                          {"history", "--check"},
                                                          {"services"},
                                                          {"services", "zoho"},
                                                          {"services", "detect", "example.com"},
                                                          {"providers"},
                                                          {"providers", "zonefile"},
                                                          {"providers", "check", "zonefile"}};
  for (auto command : commands) {
    INFO(command.front());
    command.insert(command.end(), {"--format", "json"});
    const auto result = place.mxsmith(command);
    REQUIRE(!result.out.empty());
    const auto file = place.directory.write("document", result.out);
    const std::string program =
        "import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), "
        "json.load(open(sys.argv[2])))";
    const std::string schema = std::string(MXSMITH_SOURCE_DIR) + "/schemas/report-v1.json";
    const auto valid = run(python, in_folder("/", {"-c", program, file.string(), schema}));
    INFO(valid.err);
    CHECK(valid.exit == 0);
  }
}

TEST_CASE("providers check: accounts that work and one that does not") {
  const Place place;
  place.directory.write("mxsmith.toml",
                        "[accounts.files]\ntype = \"zonefile\"\n"
                        "[accounts.server]\ntype = \"powerdns\"\n"
                        "url = \"http://127.0.0.1:1\"\napi_key = {file = \"no-such-key\"}\n");
  const auto good = place.mxsmith({"providers", "check", "files"});
  CHECK(good.exit == 0);
  CHECK(good.out == "files   zonefile\n  good         it sees 1 zone\n");
  const auto both = place.mxsmith({"providers", "check"});
  CHECK(both.exit == 1);
  CHECK(has(both.out, "it sees 1 zone"));
  CHECK(has(both.out, "server   powerdns\n  bad "));
  CHECK(has(both.out, "no-such-key"));
  const auto unknown = place.mxsmith({"providers", "check", "nobody"});
  CHECK(unknown.exit == 1);
  CHECK(has(unknown.out, "no provider type \"nobody\""));
}

TEST_CASE("providers check: without any account it says what to do") {
  const TemporaryDirectory directory;
  const auto result = run(MXSMITH_BINARY, in_folder(directory.path(), {"providers", "check"}));
  CHECK(result.exit == 1);
  CHECK(has(result.err, "there is no account in mxsmith.toml here"));
}

TEST_CASE("a full disk under standard output is not success") {
  REQUIRE(fs::exists("/dev/full"));
  const Place place;
  auto options =
      in_folder(place.directory.path(), {"-c", std::string(MXSMITH_BINARY) + " plan > /dev/full"});
  const auto result = run("/bin/sh", options);
  CHECK(result.exit == 1);
  CHECK(has(result.err, "could be written"));
}

TEST_CASE("completion scripts are scripts") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    INFO(shell);
    const auto script = run(MXSMITH_BINARY, in_folder("/", {"completion", shell}));
    REQUIRE(script.exit == 0);
    for (const char* word : {"rollback", "detailed-exitcode", "markdown"}) {
      CHECK(has(script.out, word));
    }
    const auto program = find_program(shell);
    INFO("missing? apt-get install " << shell);
    REQUIRE(program);
    const TemporaryDirectory directory;
    const auto file = directory.write("script", script.out);
    const auto parsed = run(*program, in_folder("/", {"-n", file.string()}));
    INFO(parsed.err);
    CHECK(parsed.exit == 0);
  }
}

TEST_CASE("bash completes commands and options") {
  const auto bash = find_program("bash");
  INFO("missing? apt-get install bash");
  REQUIRE(bash);
  const TemporaryDirectory directory;
  const auto script = run(MXSMITH_BINARY, in_folder("/", {"completion", "bash"}));
  const auto file = directory.write("script", script.out);
  const auto completed = [&](const std::string& words, int position) {
    const std::string program = "source " + file.string() + "; COMP_WORDS=(" + words +
                                "); COMP_CWORD=" + std::to_string(position) +
                                "; _mxsmith; echo \"${COMPREPLY[@]}\"";
    return run(*bash, in_folder(directory.path(), {"-c", program})).out;
  };
  CHECK(completed("mxsmith ro", 1) == "rollback\n");
  CHECK(completed("mxsmith plan --det", 2) == "--detailed-exitcode\n");
  CHECK(completed("mxsmith plan --format m", 3) == "markdown\n");
}

}  // namespace mxsmith::tests
