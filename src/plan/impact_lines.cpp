// The impact of a plan line by line: what changes, which way, for whom.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "mail/tlsa.hpp"
#include "plan/impact_parts.hpp"

namespace mxsmith::plan {
namespace {

using Effect = Impact::Effect;
using Line = Impact::Line;
using Lines = std::vector<Line>;

/// How strict the last word of an SPF record is. Without a record nothing is asked for, as with
/// neutral.
int strictness(const std::string& all) {
  if (all == "-") return 2;
  if (all == "~") return 1;
  return all == "+" ? -1 : 0;
}

std::string rest_words(const std::string& all) {
  if (all == "-") return "rejected (-all)";
  if (all == "~") return "suspicious (~all)";
  if (all == "+") return "as good as any other (+all)";
  return all == "none" ? "not judged by SPF" : "left undecided";
}

std::string move_words(const std::vector<std::string>& before,
                       const std::vector<std::string>& after) {
  const std::string from = base::join(before, ", ");
  const std::string to = base::join(after, ", ");
  if (before.empty()) return "goes to " + to + ", where no MX record was";
  if (after.empty()) return "has no MX record any more, was " + from;
  return "moves from " + from + " to " + to;
}

class Writer {
 public:
  explicit Writer(const ImpactCase& seen) : seen_(seen) {}

  void inbound() {
    for (const auto& name : changed_names(seen_.changes, is_mx)) {
      const auto before = receivers_of(seen_.views.now, name);
      const auto after = receivers_of(seen_.views.after, name);
      if (before == after) continue;
      start("Inbound mail", name);
      put(Effect::neutral, "mx", move_words(before, after), "mail to " + name.display());
    }
  }

  void spf() {
    auto names = changed_names(seen_.changes, is_txt);
    if (std::find(names.begin(), names.end(), seen_.apex) == names.end()) {
      names.insert(names.begin(), seen_.apex);
    }
    for (const auto& name : names) spf_at(name);
  }

  void dkim() {
    for (const auto& name : changed_names(seen_.changes, is_selector)) {
      if (const auto split = split_selector(name)) dkim_at(name, *split);
    }
  }

  void policies() {
    for (const auto& name : changed_names(seen_.changes, is_dmarc_name)) {
      start("DMARC", name.parent());
      put(merged(dmarc_differences(seen_, name)));
    }
    for (const auto& name : changed_names(seen_.changes, is_mta_sts_name)) {
      start("MTA-STS", name.parent());
      put(mta_sts_differences(mta_sts_turn(seen_, name)));
    }
    for (const auto& name : changed_names(seen_.changes, is_tls_rpt_name)) {
      start("TLS-RPT", name.parent().parent());
      const auto before = record_at(seen_.views.now, name, TxtKind::tls_rpt);
      const auto after = record_at(seen_.views.after, name, TxtKind::tls_rpt);
      if (before == after) continue;
      put(Effect::neutral, "rua",
          !after    ? "reports of TLS failures are no longer asked for"
          : !before ? "reports of TLS failures are asked for"
                    : "reports of TLS failures go elsewhere",
          {});
    }
    for (const auto& name : changed_names(seen_.changes, is_dane_name)) {
      start("DANE", dane_host(name));
      put(mail::compare_tlsa(tlsa_at(seen_.views.now, name), tlsa_at(seen_.views.after, name)));
    }
  }

  Lines take() {
    const auto rank = [](const Line& line) {
      return line.effect == Effect::weaker ? 0 : line.effect == Effect::stricter ? 1 : 2;
    };
    std::stable_sort(lines_.begin(), lines_.end(),
                     [&](const Line& a, const Line& b) { return rank(a) < rank(b); });
    return std::move(lines_);
  }

 private:
  void start(const std::string& what, const dns::Name& domain) {
    about_ = what + of_domain(domain, seen_.apex);
    domain_ = domain == seen_.apex ? std::string() : domain.display();
  }
  void put(Effect effect, std::string part, std::string text, std::string affected) {
    lines_.push_back(
        {effect, about_, domain_, std::move(part), std::move(text), std::move(affected)});
  }
  void put(const mail::Differences& differences) {
    for (const auto& one : differences) put(one.effect, one.tag, one.text, one.affected);
  }

