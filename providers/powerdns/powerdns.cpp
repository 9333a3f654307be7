#include "providers/powerdns/powerdns.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "providers/powerdns/answers.hpp"
#include "providers/powerdns/patch.hpp"
#include "providers/powerdns/settings.hpp"
#include "providers/powerdns/zone_sets.hpp"

namespace mxsmith::providers {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

plan::Traits powerdns_traits() {
  plan::Traits traits;
  traits.granularity = plan::Granularity::rrset;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::yes;
  // Its SQL backends answer 500 to writes that meet ("database is locked").
  traits.multiple_writers = plan::Support::no;
  traits.max_octets_per_step = powerdns::kMaxOctets;
  traits.step_cost = powerdns::patch_cost();
  // The server stores longer texts than fit in a DNS message beside question and header, and then
  // cannot serve them.
  traits.max_txt_octets = 64000;
  return traits;
}

const std::string& text_of(const Json& object, std::string_view member, const std::string& doing) {
  const Json* value = object.find(member);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no text \"" + std::string(member) + "\"");
}

/// Master and Slave became Primary and Secondary, both are around.
enum class Kind : std::uint8_t { ordinary, secondary, unknown };
Kind kind_of(const std::string& word) {
  const std::string kind = base::to_lower(word);
  if (kind == "native" || kind == "master" || kind == "primary" || kind == "producer") {
    return Kind::ordinary;
  }
  return kind == "slave" || kind == "secondary" || kind == "consumer" ? Kind::secondary
                                                                      : Kind::unknown;
}

/// Ids are made to stand in a URL ("=2F" for a slash) and go there as they are; anything else could
/// lead to another place.
void check_id(const std::string& id) {
  const auto fits = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$&'()*+,;=:@%").find(static_cast<char>(c)) !=
               std::string_view::npos;
  };
  if (!id.empty() && id != "." && id != ".." && std::all_of(id.begin(), id.end(), fits)) return;
  throw Error(ErrorKind::protocol,
              "\"" + base::escape_for_terminal(id) + "\" is not the id of a zone at PowerDNS");
}

class Powerdns final : public provider::Provider {
 public:
  Powerdns(powerdns::Settings settings, http::ChannelOptions options, const provider::Tools& tools)
      : settings_(std::move(settings)),
        channel_(tools.http, std::move(options)),
        secrets_(tools.http.shared_secrets()),
        clock_(tools.clock) {}

  [[nodiscard]] std::string fingerprint() const override { return fingerprint_of(settings_); }
  /// Of the server: whoever has a key may do everything there, so the key makes no difference.
  static std::string fingerprint_of(const powerdns::Settings& settings) {
    return "powerdns:" + base::sha256_hex(settings.api + "\n" + settings.server);
  }

