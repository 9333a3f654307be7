#include "provider/plugin_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

extern char** environ;

namespace mxsmith::provider {

namespace {

using base::Error;
using base::ErrorKind;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// What is kept of standard error.
constexpr std::size_t kComplaint = 4096;

/// Both ends; sockets, so that writing to a process that has gone gives no signal.
std::pair<base::FileHandle, base::FileHandle> make_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw base::io_error("open a socket pair", errno);
  }
  return {base::FileHandle(ends[0]), base::FileHandle(ends[1])};
}

/// posix_spawn's lists, freed at the end.
class SpawnOrders {
 public:
  SpawnOrders() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // A group of its own, to be killed with all that it starts; no signal of the terminal reaches
    // it in the middle of a write.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnOrders() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnOrders(const SpawnOrders&) = delete;
  SpawnOrders& operator=(const SpawnOrders&) = delete;

  void give(const base::FileHandle& handle, int as) {
    posix_spawn_file_actions_adddup2(&actions_, handle.get(), as);
  }
  void enter(const std::string& directory) {
    posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

PluginProcess::PluginProcess(const std::vector<std::string>& argv, const std::string& directory,
                             PluginLimits limits)
    : limits_(limits) {
  auto [our_input, its_input] = make_pair();
  auto [our_output, its_output] = make_pair();
  auto [our_errors, its_errors] = make_pair();
  SpawnOrders orders;
  if (!directory.empty()) orders.enter(directory);
  orders.give(its_input, STDIN_FILENO);
  orders.give(its_output, STDOUT_FILENO);
  orders.give(its_errors, STDERR_FILENO);
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  words.push_back(nullptr);
  const int fault =
      ::posix_spawnp(&pid_, words[0], orders.actions(), orders.attributes(), words.data(), environ);
  if (fault != 0) throw base::io_error("start " + argv.front(), fault);
  input_ = std::move(our_input);
  output_ = std::move(our_output);
  errors_ = std::move(our_errors);
}

PluginProcess::~PluginProcess() {
  if (pid_ < 0) return;
  input_.close();
  const auto deadline = Clock::now() + limits_.farewell;
  while (Clock::now() < deadline) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      // What it started and left behind goes with it.
      ::kill(-pid_, SIGKILL);
      pid_ = -1;
      return;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  kill();
}

void PluginProcess::kill() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void PluginProcess::write_line(const std::string& line) {
  const std::string text = line + "\n";
  std::string_view rest = text;
  const auto deadline = Clock::now() + limits_.silence;
  while (!rest.empty()) {
    const ssize_t count =
        ::send(input_.get(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) give_up(ErrorKind::unavailable, "no longer reads");
    if (Clock::now() >= deadline) give_up(ErrorKind::unavailable, "does not read its input");
    // It may be waiting for us to read what it complains of.
    std::array<pollfd, 2> ends{pollfd{input_.get(), POLLOUT, 0}, pollfd{errors_.get(), POLLIN, 0}};
    ::poll(ends.data(), ends.size(), 200);
    if ((ends[1].revents & POLLIN) != 0) take_errors();
  }
}

void PluginProcess::take_errors() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::recv(errors_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count <= 0) return;
    complaint_.append(buffer.data(), static_cast<std::size_t>(count));
    if (complaint_.size() > kComplaint) complaint_.erase(0, complaint_.size() - kComplaint);
  }
}

void PluginProcess::wait_for_input(Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      give_up(ErrorKind::unavailable,
              "said nothing for " + std::to_string(limits_.silence.count() / 1000) + " s");
    }
    std::array<pollfd, 2> ends{pollfd{output_.get(), POLLIN, 0}, pollfd{errors_.get(), POLLIN, 0}};
    const int ready = ::poll(ends.data(), ends.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw base::io_error("wait for a plug-in", errno);
    if (ready <= 0) continue;
    if ((ends[1].revents & POLLIN) != 0) take_errors();
    if (ends[0].revents != 0) return;
    // Whoever closes standard error alone goes on.
    if ((ends[1].revents & (POLLHUP | POLLERR)) != 0) {
      std::this_thread::sleep_for(milliseconds(5));
    }
  }
}

std::string PluginProcess::read_line() {
  const auto deadline = Clock::now() + limits_.silence;
  std::size_t searched = 0;
  std::array<char, 65536> buffer{};
  for (;;) {
    const std::size_t end = pending_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    searched = pending_.size();
    if (searched > limits_.max_line) give_up(ErrorKind::protocol, "gave a line without an end");
    wait_for_input(deadline);
    const ssize_t count = ::recv(output_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) pending_.append(buffer.data(), static_cast<std::size_t>(count));
    const bool ended = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    if (ended) give_up(ErrorKind::unavailable, ending());
  }
}

std::string PluginProcess::ending() {
  take_errors();
  int status = 0;
  const auto deadline = Clock::now() + limits_.farewell;
  while (Clock::now() < deadline) {
    const pid_t done = ::waitpid(pid_, &status, WNOHANG);
    if (done == pid_) {
      ::kill(-pid_, SIGKILL);
      pid_ = -1;
      take_errors();
      if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
      return "ended with status " + std::to_string(WEXITSTATUS(status));
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  return "closed its output";
}

void PluginProcess::give_up(ErrorKind kind, const std::string& what) {
  kill();
  take_errors();
  throw Error(kind, "the plug-in " + what);
}

std::string PluginProcess::take_complaint() {
  if (errors_.open()) take_errors();
  return std::exchange(complaint_, {});
}

}  // namespace mxsmith::provider
