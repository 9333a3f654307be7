#include "support/hostile_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace mxsmith::tests {

namespace {

struct PeerGone {};

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A socket bound to a free port of 127.0.0.1, and the port.
std::pair<int, int> bind_anywhere() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  return {socket, ntohs(address.sin_port)};
}

/// How many octets of content follow the head, by its Content-Length.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + kName.size())));
}

}  // namespace

class HostileServer::Connection final : public Peer {
 public:
  Connection(HostileServer& server, int socket) : server_(server), socket_(socket) {
    if (server.tls_) tls_ = server.tls_->session(socket);
  }
  /// Not in the constructor: a client that gives up throws PeerGone, and all has to be freed.
  void shake_hands() {
    while (tls_ != nullptr) {
      const int done = SSL_accept(tls_);
      if (done == 1) return;
      await(SSL_get_error(tls_, done) == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN, done);
    }
  }
  ~Connection() override {
    if (tls_ != nullptr) SSL_free(tls_);
    if (socket_ >= 0) ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void await_request() override { wait_for(POLLIN); }

  std::string read_request() override {
    for (;;) {
      const auto end = received_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const std::size_t whole = end + 4 + content_length({received_.data(), end + 2});
        if (received_.size() >= whole) {
          std::string request = received_.substr(0, whole);
          received_.erase(0, whole);
          server_.remember(request);
          return request;
        }
      }
      receive();
    }
  }

  void send(std::string_view octets) override {
    while (!octets.empty()) {
      const auto sent = tls_ != nullptr
                            ? SSL_write(tls_, octets.data(), static_cast<int>(octets.size()))
                            : static_cast<int>(::send(socket_, octets.data(), octets.size(),
                                                      MSG_NOSIGNAL | MSG_DONTWAIT));
      if (sent > 0) {
        octets.remove_prefix(static_cast<std::size_t>(sent));
      } else {
        await(POLLOUT, sent);
      }
    }
  }

  void close() override {
    // The other side reads to the end before the connection goes.
    ::shutdown(socket_, SHUT_WR);
    drain();
  }

  void reset() override {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
    throw PeerGone();
  }

  void hang() override { drain(); }

  void pause(std::chrono::milliseconds span) override {
    pollfd ends{server_.stop_, POLLIN, 0};
    if (::poll(&ends, 1, static_cast<int>(span.count())) != 0) throw PeerGone();
  }

 private:
  void drain() {
    for (;;) receive();
  }

  void receive() {
    char buffer[16384];
    const auto count = tls_ != nullptr
                           ? SSL_read(tls_, buffer, sizeof buffer)
                           : static_cast<int>(::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT));
    if (count > 0) {
      received_.append(buffer, static_cast<std::size_t>(count));
    } else {
      await(POLLIN, count);
    }
  }

  /// Waits until the socket is ready; throws when it never will be.
  void await(short events, int result) {
    if (tls_ != nullptr) {
      const int error = SSL_get_error(tls_, result);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) throw PeerGone();
    } else if (result == 0 || (errno != EAGAIN && errno != EINTR)) {
      throw PeerGone();
    }
    wait_for(events);
  }

  void wait_for(short events) {
    pollfd both[] = {{socket_, events, 0}, {server_.stop_, POLLIN, 0}};
    ::poll(both, 2, -1);
    if (both[1].revents != 0) throw PeerGone();
  }

  HostileServer& server_;
  int socket_;
  SSL* tls_ = nullptr;
  std::string received_;
};

HostileServer::HostileServer(std::vector<Script> scripts, const Identity* identity)
    : scripts_(std::move(scripts)) {
  if (identity != nullptr) tls_ = std::make_unique<ServerTls>(*identity);
  std::tie(listener_, port_) = bind_anywhere();
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  if (stop_ < 0) fail("eventfd");
  if (::listen(listener_, 64) != 0) fail("listen");
  acceptor_ = std::thread([this] { accept_all(); });
}

HostileServer::~HostileServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
  ::close(stop_);
}

void HostileServer::accept_all() {
  // OpenSSL writes to connections that are gone.
  sigset_t pipe_signal;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  for (;;) {
    pollfd both[] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    ::poll(both, 2, -1);
    if (both[1].revents != 0) return;
    const int flags = SOCK_CLOEXEC | (tls_ ? SOCK_NONBLOCK : 0);
    const int socket = ::accept4(listener_, nullptr, nullptr, flags);
    if (socket < 0) continue;
    const std::size_t number = connections_++;
    const std::lock_guard hold(mutex_);
    threads_.emplace_back([this, socket, number] { converse(socket, number); });
  }
}

void HostileServer::converse(int socket, std::size_t number) {
  try {
    Connection connection(*this, socket);
    connection.shake_hands();
    scripts_[std::min(number, scripts_.size() - 1)](connection);
  } catch (const PeerGone&) {
    return;
  }
}

void HostileServer::remember(const std::string& request) {
  const std::lock_guard hold(mutex_);
  requests_.push_back(request);
}

std::vector<std::string> HostileServer::requests() const {
  const std::lock_guard hold(mutex_);
  return requests_;
}

std::string HostileServer::url(std::string_view path) const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
         std::string(path);
}

Script serve(std::function<std::string(const std::string& request)> answer) {
  return [answer = std::move(answer)](Peer& peer) {
    for (;;) peer.send(answer(peer.read_request()));
  };
}

std::string answer(int status, std::string_view body, std::string_view headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " x\r\n";
  text += headers;
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text += body;
  return text;
}

int closed_port() {
  const auto [socket, port] = bind_anywhere();
  ::close(socket);
  return port;
}

}  // namespace mxsmith::tests
