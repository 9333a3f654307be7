#include "engine/three_way.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "plan/desired.hpp"

namespace mxsmith::engine {

namespace {

using dns::Rdata;
using dns::RRset;
using plan::OwnedClass;
using plan::SetState;

const RRset* set_of(const std::optional<SetState>& state) { return state ? &state->set : nullptr; }

bool has(const RRset* set, const Rdata& value) { return set != nullptr && set->has(value); }

/// Values of `a` that are not in `b` and that the undo is about.
std::vector<Rdata> only_in(const RRset* a, const RRset* b, const dns::Key& key,
                           const ValueFilter& concerns) {
  std::vector<Rdata> values;
  if (a == nullptr) return values;
  for (const auto& value : a->values) {
    if (!has(b, value) && concerns(key, value)) values.push_back(value);
  }
  return values;
}

/// Whether there may be only one such value in a set.
bool is_single(const dns::Key& key, const Rdata& value) {
  if (key.type == dns::Type::CNAME || key.type == dns::Type::DNAME) return true;
  const auto* txt = std::get_if<dns::Txt>(&value);
  return txt != nullptr && plan::classify_txt(key.name, txt->octets) != OwnedClass::value;
}

bool same_class(const dns::Key& key, const Rdata& a, const Rdata& b) {
  const auto* x = std::get_if<dns::Txt>(&a);
  const auto* y = std::get_if<dns::Txt>(&b);
  if (x == nullptr || y == nullptr) return key.type == dns::Type::CNAME;
  return plan::classify_txt(key.name, x->octets) == plan::classify_txt(key.name, y->octets);
}

std::string listed(const std::vector<Rdata>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + dns::print_rdata(value);
  return text;
}

/// A live value that stands where `back` would have to stand alone; null: none.
const Rdata* successor(const dns::Key& key, const RRset& live, const Rdata& back) {
  if (!is_single(key, back)) return nullptr;
  for (const auto& value : live.values) {
    if (value != back && same_class(key, value, back)) return &value;
  }
  return nullptr;
}

std::uint32_t ttl_after(const RRset* live, const RRset* left, const RRset* wanted) {
  const RRset* from = wanted != nullptr ? wanted : live;
  if (live == nullptr || left == nullptr) return from->ttl;
  return live->ttl == left->ttl ? from->ttl : live->ttl;
}

}  // namespace

Undone undo_in(const std::optional<SetState>& live, const plan::Change& change,
               const ValueFilter& concerns) {
  const RRset* left = set_of(change.after);
  const RRset* wanted = set_of(change.before);
  const auto goes = only_in(left, wanted, change.key, concerns);
  const auto comes = only_in(wanted, left, change.key, concerns);

  RRset result = live ? live->set : RRset{change.key.name, change.key.type, 0, {}};
  std::vector<Rdata> missing;
  for (const auto& value : goes) {
    if (!result.remove(value)) missing.push_back(value);
  }
  std::vector<Rdata> still_to_come;
  for (const auto& value : comes) {
    if (!result.has(value)) still_to_come.push_back(value);
  }
  // Already undone by somebody, whole: nothing to argue about.
  const bool undone_already = still_to_come.empty() && missing.size() == goes.size();
  if (!missing.empty() && !undone_already) {
    return {std::nullopt,
            change.key.text() + " was changed since: " + listed(missing) + " is no longer there"};
  }
  for (const auto& value : still_to_come) {
    if (const Rdata* other = successor(change.key, result, value)) {
      return {std::nullopt, change.key.text() + " now holds " + dns::print_rdata(*other) +
                                ", beside which " + dns::print_rdata(value) + " cannot come back"};
    }
    result.add(value);
  }
  if (result.values.empty()) return {};
  const RRset* now = set_of(live);
  result.ttl = ttl_after(now, left, wanted);
  SetState state{std::move(result), live ? live->meta : plan::Meta(), {}};
  if (change.before) {
    state.verbatim = change.before->verbatim;
    const bool meta_untouched = !live || !change.after || live->meta == change.after->meta;
    if (meta_untouched) state.meta = change.before->meta;
  }
  return {std::move(state), {}};
}

}  // namespace mxsmith::engine
