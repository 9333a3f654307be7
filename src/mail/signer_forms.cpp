#include "mail/signer_forms.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"

namespace mxsmith::mail {

namespace {

constexpr std::size_t kLongestString = 255;  // RFC 1035 section 3.3
constexpr std::size_t kLongestLabel = 63;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 5321 section 4.1.2: a sub-domain.
bool is_sub_domain(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel) return false;
  if (!is_letter_or_digit(label.front()) || !is_letter_or_digit(label.back())) return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

std::string plain(const dns::Name& name) {
  std::string text = name.text();
  if (text.size() > 1) text.pop_back();
  return text;
}

std::string owner_of(const SigningKey& key) {
  return key.selector + "._domainkey." + plain(key.domain);
}

}  // namespace

base::Parsed<dns::Name> dkim_name(const std::string& selector, const dns::Name& domain) {
  const auto labels = base::split(selector, '.');
  if (!std::all_of(labels.begin(), labels.end(), is_sub_domain)) {
    return base::Fault{"a selector is made of letters, digits and hyphens", "for example s202611a"};
  }
  return dns::Name::parse(selector + "._domainkey", domain);
}

std::optional<std::string> unused_selector(base::Instant today,
                                           const std::vector<std::string>& used) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(today));
  const unsigned month = unsigned(date.month());
  std::string name = "s" + std::to_string(int(date.year())) + (month < 10 ? "0" : "") +
                     std::to_string(month) + "a";
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    name.back() = letter;
    if (std::find(used.begin(), used.end(), name) == used.end()) return name;
  }
  return std::nullopt;
}

std::string key_file_stem(const dns::Name& domain, const std::string& selector) {
  return plain(domain) + "." + selector;
}

std::string dkim_zone_lines(const SigningKey& key) {
  const std::string text = print_dkim(key.key);
  std::string lines = owner_of(key) + ". IN TXT (";
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, kLongestString);
    // The record is made of letters, digits and signs that need no escape between quotes.
    lines.append("\n    \"").append(part).append("\"");
    rest.remove_prefix(part.size());
  }
  lines += " )\n";
  return lines;
}

std::string opendkim_key_table(const SigningKey& key, const std::string& private_file) {
  return owner_of(key) + " " + plain(key.domain) + ":" + key.selector + ":" + private_file + "\n";
}

std::string opendkim_signing_table(const SigningKey& key) {
  return "*@" + plain(key.domain) + " " + owner_of(key) + "\n";
}

std::string rspamd_signing(const SigningKey& key, const std::string& private_file) {
  std::string lines;
  if (key.key.algorithm == "ed25519") {
    // The last 32 octets of PKCS#8 are the key itself (RFC 8410 section 7).
    lines =
        "# rspamd reads an Ed25519 key as base64 of its 32 octets, not as PEM:\n"
        "#   openssl pkey -in " +
        key_file_stem(key.domain, key.selector) + ".key -outform DER | tail -c 32 | base64 > " +
        private_file + "\n";
  }
  return lines +
         "domain {\n"
         "  " +
         plain(key.domain) +
         " {\n"
         "    selectors [\n"
         "      { selector = \"" +
         key.selector + "\"; path = \"" + private_file +
         "\"; }\n"
         "    ]\n"
         "  }\n"
         "}\n";
}

}  // namespace mxsmith::mail
