// The contract between mxsmith and a DNS provider.
//
// A provider translates between RRsets and whatever its API speaks, and does nothing else: it never
// retries, sleeps, waits, sorts, diffs, splits, caches or logs. One instance serves one account; it
// may be called from any thread, but never from two at once for one zone. Failures are base::Error;
// `effect` must be true: `none` only when nothing can have changed. What differs between providers
// is said in Traits, never asked by name.
//
// read() gives the whole zone or throws: a failed or partial read is never an empty zone. Between
// read() and apply() the engine compares what it read with the plan; a provider whose API can do
// compare-and-swap does so as well.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/settings.hpp"
#include "http/client.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"

namespace mxsmith::provider {

/// Changes to send together. Each `before` is what was freshly read, so that ids and etags can be
/// looked up in the LiveZone that goes with it.
struct Step {
  std::vector<plan::Change> changes;
  bool atomic = false;  ///< The plan promises it becomes visible at once; refuse rather than break
                        ///< the promise.
};

/// Work the provider has accepted and not finished; empty token: done.
struct Pending {
  std::string token;
  [[nodiscard]] bool done() const { return token.empty(); }
};

/// What a look at an account found, nothing having been written.
struct AccountCheck {
  struct Line {
    enum class Result : std::uint8_t { good, doubtful, bad };
    Result result = Result::good;
    std::string text;  ///< "the token is active", "it may not list zones"
    std::string hint;  ///< What to do about it; empty for `good`.
  };
  std::vector<Line> lines;
};

class Provider {
 public:
  virtual ~Provider() = default;

  /// What identifies account and endpoint without giving the credentials away: equal for equal
  /// accounts.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
  /// Zones of that very name at this account: none, one, or several (public and private ones of one
  /// name).
  virtual std::vector<plan::ZoneRef> find(const dns::Name& zone) = 0;
  /// Where find() looks, for the message when it finds none: "zones/db.example.com"; may be empty.
  [[nodiscard]] virtual std::vector<std::string> places(const dns::Name& zone) const;
  /// All zones of the account, or nothing when it cannot list them.
  virtual std::optional<std::vector<plan::ZoneRef>> list() = 0;
  [[nodiscard]] virtual plan::Traits traits(const plan::ZoneRef& zone) const = 0;
  virtual plan::LiveZone read(const plan::ZoneRef& zone) = 0;
  /// How a set will come back once stored (case, TTL steps, metadata defaults); the set itself by
  /// default.
  [[nodiscard]] virtual dns::RRset stored(const plan::ZoneRef& zone, const dns::RRset& set) const;
  /// Sends one step. `live` is the latest read of that zone.
  virtual Pending apply(const plan::LiveZone& live, const Step& step) = 0;
  /// Whether a pending step is finished; the engine waits between calls.
  virtual bool done(const plan::ZoneRef& zone, const Pending& pending);
  /// Whether the credential works and what it may do, as far as that shows without writing. Throws
  /// as read() does where nothing can be said. By default: how many zones it sees.
  virtual AccountCheck check();
};

/// For APIs that know single records. ByRecord turns it into a Provider; ids come from
/// LiveExtra::record_ids.
class RecordApi {
 public:
  virtual ~RecordApi() = default;
  struct Record {
    dns::Key key;
    std::uint32_t ttl = 0;
    dns::Rdata value;
    std::string id;
    std::string foreign;
    plan::Meta meta;
  };
  [[nodiscard]] virtual std::string fingerprint() const = 0;
  virtual std::vector<plan::ZoneRef> find(const dns::Name& zone) = 0;
  [[nodiscard]] virtual std::vector<std::string> places(const dns::Name&) const { return {}; }
  virtual std::optional<std::vector<plan::ZoneRef>> list() = 0;
  /// As Provider::check; nothing: what Provider says by itself.
  virtual std::optional<AccountCheck> check() { return std::nullopt; }
  [[nodiscard]] virtual plan::Traits traits(const plan::ZoneRef& zone) const = 0;
  virtual std::vector<Record> records(const plan::ZoneRef& zone) = 0;
  virtual void create(const plan::ZoneRef& zone, const Record& record) = 0;
  /// `record.id` names the record, the rest is its new content.
  virtual void update(const plan::ZoneRef& zone, const Record& record) = 0;
  virtual void remove(const plan::ZoneRef& zone, const Record& record) = 0;
};
std::unique_ptr<Provider> by_record(std::unique_ptr<RecordApi> api);

/// For APIs and files that know only whole zones.
class ZoneApi {
 public:
  virtual ~ZoneApi() = default;
  [[nodiscard]] virtual std::string fingerprint() const = 0;
  virtual std::vector<plan::ZoneRef> find(const dns::Name& zone) = 0;
  [[nodiscard]] virtual std::vector<std::string> places(const dns::Name&) const { return {}; }
  virtual std::optional<std::vector<plan::ZoneRef>> list() = 0;
  [[nodiscard]] virtual plan::Traits traits(const plan::ZoneRef& zone) const = 0;
  virtual plan::LiveZone read_all(const plan::ZoneRef& zone) = 0;
  /// Writes the whole zone: `before` as it was read, and the changes that are wanted in it.
  virtual void write_all(const plan::LiveZone& before,
                         const std::vector<plan::Change>& changes) = 0;
};
std::unique_ptr<Provider> by_zone(std::unique_ptr<ZoneApi> api);

/// What a provider works with, besides its account.
struct Tools {
  base::Clock& clock;
  http::Client& http;
};

/// A row of the table of providers.
struct ProviderInfo {
  std::string type;     ///< "zonefile"
  std::string summary;  ///< One sentence.
  struct SettingInfo {
    std::string name;
    std::string meaning;
    bool required = false;
  };
  std::vector<SettingInfo> settings;
  std::vector<std::string> environment;  ///< Variables it reads when settings are silent.
  plan::Traits traits;                   ///< As they are before a zone is known.
  /// Throws Error{usage} for settings it cannot take, naming file and line.
  std::function<std::unique_ptr<Provider>(const base::Account&, const Tools&)> make;
};

}  // namespace mxsmith::provider
