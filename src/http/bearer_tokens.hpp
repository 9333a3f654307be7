// Access tokens that expire (RFC 6750): fetched when first needed, shared by all threads and
// accounts with the same credential, fetched anew before they expire and after the server refused
// one.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "http/client.hpp"

namespace mxsmith::http {

struct AccessToken {
  std::string token;
  base::Seconds lifetime{3600};  ///< From when it was asked for.
};

class BearerTokens final : public Authorizer {
 public:
  /// `fetch` gets a new token, through the client with intent auth; one thread at a time calls it.
  /// It throws Error{auth} where the credential is refused.
  BearerTokens(const base::Clock& clock, std::shared_ptr<Secrets> secrets,
               std::function<AccessToken()> fetch);

  /// Sets `Authorization: Bearer TOKEN`.
  void authorize(Request& request) override;
  /// Drops the token that was refused; the next try has another one.
  bool renew(const Request& refused) override;

 private:
  const base::Clock& clock_;
  std::shared_ptr<Secrets> secrets_;
  std::function<AccessToken()> fetch_;
  std::mutex mutex_;
  std::string header_;  ///< "Bearer TOKEN"; empty: none yet.
  std::chrono::milliseconds good_until_{0};
};

}  // namespace mxsmith::http
