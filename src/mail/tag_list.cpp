#include "mail/tag_list.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

#include "base/text.hpp"

namespace mxsmith::mail {
namespace {

/// White space as tag lists fold it (RFC 6376 section 3.2).
constexpr std::string_view kSpace = " \t\r\n";
/// Longest name of an extension field (RFC 8461 section 3.1).
constexpr std::size_t kLongestExtensionName = 32;

Piece trimmed(std::string_view text, std::size_t offset) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {{}, offset + text.size()};
  return {text.substr(first, text.find_last_not_of(kSpace) - first + 1), offset + first};
}

void skip_wsp(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

enum class Spaces : std::uint8_t { none, around_equals };

bool starts_with_version(std::string_view text, std::string_view version, Spaces spaces) {
  if (text.substr(0, 1) != "v") return false;
  text.remove_prefix(1);
  if (spaces == Spaces::around_equals) skip_wsp(text);
  if (text.substr(0, 1) != "=") return false;
  text.remove_prefix(1);
  if (spaces == Spaces::around_equals) skip_wsp(text);
  if (text.substr(0, version.size()) != version) return false;
  text.remove_prefix(version.size());
  skip_wsp(text);
  return text.empty() || text.front() == ';';
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Tag tag_of(const Piece& piece) {
  const std::size_t equals = piece.text.find('=');
  Tag tag;
  tag.at = {piece.offset, piece.text.size()};
  tag.bare = equals == std::string_view::npos;
  const Piece name = trimmed(piece.text.substr(0, equals), piece.offset);
  tag.name = name.text;
  const std::size_t behind = tag.bare ? piece.text.size() : equals + 1;
  const Piece value = trimmed(piece.text.substr(behind), piece.offset + behind);
  tag.value = value.text;
  tag.value_at = {value.offset, value.text.size()};
  return tag;
}

bool is_tag_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_'; });
}

}  // namespace

std::optional<std::string> TagList::get(std::string_view name) const {
  const Tag* tag = find_ignoring_case(name);
  return tag == nullptr ? std::nullopt : std::optional(tag->value);
}

const Tag* TagList::find(std::string_view name) const {
  const auto found =
      std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.name == name; });
  return found == tags.end() ? nullptr : &*found;
}

const Tag* TagList::find_ignoring_case(std::string_view name) const {
  const auto found = std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) {
    return base::equals_ignoring_case(tag.name, name);
  });
  return found == tags.end() ? nullptr : &*found;
}

std::string TagList::text() const {
  std::string result;
  for (const Tag& tag : tags) {
    if (!result.empty()) result += "; ";
    result += tag.name;
    if (!tag.bare) result.append("=").append(tag.value);
  }
  return result;
}

TagList parse_tag_list(std::string_view octets) {
  TagList list;
  for (std::size_t at = 0; at <= octets.size();) {
    const std::size_t end = std::min(octets.find(';', at), octets.size());
    const Piece piece = trimmed(octets.substr(at, end - at), at);
    if (!piece.text.empty()) {
      list.tags.push_back(tag_of(piece));
    } else if (end < octets.size()) {
      list.empty_pieces.push_back({at, end - at + 1});
    }
    at = end + 1;
  }
  return list;
}

bool has_duplicates(const TagList& list) {
  std::set<std::string_view> seen;
  return std::any_of(list.tags.begin(), list.tags.end(),
                     [&](const Tag& tag) { return !seen.insert(tag.name).second; });
}

std::vector<Piece> split_pieces(std::string_view text, char separator) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    pieces.push_back(trimmed(text.substr(at, end - at), at));
    at = end + 1;
  }
  return pieces;
}

bool is_extension_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestExtensionName && is_alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; });
}

bool is_extension_value(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '=' && c != ';';
  });
}

bool is_dmarc(std::string_view octets) {
  return starts_with_version(octets, "DMARC1", Spaces::around_equals);
}
bool is_mta_sts(std::string_view octets) {
  return starts_with_version(octets, "STSv1", Spaces::none);
}
bool is_tls_rpt(std::string_view octets) {
  return starts_with_version(octets, "TLSRPTv1", Spaces::none);
}
bool is_bimi(std::string_view octets) {
  return starts_with_version(octets, "BIMI1", Spaces::around_equals);
}

void check_text(std::string_view octets, Findings& findings) {
  if (octets.size() > 1 && octets.front() == '"' && octets.back() == '"') {
    findings.error("txt-literal-quotes", {0, octets.size()},
                   "the value itself begins and ends with a quotation mark",
                   "quotation marks belong to zone files, not to what is stored");
  }
  if (const auto at = octets.find("\\;"); at != std::string_view::npos) {
    findings.error("txt-escaped-semicolon", {at, 2}, "a backslash stands before a semicolon",
                   "write the semicolon alone; only some zone files need the backslash");
  }
  const auto odd = std::find_if(octets.begin(), octets.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && kSpace.find(c) == std::string_view::npos) || octet > 0x7e;
  });
  if (odd != octets.end()) {
    findings.error("txt-non-ascii", {static_cast<std::size_t>(odd - octets.begin()), 1},
                   "an octet that is not printable ASCII",
                   "word processors put in typographic quotes and hard spaces: type it anew");
  }
  if (octets.empty()) return;
  const bool before = kSpace.find(octets.front()) != std::string_view::npos;
  if (before || kSpace.find(octets.back()) != std::string_view::npos) {
    findings.info("txt-trailing-space", {before ? 0 : octets.size() - 1, 1},
                  "white space at an end of the value");
  }
}

void check_tags(const TagList& list, std::string_view syntax, std::string_view duplicate,
                Findings& findings) {
  for (const Span& at : list.empty_pieces) {
    findings.error(syntax, at, "nothing stands between two semicolons", "drop one of them");
  }
  std::set<std::string_view> seen;
  for (const Tag& tag : list.tags) {
    if (tag.bare) {
      findings.error(syntax, tag.at, "\"" + tag.name + "\" is no tag: it has no \"=\"",
                     "tags are NAME=VALUE, separated by semicolons");
    } else if (!is_tag_name(tag.name)) {
      findings.error(syntax, tag.at, "\"" + tag.name + "\" is not a name for a tag",
                     "a name is a letter and then letters, digits and underscores");
    }
    if (!seen.insert(tag.name).second) {
      findings.error(duplicate, tag.at, "a second tag " + tag.name + "=",
                     "each tag may stand once; which one would count is not defined");
    }
  }
}

}  // namespace mxsmith::mail
