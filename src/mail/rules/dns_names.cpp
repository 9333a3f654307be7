// Rules about how names are spelled: bare octets, A-labels that are none, look-alikes.
#include <algorithm>
#include <array>
#include <cstddef>

#include "dns/idn.hpp"
#include "mail/rules/dns_rows.hpp"

namespace mxsmith::mail {

namespace {

/// The code point at the front of well-formed UTF-8, taken off.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t value = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < std::min(size, text.size()); ++i) {
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return value;
}

struct Script {
  char32_t first;
  char32_t last;
  unsigned kind;
};
constexpr unsigned kLatin = 1;
constexpr unsigned kGreek = 2;
constexpr unsigned kCyrillic = 4;
constexpr unsigned kArmenian = 8;
constexpr unsigned kHebrew = 16;
constexpr unsigned kArabic = 32;

/// The alphabets whose letters look like those of another. East Asian scripts are written beside
/// Latin letters all the time.
constexpr std::array kScripts = {
    Script{U'a', U'z', kLatin},      Script{0xdf, 0x24f, kLatin},
    Script{0x370, 0x3ff, kGreek},    Script{0x400, 0x52f, kCyrillic},
    Script{0x531, 0x58f, kArmenian}, Script{0x590, 0x5ff, kHebrew},
    Script{0x600, 0x6ff, kArabic},   Script{0x1e00, 0x1eff, kLatin},
    Script{0x1f00, 0x1fff, kGreek},
};
constexpr std::array<std::string_view, 6> kScriptNames = {"Latin",    "Greek",  "Cyrillic",
                                                          "Armenian", "Hebrew", "Arabic"};

void judge_a_label(Judged& judged, const dns::Key& key, const dns::Name& name,
                   std::string_view label) {
  const auto unicode = dns::label_to_unicode(label);
  if (!unicode) {
    judged.tell("dns-idn-invalid-ace", Subject::of(key),
                std::string(label) + " in " + name.display() + " is the A-label of nothing");
    return;
  }
  const std::string mixed = mixed_scripts(*unicode);
  if (mixed.empty()) return;
  judged.tell("dns-idn-confusable", Subject::of(key),
              *unicode + " (" + std::string(label) + ") mixes " + mixed + " letters");
}

}  // namespace

std::string mixed_scripts(std::string_view utf8_label) {
  unsigned found = 0;
  while (!utf8_label.empty()) {
    const char32_t point = take_code_point(utf8_label);
    for (const Script& script : kScripts) {
      if (point >= script.first && point <= script.last) found |= script.kind;
    }
  }
  std::string names;
  unsigned count = 0;
  for (std::size_t i = 0; i < kScriptNames.size(); ++i) {
    if ((found & 1U << i) == 0) continue;
    if (!names.empty()) names += " and ";
    names += kScriptNames.at(i);
    ++count;
  }
  return count > 1 ? names : std::string();
}

void judge_spelling(Judged& judged, const dns::Key& key, const dns::Name& name) {
  const std::string_view wire = name.wire();
  const bool bare = std::any_of(wire.begin(), wire.end(),
                                [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
  if (bare) {
    judged.tell("dns-idn", Subject::of(key), "bare octets beyond ASCII in " + name.display(),
                "write the A-label (xn--...) in zone files; specs take the letters themselves");
  }
  if (wire.find("xn--") == std::string_view::npos) return;
  for (std::size_t at = 0; at < wire.size() && wire[at] != 0;) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(wire[at]));
    const std::string_view label = wire.substr(at + 1, size);
    if (label.substr(0, 4) == "xn--") judge_a_label(judged, key, name, label);
    at += size + 1;
  }
}

}  // namespace mxsmith::mail
