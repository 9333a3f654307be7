#include "base/stop_shield.hpp"

namespace mxsmith::base {

namespace {

thread_local int shields = 0;

}  // namespace

StopShield::StopShield() { ++shields; }

StopShield::~StopShield() { --shields; }

bool StopShield::held() { return shields > 0; }

}  // namespace mxsmith::base
