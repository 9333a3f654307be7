#include "mail/explain.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "mail/explain_topics.hpp"
#include "mail/mx.hpp"

namespace mxsmith::mail {

namespace {

/// How many findings are told as what to do next.
constexpr std::size_t kNextSteps = 5;

/// Nobody asks beyond the zone.
class Silence final : public Resolver {
 public:
  Answer lookup(const dns::Name&, dns::Type) override { return {.reason = "it was not looked up"}; }
};

Topic explain_missing(const ExplainView& view, const MailFacts& facts) {
  Topic topic{Topic::Id::missing};
  const auto lacks = [&](bool missing, std::string_view words) {
    if (missing) topic.statements.push_back({Sentence(words)});
  };
  if (view.whole()) {
    lacks(!facts.receives && !facts.refuses,
          "MX records: a domain that takes no mail says so with a null MX.");
    lacks(!facts.has_spf, "An SPF record that counts.");
    lacks(facts.sends && facts.has_spf && !facts.signs, "A DKIM key.");
    lacks(!facts.has_dmarc, "A DMARC record that counts.");
    const bool parked = facts.refuses && facts.has_spf && !facts.sends;
    lacks(facts.dmarc && !facts.dmarc_reports && !parked,
          "Reports of DMARC: without rua= nobody tells who sends in this domain's name.");
    lacks(facts.receives && !facts.has_mta_sts,
          "MTA-STS: senders may hand over mail in clear text.");
    lacks(facts.receives && !facts.has_tls_rpt,
          "TLS reports: nobody tells when TLS with the mail hosts fails.");
  }
  for (const DetectedService& service : view.services) {
    if (service.missing.empty()) continue;
    Statement statement{Sentence("Of ").value(service.service->name).say(":")};
    for (const std::string& record : service.missing) {
      statement.items.push_back(Sentence().value(record));
    }
    topic.statements.push_back(std::move(statement));
  }
  return topic;
}

Statement step_of(const ZoneFinding& finding) {
  Sentence sentence;
  sentence.name(finding.subject.key.name).say(" ").say(dns::type_name(finding.subject.key.type));
  sentence.say(": ").value(finding.message);
  if (finding.hint.empty()) {
    sentence.say(". ").say(finding.rule->advice);
  } else {
    sentence.say("; ").value(finding.hint);
    if (finding.hint.back() != '.') sentence.say(".");
  }
  sentence.say(" (").say(finding.rule->id).say(")");
  return {std::move(sentence)};
}

Topic explain_next(const Judgement& judgement) {
  Topic topic{Topic::Id::next};
  std::size_t left = 0;
  std::size_t remarks = 0;
  for (const ZoneFinding& finding : judgement.findings) {
    if (finding.severity == base::Severity::info) {
      ++remarks;
    } else if (topic.statements.size() < kNextSteps) {
      topic.statements.push_back(step_of(finding));
    } else {
      ++left;
    }
  }
  if (topic.statements.empty()) {
    topic.statements.push_back({Sentence("Nothing: no rule finds an error or a warning.")});
  }
  if (left > 0 || remarks > 0) {
    Sentence more;
    if (left > 0) more.say(base::counted(left, "more finding"));
    if (left > 0 && remarks > 0) more.say(" and ");
    if (remarks > 0) more.say(base::counted(remarks, "remark"));
    topic.statements.push_back({more.say(": `mxsmith check` tells all of them.")});
  }
  if (!judgement.not_checked.empty()) {
    Sentence unknown(base::counted(judgement.not_checked.size(), "question"));
    unknown.say(judgement.not_checked.size() == 1 ? " is" : " are");
    topic.statements.push_back({unknown.say(" open, since DNS was not asked.")});
  }
  return topic;
}

Sentence summary_of(const ExplainView& view, const MailFacts& facts) {
  Sentence sentence;
  sentence.name(view.domain());
  if (facts.refuses && facts.has_spf && !facts.sends) {
    return sentence.say(" neither receives nor sends mail, and says so.");
  }
  sentence.say(facts.receives  ? " receives mail, "
               : facts.refuses ? " takes no mail, "
               : view.whole()  ? " has no place where mail arrives, "
                               : " does not say here where its mail arrives, ");
  if (!facts.has_spf) {
    sentence.say(view.whole() ? "does not say who may send" : "does not say here who may send");
  } else {
    sentence.say(facts.sends ? "says who may send" : "lets nobody send");
  }
  if (!facts.dmarc) {
    return sentence.say(facts.has_dmarc || !view.whole()
                            ? ", and leaves DMARC to other records."
                            : ", and leaves it to receivers what becomes of forged mail.");
  }
  constexpr std::array<std::string_view, 3> kWords = {
      ", and asks receivers to do nothing about forged mail.",
      ", and asks receivers to put forged mail aside.",
      ", and asks receivers to reject forged mail."};
  return sentence.say(kWords[static_cast<std::size_t>(facts.dmarc->domain)]);
}

}  // namespace

Sentence& Sentence::say(std::string_view words) {
  if (words.empty()) return *this;
  if (pieces_.empty() || pieces_.back().kind != Kind::words) {
    pieces_.push_back({Kind::words, std::string(words)});
  } else {
    pieces_.back().text += words;
  }
  return *this;
}

Sentence& Sentence::value(std::string_view octets) {
  pieces_.push_back({Kind::value, std::string(octets)});
  return *this;
}

Sentence& Sentence::name(const dns::Name& name) { return value(plain(name)); }

Sentence& Sentence::list(const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) say(i + 1 == values.size() ? " and " : ", ");
    value(values[i]);
  }
  return *this;
}

