#include "providers/gcloud/gcloud.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/oauth.hpp"
#include "http/paging.hpp"
#include "providers/gcloud/answers.hpp"
#include "providers/gcloud/change_body.hpp"
#include "providers/gcloud/credentials.hpp"
#include "providers/gcloud/project.hpp"
#include "providers/gcloud/rights.hpp"
#include "providers/gcloud/settings.hpp"
#include "providers/gcloud/tokens.hpp"
#include "providers/gcloud/zone_sets.hpp"

namespace mxsmith::providers {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Intent;
using http::Json;

/// Elements of a page; the server gives fewer if that suits it.
constexpr const char* kPage = "?prettyPrint=false&maxResults=1000";

plan::Traits gcloud_traits(const gcloud::Limits& limits) {
  using dns::Type;
  constexpr Type kNaptr{35};
  constexpr Type kSshfp{44};
  plan::Traits traits;
  traits.granularity = plan::Granularity::rrset;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::yes;
  traits.multiple_writers = plan::Support::yes;
  traits.types = {Type::A,   Type::AAAA,  Type::CAA,  Type::CNAME, Type::DS,
                  kNaptr,    Type::HTTPS, Type::MX,   Type::NS,    Type::PTR,
                  Type::SRV, kSshfp,      Type::SVCB, Type::TLSA,  Type::TXT};
  // With every octet escaped (\DDD) it still fits into a change twice, as what goes and as what
  // comes; and it fits into an answer of DNS.
  traits.max_txt_octets = std::min<std::size_t>(64'000, limits.octets / 9);
  // What a server works off within seconds of taking it.
  traits.settle_after = base::Seconds(5);
  traits.max_changes_per_step = limits.changes;
  traits.max_octets_per_step = limits.octets;
  traits.step_cost = gcloud::change_cost();
  return traits;
}

/// An account, once its credential has been read.
struct Access {
  gcloud::Settings settings;  ///< With the project, wherever that came from.
  std::string who;            ///< Whose credential, and where from, for people.

  [[nodiscard]] std::string fingerprint() const {
    return "gcloud:" + base::sha256_hex(settings.api + "\n" + settings.project);
  }
};

class Gcloud final : public provider::Provider {
 public:
  Gcloud(Access access, http::ChannelOptions options, const provider::Tools& tools)
      : access_(std::move(access)),
        channel_(tools.http, std::move(options)),
        secrets_(tools.http.shared_secrets()),
        clock_(tools.clock) {}

  [[nodiscard]] std::string fingerprint() const override { return access_.fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override;
  [[nodiscard]] std::vector<std::string> places(const dns::Name&) const override {
    return {"project " + access_.settings.project};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override;
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    const std::lock_guard hold(limits_mutex_);
    return gcloud_traits(limits_.value_or(gcloud::Limits()));
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;
  bool done(const plan::ZoneRef& zone, const provider::Pending& pending) override;
  provider::AccountCheck check() override;

 private:
  [[nodiscard]] std::string path() const {
    return "/projects/" + http::percent_encode(access_.settings.project);
  }
  [[nodiscard]] std::string path(const plan::ZoneRef& zone) const {
    return path() + "/managedZones/" + http::percent_encode(zone.id);
  }
  std::vector<gcloud::Zone> zones(const std::string& query, const std::string& doing);
  void learn_limits();

  Access access_;
  http::Channel channel_;
  std::shared_ptr<const http::Secrets> secrets_;
  base::Clock& clock_;
  mutable std::mutex limits_mutex_;
  std::optional<gcloud::Limits> limits_;  ///< Nothing: not asked for yet.
};

std::vector<gcloud::Zone> Gcloud::zones(const std::string& query, const std::string& doing) {
  const std::string first = path() + "/managedZones" + kPage + query;
  gcloud::ZoneListReader reader;
  http::each_page(channel_, first, doing, [&](http::Response&& page) -> std::optional<std::string> {
    gcloud::check_read(page, doing, *secrets_);
    const auto next = reader.read(std::move(page.body), doing);
    return next ? std::optional(first + *next) : std::nullopt;
  });
  std::vector<gcloud::Zone> all = reader.take();
  const std::string& wanted = access_.settings.visibility;
  if (!wanted.empty()) {
    std::erase_if(all, [&](const gcloud::Zone& zone) { return zone.visibility != wanted; });
  }
  http::Once once(doing);
  for (const auto& zone : all) once.add(zone.ref.id);
  return all;
}

/// Once for the account. An account that may not see its quotas gets the documented ones.
void Gcloud::learn_limits() {
  const std::lock_guard hold(limits_mutex_);
  if (limits_) return;
  const std::string doing = "reading the quotas of project " + access_.settings.project;
  const http::Response response = channel_.get(path() + "?prettyPrint=false");
  if (response.status == 403) {
    limits_.emplace();
    return;
  }
  const Json answer = gcloud::checked_answer(response, Intent::read, doing, *secrets_);
  limits_ = gcloud::limits_in(answer, doing);
}

std::vector<plan::ZoneRef> refs_of(const std::vector<gcloud::Zone>& zones) {
  std::vector<plan::ZoneRef> refs;
  refs.reserve(zones.size());
  for (const auto& zone : zones) refs.push_back(zone.ref);
  return refs;
}

std::vector<plan::ZoneRef> Gcloud::find(const dns::Name& zone) {
  auto found = refs_of(
      zones("&dnsName=" + http::percent_encode(zone.text()), "looking for zone " + zone.display()));
  std::erase_if(found, [&](const plan::ZoneRef& ref) { return ref.name != zone; });
  if (!found.empty()) learn_limits();
  return found;
}

std::optional<std::vector<plan::ZoneRef>> Gcloud::list() {
  auto all = refs_of(zones({}, "listing the zones"));
  if (!all.empty()) learn_limits();
  return all;
}

plan::LiveZone Gcloud::read(const plan::ZoneRef& zone) {
  const std::string doing = "reading zone " + zone.name.display();
  const std::string first = path(zone) + "/rrsets" + kPage;
  gcloud::SetReader reader(zone.name);
  http::each_page(channel_, first, doing, [&](http::Response&& page) -> std::optional<std::string> {
    gcloud::check_read(page, doing, *secrets_);
    const Json rest = http::parse_json_elements(
        std::move(page.body), "rrsets", [&](Json&& rrset) { reader.add(rrset); }, doing);
    const auto next = gcloud::next_page(rest, doing);
    return next ? std::optional(first + *next) : std::nullopt;
  });
  plan::LiveZone live(zone);
  std::vector<plan::LiveSet> sets = reader.take_sets();
  live.reserve(sets.size());
  for (auto& set : sets) live.add(std::move(set));
  const plan::LiveSet* soa = live.find(zone.name, dns::Type::SOA);
  if (soa == nullptr || !std::holds_alternative<dns::Soa>(soa->set.values.front())) {
    throw Error(ErrorKind::protocol, doing + ": the answer has no SOA record, so it is not whole");
  }
  live.version = "serial " + std::to_string(std::get<dns::Soa>(soa->set.values.front()).serial);
  live.native = reader.take_memory();
  live.read_at = clock_.now();
  return live;
}

provider::Pending Gcloud::apply(const plan::LiveZone& live, const provider::Step& step) {
  const std::string doing = "changing zone " + live.apex().display();
  gcloud::ChangeBody body = gcloud::print_change(live, step);
  if (body.text.empty()) return {};
  const http::Response response = channel_.send(
      http::Method::post, Intent::write, path(live.ref()) + "/changes?prettyPrint=false",
      std::move(body.text), {{"Content-Type", "application/json"}});
  const Json change = gcloud::checked_change(response, doing, body, *secrets_);
  try {
    if (gcloud::text_in(change, "status", doing) == "done") return {};
    return {gcloud::text_in(change, "id", doing)};
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), Effect::unknown);
  }
}

/// The change was taken before; whatever goes wrong here, it may have been carried out.
bool Gcloud::done(const plan::ZoneRef& zone, const provider::Pending& pending) {
  if (pending.done()) return true;
  const std::string doing =
      "asking what became of change " + base::escape_for_terminal(pending.token);
  try {
    const http::Response response = channel_.get(
        path(zone) + "/changes/" + http::percent_encode(pending.token) + "?prettyPrint=false");
    const Json change = gcloud::checked_answer(response, Intent::read, doing, *secrets_);
    const std::string& status = gcloud::text_in(change, "status", doing);
    if (status == "done") return true;
    if (status == "pending") return false;
    throw Error(ErrorKind::protocol,
                doing + ": its status is " + base::escape_for_terminal(status));
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), Effect::unknown).with_hint(error.hint());
  }
}

