#include <utility>

#include "http/transport.hpp"

namespace mxsmith::http {

namespace {

class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(std::function<Response(const Request&)> answer)
      : answer_(std::move(answer)) {}
  Response send(const Request& request) override { return answer_(request); }

 private:
  std::function<Response(const Request&)> answer_;
};

}  // namespace

std::unique_ptr<Transport> fake_transport(std::function<Response(const Request&)> answer) {
  return std::make_unique<FakeTransport>(std::move(answer));
}

}  // namespace mxsmith::http
