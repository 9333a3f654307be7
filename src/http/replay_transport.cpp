#include <algorithm>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/recording.hpp"

namespace mxsmith::http {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;

/// How many of the exchanges that are left an error lists.
constexpr std::size_t kMostListed = 5;

std::string line_of(const Request& request) {
  std::string line(method_name(request.method));
  return line.append(" ").append(base::escape_for_terminal(request.url));
}

bool same(const Request& a, const Request& b) {
  return a.method == b.method && a.url == b.url && a.body == b.body;
}

class ReplayTransport final : public Transport {
 public:
  ReplayTransport(const std::filesystem::path& file, std::shared_ptr<const Secrets> secrets)
      : file_(file.string()), secrets_(std::move(secrets)) {
    for (auto& exchange : parse_recording(file_, base::read_file(file))) {
      exchanges_.push_back({std::move(exchange), false});
    }
  }

  Response send(const Request& request) override {
    const Request wanted = redacted(request, *secrets_);
    const std::lock_guard hold(mutex_);
    const auto found =
        std::find_if(exchanges_.begin(), exchanges_.end(), [&](const auto& recorded) {
          return !recorded.used && same(recorded.exchange.request, wanted);
        });
    if (found == exchanges_.end()) throw not_recorded(wanted);
    found->used = true;
    if (found->exchange.response) return std::move(*found->exchange.response);
    throw fault_of(found->exchange, request.intent);
  }

 private:
  struct Recorded {
    Exchange exchange;
    bool used = false;
  };

  static TransportError fault_of(const Exchange& exchange, Intent intent) {
    const bool open = intent == Intent::write && exchange.reached == Reached::maybe;
    TransportError error(ErrorKind::unavailable, exchange.fault, exchange.reached,
                         open ? Effect::unknown : Effect::none);
    if (exchange.lasting) error.make_lasting();
    return error;
  }

  [[nodiscard]] Error not_recorded(const Request& wanted) const {
    std::string message = line_of(wanted) + " was not recorded in " + file_;
    const bool used = std::any_of(exchanges_.begin(), exchanges_.end(), [&](const auto& recorded) {
      return same(recorded.exchange.request, wanted);
    });
    if (used) message = line_of(wanted) + " was recorded in " + file_ + ", but not so often";
    return Error(ErrorKind::protocol, message).with_hint(what_is_left());
  }

  [[nodiscard]] std::string what_is_left() const {
    std::vector<std::string> left;
    for (const auto& recorded : exchanges_) {
      if (!recorded.used) left.push_back(line_of(recorded.exchange.request));
    }
    if (left.empty()) return "nothing is left in the recording";
    const std::size_t more = left.size() - std::min(left.size(), kMostListed);
    left.resize(left.size() - more);
    std::string text = "left in the recording: " + base::join(left, ", ");
    if (more != 0) text += ", and " + base::counted(more, "other", "others");
    return text;
  }

  std::string file_;
  std::shared_ptr<const Secrets> secrets_;
  std::mutex mutex_;
  std::vector<Recorded> exchanges_;
};

}  // namespace

std::unique_ptr<Transport> replay_transport(const std::filesystem::path& file,
                                            std::shared_ptr<const Secrets> secrets) {
  return std::make_unique<ReplayTransport>(file, std::move(secrets));
}

}  // namespace mxsmith::http
