// A PowerDNS provider whose server is a table of answers, and what it was asked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "providers/powerdns/powerdns.hpp"
#include "support/catch.hpp"

namespace mxsmith::tests {

inline const dns::Name kPowerdnsApex = dns::Name::of("example.com");

/// A zone as the server describes it; `rrsets` is the text between the brackets.
inline std::string zone_json(const std::string& rrsets, const std::string& more = {}) {
  return R"({"id":"example.com.","name":"example.com.","serial":2026112301,"dnssec":false,)"
         R"("rrsets":[)" +
         rrsets + "]," + (more.empty() ? R"("kind":"Native")" : more) + "}";
}

inline std::string rrset_json(const std::string& name, const std::string& type,
                              const std::string& records, const std::string& comments = {}) {
  return R"({"name":")" + name + R"(","type":")" + type + R"(","ttl":300,"records":[)" + records +
         R"(],"comments":[)" + comments + "]}";
}

class PowerdnsSetup {
 public:
  static constexpr auto kKey = "open-sesame";

  explicit PowerdnsSetup(std::map<std::string, base::Setting> settings = {}) {
    account.name = "ns1";
    account.type = "powerdns";
    account.settings = std::move(settings);
    account.settings.try_emplace("url", base::Setting{"http://ns1.example:8081", {}});
    ::setenv("MXSMITH_TEST_PDNS_KEY", kKey, 1);
    account.settings.try_emplace(
        "api_key",
        base::Setting{base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_PDNS_KEY"}), {}});
  }

  std::unique_ptr<provider::Provider> make() {
    return providers::powerdns_info().make(account, {clock, client});
  }
  /// The answer to "GET TARGET"; the target begins after "/servers/localhost".
  void answers(const std::string& request, http::Response response) {
    table[request] = std::move(response);
  }
  void zone(const std::string& body) { answers("GET /zones/example.com.", json(200, body)); }
  static http::Response json(int status, const std::string& body) {
    return {status, {{"Content-Type", "application/json"}}, body};
  }
  plan::LiveZone read() {
    return make()->read({kPowerdnsApex, "example.com.", plan::ZoneKind::ordinary});
  }
  /// Applies it and gives the body that was sent; empty: none was.
  std::string sent(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
    answers("PATCH /zones/example.com.", {204, {}, {}});
    const std::size_t before = asked.size();
    const base::WritePermit permit;
    make()->apply(live, {changes, true});
    REQUIRE(asked.size() <= before + 1);
    return asked.size() == before ? "" : asked.back().body;
  }

  base::Account account;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  std::map<std::string, http::Response> table;
  std::vector<http::Request> asked;
  http::Client client{http::fake_transport([this](const http::Request& request) {
                        asked.push_back(request);
                        const std::string base = "/servers/localhost";
                        const auto at = request.url.find(base) + base.size();
                        const auto found =
                            table.find(std::string(http::method_name(request.method)) + " " +
                                       request.url.substr(at));
                        if (found == table.end()) return json(404, R"({"error":"Not Found"})");
                        return found->second;
                      }),
                      clock};
};

/// A change as a plan holds it: before as it was read, after by these values.
inline plan::Change powerdns_change(const plan::LiveZone& live, const std::string& name,
                                    dns::Type type, const std::vector<std::string>& values,
                                    std::uint32_t ttl = 300) {
  plan::Change change;
  change.key = {*dns::Name::parse(name, kPowerdnsApex), type};
  if (const plan::LiveSet* set = live.find(change.key)) {
    change.before = plan::SetState{set->set, {}, live.native->verbatim(change.key)};
  }
  if (values.empty()) return change;
  change.after = plan::SetState{{change.key.name, type, ttl, {}}, {}, {}};
  for (const auto& value : values) {
    change.after->set.values.push_back(*dns::parse_rdata(type, value, kPowerdnsApex));
  }
  return change;
}

inline base::Error powerdns_error(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error;
  }
  return {base::ErrorKind::usage, "no error"};
}

}  // namespace mxsmith::tests
