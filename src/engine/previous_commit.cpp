#include "engine/previous_commit.hpp"

#include <vector>

#include "base/command.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::engine {

namespace {

base::CommandResult git(const fs::path& folder, const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {"git", "-C", folder.string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return base::run_command(argv);
}

/// Pipelines say "none" by zeros, as for the first push of a branch.
bool is_said(const std::string& commit) {
  return commit.find_first_not_of('0') != std::string::npos;
}

/// As the commit itself tells, whether or not a shallow clone has cut its parents off.
std::string first_parent_of_head(const fs::path& folder) {
  const base::CommandResult head = git(folder, {"cat-file", "commit", "HEAD"});
  if (head.status != 0) {
    throw base::Error(base::ErrorKind::not_found,
                      "--previous auto needs a commit that is checked "
                      "out: git says: " +
                          std::string(base::trim(head.errors)));
  }
  constexpr std::string_view kParent = "parent ";
  for (const auto& line : base::split(head.output, '\n')) {
    if (line.empty()) break;
    if (line.starts_with(kParent)) return line.substr(kParent.size());
  }
  return {};
}

}  // namespace

std::optional<std::string> previous_commit(const fs::path& folder, const std::string& recorded,
                                           const std::string& told) {
  std::string commit = recorded;
  std::string whence = "the newest entry of history was made from it";
  if (!is_said(commit)) {
    commit = told;
    whence = "the pipeline says that it was there before";
  }
  if (!is_said(commit)) {
    commit = first_parent_of_head(folder);
    whence = "it is the first parent of HEAD";
  }
  if (commit.empty()) return std::nullopt;
  const base::CommandResult there =
      git(folder, {"rev-parse", "--verify", "--quiet", "--end-of-options", commit + "^{commit}"});
  if (there.status == 0) return std::string(base::trim(there.output));
  throw base::Error(base::ErrorKind::not_found, "--previous auto means commit " +
                                                    commit.substr(0, 12) + " (" + whence +
                                                    "), and this clone does not have it")
      .with_hint(
          "fetch more: `git fetch --unshallow`, in pipelines fetch-depth: 0 (GitHub) or GIT_DEPTH: "
          "0 (GitLab); or name another one with --previous git:REV");
}

}  // namespace mxsmith::engine
