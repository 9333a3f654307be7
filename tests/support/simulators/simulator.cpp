#include "support/simulators/simulator.hpp"

#include <algorithm>

namespace mxsmith::tests {

http::Response Simulator::answer(const http::Request& request) {
  const std::lock_guard hold(mutex_);
  http::Response response = respond(request);
  exchanges_.push_back({request, response});
  return response;
}

std::vector<Simulator::Exchange> Simulator::exchanges() const {
  const std::lock_guard hold(mutex_);
  return exchanges_;
}

std::size_t Simulator::count(http::Method method) const {
  const std::lock_guard hold(mutex_);
  return static_cast<std::size_t>(
      std::count_if(exchanges_.begin(), exchanges_.end(),
                    [&](const Exchange& one) { return one.request.method == method; }));
}

std::size_t Simulator::count() const {
  const std::lock_guard hold(mutex_);
  return exchanges_.size();
}

void Simulator::forget() {
  const std::lock_guard hold(mutex_);
  exchanges_.clear();
}

std::unique_ptr<http::Transport> Simulator::transport(std::vector<std::string> bases) {
  return http::fake_transport([this, bases = std::move(bases)](const http::Request& request) {
    const bool here = std::any_of(bases.begin(), bases.end(), [&](const std::string& base) {
      return request.url.starts_with(base);
    });
    if (here) return answer(request);
    throw http::TransportError(base::ErrorKind::unavailable, "nobody listens there",
                               http::Reached::nothing, base::Effect::none);
  });
}

}  // namespace mxsmith::tests
