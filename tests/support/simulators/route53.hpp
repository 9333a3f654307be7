// Amazon Route 53 as its API (2013-04-01) behaves, in memory: signatures are verified, element
// names and their order count, a DELETE has to repeat the set to the letter, batches are atomic and
// limited, names come back in octal, lists by name begin at a name, changes are PENDING for a
// while.
//
// Its answers and what it is asked are held against AWS's service model (route53_model_test). What
// only the sheet knows (words of refusals, limits) is from there.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "support/simulators/simulator.hpp"

namespace mxsmith::tests {

class Route53Simulator final : public Simulator {
 public:
  struct Options {
    std::string access_key_id = "AKIASIMULATED0000001";
    std::string secret_access_key = "secret/of+the/simulator/that/nobody/sees";
    std::string session_token;  ///< Demanded when not empty.
    std::string region = "us-east-1";
    std::size_t sets_per_page = 300;  ///< At most, whatever is asked for.
    std::size_t zones_per_page = 100;
    std::size_t polls = 0;           ///< How often a change is PENDING before it is INSYNC.
    bool may_follow_changes = true;  ///< The right to GetChange.
    /// What the server's clock says; null: any time is right.
    std::function<base::Instant()> now = {};
  };

  struct Alias {
    std::string zone_id;
    std::string name;
    friend bool operator==(const Alias&, const Alias&) = default;
  };
  struct Set {
    std::string name;  ///< As the API gives it: lower case, final dot, octal escapes.
    std::string type;
    std::string identifier;  ///< Of a routed set; empty: a simple one.
    std::optional<std::int64_t> weight;
    std::int64_t ttl = 0;
    std::vector<std::string> values;
    std::optional<Alias> alias;
    std::string health_check;
    std::string policy_instance;
    friend bool operator==(const Set&, const Set&) = default;
  };
  /// Labels from the right, type, identifier: the order of lists.
  using Key = std::tuple<std::vector<std::string>, std::string, std::string>;
  struct Zone {
    std::string id;
    std::string name;
    bool is_private = false;
    std::string service;  ///< Of another AWS service, if not empty.
    std::map<Key, Set> sets;
    std::size_t changes = 0;  ///< Batches that were accepted.
  };
  /// An answer that comes instead of the right one.
  struct Fault {
    http::Method method = http::Method::get;
    std::size_t times = 1;
    int status = 400;
    std::string code;
    std::string message;
  };

  Route53Simulator() : Route53Simulator(Options{}) {}
  explicit Route53Simulator(Options options) : options_(std::move(options)) {}

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] static std::string url() { return "https://route53.simulated"; }

  // What is done in the console, not through the API.
  /// With SOA and NS; gives its id. `name` with final dot.
  std::string create_zone(const std::string& name, bool is_private = false,
                          const std::string& service = {});
  void delete_zone(const std::string& id);
  /// Whatever the API would say to it.
  void put(const std::string& zone_id, const Set& set);
  void take(const std::string& zone_id, const std::string& name, const std::string& type);
  [[nodiscard]] Zone zone(const std::string& id) const;
  void inject(Fault fault);

  /// `\DDD` of zone files as `\ooo`, and back.
  static std::string octal(const std::string& text);
  static std::string decimal(const std::string& text);
  /// A name as the API gives it; nothing for what is none.
  static std::optional<std::string> canonical_name(const std::string& text);
  static Key key_of(const Set& set);

 protected:
  http::Response respond(const http::Request& request) override;

 private:
  using Query = std::map<std::string, std::string>;
  http::Response route(const http::Request& request, const std::string& path, const Query& query);
  http::Response list_zones(const Query& query) const;
  http::Response list_zones_by_name(const Query& query) const;
  http::Response get_zone(const Zone& zone) const;
  http::Response list_sets(const Zone& zone, const Query& query) const;
  http::Response change(Zone& zone, const http::Request& request);
  http::Response get_change(const std::string& id);
  Zone* find(const std::string& id);

  Options options_;
  mutable std::mutex state_;
  std::map<std::string, Zone> zones_;  ///< By id.
  std::map<std::string, std::size_t> polls_left_;
  std::vector<Fault> faults_;
  std::size_t made_ = 0;
};

/// ErrorResponse with one error.
http::Response route53_refusal(int status, const std::string& code, const std::string& message);
std::string route53_escape(const std::string& text);

/// Why a request is not what its signature says; nothing when it is.
std::optional<http::Response> route53_signature_fault(const http::Request& request,
                                                      const Route53Simulator::Options& options);

/// One element Change of a batch.
struct Route53Change {
  std::string action;
  Route53Simulator::Set set;
};
/// A body as changes; the fault in its form, as an answer, where it has one.
std::optional<http::Response> parse_route53_batch(const std::string& body,
                                                  std::vector<Route53Change>& changes);
/// Carries out all of them or none; what is wrong, one message for each change.
std::vector<std::string> apply_route53_batch(Route53Simulator::Zone& zone,
                                             const std::vector<Route53Change>& changes);

}  // namespace mxsmith::tests