std::string Sentence::text() const {
  std::string text;
  for (const Piece& piece : pieces_) text += piece.text;
  return text;
}

std::string_view topic_word(Topic::Id id) {
  switch (id) {
    case Topic::Id::inbound: return "inbound";
    case Topic::Id::senders: return "senders";
    case Topic::Id::rest: return "rest";
    case Topic::Id::signing: return "signing";
    case Topic::Id::encryption: return "encryption";
    case Topic::Id::services: return "services";
    case Topic::Id::missing: return "missing";
    case Topic::Id::next: break;
  }
  return "next";
}

std::string_view topic_heading(Topic::Id id) {
  switch (id) {
    case Topic::Id::inbound: return "Where mail arrives";
    case Topic::Id::senders: return "Who may send";
    case Topic::Id::rest: return "What receivers do with the rest";
    case Topic::Id::signing: return "Keys that sign";
    case Topic::Id::encryption: return "TLS on the way";
    case Topic::Id::services: return "Services in use";
    case Topic::Id::missing: return "What is missing";
    case Topic::Id::next: break;
  }
  return "What to do next";
}

std::string plain(const dns::Name& name) { return name.display(); }

const AliasPlace* ExplainView::alias_below(std::string_view labels) const {
  dns::Name name = domain();
  std::vector<std::string> parts = base::split(labels, '.');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const auto below = name.child(*part);
    if (!below) return nullptr;
    name = *below;
  }
  return zone.alias_at(name);
}

Explanation explain_mail(const JudgeInput& input) {
  const MailZone zone(input.sets, input.keys);
  ZoneResolver own(input.sets, input.coverage);
  Silence nobody;
  ChainedResolver resolver(own, input.world == nullptr ? nobody : *input.world);
  const auto services = detect_services(zone, input.services);
  const ExplainView view{input, zone, resolver, services};

  Explanation explanation;
  explanation.domain = zone.apex();
  explanation.judgement = judge_mail(input);
  MailFacts facts;
  std::vector<Topic> topics;
  topics.push_back(explain_inbound(view, facts));
  topics.push_back(explain_senders(view, facts));
  topics.push_back(explain_rest(view, facts));
  topics.push_back(explain_signing(view, facts));
  topics.push_back(explain_encryption(view, facts));
  topics.push_back(explain_services(view));
  topics.push_back(explain_missing(view, facts));
  topics.push_back(explain_next(explanation.judgement));
  for (Topic& topic : topics) {
    if (!topic.statements.empty()) explanation.topics.push_back(std::move(topic));
  }
  explanation.summary = summary_of(view, facts);
  return explanation;
}

}  // namespace mxsmith::mail
