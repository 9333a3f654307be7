// Spec files as they were at a revision of their Git repository.

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/command.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

namespace {

/// A line of `git ls-tree -z`: MODE TYPE HASH<tab>PATH.
struct TreeEntry {
  std::string mode;
  std::string type;
  std::string hash;
  std::string path;
};

std::vector<TreeEntry> parse_tree(const std::string& output) {
  std::vector<TreeEntry> entries;
  for (const std::string& line : base::split(output, '\0')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const auto words = base::split(line.substr(0, tab), ' ');
    if (words.size() == 3) entries.push_back({words[0], words[1], words[2], line.substr(tab + 1)});
  }
  return entries;
}

class GitFiles final : public FileSource {
 public:
  explicit GitFiles(std::string revision) : revision_(std::move(revision)) {}

  std::optional<std::string> read(const fs::path& path) override {
    const Place place = locate(path);
    const auto entry = find(place);
    if (!entry || entry->type != "blob") return std::nullopt;
    if (entry->mode == "120000") {
      throw base::Error(base::ErrorKind::unsupported, path.string() + " is a symbolic link at " +
                                                          revision_ +
                                                          ": links are not followed in a revision");
    }
    return git(place.top, {"cat-file", "blob", entry->hash});
  }

  std::optional<std::vector<fs::path>> list(const fs::path& folder) override {
    const Place place = locate(folder);
    std::string tree = commit(place.top);
    if (!place.path.empty()) {
      const auto entry = find(place);
      if (!entry || entry->type != "tree") return std::nullopt;
      tree = entry->hash;
    }
    std::vector<fs::path> files;
    for (const TreeEntry& entry : parse_tree(git(place.top, {"ls-tree", "-z", tree}))) {
      const fs::path name(entry.path);
      const bool spec = entry.type == "blob" && entry.mode != "120000" &&
                        name.extension() == ".toml" && name != "mxsmith.toml" &&
                        entry.path.front() != '.';
      if (spec) files.push_back(folder / name);
    }
    std::sort(files.begin(), files.end());
    return files;
  }

 private:
  /// A path inside a repository; `path` is empty for its top.
  struct Place {
    std::string top;
    std::string path;
  };

  static std::string git(const std::string& folder, std::vector<std::string> arguments) {
    std::vector<std::string> argv = {"git", "-C", folder};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    base::CommandResult result = base::run_command(argv);
    if (result.status == 0) return std::move(result.output);
    throw base::Error(base::ErrorKind::not_found,
                      "git says: " + std::string(base::trim(result.errors)));
  }

  static std::string line_of(const std::string& output) { return std::string(base::trim(output)); }

  Place locate(const fs::path& path) {
    // The file may be gone by now, even its folder: what is left of the path leads to the top.
    const fs::path absolute = fs::weakly_canonical(fs::absolute(path));
    fs::path folder = absolute;
    std::error_code error;
    while (!fs::is_directory(folder, error) && folder.has_relative_path()) {
      folder = folder.parent_path();
    }
    auto& top = tops_[folder.string()];
    if (top.empty()) top = line_of(git(folder.string(), {"rev-parse", "--show-toplevel"}));
    const fs::path relative = absolute.lexically_relative(fs::weakly_canonical(top));
    return {top, relative == "." ? std::string() : relative.generic_string()};
  }

  const std::string& commit(const std::string& top) {
    auto& hash = commits_[top];
    if (hash.empty()) {
      try {
        hash = line_of(
            git(top, {"rev-parse", "--verify", "--end-of-options", revision_ + "^{commit}"}));
      } catch (const base::Error& error) {
        throw error.with_context("the revision " + revision_ + " of " + top);
      }
    }
    return hash;
  }

  std::optional<TreeEntry> find(const Place& place) {
    // --full-tree and the top as working directory: the path is taken from the repository's top.
    const auto entries = parse_tree(
        git(place.top, {"ls-tree", "-z", "--full-tree", commit(place.top), "--", place.path}));
    for (const TreeEntry& entry : entries) {
      if (entry.path == place.path) return entry;
    }
    return std::nullopt;
  }

  std::string revision_;
  std::map<std::string, std::string> tops_;
  std::map<std::string, std::string> commits_;
};

}  // namespace

std::unique_ptr<FileSource> git_files(const std::string& revision) {
  return std::make_unique<GitFiles>(revision);
}

}  // namespace mxsmith::spec
