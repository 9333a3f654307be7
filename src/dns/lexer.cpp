#include "dns/lexer.hpp"

#include <array>
#include <cstring>

namespace mxsmith::dns {

namespace {

enum class Sign : std::uint8_t { plain, blank, newline, quote, open, close, comment, escape };

constexpr std::array<Sign, 256> make_signs() {
  std::array<Sign, 256> signs{};
  signs[' '] = signs['\t'] = signs['\r'] = Sign::blank;
  signs['\n'] = Sign::newline;
  signs['"'] = Sign::quote;
  signs['('] = Sign::open;
  signs[')'] = Sign::close;
  signs[';'] = Sign::comment;
  signs['\\'] = Sign::escape;
  return signs;
}
constexpr auto kSigns = make_signs();

Sign sign_of(char c) { return kSigns[static_cast<unsigned char>(c)]; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

base::Parsed<std::string> unescape(const Token& token) {
  const std::string_view text = token.view();
  if (!token.escaped) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const std::string_view rest = text.substr(i + 1);
    if (!rest.empty() && !is_digit(rest[0])) {
      out += rest[0];
      i += 1;
      continue;
    }
    const bool three = rest.size() >= 3 && is_digit(rest[1]) && is_digit(rest[2]);
    const int value = three ? (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0') : 256;
    if (value > 255) {
      return base::Fault{"bad escape",
                         "an escape is \\DDD with DDD from 000 to 255, or \\ and a sign", i};
    }
    out += static_cast<char>(value);
    i += 3;
  }
  return out;
}

Lexer::Kind Lexer::fail(const char* words, const char* where) {
  fault_ = words;
  fault_at_ = where;
  return Kind::fault;
}

void Lexer::skip_line() {
  depth_ = 0;
  const void* newline = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
  if (newline == nullptr) {
    at_ = end_;
    return;
  }
  at_ = static_cast<const char*>(newline) + 1;
  ++lines_;
}

Lexer::Kind Lexer::next(Token& token) {
  while (at_ < end_) {
    switch (sign_of(*at_)) {
      case Sign::blank: ++at_; break;
      case Sign::newline:
        ++at_;
        ++lines_;
        if (depth_ == 0) return Kind::end_of_line;
        break;
      case Sign::comment: {
        if (comments_ == Comments::refuse) return fail("an unquoted ; starts a comment", at_);
        const void* newline = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
        at_ = newline == nullptr ? end_ : static_cast<const char*>(newline);
        break;
      }
      case Sign::open:
        if (depth_++ == 0) opened_ = at_;
        ++at_;
        break;
      case Sign::close:
        if (depth_ == 0) return fail("a closing parenthesis without an opening one", at_);
        --depth_;
        ++at_;
        break;
      case Sign::quote: return quoted(token);
      case Sign::plain:
      case Sign::escape: return word(token);
    }
  }
  if (depth_ != 0) return fail("this parenthesis is never closed", opened_);
  return Kind::end_of_text;
}

/// Past a quoted run whose opening mark is at at_; false when the line ends first.
bool Lexer::skip_quoted(bool& escaped) {
  for (const char* p = at_ + 1; p < end_ && *p != '\n'; ++p) {
    if (*p == '"') {
      at_ = p + 1;
      return true;
    }
    if (*p != '\\') continue;
    escaped = true;
    if (++p >= end_ || *p == '\n') return false;
  }
  return false;
}

Lexer::Kind Lexer::quoted(Token& token) {
  const char* begin = at_ + 1;
  token.quoted = true;
  token.escaped = false;
  if (!skip_quoted(token.escaped)) return fail("the quotation mark is not closed on its line", at_);
  token.begin = begin;
  token.size = static_cast<std::uint32_t>(at_ - 1 - begin);
  return Kind::token;
}

Lexer::Kind Lexer::word(Token& token) {
  token.begin = at_;
  token.quoted = false;
  token.escaped = false;
  while (at_ < end_) {
    const Sign sign = sign_of(*at_);
    if (sign == Sign::plain) {
      ++at_;
    } else if (sign == Sign::escape) {
      if (at_ + 1 >= end_ || at_[1] == '\n') return fail("a backslash at the end of a line", at_);
      token.escaped = true;
      at_ += 2;
    } else if (sign == Sign::quote) {
      // RFC 9460 section 2.1 writes key="value".
      if (!skip_quoted(token.escaped)) {
        return fail("the quotation mark is not closed on its line", at_);
      }
    } else {
      break;
    }
  }
  token.size = static_cast<std::uint32_t>(at_ - token.begin);
  return Kind::token;
}

}  // namespace mxsmith::dns
