// Messages over TCP (RFC 1035 section 4.2.2, RFC 7766): one connection, two octets of length before
// each message, deadlines for everything.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mxsmith::resolve {

/// How far a message got when no whole answer came. It decides whether it may be sent again.
enum class Reached : std::uint8_t {
  nothing,  ///< No connection was made.
  maybe,    ///< The message, or part of it, left; the server may have acted on it.
};

/// No whole answer; always Error{unavailable}. `effect` is left to whoever knows what was asked.
class NetworkError : public base::Error {
 public:
  NetworkError(const std::string& message, Reached reached)
      : Error(base::ErrorKind::unavailable, message), reached_(reached) {}
  [[nodiscard]] Reached reached() const { return reached_; }

 private:
  Reached reached_;
};

struct Address {
  std::string host;  ///< A name or an address, IPv6 without brackets.
  std::uint16_t port = 53;

  /// "ns1.example.net:53", "[2001:db8::1]:53"
  [[nodiscard]] std::string text() const;
};

struct Deadlines {
  std::chrono::milliseconds connect{10000};  ///< Until a connection stands.
  std::chrono::milliseconds silence{30000};  ///< Without an octet in either direction.
};

/// All functions throw NetworkError.
class TcpConnection {
 public:
  TcpConnection(const Address& address, const Deadlines& deadlines);
  ~TcpConnection();
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  /// `message` of at most kMaxMessage octets.
  void send(std::string_view message);
  /// The next whole message.
  std::string receive();

 private:
  void read_some();
  void wait_for(short events);

  Address address_;
  Deadlines deadlines_;
  int socket_ = -1;
  std::string received_;
};

}  // namespace mxsmith::resolve
