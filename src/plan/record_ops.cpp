#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "plan/change.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {

namespace {

/// Values that take each other's place, and those that only come or only go.
struct Pairing {
  std::vector<std::pair<dns::Rdata, dns::Rdata>> pairs;
  std::vector<dns::Rdata> added;
  std::vector<dns::Rdata> removed;
  std::vector<dns::Rdata> kept;
};

/// Whether a name may hold only one record of this kind, so that old and new must never stand
/// together: CNAME (RFC 1034 section 3.6.2), null MX (RFC 7505 section 3), SPF (RFC 7208 section
/// 3.2) and its likes.
bool stands_alone(const dns::Name& name, const dns::Rdata& value) {
  if (std::holds_alternative<dns::Cname>(value)) return true;
  if (const auto* mx = std::get_if<dns::Mx>(&value)) return mx->is_null();
  const auto* txt = std::get_if<dns::Txt>(&value);
  return txt != nullptr && is_single_txt(txt_kind(name, txt->octets));
}

/// How well `after` would take the place of `before`: 2 for the same thing by identity, 1 for the
/// same kind, 0 for things that have nothing to do with each other.
int affinity(const dns::Name& name, const dns::Rdata& before, const dns::Rdata& after) {
  if (const auto* old_mx = std::get_if<dns::Mx>(&before)) {
    return old_mx->exchange == std::get<dns::Mx>(after).exchange ? 2 : 1;
  }
  if (const auto* old_txt = std::get_if<dns::Txt>(&before)) {
    const TxtKind kind = txt_kind(name, old_txt->octets);
    if (kind != txt_kind(name, std::get<dns::Txt>(after).octets)) return 0;
    return is_single_txt(kind) ? 2 : 1;
  }
  return 1;
}

void pair_up(const dns::Name& name, int wanted, Pairing& pairing) {
  for (auto gone = pairing.removed.begin(); gone != pairing.removed.end();) {
    const auto match = std::find_if(
        pairing.added.begin(), pairing.added.end(),
        [&](const dns::Rdata& value) { return affinity(name, *gone, value) >= wanted; });
    if (match == pairing.added.end()) {
      ++gone;
      continue;
    }
    pairing.pairs.emplace_back(std::move(*gone), std::move(*match));
    pairing.added.erase(match);
    gone = pairing.removed.erase(gone);
  }
}

Pairing pairing_of(const Change& change) {
  static const std::vector<dns::Rdata> kNothing;
  const auto& before = change.before ? change.before->set.values : kNothing;
  const auto& after = change.after ? change.after->set.values : kNothing;
  const auto before_set = change.before ? &change.before->set : nullptr;
  const auto after_set = change.after ? &change.after->set : nullptr;
  Pairing pairing;
  for (const auto& value : before) {
    const bool stays = after_set != nullptr && after_set->has(value);
    (stays ? pairing.kept : pairing.removed).push_back(value);
  }
  for (const auto& value : after) {
    if (before_set == nullptr || !before_set->has(value)) pairing.added.push_back(value);
  }
  for (const int wanted : {2, 1}) pair_up(change.key.name, wanted, pairing);
  return pairing;
}

class Ops {
 public:
  void create(const dns::Rdata& value) { add({RecordOp::Kind::create, std::nullopt, value}); }
  void remove(const dns::Rdata& value) { add({RecordOp::Kind::remove, value, std::nullopt}); }
  void update(const dns::Rdata& old, const dns::Rdata& value) {
    add({RecordOp::Kind::update, old, value});
  }
  std::vector<RecordOp> take() { return std::move(ops_); }

 private:
  void add(RecordOp op) { ops_.push_back(std::move(op)); }
  std::vector<RecordOp> ops_;
};

bool any_alone(const dns::Name& name, const std::vector<dns::Rdata>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&](const dns::Rdata& value) { return stands_alone(name, value); });
}

std::vector<RecordOp> ops_with_update(const Change& change, const Pairing& pairing) {
  const dns::Name& name = change.key.name;
  std::vector<dns::Rdata> incoming = pairing.added;
  for (const auto& [old, value] : pairing.pairs) incoming.push_back(value);
  // What may not stand beside the newcomers has to be gone before they come.
  const bool removals_first = any_alone(name, incoming);
  Ops ops;
  if (removals_first) {
    for (const auto& value : pairing.removed) ops.remove(value);
  }
  for (const auto& [old, value] : pairing.pairs) ops.update(old, value);
  for (const auto& value : pairing.added) ops.create(value);
  if (!removals_first) {
    for (const auto& value : pairing.removed) ops.remove(value);
  }
  return ops.take();
}

std::vector<RecordOp> ops_without_update(const Change& change, const Pairing& pairing) {
  const dns::Name& name = change.key.name;
  std::vector<dns::Rdata> added = pairing.added;
  std::vector<dns::Rdata> removed = pairing.removed;
  std::vector<std::pair<dns::Rdata, dns::Rdata>> in_turn;
  for (const auto& pair : pairing.pairs) {
    if (stands_alone(name, pair.first) || stands_alone(name, pair.second)) {
      in_turn.push_back(pair);
    } else {
      removed.push_back(pair.first);
      added.push_back(pair.second);
    }
  }
  const bool removals_first =
      !in_turn.empty() || any_alone(name, added) || any_alone(name, removed);
  Ops ops;
  if (removals_first) {
    for (const auto& value : removed) ops.remove(value);
  }
  // For a moment no record is the lesser harm than two: receivers take two SPF records for an error
  // (RFC 7208 section 4.5), and servers refuse a second CNAME.
  for (const auto& [old, value] : in_turn) {
    ops.remove(old);
    ops.create(value);
  }
  for (const auto& value : added) ops.create(value);
  if (!removals_first) {
    for (const auto& value : removed) ops.remove(value);
  }
  return ops.take();
}

/// TTL and metadata belong to every record of the set, so those that stay are written as well.
bool rewrites_kept(const Change& change) {
  return change.before && change.after &&
         (change.before->set.ttl != change.after->set.ttl ||
          change.before->meta != change.after->meta);
}

}  // namespace

std::vector<RecordOp> record_ops(const Change& change, Support update_in_place) {
  const Pairing pairing = pairing_of(change);
  auto ops = update_in_place == Support::yes ? ops_with_update(change, pairing)
                                             : ops_without_update(change, pairing);
  if (!rewrites_kept(change)) return ops;
  for (const auto& value : pairing.kept) {
    if (update_in_place == Support::yes) {
      ops.push_back({RecordOp::Kind::update, value, value});
    } else {
      ops.push_back({RecordOp::Kind::remove, value, std::nullopt});
      ops.push_back({RecordOp::Kind::create, std::nullopt, value});
    }
  }
  return ops;
}

}  // namespace mxsmith::plan
