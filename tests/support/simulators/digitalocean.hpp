// DigitalOcean DNS as version 2 of its API shows it, in memory.
//
// It is as strict as the API is known to be, and where that is not known it takes only what is
// known to be kept: texts of printable ASCII without quotes and backslashes, CAA values that are a
// host or a URL. Members that no record has are refused, which the real API is not known to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "http/json.hpp"
#include "support/simulators/simulator.hpp"

namespace mxsmith::tests {

class DigitaloceanSimulator final : public Simulator {
 public:
  struct Options {
    std::string token = "dop_v1_token-of-the-simulator";
    std::set<std::string> scopes = {"domain:read", "domain:create", "domain:update",
                                    "domain:delete"};
    /// Since 1970. With it requests are counted: 250 in any minute, 5,000 in any hour.
    std::function<std::chrono::seconds()> now = {};
  };

  DigitaloceanSimulator() : DigitaloceanSimulator(Options{}) {}
  explicit DigitaloceanSimulator(Options options) : options_(std::move(options)) {}

  static constexpr auto kUrl = "https://api.digitalocean.com";
  [[nodiscard]] const std::string& token() const { return options_.token; }

  struct Record {
    std::int64_t id = 0;
    std::string type;
    std::string name;  ///< Relative; "@" for the apex.
    std::string data;  ///< As it is given back.
    std::int64_t ttl = 0;
    std::map<std::string, std::int64_t> numbers;  ///< priority, port, weight, flags.
    std::string tag;
  };
  /// A zone with its SOA and its three name servers.
  void add_zone(const std::string& name);
  /// Puts a record there past all checks, as DigitalOcean might one day have them; its id.
  std::int64_t plant(const std::string& zone, Record record);
  /// How many writes there were to any zone, also those that changed nothing.
  [[nodiscard]] std::size_t writes() const { return writes_; }

 private:
  struct Zone {
    std::vector<Record> records;
  };
  using Query = std::map<std::string, std::string>;

  http::Response respond(const http::Request& request) override;
  std::optional<http::Response> refused_for_haste();
  [[nodiscard]] http::Headers rate_headers() const;
  http::Response route(const http::Request& request, const std::string& path, const Query& query);
  http::Response domains(const http::Request& request, const Query& query);
  http::Response domain(const http::Request& request, const std::string& name);
  http::Response records(const http::Request& request, const std::string& name, const Query& query);
  http::Response record(const http::Request& request, const std::string& name,
                        const std::string& id);
  void need(const std::vector<std::string>& any_of) const;
  Zone& zone(const std::string& name);

  Options options_;
  std::map<std::string, Zone> zones_;
  std::int64_t next_id_ = 1000;
  std::size_t writes_ = 0;
  std::deque<std::chrono::seconds> asked_;
};

}  // namespace mxsmith::tests
