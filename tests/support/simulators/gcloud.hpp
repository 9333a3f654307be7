// Google Cloud DNS, API v1, in memory, and the endpoints at which tokens for it are to be had: as
// strict as the contract says that the real ones are, in their words.
//
// Deletions have to repeat what is stored; a change stays pending for some polls; lists come in
// pages; who asks has to carry a token that was given out for a signature that verifies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "http/json.hpp"
#include "support/simulators/simulator.hpp"

namespace mxsmith::tests {

class GcloudSimulator final : public Simulator {
 public:
  struct Options {
    std::size_t page = 1000;  ///< Elements of a page at most.
    int polls = 1;            ///< How often a change is told as pending before it is done.
    std::size_t sets_per_change = 1000;
    std::size_t octets_per_change = 100'000;
    bool one_token = false;              ///< Whoever asks gets the same one again.
    const base::Clock* clock = nullptr;  ///< Null: tokens do not expire.
  };

  static constexpr const char* kApi = "https://dns.example";
  static constexpr const char* kTokens = "https://oauth2.example/token";
  static constexpr const char* kSts = "https://sts.example/v1/token";
  static constexpr const char* kIam = "https://iamcredentials.example";
  static constexpr const char* kMetadata = "http://metadata.example";
  static constexpr const char* kIssuer = "https://issuer.example/token";  ///< Of workloads' tokens.
  static constexpr const char* kProject = "shop-4711";
  static constexpr const char* kAudience =
      "//iam.example/projects/1/locations/global/workloadIdentityPools/ci/providers/forge";
  /// What a workload shows, where it gets it, and with what it asks for it.
  static constexpr const char* kSubject = "subject-token-of-this-job-0123456789";
  static constexpr const char* kRequest = "request-token-of-this-job";
  static constexpr const char* kToken = "ya29.token-of-the-simulator";  ///< A number may follow.
  static constexpr const char* kRefresh = "1//refresh-token-of-somebody";
  static constexpr const char* kClientSecret = "client-secret-of-the-tool";

  GcloudSimulator() : GcloudSimulator(Options{}) {}
  explicit GcloudSimulator(Options options) : options_(options) {}

  /// All that it answers for.
  [[nodiscard]] std::vector<std::string> bases() const {
    return {kApi, kTokens, kSts, kIam, kMetadata, kIssuer};
  }
  using Simulator::transport;
  [[nodiscard]] std::unique_ptr<http::Transport> transport() { return transport(bases()); }

  // Credential files.
  [[nodiscard]] static std::string service_account_file();
  /// Signed by a key that this account does not have.
  [[nodiscard]] static std::string wrong_service_account_file();
  [[nodiscard]] static std::string private_key();
  [[nodiscard]] static std::string authorized_user_file();
  /// `source` is the JSON of "credential_source".
  [[nodiscard]] static std::string external_account_file(const std::string& source,
                                                         bool impersonates);
  [[nodiscard]] static std::string impersonating_user_file();

  // What is done at the server itself, not through its API.
  struct Set {
    std::int64_t ttl = 0;
    std::vector<std::string> rrdatas;
    http::Json policy;  ///< "routingPolicy"; null: none.
  };
  using Key = std::pair<std::string, std::string>;  ///< Name, with its final dot, and type.
  /// An empty zone with SOA and NS, in place of one of that id. `more` are members of it.
  void make_zone(const std::string& id, const std::string& name,
                 const http::Json::Members& more = {{"visibility", "public"}});
  void put(const std::string& id, const Key& key, Set set);
  void remove(const std::string& id, const Key& key);
  [[nodiscard]] std::map<Key, Set> sets(const std::string& id) const;
  /// How often anything was written to the zone.
  [[nodiscard]] std::size_t writes(const std::string& id) const;
  /// Permissions that are taken away: "dns.changes.create", "dns.projects.get".
  void deny(const std::string& permission);
  /// Answers to the next requests to the API.
  void refuse_next(int status, const std::string& reason, const std::string& message);
  /// Tokens that were given out so far are good no longer.
  void revoke_tokens();
  [[nodiscard]] std::size_t tokens_given() const;

 protected:
  http::Response respond(const http::Request& request) override;

 private:
  struct Zone {
    std::string id;
    std::string name;
    http::Json::Members more;
    std::map<Key, Set> sets;
    std::map<std::string, http::Json> changes;  ///< By id, status left out.
    std::map<std::string, int> polls;           ///< Left, by id.
    std::size_t writes = 0;
  };
  struct Asked {
    const http::Request& request;
    std::vector<std::string> path;  ///< After "/dns/v1/".
    std::map<std::string, std::string> query;
  };
  struct Given {
    std::string scope;
    base::Instant until{};
  };

  // gcloud_tokens.cpp
  [[nodiscard]] bool is_about_tokens(const http::Request& request) const;
  http::Response respond_with_token(const http::Request& request);
  http::Response grant(const std::map<std::string, std::string>& form);
  http::Response by_assertion(const std::map<std::string, std::string>& form);
  http::Response by_exchange(const std::map<std::string, std::string>& form);
  http::Response impersonate(const http::Request& request);
  http::Response metadata(const http::Request& request);
  http::Response give(const std::string& scope);
  std::string new_token(const std::string& scope);
  [[nodiscard]] const Given* given(const http::Request& request) const;

  // gcloud.cpp
  [[nodiscard]] http::Response dispatch(const Asked& asked);
  [[nodiscard]] http::Response project() const;
  [[nodiscard]] http::Response list_zones(const Asked& asked) const;
  [[nodiscard]] http::Response list_sets(const Asked& asked, const Zone& zone) const;
  [[nodiscard]] http::Response permissions(const Asked& asked) const;
  [[nodiscard]] static http::Response poll(Zone& zone, const std::string& id);
  [[nodiscard]] http::Response page(const Asked& asked, const char* kind, const char* member,
                                    const std::vector<http::Json>& all) const;
  void demand(const std::string& permission) const;

  // gcloud_changes.cpp
  [[nodiscard]] http::Response change(const Asked& asked, Zone& zone);

  Options options_;
  mutable std::mutex state_;
  std::map<std::string, Zone> zones_;  ///< By id.
  std::map<std::string, Given> given_;
  std::set<std::string> denied_;
  std::vector<http::Response> refusals_;  ///< The next one last.
  std::size_t tokens_ = 0;
};

/// An answer that is thrown: nothing of the request takes place.
struct GcloudRefusal {
  int status;
  std::string reason;  ///< "conditionNotMet"
  std::string message;
};
http::Response gcloud_refusal(const GcloudRefusal& refusal);

/// Why a record set cannot hold such rrdatas; they are changed to how they are stored.
std::optional<std::string> gcloud_rrdata_fault(const std::string& type,
                                               std::vector<std::string>& rrdatas);

}  // namespace mxsmith::tests
