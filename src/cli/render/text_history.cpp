// History, its chains, and holds, as text.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

std::string who(const state::Actor& actor) {
  return actor.host.empty() ? actor.user : actor.user + "@" + actor.host;
}

std::string when(base::Instant instant) {
  return base::print_instant_local(instant, base::WithDate::yes);
}

std::string short_counts(const plan::ZonePlan::Counts& counts) {
  return "+" + std::to_string(counts.created) + " ~" + std::to_string(counts.updated) + " -" +
         std::to_string(counts.removed);
}

void put_entry_line(Page& page, const state::EntryInfo& info) {
  Line line;
  const std::string id = std::to_string(info.id);
  line.column(id.size() < 6 ? 6 - id.size() : 0).text(id, Ink::bold);
  line.column(8).text(when(info.started));
  line.column(30).text(std::string(plan::plan_kind_name(info.kind)));
  line.column(40).text(std::string(state::status_name(info.status)),
                       info.status == state::EntryStatus::applied ? Ink::green : Ink::yellow);
  line.column(49).text(short_counts(info.counts));
  line.column(60).text(safe(who(info.actor)));
  const std::string& why = info.actor.reason.empty() ? info.title : info.actor.reason;
  if (!why.empty()) line.text("  " + safe(why), Ink::dim);
  page.add(line);
}

void put_pair(Page& page, std::string_view label, const std::string& value) {
  if (value.empty()) return;
  page.paragraph(Line().text(label, Ink::bold), kNoteColumn, safe(value));
}

void put_outcomes(Page& page, const state::Entry& entry) {
  for (const auto& outcome : entry.outcomes) {
    const auto applied =
        std::count(outcome.changes.begin(), outcome.changes.end(), state::ChangeState::applied);
    std::string words =
        "step " + std::to_string(outcome.step + 1) + ": " + std::to_string(applied) + " of " +
        base::counted(outcome.changes.size(), "set") + " applied, " + when(outcome.at);
    if (!outcome.error.empty()) words += ", " + outcome.error;
    put_pair(page, "Outcome", words);
  }
  for (const auto& difference : entry.differences) put_pair(page, "Read back", difference);
}

std::string hold_words(const state::Hold& hold) {
  std::string words = hold.kind == state::Hold::Kind::rolled_back
                          ? "rollback, entry " + std::to_string(hold.entry) + ","
                          : "held by hand";
  if (!hold.by.empty()) words += " by " + hold.by;
  words += " since " + when(hold.since);
  if (!hold.reason.empty()) words += ": " + hold.reason;
  return words;
}

}  // namespace

std::string print_history_text(const std::vector<ZoneHistory>& zones, const View& view) {
  Page page = page_for(view);
  for (const auto& zone : zones) {
    if (&zone != &zones.front()) page.blank();
    page.add(Line().text(safe(zone.key.text()), Ink::bold));
    for (const auto& info : zone.entries) put_entry_line(page, info);
    if (zone.entries.empty()) page.add("  no entries");
  }
  if (zones.empty()) page.add("No history here.");
  return page.text();
}

std::string print_entry_text(const state::ZoneKey& key, const state::Entry& entry,
                             const View& view) {
  const auto& info = entry.info;
  Page page = page_for(view);
  put_pair(page, "Entry", std::to_string(info.id) + " of " + key.text());
  put_pair(
      page, "What",
      std::string(plan::plan_kind_name(info.kind)) + (info.title.empty() ? "" : ", " + info.title));
  put_pair(page, "Status", std::string(state::status_name(info.status)));
  put_pair(page, "Started", when(info.started));
  put_pair(page, "Ended", info.ended ? when(*info.ended) : "");
  put_pair(page, "Who", who(info.actor));
  put_pair(page, "Why", info.actor.reason);
  put_pair(page, "Command", info.actor.command);
  put_pair(page, "Run", info.actor.run);
  put_pair(page, "Commit", info.actor.commit);
  std::vector<std::string> undone;
  for (const auto id : entry.undoes) undone.push_back(std::to_string(id));
  put_pair(page, "Undoes", base::join(undone, ", "));
  put_pair(page, "Hash", info.hash);
  put_pair(page, "Before it", info.previous_hash);
  put_outcomes(page, entry);
  page.blank();
  const auto& plan = entry.plan;
  put_plan(page, plan, place_of(plan.zone, plan.target.provider, plan.target.account), {}, view);
  return page.text();
}

std::string print_chains_text(const std::vector<ChainCheck>& chains, const View& view) {
  Page page = page_for(view);
  for (const auto& chain : chains) {
    Line line;
    line.text(safe(chain.key.text()), Ink::bold).text(": ");
    line.text(base::counted(chain.entries, "entry", "entries") + ", ");
    line.text(chain.fault ? "CHAIN BROKEN: " + safe(*chain.fault) : "chain holds",
              chain.fault ? Ink::red : Ink::green);
    page.add(line);
  }
  if (chains.empty()) page.add("No history here.");
  return page.text();
}

std::string print_holds_text(const Holds& holds, const View& view) {
  Page page = page_for(view);
  if (holds.all) {
    page.paragraph(Line().text("every zone", Ink::bold), 24, safe(hold_words(*holds.all)));
    page.add("    lift it: mxsmith hold --all --lift", Ink::dim);
  }
  for (const auto& [key, hold] : holds.zones) {
    page.paragraph(Line().text(safe(key.text()), Ink::bold), 24, safe(hold_words(hold)));
    const std::string zone = key.zone.text();
    page.add("    lift it: mxsmith hold " + safe(zone.substr(0, zone.size() - 1)) + " --lift",
             Ink::dim);
  }
  if (!holds.all && holds.zones.empty()) page.add("Nothing is held.");
  return page.text();
}

}  // namespace mxsmith::cli::render
