// Markdown for pull-request comments: a headline, a table of what it means for mail, the records in
// a folded diff.
//
// Foreign text stands in code spans and fences that are longer than any run of backticks in it, or
// is escaped sign by sign: it can neither close them nor mention anybody.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cli/render/check_words.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/impact_words.hpp"
#include "cli/render/renderer.hpp"
#include "cli/render/text.hpp"
#include "cli/render/timeline_words.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

/// Escaped for Markdown. An escaped "@" would still call somebody on the large forges; an empty
/// comment after it does not.
std::string md(std::string_view hostile) {
  std::string text;
  for (const char c : base::escape_for_markdown(hostile)) {
    text += c;
    if (c == '@') text += "<!-- -->";
  }
  return text;
}

/// A code span, also fit for a table cell, where a bar would end the cell even inside code.
std::string code(std::string_view hostile) {
  const std::string text = safe(hostile);
  if (text.empty()) return {};
  const std::string fence(longest_run(text, '`') + 1, '`');
  const bool pad = text.front() == '`' || text.back() == '`';
  std::string inside;
  for (const char c : text) {
    if (c == '|') inside += '\\';
    inside += c;
  }
  return fence + (pad ? " " : "") + inside + (pad ? " " : "") + fence;
}

std::string codes(const std::vector<std::string>& texts, std::string_view sign = "") {
  std::vector<std::string> parts;
  parts.reserve(texts.size());
  for (const auto& text : texts) parts.push_back(std::string(sign) + code(text));
  return base::join(parts, ", ");
}

// ---- the table ----

std::string row(std::string_view what, const std::string& now, const std::string& after) {
  return "| " + std::string(what) + " | " + now + " | " + after + " |\n";
}

std::string all_cell(std::string_view all) {
  const AllWords words = all_words(all);
  return "rest: " + md(words.meaning) + (words.term.empty() ? "" : " " + md(words.term));
}

std::string impact_table(const plan::Impact& impact) {
  std::string rows;
  const auto& inbound = impact.inbound;
  if (inbound.changes) {
    const auto hosts = [](const std::vector<std::string>& texts) {
      return texts.empty() ? std::string("**nobody: no MX record**") : codes(texts);
    };
    rows += row("Inbound mail", hosts(inbound.now), hosts(inbound.after));
  }
  const auto& sending = impact.sending;
  if (sending.changes) {
    std::vector<std::string> after;
    if (!sending.gains.empty()) after.push_back(codes(sending.gains, "+ "));
    if (!sending.loses.empty()) after.push_back("**loses:** " + codes(sending.loses));
    after.push_back(all_cell(sending.all_after));
    after.push_back(md(sending_words(sending)));
    std::vector<std::string> now;
    if (!sending.now.empty()) now.push_back(codes(sending.now));
    now.push_back(all_cell(sending.all_now));
    rows += row("Who may send", base::join(now, "<br>"), base::join(after, "<br>"));
  }
  for (const auto& key : impact.keys) {
    const std::string words =
        std::string(1, key.sign) + " selector " + code(key.selector) + ", " + md(key.text);
    rows += row("Signing", key.sign == '-' ? words : "", key.sign == '-' ? "gone" : words);
  }
  for (const auto& policy : impact.policies) {
    const std::string direction = policy.direction > 0
                                      ? " (" + md(stricter_words(impact, policy)) + ")"
                                  : policy.direction < 0 ? " (**weaker**)"
                                                         : "";
    rows += row(md(policy.what), policy.now.empty() ? "none" : code(policy.now),
                (policy.after.empty() ? "none" : code(policy.after)) + direction);
  }
  if (rows.empty()) return {};
  return "| | now | after |\n|---|---|---|\n" + rows + "\n";
}

/// What has to be known first: new errors, then what protects less.
std::string alarms(const plan::ZonePlan& plan) {
  std::string text;
  for (const auto& finding : plan.findings) {
    if (finding.severity != base::Severity::error) continue;
    text += "- **New error** " + code(finding.record) + " " + code(finding.rule) + ": " +
            md(finding.message) + (finding.hint.empty() ? "" : " (" + md(finding.hint) + ")") +
            "\n";
  }
  for (const auto& words : weaker_words(plan.impact)) text += "- **Weaker:** " + md(words) + "\n";
  return text.empty() ? "" : text + "\n";
}

std::string elsewhere_list(const plan::Impact& impact) {
  std::string text;
  for (const auto& words : elsewhere_words(impact)) text += "- " + md(words) + "\n";
  return text.empty() ? "" : text + "\n";
}

// ---- the diff ----

