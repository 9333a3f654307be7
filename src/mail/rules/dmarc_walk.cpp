// Rules about which DMARC record holds for which name (RFC 9989 section 4.10).
#include <algorithm>

#include "base/text.hpp"
#include "mail/dmarc_discovery.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/dmarc_rows.hpp"
#include "mail/rules/mail_use.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

bool is_unknown(LookupStatus status) {
  return status == LookupStatus::failed || status == LookupStatus::not_checked;
}

Subject subject_of(const dns::Name& domain) {
  return Subject::missing(below(domain, "_dmarc"), dns::Type::TXT);
}

/// Only records above a registry's name are left open: those of registries carry psd=y (RFC 9989
/// section 5.2) and then change nothing for a domain that has its own.
bool knows_parents(const DmarcDiscovery& discovery, const dns::Name& apex) {
  return discovery.complete || is_registry(apex.parent());
}

void judge_missing(Judged& judged, const DmarcDiscovery& discovery) {
  const dns::Name& apex = judged.zone.apex();
  const Subject subject = subject_of(apex);
  if (discovery.record) {
    judged.tell("dmarc-treewalk", subject,
                "there is no record here, and that of " + discovery.policy_domain->display() +
                    " holds for " + apex.display(),
                "publish one here to choose the policy and get reports");
    return;
  }
  if (!knows_parents(discovery, apex)) {
    judged.not_checked("dmarc-missing", subject,
                       "there is no record here, and those of domains above were not looked up");
    return;
  }
  judged.tell("dmarc-missing", subject, apex.display() + " has no DMARC record",
              judged.declared.no_mail ? "publish v=DMARC1; p=reject"
                                      : "begin with v=DMARC1; p=none; rua=mailto:...",
              judged.declared.no_mail ? std::optional(Severity::error) : std::nullopt);
}

/// A record of the apex, and whether it is where the organization ends.
void judge_apex_record(Judged& judged, const DmarcDiscovery& discovery) {
  const dns::Name& apex = judged.zone.apex();
  const Subject subject = subject_of(apex);
  if (discovery.organization != apex) {
    judged.tell("dmarc-treewalk-shadow", subject,
                apex.display() + " counts as part of " + discovery.organization.display() +
                    ", whose record holds for names below that have none",
                "psd=n in this record makes the domain an organization of its own");
  } else if (!knows_parents(discovery, apex)) {
    judged.not_checked("dmarc-treewalk-shadow", subject,
                       "the records of domains above were not looked up");
  }
}

void judge_apex(Judged& judged) {
  const dns::Name& apex = judged.zone.apex();
  if (apex.is_root()) return;
  const DmarcDiscovery discovery = discover_dmarc(apex, judged.resolver);
  const DmarcStep& own = discovery.steps.front();
  if (own.record) return judge_apex_record(judged, discovery);
  // Several records, an unreadable one and an alias that leads nowhere are told by their own rules.
  if (own.records != 0 || judged.zone.alias_at(below(apex, "_dmarc")) != nullptr) return;
  if (is_unknown(own.status)) {
    judged.not_checked("dmarc-missing", subject_of(apex), "what stands there was not looked up");
    return;
  }
  judge_missing(judged, discovery);
}

bool has_record(const MailZone& zone, const dns::Name& domain) {
  const dns::Name owner = below(domain, "_dmarc");
  const auto found = std::lower_bound(
      zone.dmarc.begin(), zone.dmarc.end(), owner,
      [](const DmarcPlace& place, const dns::Name& name) { return place.at.set->name < name; });
  return found != zone.dmarc.end() && found->at.set->name == owner;
}

/// The first of the domains in a list in canonical order that lies below `domain`, sends or gets
/// mail and has no record of its own.
template <class Places>
const dns::Name* name_below(const MailZone& zone, const Places& places, const dns::Name& domain) {
  // RFC 4034 section 6.1: names below one follow it directly.
  auto at = std::upper_bound(
      places.begin(), places.end(), domain,
      [](const dns::Name& name, const auto& place) { return name < place.domain(); });
  for (; at != places.end() && at->domain().is_at_or_below(domain); ++at) {
    const dns::Name& name = at->domain();
    if (!name.is_wildcard() && !has_record(zone, name)) return &name;
  }
  return nullptr;
}

