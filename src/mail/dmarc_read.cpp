// What is to be said of a DMARC record by itself.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "mail/dmarc_tags.hpp"

namespace mxsmith::mail {
namespace {

/// The tags of RFC 9989 section 4.7, and those of RFC 7489 section 6.3 that it dropped.
constexpr std::array<std::string_view, 11> kTags = {"v",   "p",   "sp", "np", "adkim", "aspf",
                                                    "rua", "ruf", "fo", "t",  "psd"};
constexpr std::array<std::string_view, 3> kDroppedTags = {"pct", "rf", "ri"};
/// RFC 7489 section 6.2 asks receivers for two.
constexpr std::size_t kManyUris = 2;

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

class Reader {
 public:
  explicit Reader(Reading<DmarcRecord>& reading)
      : reading_(reading),
        record_(reading.value),
        findings_(reading.findings),
        tags_(parse_tag_list(reading.text)) {}

  void read() {
    check_text(reading_.text, findings_);
    if (!is_dmarc(reading_.text)) return not_a_record();
    check_tags(tags_, "dmarc-tag-syntax", "dmarc-dup-tag", findings_);
    record_ = dmarc_record_of(tags_);
    check_style();
    check_names();
    check_policies();
    check_strength();
    check_words();
    check_uris("rua", "dmarc-rua-uri");
    check_uris("ruf", "dmarc-ruf-uri");
    check_reports();
    check_dropped();
  }

 private:
  [[nodiscard]] const Tag* tag(std::string_view name) const {
    return tags_.find_ignoring_case(name);
  }
  [[nodiscard]] Span place(std::string_view name) const {
    const Tag* found = tag(name);
    return found == nullptr ? Span{0, reading_.text.size()} : found->at;
  }

  void not_a_record() {
    findings_.error("dmarc-version", {0, std::min<std::size_t>(reading_.text.size(), 8)},
                    "receivers ignore the record: it does not begin with v=DMARC1",
                    "v=DMARC1; in exactly these letters stands at the very beginning");
  }

  void check_style() {
    for (const Tag& one : tags_.tags) {
      if (one.bare) continue;
      const std::size_t name_end = one.at.offset + one.name.size();
      const std::size_t end = one.value_at.offset + one.value_at.length;
      const bool spaced = one.value_at.offset != name_end + 1 ||
                          (end < reading_.text.size() && reading_.text[end] == ' ' &&
                           reading_.text.find(';', end) != std::string::npos);
      if (spaced) {
        findings_.info("dmarc-whitespace-style", one.at,
                       "white space around \"=\" or before \";\", which is legal and unusual");
        break;
      }
    }
    for (const std::string_view name : {"p", "sp", "np", "adkim", "aspf", "t", "psd"}) {
      const Tag* one = tag(name);
      if (one == nullptr) continue;
      if (base::to_lower(one->value) != one->value || base::to_lower(one->name) != one->name) {
        findings_.info("dmarc-case-style", one->at, "capital letters, which are legal and unusual");
      }
    }
  }

  void check_names() {
    for (const Tag& one : tags_.tags) {
      if (one.bare || one.name.empty() || is_one_of(kTags, one.name) ||
          is_one_of(kDroppedTags, one.name)) {
        continue;
      }
      findings_.warning("dmarc-unknown-tag", one.at,
                        "receivers ignore " + one.name + "=, which DMARC does not know", "drop it");
    }
  }

  void check_policies() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPolicies = {
        {{"p", "dmarc-p-value"}, {"sp", "dmarc-sp-value"}, {"np", "dmarc-np-value"}}};
    const bool reports = has_usable_uri(record_.rua);
    const std::string outcome =
        reports ? ", so the whole record counts as p=none" : ", so there is no DMARC at all";
    for (const auto& [name, rule] : kPolicies) {
      const Tag* one = tag(name);
      if (one == nullptr || parse_action(one->value)) continue;
      findings_.error(rule, one->value_at, one->name + "=" + one->value + " is no policy" + outcome,
                      "none, quarantine or reject");
    }
    const Tag* p = tag("p");
    if (p == nullptr) {
      findings_.add(reports ? base::Severity::warning : base::Severity::error, "dmarc-p-missing",
                    {0, reading_.text.size()}, "there is no p=" + outcome, "p=none at least");
    } else if (tags_.tags.size() < 2 || &tags_.tags[1] != p) {
      findings_.info("dmarc-p-order", p->at,
                     "p= does not stand directly behind v=, as receivers of RFC 7489 expect it");
    }
  }

  void check_strength() {
    if (!record_.policy || !record_.bad_policy.empty()) return;
    const DmarcAction policy = *record_.policy;
    if (policy == DmarcAction::none) {
      findings_.warning("dmarc-policy-none", place("p"),
                        "p=none asks receivers to do nothing with forged mail",
                        "go on to quarantine once reports show that all your mail passes");
    }
    const DmarcAction subdomains = record_.subdomain_policy.value_or(policy);
    if (subdomains < policy) {
      findings_.warning("dmarc-sp-weaker", place("sp"),
                        "subdomains are protected less than the domain", "drop sp=");
    }
    if (record_.nonexistent_policy && *record_.nonexistent_policy < subdomains) {
      findings_.warning("dmarc-np-weaker", place("np"),
                        "names that do not exist are protected less than those that do",
                        "np=reject harms no mail of yours");
    }
    if (record_.testing.value_or(false)) {
      findings_.warning("dmarc-test-mode", place("t"), "t=y takes one level off each policy",
                        "take it out when the test is over");
    }
  }

