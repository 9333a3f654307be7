// Plans as text, Markdown and JSON: against golden files, and against zones that mean harm.
#include <cstdlib>
#include <ctime>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/render/renderer.hpp"
#include "sample.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

namespace mxsmith::tests {

namespace {

using cli::render::View;
using engine::ZoneStatus;

View view() {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  View view;
  view.width = 100;
  view.apply_command = "mxsmith apply example.com.toml";
  return view;
}

cli::fs::path golden(const char* name) {
  return cli::fs::path(MXSMITH_SOURCE_DIR) / "tests/unit/cli/golden" / name;
}

plan::GuardFinding refusal() {
  return {"spf-sender-removed",
          "_spf.oldmail.net loses the right to send for example.com",
          {{dns::Name::of("example.com"), dns::Type::TXT}},
          {},
          false,
          ""};
}

/// All that a zone could use against whoever reads its plan.
const std::string kHostile =
    "\x1b]0;owned\x07\x1b[31mred `code` </details> <script> | @everyone\nforged line "
    "\xE2\x80\xAE\xE2\x80\x8Bhidden \xC2\x9B"
    "2J \xFF";

plan::ZonePlan hostile_plan() {
  plan::ZonePlan plan = go_live_plan();
  plan::Change& change = plan.changes[1];
  change.before->set.values.push_back(dns::Txt{kHostile});
  change.after->set.values.push_back(dns::Txt{kHostile});
  plan.impact.inbound.now.push_back(kHostile);
  plan.impact.sending.gains.push_back(kHostile);
  plan.impact.keys.push_back({kHostile, '+', kHostile});
  plan.impact.policies.push_back({kHostile, kHostile, kHostile, -1});
  plan.findings.push_back({base::Severity::error, kHostile, kHostile, kHostile, {}, {}, kHostile});
  plan.findings.push_back(
      {base::Severity::warning, kHostile, kHostile, kHostile, {}, {}, kHostile});
  plan.impact.sending.loses.push_back(kHostile);
  plan.impact.sending.addresses_gained.push_back(kHostile);
  plan.impact.sending.lookups_complete = false;
  plan.impact.sending.not_looked_up.push_back(kHostile);
  for (const auto effect : {plan::Impact::Effect::weaker, plan::Impact::Effect::neutral}) {
    plan.impact.lines.push_back(
        {effect, "SPF " + kHostile, kHostile, kHostile, kHostile, kHostile});
  }
  plan.not_checked.push_back(kHostile);
  plan.gaps.push_back({0, kHostile, true});
  plan.title = kHostile;
  plan.guards.push_back({kHostile, kHostile, {}, {}, false, ""});
  plan.guards.push_back({"drift", kHostile, {}, {}, true, kHostile});
  plan.notes.push_back(
      {11,
       {{dns::Name::of("x.example.com"), dns::Type::TXT}, plan::OwnedClass::whole, ""},
       kHostile,
       true});
  return plan;
}

engine::Report hostile_report() {
  auto report = report_of({hostile_plan()}, ZoneStatus::refused);
  auto& zone = report.zones.front();
  zone.notices = {kHostile};
  zone.settled = {kHostile};
  zone.moved = {kHostile};
  zone.account = kHostile;
  zone.error = base::Error(base::ErrorKind::protocol, kHostile).about(kHostile).with_hint(kHostile);
  report.diagnostics.error("hostile", {}, kHostile, kHostile);
  return report;
}

/// No octet that a terminal obeys, and no sign that hides or turns text round.
void check_harmless(const std::string& text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    CHECK((octet >= 0x20 || c == '\n'));
    CHECK(octet != 0x7f);
  }
  CHECK(base::is_utf8(text));
  CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(text.find("\xE2\x80\x8B") == std::string::npos);
  CHECK(text.find("\xC2\x9B") == std::string::npos);
  CHECK(text.find("\nforged") == std::string::npos);
}

}  // namespace

TEST_CASE("a go-live reads as the golden files say") {
  const auto report = report_of({go_live_plan()}, ZoneStatus::planned);
  check_golden(golden("go_live.txt"), cli::render::text_renderer(view())->plan(report));
  check_golden(golden("go_live.md"), cli::render::markdown_renderer(view())->plan(report));
  std::string json = cli::render::json_renderer(view())->plan(report);
  const std::string version = "mxsmith " + std::string(base::version());
  json.replace(json.find(version), version.size(), "mxsmith VERSION");
  check_golden(golden("go_live.json"), json);
}

