// What mxsmith remembers of a zone: history with its journal, the manifest of what it owns, lock
// and hold.
//
// One entry is one apply or rollback of one zone. While it runs it is the journal; its last line
// tells whoever finds it what was sent (docs/life-of-a-change.md):
//
//   none or torn line   nothing was sent: discard
//   begin               nothing was sent: close as aborted
//   intended k          step k may have been sent: read back
//   outcome k           the zone is at step k
//   readback            all done but the seal
//   end                 finished: only the rename is missing
//
// Every line is on disk before the deed it announces. Entries of one (account, zone) form a hash
// chain. All functions throw base::Error; a corrupt file is Error{invalid} naming it, and nothing
// is ever repaired silently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "dns/name.hpp"
#include "plan/plan.hpp"

namespace mxsmith::state {

struct ZoneKey {
  std::string account;
  dns::Name zone;
  [[nodiscard]] std::string text() const;  ///< "example.com at main"
  friend bool operator==(const ZoneKey&, const ZoneKey&) = default;
  friend auto operator<=>(const ZoneKey&, const ZoneKey&) = default;
};

/// Who did it and why, for the audit trail and for the message of a lock.
struct Actor {
  std::string user;
  std::string host;
  std::int64_t pid = 0;
  std::string command;  ///< The command line, secrets cannot stand in it.
  std::string run;      ///< One id for all zones of a run: "20261205T163100Z-3f9a".
  std::string commit;   ///< Of the spec's repository, or empty.
  std::string reason;   ///< --reason, or a pull request from the pipeline's environment; or empty.
};

enum class EntryStatus : std::uint8_t {
  open,     ///< Still a journal.
  applied,  ///< Every step took effect and was read back.
  partly,   ///< Some steps took effect.
  failed,   ///< Nothing took effect.
  aborted,  ///< Ended before anything was sent.
};
std::string_view status_name(EntryStatus status);

enum class ChangeState : std::uint8_t { not_applied, applied, differs };

/// What became of a step.
struct StepOutcome {
  std::size_t step = 0;
  std::vector<ChangeState> changes;  ///< In the order of plan::Step::changes.
  std::string error;                 ///< Empty: none.
  base::Instant at{};
};

/// One line of `history`.
struct EntryInfo {
  std::uint64_t id = 0;  ///< Counts from 1 for each (account, zone).
  plan::PlanKind kind = plan::PlanKind::apply;
  EntryStatus status = EntryStatus::open;
  base::Instant started{};
  std::optional<base::Instant> ended;
  Actor actor;
  std::string title;
  plan::ZonePlan::Counts counts;
  std::string hash;           ///< SHA-256 of the sealed file; empty while open.
  std::string previous_hash;  ///< Of the entry before; empty for the first.
};

struct Entry {
  EntryInfo info;
  plan::ZonePlan plan;
  std::vector<StepOutcome> outcomes;
  std::vector<std::size_t> intended;  ///< Steps announced.
  bool read_back = false;
  std::vector<std::string> differences;  ///< What the read-back found other than planned.
  plan::Manifest manifest_before;
  plan::Manifest manifest_after;      ///< Only when ended.
  std::vector<std::uint64_t> undoes;  ///< For rollbacks: the entries it undid.
};

/// The journal of a running entry. Each call returns once the line is on disk as the table above
/// demands; `outcome` alone may reach it with the next line. After an Error (a full disk) the line
/// counts as not written, and the journal can still be used: the call may be tried again.
class Journal {
 public:
  virtual ~Journal() = default;
  [[nodiscard]] virtual const EntryInfo& info() const = 0;
  virtual void intended(std::size_t step, base::Instant at) = 0;
  virtual void outcome(const StepOutcome& outcome) = 0;
  virtual void read_back(const std::vector<std::string>& differences, base::Instant at) = 0;
  /// Writes `end`, stores the manifest and seals the entry. The journal cannot be used afterwards.
  /// An Error after `end` is on disk leaves the sealing to the next open_entry.
  virtual EntryInfo end(EntryStatus status, const plan::Manifest& after, base::Instant at) = 0;
};

/// A zone that applies are refused for.
struct Hold {
  enum class Kind : std::uint8_t { by_hand, rolled_back };
  Kind kind = Kind::by_hand;
  std::string reason;
  std::string by;  ///< "kim@build7"
  base::Instant since{};
  std::uint64_t entry = 0;  ///< rolled_back: the rollback's id.
  std::vector<std::string>
      undone_digests;  ///< rolled_back: spec states that must not come back by themselves.
};

class Lock {
 public:
  virtual ~Lock() = default;
};

/// What is thought of another machine's run that has not been heard of for less than its lease.
enum class Claim : std::uint8_t {
  ask,        ///< It is at work.
  take_over,  ///< It is dead: the user knows.
};

/// Something done here that others who share the store have not been told.
struct Unsent {
  ZoneKey zone;
  std::string why;
};

class Store {
 public:
  virtual ~Store() = default;

