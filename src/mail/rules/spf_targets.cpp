// What the terms of an SPF record ask about: hosts without addresses, domains without MX, questions
// that find nothing, and what was not looked up.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "mail/rules/spf_rows.hpp"
#include "mail/spf_check.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

const SpfTerm& term_of(const SpfNode& node, const SpfBranch& branch) {
  return node.record.terms[branch.term];
}

bool is_void(const SpfTermAnswer& answer) {
  return answer.status == LookupStatus::no_data || answer.status == LookupStatus::no_domain;
}
bool is_lost(const SpfTermAnswer& answer) {
  return answer.status == LookupStatus::failed || answer.status == LookupStatus::not_checked;
}
/// Of `a`: neither family has an address.
bool finds_nothing(const SpfBranch& branch) {
  return !branch.answers.empty() &&
         std::all_of(branch.answers.begin(), branch.answers.end(), is_void);
}

std::string not_found(const SpfBranch& branch, std::string_view what) {
  const bool exists = std::any_of(
      branch.answers.begin(), branch.answers.end(),
      [](const SpfTermAnswer& answer) { return answer.status != LookupStatus::no_domain; });
  return shown(branch.target) + (exists ? " has no " + std::string(what) : " does not exist");
}

// ---- what was not looked up ----

std::string lost_reason(const std::string& what, const std::string& name, LookupStatus status,
                        const std::string& reason) {
  if (status == LookupStatus::not_checked) return what + shown(name) + " was not looked up";
  return what + shown(name) + " could not be looked up" +
         (reason.empty() ? "" : ": " + shown(reason));
}

/// A record that the tree could not read on into, if it is one.
void note_record(Judged& judged, const SpfPlace& place, const SpfTerm& own, const SpfNode& node) {
  std::string reason;
  switch (node.state) {
    case SpfNodeState::not_checked:
    case SpfNodeState::failed:
      reason = lost_reason(
          "the SPF record of ", node.domain,
          node.state == SpfNodeState::failed ? LookupStatus::failed : LookupStatus::not_checked,
          node.problem);
      break;
    case SpfNodeState::varies:
    case SpfNodeState::left_out:
      reason = "the SPF record of " + shown(node.domain) + ": " + node.problem;
      break;
    default: return;
  }
  judged.not_checked("spf-lookup-limit", subject_of(place, own), std::move(reason));
}

void note_answer(Judged& judged, const SpfPlace& place, const SpfTerm& own, const SpfTerm& term,
                 const SpfBranch& branch, const SpfTermAnswer& answer) {
  std::string_view rule = "spf-void-any";
  if (term.kind == SpfKind::a) rule = "spf-a-no-address";
  if (term.kind == SpfKind::mx) rule = "spf-mx-no-mx";
  const std::string what = term.kind == SpfKind::mx ? "the MX set of " : "an address of ";
  judged.not_checked(rule, subject_of(place, own),
                     lost_reason(what, branch.target, answer.status, answer.reason));
}

/// One entry for each name, under the rule that it hides most of.
void note_lost(Judged& judged, const SpfPlace& place, const SpfTree& tree, const SpfNode& node,
               const SpfBranch* own) {
  for (const SpfBranch& branch : node.branches) {
    const SpfBranch& at = own == nullptr ? branch : *own;
    const SpfTerm& own_term = term_of(tree.root, at);
    const auto lost = std::find_if(branch.answers.begin(), branch.answers.end(), is_lost);
    if (lost != branch.answers.end()) {
      note_answer(judged, place, own_term, term_of(node, branch), branch, *lost);
    }
    if (branch.nested == nullptr) continue;
    note_record(judged, place, own_term, *branch.nested);
    note_lost(judged, place, tree, *branch.nested, &at);
  }
}

// ---- questions that find nothing ----

void judge_voids(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  const bool v4 = tree.void_lookups_v4 > kSpfMostVoidLookups;
  const bool v6 = tree.void_lookups_v6 > kSpfMostVoidLookups;
  if (!v4 && !v6) return;
  const std::string count = std::to_string(v4 ? tree.void_lookups_v4 : tree.void_lookups_v6);
  const std::string whom = v4 && v6 ? "" : v4 ? " for senders with IPv4" : " for senders with IPv6";
  judged.tell(
      "spf-void-limit", Subject::of(place.at),
      count + " lookups of the record find nothing" + whom + ", and receivers give up after 2",
      v4 && v6 ? "leave out terms whose names have no records"
               : "write hosts with addresses of one family alone as ip4: or ip6:",
      v4 && v6 ? std::nullopt : std::optional(base::Severity::warning));
}

