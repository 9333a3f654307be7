#include "spec/project.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "plan/guard.hpp"
#include "spec/keys.hpp"
#include "spec/rule_settings.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

namespace {

constexpr std::string_view kSecretForms =
    "{env = \"VARIABLE\"}, {file = \"PATH\"} or {command = [\"PROGRAM\", \"ARGUMENT\"]}";

class AccountReader {
 public:
  AccountReader(const fs::path& directory, base::Diagnostics& diagnostics)
      : directory_(directory), diagnostics_(diagnostics) {}

  std::optional<base::Account> account(const Entry& entry) {
    const Table* table = entry.value.table();
    if (table == nullptr) return std::nullopt;
    base::Account result;
    result.name = entry.key;
    result.directory = directory_;
    result.pos = entry.key_pos;
    for (const Entry& setting : table->entries) {
      if (setting.key == "type") {
        if (setting.value.string()) result.type = *setting.value.string();
      } else if (auto value = setting_value(setting)) {
        result.settings[setting.key] = {std::move(*value), setting.value.pos};
      }
    }
    if (table->find("type") == nullptr) {
      diagnostics_.error("spec-missing-key", entry.key_pos,
                         "the account `" + entry.key + "` says no `type`", "type = \"cloudflare\"");
    }
    return result;
  }

 private:
  std::optional<base::SettingValue> setting_value(const Entry& setting) {
    const Node& node = setting.value;
    if (node.table() != nullptr) return secret(setting);
    if (looks_like_secret(setting.key)) {
      diagnostics_.error("spec-secret-literal", node.pos,
                         "`" + setting.key + "` is a secret, and secrets never stand in a file",
                         "say where it comes from: " + std::string(kSecretForms));
      return std::nullopt;
    }
    if (node.string()) return *node.string();
    if (node.integer()) return *node.integer();
    if (node.boolean()) return *node.boolean();
    if (node.array() != nullptr) return texts(*node.array());
    return std::nullopt;
  }

  static std::vector<std::string> texts(const Array& array) {
    std::vector<std::string> result;
    for (const Node& element : array) {
      if (element.string()) result.push_back(*element.string());
    }
    return result;
  }

  std::optional<base::SettingValue> secret(const Entry& setting) {
    const Table& table = *setting.value.table();
    const bool one = table.entries.size() == 1;
    const Entry* source = one ? &table.entries[0] : nullptr;
    if (source != nullptr && source->value.string() && !source->value.string()->empty()) {
      const std::string& text = *source->value.string();
      if (source->key == "env") return base::SecretSource(base::SecretFromEnv{text});
      if (source->key == "file") {
        return base::SecretSource(base::SecretFromFile{directory_ / text});
      }
    }
    if (source != nullptr && source->key == "command" && source->value.array() != nullptr) {
      auto argv = texts(*source->value.array());
      if (!argv.empty() && argv.size() == source->value.array()->size()) {
        return base::SecretSource(base::SecretFromCommand{std::move(argv)});
      }
    }
    diagnostics_.error("spec-secret", setting.value.pos,
                       "`" + setting.key + "` does not say where its secret comes from",
                       "it is one of " + std::string(kSecretForms));
    return std::nullopt;
  }

  const fs::path& directory_;
  base::Diagnostics& diagnostics_;
};

/// The end of a day in UTC, or the moment itself.
std::optional<base::Instant> until_of(const Node& node) {
  if (node.time()) return node.time()->at;
  if (node.date() == nullptr || !node.date()->date.ok()) return std::nullopt;
  return std::chrono::sys_days(node.date()->date) + std::chrono::hours(24) - base::Seconds(1);
}

void check_guard(const Node& guard, base::Diagnostics& diagnostics) {
  const std::string& id = *guard.string();
  if (plan::find_guard(id) != nullptr) return;
  std::vector<std::string> known;
  for (const plan::GuardInfo& info : plan::all_guards()) known.emplace_back(info.id);
  const auto near = base::did_you_mean(id, known);
  diagnostics.error(
      "spec-allow", guard.pos,
      "there is no guard " + in_quotes(id) + (near ? ", did you mean \"" + *near + "\"?" : ""),
      "guards: " + base::join(known, ", "));
}

/// Whether git takes it for a ref's name and nobody else uses refs like it
/// (git-check-ref-format(1)).
bool is_own_ref(std::string_view ref) {
  constexpr std::array<std::string_view, 5> kOthers = {"refs/heads/", "refs/tags/", "refs/remotes/",
                                                       "refs/notes/", "refs/pull/"};
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  const auto starts = [&](std::string_view prefix) { return ref.starts_with(prefix); };
  if (!starts("refs/") || std::any_of(kOthers.begin(), kOthers.end(), starts)) return false;
  if (ref.find_first_not_of(kPlain) != std::string_view::npos) return false;
  const auto parts = base::split(ref, '/');
  return parts.size() > 2 && std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
           return part.empty() || part.front() == '.' || part.front() == '-' ||
                  part.ends_with(".lock") || part.ends_with('.') ||
                  part.find("..") != std::string::npos;
         });
}

/// Keys that only one kind of store has: said for the other, they would be silently without effect.
void check_state_keys(const Table& table, bool git, base::Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries) {
    const bool of_file = entry.key == "directory";
    if (entry.key == "store" || of_file != git) continue;
    diagnostics.error(
        "spec-state", entry.key_pos,
        "`" + entry.key + "` means nothing for the " + (git ? "git" : "file") + " store",
        of_file ? "leave it away: the git store keeps its copy inside the repository"
                : "say `store = \"git\"`, or leave it away");
  }
}

