// A real PowerDNS Authoritative Server for tests: Debian's pdns-server with its SQLite backend, in
// a temporary folder, its API and DNS on free loopback ports, ended by its pid.
//
// Nothing of /etc/powerdns is read. A machine without the packages fails the test that asks for a
// server, with the words that say what to install. All functions throw std::runtime_error with what
// the server logged.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace mxsmith::tests {

class PowerdnsServer {
 public:
  /// Starts a server without zones and waits until its API answers. `settings` are further lines
  /// of pdns.conf: "webserver-max-bodysize=1".
  explicit PowerdnsServer(const std::vector<std::string>& settings = {});
  ~PowerdnsServer();
  PowerdnsServer(const PowerdnsServer&) = delete;
  PowerdnsServer& operator=(const PowerdnsServer&) = delete;

  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:18081"
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] std::uint16_t api_port() const { return api_port_; }
  [[nodiscard]] std::uint16_t dns_port() const { return dns_port_; }
  [[nodiscard]] const fs::path& folder() const { return folder_.path(); }
  /// PDNS_API_URL and PDNS_API_KEY, for a program to be run.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

  void start();    ///< Again, with the same ports and data.
  void stop();     ///< By SIGTERM; returns when it has ended.
  void kill();     ///< By SIGKILL.
  void restart();  ///< stop and start.
  [[nodiscard]] bool running() const { return server_ != nullptr; }

  struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< Names in lower case.
    std::string body;
  };
  struct Message {
    std::string method = "GET";
    std::string target;                          ///< "/api/v1/servers/localhost/zones"
    std::map<std::string, std::string> headers;  ///< Besides Host, Connection, Content-Length.
    std::string body;
  };
  /// Sends just this.
  [[nodiscard]] Answer send(const Message& message) const;
  /// A request to the API with the key; `target` goes after "/api/v1/servers/localhost".
  [[nodiscard]] Answer request(const std::string& method, const std::string& target,
                               const std::string& body = {}) const;

  /// A zone from zone file text, through the API, so that the server raises its serial with every
  /// change. `name` as in "example.com".
  void create_zone(const std::string& name, const std::string& zone_text,
                   const std::string& kind = "Native") const;
  /// The zone as a zone file, sorted lines, the serial of the SOA replaced by "SERIAL".
  [[nodiscard]] std::string zone(const std::string& name) const;
  /// Runs pdnsutil on the server's data; throws when it fails. Gives what it prints.
  std::string pdnsutil(std::vector<std::string> args) const;
  /// Runs SQL on the database behind the server's back.
  std::string sql(const std::string& statements) const;

 private:
  void choose_ports();
  void write_settings() const;
  [[nodiscard]] bool answers() const;
  [[nodiscard]] std::string log() const;

  TemporaryDirectory folder_;
  std::string key_ = "key-of-the-test-server";
  std::vector<std::string> settings_;
  std::uint16_t api_port_ = 0;
  std::uint16_t dns_port_ = 0;
  std::unique_ptr<Process> server_;
};

/// A port of the loopback address that is free just now, for TCP and UDP.
std::uint16_t free_port();

}  // namespace mxsmith::tests