/// Hosts and MX of the record itself have rules of their own.
void judge_void_terms(Judged& judged, const SpfPlace& place, const SpfTree& tree,
                      const SpfNode& node, const SpfBranch* own) {
  for (const SpfBranch& branch : node.branches) {
    const SpfTerm& term = term_of(node, branch);
    const SpfTerm& own_term = term_of(tree.root, own == nullptr ? branch : *own);
    const bool elsewhere = own != nullptr || term.kind == SpfKind::exists;
    if (elsewhere && finds_nothing(branch)) {
      judged.tell("spf-void-any", subject_of(place, own_term),
                  (own == nullptr ? "" : shown(own_term.text) + " brings in ") + shown(term.text) +
                      ", which finds nothing");
    }
    if (branch.nested == nullptr) continue;
    judge_void_terms(judged, place, tree, *branch.nested, own == nullptr ? &branch : own);
  }
}

void judge_own_term(Judged& judged, const SpfPlace& place, const SpfTree& tree,
                    const SpfBranch& branch) {
  const SpfTerm& term = term_of(tree.root, branch);
  const Subject subject = subject_of(place, term);
  if (term.kind == SpfKind::a && finds_nothing(branch)) {
    judged.tell("spf-a-no-address", subject,
                shown(term.text) + " lets nobody send: " + not_found(branch, "address"),
                "leave it out, or correct the name");
  }
  if (term.kind != SpfKind::mx || branch.answers.empty()) return;
  if (finds_nothing(branch)) {
    judged.tell("spf-mx-no-mx", subject,
                shown(term.text) + " lets nobody send: " + not_found(branch, "MX records"),
                "leave it out, or name the hosts that send");
  } else if (branch.answers.front().null_mx) {
    judged.tell("spf-mx-no-mx", subject,
                shown(term.text) + " lets nobody send: " + shown(branch.target) +
                    " has the null MX, which says that it takes no mail",
                "leave it out, or name the hosts that send");
  }
}

// ---- too many MX, and hosts in place of domains ----

void judge_mx_limit(Judged& judged, const SpfPlace& place, const SpfTree& tree, const SpfNode& node,
                    const SpfBranch* own) {
  for (const SpfBranch& branch : node.branches) {
    const SpfTerm& term = term_of(node, branch);
    const SpfBranch& at = own == nullptr ? branch : *own;
    if (term.kind == SpfKind::mx && !branch.answers.empty() &&
        branch.answers.front().count > kSpfMostNames) {
      judged.tell("spf-mx-limit", subject_of(place, term_of(tree.root, at)),
                  shown(term.text) + ": " + shown(branch.target) + " has " +
                      std::to_string(branch.answers.front().count) +
                      " MX records, and receivers look at no more than 10");
    }
    if (branch.nested != nullptr) judge_mx_limit(judged, place, tree, *branch.nested, &at);
  }
}

/// An include of a host: it was meant to let that host send.
void judge_hosts_included(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  for (const SpfBranch& branch : tree.root.branches) {
    const SpfTerm& term = term_of(tree.root, branch);
    if (term.kind != SpfKind::include || branch.nested->state != SpfNodeState::no_record) continue;
    const auto name = spf_name(branch.target);
    if (!name) continue;
    const auto has = [&](dns::Type type) {
      return judged.resolver.lookup(*name, type).status == LookupStatus::found;
    };
    const bool mx = has(dns::Type::MX);
    if (!mx && !has(dns::Type::A) && !has(dns::Type::AAAA)) continue;
    judged.tell("spf-include-is-mx-domain", subject_of(place, term),
                shown(branch.target) + " has " + (mx ? "MX records" : "addresses") +
                    " and no SPF record, so it cannot be included",
                std::string("write ") + (mx ? "mx:" : "a:") + shown(branch.target));
  }
}

// ---- exp= ----

std::string fault_of_explanation(const Answer& answer) {
  if (answer.is_void()) return "there is no TXT record";
  if (answer.values.size() != 1) return "there is more than one TXT record";
  const auto* txt = std::get_if<dns::Txt>(&answer.values.front());
  if (txt == nullptr) return {};
  const bool plain = std::all_of(txt->octets.begin(), txt->octets.end(),
                                 [](char c) { return c >= 0x20 && c <= 0x7e; });
  if (!plain) return "its text is not plain ASCII";
  const auto macros = parse_spf_macros(txt->octets, MacroLetters::any);
  return macros ? std::string() : macros.fault().message;
}

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-void-limit", kError, RuleNeeds::lookups, "RFC 7208 section 4.6.4",
         "More than two lookups of the record find nothing.",
         "Receivers may take the record for an error at the third name without records. A host "
         "with IPv4 alone counts so for senders with IPv6, and the other way round. Leave dead "
         "names out; write hosts as ip4: and ip6:.",
         judge_spf_trees,
         R"(@ TXT "v=spf1 a:a.gone.example a:b.gone.example a:c.gone.example -all")",
         R"(@ TXT "v=spf1 a:a.there.example -all"
