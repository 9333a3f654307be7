#include "cli/progress.hpp"

#include "base/text.hpp"
#include "cli/terminal.hpp"

namespace mxsmith::cli {

void StderrProgress::total(std::size_t zones) {
  const std::lock_guard lock(mutex_);
  total_ = zones;
  done_ = 0;
}

void StderrProgress::zone(const std::string& zone, const std::string& doing) {
  const std::lock_guard lock(mutex_);
  if (doing == "done") ++done_;
  if (manner_ == Manner::silent) return;
  const std::string words = base::escape_for_terminal(zone + ": " + doing);
  if (manner_ == Manner::lines) {
    write_text(Stream::err, words + "\n");
    return;
  }
  // Ten times a second is enough for an eye; a terminal over a slow line is not held up.
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  shown_ = true;
  std::string line =
      total_ > 1 ? std::to_string(done_) + " of " + base::counted(total_, "zone") + "  " + words
                 : words;
  const std::size_t width = columns_of(Stream::err) - 1;
  if (line.size() > width) line.resize(width);
  write_text(Stream::err, "\r\x1b[K" + line);
}

void StderrProgress::clear() {
  const std::lock_guard lock(mutex_);
  if (shown_) write_text(Stream::err, "\r\x1b[K");
  shown_ = false;
}

}  // namespace mxsmith::cli
