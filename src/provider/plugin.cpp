#include "provider/plugin.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "provider/account_settings.hpp"
#include "provider/plugin_messages.hpp"

namespace mxsmith::provider {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Json;

/// What a plug-in keeps with its sets.
class Memory final : public plan::Native {
 public:
  struct Kept {
    std::string native;
    std::string verbatim;
  };
  void keep(const dns::Key& key, Kept kept) {
    if (!kept.native.empty() || !kept.verbatim.empty()) kept_[key] = std::move(kept);
  }
  [[nodiscard]] std::string native(const dns::Key& key) const {
    const auto found = kept_.find(key);
    return found == kept_.end() ? std::string() : found->second.native;
  }
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override {
    const auto found = kept_.find(key);
    return found == kept_.end() ? std::string() : found->second.verbatim;
  }

 private:
  std::map<dns::Key, Kept> kept_;
};

/// A plug-in speaks one call at a time.
class Conversation {
 public:
  Conversation(const base::Account& account, const Tools& tools, PluginLimits limits)
      : account_(account), http_(tools.http), limits_(limits) {}

  /// Sends a call and answers the plug-in's requests until its result comes.
  Json call(const std::string& name, Json params, Effect when_lost = Effect::none) {
    return talking(when_lost, [&] { return exchange(name, std::move(params)); });
  }

  /// Whether the plug-in has that call; those that may be missing are announced in `hello`.
  bool has(const std::string& call) {
    return talking(Effect::none, [&] { return calls_.contains(call); });
  }
  std::string fingerprint() {
    return talking(Effect::none, [&] {
      return "plugin:" + account_.type + ":" + base::sha256_hex(fingerprint_);
    });
  }

 private:
  /// The plug-in's own refusal, as against a fault in speaking with it.
  class Said : public Error {
   public:
    using Error::Error;
    explicit Said(const Error& error) : Error(error) {}
  };

  /// Does the work with a plug-in that has been started and has opened the account.
  template <class Work>
  auto talking(Effect when_lost, Work work) -> decltype(work()) {
    const std::lock_guard hold(mutex_);
    wrote_ = false;
    try {
      if (!process_) start();
      return work();
    } catch (const Error& error) {
      throw told(error, when_lost);
    }
  }

  void start() {
    opened_ = false;
    calls_.clear();
    process_ =
        std::make_unique<PluginProcess>(account_.command, account_.directory.string(), limits_);
    const Json hello = exchange("hello", Json::object({{"protocol", plugin::kProtocol},
                                                       {"mxsmith", std::string(base::version())}}));
    const std::int64_t* spoken = plugin::member(hello, "protocol").integer();
    if (spoken == nullptr || *spoken != plugin::kProtocol) {
      throw Error(ErrorKind::unsupported, "it speaks another version of the protocol than " +
                                              std::to_string(plugin::kProtocol) +
                                              ", which this mxsmith speaks");
    }
    if (hello.find("calls") != nullptr) {
      for (const Json& one : plugin::list_member(hello, "calls")) {
        if (one.string() != nullptr) calls_.insert(*one.string());
      }
    }
    open();
  }

  void open() {
    const Json opened =
        exchange("open", Json::object({{"account", account_.name}, {"settings", settings()}}));
    fingerprint_ = plugin::text_member(opened, "fingerprint");
    http::Rate rate;
    if (const Json* asked = opened.find("requests_per_second")) {
      const std::int64_t* whole = asked->integer();
      const double* part = asked->number();
      rate.per_second = whole != nullptr  ? static_cast<double>(*whole)
                        : part != nullptr ? *part
                                          : 0.0;
    }
    bucket_ = http_.buckets().bucket("plugin:" + account_.type + ":" + fingerprint_, rate);
    opened_ = true;
  }

  /// As the project file has them; secrets are fetched, and hidden wherever they come up again.
  Json settings() {
    Json all = Json::object();
    for (const auto& [name, setting] : account_.settings) {
      all.add(name, std::visit([&](const auto& value) { return json_of(value); }, setting.value));
    }
    return all;
  }
  static Json json_of(const std::string& text) { return text; }
  static Json json_of(std::int64_t number) { return number; }
  static Json json_of(bool truth) { return truth; }
  static Json json_of(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& text : texts) list.push(text);
    return list;
  }
  Json json_of(const base::SecretSource& source) {
    const base::Secret secret = base::resolve_secret(source);
    http_.secrets().add(secret.reveal());
    return secret.reveal();
  }

