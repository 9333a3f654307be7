#include "cli/render/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::cli::render {

std::string place_of(const dns::Name& zone, const std::string& provider,
                     const std::string& account) {
  std::string text = zone.display();
  if (provider.empty()) return text;
  text += " at " + provider;
  if (!account.empty() && account != provider) text += " (" + account + ")";
  return text;
}

std::string unquoted(std::string_view presentation) {
  const bool quoted =
      presentation.size() >= 2 && presentation.front() == '"' && presentation.back() == '"';
  if (!quoted) return std::string(presentation);
  const std::string_view inside = presentation.substr(1, presentation.size() - 2);
  return inside.find('"') == std::string_view::npos ? std::string(inside)
                                                    : std::string(presentation);
}

std::string abbreviated(std::string_view value) {
  const std::string text = unquoted(value);
  const auto equals = text.find('=');
  const std::size_t keep = equals != std::string::npos && equals < 32
                               ? std::max<std::size_t>(equals + 1, 7)
                               : std::size_t{20};
  if (text.size() <= keep + 4 || !base::is_utf8(std::string_view(text).substr(0, keep))) {
    return text.size() <= 60 ? text : "a value of " + base::counted(text.size(), "octet");
  }
  return text.substr(0, keep) + "..";
}

std::string shortened(std::string_view value, std::size_t limit) {
  if (value.size() <= limit || limit < 12) return std::string(value);
  const std::size_t tail = limit / 4;
  const std::string_view head = value.substr(0, limit - tail - 2);
  const std::string_view end = value.substr(value.size() - tail);
  if (!base::is_utf8(head) || !base::is_utf8(end)) return std::string(value);
  return std::string(head) + ".." + std::string(end);
}

AllWords all_words(std::string_view all) {
  if (all == "-") return {"REJECTED", "(-all)"};
  if (all == "~") return {"suspicious", "(~all)"};
  if (all == "?") return {"undecided", "(?all)"};
  if (all == "+") return {"ANYBODY MAY SEND", "(+all)"};
  if (all == "none") return {"no SPF record", ""};
  return {"undecided", "(no all)"};
}

std::string ttl_words(const plan::Change& change) {
  const auto text = [](const plan::SetState& state) {
    return base::print_duration(base::Seconds(state.set.ttl));
  };
  if (!change.before) return text(*change.after);
  if (!change.after || change.before->set.ttl == change.after->set.ttl) return text(*change.before);
  return text(*change.before) + "->" + text(*change.after);
}

std::string place_note(const base::SourcePos& pos, std::string_view spec_file) {
  if (!pos.known()) return {};
  const std::string line = ":" + std::to_string(pos.line);
  return *pos.file == spec_file ? line : *pos.file + line;
}

base::SourcePos place_of_part(const plan::Change& change, std::string_view identity) {
  for (const auto& [part, pos] : change.parts) {
    if (part == identity) return pos;
  }
  return {};
}

std::string counts_words(const plan::ZonePlan::Counts& counts) {
  return base::counted(counts.total(), "set") + (counts.total() == 1 ? " changes (" : " change (") +
         std::to_string(counts.created) + " new, " + std::to_string(counts.updated) + " changed, " +
         std::to_string(counts.removed) + " deleted).";
}

namespace {

bool is_spf_set(const plan::Change& change) {
  const auto has_spf = [](const std::optional<plan::SetState>& state) {
    if (!state || state->set.type != dns::Type::TXT) return false;
    return std::any_of(state->set.values.begin(), state->set.values.end(),
                       [](const dns::Rdata& value) {
                         const auto* txt = std::get_if<dns::Txt>(&value);
                         return txt != nullptr && mail::is_spf(txt->octets);
                       });
  };
  return has_spf(change.before) || has_spf(change.after);
}

std::string atomic_words(const plan::ZonePlan& plan) {
  const auto atomic = static_cast<std::size_t>(std::count_if(
      plan.steps.begin(), plan.steps.end(), [](const plan::Step& step) { return step.atomic; }));
  const std::size_t all = plan.steps.size();
  if (atomic == all) {
    if (all == 1) return "all of it becomes visible at once";
    return (all == 2 ? "both steps are" : "all " + std::to_string(all) + " steps are") +
           std::string(" atomic here");
  }
  if (atomic == 0) return "no step is atomic here";
  return std::to_string(atomic) + " of " + std::to_string(all) + " steps are atomic here";
}

}  // namespace

std::string between_words(const plan::ZonePlan& plan) {
  std::vector<std::string> never;
  const bool moves_mx =
      std::any_of(plan.changes.begin(), plan.changes.end(), [&](const plan::Change& change) {
        return change.key.type == dns::Type::MX && change.before && change.after;
      });
  if (moves_mx) never.emplace_back("never without MX");
  if (std::any_of(plan.changes.begin(), plan.changes.end(), is_spf_set)) {
    never.emplace_back("never two SPF records");
  }
  if (never.empty()) never.emplace_back("no state is worse than before or after");
  return base::join(never, ", ") + "; " + atomic_words(plan) + ".";
}

