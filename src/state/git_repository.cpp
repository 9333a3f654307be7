#include "state/git_repository.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

/// Sections that say how a remote is reached, not what is fetched or how a repository is kept.
bool is_access(const std::string& key, const std::string& remote) {
  constexpr std::array<std::string_view, 6> kSections = {"http.", "credential.", "url.",
                                                         "ssh.",  "protocol.",   "gitproxy."};
  constexpr std::array<std::string_view, 3> kKeys = {"core.sshcommand", "core.askpass",
                                                     "core.gitproxy"};
  constexpr std::array<std::string_view, 6> kOfRemote = {
      "url", "pushurl", "proxy", "proxyauthmethod", "uploadpack", "receivepack"};
  const auto starts = [&](std::string_view section) { return key.starts_with(section); };
  if (std::any_of(kSections.begin(), kSections.end(), starts)) return true;
  if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) return true;
  const std::string prefix = "remote." + remote + ".";
  return key.starts_with(prefix) && std::find(kOfRemote.begin(), kOfRemote.end(),
                                              key.substr(prefix.size())) != kOfRemote.end();
}

/// The repository's own settings; global and system ones reach every repository by themselves.
std::vector<std::pair<std::string, std::string>> access_settings(const GitProgram& git,
                                                                 const std::string& remote) {
  std::vector<std::pair<std::string, std::string>> settings;
  const auto fields = base::split(git.run({"config", "--list", "--show-scope", "-z"}), '\0');
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i] != "local" && fields[i] != "worktree") continue;
    const std::size_t newline = std::min(fields[i + 1].find('\n'), fields[i + 1].size());
    const std::string key = fields[i + 1].substr(0, newline);
    // A key without "=" means true.
    const std::string value =
        newline < fields[i + 1].size() ? fields[i + 1].substr(newline + 1) : "true";
    if (is_access(key, remote)) settings.emplace_back(key, value);
  }
  return settings;
}

std::string chosen_remote(const GitProgram& git, const std::string& wanted) {
  auto remotes = base::split(base::trim(git.run({"remote"})), '\n');
  std::erase(remotes, "");
  const auto has = [&](const std::string& name) {
    return std::find(remotes.begin(), remotes.end(), name) != remotes.end();
  };
  if (wanted.empty()) {
    if (remotes.empty() || has("origin")) return remotes.empty() ? "" : "origin";
    throw Error(ErrorKind::usage,
                "this repository has no remote \"origin\", and [state] names none")
        .with_hint("say `remote = \"...\"`, one of " + base::join(remotes, ", "));
  }
  if (has(wanted)) return wanted;
  throw Error(ErrorKind::not_found,
              "this repository has no remote \"" + wanted + "\", which [state] names")
      .with_hint(remotes.empty() ? "it has none at all: `git remote add " + wanted + " URL`"
                                 : "there are " + base::join(remotes, ", "));
}

/// One place to fetch from and push to: a lock that is taken in one of two places is none.
void find_urls(GitRepository& repository, const GitProgram& git) {
  const auto urls = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"remote", "get-url", "--all"});
    arguments.push_back(repository.remote);
    return base::split(base::trim(git.run(arguments)), '\n');
  };
  const auto fetch = urls({});
  const auto push = urls({"--push"});
  if (push.size() > 1) {
    throw Error(ErrorKind::usage, "the remote \"" + repository.remote + "\" pushes to " +
                                      std::to_string(push.size()) + " places at once")
        .with_hint("name a remote with one URL in [state]: `remote = \"...\"`");
  }
  repository.url = without_credentials(fetch.empty() ? "" : fetch.front());
  for (const auto& list : {fetch, push}) {
    for (const auto& url : list) {
      const std::string secret = credentials_in(url);
      if (!secret.empty()) repository.secrets.push_back(secret);
    }
  }
}

}  // namespace

GitRepository find_git_repository(const fs::path& folder, const std::string& remote) {
  const fs::path asked = fs::weakly_canonical(fs::absolute(folder));
  const GitProgram git(asked);
  GitRepository repository;
  const base::CommandResult found =
      git.try_run({"rev-parse", "--show-toplevel", "--git-common-dir", "--show-object-format"});
  const auto lines = base::split(found.output, '\n');
  if (found.status != 0 || lines.size() < 3) {
    throw Error(ErrorKind::not_found, "[state] keeps history in git, and " + asked.string() +
                                          " is in no usable repository: " + git.words_of(found));
  }
  repository.top = fs::weakly_canonical(lines[0]);
  repository.common = fs::weakly_canonical(asked / lines[1]);
  repository.sha256 = lines[2] == "sha256";
  const fs::path relative = asked.lexically_relative(repository.top);
  if (relative != ".") repository.project = relative.generic_string();
  const base::CommandResult head = git.try_run({"rev-parse", "--verify", "--quiet", "HEAD"});
  if (head.status == 0) repository.head = std::string(base::trim(head.output));
  repository.remote = chosen_remote(git, remote);
  if (!repository.remote.empty()) {
    find_urls(repository, git);
    repository.access = access_settings(git, repository.remote);
  }
  return repository;
}

}  // namespace mxsmith::state
