#include "mail/spf_domain.hpp"

#include <algorithm>
#include <variant>

#include "base/text.hpp"
#include "mail/spf.hpp"

namespace mxsmith::mail {
namespace {

std::string_view without_final_dot(std::string_view name) {
  return !name.empty() && name.back() == '.' ? name.substr(0, name.size() - 1) : name;
}

/// An IPv6 address as DNS holds it: a mapped one in AAAA stays IPv6, since it is not IPv4 that
/// connects from there.
Ip unmapped(const dns::Ipv6& address) { return {IpFamily::v6, bits_of(address)}; }

}  // namespace

std::optional<dns::Name> spf_name(std::string_view octets) {
  octets = without_final_dot(octets);
  if (octets.empty() || octets.size() > 253) return {};
  std::string wire;
  wire.reserve(octets.size() + 2);
  for (const auto& label : base::split(octets, '.')) {
    if (label.empty() || label.size() > 63) return {};
    wire += static_cast<char>(label.size());
    wire += label;
  }
  wire += '\0';
  auto name = dns::Name::from_wire(wire);
  if (!name) return {};
  return *std::move(name);
}

std::string spf_target(std::string expanded) {
  if (!expanded.empty() && expanded.back() == '.') expanded.pop_back();
  while (expanded.size() > 253) {
    const std::size_t dot = expanded.find('.');
    if (dot == std::string::npos) break;
    expanded.erase(0, dot + 1);
  }
  return expanded;
}

bool is_spf_domain(std::string_view domain) {
  const auto name = spf_name(domain);
  return name && name->label_count() > 1 && domain.front() != '[';
}

bool is_within(std::string_view name, std::string_view domain) {
  name = without_final_dot(name);
  domain = without_final_dot(domain);
  if (domain.empty() || name.size() < domain.size()) return false;
  const std::size_t before = name.size() - domain.size();
  return base::equals_ignoring_case(name.substr(before), domain) &&
         (before == 0 || name[before - 1] == '.');
}

std::string plain_text(const dns::Name& name) {
  std::string text = name.text();
  if (text.size() > 1) text.pop_back();
  return text;
}

SpfQuery shown_query(const dns::Name& name, dns::Type type, const Answer& answer) {
  SpfQuery query{plain_text(name), type, answer.status, {}, answer.reason, answer.ttl};
  query.values.reserve(answer.values.size());
  for (const auto& value : answer.values) query.values.push_back(dns::print_rdata(value));
  return query;
}

SelectedRecord select_spf(const std::vector<dns::Rdata>& values) {
  SelectedRecord selected;
  for (const auto& value : values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr || !is_spf(txt->octets)) continue;
    if (selected.text) return {SpfResult::permerror, {}};
    selected.text = txt->octets;
  }
  return selected;
}

std::vector<Ip> addresses_in(const std::vector<dns::Rdata>& values) {
  std::vector<Ip> found;
  found.reserve(values.size());
  for (const auto& value : values) {
    if (const auto* a = std::get_if<dns::A>(&value)) found.push_back(Ip::of(a->address));
    if (const auto* aaaa = std::get_if<dns::Aaaa>(&value)) found.push_back(unmapped(aaaa->address));
  }
  return found;
}

std::vector<dns::Name> exchanges_in(const std::vector<dns::Rdata>& values) {
  std::vector<const dns::Mx*> records;
  records.reserve(values.size());
  for (const auto& value : values) {
    const auto* mx = std::get_if<dns::Mx>(&value);
    if (mx != nullptr && !mx->is_null()) records.push_back(mx);
  }
  std::stable_sort(records.begin(), records.end(), [](const dns::Mx* a, const dns::Mx* b) {
    return a->preference < b->preference;
  });
  std::vector<dns::Name> names;
  names.reserve(records.size());
  for (const dns::Mx* mx : records) names.push_back(mx->exchange);
  return names;
}

}  // namespace mxsmith::mail