void judge_subdomain_record(Judged& judged, const DmarcPlace& place, const DmarcRecord& record) {
  const dns::Name& domain = place.domain;
  const auto discovery = discover_dmarc(domain, judged.resolver);
  const bool own_organization = discovery.organization == domain;
  if (!own_organization && (record.subdomain_policy || record.nonexistent_policy)) {
    judged.tell("dmarc-sp-on-subdomain", Subject::of(place.at),
                std::string(record.subdomain_policy ? "sp=" : "np=") +
                    " means nothing here: for names below " + domain.display() + " that of " +
                    discovery.organization.display() + " holds",
                "drop it, or give those names records of their own");
  }
  if (own_organization) return;
  const dns::Name* name = name_below(judged.zone, judged.zone.mx, domain);
  if (name == nullptr) name = name_below(judged.zone, judged.zone.spf, domain);
  if (name == nullptr) return;
  const auto below_it = discover_dmarc(*name, judged.resolver);
  if (!below_it.policy_domain || *below_it.policy_domain == domain) return;
  judged.tell("dmarc-treewalk-shadow", Subject::of(place.at),
              "this record does not hold for " + name->display() + ": that of " +
                  below_it.policy_domain->display() + " does",
              "publish one at _dmarc." + name->display() + ", or write psd=n here");
}

void judge_subdomains(Judged& judged) {
  for (const DmarcPlace& place : judged.zone.dmarc) {
    if (place.domain == judged.zone.apex()) continue;
    const DmarcRecord* record = usable(judged.zone, place);
    if (record != nullptr) judge_subdomain_record(judged, place, *record);
  }
}

void judge_walk(Judged& judged) {
  judge_apex(judged);
  judge_subdomains(judged);
}

void judge_several(Judged& judged) {
  const auto& places = judged.zone.dmarc;
  for (auto first = places.begin(); first != places.end();) {
    const auto last = std::find_if(
        first, places.end(), [&](const DmarcPlace& one) { return one.at.set != first->at.set; });
    const auto count =
        std::count_if(first, last, [](const DmarcPlace& one) { return is_dmarc(one.at.octets); });
    if (count > 1) {
      judged.tell("dmarc-multiple", Subject::of(first->at.set->key()),
                  base::counted(static_cast<std::size_t>(count), "DMARC record") +
                      " at one name: receivers discard all of them",
                  "keep one");
    }
    first = last;
  }
}

/// What receivers make of the texts behind an alias; empty: they can use it.
std::string trouble_with(const std::vector<dns::Rdata>& values, const dns::Name& last) {
  std::size_t records = 0;
  std::string trouble;
  for (const dns::Rdata& value : values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr || !is_dmarc(txt->octets)) continue;
    ++records;
    const auto reading = read_dmarc(txt->octets);
    for (const Finding& finding : reading.findings.all()) {
      if (finding.severity == Severity::error && trouble.empty()) trouble = finding.message;
    }
  }
  if (records == 0) return last.display() + " holds no DMARC record";
  if (records > 1) return last.display() + " holds several DMARC records";
  return trouble;
}

void judge_alias(Judged& judged, const AliasPlace& alias) {
  const Subject subject = Subject::of(alias.set->key());
  const auto followed = follow_alias(alias, dns::Type::TXT, judged.resolver);
  std::string trouble = followed.trouble;
  if (followed.end == AliasEnd::records) {
    trouble = trouble_with(followed.answer.values, followed.last);
  } else if (followed.end == AliasEnd::unregistered) {
    trouble = "nobody has registered " + followed.domain.display() +
              ": whoever does sets this domain's policy";
  } else if (followed.end == AliasEnd::unknown) {
    judged.not_checked("dmarc-cname", subject,
                       "the record behind " + alias.target.display() + " was not looked up");
  }
  if (!trouble.empty()) {
    judged.tell("dmarc-cname", subject, std::move(trouble), "publish the record here as TXT",
                Severity::error);
    return;
  }
  judged.tell("dmarc-cname", subject,
              "whoever runs " + alias.target.display() + " sets the DMARC policy");
}

void judge_aliases(Judged& judged) {
  for (const AliasPlace& alias : judged.zone.aliases) {
    const auto labels = alias.set->name.labels();
    if (labels.front() == "_dmarc") judge_alias(judged, alias);
  }
}

void judge_wildcards(Judged& judged) {
  const dns::RRset* last = nullptr;
  for (const TxtPlace& place : judged.zone.txt) {
    if (!place.set->name.is_wildcard() || place.set == last) continue;
    const dns::Name parent = place.set->name.parent();
    // Wildcards below _domainkey and _report._dmarc are other rules' affair.
    if (parent.wire().size() > 1 && parent.wire()[1] == '_') continue;
    last = place.set;
    const auto texts = judged.zone.txt_at(place.set->name);
    const auto record = std::find_if(texts.begin(), texts.end(),
                                     [](const TxtPlace& one) { return is_dmarc(one.octets); });
    if (record != texts.end()) {
      judged.tell("dmarc-wildcard-txt", Subject::of(*record),
                  "names below " + parent.display() +
                      " that do not exist find this record as their own, so its p= holds for them",
                  "publish it at _dmarc." + parent.display() + " instead, with np=");
    } else {
      judged.tell("dmarc-wildcard-txt", Subject::of(place),
                  "names below " + parent.display() +
                      " that do not exist answer at _dmarc with this text, which receivers discard",
                  "publish it at the names that need it", Severity::info);
    }
  }
}

