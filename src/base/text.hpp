// Text that is shown to people: making hostile octets harmless, measuring, suggesting.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::base {

/// Live DNS values are hostile: what is not printable UTF-8 becomes \DDD (decimal, as in zone
/// files), including ESC and every other C0 and C1 control, DEL, the Unicode bidirectional
/// controls, zero-width signs and line separators. Safe to write to a terminal.
std::string escape_for_terminal(std::string_view hostile);

/// escape_for_terminal, and besides a backslash before every sign that Markdown would read; for
/// text outside code.
std::string escape_for_markdown(std::string_view hostile);

/// Whether `octets` are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view octets);

/// Octet offset of the first ill-formed sequence, or nothing.
std::optional<std::size_t> first_ill_formed_utf8(std::string_view octets);

/// Columns that `text` takes on a terminal, one per code point; wide signs count two.
std::size_t display_width(std::string_view text);

/// The candidate nearest to `word` by edit distance (adjacent swaps count one), if near enough to
/// be a slip.
std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates);

/// ASCII only, whatever the locale.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// "1 set", "3 sets".
std::string counted(std::size_t count, std::string_view singular, std::string_view plural = {});

/// Shell-style pattern over labels: "*" one label, "**" any number of labels (none included), and
/// "*" inside a label any run of signs. Both sides are lower-case presentation forms without final
/// dot; "@" is not special here.
bool glob_matches(std::string_view pattern, std::string_view name);

}  // namespace mxsmith::base
