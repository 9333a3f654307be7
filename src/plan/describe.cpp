// How a change reads: deltas paired by what people take for the same thing.
#include <algorithm>
#include <set>
#include <variant>

#include "base/clock.hpp"
#include "plan/change.hpp"
#include "plan/describe_txt.hpp"
#include "plan/pairing.hpp"

namespace mxsmith::plan {
namespace {

std::vector<Part> value_parts(const std::optional<SetState>& state) {
  std::vector<Part> parts;
  if (!state) return parts;
  for (const auto& value : dns::sorted_values(state->set)) {
    const std::string text = dns::print_rdata(value);
    const auto* mx = std::get_if<dns::Mx>(&value);
    parts.push_back({mx == nullptr ? text : mx->exchange.text(), text});
  }
  return parts;
}

std::vector<std::string> txt_values(const std::optional<SetState>& state) {
  std::vector<std::string> values;
  if (!state) return values;
  for (const auto& value : state->set.values) {
    if (const auto* txt = std::get_if<dns::Txt>(&value)) values.push_back(txt->octets);
  }
  return values;
}

bool is_null_mx(const std::optional<SetState>& state) {
  if (!state || state->set.values.size() != 1) return false;
  const auto* mx = std::get_if<dns::Mx>(&state->set.values.front());
  return mx != nullptr && mx->is_null();
}

std::string mx_headline(const Change& change, const std::vector<Delta>& deltas) {
  if (is_null_mx(change.after)) return "null MX: receives no mail";
  const bool replaces =
      change.kind() == Change::Kind::update &&
      std::all_of(deltas.begin(), deltas.end(), [](const Delta& delta) {
        return delta.kind == Delta::Kind::added || delta.kind == Delta::Kind::removed;
      });
  return replaces ? "replaces all" : "";
}

ChangeText describe_values(const Change& change) {
  if (change.key.type == dns::Type::TXT) {
    return describe_txt(change.key.name, txt_values(change.before), txt_values(change.after));
  }
  ChangeText text;
  text.deltas = pair_unordered(value_parts(change.before), value_parts(change.after));
  if (change.key.type == dns::Type::MX) text.headline = mx_headline(change, text.deltas);
  return text;
}

void add_ttl(const Change& change, ChangeText& text) {
  if (!change.before || !change.after) return;
  const std::uint32_t before = change.before->set.ttl;
  const std::uint32_t after = change.after->set.ttl;
  if (before == after) return;
  text.deltas.push_back({Delta::Kind::changed, "ttl", base::print_duration(base::Seconds(before)),
                         base::print_duration(base::Seconds(after))});
}

void add_meta(const Change& change, ChangeText& text) {
  const Meta none;
  const Meta& before = change.before ? change.before->meta : none;
  const Meta& after = change.after ? change.after->meta : none;
  const auto parts = [](const Meta& meta) {
    std::vector<Part> result;
    for (const auto& [name, value] : meta) {
      result.push_back({"meta." + name, name});
      result.back().text.append("=").append(value);
    }
    return result;
  };
  for (auto& delta : pair_unordered(parts(before), parts(after))) {
    if (delta.kind != Delta::Kind::kept) text.deltas.push_back(std::move(delta));
  }
}

}  // namespace

ChangeText describe(const Change& change) {
  ChangeText text = describe_values(change);
  add_ttl(change, text);
  add_meta(change, text);
  return text;
}

}  // namespace mxsmith::plan
