// DNS UPDATE at three real servers. The provider reaches each through a relay that can refuse,
// lose and count what it writes; the tests go to the server itself, by ldns.
#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "conformance/dns_client.hpp"
#include "conformance/rfc2136_servers.hpp"
#include "conformance/subject.hpp"
#include "providers/rfc2136/rfc2136.hpp"
#include "support/dns_stub.hpp"
#include "support/process.hpp"
#include "support/update_servers.hpp"

namespace mxsmith::conformance {

namespace {

using Deed = DnsClient::Deed;
using Peer = tests::DnsStub::Peer;

/// What happens to a request between provider and server.
enum class Fate : std::uint8_t { arrives, refused, lost, answer_lost };

/// One server with its relay for all cases of a process: starting it takes longer than most.
class Site {
 public:
  explicit Site(std::unique_ptr<tests::UpdateServer> server)
      : server_(std::move(server)), relay_([this](Peer& peer) { relay(peer); }) {}

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::uint16_t relay_port() const { return relay_.port(); }

  void next_write(std::size_t nth, Fate fate) {
    const std::lock_guard hold(mutex_);
    fates_[{true, writes_ + nth}] = fate;
  }
  void reads_from(std::size_t nth, std::size_t count) {
    const std::lock_guard hold(mutex_);
    for (std::size_t i = 0; i < count; ++i) fates_[{false, reads_ + nth + i}] = Fate::lost;
  }
  void heal() {
    const std::lock_guard hold(mutex_);
    fates_.clear();
  }
  [[nodiscard]] std::size_t writes() {
    const std::lock_guard hold(mutex_);
    return writes_;
  }

 private:
  Fate fate_of(bool write) {
    const std::lock_guard hold(mutex_);
    const std::size_t number = ++(write ? writes_ : reads_);
    const auto found = fates_.find({write, number});
    return found == fates_.end() ? Fate::arrives : found->second;
  }

  void relay(Peer& client) {
    const std::string request = client.receive();
    const bool update = (static_cast<unsigned char>(request[2]) >> 3 & 0xf) == 5;
    const Fate fate = fate_of(update);
    if (fate == Fate::lost) return;
    if (fate == Fate::refused) {
      std::string answer = request.substr(0, 4) + std::string(8, '\0');
      answer[2] = static_cast<char>(static_cast<unsigned char>(answer[2]) | 0x80);
      answer[3] = 5;
      return client.send(answer);
    }
    Peer server(Peer::connect(server_->port()), client.stop());
    server.send(request);
    if (fate == Fate::answer_lost) {
      server.receive();
      return;
    }
    client.pass_on(server);
  }

  std::mutex mutex_;
  std::map<std::pair<bool, std::size_t>, Fate> fates_;
  std::size_t writes_ = 0;
  std::size_t reads_ = 0;
  std::unique_ptr<tests::UpdateServer> server_;
  tests::DnsStub relay_;
};

const std::vector<std::string>& zones() {
  static const std::vector<std::string> kZones = {"example.com", "one.example", "two.example",
                                                  "three.example", "four.example"};
  return kZones;
}

/// What is particular about a server.
struct Brand {
  std::string name;
  std::string tag;
  Site& (*site)();
  std::string settings;  ///< Further lines of the account.
};

class SiteFaults final : public Faults {
 public:
  explicit SiteFaults(Site& (*site)()) : site_(site) {}
  void refuse_write(std::size_t write) override { site_().next_write(write, Fate::refused); }
  void lose_write(std::size_t write, Done done) override {
    site_().next_write(write, done == Done::yes ? Fate::answer_lost : Fate::lost);
  }
  void fail_read(std::size_t read) override {
    constexpr std::size_t kTries = 20;  // every try has to fail
    site_().reads_from(read, kTries);
  }
  void heal() override { site_().heal(); }