  Json exchange(const std::string& name, Json params) {
    const std::int64_t id = ++calls_made_;
    process_->write_line(http::print_json(
        Json::object({{"id", id}, {"call", name}, {"params", std::move(params)}})));
    for (;;) {
      const Json line = http::parse_json(process_->read_line(), "its answer");
      if (const Json* number = line.find("http")) {
        answer_request(*number, plugin::member(line, "request"));
        continue;
      }
      const std::int64_t* answered = plugin::member(line, "id").integer();
      if (answered == nullptr || *answered != id) plugin::refuse("it answers another call");
      if (const Json* error = line.find("error")) throw Said(plugin::error_of(*error));
      return plugin::member(line, "result");
    }
  }

  /// The client refuses writes outside of a step by itself (base/write_permit.hpp).
  void answer_request(const Json& number, const Json& asked) {
    http::Request request = plugin::request_of(asked);
    if (const std::string* file = account_.get<std::string>("ca_file")) {
      request.ca_file = (account_.directory / *file).string();
    }
    Json answer = Json::object({{"http", number}});
    try {
      const http::Response response = http_.send(request, {{bucket_.get()}, nullptr, {}});
      wrote_ = wrote_ || (request.intent == http::Intent::write &&
                          (response.status < 400 || response.status >= 500));
      answer.add("response", plugin::json_of(response));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::refused) throw;
      wrote_ = wrote_ || error.effect() != Effect::none;
      answer.add("error", plugin::json_of(error));
    }
    process_->write_line(http::print_json(answer));
  }

  /// The error as the engine may believe it. A plug-in that says that nothing happened is believed
  /// only as far as its own requests bear it out.
  Error told(const Error& error, Effect when_lost) {
    const bool said = dynamic_cast<const Said*>(&error) != nullptr;
    Effect effect = said ? error.effect() : when_lost;
    if (when_lost == Effect::none) effect = Effect::none;
    if (effect == Effect::none && wrote_) effect = Effect::unknown;
    std::string complaint;
    if (process_) complaint = process_->take_complaint();
    // One that refused to open the account is asked anew as well.
    if (!said || !opened_) process_.reset();
    // It may repeat what a server said, and servers repeat what they were sent.
    Error result(error.kind(),
                 "plug-in " + account_.type + ": " + http_.secrets().hide(error.what()), effect);
    if (!error.key().empty()) result.about(http_.secrets().hide(error.key()));
    if (!error.request_id().empty()) result.with_request_id(error.request_id());
    result.with_hint(hint_of(error, complaint));
    return result;
  }
  std::string hint_of(const Error& error, const std::string& complaint) const {
    if (!error.hint().empty()) return http_.secrets().hide(error.hint());
    const std::string_view text = base::trim(complaint);
    if (text.empty()) return {};
    // The last line is what tracebacks end with.
    const std::size_t line = text.rfind('\n');
    const std::string_view last = line == text.npos ? text : text.substr(line + 1);
    return "its standard error ends with: " + base::escape_for_terminal(http_.secrets().hide(last));
  }

  const base::Account account_;
  http::Client& http_;
  const PluginLimits limits_;
  std::mutex mutex_;
  std::unique_ptr<PluginProcess> process_;
  std::set<std::string> calls_;
  bool opened_ = false;  ///< The process has taken the account.
  std::string fingerprint_;
  std::shared_ptr<http::TokenBucket> bucket_;
  std::int64_t calls_made_ = 0;
  bool wrote_ = false;  ///< In this call something may have been written.
};

class Plugin final : public Provider {
 public:
  Plugin(const base::Account& account, const Tools& tools, PluginLimits limits)
      : type_(account.type), talk_(account, tools, limits), clock_(tools.clock) {
    fingerprint_ = reading([&] { return talk_.fingerprint(); });
  }

  [[nodiscard]] std::string fingerprint() const override { return fingerprint_; }

  std::vector<plan::ZoneRef> find(const dns::Name& zone) override {
    const Json answer = talk_.call("find", Json::object({{"zone", zone.text()}}));
    auto found = reading([&] { return zones_of(answer); });
    std::erase_if(found, [&](const plan::ZoneRef& ref) { return ref.name != zone; });
    return found;
  }