provider::AccountCheck Gcloud::check() {
  provider::AccountCheck check;
  const std::vector<gcloud::Zone> all = zones({}, "listing the zones");
  using Result = provider::AccountCheck::Line::Result;
  check.lines.push_back({Result::good, "it signs in as " + access_.who, {}});
  check.lines.push_back(gcloud::zones_line(all, access_.settings.project));
  if (all.empty()) return check;
  const plan::ZoneRef& zone = all.front().ref;
  const http::Response response = channel_.send(
      http::Method::post, Intent::read, path(zone) + ":testIamPermissions?prettyPrint=false",
      gcloud::rights_question(), {{"Content-Type", "application/json"}});
  check.lines.push_back(gcloud::rights_line(response, zone, *secrets_));
  return check;
}

std::string default_project(const Access& access, const gcloud::Credentials& credentials,
                            const provider::Tools& tools, const base::Account& account) {
  if (!access.settings.project.empty()) return access.settings.project;
  if (!credentials.project.empty()) return credentials.project;
  std::string why;
  if (const auto* server = std::get_if<gcloud::MetadataServer>(&credentials.source)) {
    try {
      return gcloud::machines_project(tools.http, *server);
    } catch (const Error& error) {
      why = std::string(" (") + error.what() + ")";
    }
  }
  Error error(ErrorKind::auth,
              "account " + account.name + " has no credential that names a project" + why);
  throw error.with_hint(
      "set `credentials` or GOOGLE_APPLICATION_CREDENTIALS, and `project` or "
      "GOOGLE_CLOUD_PROJECT where the credential names none");
}

