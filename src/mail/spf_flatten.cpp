#include "mail/spf_flatten.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

/// Ends each part of a split record, so that it can also be used by itself.
constexpr std::string_view kPartEnd = " -all";
constexpr std::string_view kVersion = "v=spf1";
constexpr std::size_t kMostParts = 50;

/// DNS as it would be with those records.
class Overlay final : public Resolver {
 public:
  explicit Overlay(Resolver& below) : below_(below) {}
  void put(const dns::Name& name, std::string text) { texts_[name] = std::move(text); }

  Answer lookup(const dns::Name& name, dns::Type type) override {
    const auto found = texts_.find(name);
    if (found == texts_.end() || type != dns::Type::TXT) return below_.lookup(name, type);
    Answer answer;
    answer.status = LookupStatus::found;
    answer.values.emplace_back(dns::Txt{found->second});
    return answer;
  }

 private:
  Resolver& below_;
  std::map<dns::Name, std::string> texts_;
};

/// One term of the record in the making: as it was, or a set in place of includes.
struct Slot {
  std::string text;  ///< Of a term that stays.
  SpfQualifier qualifier = SpfQualifier::pass;
  std::optional<IpSet> addresses = {};
};

std::string sign_of(SpfQualifier qualifier) {
  return qualifier == SpfQualifier::pass ? "" : std::string(1, qualifier_sign(qualifier));
}

std::string term_of(const IpNetwork& network) {
  return (network.family == IpFamily::v4 ? "ip4:" : "ip6:") + network.text();
}

std::string terms_of(const Slot& slot) {
  if (!slot.addresses) return " " + slot.text;
  std::string text;
  for (const auto& network : slot.addresses->networks()) {
    text += ' ';
    text += sign_of(slot.qualifier);
    text += term_of(network);
  }
  return text;
}

/// Octets of a TXT record in an answer whose owner is a pointer (RFC 1035 sections 3.3.14, 4.1.3
/// and 4.1.4).
std::size_t octets_in_answer(std::size_t text) {
  return 12 + text + std::max<std::size_t>(1, (text + 254) / 255);
}

/// Why an include cannot be replaced, or ought not to be.
std::optional<SpfKept> objection(const std::string& term, const SpfAddresses& inner) {
  if (!inner.untold.empty()) {
    const SpfUntold& untold = inner.untold.front();
    const std::string what =
        untold.term.empty() ? untold.domain : untold.term + " of " + untold.domain;
    return SpfKept{term, what + " " + std::string(spf_untold_phrase(untold.why))};
  }
  if (!inner.problem.empty()) return SpfKept{term, inner.problem};
  for (const auto& answer : inner.answers) {
    if (answer.type != dns::Type::TXT) {
      return SpfKept{term,
                     "it lets pass the addresses of the host " + answer.name +
                         ", which may change at any time",
                     true};
    }
    if (answer.ttl && *answer.ttl < kSpfSteadyTtl) {
      return SpfKept{term,
                     "the TTL of " + answer.name + " is " + std::to_string(*answer.ttl) +
                         " seconds, so it is meant to change",
                     true};
    }
  }
  return {};
}

class Flattening {
 public:
  Flattening(const dns::Name& name, Resolver& resolver, const SpfFlattenWish& wish)
      : name_(name), resolver_(resolver), wish_(wish) {}

  base::Parsed<SpfFlattening> run() {
    if (const auto fault = read()) return *fault;
    for (const SpfTerm& term : record_.terms) take(term);
    if (const auto fault = check_wishes()) return *fault;
    result_.records.push_back({name_, whole()});
    if (!result_.replaced.empty() && !fits(result_.records.front().text)) {
      if (const auto fault = split()) return *fault;
    }
    result_.answer_octets = answer_octets(result_.records.front().text);
    if (const auto fault = compare()) return *fault;
    return std::move(result_);
  }

 private:
  using Trouble = std::optional<base::Fault>;

  Trouble read() {
    const Answer answer = resolver_.lookup(name_, dns::Type::TXT);
    for (const auto& value : answer.values) {
      const auto* txt = std::get_if<dns::Txt>(&value);
      if (txt != nullptr && !is_spf(txt->octets)) others_ += octets_in_answer(txt->octets.size());
    }
    if (wish_.record) {
      result_.before = *wish_.record;
    } else {
      const auto selected = select_spf(answer.values);
      if (!selected.text) return no_record(answer, selected.fault);
      result_.before = *selected.text;
    }
    auto record = parse_spf(result_.before);
    if (!record) {
      return base::Fault{
          "the record of " + plain_text(name_) + " cannot be read: " + record.fault().message,
          record.fault().hint};
    }
    record_ = *std::move(record);
    return {};
  }

