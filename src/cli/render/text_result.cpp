// What an apply or a rollback did, as text.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using engine::ZoneReport;
using engine::ZoneStatus;

Ink ink_of(ZoneStatus status) {
  switch (status) {
    case ZoneStatus::nothing:
    case ZoneStatus::applied: return Ink::green;
    case ZoneStatus::planned:
    case ZoneStatus::skipped: return Ink::plain;
    default: return Ink::red;
  }
}

std::string applied_words(const ZoneReport& zone) {
  if (!zone.plan) return {};
  const auto& plan = *zone.plan;
  if (plan.kind != plan::PlanKind::apply && !plan.title.empty()) return plan.title;
  return base::counted(plan.changes.size(), "set") + " in " +
         base::counted(plan.steps.size(), "step");
}

std::string waiting(const ZoneReport& zone) {
  return zone.plan ? waiting_words(*zone.plan) : std::string();
}

std::string words_of(const ZoneReport& zone) {
  switch (zone.status) {
    case ZoneStatus::nothing: return waiting(zone).empty() ? "nothing to do" : waiting(zone);
    case ZoneStatus::applied: return applied_words(zone);
    case ZoneStatus::skipped: return "nothing was written";
    case ZoneStatus::refused:
      return zone.plan && open_guards(*zone.plan) != 0
                 ? base::counted(open_guards(*zone.plan), "guard says", "guards say") + " no"
                 : "";
    case ZoneStatus::stale: return "the zone is no longer as it was planned; nothing was written";
    case ZoneStatus::partly: return "something was written, something planned was not";
    case ZoneStatus::unknown: return "something may have been written; the next apply finds out";
    case ZoneStatus::failed: return "nothing was written";
    case ZoneStatus::planned: return "not applied";
  }
  return {};
}

std::string change_state(state::ChangeState state) {
  switch (state) {
    case state::ChangeState::not_applied: return "not applied";
    case state::ChangeState::applied: return "applied";
    case state::ChangeState::differs: break;
  }
  return "differs from both before and after";
}

/// Step by step what became of each set; only told where not all is well.
void put_outcomes(Page& page, const ZoneReport& zone) {
  const bool all_well = zone.status == ZoneStatus::applied || zone.status == ZoneStatus::nothing;
  if (all_well || !zone.plan) return;
  for (const auto& outcome : zone.outcomes) {
    if (outcome.step >= zone.plan->steps.size()) continue;
    const auto& step = zone.plan->steps[outcome.step];
    for (std::size_t i = 0; i < step.changes.size() && i < outcome.changes.size(); ++i) {
      const auto& change = zone.plan->changes.at(step.changes[i]);
      page.add("    step " + std::to_string(outcome.step + 1) + "  " + safe(change.key.text()) +
               "  " + change_state(outcome.changes[i]));
    }
    if (!outcome.error.empty()) page.paragraph(Line(), 4, safe(outcome.error), Ink::red);
  }
}

void put_zone(Page& page, const ZoneReport& zone, const std::string& name) {
  Line line;
  line.text(safe(name), Ink::bold).column(kNoteColumn + 10);
  line.text(status_words(zone.status), ink_of(zone.status));
  const std::string words = words_of(zone);
  if (!words.empty()) line.text(": " + safe(words));
  if (zone.entry) line.text("; entry " + std::to_string(*zone.entry) + " of its history");
  page.add(line);
  for (const auto& text : zone.settled) page.paragraph(Line(), 4, safe(text), Ink::yellow);
  for (const auto& text : zone.notices) page.paragraph(Line(), 4, safe(text));
  for (const auto& text : zone.moved) page.paragraph(Line(), 4, safe(text), Ink::yellow);
  put_outcomes(page, zone);
  if (zone.error) put_error(page, *zone.error);
}

/// Zones of which nothing else is to be told than that all is well are told together.
bool plain(const ZoneReport& zone) {
  return zone.status == ZoneStatus::nothing && zone.settled.empty() && zone.notices.empty() &&
         waiting(zone).empty();
}

bool any_with(const engine::Report& report, ZoneStatus status) {
  return std::any_of(report.zones.begin(), report.zones.end(),
                     [&](const ZoneReport& zone) { return zone.status == status; });
}

/// How to undo what was just done.
void put_way_back(Page& page, const engine::Report& report, const View& view) {
  std::vector<const ZoneReport*> written;
  for (const auto& zone : report.zones) {
    if (zone.entry && zone.status == ZoneStatus::applied) written.push_back(&zone);
  }
  if (written.empty()) return;
  const std::string zone = written.front()->zone.text();
  std::string command = "mxsmith rollback " + (written.size() == 1 ? zone.substr(0, zone.size() - 1)
                                                                   : "--run " + report.run);
  if (!view.project_arguments.empty()) command += " " + view.project_arguments;
  page.add(Line().text("way back").column(11).text(safe(command), Ink::cyan));
}

/// A redo brings the spec's state back, and holds nothing.
bool any_rolled_back(const engine::Report& report) {
  return std::any_of(report.zones.begin(), report.zones.end(), [](const ZoneReport& zone) {
    const bool wrote = zone.status == ZoneStatus::applied || zone.status == ZoneStatus::partly;
    return wrote && zone.plan && zone.plan->kind == plan::PlanKind::rollback;
  });
}

void put_next(Page& page, const engine::Report& report, Deed deed, const View& view) {
  if (report.interrupted) page.add("Interrupted; the journal is settled.", Ink::yellow);
  if (any_with(report, ZoneStatus::stale)) {
    page.add("The plan is stale: make it again and look at what has moved.");
  }
  if (deed == Deed::apply) put_way_back(page, report, view);
  if (deed == Deed::rollback && any_rolled_back(report)) {
    const std::string name = report.zones.front().zone.text();
    const std::string zone =
        report.zones.size() == 1 ? safe(name.substr(0, name.size() - 1)) : "ZONE";
    page.add(
        "Held: the undone state of the spec is refused until the spec changes, or `mxsmith hold " +
        zone + " --lift`.");
    if (!report.store_shared) page.add("Revert the spec in Git now.", Ink::bold);
  }
}

}  // namespace

std::string print_result_text(const engine::Report& report, Deed deed, const View& view) {
  Page page = page_for(view);
  const ZoneNames names(report);
  std::size_t in_order = 0;
  for (const auto& group : groups_of(report, view.verbose)) {
    const auto& zone = report.zones[group.front()];
    if (plain(zone) && report.zones.size() > 1 && !view.verbose) {
      in_order += group.size();
      continue;
    }
    // Entries are numbered zone by zone, so only zones without one can share a line.
    if (zone.entry || group.size() == 1) {
      for (const std::size_t i : group) {
        put_zone(page, report.zones[i], names.of(report.zones[i]));
      }
    } else {
      put_zone(page, zone, some_names(report, group, 3));
    }
  }
  if (in_order != 0) page.add(base::counted(in_order, "zone") + " in order");
  put_next(page, report, deed, view);
  if (report.zones.size() > 1) page.add(status_counts(report), Ink::bold);
  return page.text();
}

}  // namespace mxsmith::cli::render
