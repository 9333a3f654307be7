// The three kinds of provider over one MemoryDns.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "providers/memory/memory.hpp"

namespace mxsmith::providers {

namespace {

using DnsHandle = std::shared_ptr<MemoryDns>;

std::vector<plan::ZoneRef> zones_named(const MemoryDns& dns, const dns::Name& name) {
  std::vector<plan::ZoneRef> zones = dns.zones();
  std::erase_if(zones, [&](const plan::ZoneRef& zone) { return zone.name != name; });
  return zones;
}

std::string fingerprint_of(const MemoryDns& dns) {
  return "memory:" + std::string(plan::granularity_name(dns.options().granularity));
}

/// What all three answer alike.
template <class Base>
class OverMemory : public Base {
 public:
  explicit OverMemory(DnsHandle dns) : dns_(std::move(dns)) {}
  [[nodiscard]] std::string fingerprint() const override { return fingerprint_of(*dns_); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override {
    return zones_named(*dns_, zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return dns_->zones(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override { return dns_->traits(); }

 protected:
  DnsHandle dns_;
};

class RecordsInMemory final : public OverMemory<provider::RecordApi> {
 public:
  using OverMemory::OverMemory;
  std::vector<Record> records(const plan::ZoneRef& zone) override {
    return dns_->answer_records(zone);
  }
  void create(const plan::ZoneRef& zone, const Record& record) override {
    dns_->create(zone, record);
  }
  void update(const plan::ZoneRef& zone, const Record& record) override {
    dns_->update(zone, record);
  }
  void remove(const plan::ZoneRef& zone, const Record& record) override {
    dns_->remove(zone, record.id);
  }
};

class ZoneInMemory final : public OverMemory<provider::ZoneApi> {
 public:
  using OverMemory::OverMemory;
  plan::LiveZone read_all(const plan::ZoneRef& zone) override { return dns_->answer_read(zone); }
  void write_all(const plan::LiveZone& before, const std::vector<plan::Change>& changes) override {
    dns_->write_sets(before, changes);
  }
};

class SetsInMemory final : public OverMemory<provider::Provider> {
 public:
  using OverMemory::OverMemory;
  plan::LiveZone read(const plan::ZoneRef& zone) override { return dns_->answer_read(zone); }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override;
};

provider::Pending SetsInMemory::apply(const plan::LiveZone& live, const provider::Step& step) {
  const bool whole = dns_->traits().atomic_step == plan::Support::yes;
  if (step.atomic && !whole && step.changes.size() > 1) {
    throw base::Error(base::ErrorKind::unsupported, "several sets are not written at once here");
  }
  if (whole) {
    dns_->write_sets(live, step.changes);
    return {};
  }
  for (std::size_t i = 0; i < step.changes.size(); ++i) {
    try {
      dns_->write_sets(live, {step.changes[i]});
    } catch (const base::Error& error) {
      if (i == 0) throw;
      throw base::Error(error.kind(), error.what(), base::Effect::partial).about(error.key());
    }
  }
  return {};
}

}  // namespace

std::unique_ptr<provider::Provider> memory_provider(std::shared_ptr<MemoryDns> dns) {
  switch (dns->options().granularity) {
    case plan::Granularity::record:
      return provider::by_record(std::make_unique<RecordsInMemory>(std::move(dns)));
    case plan::Granularity::zone:
      return provider::by_zone(std::make_unique<ZoneInMemory>(std::move(dns)));
    case plan::Granularity::rrset: break;
  }
  return std::make_unique<SetsInMemory>(std::move(dns));
}

provider::ProviderInfo memory_info(std::shared_ptr<MemoryDns> dns) {
  provider::ProviderInfo info;
  info.type = "memory";
  info.summary = "Zones in memory, for tests.";
  info.traits = dns->traits();
  info.make = [dns = std::move(dns)](const base::Account&, const provider::Tools&) {
    return memory_provider(dns);
  };
  return info;
}

}  // namespace mxsmith::providers
