#include "cli/terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "cli/signals.hpp"

namespace mxsmith::cli {

namespace {

constexpr std::size_t kNarrowest = 60;
constexpr std::size_t kUsual = 100;

int descriptor_of(Stream stream) { return stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO; }

bool set_and_not_empty(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// Holds back the signals that ask the program to stop, but for the wait itself: one that comes
/// between the question and the wait for its answer would go unheard otherwise.
class SignalsOnlyWhileWaiting {
 public:
  SignalsOnlyWhileWaiting() {
    sigset_t stopping{};
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGINT);
    sigaddset(&stopping, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &stopping, &before_);
  }
  ~SignalsOnlyWhileWaiting() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsOnlyWhileWaiting(const SignalsOnlyWhileWaiting&) = delete;
  SignalsOnlyWhileWaiting& operator=(const SignalsOnlyWhileWaiting&) = delete;

  /// Whether there is something to read, or the end; false when a signal came first.
  [[nodiscard]] bool wait_for_input() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::ppoll(&input, 1, nullptr, &before_) > 0;
  }

 private:
  sigset_t before_{};
};

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(descriptor_of(stream)) == 1; }

bool can_ask() { return ::isatty(STDIN_FILENO) == 1 && is_terminal(Stream::out); }

std::size_t columns_of(Stream stream) {
  winsize size{};
  if (!is_terminal(stream) || ::ioctl(descriptor_of(stream), TIOCGWINSZ, &size) != 0) {
    return kUsual;
  }
  if (size.ws_col == 0) return kUsual;
  return std::clamp<std::size_t>(size.ws_col, kNarrowest, kUsual);
}

bool colors_on(Stream stream, ColorWish wish) {
  if (wish == ColorWish::always) return true;
  if (wish == ColorWish::never || set_and_not_empty("NO_COLOR")) return false;
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return is_terminal(stream);
}

std::optional<std::string> ask(const std::string& question) {
  const SignalsOnlyWhileWaiting signals;
  if (!write_text(Stream::out, question)) return std::nullopt;
  std::string line;
  for (;;) {
    if (stop_requested() || !signals.wait_for_input()) return std::nullopt;
    char c = 0;
    if (::read(STDIN_FILENO, &c, 1) <= 0) return std::nullopt;
    if (c == '\n') return line;
    line += c;
  }
}

bool write_text(Stream stream, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count =
        ::write(descriptor_of(stream), text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace mxsmith::cli