std::string change_diff(const plan::ZonePlan& plan, const plan::Change& change) {
  const plan::ChangeText text = plan::describe(change);
  const char sign =
      change.kind() == plan::Change::Kind::update ? '!' : static_cast<char>(change.kind());
  std::string lines = std::string(1, sign) + " " +
                      safe(change.key.name.text_relative_to(plan.zone)) + " " +
                      dns::type_name(change.key.type) + " " + ttl_words(change);
  if (!text.headline.empty()) lines += " " + safe(text.headline);
  const std::string place = place_note(change.pos, plan.spec_file);
  if (!place.empty()) lines += "   " + safe(place);
  lines += "\n";
  for (const auto& delta : text.deltas) {
    if (delta.identity == "ttl") continue;
    const std::string before = safe(unquoted(delta.before));
    const std::string after = safe(unquoted(delta.after));
    if (delta.kind == plan::Delta::Kind::kept) {
      lines += "      " + after + "\n";
      continue;
    }
    if (!delta.before.empty()) lines += "-     " + before + "\n";
    if (!delta.after.empty()) lines += "+     " + after + "\n";
  }
  for (const auto& other : text.other)
    lines += "      " + safe(unquoted(other)) + "  (not touched)\n";
  return lines;
}

std::string steps_diff(const plan::ZonePlan& plan) {
  std::string lines;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    lines += "# Step " + std::to_string(i + 1) + ": " + safe(plan.steps[i].title) + "\n";
    for (const std::size_t position : plan.steps[i].changes) {
      lines += change_diff(plan, plan.changes.at(position));
    }
  }
  return lines;
}

std::string steps_details(const plan::ZonePlan& plan) {
  return "<details><summary>" + counts_words(plan.counts()) + "</summary>\n\n" +
         fenced("diff", steps_diff(plan)) + "\n</details>\n\n";
}

// ---- around them ----

/// Line by line: a line's end is not hostile here, all else may be.
std::string safe_lines(const std::string& text) {
  std::string result;
  for (const auto& line : base::split(base::trim(text), '\n')) result += safe(line) + "\n";
  return result;
}

std::string guards_list(const plan::ZonePlan& plan) {
  std::string text;
  for (const auto& guard : plan.guards) {
    if (guard.allowed) {
      text += "- Guard " + code(guard.id) + " let through (" + md(guard.allowed_by) +
              "): " + md(guard.message) + "\n";
      continue;
    }
    const AllowLines lines = allow_lines(guard, plan);
    text += "- **Refused by guard " + code(guard.id) + ":** " + md(guard.message) + "  \n";
    if (const auto* info = plan::find_guard(guard.id)) {
      text += "  It protects from this: " + md(info->protects) + "  \n";
    }
    if (!lines.table.empty()) {
      text += "  To allow it, " + code(lines.option) + " for one run, or in the spec:\n\n";
      for (const auto& line :
           base::split(base::trim(fenced("toml", safe_lines(lines.table))), '\n')) {
        text += "  " + line + "\n";
      }
    }
    if (!lines.other.empty()) text += "\n  " + md(lines.other) + "\n";
  }
  return text.empty() ? "" : text + "\n";
}

std::string findings_list(const plan::ZonePlan& plan) {
  std::string text;
  for (const auto& gap : plan.gaps) {
    text += "- In between, step " + std::to_string(gap.step + 1) + ": " + md(gap.message) + "\n";
  }
  std::size_t remarks = 0;
  for (const auto& finding : plan.findings) {
    if (finding.severity == base::Severity::error) continue;
    if (is_minor(finding)) {
      ++remarks;
      continue;
    }
    const std::string record = finding.record.empty() ? "" : code(finding.record) + " ";
    text += "- " + code(finding.rule) + " " + record + md(finding.message) + "\n";
  }
  for (const auto& words : findings_counts(plan, remarks)) text += "- " + md(words) + "\n";
  for (const auto& note : plan.notes) {
    if (note.worth_showing) text += "- " + code(note.unit.key.text()) + ": " + md(note.text) + "\n";
  }
  for (const auto& unchecked : plan.not_checked) text += "- Not checked: " + md(unchecked) + "\n";
  return text.empty() ? "" : text + "\n";
}

std::string error_lines(const base::Error& error) {
  std::string text = "**Error:**\n\n" + fenced("text", print_error(error, {}));
  return text + "\n";
}

std::string diagnostics_list(const std::vector<base::Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    text += "- " + std::string(base::severity_name(diagnostic.severity)) + " ";
    if (!diagnostic.pos.text().empty()) text += code(diagnostic.pos.text()) + " ";
    if (!diagnostic.record.empty()) text += code(diagnostic.record) + " ";
    text += md(diagnostic.message) + " " + code(diagnostic.rule);
    if (!diagnostic.hint.empty()) text += " (" + md(diagnostic.hint) + ")";
    text += "\n";
  }
  return text.empty() ? "" : text + "\n";
}

