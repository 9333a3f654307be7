// Where mail arrives, what protects it on the way there, and which services have a part in it.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "mail/explain_topics.hpp"
#include "mail/mx.hpp"
#include "mail/tlsa.hpp"

namespace mxsmith::mail {

namespace {

using ByPreference = std::map<std::uint16_t, std::vector<std::string>>;

ByPreference by_preference(const std::vector<dns::Mx>& records) {
  ByPreference groups;
  for (const dns::Mx& mx : records) groups[mx.preference].push_back(plain(mx.exchange));
  for (auto& [preference, hosts] : groups) std::sort(hosts.begin(), hosts.end());
  return groups;
}

Sentence& put_hosts(Sentence& sentence, std::uint16_t preference,
                    const std::vector<std::string>& hosts) {
  sentence.list(hosts).say(" (preference ").say(std::to_string(preference));
  return sentence.say(hosts.size() > 1 ? " each, which share it)" : ")");
}

Sentence arrival(const dns::Name& domain, const std::vector<dns::Mx>& records) {
  Sentence sentence("Mail for ");
  sentence.name(domain).say(" arrives at ");
  bool first = true;
  for (const auto& [preference, hosts] : by_preference(records)) {
    if (!first) sentence.say("; if nothing answers there, at ");
    put_hosts(sentence, preference, hosts);
    first = false;
  }
  return sentence.say(".");
}

std::vector<std::string> addresses_of(const MailZone& zone, const dns::Name& name) {
  std::vector<std::string> texts;
  for (const dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
    const dns::RRset* set = zone.sets().find(name, type);
    if (set == nullptr) continue;
    for (const dns::Rdata& value : set->values) texts.push_back(dns::print_rdata(value));
  }
  return texts;
}

Statement without_mx(const ExplainView& view, MailFacts& facts) {
  Sentence sentence;
  if (!view.whole()) {
    sentence.say("Where mail for ").name(view.domain()).say(" arrives is not declared here.");
    return {std::move(sentence)};
  }
  const auto addresses = addresses_of(view.zone, view.domain());
  facts.receives = !addresses.empty();
  if (addresses.empty()) {
    sentence.say("Nowhere: ").name(view.domain()).say(" has neither MX records nor an address.");
  } else {
    sentence.say("There are no MX records, so senders try the addresses of ").name(view.domain());
    sentence.say(" itself (RFC 5321 section 5.1): ").list(addresses).say(".");
  }
  return {std::move(sentence)};
}

std::string receivers_named(const ExplainView& view) {
  std::string names;
  for (const DetectedService& service : view.services) {
    if (!service.receives) continue;
    if (!names.empty()) names += ", ";
    names += service.service->name;
  }
  return names;
}

// ---- TLS ----

std::string policy_url(const dns::Name& domain) {
  std::string host = domain.text();
  host.pop_back();
  return "https://mta-sts." + host + "/.well-known/mta-sts.txt";
}

std::string age_words(std::uint32_t seconds) {
  if (seconds % 86400 == 0 && seconds > 0) return base::counted(seconds / 86400, "day");
  if (seconds % 3600 == 0 && seconds > 0) return base::counted(seconds / 3600, "hour");
  return base::counted(seconds, "second");
}

Sentence policy_words(const MtaStsPolicy& policy) {
  Sentence sentence;
  switch (policy.mode) {
    case MtaStsMode::enforce:
      sentence.say(
          "MTA-STS is enforced: senders that know it hand over mail only by TLS with a "
          "valid certificate, to ");
      break;
    case MtaStsMode::testing:
      sentence.say(
          "MTA-STS is being tested: senders that know it report where TLS with a valid "
          "certificate fails, and send all the same, to ");
      break;
    case MtaStsMode::none:
      return sentence.say("MTA-STS is switched off by a policy with mode none.");
  }
  std::vector<std::string> hosts;
  hosts.reserve(policy.mx.size());
  for (const MxPattern& host : policy.mx) hosts.push_back(host.text());
  sentence.list(hosts).say("; they remember that for ");
  return sentence.say(age_words(policy.max_age)).say(".");
}

void explain_mta_sts(const ExplainView& view, MailFacts& facts, Topic& topic) {
  const AliasPlace* alias = view.alias_below("_mta-sts");
  std::vector<const MtaStsPlace*> own;
  for (const MtaStsPlace& place : view.zone.mta_sts) {
    if (place.domain == view.domain()) own.push_back(&place);
  }
  facts.has_mta_sts = own.size() == 1 || alias != nullptr;
  if (own.size() > 1) {
    topic.statements.push_back(
        {Sentence("There are several MTA-STS records, so senders take it "
                  "that there is none (RFC 8461 section 3.1).")});
    return;
  }
  if (!facts.has_mta_sts) return;
  if (view.input.declared.mta_sts && own.size() == 1) {
    topic.statements.push_back({policy_words(*view.input.declared.mta_sts)});
    return;
  }
  Sentence sentence("MTA-STS is announced");
  if (alias != nullptr)
    sentence.say(" by ").name(alias->target).say(", for which _mta-sts is an alias");
  sentence.say("; the policy at ").value(policy_url(view.domain())).say(" was not read.");
  topic.statements.push_back({std::move(sentence)});
}

void explain_dane(const ExplainView& view, Topic& topic) {
  const MxPlace* mx = view.zone.mx_of(view.domain());
  if (mx == nullptr || refuses_mail(mx->records)) return;
  std::vector<std::string> with;
  std::vector<std::string> unknown;
  for (const dns::Mx& record : mx->records) {
    const auto name = tlsa_name(record.exchange);
    if (!name) continue;
    const Answer answer = view.resolver.lookup(*name, dns::Type::TLSA);
    if (answer.status == LookupStatus::found) with.push_back(plain(record.exchange));
    if (answer.status == LookupStatus::not_checked) unknown.push_back(plain(record.exchange));
  }
  if (!with.empty()) {
    topic.statements.push_back({Sentence("DANE: TLSA records fix which certificates count at ")
                                    .list(with)
                                    .say(", as far as DNSSEC signs the zone.")});
  }
  if (!unknown.empty()) {
    topic.statements.push_back({Sentence("Whether ")
                                    .list(unknown)
                                    .say(unknown.size() == 1 ? " has" : " have")
                                    .say(" TLSA records was not looked up.")});
  }
}

void explain_tls_rpt(const ExplainView& view, MailFacts& facts, Topic& topic) {
  std::vector<std::string> destinations;
  for (const TlsRptPlace& place : view.zone.tls_rpt) {
    if (place.domain != view.domain()) continue;
    facts.has_tls_rpt = true;
    for (const ReportUri& uri : place.reading.value.rua) destinations.push_back(uri.text);
  }
  if (const AliasPlace* alias = view.alias_below("_smtp._tls")) {
    facts.has_tls_rpt = true;
    topic.statements.push_back({Sentence("Where reports about TLS go is kept by ")
                                    .name(alias->target)
                                    .say(", for which _smtp._tls is an alias.")});
  }
  if (destinations.empty()) return;
  topic.statements.push_back(
      {Sentence("Reports about TLS that failed go to ").list(destinations).say(".")});
}

}  // namespace

Topic explain_inbound(const ExplainView& view, MailFacts& facts) {
  Topic topic{Topic::Id::inbound};
  const MxPlace* mx = view.zone.mx_of(view.domain());
  if (mx == nullptr) {
    topic.statements.push_back(without_mx(view, facts));
  } else if (refuses_mail(mx->records)) {
    facts.refuses = true;
    topic.statements.push_back(
        {Sentence().name(view.domain()).say(" takes no mail: it has the null MX (RFC 7505).")});
  } else {
    facts.receives = true;
    topic.statements.push_back({arrival(view.domain(), mx->records)});
    const std::string names = receivers_named(view);
    if (!names.empty()) {
      topic.statements.push_back({Sentence("That is ").value(names).say(".")});
    }
  }
  for (const MxPlace& other : view.zone.mx) {
    if (other.domain() == view.domain() || refuses_mail(other.records)) continue;
    topic.statements.push_back({arrival(other.domain(), other.records)});
  }
  return topic;
}

Topic explain_encryption(const ExplainView& view, MailFacts& facts) {
  Topic topic{Topic::Id::encryption};
  explain_mta_sts(view, facts, topic);
  explain_dane(view, topic);
  explain_tls_rpt(view, facts, topic);
  if (topic.statements.empty() && facts.receives && view.whole()) {
    topic.statements.push_back(
        {Sentence("Nothing asks for TLS: senders use it where the host offers it, and clear text "
                  "where it does not.")});
  }
  return topic;
}

Topic explain_services(const ExplainView& view) {
  Topic topic{Topic::Id::services};
  for (const DetectedService& service : view.services) {
    Statement statement{Sentence().value(service.service->name)};
    statement.sentence.say(service.receives && service.sends ? " receives and sends mail."
                           : service.receives                ? " receives mail."
                           : service.sends                   ? " sends mail."
                                                             : " is known to the zone.");
    for (const Evidence& evidence : service.evidence) {
      statement.items.push_back(
          Sentence().value(evidence.what).say(" at ").name(evidence.key.name));
    }
    topic.statements.push_back(std::move(statement));
  }
  return topic;
}

}  // namespace mxsmith::mail