  [[nodiscard]] base::Fault no_record(const Answer& answer, SpfResult fault) const {
    const std::string domain = plain_text(name_);
    if (fault == SpfResult::permerror) {
      return {domain + " has more than one SPF record", "make one of them first"};
    }
    if (answer.status == LookupStatus::not_checked || answer.status == LookupStatus::failed) {
      return {"the record of " + domain + " could not be looked up", answer.reason};
    }
    return {domain + " has no SPF record", ""};
  }

  // ---- which includes ----

  [[nodiscard]] bool is_wanted(const SpfTerm& term, const std::string& target) const {
    return std::any_of(wish_.includes.begin(), wish_.includes.end(), [&](const std::string& wish) {
      return base::equals_ignoring_case(wish, target) ||
             base::equals_ignoring_case(wish, term.text) ||
             base::equals_ignoring_case(wish, term.domain_spec());
    });
  }

  void take(const SpfTerm& term) {
    const auto kept = term.kind == SpfKind::include ? replace(term) : SpfKept{};
    if (!kept) return;
    if (!kept->term.empty()) result_.kept.push_back(*kept);
    if (term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6) decided_.add(term.network);
    slots_.push_back({term.text, term.qualifier});
  }

  /// Nothing: it is replaced.
  std::optional<SpfKept> replace(const SpfTerm& term) {
    const bool is_plain = term.macros.empty();
    const std::string target = spf_target(std::string(term.domain_spec()));
    const bool chosen = wish_.includes.empty() || is_wanted(term, target);
    if (!chosen) return SpfKept{term.text, "not asked for"};
    if (!is_plain) return SpfKept{term.text, "its target has macros"};
    const auto name = spf_name(target);
    if (!name) return SpfKept{term.text, "its target is not a domain name"};
    if (*name != name_ && name->is_at_or_below(name_) && wish_.includes.empty()) {
      return SpfKept{term.text, "it is a record of this domain"};
    }
    SpfAddresses inner = spf_addresses(*name, resolver_, SpfLimits::ignored);
    if (auto kept = objection(term.text, inner)) {
      if (!kept->is_volatile || wish_.volatiles == SpfVolatile::refused) return kept;
    }
    put(term.qualifier, inner.pass());
    result_.replaced.push_back({term.text, target, inner.pass(), std::move(inner.answers)});
    return {};
  }

  /// Blocks of includes next to each other are merged. What an earlier block has decided is left
  /// out where that makes it shorter.
  void put(SpfQualifier qualifier, const IpSet& addresses) {
    IpSet rest = addresses;
    rest.remove(decided_);
    decided_.add(addresses);
    const IpSet& shorter = rest.networks().size() < addresses.networks().size() ? rest : addresses;
    const bool joins =
        !slots_.empty() && slots_.back().addresses && slots_.back().qualifier == qualifier;
    if (joins) {
      slots_.back().addresses->add(shorter);
    } else {
      slots_.push_back({"", qualifier, shorter});
    }
  }

  Trouble check_wishes() {
    for (const std::string& wish : wish_.includes) {
      const auto same = [&](const std::string& term) {
        return base::equals_ignoring_case(wish, term) ||
               (term.size() > wish.size() + 1 &&
                base::equals_ignoring_case(
                    ":" + wish, std::string_view(term).substr(term.size() - wish.size() - 1)));
      };
      const auto kept = std::find_if(result_.kept.begin(), result_.kept.end(),
                                     [&](const SpfKept& one) { return same(one.term); });
      if (kept != result_.kept.end()) {
        return base::Fault{kept->term + " cannot be replaced: " + kept->reason,
                           kept->is_volatile ? "--volatile replaces it all the same: then check "
                                               "often whether it is out of date"
                                             : ""};
      }
      const bool there = std::any_of(result_.replaced.begin(), result_.replaced.end(),
                                     [&](const SpfReplaced& one) { return same(one.term); });
      if (!there) return base::Fault{"the record does not include " + wish, result_.before};
    }
    return {};
  }

  // ---- texts ----

  [[nodiscard]] std::string whole() const {
    std::string text(kVersion);
    for (const Slot& slot : slots_) text += terms_of(slot);
    return text;
  }

