// The conformance list is a story: groups of states, and a state is "the records that should now
// exist". This is the form in which it is told.
//
// A record is one line, as a user would say it in a [[record]] block:
//
//     OWNER [TTL] TYPE VALUE          "www 300 A 192.0.2.1", "@ MX 5 mx.example.net."
//
// Owners are relative to the zone, "@" is the apex, hosts end in a dot or in ".@" for the zone.
// TXT values are literal: everything after "TXT " is the text, quotes and blanks included.
// No line of the list knows a provider. What one cannot do follows from its traits alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/zone.hpp"

namespace mxsmith::conformance {

/// A line, taken apart.
struct Line {
  std::string owner;
  std::optional<std::uint32_t> ttl;
  dns::Type type{};
  std::string value;
};
/// Throws std::logic_error for a line that the list should not hold.
Line parse_line(const std::string& text);

dns::Key key_of(const Line& line, const dns::Name& zone);
/// The value by the DNS library alone, without the spec's reader.
dns::Rdata value_of(const Line& line, const dns::Name& zone);

/// Something done to the zone by somebody else, behind our back.
struct Outside {
  enum class Deed : std::uint8_t {
    put,      ///< The set of that name and type becomes the lines that speak of it.
    spelled,  ///< The same, with the value exactly as an API might give it: other case, no final
              ///< dot, TXT cut in quoted strings of whatever length.
    take,     ///< "OWNER TYPE": the set goes.
  };
  Deed deed = Deed::put;
  std::string line;
};

struct State {
  std::string title;
  std::vector<std::string> records;    ///< Declared, each in its [[record]].
  std::string blocks;                  ///< More of the spec, in TOML: [mail.spf], [[ignore]].
  std::vector<std::string> shown;      ///< The records that `blocks` stands for.
  std::vector<std::string> stays;      ///< Of others, and still there.
  std::vector<Outside> outside;        ///< Happens before this state is asked for.
  bool changes = true;                 ///< false: the row says `= 0`.
  std::optional<std::string> refused;  ///< Whatever the traits: refused with these words.
  bool rollback = false;  ///< Nothing is declared: the newest change is rolled back, and `records`
                          ///< say what should then exist.
};

/// States in their order, from an empty zone. The methods read as the story does; those in the
/// second part speak of the state told last.
class Group {
 public:
  explicit Group(std::string title) : title_(std::move(title)) {}

  /// `manage` of the specs; "zone" unless said otherwise, so that what a state no longer names has
  /// to go.
  Group& managing(std::string mode);
  /// Put there by somebody else before the first state, and there, untouched, after every one.
  Group& beside(std::vector<std::string> lines);
  Group& state(std::string title, std::vector<std::string> records);
  /// A state that asks for no change.
  Group& same(std::string title, std::vector<std::string> records);
  /// The newest change is rolled back.
  Group& rolled_back(std::string title, std::vector<std::string> records);

  Group& with(std::string blocks);
  Group& showing(std::vector<std::string> lines);
  Group& keeping(std::vector<std::string> lines);
  Group& after_outside(std::vector<std::string> lines);
  Group& after_spelled(std::vector<std::string> lines);
  Group& after_taking(std::vector<std::string> keys);
  Group& is_refused(std::string words);

  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::string& manage() const { return manage_; }
  [[nodiscard]] const std::vector<std::string>& neighbours() const { return neighbours_; }
  [[nodiscard]] const std::vector<State>& states() const { return states_; }

 private:
  Group& outside(Outside::Deed deed, const std::vector<std::string>& lines);

  std::string title_;
  std::string manage_ = "zone";
  std::vector<std::string> neighbours_;
  std::vector<State> states_;
};

/// The chapters of the list.
std::vector<Group> address_and_name_groups();
std::vector<Group> mx_groups();
std::vector<Group> text_groups();
std::vector<Group> set_groups();
std::vector<Group> size_groups();
std::vector<Group> type_groups();
std::vector<Group> scope_groups();
std::vector<Group> mail_groups();
std::vector<Group> policy_groups();
/// All of them.
std::vector<Group> whole_list();

}  // namespace mxsmith::conformance
