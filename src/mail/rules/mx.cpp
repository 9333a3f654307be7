// Rules about MX sets: what can be said of the set itself, and the table's rows.
#include <algorithm>
#include <array>

#include "mail/mx.hpp"
#include "mail/rules/mx_rows.hpp"
#include "mail/rules/record_findings.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint32_t kShortTtl = 300;
constexpr std::uint32_t kLongTtl = 86400;

void judge_ttl(Judged& judged, const MxPlace& place) {
  const std::uint32_t ttl = place.set->ttl;
  if (refuses_mail(place.records) || (ttl >= kShortTtl && ttl <= kLongTtl)) return;
  const bool is_short = ttl < kShortTtl;
  judged.tell("mx-ttl", Subject::of(place.set->key()),
              "a TTL of " + std::to_string(ttl) + " seconds is " +
                  (is_short ? "under five minutes" : "over a day"),
              is_short ? "3600, unless a move is near" : "3600: a day is long when a host fails");
}

bool lets_somebody_pass(const SpfRecord& record) {
  return std::any_of(record.terms.begin(), record.terms.end(), [](const SpfTerm& term) {
    return term.kind == SpfKind::redirect ||
           (!term.is_modifier && term.qualifier == SpfQualifier::pass);
  });
}

/// What a domain that takes no mail lacks of saying that it sends none either.
void judge_null(Judged& judged, const MxPlace& place) {
  const dns::Name& domain = place.domain();
  const auto spf = judged.zone.spf_of(domain);
  const SpfRecord* usable = judged.zone.usable_spf(domain);
  if (usable != nullptr && lets_somebody_pass(*usable)) {
    judged.tell("mx-null-but-sends", Subject::of(spf.front()->at),
                "the record lets somebody send, and the null MX turns away every answer and bounce",
                "v=spf1 -all, or an MX that takes the answers");
    return;
  }
  const auto text = judged.resolver.lookup(domain, dns::Type::TXT);
  if (spf.empty() && text.status == LookupStatus::not_checked) {
    judged.not_checked("mx-null-no-spf", Subject::missing(domain, dns::Type::TXT), text.reason);
  } else if (usable == nullptr || usable->all() != SpfQualifier::fail) {
    judged.tell("mx-null-no-spf", Subject::missing(domain, dns::Type::TXT),
                "the domain takes no mail, and no SPF record says that it sends none",
                "TXT \"v=spf1 -all\"");
  }
}

void judge_mx_sets(Judged& judged) {
  for (const MxPlace& place : judged.zone.mx) {
    tell_records(judged, *place.set, check_mx(place.records));
    judge_ttl(judged, place);
    if (refuses_mail(place.records) && !place.domain().is_wildcard()) judge_null(judged, place);
    if (place.domain().is_wildcard()) {
      judged.tell("mx-wildcard", Subject::of(place.set->key()),
                  "names that do not exist take mail by this record");
    }
    if (judged.zone.sets().find(place.domain(), dns::Type::CNAME) != nullptr) {
      judged.tell("mx-at-cname", Subject::of(place.set->key()),
                  "the name is an alias, so no server answers with this MX",
                  "keep the alias or the MX");
    }
  }
}

void judge_missing(Judged& judged) {
  const dns::Name& apex = judged.zone.apex();
  const ZoneSets& sets = judged.zone.sets();
  if (judged.declared.no_mail || sets.find(apex, dns::Type::MX) != nullptr ||
      sets.find(apex, dns::Type::CNAME) != nullptr) {
    return;
  }
  const Subject subject = Subject::missing(apex, dns::Type::MX);
  if (!judged.whole()) {
    judged.not_checked("mx-missing", subject, "the spec does not declare that set");
    return;
  }
  const bool has_address =
      sets.find(apex, dns::Type::A) != nullptr || sets.find(apex, dns::Type::AAAA) != nullptr;
  judged.tell("mx-missing", subject,
              has_address ? "the domain has no MX: senders try its own A and AAAA addresses"
                          : "the domain has neither MX nor an address: mail to it comes back");
}

