#include "http/json_parser.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::http {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Octets of a string that stand for themselves.
bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

enum class NumberKind : std::uint8_t { none, integer, real };

/// RFC 8259 section 6.
NumberKind number_kind(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return NumberKind::none;
  at += whole;
  const std::size_t integer_end = at;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, ++at);
    if (fraction == 0) return NumberKind::none;
    at += fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return NumberKind::none;
    at += exponent;
  }
  if (at != text.size()) return NumberKind::none;
  return at == integer_end ? NumberKind::integer : NumberKind::real;
}

/// A code point beyond ASCII or not, as UTF-8 (RFC 3629 section 3).
void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned octet) { out += static_cast<char>(octet); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

void JsonText::enter() {
  while (piece_ < pieces_.size() && pieces_[piece_].empty()) ++piece_;
  const bool more = piece_ < pieces_.size();
  at_ = more ? begin() : nullptr;
  end_ = more ? at_ + pieces_[piece_].size() : nullptr;
}

void JsonText::leave() {
  passed_ += pieces_[piece_].size();
  std::string().swap(pieces_[piece_]);
  ++piece_;
  enter();
}

Json JsonParser::parse() {
  // A byte order mark may be ignored (RFC 8259 section 8.1).
  if (text_.rest_of_piece().substr(0, 3) == "\xEF\xBB\xBF") text_.skip(3);
  skip_space();
  Json whole = value();
  skip_space();
  if (!text_.at_end()) fail("something follows the value");
  return whole;
}

void JsonParser::fail(const std::string& why) const {
  throw base::Error(base::ErrorKind::protocol, "the answer to " + what_ +
                                                   " is not the JSON it should be: at octet " +
                                                   std::to_string(text_.offset()) + ": " + why);
}

char JsonParser::next() {
  if (text_.at_end()) fail("it ends here, in the middle of a value");
  const char sign = text_.front();
  text_.skip(1);
  return sign;
}

void JsonParser::skip_space() {
  while (!text_.at_end() && is_space(text_.front())) text_.skip(1);
}

void JsonParser::expect(char sign) {
  if (text_.at_end() || text_.front() != sign) fail(std::string("\"") + sign + "\" is expected");
  text_.skip(1);
}

void JsonParser::deeper() {
  if (depth_ == kDeepest) fail("it is nested more than " + std::to_string(kDeepest) + " deep");
  ++depth_;
}

Json JsonParser::value() {
  if (text_.at_end()) fail("a value is expected, and the text ends here");
  switch (text_.front()) {
    case '{': return object();
    case '[': return array();
    case '"': read_string(); return {std::string(string_)};
    case 't': return literal("true", true);
    case 'f': return literal("false", false);
    case 'n': return literal("null", {});
    default: return number();
  }
}

Json JsonParser::object() {
  deeper();
  text_.skip(1);
  Json::Members members;
  members.reserve(usual_sizes_.at(depth_ - 1));
  skip_space();
  for (char sign = ','; sign == ','; sign = next()) {
    skip_space();
    if (members.empty() && !text_.at_end() && text_.front() == '}') {
      text_.skip(1);
      --depth_;
      return Json::object();
    }
    read_string();
    members.emplace_back(string_, Json());
    skip_space();
    expect(':');
    skip_space();
    const bool streamed = elements_ != nullptr && depth_ == 1 && string_ == elements_->member &&
                          !text_.at_end() && text_.front() == '[';
    if (streamed) {
      stream();
      members.back().second = Json::array();
    } else {
      members.back().second = value();
    }
    skip_space();
    if (!text_.at_end() && text_.front() != ',' && text_.front() != '}') {
      fail(R"("," or "}" is expected)");
    }
  }
  usual_sizes_.at(depth_ - 1) = members.size();
  --depth_;
  return Json::object(std::move(members));
}

template <class TakeElement>
void JsonParser::each_element(TakeElement take) {
  deeper();
  text_.skip(1);
  skip_space();
  if (!text_.at_end() && text_.front() == ']') {
    text_.skip(1);
    --depth_;
    return;
  }
  for (char sign = ','; sign == ','; sign = next()) {
    skip_space();
    take(value());
    skip_space();
    if (!text_.at_end() && text_.front() != ',' && text_.front() != ']') {
      fail(R"("," or "]" is expected)");
    }
  }
  --depth_;
}

Json JsonParser::array() {
  Json::Array elements;
  each_element([&](Json&& element) { elements.push_back(std::move(element)); });
  return Json::array(std::move(elements));
}

void JsonParser::stream() {
  elements_->found = true;
  each_element([this](Json&& element) { elements_->take(std::move(element)); });
}

void JsonParser::read_string() {
  expect('"');
  string_.clear();
  for (;;) {
    const std::string_view rest = text_.rest_of_piece();
    std::size_t plain = 0;
    while (plain < rest.size() && is_plain(rest[plain])) ++plain;
    string_.append(rest.substr(0, plain));
    if (plain != 0) text_.skip(plain);
    if (plain == rest.size() && plain != 0) continue;
    const char sign = next();
    if (sign == '"') break;
    if (sign != '\\') fail("a control character stands in a string");
    read_escape();
  }
  if (!base::is_utf8(string_)) fail("a string that ends here is not UTF-8");
}

void JsonParser::read_escape() {
  const char sign = next();
  switch (sign) {
    case '"':
    case '\\':
    case '/': string_ += sign; return;
    case 'b': string_ += '\b'; return;
    case 'f': string_ += '\f'; return;
    case 'n': string_ += '\n'; return;
    case 'r': string_ += '\r'; return;
    case 't': string_ += '\t'; return;
    case 'u': break;
    default: fail("there is no such escape");
  }
  const unsigned first = read_code_unit();
  if (first < 0xD800 || first > 0xDFFF) return append_utf8(string_, first);
  // The halves of a pair stand for one code point (RFC 8259 section 7).
  if (first > 0xDBFF || next() != '\\' || next() != 'u')
    fail("half of a surrogate pair is missing");
  const unsigned second = read_code_unit();
  if (second < 0xDC00 || second > 0xDFFF) fail("half of a surrogate pair is missing");
  append_utf8(string_, 0x10000U + ((first - 0xD800U) << 10U) + (second - 0xDC00U));
}

unsigned JsonParser::read_code_unit() {
  std::array<char, 4> digits{};
  for (char& digit : digits) digit = next();
  unsigned unit = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
    fail("four hexadecimal digits are expected");
  }
  return unit;
}

Json JsonParser::number() {
  string_.clear();
  while (!text_.at_end()) {
    const char c = text_.front();
    if (!is_digit(c) && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') break;
    string_ += c;
    text_.skip(1);
  }
  const char* const end = string_.data() + string_.size();
  switch (number_kind(string_)) {
    case NumberKind::none: fail("a value is expected");
    case NumberKind::integer: {
      std::int64_t integer = 0;
      if (std::from_chars(string_.data(), end, integer).ec == std::errc()) return {integer};
      break;
    }
    case NumberKind::real: {
      double real = 0;
      if (std::from_chars(string_.data(), end, real).ec == std::errc()) return {real};
      break;
    }
  }
  fail("the number " + string_ + " does not fit");
}

Json JsonParser::literal(std::string_view word, Json value) {
  for (const char sign : word) {
    if (next() != sign) fail("a value is expected");
  }
  return value;
}

}  // namespace mxsmith::http
