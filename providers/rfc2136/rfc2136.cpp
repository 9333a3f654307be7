#include "providers/rfc2136/rfc2136.hpp"

#include <utility>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/rfc2136/awaited.hpp"
#include "providers/rfc2136/settings.hpp"
#include "providers/rfc2136/step_update.hpp"
#include "providers/rfc2136/zone_records.hpp"
#include "resolve/primary.hpp"

namespace mxsmith::providers {

namespace {

using base::Error;
using base::ErrorKind;
using provider::AccountCheck;
using resolve::Rcode;

/// How long a server may take to sign what it has accepted.
constexpr base::Seconds kSigning{60};

plan::Traits rfc2136_traits() {
  plan::Traits traits;
  traits.granularity = plan::Granularity::rrset;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::yes;
  // PowerDNS on SQL fails writes that meet.
  traits.multiple_writers = plan::Support::no;
  traits.max_octets_per_step = rfc2136::kMaxOctets;
  traits.step_cost = rfc2136::update_cost();
  // A text and the one in its place go into one message.
  traits.max_txt_octets = 30000;
  // A server that has the whole message may still be at it when the connection breaks.
  traits.settle_after = base::Seconds(2);
  return traits;
}

class Rfc2136 final : public provider::Provider {
 public:
  Rfc2136(rfc2136::Settings settings, std::shared_ptr<const resolve::TsigKey> key,
          const provider::Tools& tools)
      : settings_(std::move(settings)),
        clock_(tools.clock),
        primary_({settings_.server, std::move(key), {}, {}, {}}, tools.clock) {}

