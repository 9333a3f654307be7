// Changes of the shared state on their way into it: any thread hands them in, one at a time makes a
// commit of all that are waiting and pushes it.
//
// A change says what it counts on (files or folders that must be as it saw them). When somebody
// else has moved the ref, changes that count on what they changed fail with Error{locked} or
// Error{conflict} naming them; the others are put on top and pushed again.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "state/git_copy.hpp"
#include "state/git_lease.hpp"
#include "state/git_ref.hpp"

namespace mxsmith::state {

/// One change. Whoever hands it in keeps it until `done`.
struct GitChange {
  std::string zone;     ///< "PROJECT/ACCOUNT/ZONE", or another name for what it is about.
  std::string message;  ///< A line for the commit.
  std::vector<FileEdit> edits;
  std::vector<std::string> counts_on;  ///< Paths that must be as this store last saw the zone.
  std::function<void()> when_pushed;   ///< Called under the copy's lock.

  bool awaited = false;  ///< Somebody waits in carry().
  bool done = false;
  std::optional<base::Error> error;
};

class GitCommits {
 public:
  /// Tells of a conflict: who has changed what the change counted on, by the commit now in place.
  using Describe = std::function<base::Error(const GitChange& change, const std::string& commit)>;

  GitCommits(GitRef& ref, GitCopy& copy, LeaseKeeper& leases, base::Clock& clock,
             Describe describe);

  /// Fetches the ref and makes the copy follow it.
  void open();
  /// Who commits, from now on.
  void sign_as(const Actor& actor);
  /// The zone is looked at now: what it will count on is as the copy has it.
  void note_seen(const std::string& zone);
  /// Whether note_seen was called for it, or a change of it has been carried.
  bool has_seen(const std::string& zone);
  /// The commit that the copy was at when the zone was last seen or changed.
  std::string seen(const std::string& zone);

  /// Returns once it is pushed; throws what became of it otherwise.
  void carry(const std::shared_ptr<GitChange>& change);
  /// Lets it go with the next commit, or with flush().
  void enqueue(std::shared_ptr<GitChange> change);
  /// Pushes what is waiting, and again what could not be pushed before. Gives the changes that did
  /// not get there; they are forgotten.
  std::vector<std::shared_ptr<GitChange>> flush();
  /// A commit for the lease alone, if it has changed.
  void push_lease();

 private:
  using Batch = std::vector<std::shared_ptr<GitChange>>;

  void work_until(std::unique_lock<std::mutex>& lock, const std::function<bool()>& finished);
  void process(const Batch& batch);
  void try_to_push(Batch& open);
  void note_pushed(const Batch& pushed, const std::string& commit);
  void drop_conflicting(Batch& open, const std::string& tip);
  std::vector<FileEdit> edits_of(const Batch& open);
  [[nodiscard]] CommitWords words_for(const Batch& open);

  GitRef& ref_;
  GitCopy& copy_;
  LeaseKeeper& leases_;
  base::Clock& clock_;
  Describe describe_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  Batch failed_;  ///< Enqueued ones that a later commit may still carry.
  Batch lost_;    ///< Enqueued ones that somebody else's change has overtaken.
  bool busy_ = false;
  std::string name_ = "mxsmith";
  std::string email_ = "mxsmith";
  std::string opened_;
  std::map<std::string, std::string> seen_;
};

}  // namespace mxsmith::state
