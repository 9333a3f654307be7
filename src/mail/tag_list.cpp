#include "mail/tag_list.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.hpp"

namespace mxsmith::mail {
namespace {

/// White space as tag lists fold it (RFC 6376 section 3.2).
constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
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

}  // namespace

std::optional<std::string> TagList::get(std::string_view name) const {
  for (const Tag& tag : tags) {
    if (base::equals_ignoring_case(tag.name, name)) return tag.value;
  }
  return {};
}

std::string TagList::text() const {
  std::string result;
  for (const Tag& tag : tags) {
    if (!result.empty()) result += "; ";
    result += tag.bare ? tag.name : tag.name + "=" + tag.value;
  }
  return result;
}

TagList parse_tag_list(std::string_view octets) {
  TagList list;
  for (std::size_t at = 0; at <= octets.size();) {
    const std::size_t end = std::min(octets.find(';', at), octets.size());
    const std::string_view piece = trimmed(octets.substr(at, end - at));
    at = end + 1;
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    Tag tag;
    tag.bare = equals == std::string_view::npos;
    tag.name = trimmed(piece.substr(0, equals));
    if (!tag.bare) tag.value = trimmed(piece.substr(equals + 1));
    list.tags.push_back(std::move(tag));
  }
  return list;
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

}  // namespace mxsmith::mail
