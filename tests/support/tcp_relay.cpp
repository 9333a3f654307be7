#include "support/tcp_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace mxsmith::tests {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool send_all(int socket, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto count = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

/// Whether head and body, as long as the head says, are there.
bool is_whole(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::string head = request.substr(0, end);
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto length = head.find("\r\ncontent-length:");
  const std::size_t body = length == std::string::npos ? 0 : std::stoul(head.substr(length + 17));
  return request.size() >= end + 4 + body;
}

std::string read_request(int socket) {
  std::string request;
  char buffer[65536];
  while (!is_whole(request)) {
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) return {};
    request.append(buffer, static_cast<std::size_t>(count));
    // Whoever asks first whether a large body is welcome is told that it is.
    if (request.ends_with("\r\n\r\n") && request.find("100-continue") != std::string::npos) {
      send_all(socket, "HTTP/1.1 100 Continue\r\n\r\n");
    }
  }
  return request;
}

std::string read_answer(int socket) {
  std::string answer;
  char buffer[65536];
  for (auto count = ::recv(socket, buffer, sizeof buffer, 0); count > 0;
       count = ::recv(socket, buffer, sizeof buffer, 0)) {
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  return answer;
}

}  // namespace

TcpRelay::TcpRelay(std::uint16_t server) : server_(server) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port for a relay");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TcpRelay::~TcpRelay() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

std::string TcpRelay::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

void TcpRelay::cut_next(const std::string& method, Answer answer, std::function<void()> then) {
  const std::lock_guard hold(mutex_);
  method_ = method + " ";
  answer_ = answer;
  then_ = std::move(then);
}

void TcpRelay::serve() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 50) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    relay(client);
    ::close(client);
  }
}

void TcpRelay::relay(int client) {
  const std::string request = read_request(client);
  if (request.empty()) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send_all(server, request)) {
    const std::lock_guard hold(mutex_);
    const bool cut = !method_.empty() && request.rfind(method_, 0) == 0;
    const bool wait = !cut || answer_ == Answer::waited_for;
    const std::string answer = wait ? read_answer(server) : std::string();
    if (!cut) send_all(client, answer);
    if (cut) {
      method_.clear();
      if (then_) then_();
      ++cuts_;
    }
  }
  ::close(server);
}

}  // namespace mxsmith::tests
