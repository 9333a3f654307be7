#include "mail/rules/host_addresses.hpp"

#include <algorithm>

namespace mxsmith::mail {

namespace {

bool is_answered(const Answer& answer) {
  return answer.status == LookupStatus::found || answer.is_void();
}

template <class Data>
void take_addresses(const Answer& answer, std::vector<Ip>& addresses) {
  const std::size_t before = addresses.size();
  addresses.reserve(before + answer.values.size());
  for (const dns::Rdata& value : answer.values) {
    if (const auto* data = std::get_if<Data>(&value)) addresses.push_back(Ip::of(data->address));
  }
  std::sort(addresses.begin() + static_cast<std::ptrdiff_t>(before), addresses.end());
}

std::string why_unknown(const Answer& answer) {
  if (!answer.reason.empty()) return answer.reason;
  return answer.status == LookupStatus::failed ? "the lookup failed" : "it was not looked up";
}

HostAddresses look_up(const dns::Name& host, Resolver& resolver) {
  HostAddresses result;
  const Answer v4 = resolver.lookup(host, dns::Type::A);
  const Answer v6 = resolver.lookup(host, dns::Type::AAAA);
  result.aliases = v4.aliases.empty() ? v6.aliases : v4.aliases;
  take_addresses<dns::A>(v4, result.addresses);
  take_addresses<dns::Aaaa>(v6, result.addresses);
  result.complete = is_answered(v4) && is_answered(v6);
  if (!result.complete) result.reason = why_unknown(is_answered(v4) ? v6 : v4);
  if (!result.addresses.empty()) {
    result.state = HostAddresses::State::found;
  } else if (result.complete) {
    const bool exists =
        v4.status != LookupStatus::no_domain && v6.status != LookupStatus::no_domain;
    result.state = exists ? HostAddresses::State::none : HostAddresses::State::no_name;
  }
  return result;
}

}  // namespace

bool HostAddresses::has_ipv6() const {
  return std::any_of(addresses.begin(), addresses.end(),
                     [](const Ip& ip) { return ip.family == IpFamily::v6; });
}

const HostAddresses& HostLookups::of(const dns::Name& host) {
  const auto known = known_.find(host);
  if (known != known_.end()) return known->second;
  return known_.emplace(host, look_up(host, resolver_)).first->second;
}

}  // namespace mxsmith::mail
