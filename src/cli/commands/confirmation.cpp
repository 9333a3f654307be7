// Asking before anything is written, and the words around plans that several commands share.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "cli/actor.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"

namespace mxsmith::cli {

namespace {

/// Takes away what was already told with the plan: settled runs and notices.
void drop_told(engine::Report& report, const engine::Report& planned) {
  const auto drop = [](std::vector<std::string>& texts, const std::vector<std::string>& told) {
    std::erase_if(texts, [&](const std::string& text) {
      return std::find(told.begin(), told.end(), text) != told.end();
    });
  };
  std::map<state::ZoneKey, const engine::ZoneReport*> before;
  for (const auto& zone : planned.zones) before[{zone.account, zone.zone}] = &zone;
  for (auto& zone : report.zones) {
    const auto found = before.find({zone.account, zone.zone});
    if (found == before.end()) continue;
    drop(zone.notices, found->second->notices);
    drop(zone.settled, found->second->settled);
  }
}

bool any_refused(const engine::Report& report) {
  return std::any_of(report.zones.begin(), report.zones.end(), [](const engine::ZoneReport& zone) {
    return zone.plan && zone.plan->refused();
  });
}

}  // namespace

Confirmation::Confirmation(Session& session, bool yes, std::string question)
    : session_(session), yes_(yes), question_(std::move(question)) {}

void Confirmation::require_answerable() const {
  if (yes_ || can_ask()) return;
  throw base::Error(base::ErrorKind::conflict,
                    "this asks before it writes, and there is no terminal to ask on")
      .with_hint("look at the plan first, then say --yes");
}

bool Confirmation::operator()(const engine::Report& planned) const {
  const auto& common = session_.common();
  const bool as_text = common.format == Format::text;
  if (!yes_ || (as_text && !common.quiet)) {
    const std::string text = render::text_renderer(session_.view())->plan(planned);
    if (as_text) {
      session_.out(text + "\n");
    } else {
      session_.err(text + "\n");
    }
  }
  if (yes_) return true;
  const auto answer = ask(question_ + " Only 'yes' is accepted: ");
  if (!answer) session_.out("\n");
  return answer && base::trim(*answer) == "yes";
}

void show_result(engine::Report& report, const std::optional<engine::Report>& shown,
                 render::Deed deed, const render::View& view, Session& session) {
  const auto renderer = session.renderer(view);
  if (session.common().format == Format::text) {
    session.diagnostics(report.diagnostics);
    if (report.diagnostics.has_errors()) return;
    const bool show_now = !shown && any_refused(report);
    if (show_now) session.out(renderer->plan(report) + "\n");
    if (show_now || !session.common().quiet) {
      const engine::Report told = show_now ? report : shown.value_or(engine::Report());
      drop_told(report, told);
    }
  }
  session.out(renderer->result(report, deed));
}

std::string apply_command(const engine::PlanRequest& request) {
  std::string command = "mxsmith apply";
  for (const auto& path : request.selection.specs) command += " " + shell_word(path.string());
  const auto bare = [](const dns::Name& name) {
    const std::string text = name.text();
    return text.substr(0, text.size() - 1);
  };
  for (const auto& zone : request.selection.zones) {
    command += " --zone " + shell_word(bare(zone));
  }
  for (const auto& allow : request.allow) {
    command += " --allow " + shell_word(allow.guard + ":" + bare(allow.zone));
  }
  if (request.previous) command += " --previous " + shell_word(*request.previous);
  return command;
}

std::string project_arguments(const engine::Selection& selection) {
  if (selection.specs.empty()) return {};
  const fs::path& first = selection.specs.front();
  std::error_code ignored;
  const fs::path folder = fs::is_directory(first, ignored) ? first : first.parent_path();
  const fs::path normal = folder.lexically_normal();
  if (folder.empty() || normal == "." || normal == "./") return {};
  return "--project " + shell_word(folder.string());
}

std::vector<state::ZoneKey> known_zones(const engine::Selection& selection, Session& session) {
  auto keys = session.engine().zone_keys(selection);
  for (const auto& zone : selection.zones) {
    const bool known = std::any_of(keys.begin(), keys.end(),
                                   [&](const state::ZoneKey& key) { return key.zone == zone; });
    if (known) continue;
    throw base::Error(base::ErrorKind::not_found,
                      "no spec and no history here knows the zone " + zone.display())
        .with_hint("--project names the folder of its project");
  }
  return keys;
}

}  // namespace mxsmith::cli
