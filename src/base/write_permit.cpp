#include "base/write_permit.hpp"

namespace mxsmith::base {

namespace {

thread_local int permits = 0;

}  // namespace

WritePermit::WritePermit() { ++permits; }
WritePermit::~WritePermit() { --permits; }

bool WritePermit::held() { return permits > 0; }

}  // namespace mxsmith::base
