#include "support/dns_stub.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace mxsmith::tests {

namespace {

struct PeerGone {};

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::size_t length_of(std::string_view framed) {
  return static_cast<std::size_t>(static_cast<unsigned char>(framed[0])) << 8 |
         static_cast<unsigned char>(framed[1]);
}

}  // namespace

DnsStub::Peer::~Peer() { ::close(socket_); }

int DnsStub::Peer::connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw PeerGone();
  }
  return socket;
}

void DnsStub::Peer::read_some() {
  std::array<pollfd, 2> both{{{socket_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  ::poll(both.data(), both.size(), -1);
  if (both[1].revents != 0) throw PeerGone();
  std::array<char, 65536> buffer;
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) throw PeerGone();
  received_.append(buffer.data(), static_cast<std::size_t>(count));
}

std::string DnsStub::Peer::receive() {
  while (received_.size() < 2 || received_.size() < 2 + length_of(received_)) read_some();
  const std::size_t size = length_of(received_);
  std::string message = received_.substr(2, size);
  received_.erase(0, 2 + size);
  return message;
}

void DnsStub::Peer::send(std::string_view message) {
  std::string framed{static_cast<char>(message.size() >> 8),
                     static_cast<char>(message.size() & 0xff)};
  send_raw(framed.append(message));
}

void DnsStub::Peer::send_raw(std::string_view octets) {
  while (!octets.empty()) {
    const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw PeerGone();
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void DnsStub::Peer::pass_on(Peer& other) {
  for (;;) {
    std::array<pollfd, 3> all{
        {{other.socket_, POLLIN, 0}, {socket_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    ::poll(all.data(), all.size(), -1);
    if (all[1].revents != 0 || all[2].revents != 0) throw PeerGone();
    other.read_some();
    send_raw(std::exchange(other.received_, {}));
  }
}

void DnsStub::Peer::hang() {
  for (;;) read_some();
}

DnsStub::DnsStub(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("name");
  port_ = ntohs(address.sin_port);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  if (stop_ < 0) fail("eventfd");
  if (::listen(listener_, 64) != 0) fail("listen");
  acceptor_ = std::thread([this] { accept_all(); });
}

DnsStub::~DnsStub() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
  acceptor_.join();
  for (auto& worker : workers_) worker.thread.join();
  ::close(listener_);
  ::close(stop_);
}

void DnsStub::accept_all() {
  for (;;) {
    std::array<pollfd, 2> both{{{listener_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    ::poll(both.data(), both.size(), -1);
    if (both[1].revents != 0) return;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    workers_.remove_if([](Worker& worker) {
      if (!worker.over) return false;
      worker.thread.join();
      return true;
    });
    Worker& worker = workers_.emplace_back();
    worker.thread = std::thread([this, &worker, socket] {
      converse(socket);
      worker.over = true;
    });
  }
}

void DnsStub::converse(int socket) {
  Peer peer(socket, stop_);
  try {
    script_(peer);
  } catch (const PeerGone&) {
    return;
  }
}

}  // namespace mxsmith::tests
