// A PowerDNS Authoritative Server 4.7 as its API shows it, in memory: as strict and as odd as the
// real one, against which it is held request by request (powerdns_simulator_test.cpp).
//
// It serves what mxsmith asks for and what tests need to set the scene. What it does not know it
// answers with 501, so that nobody relies on something that was never compared. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/json.hpp"
#include "http/message.hpp"

namespace mxsmith::conformance {

class PowerdnsSimulator {
 public:
  struct Options {
    std::string key = "key-of-the-simulator";
    std::uint32_t today = 20261205;               ///< For serials.
    std::size_t max_body = std::size_t{2} << 20;  ///< webserver-max-bodysize
  };

  PowerdnsSimulator() : PowerdnsSimulator(Options{}) {}
  explicit PowerdnsSimulator(Options options) : options_(std::move(options)) {}

  http::Response answer(const http::Request& request);
  [[nodiscard]] const std::string& key() const { return options_.key; }

  // What is done at the server itself, not through its API; `name` as in "example.com.".
  void set_presigned(const std::string& name);
  void set_signed(const std::string& name);
  /// "" for none.
  void set_soa_edit_api(const std::string& name, const std::string& rule);

  struct Record {
    std::string content;
    bool disabled = false;
  };
  struct Set {
    std::int64_t ttl = 0;
    std::vector<Record> records;
    http::Json::Array comments;
  };
  using Key = std::pair<std::string, std::string>;  ///< Name and type as the server prints them.
  struct Zone {
    std::string id;
    std::string name;
    std::string kind = "Native";
    std::vector<std::string> masters;
    std::string soa_edit_api = "DEFAULT";
    bool presigned = false;
    bool has_keys = false;
    std::map<Key, Set> sets;
  };

 private:
  http::Response route(const http::Request& request, const std::string& path,
                       const std::map<std::string, std::string>& query);
  http::Response zones(const http::Request& request,
                       const std::map<std::string, std::string>& query);
  http::Response zone(const http::Request& request, Zone& zone, const std::string& rest,
                      const std::map<std::string, std::string>& query);
  http::Response create(const http::Request& request);
  http::Response patch(Zone& zone, const http::Request& request) const;
  void raise_serial(Zone& zone) const;
  Zone* find(const std::string& id);

  Options options_;
  std::mutex mutex_;
  std::map<std::string, Zone> zones_;  ///< By name.
};

/// What the server makes of a record's content.
struct CheckedContent {
  std::string content;  ///< As it is stored and given back.
  std::string fault;    ///< Why not, in the server's words; empty: none.
};
CheckedContent check_powerdns_content(const std::string& type, const std::string& content);

}  // namespace mxsmith::conformance
