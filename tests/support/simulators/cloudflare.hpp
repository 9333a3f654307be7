// Cloudflare's API v4 as far as zones and DNS records go, in memory.
//
// As strict as the real one is known to be: credentials, parameters, members of records, TTLs,
// duplicates, neighbours of CNAME and NS, what Cloudflare keeps to itself, the size of a batch,
// which is one transaction worked through as deletes, patches, puts and posts. Texts are kept as
// they were sent, quoted or not; hosts lose their final dot.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dns/rdata.hpp"
#include "http/json.hpp"
#include "support/simulators/simulator.hpp"

namespace mxsmith::tests {

class CloudflareSimulator final : public Simulator {
 public:
  static constexpr const char* kBase = "https://api.cloudflare.com/client/v4";

  struct Options {
    std::string token = "token-of-the-cloudflare-simulator";
    std::string email = "kim@example.com";
    std::string key = "key-of-the-cloudflare-simulator";
    /// Fewer on a page than was asked for; 0: as many as that.
    std::size_t page_cap = 0;
    bool may_list_zones = true;
    bool tells_where = false;  ///< Errors of a batch say which element is meant.
    bool counts_pages = true;  ///< `total_pages`, which older answers do not have.
    /// Members that records had when the API's description was published: locked, zone_id,
    /// zone_name.
    bool older_members = false;
  };
  struct NewZone {
    std::string name;
    std::string plan = "pro";  ///< free, pro, business, enterprise
    std::string account = "acc0";
    std::string status = "active";
    std::string type = "full";
  };
  struct Record {
    std::string id;
    std::string type;
    std::string name;
    std::int64_t ttl = 1;
    bool proxied = false;
    std::string content;
    std::optional<std::int64_t> priority;
    http::Json data;
    std::string comment;
    std::vector<std::string> tags;
    http::Json settings = http::Json::object();
    http::Json meta = http::Json::object();
    std::uint64_t modified = 0;
    [[nodiscard]] http::Json print() const;
  };
  struct Zone {
    NewZone told;
    std::string id;
    std::vector<Record> records;
    std::uint64_t writes = 0;
  };

  CloudflareSimulator() : CloudflareSimulator(Options{}) {}
  explicit CloudflareSimulator(Options options) : options_(std::move(options)) {}
  [[nodiscard]] const Options& options() const { return options_; }

  // What is done at the service itself, not through its API.
  /// Its id.
  std::string add_zone(NewZone zone);
  /// Takes all zones of that name away.
  void remove_zones(const std::string& name);
  [[nodiscard]] Zone zone(const std::string& id) const;
  /// Puts a record as it stands, whatever the API would say of it.
  void put_as_it_is(const std::string& zone, Record record);
  /// Makes all records of that name and type Cloudflare's own.
  void make_read_only(const std::string& zone, const std::string& name, const std::string& type,
                      const http::Json& meta);
  /// Comment and tags of all records of that name and type.
  void adorn(const std::string& zone, const std::string& name, const std::string& type,
             const std::string& comment, const std::vector<std::string>& tags);
  /// The next answers are refusals for having asked too often.
  void throttle(std::size_t answers) { throttled_ = answers; }

 protected:
  http::Response respond(const http::Request& request) override;

 private:
  using Query = std::map<std::string, std::string>;
  http::Response route(const http::Request& request, const std::string& path, const Query& query);
  [[nodiscard]] http::Response zones(const Query& query) const;
  [[nodiscard]] http::Response records(const Zone& zone, const Query& query) const;
  http::Response batch(Zone& zone, const http::Request& request);
  [[nodiscard]] http::Response page(std::vector<http::Json> items, const Query& query,
                                    std::size_t usual, std::size_t most) const;
  [[nodiscard]] std::optional<http::Response> refusal(const http::Request& request) const;
  [[nodiscard]] Zone* find_zone(const std::string& id);
  std::string next_id();

  Options options_;
  mutable std::recursive_mutex state_;
  std::vector<Zone> zones_;
  std::uint64_t last_id_ = 0;
  std::uint64_t now_ = 0;
  std::size_t throttled_ = 0;
};

/// What the API refuses.
struct CloudflareRefusal {
  int status = 400;
  std::int64_t code = 0;
  std::string message;
  std::string detail;  ///< In `error_chain`; empty: none.
};

/// Takes over the members of `json`, those of a whole record or of a patch. Throws
/// CloudflareRefusal.
void cloudflare_assign(CloudflareSimulator::Record& record, const http::Json& json,
                       const CloudflareSimulator::NewZone& zone, bool whole);
/// The DNS data of a record; throws CloudflareRefusal for what is none.
dns::Rdata cloudflare_rdata(const CloudflareSimulator::Record& record);
/// Whether the record may stand among the others; throws CloudflareRefusal.
void cloudflare_check_neighbours(const CloudflareSimulator::Record& record,
                                 const std::vector<CloudflareSimulator::Record>& all,
                                 const CloudflareSimulator::NewZone& zone);

}  // namespace mxsmith::tests
