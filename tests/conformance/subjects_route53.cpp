// Amazon Route 53, simulated. Zones are looked at where they are kept, not through the API.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/subject.hpp"
#include "providers/route53/route53.hpp"
#include "support/process.hpp"
#include "support/simulators/route53.hpp"

namespace mxsmith::conformance {

namespace {

using Simulator = tests::Route53Simulator;

/// With final dot, lower case, in octal.
std::string name_of(const dns::Name& name) {
  return *Simulator::canonical_name(Simulator::octal(name.text()));
}

std::string text_of(const Simulator::Set& set) {
  std::vector<std::string> values = set.values;
  std::sort(values.begin(), values.end());  // their order means nothing
  std::string text = "[" + set.identifier + "] " + std::to_string(set.ttl);
  for (const std::string& value : values) text += " " + value;
  if (set.weight) text += " weight " + std::to_string(*set.weight);
  if (!set.health_check.empty()) text += " health check " + set.health_check;
  return text + "\n";
}

class Route53Subject final : public Subject {
 public:
  [[nodiscard]] std::string name() const override { return "route53, simulated"; }
  [[nodiscard]] provider::ProviderInfo info() const override { return providers::route53_info(); }
  [[nodiscard]] std::string account(Access access) const override {
    const auto& options = simulator_.options();
    const bool right = access != Access::wrong_secret;
    const auto secret =
        folder_.write("secret", right ? options.secret_access_key : "wrong-secret-of-somebody");
    const auto token = folder_.write("token", options.session_token);
    const std::string url =
        access == Access::nobody_there ? "http://127.0.0.1:1" : Simulator::url();
    return "url = \"" + url + "\"\naccess_key_id = \"" + options.access_key_id +
           "\"\nsecret_access_key = {file = \"" + secret.string() +
           "\"}\nsession_token = {file = \"" + token.string() + "\"}\n";
  }
  [[nodiscard]] bool speaks_http() const override { return true; }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() const override {
    return simulator_.transport({Simulator::url()});
  }
  [[nodiscard]] std::vector<std::string> secrets() const override {
    return {simulator_.options().secret_access_key, simulator_.options().session_token};
  }
  [[nodiscard]] http::Response refusal_of(const dns::Key& key) const override {
    return tests::route53_refusal(
        400, "InvalidChangeBatch",
        "[Invalid Resource Record: FATAL problem: InvalidCharacterString encountered with 'x' of "
        "resource record set [name='" +
            name_of(key.name) + "', type='" + dns::type_name(key.type) + "']]");
  }

  void make_zone(const dns::Name& zone) override {
    const auto known = ids_.find(zone);
    if (known != ids_.end()) simulator_.delete_zone(known->second);
    ids_[zone] = simulator_.create_zone(name_of(zone));
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    const std::string name = name_of(set.key.name);
    const std::string type = dns::type_name(set.key.type);
    if (set.values.empty()) return simulator_.take(ids_.at(zone), name, type);
    Simulator::Set stored;
    stored.name = name;
    stored.type = type;
    stored.ttl = set.ttl;
    for (const std::string& value : set.values) stored.values.push_back(Simulator::octal(value));
    simulator_.put(ids_.at(zone), stored);
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const auto& [key, set] : simulator_.zone(ids_.at(zone)).sets) {
      for (const std::string& text : set.values) {
        auto value =
            dns::parse_rdata(*dns::parse_type(set.type), Simulator::decimal(text), dns::Name());
        if (!value) throw std::runtime_error("a value that is none: " + text);
        all.add(*dns::Name::parse_absolute(Simulator::decimal(set.name)),
                *dns::parse_type(set.type), static_cast<std::uint32_t>(set.ttl), std::move(*value));
      }
    }
    return all;
  }
  std::string mark(const dns::Name& zone) override {
    return std::to_string(simulator_.zone(ids_.at(zone)).changes);
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    for (const auto& [key, set] : simulator_.zone(ids_.at(zone)).sets) {
      all[{*dns::Name::parse_absolute(Simulator::decimal(set.name)), *dns::parse_type(set.type)}] +=
          text_of(set);
    }
    return all;
  }
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    Simulator::Set set = set_at(zone, key);
    set.health_check = "0f1e2d3c-aaaa-bbbb-cccc-445566778899";
    simulator_.put(ids_.at(zone), set);
    return set.health_check;
  }
  /// Values of a set by chance: each of its own, with a weight.
  bool give_away(const dns::Name& zone, const dns::Key& key) override {
    const Simulator::Set simple = set_at(zone, key);
    simulator_.take(ids_.at(zone), simple.name, simple.type);
    std::int64_t weight = 10;
    for (const std::string& value : simple.values) {
      Simulator::Set routed = simple;
      routed.identifier = "part " + std::to_string(weight);
      routed.weight = weight++;
      routed.values = {value};
      simulator_.put(ids_.at(zone), routed);
    }
    return true;
  }

 private:
  static Simulator::Options options() {
    Simulator::Options options;
    options.session_token = "session/token+of the simulator==";
    options.sets_per_page = 40;
    options.polls = 1;
    return options;
  }
  [[nodiscard]] Simulator::Set set_at(const dns::Name& zone, const dns::Key& key) const {
    Simulator::Set wanted;
    wanted.name = name_of(key.name);
    wanted.type = dns::type_name(key.type);
    return simulator_.zone(ids_.at(zone)).sets.at(Simulator::key_of(wanted));
  }

  mutable Simulator simulator_{options()};
  std::map<dns::Name, std::string> ids_;
  tests::TemporaryDirectory folder_;
};

}  // namespace

std::vector<SubjectEntry> route53_subjects() {
  return {{"route53, simulated", "[route53]", [] { return std::make_unique<Route53Subject>(); }}};
}

}  // namespace mxsmith::conformance
