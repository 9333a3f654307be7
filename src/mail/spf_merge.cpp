// Merging terms into the SPF record that is there, without breaking what it already does.
#include <algorithm>
#include <utility>

#include "mail/spf.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

using Complaint = std::optional<base::Fault>;
using Terms = std::vector<SpfTerm>;

bool is_all(const SpfTerm& term) { return !term.is_modifier && term.name == "all"; }
bool is_modifier_named(const SpfTerm& term, std::string_view name) {
  return term.is_modifier && term.name == name;
}
bool is_redirect(const SpfTerm& term) { return is_modifier_named(term, "redirect"); }
bool is_single(const SpfTerm& term) { return is_redirect(term) || is_modifier_named(term, "exp"); }

SpfTerm all_term(SpfQualifier qualifier) {
  SpfTerm term;
  term.text = qualifier_sign(qualifier) + std::string("all");
  term.qualifier = qualifier;
  term.name = "all";
  term.kind = SpfKind::all;
  return term;
}

Terms::iterator first_all(Terms& terms) { return std::find_if(terms.begin(), terms.end(), is_all); }

/// The term with that identity where it has an effect: a mechanism after `all` never matches
/// (RFC 7208 section 5.1).
Terms::iterator find_effective(Terms& terms, const SpfTerm& wanted) {
  const auto end = wanted.is_modifier ? terms.end() : first_all(terms);
  const auto found = std::find_if(terms.begin(), end, [&](const SpfTerm& term) {
    return term.is_modifier == wanted.is_modifier && term.identity() == wanted.identity();
  });
  return found == end ? terms.end() : found;
}

base::Parsed<std::vector<SpfRecord>> read_live(const std::vector<std::string>& live) {
  std::vector<SpfRecord> records;
  for (const auto& text : live) {
    if (!is_spf(text)) continue;
    auto record = parse_spf(text);
    if (!record) {
      base::Fault fault = record.fault();
      fault.message = "the live record cannot be read: " + fault.message;
      fault.hint = "repair it at the provider, or replace it whole with mode = \"exact\"" +
                   (fault.hint.empty() ? "" : " (" + fault.hint + ")");
      return fault;
    }
    records.push_back(*std::move(record));
  }
  return records;
}

/// Takes one term of a further record into the united ones; the weaker qualifier wins, so that
/// nobody loses the right to send by the repair.
Complaint unite_term(Terms& united, const SpfTerm& term) {
  if (is_redirect(term)) {
    const auto other = std::find_if(united.begin(), united.end(), is_redirect);
    if (other != united.end() && other->identity() != term.identity()) {
      return base::Fault{"the live records disagree: " + other->text + " and " + term.text,
                         "say what the record is with mode = \"exact\""};
    }
  }
  if (is_modifier_named(term, "exp") &&
      std::any_of(united.begin(), united.end(),
                  [](const auto& t) { return is_modifier_named(t, "exp"); })) {
    return {};
  }
  const auto same = std::find_if(united.begin(), united.end(), [&](const SpfTerm& t) {
    return t.is_modifier == term.is_modifier && t.identity() == term.identity();
  });
  if (same == united.end()) {
    united.push_back(term);
  } else if (same->qualifier < term.qualifier) {
    *same = term;
  }
  return {};
}

/// The weakest last word of several records. One without `all` and redirect= ends in neutral
/// without a term that says so (RFC 7208 section 4.7).
class WeakestAll {
 public:
  void take(const SpfRecord& record) {
    const auto terms = record.effective_terms();
    const auto all = std::find_if(terms.begin(), terms.end(), is_all);
    if (all != terms.end()) {
      weaken(all->qualifier, *all);
    } else if (std::none_of(terms.begin(), terms.end(), is_redirect)) {
      weaken(SpfQualifier::neutral, {});
    }
  }
  [[nodiscard]] const std::optional<SpfTerm>& term() const { return term_; }

 private:
  void weaken(SpfQualifier qualifier, std::optional<SpfTerm> term) {
    if (weakest_ && *weakest_ >= qualifier) return;
    weakest_ = qualifier;
    term_ = std::move(term);
  }
  std::optional<SpfQualifier> weakest_;
  std::optional<SpfTerm> term_;
};

