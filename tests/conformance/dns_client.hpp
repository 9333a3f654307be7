// The tests' own way to a name server: zone transfer and update through ldns, which shares no code
// with what is tested. All functions throw std::runtime_error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/rrset.hpp"
#include "support/update_servers.hpp"

namespace mxsmith::conformance {

struct ServedRecord {
  dns::Key key;
  std::uint32_t ttl = 0;
  std::string wire;  ///< Rdata, uncompressed.
};

class DnsClient {
 public:
  DnsClient(std::uint16_t port, tests::TestKey key) : port_(port), key_(std::move(key)) {}

  /// The SOA first, and once.
  [[nodiscard]] std::vector<ServedRecord> transfer(const dns::Name& zone) const;

  struct Deed {
    enum class Kind : std::uint8_t { add, remove, remove_set };
    Kind kind = Kind::add;
    dns::Key key;
    std::uint32_t ttl = 0;
    std::string value;  ///< Presentation form, letter for letter.
  };
  void update(const dns::Name& zone, const std::vector<Deed>& deeds) const;

 private:
  std::uint16_t port_;
  tests::TestKey key_;
};

}  // namespace mxsmith::conformance
