// What an SPF record draws in by include and redirect, and what all of it costs (RFC 7208 section
// 4.6.4).
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/spf_rows.hpp"
#include "mail/service_index.hpp"
#include "mail/spf_check.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

/// From here on any service that adds one include of its own breaks the record.
constexpr unsigned kNearLimit = kSpfMostLookups - 1;

const SpfTerm& term_of(const SpfNode& node, const SpfBranch& branch) {
  return node.record.terms[branch.term];
}

// ---- counting ----

/// "5 by include:a.example, 1 by mx"
std::string costs_of(const SpfNode& root) {
  std::vector<const SpfBranch*> branches;
  branches.reserve(root.branches.size());
  for (const SpfBranch& branch : root.branches) branches.push_back(&branch);
  std::stable_sort(branches.begin(), branches.end(),
                   [](const auto* a, const auto* b) { return a->lookups > b->lookups; });
  constexpr std::size_t kMost = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, branches.size()); ++i) {
    text.append(i == 0 ? "" : ", ").append(std::to_string(branches[i]->lookups)).append(" by ");
    text.append(shown(term_of(root, *branches[i]).text));
  }
  if (branches.size() > kMost) text += ", and others";
  return text;
}

/// What the catalogue has counted for includes that were not looked up, beyond the one for each.
unsigned known_to_cost(const Judged& judged, const SpfNode& node) {
  unsigned more = 0;
  for (const SpfBranch& branch : node.branches) {
    if (branch.nested == nullptr) continue;
    more += known_to_cost(judged, *branch.nested);
    if (branch.nested->state != SpfNodeState::not_checked) continue;
    unsigned cost = 0;
    for (const std::uint16_t number : judged.services.index().spf(term_of(node, branch))) {
      cost = std::max(cost, judged.services.all()[number].spf_lookups);
    }
    if (cost > 1) more += cost - 1;
  }
  return more;
}

void judge_count(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  const std::string least = tree.complete ? "" : "at least ";
  const std::string sure = std::to_string(tree.lookups);
  if (tree.lookups > kSpfMostLookups) {
    judged.tell("spf-lookup-limit", Subject::of(place.at),
                "the record costs " + least + sure +
                    " lookups, of 10 that receivers make: " + costs_of(tree.root));
    return;
  }
  const unsigned thought = tree.complete ? 0 : known_to_cost(judged, tree.root);
  const unsigned estimate = tree.lookups + thought;
  if (thought > 0 && estimate > kSpfMostLookups) {
    judged.tell("spf-lookup-limit", Subject::of(place.at),
                "the record costs some " + std::to_string(estimate) +
                    " lookups, of 10 that receivers make, if its services still cost what the "
                    "catalogue has counted; " +
                    sure + " are sure",
                "count anew with answers from DNS", base::Severity::warning);
  } else if (tree.lookups >= kNearLimit) {
    judged.tell("spf-lookup-headroom", Subject::of(place.at),
                "the record costs " + least + sure +
                    " lookups, of 10 that receivers make: " + costs_of(tree.root));
  } else if (thought > 0 && estimate >= kNearLimit) {
    judged.tell("spf-lookup-headroom", Subject::of(place.at),
                "the record costs some " + std::to_string(estimate) +
                    " lookups, of 10 that receivers make, if its services still cost what the "
                    "catalogue has counted; " +
                    sure + " are sure",
                "count anew with answers from DNS", base::Severity::info);
  }
}

// ---- what is broken ----

/// A branch below a record's own, and how one gets there.
struct Reached {
  const SpfBranch& own;  ///< Of the record that is judged.
  std::string path;      ///< "include:a.example, there include:b.example"
  std::size_t depth = 1;
};

