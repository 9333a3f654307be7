// MTA-STS: the TXT record, the patterns and what follows from a policy.
#include "mail/mta_sts.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"none", "testing", "enforce"};
constexpr std::size_t kLongestId = 32;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

/// A host name: letters, digits and hyphens, no hyphen at an end of a label.
bool is_host_name(std::string_view text) {
  const auto labels = base::split(text, '.');
  return labels.size() > 1 && std::all_of(labels.begin(), labels.end(), [](const auto& label) {
           const auto is_sign = [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-';
           };
           return !label.empty() && label.front() != '-' && label.back() != '-' &&
                  std::all_of(label.begin(), label.end(), is_sign);
         });
}

void check_field(const Tag& tag, Findings& findings) {
  if (tag.bare) {
    findings.error("sts-record-syntax", tag.at, "\"" + tag.name + "\" is no field",
                   "fields are NAME=VALUE, separated by semicolons");
  } else if (tag.value_at.offset != tag.at.offset + tag.name.size() + 1) {
    findings.error("sts-record-syntax", tag.at, "white space around \"=\"", "drop it");
  } else if (tag.name != "id" && !is_extension_name(tag.name)) {
    findings.error("sts-record-syntax", tag.at, "\"" + tag.name + "\" is no name for a field");
  } else if (tag.name != "id" && !is_extension_value(tag.value)) {
    findings.error("sts-record-syntax", tag.at, "the value of " + tag.name + "= is not allowed",
                   "one sign at least, no spaces and no \"=\"");
  }
}

void check_id(const Tag* id, Reading<MtaStsRecord>& reading) {
  if (id == nullptr) {
    reading.findings.error("sts-id", {0, reading.text.size()},
                           "there is no id=", "id= changes whenever the policy does");
  } else if (!is_id(id->value)) {
    reading.findings.error("sts-id", id->value_at,
                           "id=" + id->value + " is not 1 to 32 letters and digits",
                           "id=20260101000000, for example");
  } else {
    reading.value.id = id->value;
  }
}

std::string age_words(std::uint32_t seconds) { return std::to_string(seconds) + " seconds"; }

}  // namespace

Reading<MtaStsRecord> read_mta_sts_record(std::string_view octets) {
  Reading<MtaStsRecord> reading;
  reading.text = octets;
  check_text(octets, reading.findings);
  if (!is_mta_sts(octets)) {
    reading.findings.error("sts-version", {0, std::min<std::size_t>(octets.size(), 7)},
                           "senders ignore the record: it does not begin with v=STSv1;",
                           "v=STSv1; in exactly these letters stands at the very beginning");
    return reading;
  }
  const TagList tags = parse_tag_list(octets);
  for (const Span& at : tags.empty_pieces) {
    reading.findings.error("sts-record-syntax", at, "nothing stands between two semicolons",
                           "drop one of them");
  }
  const Tag* id = nullptr;
  for (std::size_t i = 1; i < tags.tags.size(); ++i) {
    const Tag& tag = tags.tags[i];
    check_field(tag, reading.findings);
    const bool again =
        std::any_of(tags.tags.begin() + 1, tags.tags.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const Tag& other) { return other.name == tag.name; });
    // RFC 8461 section 3.2: of a field that stands twice the first counts.
    if (again) {
      reading.findings.warning("sts-duplicate", tag.at, "a second " + tag.name + "= is ignored",
                               "drop it");
    } else if (tag.name == "id") {
      id = &tag;
    } else {
      reading.value.extensions.emplace_back(tag.name, tag.value);
    }
  }
  check_id(id, reading);
  if (octets.size() > 7 && octets[7] != ';') {
    reading.findings.warning("sts-record-spacing", {7, 1},
                             "white space before the first semicolon: some senders look for "
                             "v=STSv1; and ignore the record",
                             "v=STSv1; without a space");
  }
  return reading;
}

std::optional<MtaStsRecord> parse_mta_sts_record(std::string_view octets) {
  return read_mta_sts_record(octets).without_errors();
}

std::string print_mta_sts_record(const MtaStsRecord& record) {
  std::string text = "v=STSv1; id=" + record.id;
  for (const auto& [name, value] : record.extensions) {
    text.append("; ").append(name).append("=").append(value);
  }
  return text;
}

