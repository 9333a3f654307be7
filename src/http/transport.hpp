// Carries one request to a server and brings its answer back. Nothing is repeated, waited for,
// judged or hidden here: that is the client's (http/client.hpp).
//
// Three kinds: curl, which is the network; fake, a function, for tests and simulators; and replay,
// which answers from recorded exchanges (http/recording.hpp).
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"

namespace mxsmith::http {

/// How far a request got when no whole answer came. It decides whether it may be sent again.
enum class Reached : std::uint8_t {
  nothing,  ///< No connection was made, or TLS was refused: the server saw nothing of the request.
  maybe,    ///< The request, or part of it, left; the server may have acted on it.
};

/// No whole answer. `Error::effect()` is `none` for reads and where nothing was reached, else
/// `unknown`.
class TransportError : public base::Error {
 public:
  TransportError(base::ErrorKind kind, const std::string& message, Reached reached,
                 base::Effect effect)
      : Error(kind, message, effect), reached_(reached) {}
  [[nodiscard]] Reached reached() const { return reached_; }
  /// Whether a later try may fare better: not for a certificate that does not verify.
  [[nodiscard]] bool lasting() const { return lasting_; }
  TransportError& make_lasting() {
    lasting_ = true;
    return *this;
  }

 private:
  Reached reached_;
  bool lasting_ = false;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Waits for the whole answer, whatever its status. Any thread, several at once. Throws
  /// TransportError: a header or a body that was cut off is one too, never an answer.
  virtual Response send(const Request& request) = 0;
};

struct TransportOptions {
  std::chrono::milliseconds connect_timeout{10000};  ///< Until a connection stands, TLS included.
  std::chrono::milliseconds answer_timeout{120000};  ///< For the whole exchange.
  /// An exchange that moves no octet for this long is given up.
  std::chrono::seconds stall_timeout{30};
  std::size_t max_body = std::size_t{1} << 30;  ///< Octets; a longer answer is given up.
  /// PEM file of certification authorities to trust instead of the system's; a request's own goes
  /// before it. Empty: the system's. TLS is always verified.
  std::filesystem::path ca_file;
  std::string user_agent;  ///< Empty: "mxsmith/VERSION".
  std::size_t connections_per_host = 8;
  /// Asked several times a second while an exchange is under way: reads are given up then with
  /// Error{interrupted}; writes are waited for, because nobody would know what became of them, and
  /// so is what a thread with a base::StopShield reads.
  std::function<bool()> stop_requested;
};

/// The network. Proxies by the variables http_proxy, https_proxy, all_proxy and no_proxy; HTTP/2
/// where the server offers it; compressed answers; redirects are not followed. One thread of its
/// own carries all exchanges; it starts with the first request.
std::unique_ptr<Transport> curl_transport(TransportOptions options);

/// A function as a server.
std::unique_ptr<Transport> fake_transport(std::function<Response(const Request&)> answer);

}  // namespace mxsmith::http
