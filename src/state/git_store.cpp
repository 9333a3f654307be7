#include "state/git_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "state/codec.hpp"
#include "state/file_store.hpp"
#include "state/git_commits.hpp"
#include "state/git_conflict.hpp"
#include "state/git_copy.hpp"
#include "state/git_lease.hpp"
#include "state/git_ref.hpp"
#include "state/git_renewal.hpp"
#include "state/git_repository.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

/// In the repository's git directory, one folder for each remote and ref.
fs::path copy_folder(const GitRepository& repository, const std::string& ref) {
  const std::string remote =
      repository.remote.empty() ? "+local" : encode_file_name(repository.remote);
  return repository.common / "mxsmith" / remote / encode_file_name(ref);
}

std::string project_folder(const GitRepository& repository, const std::string& named) {
  const std::string project = named.empty() ? repository.project : named;
  return encode_file_name(project.empty() ? "." : project);
}

class GitStore final : public Store {
 public:
  GitStore(const base::StateSettings& settings, base::Clock& clock);
  ~GitStore() override;
  GitStore(const GitStore&) = delete;
  GitStore& operator=(const GitStore&) = delete;

  [[nodiscard]] std::string describe() const override {
    return "git " + ref_.name() + " at " + ref_.place();
  }
  [[nodiscard]] bool shared() const override { return !repository_.remote.empty(); }

  std::unique_ptr<Lock> lock(const ZoneKey& zone, const Actor& actor, Claim claim) override;
  std::optional<Entry> open_entry(const ZoneKey& zone) override;
  bool discard_torn(const ZoneKey& zone) override { return files_->discard_torn(zone); }
  std::unique_ptr<Journal> resume(const ZoneKey& zone) override;
  std::unique_ptr<Journal> begin(const ZoneKey& zone, const Actor& actor,
                                 const plan::ZonePlan& plan,
                                 const std::vector<std::uint64_t>& undoes,
                                 base::Instant at) override;

  std::vector<EntryInfo> history(const ZoneKey& zone) override { return files_->history(zone); }
  Entry entry(const ZoneKey& zone, std::uint64_t id) override { return files_->entry(zone, id); }
  std::vector<ZoneKey> zones() override { return files_->zones(); }
  std::optional<std::string> check_chain(const ZoneKey& zone) override {
    return files_->check_chain(zone);
  }
  std::optional<plan::Manifest> manifest(const ZoneKey& zone) override {
    return files_->manifest(zone);
  }
  void put_manifest(const ZoneKey& zone, const plan::Manifest& manifest) override;

  std::optional<Hold> hold(const ZoneKey& zone) override { return files_->hold(zone); }
  void put_hold(const ZoneKey& zone, const Hold& hold) override {
    change_hold(path_of(zone), "hold " + zone.text(), print_hold(hold));
  }
  bool lift_hold(const ZoneKey& zone) override {
    if (!files_->hold(zone)) return false;
    change_hold(path_of(zone), "lift the hold of " + zone.text(), std::nullopt);
    return true;
  }
  std::optional<Hold> hold_all() override { return files_->hold_all(); }
  void put_hold_all(const Hold& hold) override {
    change_hold(project_, "hold every zone", print_hold(hold));
  }
  bool lift_hold_all() override {
    if (!files_->hold_all()) return false;
    change_hold(project_, "lift the hold of every zone", std::nullopt);
    return true;
  }

  std::vector<Unsent> flush() override;

  // For the journal.
  /// Throws when somebody else has closed the entry.
  void require_ours(const ZoneKey& zone, const EntryInfo& info) const;
  /// Throws unless this run still may write to the zone.
  void require_right(const ZoneKey& zone, const EntryInfo& info);
  /// Sends a sealed entry on its way.
  void send_sealed(const ZoneKey& zone, const EntryInfo& info);
  void ended() { leases_.ended(); }

