// Starts two programs in turn, many times, and prints the median time of each in milliseconds:
//
//   bench_start ROUNDS PROGRAM ARGUMENT -- PROGRAM ARGUMENT
//
// They run in turn so that whatever else the machine does falls on both alike.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

extern char** environ;

namespace {

using Command = std::vector<char*>;

/// Milliseconds from start to end; negative when it did not end well.
double run_once(const Command& command, const posix_spawn_file_actions_t& actions) {
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = 0;
  int status = 0;
  if (::posix_spawnp(&child, command[0], &actions, nullptr, command.data(), environ) != 0 ||
      ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return -1;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  return took.count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// The commands, each with the null pointer at its end that posix_spawn wants.
std::vector<Command> commands_of(int argc, char** argv) {
  std::vector<Command> commands(1);
  for (int i = 2; i < argc; ++i) {
    if (std::strcmp(argv[i], "--") == 0) {
      commands.emplace_back();
    } else {
      commands.back().push_back(argv[i]);
    }
  }
  for (auto& command : commands) command.push_back(nullptr);
  return commands;
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 2 ? std::strtol(argv[1], nullptr, 10) : 0;
  if (rounds < 1) {
    std::fputs("usage: bench_start ROUNDS PROGRAM ARGUMENT... [-- PROGRAM ARGUMENT...]\n", stderr);
    return 64;
  }
  const auto commands = commands_of(argc, argv);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

  std::vector<std::vector<double>> times(commands.size());
  for (long round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const double took = run_once(commands[i], actions);
      if (took < 0) {
        std::fprintf(stderr, "bench_start: %s failed\n", commands[i][0]);
        return 1;
      }
      times[i].push_back(took);
    }
  }
  for (auto& each : times) std::printf("%.3f\n", median(each));
  posix_spawn_file_actions_destroy(&actions);
}