TEST_CASE("lines of a plan keep within a terminal of 80 columns") {
  View narrow = view();
  narrow.width = 80;
  const auto report = report_of({go_live_plan()}, ZoneStatus::planned);
  const std::string text = cli::render::text_renderer(narrow)->plan(report);
  for (const auto& line : base::split(text, '\n')) {
    INFO(line);
    CHECK(base::display_width(line) <= 90);
  }
}

TEST_CASE("a refused plan names the guard and both lines that would allow it") {
  auto plan = go_live_plan();
  plan.guards = {refusal()};
  const auto report = report_of({plan}, ZoneStatus::refused);
  const std::string text = cli::render::text_renderer(view())->plan(report);
  check_golden(golden("refused.txt"), text);
  CHECK(text.find("[[allow]]") != std::string::npos);
  CHECK(text.find("guard  = \"spf-sender-removed\"") != std::string::npos);
  CHECK(text.find("--allow spf-sender-removed:example.com") != std::string::npos);
  CHECK(text.find("apply      mxsmith") == std::string::npos);
  const std::string markdown = cli::render::markdown_renderer(view())->plan(report);
  CHECK(markdown.find("[[allow]]") != std::string::npos);
  CHECK(markdown.find("--allow spf-sender-removed:example.com") != std::string::npos);
}

TEST_CASE("what weakens and what is broken stands first, and once") {
  const auto report = report_of({weakened_plan()}, ZoneStatus::refused);
  check_golden(golden("weakened.txt"), cli::render::text_renderer(view())->plan(report));
  check_golden(golden("weakened.md"), cli::render::markdown_renderer(view())->plan(report));
}

TEST_CASE("a held zone is told how to lift the hold") {
  auto plan = go_live_plan();
  plan.guards = {{"rolled-back", "this state was undone by kim", {}, {}, false, ""}};
  const auto report = report_of({plan}, ZoneStatus::refused);
  const std::string text = cli::render::text_renderer(view())->plan(report);
  CHECK(text.find("mxsmith hold example.com --lift") != std::string::npos);
  CHECK(text.find("--allow rolled-back:example.com") != std::string::npos);
}

TEST_CASE("zones with equal changes are shown once, with a count") {
  auto first = go_live_plan();
  std::vector<plan::ZonePlan> plans;
  for (const char* name : {"a.example", "b.example", "c.example"}) {
    plan::ZonePlan plan;
    plan.zone = dns::Name::of(name);
    plan.target = {"main", "zonefile", "", ""};
    plan::Change change;
    change.key = {plan.zone, dns::Type::MX};
    change.after = plan::SetState{
        {plan.zone, dns::Type::MX, 3600, {dns::Mx{0, dns::Name::of("in.newmail.example")}}},
        {},
        {}};
    plan.changes = {change};
    plan.steps = {{"the move", {0}, true}};
    plans.push_back(plan);
  }
  const auto report = report_of(plans, ZoneStatus::planned);
  const std::string text = cli::render::text_renderer(view())->plan(report);
  CHECK(text.find("a.example at zonefile (main), and 2 zones alike") != std::string::npos);
  CHECK(text.find("3 zones: 3 to change") != std::string::npos);
  const auto first_mx = text.find("in.newmail.example");
  REQUIRE(first_mx != std::string::npos);
  CHECK(text.find("in.newmail.example", first_mx + 1) == std::string::npos);
}

TEST_CASE("a plan with nothing to do says what it waits for") {
  plan::ZonePlan plan;
  plan.zone = dns::Name::of("example.com");
  plan.stages.next_at = instant("2026-12-05T16:30:00Z");
  plan.stages.next_name = "stage enforce";
  const auto report = report_of({plan}, ZoneStatus::nothing);
  const std::string text = cli::render::text_renderer(view())->plan(report);
  CHECK(text.find("waiting for stage enforce at ") != std::string::npos);
  CHECK(text.find("2026-12-05") != std::string::npos);
}

TEST_CASE("live values cannot harm a terminal") {
  const auto report = hostile_report();
  View verbose = view();
  verbose.verbose = true;
  for (const View& one : {view(), verbose}) {
    check_harmless(cli::render::text_renderer(one)->plan(report));
    check_harmless(cli::render::text_renderer(one)->result(report, cli::render::Deed::apply));
    check_harmless(cli::render::text_renderer(one)->check(report));
  }
  check_harmless(cli::render::print_error(*report.zones.front().error, view()));
}

