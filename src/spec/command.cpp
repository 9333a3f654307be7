#include "spec/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/file.hpp"

extern char** environ;

namespace mxsmith::spec {

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
  void send(int target, const Pipe& pipe) {
    posix_spawn_file_actions_adddup2(&actions_, pipe.write.get(), target);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Reads both pipes until both ends are closed, so that neither can fill up and block the child.
void drain(const Pipe& output, const Pipe& errors, CommandResult& result) {
  std::array<pollfd, 2> ends = {pollfd{output.read.get(), POLLIN, 0},
                                pollfd{errors.read.get(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&result.output, &result.errors};
  std::array<char, 16384> buffer{};
  for (int open = 2; open > 0;) {
    if (::poll(ends.data(), ends.size(), -1) < 0) {
      if (errno == EINTR) continue;
      throw base::io_error("wait for a program's output", errno);
    }
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).fd < 0 || ends.at(i).revents == 0) continue;
      const ssize_t count = ::read(ends.at(i).fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts.at(i)->append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        ends.at(i).fd = -1;  // poll passes over it
        --open;
      }
    }
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw base::io_error("wait for a program", errno);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& argv) {
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  SpawnActions actions;
  actions.empty_input();
  actions.send(STDOUT_FILENO, output);
  actions.send(STDERR_FILENO, errors);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, arguments[0], actions.get(), nullptr, arguments.data(), environ);
  if (failed != 0) throw base::io_error("start " + argv[0], failed);
  output.write.close();
  errors.write.close();
  CommandResult result;
  drain(output, errors, result);
  result.status = wait_for(child);
  return result;
}

}  // namespace mxsmith::spec
