// What mxsmith asks of Cloudflare, and what the simulator answers, held against the published
// description of the API as it was in 2023. It has neither the batch nor the verification of
// tokens, nor refusals: for these a description of our own stands in (cloudflare_batch.json), which
// only shows that both sides keep to what we know of them.
#include "support/simulators/described.hpp"
#include "unit/providers/cloudflare_setup.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using Exchanges = std::vector<Simulator::Exchange>;

/// What it says of refusals contradicts itself: `success` is to be true and false.
bool is_described_of_old(const Simulator::Exchange& exchange) {
  if (exchange.response.status >= 400) return false;
  const std::string& url = exchange.request.url;
  return url.find("/batch") == std::string::npos && url.find("/tokens/") == std::string::npos;
}

/// A value of each type; OPENPGPKEY came later.
std::vector<plan::Change> every_type(const plan::LiveZone& live) {
  const std::string hash(64, 'a');
  const std::vector<std::pair<std::string, std::string>> samples = {
      {"a A", "192.0.2.1"},
      {"b AAAA", "2001:db8::1"},
      {"c CNAME", "foo.com."},
      {"@ MX", "0 ."},
      {"d TXT", "\"" + std::string(255, 'x') + "\" \"y;\\\"\\\\\\200\""},
      {"_s._tcp SRV", "1 2 3 foo.com."},
      {"@ CAA", "128 issue \"foo.com; a=b\""},
      {"_25._tcp TLSA", "3 1 1 " + hash},
      {"e NS", "ns.foo.com."},
      {"e DS", "1 13 2 " + hash},
      {"f PTR", "foo.com."},
      {"g SSHFP", "1 2 " + hash},
      {"i NAPTR", R"(1 2 "S" "SIP+D2U" "" foo.com.)"},
      {"j SVCB", "1 foo.com. alpn=dot"},
      {"k HTTPS", "0 foo.com."},
      {"l LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m"},
      {"n SMIMEA", "3 1 1 " + hash},
      {"o CERT", "1 2 8 TUlJQg=="},
      {"_ftp._tcp URI", R"(10 1 "ftp://ftp.example.com/")"}};
  std::vector<plan::Change> changes;
  for (const auto& [key, value] : samples) {
    const std::size_t blank = key.find(' ');
    changes.push_back(cloudflare_change(live, key.substr(0, blank),
                                        *dns::parse_type(key.substr(blank + 1)), {value}));
  }
  return changes;
}

/// Everything a provider does: looking at the account, finding, reading in pages, writing records
/// of all types, changing and deleting them, being refused.
void use_everything(CloudflareSetup& setup) {
  setup.make()->check();
  setup.make()->list();
  setup.make()->find(dns::Name::of("none.example"));
  setup.apply(setup.read(), every_type(setup.read()));
  plan::LiveZone live = setup.read();
  CHECK(live.sets().size() == 19);
  auto adorned = cloudflare_change(live, "a", dns::Type::A, {"192.0.2.2"}, 600);
  adorned.after->meta = {
      {"automatic_ttl", "true"}, {"comment", "\"x\""}, {"proxied", "true"}, {"tags", "[\"a:1\"]"}};
  setup.apply(live, {adorned, cloudflare_change(live, "@", dns::Type::MX, {"10 mx.foo.com."}),
                     cloudflare_change(live, "c", dns::Type::CNAME, {})});
  live = setup.read();
  CHECK(cloudflare_error([&] {
          setup.apply(live, {cloudflare_change(live, "a", dns::Type::CNAME, {"foo.com."})});
        }).kind() == base::ErrorKind::conflict);
  CHECK_THROWS_AS(setup.provider->read({kCloudflareApex, "0badc0de", plan::ZoneKind::ordinary}),
                  base::Error);
}

TEST_CASE("what is asked of Cloudflare and answered is what is described", "[cloudflare]") {
  CloudflareSimulator::Options options;
  options.page_cap = 7;
  options.older_members = true;
  CloudflareSetup setup(options);
  // The description knows only the older way in.
  SECTION("by token") {}
  SECTION("by key") {
    ::setenv("MXSMITH_TEST_CLOUDFLARE_KEY", options.key.c_str(), 1);
    setup.account.settings = {
        {"key", {base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_CLOUDFLARE_KEY"}), {}}},
        {"email", {options.email, {}}}};
  }
  use_everything(setup);
  Exchanges of_old;
  Exchanges newer;
  for (const auto& exchange : setup.simulator.exchanges()) {
    (is_described_of_old(exchange) ? of_old : newer).push_back(exchange);
  }
  std::vector<std::string> forgotten;
  // What answers have had since then.
  for (const char* member : {"total_pages", "settings", "target", "error_chain", "status", "paused",
                             "type", "name_servers", "permissions", "plan"}) {
    forgotten.insert(forgotten.end(), {"--forgotten", member});
  }
  forgotten.insert(forgotten.end(), {"--nullable", "comment", "--any-credential"});
  check_described("cloudflare-openapi-dns.json", of_old, forgotten);
  check_described(
      std::string(MXSMITH_SOURCE_DIR) + "/tests/support/simulators/cloudflare_batch.json", newer,
      {"--nullable", "comment"});
}

}  // namespace
