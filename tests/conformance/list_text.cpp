// DNS in general: TXT of every length and with every sign.
//
// Each text follows the one before it at the same name, so that every row is a change from one
// tricky text to the next.
#include <array>

#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

/// As many octets, in a pattern that shows where something was cut or doubled.
std::string text_of(std::size_t octets) {
  static constexpr std::string_view kPattern = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  text.reserve(octets);
  for (std::size_t i = 0; i < octets; ++i)
    text += kPattern[(i + i / kPattern.size()) % kPattern.size()];
  return text;
}

std::string line_of(const std::string& text) { return "foo TXT " + text; }

/// 255 octets fit in one character-string (RFC 1035 section 3.3); the others lie around one, two
/// and three of them.
Group lengths() {
  Group group("TXT of every length");
  for (const std::size_t octets :
       {0U, 1U, 254U, 255U, 256U, 509U, 510U, 511U, 764U, 765U, 766U, 4000U}) {
    group.state(std::to_string(octets) + " octets", {line_of(text_of(octets))});
  }
  return group;
}

Group quotes() {
  return Group("TXT with quotes")
      .state("an apostrophe", {line_of("quo'te")})
      .state("a backtick", {line_of("blah`blah")})
      .state("a double quote", {line_of(R"(in"side)")})
      .state("two double quotes", {line_of(R"(in"ter"ior)")})
      .state("one at the start", {line_of(R"("left)")})
      .state("one at the end", {line_of(R"(right")")})
      .state("one alone", {line_of(R"(")")})
      .state("quoted as a whole", {line_of(R"("all of it")")});
}

Group blanks_and_semicolons() {
  return Group("TXT with blanks and semicolons")
      .state("a semicolon", {line_of("semi;colon")})
      .state("a semicolon between blanks", {line_of("ws ; semi")})
      .state("two blanks in a row", {line_of("with  two spaces")})
      .state("one at the start", {line_of(" leading")})
      .state("one at the end", {line_of("trailing ")})
      .state("a blank alone", {line_of(" ")})
      .state("a tab", {line_of("tab\tbed")});
}

Group backslashes() {
  return Group("TXT with backslashes")
      .state("one", {line_of(R"(1back\slash)")})
      .state("two", {line_of(R"(2back\\slash)")})
      .state("three", {line_of(R"(3back\\\slash)")})
      .state("four", {line_of(R"(4back\\\\slash)")})
      .state("one at the end", {line_of(R"(end\)")})
      .state("what looks like an escape", {line_of(R"(not\065an\"escape)")});
}

Group signs() {
  std::string printable;
  for (char sign = ' '; sign <= '~'; ++sign) printable += sign;
  std::string high;
  for (int octet = 0x80; octet <= 0xFF; ++octet) high += static_cast<char>(octet);
  std::string low;
  for (int octet = 0x00; octet < 0x20; ++octet) low += static_cast<char>(octet);
  return Group("TXT with every sign")
      .state("every printable ASCII sign", {line_of(printable)})
      .state("UTF-8", {line_of("Grüße, привет, 你好, 🙂")})
      .state("octets above 0x7F that are no text", {line_of(high)})
      .state("control octets", {line_of(low + "\x7f")})
      .state("a percent sign and braces", {line_of("100% {a} ${b} $${c}")});
}

Group several_texts() {
  return Group("Several TXT at one name")
      .state("three that differ in blanks and case",
             {line_of("a b"), line_of("a  b"), line_of("A b")})
      .state("one of them longer than a string",
             {line_of("a b"), line_of(text_of(300)), line_of("A b")})
      .state("two with one beginning", {line_of(text_of(255)), line_of(text_of(255) + "x")})
      .state("one of the two", {line_of(text_of(255))});
}

}  // namespace

std::vector<Group> text_groups() {
  return {lengths(), quotes(), blanks_and_semicolons(), backslashes(), signs(), several_texts()};
}

}  // namespace mxsmith::conformance