std::string trouble_of(const SpfNode& broken) {
  const std::string domain = shown(broken.domain);
  switch (broken.state) {
    case SpfNodeState::several: return domain + " has more than one SPF record";
    case SpfNodeState::unreadable:
      return "the record of " + domain + " cannot be read: " + shown(broken.problem);
    case SpfNodeState::no_name: return domain + " is no domain name with several labels";
    case SpfNodeState::loop: return domain + " is reached from itself";
    case SpfNodeState::no_domain: return domain + " does not exist";
    default: return domain + " has no SPF record";
  }
}

void tell_broken(Judged& judged, const SpfPlace& place, const SpfTree& tree, const Reached& reached,
                 const SpfNode& broken) {
  const SpfTerm& own = term_of(tree.root, reached.own);
  const bool direct = reached.depth == 1;
  std::string_view rule = "spf-include-permerror";
  std::string hint = direct ? "correct the name, or leave the term out"
                            : "leave the term out until that is mended";
  if (broken.state == SpfNodeState::loop) {
    rule = "spf-loop";
    hint = "leave out the term that closes the circle";
  } else if (direct &&
             (broken.state == SpfNodeState::no_record || broken.state == SpfNodeState::no_domain)) {
    rule = own.kind == SpfKind::redirect ? "spf-redirect-no-record" : "spf-include-no-record";
  }
  judged.tell(rule, subject_of(place, own), reached.path + ": " + trouble_of(broken),
              std::move(hint));
}

void judge_below(Judged& judged, const SpfPlace& place, const SpfTree& tree, const SpfNode& node,
                 const Reached& reached) {
  if (is_broken(node.state)) return tell_broken(judged, place, tree, reached, node);
  for (const SpfBranch& branch : node.branches) {
    if (branch.nested == nullptr) continue;
    judge_below(judged, place, tree, *branch.nested,
                {reached.own, reached.path + ", there " + shown(term_of(node, branch).text),
                 reached.depth + 1});
  }
}

/// Whether every client passes: by `all`, by a whole family's network, by a name that is there for
/// everybody, or by what it includes.
bool passes_everybody(const SpfNode& node);

bool passes_everybody(const SpfBranch& branch, const SpfTerm& term) {
  if (term.kind == SpfKind::exists) {
    return !branch.answers.empty() && branch.answers.front().status == LookupStatus::found;
  }
  return branch.nested != nullptr && passes_everybody(*branch.nested);
}

bool passes_everybody(const SpfNode& node) {
  const auto terms = terms_before_all(node.record);
  const bool by_network = std::any_of(terms.begin(), terms.end(), [](const SpfTerm& term) {
    const bool network = term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6;
    return network && term.qualifier == SpfQualifier::pass && term.network.prefix == 0;
  });
  if (by_network) return true;
  const bool by_branch =
      std::any_of(node.branches.begin(), node.branches.end(), [&](const SpfBranch& branch) {
        const SpfTerm& term = node.record.terms[branch.term];
        return term.qualifier == SpfQualifier::pass && passes_everybody(branch, term);
      });
  return by_branch || node.record.all() == SpfQualifier::pass;
}

void judge_openness(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  for (const SpfBranch& branch : tree.root.branches) {
    const SpfTerm& term = term_of(tree.root, branch);
    if (term.qualifier != SpfQualifier::pass || !passes_everybody(branch, term)) continue;
    if (term.kind == SpfKind::exists) {
      judged.tell("spf-everything", subject_of(place, term),
                  shown(term.text) + " is there for everybody, so everybody passes");
    } else {
      judged.tell("spf-include-plus-all", subject_of(place, term),
                  shown(term.text) + " lets every host on the Internet send in this name",
                  "leave it out, and tell whoever keeps " + shown(branch.target));
    }
  }
}

// ---- what is reached twice, and where a redirect ends ----

const SpfBranch* branch_reaching(const SpfNode& node, const std::string& target) {
  for (const SpfBranch& branch : node.branches) {
    if (branch.nested == nullptr) continue;
    if (base::equals_ignoring_case(branch.target, target)) return &branch;
    if (branch_reaching(*branch.nested, target) != nullptr) return &branch;
  }
  return nullptr;
}