std::string waiting_words(const plan::ZonePlan& plan) {
  if (!plan.stages.next_at) return {};
  return "waiting for " + plan.stages.next_name + " at " +
         base::print_instant_local(*plan.stages.next_at, base::WithDate::yes);
}

AllowLines allow_lines(const plan::GuardFinding& guard, const plan::ZonePlan& plan) {
  const std::string name = plan.zone.text().substr(0, plan.zone.text().size() - 1);
  AllowLines lines;
  if (plan::find_guard(guard.id) == nullptr) {  // a hold by hand, which nothing lets through
    lines.other = "To lift it: mxsmith hold " + name +
                  " --lift, or mxsmith hold --all --lift where all zones are held";
    return lines;
  }
  lines.table = "[[allow]]\nguard  = \"" + guard.id + "\"\nreason = \"WHY\"\n";
  lines.option = "--allow " + guard.id + ":" + name;
  if (guard.id == "rolled-back") {
    lines.other =
        "Or change the spec: the hold ends by itself. By hand: mxsmith hold " + name + " --lift";
  } else if (guard.id == "drift") {
    lines.other =
        "Or review it: apply it at a terminal, or save it with --out FILE and apply that file.";
  }
  return lines;
}

std::size_t open_guards(const plan::ZonePlan& plan) {
  return static_cast<std::size_t>(
      std::count_if(plan.guards.begin(), plan.guards.end(),
                    [](const plan::GuardFinding& guard) { return !guard.allowed; }));
}

std::vector<std::vector<std::size_t>> groups_of(const engine::Report& report, bool each_alone) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<plan::ZonePlan> plans;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < report.zones.size(); ++i) {
    const auto& zone = report.zones[i];
    if (each_alone || !zone.plan || zone.error) {
      groups.push_back({i});
    } else {
      plans.push_back(*zone.plan);
      positions.push_back(i);
    }
  }
  for (const auto& alike : plan::group_equal(plans)) {
    // Zones that are alike in their changes may still differ in what became of them.
    std::vector<std::pair<engine::ZoneStatus, std::vector<std::size_t>>> by_status;
    for (const std::size_t i : alike) {
      const auto status = report.zones[positions[i]].status;
      const auto found = std::find_if(by_status.begin(), by_status.end(),
                                      [&](const auto& pair) { return pair.first == status; });
      if (found == by_status.end()) {
        by_status.push_back({status, {positions[i]}});
      } else {
        found->second.push_back(positions[i]);
      }
    }
    for (auto& pair : by_status) groups.push_back(std::move(pair.second));
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

ZoneNames::ZoneNames(const engine::Report& report) {
  for (const auto& zone : report.zones) ++counts_[zone.zone];
}

std::string ZoneNames::of(const engine::ZoneReport& zone) const {
  const auto found = counts_.find(zone.zone);
  const bool several = found != counts_.end() && found->second > 1;
  return zone.zone.display() + (several ? " (" + zone.account + ")" : "");
}

std::string some_names(const engine::Report& report, const std::vector<std::size_t>& group,
                       std::size_t most) {
  const ZoneNames zone_names(report);
  std::vector<std::string> names;
  for (const std::size_t i : group) {
    if (names.size() == most && group.size() > most + 1) break;
    names.push_back(zone_names.of(report.zones[i]));
  }
  std::string text = base::join(names, ", ");
  if (names.size() < group.size()) {
    text += " and " + std::to_string(group.size() - names.size()) + " more";
  }
  return text;
}

std::string status_words(engine::ZoneStatus status) {
  switch (status) {
    case engine::ZoneStatus::nothing: return "in order";
    case engine::ZoneStatus::planned: return "to change";
    case engine::ZoneStatus::refused: return "refused";
    case engine::ZoneStatus::stale: return "stale";
    case engine::ZoneStatus::applied: return "applied";
    case engine::ZoneStatus::partly: return "partly applied";
    case engine::ZoneStatus::unknown: return "unknown";
    case engine::ZoneStatus::failed: return "failed";
    case engine::ZoneStatus::skipped: return "not begun";
  }
  return "unknown";
}

std::string status_counts(const engine::Report& report) {
  constexpr std::array kOrder = {
      engine::ZoneStatus::planned, engine::ZoneStatus::applied, engine::ZoneStatus::nothing,
      engine::ZoneStatus::refused, engine::ZoneStatus::stale,   engine::ZoneStatus::partly,
      engine::ZoneStatus::unknown, engine::ZoneStatus::failed,  engine::ZoneStatus::skipped};
  std::vector<std::string> parts;
  for (const auto status : kOrder) {
    const auto count = std::count_if(report.zones.begin(), report.zones.end(),
                                     [&](const auto& zone) { return zone.status == status; });
    if (count != 0) parts.push_back(std::to_string(count) + " " + status_words(status));
  }
  return base::counted(report.zones.size(), "zone") + ": " + base::join(parts, ", ");
}

}  // namespace mxsmith::cli::render
