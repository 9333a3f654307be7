// Rules about MTA-STS: the record, the host of the policy, and the policy that a spec declares.
#include <algorithm>
#include <array>
#include <string>

#include "mail/rule.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/host_addresses.hpp"
#include "mail/rules/tls_reports.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

bool is_usable(const MtaStsPlace& place) { return !place.reading.findings.has_errors(); }

/// Whether another record that announces a policy stands before this one at the same name.
bool is_second(const std::vector<MtaStsPlace>& places, std::size_t i) {
  if (!is_mta_sts(places[i].at.octets)) return false;
  for (std::size_t before = i; before-- > 0 && places[before].at.set == places[i].at.set;) {
    if (is_mta_sts(places[before].at.octets)) return true;
  }
  return false;
}

void judge_records(Judged& judged) {
  const auto& places = judged.zone.mta_sts;
  for (std::size_t i = 0; i < places.size(); ++i) {
    judged.tell(places[i].at, places[i].reading.findings);
    if (!is_second(places, i)) continue;
    judged.tell("sts-multiple", Subject::of(places[i].at),
                "a second v=STSv1 record: senders take the domain for one without MTA-STS",
                "keep one of them");
  }
  for (const TxtPlace& place : judged.zone.txt) {
    if (!place.set->name.is_wildcard() || !is_mta_sts(place.octets)) continue;
    judged.tell("sts-wildcard-txt", Subject::of(place),
                "the wildcard announces a policy for every name below that has none of its own",
                "put the record at _mta-sts below each domain that has a policy");
  }
}

void judge_host(Judged& judged) {
  HostLookups lookups(judged.resolver);
  for (const MtaStsPlace& place : judged.zone.mta_sts) {
    if (!is_usable(place)) continue;
    const auto host = place.domain.child("mta-sts");
    if (!host) continue;
    const HostAddresses& found = lookups.of(*host);
    const Subject subject = Subject::missing(*host, dns::Type::A);
    if (found.state == HostAddresses::State::unknown) {
      judged.not_checked("sts-host-record", subject, host->display() + ": " + found.reason);
    } else if (found.state != HostAddresses::State::found) {
      judged.tell("sts-host-record", subject,
                  (found.aliases.empty() ? *host : found.aliases.back()).display() +
                      " has no address, so nobody can fetch the policy",
                  "A, AAAA or CNAME to the web server that has the policy");
    }
  }
}

void judge_reports(Judged& judged) {
  for (const MtaStsPlace& place : judged.zone.mta_sts) {
    if (!is_usable(place)) continue;
    require_tls_reports(judged, "sts-without-tlsrpt", place.domain,
                        "nobody tells you when senders cannot meet the policy");
  }
}

/// For rules that need the policy's text.
void tell_unfetched(Judged& judged) {
  for (const MtaStsPlace& place : judged.zone.mta_sts) {
    if (!is_usable(place)) continue;
    for (const std::string_view rule :
         {"sts-mx-cover", "sts-mx-orphan", "sts-wildcard-broad", "sts-max-age-low"}) {
      judged.not_checked(rule, Subject::of(place.at),
                         "the policy that " + place.domain.display() + " serves was not fetched");
    }
  }
}

void judge_patterns(Judged& judged, const MtaStsPolicy& policy, const MxPlace* mx) {
  const auto record = judged.zone.apex().child("_mta-sts");
  const Subject subject = Subject::missing(record ? *record : judged.zone.apex(), dns::Type::TXT);
  for (const MxPattern& pattern : policy.mx) {
    if (pattern.wildcard && is_registry(pattern.name)) {
      judged.tell(
          "sts-wildcard-broad", subject,
          pattern.text() + " lets every domain below " + pattern.name.display() + " take the mail",
          "name the hosts themselves");
    }
    if (mx == nullptr) continue;
    const bool used = std::any_of(mx->records.begin(), mx->records.end(), [&](const dns::Mx& one) {
      return pattern.matches(one.exchange);
    });
    if (used) continue;
    judged.tell("sts-mx-orphan", subject, "no MX host is meant by " + pattern.text(),
                "drop it, unless mail is being moved to or from there");
  }
}

