#include "providers/digitalocean/digitalocean.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "http/paging.hpp"
#include "providers/digitalocean/answers.hpp"
#include "providers/digitalocean/records.hpp"
#include "providers/digitalocean/settings.hpp"

namespace mxsmith::providers {

namespace {

using base::Error;
using base::ErrorKind;
using digitalocean::Doing;
using http::Intent;
using http::Json;
using http::Method;
using provider::AccountCheck;

/// The most that a page may hold.
constexpr int kPage = 200;
/// How many zones check() names.
constexpr std::size_t kNamed = 20;

plan::Traits digitalocean_traits() {
  plan::Traits traits;
  traits.granularity = plan::Granularity::record;
  traits.update_in_place = plan::Support::yes;
  traits.null_mx = plan::Support::no;
  traits.apex_ns = plan::Support::yes;
  traits.types = {dns::Type::A,  dns::Type::AAAA, dns::Type::CAA, dns::Type::CNAME,
                  dns::Type::MX, dns::Type::NS,   dns::Type::SRV, dns::Type::TXT};
  traits.min_ttl = 30;
  // The server counts a text as a zone file spells it, at most 509 octets: two strings of 255 with
  // four quotes and a blank, and what stands in them as itself.
  traits.min_txt_octets = 1;
  traits.max_txt_octets = 504;
  traits.txt_octets = plan::TxtOctets::printable_ascii;
  traits.txt_without = "\"\\";
  traits.caa_parameters = plan::Support::no;
  // Every record is a request; a signal is heeded between steps.
  traits.max_changes_per_step = 20;
  traits.multiple_writers = plan::Support::yes;
  // A proxy that gives up does not stop what stands behind it.
  traits.settle_after = base::Seconds(10);
  return traits;
}

std::string label_of(const dns::Name& zone) {
  std::string text = zone.text();
  text.pop_back();
  return text;
}

/// How many there are on all pages, as this page tells.
std::size_t total_of(const Json& page, const std::string& doing) {
  const Json* total = digitalocean::object_of(page, "meta", doing).find("total");
  const std::int64_t* count = total == nullptr ? nullptr : total->integer();
  if (count != nullptr && *count >= 0) return static_cast<std::size_t>(*count);
  throw Error(ErrorKind::protocol, doing + ": the answer does not tell how many there are");
}

bool has_next(const Json& page) {
  const Json* links = page.find("links");
  const Json* pages = links == nullptr ? nullptr : links->find("pages");
  return pages != nullptr && pages->find("next") != nullptr && !pages->find("next")->is_null();
}

class Digitalocean final : public provider::RecordApi {
 public:
  Digitalocean(digitalocean::Settings settings, http::ChannelOptions options,
               const provider::Tools& tools)
      : settings_(std::move(settings)),
        channel_(tools.http, std::move(options)),
        secrets_(tools.http.shared_secrets()) {}

