// What a ZoneFile holds beside its zone: for the reader that fills it and the editor that needs it.
#pragma once

#include <deque>
#include <mutex>

#include "dns/zone_file.hpp"

namespace mxsmith::dns {

/// What names and TTLs are completed by from octet `from` of the zone file on.
struct Scope {
  std::uint32_t from = 0;
  Name origin;
  std::optional<std::uint32_t> default_ttl;  ///< $TTL
};

/// What a record's line says itself, as bits.
enum Written : std::uint8_t { kOwnerWritten = 1, kTtlWritten = 2 };

struct ZoneFile::Content {
  Zone zone;
  std::string text;
  std::vector<Record> records;
  std::vector<std::uint8_t> written;  ///< Of each record, bits of Written.
  std::vector<std::string> files;
  std::deque<std::string> included;  ///< Texts of files[1], files[2], ...
  std::vector<Scope> scopes;         ///< By `from`; the first starts at 0.
  /// Digits of the SOA serial in `text`; size 0 when they stand in no plain place.
  std::uint32_t serial_at = 0;
  std::uint32_t serial_size = 0;
  bool duplicates = false;  ///< Some record is written more than once.

  [[nodiscard]] const Scope& scope_at(std::uint32_t octet) const;
  [[nodiscard]] std::string_view text_of(const RecordSpan& span) const {
    return std::string_view(text).substr(span.begin, span.end - span.begin);
  }
  [[nodiscard]] Key key_of(const Record& record) const { return zone.sets()[record.set].key(); }
  [[nodiscard]] const Rdata& value_of(const Record& record) const {
    return zone.sets()[record.set].values[record.value];
  }
  /// Indices of the records of a set, by its position in the zone.
  [[nodiscard]] std::vector<std::uint32_t> records_of(std::uint32_t set) const;
  /// The next record up or down that stands in the zone file itself.
  [[nodiscard]] std::optional<std::uint32_t> record_above(std::size_t record) const;
  [[nodiscard]] std::optional<std::uint32_t> record_below(std::size_t record) const;
  /// The first record of the zone file itself that starts at or after `octet`.
  [[nodiscard]] std::optional<std::uint32_t> record_from(std::uint32_t octet) const;
  /// Digest of the text without its serial; made once, when first asked for.
  [[nodiscard]] const std::string& digest() const;

 private:
  mutable std::once_flag digest_once_;
  mutable std::string digest_;
};

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace mxsmith::dns