 private:
  /// "PROJECT/ACCOUNT/ZONE"
  [[nodiscard]] std::string path_of(const ZoneKey& zone) const {
    return ZoneFolder(project_, zone).path().generic_string();
  }
  [[nodiscard]] ZoneFolder folder_of(const ZoneKey& zone) const {
    return ZoneFolder(copy_.file(path_of(zone)));
  }
  void repair(const ZoneKey& zone);
  void refuse_if_alive(const ZoneKey& zone, Claim claim);
  void take_back(const ZoneKey& zone);
  void change_hold(const std::string& folder, const std::string& message,
                   std::optional<std::string> content);
  std::shared_ptr<GitChange> sealed_change(const ZoneKey& zone, std::uint64_t id);
  Actor with_commit(const Actor& actor) const;

  GitRepository repository_;
  base::Clock& clock_;
  std::string project_;
  GitCopy copy_;
  GitRef ref_;
  std::unique_ptr<Store> files_;
  LeaseKeeper leases_;
  GitCommits commits_;
  LeaseRenewal renewal_;
};

/// The file store's journal, whose beginning and end others are told of.
class GitJournal final : public Journal {
 public:
  enum class Begun : std::uint8_t { here, elsewhere };

  GitJournal(GitStore& store, ZoneKey zone, std::unique_ptr<Journal> file, Begun begun)
      : store_(store), zone_(std::move(zone)), file_(std::move(file)), begun_(begun) {}

  [[nodiscard]] const EntryInfo& info() const override { return file_->info(); }
  void intended(std::size_t step, base::Instant at) override {
    if (begun_ == Begun::here) store_.require_right(zone_, info());
    file_->intended(step, at);
  }
  void outcome(const StepOutcome& outcome) override { file_->outcome(outcome); }
  void read_back(const std::vector<std::string>& differences, base::Instant at) override {
    file_->read_back(differences, at);
  }
  EntryInfo end(EntryStatus status, const plan::Manifest& after, base::Instant at) override {
    store_.require_ours(zone_, info());
    EntryInfo sealed = file_->end(status, after, at);
    if (begun_ == Begun::here) store_.ended();
    store_.send_sealed(zone_, sealed);
    return sealed;
  }

 private:
  GitStore& store_;
  ZoneKey zone_;
  std::unique_ptr<Journal> file_;
  Begun begun_;
};

GitStore::GitStore(const base::StateSettings& settings, base::Clock& clock)
    : repository_(find_git_repository(settings.directory, settings.remote)),
      clock_(clock),
      project_(project_folder(repository_, settings.project)),
      copy_(copy_folder(repository_, settings.ref)),
      ref_(repository_, copy_.repository(), settings.ref),
      files_(file_store(copy_.file(project_))),
      leases_(copy_, project_ + "/+leases", clock, settings.lease),
      commits_(ref_, copy_, leases_, clock,
               [this](const GitChange& change, const std::string& commit) {
                 return describe_conflict(change, commit, ref_, clock_.now());
               }),
      renewal_(leases_, commits_, settings.lease) {
  commits_.open();
}

GitStore::~GitStore() {
  renewal_.stop();
  try {
    // Entries that are left open on purpose are for the next run, which need not wait.
    leases_.give_up();
    commits_.flush();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Whatever did not get there is still in the copy, and flush() has told of it or will not.
  }
}

Actor GitStore::with_commit(const Actor& actor) const {
  Actor known = actor;
  if (!repository_.head.empty()) known.commit = repository_.head;
  if (known.run.empty()) known.run = "run-" + std::to_string(::getpid());
  return known;
}

std::unique_ptr<Lock> GitStore::lock(const ZoneKey& zone, const Actor& actor, Claim claim) {
  auto held = files_->lock(zone, actor);
  commits_.sign_as(actor);
  commits_.note_seen(path_of(zone));
  const bool known_here = copy_.unshared(path_of(zone)) != Unshared::nothing;
  if (known_here) repair(zone);
  if (!known_here) refuse_if_alive(zone, claim);
  return held;
}

