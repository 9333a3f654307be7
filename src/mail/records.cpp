// Policies in their published form: DMARC, MTA-STS, TLS-RPT.
#include "mail/records.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

namespace mxsmith::mail {

std::string print_dmarc(const DmarcPolicy& policy) {
  std::string record = "v=DMARC1";
  const auto tag = [&record](std::string_view name, const std::optional<std::string>& value) {
    if (value && !value->empty()) record.append("; ").append(name).append("=").append(*value);
  };
  tag("p", policy.policy);
  tag("sp", policy.subdomain_policy);
  tag("np", policy.nonexistent_policy);
  tag("adkim", policy.dkim_alignment);
  tag("aspf", policy.spf_alignment);
  tag("fo", policy.failure_options);
  tag("rua", base::join(policy.rua, ","));
  tag("ruf", base::join(policy.ruf, ","));
  if (policy.testing) tag("t", *policy.testing ? "y" : "n");
  tag("psd", policy.public_suffix);
  return record;
}

std::optional<int> dmarc_strictness(std::string_view policy_word) {
  const std::string word = base::to_lower(policy_word);
  if (word == "none") return 0;
  if (word == "quarantine") return 1;
  if (word == "reject") return 2;
  return {};
}

// RFC 8461 section 3.2: one field a line, lines end in CRLF or LF; CRLF is what its example has.
std::string print_mta_sts_policy(const MtaStsPolicy& policy) {
  std::string text = "version: STSv1\r\nmode: " + policy.mode + "\r\n";
  for (const auto& host : policy.mx) text += "mx: " + host + "\r\n";
  text += "max_age: " + std::to_string(policy.max_age) + "\r\n";
  return text;
}

std::string mta_sts_id(const MtaStsPolicy& policy) {
  return base::sha256_hex(print_mta_sts_policy(policy)).substr(0, 20);
}

std::string print_mta_sts_record(const MtaStsPolicy& policy) {
  return "v=STSv1; id=" + mta_sts_id(policy);
}

std::string print_tls_rpt(const std::vector<std::string>& rua) {
  return "v=TLSRPTv1; rua=" + base::join(rua, ",");
}

}  // namespace mxsmith::mail
