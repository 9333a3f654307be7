// RRset semantics for APIs that know single records.
//
// A read groups records into sets and keeps their ids. A step is turned into record writes and
// matched with ids as a whole before the first of them is sent, so that what cannot be done is
// found while nothing has changed.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "provider/provider.hpp"
#include "provider/record_sets.hpp"

namespace mxsmith::provider {

namespace {

/// The same error with the effect of the whole step instead of the one write's.
base::Error after_some_writes(const base::Error& error) {
  base::Error whole(error.kind(), error.what(), base::Effect::partial);
  whole.about(error.key()).with_hint(error.hint()).with_request_id(error.request_id());
  if (error.retry_after()) whole.with_retry_after(*error.retry_after());
  return whole;
}

class ByRecord final : public Provider {
 public:
  explicit ByRecord(std::unique_ptr<RecordApi> api) : api_(std::move(api)) {}

  [[nodiscard]] std::string fingerprint() const override { return api_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return api_->find(zone); }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return api_->places(zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return api_->list(); }
  AccountCheck check() override {
    auto own = api_->check();
    return own ? std::move(*own) : Provider::check();
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return api_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    return group_records(zone, api_->records(zone), std::make_shared<RecordMemory>());
  }
  Pending apply(const plan::LiveZone& live, const Step& step) override;

 private:
  void send(const plan::ZoneRef& zone, const RecordWrite& write) {
    switch (write.kind) {
      case RecordWrite::Kind::create: api_->create(zone, write.record); break;
      case RecordWrite::Kind::update: api_->update(zone, write.record); break;
      case RecordWrite::Kind::remove: api_->remove(zone, write.record); break;
    }
  }

  std::unique_ptr<RecordApi> api_;
};

Pending ByRecord::apply(const plan::LiveZone& live, const Step& step) {
  const plan::Support in_place = api_->traits(live.ref()).update_in_place;
  std::vector<RecordWrite> writes;
  for (const plan::Change& change : step.changes) {
    std::vector<RecordWrite> more = record_writes(live, change, in_place);
    std::move(more.begin(), more.end(), std::back_inserter(writes));
  }
  if (step.atomic && writes.size() > 1) {
    throw base::Error(base::ErrorKind::unsupported,
                      "the step is planned to become visible at once, but takes " +
                          std::to_string(writes.size()) + " writes here");
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    try {
      send(live.ref(), writes[i]);
    } catch (const base::Error& error) {
      if (i == 0) throw;
      throw after_some_writes(error);
    }
  }
  return {};
}

}  // namespace

std::unique_ptr<Provider> by_record(std::unique_ptr<RecordApi> api) {
  return std::make_unique<ByRecord>(std::move(api));
}

}  // namespace mxsmith::provider
