// A plug-in's process: lines to its standard input, lines from its standard output, and what it
// says on standard error.
//
// Nothing it does can hurt more than its own process: a line may be so long and no longer, silence
// is given up after a time, and whoever breaks the rules is killed with all that it started. What
// the lines mean is plugin.cpp's business.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"

namespace mxsmith::provider {

struct PluginLimits {
  std::chrono::milliseconds silence{60000};       ///< Between two of its lines.
  std::size_t max_line = std::size_t{256} << 20;  ///< Octets.
  std::chrono::milliseconds farewell{2000};       ///< Between closed input and being killed.
};

/// One running plug-in. One thread at a time.
class PluginProcess {
 public:
  /// `argv[0]` is looked for in PATH. Throws Error{io} when it cannot be started.
  PluginProcess(const std::vector<std::string>& argv, const std::string& directory,
                PluginLimits limits);
  /// Closes its input, gives it a moment, then kills it.
  ~PluginProcess();
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  /// One line, the newline added. Throws Error{unavailable} when it no longer reads.
  void write_line(const std::string& line);
  /// The next line without its newline. Throws Error{unavailable} for silence and for a process
  /// that has ended, Error{protocol} for a line that is too long; the process is killed then.
  std::string read_line();
  void kill();

  /// The end of what it said on standard error since the last call, for a message; hostile text.
  std::string take_complaint();

 private:
  [[noreturn]] void give_up(base::ErrorKind kind, const std::string& what);
  /// Waits until something can be read; takes what there is on standard error.
  void wait_for_input(std::chrono::steady_clock::time_point deadline);
  void take_errors();
  std::string ending();

  PluginLimits limits_;
  pid_t pid_ = -1;
  base::FileHandle input_;
  base::FileHandle output_;
  base::FileHandle errors_;
  std::string pending_;    ///< Octets of lines that were not asked for yet.
  std::string complaint_;  ///< The last few thousand octets.
};

}  // namespace mxsmith::provider
