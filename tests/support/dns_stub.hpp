// A DNS server over TCP that does exactly what a test says, on a free port of 127.0.0.1: for faults
// that real servers do not have, and for standing between a client and a real one.
//
//   DnsStub stub([](DnsStub::Peer& peer) { peer.send(answer_to(peer.receive())); });
//
// Every connection is treated by the script, in a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <thread>

namespace mxsmith::tests {

class DnsStub {
 public:
  /// One end of a connection. When the other side has gone away or the server ends, its functions
  /// throw something internal, which ends the script.
  class Peer {
   public:
    Peer(int socket, int stop) : socket_(socket), stop_(stop) {}
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// The next message, without its two octets of length.
    std::string receive();
    void send(std::string_view message);
    /// Octets as they are.
    void send_raw(std::string_view octets);
    /// Passes on what `other` sends until one of the two goes away.
    void pass_on(Peer& other);
    /// Does nothing until the client goes away.
    void hang();
    /// A connection to a server on this machine.
    [[nodiscard]] static int connect(std::uint16_t port);
    [[nodiscard]] int stop() const { return stop_; }

   private:
    void read_some();
    int socket_;
    int stop_;
    std::string received_;
  };
  using Script = std::function<void(Peer&)>;

  explicit DnsStub(Script script);
  ~DnsStub();
  DnsStub(const DnsStub&) = delete;
  DnsStub& operator=(const DnsStub&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  struct Worker {
    std::thread thread;
    std::atomic<bool> over{false};
  };
  void accept_all();
  void converse(int socket);

  Script script_;
  int listener_ = -1;
  int stop_ = -1;  ///< An eventfd that is readable once the server ends.
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::list<Worker> workers_;  ///< Of the acceptor alone.
  std::thread acceptor_;
};

}  // namespace mxsmith::tests