  /// "its own mail would get none instead of reject" for several groups of names is one line.
  static mail::Differences merged(const mail::Differences& differences) {
    const auto rest = [](const mail::Difference& one) {
      const bool named = !one.affected.empty() && one.text.rfind(one.affected, 0) == 0;
      return named ? one.text.substr(one.affected.size()) : std::string();
    };
    mail::Differences result;
    for (const auto& one : differences) {
      const auto same = std::find_if(result.begin(), result.end(), [&](const auto& other) {
        return other.effect == one.effect && !rest(one).empty() && rest(other) == rest(one);
      });
      if (same == result.end()) {
        result.push_back(one);
        continue;
      }
      const std::string what = rest(*same);
      same->affected.append(", ").append(one.affected);
      same->text = same->affected + what;
    }
    return result;
  }

  void spf_at(const dns::Name& name) {
    const SpfTurn& turn = seen_.spf_turn(name);
    if (!turn.before.exists() && !turn.after.exists()) return;
    start("SPF", name);
    const std::string before = all_sign(turn.before);
    const std::string after = all_sign(turn.after);
    const auto redirects = [](const SpfView& spf) {
      return std::any_of(spf.terms.begin(), spf.terms.end(), [](const mail::SpfTerm& term) {
        return term.kind == mail::SpfKind::redirect;
      });
    };
    // Behind a redirect= another record has the last word.
    const bool own_word = !redirects(turn.before) && !redirects(turn.after);
    if (own_word && strictness(before) != strictness(after)) {
      put(strictness(after) < strictness(before) ? Effect::weaker : Effect::stricter, "all",
          "mail from elsewhere would be " + rest_words(after) + " instead of " + rest_words(before),
          {});
    }
    for (const SpfLoss& loss : turn.losses) {
      put(Effect::stricter, loss.term.identity(), loss.words() + " loses the right to send",
          "mail from there");
    }
    if (!turn.gained.empty()) {
      constexpr std::size_t kMostNetworks = 6;
      put(Effect::neutral, "", some_networks(turn.gained, kMostNetworks) + " may send",
          "mail from there");
    }
    lookups_at(name, turn);
  }

  void lookups_at(const dns::Name& name, const SpfTurn& turn) {
    const auto& [before, after] = seen_.spf_costs(name);
    if (before.lookups == after.lookups || !turn.after.exists()) return;
    const auto words = [](const SpfCost& cost) {
      return (cost.complete ? "" : "at least ") + std::to_string(cost.lookups);
    };
    put(Effect::neutral, "lookups", "lookups " + words(after) + " of 10, now " + words(before), {});
  }

  void dkim_at(const dns::Name& name, const SelectorName& split) {
    const SelectorView before = selector_of(seen_.views.now, name);
    const SelectorView after = selector_of(seen_.views.after, name);
    start("DKIM", split.domain);
    about_ = "DKIM key " + split.selector + of_domain(split.domain, seen_.apex);
    const std::string signed_mail = "mail signed with the key that stood here";
    if (before.keys.size() == 1 && after.keys.size() == 1) {
      put(mail::compare_dkim(before.keys.front(), after.keys.front()));
    } else if (before.active() && !after.active()) {
      put(Effect::weaker, "p", "gone", signed_mail);
    } else if (!before.active() && after.active()) {
      put(Effect::neutral, "p", "new", {});
    } else if (before.alias != after.alias) {
      put(Effect::weaker, "p", "elsewhere than before", signed_mail);
    }
  }

  const ImpactCase& seen_;
  std::string about_;
  std::string domain_;
  Lines lines_;
};

}  // namespace

std::vector<Impact::Line> lines_of(const ImpactCase& seen) {
  if (seen.changes.empty()) return {};
  Writer writer(seen);
  writer.inbound();
  writer.spf();
  writer.dkim();
  writer.policies();
  return writer.take();
}

}  // namespace mxsmith::plan
