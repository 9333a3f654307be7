#include "base/error.hpp"

#include <system_error>
#include <utility>

namespace mxsmith::base {

Error::Error(ErrorKind kind, const std::string& message, Effect effect)
    : std::runtime_error(message), kind_(kind), effect_(effect) {}

Error& Error::about(std::string key) {
  key_ = std::move(key);
  return *this;
}

Error& Error::with_hint(std::string hint) {
  hint_ = std::move(hint);
  return *this;
}

Error& Error::with_retry_after(std::chrono::seconds delay) {
  retry_after_ = delay;
  return *this;
}

Error& Error::with_request_id(std::string id) {
  request_id_ = std::move(id);
  return *this;
}

Error Error::with_context(const std::string& context) const {
  Error outer(kind_, context + ": " + what(), effect_);
  outer.key_ = key_;
  outer.hint_ = hint_;
  outer.request_id_ = request_id_;
  outer.retry_after_ = retry_after_;
  return outer;
}

Error io_error(const std::string& doing, int errno_value) {
  return {ErrorKind::io, "cannot " + doing + ": " + std::generic_category().message(errno_value)};
}

}  // namespace mxsmith::base
