#include "cli/signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>

namespace mxsmith::cli {

namespace {

volatile sig_atomic_t stop = 0;

void remember(int) {
  const int error = errno;
  stop = 1;
  constexpr char kWords[] = "\nstopping after what is under way; once more stops at once\n";
  if (::isatty(STDERR_FILENO) == 1) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, kWords, sizeof kWords - 1);
  }
  errno = error;
}

}  // namespace

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = remember;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: sleeping and reading an answer end early. SA_RESETHAND: the second one kills.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stop != 0; }

}  // namespace mxsmith::cli
