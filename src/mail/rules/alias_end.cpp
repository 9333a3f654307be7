#include "mail/rules/alias_end.hpp"

#include <algorithm>
#include <array>

namespace mxsmith::mail {
namespace {

/// As many as a resolver follows before it gives up.
constexpr int kMostAliases = 17;

bool is_known(const Answer& answer) {
  return answer.status != LookupStatus::failed && answer.status != LookupStatus::not_checked;
}

/// Whether the aliases from `name` on come back to one of them.
bool runs_in_circles(const dns::Name& name, Resolver& resolver) {
  std::vector<dns::Name> seen{name};
  for (int followed = 0; followed < kMostAliases; ++followed) {
    const Answer answer = resolver.lookup(seen.back(), dns::Type::CNAME);
    if (answer.status != LookupStatus::found) return false;
    const auto* cname = std::get_if<dns::Cname>(&answer.values.front());
    if (cname == nullptr) return false;
    if (std::find(seen.begin(), seen.end(), cname->target) != seen.end()) return true;
    seen.push_back(cname->target);
  }
  return false;
}

}  // namespace

bool is_registry(const dns::Name& name) {
  // Second-level names that registries of countries hand out domains under.
  static constexpr std::array<std::string_view, 14> kUsual = {
      "ac", "co", "com", "edu", "go", "gob", "gov", "gv", "mil", "ne", "net", "or", "org", "nom"};
  const auto labels = name.labels();
  if (labels.size() == 1) return true;
  return labels.size() == 2 && labels[1].size() == 2 &&
         std::find(kUsual.begin(), kUsual.end(), labels[0]) != kUsual.end();
}

std::optional<dns::Name> unregistered_domain(const dns::Name& name, Resolver& resolver) {
  dns::Name missing = name;
  for (dns::Name above = name.parent(); !above.is_root(); above = above.parent()) {
    const Answer answer = resolver.lookup(above, dns::Type::NS);
    if (!is_known(answer)) return {};
    if (answer.status != LookupStatus::no_domain) {
      return is_registry(above) ? std::optional(missing) : std::nullopt;
    }
    missing = above;
  }
  return {};
}

FollowedAlias follow_alias(const AliasPlace& alias, dns::Type type, Resolver& resolver) {
  FollowedAlias result;
  result.answer = resolver.lookup(alias.set->name, type);
  result.last = result.answer.aliases.empty() ? alias.target : result.answer.aliases.back();
  switch (result.answer.status) {
    case LookupStatus::found: result.end = AliasEnd::records; break;
    case LookupStatus::no_data:
      result.end = AliasEnd::nothing;
      result.trouble = result.last.display() + " holds no " +
                       std::string(type == dns::Type::TXT ? "TXT" : "such") + " record";
      break;
    case LookupStatus::no_domain:
      result.end = AliasEnd::no_name;
      result.trouble = result.last.display() + " does not exist";
      if (const auto domain = unregistered_domain(result.last, resolver)) {
        result.end = AliasEnd::unregistered;
        result.domain = *domain;
      }
      break;
    case LookupStatus::failed:
      if (runs_in_circles(alias.set->name, resolver)) {
        result.end = AliasEnd::loop;
        result.trouble = "the aliases lead back to themselves";
      }
      break;
    case LookupStatus::not_checked: break;
  }
  return result;
}

}  // namespace mxsmith::mail
