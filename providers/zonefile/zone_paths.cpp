#include "providers/zonefile/zone_paths.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace mxsmith::providers::zonefile {

namespace {

constexpr std::string_view kPlaceholder = "${zone}";
constexpr std::string_view kSlash = "%2F";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

fs::path filled(const fs::path& pattern, const dns::Name& zone) {
  return replaced(pattern.string(), kPlaceholder, zone_in_path(zone));
}

/// "${zone}" alone is often a folder that has nothing to do with us.
bool is_bare(const fs::path& pattern) { return pattern.filename() == kPlaceholder; }

/// Also true for a link that leads nowhere and a file that may not be looked at: reading it will
/// say what is wrong.
bool is_there(const fs::path& path) {
  std::error_code fault;
  const fs::file_status status = fs::symlink_status(path, fault);
  return status.type() != fs::file_type::not_found;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

/// The zone whose name stands for "${zone}" in `name`, a file's name matched with `pattern`.
std::optional<dns::Name> zone_in_name(std::string_view name, std::string_view pattern) {
  const std::size_t at = pattern.find(kPlaceholder);
  const std::string_view before = pattern.substr(0, at);
  std::string_view after = pattern.substr(at + kPlaceholder.size());
  after = after.substr(0, after.find(kPlaceholder));
  if (!name.starts_with(before)) return std::nullopt;
  name.remove_prefix(before.size());
  const std::size_t end = after.empty() ? name.size() : name.rfind(after);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string text = replaced(std::string(name.substr(0, end)), kSlash, "/");
  auto zone = dns::Name::parse_absolute(text);
  if (text.empty() || !zone || zone->is_root()) return std::nullopt;
  return std::move(*zone);
}

/// Adds the zones of a pattern: the first part with "${zone}" is matched with what its folder
/// holds, and the whole pattern filled with each name must then lead to a file.
void collect(const fs::path& pattern, std::vector<ZonePaths::Found>& found) {
  fs::path folder;
  for (const fs::path& part : pattern) {
    const std::string text = part.string();
    if (text.find(kPlaceholder) == std::string::npos) {
      folder /= part;
      continue;
    }
    std::error_code fault;
    for (fs::directory_iterator at(folder.empty() ? "." : folder, fault), end; !fault && at != end;
         at.increment(fault)) {
      auto zone = zone_in_name(at->path().filename().string(), text);
      if (!zone) continue;
      fs::path path = filled(pattern, *zone);
      if (filled(part, *zone) == at->path().filename() && is_there(path) && !is_folder(path)) {
        found.push_back({std::move(*zone), std::move(path)});
      }
    }
    return;
  }
}

}  // namespace

std::string zone_in_path(const dns::Name& zone) {
  std::string text = zone.text();
  if (text.size() > 1) text.pop_back();
  return replaced(std::move(text), "/", kSlash);
}

ZonePaths::ZonePaths(fs::path directory, std::optional<std::string> pattern)
    : directory_(std::move(directory)), pattern_(std::move(pattern)) {}

std::vector<fs::path> ZonePaths::patterns() const {
  fs::path folder = directory_;
  if (pattern_) {
    folder = directory_ / *pattern_;
    if (pattern_->find(kPlaceholder) != std::string::npos || !is_folder(folder)) return {folder};
  }
  return {folder / "${zone}.zone", folder / "db.${zone}", folder / "${zone}"};
}

std::vector<fs::path> ZonePaths::candidates(const dns::Name& zone) const {
  std::vector<fs::path> paths;
  for (const fs::path& pattern : patterns()) paths.push_back(filled(pattern, zone));
  return paths;
}

std::vector<fs::path> ZonePaths::existing(const dns::Name& zone) const {
  std::vector<fs::path> found;
  for (const fs::path& pattern : patterns()) {
    fs::path path = filled(pattern, zone);
    if (!is_there(path) || (is_bare(pattern) && is_folder(path))) continue;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const fs::path& other) { return same_file(other, path); });
    if (!known) found.push_back(std::move(path));
  }
  return found;
}

std::optional<std::vector<ZonePaths::Found>> ZonePaths::all() const {
  std::vector<Found> found;
  const std::vector<fs::path> all = patterns();
  if (all.size() == 1 && all[0].string().find(kPlaceholder) == std::string::npos) {
    return std::nullopt;
  }
  for (const fs::path& pattern : all) {
    if (all.size() == 1 || !is_bare(pattern)) collect(pattern, found);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.zone < b.zone; });
  const auto twice = [](const Found& a, const Found& b) {
    return a.zone == b.zone && same_file(a.path, b.path);
  };
  found.erase(std::unique(found.begin(), found.end(), twice), found.end());
  return found;
}

std::string ZonePaths::canonical() const {
  std::error_code fault;
  const fs::path start = directory_.empty() ? fs::path(".") : directory_;
  fs::path folder = fs::weakly_canonical(start, fault);
  if (fault) folder = fs::absolute(start, fault);
  return (pattern_ ? folder / *pattern_ : folder).lexically_normal().string();
}

}  // namespace mxsmith::providers::zonefile
