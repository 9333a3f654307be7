#include "spec/dmarc_keys.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "mail/tag_list.hpp"
#include "spec/toml_text.hpp"

namespace mxsmith::spec {

namespace {

std::vector<std::string> uri_list(const std::string& value) {
  std::vector<std::string> uris;
  for (const std::string& uri : base::split(value, ',')) {
    uris.emplace_back(base::trim(uri));
  }
  return uris;
}

bool is_policy_word(const std::optional<std::string>& word) {
  return !word || *word == "none" || *word == "quarantine" || *word == "reject";
}

/// Whether the keys of [mail.dmarc] take these values without an error.
bool is_declarable(const mail::DmarcPolicy& policy) {
  const auto one_of = [](const std::optional<std::string>& word, std::string_view letters) {
    return !word || (word->size() == 1 && letters.find((*word)[0]) != std::string_view::npos);
  };
  const auto is_mailto = [](const std::string& uri) {
    return uri.substr(0, 7) == "mailto:" && uri.find_first_of(",; \t") == std::string::npos &&
           is_readable_text(uri);
  };
  const auto options = base::split(policy.failure_options.value_or("0"), ':');
  return is_policy_word(policy.policy) && is_policy_word(policy.subdomain_policy) &&
         is_policy_word(policy.nonexistent_policy) && one_of(policy.dkim_alignment, "rs") &&
         one_of(policy.spf_alignment, "rs") && one_of(policy.public_suffix, "ynu") &&
         std::all_of(policy.rua.begin(), policy.rua.end(), is_mailto) &&
         std::all_of(policy.ruf.begin(), policy.ruf.end(), is_mailto) &&
         std::all_of(options.begin(), options.end(),
                     [&](const std::string& option) { return one_of(option, "01ds"); });
}

}  // namespace

std::optional<mail::DmarcPolicy> dmarc_keys_of(const std::string& text) {
  const mail::TagList tags = mail::parse_tag_list(text);
  mail::DmarcPolicy policy;
  policy.policy = tags.get("p").value_or("");
  policy.subdomain_policy = tags.get("sp");
  policy.nonexistent_policy = tags.get("np");
  if (const auto rua = tags.get("rua")) policy.rua = uri_list(*rua);
  if (const auto ruf = tags.get("ruf")) policy.ruf = uri_list(*ruf);
  policy.dkim_alignment = tags.get("adkim");
  policy.spf_alignment = tags.get("aspf");
  policy.failure_options = tags.get("fo");
  policy.public_suffix = tags.get("psd");
  if (const auto testing = tags.get("t")) policy.testing = *testing == "y";
  if (!is_declarable(policy) || mail::print_dmarc(policy) != text) return std::nullopt;
  return policy;
}

}  // namespace mxsmith::spec
