#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace mxsmith::base {

namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< Octets; 0 when ill-formed.
};

/// The code point at the start of `text`, which is not empty (RFC 3629 section 4).
CodePoint decode(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return {};
    value = (value << 6) | (octet(i) & 0x3fU);
  }
  const char32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least || value > 0x10ffff || surrogate) return {};
  return {value, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool in_ranges(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return value >= r.first && value <= r.last; });
}

/// Controls, bidirectional marks, zero-width signs, separators, tags: all that moves or hides other
/// text.
constexpr std::array<Range, 11> kUnprintable = {{{0x00, 0x1f},
                                                 {0x7f, 0x9f},
                                                 {0xad, 0xad},
                                                 {0x61c, 0x61c},
                                                 {0x180e, 0x180e},
                                                 {0x200b, 0x200f},
                                                 {0x2028, 0x202e},
                                                 {0x2060, 0x206f},
                                                 {0xfeff, 0xfeff},
                                                 {0xfff9, 0xfffb},
                                                 {0xe0000, 0xe0fff}}};

constexpr std::array<Range, 10> kWide = {{{0x1100, 0x115f},
                                          {0x2e80, 0x303e},
                                          {0x3041, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1f9ff},
                                          {0x20000, 0x3fffd}}};

constexpr std::array<Range, 5> kCombining = {
    {{0x300, 0x36f}, {0x483, 0x489}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};

void append_decimal_escape(std::string& text, char c) {
  std::array<char, 5> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\%03u",
                static_cast<unsigned>(static_cast<unsigned char>(c)));
  text += buffer.data();
}

/// Edit distance with adjacent swaps (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

/// Whether a pattern with "*" for any run of signs matches the whole label.
bool label_matches(std::string_view pattern, std::string_view label) {
  std::size_t p = 0;
  std::size_t l = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (l < label.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = l;
    } else if (p < pattern.size() && pattern[p] == label[l]) {
      ++p;
      ++l;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      l = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

/// Labels of a presentation form; an escaped dot does not separate.
std::vector<std::string> labels_of(std::string_view name) {
  std::vector<std::string> labels;
  if (name.empty()) return labels;
  labels.emplace_back();
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      labels.emplace_back();
      continue;
    }
    if (name[i] == '\\' && i + 1 < name.size()) labels.back() += name[i++];
    labels.back() += name[i];
  }
  return labels;
}

bool labels_match(std::span<const std::string> pattern, std::span<const std::string> name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == "**") {
    for (std::size_t skipped = 0; skipped <= name.size(); ++skipped) {
      if (labels_match(pattern.subspan(1), name.subspan(skipped))) return true;
    }
    return false;
  }
  return !name.empty() && label_matches(pattern.front(), name.front()) &&
         labels_match(pattern.subspan(1), name.subspan(1));
}

}  // namespace

std::string escape_for_terminal(std::string_view hostile) {
  std::string text;
  text.reserve(hostile.size());
  while (!hostile.empty()) {
    const CodePoint point = decode(hostile);
    const std::size_t length = std::max<std::size_t>(point.length, 1);
    if (point.length == 0 || in_ranges(kUnprintable, point.value)) {
      for (const char c : hostile.substr(0, length)) append_decimal_escape(text, c);
    } else {
      text += hostile.substr(0, length);
    }
    hostile.remove_prefix(length);
  }
  return text;
}

std::string escape_for_markdown(std::string_view hostile) {
  std::string text;
  for (const char c : escape_for_terminal(hostile)) {
    if (std::string_view("\\`*_{}[]()<>#+-.!|~&@:$\"'").find(c) != std::string_view::npos)
      text += '\\';
    text += c;
  }
  return text;
}

std::optional<std::size_t> first_ill_formed_utf8(std::string_view octets) {
  std::size_t at = 0;
  while (at < octets.size()) {
    const CodePoint point = decode(octets.substr(at));
    if (point.length == 0) return at;
    at += point.length;
  }
  return std::nullopt;
}

bool is_utf8(std::string_view octets) { return !first_ill_formed_utf8(octets); }

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (!in_ranges(kCombining, point.value)) width += in_ranges(kWide, point.value) ? 2 : 1;
    text.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  return width;
}

std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates) {
  const std::string low = to_lower(word);
  const std::string* best = nullptr;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t edits = distance(low, to_lower(candidate));
    if (edits < least) {
      least = edits;
      best = &candidate;
    }
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::string to_lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return low;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && to_lower(a) == to_lower(b);
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const auto end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (&part != parts.data()) text += separator;
    text += part;
  }
  return text;
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  std::string text = std::to_string(count) + " ";
  if (count == 1) return text.append(singular);
  return plural.empty() ? text.append(singular) + "s" : text.append(plural);
}

bool glob_matches(std::string_view pattern, std::string_view name) {
  return labels_match(labels_of(pattern), labels_of(name));
}

}  // namespace mxsmith::base
