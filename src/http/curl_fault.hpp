// What libcurl says of an exchange that failed, as an Error for people. For curl_*.cpp alone.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "http/transport.hpp"

namespace mxsmith::http {

/// Why an exchange was given up on our side; libcurl knows only that it was, or not even that.
enum class GivenUp : std::uint8_t {
  no,
  body_too_long,
  headers_too_long,
  out_of_memory,
  header_cut,
  two_lengths,       ///< Content-Length twice, and not the same.
  bad_encoding,      ///< Compressed, and not or not wholly to be unpacked.
  stale_connection,  ///< Octets that nobody asked for, or its end, wait on it.
  sent_already,      ///< libcurl wanted to send a write for a second time.
};

/// How an exchange ended without an answer.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string detail;  ///< libcurl's own words; may be empty.
  Reached reached = Reached::nothing;
  GivenUp given_up = GivenUp::no;
  long proxy_status = 0;  ///< What a proxy answered to CONNECT; 0: it was not asked.
  std::chrono::milliseconds took{0};
};

/// "api.example.net", with the port where it is not the scheme's own. Never holds credentials;
/// "the server" for what is no URL.
std::string host_of(const std::string& url);

TransportError curl_fault(const CurlFailure& failure, const Request& request,
                          const TransportOptions& options);

/// The error of an exchange that was given up because the program was asked to stop.
TransportError interruption(const Request& request, Reached reached);

}  // namespace mxsmith::http
