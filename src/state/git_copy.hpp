// The private copy of the shared tree on this machine, laid out as the file store's directory.
//
//   FOLDER/lock         flock while the copy or the ref is being changed
//   FOLDER/base         the commit that the copy holds; absent: none
//   FOLDER/repo.git/    objects
//   FOLDER/tree/        the files of `base`, and besides them what is not, or not yet, shared:
//                       lines of open journals, `lock` and `unshared` files
//   FOLDER/superseded/  records of ours that another clone closed first, kept for people
//
// A zone's folder with an `unshared` file holds something that only this clone knows: an entry
// begun or resumed here whose end has not been pushed. Such a zone keeps its journal while the rest
// of the copy follows the ref, until the ref's own journal shows that somebody else went on there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "state/git_ref.hpp"

namespace mxsmith::state {

/// What only this clone knows of a zone's open entry.
enum class Unshared : std::uint8_t {
  nothing,
  begun,    ///< It was begun here: its lines are all there are.
  resumed,  ///< It was begun elsewhere and is being settled here: what was sent is not known.
};

class GitCopy {
 public:
  explicit GitCopy(fs::path folder);

  [[nodiscard]] fs::path repository() const { return folder_ / "repo.git"; }
  [[nodiscard]] fs::path tree() const { return folder_ / "tree"; }
  [[nodiscard]] fs::path file(const std::string& path) const { return tree() / path; }

  /// Only one process at a time changes the copy or the ref. Waits; throws Error{locked} after
  /// minutes.
  [[nodiscard]] base::FileLock hold(base::Clock& clock) const;

  /// The commit the copy holds, as the disk has it: other processes move it, too.
  [[nodiscard]] std::string base() const;
  /// Makes the copy what `commit` holds. Under hold().
  void follow(GitRef& ref, const std::string& commit);
  /// The same after a push of ours, whose edits are known. Under hold().
  void follow_own(const std::vector<FileEdit>& edits, const std::string& commit);
  /// Takes one zone as the commit has it; what is unshared there is given up.
  void take_zone(GitRef& ref, const std::string& commit, const std::string& zone);

  [[nodiscard]] Unshared unshared(const std::string& zone) const;
  void mark(const std::string& zone, Unshared state) const;
  void unmark(const std::string& zone) const;

  /// Whether the journal that `shared` is, as the ref has it, goes on here: in the zone's journal
  /// or, sealed already, in its newest entry.
  [[nodiscard]] bool goes_on_here(const std::string& zone, const std::string& shared) const;
  /// The entry that the journal of the ref has become here and nowhere else; 0: none.
  [[nodiscard]] std::uint64_t sealed_here(const std::string& zone, const std::string& shared) const;

 private:
  void write(const std::vector<TreeChange>& changes, GitRef& ref);
  void keep_aside(const std::string& zone, const fs::path& file) const;
  void set_base(const std::string& commit) const;

  fs::path folder_;
};

/// "PROJECT/ACCOUNT/ZONE" of a file in a zone's folder; empty for other files.
std::string zone_of_path(const std::string& path);

}  // namespace mxsmith::state
