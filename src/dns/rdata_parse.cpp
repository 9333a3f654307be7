// Presentation form to rdata: our own for the typed ones, because every range is checked; the
// generic form of RFC 3597 for all; ldns for the rest.
#include <charconv>
#include <limits>
#include <utility>

#include "dns/address.hpp"
#include "dns/opaque.hpp"
#include "dns/rdata_text.hpp"

namespace mxsmith::dns {

namespace {

/// What 65535 octets of rdata hold when every 255 need one more.
constexpr std::size_t kMaxTxt = 65279;
constexpr std::size_t kMaxString = 255;

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool is_tag(std::string_view text) {
  for (const char c : text) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!good) return false;
  }
  return !text.empty() && text.size() <= kMaxString;
}

/// Takes field after field; the first fault stays, and later fields come out empty.
class Fields {
 public:
  explicit Fields(const RdataText& text) : text_(text) {}

  template <class Number>
  Number number(const char* what) {
    return static_cast<Number>(bounded(what, std::numeric_limits<Number>::max()));
  }
  std::uint32_t seconds(const char* what) {
    const Token* token = take(what);
    if (token == nullptr) return 0;
    const auto value = parse_seconds(token->view());
    if (!value) fail(*token, named(what, *token) + " is not a time");
    if (value && *value > 0xffffffff) {
      fail(*token, named(what, *token) + " is over 4294967295 seconds");
    }
    return value ? static_cast<std::uint32_t>(*value) : 0;
  }
  Name name(const char* what) {
    const Token* token = take(what);
    if (token == nullptr) return {};
    NameBuffer buffer;
    if (auto fault = encode_name(token->view(), text_.origin, text_.non_ascii, buffer)) {
      fail(*token, named(what, *token) + " is not a name: " + fault->message, fault->hint,
           fault->offset);
      return {};
    }
    return text_.names != nullptr ? text_.names->share(buffer.view())
                                  : Name::from_checked_wire(buffer.view());
  }
  /// One token with its escapes resolved.
  std::string octets(const char* what) {
    const Token* token = take(what);
    return token == nullptr ? std::string() : octets_of(*token);
  }
  /// All tokens left, as hexadecimal digits; blanks between them mean nothing.
  std::string hex(const char* what) {
    std::string out;
    std::optional<int> high;
    const Token* token = take(what);
    const Token* last = token;
    for (; token != nullptr; token = next_or_null()) {
      last = token;
      for (std::size_t i = 0; i < token->size; ++i) {
        const auto digit = hex_digit(token->begin[i]);
        if (!digit) {
          fail(*token, std::string(what) + " is not hexadecimal", {}, i);
          return {};
        }
        if (high) out += static_cast<char>(*high * 16 + *digit);
        high = high ? std::nullopt : digit;
      }
    }
    if (high) fail(*last, std::string(what) + " has an odd number of hexadecimal digits");
    return out;
  }
  /// All tokens left, as character-strings, joined.
  std::string strings() {
    std::string out;
    for (const Token* token = take("a character-string"); token != nullptr;
         token = next_or_null()) {
      auto one = octets_of(*token);
      if (one.size() > kMaxString) {
        fail(*token, "a character-string of " + std::to_string(one.size()) + " octets is over 255",
             "cut it into several strings: they are joined again");
      }
      out += one;
      if (out.size() > kMaxTxt) fail(*token, "the text is longer than 65279 octets");
    }
    return out;
  }
  const Token* peek() const { return at_ < text_.tokens.size() ? &text_.tokens[at_] : nullptr; }
  const Token* take(const char* what) {
    if (fault_) return nullptr;
    if (const Token* token = next_or_null()) return token;
    fault_ = base::Fault{std::string(what) + " is missing", {}, end_offset()};
    return nullptr;
  }
  void fail(const Token& token, std::string message, std::string hint = {}, std::size_t plus = 0) {
    if (fault_) return;
    const auto offset = static_cast<std::size_t>(token.begin - text_.start) + plus;
    fault_ = base::Fault{std::move(message), std::move(hint), offset};
  }
  base::Parsed<Rdata> finish(Rdata value) {
    if (!fault_ && peek() != nullptr) {
      fail(*peek(), "unexpected \"" + shown(*peek()) + "\" after the rdata");
    }
    if (fault_) return std::move(*fault_);
    return value;
  }
  /// A token for a message: hostile text made short and printable.
  static std::string shown(const Token& token) {
    std::string out;
    for (const char c : token.view().substr(0, 60)) out += c >= 0x20 && c < 0x7f ? c : '?';
    return token.size > 60 ? out + "..." : out;
  }

