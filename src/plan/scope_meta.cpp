// Metadata beside DNS: what declarations say of it, in the one form in which reads have it, and
// what it makes of TTLs.
#include <algorithm>
#include <utility>
#include <vector>

#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

const MetaRule* rule_of(const Traits& traits, const std::string& name) {
  const auto found = traits.meta_rules.find(name);
  return found == traits.meta_rules.end() ? nullptr : &found->second;
}

/// Where an element of a JSON array ends: at a comma outside of texts, arrays and objects.
std::size_t end_of_element(std::string_view list, std::size_t at) {
  int depth = 0;
  bool quoted = false;
  for (; at < list.size(); ++at) {
    const char sign = list[at];
    if (sign == '\\') {
      ++at;
    } else if (sign == '"') {
      quoted = !quoted;
    } else if (!quoted && sign == ',' && depth == 0) {
      break;
    } else if (!quoted && (sign == '[' || sign == '{')) {
      ++depth;
    } else if (!quoted && (sign == ']' || sign == '}')) {
      --depth;
    }
  }
  return std::min(at, list.size());
}

/// A JSON array in compact form with its elements sorted and each of them once.
std::string sorted_list(const std::string& json) {
  if (json.size() < 2 || json.front() != '[' || json.back() != ']') return json;
  const std::string_view inside = std::string_view(json).substr(1, json.size() - 2);
  std::vector<std::string_view> elements;
  for (std::size_t at = 0; at < inside.size();) {
    const std::size_t end = end_of_element(inside, at);
    elements.push_back(inside.substr(at, end - at));
    at = end + 1;
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  std::string sorted = "[";
  for (const auto element : elements) sorted.append(sorted.size() > 1 ? "," : "").append(element);
  return sorted + "]";
}

/// As reads have it: the initial value is left out.
void set_value(Meta& meta, const Traits& traits, const std::string& name, std::string value) {
  const MetaRule* rule = rule_of(traits, name);
  if (rule != nullptr && rule->any_order == Support::yes) value = sorted_list(value);
  if (rule != nullptr && value == rule->initial) {
    meta.erase(name);
  } else {
    meta[name] = std::move(value);
  }
}

bool is_declared(const Draft& draft, const std::string& name) {
  return std::any_of(draft.declared.begin(), draft.declared.end(), [&](const DesiredUnit* unit) {
    return unit->meta && unit->meta->contains(name);
  });
}

/// What the values bring with them. Returns the names of it.
std::vector<std::string> add_implied(Draft& draft, const Traits& traits) {
  std::vector<std::string> names;
  for (const auto& [name, rule] : traits.meta_rules) {
    if (rule.implies.empty() || !draft.meta.contains(name)) continue;
    for (const auto& [implied, value] : rule.implies) {
      draft.meta[implied] = value;
      names.push_back(implied);
    }
  }
  return names;
}

void settle_ttl_of_meta(Work& work, Draft& draft) {
  const auto implied = add_implied(draft, work.traits);
  for (const auto& [name, rule] : work.traits.meta_rules) {
    if (!rule.ttl || draft.after.ttl == *rule.ttl || !draft.meta.contains(name)) continue;
    const bool firm = is_declared(draft, name) ||
                      std::find(implied.begin(), implied.end(), name) != implied.end();
    if (!firm) {
      draft.meta.erase(name);
      continue;
    }
    work.note(24, draft.declared.front()->unit,
              "the TTL is the provider's own, " + std::to_string(*rule.ttl) + ", by " + name +
                  " = " + draft.meta[name],
              Shown::no);
    draft.after.ttl = *rule.ttl;
    // A TTL that was the only difference is none.
    if (draft.live != nullptr && draft.after == draft.live->set &&
        draft.meta == draft.live->meta()) {
      draft.reasons.clear();
    }
  }
}

}  // namespace

void settle_meta(Work& work) {
  for (auto& draft : work.drafts) {
    if (draft.declared.empty() || draft.after.values.empty()) continue;
    const Meta before = draft.meta;
    const DesiredUnit* speaker = nullptr;
    for (const DesiredUnit* unit : draft.declared) {
      if (!unit->meta) continue;
      speaker = unit;
      for (const auto& [name, value] : *unit->meta) {
        set_value(draft.meta, work.traits, name, value);
      }
    }
    if (!work.traits.meta_rules.empty()) settle_ttl_of_meta(work, draft);
    if (speaker != nullptr && draft.live != nullptr && draft.meta != before) {
      draft.because(5, "metadata", speaker->pos);
    }
  }
}

}  // namespace mxsmith::plan::scoping
