// Where the file store keeps things: names of files and folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "state/store.hpp"

namespace mxsmith::state {

namespace fs = std::filesystem;

/// Everything but letters, digits, "-", "_" and "." as %XX; a name of dots alone has its first one
/// written so, because "." and ".." are not file names.
std::string encode_file_name(std::string_view text);
/// The inverse; nothing for what encode_file_name never writes.
std::optional<std::string> decode_file_name(std::string_view name);

/// The folder of one (account, zone).
class ZoneFolder {
 public:
  ZoneFolder(const fs::path& store, const ZoneKey& zone);
  /// The folder that is at `path` already.
  explicit ZoneFolder(fs::path path);

  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] fs::path lock() const { return path_ / "lock"; }
  [[nodiscard]] fs::path journal() const { return path_ / "journal.jsonl"; }
  [[nodiscard]] fs::path history() const { return path_ / "history"; }
  [[nodiscard]] fs::path sealed(std::uint64_t id) const;
  [[nodiscard]] fs::path manifest() const { return path_ / "manifest.json"; }
  [[nodiscard]] fs::path hold() const { return path_ / "hold.json"; }

  /// Sealed entries by id, ascending. Files with other names are not ours and are left out.
  [[nodiscard]] std::map<std::uint64_t, fs::path> sealed_entries() const;
  /// Whether anything but a lock is in it.
  [[nodiscard]] bool has_state() const;

 private:
  fs::path path_;
};

}  // namespace mxsmith::state
