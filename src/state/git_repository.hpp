// Which repository a project's folder is in, and which remote its state is shared through.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "state/git_program.hpp"

namespace mxsmith::state {

/// A work tree of the user's; nothing in it is ever written, but for a folder of ours in `common`.
struct GitRepository {
  fs::path top;                      ///< Of the work tree.
  fs::path common;                   ///< The git directory that all its worktrees share.
  std::string project;               ///< The folder asked for, from the top; empty: the top itself.
  std::string head;                  ///< The commit checked out; empty before the first one.
  std::string remote;                ///< Name of the remote; empty: there is none.
  std::string url;                   ///< Of the remote, for messages: without credentials.
  std::vector<std::string> secrets;  ///< Credentials in the remote's URLs.
  bool sha256 = false;               ///< Whether object names are SHA-256.
  /// How to reach the remote, from the repository's own configuration: URL, proxy, headers, keys.
  /// A runner's token often stands only there.
  std::vector<std::pair<std::string, std::string>> access;
};

/// `remote` empty: "origin" if there is one, none if there are no remotes. Throws Error{not_found}
/// with git's own words where there is no repository that git trusts, or no such remote, and
/// Error{usage} where there are several remotes and none is "origin".
GitRepository find_git_repository(const fs::path& folder, const std::string& remote);

}  // namespace mxsmith::state
