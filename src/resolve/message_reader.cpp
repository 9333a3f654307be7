// Reading messages: every offset is checked, and compression is undone where types may have it.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "resolve/message.hpp"

namespace mxsmith::resolve {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kMaxName = 255;

[[noreturn]] void refuse(const char* why) {
  throw base::Error(base::ErrorKind::protocol,
                    std::string("the server's answer is no DNS message: ") + why);
}

/// Where names stand in rdata that may be compressed, or that receivers have to expect compressed
/// (RFC 3597 section 4): digits are octets to skip, s a character-string, n a name. The rest is
/// copied.
const char* layout_of(dns::Type type) {
  switch (static_cast<std::uint16_t>(type)) {
    case 2:                   // NS
    case 3:                   // MD
    case 4:                   // MF
    case 5:                   // CNAME
    case 7:                   // MB
    case 8:                   // MG
    case 9:                   // MR
    case 12:                  // PTR
    case 30:                  // NXT
    case 39: return "n";      // DNAME
    case 6:                   // SOA
    case 14:                  // MINFO
    case 17: return "nn";     // RP
    case 15:                  // MX
    case 18:                  // AFSDB
    case 21:                  // RT
    case 36: return "2n";     // KX
    case 26: return "2nn";    // PX
    case 33: return "6n";     // SRV
    case 35: return "4sssn";  // NAPTR
    case 24: return "99n";    // SIG
    default: return "";
  }
}

class Reader {
 public:
  explicit Reader(std::string_view wire) : wire_(wire) {
    if (wire.size() < kHeader) refuse("it is shorter than a header");
  }

  Message read() {
    Message message;
    message.id = get16(wire_, 0);
    const unsigned flags = get16(wire_, 2);
    message.is_answer = (flags & 0x8000U) != 0;
    message.opcode = static_cast<Opcode>(flags >> 11 & 0xfU);
    message.authoritative = (flags & 0x0400U) != 0;
    message.truncated = (flags & 0x0200U) != 0;
    message.rcode = static_cast<Rcode>(flags & 0xfU);
    at_ = kHeader;
    for (unsigned left = get16(wire_, 4); left > 0; --left) message.questions.push_back(question());
    read_section(message.answers, get16(wire_, 6));
    read_section(message.authorities, get16(wire_, 8));
    read_additionals(message, get16(wire_, 10));
    if (at_ != wire_.size()) refuse("octets follow its end");
    return message;
  }

 private:
  std::string_view take(std::size_t count) {
    if (wire_.size() - at_ < count) refuse("it ends too early");
    const auto taken = wire_.substr(at_, count);
    at_ += count;
    return taken;
  }
  std::uint16_t u16() { return get16(take(2), 0); }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }

  /// Uncompressed, letters as they are. Pointers lead backwards only, so there is no circle.
  std::string raw_name() {
    std::string name;
    std::size_t at = at_;
    std::size_t lowest = at_;
    bool jumped = false;
    for (;;) {
      if (at >= wire_.size()) refuse("a name ends too early");
      const auto length = static_cast<unsigned char>(wire_[at]);
      if (length < 0x40) {
        if (wire_.size() - at < length + 1U) refuse("a label ends too early");
        name += wire_.substr(at, length + 1U);
        at += length + 1U;
        if (!jumped) at_ = at;
        if (name.size() > kMaxName) refuse("a name is too long");
        if (length == 0) return name;
        continue;
      }
      if (length < 0xc0 || wire_.size() - at < 2) refuse("a label is of an unknown kind");
      const std::size_t target = get16(wire_, at) & 0x3fffU;
      if (!jumped) at_ = at + 2;
      jumped = true;
      if (target >= lowest || target < kHeader) refuse("a name points to where no name can be");
      at = lowest = target;
    }
  }

  dns::Name name() {
    std::string raw = raw_name();
    if (raw == last_raw_) return last_name_;
    auto parsed = dns::Name::from_wire(raw);
    if (!parsed.ok()) refuse("a name is none");
    last_raw_ = std::move(raw);
    last_name_ = *parsed;
    return last_name_;
  }

  Question question() {
    Question asked;
    asked.name = name();
    asked.type = static_cast<dns::Type>(u16());
    take(2);
    return asked;
  }

  std::string rdata(dns::Type type, std::size_t length) {
    const std::size_t end = at_ + length;
    if (wire_.size() - at_ < length) refuse("a record ends too early");
    std::string data;
    // Updates have records without rdata.
    const char* layout = length == 0 ? "" : layout_of(type);
    for (; *layout != '\0'; ++layout) {
      if (*layout == 'n') {
        data += raw_name();
      } else if (*layout == 's') {
        data += take(1);
        data += take(static_cast<unsigned char>(data.back()));
      } else {
        data += take(static_cast<std::size_t>(*layout - '0'));
      }
      if (at_ > end) refuse("a record is longer than it says");
    }
    data += take(end - at_);
    return data;
  }

  Record record() {
    Record one;
    one.owner = name();
    one.type = static_cast<dns::Type>(u16());
    one.rr_class = static_cast<Class>(u16());
    one.ttl = u32();
    const std::size_t length = u16();
    one.rdata = rdata(one.type, length);
    return one;
  }

  void read_section(std::vector<Record>& records, unsigned count) {
    // A record takes 11 octets at least; a count alone must not take memory.
    records.reserve(std::min<std::size_t>(count, (wire_.size() - at_) / 11));
    for (; count > 0; --count) records.push_back(record());
  }

  /// A TSIG record is the last of all (RFC 8945 section 5.1).
  void read_additionals(Message& message, unsigned count) {
    for (; count > 0; --count) {
      const std::size_t begin = at_;
      Record one = record();
      if (one.type != kTypeTsig) {
        message.additionals.push_back(std::move(one));
        continue;
      }
      if (count != 1) refuse("its signature is not at the end");
      message.tsig = std::move(one);
      message.tsig_at = begin;
    }
  }

  std::string_view wire_;
  std::size_t at_ = 0;
  std::string last_raw_;  ///< Owners repeat, record after record.
  dns::Name last_name_;
};

}  // namespace

Message parse_message(std::string_view wire) { return Reader(wire).read(); }

}  // namespace mxsmith::resolve
