// Zone files: RFC 1035 section 5 and $TTL of RFC 2308, read with positions, and edited so that
// every byte an edit does not have to change stays as it was.
//
// The reader is ours because both matter here: errors carry line and column and are all told at
// once, and a ZoneFile remembers which octets each record came from. It is pure; $INCLUDE asks the
// caller for the text of a file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/parsed.hpp"
#include "dns/zone.hpp"

namespace mxsmith::dns {

/// Where a record's text lies: octets [begin, end) of file number `file` (0 is the zone file
/// itself, others are included ones). `begin` is the start of the line on which the entry starts,
/// `end` is after its last newline.
struct RecordSpan {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;  ///< Of the owner or first field, from 1.
};

/// Text of an included file by the path as written, or nothing when it cannot be read.
using IncludeLoader = std::function<std::optional<std::string>(std::string_view path)>;

/// What a text in zone-file form is taken for.
enum class Holding : std::uint8_t {
  zone,     ///< One zone, with its SOA.
  records,  ///< Records of any names: SOA records may stand anywhere, or nowhere.
};

struct ReadOptions {
  std::string path = "zone";   ///< For positions in diagnostics.
  IncludeLoader include = {};  ///< Without it, $INCLUDE is an error.
  Holding holding = Holding::zone;
  /// Completes relative names until a $ORIGIN says otherwise; the apex unless given.
  std::optional<Name> origin = {};
};
/// The TTL of records that state none, where no SOA gives one.
inline constexpr std::uint32_t kRecordsTtl = 3600;

/// A zone file as read: its text, and the span of every record in it. Immutable and shared.
class ZoneFile {
 public:
  /// One record as written, in file order.
  struct Record {
    std::uint32_t set;    ///< Position in zone().sets().
    std::uint32_t value;  ///< Position in that set's values.
    RecordSpan span;
  };

  [[nodiscard]] const Zone& zone() const;
  [[nodiscard]] const std::string& text() const;  ///< Of the zone file itself.
  [[nodiscard]] const std::vector<Record>& records() const;
  /// Paths of the files it is made of, as written; [0] is ReadOptions::path.
  [[nodiscard]] const std::vector<std::string>& files() const;
  /// Path of the included file that holds a record of this set; nothing when all lie in the zone
  /// file itself.
  [[nodiscard]] std::optional<std::string> included_from(const Key& key) const;

  /// The text of this set's records with their comments and their place, in a form only
  /// edit_zone_file understands: handed back when the set is restored, it brings back the same
  /// bytes. Empty when there is no such set.
  [[nodiscard]] std::string verbatim(const Key& key) const;

  struct Content;
  explicit ZoneFile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  [[nodiscard]] const Content& content() const { return *content_; }

 private:
  std::shared_ptr<const Content> content_;
};

/// Reads a zone file of the zone `apex`; the root for records of any names. All faults found are in
/// `diagnostics`, each with line and column; after an error in an entry, reading goes on at the
/// next (and stops after 1000). Nothing is returned when there was any error.
///
/// A record's TTL is its own, else that of $TTL (RFC 2308 section 4), else the last one stated in
/// that file (RFC 1035 section 5.1), else the SOA's minimum. Owner, origin and last TTL of an
/// included file end with it, $TTL goes on. Where TTLs in a set differ the lowest counts, with a
/// warning. A record written twice is one value with two Records. Octets above 127 in names are
/// taken as name servers take them, not as U-labels.
/// Also errors: no SOA at the apex, a second SOA (both only of a zone), class other than
/// IN, a record outside the zone, CNAME beside other data (RFC 1034 section 3.6.2), a text over 4
/// GiB, includes nested over 16 deep, more than 1000 files.
std::optional<ZoneFile> read_zone_file(std::string text, const Name& apex,
                                       const ReadOptions& options, base::Diagnostics& diagnostics);

/// One set to be other than it is.
struct SetEdit {
  Key key;
  std::optional<RRset> after;  ///< Nothing: all its records go.
  std::string verbatim =
      {};  ///< From ZoneFile::verbatim at an earlier time, for values that come back.
};

/// The text with those sets changed. Values that stay keep their lines; a value that takes the
/// place of another takes over its line, comment included; a value that goes takes its line with
/// it; new ones stand after the last record of the same owner, else at the end. Lines that
/// inherited owner or TTL from a line that went get them written out. `serial`, if given, replaces
/// the digits of the SOA serial. The result is read back and compared with what it should mean
/// before it is returned; a fault says which set could not be edited (also: a set in an included
/// file).
///
/// Undoing an edit with the `verbatim` of each set from before gives back every byte but the
/// digits of the serial, as long as nothing else has changed the file since; after other changes,
/// lines come back as they were, at the place their neighbours tell.
base::Parsed<std::string> edit_zone_file(const ZoneFile& file, const std::vector<SetEdit>& edits,
                                         std::optional<std::uint32_t> serial);

struct PrintOptions {
  std::uint32_t default_ttl = 3600;  ///< Written as $TTL; sets with it carry none of their own.
};

/// A whole zone as text, SOA first, then by canonical order of the owners, which are relative;
/// read_zone_file gives an equal zone back.
std::string print_zone_file(const Zone& zone, const PrintOptions& options = {});

}  // namespace mxsmith::dns
