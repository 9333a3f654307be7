// The command line: what is understood, and the words for what is not.
#include "cli/options.hpp"
#include "cli/command_table.hpp"
#include "support/catch.hpp"

namespace mxsmith::tests {

namespace {

using Words = std::vector<std::string>;

template <class T>
T parsed(const Words& words) {
  const auto invocation = cli::parse_arguments(words);
  if (const auto* fault = std::get_if<cli::UsageFault>(&invocation.command)) {
    FAIL(fault->message);
  }
  REQUIRE(std::holds_alternative<T>(invocation.command));
  return std::get<T>(invocation.command);
}

}  // namespace

TEST_CASE("a plan takes specs, zones and guards in any order") {
  const auto options = parsed<cli::PlanOptions>(
      {"plan", "a.toml", "--zone", "a.example", "b.toml", "--allow", "spf-sender-removed:a.example",
       "--allow=drift:b.example.", "--detailed-exitcode"});
  CHECK(options.request.selection.specs == std::vector<cli::fs::path>{"a.toml", "b.toml"});
  REQUIRE(options.request.selection.zones.size() == 1);
  CHECK(options.request.selection.zones[0] == dns::Name::of("a.example"));
  REQUIRE(options.request.allow.size() == 2);
  CHECK(options.request.allow[1].guard == "drift");
  CHECK(options.request.allow[1].zone == dns::Name::of("b.example"));
  CHECK(options.detailed == engine::Detailed::yes);
  CHECK_FALSE(options.request.reviewed);
}

TEST_CASE("a saved plan counts as reviewed") {
  CHECK(parsed<cli::PlanOptions>({"plan", "--out", "p.json"}).request.reviewed);
}

TEST_CASE("apply tells saved plans from specs by their ending") {
  CHECK(parsed<cli::ApplyOptions>({"apply", "p.json"}).request.plan_file == "p.json");
  CHECK_FALSE(parsed<cli::ApplyOptions>({"apply", "p.toml"}).request.plan_file);
}

TEST_CASE("a dead run is taken over only by who says so") {
  using state::Claim;
  CHECK(parsed<cli::ApplyOptions>({"apply"}).request.claim == Claim::ask);
  CHECK(parsed<cli::ApplyOptions>({"apply", "--take-over"}).request.claim == Claim::take_over);
  CHECK(parsed<cli::ApplyOptions>({"apply", "p.json", "--take-over"}).request.claim ==
        Claim::take_over);
  CHECK(parsed<cli::RollbackOptions>({"rollback", "a.example"}).request.claim == Claim::ask);
  CHECK(parsed<cli::RollbackOptions>({"rollback", "a.example", "--take-over"}).request.claim ==
        Claim::take_over);
  CHECK(parsed<cli::PlanOptions>({"plan", "--previous", "auto"}).request.previous == "auto");
}

TEST_CASE("history takes a zone and an entry") {
  const auto options = parsed<cli::HistoryOptions>({"history", "example.com", "12"});
  CHECK(options.id == 12);
  CHECK(options.selection.zones.size() == 1);
}

TEST_CASE("wrong usage is told in words") {
  struct Row {
    const char* name;
    Words words;
    const char* message;
  };
  const std::vector<Row> rows = {
      {"unknown command", {"pln"}, "there is no command `pln`, did you mean `plan`?"},
      {"unknown option", {"plan", "--detailed-exitcod"}, "did you mean --detailed-exitcode?"},
      {"option before the command", {"--format", "json", "plan"}, "options come after"},
      {"format", {"plan", "--format", "xml"}, "--format"},
      {"guard without zone", {"plan", "--allow", "drift"}, "--allow wants GUARD:ZONE"},
      {"unknown guard", {"plan", "--allow", "drifd:example.com"}, "did you mean `drift`?"},
      {"local time", {"plan", "--at", "2026-12-05T22:00:00"}, "--at `2026-12-05T22:00:00`"},
      {"label of 64 octets",
       {"plan", "--zone", std::string(64, 'a') + ".example"},
       "is not a zone name"},
      {"plan of another time saved",
       {"plan", "--at", "2026-12-05T22:00:00Z", "--out", "p.json"},
       "--out has no use"},
      {"plan of another name", {"plan", "--out", "p.txt"}, "ends in .json"},
      {"two plans", {"apply", "a.json", "b.json"}, "applied by itself"},
      {"plan and guard", {"apply", "a.json", "--allow", "drift:example.com"}, "as it was reviewed"},
      {"two ways back", {"rollback", "example.com", "--to", "1", "--undo", "2"}, "four ways"},
      {"rollback of nothing", {"rollback"}, "the name of a zone"},
      {"lift of nothing", {"hold", "--lift"}, "--lift wants"},
      {"all and one", {"hold", "--all", "example.com"}, "not both"},
      {"entry that is no number", {"history", "example.com", "x"}, "not the number of an entry"},
      {"import without provider", {"import", "example.com"}, "--provider"},
      {"unknown shell", {"completion", "tcsh"}, "tcsh"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto invocation = cli::parse_arguments(row.words);
    const auto* fault = std::get_if<cli::UsageFault>(&invocation.command);
    REQUIRE(fault != nullptr);
    INFO(fault->message);
    CHECK(fault->message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("every command has help with examples and exit codes") {
  for (const auto& info : cli::all_commands()) {
    INFO(info.name);
    for (const Words& words :
         {Words{std::string(info.name), "--help"}, Words{"help", std::string(info.name)}}) {
      const auto help = parsed<cli::HelpOptions>(words);
      CHECK(help.text.find("Examples:\n  mxsmith " + std::string(info.name)) != std::string::npos);
      CHECK(help.text.find("Exit codes:") != std::string::npos);
      CHECK(help.text.find(info.summary) != std::string::npos);
    }
  }
  CHECK(cli::command_shapes().size() == cli::all_commands().size());
}

}  // namespace mxsmith::tests
