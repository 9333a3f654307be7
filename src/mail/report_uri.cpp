#include "mail/report_uri.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dns/name.hpp"

namespace mxsmith::mail {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Signs that a URI may hold without encoding (RFC 3986 section 2); "," and "!" are among them and
/// yet have to be encoded here, because they separate.
bool is_uri_sign(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-._~:/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

/// Octet of the first sign that may not stand there, or nothing.
std::optional<base::Fault> sign_fault(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) continue;
      return base::Fault{"\"%\" without two hexadecimal digits", "write a percent sign as %25", i};
    }
    if (text[i] == '!' || text[i] == ',' || text[i] == ';') {
      return base::Fault{std::string("\"") + text[i] + "\" stands in a report address",
                         "write it as %21, %2C or %3B", i};
    }
    if (!is_uri_sign(text[i])) {
      return base::Fault{
          text[i] == ' ' ? "a space stands in a report address" : "a sign that no URI may hold",
          "addresses are separated by commas", i};
    }
  }
  return {};
}

std::size_t scheme_end(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return 0;
  const auto is_scheme_sign = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(colon);
  return std::all_of(text.begin(), end, is_scheme_sign) ? colon : 0;
}

std::string_view host_of_authority(std::string_view rest) {
  if (rest.substr(0, 2) != "//") return {};
  rest.remove_prefix(2);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (!rest.empty() && rest.front() == '[') return rest.substr(0, rest.find(']') + 1);
  return rest.substr(0, rest.find(':'));
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[') return host.back() == ']';
  const auto is_host_sign = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  };
  return !host.empty() && std::all_of(host.begin(), host.end(), is_host_sign) &&
         dns::Name::parse_absolute(host).ok();
}

base::Fault without_scheme(std::string_view text) {
  const bool bare = text.find('@') != std::string_view::npos;
  return {"\"" + std::string(text) + "\" has no scheme",
          bare ? "write \"mailto:" + std::string(text) + "\"" : "a report address is mailto:...",
          0};
}

}  // namespace

std::string ReportUri::scheme() const { return base::to_lower(text.substr(0, scheme_end(text))); }

std::string ReportUri::address() const {
  if (scheme() != "mailto") return {};
  const std::string rest = text.substr(scheme_end(text) + 1);
  return rest.substr(0, rest.find('?'));
}

std::string ReportUri::host() const {
  const std::size_t end = scheme_end(text);
  if (end == 0) return {};
  if (scheme() == "mailto") {
    const std::string to = address();
    const std::size_t at = to.rfind('@');
    return at == std::string::npos ? std::string() : base::to_lower(to.substr(at + 1));
  }
  return base::to_lower(host_of_authority(std::string_view(text).substr(end + 1)));
}

std::optional<base::Fault> ReportUri::fault() const {
  const std::size_t end = scheme_end(text);
  if (end == 0) return without_scheme(text);
  if (auto fault = sign_fault(text)) return fault;
  if (scheme() == "mailto") {
    if (text.substr(end + 1, 2) == "//") {
      return base::Fault{"mailto: has no slashes behind it", "write \"mailto:\" and the address",
                         end + 1};
    }
    const std::string to = address();
    if (to.find('@') == 0 || to.find('@') == std::string::npos || !is_host(host())) {
      return base::Fault{"\"" + to + "\" is not a mail address", "mailto:NAME@DOMAIN", end + 1};
    }
  } else if (scheme() == "https" || scheme() == "http") {
    if (!is_host(host())) return base::Fault{"no host in \"" + text + "\"", "", end + 1};
  } else if (end + 1 == text.size()) {
    return base::Fault{"nothing behind \"" + text + "\"", "", end};
  }
  return {};
}

std::string ReportUri::spelled() const {
  return size_limit.empty() ? text : text + "!" + size_limit;
}

ReportUri parse_report_uri(std::string_view text) {
  ReportUri uri;
  uri.text = text;
  const std::size_t mark = text.rfind('!');
  if (mark == std::string_view::npos) return uri;
  // RFC 9989 section 4.8: "!", digits, perhaps one of k, m, g and t.
  std::string_view digits = text.substr(mark + 1);
  if (!digits.empty() && std::string_view("kmgtKMGT").find(digits.back()) != std::string::npos) {
    digits.remove_suffix(1);
  }
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return uri;
  uri.text = text.substr(0, mark);
  uri.size_limit = text.substr(mark + 1);
  return uri;
}

std::vector<PlacedUri> parse_report_uris(const Tag& tag) {
  std::vector<PlacedUri> uris;
  for (const Piece& piece : split_pieces(tag.value, ',')) {
    if (piece.text.empty()) continue;
    uris.push_back({parse_report_uri(piece.text), tag.part(piece.offset, piece.text.size())});
  }
  return uris;
}

std::vector<ReportUri> without_places(const std::vector<PlacedUri>& uris) {
  std::vector<ReportUri> result;
  result.reserve(uris.size());
  for (const PlacedUri& one : uris) result.push_back(one.uri);
  return result;
}

std::string print_report_uris(const std::vector<ReportUri>& uris) {
  std::string text;
  for (const ReportUri& uri : uris) {
    if (!text.empty()) text += ",";
    text += uri.spelled();
  }
  return text;
}

}  // namespace mxsmith::mail
