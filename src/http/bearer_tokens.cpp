#include "http/bearer_tokens.hpp"

#include <algorithm>
#include <utility>

namespace mxsmith::http {

namespace {

/// A token is not used in the last minute of its life, or the last tenth of a short one: the
/// request has yet to arrive.
base::Seconds margin_of(base::Seconds lifetime) {
  return std::min(base::Seconds(60), lifetime / 10);
}

}  // namespace

BearerTokens::BearerTokens(const base::Clock& clock, std::shared_ptr<Secrets> secrets,
                           std::function<AccessToken()> fetch)
    : clock_(clock), secrets_(std::move(secrets)), fetch_(std::move(fetch)) {}

void BearerTokens::authorize(Request& request) {
  // Whoever comes while a token is fetched waits for it.
  const std::lock_guard hold(mutex_);
  if (header_.empty() || clock_.ticks() >= good_until_) {
    const auto asked = clock_.ticks();
    AccessToken fresh = fetch_();
    secrets_->add(fresh.token);
    header_ = "Bearer " + fresh.token;
    good_until_ = asked + fresh.lifetime - margin_of(fresh.lifetime);
  }
  request.headers.set("Authorization", header_);
}

bool BearerTokens::renew(const Request& refused) {
  const std::lock_guard hold(mutex_);
  const std::string* sent = refused.headers.find("Authorization");
  // Somebody else may have fetched a new one meanwhile.
  if (sent != nullptr && *sent == header_) header_.clear();
  return true;
}

}  // namespace mxsmith::http
