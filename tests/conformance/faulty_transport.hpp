// Stands between a provider and the server it talks to, and spoils single exchanges.
//
// It knows no API: it counts requests by their intent, answers in the server's place, loses answers
// and disguises them. So every provider over HTTP meets the same faults, at a simulator and at a
// real server.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "conformance/subject.hpp"
#include "http/transport.hpp"

namespace mxsmith::conformance {

class FaultyTransport final : public http::Transport {
 public:
  /// What happens to one exchange. Null request function: the server is asked as if nothing were.
  using Fault = std::function<http::Response(http::Transport& server, const http::Request&)>;

  /// Where faults are placed and requests counted; outlives the transport.
  class Handle {
   public:
    /// The `nth` request of that intent from now on, counted from 1.
    void spoil(http::Intent intent, std::size_t nth, Fault fault);
    /// All of them from the next on, until `heal`.
    void spoil_all(http::Intent intent, Fault fault);
    void heal();
    [[nodiscard]] std::size_t requests(http::Intent intent) const;

   private:
    friend class FaultyTransport;
    std::optional<Fault> next(http::Intent intent);

    mutable std::mutex mutex_;
    std::map<http::Intent, std::size_t> counts_;
    std::map<std::pair<http::Intent, std::size_t>, Fault> faults_;
    std::map<http::Intent, Fault> lasting_;
  };

  FaultyTransport(std::unique_ptr<http::Transport> server, std::shared_ptr<Handle> handle)
      : server_(std::move(server)), handle_(std::move(handle)) {}
  http::Response send(const http::Request& request) override;

 private:
  std::unique_ptr<http::Transport> server_;
  std::shared_ptr<Handle> handle_;
};

// Faults.

/// The server is not asked; this is the answer.
FaultyTransport::Fault answer(http::Response response);
/// A status with an empty body and, if given, one header field.
FaultyTransport::Fault answer(int status, http::Headers headers = {});
/// The connection breaks before an answer; whether the server acted is for `done` to say.
FaultyTransport::Fault reset(Done done);
/// The server acts, and its answer becomes another one.
FaultyTransport::Fault disguise(std::function<http::Response(http::Response)> as);

/// The faults that need no wire to be told, for a subject over HTTP.
std::unique_ptr<Faults> faults_of_the_wire(std::shared_ptr<FaultyTransport::Handle> handle);

}  // namespace mxsmith::conformance
