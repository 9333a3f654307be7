// Guards and errors as text: what is at stake, and exactly what to write to go on.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

void put_refusal(Page& page, const plan::ZonePlan& plan, const plan::GuardFinding& guard) {
  page.blank();
  Line head;
  head.text("Refused by guard ", Ink::red).text(safe(guard.id), Ink::bold);
  page.add(std::move(head), place_note(guard.pos, plan.spec_file));
  page.paragraph(Line().text("  "), 2, safe(guard.message));
  if (const auto* info = plan::find_guard(guard.id)) {
    page.paragraph(Line().text("  "), 2, "It protects from this: " + safe(info->protects),
                   Ink::dim);
  }
  const AllowLines lines = allow_lines(guard, plan);
  if (!lines.table.empty()) {
    const std::string file = plan.spec_file.empty() ? "the spec" : plan.spec_file;
    page.add("  To allow it, in " + safe(file) + ":");
    for (const auto& line : base::split(base::trim(lines.table), '\n')) {
      page.add("      " + safe(line), Ink::cyan);
    }
    page.add("  or for one run:");
    page.add("      " + safe(lines.option), Ink::cyan);
  }
  if (!lines.other.empty()) page.paragraph(Line().text("  "), 2, safe(lines.other));
}

std::string effect_words(base::Effect effect) {
  switch (effect) {
    case base::Effect::none: return {};
    case base::Effect::unknown:
      return "Whether anything was changed is not known; the next apply finds out first.";
    case base::Effect::partial: return "Part of it was changed; `mxsmith history` names it.";
  }
  return {};
}

std::vector<std::string> error_lines(const base::Error& error) {
  std::vector<std::string> lines;
  const std::string what = error.what();
  if (!error.key().empty() && what.find(error.key()) == std::string::npos) {
    lines.push_back("record: " + error.key());
  }
  const std::string effect = effect_words(error.effect());
  if (!effect.empty()) lines.push_back(effect);
  if (!error.request_id().empty()) lines.push_back("request: " + error.request_id());
  if (error.retry_after()) {
    lines.push_back("try again in " + base::print_duration_words(*error.retry_after()));
  }
  if (!error.hint().empty()) lines.push_back(error.hint());
  return lines;
}

/// Messages may have several lines, one for each fault of a file, say.
void put_error_lines(Page& page, std::string_view label, const base::Error& error) {
  constexpr std::size_t kIndent = 9;
  Line start = Line().text(label, Ink::red);
  for (const auto& line : base::split(error.what(), '\n')) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    page.paragraph(start, kIndent + spaces, safe(std::string_view(line).substr(spaces)));
    start = Line();
  }
  for (const auto& line : error_lines(error)) page.paragraph(Line(), kIndent, safe(line));
}

}  // namespace

void put_guards(Page& page, const plan::ZonePlan& plan) {
  for (const auto& guard : plan.guards) {
    if (!guard.allowed) continue;
    page.paragraph(
        Line().text("Let through", Ink::yellow), kNoteColumn,
        safe(guard.id) + ": " + safe(guard.message) + " (" + safe(guard.allowed_by) + ")",
        Ink::plain, place_note(guard.pos, plan.spec_file));
  }
  for (const auto& guard : plan.guards) {
    if (!guard.allowed) put_refusal(page, plan, guard);
  }
}

void put_error(Page& page, const base::Error& error) { put_error_lines(page, "  error: ", error); }

std::string print_error(const base::Error& error, const View& view) {
  Page page(view.color, view.width);
  put_error_lines(page, "mxsmith: ", error);
  return page.text();
}

}  // namespace mxsmith::cli::render