 private:
  const Token* next_or_null() {
    return !fault_ && at_ < text_.tokens.size() ? &text_.tokens[at_++] : nullptr;
  }
  static std::string named(const char* what, const Token& token) {
    return std::string(what) + " \"" + shown(token) + "\"";
  }
  std::size_t end_offset() const {
    if (text_.tokens.empty()) return 0;
    return static_cast<std::size_t>(text_.tokens.back().outer_end() - text_.start);
  }
  std::string octets_of(const Token& token) {
    auto octets = unescape(token);
    if (octets.ok()) return *std::move(octets);
    fail(token, octets.fault().message, octets.fault().hint, octets.fault().offset);
    return {};
  }
  std::uint64_t bounded(const char* what, std::uint64_t limit) {
    const Token* token = take(what);
    if (token == nullptr) return 0;
    std::uint64_t value = 0;
    const char* end = token->begin + token->size;
    const auto [rest, error] = std::from_chars(token->begin, end, value);
    if (error == std::errc::result_out_of_range || (error == std::errc() && value > limit)) {
      fail(*token, std::string(what) + " " + shown(*token) + " is over " + std::to_string(limit));
    } else if (error != std::errc() || rest != end) {
      fail(*token, named(what, *token) + " is not a number");
    }
    return fault_ ? 0 : value;
  }

  const RdataText& text_;
  std::size_t at_ = 0;
  std::optional<base::Fault> fault_;
};

Rdata parse_a(Fields& fields) {
  const Token* token = fields.take("address");
  if (token == nullptr) return A{};
  const auto address = parse_ipv4(token->view());
  if (!address) {
    fields.fail(*token, "\"" + Fields::shown(*token) + "\" is not an IPv4 address",
                token->view().find(':') != std::string_view::npos
                    ? "IPv6 addresses go into AAAA records"
                    : "four numbers from 0 to 255 without leading zeros");
  }
  return A{address.value_or(Ipv4{})};
}

Rdata parse_aaaa(Fields& fields) {
  const Token* token = fields.take("address");
  if (token == nullptr) return Aaaa{};
  const auto address = parse_ipv6(token->view());
  if (!address) {
    fields.fail(*token, "\"" + Fields::shown(*token) + "\" is not an IPv6 address",
                parse_ipv4(token->view()) ? "IPv4 addresses go into A records" : "");
  }
  return Aaaa{address.value_or(Ipv6{})};
}

Rdata parse_caa(Fields& fields) {
  Caa caa;
  caa.flags = fields.number<std::uint8_t>("flags");
  const Token* token = fields.take("tag");
  if (token != nullptr) {
    std::string tag(token->view());
    if (!is_tag(tag)) {
      fields.fail(*token, "tag \"" + Fields::shown(*token) + "\" is not letters and digits",
                  "RFC 8659 has issue, issuewild and iodef");
    }
    for (char& c : tag) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    caa.tag = tag;
  }
  caa.value = fields.octets("value");
  return caa;
}

// Braced initializers are evaluated from left to right, which is the order of the fields.
Rdata parse_typed(Type type, Fields& fields) {
  switch (type) {
    case Type::A: return parse_a(fields);
    case Type::AAAA: return parse_aaaa(fields);
    case Type::CNAME: return Cname{fields.name("target")};
    case Type::NS: return Ns{fields.name("target")};
    case Type::PTR: return Ptr{fields.name("target")};
    case Type::MX: return Mx{fields.number<std::uint16_t>("preference"), fields.name("exchange")};
    case Type::TXT: return Txt{fields.strings()};
    case Type::SRV:
      return Srv{fields.number<std::uint16_t>("priority"), fields.number<std::uint16_t>("weight"),
                 fields.number<std::uint16_t>("port"), fields.name("target")};
    case Type::TLSA:
      return Tlsa{fields.number<std::uint8_t>("usage"), fields.number<std::uint8_t>("selector"),
                  fields.number<std::uint8_t>("matching type"),
                  fields.hex("certificate association data")};
    case Type::CAA: return parse_caa(fields);
    case Type::SOA:
      return Soa{fields.name("primary server"),
                 fields.name("responsible mailbox"),
                 fields.number<std::uint32_t>("serial"),
                 fields.seconds("refresh"),
                 fields.seconds("retry"),
                 fields.seconds("expire"),
                 fields.seconds("minimum")};
    default: return Opaque{type, {}};
  }
}

bool is_typed(Type type) {
  switch (type) {
    case Type::A:
    case Type::AAAA:
    case Type::CNAME:
    case Type::NS:
    case Type::PTR:
    case Type::MX:
    case Type::TXT:
    case Type::SRV:
    case Type::TLSA:
    case Type::CAA:
    case Type::SOA: return true;
    default: return false;
  }
}

