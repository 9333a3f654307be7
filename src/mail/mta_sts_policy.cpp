// Reading MTA-STS policy files.
#include <algorithm>

#include "base/text.hpp"
#include "mail/mta_sts.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

/// RFC 8461 section 3.3 lets senders stop reading there.
constexpr std::size_t kLargestPolicy = 65536;
/// One day: what is shorter protects hardly longer than the record's own TTL.
constexpr std::uint32_t kShortAge = 86400;
/// One week.
constexpr std::uint32_t kLongTest = 604800;

struct Field {
  std::string_view name;
  std::string_view value;
  Span at;
  Span value_at;
};

class Reader {
 public:
  explicit Reader(Reading<MtaStsPolicy>& reading)
      : reading_(reading), policy_(reading.value), findings_(reading.findings) {
    policy_.mode = MtaStsMode::none;
    policy_.max_age = 0;
  }

  void read() {
    const std::string_view text = reading_.text;
    if (text.size() > kLargestPolicy) {
      findings_.error("sts-policy-size", {kLargestPolicy, text.size() - kLargestPolicy},
                      "over 64 KiB", "senders need not read more");
      return;
    }
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      line(text.substr(at, end - at), at);
      at = end + 1;
    }
    check_whole();
  }

 private:
  void error(Span at, std::string message, std::string hint = {}) {
    findings_.error("sts-policy-syntax", at, std::move(message), std::move(hint));
  }
  [[nodiscard]] Span whole() const { return {0, reading_.text.size()}; }

  void line(std::string_view text, std::size_t offset) {
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    const std::size_t end = text.find_last_not_of(" \t");
    const std::string_view kept = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
    const std::size_t colon = kept.find(':');
    if (kept.empty()) {
      findings_.warning("sts-policy-line", {offset, text.size()}, "an empty line", "drop it");
      return;
    }
    if (colon == std::string_view::npos) {
      return error({offset, text.size()}, "a line without \":\"", "each line is NAME: VALUE");
    }
    Field field;
    field.name = kept.substr(0, colon);
    const std::size_t begin = std::min(kept.find_first_not_of(" \t", colon + 1), kept.size());
    field.value = kept.substr(begin);
    field.at = {offset, kept.size()};
    field.value_at = {offset + begin, field.value.size()};
    take(field);
  }

  void take(const Field& field) {
    if (field.name == "mx") return take_mx(field);
    const bool known = field.name == "version" || field.name == "mode" || field.name == "max_age";
    if (!known && !is_extension_name(field.name)) {
      return error(field.at, "\"" + std::string(field.name) + "\" is no name for a field");
    }
    if (std::find(seen_.begin(), seen_.end(), field.name) != seen_.end()) {
      // RFC 8461 section 3.2: all but the first are ignored.
      findings_.warning("sts-duplicate", field.at,
                        "a second " + std::string(field.name) + " is ignored", "drop it");
      return;
    }
    seen_.push_back(field.name);
    if (field.name == "version") return take_version(field);
    if (field.name == "mode") return take_mode(field);
    if (field.name == "max_age") return take_max_age(field);
    if (field.value.empty() || std::any_of(field.value.begin(), field.value.end(), is_control)) {
      return error(field.at, "the value of " + std::string(field.name) + " is not allowed");
    }
    policy_.extensions.emplace_back(field.name, field.value);
  }

  static bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

  void take_version(const Field& field) {
    if (field.value == "STSv1") return;
    error(field.value_at, "version " + std::string(field.value) + " where only STSv1 is known",
          "version: STSv1");
  }

  void take_mode(const Field& field) {
    const auto mode = parse_mode(field.value);
    if (mode) {
      policy_.mode = *mode;
    } else {
      error(field.value_at, "mode " + std::string(field.value) + " is not known",
            "enforce, testing or none");
    }
  }

  void take_max_age(const Field& field) {
    std::uint64_t seconds = 0;
    const bool digits = !field.value.empty() && field.value.size() <= 10 &&
                        std::all_of(field.value.begin(), field.value.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) {
      return error(field.value_at, "max_age is not a number of at most ten digits",
                   "max_age: 604800");
    }
    for (const char c : field.value) seconds = seconds * 10 + static_cast<std::uint64_t>(c - '0');
    if (seconds > MtaStsPolicy::kLongestAge) {
      findings_.error("sts-max-age", field.value_at,
                      "max_age " + std::string(field.value) + " is over a year (31557600)",
                      "senders may ignore the policy");
    }
    max_age_at_ = field.value_at;
    policy_.max_age =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(seconds, MtaStsPolicy::kLongestAge));
  }

  void take_mx(const Field& field) {
    const auto pattern = parse_mx_pattern(field.value);
    if (!pattern) {
      findings_.error("sts-mx-syntax", field.value_at, pattern.fault().message,
                      pattern.fault().hint);
      return;
    }
    const bool again =
        std::find(policy_.mx.begin(), policy_.mx.end(), *pattern) != policy_.mx.end();
    if (again) {
      findings_.info("sts-mx-duplicate", field.at, "the same host a second time", "drop it");
    }
    policy_.mx.push_back(*pattern);
  }

  void check_whole() {
    for (const std::string_view name : {"version", "mode", "max_age"}) {
      if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) continue;
      error(whole(), "there is no " + std::string(name), "each policy has one");
    }
    if (!seen_.empty() && seen_.front() != "version") {
      findings_.info("sts-policy-order", whole(), "version is not the first field");
    }
    if (policy_.mode != MtaStsMode::none && policy_.mx.empty()) {
      error(whole(), "the policy names no mx", "one line for each host, or *.example.com");
    }
    // Where max_age could not be read, that has been told.
    if (!max_age_at_) return;
    const Findings ages = check_mta_sts_policy(policy_);
    for (const Finding& finding : ages.all()) {
      findings_.add(finding.severity, finding.rule, *max_age_at_, finding.message, finding.hint);
    }
  }

  Reading<MtaStsPolicy>& reading_;
  MtaStsPolicy& policy_;
  Findings& findings_;
  std::vector<std::string_view> seen_;
  std::optional<Span> max_age_at_;
};

}  // namespace

Findings check_mta_sts_policy(const MtaStsPolicy& policy) {
  Findings findings;
  if (policy.mode == MtaStsMode::enforce && policy.max_age < kShortAge) {
    findings.warning("sts-max-age-low", {}, "max_age is under a day: an attacker need only wait",
                     "weeks are usual, once the policy is settled");
  }
  if (policy.mode == MtaStsMode::testing && policy.max_age > kLongTest) {
    findings.info("sts-max-age-high", {},
                  "max_age is over a week, and a policy that is being tested still changes",
                  "a day to a week, as long as the mode is testing");
  }
  return findings;
}

Reading<MtaStsPolicy> read_mta_sts_policy(std::string_view text) {
  Reading<MtaStsPolicy> reading;
  reading.text = text;
  Reader(reading).read();
  return reading;
}

std::optional<MtaStsPolicy> parse_mta_sts_policy(std::string_view text) {
  return read_mta_sts_policy(text).without_errors();
}

}  // namespace mxsmith::mail
