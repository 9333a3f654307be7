// The sockets of a transport's connections, so that a connection can be looked at before it is used
// again: libcurl does not tell which socket a request is about to be written to, only its port. For
// curl_*.cpp alone, on the I/O thread.
#pragma once

#include <curl/curl.h>

#include <set>

namespace mxsmith::http {

class CurlSockets {
 public:
  /// Close-on-exec: programs that are run meanwhile must not hold connections open.
  curl_socket_t open(const curl_sockaddr& address);
  /// As CURLOPT_CLOSESOCKETFUNCTION has it; `sockets` is one of these.
  static int close(void* sockets, curl_socket_t socket);
  /// CURL_SOCKET_BAD where no socket of ours has that local port.
  [[nodiscard]] curl_socket_t at_local_port(int port) const;

 private:
  std::set<curl_socket_t> open_;
};

}  // namespace mxsmith::http