/// Several records at one name are none at all to a receiver (RFC 7208 section 4.5): one record
/// that allows what either would.
base::Parsed<SpfRecord> unite(const std::vector<SpfRecord>& records) {
  if (records.size() == 1) return records.front();
  SpfRecord united;
  WeakestAll weakest;
  for (const auto& record : records) {
    weakest.take(record);
    for (const auto& term : record.effective_terms()) {
      if (is_all(term)) continue;
      if (auto complaint = unite_term(united.terms, term)) return *complaint;
    }
  }
  const auto redirect = std::find_if(united.terms.begin(), united.terms.end(), is_redirect);
  if (weakest.term() && redirect != united.terms.end()) {
    return base::Fault{"of the live records one ends in " + redirect->text + ", another in " +
                           weakest.term()->text + ", and both cannot hold",
                       "say what the record is with mode = \"exact\""};
  }
  if (redirect != united.terms.end()) std::rotate(redirect, redirect + 1, united.terms.end());
  if (weakest.term()) united.terms.push_back(*weakest.term());
  return united;
}

void remove_terms(Terms& terms, const SpfMerge& merge) {
  const auto named = [](const Terms& list, const SpfTerm& term) {
    return std::any_of(list.begin(), list.end(),
                       [&](const SpfTerm& t) { return t.canonical() == term.canonical(); });
  };
  terms.erase(std::remove_if(terms.begin(), terms.end(),
                             [&](const SpfTerm& term) {
                               return !is_all(term) && named(merge.remove, term) &&
                                      !named(merge.add, term);
                             }),
              terms.end());
}

Complaint check_addition(const Terms& terms, const SpfTerm& term, const SpfMerge& merge) {
  if (is_all(term)) {
    return base::Fault{
        "all is not a term to add",
        "say it by itself: all = \"" + std::string(qualifier_word(term.qualifier)) + "\""};
  }
  if (!is_single(term)) return {};
  const auto other = std::find_if(terms.begin(), terms.end(), [&](const SpfTerm& t) {
    return is_modifier_named(t, term.name);
  });
  if (other != terms.end()) {
    return base::Fault{
        "the record already has " + other->text + ", and " + term.name + "= may stand only once",
        "say what the record is with mode = \"exact\""};
  }
  if (is_redirect(term) && (merge.all || std::any_of(terms.begin(), terms.end(), is_all))) {
    return base::Fault{term.text + " would have no effect beside an all mechanism",
                       "leave it out, or say what the record is with mode = \"exact\""};
  }
  return {};
}

Complaint add_term(Terms& terms, const SpfTerm& term, const SpfMerge& merge) {
  const auto there = find_effective(terms, term);
  if (there != terms.end()) {
    if (there->canonical() == term.canonical()) return {};
    return base::Fault{"the record has " + there->text + " where " + term.text + " is wanted",
                       "remove the one or change the other: merging changes no qualifier"};
  }
  if (auto complaint = check_addition(terms, term, merge)) return complaint;
  // A copy behind `all` had no effect; left there it would only look like a second one.
  terms.erase(std::remove_if(terms.begin(), terms.end(),
                             [&](const SpfTerm& t) {
                               return !t.is_modifier && !is_all(t) &&
                                      t.identity() == term.identity();
                             }),
              terms.end());
  const auto place =
      is_single(term) ? terms.end()
                      : std::find_if(terms.begin(), terms.end(),
                                     [](const SpfTerm& t) { return is_all(t) || is_redirect(t); });
  terms.insert(place, term);
  return {};
}

Complaint set_all(Terms& terms, SpfQualifier wanted) {
  const auto all = first_all(terms);
  if (all != terms.end()) {
    if (all->qualifier != wanted) *all = all_term(wanted);
    return {};
  }
  const auto redirect = std::find_if(terms.begin(), terms.end(), is_redirect);
  if (redirect != terms.end()) {
    return base::Fault{
        "the record ends in " + redirect->text + ", which an all mechanism would switch off",
        "leave out `all`, or say what the record is with mode = \"exact\""};
  }
  terms.push_back(all_term(wanted));
  return {};
}

}  // namespace

base::Parsed<SpfRecord> merge_spf(const std::vector<std::string>& live, const SpfMerge& merge) {
  const auto records = read_live(live);
  if (!records) return records.fault();
  const bool fresh = records->empty();
  auto base_record = fresh ? base::Parsed<SpfRecord>(SpfRecord()) : unite(*records);
  if (!base_record) return base_record.fault();
  SpfRecord result = *std::move(base_record);
  remove_terms(result.terms, merge);
  for (const auto& term : merge.add) {
    if (auto complaint = add_term(result.terms, term, merge)) return *complaint;
  }
  const bool redirects = std::any_of(result.terms.begin(), result.terms.end(), is_redirect);
  const auto all = merge.all             ? merge.all
                   : fresh && !redirects ? std::optional(SpfQualifier::softfail)
                                         : std::nullopt;
  if (all) {
    if (auto complaint = set_all(result.terms, *all)) return *complaint;
  }
  return result;
}

}  // namespace mxsmith::mail
