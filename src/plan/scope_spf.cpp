// SPF in merge mode: the live record stays, our terms are added, and those that are no longer ours
// go.
#include <algorithm>
#include <utility>
#include <variant>

#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

std::vector<std::string> texts_of(const std::vector<dns::Rdata>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) {
    if (const auto* txt = std::get_if<dns::Txt>(&value)) texts.push_back(txt->octets);
  }
  return texts;
}

std::vector<std::string> canonical(const std::vector<mail::SpfTerm>& terms) {
  std::vector<std::string> texts;
  texts.reserve(terms.size());
  for (const auto& term : terms) texts.push_back(term.canonical());
  return texts;
}

bool contains(const std::vector<std::string>& terms, const std::string& term) {
  return std::find(terms.begin(), terms.end(), term) != terms.end();
}

bool contains_all(const std::vector<std::string>& terms, const std::vector<std::string>& some) {
  return std::all_of(some.begin(), some.end(),
                     [&](const std::string& term) { return contains(terms, term); });
}

std::vector<mail::SpfTerm> terms_from(const std::vector<std::string>& texts,
                                      const std::vector<std::string>& but) {
  std::vector<mail::SpfTerm> terms;
  for (const auto& text : texts) {
    if (contains(but, text)) continue;
    auto term = mail::parse_spf_term(text);
    if (term) terms.push_back(std::move(*term));
  }
  return terms;
}

/// Canonical terms of the live records.
std::vector<std::string> live_terms(const std::vector<std::string>& texts) {
  std::vector<std::string> terms;
  for (const auto& text : texts) {
    const auto record = mail::parse_spf(text);
    if (!record) continue;
    for (auto& term : canonical(record->terms)) terms.push_back(std::move(term));
  }
  return terms;
}

/// The merged record as it is to be published: as it is spelled now, when nothing in it changes.
std::string published(const mail::SpfRecord& merged, const std::vector<std::string>& live) {
  if (live.size() == 1 && live_terms(live) == canonical(merged.terms)) return live.front();
  return merged.text();
}

/// Puts one SPF value, or none, in place of the live ones.
void put_record(const Work& work, Draft& draft, const Unit& unit,
                const std::optional<std::string>& text) {
  std::vector<dns::Rdata> after;
  bool placed = !text;
  for (const auto& value : draft.after.values) {
    if (!belongs(unit, value) || work.is_ignored(unit.key, value)) {
      after.push_back(value);
    } else if (!std::exchange(placed, true)) {
      after.push_back(dns::Txt{*text});
    }
  }
  if (!placed) after.push_back(dns::Txt{*text});
  draft.after.values = std::move(after);
}

Standing standing_of(const ManifestItem* previous, const std::vector<std::string>& live,
                     const std::string& wanted, const std::vector<std::string>& ours) {
  Standing standing;
  standing.previous = previous;
  standing.live_is_empty = live.empty();
  standing.live_is_wanted = live.size() == 1 && live.front() == wanted;
  if (previous == nullptr) return standing;
  // Only our terms are compared: the rest of the record is not ours to judge.
  standing.previous_is_live = contains_all(live_terms(live), previous->spf_terms);
  standing.previous_is_wanted =
      contains_all(previous->spf_terms, ours) && contains_all(ours, previous->spf_terms);
  return standing;
}

}  // namespace

void take_merged_spf(Work& work, Draft& draft, const DesiredUnit& unit) {
  const auto live = texts_of(work.live_values_of(unit.unit));
  const ManifestItem* previous = work.previous_of(unit.unit);
  mail::SpfMerge merge = unit.spf->merge;
  const auto ours = canonical(merge.add);
  if (previous != nullptr) {
    for (auto& term : terms_from(previous->spf_terms, ours)) {
      merge.remove.push_back(std::move(term));
    }
  }
  const auto merged = mail::merge_spf(live, merge);
  if (!merged) {
    work.out.diagnostics.error("scope-spf-merge", unit.pos,
                               unit.unit.text() + ": " + merged.fault().message,
                               merged.fault().hint);
    return;
  }
  const std::string text = published(*merged, live);
  const int row = live.size() > 1 ? 18 : row_of(standing_of(previous, live, text, ours));
  if (row != 1) {
    put_record(work, draft, unit.unit, text);
    draft.because(row,
                  row == 4 ? "our terms are added to the record that is there" : reason_of(row),
                  unit.pos);
  }
  if (text.size() > work.traits.max_txt_octets) {
    work.out.diagnostics.error("scope-txt-too-long", unit.pos,
                               unit.unit.text() + ": the merged record has " +
                                   std::to_string(text.size()) +
                                   " octets, and this provider stores at most " +
                                   std::to_string(work.traits.max_txt_octets));
  }
  std::optional<std::uint32_t> ttl;
  if (unit.ttl) ttl = work.storable_ttl(*unit.ttl);
  work.out.manifest.items.push_back({unit.unit, {dns::Txt{text}}, ttl, ours});
  work.note(row, unit.unit, reason_of(row), Shown::no);
}

void take_out_spf_terms(Work& work, const ManifestItem& item) {
  const Unit& unit = item.unit;
  Draft& draft = work.draft_of(unit.key);
  const auto live = texts_of(work.values_of(unit, draft.after.values));
  const auto theirs = live_terms(live);
  const bool any_left =
      std::any_of(item.spf_terms.begin(), item.spf_terms.end(),
                  [&](const std::string& term) { return contains(theirs, term); });
  if (!any_left) {
    work.note(9, unit, reason_of(9), Shown::no);
    return;
  }
  mail::SpfMerge merge;
  merge.remove = terms_from(item.spf_terms, {});
  const auto merged =
      live.size() == 1
          ? mail::merge_spf(live, merge)
          : base::Parsed<mail::SpfRecord>(base::Fault{"there are several SPF records", {}, 0});
  if (!merged) {
    work.kept.push_back(item);
    work.note(10, unit, "our terms are no longer declared, but kept: " + merged.fault().message,
              Shown::yes);
    return;
  }
  const bool nothing_left = merged->terms.empty();
  put_record(work, draft, unit,
             nothing_left ? std::nullopt : std::optional(published(*merged, live)));
  draft.because(20, "our terms are no longer declared; the others stay");
  work.note(20, unit, "our terms are no longer declared", Shown::no);
}

}  // namespace mxsmith::plan::scoping