std::unique_ptr<provider::Provider> make_gcloud(const base::Account& account,
                                                const provider::Tools& tools) {
  Access access{gcloud::parse_settings(account), {}};
  const auto& source = access.settings.credentials;
  const auto credentials = std::make_shared<const gcloud::Credentials>(
      source ? gcloud::parse_credentials(base::resolve_secret(*source),
                                         base::describe_secret(*source), tools.http.secrets())
             : gcloud::metadata_credentials());
  access.settings.project = default_project(access, *credentials, tools, account);
  access.who = credentials->who + ", from " + credentials->where;
  http::ChannelOptions options;
  options.base_url = access.settings.api;
  options.headers = {{"Accept", "application/json"}};
  if (!credentials->quota_project.empty()) {
    options.headers.set("X-Goog-User-Project", credentials->quota_project);
  }
  options.budgets = {{access.fingerprint(), {}, http::Budget::Of::all}};
  options.throttled = gcloud::is_throttled;
  options.ca_file = access.settings.ca_file;
  options.authorizer = http::shared_tokens(
      tools.http, tools.clock, "gcloud:" + credentials->fingerprint,
      [credentials, ca_file = options.ca_file, &client = tools.http, &clock = tools.clock] {
        return gcloud::fetch_token(client, clock, *credentials, ca_file);
      });
  return std::make_unique<Gcloud>(std::move(access), std::move(options), tools);
}

}  // namespace

provider::ProviderInfo gcloud_info() {
  provider::ProviderInfo info;
  info.type = "gcloud";
  info.summary = "Zones of Google Cloud DNS, through its API.";
  info.settings = {
      {"project",
       "The project's id. Default: GOOGLE_CLOUD_PROJECT, else that of the credential or of the "
       "machine."},
      {"credentials",
       "The JSON of a credential, as a secret source. Default: the file that "
       "GOOGLE_APPLICATION_CREDENTIALS names, else what gcloud left, else the metadata server."},
      {"visibility", "\"public\" or \"private\": which zones are looked at. Default: both."},
      {"url", "Where the API is. Default: https://dns.googleapis.com."},
      {"ca_file", "PEM file of certification authorities to trust instead of the system's."},
  };
  info.environment = {"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCE_PROJECT",
                      "CLOUDSDK_CORE_PROJECT",          "CLOUDSDK_CONFIG",      "GCE_METADATA_HOST",
                      "GCE_SERVICE_ACCOUNT_FILE"};
  info.traits = gcloud_traits({});
  info.make = make_gcloud;
  return info;
}

}  // namespace mxsmith::providers
