// The words of zone file text (RFC 1035 section 5.1): blanks, quotes, escapes, parentheses and
// comments. One pass, no copies: tokens point into the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace mxsmith::dns {

struct Token {
  const char* begin = nullptr;  ///< Of the content: after the quotation mark of a quoted one.
  std::uint32_t size = 0;
  bool quoted = false;
  bool escaped = false;  ///< Has a backslash in it.

  [[nodiscard]] std::string_view view() const { return {begin, size}; }
  /// The token as it stands in the text, quotation marks included.
  [[nodiscard]] const char* outer_begin() const { return quoted ? begin - 1 : begin; }
  [[nodiscard]] const char* outer_end() const { return begin + size + (quoted ? 1 : 0); }
};

/// Octets of a token with its escapes (\X, \DDD) resolved; a fault at a bad escape, its offset from
/// the token's content.
base::Parsed<std::string> unescape(const Token& token);

class Lexer {
 public:
  enum class Kind : std::uint8_t {
    token,
    end_of_line,  ///< A newline outside parentheses, passed.
    end_of_text,
    fault,  ///< See fault(); the lexer stands where the fault is.
  };
  enum class Comments : std::uint8_t { skip, refuse };

  explicit Lexer(std::string_view text, Comments comments = Comments::skip)
      : at_(text.data()), end_(text.data() + text.size()), comments_(comments) {}

  Kind next(Token& token);
  [[nodiscard]] const char* at() const { return at_; }
  [[nodiscard]] const char* end() const { return end_; }
  /// Newlines passed so far.
  [[nodiscard]] std::uint32_t lines() const { return lines_; }
  /// Words of the last fault; fault_at() is its place.
  [[nodiscard]] const char* fault() const { return fault_; }
  [[nodiscard]] const char* fault_at() const { return fault_at_; }
  /// After a fault: to the end of the line (or of the text), parentheses forgotten.
  void skip_line();
  [[nodiscard]] bool in_parentheses() const { return depth_ != 0; }

 private:
  Kind fail(const char* words, const char* where);
  Kind quoted(Token& token);
  Kind word(Token& token);
  bool skip_quoted(bool& escaped);

  const char* at_;
  const char* end_;
  Comments comments_;
  std::uint32_t depth_ = 0;
  const char* opened_ = nullptr;  ///< The outermost open parenthesis.
  std::uint32_t lines_ = 0;
  const char* fault_ = "";
  const char* fault_at_ = nullptr;
};

}  // namespace mxsmith::dns
