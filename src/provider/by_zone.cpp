// RRset semantics for what can only be written whole.
#include <utility>

#include "base/error.hpp"
#include "provider/provider.hpp"

namespace mxsmith::provider {

namespace {

class ByZone final : public Provider {
 public:
  explicit ByZone(std::unique_ptr<ZoneApi> api) : api_(std::move(api)) {}

  [[nodiscard]] std::string fingerprint() const override { return api_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return api_->find(zone); }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return api_->places(zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return api_->list(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return api_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override { return api_->read_all(zone); }

  Pending apply(const plan::LiveZone& live, const Step& step) override {
    if (step.atomic && api_->traits(live.ref()).atomic_step == plan::Support::no) {
      throw base::Error(base::ErrorKind::unsupported,
                        "the step is planned to become visible at once, which cannot be promised");
    }
    if (!step.changes.empty()) api_->write_all(live, step.changes);
    return {};
  }

 private:
  std::unique_ptr<ZoneApi> api_;
};

}  // namespace

std::unique_ptr<Provider> by_zone(std::unique_ptr<ZoneApi> api) {
  return std::make_unique<ByZone>(std::move(api));
}

}  // namespace mxsmith::provider
