// DNS messages in wire form (RFC 1035 section 4): written for queries and updates, read with their
// compression undone.
//
// Rdata goes in and comes out uncompressed and as it was sent, letter case included, since RFC 2136
// compares it octet by octet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/type.hpp"

namespace mxsmith::resolve {

/// What a message over TCP can be at most (RFC 1035 section 4.2.2).
inline constexpr std::size_t kMaxMessage = 65535;

/// RFC 1035 section 4.1.1, RFC 2136 section 2.2.
enum class Opcode : std::uint8_t { query = 0, update = 5 };

enum class Rcode : std::uint16_t {
  noerror = 0,
  formerr = 1,
  servfail = 2,
  nxdomain = 3,
  notimp = 4,
  refused = 5,
  yxdomain = 6,
  yxrrset = 7,
  nxrrset = 8,
  notauth = 9,
  notzone = 10,
  badsig = 16,  ///< This and the following stand in the TSIG record (RFC 8945 section 3).
  badkey = 17,
  badtime = 18,
  badtrunc = 22,
};
/// "NXRRSET"; the number for those without a name.
std::string rcode_name(Rcode rcode);

/// `none` and `any` stand for deeds and conditions in updates (RFC 2136 section 2).
enum class Class : std::uint16_t { in = 1, none = 254, any = 255 };

/// Types that only messages have.
inline constexpr auto kTypeTsig = static_cast<dns::Type>(250);
inline constexpr auto kTypeAxfr = static_cast<dns::Type>(252);
inline constexpr auto kTypeAny = static_cast<dns::Type>(255);

struct Question {
  dns::Name name;
  dns::Type type{};
};

struct Record {
  dns::Name owner;
  dns::Type type{};
  Class rr_class = Class::in;
  std::uint32_t ttl = 0;
  std::string rdata;
};

/// In the order of the message. For updates they are called prerequisite, update and additional
/// (RFC 2136 section 2).
enum class Section : std::uint8_t { answer, authority, additional };

struct Message {
  std::uint16_t id = 0;
  Opcode opcode = Opcode::query;
  bool is_answer = false;
  bool authoritative = false;
  bool truncated = false;
  Rcode rcode = Rcode::noerror;
  std::vector<Question> questions;
  std::vector<Record> answers;
  std::vector<Record> authorities;
  std::vector<Record> additionals;  ///< Without the TSIG record.
  std::optional<Record> tsig;
  std::size_t tsig_at = 0;  ///< Where its record begins, if there is one.
};

/// Throws Error{protocol} for octets that are no DNS message as a whole.
Message parse_message(std::string_view wire);

/// Writes one message, section after section.
class MessageWriter {
 public:
  /// With one question, which in an update names the zone. Owners at and below it are compressed.
  MessageWriter(std::uint16_t id, Opcode opcode, const Question& question);
  void add(Section section, const Record& record);
  [[nodiscard]] const std::string& wire() const { return wire_; }

 private:
  void put_owner(const dns::Name& owner);

  dns::Name zone_;
  std::string wire_;
};

/// Numbers in network order.
void put16(std::string& wire, std::uint16_t value);
void put32(std::string& wire, std::uint32_t value);
std::uint16_t get16(std::string_view wire, std::size_t at);
/// Writes over what stands there.
void set16(std::string& wire, std::size_t at, std::uint16_t value);

}  // namespace mxsmith::resolve
