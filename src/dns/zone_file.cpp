#include "dns/zone_file.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "dns/zone_verbatim.hpp"

namespace mxsmith::dns {

const Scope& ZoneFile::Content::scope_at(std::uint32_t octet) const {
  const auto after = std::upper_bound(
      scopes.begin(), scopes.end(), octet,
      [](std::uint32_t wanted, const Scope& scope) { return wanted < scope.from; });
  return after == scopes.begin() ? scopes.front() : *std::prev(after);
}

std::vector<std::uint32_t> ZoneFile::Content::records_of(std::uint32_t set) const {
  std::vector<std::uint32_t> found;
  const std::size_t values = zone.sets()[set].values.size();
  // Sets are numbered as they appear, so that none has a record before its own number.
  for (std::size_t i = set; i < records.size(); ++i) {
    if (records[i].set != set) continue;
    found.push_back(static_cast<std::uint32_t>(i));
    if (!duplicates && found.size() == values) break;
  }
  return found;
}

std::optional<std::uint32_t> ZoneFile::Content::record_above(std::size_t record) const {
  while (record-- > 0) {
    if (records[record].span.file == 0) return static_cast<std::uint32_t>(record);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> ZoneFile::Content::record_below(std::size_t record) const {
  while (++record < records.size()) {
    if (records[record].span.file == 0) return static_cast<std::uint32_t>(record);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> ZoneFile::Content::record_from(std::uint32_t octet) const {
  if (files.size() == 1) {
    const auto at = std::lower_bound(
        records.begin(), records.end(), octet,
        [](const Record& record, std::uint32_t wanted) { return record.span.begin < wanted; });
    if (at == records.end()) return std::nullopt;
    return static_cast<std::uint32_t>(at - records.begin());
  }
  const auto at = std::find_if(records.begin(), records.end(), [&](const Record& record) {
    return record.span.file == 0 && record.span.begin >= octet;
  });
  if (at == records.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - records.begin());
}

const std::string& ZoneFile::Content::digest() const {
  std::call_once(digest_once_, [this] {
    const std::string_view whole = text;
    const std::string_view parts[] = {whole.substr(0, serial_at),
                                      whole.substr(serial_at + serial_size)};
    digest_ = base::sha256_hex(parts);
  });
  return digest_;
}

const Zone& ZoneFile::zone() const { return content_->zone; }
const std::string& ZoneFile::text() const { return content_->text; }
const std::vector<ZoneFile::Record>& ZoneFile::records() const { return content_->records; }
const std::vector<std::string>& ZoneFile::files() const { return content_->files; }

std::optional<std::string> ZoneFile::included_from(const Key& key) const {
  if (content_->files.size() == 1) return std::nullopt;
  const RRset* set = content_->zone.find(key);
  if (set == nullptr) return std::nullopt;
  const auto position = static_cast<std::uint32_t>(set - content_->zone.sets().data());
  for (const auto i : content_->records_of(position)) {
    const auto file = content_->records[i].span.file;
    if (file != 0) return content_->files[file];
  }
  return std::nullopt;
}

std::string ZoneFile::verbatim(const Key& key) const {
  return print_verbatim(take_verbatim(*content_, key));
}

}  // namespace mxsmith::dns
