#include "dns/rrset.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace mxsmith::dns {

std::string Key::text() const {
  std::string owner = name.text();
  if (owner.size() > 1) owner.pop_back();
  return owner + '/' + type_name(type);
}

base::Parsed<Key> Key::parse(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) {
    return base::Fault{"\"" + std::string(text) + "\" has no type",
                       "write NAME/TYPE, such as "
                       "example.com/MX"};
  }
  const auto type = parse_type(text.substr(slash + 1));
  if (!type) {
    return base::Fault{
        "\"" + std::string(text.substr(slash + 1)) + "\" is not an RR type", {}, slash + 1};
  }
  auto name = Name::parse_absolute(text.substr(0, slash));
  if (!name.ok()) return name.fault();
  return Key{*std::move(name), *type};
}

bool RRset::has(const Rdata& value) const {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool RRset::remove(const Rdata& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) return false;
  values.erase(found);
  return true;
}

bool RRset::add(const Rdata& value) {
  if (has(value)) return false;
  values.push_back(value);
  return true;
}

bool same_values(const std::vector<Rdata>& a, const std::vector<Rdata>& b) {
  if (a.size() != b.size()) return false;
  if (a == b) return true;
  if (a.size() <= 1) return false;
  auto left = a;
  auto right = b;
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left == right;
}

bool same_values(const RRset& a, const RRset& b) { return same_values(a.values, b.values); }

bool operator==(const RRset& a, const RRset& b) {
  return a.type == b.type && a.ttl == b.ttl && a.name == b.name && same_values(a, b);
}

std::vector<Rdata> sorted_values(const RRset& set) {
  auto sorted = set.values;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::string digest(const RRset& set) {
  std::string text = set.key().text() + '\n' + std::to_string(set.ttl) + '\n';
  for (const auto& value : sorted_values(set)) text += print_rdata(value) + '\n';
  return base::sha256_hex(text);
}

}  // namespace mxsmith::dns
