// A provider under test, and another way to its zones than the provider itself.
//
// The harness drives the provider through the engine, as a user does. What somebody else does to a
// zone, and what really is in it, goes through here: a file is read as a file, a server is asked by
// requests of the tests' own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dns/zone.hpp"
#include "http/transport.hpp"
#include "provider/provider.hpp"

namespace mxsmith::conformance {

/// Whether something took place although no answer came.
enum class Done : std::uint8_t { no, yes };

/// Faults that can be put between a provider and what it writes to. Counts start at 1, the next.
class Faults {
 public:
  virtual ~Faults() = default;
  /// The `write`-th write is refused: it certainly does not take place.
  virtual void refuse_write(std::size_t write) = 0;
  /// The answer to the `write`-th write is lost, and nobody knows whether it took place.
  virtual void lose_write(std::size_t write, Done done) = 0;
  /// The `read`-th read fails, and so do its repetitions.
  virtual void fail_read(std::size_t read) = 0;
  /// Takes away those that have not happened.
  virtual void heal() = 0;
};

/// How the account leads to the server.
enum class Access : std::uint8_t {
  right,
  wrong_secret,  ///< For subjects over HTTP.
  nobody_there,  ///< The same: nothing listens at the address.
};

/// A set as somebody else puts it: the values in presentation form, letter for letter.
struct ForeignSet {
  dns::Key key;
  std::uint32_t ttl = 3600;
  std::vector<std::string> values;
  plan::Meta meta = {};
};

class Subject {
 public:
  virtual ~Subject() = default;

  /// "zonefile", "memory, by record"
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual provider::ProviderInfo info() const = 0;
  /// The settings of its account, lines of TOML without `type`.
  [[nodiscard]] virtual std::string account(Access access) const = 0;
  [[nodiscard]] virtual bool speaks_http() const { return false; }
  /// How requests get to it; null: it needs no network.
  [[nodiscard]] virtual std::unique_ptr<http::Transport> transport() const { return nullptr; }

  /// An empty zone: SOA and NS where the provider keeps them, and nothing else.
  virtual void make_zone(const dns::Name& zone) = 0;
  /// A set in place of what is there. An empty one takes it away.
  virtual void put(const dns::Name& zone, const ForeignSet& set) = 0;
  /// What is in the zone.
  virtual dns::Zone records(const dns::Name& zone) = 0;
  /// A text that is another one after every write, also after one that changes no record.
  virtual std::string mark(const dns::Name& zone) = 0;
  /// Everything that is kept with each set, letter for letter: lines of a file, ids, comments.
  virtual std::map<dns::Key, std::string> texts(const dns::Name& zone) = 0;
  /// Puts something of that kind with a set that mxsmith does not manage; what `texts` will hold of
  /// it. Empty: there is nothing beyond DNS here.
  virtual std::string adorn(const dns::Name& /*zone*/, const dns::Key& /*key*/) { return {}; }
  /// Makes a set the property of somebody else, as far as there is such a thing there: another
  /// file, another program. Whether there is.
  virtual bool give_away(const dns::Name& /*zone*/, const dns::Key& /*key*/) { return false; }
  /// Two values, as JSON text, of each metadata key that its traits name.
  [[nodiscard]] virtual std::vector<std::string> meta_values(const std::string& /*key*/) const {
    return {"\"one\"", "\"two\""};
  }

  /// Runs `work` and gives the states of the zone that could be seen meanwhile.
  virtual std::vector<dns::Zone> seen_during(const dns::Name& zone,
                                             const std::function<void()>& work);
  /// Null: no faults can be placed. Subjects with a transport need none, since the harness stands
  /// between.
  virtual Faults* faults() { return nullptr; }
  /// What must never be shown.
  [[nodiscard]] virtual std::vector<std::string> secrets() const { return {}; }
  /// How its API refuses to store a set; only for subjects with a transport.
  [[nodiscard]] virtual http::Response refusal_of(const dns::Key& /*key*/) const { return {}; }
};

struct SubjectEntry {
  std::string name;
  std::string tag;  ///< For choosing it: "[zonefile]".
  std::function<std::unique_ptr<Subject>()> make;
};
/// The one table of subjects.
std::vector<SubjectEntry> subjects();

std::vector<SubjectEntry> memory_subjects();
std::vector<SubjectEntry> zonefile_subjects();
std::vector<SubjectEntry> powerdns_subjects();
std::vector<SubjectEntry> plugin_subjects();
std::vector<SubjectEntry> digitalocean_subjects();
std::vector<SubjectEntry> cloudflare_subjects();
std::vector<SubjectEntry> gcloud_subjects();
std::vector<SubjectEntry> route53_subjects();
std::vector<SubjectEntry> rfc2136_subjects();

}  // namespace mxsmith::conformance
