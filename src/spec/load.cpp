// From paths to zones: which files are specs, which zones they are about, where each is kept.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/keys.hpp"
#include "spec/layers.hpp"
#include "spec/placeholders.hpp"
#include "spec/project.hpp"
#include "spec/spec.hpp"
#include "spec/toml_reader.hpp"
#include "spec/zone_list.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

namespace {

constexpr const char* kProjectFile = "mxsmith.toml";

base::SourcePos whole_file(const fs::path& path) {
  return {std::make_shared<const std::string>(path.string()), 0, 0};
}

class Loader {
 public:
  Loader(FileSource& files, const std::vector<std::string>& known_types, const OnZone& on_zone)
      : files_(files),
        types_(known_types),
        on_zone_(on_zone),
        layers_(files, project_.diagnostics) {}

  Project load(const std::vector<fs::path>& paths) {
    find_specs(paths.empty() ? std::vector<fs::path>{"."} : paths);
    find_project_file();
    project_.services = read_own_services(project_.file, files_, diagnostics());
    // A file without zones may be the base of another one: that is known once all are read.
    std::vector<const Spec*> without_zones;
    for (const Spec& spec : specs_) {
      if (!load_spec(spec)) without_zones.push_back(&spec);
    }
    for (const Spec* spec : without_zones) check_needed(*spec);
    std::stable_sort(project_.zones.begin(), project_.zones.end(),
                     [](const ZoneSpec& a, const ZoneSpec& b) { return a.zone < b.zone; });
    check_zones_once();
    return std::move(project_);
  }

 private:
  struct Spec {
    fs::path path;
    bool named = false;  ///< By the user, not found in a folder.
  };

  base::Diagnostics& diagnostics() { return project_.diagnostics; }

  void find_specs(const std::vector<fs::path>& paths) {
    std::set<fs::path> seen;
    for (const fs::path& given : paths) {
      const fs::path path = given.lexically_normal();
      const auto listed = files_.list(path);
      folders_.push_back(listed ? path : path.parent_path());
      if (!listed && seen.insert(path).second) specs_.push_back({path, true});
      if (!listed) continue;
      if (listed->empty()) {
        diagnostics().error("spec-file-missing", whole_file(path),
                            "there is no spec (*.toml) in this folder",
                            "mxsmith init writes a first one");
      }
      for (const fs::path& file : *listed) {
        const fs::path normal = file.lexically_normal();
        if (seen.insert(normal).second) specs_.push_back({normal, false});
      }
    }
  }

  void find_project_file() {
    project_.file.directory = folders_.front().empty() ? "." : folders_.front();
    project_.file.state.directory = project_.file.directory / ".mxsmith";
    std::set<fs::path> done;
    for (const fs::path& folder : folders_) {
      if (!done.insert(folder.lexically_normal()).second) continue;
      const fs::path path = (folder / kProjectFile).lexically_normal();
      const auto text = files_.read(path);
      if (!text) continue;
      if (!project_.file.file.empty()) {
        diagnostics().error("spec-two-projects", whole_file(path),
                            "these specs have another project file, " + project_.file.file.string(),
                            "run them one project at a time");
        continue;
      }
      const auto tree = read_toml(*text, path.string(), diagnostics());
      if (tree) project_.file = project_of(*tree, path.string(), diagnostics());
    }
    for (const auto& [name, plugin] : project_.file.plugins) {
      if (is_type(name)) {
        diagnostics().error("spec-account", plugin.pos,
                            in_quotes(name) + " is the name of a provider that mxsmith has itself",
                            "give the plug-in another name");
      } else {
        types_.push_back(name);
      }
    }
    for (const auto& [name, account] : project_.file.accounts) {
      if (account.type.empty() || is_type(account.type)) continue;
      const auto near = base::did_you_mean(account.type, types_);
      diagnostics().error("spec-account", account.pos,
                          "the account `" + name + "` has the type " + in_quotes(account.type) +
                              ", which is no provider type" +
                              (near ? ", did you mean \"" + *near + "\"?" : ""),
                          "provider types: " + base::join(types_, ", "));
    }
  }

  [[nodiscard]] bool is_type(const std::string& word) const {
    return std::find(types_.begin(), types_.end(), word) != types_.end();
  }

