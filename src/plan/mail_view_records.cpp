// Reading SPF, DMARC and DKIM out of a zone as it is, broken records included.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/dmarc_discovery.hpp"
#include "mail/spf_network.hpp"
#include "mail/tag_list.hpp"
#include "plan/desired.hpp"
#include "plan/mail_view.hpp"

namespace mxsmith::plan {
namespace {

bool is_all(const mail::SpfTerm& term) { return !term.is_modifier && term.name == "all"; }
bool is_redirect(const mail::SpfTerm& term) { return term.is_modifier && term.name == "redirect"; }

/// The terms of a record that can be read, for records of which some cannot.
mail::SpfRecord readable_part(const std::string& text) {
  mail::SpfRecord record;
  for (const auto& piece : base::split(text.substr(6), ' ')) {
    const auto term = mail::parse_spf("v=spf1 " + piece);
    if (term && term->terms.size() == 1) record.terms.push_back(term->terms.front());
  }
  return record;
}

void take_record(SpfView& view, const std::string& text) {
  auto record = mail::parse_spf(text);
  if (!record && !view.fault) view.fault = record.fault();
  const mail::SpfRecord readable = record ? *std::move(record) : readable_part(text);
  for (auto& term : readable.effective_terms()) view.terms.push_back(std::move(term));
  const auto all = readable.all();
  if (all && (!view.all || *view.all < *all)) view.all = all;
}

bool covers(const std::vector<mail::SpfTerm>& senders, const mail::SpfTerm& wanted) {
  const std::string identity = sender_identity(wanted);
  return std::any_of(senders.begin(), senders.end(), [&](const mail::SpfTerm& term) {
    return sender_identity(term) == identity || mail::network_contains(term, wanted);
  });
}

}  // namespace

std::vector<mail::SpfTerm> SpfView::senders() const {
  std::vector<mail::SpfTerm> result;
  std::copy_if(terms.begin(), terms.end(), std::back_inserter(result), [](const auto& term) {
    if (term.is_modifier) return is_redirect(term);
    return !is_all(term) && term.qualifier == mail::SpfQualifier::pass;
  });
  return result;
}

std::size_t SpfView::own_lookups() const {
  return static_cast<std::size_t>(std::count_if(
      terms.begin(), terms.end(), [](const auto& term) { return term.needs_lookup(); }));
}

bool SpfView::refers_elsewhere() const {
  return std::any_of(terms.begin(), terms.end(), [](const auto& term) {
    return is_redirect(term) || (!term.is_modifier && term.name == "include");
  });
}

SpfView spf_of(const ZoneView& zone, const dns::Name& name) {
  SpfView view;
  for (auto& text : zone.texts(name)) {
    if (!mail::is_spf(text)) continue;
    take_record(view, text);
    view.texts.push_back(std::move(text));
  }
  return view;
}

std::string sender_identity(const mail::SpfTerm& term) {
  const std::string identity = term.identity();
  return is_redirect(term) ? "include:" + identity.substr(identity.find('=') + 1) : identity;
}

std::vector<mail::SpfTerm> senders_lost(const SpfView& before, const SpfView& after) {
  if (after.all == mail::SpfQualifier::pass) return {};
  const auto remaining = after.senders();
  std::vector<mail::SpfTerm> lost;
  for (auto& term : before.senders()) {
    if (!covers(remaining, term)) lost.push_back(std::move(term));
  }
  return lost;
}

DmarcView dmarc_of(const ZoneView& zone, const dns::Name& name) {
  DmarcView view;
  view.alias = zone.alias(name);
  for (const auto& text : zone.texts(name)) {
    if (!mail::is_dmarc(text)) continue;
    ++view.records;
    view.record = view.records == 1 ? mail::parse_dmarc(text) : std::nullopt;
  }
  return view;
}

DmarcReach dmarc_reach(const dns::Name& domain, const DmarcView& own, mail::Resolver& resolver) {
  const auto found = mail::discover_dmarc(domain, resolver);
  DmarcReach reach;
  if (own.alias && !found.steps.empty()) {
    const mail::LookupStatus status = found.steps.front().status;
    reach.known = status != mail::LookupStatus::not_checked && status != mail::LookupStatus::failed;
  }
  if (!found.record || !found.policy_domain) return reach;
  reach.record = found.record;
  reach.from = *found.policy_domain;
  if (reach.from == domain) return reach;
  const auto below = mail::effective_policy(*found.record);
  if (!below) {
    reach.record.reset();
    return reach;
  }
  // RFC 9989 section 4.10.1: sp= is for names below that exist, np= for those that do not. What
  // t=y takes off is taken off already.
  reach.record->policy = below->subdomains;
  reach.record->subdomain_policy = below->subdomains;
  reach.record->nonexistent_policy = below->nonexistent;
  reach.record->bad_policy.clear();
  reach.record->testing.reset();
  return reach;
}

int direction(const mail::Differences& differences) {
  using Effect = mail::Difference::Effect;
  if (mail::any_weaker(differences)) return -1;
  const bool stricter =
      std::any_of(differences.begin(), differences.end(),
                  [](const mail::Difference& one) { return one.effect == Effect::stricter; });
  return stricter ? 1 : 0;
}

bool SelectorView::active() const {
  return alias.has_value() ||
         std::any_of(keys.begin(), keys.end(), [](const auto& key) { return !key.revoked(); });
}

SelectorView selector_of(const ZoneView& zone, const dns::Name& name) {
  SelectorView view;
  view.alias = zone.alias(name);
  for (const auto& text : zone.texts(name)) {
    if (auto key = mail::parse_dkim(text)) {
      view.keys.push_back(*std::move(key));
    } else {
      ++view.other_values;
    }
  }
  return view;
}

std::optional<SelectorName> split_selector(const dns::Name& name) {
  SelectorName result;
  result.domain = name;
  for (const auto& label : name.labels()) {
    result.domain = result.domain.parent();
    if (label == "_domainkey") return result;
    result.selector += (result.selector.empty() ? "" : ".") + label;
  }
  return {};
}

}  // namespace mxsmith::plan
