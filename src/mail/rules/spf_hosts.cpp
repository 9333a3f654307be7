// Names below a mail domain: which are protected by no SPF record, and which records protect less
// than they seem to. Here are also the rules that need history.
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "mail/dmarc.hpp"
#include "mail/rules/mail_use.hpp"
#include "mail/rules/spf_rows.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

bool is_address_set(const dns::RRset& set) {
  return set.type == dns::Type::A || set.type == dns::Type::AAAA;
}

/// A name in mail addresses has no label that begins with "_", nor "*".
bool can_send(const dns::Name& name) {
  std::string_view wire = name.wire();
  while (wire.size() > 1) {
    if (wire[1] == '_' || wire[1] == '*') return false;
    wire.remove_prefix(static_cast<std::size_t>(static_cast<unsigned char>(wire[0])) + 1);
  }
  return true;
}

bool comes_before(const dns::Name& a, const dns::Name& b) { return a < b; }

void sort_once(std::vector<dns::Name>& names) {
  std::sort(names.begin(), names.end(), comes_before);
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Names of the zone that have addresses and no SPF record.
class OpenHosts {
 public:
  explicit OpenHosts(const Judged& judged) : judged_(judged) {
    if (judged.zone.spf.empty()) return;
    std::unordered_set<dns::Name> with_spf;
    for (const SpfPlace& place : judged.zone.spf) with_spf.insert(place.domain());
    judged.zone.sets().visit([&](const dns::RRset& set) {
      if (!is_address_set(set) || with_spf.count(set.name) != 0 || !can_send(set.name)) return;
      names_.push_back(set.name);
    });
    sort_once(names_);
  }

  /// In canonical order, in which all names below one stand together.
  [[nodiscard]] const std::vector<dns::Name>& names() const { return names_; }
  /// Null: none is below that name.
  [[nodiscard]] const dns::Name* below(const dns::Name& above) const {
    const auto next = std::upper_bound(names_.begin(), names_.end(), above, comes_before);
    return next != names_.end() && next->is_at_or_below(above) ? &*next : nullptr;
  }

  /// Those that the record of the apex lets send by their name or by MX.
  [[nodiscard]] std::vector<dns::Name> senders() const {
    std::vector<dns::Name> named;
    const SpfRecord* record = judged_.zone.usable_spf(judged_.zone.apex());
    if (record == nullptr || names_.empty()) return named;
    for (const SpfTerm& term : terms_before_all(*record)) {
      if (term.qualifier != SpfQualifier::pass || !term.macros.empty()) continue;
      if (term.kind == SpfKind::a && term.domain_size > 0) {
        if (const auto name = spf_name(term.domain_spec())) named.push_back(*name);
      }
      if (term.kind == SpfKind::mx) add_exchanges(term, named);
    }
    sort_once(named);
    std::vector<dns::Name> open;
    std::set_intersection(named.begin(), named.end(), names_.begin(), names_.end(),
                          std::back_inserter(open), comes_before);
    return open;
  }

 private:
  void add_exchanges(const SpfTerm& term, std::vector<dns::Name>& names) const {
    const auto domain = term.domain_size == 0 ? judged_.zone.apex() : spf_name(term.domain_spec());
    const MxPlace* mx = domain ? judged_.zone.mx_of(*domain) : nullptr;
    if (mx == nullptr) return;
    names.reserve(names.size() + mx->records.size());
    for (const dns::Mx& record : mx->records) names.push_back(record.exchange);
  }

  const Judged& judged_;
  std::vector<dns::Name> names_;
};

void judge_helo(Judged& judged, const std::vector<dns::Name>& senders) {
  for (const dns::Name& name : senders) {
    judged.tell("spf-helo", Subject::missing(name, dns::Type::TXT),
                name.display() + " sends mail and has no SPF record of its own",
                "publish v=spf1 a -all there, if the host names itself so");
  }
}

/// Whether DMARC has receivers reject what names below the domain send without leave.
bool rejects_below(const Judged& judged) {
  const DmarcRecord* dmarc = judged.zone.usable_dmarc(judged.zone.apex());
  if (dmarc == nullptr) return false;
  const auto policy = effective_policy(*dmarc);
  return policy && policy->subdomains == DmarcAction::reject;
}

/// "www.example.com, a.example.com and 12 more"
std::string some_of(const std::vector<dns::Name>& names) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, names.size()); ++i) {
    text.append(i == 0 ? "" : ", ").append(names[i].display());
  }
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text;
}

void judge_gaps(Judged& judged, const OpenHosts& hosts, const std::vector<dns::Name>& senders) {
  const dns::Name& apex = judged.zone.apex();
  if (!judged.whole() || hosts.names().empty() || rejects_below(judged)) return;
  if (judged.zone.spf_of(apex).empty()) return;
  std::vector<dns::Name> open;
  open.reserve(hosts.names().size());
  std::set_difference(hosts.names().begin(), hosts.names().end(), senders.begin(), senders.end(),
                      std::back_inserter(open), comes_before);
  if (open.empty()) return;
  judged.tell("spf-subhost-gap", Subject::missing(open.front(), dns::Type::TXT),
              "no SPF record stands at " + some_of(open) + ", so mail can be forged in " +
                  (open.size() == 1 ? "that name" : "those names"),
              "sp=reject in DMARC closes that for all names at once");
}

