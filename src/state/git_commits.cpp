#include "state/git_commits.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

/// How often a push is tried while others are faster.
constexpr int kAttempts = 40;

/// What is live at the provider already is worth a few tries before people are told.
constexpr int kFlushes = 3;
constexpr std::chrono::milliseconds kFlushPause{400};

/// Those who collide wait for different spans, longer each time.
std::chrono::milliseconds pause_after(int attempt) {
  std::random_device random;
  const int span = 20 * std::min(attempt + 1, 25);
  return std::chrono::milliseconds(static_cast<int>(random() % static_cast<unsigned>(span)));
}

}  // namespace

GitCommits::GitCommits(GitRef& ref, GitCopy& copy, LeaseKeeper& leases, base::Clock& clock,
                       Describe describe)
    : ref_(ref), copy_(copy), leases_(leases), clock_(clock), describe_(std::move(describe)) {}

void GitCommits::open() {
  const base::FileLock held = copy_.hold(clock_);
  const std::string tip = ref_.fetch();
  copy_.follow(ref_, tip);
  const std::lock_guard lock(mutex_);
  opened_ = tip;
}

void GitCommits::sign_as(const Actor& actor) {
  const std::lock_guard lock(mutex_);
  name_ = actor.user;
  email_ = actor.user + "@" + actor.host;
}

void GitCommits::note_seen(const std::string& zone) {
  // Read before the zone's files are: should the copy be moving right now, they are newer than what
  // is noted, and a change that counts on them fails instead of overwriting.
  const std::string commit = copy_.base();
  const std::lock_guard lock(mutex_);
  seen_[zone] = commit;
}

bool GitCommits::has_seen(const std::string& zone) {
  const std::lock_guard lock(mutex_);
  return seen_.contains(zone);
}

std::string GitCommits::seen(const std::string& zone) {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(zone);
  return found == seen_.end() ? opened_ : found->second;
}

void GitCommits::carry(const std::shared_ptr<GitChange>& change) {
  std::unique_lock lock(mutex_);
  change->awaited = true;
  waiting_.push_back(change);
  work_until(lock, [&] { return change->done; });
  if (change->error) throw Error(*change->error);
}

void GitCommits::enqueue(std::shared_ptr<GitChange> change) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(change));
}

std::vector<std::shared_ptr<GitChange>> GitCommits::flush() {
  std::unique_lock lock(mutex_);
  for (int attempt = 0; attempt < kFlushes; ++attempt) {
    if (waiting_.empty() && failed_.empty() && !leases_.held()) break;
    bool tried = false;
    work_until(lock, [&] { return std::exchange(tried, true) && waiting_.empty(); });
    if (failed_.empty() || attempt + 1 == kFlushes) break;
    lock.unlock();
    clock_.sleep_for(kFlushPause * (attempt + 1));
    lock.lock();
  }
  Batch left = std::exchange(lost_, {});
  left.insert(left.end(), failed_.begin(), failed_.end());
  failed_.clear();
  return left;
}

void GitCommits::push_lease() {
  const auto change = std::make_shared<GitChange>();
  change->zone = "+lease";
  change->message = "renew lease";
  carry(change);
}

/// Whoever finds nobody at work does it, for all that are waiting.
void GitCommits::work_until(std::unique_lock<std::mutex>& lock,
                            const std::function<bool()>& finished) {
  while (!finished()) {
    if (busy_) {
      changed_.wait(lock);
      continue;
    }
    // What failed before goes first: a zone's next entry must not get there without the last one.
    Batch batch = std::exchange(failed_, {});
    batch.insert(batch.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
    busy_ = true;
    lock.unlock();
    process(batch);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void GitCommits::process(const Batch& batch) {
  Batch open = batch;
  for (const auto& change : batch) change->error.reset();
  std::optional<Error> failure;
  try {
    const base::FileLock held = copy_.hold(clock_);
    try_to_push(open);
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& unforeseen) {
    failure = Error(ErrorKind::io, unforeseen.what());
  }
  const std::lock_guard lock(mutex_);
  for (const auto& change : batch) {
    const bool left = std::find(open.begin(), open.end(), change) != open.end();
    if (left) change->error = failure;
    change->done = true;
    if (change->awaited || !change->error) continue;
    // A conflict never resolves itself; a remote may answer again.
    (left ? failed_ : lost_).push_back(change);
  }
}

void GitCommits::try_to_push(Batch& open) {
  std::string tip = copy_.base();
  const bool only_lease = open.empty();
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    drop_conflicting(open, tip);
    if (open.empty() && !only_lease) return;
    const auto edits = edits_of(open);
    const std::string commit = edits.empty() ? tip : ref_.commit(tip, edits, words_for(open));
    const std::string now = edits.empty() ? tip : ref_.push(tip, commit);
    if (now == commit) {
      copy_.follow_own(edits, commit);
      leases_.pushed();
      note_pushed(open, commit);
      open.clear();
      return;
    }
    copy_.follow(ref_, now);
    tip = now;
    clock_.sleep_for(pause_after(attempt));
  }
  throw Error(ErrorKind::unavailable, ref_.place() + " was changed by others each of " +
                                          std::to_string(kAttempts) + " times we tried to push")
      .with_hint("try again when fewer runs are at work");
}

void GitCommits::note_pushed(const Batch& pushed, const std::string& commit) {
  for (const auto& change : pushed) {
    if (change->when_pushed) change->when_pushed();
    const std::lock_guard lock(mutex_);
    seen_[change->zone] = commit;
  }
}

void GitCommits::drop_conflicting(Batch& open, const std::string& tip) {
  std::erase_if(open, [&](const std::shared_ptr<GitChange>& change) {
    const std::string before = seen(change->zone);
    if (before == tip || change->counts_on.empty()) return false;
    if (ref_.objects(before, change->counts_on) == ref_.objects(tip, change->counts_on)) {
      return false;
    }
    change->error = describe_(*change, tip);
    return true;
  });
}

std::vector<FileEdit> GitCommits::edits_of(const Batch& open) {
  std::map<std::string, std::optional<std::string>> last;
  for (const auto& change : open) {
    for (const auto& edit : change->edits) last[edit.path] = edit.content;
  }
  for (auto& edit : leases_.edits()) last[edit.path] = std::move(edit.content);
  std::vector<FileEdit> edits;
  edits.reserve(last.size());
  for (auto& [path, content] : last) edits.push_back({path, std::move(content)});
  return edits;
}

CommitWords GitCommits::words_for(const Batch& open) {
  CommitWords words{{}, {}, {}, clock_.now()};
  {
    const std::lock_guard lock(mutex_);
    words.name = name_;
    words.email = email_;
  }
  if (open.size() == 1) {
    words.message = open.front()->message + "\n";
  } else {
    words.message = open.empty() ? "lease\n" : std::to_string(open.size()) + " changes\n\n";
    for (const auto& change : open) {
      words.message += change->message;
      words.message += "\n";
    }
  }
  return words;
}

}  // namespace mxsmith::state
