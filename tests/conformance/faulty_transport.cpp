#include "conformance/faulty_transport.hpp"

#include <utility>

namespace mxsmith::conformance {

using http::Intent;
using http::Request;
using http::Response;

void FaultyTransport::Handle::spoil(Intent intent, std::size_t nth, Fault fault) {
  const std::lock_guard hold(mutex_);
  faults_.insert_or_assign({intent, counts_[intent] + nth}, std::move(fault));
}

void FaultyTransport::Handle::spoil_all(Intent intent, Fault fault) {
  const std::lock_guard hold(mutex_);
  lasting_.insert_or_assign(intent, std::move(fault));
}

void FaultyTransport::Handle::heal() {
  const std::lock_guard hold(mutex_);
  faults_.clear();
  lasting_.clear();
}

std::size_t FaultyTransport::Handle::requests(Intent intent) const {
  const std::lock_guard hold(mutex_);
  const auto found = counts_.find(intent);
  return found == counts_.end() ? 0 : found->second;
}

std::optional<FaultyTransport::Fault> FaultyTransport::Handle::next(Intent intent) {
  const std::lock_guard hold(mutex_);
  const std::size_t number = ++counts_[intent];
  if (const auto found = faults_.find({intent, number}); found != faults_.end()) {
    return found->second;
  }
  const auto lasting = lasting_.find(intent);
  if (lasting == lasting_.end()) return std::nullopt;
  return lasting->second;
}

Response FaultyTransport::send(const Request& request) {
  const auto fault = handle_->next(request.intent);
  return fault ? (*fault)(*server_, request) : server_->send(request);
}

FaultyTransport::Fault answer(Response response) {
  return [response = std::move(response)](http::Transport&, const Request&) { return response; };
}

FaultyTransport::Fault answer(int status, http::Headers headers) {
  return answer(Response{status, std::move(headers), {}});
}

FaultyTransport::Fault reset(Done done) {
  return [done](http::Transport& server, const Request& request) -> Response {
    if (done == Done::yes) server.send(request);
    const bool write = request.intent == Intent::write;
    throw http::TransportError(
        base::ErrorKind::unavailable, "the connection was reset before an answer came",
        http::Reached::maybe, write ? base::Effect::unknown : base::Effect::none);
  };
}

FaultyTransport::Fault disguise(std::function<Response(Response)> as) {
  return [as = std::move(as)](http::Transport& server, const Request& request) {
    return as(server.send(request));
  };
}

namespace {

class FaultsOfTheWire final : public Faults {
 public:
  explicit FaultsOfTheWire(std::shared_ptr<FaultyTransport::Handle> handle)
      : handle_(std::move(handle)) {}

  /// 403 is the refusal that every API has.
  void refuse_write(std::size_t write) override {
    handle_->spoil(Intent::write, write, answer(403));
  }
  void lose_write(std::size_t write, Done done) override {
    handle_->spoil(Intent::write, write, reset(done));
  }
  void fail_read(std::size_t read) override {
    // Reads are repeated; every try has to fail.
    constexpr std::size_t kTries = 20;
    for (std::size_t i = 0; i < kTries; ++i) handle_->spoil(Intent::read, read + i, answer(503));
  }
  void heal() override { handle_->heal(); }

 private:
  std::shared_ptr<FaultyTransport::Handle> handle_;
};

}  // namespace

std::unique_ptr<Faults> faults_of_the_wire(std::shared_ptr<FaultyTransport::Handle> handle) {
  return std::make_unique<FaultsOfTheWire>(std::move(handle));
}

}  // namespace mxsmith::conformance
