// A live zone's sets for those who read mail records (mail/zone_sets.hpp).
#pragma once

#include "mail/zone_sets.hpp"
#include "plan/live.hpp"

namespace mxsmith::plan {

/// Those of a LiveZone, which must outlive it and stay as it is.
class LiveSets final : public mail::ZoneSets {
 public:
  explicit LiveSets(const LiveZone& live) : live_(live) {}
  [[nodiscard]] const dns::Name& apex() const override { return live_.apex(); }
  [[nodiscard]] const dns::RRset* find(const dns::Name& name, dns::Type type) const override {
    const LiveSet* found = live_.find(name, type);
    return found == nullptr ? nullptr : &found->set;
  }
  [[nodiscard]] std::vector<const dns::RRset*> at(const dns::Name& name) const override {
    std::vector<const dns::RRset*> sets;
    for (const LiveSet* found : live_.at(name)) sets.push_back(&found->set);
    return sets;
  }
  void visit(const std::function<void(const dns::RRset&)>& visitor) const override {
    for (const LiveSet& found : live_.sets()) visitor(found.set);
  }

 private:
  const LiveZone& live_;
};

}  // namespace mxsmith::plan
