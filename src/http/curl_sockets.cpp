#include "http/curl_sockets.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mxsmith::http {

namespace {

int local_port(curl_socket_t socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return -1;
}

}  // namespace

curl_socket_t CurlSockets::open(const curl_sockaddr& address) {
  const curl_socket_t made =
      ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (made != CURL_SOCKET_BAD) open_.insert(made);
  return made;
}

int CurlSockets::close(void* sockets, curl_socket_t socket) {
  static_cast<CurlSockets*>(sockets)->open_.erase(socket);
  return ::close(socket);
}

curl_socket_t CurlSockets::at_local_port(int port) const {
  for (const curl_socket_t socket : open_) {
    if (local_port(socket) == port) return socket;
  }
  return CURL_SOCKET_BAD;
}

}  // namespace mxsmith::http
