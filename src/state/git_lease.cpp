#include "state/git_lease.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <random>
#include <system_error>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

namespace {

/// Field 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets
/// (proc(5)); 0 when there is no such process.
std::uint64_t start_of(std::int64_t pid) {
  const auto stat = base::read_file_if_there("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return 0;
  const std::size_t bracket = stat->rfind(')');
  if (bracket == std::string::npos) return 0;
  const auto fields = base::split(base::trim(stat->substr(bracket + 1)), ' ');
  constexpr std::size_t kStart = 22 - 3;
  return fields.size() > kStart ? std::strtoull(fields[kStart].c_str(), nullptr, 10) : 0;
}

std::string text_of(const fs::path& path) {
  return std::string(base::trim(base::read_file_if_there(path).value_or("")));
}

bool is_running(const ProcessIdentity& process) {
  const auto pid = static_cast<pid_t>(process.pid);
  if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
  return start_of(process.pid) == process.started;
}

std::string random_token() {
  std::random_device random;
  std::string octets;
  for (int i = 0; i < 16; ++i) octets += static_cast<char>(random() & 0xff);
  return base::hex(octets);
}

}  // namespace

ProcessIdentity this_process() {
  ProcessIdentity process;
  process.pid = ::getpid();
  process.started = start_of(process.pid);
  process.boot = text_of("/proc/sys/kernel/random/boot_id");
  std::error_code unknown;
  process.pid_namespace = fs::read_symlink("/proc/self/ns/pid", unknown).string();
  return process;
}

Liveness liveness_of(const Lease& lease, base::Instant now) {
  const ProcessIdentity here = this_process();
  const bool same_machine = !here.boot.empty() && !here.pid_namespace.empty() &&
                            lease.process.boot == here.boot &&
                            lease.process.pid_namespace == here.pid_namespace;
  if (same_machine) return is_running(lease.process) ? Liveness::lives_here : Liveness::dead;
  return now <= lease.until + kClockSkew ? Liveness::may_live : Liveness::dead;
}

LeaseKeeper::LeaseKeeper(const GitCopy& copy, std::string folder, base::Clock& clock,
                         base::Seconds length)
    : copy_(copy), folder_(std::move(folder)), clock_(clock), length_(length) {
  lease_.token = random_token();
  lease_.process = this_process();
}

std::string LeaseKeeper::path_of(const std::string& run) const {
  return folder_ + "/" + encode_file_name(run) + ".json";
}

void LeaseKeeper::begun(const Actor& actor) {
  const std::lock_guard hold(mutex_);
  if (open_++ > 0 || pushed_until_ != base::Instant{}) return;
  run_ = actor.run;
  lease_.user = actor.user;
  lease_.host = actor.host;
  lease_.command = actor.command;
  lease_.since = clock_.now();
}

void LeaseKeeper::ended() {
  const std::lock_guard hold(mutex_);
  if (open_ > 0) --open_;
}

void LeaseKeeper::give_up() {
  const std::lock_guard hold(mutex_);
  open_ = 0;
}

std::vector<FileEdit> LeaseKeeper::edits() {
  std::vector<FileEdit> edits;
  const base::Instant now = clock_.now();
  const std::lock_guard hold(mutex_);
  next_until_ = pushed_until_;
  const std::string mine = path_of(run_);
  if (open_ > 0 && now + length_ / 2 >= pushed_until_) {
    next_until_ = lease_.until = now + length_;
    edits.push_back({mine, print_lease(lease_)});
  } else if (open_ == 0 && pushed_until_ != base::Instant{}) {
    next_until_ = {};
    edits.push_back({mine, std::nullopt});
  }
  std::error_code none;
  for (fs::directory_iterator at(copy_.file(folder_), none), end; !none && at != end;
       at.increment(none)) {
    const std::string path = folder_ + "/" + at->path().filename().string();
    if (path == mine || !path.ends_with(".json")) continue;
    const auto text = base::read_file_if_there(at->path());
    if (text && liveness_of(parse_lease(at->path().string(), *text), now) == Liveness::dead) {
      edits.push_back({path, std::nullopt});
    }
  }
  return edits;
}

void LeaseKeeper::pushed() {
  const std::lock_guard hold(mutex_);
  pushed_until_ = next_until_;
}

bool LeaseKeeper::held() const {
  const std::lock_guard hold(mutex_);
  return pushed_until_ != base::Instant{};
}

bool LeaseKeeper::wanted() const {
  const std::lock_guard hold(mutex_);
  return open_ > 0;
}

bool LeaseKeeper::half_over() const {
  const base::Instant now = clock_.now();
  const std::lock_guard hold(mutex_);
  return open_ > 0 && now + length_ / 2 >= pushed_until_;
}

bool LeaseKeeper::over() const {
  const base::Instant now = clock_.now();
  const std::lock_guard hold(mutex_);
  return now >= pushed_until_;
}

std::optional<Lease> LeaseKeeper::of(const std::string& run) const {
  const fs::path path = copy_.file(path_of(run));
  const auto text = base::read_file_if_there(path);
  if (!text) return std::nullopt;
  Lease lease = parse_lease(path.string(), *text);
  const std::lock_guard hold(mutex_);
  // What this very store left open is ours to settle: whoever holds the lock of the zone.
  if (lease.token == lease_.token) return std::nullopt;
  return lease;
}

}  // namespace mxsmith::state