  /// "file /srv/dns/.mxsmith", for messages.
  [[nodiscard]] virtual std::string describe() const = 0;
  /// Whether other machines that run this project see the same state.
  [[nodiscard]] virtual bool shared() const = 0;

  /// Throws Error{locked} that says who holds it, since when and with which command. A run that is
  /// alive on this machine is never taken over.
  virtual std::unique_ptr<Lock> lock(const ZoneKey& zone, const Actor& actor,
                                     Claim claim = Claim::ask) = 0;

  /// What a run that died left: nothing, or an entry of status open. A run that died after `end`
  /// left an entry that only has to be sealed: that is done here, and nothing is returned. Nothing
  /// also when not even `begin` is whole, which discard_torn then removes. Under lock only.
  virtual std::optional<Entry> open_entry(const ZoneKey& zone) = 0;
  /// Removes a journal whose first line never got to disk; whether there was one. Under lock only.
  virtual bool discard_torn(const ZoneKey& zone) = 0;
  /// Goes on writing the open entry, to settle it; a torn last line is cut off first. Throws
  /// Error{not_found} when there is none. Under lock only.
  virtual std::unique_ptr<Journal> resume(const ZoneKey& zone) = 0;
  /// Starts an entry: `begin` with the whole plan is on disk when this returns. Throws
  /// Error{conflict} while another one is open. Under lock only.
  virtual std::unique_ptr<Journal> begin(const ZoneKey& zone, const Actor& actor,
                                         const plan::ZonePlan& plan,
                                         const std::vector<std::uint64_t>& undoes,
                                         base::Instant at) = 0;

  /// Sealed entries, newest first.
  virtual std::vector<EntryInfo> history(const ZoneKey& zone) = 0;
  /// Throws Error{not_found} naming the ids there are.
  virtual Entry entry(const ZoneKey& zone, std::uint64_t id) = 0;
  /// All (account, zone) pairs with any state.
  virtual std::vector<ZoneKey> zones() = 0;
  /// Whether the chain of hashes holds; what is wrong with it, or nothing.
  virtual std::optional<std::string> check_chain(const ZoneKey& zone) = 0;

  /// Nothing: this store knows no history of the zone.
  virtual std::optional<plan::Manifest> manifest(const ZoneKey& zone) = 0;
  /// For an apply with nothing to do, which has no entry. No write when it is the same already.
  virtual void put_manifest(const ZoneKey& zone, const plan::Manifest& manifest) = 0;

  virtual std::optional<Hold> hold(const ZoneKey& zone) = 0;
  virtual void put_hold(const ZoneKey& zone, const Hold& hold) = 0;
  /// Whether there was one.
  virtual bool lift_hold(const ZoneKey& zone) = 0;
  /// The hold over all zones.
  virtual std::optional<Hold> hold_all() = 0;
  virtual void put_hold_all(const Hold& hold) = 0;
  virtual bool lift_hold_all() = 0;

  /// Returns once the ends of entries are where others who share the store see them; until then
  /// they may be on this machine only. Gives those that cannot be brought there.
  virtual std::vector<Unsent> flush() { return {}; }
};

}  // namespace mxsmith::state
