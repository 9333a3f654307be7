// Changes of a zone file's text, line by line.
//
// First every set decides which of its lines go, which are changed and what new ones come and where
// (`change`); then, from the top of the file to its end, each line concerned is written with the
// owner and the TTL that it no longer inherits (`text`). Only lines that follow a changed line can
// need that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dns/zone_line.hpp"
#include "dns/zone_verbatim.hpp"

namespace mxsmith::dns {

class ZoneEditor {
 public:
  /// `content` must outlive the editor.
  explicit ZoneEditor(const ZoneFile::Content& content);

  /// Takes a set to `after`; nothing: all its records go. `was` are its lines of an earlier time.
  /// None of its records may stand in an included file.
  void change(const Key& key, const std::optional<RRset>& after, const Verbatim& was);
  /// The whole text with all changes. Once.
  std::string text();

 private:
  /// What becomes of a record that is in the file.
  struct Fate {
    bool goes = false;
    std::optional<Rdata> value;  ///< Takes the line over.
    std::uint32_t ttl = 0;       ///< That it is to have.
    std::string line;            ///< Text to start from in place of the one in the file; or empty.
    // Once written:
    std::optional<std::string> text;
    std::optional<std::uint32_t> stated_ttl;
  };
  /// A record that comes.
  struct Arrival {
    std::uint32_t at = 0;  ///< Start of a line in the file, or its end.
    Key key;
    Rdata value;
    std::uint32_t ttl = 0;
    std::string line;                    ///< Its text of an earlier time; or empty.
    std::optional<std::uint32_t> model;  ///< Record to look like.
    // Once written:
    std::string text;
    std::optional<std::uint32_t> stated_ttl;
  };
  struct SetLines {
    std::vector<std::uint32_t> kept;
    std::vector<std::uint32_t> free;  ///< Lines whose value goes.
  };

  SetLines sort_lines(const RRset& before, const RRset* after);
  void change_lines(const RRset& before, const RRset& after, const Verbatim& was);
  void add_set(const RRset& after, const Verbatim& was);
  void keep_ttl(const RRset& before, const RRset& after, const SetLines& lines);
  bool bring_back(const RRset& after, const Rdata& value, const Verbatim& was);
  std::optional<std::uint32_t> old_place(const Piece& piece) const;
  std::uint32_t past_going(std::uint32_t place) const;
  std::uint32_t place_for_new(const Key& key, std::optional<std::uint32_t>& model) const;
  bool stays(std::uint32_t record) const;
  std::optional<std::uint32_t> next_staying(std::uint32_t octet) const;

  void note_followers();
  void write_record(std::uint32_t record);
  void write_arrival(Arrival& arrival);
  bool write_old_line(Arrival& arrival, std::uint32_t inherited_ttl, bool inherits_owner_here);
  std::string anew(std::uint32_t record, const Fate& fate, const Line& line) const;
  std::string assembled() const;

  /// What a line at `octet` inherits, from the lines above it as they are now, or as they were.
  enum class When : std::uint8_t { before, now };
  std::optional<Name> owner_above(std::uint32_t octet, const Arrival* self) const;
  std::uint32_t ttl_above(std::uint32_t octet, When when, const Arrival* self) const;
  std::optional<std::uint32_t> stated_ttl(std::uint32_t record, When when) const;
  std::uint32_t ttl_of(std::uint32_t record) const;
  std::uint32_t soa_minimum(When when) const;

  const ZoneFile::Content& content_;
  std::uint32_t end_;                    ///< Of the text, with its last line ended.
  std::string newline_;                  ///< As the file has them.
  std::map<std::uint32_t, Fate> fates_;  ///< By record.
  std::vector<Arrival> arrivals_;
  std::map<std::string, std::uint32_t>
      restored_;  ///< Place of records that come back, by identity.
};

}  // namespace mxsmith::dns