  std::optional<std::vector<plan::ZoneRef>> list() override {
    if (!talk_.has("list")) return std::nullopt;
    const Json answer = talk_.call("list", Json::object());
    return reading([&] { return zones_of(answer); });
  }

  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    const std::lock_guard hold(traits_mutex_);
    const auto known = traits_.find(zone.id);
    if (known != traits_.end()) return known->second;
    const Json answer = talk_.call("traits", Json::object({{"zone", plugin::json_of(zone)}}));
    return traits_[zone.id] =
               reading([&] { return plugin::traits_of(plugin::member(answer, "traits")); });
  }

  plan::LiveZone read(const plan::ZoneRef& zone) override {
    const Json answer = talk_.call("read", Json::object({{"zone", plugin::json_of(zone)}}));
    return reading([&] { return live_of(answer, zone); });
  }

  [[nodiscard]] dns::RRset stored(const plan::ZoneRef& zone, const dns::RRset& set) const override {
    if (!talk_.has("stored")) return set;
    plugin::WireSet wire;
    wire.live.set = set;
    const Json answer = talk_.call(
        "stored", Json::object({{"zone", plugin::json_of(zone)}, {"set", plugin::json_of(wire)}}));
    return reading([&] { return plugin::set_of(plugin::member(answer, "set")).live.set; });
  }

  Pending apply(const plan::LiveZone& live, const Step& step) override {
    const auto* memory = dynamic_cast<const Memory*>(live.native.get());
    Json changes = Json::array();
    for (const auto& change : step.changes) {
      const std::string native = memory == nullptr ? std::string() : memory->native(change.key);
      changes.push(plugin::json_of(plugin::WireChange{change, native}));
    }
    const Json answer = talk_.call("apply",
                                   Json::object({{"zone", plugin::json_of(live.ref())},
                                                 {"version", live.version},
                                                 {"atomic", step.atomic},
                                                 {"changes", std::move(changes)}}),
                                   Effect::unknown);
    return {plugin::text_member_or(answer, "pending", {})};
  }

  bool done(const plan::ZoneRef& zone, const Pending& pending) override {
    const Json answer = talk_.call(
        "done", Json::object({{"zone", plugin::json_of(zone)}, {"pending", pending.token}}));
    return reading([&] {
      const bool* is = plugin::member(answer, "done").boolean();
      if (is == nullptr) plugin::refuse("\"done\" is neither true nor false");
      return *is;
    });
  }

  AccountCheck check() override {
    if (!talk_.has("check")) return Provider::check();
    const Json answer = talk_.call("check", Json::object());
    return reading([&] { return check_of(answer); });
  }

 private:
  /// Runs what reads an answer, so that its errors say whose answer it was.
  template <class Work>
  auto reading(Work work) const -> decltype(work()) {
    try {
      return work();
    } catch (const Error& error) {
      const std::string who = "plug-in " + type_;
      if (std::string_view(error.what()).starts_with(who)) throw;
      throw error.with_context(who);
    }
  }

  static std::vector<plan::ZoneRef> zones_of(const Json& answer) {
    std::vector<plan::ZoneRef> zones;
    for (const Json& one : plugin::list_member(answer, "zones")) {
      zones.push_back(plugin::zone_of(one));
    }
    return zones;
  }

  plan::LiveZone live_of(const Json& answer, const plan::ZoneRef& zone) const {
    plan::LiveZone live(zone);
    auto memory = std::make_shared<Memory>();
    const auto& sets = plugin::list_member(answer, "sets");
    live.reserve(sets.size());
    for (const Json& one : sets) {
      plugin::WireSet set = plugin::set_of(one);
      if (!set.live.set.name.is_at_or_below(zone.name)) {
        plugin::refuse(set.live.set.key().text() + " is not in zone " + zone.name.display());
      }
      memory->keep(set.live.set.key(), {std::move(set.native), std::move(set.verbatim)});
      live.add(std::move(set.live));
    }
    live.native = std::move(memory);
    live.version = plugin::text_member_or(answer, "version", {});
    live.read_at = clock_.now();
    return live;
  }

  static AccountCheck check_of(const Json& answer) {
    AccountCheck check;
    for (const Json& one : plugin::list_member(answer, "lines")) {
      using Result = AccountCheck::Line::Result;
      const std::string& word = plugin::text_member(one, "result");
      const Result result = word == "good"       ? Result::good
                            : word == "doubtful" ? Result::doubtful
                                                 : Result::bad;
      check.lines.push_back({result, base::escape_for_terminal(plugin::text_member(one, "text")),
                             base::escape_for_terminal(plugin::text_member_or(one, "hint", {}))});
    }
    return check;
  }

  std::string type_;
  mutable Conversation talk_;
  base::Clock& clock_;
  std::string fingerprint_;
  mutable std::mutex traits_mutex_;
  mutable std::map<std::string, plan::Traits> traits_;  ///< By zone id.
};

}  // namespace

ProviderInfo plugin_info(const std::string& type, PluginLimits limits) {
  ProviderInfo info;
  info.type = type;
  info.summary = "A plug-in: a program that is named in mxsmith.toml.";
  info.make = [limits](const base::Account& account, const Tools& tools) {
    return std::make_unique<Plugin>(account, tools, limits);
  };
  return info;
}

}  // namespace mxsmith::provider