  /// Of the service: a zone's name is there but once, whoever's token is used, and tokens change.
  [[nodiscard]] std::string fingerprint() const override {
    return "digitalocean:" + base::sha256_hex(settings_.api);
  }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override;
  [[nodiscard]] std::vector<std::string> places(const dns::Name&) const override {
    return {settings_.api + "/v2/domains"};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override;
  AccountCheck check_account();
  std::optional<AccountCheck> check() override { return check_account(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    return digitalocean_traits();
  }
  std::vector<Record> records(const plan::ZoneRef& zone) override;
  void create(const plan::ZoneRef& zone, const Record& record) override {
    write(Method::post, 201, zone, record);
  }
  void update(const plan::ZoneRef& zone, const Record& record) override {
    write(Method::put, 200, zone, record);
  }
  void remove(const plan::ZoneRef& zone, const Record& record) override {
    write(Method::remove, 204, zone, record);
  }

 private:
  using Reader = std::function<std::string(const Json&)>;
  void each_element(const std::string& target, std::string_view member, const std::string& words,
                    const Reader& read);
  void write(Method method, int success, const plan::ZoneRef& zone, const Record& record);
  static std::string path(const plan::ZoneRef& zone) {
    return "/v2/domains/" + http::percent_encode(label_of(zone.name)) + "/records";
  }

  digitalocean::Settings settings_;
  http::Channel channel_;
  std::shared_ptr<const http::Secrets> secrets_;
};

/// Walks over all pages. `read` gives what makes an element one of its own, its id or its name.
void Digitalocean::each_element(const std::string& target, std::string_view member,
                                const std::string& words, const Reader& read) {
  const Doing doing{words, Intent::read, {}};
  http::Once once(words);
  const auto page_target = [&](int page) {
    return target + "?page=" + std::to_string(page) + "&per_page=" + std::to_string(kPage);
  };
  int number = 1;
  std::optional<std::size_t> total;  // the same on every page
  http::each_page(
      channel_, page_target(number), words,
      [&](http::Response&& page) -> std::optional<std::string> {
        digitalocean::expect(page, 200, doing, *secrets_);
        digitalocean::expect_json(page, doing);
        const Json rest = http::parse_json_elements(
            std::move(page.body), member, [&](Json&& element) { once.add(read(element)); }, words);
        const std::size_t counted = total_of(rest, words);
        if (total && *total != counted) {
          throw Error(ErrorKind::unavailable, words + ": something changed while it was read");
        }
        total = counted;
        if (has_next(rest)) return page_target(++number);
        once.check_total(counted);
        return std::nullopt;
      });
}

std::vector<plan::ZoneRef> Digitalocean::find(const dns::Name& zone) {
  const Doing doing{"looking for zone " + zone.display(), Intent::read, {}};
  const std::string label = label_of(zone);
  if (label.empty()) return {};
  const http::Response response = channel_.get("/v2/domains/" + http::percent_encode(label));
  if (digitalocean::says_not_found(response)) return {};
  digitalocean::expect(response, 200, doing, *secrets_);
  digitalocean::expect_json(response, doing);
  const Json answer = http::parse_json_body(response.body, doing.words);
  const Json& domain = digitalocean::object_of(answer, "domain", doing.words);
  const auto name = dns::Name::parse_absolute(digitalocean::text_of(domain, "name", doing.words));
  if (!name || *name != zone) {
    throw Error(ErrorKind::protocol, doing.words + ": the server answered with another zone");
  }
  return {{zone, label, plan::ZoneKind::ordinary}};
}

std::optional<std::vector<plan::ZoneRef>> Digitalocean::list() {
  const std::string words = "listing the zones";
  std::vector<plan::ZoneRef> zones;
  each_element("/v2/domains", "domains", words, [&](const Json& domain) {
    const std::string& text = digitalocean::text_of(domain, "name", words);
    const auto name = dns::Name::parse_absolute(text);
    if (name) zones.push_back({*name, label_of(*name), plan::ZoneKind::ordinary});
    return text;
  });
  return zones;
}

AccountCheck Digitalocean::check_account() {
  using Line = AccountCheck::Line;
  const std::vector<plan::ZoneRef> zones = *list();
  std::vector<std::string> names;
  for (const auto& zone : zones) {
    if (names.size() < kNamed) names.push_back(zone.name.display());
  }
  const std::size_t more = zones.size() - names.size();
  AccountCheck check;
  check.lines.push_back({Line::Result::good, "the token is accepted and may read zones", {}});
  if (zones.empty()) {
    check.lines.push_back(
        {Line::Result::doubtful, "it sees no zones", "is it a token of the team that has them?"});
  } else {
    check.lines.push_back({Line::Result::good,
                           "it sees " + base::counted(zones.size(), "zone") + ": " +
                               base::join(names, ", ") +
                               (more == 0 ? "" : " and " + std::to_string(more) + " more"),
                           {}});
  }
  check.lines.push_back({Line::Result::doubtful,
                         "whether it may change records does not show without changing one",
                         "a token with custom scopes needs domain:read and domain:update"});
  return check;
}

std::vector<provider::RecordApi::Record> Digitalocean::records(const plan::ZoneRef& zone) {
  const std::string words = "reading zone " + zone.name.display();
  std::vector<Record> records;
  each_element(path(zone), "domain_records", words, [&](const Json& element) {
    const Json* id = element.find("id");
    if (id == nullptr || id->integer() == nullptr) {
      throw Error(ErrorKind::protocol, words + ": a record of the answer has no id");
    }
    if (!digitalocean::is_soa(element)) {
      records.push_back(digitalocean::read_record(element, zone.name));
    }
    return std::to_string(*id->integer());
  });
  return records;
}

void Digitalocean::write(Method method, int success, const plan::ZoneRef& zone,
                         const Record& record) {
  const bool is_new = method == Method::post;
  const std::string verb = is_new                     ? "creating "
                           : method == Method::remove ? "deleting "
                                                      : "changing ";
  const Doing doing{verb + record.key.text(), Intent::write, record.key.text()};
  if (!is_new && record.id.empty()) {
    throw Error(ErrorKind::protocol, doing.words + ": the record has no id").about(doing.key);
  }
  if (!record.foreign.empty()) {
    throw Error(ErrorKind::unsupported, doing.words + ": the set belongs to " + record.foreign)
        .about(doing.key);
  }
  std::string body;
  http::Headers headers;
  if (method != Method::remove) {
    body = digitalocean::print_record(record, zone.name);
    headers.add("Content-Type", "application/json");
  }
  const std::string target = path(zone) + (is_new ? "" : "/" + http::percent_encode(record.id));
  digitalocean::expect(channel_.send(method, Intent::write, target, std::move(body), headers),
                       success, doing, *secrets_);
}

/// 5,000 requests an hour and 250 a minute for each token. The server counts over the last hour
/// and tells with each answer what is left, which no bucket exceeds.
std::vector<http::Budget> budgets_of(const std::string& token) {
  const std::string name = "digitalocean:" + base::sha256_hex(token);
  return {{name + ":minute", {125.0 / 60, 125}, http::Budget::Of::all},
          {name + ":hour", {5000.0 / 3600, 5000}, http::Budget::Of::all}};
}

std::unique_ptr<provider::Provider> make_digitalocean(const base::Account& account,
                                                      const provider::Tools& tools) {
  digitalocean::Settings settings = digitalocean::parse_settings(account);
  const base::Secret token = base::resolve_secret(settings.token);
  if (token.reveal().empty()) {
    throw Error(ErrorKind::auth, "the token of account " + account.name + ", from " +
                                     base::describe_secret(settings.token) + ", is empty");
  }
  tools.http.secrets().add(token.reveal());
  http::ChannelOptions options;
  options.base_url = settings.api;
  options.headers = {{"Authorization", "Bearer " + token.reveal()}, {"Accept", "application/json"}};
  options.budgets = budgets_of(token.reveal());
  return provider::by_record(
      std::make_unique<Digitalocean>(std::move(settings), std::move(options), tools));
}

}  // namespace

provider::ProviderInfo digitalocean_info() {
  provider::ProviderInfo info;
  info.type = "digitalocean";
  info.summary = "Zones at DigitalOcean, through its API.";
  info.settings = {
      {"token",
       "A personal access token, as a secret source. Default: DIGITALOCEAN_TOKEN, "
       "DIGITALOCEAN_ACCESS_TOKEN or DO_AUTH_TOKEN."},
      {"url", "Where the API is. Default: DO_API_URL, else \"https://api.digitalocean.com\"."},
  };
  info.environment = {"DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DO_AUTH_TOKEN",
                      "DO_API_URL"};
  info.traits = digitalocean_traits();
  info.make = make_digitalocean;
  return info;
}

}  // namespace mxsmith::providers
