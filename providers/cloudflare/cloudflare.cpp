#include "providers/cloudflare/cloudflare.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "providers/cloudflare/answers.hpp"
#include "providers/cloudflare/batch.hpp"
#include "providers/cloudflare/content.hpp"
#include "providers/cloudflare/records.hpp"
#include "providers/cloudflare/settings.hpp"
#include "providers/cloudflare/zones.hpp"

namespace mxsmith::providers {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using cloudflare::ZoneFacts;
using http::Json;

/// 1,200 requests in any five minutes, and beyond that five minutes of nothing: what may go at once
/// and what follows in that time are that many together.
constexpr http::Rate kRate{3.0, 300.0};

/// The most that the description of the API allows.
constexpr const char* kRecordsQuery = "/dns_records?per_page=50000&order=name&direction=asc";
constexpr const char* kZonesQuery = "/zones?per_page=50&order=name&direction=asc";

class Cloudflare final : public provider::Provider {
 public:
  Cloudflare(cloudflare::Settings settings, http::ChannelOptions options,
             const provider::Tools& tools)
      : settings_(std::move(settings)),
        channel_(tools.http, std::move(options)),
        secrets_(tools.http.shared_secrets()),
        clock_(tools.clock) {}

  /// Zone ids are the vendor's own over all accounts, and tokens are changed now and then.
  [[nodiscard]] std::string fingerprint() const override {
    return "cloudflare:" + base::sha256_hex(settings_.api + "\n" + settings_.account_id);
  }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override;
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return {settings_.api + zone_query(cloudflare::name_text(zone))};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override {
    return zones(kZonesQuery + account_filter(), "listing the zones");
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return cloudflare::traits_of(facts_of(zone.id));
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;
  provider::AccountCheck check() override;

 private:
  [[nodiscard]] std::string account_filter() const {
    return settings_.account_id.empty() ? "" : "&account.id=" + settings_.account_id;
  }
  [[nodiscard]] std::string zone_query(const std::string& name) const {
    return "/zones?name=" + http::percent_encode(name) + "&per_page=50" + account_filter();
  }
  static std::string path(const plan::ZoneRef& zone) {
    cloudflare::check_zone_id(zone.id);
    return "/zones/" + zone.id;
  }
  std::vector<plan::ZoneRef> zones(const std::string& target, const std::string& doing);
  [[nodiscard]] ZoneFacts facts_of(const std::string& id) const;
  [[nodiscard]] provider::AccountCheck::Line token_line();
  [[nodiscard]] provider::AccountCheck::Line records_line(const plan::ZoneRef& zone);

  cloudflare::Settings settings_;
  http::Channel channel_;
  std::shared_ptr<const http::Secrets> secrets_;
  base::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, ZoneFacts> facts_;  ///< Of the zones that were looked up, by id.
};

ZoneFacts Cloudflare::facts_of(const std::string& id) const {
  const std::lock_guard hold(mutex_);
  const auto found = facts_.find(id);
  return found == facts_.end() ? ZoneFacts() : found->second;
}

std::vector<plan::ZoneRef> Cloudflare::zones(const std::string& target, const std::string& doing) {
  std::vector<plan::ZoneRef> refs;
  cloudflare::each_result(channel_, target, doing, *secrets_, [&](Json&& zone) {
    auto ref = cloudflare::zone_ref(zone, doing);
    if (!ref) return;
    const std::lock_guard hold(mutex_);
    facts_[ref->id] = cloudflare::zone_facts(zone);
    refs.push_back(std::move(*ref));
  });
  return refs;
}

/// A zone whose name has other letters than ASCII may be kept under either form of it.
std::vector<plan::ZoneRef> Cloudflare::find(const dns::Name& zone) {
  const std::string doing = "looking for zone " + zone.display();
  const auto named = [&](const std::string& name) {
    std::vector<plan::ZoneRef> found = zones(zone_query(name), doing);
    std::erase_if(found, [&](const plan::ZoneRef& ref) { return ref.name != zone; });
    return found;
  };
  auto found = named(cloudflare::name_text(zone));
  const std::string shown = zone.display();
  const std::size_t end = shown.find(" (");
  if (found.empty() && end != std::string::npos) return named(shown.substr(0, end));
  return found;
}

plan::LiveZone Cloudflare::read(const plan::ZoneRef& zone) {
  const std::string doing = "reading zone " + zone.name.display();
  cloudflare::RecordReader reader(zone.name, doing);
  cloudflare::each_result(channel_, path(zone) + kRecordsQuery, doing, *secrets_,
                          [&](Json&& record) { reader.add(record); });
  plan::LiveZone live = provider::group_records(zone, reader.take_records(), reader.take_memory());
  live.read_at = clock_.now();
  return live;
}

provider::Pending Cloudflare::apply(const plan::LiveZone& live, const provider::Step& step) {
  const std::string doing = "changing zone " + live.apex().display();
  if (live.ref().kind != plan::ZoneKind::ordinary) {
    throw Error(ErrorKind::unsupported,
                doing + ": it is a copy of a zone at another server, and cannot be changed here");
  }
  cloudflare::Batch batch = cloudflare::make_batch(live, step);
  if (batch.operations == 0) return {};
  const std::size_t most = cloudflare::batch_limit(facts_of(live.ref().id));
  if (batch.operations > most) {
    throw Error(ErrorKind::unsupported, doing + ": " + std::to_string(batch.operations) +
                                            " records would change at once, and this zone takes " +
                                            std::to_string(most));
  }
  const http::Response response = channel_.send(http::Method::post, http::Intent::write,
                                                path(live.ref()) + "/dns_records/batch", batch.body,
                                                {{"Content-Type", "application/json"}});
  cloudflare::check_batch(response, doing, batch, *secrets_);
  return {};
}

provider::AccountCheck::Line Cloudflare::token_line() {
  using Result = provider::AccountCheck::Line::Result;
  const std::string doing = "verifying the token";
  const std::string own =
      settings_.account_id.empty() ? "/user" : "/accounts/" + settings_.account_id;
  for (const std::string& where : {std::string("/user"), own}) {
    const http::Response response = channel_.get(where + "/tokens/verify");
    // Each kind of token is known at its own place only.
    if (response.status >= 400 && response.status < 500) continue;
    const Json token = cloudflare::one_result(response, doing, *secrets_);
    const std::string& status = cloudflare::text_of(token, "status", doing);
    const bool active = status == "active";
    return {active ? Result::good : Result::bad,
            "the token is " + base::escape_for_terminal(status),
            active ? "" : "make a new one at My Profile, API Tokens"};
  }
  return {Result::doubtful, "the token cannot be verified where tokens of users are",
          "a token of an account is verified where the account says `account_id`"};
}

provider::AccountCheck::Line Cloudflare::records_line(const plan::ZoneRef& zone) {
  using Result = provider::AccountCheck::Line::Result;
  const http::Response response = channel_.get(path(zone) + "/dns_records?per_page=5&page=1");
  if (response.status == 200) {
    return {Result::good, "it may read the records of " + zone.name.display(), {}};
  }
  return {Result::bad,
          "it may not read the records of " + zone.name.display() + ": " +
              secrets_->hide(cloudflare::complaint_of(response).words),
          "give it Zone / DNS / Edit, or Zone / DNS / Read for plans alone"};
}

provider::AccountCheck Cloudflare::check() {
  using Result = provider::AccountCheck::Line::Result;
  provider::AccountCheck check;
  if (settings_.email.empty()) check.lines.push_back(token_line());
  const auto seen = zones(kZonesQuery + account_filter(), "listing the zones");
  check.lines.push_back({seen.empty() ? Result::doubtful : Result::good,
                         "it sees " + base::counted(seen.size(), "zone"),
                         seen.empty() ? "give it Zone / Zone / Read" : ""});
  if (!seen.empty()) check.lines.push_back(records_line(seen.front()));
  const auto uneditable = std::count_if(seen.begin(), seen.end(), [&](const plan::ZoneRef& zone) {
    return facts_of(zone.id).may_edit == ZoneFacts::MayEdit::no;
  });
  if (uneditable != 0) {
    check.lines.push_back({Result::doubtful,
                           "it may not change the records of " +
                               base::counted(static_cast<std::size_t>(uneditable), "zone"),
                           "give it Zone / DNS / Edit"});
  }
  return check;
}

std::unique_ptr<provider::Provider> make_cloudflare(const base::Account& account,
                                                    const provider::Tools& tools) {
  cloudflare::Settings settings = cloudflare::parse_settings(account);
  const base::Secret secret = base::resolve_secret(settings.secret);
  const bool is_token = settings.email.empty();
  if (secret.reveal().empty()) {
    throw Error(ErrorKind::auth, std::string("the ") + (is_token ? "token" : "key") +
                                     " of account " + account.name + ", from " +
                                     base::describe_secret(settings.secret) + ", is empty");
  }
  tools.http.secrets().add(secret.reveal());
  http::ChannelOptions options;
  options.base_url = settings.api;
  options.headers = {{"Accept", "application/json"}};
  if (is_token) {
    options.headers.add("Authorization", "Bearer " + secret.reveal());
  } else {
    options.headers.add("X-Auth-Email", settings.email);
    options.headers.add("X-Auth-Key", secret.reveal());
  }
  // A user's requests are counted together, with whichever key or token.
  options.budgets = {
      {"cloudflare:" +
           base::sha256_hex(settings.api + "\n" + (is_token ? secret.reveal() : settings.email)),
       kRate}};
  options.throttled = cloudflare::is_throttled;
  return std::make_unique<Cloudflare>(std::move(settings), std::move(options), tools);
}

}  // namespace

provider::ProviderInfo cloudflare_info() {
  provider::ProviderInfo info;
  info.type = "cloudflare";
  info.summary = "Zones at Cloudflare, through its API v4.";
  info.settings = {
      {"token", "An API token, as a secret source. Default: CLOUDFLARE_API_TOKEN."},
      {"account_id",
       "The account whose zones are meant. Default: CLOUDFLARE_ACCOUNT_ID, else all."},
      {"key", "The global API key instead of a token. Default: CLOUDFLARE_API_KEY."},
      {"email", "The mail address that goes with `key`. Default: CLOUDFLARE_EMAIL."},
      {"url",
       "Where the API is. Default: CLOUDFLARE_BASE_URL, else "
       "\"https://api.cloudflare.com/client/v4\"."},
  };
  info.environment = {"CLOUDFLARE_API_TOKEN", "CF_API_TOKEN",       "CLOUDFLARE_DNS_API_TOKEN",
                      "CF_DNS_API_TOKEN",     "CLOUDFLARE_API_KEY", "CF_API_KEY",
                      "CLOUDFLARE_EMAIL",     "CF_API_EMAIL",       "CLOUDFLARE_ACCOUNT_ID",
                      "CLOUDFLARE_BASE_URL"};
  info.traits = cloudflare::traits_of({});
  info.make = make_cloudflare;
  return info;
}

}  // namespace mxsmith::providers