  /// False: the file names no zone.
  bool load_spec(const Spec& spec) {
    const Node* tree = layers_.merged(spec.path.string(), whole_file(spec.path));
    if (tree == nullptr) return true;
    if (!find_path(*tree, {"zone"}) && !find_path(*tree, {"zones"})) return false;
    load_zones(spec, *tree);
    return true;
  }

  /// A file without zones has to be a base, or it says nothing.
  void check_needed(const Spec& spec) {
    const std::string path = spec.path.string();
    if (!spec.named && layers_.is_extended(path)) return;
    load_zones(spec, *layers_.merged(path, whole_file(spec.path)));
  }

  void load_zones(const Spec& spec, const Node& tree) {
    const std::string path = spec.path.string();
    const auto zones = listed_zones(tree, files_, diagnostics());
    std::vector<dns::Name> names;
    names.reserve(zones.size());
    for (const ListedZone& zone : zones) names.push_back(zone.name);
    check_exceptions(tree, path, names, diagnostics());
    std::map<std::vector<std::size_t>, std::shared_ptr<const MergedSpec>> variants;
    for (const ListedZone& zone : zones) {
      auto& merged = variants[exceptions_for(tree, zone.name)];
      if (!merged) merged = merge(tree, exceptions_for(tree, zone.name));
      add_zone(spec.path, zone, merged);
    }
  }

  std::shared_ptr<const MergedSpec> merge(const Node& tree, const std::vector<std::size_t>& which) {
    auto merged = std::make_shared<MergedSpec>();
    merged->base = with_exceptions(tree, which, diagnostics());
    merged->stages = take_stages(merged->base, diagnostics());
    return merged;
  }

  void add_zone(const fs::path& path, const ListedZone& listed,
                const std::shared_ptr<const MergedSpec>& merged) {
    auto tree = std::make_shared<ZoneTree>();
    tree->spec = merged;
    tree->variables = {plain_text(listed.name), listed.vars};
    tree->zone_pos = listed.pos;
    tree->services = project_.services;
    read_key_files(merged->base, *tree);
    for (const Stage& stage : merged->stages) read_key_files(stage.overlay, *tree);
    ZoneSpec zone;
    zone.zone = listed.name;
    zone.file = path;
    zone.pos = listed.pos;
    zone.providers = providers(*tree);
    zone.tree = std::move(tree);
    project_.zones.push_back(std::move(zone));
    if (on_zone_) on_zone_(project_, project_.zones.back());
  }

  void read_key_files(const Node& tree, ZoneTree& zone) {
    if (const Node* dkim = find_path(tree, {"mail", "dkim"}); dkim && dkim->table()) {
      for (const Entry& selector : dkim->table()->entries) {
        if (const Node* file = find_path(selector.value, {"public_key_file"})) {
          read_key_file(*file, zone);
        }
      }
    }
    for (const std::string_view key : {"certificates", "keys"}) {
      const Node* list = find_path(tree, {"mail", "dane", key});
      if (list == nullptr || list->array() == nullptr) continue;
      for (const Node& file : *list->array()) read_key_file(file, zone);
    }
  }

  void read_key_file(const Node& file, ZoneTree& zone) {
    if (file.string() == nullptr) return;
    // A fault in a placeholder is told when the zone is evaluated.
    const auto name = fill(*file.string(), zone.variables);
    if (!name) return;
    const std::string path = beside(file.pos, *name);
    if (zone.key_files.count(path) != 0) return;
    auto text = files_.read(path);
    if (!text) {
      diagnostics().error("spec-file-missing", file.pos, "there is no file " + path);
    }
    zone.key_files[path] = std::move(text);
  }

  std::vector<ProviderChoice> providers(const ZoneTree& zone) {
    const Node& tree = zone.spec->base;
    const Node* one = find_path(tree, {"provider"});
    const Node* several = find_path(tree, {"providers"});
    std::vector<ProviderChoice> choices;
    if (one != nullptr && several != nullptr) {
      diagnostics().error("spec-conflicting-keys", several->pos,
                          "`provider` and `providers` both say where the zone is kept",
                          "keep one of them");
    } else if (one != nullptr) {
      choose(*one, zone, choices);
    } else if (several != nullptr && several->array() != nullptr) {
      for (const Node& node : *several->array()) choose(node, zone, choices);
    }
    const bool none =
        one == nullptr &&
        (several == nullptr || (several->array() != nullptr && several->array()->empty()));
    if (none) {
      diagnostics().error("spec-no-provider", {tree.pos.file, 1, 1},
                          "the file has no `provider`: nothing says where its zones are kept",
                          "provider = \"" + (types_.empty() ? "zonefile" : types_.front()) +
                              "\", or an account of mxsmith.toml");
    }
    return choices;
  }

