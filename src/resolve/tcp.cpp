#include "resolve/tcp.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "resolve/message.hpp"

namespace mxsmith::resolve {

namespace {

using Steady = std::chrono::steady_clock;

std::string words_of(int error) { return std::generic_category().message(error); }

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses look_up(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int fault =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (fault != 0) {
    throw NetworkError("server " + address.host + ": " + ::gai_strerror(fault), Reached::nothing);
  }
  return {found, &::freeaddrinfo};
}

/// Whether the socket became ready before `until`; a signal is no reason to give up.
bool is_ready(int socket, short events, Steady::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
    pollfd one{socket, events, 0};
    const int ready = ::poll(&one, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
  }
}

/// A connected socket, or -1 with the reason.
std::pair<int, int> connect_to(const addrinfo& to, Steady::time_point until) {
  const int socket =
      ::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to.ai_protocol);
  if (socket < 0) return {-1, errno};
  int fault = ::connect(socket, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (fault == EINPROGRESS || fault == EINTR) {
    fault = ETIMEDOUT;
    if (is_ready(socket, POLLOUT, until)) {
      socklen_t size = sizeof fault;
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &fault, &size);
    }
  }
  if (fault == 0) return {socket, 0};
  ::close(socket);
  return {-1, fault};
}

}  // namespace

std::string Address::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

TcpConnection::TcpConnection(const Address& address, const Deadlines& deadlines)
    : address_(address), deadlines_(deadlines) {
  const Addresses addresses = look_up(address);
  const auto until = Steady::now() + deadlines.connect;
  int fault = ETIMEDOUT;
  for (const addrinfo* to = addresses.get(); to != nullptr; to = to->ai_next) {
    std::tie(socket_, fault) = connect_to(*to, until);
    if (socket_ < 0) continue;
    // A message goes out whole; waiting for more to send would only cost time.
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return;
  }
  throw NetworkError("no connection to " + address.text() + ": " + words_of(fault),
                     Reached::nothing);
}

TcpConnection::~TcpConnection() {
  if (socket_ >= 0) ::close(socket_);
}

void TcpConnection::wait_for(short events) {
  if (is_ready(socket_, events, Steady::now() + deadlines_.silence)) return;
  throw NetworkError(address_.text() + " has been silent for too long", Reached::maybe);
}

void TcpConnection::send(std::string_view message) {
  std::string framed;
  framed.reserve(message.size() + 2);
  put16(framed, static_cast<std::uint16_t>(message.size()));
  framed += message;
  for (std::string_view rest = framed; !rest.empty();) {
    const auto sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait_for(POLLOUT);
    } else if (errno != EINTR) {
      throw NetworkError("sending to " + address_.text() + ": " + words_of(errno), Reached::maybe);
    }
  }
}

void TcpConnection::read_some() {
  std::array<char, 65536> buffer;
  for (;;) {
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      received_.append(buffer.data(), static_cast<std::size_t>(count));
      return;
    }
    if (count == 0) {
      throw NetworkError(address_.text() + " closed the connection before its answer was whole",
                         Reached::maybe);
    }
    if (errno == EAGAIN) {
      wait_for(POLLIN);
    } else if (errno != EINTR) {
      throw NetworkError("reading from " + address_.text() + ": " + words_of(errno),
                         Reached::maybe);
    }
  }
}

std::string TcpConnection::receive() {
  while (received_.size() < 2 || received_.size() - 2 < get16(received_, 0)) read_some();
  const std::size_t size = get16(received_, 0);
  std::string message = received_.substr(2, size);
  received_.erase(0, size + 2);
  return message;
}

}  // namespace mxsmith::resolve