/// Settles what a run of this clone that died, or could not push, left between copy and ref.
void GitStore::repair(const ZoneKey& zone) {
  const std::string path = path_of(zone);
  std::shared_ptr<GitChange> unsent;
  {
    const base::FileLock held = copy_.hold(clock_);
    const std::string tip = copy_.base();
    const auto shared = ref_.read_file(tip, path + "/journal.jsonl");
    const std::uint64_t id = shared ? copy_.sealed_here(path, *shared) : 0;
    if (id != 0) {
      // A next entry that was only begun here has sent nothing: its push came after this one's.
      ::unlink(folder_of(zone).journal().c_str());
      unsent = sealed_change(zone, id);
    } else if (!shared || !copy_.goes_on_here(path, *shared)) {
      copy_.take_zone(ref_, tip, path);
    }
  }
  if (unsent) commits_.carry(unsent);
}

void GitStore::refuse_if_alive(const ZoneKey& zone, Claim claim) {
  const auto text = base::read_file_if_there(folder_of(zone).journal());
  if (!text) return;
  const EntryText lines = split_entry(folder_of(zone).journal().string(), *text);
  if (lines.lines.empty()) return;
  const EntryInfo begun = parse_begin(lines).info;
  const auto lease = leases_.of(begun.actor.run);
  const Liveness liveness = lease ? liveness_of(*lease, clock_.now()) : Liveness::dead;
  if (liveness == Liveness::dead) return;
  if (liveness == Liveness::may_live && claim == Claim::take_over) return;
  throw still_at_work(zone, begun, *lease, liveness);
}

std::optional<Entry> GitStore::open_entry(const ZoneKey& zone) {
  auto entry = files_->open_entry(zone);
  const Unshared unshared = copy_.unshared(path_of(zone));
  if (!entry) {
    // `end` was on disk already, and the file store has just sealed it.
    if (unshared != Unshared::nothing) {
      const auto sealed = files_->history(zone);
      if (!sealed.empty()) send_sealed(zone, sealed.front());
    }
    return entry;
  }
  if (unshared == Unshared::begun) return entry;
  entry->intended.clear();
  for (std::size_t step = 0; step < entry->plan.steps.size(); ++step) {
    entry->intended.push_back(step);
  }
  return entry;
}

std::unique_ptr<Journal> GitStore::resume(const ZoneKey& zone) {
  using Begun = GitJournal::Begun;
  const std::string path = path_of(zone);
  if (copy_.unshared(path) == Unshared::begun) {
    return std::make_unique<GitJournal>(*this, zone, files_->resume(zone), Begun::elsewhere);
  }
  const auto known = files_->open_entry(zone);
  if (known) copy_.mark(path, Unshared::resumed);
  auto journal = files_->resume(zone);
  for (std::size_t step = 0; known && step < known->plan.steps.size(); ++step) {
    const auto& announced = known->intended;
    if (std::find(announced.begin(), announced.end(), step) == announced.end()) {
      journal->intended(step, clock_.now());
    }
  }
  return std::make_unique<GitJournal>(*this, zone, std::move(journal), Begun::elsewhere);
}

std::unique_ptr<Journal> GitStore::begin(const ZoneKey& zone, const Actor& actor,
                                         const plan::ZonePlan& plan,
                                         const std::vector<std::uint64_t>& undoes,
                                         base::Instant at) {
  const std::string path = path_of(zone);
  const Actor known = with_commit(actor);
  std::error_code ignored;
  const bool open_already = fs::exists(folder_of(zone).journal(), ignored);
  // Before the journal is there: without the mark it would count as one that the ref holds.
  if (!open_already) copy_.mark(path, Unshared::begun);
  auto journal = files_->begin(zone, known, plan, undoes, at);
  const auto change = std::make_shared<GitChange>();
  change->zone = path;
  change->message = "begin " + zone.text() + " " + std::to_string(journal->info().id) + ": " +
                    std::string(plan::plan_kind_name(plan.kind));
  change->edits = {{path + "/journal.jsonl", base::read_file(folder_of(zone).journal())}};
  change->counts_on = {path, project_ + "/hold.json"};
  leases_.begun(known);
  try {
    commits_.carry(change);
  } catch (const Error&) {
    leases_.ended();
    journal.reset();
    take_back(zone);
    throw;
  }
  renewal_.start();
  return std::make_unique<GitJournal>(*this, zone, std::move(journal), GitJournal::Begun::here);
}

