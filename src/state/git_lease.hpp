// The lease of a run: how others know that it is still at work on the zones it has begun.
//
// It is a file in the shared state, pushed with the first `begin` of a run, renewed while the run
// goes on and removed with its last `end`. A run whose lease is over, or is not there, counts as
// dead: whoever comes next reads the zone back and closes its entries. A run on this very machine
// is dead as soon as its process is gone.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "state/git_copy.hpp"
#include "state/store.hpp"

namespace mxsmith::state {

/// The process that runs, recognisable only on the machine (and in the container) where it does.
struct ProcessIdentity {
  std::int64_t pid = 0;
  std::uint64_t started = 0;  ///< In clock ticks since boot; numbers of processes come again.
  std::string boot;           ///< Of the kernel: other machines and other days have another.
  std::string pid_namespace;  ///< Containers of one machine have one each.
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
ProcessIdentity this_process();

struct Lease {
  std::string token;  ///< Of the store that wrote it.
  std::string user;
  std::string host;
  std::string command;
  ProcessIdentity process;
  base::Instant since{};
  base::Instant until{};
};
std::string print_lease(const Lease& lease);
/// Throws Error{invalid} naming the file.
Lease parse_lease(const std::string& file, std::string_view text);

/// Clocks of different machines may be apart by so much.
constexpr base::Seconds kClockSkew{60};
/// What is known of the run that holds a lease.
enum class Liveness : std::uint8_t {
  dead,
  may_live,    ///< It runs elsewhere, and its lease is not over.
  lives_here,  ///< Its process is there on this machine.
};
Liveness liveness_of(const Lease& lease, base::Instant now);

/// The lease of this store's run, and the leases of others that are seen to be over.
class LeaseKeeper {
 public:
  /// `folder` is where leases are in the tree, "PROJECT/+leases".
  LeaseKeeper(const GitCopy& copy, std::string folder, base::Clock& clock, base::Seconds length);

  /// An entry begins: from the next commit on there is a lease, until as many have ended.
  void begun(const Actor& actor);
  void ended();
  /// No entry of ours is worked on any more, whether it has ended or not.
  void give_up();
  /// What the next commit has to change about leases.
  std::vector<FileEdit> edits();
  /// That commit has been pushed.
  void pushed();

  [[nodiscard]] bool held() const;    ///< A lease of ours is in the shared state.
  [[nodiscard]] bool wanted() const;  ///< An entry of ours is open.
  [[nodiscard]] bool half_over() const;
  [[nodiscard]] bool over() const;
  /// Of the run that began the entry; nothing: it has none, or it was ours.
  [[nodiscard]] std::optional<Lease> of(const std::string& run) const;

 private:
  [[nodiscard]] std::string path_of(const std::string& run) const;

  const GitCopy& copy_;
  std::string folder_;
  base::Clock& clock_;
  base::Seconds length_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::string run_;
  Lease lease_;
  base::Instant pushed_until_{};  ///< Epoch: no lease of ours is out there.
  base::Instant next_until_{};
};

}  // namespace mxsmith::state
