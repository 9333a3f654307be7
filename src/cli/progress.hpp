// Progress on standard error: one line rewritten on a terminal; with --verbose plain lines
// elsewhere; else nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "engine/engine.hpp"

namespace mxsmith::cli {

/// How far a part of a run is.
struct Tally {
  std::size_t zones = 0;  ///< 0: not known yet.
  std::size_t done = 0;
  std::size_t failed = 0;  ///< Of those that are done.

  void count(engine::ZoneStatus status);
};

/// "412 of 1000 zones, 3 failed  example.com: reading", cut to `width` columns; counts only for
/// several zones. Safe to write to a terminal.
std::string progress_line(const Tally& tally, const std::string& zone, const std::string& doing,
                          std::size_t width);

/// "example.com: applied (412 of 1000)"
std::string end_line(const Tally& tally, const std::string& zone, engine::ZoneStatus status);

class StderrProgress final : public engine::Progress {
 public:
  enum class Manner : std::uint8_t { silent, line, lines };
  explicit StderrProgress(Manner manner) : manner_(manner) {}

  void begin(std::size_t zones) override;
  void zone(const std::string& zone, const std::string& doing) override;
  void end(const std::string& zone, engine::ZoneStatus status) override;
  /// Takes the rewritten line away, before anything else is written.
  void clear();

 private:
  Manner manner_;
  std::mutex mutex_;
  Tally tally_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace mxsmith::cli
