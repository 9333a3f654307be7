// DNS as it is and as it would be: the zone in both states, and beyond it what was looked up.
// Private to src/plan/*.cpp.
#pragma once

#include "mail/zone_resolver.hpp"
#include "plan/facts.hpp"
#include "plan/mail_view.hpp"

namespace mxsmith::plan {

class World {
 public:
  /// Both must outlive it.
  World(const Views& views, const Facts& facts)
      : beyond_(facts),
        zone_now_(views.now, views.now.live().coverage),
        zone_after_(views.after, views.after.live().coverage),
        now(zone_now_, beyond_),
        after(zone_after_, beyond_) {}

 private:
  FactsResolver beyond_;
  mail::ZoneResolver zone_now_;
  mail::ZoneResolver zone_after_;

 public:
  mail::ChainedResolver now;
  mail::ChainedResolver after;
};

}  // namespace mxsmith::plan
