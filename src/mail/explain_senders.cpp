// Who may send, term by term of the SPF record.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/explain_topics.hpp"
#include "mail/spf_check.hpp"
#include "mail/spf_tree.hpp"

namespace mxsmith::mail {

namespace {

/// The one service that asks for that term, or nothing.
const Service* service_of(const Catalogue& services, const std::string& identity) {
  const Service* found = nullptr;
  for (const Service& service : services.all()) {
    const auto asks = [&](const std::vector<std::string>& terms) {
      return std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
        return base::equals_ignoring_case(term, identity);
      });
    };
    if (!asks(service.spf) && !asks(service.spf_other)) continue;
    if (found != nullptr) return nullptr;
    found = &service;
  }
  return found;
}

/// "(fail)" for whom a term keeps out; nothing for whom it lets in.
void put_qualifier(Sentence& sentence, SpfQualifier qualifier) {
  switch (qualifier) {
    case SpfQualifier::pass: return;
    case SpfQualifier::fail: sentence.say("not: "); return;
    case SpfQualifier::softfail: sentence.say("as suspicious: "); return;
    case SpfQualifier::neutral: sentence.say("undecided: "); return;
  }
}

void put_target(Sentence& sentence, const SpfTerm& term, const std::string& own) {
  const std::string_view target = term.domain_spec();
  sentence.value(target.empty() ? std::string_view(own) : target);
}

void put_networks(Sentence& sentence, const SpfTerm& term) {
  if (term.ip4_prefix < 32)
    sentence.say(" and the /" + std::to_string(term.ip4_prefix) + " around each");
  if (term.ip6_prefix < 128)
    sentence.say(" and the IPv6 /" + std::to_string(term.ip6_prefix) + " around each");
}

class SenderList {
 public:
  SenderList(const ExplainView& view, const std::string& own) : view_(view), own_(own) {}

  void put(const SpfTerm& term) {
    const bool network = term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6;
    if (!network || term.qualifier != qualifier_) flush();
    if (network) {
      qualifier_ = term.qualifier;
      networks_.push_back(term.argument);
      return;
    }
    Sentence sentence;
    put_qualifier(sentence, term.qualifier);
    if (describe(sentence, term)) items_.push_back(std::move(sentence));
  }
  std::vector<Sentence> take() {
    flush();
    return std::move(items_);
  }

 private:
  void flush() {
    if (networks_.empty()) return;
    Sentence sentence;
    put_qualifier(sentence, qualifier_);
    sentence.say(networks_.size() == 1 ? "the address or block " : "the addresses and blocks ");
    items_.push_back(sentence.list(networks_));
    networks_.clear();
  }
  bool describe(Sentence& sentence, const SpfTerm& term) {
    switch (term.kind) {
      case SpfKind::a:
        sentence.say("the addresses of ");
        put_target(sentence, term, own_);
        put_networks(sentence, term);
        return true;
      case SpfKind::mx:
        sentence.say("the hosts that take mail for ");
        put_target(sentence, term, own_);
        put_networks(sentence, term);
        return true;
      case SpfKind::include: {
        const Service* service = service_of(view_.input.services, term.identity());
        sentence.say("whoever the record of ");
        put_target(sentence, term, own_);
        sentence.say(" lets send");
        if (service != nullptr) sentence.say(" (").value(service->name).say(")");
        return true;
      }
      case SpfKind::exists:
        sentence.say("whoever the name ").value(term.domain_spec());
        sentence.say(" exists for, filled in for each message");
        return true;
      case SpfKind::ptr:
        sentence.say("hosts whose reverse name lies in ");
        put_target(sentence, term, own_);
        sentence.say(", which RFC 7208 section 5.5 advises against");
        return true;
      default: return false;
    }
  }

  const ExplainView& view_;
  const std::string& own_;
  SpfQualifier qualifier_ = SpfQualifier::pass;
  std::vector<std::string> networks_;
  std::vector<Sentence> items_;
};

const SpfTerm* redirect_of(const std::vector<SpfTerm>& terms) {
  const auto found = std::find_if(terms.begin(), terms.end(), [](const SpfTerm& term) {
    return term.kind == SpfKind::redirect;
  });
  return found == terms.end() ? nullptr : &*found;
}

enum class Terms : std::uint8_t { none, some };

Sentence redirect_words(const SpfTerm& redirect, Terms before) {
  const bool alone = before == Terms::none;
  Sentence sentence(alone ? "The record of " : "For everybody else the record of ");
  return sentence.value(redirect.domain_spec()).say(alone ? " decides who may send." : " decides.");
}

