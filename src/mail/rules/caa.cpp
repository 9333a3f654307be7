// Rules about CAA records (RFC 8659) as far as certificates for mail need them.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/every_set.hpp"
#include "mail/rules/record_findings.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint8_t kCritical = 128;

constexpr std::array<std::string_view, 7> kTags = {
    "issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"};

bool names_issuer(std::string_view tag) { return tag.substr(0, 5) == "issue"; }

/// What stands before the first ";": the authority's domain, or nothing.
std::string_view issuer_of(const dns::Caa& caa) {
  return base::trim(std::string_view(caa.value).substr(0, caa.value.find(';')));
}

/// issuer-domain-name of RFC 8659 section 4.2, and at least two labels, as every authority has.
bool is_issuer(std::string_view text) {
  const auto labels = base::split(text, '.');
  return labels.size() > 1 && std::all_of(labels.begin(), labels.end(), [](const auto& label) {
           return !label.empty() && label.front() != '-' && label.back() != '-' &&
                  std::all_of(label.begin(), label.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-';
                  });
         });
}

/// The parameters of RFC 8659 section 4.2 behind the first ";": TAG=VALUE, apart by ";".
bool has_good_parameters(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  if (semicolon == std::string_view::npos) return true;
  const auto pieces = base::split(value.substr(semicolon + 1), ';');
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view piece = base::trim(pieces[i]);
    if (piece.empty() && i + 1 == pieces.size()) continue;
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos || base::trim(piece.substr(0, equals)).empty()) {
      return false;
    }
  }
  return true;
}

void judge_value(Judged& judged, const dns::RRset& set, std::size_t at, const dns::Caa& caa) {
  const std::string_view tag = caa.tag;
  if (names_issuer(tag)) {
    const std::string_view issuer = issuer_of(caa);
    if (!issuer.empty() && !is_issuer(issuer)) {
      judged.tell("caa-syntax", subject_of(set, at),
                  "\"" + std::string(issuer) + "\" is no domain of a certification authority, so " +
                      std::string(tag) + " allows nobody",
                  "\"letsencrypt.org\", for example; the authority says which");
    } else if (!has_good_parameters(caa.value)) {
      judged.tell("caa-syntax", subject_of(set, at),
                  "what stands behind the semicolon is not NAME=VALUE, so nobody may issue");
    }
  } else if (tag == "iodef") {
    const std::string value = base::to_lower(caa.value);
    const auto begins = [&](std::string_view scheme) { return value.rfind(scheme, 0) == 0; };
    if (!begins("mailto:") && !begins("https://") && !begins("http://")) {
      judged.tell("caa-syntax", subject_of(set, at),
                  "iodef is no address that reports can be sent to", "mailto:security@example.com");
    }
  }
}

/// The set that holds for a name (RFC 8659 section 3): its own, else that of the nearest name above
/// that has one. Empty when none has.
struct RelevantCaa {
  std::vector<dns::Caa> set = {};
  std::string unknown = {};  ///< Why it is not known, a phrase; or empty.
};
RelevantCaa relevant_caa(const dns::Name& name, Resolver& resolver) {
  for (dns::Name at = name; !at.is_root() && !is_registry(at); at = at.parent()) {
    const Answer answer = resolver.lookup(at, dns::Type::CAA);
    if (answer.is_void()) continue;
    if (answer.status != LookupStatus::found) return {{}, at.display() + ": " + answer.reason};
    RelevantCaa relevant;
    relevant.set.reserve(answer.values.size());
    for (const dns::Rdata& value : answer.values) {
      if (const auto* caa = std::get_if<dns::Caa>(&value)) relevant.set.push_back(*caa);
    }
    return relevant;
  }
  return {};
}

/// Whether properties of that tag are there and allow no authority at all.
bool forbids_all(const std::vector<dns::Caa>& set, std::string_view tag) {
  bool there = false;
  for (const dns::Caa& caa : set) {
    if (std::string_view(caa.tag) != tag) continue;
    there = true;
    if (is_issuer(issuer_of(caa))) return false;
  }
  return there;
}

void judge_host(Judged& judged, const dns::Name& host, const std::string& why) {
  const RelevantCaa relevant = relevant_caa(host, judged.resolver);
  const Subject subject = Subject::missing(host, dns::Type::CAA);
  if (!relevant.unknown.empty()) judged.not_checked("caa-mail-host", subject, relevant.unknown);
  if (!forbids_all(relevant.set, "issue")) return;
  judged.tell("caa-mail-host", subject,
              "no authority may issue a certificate for " + host.display() + ", " + why,
              "an issue record for the authority that does");
}