  void choose(const Node& node, const ZoneTree& zone, std::vector<ProviderChoice>& choices) {
    Node filled = node;
    fill_tree(filled, zone.variables, zone.zone_pos, diagnostics());
    ProviderChoice choice;
    choice.pos = node.pos;
    const Node* account = filled.table() ? find_path(filled, {"account"}) : &filled;
    if (account == nullptr) {
      diagnostics().error("spec-missing-key", node.pos, "provider says no `account`",
                          "provider = {account = \"main\", zone_id = \"Z123\"}");
      return;
    }
    if (account->string() == nullptr) return;
    choice.account = *account->string();
    if (const Node* id = find_path(filled, {"zone_id"}); id != nullptr && id->string()) {
      choice.zone_id = *id->string();
    }
    if (const Node* which = find_path(filled, {"private"}); which != nullptr && which->boolean()) {
      choice.is_private = *which->boolean();
    }
    check_account(*account, choice, choices);
    choices.push_back(std::move(choice));
  }

  void check_account(const Node& node, const ProviderChoice& choice,
                     const std::vector<ProviderChoice>& others) {
    const auto same = [&](const ProviderChoice& other) {
      return other.account == choice.account && other.zone_id == choice.zone_id &&
             other.is_private == choice.is_private;
    };
    if (std::any_of(others.begin(), others.end(), same)) {
      diagnostics().error("spec-provider-twice", node.pos,
                          in_quotes(choice.account) + " stands in `providers` twice");
    }
    if (project_.file.accounts.count(choice.account) != 0 || is_type(choice.account)) return;
    std::vector<std::string> known = types_;
    for (const auto& [name, account] : project_.file.accounts) known.push_back(name);
    const auto near = base::did_you_mean(choice.account, known);
    diagnostics().error("spec-unknown-provider", node.pos,
                        in_quotes(choice.account) + " is neither an account nor a provider type" +
                            (near ? ", did you mean \"" + *near + "\"?" : ""),
                        "known: " + base::join(known, ", ") +
                            "; accounts are declared in mxsmith.toml beside the specs");
  }

  void check_zones_once() {
    for (std::size_t i = 1; i < project_.zones.size(); ++i) {
      const ZoneSpec& before = project_.zones[i - 1];
      const ZoneSpec& zone = project_.zones[i];
      if (before.zone != zone.zone) continue;
      base::Diagnostic diagnostic{base::Severity::error, "spec-zone-twice",
                                  plain_text(zone.zone) + " is declared twice",
                                  "a zone has one spec; put the two into one", zone.pos};
      diagnostic.notes.push_back({"declared first here", before.pos});
      diagnostics().add(std::move(diagnostic));
    }
  }

  FileSource& files_;
  std::vector<std::string> types_;  ///< Of providers, the project's own plug-ins among them.
  const OnZone& on_zone_;
  Project project_;
  Layers layers_;
  std::vector<Spec> specs_;
  std::vector<fs::path> folders_;
};

}  // namespace

Project load(const std::vector<fs::path>& paths, FileSource& files,
             const std::vector<std::string>& known_types, const OnZone& on_zone) {
  return Loader(files, known_types, on_zone).load(paths);
}

base::Account Project::account_for(const ProviderChoice& choice) const {
  const auto declared = file.accounts.find(choice.account);
  if (declared != file.accounts.end()) return declared->second;
  base::Account account;
  account.name = choice.account;
  account.type = choice.account;
  account.pos = choice.pos;
  if (const auto plugin = file.plugins.find(choice.account); plugin != file.plugins.end()) {
    account.command = plugin->second.command;
    account.directory = file.directory;
    return account;
  }
  // Without a project file, paths start where the spec that chose it lies.
  account.directory = choice.pos.file ? fs::path(*choice.pos.file).parent_path() : file.directory;
  if (account.directory.empty()) account.directory = ".";
  return account;
}

}  // namespace mxsmith::spec