  /// A key can choose the view of a zone that it sees, so it is part of the account.
  [[nodiscard]] std::string fingerprint() const override {
    return "rfc2136:" + base::sha256_hex(settings_.server.text() + "\n" + settings_.key.text());
  }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override;
  [[nodiscard]] std::vector<std::string> places(const dns::Name&) const override {
    return {"its SOA record at " + settings_.server.text()};
  }
  std::optional<std::vector<plan::ZoneRef>> list() override {
    if (settings_.zones.empty()) return std::nullopt;
    std::vector<plan::ZoneRef> refs;
    for (const auto& zone : settings_.zones) refs.push_back(ref_of(zone));
    return refs;
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    plan::Traits traits = rfc2136_traits();
    traits.types = settings_.types;
    return traits;
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;
  bool done(const plan::ZoneRef& zone, const provider::Pending& pending) override;
  AccountCheck check() override;

 private:
  static plan::ZoneRef ref_of(const dns::Name& zone) {
    return {zone, zone.text(), plan::ZoneKind::ordinary};
  }
  void check_server(AccountCheck& result);
  void check_zone(const dns::Name& zone, AccountCheck& result);

  rfc2136::Settings settings_;
  base::Clock& clock_;
  resolve::Primary primary_;
};

/// DNS has no list of zones: the server is asked for the SOA of that very name.
std::vector<plan::ZoneRef> Rfc2136::find(const dns::Name& zone) {
  const resolve::Answer answer = primary_.query(zone, dns::Type::SOA);
  for (const auto& record : answer.records) {
    const bool soa = record.type == dns::Type::SOA && record.owner == zone;
    if (soa && answer.ok() && answer.authoritative) return {ref_of(zone)};
  }
  // Servers refuse questions about zones that they do not have, some without looking at the key.
  const bool without_zone = answer.rcode == Rcode::noerror || answer.rcode == Rcode::nxdomain ||
                            answer.rcode == Rcode::refused ||
                            (answer.rcode == Rcode::notauth && answer.authentic);
  if (without_zone && answer.tsig_error == Rcode::noerror) return {};
  throw resolve::refusal(answer, "looking for zone " + zone.display());
}

plan::LiveZone Rfc2136::read(const plan::ZoneRef& zone) {
  const std::string doing = "reading zone " + zone.name.display() + " by AXFR";
  resolve::Answer answer = primary_.transfer(zone.name);
  if (!answer.ok()) throw resolve::refusal(answer, doing);
  const auto soa = dns::from_wire(dns::Type::SOA, answer.records.front().rdata);
  plan::LiveZone live = rfc2136::live_zone(zone, std::move(answer.records));
  if (soa.ok()) live.version = "serial " + std::to_string(std::get<dns::Soa>(*soa).serial);
  live.read_at = clock_.now();
  return live;
}

/// What an answer that is not signed says may be a lie.
base::Effect effect_of(const resolve::Answer& answer) {
  const bool certain = answer.authentic && answer.rcode != Rcode::servfail;
  return certain ? base::Effect::none : base::Effect::unknown;
}

provider::Pending Rfc2136::apply(const plan::LiveZone& live, const provider::Step& step) {
  const std::string doing = "changing zone " + live.apex().display() + " by UPDATE";
  const resolve::Update update = rfc2136::step_update(live, step);
  if (update.updates.empty()) return {};
  const resolve::Answer answer = primary_.update(update);
  if (answer.ok()) {
    const auto& memory = dynamic_cast<const rfc2136::ZoneMemory&>(*live.native);
    if (!memory.is_signed) return {};
    return {rfc2136::print_awaited(step.changes, clock_.now() + kSigning)};
  }
  const Error refused = resolve::refusal(answer, doing);
  Error error(refused.kind(), refused.what(), effect_of(answer));
  error.with_hint(refused.hint());
  if (step.changes.size() == 1) error.about(step.changes.front().key.text());
  throw error;
}

bool Rfc2136::done(const plan::ZoneRef& zone, const provider::Pending& pending) {
  try {
    return rfc2136::is_over(pending.token, read(zone), clock_.now());
  } catch (const Error& error) {
    // The server has taken the step, whatever became of this look.
    throw Error(error.kind(), error.what(), base::Effect::unknown).with_hint(error.hint());
  }
}

AccountCheck Rfc2136::check() {
  AccountCheck result;
  if (settings_.zones.empty()) {
    check_server(result);
  } else {
    for (const auto& zone : settings_.zones) check_zone(zone, result);
  }
  return result;
}

using Result = AccountCheck::Line::Result;

/// Of a zone that it does not have, not every server looks at the signature.
void Rfc2136::check_server(AccountCheck& result) {
  const resolve::Answer answer = primary_.query(dns::Name(), dns::Type::SOA);
  const std::string key = "the key " + settings_.key.display();
  const char* const name_zones = "name zones in `zones`: DNS cannot list them";
  if (answer.authentic) {
    result.lines.push_back({Result::good, "the server accepts " + key, {}});
  } else if (answer.tsig_error != Rcode::noerror) {
    const Error error = resolve::refusal(answer, key);
    result.lines.push_back({Result::bad, error.what(), error.hint()});
  } else {
    result.lines.push_back({Result::doubtful, "the server says nothing of " + key, name_zones});
  }
  result.lines.push_back(
      {Result::doubtful, "which zones may be read and changed is not known", name_zones});
}

/// Whether the zone can be read, and whether an update that changes nothing is accepted.
void Rfc2136::check_zone(const dns::Name& zone, AccountCheck& result) {
  const auto told = [&](const resolve::Answer& answer, const std::string& good,
                        const std::string& doing) {
    if (answer.ok()) {
      result.lines.push_back({Result::good, zone.display() + ": " + good, {}});
      return;
    }
    const Error error = resolve::refusal(answer, zone.display() + ": " + doing);
    result.lines.push_back({Result::bad, error.what(), error.hint()});
  };
  const resolve::Answer transfer = primary_.transfer(zone);
  told(transfer, base::counted(transfer.records.size(), "record") + " can be read", "AXFR");
  told(primary_.probe(zone), "an UPDATE that changes nothing is accepted", "UPDATE");
}

std::shared_ptr<const resolve::TsigKey> key_of(const rfc2136::Settings& settings,
                                               const base::Account& account,
                                               const provider::Tools& tools) {
  const base::Secret text = base::resolve_secret(settings.secret);
  tools.http.secrets().add(text.reveal());
  auto octets = base::parse_base64(text.reveal());
  if (!octets || octets->empty()) {
    throw Error(ErrorKind::auth, "the TSIG secret of account " + account.name + ", from " +
                                     base::describe_secret(settings.secret) + ", is not base64")
        .with_hint("take what stands after `secret` in the server's key file, without quotes");
  }
  tools.http.secrets().add(*octets);
  return std::make_shared<const resolve::TsigKey>(
      resolve::TsigKey{settings.key, settings.algorithm, base::Secret(std::move(*octets))});
}

std::unique_ptr<provider::Provider> make_rfc2136(const base::Account& account,
                                                 const provider::Tools& tools) {
  rfc2136::Settings settings = rfc2136::parse_settings(account);
  auto key = key_of(settings, account, tools);
  return std::make_unique<Rfc2136>(std::move(settings), std::move(key), tools);
}

}  // namespace

provider::ProviderInfo rfc2136_info() {
  provider::ProviderInfo info;
  info.type = "rfc2136";
  info.summary = "Zones of BIND, Knot DNS, PowerDNS and others, by AXFR and DNS UPDATE with TSIG.";
  info.settings = {
      {"server",
       "The zones' primary server, host:port; port 53 unless given. Default: "
       "RFC2136_NAMESERVER."},
      {"key_name", "Name of the TSIG key. Default: RFC2136_TSIG_KEY."},
      {"algorithm", "Of the key; hmac-sha256 unless given. Default: RFC2136_TSIG_ALGORITHM."},
      {"secret", "The key's secret in base64, as a secret source. Default: RFC2136_TSIG_SECRET."},
      {"zones", "Zones that the key may change, for listing and checking; DNS cannot list them."},
      {"types", "Record types that the server stores, where it does not store all."},
  };
  info.environment = {"RFC2136_NAMESERVER", "RFC2136_TSIG_KEY", "RFC2136_TSIG_ALGORITHM",
                      "RFC2136_TSIG_SECRET"};
  info.traits = rfc2136_traits();
  info.make = make_rfc2136;
  return info;
}

}  // namespace mxsmith::providers
