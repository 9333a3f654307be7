#include "http/client.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <utility>

#include "base/stop_shield.hpp"
#include "base/write_permit.hpp"

namespace mxsmith::http {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

/// A wait is cut into spans of this length, between which a signal is noticed.
constexpr milliseconds kNap{200};

double random_jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

/// "PATCH https://api.example.net/v1/zones/5", credentials hidden.
std::string described(const Request& request, const Secrets& secrets) {
  return std::string(method_name(request.method)) + " " + redacted(request, secrets).url;
}

}  // namespace

struct Client::Impl {
  std::unique_ptr<Transport> transport;
  base::Clock& clock;
  ClientOptions options;
  std::shared_ptr<const Secrets> secrets;
  std::mutex observing;

  [[nodiscard]] bool stopping() const {
    return !base::StopShield::held() && options.stop_requested && options.stop_requested();
  }

  void wait(milliseconds span) {
    const milliseconds end = clock.ticks() + span;
    for (milliseconds now = clock.ticks(); now < end; now = clock.ticks()) {
      if (stopping()) throw Error(ErrorKind::interrupted, "interrupted while waiting for a server");
      clock.sleep_for(std::min(kNap, end - now));
    }
  }

  void wait_for_turn(TokenBucket* bucket) {
    if (bucket == nullptr) return;
    for (auto span = bucket->take(clock.ticks()); span.count() > 0;
         span = bucket->take(clock.ticks())) {
      wait(span);
    }
  }

  void observe(const Request& request, const Response* response, const Error* fault,
               milliseconds began) {
    if (options.observers.empty()) return;
    Exchange exchange;
    exchange.request = redacted(request, *secrets);
    if (response != nullptr) exchange.response = redacted(*response, *secrets);
    if (fault != nullptr) exchange.fault = secrets->hide(fault->what());
    if (const auto* lost = dynamic_cast<const TransportError*>(fault)) {
      exchange.reached = lost->reached();
      exchange.lasting = lost->lasting();
    }
    exchange.took = clock.ticks() - began;
    const std::lock_guard hold(observing);
    for (const auto& observer : options.observers) observer(exchange);
  }

  /// One try: the answer, or the fault in `fault`.
  std::optional<Response> try_once(const Request& request, Attempt& attempt,
                                   std::optional<Error>& fault) {
    const milliseconds began = clock.ticks();
    try {
      Response response = transport->send(request);
      observe(request, &response, nullptr, began);
      attempt.status = response.status;
      if (const std::string* value = response.headers.find("Retry-After")) {
        attempt.retry_after = parse_retry_after(*value, clock.now());
      }
      return response;
    } catch (const TransportError& error) {
      observe(request, nullptr, &error, began);
      attempt.status = 0;
      attempt.reached = error.reached();
      attempt.lasting = error.lasting() || error.kind() == ErrorKind::interrupted;
      fault = error;
    } catch (const Error& error) {
      observe(request, nullptr, &error, began);
      throw;
    }
    return std::nullopt;
  }

  Response send(const Request& request, TokenBucket* bucket) {
    Attempt attempt;
    attempt.intent = request.intent;
    for (;; ++attempt.number) {
      wait_for_turn(bucket);
      attempt.retry_after.reset();
      std::optional<Error> fault;
      auto response = try_once(request, attempt, fault);
      const auto delay =
          retry_delay(attempt, options.jitter ? options.jitter() : random_jitter(), options.retry);
      if (bucket != nullptr && response) {
        bucket->learn(response->headers, clock.ticks(), clock.now().time_since_epoch());
        // The server speaks to the credential, not to this thread: everybody pauses.
        if (delay && attempt.status == 429) bucket->pause_until(clock.ticks() + *delay);
      }
      if (!delay) {
        if (response) return std::move(*response);
        throw fault->with_context(described(request, *secrets));
      }
      wait(*delay);
    }
  }
};

Client::Client(std::unique_ptr<Transport> transport, base::Clock& clock, ClientOptions options)
    : impl_(new Impl{std::move(transport), clock, std::move(options), secrets_, {}}) {}
Client::~Client() = default;

Response Client::send(const Request& request, TokenBucket* bucket) {
  if (request.intent == Intent::write && !base::WritePermit::held()) {
    throw Error(ErrorKind::refused,
                described(request, *secrets_) + ": a write outside of applying a step is not sent");
  }
  return impl_->send(request, bucket);
}

Channel::Channel(Client& client, ChannelOptions options)
    : client_(client), options_(std::move(options)) {
  if (!options_.bucket.empty()) {
    bucket_ = client_.buckets().bucket(options_.bucket, options_.rate);
  }
}

Response Channel::get(const std::string& target) { return send(Method::get, Intent::read, target); }

Response Channel::send(Method method, Intent intent, const std::string& target, std::string body,
                       const Headers& more) {
  Request request{method,           intent,          options_.base_url + target,
                  options_.headers, std::move(body), options_.ca_file};
  for (const auto& [name, value] : more.fields()) request.headers.set(name, value);
  return client_.send(request, bucket_.get());
}

namespace {

ErrorKind kind_of(int status, Intent intent) {
  switch (status) {
    case 401:
    case 403: return ErrorKind::auth;
    case 404: return ErrorKind::not_found;
    case 409:
    case 412: return ErrorKind::conflict;
    case 429: return ErrorKind::rate_limited;
    default: break;
  }
  if (status >= 500) return ErrorKind::unavailable;
  return intent == Intent::write && status >= 400 ? ErrorKind::invalid : ErrorKind::protocol;
}

}  // namespace

void fail_unless_ok(const Response& response, Intent intent, const std::string& doing,
                    const std::string& said, const Secrets& secrets) {
  if (response.status >= 200 && response.status < 300) return;
  const bool refused = response.status >= 300 && response.status < 500 && response.status != 408;
  const Effect effect = intent != Intent::write || refused ? Effect::none : Effect::unknown;
  std::string message = doing + ": the server answered " + std::to_string(response.status);
  if (!said.empty()) message += ": " + secrets.hide(said);
  Error error(kind_of(response.status, intent), message, effect);
  for (const char* name : {"X-Request-Id", "CF-Ray", "X-Amzn-RequestId", "X-Correlation-Id"}) {
    if (const std::string* id = response.headers.find(name)) {
      error.with_request_id(*id);
      break;
    }
  }
  throw error;
}

}  // namespace mxsmith::http
