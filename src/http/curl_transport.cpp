// libcurl's multi interface on one thread. Threads that send put their exchange into a queue, wake
// the I/O thread and wait for the future; only that thread ever touches a handle of libcurl.
#include <curl/curl.h>
#include <signal.h>

#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "http/curl_exchange.hpp"
#include "http/transport.hpp"

namespace mxsmith::http {

namespace {

/// How often a wish to stop is looked for while something is under way.
constexpr int kStopPollMs = 100;
/// Nothing is under way: the thread is woken when something comes.
constexpr int kIdlePollMs = 60'000;
constexpr std::size_t kMostIdleHandles = 64;

struct MultiCleanup {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// Once in a program, and not before something is sent: it costs milliseconds of start-up time.
void start_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw base::Error(base::ErrorKind::unsupported, "the HTTP library does not start");
    }
  });
}

/// Signals are for the thread that waits for the user; SIGPIPE comes from TLS connections that
/// break.
std::thread start_thread_without_signals(const std::function<void()>& work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread(work);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (...) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(TransportOptions options) : options_(std::move(options)) {}
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Response send(const Request& request) override;

 private:
  using ExchangePtr = std::unique_ptr<CurlExchange>;

  void start_if_needed();
  void run();
  std::vector<ExchangePtr> take_queue(bool& closing);
  void begin(ExchangePtr exchange);
  void start_last();
  void finish_those_done();
  void give_up_reads();
  void fail_all(CURLMcode code);
  ExchangePtr take_away(CURL* easy);
  void keep(EasyHandle easy);
  [[nodiscard]] bool stopping() const {
    return options_.stop_requested && options_.stop_requested();
  }

  const TransportOptions options_;
  CurlSockets sockets_;  ///< Outlives the connections, which multi_ owns.
  std::unique_ptr<CURLM, MultiCleanup> multi_;
  std::thread thread_;
  std::mutex mutex_;  ///< Guards what follows, and the start of the thread.
  std::vector<ExchangePtr> queue_;
  bool closing_ = false;

  // For the I/O thread alone.
  std::vector<ExchangePtr> active_;
  std::vector<EasyHandle> idle_;
};

CurlTransport::~CurlTransport() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlTransport::start_if_needed() {
  if (thread_.joinable()) return;
  start_library();
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options_.connections_per_host));
  thread_ = start_thread_without_signals([this] { run(); });
}

Response CurlTransport::send(const Request& request) {
  auto exchange = std::make_unique<CurlExchange>(request, options_, sockets_);
  auto result = exchange->result();
  {
    const std::lock_guard lock(mutex_);
    start_if_needed();
    queue_.push_back(std::move(exchange));
  }
  curl_multi_wakeup(multi_.get());
  return result.get();
}

std::vector<CurlTransport::ExchangePtr> CurlTransport::take_queue(bool& closing) {
  const std::lock_guard lock(mutex_);
  closing = closing_;
  return std::exchange(queue_, {});
}

void CurlTransport::run() {
  for (;;) {
    bool closing = false;
    for (auto& exchange : take_queue(closing)) begin(std::move(exchange));
    if (closing && active_.empty()) return;
    int running = 0;
    const CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (code != CURLM_OK) fail_all(code);
    finish_those_done();
    if (!active_.empty() && stopping()) give_up_reads();
    curl_multi_poll(multi_.get(), nullptr, 0, active_.empty() ? kIdlePollMs : kStopPollMs, nullptr);
  }
}

void CurlTransport::begin(ExchangePtr exchange) {
  try {
    EasyHandle easy;
    if (idle_.empty()) {
      easy.reset(curl_easy_init());
    } else {
      easy = std::move(idle_.back());
      idle_.pop_back();
    }
    if (!easy) throw std::bad_alloc();
    exchange->prepare(std::move(easy));
    active_.push_back(std::move(exchange));
  } catch (...) {
    exchange->fail(std::current_exception());
    return;
  }
  start_last();
}

void CurlTransport::start_last() {
  CURL* const easy = active_.back()->easy();
  if (curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
    take_away(easy)->finish(CURLE_FAILED_INIT);
  }
}

CurlTransport::ExchangePtr CurlTransport::take_away(CURL* easy) {
  curl_multi_remove_handle(multi_.get(), easy);
  for (auto& place : active_) {
    if (place->easy() != easy) continue;
    std::swap(place, active_.back());
    ExchangePtr exchange = std::move(active_.back());
    active_.pop_back();
    return exchange;
  }
  return nullptr;
}

void CurlTransport::keep(EasyHandle easy) {
  if (idle_.size() >= kMostIdleHandles) return;
  curl_easy_reset(easy.get());
  idle_.push_back(std::move(easy));
}

void CurlTransport::finish_those_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    ExchangePtr exchange = take_away(message->easy_handle);
    if (exchange->wants_fresh_connection()) {
      exchange->renew();
      active_.push_back(std::move(exchange));
      start_last();
      continue;
    }
    exchange->finish(code);
    keep(exchange->release());
  }
}

void CurlTransport::give_up_reads() {
  for (std::size_t i = active_.size(); i-- > 0;) {
    if (!active_[i]->may_stop()) continue;
    const ExchangePtr exchange = take_away(active_[i]->easy());
    exchange->fail(std::make_exception_ptr(interruption(exchange->request(), exchange->reached())));
  }
}

void CurlTransport::fail_all(CURLMcode code) {
  while (!active_.empty()) {
    const ExchangePtr exchange = take_away(active_.back()->easy());
    exchange->finish(code == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_FAILED_INIT);
  }
}

}  // namespace

std::unique_ptr<Transport> curl_transport(TransportOptions options) {
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace mxsmith::http
