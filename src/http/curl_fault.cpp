#include "http/curl_fault.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::http {

namespace {

using base::ErrorKind;

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string result = text;
  curl_free(text);
  return result;
}

/// What is told of a failure, before it becomes an error.
struct Told {
  ErrorKind kind = ErrorKind::unavailable;
  std::string message;
  std::string hint;
  bool lasting = false;
};

std::string seconds_of(std::chrono::milliseconds span) {
  const auto tenths = span.count() / 100;
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text + " s";
}

/// libcurl ends an exchange a moment before its time is over.
constexpr std::chrono::milliseconds kImprecision{250};

constexpr const char* kProxyHint =
    "the proxy comes from the environment: check http_proxy, https_proxy, all_proxy and no_proxy";
constexpr const char* kLaterHint = "try again later; if it stays so, ask whoever runs the server";
constexpr const char* kPortHint = "does the URL name the right scheme and port?";

Told given_up(GivenUp why, const std::string& host, const TransportOptions& options) {
  switch (why) {
    case GivenUp::body_too_long:
      return {ErrorKind::protocol,
              host + " sends more than " + std::to_string(options.max_body) +
                  " octets, which is the most that is taken",
              "the answer was given up before its end", true};
    case GivenUp::headers_too_long:
      return {ErrorKind::protocol, host + " sends header fields without end", kPortHint, true};
    case GivenUp::out_of_memory:
      return {ErrorKind::unavailable, "there is not enough memory for the answer of " + host,
              "plan fewer zones at once", true};
    case GivenUp::header_cut:
      return {ErrorKind::unavailable, host + " closed the connection in the middle of the header",
              kLaterHint, false};
    case GivenUp::two_lengths:
      return {ErrorKind::protocol, host + " gives its answer two lengths that differ", kLaterHint,
              false};
    case GivenUp::bad_encoding:
      return {ErrorKind::protocol, "the compressed answer of " + host + " cannot be unpacked",
              kLaterHint, false};
    case GivenUp::stale_connection:
    case GivenUp::sent_already:
    case GivenUp::no: break;
  }
  return {ErrorKind::unavailable, host + " closed the connection without an answer", kLaterHint,
          false};
}

Told timed_out(const CurlFailure& failure, const std::string& host,
               const TransportOptions& options) {
  if (failure.reached == Reached::nothing) {
    return {ErrorKind::unavailable,
            host + " cannot be connected to within " + seconds_of(options.connect_timeout),
            "is the server running, and does a firewall let this machine through?", false};
  }
  if (failure.took + kImprecision >= options.answer_timeout) {
    return {ErrorKind::unavailable,
            host + " did not finish its answer within " + seconds_of(options.answer_timeout),
            kLaterHint, false};
  }
  return {ErrorKind::unavailable,
          host + " fell silent: nothing came for " + seconds_of(options.stall_timeout), kLaterHint,
          false};
}

Told certificate(const std::string& host, const std::string& ca_file) {
  if (ca_file.empty()) {
    return {ErrorKind::unavailable, "the certificate of " + host + " cannot be trusted",
            "if the server's certificate comes from an authority of your own, name its PEM file "
            "with `ca_file`; if not, somebody may be between you and the server",
            true};
  }
  return {ErrorKind::unavailable, "the certificate of " + host + " cannot be trusted",
          "it was checked against the authorities in ca_file " + ca_file, true};
}

Told broken_connection(const CurlFailure& failure, const std::string& host) {
  if (failure.proxy_status >= 300) {
    return {ErrorKind::unavailable,
            "the proxy refuses to connect to " + host + " with status " +
                std::to_string(failure.proxy_status),
            kProxyHint, false};
  }
  return {ErrorKind::unavailable,
          "the connection to " + host + " broke before its answer was whole", kLaterHint, false};
}

/// Faults before the server saw anything of the request.
Told not_reached(const CurlFailure& failure, const std::string& host, const std::string& ca_file) {
  switch (failure.code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {ErrorKind::invalid, "the request has no http or https URL that can be used",
              "check the URL in the account's settings", true};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::unavailable, "the name of " + host + " cannot be resolved",
              "check the URL in the account's settings, and this machine's DNS", false};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorKind::unavailable, "the proxy for " + host + " cannot be resolved", kProxyHint,
              false};
    case CURLE_COULDNT_CONNECT:
      return {ErrorKind::unavailable, host + " cannot be connected to",
              "is the server running, and does a firewall let this machine through?", false};
    case CURLE_PEER_FAILED_VERIFICATION: return certificate(host, ca_file);
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::io, "the authorities in " + ca_file + " cannot be read",
              "ca_file names a PEM file with certificates", true};
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorKind::unavailable, "no TLS connection to " + host + " could be made", kPortHint,
              false};
    default: return broken_connection(failure, host);
  }
}

Told half_way(const CurlFailure& failure, const std::string& host) {
  switch (failure.code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {ErrorKind::protocol, "what " + host + " answers is not HTTP", kPortHint, false};
    case CURLE_GOT_NOTHING:
      return {ErrorKind::unavailable, host + " closed the connection without an answer", kLaterHint,
              false};
    case CURLE_PARTIAL_FILE:
      return {ErrorKind::unavailable, host + " sent less than it announced", kLaterHint, false};
    case CURLE_OUT_OF_MEMORY:
      return {ErrorKind::unavailable, "there is not enough memory for the answer of " + host,
              "plan fewer zones at once", true};
    default: return broken_connection(failure, host);
  }
}

Told told_of(const CurlFailure& failure, const Request& request, const std::string& host,
             const TransportOptions& options) {
  if (failure.given_up != GivenUp::no) return given_up(failure.given_up, host, options);
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return timed_out(failure, host, options);
  if (failure.reached == Reached::maybe) return half_way(failure, host);
  return not_reached(failure, host,
                     request.ca_file.empty() ? options.ca_file.string() : request.ca_file);
}

base::Effect effect_of(Intent intent, Reached reached) {
  return intent == Intent::write && reached == Reached::maybe ? base::Effect::unknown
                                                              : base::Effect::none;
}

}  // namespace

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, UrlCleanup> parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return "the server";
  }
  std::string host = url_part(parsed.get(), CURLUPART_HOST);
  const std::string port = url_part(parsed.get(), CURLUPART_PORT);
  if (!port.empty()) host += ":" + port;
  return base::escape_for_terminal(host);
}

TransportError curl_fault(const CurlFailure& failure, const Request& request,
                          const TransportOptions& options) {
  Told told = told_of(failure, request, host_of(request.url), options);
  // libcurl's words name hosts and system errors, never the credentials in a URL; of a malformed
  // URL they could quote any part.
  if (!failure.detail.empty() && told.kind != ErrorKind::invalid &&
      failure.given_up == GivenUp::no) {
    told.message += " (" + base::escape_for_terminal(failure.detail) + ")";
  }
  TransportError error(told.kind, told.message, failure.reached,
                       effect_of(request.intent, failure.reached));
  if (told.lasting) error.make_lasting();
  error.with_hint(std::move(told.hint));
  return error;
}

TransportError interruption(const Request& request, Reached reached) {
  return {base::ErrorKind::interrupted,
          "stopped while waiting for the answer of " + host_of(request.url), reached,
          effect_of(request.intent, reached)};
}

}  // namespace mxsmith::http
