// A ref that several clones share, and the tree of files its commit holds.
//
// Nothing here touches the user's repository: objects are kept in a bare repository of our own,
// which only fetches that ref and pushes to it. A push is a compare-and-swap: it succeeds if the
// ref still is where our commit's parent is, and else changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "state/git_program.hpp"
#include "state/git_repository.hpp"

namespace mxsmith::state {

/// A file in the next commit; without content it goes away.
struct FileEdit {
  std::string path;
  std::optional<std::string> content;
};

/// A file that is other in one commit than in another; without blob it is gone.
struct TreeChange {
  std::string path;
  std::string blob;
};

struct CommitWords {
  std::string name;
  std::string email;
  std::string message;
  base::Instant at{};
};

class GitRef {
 public:
  /// `folder` gets the bare repository; it is made when it is not there.
  GitRef(const GitRepository& repository, const fs::path& folder, std::string ref);

  /// Where the ref is now; empty: there is no such ref. Throws Error{unavailable} when the remote
  /// cannot be asked: a failed fetch is never an empty history.
  std::string fetch();

  /// A commit on top of `parent` (empty: none), not yet pushed.
  std::string commit(const std::string& parent, const std::vector<FileEdit>& edits,
                     const CommitWords& words);
  /// Moves the ref from `parent` to `commit`. Gives where the ref is afterwards: `commit`, or
  /// elsewhere, when somebody was faster. Throws Error{auth} when the remote refuses, and
  /// Error{unavailable} when it does not answer; whether it has moved is then unknown.
  std::string push(const std::string& parent, const std::string& commit);

  /// Files that differ; `from` empty: all files of `to`.
  std::vector<TreeChange> changes(const std::string& from, const std::string& to);
  /// Files below a folder.
  std::vector<TreeChange> files_below(const std::string& commit, const std::string& folder);
  /// The contents of these blobs, in order.
  std::vector<std::string> read(const std::vector<std::string>& blobs);
  /// One file of a commit; nothing when it is not there, or the commit is empty.
  std::optional<std::string> read_file(const std::string& commit, const std::string& path);
  /// Names of the objects (files or folders) at these paths; empty for those that are not there.
  std::vector<std::string> objects(const std::string& commit,
                                   const std::vector<std::string>& paths);

  [[nodiscard]] const std::string& name() const { return ref_; }
  /// "origin (https://example.com/dns.git)", or "this repository".
  [[nodiscard]] const std::string& place() const { return place_; }

 private:
  GitProgram git_;
  std::string remote_;  ///< What git is told to talk to: a remote's name or a path.
  std::string place_;
  std::string ref_;
};

}  // namespace mxsmith::state