/// RFC 4592 section 2.2.1: a wildcard stands for names that do not exist, and for no other.
void judge_wildcards(Judged& judged, const OpenHosts& hosts) {
  for (const SpfPlace& place : judged.zone.spf) {
    if (!place.domain().is_wildcard()) continue;
    const dns::Name* host = hosts.below(place.domain().parent());
    if (host == nullptr) continue;
    judged.tell("spf-wildcard", Subject::of(place.at),
                "the wildcard record does not hold for " + host->display() +
                    ", which exists and has no SPF record",
                "give every host that exists a record of its own");
  }
}

void judge_early_fail(Judged& judged) {
  const dns::Name& apex = judged.zone.apex();
  const SpfRecord* record = judged.zone.usable_spf(apex);
  const DmarcRecord* dmarc = judged.zone.usable_dmarc(apex);
  if (!judged.whole() || record == nullptr || dmarc == nullptr) return;
  const auto policy = effective_policy(*dmarc);
  const bool open = policy && policy->domain == DmarcAction::none;
  if (!open || record->all() != SpfQualifier::fail) return;
  if (!sends_mail(judged) || has_signing_key(judged)) return;
  for (const SpfPlace* place : judged.zone.spf_of(apex)) {
    judged.tell("spf-hardfail-early", subject_of(*place, *first_all(*record)),
                "-all while DMARC only watches and nothing is signed: forwarded mail is refused",
                "write ~all until mail is signed with DKIM and DMARC's reports are clean");
  }
}

void judge_spf_hosts(Judged& judged) {
  const OpenHosts hosts(judged);
  const std::vector<dns::Name> senders = hosts.senders();
  if (judged.whole()) judge_helo(judged, senders);
  judge_gaps(judged, hosts, senders);
  judge_wildcards(judged, hosts);
  judge_early_fail(judged);
}

constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-helo", kInfo, RuleNeeds::nothing, "RFC 7208 section 2.3",
         "A host that sends mail has no SPF record at its own name.",
         "Receivers check the name that a host gives with HELO as well, and for bounces it is all "
         "there is. Publish v=spf1 a -all at the host's name.",
         judge_spf_hosts, R"(@ MX 10 mx1
@ TXT "v=spf1 mx -all"
mx1 A 192.0.2.1)",
         R"(@ MX 10 mx1
@ TXT "v=spf1 mx -all"
mx1 A 192.0.2.1
mx1 TXT "v=spf1 a -all")"},
    Rule{"spf-subhost-gap", kInfo, RuleNeeds::nothing, "RFC 7208 section 3.5",
         "Names with addresses have no SPF record, and DMARC does not reject their mail.",
         "SPF of a domain says nothing about names below it: mail can be forged in them. Publish "
         "v=spf1 -all at each, or let DMARC reject for all of them with sp=reject.",
         judge_spf_hosts, R"(@ TXT "v=spf1 -all"
www A 192.0.2.80)",
         R"(@ TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject"
www A 192.0.2.80)"},
    Rule{"spf-wildcard", kWarning, RuleNeeds::nothing, "RFC 7208 section 3.5",
         "A wildcard holds an SPF record, and names that exist have none.",
         "A wildcard counts only for names that do not exist at all: every host with an address is "
         "left out. Give those records of their own.",
         judge_spf_hosts, R"(@ TXT "v=spf1 -all"
* TXT "v=spf1 -all"
www A 192.0.2.80)",
         R"(@ TXT "v=spf1 -all"
* TXT "v=spf1 -all"
www A 192.0.2.80
www TXT "v=spf1 -all")"},
    Rule{"spf-hardfail-early", kWarning, RuleNeeds::nothing, "",
         "SPF ends in -all while DMARC is at p=none and there is no DKIM key.",
         "Some receivers refuse on -all at once. Mail that is forwarded then has no second way to "
         "be recognised, since it is not signed. Write ~all until DKIM is in place.",
         judge_spf_hosts, R"(@ TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc TXT "v=DMARC1; p=none")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 ~all"
_dmarc TXT "v=DMARC1; p=none")"},
    Rule{"spf-softfail-forever", kInfo, RuleNeeds::history, "RFC 7208 section 8.5",
         "The record has ended in ~all for long although DMARC is at reject.",
         "That is no fault: with DMARC at reject ~all is as strict where it matters. Whether it is "
         "time for -all only the domain's history tells; mxsmith history shows since when it "
         "stands.",
         nullptr, "", ""},
    Rule{"spf-flatten-stale", kWarning, RuleNeeds::history, "",
         "A flattened record no longer holds what the records that it was made of say.",
         "The service has moved, and its new hosts may not send. mxsmith spf flatten --check "
         "compares the record with its sources and says when it is out of date.",
         nullptr, "", ""},
};

}  // namespace

std::span<const Rule> spf_host_rules() { return kRules; }

}  // namespace mxsmith::mail
