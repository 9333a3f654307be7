// DNS in memory: its three granularities, and a narrow server that can do little and is strict
// about it, so that refusals are walked too.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "conformance/subject.hpp"
#include "providers/memory/memory.hpp"

namespace mxsmith::conformance {

namespace {

using providers::MemoryDns;

class MemoryFaults final : public Faults {
 public:
  explicit MemoryFaults(std::shared_ptr<MemoryDns> dns) : dns_(std::move(dns)) {}
  void refuse_write(std::size_t write) override {
    dns_->fail_write(write, base::Error(base::ErrorKind::auth, "not allowed"));
  }
  void lose_write(std::size_t write, Done done) override {
    dns_->fail_write(write,
                     base::Error(base::ErrorKind::unavailable, "no answer", base::Effect::unknown),
                     done == Done::yes ? MemoryDns::Moment::after : MemoryDns::Moment::before);
  }
  void fail_read(std::size_t read) override {
    dns_->fail_read(read, base::Error(base::ErrorKind::unavailable, "no answer"));
  }
  void heal() override { dns_->heal(); }

 private:
  std::shared_ptr<MemoryDns> dns_;
};

class MemorySubject : public Subject {
 public:
  MemorySubject(std::string name, MemoryDns::Options options)
      : name_(std::move(name)),
        dns_(std::make_shared<MemoryDns>(std::move(options))),
        faults_(dns_) {
    dns_->keep_seen(plan::Support::no);
  }

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    return providers::memory_info(dns_);
  }
  [[nodiscard]] std::string account(Access) const override { return {}; }

  void make_zone(const dns::Name& zone) override {
    const auto zones = dns_->zones();
    const bool known = std::any_of(zones.begin(), zones.end(),
                                   [&](const plan::ZoneRef& ref) { return ref.name == zone; });
    if (!known) dns_->add_zone(zone);
    const dns::Zone now = records(zone);
    for (const dns::RRset& set : now.sets()) dns_->set({set.name, set.type, 0, {}});
    put(zone, {{zone, dns::Type::SOA},
               3600,
               {"ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 300"}});
    put(zone, {{zone, dns::Type::NS}, 3600, {"ns1.example.net.", "ns2.example.net."}});
  }
  void put(const dns::Name&, const ForeignSet& set) override {
    dns::RRset records{set.key.name, set.key.type, set.ttl, {}};
    for (const std::string& text : set.values) {
      auto value = dns::parse_rdata(set.key.type, text, dns::Name());
      if (!value) throw base::Error(base::ErrorKind::invalid, value.fault().message);
      records.values.push_back(std::move(*value));
    }
    dns_->set(records, {}, set.meta);
  }
  dns::Zone records(const dns::Name& zone) override { return dns_->zone(zone); }
  std::string mark(const dns::Name&) override { return std::to_string(dns_->writes()); }

  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    for (const auto& record : dns_->records(zone)) {
      std::string& text = all[record.key];
      text.append(std::to_string(record.ttl)).append(" ").append(dns::print_rdata(record.value));
      for (const auto& [name, value] : record.meta) {
        text.append(" ").append(name).append("=").append(value);
      }
      text += "\n";
    }
    return all;
  }
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    dns_->set(*records(zone).find(key), {}, {{"comment", "\"see ticket 4711\""}});
    return "see ticket 4711";
  }

  bool give_away(const dns::Name& zone, const dns::Key& key) override {
    dns_->set(*records(zone).find(key), "somebody else");
    return true;
  }

  std::vector<dns::Zone> seen_during(const dns::Name& zone,
                                     const std::function<void()>& work) override {
    const std::size_t before = dns_->seen().size();
    dns_->keep_seen(plan::Support::yes);
    work();
    dns_->keep_seen(plan::Support::no);
    std::vector<dns::Zone> states;
    const auto all = dns_->seen();
    for (std::size_t i = before; i < all.size(); ++i) states.push_back(all[i].zone);
    states.push_back(records(zone));
    return states;
  }
  Faults* faults() override { return &faults_; }

 protected:
  [[nodiscard]] const std::shared_ptr<MemoryDns>& dns() const { return dns_; }

 private:
  std::string name_;
  std::shared_ptr<MemoryDns> dns_;
  MemoryFaults faults_;
};

