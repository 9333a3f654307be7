#include "providers/route53/route53.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/paging.hpp"
#include "providers/route53/answers.hpp"
#include "providers/route53/batch.hpp"
#include "providers/route53/credentials.hpp"
#include "providers/route53/hosted_zones.hpp"
#include "providers/route53/set_pages.hpp"
#include "providers/route53/settings.hpp"

namespace mxsmith::providers {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using provider::AccountCheck;
using route53::Element;
using route53::HostedZone;

plan::Traits route53_traits() {
  plan::Traits traits;
  traits.granularity = plan::Granularity::rrset;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::yes;
  for (const char* type : {"A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR",
                           "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"}) {
    traits.types.push_back(*dns::parse_type(type));
  }
  // With quotes around each 255 octets and blanks between them, 4000 signs.
  traits.max_txt_octets = 3953;
  traits.max_values_per_step = route53::kMostRecords;
  traits.max_octets_per_step = route53::kMostSigns;
  traits.step_cost = route53::batch_cost();
  traits.multiple_writers = plan::Support::yes;
  traits.settle_after = base::Seconds(5);
  return traits;
}

/// As an account may ask by default since July 2026; what it is told to be slower by, the bucket
/// learns.
constexpr http::Rate kRate{10, 50};

plan::ZoneRef ref_of(const HostedZone& zone) {
  return {zone.name, zone.id, plan::ZoneKind::ordinary};
}

class Route53 final : public provider::Provider {
 public:
  Route53(route53::Settings settings, http::ChannelOptions options, std::string source,
          const provider::Tools& tools)
      : settings_(std::move(settings)),
        channel_(tools.http, std::move(options)),
        secrets_(tools.http.shared_secrets()),
        clock_(tools.clock),
        source_(std::move(source)),
        zones_(settings_, channel_, *secrets_) {}

