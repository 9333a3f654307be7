#include "base/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

extern char** environ;

namespace mxsmith::base {

namespace {

struct Pipe {
  base::FileHandle read;
  base::FileHandle write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  // Close-on-exec: only the copies made for the child outlive its exec.
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw base::io_error("open a pipe", errno);
  return {base::FileHandle(ends[0]), base::FileHandle(ends[1])};
}

/// A socket pair for a program's input: unlike a pipe's, its end can be written to without waiting
/// and without SIGPIPE when the program no longer reads.
Pipe make_input() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw base::io_error("open a socket pair", errno);
  }
  return {base::FileHandle(ends[0]), base::FileHandle(ends[1])};
}

/// posix_spawn's list of what to do with descriptors, freed at the end.
class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void empty_input() {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  void take_input(const Pipe& pipe) {
    posix_spawn_file_actions_adddup2(&actions_, pipe.read.get(), STDIN_FILENO);
  }
  void send(int target, const Pipe& pipe) {
    posix_spawn_file_actions_adddup2(&actions_, pipe.write.get(), target);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Feeds the program and reads both of its pipes until they are closed, so that none of the three
/// can fill up and block it.
class Exchange {
 public:
  Exchange(base::FileHandle input, std::string_view text, const Pipe& output, const Pipe& errors,
           CommandResult& result)
      : input_(std::move(input)),
        text_(text),
        ends_{pollfd{output.read.get(), POLLIN, 0}, pollfd{errors.read.get(), POLLIN, 0},
              pollfd{input_.get(), POLLOUT, 0}},
        texts_{&result.output, &result.errors} {}

  void run() {
    if (text_.empty()) stop_feeding();
    while (ends_[0].fd >= 0 || ends_[1].fd >= 0) {
      if (::poll(ends_.data(), ends_.size(), -1) < 0) {
        if (errno == EINTR) continue;
        throw base::io_error("wait for a program's output", errno);
      }
      for (std::size_t i = 0; i < texts_.size(); ++i) {
        if (ends_.at(i).fd >= 0 && ends_.at(i).revents != 0) read(ends_.at(i), *texts_.at(i));
      }
      if (ends_[2].fd >= 0 && ends_[2].revents != 0) feed();
    }
  }

 private:
  void read(pollfd& end, std::string& text) {
    const ssize_t count = ::read(end.fd, buffer_.data(), buffer_.size());
    if (count > 0) {
      text.append(buffer_.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      end.fd = -1;  // poll passes over it
    }
  }

  void feed() {
    const ssize_t count =
        ::send(ends_[2].fd, text_.data(), text_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) text_.remove_prefix(static_cast<std::size_t>(count));
    const bool later = count < 0 && (errno == EINTR || errno == EAGAIN);
    // A program need not read all that it is given.
    if ((count < 0 && !later) || text_.empty()) stop_feeding();
  }

  void stop_feeding() {
    ends_[2].fd = -1;
    input_.close();
  }

  base::FileHandle input_;
  std::string_view text_;
  std::array<pollfd, 3> ends_;
  std::array<std::string*, 2> texts_;
  std::array<char, 16384> buffer_{};
};

/// Our environment with some variables set otherwise, as exec takes it.
class Environment {
 public:
  explicit Environment(const CommandInput& given) {
    const auto& changes = given.environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const std::string_view name = text.substr(0, text.find('='));
      const bool changed = std::any_of(changes.begin(), changes.end(),
                                       [&](const auto& change) { return change.first == name; });
      const bool unwanted =
          std::find(given.without.begin(), given.without.end(), name) != given.without.end();
      if (!changed && !unwanted) pointers_.push_back(*entry);
    }
    texts_.reserve(changes.size());
    for (const auto& [name, value] : changes) {
      std::string& text = texts_.emplace_back(name);
      text += "=";
      text += value;
      pointers_.push_back(texts_.back().data());
    }
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw base::io_error("wait for a program", errno);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& argv, const CommandInput& given) {
  Pipe input;
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  SpawnActions actions;
  if (given.input.empty()) {
    actions.empty_input();
  } else {
    input = make_input();
    actions.take_input(input);
  }
  actions.send(STDOUT_FILENO, output);
  actions.send(STDERR_FILENO, errors);
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const Environment environment(given);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], actions.get(), nullptr, arguments.data(),
                                    environment.get());
  if (failed != 0) throw base::io_error("start " + argv[0], failed);
  input.read.close();
  output.write.close();
  errors.write.close();
  CommandResult result;
  Exchange(std::move(input.write), given.input, output, errors, result).run();
  result.status = wait_for(child);
  return result;
}

}  // namespace mxsmith::base