constexpr std::array kRules = {
    Rule{
        "mx-at-cname", Severity::error, RuleNeeds::nothing, "RFC 1034 section 3.6.2",
        "An MX set stands at a name that is an alias.",
        "A name with a CNAME has no other data: senders look for MX where the alias leads. Put the "
        "MX at that name, or drop the CNAME.",
        judge_mx_sets, "shop CNAME www\nshop MX 10 mx1\nmx1 A 192.0.2.1",
        "shop MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-backup-no-tls",
         Severity::warning,
         RuleNeeds::connection,
         "RFC 8461 section 4.2",
         "A host of lower preference offers less TLS than the first.",
         "Whoever keeps the first host from answering gets the mail over the weaker one. No check "
         "of this program connects to mail servers; try each host with openssl s_client -starttls "
         "smtp.",
         nullptr,
         {},
         {}},
    Rule{"mx-duplicate", Severity::warning, RuleNeeds::nothing, "RFC 5321 section 5.1",
         "Two MX records lead to the same host.",
         "The second one adds no safety: when the host is down, both are. Name another host, or "
         "keep one record.",
         judge_mx_sets, "@ MX 10 mx1\n@ MX 20 mx1\nmx1 A 192.0.2.1",
         "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2"},
    Rule{"mx-missing", Severity::warning, RuleNeeds::nothing, "RFC 5321 section 5.1",
         "The domain has no MX set.",
         "Senders then try the domain's own addresses, which seldom take mail: it waits for days "
         "and comes back. Publish MX, or a null MX (0 .) if the domain takes no mail.",
         judge_missing, "@ A 192.0.2.1", "@ A 192.0.2.1\n@ MX 10 mx1\nmx1 A 192.0.2.2"},
    Rule{"mx-null", Severity::info, RuleNeeds::nothing, "RFC 7505 section 3",
         "A null MX says that the domain takes no mail.",
         "Senders give up at once, which is right for a domain without mailboxes and wrong for "
         "every other.",
         judge_mx_sets, "@ MX 0 .", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-null-but-sends", Severity::warning, RuleNeeds::nothing, "RFC 7505 section 4.2",
         "A domain with a null MX has an SPF record that lets somebody send.",
         "Nobody can answer such mail, bounces are lost, and many receivers refuse it. Give the "
         "domain an MX, or let nobody send in its name.",
         judge_mx_sets, "@ MX 0 .\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"",
         "@ MX 0 .\n@ TXT \"v=spf1 -all\""},
    Rule{"mx-null-mixed", Severity::error, RuleNeeds::nothing, "RFC 7505 section 3",
         "A null MX stands beside other MX records.",
         "Some senders refuse to deliver and others use the hosts, so that mail is lost at random. "
         "Keep one or the other.",
         judge_mx_sets, "@ MX 0 .\n@ MX 10 mx1\nmx1 A 192.0.2.1", "@ MX 0 ."},
    Rule{"mx-null-no-spf", Severity::warning, RuleNeeds::nothing, "RFC 7505 section 4.2",
         "A domain with a null MX does not say by SPF that it sends no mail.",
         "A domain without mailboxes is what forgers like to send from. Publish v=spf1 -all beside "
         "the null MX, and a DMARC record with p=reject.",
         judge_mx_sets, "@ MX 0 .", "@ MX 0 .\n@ TXT \"v=spf1 -all\""},
    Rule{"mx-null-pref", Severity::warning, RuleNeeds::nothing, "RFC 7505 section 3",
         "A null MX has a preference other than 0.",
         "RFC 7505 writes it 0 . and some senders look for just that; others then try to deliver "
         "to the root.",
         judge_mx_sets, "@ MX 10 .", "@ MX 0 ."},
    Rule{
        "mx-pref-equal", Severity::info, RuleNeeds::nothing, "RFC 5321 section 5.1",
        "All hosts have the same preference.",
        "Senders spread mail among them at random. Right for hosts that are equals; a host that is "
        "only to stand in needs a higher number.",
        judge_mx_sets, "@ MX 10 mx1\n@ MX 10 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2",
        "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2"},
    Rule{"mx-pref-range",
         Severity::error,
         RuleNeeds::nothing,
         "RFC 1035 section 3.3.9",
         "A preference lies outside of 0 to 65535.",
         "No DNS server can store it. The readers of specs and of zone files refuse it, with its "
         "place, so that no check ever sees it.",
         nullptr,
         {},
         {}},
    Rule{"mx-pref-zero", Severity::info, RuleNeeds::nothing, "RFC 5321 section 5.1",
         "A host has preference 0.",
         "0 is legal, and the most preferred there is; some services ask for it. It only leaves no "
         "room to put another host first.",
         judge_mx_sets, "@ MX 0 mx1\nmx1 A 192.0.2.1", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-proxied",
         Severity::error,
         RuleNeeds::changes,
         "",
         "The provider answers for an exchange with addresses of its own web proxy.",
         "A web proxy does not take mail at port 25. The proxy switch is no part of a zone's "
         "records, so no check sees it; write meta = { proxied = false } at the exchange's A and "
         "AAAA records, and plan keeps it so.",
         nullptr,
         {},
         {}},
    Rule{"mx-single", Severity::info, RuleNeeds::nothing, "", "The domain has one MX host.",
         "While it is down, senders keep the mail for some days, so nothing is lost at once. Many "
         "services have several machines behind one name.",
         judge_mx_sets, "@ MX 10 mx1\nmx1 A 192.0.2.1",
         "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2"},
    Rule{"mx-target-ip", Severity::error, RuleNeeds::nothing, "RFC 1035 section 3.3.9",
         "An MX record names an address where a host belongs.",
         "Senders look the text up as a name, which does not exist. Give the host a name with A or "
         "AAAA records, and put that name here.",
         judge_mx_sets, "@ MX 10 192.0.2.1.", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-target-syntax", Severity::error, RuleNeeds::nothing, "RFC 5321 section 2.3.5",
         "An MX record names something that is no host name.",
         "Many senders refuse names with other signs than letters, digits and hyphens. Give the "
         "host a plain name.",
         judge_mx_sets, "@ MX 10 mx_1\nmx_1 A 192.0.2.1", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-ttl", Severity::warning, RuleNeeds::nothing, "RFC 1912 section 2.2",
         "An MX set's TTL is under five minutes or over a day.",
         "A short one costs lookups and helps only while mail is being moved, for which [cutover] "
         "lowers it by itself; a long one keeps senders at a host that has failed.",
         judge_mx_sets, "@ 30 MX 10 mx1\nmx1 A 192.0.2.1", "@ 3600 MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-wildcard", Severity::info, RuleNeeds::nothing, "RFC 4592 section 2.2.1",
         "A wildcard MX takes mail for every name that does not exist.",
         "Mail to misspelled host names arrives, spam first. Names that exist are not covered.",
         judge_mx_sets, "* MX 10 mx1\nmx1 A 192.0.2.1", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
};

}  // namespace

std::span<const Rule> mx_rules() {
  static const std::vector<Rule> kAll = [] {
    std::vector<Rule> rows(kRules.begin(), kRules.end());
    const std::span<const Rule> hosts = mx_host_rules();
    rows.insert(rows.end(), hosts.begin(), hosts.end());
    return rows;
  }();
  return kAll;
}

}  // namespace mxsmith::mail