/// RFC 3597 section 5: \# LENGTH HEX.
base::Parsed<Rdata> parse_generic(const RdataText& text) {
  const std::size_t offset = static_cast<std::size_t>(text.tokens[0].begin - text.start);
  RdataText rest{text.type, text.tokens.subspan(1), text.start, text.origin, text.non_ascii, {}};
  Fields fields(rest);
  const auto length = fields.number<std::uint16_t>("length");
  std::string wire = fields.peek() == nullptr ? std::string() : fields.hex("data");
  auto read = fields.finish(Opaque{text.type, wire});
  if (!read.ok()) return read;
  if (wire.size() != length) {
    return base::Fault{"the length says " + std::to_string(length) + " octets, the data has " +
                           std::to_string(wire.size()),
                       {},
                       offset};
  }
  auto value = from_wire(text.type, wire);
  if (value.ok()) return value;
  return base::Fault{value.fault().message, value.fault().hint, offset};
}

base::Parsed<Rdata> parse_opaque(const RdataText& text) {
  std::string joined;
  for (const auto& token : text.tokens) {
    if (!joined.empty()) joined += ' ';
    joined.append(token.outer_begin(), token.outer_end());
  }
  auto wire = wire_of_text(text.type, joined, text.origin);
  const std::size_t offset =
      text.tokens.empty() ? 0 : static_cast<std::size_t>(text.tokens[0].begin - text.start);
  if (!wire.ok()) return base::Fault{wire.fault().message, wire.fault().hint, offset};
  return from_wire(text.type, *wire);
}

bool is_generic(const Token& token) { return !token.quoted && token.view() == "\\#"; }

}  // namespace

std::optional<std::uint64_t> parse_seconds(std::string_view text) {
  std::uint64_t total = 0;
  std::uint64_t number = 0;
  bool digits = false;
  bool any_unit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + static_cast<std::uint64_t>(c - '0');
      digits = true;
      if (number > 0xffffffffffULL) number = 0xffffffffffULL;
      continue;
    }
    std::uint64_t unit = 0;
    switch (c | 0x20) {
      case 's': unit = 1; break;
      case 'm': unit = 60; break;
      case 'h': unit = 3600; break;
      case 'd': unit = 86400; break;
      case 'w': unit = 604800; break;
      default: return std::nullopt;
    }
    if (!digits) return std::nullopt;
    total += number * unit;
    if (total > 0xffffffffffULL) total = 0xffffffffffULL;
    number = 0;
    digits = false;
    any_unit = true;
  }
  // Bare digits, or groups that all have a unit; "1h30" is neither.
  if (digits == any_unit) return std::nullopt;
  return total + number;
}

base::Parsed<Rdata> parse_rdata_tokens(const RdataText& text) {
  if (!text.tokens.empty() && is_generic(text.tokens[0])) return parse_generic(text);
  if (!is_typed(text.type)) return parse_opaque(text);
  Fields fields(text);
  Rdata value = parse_typed(text.type, fields);
  return fields.finish(std::move(value));
}

base::Parsed<Rdata> parse_rdata(Type type, std::string_view text, const Name& origin) {
  std::vector<Token> tokens;
  Lexer lexer(text, Lexer::Comments::refuse);
  Token token;
  while (true) {
    const auto kind = lexer.next(token);
    if (kind == Lexer::Kind::token) {
      tokens.push_back(token);
      continue;
    }
    if (kind == Lexer::Kind::end_of_text) break;
    const bool fault = kind == Lexer::Kind::fault;
    const char* where = fault ? lexer.fault_at() : lexer.at() - 1;
    return base::Fault{fault ? lexer.fault() : "the rdata has more than one line",
                       fault ? "put the value into quotation marks" : "",
                       static_cast<std::size_t>(where - text.data())};
  }
  return parse_rdata_tokens({type, tokens, text.data(), origin, NonAscii::u_labels, nullptr});
}

base::Parsed<Rdata> parse_api_rdata(Type type, std::string_view text, NamePool& names) {
  std::vector<Token> tokens;
  Lexer lexer(text, Lexer::Comments::refuse);
  Token token;
  for (auto kind = lexer.next(token); kind != Lexer::Kind::end_of_text; kind = lexer.next(token)) {
    if (kind == Lexer::Kind::fault) return base::Fault{lexer.fault()};
    if (kind == Lexer::Kind::end_of_line) return base::Fault{"it has more than one line"};
    tokens.push_back(token);
  }
  return parse_rdata_tokens({type, tokens, text.data(), Name(), NonAscii::octets, &names});
}

}  // namespace mxsmith::dns
