// What the tests of the network transport share: a request sent once, and what came of it.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "http/transport.hpp"
#include "support/hostile_server.hpp"

namespace mxsmith::tests {

inline http::Request request_to(std::string url, http::Intent intent = http::Intent::read) {
  http::Request request;
  request.intent = intent;
  request.url = std::move(url);
  if (intent == http::Intent::write) {
    request.method = http::Method::patch;
    request.body = R"({"rrsets":[]})";
  }
  return request;
}

/// An answer or a fault; whatever else is thrown passes through.
struct Outcome {
  std::optional<http::Response> response;
  std::optional<http::TransportError> fault;

  [[nodiscard]] std::string words() const {
    if (response) return std::to_string(response->status) + " " + response->body.text();
    return std::string(fault->what()) + " | " + fault->hint();
  }
};

/// "hello\n", compressed as by gzip -n.
inline std::string gzip_of_hello() {
  return {
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06"
      "\x00\x00\x00",
      26};
}

inline Outcome send(http::Transport& transport, const http::Request& request) {
  try {
    return {transport.send(request), std::nullopt};
  } catch (const http::TransportError& fault) {
    return {std::nullopt, fault};
  }
}

/// A transport that no variable of the developer's own leads through a proxy.
inline std::unique_ptr<http::Transport> direct_transport(http::TransportOptions options = {}) {
  static const bool cleared = [] {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                             "no_proxy", "NO_PROXY"}) {
      ::unsetenv(name);
    }
    return true;
  }();
  static_cast<void>(cleared);
  return http::curl_transport(std::move(options));
}

}  // namespace mxsmith::tests
