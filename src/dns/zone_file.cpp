#include "dns/zone_file.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "dns/zone_file_content.hpp"

namespace mxsmith::dns {

const Scope& ZoneFile::Content::scope_at(std::uint32_t octet) const {
  const auto after = std::upper_bound(
      scopes.begin(), scopes.end(), octet,
      [](std::uint32_t wanted, const Scope& scope) { return wanted < scope.from; });
  return after == scopes.begin() ? scopes.front() : *std::prev(after);
}

const std::string& ZoneFile::Content::digest() const {
  std::call_once(digest_once_, [this] {
    std::string whole = text;
    whole.erase(serial_at, serial_size);
    digest_ = base::sha256_hex(whole);
  });
  return digest_;
}

const Zone& ZoneFile::zone() const { return content_->zone; }
const std::string& ZoneFile::text() const { return content_->text; }
const std::vector<ZoneFile::Record>& ZoneFile::records() const { return content_->records; }
const std::vector<std::string>& ZoneFile::files() const { return content_->files; }

std::optional<std::string> ZoneFile::included_from(const Key& key) const {
  if (content_->files.size() == 1) return std::nullopt;
  for (const auto& record : content_->records) {
    if (record.span.file == 0) continue;
    const RRset& set = content_->zone.sets()[record.set];
    if (set.type == key.type && set.name == key.name) return content_->files[record.span.file];
  }
  return std::nullopt;
}

}  // namespace mxsmith::dns
