// DMARC records: the value, its text, and what follows from it.
#include "mail/dmarc.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "mail/dmarc_tags.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::array<std::string_view, 3> kActions = {"none", "quarantine", "reject"};

std::optional<DmarcAlignment> parse_alignment(const Tag& tag) {
  if (base::equals_ignoring_case(tag.value, "r")) return DmarcAlignment::relaxed;
  if (base::equals_ignoring_case(tag.value, "s")) return DmarcAlignment::strict;
  return {};
}

std::optional<bool> parse_testing(const Tag& tag) {
  if (base::equals_ignoring_case(tag.value, "y")) return true;
  if (base::equals_ignoring_case(tag.value, "n")) return false;
  return {};
}

/// Takes a policy tag; a bad one is noted, the first of them.
std::optional<DmarcAction> take_policy(DmarcRecord& record, const TagList& tags,
                                       std::string_view name) {
  const Tag* tag = tags.find_ignoring_case(name);
  if (tag == nullptr) return {};
  const auto action = parse_action(tag->value);
  if (!action && record.bad_policy.empty()) {
    record.bad_policy.append(name).append("=").append(tag->value);
  }
  return action;
}

}  // namespace

std::string_view action_word(DmarcAction action) {
  return kActions.at(static_cast<std::size_t>(action));
}

std::optional<DmarcAction> parse_action(std::string_view word) {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (base::equals_ignoring_case(word, kActions.at(i))) return static_cast<DmarcAction>(i);
  }
  return {};
}

std::string_view public_suffix_letter(PublicSuffix suffix) {
  if (suffix == PublicSuffix::unknown) return "u";
  return suffix == PublicSuffix::no ? "n" : "y";
}

std::optional<PublicSuffix> parse_public_suffix(std::string_view letter) {
  for (const auto suffix : {PublicSuffix::unknown, PublicSuffix::no, PublicSuffix::yes}) {
    if (base::equals_ignoring_case(letter, public_suffix_letter(suffix))) return suffix;
  }
  return {};
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  if (text.empty() || text.size() > 10) return {};
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number <= most ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
}

bool is_failure_options(std::string_view text) {
  std::string seen;
  for (const Piece& piece : split_pieces(text, ':')) {
    const std::string option = base::to_lower(piece.text);
    if (option.size() != 1 || std::string_view("01ds").find(option[0]) == std::string_view::npos ||
        seen.find(option[0]) != std::string::npos) {
      return false;
    }
    seen += option;
  }
  // RFC 9989 section 4.7: "0" and "1" exclude each other.
  return seen.find('0') == std::string::npos || seen.find('1') == std::string::npos;
}

DmarcRecord dmarc_record_of(const TagList& tags) {
  DmarcRecord record;
  record.policy = take_policy(record, tags, "p");
  record.subdomain_policy = take_policy(record, tags, "sp");
  record.nonexistent_policy = take_policy(record, tags, "np");
  const auto tag = [&tags](std::string_view name) { return tags.find_ignoring_case(name); };
  if (const Tag* found = tag("adkim")) record.dkim_alignment = parse_alignment(*found);
  if (const Tag* found = tag("aspf")) record.spf_alignment = parse_alignment(*found);
  if (const Tag* found = tag("fo"); found != nullptr && is_failure_options(found->value)) {
    record.failure_options = base::to_lower(found->value);
  }
  if (const Tag* found = tag("rua")) record.rua = without_places(parse_report_uris(*found));
  if (const Tag* found = tag("ruf")) record.ruf = without_places(parse_report_uris(*found));
  if (const Tag* found = tag("t")) record.testing = parse_testing(*found);
  if (const Tag* found = tag("psd")) record.public_suffix = parse_public_suffix(found->value);
  if (const Tag* found = tag("pct")) record.percent = parse_number(found->value, 100);
  if (const Tag* found = tag("rf")) record.report_format = base::to_lower(found->value);
  if (const Tag* found = tag("ri")) record.interval = parse_number(found->value, 0xffffffff);
  return record;
}

std::optional<DmarcRecord> parse_dmarc(std::string_view octets) {
  if (!is_dmarc(octets)) return {};
  const TagList tags = parse_tag_list(octets);
  if (has_duplicates(tags)) return {};
  return dmarc_record_of(tags);
}