  [[nodiscard]] std::size_t answer_octets(const std::string& text) const {
    constexpr std::size_t kHeader = 12;
    constexpr std::size_t kQuestionEnd = 4;
    return kHeader + name_.wire().size() + kQuestionEnd + others_ + octets_in_answer(text.size());
  }

  [[nodiscard]] bool fits(const std::string& text) const {
    return text.size() <= kSpfMostOctets && answer_octets(text) <= kDnsUdpOctets;
  }

  /// The next free name for a part.
  std::optional<dns::Name> part_name() {
    while (part_ < kMostParts) {
      auto name = name_.child("_spf" + std::to_string(++part_));
      if (!name) return {};
      const Answer answer = resolver_.lookup(*name, dns::Type::TXT);
      if (answer.status != LookupStatus::found) return *std::move(name);
    }
    return {};
  }

  /// Every set of addresses moves into records of its own.
  Trouble split() {
    std::string text(kVersion);
    for (const Slot& slot : slots_) {
      if (!slot.addresses) {
        text += ' ';
        text += slot.text;
        continue;
      }
      for (const std::string& part : parts_of(*slot.addresses)) {
        const auto name = part_name();
        if (!name) return base::Fault{"there is no free name for the parts of the record", ""};
        text += ' ';
        text += sign_of(slot.qualifier);
        text += "include:";
        text += plain_text(*name);
        result_.records.push_back({*name, part});
      }
    }
    result_.records.front().text = text;
    return {};
  }

  static std::vector<std::string> parts_of(const IpSet& addresses) {
    std::vector<std::string> parts;
    std::string text(kVersion);
    for (const auto& network : addresses.networks()) {
      const std::string term = " " + term_of(network);
      if (text.size() + term.size() + kPartEnd.size() > kSpfMostOctets) {
        parts.push_back(std::exchange(text, std::string(kVersion)).append(kPartEnd));
      }
      text += term;
    }
    if (text.size() > kVersion.size()) parts.push_back(text.append(kPartEnd));
    return parts;
  }

  // ---- proof ----

  Trouble compare() {
    Overlay before(resolver_);
    before.put(name_, result_.before);
    Overlay after(resolver_);
    for (const auto& record : result_.records) after.put(record.name, record.text);
    const auto was = spf_addresses(name_, before, SpfLimits::ignored);
    const auto will = spf_addresses(name_, after, SpfLimits::ignored);
    result_.lookups_before = was.lookups;
    result_.lookups_after = will.lookups;
    if (was.by_result != will.by_result || was.uncertain != will.uncertain ||
        was.may_pass != will.may_pass) {
      return base::Fault{"the addresses before and after are not the same, so nothing is replaced",
                         "leave out an include: --include names those to replace"};
    }
    if (!result_.replaced.empty() && will.lookups > kSpfMostLookups) {
      return base::Fault{"the result would take " + std::to_string(will.lookups) +
                             " lookups, more than the " + std::to_string(kSpfMostLookups) +
                             " that receivers allow",
                         will.lookups < was.lookups ? "replace more, or send through fewer services"
                                                    : "the addresses are too many for the record"};
    }
    return {};
  }

  const dns::Name& name_;
  Resolver& resolver_;
  const SpfFlattenWish& wish_;
  SpfFlattening result_;
  SpfRecord record_;
  std::vector<Slot> slots_;
  IpSet decided_;           ///< By blocks so far.
  std::size_t others_ = 0;  ///< Octets that the name's other TXT values take in an answer.
  std::size_t part_ = 0;
};

}  // namespace

base::Parsed<SpfFlattening> flatten_spf(const dns::Name& name, Resolver& resolver,
                                        const SpfFlattenWish& wish) {
  return Flattening(name, resolver, wish).run();
}

SpfDrift spf_drift(const SpfReplaced& replaced, Resolver& resolver) {
  SpfDrift drift{replaced.term, {}, {}};
  const auto name = spf_name(replaced.domain);
  if (!name) {
    drift.problem = "it is not a domain name";
    return drift;
  }
  const auto now = spf_addresses(*name, resolver, SpfLimits::ignored);
  const auto kept = objection(replaced.term, now);
  if (kept && !kept->is_volatile) {
    drift.problem = kept->reason;
    return drift;
  }
  drift.gained = now.pass();
  drift.gained.remove(replaced.addresses);
  drift.lost = replaced.addresses;
  drift.lost.remove(now.pass());
  return drift;
}

}  // namespace mxsmith::mail