  /// Ids of hosted zones are unique within all of Route 53, and keys come and go; so the endpoint
  /// says enough.
  [[nodiscard]] std::string fingerprint() const override {
    return "route53:" + base::sha256_hex(settings_.url);
  }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override;
  [[nodiscard]] std::vector<std::string> places(const dns::Name&) const override {
    return {settings_.url};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override;
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    return route53_traits();
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;
  bool done(const plan::ZoneRef& zone, const provider::Pending& pending) override;
  AccountCheck check() override;

 private:
  static std::string rrsets_of(const plan::ZoneRef& zone) {
    route53::check_id(zone.id);
    return "/hostedzone/" + zone.id + "/rrset";
  }
  void check_reading(const HostedZone& zone, AccountCheck& found);
  void check_changes(AccountCheck& found);

  route53::Settings settings_;
  http::Channel channel_;
  std::shared_ptr<const http::Secrets> secrets_;
  base::Clock& clock_;
  std::string source_;  ///< Of the credentials, in words.
  route53::HostedZones zones_;
};

/// Zones of other services, Cloud Map say, cannot be changed by anybody else.
std::vector<plan::ZoneRef> Route53::find(const dns::Name& zone) {
  std::vector<HostedZone> found = zones_.named(zone);
  const HostedZone* other = nullptr;
  std::vector<plan::ZoneRef> refs;
  for (const HostedZone& one : found) {
    if (one.service.empty()) {
      refs.push_back(ref_of(one));
    } else {
      other = &one;
    }
  }
  if (!refs.empty() || other == nullptr) return refs;
  throw Error(ErrorKind::unsupported,
              "hosted zone " + other->id + " of " + zone.display() + " belongs to " +
                  base::escape_for_terminal(other->service) + ", which alone can change it");
}

std::optional<std::vector<plan::ZoneRef>> Route53::list() {
  std::vector<plan::ZoneRef> refs;
  for (const HostedZone& zone : zones_.all()) {
    if (zone.service.empty()) refs.push_back(ref_of(zone));
  }
  return refs;
}

plan::LiveZone Route53::read(const plan::ZoneRef& zone) {
  const std::string doing = "reading zone " + zone.name.display();
  route53::SetPages pages(zone, rrsets_of(zone), doing);
  http::each_page(channel_, pages.first(), doing, [&](http::Response&& page) {
    return pages.take(
        route53::check_read(page, "ListResourceRecordSetsResponse", doing, *secrets_));
  });
  plan::LiveZone live = pages.zone();
  live.read_at = clock_.now();
  return live;
}

provider::Pending Route53::apply(const plan::LiveZone& live, const provider::Step& step) {
  const std::string doing = "changing zone " + live.apex().display();
  const std::string body = route53::print_batch(live, step);
  if (body.empty()) return {};
  const http::Response response =
      channel_.send(http::Method::post, http::Intent::write, rrsets_of(live.ref()) + "/", body,
                    {{"Content-Type", "application/xml"}});
  const Element root = route53::check_write(response, doing, step.changes, *secrets_);
  const Element* info = root.find("ChangeInfo");
  std::string id = info == nullptr ? std::string() : info->text_of("Id");
  constexpr std::string_view kPrefix = "/change/";
  if (id.starts_with(kPrefix)) id.erase(0, kPrefix.size());
  try {
    route53::check_id(id);
  } catch (const Error& error) {
    throw Error(error.kind(), doing + ": the change has no id: " + error.what(), Effect::unknown);
  }
  // Accepted, and on its way to the name servers.
  if (info->text_of("Status") == "INSYNC") return {};
  return {id};
}

/// Whoever may not ask cannot know; the change was accepted all the same, and is read back.
bool Route53::done(const plan::ZoneRef& zone, const provider::Pending& pending) {
  if (pending.done()) return true;
  const std::string doing = "waiting for a change of zone " + zone.name.display();
  try {
    const http::Response response = channel_.get("/change/" + pending.token);
    if (response.status == 403 && route53::refusal_of(response).code == "AccessDenied") return true;
    const Element root = route53::check_read(response, "GetChangeResponse", doing, *secrets_);
    const Element* info = root.find("ChangeInfo");
    const std::string status = info == nullptr ? std::string() : info->text_of("Status");
    if (status == "INSYNC" || status == "PENDING") return status == "INSYNC";
    throw Error(ErrorKind::protocol, doing + ": the change is neither PENDING nor INSYNC");
  } catch (const Error& error) {
    Error told(error.kind(), error.what(), Effect::unknown);
    throw told.with_hint(error.hint()).with_request_id(error.request_id());
  }
}

void Route53::check_reading(const HostedZone& zone, AccountCheck& found) {
  const std::string doing = "reading zone " + zone.name.display();
  const http::Response response = channel_.get(rrsets_of(ref_of(zone)) + "?maxitems=1");
  AccountCheck::Line line;
  try {
    route53::check_read(response, "ListResourceRecordSetsResponse", doing, *secrets_);
    line.text = "it may read " + zone.name.display();
  } catch (const Error& error) {
    if (response.status != 403) throw;
    line = {AccountCheck::Line::Result::bad, error.what(), error.hint()};
  }
  found.lines.push_back(std::move(line));
}

/// Asks for a change that never was: whoever may ask hears that it is not there.
void Route53::check_changes(AccountCheck& found) {
  const http::Response response = channel_.get("/change/C00000000000000000000");
  AccountCheck::Line line;
  line.text = "it may follow changes until all name servers have them";
  if (response.status == 403) {
    line = {AccountCheck::Line::Result::doubtful,
            "it may not follow changes until all name servers have them",
            "grant route53:GetChange on arn:aws:route53:::change/*"};
  } else if (response.status != 404 && response.status != 200) {
    route53::check_read(response, "GetChangeResponse", "asking for a change", *secrets_);
  }
  found.lines.push_back(std::move(line));
}

AccountCheck Route53::check() {
  const std::vector<HostedZone> zones = zones_.all();
  std::size_t others = 0;
  for (const HostedZone& zone : zones) others += zone.service.empty() ? 0 : 1;
  AccountCheck found;
  AccountCheck::Line line;
  line.text = "credentials from " + base::escape_for_terminal(source_) + " are taken";
  found.lines.push_back(line);
  line.text = "it sees " + base::counted(zones.size() - others, "zone");
  if (others != 0) line.text += ", and " + std::to_string(others) + " of other AWS services";
  if (zones.size() == others) {
    line.result = AccountCheck::Line::Result::doubtful;
    line.hint = "look at `zones` and `zone_ids`, and which AWS account the credentials are for";
  }
  found.lines.push_back(line);
  const auto own = std::find_if(zones.begin(), zones.end(),
                                [](const HostedZone& zone) { return zone.service.empty(); });
  if (own != zones.end()) check_reading(*own, found);
  check_changes(found);
  return found;
}

std::unique_ptr<provider::Provider> make_route53(const base::Account& account,
                                                 const provider::Tools& tools) {
  route53::Settings settings = route53::parse_settings(account);
  const route53::CredentialSource source = route53::choose_source(
      settings, {tools.http, tools.clock, settings.ca_file, settings.partition});
  const std::string whose =
      "route53:" + base::sha256_hex(settings.url + "\n" + source.identity + "\n" + source.words);
  const auto signer = std::dynamic_pointer_cast<http::SigV4Authorizer>(
      tools.http.authorizer(whose, [&]() -> std::shared_ptr<http::Authorizer> {
        return std::make_shared<http::SigV4Authorizer>(
            tools.clock, tools.http.secrets(),
            http::SigV4Scope{std::string(settings.partition.region), "route53"}, source.fetch);
      }));
  http::ChannelOptions options;
  options.base_url = settings.url + "/2013-04-01";
  options.headers = {{"Accept", "text/xml"}};
  options.budgets = {{whose, kRate}};
  options.authorizer = signer;
  options.throttled = [signer](const http::Response& response) {
    return route53::is_worth_another_try(response, *signer);
  };
  options.ca_file = settings.ca_file;
  return std::make_unique<Route53>(std::move(settings), std::move(options), source.words, tools);
}

}  // namespace

provider::ProviderInfo route53_info() {
  provider::ProviderInfo info;
  info.type = "route53";
  info.summary = "Hosted zones of Amazon Route 53.";
  info.settings = {
      {"profile", "Profile of AWS's configuration files. Default: AWS_PROFILE, else \"default\"."},
      {"access_key_id", "Access key. Default: AWS's own places, see providers/route53/README.md."},
      {"secret_access_key", "The secret to it, as a secret source."},
      {"session_token", "The token of a session that the key belongs to, as a secret source."},
      {"role_arn", "Role to take on with the credentials."},
      {"external_id", "External id that the role demands."},
      {"zones", "\"public\" or \"private\": which zones are meant where several have one name."},
      {"zone_ids", "Ids of the only hosted zones that are meant."},
      {"partition", "aws, aws-cn, aws-us-gov or aws-eusc. Default: aws."},
      {"url", "Where the API is. Default: AWS_ENDPOINT_URL_ROUTE_53, AWS_ENDPOINT_URL, else AWS."},
      {"ca_file", "PEM file of certification authorities to trust instead of the system's."},
  };
  info.environment = {"AWS_ACCESS_KEY_ID",
                      "AWS_SECRET_ACCESS_KEY",
                      "AWS_SESSION_TOKEN",
                      "AWS_PROFILE",
                      "AWS_CONFIG_FILE",
                      "AWS_SHARED_CREDENTIALS_FILE",
                      "AWS_WEB_IDENTITY_TOKEN_FILE",
                      "AWS_ROLE_ARN",
                      "AWS_ROLE_SESSION_NAME",
                      "AWS_REGION",
                      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                      "AWS_EC2_METADATA_DISABLED",
                      "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                      "AWS_ENDPOINT_URL",
                      "AWS_ENDPOINT_URL_ROUTE_53",
                      "AWS_ENDPOINT_URL_STS"};
  info.traits = route53_traits();
  info.make = make_route53;
  return info;
}

}  // namespace mxsmith::providers