 private:
  Site& (*site_)();
};

/// Signatures need the time of day that the server has; waiting is as short as the tests' clock has
/// it.
class TimeOfDay final : public base::Clock {
 public:
  explicit TimeOfDay(base::Clock& inner) : inner_(inner) {}
  [[nodiscard]] base::Instant now() const override { return base::SystemClock().now(); }
  void sleep_until(base::Instant when) override { inner_.sleep_for(when - now()); }
  [[nodiscard]] std::chrono::milliseconds ticks() const override { return inner_.ticks(); }
  void sleep_for(std::chrono::milliseconds span) override { inner_.sleep_for(span); }

 private:
  base::Clock& inner_;
};

/// The provider with that clock; what it reads is dated by the tests' clock.
class InOurTime final : public provider::Provider {
 public:
  InOurTime(const provider::ProviderInfo& info, const base::Account& account,
            const provider::Tools& tools)
      : clock_(tools.clock),
        time_of_day_(tools.clock),
        inner_(info.make(account, {time_of_day_, tools.http})) {}

  [[nodiscard]] std::string fingerprint() const override { return inner_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return inner_->find(zone); }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return inner_->places(zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return inner_->list(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return inner_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    plan::LiveZone live = inner_->read(zone);
    live.read_at = clock_.now();
    return live;
  }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    return inner_->apply(live, step);
  }
  bool done(const plan::ZoneRef& zone, const provider::Pending& pending) override {
    return inner_->done(zone, pending);
  }

 private:
  base::Clock& clock_;
  TimeOfDay time_of_day_;
  std::unique_ptr<provider::Provider> inner_;
};

/// Hosts of the list that have no final dot are hosts with it here, where there are no others.
std::string with_final_dot(dns::Type type, std::string value) {
  const bool host = type == dns::Type::MX || type == dns::Type::CNAME || type == dns::Type::NS;
  return host && !value.ends_with('.') ? value + "." : value;
}

class Rfc2136Subject final : public Subject {
 public:
  explicit Rfc2136Subject(Brand brand) : brand_(std::move(brand)), faults_(brand_.site) {}

  [[nodiscard]] std::string name() const override { return brand_.name; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    provider::ProviderInfo info = providers::rfc2136_info();
    info.make = [inner = info](const base::Account& account, const provider::Tools& tools) {
      return std::make_unique<InOurTime>(inner, account, tools);
    };
    return info;
  }
  [[nodiscard]] std::string account(Access) const override {
    const tests::TestKey key = tests::sha256_key();
    const auto file = folder_.write("tsig.secret", key.secret + "\n");
    return "server = \"127.0.0.1:" + std::to_string(brand_.site().relay_port()) +
           "\"\nkey_name = \"" + key.name + "\"\nsecret = {file = \"" + file.string() +
           "\"}\nzones = [\"example.com\"]\n" + brand_.settings;
  }
  [[nodiscard]] std::vector<std::string> secrets() const override {
    return {tests::sha256_key().secret};
  }
  Faults* faults() override { return &faults_; }

  void make_zone(const dns::Name& zone) override {
    std::vector<Deed> deeds;
    std::set<dns::Key> known;
    for (const ServedRecord& record : client().transfer(zone)) {
      const bool apex_ns = record.key == dns::Key{zone, dns::Type::NS};
      if (record.key.type == dns::Type::SOA || apex_ns || !known.insert(record.key).second)
        continue;
      deeds.push_back({Deed::Kind::remove_set, record.key, 0, {}});
    }
    send(zone, deeds);
    put(zone, {{zone, dns::Type::NS}, 3600, {"ns1.example.net.", "ns2.example.net."}});
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    std::vector<Deed> adds;
    for (const std::string& value : set.values) {
      adds.push_back({Deed::Kind::add, set.key, set.ttl, with_final_dot(set.key.type, value)});
    }
    if (set.key == dns::Key{zone, dns::Type::NS}) return put_apex_ns(zone, set, std::move(adds));
    std::vector<Deed> deeds = {{Deed::Kind::remove_set, set.key, 0, {}}};
    deeds.insert(deeds.end(), adds.begin(), adds.end());
    send(zone, deeds);
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const ServedRecord& record : client().transfer(zone)) {
      auto value = dns::from_wire(record.key.type, record.wire);
      if (!value) throw std::runtime_error("a value that is none: " + record.key.text());
      all.add(record.key.name, record.key.type, record.ttl, std::move(*value));
    }
    return all;
  }
  /// Servers do not count updates that change nothing; the relay does.
  std::string mark(const dns::Name& zone) override {
    return std::to_string(brand_.site().writes()) + " " +
           base::hex(client().transfer(zone).front().wire);
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::vector<std::string>> sets;
    for (const ServedRecord& record : client().transfer(zone)) {
      const bool soa = record.key.type == dns::Type::SOA;  // its serial moves
      sets[record.key].push_back(std::to_string(record.ttl) + " " +
                                 (soa ? "" : base::hex(record.wire)));
    }
    std::map<dns::Key, std::string> all;
    for (auto& [key, records] : sets) {
      std::sort(records.begin(), records.end());  // their order means nothing
      for (const std::string& record : records) all[key].append(record).append("\n");
    }
    return all;
  }

