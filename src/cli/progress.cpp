#include "cli/progress.hpp"

#include "base/text.hpp"
#include "cli/terminal.hpp"

namespace mxsmith::cli {

namespace {

using engine::ZoneStatus;

std::string words_of(ZoneStatus status) {
  return status == ZoneStatus::nothing ? "in order" : std::string(zone_status_name(status));
}

/// As much of a text as fits, whole characters only.
std::string cut(std::string text, std::size_t width) {
  while (base::display_width(text) > width) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
      text.pop_back();
    }
    text.pop_back();
  }
  return text;
}

}  // namespace

void Tally::count(ZoneStatus status) {
  ++done;
  switch (status) {
    case ZoneStatus::nothing:
    case ZoneStatus::planned:
    case ZoneStatus::applied:
    case ZoneStatus::skipped: break;
    default: ++failed; break;
  }
}

std::string progress_line(const Tally& tally, const std::string& zone, const std::string& doing,
                          std::size_t width) {
  std::string line;
  if (tally.zones > 1) {
    line = std::to_string(tally.done) + " of " + base::counted(tally.zones, "zone");
    if (tally.failed != 0) line += ", " + std::to_string(tally.failed) + " failed";
    line += "  ";
  }
  return cut(line + base::escape_for_terminal(zone + ": " + doing), width);
}

std::string end_line(const Tally& tally, const std::string& zone, ZoneStatus status) {
  std::string line = base::escape_for_terminal(zone) + ": " + words_of(status);
  if (tally.zones > 1) {
    line += " (" + std::to_string(tally.done) + " of " + std::to_string(tally.zones) + ")";
  }
  return line;
}

void StderrProgress::begin(std::size_t zones) {
  const std::lock_guard hold(mutex_);
  tally_ = {zones, 0, 0};
}

void StderrProgress::zone(const std::string& zone, const std::string& doing) {
  const std::lock_guard hold(mutex_);
  if (manner_ == Manner::silent) return;
  if (manner_ == Manner::lines) {
    write_text(Stream::err, base::escape_for_terminal(zone + ": " + doing) + "\n");
    return;
  }
  // Ten times a second is enough for an eye; a terminal over a slow line is not held up.
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  shown_ = true;
  write_text(Stream::err,
             "\r\x1b[K" + progress_line(tally_, zone, doing, columns_of(Stream::err) - 1));
}

void StderrProgress::end(const std::string& zone, engine::ZoneStatus status) {
  const std::lock_guard hold(mutex_);
  tally_.count(status);
  if (manner_ == Manner::lines) write_text(Stream::err, end_line(tally_, zone, status) + "\n");
}

void StderrProgress::clear() {
  const std::lock_guard hold(mutex_);
  if (shown_) write_text(Stream::err, "\r\x1b[K");
  shown_ = false;
}

}  // namespace mxsmith::cli
