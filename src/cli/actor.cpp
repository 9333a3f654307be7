#include "cli/actor.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/file.hpp"
#include "base/text.hpp"

namespace mxsmith::cli {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

template <std::size_t N>
std::string first_of(const std::array<const char*, N>& names) {
  for (const char* name : names) {
    if (auto value = variable(name); !value.empty()) return value;
  }
  return {};
}

/// A pipeline's own account says less than the person who started it; neither does root by sudo.
std::string user_name() {
  constexpr std::array kPeople = {"GITHUB_ACTOR", "GITLAB_USER_LOGIN", "SUDO_USER"};
  if (auto name = first_of(kPeople); !name.empty()) return name;
  if (const passwd* entry = ::getpwuid(::geteuid())) return entry->pw_name;
  return "uid " + std::to_string(::geteuid());
}

/// In a pipeline the machine is often a container of a random name; the runner has a real one.
std::string host_name() {
  constexpr std::array kRunners = {"RUNNER_NAME", "CI_RUNNER_DESCRIPTION"};
  if (auto name = first_of(kRunners); !name.empty()) return name;
  std::array<char, 256> buffer{};
  return ::gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "";
}

/// "pull request 12" from the variables of the large forges.
std::string pipeline_reason() {
  const std::string ref = variable("GITHUB_REF");
  constexpr std::string_view kPull = "refs/pull/";
  if (ref.rfind(kPull, 0) == 0) {
    return "pull request " + ref.substr(kPull.size(), ref.find('/', kPull.size()) - kPull.size());
  }
  const std::string merge = variable("CI_MERGE_REQUEST_IID");
  return merge.empty() ? "" : "merge request " + merge;
}

/// Folder with HEAD and refs; a worktree's `.git` is a file that names it.
std::optional<fs::path> git_folder(const fs::path& directory) {
  std::error_code fault;
  for (fs::path at = fs::absolute(directory, fault); !fault; at = at.parent_path()) {
    const fs::path git = at / ".git";
    if (fs::is_directory(git, fault)) return git;
    if (const auto text = base::read_file_if_there(git)) {
      constexpr std::string_view kKey = "gitdir: ";
      if (text->rfind(kKey, 0) != 0) return std::nullopt;
      return at / std::string(base::trim(std::string_view(*text).substr(kKey.size())));
    }
    if (at == at.root_path()) break;
  }
  return std::nullopt;
}

std::string packed_ref(const fs::path& folder, std::string_view ref) {
  const auto packed = base::read_file_if_there(folder / "packed-refs");
  if (!packed) return {};
  for (const auto& line : base::split(*packed, '\n')) {
    const auto space = line.find(' ');
    if (space != std::string::npos && line.substr(space + 1) == ref) return line.substr(0, space);
  }
  return {};
}

}  // namespace

std::string checked_out_commit(const fs::path& directory) {
  const auto git = git_folder(directory);
  if (!git) return {};
  const auto head = base::read_file_if_there(*git / "HEAD");
  if (!head) return {};
  constexpr std::string_view kKey = "ref: ";
  std::string text(base::trim(*head));
  if (text.rfind(kKey, 0) != 0) return text;
  const std::string ref = text.substr(kKey.size());
  fs::path shared = *git;
  if (const auto common = base::read_file_if_there(*git / "commondir")) {
    shared /= std::string(base::trim(*common));
  }
  if (const auto loose = base::read_file_if_there(shared / ref)) {
    return std::string(base::trim(*loose));
  }
  return packed_ref(shared, ref);
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+%~^";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos && word[0] != '~') {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

state::Actor find_actor(const std::vector<std::string>& command_line, const CommonOptions& common) {
  constexpr std::array kCommits = {"GITHUB_SHA", "CI_COMMIT_SHA"};
  state::Actor actor;
  actor.user = user_name();
  actor.host = host_name();
  actor.pid = ::getpid();
  for (const auto& word : command_line) {
    actor.command += (actor.command.empty() ? "" : " ") + shell_word(word);
  }
  actor.commit = first_of(kCommits);
  if (actor.commit.empty()) actor.commit = checked_out_commit(".");
  actor.reason = common.reason.empty() ? pipeline_reason() : common.reason;
  return actor;
}

}  // namespace mxsmith::cli
