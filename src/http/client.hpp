// What providers send requests with: one client for a whole run.
//
//   provider -> Channel::send -> intent checked -> bucket -> transport -> retry? -> answer
//
// A Channel is a provider's own: base URL, header fields with the credential, budgets. It waits,
// repeats and slows down; the provider above it sees only the last answer. Statuses that are not
// repeated, or no longer, come back as answers: the provider knows what its API means by them
// (`fail_unless_ok` for those that mean the same everywhere).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/rate.hpp"
#include "http/recording.hpp"
#include "http/redact.hpp"
#include "http/retry.hpp"
#include "http/transport.hpp"

namespace mxsmith::http {

struct ClientOptions {
  RetryRules retry;
  std::vector<Observer> observers;
  std::function<bool()> stop_requested;
  /// In [0, 1); random unless a test says otherwise.
  std::function<double()> jitter;
};

/// Puts a credential into each request where a fixed header field cannot: a signature over the
/// request, a token that expires. Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  /// Before every try. May fetch a token first (intent auth). Throws Error{auth}.
  virtual void authorize(Request& request) = 0;
  /// The server said 401 to what `authorize` put in. Whether the next try will carry something
  /// else.
  virtual bool renew(const Request& /*refused*/) { return false; }
};

/// How a request is sent, beside its content.
struct Manner {
  std::vector<TokenBucket*> buckets;  ///< A token of each is needed.
  Authorizer* authorizer = nullptr;   ///< Null: the request carries what it needs.
  /// Whether an answer means what 429 means: nothing was done, ask later. Null: 429 alone.
  std::function<bool(const Response&)> throttled = {};
};

/// Shared by all providers of a run. Thread-safe.
class Client {
 public:
  Client(std::unique_ptr<Transport> transport, base::Clock& clock, ClientOptions options = {});
  ~Client();

  /// Secrets that were resolved: everything the client shows is free of them.
  [[nodiscard]] Secrets& secrets() { return *secrets_; }
  [[nodiscard]] std::shared_ptr<const Secrets> shared_secrets() const { return secrets_; }
  [[nodiscard]] Buckets& buckets() { return buckets_; }

  /// Sends, waits, repeats. Throws Error{refused} for a write without base::WritePermit,
  /// Error{interrupted} when asked to stop while waiting, Error{unavailable} or Error{protocol}
  /// when no whole answer came, `effect` as docs/http.md tells.
  Response send(const Request& request, const Manner& manner = {});

  /// The authorizer of that name, made by whoever asks first: accounts with one credential share
  /// its token. The name holds the credential's fingerprint.
  std::shared_ptr<Authorizer> authorizer(const std::string& name,
                                         const std::function<std::shared_ptr<Authorizer>()>& make);

 private:
  struct Impl;
  std::shared_ptr<Secrets> secrets_ = std::make_shared<Secrets>();
  Buckets buckets_;
  std::unique_ptr<Impl> impl_;
};

/// How one account reaches its API.
struct ChannelOptions {
  std::string base_url;  ///< "http://127.0.0.1:8081/api/v1", no final slash.
  Headers headers;       ///< For every request: credential, Accept.
  std::vector<Budget> budgets;
  std::shared_ptr<Authorizer> authorizer;               ///< Null: `headers` are enough.
  std::function<bool(const Response&)> throttled = {};  ///< As in Manner.
  std::string ca_file;
};

class Channel {
 public:
  Channel(Client& client, ChannelOptions options);

  /// `target` is added to the base URL: "/zones?name=example.com".
  Response get(const std::string& target);
  Response send(Method method, Intent intent, const std::string& target, std::string body = {},
                const Headers& more = {});
  [[nodiscard]] const std::string& base_url() const { return options_.base_url; }

 private:
  Client& client_;
  ChannelOptions options_;
  std::vector<std::shared_ptr<TokenBucket>> buckets_;  ///< Of options_.budgets, in their order.
};

/// Throws for a status of 300 and above. 401 and 403: auth; 404: not_found; 409 and 412: conflict;
/// 429: rate_limited; 5xx: unavailable; every other one: protocol for reads, invalid for writes.
/// `said` is what the provider's error body says, already plain text; it goes into the message with
/// secrets hidden. For writes the effect is none where the server refused (4xx), unknown for 5xx.
void fail_unless_ok(const Response& response, Intent intent, const std::string& doing,
                    const std::string& said, const Secrets& secrets);

}  // namespace mxsmith::http
