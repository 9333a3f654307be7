#include "http/client.hpp"

#include <algorithm>
#include <map>
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
  std::mutex authorizing;
  std::map<std::string, std::shared_ptr<Authorizer>> authorizers;

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

  /// A token of each bucket, or of none and how long to wait.
  milliseconds take(const std::vector<TokenBucket*>& buckets) {
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      const milliseconds span = buckets[i]->take(clock.ticks());
      if (span.count() == 0) continue;
      while (i > 0) buckets[--i]->give_back();
      return span;
    }
    return milliseconds(0);
  }

  void wait_for_turn(const std::vector<TokenBucket*>& buckets) {
    for (auto span = take(buckets); span.count() > 0; span = take(buckets)) wait(span);
  }

  void observe(const Request& request, const Response* response, const Error* fault,
               milliseconds began) {
    if (options.observers.empty()) return;
    Exchange exchange;
    exchange.request = redacted(request, *secrets);
    if (response != nullptr) exchange.response = redacted(*response, request, *secrets);
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
  std::optional<Response> try_once(const Request& request, const Manner& manner, Attempt& attempt,
                                   std::optional<Error>& fault) {
    const milliseconds began = clock.ticks();
    try {
      Response response = transport->send(request);
      observe(request, &response, nullptr, began);
      const bool refused = response.status >= 400;
      attempt.status =
          refused && manner.throttled && manner.throttled(response) ? 429 : response.status;
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

  /// The server speaks to the credential, not to this thread: everybody learns, and pauses.
  void learn(const Manner& manner, const Attempt& attempt, const Response& response,
             std::optional<milliseconds> delay) {
    for (TokenBucket* bucket : manner.buckets) {
      bucket->learn(response.headers, clock.ticks(), clock.now().time_since_epoch());
      if (attempt.status != 429) continue;
      if (!attempt.retry_after) bucket->slow_down();
      if (delay) bucket->pause_until(clock.ticks() + *delay);
    }
  }

  Response send(const Request& plain, const Manner& manner) {
    Attempt attempt;
    attempt.intent = plain.intent;
    bool renewed = false;
    for (;; ++attempt.number) {
      wait_for_turn(manner.buckets);
      Request request = plain;
      if (manner.authorizer != nullptr) manner.authorizer->authorize(request);
      attempt.retry_after.reset();
      std::optional<Error> fault;
      auto response = try_once(request, manner, attempt, fault);
      const auto delay =
          retry_delay(attempt, options.jitter ? options.jitter() : random_jitter(), options.retry);
      if (response) learn(manner, attempt, *response, delay);
      if (attempt.status == 401 && manner.authorizer != nullptr && !renewed) {
        renewed = true;
        if (manner.authorizer->renew(request)) continue;
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
    : impl_(new Impl{std::move(transport), clock, std::move(options), secrets_, {}, {}, {}}) {}
Client::~Client() = default;

Response Client::send(const Request& request, const Manner& manner) {
  if (request.intent == Intent::write && !base::WritePermit::held()) {
    throw Error(ErrorKind::refused,
                described(request, *secrets_) + ": a write outside of applying a step is not sent");
  }
  return impl_->send(request, manner);
}

std::shared_ptr<Authorizer> Client::authorizer(
    const std::string& name, const std::function<std::shared_ptr<Authorizer>()>& make) {
  const std::lock_guard hold(impl_->authorizing);
  auto& known = impl_->authorizers[name];
  if (!known) known = make();
  return known;
}

Channel::Channel(Client& client, ChannelOptions options)
    : client_(client), options_(std::move(options)) {
  for (const Budget& budget : options_.budgets) {
    buckets_.push_back(client_.buckets().bucket(budget.name, budget.rate));
  }
}

Response Channel::get(const std::string& target) { return send(Method::get, Intent::read, target); }

Response Channel::send(Method method, Intent intent, const std::string& target, std::string body,
                       const Headers& more) {
  Request request{method,           intent,          options_.base_url + target,
                  options_.headers, std::move(body), options_.ca_file};
  for (const auto& [name, value] : more.fields()) request.headers.set(name, value);
  Manner manner{{}, options_.authorizer.get(), options_.throttled};
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    const auto of = options_.budgets[i].of;
    const bool writes = intent == Intent::write;
    if (of == Budget::Of::all || (of == Budget::Of::writes) == writes) {
      manner.buckets.push_back(buckets_[i].get());
    }
  }
  return client_.send(request, manner);
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
