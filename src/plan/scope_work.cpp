#include "plan/scope_work.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mxsmith::plan::scoping {

namespace {
const Manifest kNoMemory;
}  // namespace

void Draft::because(int row, std::string text, const base::SourcePos& at) {
  reasons.push_back({row, std::move(text)});
  if (!pos.known()) pos = at;
}

Work::Work(const Desired& what, const LiveZone& zone, const Manifest& memory, HistoryKnown known,
           const Traits& limits)
    : desired(what),
      live(zone),
      previous(known == HistoryKnown::yes ? memory : kNoMemory),
      traits(limits) {
  out.manifest.spec_digest = what.digest;
}

Draft* Work::find_draft(const dns::Key& key) {
  const auto found = draft_index_.find(key);
  return found == draft_index_.end() ? nullptr : found->second;
}

Draft& Work::draft_of(const dns::Key& key) {
  if (Draft* known = find_draft(key)) return *known;
  Draft draft;
  draft.key = key;
  draft.live = live.find(key);
  if (draft.live != nullptr) {
    draft.after = draft.live->set;
    draft.meta = draft.live->meta();
  } else {
    draft.after.name = key.name;
    draft.after.type = key.type;
  }
  drafts.push_back(std::move(draft));
  draft_index_.emplace(key, &drafts.back());
  return drafts.back();
}

const ManifestItem* Work::previous_of(const Unit& unit) const { return previous.find(unit); }

bool Work::is_ignored(const dns::Key& key) const {
  return std::any_of(desired.ignore.begin(), desired.ignore.end(), [&](const IgnoreRule& rule) {
    return !rule.pattern.value && rule.pattern.matches(desired.zone, key);
  });
}

bool Work::is_ignored(const dns::Key& key, const dns::Rdata& value) const {
  const LiveSet* set = live.find(key);
  if (set != nullptr && set->extra && !set->extra->foreign_values.empty() &&
      !set->foreign(value).empty()) {
    return true;
  }
  return std::any_of(desired.ignore.begin(), desired.ignore.end(), [&](const IgnoreRule& rule) {
    return rule.pattern.matches(desired.zone, key, value);
  });
}

bool Work::is_covered(const dns::Key& key, const dns::Rdata& value) {
  const Draft* draft = find_draft(key);
  return draft != nullptr &&
         std::any_of(draft->declared.begin(), draft->declared.end(),
                     [&](const DesiredUnit* unit) { return belongs(unit->unit, value); });
}

std::vector<dns::Rdata> Work::values_of(const Unit& unit,
                                        const std::vector<dns::Rdata>& values) const {
  std::vector<dns::Rdata> found;
  for (const auto& value : values) {
    if (belongs(unit, value) && !is_ignored(unit.key, value)) found.push_back(value);
  }
  return found;
}

std::vector<dns::Rdata> Work::live_values_of(const Unit& unit) const {
  const LiveSet* set = live.find(unit.key);
  return set == nullptr ? std::vector<dns::Rdata>() : values_of(unit, set->set.values);
}

std::uint32_t Work::storable_ttl(std::uint32_t ttl) const {
  return std::clamp(ttl, traits.min_ttl, std::max(traits.min_ttl, traits.max_ttl));
}

void Work::note(int row, const Unit& unit, std::string text, Shown shown) {
  out.notes.push_back({row, unit, std::move(text), shown == Shown::yes});
}

bool belongs(const Unit& unit, const dns::Rdata& value) {
  if (unit.owned == OwnedClass::whole) return true;
  const auto* txt = std::get_if<dns::Txt>(&value);
  if (txt == nullptr) return false;
  if (unit.owned == OwnedClass::value) return txt->octets == unit.octets;
  return classify_txt(unit.key.name, txt->octets) == unit.owned;
}

std::vector<dns::Rdata> declared_values(const DesiredUnit& unit) {
  std::vector<dns::Rdata> values;
  for (const auto& declared : unit.values) {
    if (std::find(values.begin(), values.end(), declared.value) == values.end()) {
      values.push_back(declared.value);
    }
  }
  return values;
}

std::string words(const std::vector<dns::Rdata>& values) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + dns::print_rdata(values[i]);
  }
  if (values.size() > kShown) text += ", " + std::to_string(values.size() - kShown) + " more";
  return text.empty() ? "nothing" : text;
}

Unit unit_of_value(const dns::Key& key, const dns::Rdata& value) {
  const auto* txt = std::get_if<dns::Txt>(&value);
  if (txt == nullptr) return {key, OwnedClass::whole, {}};
  const OwnedClass owned = classify_txt(key.name, txt->octets);
  return {key, owned, owned == OwnedClass::value ? txt->octets : std::string()};
}

int row_of(const Standing& standing) {
  if (standing.live_is_empty) return standing.previous != nullptr ? 3 : 2;
  if (standing.live_is_wanted) return 1;
  if (standing.previous == nullptr) return 4;
  if (standing.previous_is_live) return 5;
  return standing.previous_is_wanted ? 6 : 7;
}

std::string reason_of(int row) {
  switch (row) {
    case 1: return "in order";
    case 2: return "new";
    case 3: return "deleted outside";
    case 4: return "taking over";
    case 5: return "changed in the spec";
    case 6: return "changed outside";
    case 7: return "changed in the spec and outside";
    case 8: return "no longer declared";
    case 9: return "no longer declared, and gone already";
    case 18: return "several SPF records become one";
    case 20: return "no longer declared; the other values stay";
    default: return "";
  }
}

}  // namespace mxsmith::plan::scoping
