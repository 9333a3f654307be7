// A server that misbehaves exactly as a test says: raw octets on a raw connection, with TLS or
// without, on a free port of 127.0.0.1.
//
//   HostileServer server({[](Peer& peer) { peer.read_request(); peer.reset(); },
//                         serve([](const std::string&) { return answer(200, "fine"); })});
//
// The n-th connection is treated by the n-th script, all further ones by the last.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/certificates.hpp"

namespace mxsmith::tests {

/// The server's end of one connection. Its functions throw something internal when the client has
/// gone away or the server ends, which ends the script.
class Peer {
 public:
  virtual ~Peer() = default;

  /// Until something can be read, which stays unread.
  virtual void await_request() = 0;
  /// A request with its content, as it came; its head ends at the first empty line.
  virtual std::string read_request() = 0;
  virtual void send(std::string_view octets) = 0;
  /// Ends the connection in order; all that was sent arrives.
  virtual void close() = 0;
  /// Breaks it: the client's next read or write fails.
  virtual void reset() = 0;
  /// Does nothing until the client goes away.
  virtual void hang() = 0;
  virtual void pause(std::chrono::milliseconds span) = 0;
};

using Script = std::function<void(Peer&)>;

/// Answers requests as long as the client keeps the connection.
Script serve(std::function<std::string(const std::string& request)> answer);

/// A whole answer: "HTTP/1.1 STATUS x", Content-Length, more header lines (each with its \r\n).
std::string answer(int status, std::string_view body, std::string_view headers = {});

class HostileServer {
 public:
  explicit HostileServer(std::vector<Script> scripts, const Identity* identity = nullptr);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// "http://127.0.0.1:PORT/path", https with an identity.
  [[nodiscard]] std::string url(std::string_view path = "/") const;
  /// Every request that was read whole, in order.
  [[nodiscard]] std::vector<std::string> requests() const;
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  class Connection;
  void accept_all();
  void converse(int socket, std::size_t number);
  void remember(const std::string& request);

  const std::vector<Script> scripts_;
  std::unique_ptr<ServerTls> tls_;
  int listener_ = -1;
  int stop_ = -1;  ///< An eventfd that is readable once the server ends.
  int port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  mutable std::mutex mutex_;  ///< Guards requests_ and threads_.
  std::vector<std::string> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A port of 127.0.0.1 where nobody listens.
int closed_port();

}  // namespace mxsmith::tests