  std::vector<plan::ZoneRef> find(const dns::Name& zone) override {
    std::vector<plan::ZoneRef> found =
        zones("?dnssec=false&zone=" + http::percent_encode(zone.text()),
              "looking for zone " + zone.display());
    // Old servers do not know the question and answer with all zones.
    std::erase_if(found, [&](const plan::ZoneRef& ref) { return ref.name != zone; });
    return found;
  }
  [[nodiscard]] std::vector<std::string> places(const dns::Name&) const override {
    return {settings_.api + path()};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override {
    return zones("?dnssec=false", "listing the zones");
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    return powerdns_traits();
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;

 private:
  [[nodiscard]] std::string path() const {
    return "/servers/" + http::percent_encode(settings_.server) + "/zones";
  }
  [[nodiscard]] std::string path(const plan::ZoneRef& zone) const {
    check_id(zone.id);
    return path() + "/" + zone.id;
  }
  std::vector<plan::ZoneRef> zones(const std::string& query, const std::string& doing);
  plan::ZoneKind checked_kind(const Json& zone, const plan::ZoneRef& ref, const std::string& doing);
  bool is_presigned(const Json& zone, const plan::ZoneRef& ref, const std::string& doing);

  powerdns::Settings settings_;
  http::Channel channel_;
  std::shared_ptr<const http::Secrets> secrets_;
  base::Clock& clock_;
};

/// Without the state of DNSSEC, which the server would have to look up zone by zone; read() sees
/// it.
std::vector<plan::ZoneRef> Powerdns::zones(const std::string& query, const std::string& doing) {
  const http::Response response = channel_.get(path() + query);
  powerdns::check_read(response, doing, *secrets_);
  powerdns::check_json(response, doing);
  const Json answer = http::parse_json_body(response.body, doing);
  if (answer.elements() == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the answer is no list of zones");
  }
  std::vector<plan::ZoneRef> refs;
  refs.reserve(answer.elements()->size());
  for (const Json& zone : *answer.elements()) {
    const auto name = dns::Name::parse_absolute(text_of(zone, "name", doing));
    // A view of a zone is called "example.org..internal", which is no name.
    if (!name) continue;
    const bool ordinary = kind_of(text_of(zone, "kind", doing)) == Kind::ordinary;
    refs.push_back({*name, text_of(zone, "id", doing),
                    ordinary ? plan::ZoneKind::ordinary : plan::ZoneKind::secondary});
  }
  return refs;
}

/// A zone that is signed elsewhere comes with its signatures, and every change would break them.
/// Newer servers say so in the zone; the others in its metadata, which only zones with DNSSEC have
/// to be asked for.
bool Powerdns::is_presigned(const Json& zone, const plan::ZoneRef& ref, const std::string& doing) {
  if (const Json* presigned = zone.find("presigned")) {
    if (const bool* is = presigned->boolean()) return *is;
  }
  const Json* dnssec = zone.find("dnssec");
  if (dnssec == nullptr || dnssec->boolean() == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the answer does not tell whether it has DNSSEC");
  }
  if (!*dnssec->boolean()) return false;
  const std::string asking = doing + ", metadata PRESIGNED";
  const http::Response response = channel_.get(path(ref) + "/metadata/PRESIGNED");
  if (response.status == 404) return false;
  powerdns::check_read(response, asking, *secrets_);
  powerdns::check_json(response, asking);
  const Json answer = http::parse_json_body(response.body, asking);
  const Json* values = answer.find("metadata");
  if (values == nullptr || values->elements() == nullptr) {
    throw Error(ErrorKind::protocol, asking + ": the answer has no array \"metadata\"");
  }
  return std::any_of(values->elements()->begin(), values->elements()->end(), [](const Json& value) {
    return value.string() != nullptr && *value.string() == "1";
  });
}

plan::ZoneKind Powerdns::checked_kind(const Json& zone, const plan::ZoneRef& ref,
                                      const std::string& doing) {
  const auto name = dns::Name::parse_absolute(text_of(zone, "name", doing));
  if (!name || *name != ref.name) {
    throw Error(ErrorKind::protocol, doing + ": the server answered with another zone");
  }
  const std::string& word = text_of(zone, "kind", doing);
  switch (kind_of(word)) {
    case Kind::secondary: return plan::ZoneKind::secondary;
    case Kind::unknown:
      throw Error(
          ErrorKind::unsupported,
          doing + ": zones of the kind " + base::escape_for_terminal(word) + " are not known here");
    case Kind::ordinary: break;
  }
  return is_presigned(zone, ref, doing) ? plan::ZoneKind::presigned : plan::ZoneKind::ordinary;
}

plan::LiveZone Powerdns::read(const plan::ZoneRef& zone) {
  const std::string doing = "reading zone " + zone.name.display();
  http::Response response = channel_.get(path(zone));
  powerdns::check_read(response, doing, *secrets_);
  powerdns::check_json(response, doing);
  powerdns::SetReader reader(zone.name);
  const Json answer = http::parse_json_elements(
      std::move(response.body), "rrsets", [&](Json&& rrset) { reader.add(rrset); }, doing);
  plan::ZoneRef ref = zone;
  ref.kind = checked_kind(answer, zone, doing);
  plan::LiveZone live(std::move(ref));
  std::vector<plan::LiveSet> sets = reader.take_sets();
  live.reserve(sets.size());
  for (auto& set : sets) live.add(std::move(set));
  if (const Json* serial = answer.find("serial"); serial != nullptr && serial->integer()) {
    live.version = "serial " + std::to_string(*serial->integer());
  }
  live.native = reader.take_memory();
  live.read_at = clock_.now();
  return live;
}

provider::Pending Powerdns::apply(const plan::LiveZone& live, const provider::Step& step) {
  const std::string doing = "changing zone " + live.apex().display();
  if (live.ref().kind != plan::ZoneKind::ordinary) {
    const bool secondary = live.ref().kind == plan::ZoneKind::secondary;
    throw Error(ErrorKind::unsupported,
                doing + ": it is " +
                    (secondary ? "a copy of a zone at another server" : "signed elsewhere") +
                    ", and a change here would not last");
  }
  std::string body = powerdns::print_patch(live, step);
  if (body.empty()) return {};
  const http::Response response =
      channel_.send(http::Method::patch, http::Intent::write, path(live.ref()), std::move(body),
                    {{"Content-Type", "application/json"}});
  powerdns::check_write(response, doing, step.changes, *secrets_);
  return {};
}

std::unique_ptr<provider::Provider> make_powerdns(const base::Account& account,
                                                  const provider::Tools& tools) {
  powerdns::Settings settings = powerdns::parse_settings(account);
  const base::Secret key = base::resolve_secret(settings.api_key);
  if (key.reveal().empty()) {
    throw Error(ErrorKind::auth, "the API key of account " + account.name + ", from " +
                                     base::describe_secret(settings.api_key) + ", is empty");
  }
  tools.http.secrets().add(key.reveal());
  http::ChannelOptions options;
  options.base_url = settings.api;
  // Without Accept some errors come as plain text.
  options.headers = {{"X-API-Key", key.reveal()}, {"Accept", "application/json"}};
  options.budgets = {{Powerdns::fingerprint_of(settings), {}}};
  options.ca_file = settings.ca_file;
  return std::make_unique<Powerdns>(std::move(settings), std::move(options), tools);
}

}  // namespace

provider::ProviderInfo powerdns_info() {
  provider::ProviderInfo info;
  info.type = "powerdns";
  info.summary = "Zones of a PowerDNS Authoritative Server, through its HTTP API.";
  info.settings = {
      {"url",
       "Where the API is, \"http://127.0.0.1:8081\"; /api/v1 may follow. Default: "
       "PDNS_API_URL."},
      {"api_key", "The API key, as a secret source. Default: PDNS_API_KEY."},
      {"server", "The server's name in the API. Default: PDNS_SERVER_NAME, else \"localhost\"."},
      {"ca_file", "PEM file of certification authorities to trust instead of the system's."},
  };
  info.environment = {"PDNS_API_URL", "PDNS_API_KEY", "PDNS_SERVER_NAME"};
  info.traits = powerdns_traits();
  info.make = make_powerdns;
  return info;
}

}  // namespace mxsmith::providers