/// An include that another of the record's own includes brings in as well.
void judge_reached_twice(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  // Beyond so many the record is over its limit in any case.
  if (tree.root.branches.size() > std::size_t{2} * kSpfMostLookups) return;
  for (const SpfBranch& own : tree.root.branches) {
    const SpfTerm& term = term_of(tree.root, own);
    if (term.kind != SpfKind::include || own.varies) continue;
    for (const SpfBranch& other : tree.root.branches) {
      if (&other == &own || other.nested == nullptr) continue;
      if (branch_reaching(*other.nested, own.target) == nullptr) continue;
      judged.tell("spf-duplicate-term", subject_of(place, term),
                  shown(term.text) + " is reached through " +
                      shown(term_of(tree.root, other).text) + " as well",
                  "leave it out, as long as the other one stays");
      break;
    }
  }
}

/// The record whose `all` counts for the domain: its own, or that behind its redirects.
void judge_end(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  const SpfNode* node = &tree.root;
  while (!node->branches.empty() && node->state == SpfNodeState::read) {
    const SpfBranch& last = node->branches.back();
    if (term_of(*node, last).kind != SpfKind::redirect) break;
    node = last.nested.get();
  }
  if (node == &tree.root || node->state != SpfNodeState::read) return;
  const SpfTerm& own = term_of(tree.root, tree.root.branches.back());
  const auto all = node->record.all();
  if (!all) {
    judged.tell("spf-no-all", subject_of(place, own),
                "the record of " + shown(node->domain) + ", to which " + shown(own.text) +
                    " leads, has no all",
                "end that record with ~all or -all");
  } else if (*all == SpfQualifier::neutral) {
    judged.tell("spf-neutral-all", subject_of(place, own),
                "the record of " + shown(node->domain) + ", to which " + shown(own.text) +
                    " leads, ends in ?all",
                "end that record with ~all or -all");
  }
}

}  // namespace

void judge_spf_trees(Judged& judged) {
  const SpfRoles roles(judged.zone);
  const auto& places = judged.zone.spf;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const SpfPlace& place = places[i];
    const bool alone = (i == 0 || places[i - 1].at.set != place.at.set) &&
                       (i + 1 == places.size() || places[i + 1].at.set != place.at.set);
    // A part is judged with the records that include it.
    if (!alone || !place.record) continue;
    if (!roles.is_domain(place) && roles.is_part(place.domain())) continue;
    judge_spf_exp(judged, place);
    // What a wildcard's own a and mx are about differs from name to name.
    const auto ask = place.domain().is_wildcard() ? SpfTreeAsk::records : SpfTreeAsk::terms;
    const SpfTree tree = spf_tree(place.domain(), *place.record, judged.resolver, ask);
    if (tree.root.branches.empty()) continue;
    judge_count(judged, place, tree);
    for (const SpfBranch& branch : tree.root.branches) {
      if (branch.nested == nullptr) continue;
      judge_below(judged, place, tree, *branch.nested,
                  {branch, shown(term_of(tree.root, branch).text)});
    }
    judge_openness(judged, place, tree);
    judge_reached_twice(judged, place, tree);
    if (roles.is_domain(place)) judge_end(judged, place, tree);
    judge_spf_targets(judged, place, tree);
  }
}