TEST_CASE("live values cannot break out of Markdown") {
  const auto report = hostile_report();
  const std::string text = cli::render::markdown_renderer(view())->plan(report);
  check_harmless(text);
  // Outside code, the tag would end the folded part and the mention would call somebody.
  std::string outside;
  bool in_fence = false;
  for (const auto& line : base::split(text, '\n')) {
    const auto start = std::min(line.find_first_not_of(' '), line.size());
    if (line.compare(start, 3, "```") == 0) {
      in_fence = !in_fence;
      continue;
    }
    if (!in_fence) outside += line + "\n";
  }
  std::size_t closings = 0;
  for (auto at = outside.find("\n</details>"); at != std::string::npos;
       at = outside.find("\n</details>", at + 1)) {
    ++closings;
  }
  CHECK(closings == 1);
  for (auto at = outside.find("\\@"); at != std::string::npos; at = outside.find("\\@", at + 1)) {
    CHECK(outside.compare(at + 2, 8, "<!-- -->") == 0);
  }
  CHECK(outside.find("\\</details") != std::string::npos);
}

TEST_CASE("JSON is ASCII whatever the zone holds") {
  const std::string text = cli::render::json_renderer(view())->plan(hostile_report());
  for (const char c : text)
    CHECK((static_cast<unsigned char>(c) < 0x7f && (c == '\n' || c >= ' ')));
}

TEST_CASE("colours appear only when asked for") {
  const auto report = report_of({go_live_plan()}, ZoneStatus::planned);
  View colored = view();
  colored.color = true;
  CHECK(cli::render::text_renderer(colored)->plan(report).find("\x1b[") != std::string::npos);
  CHECK(cli::render::text_renderer(view())->plan(report).find('\x1b') == std::string::npos);
}

TEST_CASE("a fault shows its line with a caret under its column") {
  View with_source = view();
  with_source.source = [](const std::string&) -> std::optional<std::string> {
    return "zone = \"example.com\"\n\t\xC3\xBC = 1; prioriy = 0\n";
  };
  base::Diagnostics diagnostics;
  const auto file = std::make_shared<const std::string>("example.com.toml");
  diagnostics.error("spec-unknown-key", {file, 2, 9},
                    "unknown key `prioriy`, did you mean `priority`?", "keys here: host, priority");
  const std::string text = cli::render::print_diagnostics(diagnostics, with_source);
  CHECK(text ==
        "example.com.toml:2:9: error: unknown key `prioriy`, did you mean `priority`? "
        "[spec-unknown-key]\n"
        " 2 |  \xC3\xBC = 1; prioriy = 0\n"
        "   |         ^\n"
        "  hint: keys here: host, priority\n");
}

TEST_CASE("a fault without its file is told all the same") {
  base::Diagnostics diagnostics;
  const auto file = std::make_shared<const std::string>("gone.toml");
  diagnostics.error("spec-x", {file, 7, 1}, "wrong");
  CHECK(cli::render::print_diagnostics(diagnostics, view()) ==
        "gone.toml:7:1: error: wrong [spec-x]\n");
}

TEST_CASE("an error says what happened, to which record, and what to do next") {
  const auto error =
      base::Error(base::ErrorKind::unavailable, "the server answers 503", base::Effect::unknown)
          .about("example.com/MX")
          .with_hint("try again later");
  CHECK(cli::render::print_error(error, view()) ==
        "mxsmith: the server answers 503\n"
        "         record: example.com/MX\n"
        "         Whether anything was changed is not known; the next apply finds out first.\n"
        "         try again later\n");
}

TEST_CASE("a rollback ends with what to do in Git unless the store is shared") {
  auto plan = go_live_plan();
  plan.kind = plan::PlanKind::rollback;
  plan.title = "undo of entry 1";
  auto report = report_of({plan}, ZoneStatus::applied);
  report.zones.front().entry = 2;
  const auto renderer = cli::render::text_renderer(view());
  const std::string last = "Revert the spec in Git now.\n";
  const std::string text = renderer->result(report, cli::render::Deed::rollback);
  REQUIRE(text.size() > last.size());
  CHECK(text.substr(text.size() - last.size()) == last);
  CHECK(text.find("mxsmith hold") != std::string::npos);
  report.store_shared = true;
  CHECK(renderer->result(report, cli::render::Deed::rollback).find(last) == std::string::npos);
}

}  // namespace mxsmith::tests