  void check_words() {
    for (const std::string_view name : {"adkim", "aspf"}) {
      const Tag* one = tag(name);
      const auto& mode = name == "adkim" ? record_.dkim_alignment : record_.spf_alignment;
      if (one == nullptr || mode) continue;
      findings_.warning("dmarc-align-value", one->value_at,
                        one->name + "=" + one->value + " is ignored, alignment is relaxed",
                        "r or s");
    }
    if (const Tag* one = tag("t"); one != nullptr && !record_.testing) {
      findings_.warning("dmarc-t-value", one->value_at, "t=" + one->value + " is ignored",
                        "y or n");
    }
    check_public_suffix();
    const Tag* options = tag("fo");
    if (options == nullptr) return;
    if (!is_failure_options(options->value)) {
      findings_.warning("dmarc-fo-value", options->value_at, "fo=" + options->value + " is ignored",
                        "0 or 1, with d and s if wanted: fo=1:d:s");
    }
    if (tag("ruf") == nullptr) {
      findings_.info("dmarc-fo-without-ruf", options->at, "fo= means nothing without ruf=");
    }
  }

  void check_public_suffix() {
    const Tag* one = tag("psd");
    if (one == nullptr) return;
    if (!record_.public_suffix) {
      findings_.warning("dmarc-psd-value", one->value_at, "psd=" + one->value + " is ignored",
                        "drop it");
    } else if (*record_.public_suffix == PublicSuffix::yes) {
      findings_.error("dmarc-psd-y", one->at,
                      "psd=y says that domains are registered below this one",
                      "only operators of public suffixes publish it; drop it");
    } else if (*record_.public_suffix == PublicSuffix::no) {
      findings_.warning("dmarc-psd-present", one->at,
                        "psd=n makes this name an organization of its own, apart from its parent");
    }
  }

  void check_uris(std::string_view name, std::string_view rule) {
    const Tag* list = tag(name);
    if (list == nullptr) return;
    const auto uris = parse_report_uris(*list);
    if (uris.empty()) {
      findings_.error(rule, list->at, list->name + "= names no address", "drop it");
    }
    for (const PlacedUri& one : uris) {
      if (const auto fault = one.uri.fault()) {
        findings_.error(rule, one.at.from(fault->offset), fault->message, fault->hint);
      } else if (one.uri.scheme() != "mailto") {
        findings_.warning("dmarc-rua-scheme", one.at,
                          "receivers need not send reports to " + one.uri.scheme() + ":",
                          "mailto: is what all of them know");
      }
      if (!one.uri.size_limit.empty()) {
        findings_.info("dmarc-size-suffix", one.at,
                       "receivers ignore the size limit !" + one.uri.size_limit, "drop it");
      }
    }
  }

  void check_reports() {
    if (tag("rua") == nullptr) {
      findings_.warning("dmarc-no-rua", {0, reading_.text.size()},
                        "nobody sends reports, as there is no rua=",
                        "rua=mailto:... shows who sends in this domain's name");
    } else if (record_.rua.size() > kManyUris) {
      findings_.warning("dmarc-rua-many", place("rua"),
                        "some receivers send reports to the first two addresses only");
    }
    if (!record_.ruf.empty()) {
      findings_.info("dmarc-ruf-privacy", place("ruf"),
                     "reports of single messages may hold what people wrote");
    }
  }

  /// What became of them: RFC 9989 appendix A.6.
  void check_dropped() {
    if (const Tag* one = tag("pct")) {
      findings_.warning("dmarc-removed-tag", one->at,
                        "pct= is no longer part of DMARC: the policy holds for all mail, and only "
                        "old receivers take a share of it",
                        "t=y takes the place of pct=0; drop any other");
      const bool enforces = record_.policy.value_or(DmarcAction::none) != DmarcAction::none;
      if (record_.percent == 0U && enforces) {
        findings_.error("dmarc-pct-zero", one->at,
                        "old receivers read pct=0 as no enforcement, new ones enforce in full",
                        "t=y instead of pct=0, or p=none");
      }
    }
    if (const Tag* one = tag("rf")) {
      findings_.warning("dmarc-removed-tag", one->at,
                        "rf= is no longer part of DMARC: there is one format of failure reports",
                        "drop it");
    }
    if (const Tag* one = tag("ri")) {
      findings_.warning("dmarc-removed-tag", one->at,
                        "ri= is no longer part of DMARC: receivers report once a day", "drop it");
    }
  }

  Reading<DmarcRecord>& reading_;
  DmarcRecord& record_;
  Findings& findings_;
  TagList tags_;
};

}  // namespace

Reading<DmarcRecord> read_dmarc(std::string_view octets) {
  Reading<DmarcRecord> reading;
  reading.text = octets;
  Reader(reading).read();
  return reading;
}

}  // namespace mxsmith::mail
