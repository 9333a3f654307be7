// Progress on standard error: one line rewritten on a terminal; with --verbose plain lines
// elsewhere; else nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "engine/engine.hpp"

namespace mxsmith::cli {

class StderrProgress final : public engine::Progress {
 public:
  enum class Manner : std::uint8_t { silent, line, lines };
  explicit StderrProgress(Manner manner) : manner_(manner) {}

  void total(std::size_t zones) override;
  void zone(const std::string& zone, const std::string& doing) override;
  /// Takes the rewritten line away, before anything else is written.
  void clear();

 private:
  Manner manner_;
  std::mutex mutex_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace mxsmith::cli