std::string place_code(const engine::ZoneReport& zone) {
  return code(place_of(zone.zone, zone.provider, zone.account));
}

std::string heading(const engine::Report& report, const std::vector<std::size_t>& group) {
  const auto& zone = report.zones[group.front()];
  std::string text = "#### " + place_code(zone);
  if (group.size() > 1) text += " and " + base::counted(group.size() - 1, "zone") + " alike";
  return text + ": " + status_words(zone.status) + "\n\n";
}

/// What the whole comment is about, for those who read no further.
std::string headline(const engine::Report& report, std::string_view command) {
  const std::string start = "### mxsmith " + std::string(command) + ": ";
  if (report.zones.empty() && report.diagnostics.has_errors()) {
    return start + base::counted(report.diagnostics.errors(), "error") + " in specs\n\n";
  }
  if (report.zones.size() != 1) return start + status_counts(report) + "\n\n";
  const auto& zone = report.zones.front();
  return start + place_code(zone) + ": " + status_words(zone.status) + "\n\n";
}

std::string words_list(const engine::ZoneReport& zone) {
  std::string text;
  for (const auto* words : {&zone.settled, &zone.notices, &zone.moved}) {
    for (const auto& line : *words) text += "- " + md(line) + "\n";
  }
  return text.empty() ? "" : text + "\n";
}

std::string zone_section(const engine::Report& report, const std::vector<std::size_t>& group,
                         bool with_plan) {
  const auto& zone = report.zones[group.front()];
  std::string text = report.zones.size() > 1 ? heading(report, group) : "";
  if (group.size() > 1) text += "Alike: " + md(some_names(report, group, 12)) + "\n\n";
  if (zone.plan && with_plan) {
    if (zone.plan->empty()) {
      const std::string waiting = waiting_words(*zone.plan);
      text += "Nothing to do" + (waiting.empty() ? "." : ": " + md(waiting) + ".") + "\n\n";
    } else {
      text += alarms(*zone.plan) + impact_table(zone.plan->impact) +
              elsewhere_list(zone.plan->impact) + steps_details(*zone.plan);
    }
    text += guards_list(*zone.plan) + findings_list(*zone.plan);
  }
  text += words_list(zone);
  if (zone.error) text += error_lines(*zone.error);
  return text;
}

std::string sections(const engine::Report& report, std::string_view command, bool with_plan,
                     bool each_alone) {
  std::string text = headline(report, command);
  text += diagnostics_list(report.diagnostics.sorted());
  for (const auto& group : groups_of(report, each_alone)) {
    text += zone_section(report, group, with_plan);
  }
  return text;
}

/// The other commands are rarely pasted anywhere: their text, fenced.
class MarkdownRenderer final : public Renderer {
 public:
  explicit MarkdownRenderer(View view) : view_(std::move(view)) {
    view_.color = false;
    text_ = text_renderer(view_);
  }
  [[nodiscard]] std::string plan(const engine::Report& report) const override {
    return sections(report, "plan", true, view_.verbose);
  }
  [[nodiscard]] std::string result(const engine::Report& report, Deed deed) const override {
    return sections(report, deed == Deed::apply ? "apply" : "rollback", true, view_.verbose);
  }
  [[nodiscard]] std::string check(const engine::Report& report) const override {
    const CheckWords words = check_words(report, view_.verbose ? Remarks::shown : Remarks::hidden);
    return "### mxsmith check: " + words.summary + "\n\n" + diagnostics_list(words.shown);
  }
  [[nodiscard]] std::string history(const std::vector<ZoneHistory>& zones) const override {
    return fenced("text", text_->history(zones));
  }
  [[nodiscard]] std::string entry(const state::ZoneKey& key,
                                  const state::Entry& entry) const override {
    return fenced("text", text_->entry(key, entry));
  }
  [[nodiscard]] std::string chains(const std::vector<ChainCheck>& chains) const override {
    return fenced("text", text_->chains(chains));
  }
  [[nodiscard]] std::string timeline(const std::vector<engine::Timeline>& zones) const override {
    return print_timeline_markdown(zones, text_->timeline(zones));
  }
  [[nodiscard]] std::string holds(const Holds& holds) const override {
    return fenced("text", text_->holds(holds));
  }
  [[nodiscard]] std::string providers(
      std::span<const provider::ProviderInfo> providers) const override {
    return fenced("text", text_->providers(providers));
  }
  [[nodiscard]] std::string provider(const provider::ProviderInfo& provider) const override {
    return fenced("text", text_->provider(provider));
  }

 private:
  View view_;
  std::unique_ptr<Renderer> text_;
};

}  // namespace

std::unique_ptr<Renderer> markdown_renderer(View view) {
  return std::make_unique<MarkdownRenderer>(std::move(view));
}

}  // namespace mxsmith::cli::render
