// Takes secrets out of whatever is shown, logged or recorded.
//
// Two nets: header fields and query parameters that hold credentials by their names, whatever
// their values; and every octet sequence that was resolved as a secret, wherever it appears, also
// percent-encoded, as base64 or escaped for JSON.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace mxsmith::http {

/// What stands in a secret's place.
inline constexpr std::string_view kHidden = "[hidden]";

/// The secrets of a run. Thread-safe.
class Secrets {
 public:
  /// Values shorter than four octets are kept by header name only: hiding "1" everywhere would
  /// leave nothing to read.
  void add(std::string_view secret);
  [[nodiscard]] std::string hide(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> forms_;
};

/// Whether a header field of that name holds a credential: Authorization, Cookie, X-API-Key, and
/// every name with "token", "secret", "auth", "key" or "signature" in it.
bool is_secret_header(std::string_view name);
/// Whether a query parameter of that name does.
bool is_secret_parameter(std::string_view name);

/// Copies without credentials, for showing and recording: fields of forms and tokens in answers of
/// token endpoints (RFC 6749 section 5.1) are hidden by their names as well.
Request redacted(const Request& request, const Secrets& secrets);
Response redacted(const Response& response, const Secrets& secrets);
/// The same for an answer to that request: where a token was asked for, whatever looks like one is
/// hidden as well, by whatever name it comes.
Response redacted(const Response& response, const Request& asked, const Secrets& secrets);

}  // namespace mxsmith::http