void judge_policy(Judged& judged) {
  if (!judged.declared.mta_sts) return tell_unfetched(judged);
  const MtaStsPolicy& policy = *judged.declared.mta_sts;
  const MxPlace* mx = judged.zone.mx_of(judged.zone.apex());
  const auto record = judged.zone.apex().child("_mta-sts");
  const Subject subject = Subject::missing(record ? *record : judged.zone.apex(), dns::Type::TXT);
  const Findings findings = check_mta_sts_policy(policy);
  for (const Finding& finding : findings.all()) {
    judged.tell(finding.rule, subject, finding.message, finding.hint);
  }
  judge_patterns(judged, policy, mx);
  if (mx == nullptr || policy.mode == MtaStsMode::none) return;
  for (const dns::Mx& one : mx->records) {
    if (one.is_null() || policy.allows(one.exchange)) continue;
    Subject host = Subject::of(mx->set->key());
    host.octets = dns::print_rdata(one);
    judged.tell("sts-mx-cover", std::move(host),
                "the policy does not name " + one.exchange.display() +
                    (policy.mode == MtaStsMode::enforce ? ": senders refuse to deliver there"
                                                        : ": senders report it"),
                "add it to mx in mail.mta_sts");
  }
}

constexpr std::array kRules = {
    Rule{"sts-cert", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.3",
         "The certificate at mta-sts.DOMAIN is not valid for that name.",
         "Senders cannot fetch the policy and go on with the one they know, until it runs out. No "
         "check of this program opens HTTPS connections; try curl on the policy's address.",
         nullptr},
    Rule{"sts-content-type", Severity::warning, RuleNeeds::connection, "RFC 8461 section 3.2",
         "The policy is not served as text/plain.",
         "Some senders refuse it. No check of this program opens HTTPS connections; curl -i on the "
         "policy's address shows the type.",
         nullptr},
    Rule{"sts-cutover-block", Severity::error, RuleNeeds::history, "RFC 8461 section 8.1",
         "MX is to move to hosts that a policy which senders still remember does not name.",
         "Until the old max_age has run out they refuse the new hosts. Guard mta-sts-mx of `plan` "
         "stops that where the policy was fetched: first name old and new hosts, wait, then move.",
         nullptr},
    Rule{"sts-duplicate", Severity::warning, RuleNeeds::nothing, "RFC 8461 section 3.2",
         "A field of the record or the policy stands twice.",
         "Senders take the first and ignore the others. Drop what is not meant.", judge_records,
         "_mta-sts TXT \"v=STSv1; id=1; id=2\"", "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{"sts-host-record", Severity::error, RuleNeeds::lookups, "RFC 8461 section 3.3",
         "A policy is announced, and mta-sts.DOMAIN has no address.",
         "Senders look there for the policy, and find none: the domain has no MTA-STS. Publish A, "
         "AAAA or CNAME to the web server that has it.",
         judge_host, "_mta-sts TXT \"v=STSv1; id=1\"",
         "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 192.0.2.1"},
    Rule{"sts-id", Severity::error, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "The record's id= is not 1 to 32 letters and digits.",
         "Senders ignore the whole record. mail.mta_sts makes an id of the policy by itself; by "
         "hand, the date and time are usual.",
         judge_records, "_mta-sts TXT \"v=STSv1; id=2026-01-01\"",
         "_mta-sts TXT \"v=STSv1; id=20260101\""},
    Rule{"sts-id-changed-only", Severity::info, RuleNeeds::changes, "RFC 8461 section 3.1",
         "The id changes and the policy does not.",
         "Senders fetch the same policy again, which harms nobody. With mail.mta_sts the id is a "
         "digest of the policy, so it cannot happen.",
         nullptr},
    Rule{
        "sts-id-unchanged", Severity::error, RuleNeeds::changes, "RFC 8461 section 3.1",
        "The policy changes and the id does not.",
        "Senders go on with the old policy. With mail.mta_sts the id is a digest of the policy, so "
        "it cannot happen; of an id written by hand nobody can tell without the old policy.",
        nullptr},
    Rule{"sts-max-age", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.2",
         "The policy's max_age is over a year.",
         "Senders may ignore the policy. The reader of specs refuses it; no check of this program "
         "fetches the policy that is served.",
         nullptr},
    Rule{"sts-max-age-high", Severity::info, RuleNeeds::nothing, "",
         "A policy that is being tested is remembered for over a week.",
         "While mode is testing nobody refuses mail, and the policy still changes. A day to a week "
         "is enough; weeks belong to enforce.",
         judge_policy, ";mta-sts testing 2592000 mx1.example.com\n@ MX 10 mx1",
         ";mta-sts testing 86400 mx1.example.com\n@ MX 10 mx1"},
    Rule{"sts-max-age-low", Severity::warning, RuleNeeds::nothing, "RFC 8461 section 10.2",
         "An enforced policy is remembered for less than a day.",
         "Whoever can keep senders from fetching it for that long can read the mail. Weeks are "
         "usual: max_age = \"4w\".",
         judge_policy, ";mta-sts enforce 3600 mx1.example.com\n@ MX 10 mx1",
         ";mta-sts enforce 2419200 mx1.example.com\n@ MX 10 mx1"},
    Rule{"sts-multiple", Severity::error, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "Several v=STSv1 records stand at one name.",
         "Senders then take the domain for one without MTA-STS. Keep the one with the right id.",
         judge_records, "_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; id=2\"",
         "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{"sts-mx-cover", Severity::error, RuleNeeds::nothing, "RFC 8461 section 4.1",
         "The policy does not name a host of the MX set.",
         "When the policy is enforced, senders refuse to deliver there. Add the host to mx in "
         "mail.mta_sts; a \"*\" stands for exactly one label.",
         judge_policy, ";mta-sts enforce 604800 mx1.example.com\n@ MX 10 mx1\n@ MX 20 mx2",
         ";mta-sts enforce 604800 *.example.com\n@ MX 10 mx1\n@ MX 20 mx2"},
    Rule{"sts-mx-duplicate", Severity::info, RuleNeeds::connection, "",
         "The policy names a host twice.",
         "That harms nobody. No check of this program fetches the policy that is served.", nullptr},
    Rule{"sts-mx-orphan", Severity::warning, RuleNeeds::nothing, "",
         "The policy names a host that no MX record has.",
         "Right while mail moves to or from there. Afterwards it lets a host take the mail that is "
         "no longer yours; drop it.",
         judge_policy, ";mta-sts enforce 604800 mx1.example.com mx.old.example\n@ MX 10 mx1",
         ";mta-sts enforce 604800 mx1.example.com\n@ MX 10 mx1"},
    Rule{"sts-mx-syntax", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.2",
         "The policy names something that is neither a host nor *. and a domain.",
         "Senders cannot use the policy. The reader of specs refuses it; no check of this program "
         "fetches the policy that is served.",
         nullptr},
    Rule{"sts-mx-tls", Severity::error, RuleNeeds::connection, "RFC 8461 section 4.2",
         "An MX host has no certificate that senders accept for its name.",
         "Under an enforced policy they refuse to deliver there, also where DANE would be content "
         "with it. No check of this program connects to mail servers; TLS reports tell.",
         nullptr},
    Rule{"sts-policy-line", Severity::warning, RuleNeeds::connection, "RFC 8461 section 3.2",
         "The policy has an empty line.",
         "Strict senders refuse it. `mxsmith mta-sts` prints one without; no check of this program "
         "fetches the policy that is served.",
         nullptr},
    Rule{"sts-policy-missing", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.3",
         "The policy is announced, and the web server does not have it.",
         "Senders go on without MTA-STS, or with the policy they remember. It belongs at "
         "https://mta-sts.DOMAIN/.well-known/mta-sts.txt; no check of this program fetches it.",
         nullptr},
    Rule{"sts-policy-order", Severity::info, RuleNeeds::connection, "",
         "The policy does not begin with its version.",
         "The order is free; some tools look at the first line only. No check of this program "
         "fetches the policy that is served.",
         nullptr},
    Rule{
        "sts-policy-size", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.3",
        "The policy is larger than 64 KiB.",
        "Senders need not read more, and then have no policy. No check of this program fetches the "
        "policy that is served.",
        nullptr},
    Rule{
        "sts-policy-syntax", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.2",
        "The policy cannot be read.",
        "Senders go on without MTA-STS. `mxsmith mta-sts` prints the policy of a spec as it has to "
        "be served; no check of this program fetches the one that is.",
        nullptr},
    Rule{"sts-record-spacing", Severity::warning, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "White space stands before the record's first semicolon.",
         "It is allowed, and some senders look for v=STSv1; alone and ignore the record.",
         judge_records, "_mta-sts TXT \"v=STSv1 ; id=1\"", "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{"sts-record-syntax", Severity::error, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "A field of the record is not NAME=VALUE.",
         "Senders ignore the whole record, so the domain has no MTA-STS. Fields are separated by "
         "semicolons and have no spaces around \"=\".",
         judge_records, "_mta-sts TXT \"v=STSv1; id = 1\"", "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{
        "sts-redirect", Severity::error, RuleNeeds::connection, "RFC 8461 section 3.3",
        "The policy's address redirects elsewhere.",
        "Senders do not follow redirects, so there is no policy for them. No check of this program "
        "opens HTTPS connections; curl -i on the address shows it.",
        nullptr},
    Rule{"sts-remove-unsafe", Severity::error, RuleNeeds::history, "RFC 8461 section 8.3",
         "MTA-STS goes while senders remember an enforced policy.",
         "They hold you to it until max_age runs out. Serve mode none first, with a new id, and "
         "remove the record when the old max_age is over. No check of this program knows what was "
         "served before.",
         nullptr},
    Rule{"sts-testing-forever", Severity::info, RuleNeeds::history, "RFC 8461 section 8.1",
         "The policy has been in mode testing for long.",
         "In testing nobody refuses mail over a bad certificate, so it protects nobody. Once "
         "reports are clean, go to enforce; a stage can do that on a day. No check of this program "
         "knows since when.",
         nullptr},
    Rule{"sts-version", Severity::error, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "The record does not begin with v=STSv1;.",
         "Senders ignore it, so the domain has no MTA-STS. The version stands first, in exactly "
         "these letters.",
         judge_records, "_mta-sts TXT \"v=STSv1, id=1\"", "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{"sts-wildcard-broad", Severity::warning, RuleNeeds::nothing, "RFC 8461 section 4.1",
         "The policy allows every host directly below a registry's name.",
         "*.co.uk lets whoever owns any such domain take the mail, which is what MTA-STS is to "
         "prevent. Name the hosts.",
         judge_policy, ";mta-sts enforce 604800 *.co.uk\n@ MX 10 mx.co.uk.",
         ";mta-sts enforce 604800 mx1.example.com\n@ MX 10 mx1"},
    Rule{"sts-wildcard-txt", Severity::warning, RuleNeeds::nothing, "RFC 8461 section 3.1",
         "A wildcard TXT announces an MTA-STS policy.",
         "Every name below then seems to have a policy, which senders try to fetch. Put the record "
         "at _mta-sts of each domain that has one.",
         judge_records, "* TXT \"v=STSv1; id=1\"", "_mta-sts TXT \"v=STSv1; id=1\""},
    Rule{"sts-without-tlsrpt", Severity::warning, RuleNeeds::lookups, "RFC 8460",
         "MTA-STS is announced, and nobody gets reports about it.",
         "When an enforced policy keeps mail out, only reports tell you. Publish "
         "v=TLSRPTv1; rua=mailto:... at _smtp._tls.",
         judge_reports, "_mta-sts TXT \"v=STSv1; id=1\"",
         "_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:t@example.com\""},
};

}  // namespace

std::span<const Rule> mta_sts_rules() { return kRules; }

}  // namespace mxsmith::mail
