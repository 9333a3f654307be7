// Running programs from tests: the built binary and the tools beside it, with arguments,
// environment, standard input and, if asked, a terminal of their own.
//
// Nothing goes through a shell. A program that outlives its deadline is killed by its own pid, and
// the result says so.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mxsmith::tests {

namespace fs = std::filesystem;

/// Where standard input and output of a program lead.
enum class Console { pipes, terminal };

struct RunOptions {
  std::vector<std::string> args;                   ///< Without the program's name.
  std::map<std::string, std::string> environment;  ///< Set on top of the test's own.
  std::vector<std::string> without;                ///< Variables taken away.
  std::string input;                               ///< Standard input; its end follows.
  fs::path directory;                              ///< Empty: the test's own.
  Console console = Console::pipes;                ///< terminal: one pty for all three streams.
  unsigned short columns = 120;                    ///< Of the terminal.
  std::chrono::milliseconds deadline{60'000};
};

struct RunResult {
  int exit = -1;      ///< The exit code; 128 + signal when a signal ended it, as shells say it.
  int signal = 0;     ///< What ended it, or 0.
  bool late = false;  ///< Killed at the deadline.
  std::string out;    ///< Standard output; with a terminal, all that appeared on it.
  std::string err;
};

/// A program that runs beside the test. Destroying it kills it.
class Process {
 public:
  Process(const fs::path& program, const RunOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// More input, for programs that ask.
  void type(const std::string& text);
  /// Reads until `text` stands in the output or the deadline is over; whether it came.
  bool wait_for(const std::string& text);
  /// Sends a signal to this process alone.
  void kill(int signal) const;
  /// Closes the input, reads what is left and waits.
  RunResult finish();

 private:
  bool pump(std::chrono::steady_clock::time_point until);
  void write_pending();
  void reap(RunResult& result);
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool terminal_ = false;
  bool closing_ = false;
  std::string pending_;
  RunResult result_;
  std::chrono::steady_clock::time_point deadline_;
};

/// Runs a program to its end.
RunResult run(const fs::path& program, const RunOptions& options);

/// Whether a program of that name is on PATH; its path.
std::optional<fs::path> find_program(const std::string& name);

/// A directory that is removed, with all in it, at the end of the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }
  /// Writes a file below it, making folders; gives its path.
  fs::path write(const fs::path& relative, const std::string& content) const;
  [[nodiscard]] std::string read(const fs::path& relative) const;

 private:
  fs::path path_;
};

/// The whole file as octets; throws std::runtime_error when it cannot be read.
std::string slurp(const fs::path& path);

}  // namespace mxsmith::tests
