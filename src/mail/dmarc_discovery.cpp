#include "mail/dmarc_discovery.hpp"

#include <algorithm>
#include <variant>

#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

/// RFC 9989 section 4.10: a name of eight labels or more is cut to seven after the first query.
constexpr std::size_t kCutTo = 7;

DmarcStep ask(const dns::Name& domain, Resolver& resolver) {
  DmarcStep step;
  step.domain = domain;
  const auto name = domain.child("_dmarc");
  // A name that DNS cannot hold has no records.
  if (!name) {
    step.status = LookupStatus::no_domain;
    return step;
  }
  const Answer answer = resolver.lookup(*name, dns::Type::TXT);
  step.status = answer.status;
  for (const auto& value : answer.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr || !is_dmarc(txt->octets)) continue;
    step.record = parse_dmarc(txt->octets);
    ++step.records;
  }
  if (step.records != 1) step.record.reset();
  return step;
}

PublicSuffix suffix_of(const DmarcStep& step) {
  return step.record ? step.record->public_suffix.value_or(PublicSuffix::unknown)
                     : PublicSuffix::unknown;
}

/// The ancestor of `author` that is one label longer than `above`.
dns::Name one_below(const dns::Name& author, const dns::Name& above) {
  dns::Name name = author;
  while (name.label_count() > above.label_count() + 1) name = name.parent();
  return name;
}

/// Section 4.10.2, over the records found from the longest name to the shortest.
dns::Name organization_of(const std::vector<DmarcStep>& steps, const dns::Name& author) {
  dns::Name shortest = author;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].record) continue;
    if (suffix_of(steps[i]) == PublicSuffix::no) return steps[i].domain;
    if (suffix_of(steps[i]) == PublicSuffix::yes && i != 0) {
      return one_below(author, steps[i].domain);
    }
    shortest = steps[i].domain;
  }
  return shortest;
}

/// Section 4.10.1: the author's own record, else the organization's, else the public suffix's.
const DmarcStep* applying(const std::vector<DmarcStep>& steps, const dns::Name& organization) {
  if (!steps.empty() && steps.front().record) return &steps.front();
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const DmarcStep& step) {
    return step.record && (step.domain == organization || suffix_of(step) == PublicSuffix::yes);
  });
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace

std::vector<dns::Name> tree_walk(const dns::Name& author) {
  std::vector<dns::Name> names{author};
  dns::Name name = author;
  if (name.label_count() > kCutTo) {
    while (name.label_count() > kCutTo) name = name.parent();
  } else {
    name = name.parent();
  }
  for (; !name.is_root(); name = name.parent()) names.push_back(name);
  return names;
}

DmarcDiscovery discover_dmarc(const dns::Name& author, Resolver& resolver) {
  DmarcDiscovery result;
  for (const dns::Name& domain : tree_walk(author)) {
    DmarcStep step = ask(domain, resolver);
    if (step.status == LookupStatus::failed || step.status == LookupStatus::not_checked) {
      result.complete = false;
    }
    result.steps.push_back(std::move(step));
    if (suffix_of(result.steps.back()) != PublicSuffix::unknown) break;
  }
  result.organization = organization_of(result.steps, author);
  if (const DmarcStep* step = applying(result.steps, result.organization)) {
    result.policy_domain = step->domain;
    result.record = step->record;
  }
  return result;
}

std::optional<DmarcAction> policy_for(const DmarcDiscovery& discovery, const dns::Name& author,
                                      AuthorDomain existence) {
  if (!discovery.record || !discovery.policy_domain) return {};
  const auto policy = effective_policy(*discovery.record);
  if (!policy) return {};
  if (*discovery.policy_domain == author) return policy->domain;
  return existence == AuthorDomain::exists ? policy->subdomains : policy->nonexistent;
}

}  // namespace mxsmith::mail
