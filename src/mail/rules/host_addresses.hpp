// What DNS says of a host's addresses, asked once per host. Private to src/mail/rules.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "mail/ip_set.hpp"
#include "mail/resolver.hpp"

namespace mxsmith::mail {

struct HostAddresses {
  enum class State : std::uint8_t {
    found,    ///< At least one address.
    none,     ///< The name exists and has neither A nor AAAA records.
    no_name,  ///< There is no such name.
    unknown,  ///< Not asked, or asked in vain: `reason`.
  };
  State state = State::unknown;
  std::vector<Ip> addresses;       ///< IPv4 before IPv6, each group ascending.
  std::vector<dns::Name> aliases;  ///< Targets of CNAMEs that were followed.
  bool complete = false;           ///< Both families were answered.
  std::string reason;              ///< Where not complete, a phrase.
  [[nodiscard]] bool has_ipv6() const;
};

class HostLookups {
 public:
  explicit HostLookups(Resolver& resolver) : resolver_(resolver) {}
  /// Valid as long as this is.
  const HostAddresses& of(const dns::Name& host);

 private:
  Resolver& resolver_;
  std::unordered_map<dns::Name, HostAddresses> known_;
};

}  // namespace mxsmith::mail
