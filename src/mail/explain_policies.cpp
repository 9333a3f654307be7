// What receivers do with mail that nobody vouches for (DMARC), and which keys sign (DKIM).
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "mail/dmarc_discovery.hpp"
#include "mail/explain_topics.hpp"

namespace mxsmith::mail {

namespace {

std::string_view done_to(DmarcAction action) {
  switch (action) {
    case DmarcAction::none: return "is treated as if there were no policy";
    case DmarcAction::quarantine: return "is put aside as suspicious";
    case DmarcAction::reject: break;
  }
  return "is rejected";
}

Statement policy_words(const dns::Name& domain, const DmarcPolicy& policy) {
  Sentence sentence("Mail in the name of ");
  sentence.name(domain).say(" that passes neither SPF nor DKIM in its name ");
  sentence.say(done_to(policy.domain));
  if (policy.subdomains == policy.domain && policy.nonexistent == policy.domain) {
    return {sentence.say("; so is that of its subdomains, whether they exist or not.")};
  }
  if (policy.subdomains == policy.nonexistent) {
    sentence.say("; that of its subdomains, whether they exist or not, ");
    return {sentence.say(done_to(policy.subdomains)).say(".")};
  }
  sentence.say("; that of its subdomains ").say(done_to(policy.subdomains));
  sentence.say(", and that of names below it that do not exist ");
  return {sentence.say(done_to(policy.nonexistent)).say(".")};
}

void put_details(const DmarcRecord& record, MailFacts& facts, Topic& topic) {
  if (record.testing.value_or(false)) {
    topic.statements.push_back({Sentence(
        "The policy is marked as a test (t=y), so receivers apply one level less than it says.")});
  }
  const bool strict_dkim = record.dkim_alignment == DmarcAlignment::strict;
  const bool strict_spf = record.spf_alignment == DmarcAlignment::strict;
  if (strict_dkim || strict_spf) {
    Sentence sentence(strict_dkim && strict_spf ? "DKIM and SPF have"
                      : strict_dkim             ? "DKIM has"
                                                : "SPF has");
    topic.statements.push_back(
        {sentence.say(" to pass for exactly the domain of the From line; one below it does not "
                      "count.")});
  }
  std::vector<std::string> reports;
  for (const ReportUri& uri : record.rua) reports.push_back(uri.text);
  facts.dmarc_reports = !reports.empty();
  if (reports.empty()) {
    topic.statements.push_back(
        {Sentence("Nobody is told who sends in its name: no reports are "
                  "asked for.")});
  } else {
    topic.statements.push_back(
        {Sentence("Reports of who sends in its name go to ").list(reports).say(".")});
  }
}

bool explain_own_faults(const ExplainView& view, Topic& topic) {
  const auto own = view.zone.dmarc_of(view.domain());
  if (own.size() > 1) {
    topic.statements.push_back(
        {Sentence("There are ")
             .say(std::to_string(own.size()))
             .say(" DMARC records, so receivers count none of them (RFC 9989 section 4.10).")});
    return true;
  }
  return false;
}

Statement without_dmarc(const ExplainView& view, const DmarcDiscovery& found) {
  if (const AliasPlace* alias = view.alias_below("_dmarc")) {
    return {Sentence("The policy is kept by ")
                .name(alias->target)
                .say(", for which _dmarc is an alias, and was not looked up.")};
  }
  if (!view.whole()) return {Sentence("A DMARC policy is not declared here.")};
  Sentence sentence("There is no DMARC record at ");
  sentence.value("_dmarc." + plain(view.domain()))
      .say(
          ": each receiver decides for itself what becomes of mail that passes neither SPF nor "
          "DKIM.");
  if (!found.complete && view.domain().label_count() > 2) {
    sentence.say(" A record of a domain above it was not looked up.");
  }
  return {std::move(sentence)};
}

// ---- DKIM ----

/// The selector at which an alias stands; nothing when it stands elsewhere.
std::optional<std::string> selector_of(const AliasPlace& alias, const dns::Name& domain) {
  const std::string tail = "._domainkey." + domain.text();
  const std::string owner = alias.set->name.text();
  if (owner.size() <= tail.size()) return std::nullopt;
  const std::size_t size = owner.size() - tail.size();
  if (owner.compare(size, std::string::npos, tail) != 0) return std::nullopt;
  return owner.substr(0, size);
}

std::string_view state_words(SelectorState state) {
  switch (state) {
    case SelectorState::next: return ", published for later";
    case SelectorState::active: return ", in use";
    case SelectorState::retiring: return ", no longer in use, still published";
    case SelectorState::revoked: break;
  }
  return "";
}

Sentence key_words(const ExplainView& view, const DkimPlace& place, MailFacts& facts) {
  Sentence sentence;
  sentence.value(place.selector).say(": ");
  const DkimKey& key = place.reading.value;
  if (key.revoked()) return sentence.say("revoked");
  if (!place.reading.key || place.reading.findings.has_errors()) {
    return sentence.say("a key that verifiers cannot use");
  }
  facts.signs = true;
  sentence.say(key.describe());
  if (const auto* declared = view.input.declared.selector(place.selector)) {
    sentence.say(state_words(declared->state));
  }
  if (key.testing) sentence.say(", marked as a test (t=y): verifiers may ignore that it failed");
  return sentence;
}

}  // namespace

Topic explain_rest(const ExplainView& view, MailFacts& facts) {
  Topic topic{Topic::Id::rest};
  if (explain_own_faults(view, topic)) return topic;
  const DmarcDiscovery found = discover_dmarc(view.domain(), view.resolver);
  facts.has_dmarc = found.record.has_value() || view.alias_below("_dmarc") != nullptr;
  if (!found.record || !found.policy_domain) {
    topic.statements.push_back(without_dmarc(view, found));
    return topic;
  }
  const bool own = *found.policy_domain == view.domain();
  if (!own) {
    topic.statements.push_back({Sentence("The policy is that of ")
                                    .name(*found.policy_domain)
                                    .say(", a domain above it.")});
  }
  facts.dmarc = effective_policy(*found.record);
  if (facts.dmarc && !own) {
    const auto action = policy_for(found, view.domain(), AuthorDomain::exists);
    if (action) facts.dmarc->domain = facts.dmarc->subdomains = *action;
  }
  if (facts.dmarc) {
    topic.statements.push_back(policy_words(view.domain(), *facts.dmarc));
  } else {
    facts.has_dmarc = false;
    topic.statements.push_back(
        {Sentence("The DMARC record has no policy that counts, so receivers "
                  "do not apply DMARC (RFC 9989 section 4.10.1).")});
  }
  put_details(*found.record, facts, topic);
  return topic;
}

Topic explain_signing(const ExplainView& view, MailFacts& facts) {
  Topic topic{Topic::Id::signing};
  std::vector<Sentence> keys;
  std::size_t elsewhere = 0;
  for (const DkimPlace& place : view.zone.dkim) {
    if (place.domain == view.domain()) {
      keys.push_back(key_words(view, place, facts));
    } else {
      ++elsewhere;
    }
  }
  for (const AliasPlace& alias : view.zone.aliases) {
    const auto selector = selector_of(alias, view.domain());
    if (!selector) continue;
    facts.signs = true;
    keys.push_back(
        Sentence().value(*selector).say(": kept by ").name(alias.target).say(", an alias"));
  }
  if (!keys.empty()) {
    Sentence sentence("Receivers find ");
    sentence.say(base::counted(keys.size(), "selector")).say(" for mail signed by ");
    topic.statements.push_back({sentence.name(view.domain()).say(":"), std::move(keys)});
  } else if (!view.whole()) {
    topic.statements.push_back({Sentence("No DKIM key is declared here.")});
  } else {
    topic.statements.push_back({Sentence("None: no DKIM key is published below ")
                                    .value("_domainkey." + plain(view.domain()))
                                    .say(".")});
  }
  if (elsewhere > 0) {
    topic.statements.push_back(
        {Sentence("Subdomains have ").say(base::counted(elsewhere, "key")).say(" of their own.")});
  }
  return topic;
}

}  // namespace mxsmith::mail
