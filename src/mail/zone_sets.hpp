// The RRsets of one zone, wherever they are kept.
//
// A zone file's zone, a live zone with a plan's changes laid over it, the zone that a spec alone
// would make: what reads mail records asks all of them the same few questions, and copies none.
#pragma once

#include <functional>
#include <vector>

#include "dns/zone.hpp"

namespace mxsmith::mail {

class ZoneSets {
 public:
  ZoneSets() = default;
  ZoneSets(const ZoneSets&) = delete;
  ZoneSets& operator=(const ZoneSets&) = delete;
  virtual ~ZoneSets() = default;

  [[nodiscard]] virtual const dns::Name& apex() const = 0;
  /// Null: there is no such set. Sets live as long as this.
  [[nodiscard]] virtual const dns::RRset* find(const dns::Name& name, dns::Type type) const = 0;
  /// All sets of one owner.
  [[nodiscard]] virtual std::vector<const dns::RRset*> at(const dns::Name& name) const = 0;
  /// Every set once, in any order.
  virtual void visit(const std::function<void(const dns::RRset&)>& visitor) const = 0;
};

/// Those of a dns::Zone, which must outlive it and stay as it is.
class SetsOfZone final : public ZoneSets {
 public:
  explicit SetsOfZone(const dns::Zone& zone) : zone_(zone) {}
  [[nodiscard]] const dns::Name& apex() const override { return zone_.apex(); }
  [[nodiscard]] const dns::RRset* find(const dns::Name& name, dns::Type type) const override {
    return zone_.find(name, type);
  }
  [[nodiscard]] std::vector<const dns::RRset*> at(const dns::Name& name) const override {
    return zone_.at(name);
  }
  void visit(const std::function<void(const dns::RRset&)>& visitor) const override {
    for (const dns::RRset& set : zone_.sets()) visitor(set);
  }

 private:
  const dns::Zone& zone_;
};

}  // namespace mxsmith::mail