void judge_hosts(Judged& judged) {
  const dns::Name& apex = judged.zone.apex();
  for (const MtaStsPlace& place : judged.zone.mta_sts) {
    const auto host = place.domain.child("mta-sts");
    if (!host) continue;
    if (judged.zone.alias_at(*host) == nullptr) {
      judge_host(judged, *host, "which senders ask for the MTA-STS policy");
      continue;
    }
    const Answer answer = judged.resolver.lookup(*host, dns::Type::CAA);
    if (answer.status == LookupStatus::found) {
      judged.tell("caa-cname-trap", Subject::of({*host, dns::Type::CNAME}),
                  "CAA of " + answer.aliases.back().display() + " holds here, not the zone's own");
    } else if (!answer.is_void()) {
      judged.not_checked("caa-cname-trap", Subject::of({*host, dns::Type::CNAME}), answer.reason);
    }
  }
  const MxPlace* mx = judged.zone.mx_of(apex);
  if (mx == nullptr) return;
  for (const dns::Mx& one : mx->records) {
    if (!one.is_null() && one.exchange.is_at_or_below(apex)) {
      judge_host(judged, one.exchange, "which takes the mail");
    }
  }
}

void judge_mark(Judged& judged) {
  for (const BimiPlace& place : judged.zone.bimi) {
    if (place.reading.value.authority.value_or("").empty()) continue;
    const RelevantCaa relevant = relevant_caa(place.domain, judged.resolver);
    if (!relevant.unknown.empty()) {
      judged.not_checked("caa-vmc", Subject::of(place.at), relevant.unknown);
    }
    if (!forbids_all(relevant.set, "issuevmc")) continue;
    judged.tell("caa-vmc", Subject::of(place.at),
                "issuevmc of the CAA set allows no authority to issue a mark certificate");
  }
}

constexpr std::array kRules = {
    Rule{"caa-cname-trap", Severity::info, RuleNeeds::lookups, "RFC 8659 section 3",
         "The name mta-sts.DOMAIN is an alias, and the CAA set of its target holds.",
         "Authorities look at the target of a CNAME first. What your zone allows or forbids does "
         "not count there, which is right if whoever runs the target also gets the certificate.",
         judge_hosts,
         "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts CNAME sts.example.net.\n"
         "sts.example.net. A 192.0.2.1\nsts.example.net. CAA 0 issue \"ca.example.net\"",
         "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts CNAME sts.example.net.\n"
         "sts.example.net. A 192.0.2.1"},
    Rule{"caa-mail-host", Severity::warning, RuleNeeds::nothing, "RFC 8659 section 4.2",
         "CAA lets no authority issue a certificate that mail needs.",
         "Renewal will fail, and then MTA-STS does. Allow the authority that issues it with an "
         "issue record at that name. Which one that is, no check of this program finds out.",
         judge_hosts, "@ CAA 0 issue \";\"\n@ MX 10 mx1\nmx1 A 192.0.2.1",
         "@ CAA 0 issue \"ca.example.net\"\n@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{
        "caa-syntax", Severity::error, RuleNeeds::nothing, "RFC 8659 section 4",
        "A CAA record is one that authorities cannot follow.",
        "A value that cannot be read allows nobody; an unknown tag is ignored, or, marked critical "
        "with 128, keeps every authority from issuing.",
        judge_every_set, "@ CAA 0 issue \"letsencrypt\"", "@ CAA 0 issue \"letsencrypt.org\""},
    Rule{"caa-vmc", Severity::info, RuleNeeds::nothing, "",
         "A BIMI record names a mark certificate, and CAA lets nobody issue one.",
         "It cannot be renewed. Add issuevmc for its authority.", judge_mark,
         "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem\"\n"
         "@ CAA 0 issuevmc \";\"",
         "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem\"\n"
         "@ CAA 0 issuevmc \"ca.example.net\""},
};

}  // namespace

void judge_caa(Judged& judged, const dns::RRset& set) {
  for (std::size_t i = 0; i < set.values.size(); ++i) {
    const auto* caa = std::get_if<dns::Caa>(&set.values[i]);
    if (caa == nullptr) continue;
    const std::string tag(std::string_view(caa->tag));
    if (std::find(kTags.begin(), kTags.end(), tag) == kTags.end()) {
      const bool critical = (caa->flags & kCritical) != 0;
      judged.tell("caa-syntax", subject_of(set, i),
                  "nobody knows the tag \"" + tag + "\"" +
                      (critical ? ", and flag 128 forbids to issue then" : " and it is ignored"),
                  "issue, issuewild, issuemail, issuevmc or iodef",
                  critical ? Severity::error : Severity::warning);
      continue;
    }
    if (caa->flags != 0 && caa->flags != kCritical) {
      judged.tell("caa-syntax", subject_of(set, i),
                  "flags " + std::to_string(caa->flags) + " have no meaning", "0 or 128",
                  Severity::warning);
    }
    judge_value(judged, set, i, *caa);
  }
}

std::span<const Rule> caa_rules() { return kRules; }

}  // namespace mxsmith::mail
