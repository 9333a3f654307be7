// An HTTP client without a network, for tests of what must not use one: any request is an error.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/client.hpp"

namespace mxsmith::tests {

struct Offline {
  explicit Offline(base::Clock& clock)
      : client(http::fake_transport([](const http::Request& request) -> http::Response {
                 throw base::Error(base::ErrorKind::unavailable, "no network here: " + request.url);
               }),
               clock) {}

  http::Client client;
};

}  // namespace mxsmith::tests
