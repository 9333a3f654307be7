// Zone specs: TOML files to what is desired for each zone, every value with the place it came from.
//
// load() reads a project: spec files or folders, the files they extend, CSV tables, mxsmith.toml.
// It does what needs files, and tells all faults at once. evaluate() is pure: one zone's spec at
// one moment to plan::Desired.
//
//   files -> TOML trees with positions -> layers merged -> [[for]] -> stages up to `at` ->
//   placeholders -> checked against the table of keys -> declarations
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "base/settings.hpp"
#include "dns/name.hpp"
#include "plan/desired.hpp"
#include "spec/service_files.hpp"

namespace mxsmith::spec {

namespace fs = std::filesystem;

/// Where files come from: the disk, or a revision of a Git repository. Paths are as users write
/// them, resolved against the working directory.
class FileSource {
 public:
  virtual ~FileSource() = default;
  /// The octets, or nothing when there is no such file. Throws Error{io} for anything else.
  virtual std::optional<std::string> read(const fs::path& path) = 0;
  /// *.toml files directly in a folder, sorted, mxsmith.toml left out; nothing when it is not a
  /// folder.
  virtual std::optional<std::vector<fs::path>> list(const fs::path& folder) = 0;
};
std::unique_ptr<FileSource> disk_files();
/// Files as they were at `revision` ("HEAD~1") of the repository that holds the paths. Throws
/// Error{not_found} with Git's own words when the revision is unknown.
std::unique_ptr<FileSource> git_files(const std::string& revision);

/// Where a zone is kept.
struct ProviderChoice {
  std::string account;  ///< Account name, else provider type.
  std::optional<std::string> zone_id;
  std::optional<bool> is_private;
  base::SourcePos pos;
};

/// The merged tree of one zone before stages; only spec's own files look inside.
struct ZoneTree;

/// One zone as declared. Copies share the tree.
struct ZoneSpec {
  dns::Name zone;
  std::vector<ProviderChoice> providers;
  fs::path file;  ///< As the user named it.
  base::SourcePos pos;
  std::shared_ptr<const ZoneTree> tree;
};

/// mxsmith.toml.
/// A provider that is a program of the user's own ([providers.NAME] of mxsmith.toml).
struct PluginChoice {
  std::vector<std::string> command;
  base::SourcePos pos;
};

struct ProjectFile {
  fs::path file;       ///< Empty: there is none.
  fs::path directory;  ///< Where it lies, else the first spec's folder.
  std::map<std::string, base::Account> accounts;
  std::map<std::string, PluginChoice> plugins;  ///< By the type that accounts name.
  base::StateSettings state;
  std::vector<plan::AllowRule> allow;
  std::optional<fs::path> services;  ///< The folder with mail services of the user's own.
  base::SourcePos services_pos;
  std::vector<mail::RuleSetting> rules;  ///< For every zone that does not say otherwise.
};

struct Project {
  ProjectFile file;
  KnownServices services;       ///< The catalogue, with the project's own entries.
  std::vector<ZoneSpec> zones;  ///< Sorted by zone name.
  base::Diagnostics diagnostics;
  /// The account a choice means: a declared one, else one made up from the provider's type.
  [[nodiscard]] base::Account account_for(const ProviderChoice& choice) const;
};

/// Told of each zone as soon as its own files are read, while others are still to come. `so_far`
/// has the whole project file, the zones until now and the faults until now; what is found later
/// may be a fault of this very zone (declared twice), so nothing may be written by it yet.
using OnZone = std::function<void(const Project& so_far, const ZoneSpec& zone)>;

/// `paths` are spec files and folders; none means the working directory. `known_types` are the
/// provider types that `provider = "..."` may name without an account.
Project load(const std::vector<fs::path>& paths, FileSource& files,
             const std::vector<std::string>& known_types, const OnZone& on_zone = {});

/// The catalogue of mail services as the project in a folder knows it, specs left aside; without
/// mxsmith.toml there, ours alone.
KnownServices project_services(const fs::path& folder, FileSource& files,
                               base::Diagnostics& diagnostics);

/// What is desired at `at`. Errors are added to `diagnostics`; the result is of use only when none
/// were.
plan::Desired evaluate(const ZoneSpec& spec, base::Instant at, base::Diagnostics& diagnostics);

/// Every moment at which something begins for this zone: stages and TTL lowerings, ascending.
struct Moment {
  enum class Kind : std::uint8_t { stage, ttl_down, ttl_up };
  base::Instant at{};
  std::string name;  ///< "stage enforce", "TTL 5m ahead of stage enforce"
  base::SourcePos pos;
  Kind kind = Kind::stage;
};
/// Besides, all faults of all stages are told, and what does not hold from one stage to the next
/// (spec/life_cycle.hpp).
std::vector<Moment> moments(const ZoneSpec& spec, base::Diagnostics& diagnostics);

/// How a zone is written as a spec by `import`.
struct WriteOptions {
  std::string provider;  ///< Value of `provider`.
  std::optional<std::string> zone_id;
  bool mail_only = false;  ///< Leave out what is not a mail record.
};
/// A spec that plans empty against `live`, whatever octets its values hold. SOA, apex NS and
/// foreign sets stay out.
std::string write_spec(const plan::LiveZone& live, const WriteOptions& options);

}  // namespace mxsmith::spec