std::string print_dmarc(const DmarcRecord& record) {
  std::string text = "v=DMARC1";
  const auto add = [&text](std::string_view name, std::string_view value) {
    if (!value.empty()) text.append("; ").append(name).append("=").append(value);
  };
  const auto policy = [&](std::string_view name, const std::optional<DmarcAction>& action) {
    if (action) return add(name, action_word(*action));
    // What was wrong stays wrong, or a copy would mean something else.
    const std::string prefix = std::string(name) + "=";
    if (record.bad_policy.substr(0, prefix.size()) == prefix) {
      text.append("; ").append(record.bad_policy);
    }
  };
  const auto alignment = [&](std::string_view name, const std::optional<DmarcAlignment>& mode) {
    if (mode) add(name, *mode == DmarcAlignment::strict ? "s" : "r");
  };
  policy("p", record.policy);
  policy("sp", record.subdomain_policy);
  policy("np", record.nonexistent_policy);
  alignment("adkim", record.dkim_alignment);
  alignment("aspf", record.spf_alignment);
  add("fo", record.failure_options);
  add("rua", print_report_uris(record.rua));
  add("ruf", print_report_uris(record.ruf));
  if (record.testing) add("t", *record.testing ? "y" : "n");
  if (record.public_suffix) add("psd", public_suffix_letter(*record.public_suffix));
  if (record.percent) add("pct", std::to_string(*record.percent));
  add("rf", record.report_format);
  if (record.interval) add("ri", std::to_string(*record.interval));
  return text;
}

bool is_rfc7489_record(std::string_view octets) {
  const auto record = parse_dmarc(octets);
  if (!record) return false;
  const TagList tags = parse_tag_list(octets);
  const bool well_formed = std::none_of(tags.tags.begin(), tags.tags.end(), [](const Tag& tag) {
    return tag.bare || tag.value.empty();
  });
  const bool p_is_second =
      tags.tags.size() > 1 && base::equals_ignoring_case(tags.tags[1].name, "p");
  // It knows no np=, so a bad one is nothing to it.
  const bool good_words = record->policy && record->bad_policy.substr(0, 3) != "sp=";
  return well_formed && p_is_second && (good_words || has_usable_uri(record->rua));
}

bool has_usable_uri(const std::vector<ReportUri>& uris) {
  return std::any_of(uris.begin(), uris.end(),
                     [](const ReportUri& uri) { return !uri.fault().has_value(); });
}

std::optional<DmarcPolicy> effective_policy(const DmarcRecord& record) {
  if (!record.policy || !record.bad_policy.empty()) {
    return has_usable_uri(record.rua) ? std::optional(DmarcPolicy{}) : std::nullopt;
  }
  DmarcPolicy policy;
  policy.domain = *record.policy;
  policy.subdomains = record.subdomain_policy.value_or(policy.domain);
  policy.nonexistent = record.nonexistent_policy.value_or(policy.subdomains);
  if (record.testing.value_or(false)) {
    for (DmarcAction* action : {&policy.domain, &policy.subdomains, &policy.nonexistent}) {
      *action = *action == DmarcAction::reject ? DmarcAction::quarantine : DmarcAction::none;
    }
  }
  return policy;
}

bool is_aligned(DmarcAlignment mode, const dns::Name& author, const dns::Name& author_organization,
                const dns::Name& identifier, const dns::Name& identifier_organization) {
  if (mode == DmarcAlignment::strict) return author == identifier;
  return author_organization == identifier_organization;
}

base::Parsed<dns::Name> report_authorization_name(const dns::Name& policy_domain,
                                                  const dns::Name& destination) {
  std::vector<std::string> labels = policy_domain.labels();
  labels.emplace_back("_report");
  labels.emplace_back("_dmarc");
  dns::Name name = destination;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    auto longer = name.child(*label);
    if (!longer) {
      return base::Fault{"the name by which " + destination.display() +
                             " would agree to reports is too long for DNS",
                         "have reports sent to a domain of your own"};
    }
    name = *std::move(longer);
  }
  return name;
}

std::vector<ExternalReport> external_reports(const DmarcRecord& record,
                                             const dns::Name& policy_domain) {
  std::vector<ExternalReport> result;
  std::vector<ReportUri> uris = record.rua;
  uris.insert(uris.end(), record.ruf.begin(), record.ruf.end());
  for (const ReportUri& uri : uris) {
    const auto host = dns::Name::parse_absolute(uri.host());
    if (uri.host().empty() || !host) continue;
    if (host->is_at_or_below(policy_domain) || policy_domain.is_at_or_below(*host)) continue;
    const bool known = std::any_of(result.begin(), result.end(), [&](const ExternalReport& one) {
      return one.destination == *host;
    });
    if (known) continue;
    const auto name = report_authorization_name(policy_domain, *host);
    result.push_back({*host, name ? std::optional(*name) : std::nullopt});
  }
  return result;
}

}  // namespace mxsmith::mail
