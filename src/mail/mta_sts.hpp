// MTA-STS (RFC 8461): the TXT record that announces a policy, the policy file, and which hosts a
// policy lets mail be sent to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/parsed.hpp"
#include "dns/name.hpp"
#include "mail/difference.hpp"
#include "mail/finding.hpp"

namespace mxsmith::mail {

/// Fields that this program does not know, as spelled.
using ExtensionFields = std::vector<std::pair<std::string, std::string>>;

/// The TXT record at _mta-sts (section 3.1).
struct MtaStsRecord {
  std::string id;  ///< 1 to 32 letters and digits; senders fetch the policy again when it changes.
  ExtensionFields extensions;
  friend bool operator==(const MtaStsRecord&, const MtaStsRecord&) = default;
};
/// Nothing when senders ignore the value: they take a faulty record for none.
std::optional<MtaStsRecord> parse_mta_sts_record(std::string_view octets);
Reading<MtaStsRecord> read_mta_sts_record(std::string_view octets);
std::string print_mta_sts_record(const MtaStsRecord& record);

/// Ordered by how much it asks of senders.
enum class MtaStsMode : std::uint8_t { none, testing, enforce };
std::string_view mode_word(MtaStsMode mode);
std::optional<MtaStsMode> parse_mode(std::string_view word);  ///< Letter case counts.

/// A host that mail may go to: its name, or "*." and the name of its parent (section 4.1).
struct MxPattern {
  bool wildcard = false;
  dns::Name name;  ///< Without the "*".

  /// Whether the exchange of an MX record is meant: "*" stands for exactly one label.
  [[nodiscard]] bool matches(const dns::Name& exchange) const;
  [[nodiscard]] std::string text() const;  ///< "*.example.com", without final dot.
  friend bool operator==(const MxPattern&, const MxPattern&) = default;
};
base::Parsed<MxPattern> parse_mx_pattern(std::string_view text);

/// The policy file (section 3.2).
struct MtaStsPolicy {
  static constexpr std::uint32_t kLongestAge = 31557600;  ///< One year, in seconds.
  MtaStsMode mode = MtaStsMode::testing;
  std::uint32_t max_age = 604800;  ///< Seconds, at most kLongestAge.
  std::vector<MxPattern> mx;       ///< Not empty, unless the mode is none.
  ExtensionFields extensions = {};

  [[nodiscard]] bool allows(const dns::Name& exchange) const;
  friend bool operator==(const MtaStsPolicy&, const MtaStsPolicy&) = default;
};
/// Nothing when senders cannot use the text. Lines may end in LF or CRLF.
std::optional<MtaStsPolicy> parse_mta_sts_policy(std::string_view text);
Reading<MtaStsPolicy> read_mta_sts_policy(std::string_view text);
/// What is to be said of how long a policy is remembered, without places. Rules sts-max-age-low,
/// sts-max-age-high.
Findings check_mta_sts_policy(const MtaStsPolicy& policy);
/// Lines end in CRLF.
std::string print_mta_sts_policy(const MtaStsPolicy& policy);
/// 20 alphanumeric signs from the SHA-256 of the policy text (at most 32 are allowed).
std::string mta_sts_id(const MtaStsPolicy& policy);
/// The record that announces the policy.
std::string print_mta_sts_record(const MtaStsPolicy& policy);

/// What changes for those who send to the domain: mode, hosts that may no longer get mail, how long
/// the policy is remembered.
Differences compare_mta_sts(const MtaStsPolicy& before, const MtaStsPolicy& after);

}  // namespace mxsmith::mail