base::StateSettings state_settings(const Node& tree, const fs::path& directory,
                                   base::Diagnostics& diagnostics) {
  base::StateSettings state;
  state.directory = directory / ".mxsmith";
  const Node* node = find_path(tree, {"state"});
  if (node == nullptr || node->table() == nullptr) return state;
  state.pos = node->pos;
  const auto text = [&](const char* key) -> const Node* {
    const Node* found = find_path(*node, {key});
    return found != nullptr && found->string() ? found : nullptr;
  };
  const Node* store = text("store");
  const bool git = store != nullptr && *store->string() == "git";
  check_state_keys(*node->table(), git, diagnostics);
  if (!git) {
    if (const Node* folder = text("directory")) state.directory = directory / *folder->string();
    return state;
  }
  state.kind = base::StateSettings::Kind::git;
  state.directory = directory;
  if (const Node* remote = text("remote")) state.remote = *remote->string();
  if (const Node* name = text("project")) state.project = *name->string();
  if (const Node* ref = text("ref")) {
    state.ref = *ref->string();
    if (!is_own_ref(state.ref)) {
      diagnostics.error("spec-state", ref->pos,
                        in_quotes(state.ref) + " is no name for a ref of mxsmith's own",
                        "such as refs/mxsmith/state; branches and tags are not touched");
    }
  }
  const Node* lease = find_path(*node, {"lease"});
  if (const auto span = lease != nullptr ? span_of(*lease) : std::nullopt) state.lease = *span;
  return state;
}

std::map<std::string, PluginChoice> plugins_of(const Node& tree, base::Diagnostics& diagnostics) {
  std::map<std::string, PluginChoice> plugins;
  const Node* providers = find_path(tree, {"providers"});
  if (providers == nullptr || providers->table() == nullptr) return plugins;
  for (const Entry& entry : providers->table()->entries) {
    PluginChoice plugin;
    plugin.pos = entry.key_pos;
    const Node* command = find_path(entry.value, {"command"});
    if (command != nullptr && command->array() != nullptr) {
      for (const Node& word : *command->array()) {
        if (word.string()) plugin.command.push_back(*word.string());
      }
    }
    if (plugin.command.empty() || plugin.command.front().empty()) {
      diagnostics.error("spec-missing-key", entry.key_pos,
                        "the provider `" + entry.key + "` names no program",
                        "command = [\"python3\", \"provider.py\"]");
      continue;
    }
    plugins[entry.key] = std::move(plugin);
  }
  return plugins;
}

}  // namespace

bool looks_like_secret(std::string_view setting) {
  constexpr std::array<std::string_view, 6> kSecrets = {"token",    "key",        "secret",
                                                        "password", "passphrase", "credentials"};
  // "key_name", "token_file": not the secret, only what leads to it.
  constexpr std::array<std::string_view, 7> kHarmless = {"name", "file",      "path", "id",
                                                         "url",  "algorithm", "type"};
  std::string lower = base::to_lower(setting);
  std::replace(lower.begin(), lower.end(), '-', '_');
  const std::vector<std::string> words = base::split(lower, '_');
  const auto among = [](const auto& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  if (words.empty() || among(kHarmless, words.back())) return false;
  return std::any_of(words.begin(), words.end(), [&](const auto& w) { return among(kSecrets, w); });
}

std::vector<plan::AllowRule> allow_rules(const Node& tree, base::Diagnostics& diagnostics) {
  std::vector<plan::AllowRule> rules;
  const Node* list = find_path(tree, {"allow"});
  if (list == nullptr || list->array() == nullptr) return rules;
  for (const Node& element : *list->array()) {
    plan::AllowRule rule;
    rule.pos = element.pos;
    const Node* guard = find_path(element, {"guard"});
    const Node* reason = find_path(element, {"reason"});
    for (const auto& [node, key] : {std::pair(guard, "guard"), std::pair(reason, "reason")}) {
      if (node != nullptr) continue;
      diagnostics.error("spec-missing-key", element.pos,
                        std::string("[[allow]] says no `") + key + "`");
    }
    if (guard != nullptr && guard->string()) {
      check_guard(*guard, diagnostics);
      rule.guard = *guard->string();
    }
    if (reason != nullptr && reason->string()) rule.reason = *reason->string();
    if (const Node* until = find_path(element, {"until"})) rule.until = until_of(*until);
    rules.push_back(std::move(rule));
  }
  return rules;
}

ProjectFile project_of(const Node& tree, const std::string& path, base::Diagnostics& diagnostics) {
  check_project_shape(tree, diagnostics);
  ProjectFile project;
  project.file = path;
  project.directory = project.file.parent_path();
  if (project.directory.empty()) project.directory = ".";
  AccountReader reader(project.directory, diagnostics);
  const Node* accounts = find_path(tree, {"accounts"});
  if (accounts != nullptr && accounts->table() != nullptr) {
    for (const Entry& entry : accounts->table()->entries) {
      if (auto account = reader.account(entry)) project.accounts[entry.key] = std::move(*account);
    }
  }
  project.plugins = plugins_of(tree, diagnostics);
  for (auto& [name, account] : project.accounts) {
    const auto plugin = project.plugins.find(account.type);
    if (plugin != project.plugins.end()) account.command = plugin->second.command;
  }
  project.state = state_settings(tree, project.directory, diagnostics);
  project.allow = allow_rules(tree, diagnostics);
  const Node* services = find_path(tree, {"services"});
  if (services != nullptr && services->string() && !services->string()->empty()) {
    project.services = project.directory / *services->string();
    project.services_pos = services->pos;
  }
  project.rules = rule_settings(tree, diagnostics);
  return project;
}

}  // namespace mxsmith::spec
