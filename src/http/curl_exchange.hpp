// One request on one libcurl handle: the options it is sent with, and what comes back of it. For
// curl_*.cpp alone.
//
// It lives on the transport's I/O thread, but for its future, which the sender waits on.
#pragma once

#include <curl/curl.h>

#include <array>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "http/curl_fault.hpp"
#include "http/curl_sockets.hpp"
#include "http/gzip.hpp"
#include "http/transport.hpp"

namespace mxsmith::http {

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
/// Handles are used again: each keeps its TLS sessions.
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;

struct HeaderListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class CurlExchange {
 public:
  /// Made by the thread that sends. All outlive it: the sender waits.
  CurlExchange(const Request& request, const TransportOptions& options, CurlSockets& sockets);
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  [[nodiscard]] std::future<Response> result() { return promise_.get_future(); }
  [[nodiscard]] const Request& request() const { return request_; }
  /// Whether it may be given up when the program is asked to stop.
  [[nodiscard]] bool may_stop() const { return may_stop_; }
  [[nodiscard]] Reached reached() const { return reached_; }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }

  /// Makes `easy`, a fresh or reset handle, ready to be run. Throws base::Error.
  void prepare(EasyHandle easy);
  /// Whether the connection that was to be used again turned out to be of no use before anything
  /// was sent: the exchange can be run again, after `renew`.
  [[nodiscard]] bool wants_fresh_connection() const {
    return given_up_ == GivenUp::stale_connection;
  }
  void renew();
  /// The handle back, once it runs no more.
  EasyHandle release() { return std::move(easy_); }

  /// Exactly one of these, and then nothing more of this object but its destruction.
  void finish(CURLcode code);
  void fail(std::exception_ptr error) { promise_.set_exception(std::move(error)); }

 private:
  static std::size_t on_body(char* octets, std::size_t size, std::size_t count, void* exchange);
  static std::size_t on_header(char* octets, std::size_t size, std::size_t count, void* exchange);
  static int on_request(void* exchange, char*, char*, int, int);
  static curl_socket_t on_socket(void* exchange, curlsocktype purpose, curl_sockaddr* address);

  void set_connection();
  void set_limits();
  void set_callbacks();
  void set_method();
  void set_headers();
  void add_header(const std::string& line);
  [[nodiscard]] bool connection_is_stale(int local_port) const;
  bool take_body(std::string_view octets);
  bool take_header(std::string_view line);
  bool choose_encoding();
  bool keep(std::string_view octets);
  [[nodiscard]] std::string field(std::string_view name) const;
  /// What is wrong with an answer that libcurl takes for a good one.
  [[nodiscard]] GivenUp flaw() const;
  [[nodiscard]] CurlFailure failure(CURLcode code) const;

  const Request& request_;
  const TransportOptions& options_;
  CurlSockets& sockets_;
  const bool may_stop_;
  bool connected_ = false;  ///< Made a connection of its own.
  std::promise<Response> promise_;
  EasyHandle easy_;
  std::unique_ptr<curl_slist, HeaderListCleanup> header_list_;
  std::array<char, CURL_ERROR_SIZE> detail_{};

  Response response_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::size_t header_octets_ = 0;
  bool header_ended_ = false;  ///< Of the final answer: its empty line came.
  bool body_began_ = false;
  std::unique_ptr<Gunzip> gunzip_;
  Reached reached_ = Reached::nothing;
  GivenUp given_up_ = GivenUp::no;
};

}  // namespace mxsmith::http
