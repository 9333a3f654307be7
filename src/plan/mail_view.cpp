#include "plan/mail_view.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "mail/tag_list.hpp"
#include "plan/desired.hpp"
#include "plan/name_labels.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {

ZoneView::ZoneView(const std::vector<Change>& changes, const LiveZone& live, Moment moment)
    : changes_(&changes), live_(&live), moment_(moment) {
  for (const auto& change : changes) changed_[change.key.name].push_back(&change);
}

const dns::RRset* ZoneView::state_of(const Change& change) const {
  const auto& state = moment_ == Moment::now ? change.before : change.after;
  return state ? &state->set : nullptr;
}

const Change* ZoneView::change(const dns::Key& key) const {
  const auto found = changed_.find(key.name);
  if (found == changed_.end()) return nullptr;
  const auto of_type = std::find_if(found->second.begin(), found->second.end(),
                                    [&](const Change* one) { return one->key.type == key.type; });
  return of_type == found->second.end() ? nullptr : *of_type;
}

const dns::RRset* ZoneView::find(const dns::Name& name, dns::Type type) const {
  if (const Change* changed = change({name, type})) return state_of(*changed);
  const LiveSet* set = live_->find(name, type);
  return set == nullptr ? nullptr : &set->set;
}

std::vector<const dns::RRset*> ZoneView::at(const dns::Name& name) const {
  std::vector<const dns::RRset*> sets;
  for (const LiveSet* live : live_->at(name)) {
    if (change(live->set.key()) == nullptr) sets.push_back(&live->set);
  }
  const auto changed = changed_.find(name);
  if (changed == changed_.end()) return sets;
  for (const Change* change : changed->second) {
    if (const dns::RRset* set = state_of(*change)) sets.push_back(set);
  }
  return sets;
}

void ZoneView::visit(const std::function<void(const dns::RRset&)>& visitor) const {
  for (const LiveSet& live : live_->sets()) {
    if (changed_.empty() || change(live.set.key()) == nullptr) visitor(live.set);
  }
  for (const Change& change : *changes_) {
    if (const dns::RRset* set = state_of(change)) visitor(*set);
  }
}

std::vector<std::string> ZoneView::texts(const dns::Name& name) const {
  std::vector<std::string> result;
  if (const auto* set = find(name, dns::Type::TXT)) {
    for (const auto& value : set->values) {
      if (const auto* txt = std::get_if<dns::Txt>(&value)) result.push_back(txt->octets);
    }
  }
  return result;
}

std::optional<dns::Name> ZoneView::alias(const dns::Name& name) const {
  const auto* set = find(name, dns::Type::CNAME);
  if (set == nullptr || set->values.empty()) return {};
  const auto* cname = std::get_if<dns::Cname>(&set->values.front());
  return cname == nullptr ? std::nullopt : std::optional(cname->target);
}

std::vector<dns::Mx> mx_of(const ZoneView& zone, const dns::Name& name) {
  std::vector<dns::Mx> result;
  if (const auto* set = zone.find(name, dns::Type::MX)) {
    for (const auto& value : set->values) {
      if (const auto* mx = std::get_if<dns::Mx>(&value)) result.push_back(*mx);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<dns::Name> changed_names(const std::vector<Change>& changes,
                                     bool (*wanted)(const dns::Key&)) {
  std::set<dns::Name> names;
  for (const auto& change : changes) {
    if (wanted(change.key)) names.insert(change.key.name);
  }
  return {names.begin(), names.end()};
}

bool is_txt(const dns::Key& key) { return key.type == dns::Type::TXT; }
bool is_mx(const dns::Key& key) { return key.type == dns::Type::MX; }

namespace {
bool is_text_or_alias(const dns::Key& key) {
  return key.type == dns::Type::TXT || key.type == dns::Type::CNAME;
}
}  // namespace

bool is_selector(const dns::Key& key) {
  return is_text_or_alias(key) && is_selector_name(key.name);
}

bool is_dmarc_name(const dns::Key& key) {
  std::string_view labels = key.name.wire();
  return is_text_or_alias(key) && take_label(labels) == "_dmarc";
}

base::SourcePos place_of(const Change* change, std::string_view part) {
  if (change == nullptr) return {};
  for (const auto& [identity, pos] : change->parts) {
    if (identity == part) return pos;
  }
  return change->pos;
}

}  // namespace mxsmith::plan