namespace {

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;

constexpr std::array kRules = {
    Rule{"spf-lookup-limit", kError, RuleNeeds::lookups, "RFC 7208 section 4.6.4",
         "The record, with all that it includes, costs more than 10 lookups.",
         "Receivers stop at the eleventh and take the whole record for an error: no sender passes. "
         "include, a, mx, ptr, exists and redirect cost one each, those in included records too. "
         "Leave out what is no longer used, write a and mx as ip4 and ip6, or flatten an include "
         "(mxsmith spf flatten).",
         judge_spf_trees, R"(@ TXT "v=spf1 include:one.example include:two.example -all"
one.example. TXT "v=spf1 a:a.one.example a:b.one.example a:c.one.example mx:one.example ~all"
two.example. TXT "v=spf1 a:a.two.example a:b.two.example a:c.two.example a:d.two.example mx:two.example ~all")",
         R"(@ TXT "v=spf1 include:one.example include:two.example -all"
one.example. TXT "v=spf1 ip4:192.0.2.0/26 ~all"
two.example. TXT "v=spf1 ip4:192.0.2.64/26 ~all")"},
    Rule{"spf-lookup-headroom", kWarning, RuleNeeds::lookups, "RFC 7208 section 4.6.4",
         "The record costs 9 or 10 lookups of the 10 that receivers make.",
         "The next include that one of the services adds to its own record makes this one an "
         "error, and nobody will tell. Leave out what is no longer used, or write a and mx as ip4 "
         "and ip6.",
         judge_spf_trees,
         R"(@ TXT "v=spf1 a:a.example a:b.example a:c.example a:d.example include:one.example -all"
one.example. TXT "v=spf1 a:a.one.example a:b.one.example a:c.one.example mx:one.example ~all")",
         R"(@ TXT "v=spf1 a:a.example include:one.example -all"
one.example. TXT "v=spf1 a:a.one.example a:b.one.example a:c.one.example mx:one.example ~all")"},
    Rule{"spf-include-no-record", kError, RuleNeeds::lookups, "RFC 7208 section 5.2",
         "The record includes a name that has no SPF record.",
         "Receivers take the whole record for an error as soon as they get there: senders named "
         "behind it do not pass. Correct the name, or leave the term out if the service is gone.",
         judge_spf_trees, R"(@ TXT "v=spf1 include:gone.example -all")",
         R"(@ TXT "v=spf1 include:there.example -all"
there.example. TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-redirect-no-record", kError, RuleNeeds::lookups, "RFC 7208 section 6.1",
         "The record redirects to a name that has no SPF record.",
         "Every sender that no term of this record names gets an error. Correct the name, or end "
         "the record with all.",
         judge_spf_trees, R"(@ TXT "v=spf1 redirect=gone.example")",
         R"(@ TXT "v=spf1 redirect=there.example"
there.example. TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-include-permerror", kError, RuleNeeds::lookups, "RFC 7208 section 5.2",
         "A record that is included, or one further down, is broken.",
         "Its error becomes that of this record: senders named behind it do not pass. Leave the "
         "include out until its owner has mended it.",
         judge_spf_trees, R"(@ TXT "v=spf1 include:odd.example -all"
odd.example. TXT "v=spf1 ip:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 include:odd.example -all"
odd.example. TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-loop", kError, RuleNeeds::nothing, "RFC 7208 section 4.6.4",
         "The record includes itself, or redirects to itself, on some way round.",
         "Receivers go round until ten lookups are used up, and then take the record for an error. "
         "Leave out the term that closes the circle.",
         judge_spf_trees, R"(@ TXT "v=spf1 include:example.com -all")",
         R"(@ TXT "v=spf1 include:_spf.example.com -all"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-include-plus-all", kError, RuleNeeds::lookups, "RFC 7208 section 5.2",
         "An included record lets everybody pass.",
         "An include matches whoever passes there, so every host on the Internet may send in this "
         "name. Leave it out at once.",
         judge_spf_trees, R"(@ TXT "v=spf1 include:open.example -all"
open.example. TXT "v=spf1 ip4:192.0.2.1 +all")",
         R"(@ TXT "v=spf1 include:closed.example -all"
closed.example. TXT "v=spf1 ip4:192.0.2.1 ?all")"},
};

}  // namespace

std::span<const Rule> spf_lookup_rules() { return kRules; }

}  // namespace mxsmith::mail