plan::Traits narrowed(plan::Traits traits) {
  traits.null_mx = plan::Support::no;
  traits.apex_ns = plan::Support::no;
  traits.max_txt_octets = 510;
  traits.max_changes_per_step = 4;
  return traits;
}

/// Refuses whatever its traits rule out: a plan that sends such a thing has not looked at them.
class Narrow final : public provider::Provider {
 public:
  explicit Narrow(std::unique_ptr<provider::Provider> inner) : inner_(std::move(inner)) {}

  [[nodiscard]] std::string fingerprint() const override { return inner_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return inner_->find(zone); }
  std::optional<std::vector<plan::ZoneRef>> list() override { return inner_->list(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return narrowed(inner_->traits(zone));
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override { return inner_->read(zone); }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    const plan::Traits limits = traits(live.ref());
    if (step.changes.size() > limits.max_changes_per_step) refuse("too many changes in one step");
    for (const plan::Change& change : step.changes) {
      if (!change.after) continue;
      for (const dns::Rdata& value : change.after->set.values) {
        refuse_unless_stored(value, limits);
      }
    }
    return inner_->apply(live, step);
  }

 private:
  [[noreturn]] static void refuse(const std::string& message) {
    throw base::Error(base::ErrorKind::unsupported, message);
  }
  static void refuse_unless_stored(const dns::Rdata& value, const plan::Traits& limits) {
    const auto* mx = std::get_if<dns::Mx>(&value);
    if (mx != nullptr && mx->is_null()) refuse("no null MX here");
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt != nullptr && txt->octets.size() > limits.max_txt_octets) refuse("too long a text");
  }

  std::unique_ptr<provider::Provider> inner_;
};

class NarrowSubject final : public MemorySubject {
 public:
  using MemorySubject::MemorySubject;
  [[nodiscard]] provider::ProviderInfo info() const override {
    provider::ProviderInfo info = MemorySubject::info();
    info.traits = narrowed(info.traits);
    info.make = [inner = info.make](const base::Account& account, const provider::Tools& tools) {
      return std::make_unique<Narrow>(inner(account, tools));
    };
    return info;
  }
};

MemoryDns::Options options_of(plan::Granularity granularity) {
  MemoryDns::Options options;
  options.granularity = granularity;
  options.meta_keys = {"proxied", "comment"};
  return options;
}

MemoryDns::Options narrow_options() {
  MemoryDns::Options options;
  options.granularity = plan::Granularity::record;
  options.update_in_place = plan::Support::no;
  options.types = {dns::Type::SOA, dns::Type::NS,    dns::Type::A,   dns::Type::AAAA,
                   dns::Type::MX,  dns::Type::CNAME, dns::Type::TXT, dns::Type::CAA};
  options.min_ttl = 300;
  options.max_ttl = 86400;
  return options;
}

SubjectEntry entry(const std::string& name, const std::string& tag, plan::Granularity granularity) {
  return {name, tag, [name, granularity] {
            return std::make_unique<MemorySubject>(name, options_of(granularity));
          }};
}

}  // namespace

std::vector<SubjectEntry> memory_subjects() {
  return {entry("memory by record", "[memory-record]", plan::Granularity::record),
          entry("memory by set", "[memory-rrset]", plan::Granularity::rrset),
          entry("memory by zone", "[memory-zone]", plan::Granularity::zone),
          {"memory, narrow", "[memory-narrow]",
           [] { return std::make_unique<NarrowSubject>("memory, narrow", narrow_options()); }}};
}

}  // namespace mxsmith::conformance
