// A plan as text: heading, impact, steps, what is beside them, summary last.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/impact_words.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

std::string zone_argument(const dns::Name& zone) {
  const std::string text = zone.text();
  return text.substr(0, text.size() - 1);
}

Line note_label(std::string_view label, Ink ink = Ink::bold) {
  Line line;
  line.text(label, ink);
  return line;
}

/// Errors are what mail fails by: they stand above everything else.
void put_errors(Page& page, const plan::ZonePlan& plan) {
  bool first = true;
  for (const auto& finding : plan.findings) {
    if (finding.severity != base::Severity::error) continue;
    Line start;
    if (first) start.text("NEW ERROR", Ink::red);
    const std::string record = finding.record.empty() ? "" : safe(finding.record) + ": ";
    page.paragraph(start, kLabelColumn, record + safe(finding.message), Ink::red,
                   place_note(finding.pos, plan.spec_file));
    const std::string explain = "(mxsmith check --explain " + safe(finding.rule) + ")";
    page.paragraph(Line(), kLabelColumn,
                   finding.hint.empty() ? explain : safe(finding.hint) + " " + explain);
    first = false;
  }
  if (!first) page.blank();
}

void put_findings(Page& page, const plan::ZonePlan& plan, const View& view) {
  const char* label = "Findings";
  std::size_t remarks = 0;
  for (const auto& finding : plan.findings) {
    if (finding.severity == base::Severity::error) continue;
    if (is_minor(finding) && !view.verbose) {
      ++remarks;
      continue;
    }
    put_finding(page, label, finding, plan.spec_file);
    label = "";
  }
  for (const auto& words : findings_counts(plan, remarks)) {
    page.paragraph(note_label(label), kNoteColumn, safe(words));
    label = "";
  }
}

void put_notes(Page& page, const plan::ZonePlan& plan, const std::vector<std::string>& notices,
               const View& view) {
  if (plan.gaps.empty()) {
    if (!plan.changes.empty()) {
      page.paragraph(note_label("In between"), kNoteColumn, between_words(plan));
    }
  } else {
    for (const auto& gap : plan.gaps) {
      page.paragraph(note_label(&gap == &plan.gaps.front() ? "In between" : ""), kNoteColumn,
                     "step " + std::to_string(gap.step + 1) + ": " + safe(gap.message),
                     gap.mail_relevant ? Ink::red : Ink::plain);
    }
  }
  if (plan.left_alone != 0) {
    page.paragraph(note_label("Left alone"), kNoteColumn,
                   base::counted(plan.left_alone, "record set"));
  }
  bool first = true;
  for (const auto& notice : notices) {
    page.paragraph(note_label(first ? "Noted" : ""), kNoteColumn, safe(notice));
    first = false;
  }
  for (const auto& note : plan.notes) {
    if (!note.worth_showing) continue;
    page.paragraph(note_label(first ? "Noted" : ""), kNoteColumn,
                   safe(note.unit.key.name.text_relative_to(plan.zone)) + " " +
                       dns::type_name(note.unit.key.type) + ": " + safe(note.text));
    first = false;
  }
  put_findings(page, plan, view);
  for (const auto& unchecked : plan.not_checked) {
    page.paragraph(note_label(&unchecked == &plan.not_checked.front() ? "Not checked" : ""),
                   kNoteColumn, safe(unchecked));
  }
}

std::string guards_words(const plan::ZonePlan& plan) {
  const std::size_t open = open_guards(plan);
  if (open != 0) return "Guards: " + base::counted(open, "says", "say") + " no.";
  if (plan.guards.empty()) return "Guards: all passed.";
  return "Guards: " + std::to_string(plan.guards.size()) + " let through.";
}

/// In UTC alone, with the date where it is not today's.
std::string until_words(const plan::ZonePlan& plan) {
  using std::chrono::days;
  const bool today =
      std::chrono::floor<days>(plan.valid_until) == std::chrono::floor<days>(plan.made_at);
  const std::string text =
      base::print_instant_local(plan.valid_until, today ? base::WithDate::no : base::WithDate::yes);
  return text.substr(0, text.find(" ("));
}

void put_summary(Page& page, const plan::ZonePlan& plan) {
  if (plan.empty()) {
    const std::string waiting = waiting_words(plan);
    page.add("Nothing to do" + (waiting.empty() ? "." : ": " + safe(waiting) + "."), Ink::bold);
    return;
  }
  Line line;
  line.text(counts_words(plan.counts()), Ink::bold).text("  ");
  line.text(guards_words(plan), open_guards(plan) != 0 ? Ink::red : Ink::plain);
  if (plan.for_looking) {
    line.text("  For looking: it cannot be applied.");
  } else {
    line.text("  Valid until " + until_words(plan) + ".");
  }
  page.add(line);
}