std::string_view mode_word(MtaStsMode mode) { return kModes.at(static_cast<std::size_t>(mode)); }

std::optional<MtaStsMode> parse_mode(std::string_view word) {
  for (std::size_t i = 0; i < kModes.size(); ++i) {
    if (kModes.at(i) == word) return static_cast<MtaStsMode>(i);
  }
  return {};
}

bool MxPattern::matches(const dns::Name& exchange) const {
  if (exchange.is_root()) return false;
  return wildcard ? exchange.parent() == name : exchange == name;
}

std::string MxPattern::text() const {
  std::string host = name.text();
  if (host.size() > 1) host.pop_back();
  return wildcard ? "*." + host : host;
}

base::Parsed<MxPattern> parse_mx_pattern(std::string_view text) {
  MxPattern pattern;
  std::string_view host = text;
  if (host.substr(0, 2) == "*.") {
    pattern.wildcard = true;
    host.remove_prefix(2);
  }
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  const auto name = dns::Name::parse_absolute(host);
  if (is_host_name(host) && name) {
    pattern.name = *name;
    return pattern;
  }
  const std::string shown = "\"" + std::string(text) + "\"";
  if (host.find('*') != std::string_view::npos) {
    return base::Fault{shown + " has a \"*\" that is not its whole first label",
                       "*.example.com stands for all hosts directly below example.com"};
  }
  return base::Fault{shown + " is not the name of a host",
                     "mail.example.com or *.example.com; letters beyond ASCII as A-labels"};
}

bool MtaStsPolicy::allows(const dns::Name& exchange) const {
  return std::any_of(mx.begin(), mx.end(),
                     [&](const MxPattern& pattern) { return pattern.matches(exchange); });
}

// RFC 8461 section 3.2: one field a line, lines end in CRLF or LF; CRLF is what its example has.
std::string print_mta_sts_policy(const MtaStsPolicy& policy) {
  std::string text = "version: STSv1\r\nmode: ";
  text.append(mode_word(policy.mode)).append("\r\n");
  for (const auto& pattern : policy.mx) text.append("mx: ").append(pattern.text()).append("\r\n");
  text.append("max_age: ").append(std::to_string(policy.max_age)).append("\r\n");
  for (const auto& [name, value] : policy.extensions) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text;
}

std::string mta_sts_id(const MtaStsPolicy& policy) {
  return base::sha256_hex(print_mta_sts_policy(policy)).substr(0, 20);
}

std::string print_mta_sts_record(const MtaStsPolicy& policy) {
  return print_mta_sts_record(MtaStsRecord{mta_sts_id(policy), {}});
}

Differences compare_mta_sts(const MtaStsPolicy& before, const MtaStsPolicy& after) {
  using Effect = Difference::Effect;
  Differences result;
  if (before.mode != after.mode) {
    result.push_back({after.mode < before.mode ? Effect::weaker : Effect::stricter, "mode",
                      "mode " + std::string(mode_word(after.mode)) + " instead of " +
                          std::string(mode_word(before.mode)),
                      "mail to the domain"});
  }
  const auto missing = [](const MtaStsPolicy& from, const MtaStsPolicy& in) {
    std::vector<std::string> names;
    for (const MxPattern& pattern : from.mx) {
      const bool there = std::find(in.mx.begin(), in.mx.end(), pattern) != in.mx.end() ||
                         (!pattern.wildcard && in.allows(pattern.name));
      if (!there) names.push_back(pattern.text());
    }
    return names;
  };
  if (const auto lost = missing(before, after); !lost.empty()) {
    result.push_back({Effect::stricter, "mx",
                      "no longer a host of the policy: " + base::join(lost, ", "),
                      "mail that is sent there"});
  }
  if (const auto gained = missing(after, before); !gained.empty()) {
    result.push_back(
        {Effect::neutral, "mx", "new host of the policy: " + base::join(gained, ", "), {}});
  }
  if (before.max_age != after.max_age) {
    result.push_back({after.max_age < before.max_age ? Effect::weaker : Effect::stricter, "max_age",
                      "senders remember the policy for " + age_words(after.max_age) +
                          " instead of " + age_words(before.max_age),
                      "mail to the domain"});
  }
  return result;
}

}  // namespace mxsmith::mail