a.there.example. A 192.0.2.1
a.there.example. AAAA 2001:db8::1)"},
    Rule{"spf-void-any", kWarning, RuleNeeds::lookups, "RFC 7208 section 4.6.4",
         "The term exists:, or one of an included record, asks for a name that has no records.",
         "It lets nobody send, costs a lookup, and counts towards the two that may find nothing. "
         "Leave it out, or tell whoever keeps the included record.",
         judge_spf_trees, R"(@ TXT "v=spf1 exists:gone.example -all")",
         R"(@ TXT "v=spf1 include:there.example -all"
there.example. TXT "v=spf1 a:a.there.example -all"
a.there.example. A 192.0.2.1)"},
    Rule{"spf-a-no-address", kWarning, RuleNeeds::lookups, "RFC 7208 section 5.3",
         "The term a names a host that has no address.",
         "The term lets nobody send, costs a lookup, and counts towards the two that may find "
         "nothing. Correct the name or leave it out.",
         judge_spf_trees, R"(@ TXT "v=spf1 a:web.example.com -all")",
         R"(@ TXT "v=spf1 a:web.example.com -all"
web A 192.0.2.80)"},
    Rule{"spf-mx-no-mx", kWarning, RuleNeeds::lookups, "RFC 7208 section 5.4",
         "The term mx names a domain without MX, or with the null MX.",
         "The term lets nobody send and costs a lookup. Leave it out, or name the hosts that send.",
         judge_spf_trees, R"(@ TXT "v=spf1 mx -all")",
         R"(@ TXT "v=spf1 mx -all"
@ MX 10 mx1
mx1 A 192.0.2.1)"},
    Rule{"spf-mx-limit", kError, RuleNeeds::lookups, "RFC 7208 section 4.6.4",
         "The term mx names a domain with more than ten MX records.",
         "Receivers take the whole record for an error. Name the hosts that send as ip4: and ip6:.",
         judge_spf_trees, R"(@ TXT "v=spf1 mx:many.example -all"
many.example. MX 1 a.many.example.
many.example. MX 2 b.many.example.
many.example. MX 3 c.many.example.
many.example. MX 4 d.many.example.
many.example. MX 5 e.many.example.
many.example. MX 6 f.many.example.
many.example. MX 7 g.many.example.
many.example. MX 8 h.many.example.
many.example. MX 9 i.many.example.
many.example. MX 10 j.many.example.
many.example. MX 11 k.many.example.)",
         R"(@ TXT "v=spf1 mx:few.example -all"
few.example. MX 1 a.few.example.)"},
    Rule{
        "spf-include-is-mx-domain", kWarning, RuleNeeds::lookups, "RFC 7208 section 5.2",
        "The term include: names a host or a mail domain that has no SPF record.",
        "With include: the SPF record of a name is taken, not its addresses, and without one it is "
        "an error. Write a: to let a host send, mx: for the hosts of a domain's MX.",
        judge_spf_trees, R"(@ TXT "v=spf1 include:mail.example.com -all"
mail A 192.0.2.25)",
        R"(@ TXT "v=spf1 a:mail.example.com -all"
mail A 192.0.2.25)"},
    Rule{"spf-exp", kInfo, RuleNeeds::lookups, "RFC 7208 section 6.2",
         "What exp= names is not one TXT record of plain text.",
         "Receivers then give no explanation to those whom they refuse; nothing else changes. "
         "Publish one TXT value in ASCII there, or leave exp= out.",
         judge_spf_trees, R"(@ TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.com")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.com"
why TXT "%{i} may not send mail as %{d}")"},
};

}  // namespace

void judge_spf_targets(Judged& judged, const SpfPlace& place, const SpfTree& tree) {
  for (const SpfBranch& branch : tree.root.branches) {
    judge_own_term(judged, place, tree, branch);
  }
  judge_voids(judged, place, tree);
  judge_void_terms(judged, place, tree, tree.root, nullptr);
  judge_mx_limit(judged, place, tree, tree.root, nullptr);
  judge_hosts_included(judged, place, tree);
  note_lost(judged, place, tree, tree.root, nullptr);
}

void judge_spf_exp(Judged& judged, const SpfPlace& place) {
  for (const SpfTerm& term : place.record->terms) {
    if (term.kind != SpfKind::exp || !term.macros.empty()) continue;
    const auto name = spf_name(term.domain_spec());
    if (!name) continue;
    const Answer answer = judged.resolver.lookup(*name, dns::Type::TXT);
    if (answer.status == LookupStatus::not_checked || answer.status == LookupStatus::failed) {
      judged.not_checked(
          "spf-exp", subject_of(place, term),
          lost_reason("the explanation at ", plain_text(*name), answer.status, answer.reason));
      continue;
    }
    const std::string fault = fault_of_explanation(answer);
    if (fault.empty()) continue;
    judged.tell("spf-exp", subject_of(place, term),
                "no receiver can explain a refusal: at " + shown(plain_text(*name)) + " " + fault);
  }
}

std::span<const Rule> spf_target_rules() { return kRules; }

}  // namespace mxsmith::mail
