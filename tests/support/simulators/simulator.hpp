// A server of the tests' own that behaves as a vendor's API does: it keeps state, and refuses what
// the real one refuses, in the real one's words.
//
// Every exchange is kept, so that tests can count requests, hold them against the vendor's
// published description, and look for secrets. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/transport.hpp"

namespace mxsmith::tests {

class Simulator {
 public:
  struct Exchange {
    http::Request request;
    http::Response response;
  };

  virtual ~Simulator() = default;

  /// One request as it comes over the wire; the answer as the real API would give it.
  http::Response answer(const http::Request& request);
  /// What was exchanged since the beginning or the last `forget`.
  [[nodiscard]] std::vector<Exchange> exchanges() const;
  /// Requests of one method since then; of all without one. What the tests ask by themselves
  /// through `answer` counts as well.
  [[nodiscard]] std::size_t count(http::Method method) const;
  [[nodiscard]] std::size_t count() const;
  void forget();

  /// Leads requests whose URL begins with one of `bases` here; nobody listens anywhere else. The
  /// simulator must outlive it.
  [[nodiscard]] std::unique_ptr<http::Transport> transport(std::vector<std::string> bases);

 protected:
  /// One at a time.
  virtual http::Response respond(const http::Request& request) = 0;

 private:
  mutable std::mutex mutex_;
  std::vector<Exchange> exchanges_;
};

}  // namespace mxsmith::tests
