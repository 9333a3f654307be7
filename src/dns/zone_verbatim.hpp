// The lines of a set as they stood in a zone file, and where: what ZoneFile::verbatim says and
// edit_zone_file understands.
//
// Offsets count in the text without the digits of the SOA serial, so that they hold whatever the
// serial has become. Beside the set's own lines ("record") stand the lines below them that inherit
// from them ("dependent"): an edit may have had to write out what they inherited.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zone_file_content.hpp"

namespace mxsmith::dns {

/// Names one record of a file. The value of an SOA record does not count: its serial changes.
struct RecordId {
  Key key;
  std::optional<Rdata> value;    ///< Nothing for SOA.
  std::uint32_t occurrence = 0;  ///< Of a record that is written several times, from 0.
};

struct Piece {
  enum class Kind : char { record = 'r', dependent = 'd' };
  Kind kind = Kind::record;
  std::uint32_t at = 0;  ///< Offset in the text without serial.
  std::string text;      ///< The whole lines, serial left out.
  RecordId id;
  // For records, where the place is to be found once the file has changed otherwise:
  std::string gap;                ///< What stood between the record above and this one.
  std::vector<RecordId> above;    ///< Records above, nearest first, at most three.
  std::optional<RecordId> below;  ///< The record below.
};

struct Verbatim {
  std::string digest;  ///< ZoneFile::Content::digest of the file it was taken from.
  std::optional<std::uint32_t> serial_at;
  std::vector<Piece> pieces;  ///< By `at`.
};

/// Of a set in `content`; no pieces when it is not there or partly in included files.
Verbatim take_verbatim(const ZoneFile::Content& content, const Key& key);

/// Printable ASCII without line ends.
std::string print_verbatim(const Verbatim& verbatim);
/// Nothing for text that is not of print_verbatim.
std::optional<Verbatim> parse_verbatim(std::string_view text);

/// The identity of a record of a file.
RecordId id_of(const ZoneFile::Content& content, std::size_t record);
/// Index of the record with that identity in the zone file itself.
std::optional<std::size_t> find_record(const ZoneFile::Content& content, const RecordId& id);

}  // namespace mxsmith::dns
