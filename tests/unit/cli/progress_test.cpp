#include "cli/progress.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using engine::ZoneStatus;

TEST_CASE("a line of progress") {
  struct Row {
    const char* name;
    cli::Tally tally;
    const char* zone;
    const char* doing;
    std::size_t width;
    const char* line;
  };
  const Row rows[] = {
      {"one zone needs no count", {1, 0, 0}, "example.com", "reading", 79, "example.com: reading"},
      {"while specs are parsed no count is known",
       {0, 0, 0},
       "example.com",
       "reading",
       79,
       "example.com: reading"},
      {"many zones",
       {1000, 412, 0},
       "example.com",
       "reading",
       79,
       "412 of 1000 zones  example.com: reading"},
      {"failures are told at once",
       {1000, 412, 3},
       "example.com",
       "applying step 1 of 2",
       79,
       "412 of 1000 zones, 3 failed  example.com: applying step 1 of 2"},
      {"a narrow terminal", {1000, 9, 0}, "example.com", "reading", 20, "9 of 1000 zones  exa"},
      {"no character is cut in two", {1, 0, 0}, "b\u00fccher.example", "reading", 2, "b\u00fc"},
      {"nor shown in half its columns", {1, 0, 0}, "\u4f8b\u3048.example", "reading", 3, "\u4f8b"},
      {"names are hostile",
       {1, 0, 0},
       "a\x1b[2J.example",
       "reading",
       79,
       "a\\027[2J.example: reading"},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto line = cli::progress_line(row.tally, row.zone, row.doing, row.width);
    CHECK(line == row.line);
    CHECK(base::display_width(line) <= row.width);
  }
}

TEST_CASE("what counts as failed while a run goes on") {
  cli::Tally tally{9, 0, 0};
  for (const auto status :
       {ZoneStatus::nothing, ZoneStatus::planned, ZoneStatus::applied, ZoneStatus::skipped}) {
    tally.count(status);
  }
  CHECK(tally.done == 4);
  CHECK(tally.failed == 0);
  for (const auto status : {ZoneStatus::refused, ZoneStatus::stale, ZoneStatus::partly,
                            ZoneStatus::unknown, ZoneStatus::failed}) {
    tally.count(status);
  }
  CHECK(tally.done == 9);
  CHECK(tally.failed == 5);
}

TEST_CASE("the last line of a zone") {
  CHECK(cli::end_line({1000, 412, 0}, "example.com", ZoneStatus::applied) ==
        "example.com: applied (412 of 1000)");
  CHECK(cli::end_line({1, 1, 0}, "example.com", ZoneStatus::nothing) == "example.com: in order");
}
