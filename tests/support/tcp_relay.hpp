// Stands between a program and a server on the loopback address, and breaks a connection when told.
//
// One exchange per connection, as PowerDNS has it: the request goes through whole, the answer comes
// back whole, or not at all.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace mxsmith::tests {

class TcpRelay {
 public:
  /// Between a free port and `server`.
  explicit TcpRelay(std::uint16_t server);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// "http://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const;

  enum class Answer {
    waited_for,  ///< The server has answered: it has done what was asked.
    not_awaited  ///< The request was handed over, no more is known.
  };
  /// The next request that begins with `method` gets no answer. `then` runs after it was handed to
  /// the server, before the connection breaks.
  void cut_next(const std::string& method, Answer answer, std::function<void()> then = nullptr);
  [[nodiscard]] int cuts() const { return cuts_; }

 private:
  void serve();
  void relay(int client);

  std::uint16_t server_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::mutex mutex_;
  std::string method_;
  Answer answer_ = Answer::waited_for;
  std::function<void()> then_;
  std::atomic<int> cuts_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace mxsmith::tests
