// Which file holds which zone: the `path` setting and its defaults.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dns/name.hpp"

namespace mxsmith::providers::zonefile {

namespace fs = std::filesystem;

/// "example.com", as "${zone}" stands for it: without final dot, and "/" (RFC 2317 uses it) as
/// "%2F", so that a zone's name never leads into another folder.
std::string zone_in_path(const dns::Name& zone);

class ZonePaths {
 public:
  /// `pattern` is relative to `directory`; when it names an existing folder, and when there is
  /// none, the usual names are tried in that folder: "${zone}.zone", "db.${zone}", "${zone}".
  ZonePaths(fs::path directory, std::optional<std::string> pattern);

  /// Where a zone's file may be, in the order of trying.
  [[nodiscard]] std::vector<fs::path> candidates(const dns::Name& zone) const;
  /// Those that are there. One file under two names counts once.
  [[nodiscard]] std::vector<fs::path> existing(const dns::Name& zone) const;

  struct Found {
    dns::Name zone;
    fs::path path;
  };
  /// Every zone there is a file for, by name; nothing when the pattern has no "${zone}". Files
  /// named like a zone without "db." or ".zone" are not counted: anything may be named so.
  [[nodiscard]] std::optional<std::vector<Found>> all() const;

  /// Equal for equal settings, however the folder is spelled.
  [[nodiscard]] std::string canonical() const;

 private:
  [[nodiscard]] std::vector<fs::path> patterns() const;
  fs::path directory_;
  std::optional<std::string> pattern_;
};

}  // namespace mxsmith::providers::zonefile
