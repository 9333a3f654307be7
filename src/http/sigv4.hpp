// AWS Signature Version 4: a signature over a request, by which AWS knows who sent it and that it
// arrived as it was sent ("Signature Version 4 signing process" in AWS's General Reference).
//
// `sign_sigv4` is a pure function of request, key, scope and time; SigV4Authorizer puts it into
// each try of a request, since a signature is good for five minutes only.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "http/client.hpp"

namespace mxsmith::http {

struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;            ///< Empty: they are lasting ones.
  std::optional<base::Instant> expire;  ///< Nothing: never, as far as is known.
};

/// What a signature is good for.
struct SigV4Scope {
  std::string region;   ///< "us-east-1"
  std::string service;  ///< "route53"
};

/// A request as it is signed, with all header fields given here.
struct SigV4Request {
  std::string_view method;
  std::string_view target;  ///< Path and query as they are sent: "/a/b?c=d".
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
};

/// The signature, and the texts it is made of, for tests and for looking at.
struct SigV4Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string authorization;  ///< Value of the header field Authorization.
};

/// `headers` must hold Host and X-Amz-Date, the latter being `when` (see sigv4_time).
SigV4Signature sign_sigv4(const SigV4Request& request, const AwsCredentials& credentials,
                          const SigV4Scope& scope, base::Instant when);

/// "20150830T123600Z"
std::string sigv4_time(base::Instant when);

/// Signs every try of a request with credentials that may expire. Thread-safe.
class SigV4Authorizer final : public Authorizer {
 public:
  /// `fetch` gets credentials, through the client with intent auth; one thread at a time calls it,
  /// first when the first request is signed and again before they expire. It throws Error{auth}
  /// where there are none. `secrets` learns what it gets.
  SigV4Authorizer(const base::Clock& clock, Secrets& secrets, SigV4Scope scope,
                  std::function<AwsCredentials()> fetch);

  /// Sets Host, X-Amz-Date, Authorization and, where there is one, X-Amz-Security-Token.
  void authorize(Request& request) override;
  /// For an answer that refuses a signature: where the server's clock (Date) is minutes away from
  /// the one that was signed by, signs by the server's from now on. Whether it was.
  bool correct_clock(const Response& refusal);
  /// For an answer that calls the session expired: the next try has credentials fetched anew.
  /// Whether there may be others.
  bool drop_expired();

 private:
  [[nodiscard]] base::Instant now() const { return clock_.now() + skew_; }

  const base::Clock& clock_;
  Secrets& secrets_;
  SigV4Scope scope_;
  std::function<AwsCredentials()> fetch_;
  std::mutex mutex_;
  std::optional<AwsCredentials> credentials_;
  base::Seconds skew_{0};  ///< The server's clock less ours.
};

}  // namespace mxsmith::http
