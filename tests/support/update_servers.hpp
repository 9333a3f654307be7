// Real name servers for tests of DNS UPDATE: BIND, Knot DNS and PowerDNS, in a temporary folder, on
// free loopback ports, run by whoever runs the tests, ended by their pids.
//
// Nothing of /etc is read. A machine without the packages fails the test that asks for a server,
// with the words that say what to install. All functions throw std::runtime_error with what the
// server logged.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mxsmith::tests {

struct TestKey {
  std::string name;
  std::string algorithm;
  std::string secret;  ///< In base64.
};
/// May read and change every zone.
TestKey sha256_key();
TestKey sha512_key();
/// May read them.
TestKey reading_key();

class UpdateServer {
 public:
  virtual ~UpdateServer() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

/// Each server has these zones, "example.com", with SOA and the NS ns1 and ns2.example.net; and one
/// that it signs.
inline constexpr const char* kSignedZone = "signed.example";
std::unique_ptr<UpdateServer> start_bind(const std::vector<std::string>& zones);
std::unique_ptr<UpdateServer> start_knot(const std::vector<std::string>& zones);
std::unique_ptr<UpdateServer> start_powerdns(const std::vector<std::string>& zones);

}  // namespace mxsmith::tests