constexpr std::string_view kGood = "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"";
constexpr std::string_view kSubdomain =
    "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
    "_dmarc.news TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"";

constexpr Rule kRows[] = {
    {"dmarc-missing", Severity::warning, RuleNeeds::lookups, "RFC 9989 section 5.1.4",
     "The domain has no DMARC record, and none above it holds for it.",
     "Receivers do with forged mail what they like, large ones refuse bulk mail without DMARC, and "
     "nobody reports. Begin with v=DMARC1; p=none and an address for reports. For a domain that "
     "sends no mail it is an error: publish v=DMARC1; p=reject.",
     judge_walk, "@ TXT \"v=spf1 -all\"", kGood},
    {"dmarc-multiple", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.10",
     "Several DMARC records stand at one name.",
     "Receivers discard all of them, as if there were none, and go on to the record of a domain "
     "above. Keep one.",
     judge_several, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc TXT \"v=DMARC1; p=reject\"", kGood},
    {"dmarc-version", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A DMARC record does not begin with v=DMARC1.",
     "Receivers ignore it as a whole, so there is no DMARC. v=DMARC1 stands at the very beginning, "
     "in capital letters, and a semicolon follows.",
     judge_dmarc_records, "_dmarc TXT \"v=dmarc1; p=reject; rua=mailto:d@example.com\"", kGood},
    {"dmarc-sp-on-subdomain", Severity::info, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A record below the organization's domain has sp= or np=, which mean nothing there.",
     "Names without a record of their own follow the organization's record, not one in between. "
     "Drop it, or give those names their own records.",
     judge_walk,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
     "_dmarc.news TXT \"v=DMARC1; p=none; sp=reject; rua=mailto:d@example.com\"",
     kSubdomain},
    {"dmarc-treewalk", Severity::info, RuleNeeds::lookups, "RFC 9989 section 4.10.1",
     "The record of a domain above holds, since the domain has none of its own.",
     "Its sp= (or p=) decides what happens to mail that fails, and reports go to its owner. "
     "Publish a record here if you want to decide that yourself.",
     judge_walk, "@ TXT \"v=spf1 -all\"\n_dmarc.com. TXT \"v=DMARC1; p=reject; psd=y\"",
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
     "_dmarc.com. TXT \"v=DMARC1; p=reject; psd=y\""},
    {"dmarc-treewalk-shadow", Severity::warning, RuleNeeds::lookups, "RFC 9989 section 4.10.1",
     "Another DMARC record holds for names where this one was likely meant to.",
     "Receivers take a name's own record or else the organization's, never one in between, and "
     "the organization is the highest name with a record. Publish a record at each name that "
     "needs it, or write psd=n where an organization of its own begins.",
     judge_walk,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
     "_dmarc.news TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"\n"
     "eu.news TXT \"v=spf1 mx -all\"",
     kSubdomain},
    {"dmarc-cname", Severity::info, RuleNeeds::lookups, "RFC 1034 section 3.6.2",
     "The name _dmarc is an alias: somebody else sets this domain's DMARC policy.",
     "That is legal, and how many report services work. It is an error when the alias leads "
     "nowhere, to no usable record, or into a domain that anybody may register: then there is no "
     "DMARC, or a stranger's.",
     judge_aliases,
     "_dmarc CNAME example-com.dmarc.example.\n"
     "example-com.dmarc.example. TXT \"v=DMARC1; p=reject; rua=mailto:d@dmarc.example\"",
     kGood},
    {"dmarc-wildcard-txt", Severity::warning, RuleNeeds::nothing, "RFC 4592 section 2.1.1",
     "A wildcard TXT answers at _dmarc of names that do not exist.",
     "A DMARC record there holds as those names' own, so its p= takes the place of the "
     "organization's np= and sp=. Any other text is discarded by receivers and only told for "
     "information.",
     judge_wildcards,
     "* TXT \"v=DMARC1; p=none\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"",
     kGood},
};

}  // namespace

std::span<const Rule> dmarc_walk_rules() { return kRows; }

}  // namespace mxsmith::mail