 private:
  [[nodiscard]] DnsClient client() const { return {brand_.site().port(), tests::sha256_key()}; }

  void send(const dns::Name& zone, const std::vector<Deed>& deeds) const {
    constexpr std::size_t kAtOnce = 400;
    for (std::size_t at = 0; at < deeds.size(); at += kAtOnce) {
      const auto begin = deeds.begin() + static_cast<std::ptrdiff_t>(at);
      const auto end =
          deeds.begin() + static_cast<std::ptrdiff_t>(std::min(at + kAtOnce, deeds.size()));
      client().update(zone, {begin, end});
    }
  }
  /// The old ones go one by one, after the new ones came.
  void put_apex_ns(const dns::Name& zone, const ForeignSet& set, std::vector<Deed> deeds) {
    for (const ServedRecord& record : client().transfer(zone)) {
      if (record.key != set.key) continue;
      const std::string value = dns::print_rdata(*dns::from_wire(record.key.type, record.wire));
      const bool stays = std::find(set.values.begin(), set.values.end(), value) != set.values.end();
      if (!stays) deeds.push_back({Deed::Kind::remove, set.key, 0, value});
    }
    send(zone, deeds);
  }

  Brand brand_;
  SiteFaults faults_;
  tests::TemporaryDirectory folder_;
};

Site& bind_site() {
  static Site site(tests::start_bind(zones()));
  return site;
}
Site& knot_site() {
  static Site site(tests::start_knot(zones()));
  return site;
}
Site& powerdns_site() {
  static Site site(tests::start_powerdns(zones()));
  return site;
}

/// PowerDNS takes no types without a name.
const char* const kPowerdnsTypes =
    R"(types = ["A", "AAAA", "NS", "CNAME", "DNAME", "PTR", "MX", "TXT", "SRV", "CAA", "TLSA", "SSHFP",)"
    R"( "SMIMEA", "DS", "NAPTR", "LOC", "SVCB", "HTTPS", "OPENPGPKEY", "URI", "CERT", "RP", "HINFO"])"
    "\n";

}  // namespace

std::uint16_t bind_port() { return bind_site().port(); }
std::uint16_t knot_port() { return knot_site().port(); }
std::uint16_t powerdns_port() { return powerdns_site().port(); }

std::vector<SubjectEntry> rfc2136_subjects() {
  const std::vector<Brand> brands = {
      {"rfc2136 at BIND", "[rfc2136-bind]", bind_site, {}},
      {"rfc2136 at Knot", "[rfc2136-knot]", knot_site, {}},
      {"rfc2136 at PowerDNS", "[rfc2136-powerdns]", powerdns_site, kPowerdnsTypes}};
  std::vector<SubjectEntry> entries;
  for (const Brand& brand : brands) {
    entries.push_back(
        {brand.name, brand.tag, [brand] { return std::make_unique<Rfc2136Subject>(brand); }});
  }
  return entries;
}

}  // namespace mxsmith::conformance