/// The begun entry did not get to the remote, so nothing is sent and nothing is left of it here.
void GitStore::take_back(const ZoneKey& zone) {
  const base::FileLock held = copy_.hold(clock_);
  // Without the mark the copy has followed somebody else's journal already.
  if (copy_.unshared(path_of(zone)) != Unshared::begun) return;
  ::unlink(folder_of(zone).journal().c_str());
  // An end of this run's that is still on its way keeps the mark.
  const auto shared = ref_.read_file(copy_.base(), path_of(zone) + "/journal.jsonl");
  if (!shared) copy_.unmark(path_of(zone));
}

void GitStore::require_right(const ZoneKey& zone, const EntryInfo& info) {
  if (leases_.half_over()) {
    try {
      commits_.push_lease();
    } catch (const Error& error) {
      if (leases_.over()) {
        throw error.with_context("the lease of this run is over and cannot be renewed");
      }
    }
  }
  require_ours(zone, info);
}

void GitStore::require_ours(const ZoneKey& zone, const EntryInfo& info) const {
  if (copy_.unshared(path_of(zone)) == Unshared::nothing) throw taken_over(zone, info.id);
}

std::shared_ptr<GitChange> GitStore::sealed_change(const ZoneKey& zone, std::uint64_t id) {
  const std::string path = path_of(zone);
  const ZoneFolder folder = folder_of(zone);
  const fs::path sealed = folder.sealed(id);
  auto change = std::make_shared<GitChange>();
  change->zone = path;
  change->message = "end " + zone.text() + " " + std::to_string(id);
  change->edits = {{path + "/journal.jsonl", std::nullopt},
                   {path + "/history/" + sealed.filename().string(), base::read_file(sealed)},
                   {path + "/manifest.json", base::read_file(folder.manifest())}};
  change->counts_on = {path + "/journal.jsonl"};
  change->when_pushed = [this, zone] {
    // The next entry may have begun meanwhile.
    std::error_code ignored;
    if (!fs::exists(folder_of(zone).journal(), ignored)) copy_.unmark(path_of(zone));
  };
  return change;
}

void GitStore::send_sealed(const ZoneKey& zone, const EntryInfo& info) {
  commits_.enqueue(sealed_change(zone, info.id));
}

void GitStore::put_manifest(const ZoneKey& zone, const plan::Manifest& manifest) {
  const fs::path file = folder_of(zone).manifest();
  const auto text = base::read_file_if_there(file);
  ManifestFile known = text ? parse_manifest_file(file.string(), *text) : ManifestFile();
  if (known.manifest == manifest) return;
  known.manifest = manifest;
  const auto change = std::make_shared<GitChange>();
  change->zone = path_of(zone);
  change->message = "manifest of " + zone.text();
  change->edits = {{change->zone + "/manifest.json", print_manifest_file(known)}};
  change->counts_on = {change->zone};
  commits_.carry(change);
}

void GitStore::change_hold(const std::string& folder, const std::string& message,
                           std::optional<std::string> content) {
  const auto change = std::make_shared<GitChange>();
  change->zone = folder;
  change->message = message;
  change->edits = {{folder + "/hold.json", std::move(content)}};
  // Whoever has locked the zone holds it for what is in its history; anybody may hold it by hand.
  const bool locked = commits_.has_seen(folder);
  change->counts_on = {locked && change->edits.front().content ? folder : folder + "/hold.json"};
  commits_.carry(change);
}

std::vector<Unsent> GitStore::flush() {
  std::vector<Unsent> unsent;
  for (const auto& change : commits_.flush()) {
    for (const auto& zone : files_->zones()) {
      if (path_of(zone) == change->zone) unsent.push_back({zone, change->error->what()});
    }
  }
  return unsent;
}

}  // namespace

std::unique_ptr<Store> git_store(const base::StateSettings& settings, base::Clock& clock) {
  return std::make_unique<GitStore>(settings, clock);
}

}  // namespace mxsmith::state