Sentence others_words(const SpfRecord& record) {
  const auto all = record.all();
  if (!all) return Sentence("Nothing is said of everybody else: the record ends without `all`.");
  switch (*all) {
    case SpfQualifier::fail:
      return Sentence("Everybody else fails (-all): receivers may reject such mail.");
    case SpfQualifier::softfail:
      return Sentence(
          "Everybody else is suspicious (~all): receivers mostly let such mail in, "
          "marked, and DMARC counts it as failed.");
    case SpfQualifier::neutral:
      return Sentence("Nothing is said of everybody else (?all), as if there were no record.");
    case SpfQualifier::pass: break;
  }
  return Sentence("Everybody else may send as well (+all), so the record protects nothing.");
}

Sentence lookups_words(const SpfTree& tree) {
  const std::string most = std::to_string(kSpfMostLookups);
  if (tree.lookups > kSpfMostLookups) {
    return Sentence("Receivers would make ")
        .say(std::to_string(tree.lookups))
        .say(" DNS lookups for it, and stop at ")
        .say(most)
        .say(" with permerror: the record fails (RFC 7208 section 4.6.4).");
  }
  Sentence sentence(tree.complete ? "Receivers make " : "Receivers make at least ");
  sentence.say(base::counted(tree.lookups, "DNS lookup")).say(" for it, of ").say(most);
  sentence.say(" that they allow");
  std::vector<std::string> names;
  for (const SpfUnknown& one : tree.unknown) names.push_back(one.name);
  if (!tree.complete && !names.empty()) {
    const bool one = names.size() == 1;
    sentence.say(one ? "; the record of " : "; the records of ").list(names);
    sentence.say(one ? " was not looked up" : " were not looked up");
  }
  return sentence.say(".");
}

void explain_record(const ExplainView& view, const SpfRecord& record, MailFacts& facts,
                    Topic& topic) {
  const std::string own = plain(view.domain());
  const auto terms = record.effective_terms();
  SenderList list(view, own);
  bool lets_in = record.all() == SpfQualifier::pass;
  for (const SpfTerm& term : terms) {
    list.put(term);
    lets_in = lets_in || (!term.is_modifier && term.kind != SpfKind::all &&
                          term.qualifier != SpfQualifier::fail);
  }
  const SpfTerm* redirect = redirect_of(terms);
  facts.has_spf = true;
  facts.sends = lets_in || redirect != nullptr;
  auto items = list.take();
  if (items.empty() && record.all() == SpfQualifier::fail) {
    topic.statements.push_back(
        {Sentence("Nobody may send mail in the name of ").name(view.domain()).say(" (-all).")});
    return;
  }
  const Terms before = items.empty() ? Terms::none : Terms::some;
  if (before == Terms::some) {
    topic.statements.push_back(
        {Sentence("In the name of ").name(view.domain()).say(" may send:"), std::move(items)});
  }
  topic.statements.push_back(
      {redirect == nullptr ? others_words(record) : redirect_words(*redirect, before)});
  const SpfTree tree = spf_tree(view.domain(), record, view.resolver);
  if (tree.lookups > 0 || !tree.complete) topic.statements.push_back({lookups_words(tree)});
}

void explain_others(const ExplainView& view, Topic& topic) {
  std::vector<std::string> names;
  for (const SpfPlace& place : view.zone.spf) {
    if (place.domain() != view.domain()) names.push_back(plain(place.domain()));
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.empty()) return;
  topic.statements.push_back({Sentence("SPF records of their own have ").list(names).say(".")});
}

}  // namespace

Topic explain_senders(const ExplainView& view, MailFacts& facts) {
  Topic topic{Topic::Id::senders};
  facts.sends = true;
  const auto places = view.zone.spf_of(view.domain());
  if (places.size() > 1) {
    topic.statements.push_back(
        {Sentence("There are ")
             .say(std::to_string(places.size()))
             .say(" SPF records, which receivers take for an error: none of them counts (RFC 7208 "
                  "section 4.5).")});
  } else if (places.empty()) {
    topic.statements.push_back(
        {view.whole() ? Sentence("That is not said: there is no SPF record, so receivers cannot "
                                 "tell senders of ")
                            .name(view.domain())
                            .say(" from others.")
                      : Sentence("Who may send is not declared here.")});
  } else if (!places.front()->record.ok()) {
    topic.statements.push_back(
        {Sentence("The SPF record cannot be read, which receivers take for an error: ")
             .value(places.front()->record.fault().message)
             .say(".")});
  } else {
    explain_record(view, *places.front()->record, facts, topic);
  }
  explain_others(view, topic);
  return topic;
}

}  // namespace mxsmith::mail