bool mx_among_others(const plan::ZonePlan& plan) {
  const auto is_mx = [](const plan::Change& change) { return change.key.type == dns::Type::MX; };
  return plan.changes.size() > 1 && std::any_of(plan.changes.begin(), plan.changes.end(), is_mx);
}

std::string rollback_command(const plan::ZonePlan& plan, const View& view) {
  return "mxsmith rollback " + zone_argument(plan.zone) +
         (view.project_arguments.empty() ? "" : " " + view.project_arguments);
}

bool can_be_applied(const plan::ZonePlan& plan) {
  return !plan.empty() && !plan.for_looking && !plan.refused();
}

void put_way_back(Page& page, const plan::ZonePlan& plan, const View& view) {
  Line line;
  line.text("way back").column(11).text(safe(rollback_command(plan, view)), Ink::cyan);
  if (mx_among_others(plan)) {
    Line longer = line;
    longer.column(51).text("MX alone: ");
    longer.text(safe(rollback_command(plan, view)) + " --only mx", Ink::cyan);
    if (longer.width() <= page.width() + 10) line = longer;
  }
  page.add(line);
}

/// Under the plans: how to carry them out, and for one zone how to undo it.
void put_commands(Page& page, const engine::Report& report, const View& view) {
  const bool any = std::any_of(report.zones.begin(), report.zones.end(), [](const auto& zone) {
    return zone.plan && can_be_applied(*zone.plan);
  });
  if (view.apply_command.empty() || !any) return;
  page.add(Line().text("apply").column(11).text(safe(view.apply_command), Ink::cyan));
  if (report.zones.size() == 1) put_way_back(page, *report.zones.front().plan, view);
}

std::string heading_of(const engine::Report& report, const std::vector<std::size_t>& group) {
  const auto& zone = report.zones[group.front()];
  std::string heading = place_of(zone.zone, zone.provider, zone.account);
  if (group.size() > 1) heading += ", and " + base::counted(group.size() - 1, "zone") + " alike";
  return heading;
}

void put_words(Page& page, const std::vector<std::string>& words, Ink ink) {
  for (const auto& text : words) page.paragraph(Line().text("  "), 2, safe(text), ink);
}

void put_zone_report(Page& page, const engine::Report& report,
                     const std::vector<std::size_t>& group, const View& view) {
  const auto& zone = report.zones[group.front()];
  const std::string heading = heading_of(report, group);
  if (!zone.plan) {
    page.add(Line().text(safe(heading), Ink::bold).text("   ").text(status_words(zone.status)));
  } else {
    put_plan(page, *zone.plan, heading, zone.notices, view);
  }
  if (group.size() > 1) {
    page.paragraph(Line().text("Alike", Ink::bold), kNoteColumn,
                   safe(some_names(report, group, view.verbose ? group.size() : 12)));
  }
  put_words(page, zone.settled, Ink::yellow);
  if (!zone.plan) put_words(page, zone.notices, Ink::dim);
  put_words(page, zone.moved, Ink::yellow);
  if (zone.error) put_error(page, *zone.error);
}

void put_abandoned(Page& page, const engine::Report& report) {
  if (report.abandoned.empty()) return;
  page.blank();
  for (const auto& key : report.abandoned) {
    page.paragraph(Line().text("Abandoned", Ink::yellow), kNoteColumn,
                   safe(key.text()) +
                       ": its spec is gone; what mxsmith put there stays. `mxsmith apply "
                       "--prune-zone` would delete it.");
  }
}

}  // namespace

void put_plan(Page& page, const plan::ZonePlan& plan, const std::string& heading,
              const std::vector<std::string>& notices, const View& view) {
  Line head;
  head.text(safe(heading), Ink::bold);
  const bool live = plan.read_at != base::Instant{};
  page.add(std::move(head),
           live ? "read " + base::print_instant_local(plan.read_at, base::WithDate::no) : "");
  if (!plan.title.empty()) page.add(safe(plan.title));
  if (plan.empty()) {
    if (open_guards(plan) != 0) put_guards(page, plan);
    put_notes(page, plan, notices, view);
    put_summary(page, plan);
    return;
  }
  page.blank();
  put_errors(page, plan);
  put_impact(page, plan, Unchanged::shown);
  page.blank();
  put_steps(page, plan, view);
  page.blank();
  put_notes(page, plan, notices, view);
  put_guards(page, plan);
  page.blank();
  put_summary(page, plan);
}

std::string print_plan_text(const engine::Report& report, const View& view) {
  Page page = page_for(view);
  const auto groups = groups_of(report, view.verbose);
  for (const auto& group : groups) {
    if (&group != &groups.front()) page.blank();
    put_zone_report(page, report, group, view);
  }
  put_abandoned(page, report);
  if (report.zones.size() > 1) page.blank().add(status_counts(report), Ink::bold);
  put_commands(page, report, view);
  return page.text();
}

}  // namespace mxsmith::cli::render
