// Google Cloud DNS: the simulator.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/subject.hpp"
#include "providers/gcloud/gcloud.hpp"
#include "support/process.hpp"
#include "support/simulators/gcloud.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;
using tests::GcloudSimulator;

/// "example-com"
std::string id_of(const dns::Name& zone) {
  std::string id = zone.text();
  id.pop_back();
  std::replace(id.begin(), id.end(), '.', '-');
  return id;
}

GcloudSimulator::Key key_of(const dns::Key& key) {
  return {key.name.text(), dns::type_name(key.type)};
}

/// What the list calls a host without its final dot has one here: the API takes and gives no other.
std::string with_final_dot(dns::Type type, std::string content) {
  const bool host = type == dns::Type::MX || type == dns::Type::CNAME || type == dns::Type::NS;
  return host && !content.ends_with('.') ? content + "." : content;
}

/// What a policy of `give_away` chooses among.
std::vector<std::string> choices_in(const Json& policy) {
  std::vector<std::string> texts;
  for (const Json& item : *policy.find("wrr")->find("items")->elements()) {
    for (const Json& text : *item.find("rrdatas")->elements()) texts.push_back(*text.string());
  }
  return texts;
}

GcloudSimulator::Options small_pages() {
  GcloudSimulator::Options options;
  options.page = 100;
  options.sets_per_change = 300;
  options.one_token = true;
  return options;
}

class GcloudSubject final : public Subject {
 public:
  [[nodiscard]] std::string name() const override { return "gcloud, simulated"; }
  [[nodiscard]] provider::ProviderInfo info() const override { return providers::gcloud_info(); }
  [[nodiscard]] std::string account(Access access) const override {
    const bool right = access != Access::wrong_secret;
    const auto file =
        folder_.write("key.json", right ? GcloudSimulator::service_account_file()
                                        : GcloudSimulator::wrong_service_account_file());
    const std::string url =
        access == Access::nobody_there ? "https://nobody.example" : GcloudSimulator::kApi;
    return "url = \"" + url + "\"\nproject = \"" + GcloudSimulator::kProject +
           "\"\ncredentials = {file = \"" + file.string() + "\"}\n";
  }
  [[nodiscard]] bool speaks_http() const override { return true; }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() const override {
    return simulator_.transport();
  }
  [[nodiscard]] std::vector<std::string> secrets() const override {
    std::vector<std::string> all = {GcloudSimulator::kToken};
    const std::string key = GcloudSimulator::private_key();
    for (std::size_t at = key.find('\n') + 1; at + 65 < key.size(); at += 65) {
      all.push_back(key.substr(at, 64));
    }
    return all;
  }
  [[nodiscard]] http::Response refusal_of(const dns::Key& key) const override {
    return tests::gcloud_refusal({400, "invalid",
                                  "The resource record set 'entity.change.additions[7]' named '" +
                                      key.name.text() + " (" + dns::type_name(key.type) +
                                      ")' is invalid."});
  }

  void make_zone(const dns::Name& zone) override { simulator_.make_zone(id_of(zone), zone.text()); }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    if (set.values.empty()) return simulator_.remove(id_of(zone), key_of(set.key));
    GcloudSimulator::Set stored{set.ttl, {}, {}};
    for (const std::string& value : set.values) {
      stored.rrdatas.push_back(with_final_dot(set.key.type, value));
    }
    simulator_.put(id_of(zone), key_of(set.key), std::move(stored));
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const auto& [key, set] : simulator_.sets(id_of(zone))) {
      const auto name = dns::Name::parse_absolute(key.first);
      const auto type = dns::parse_type(key.second);
      if (!name || !type) throw std::runtime_error("a set that is none: " + key.first);
      for (const std::string& text : set.policy.is_null() ? set.rrdatas : choices_in(set.policy)) {
        auto value = dns::parse_rdata(*type, text, dns::Name());
        if (!value.ok()) throw std::runtime_error("a value that is none: " + text);
        all.add(*name, *type, static_cast<std::uint32_t>(set.ttl), std::move(*value));
      }
    }
    return all;
  }
  std::string mark(const dns::Name& zone) override {
    return std::to_string(simulator_.writes(id_of(zone)));
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    for (const auto& [key, set] : simulator_.sets(id_of(zone))) {
      std::string text = std::to_string(set.ttl);
      for (const std::string& one : set.rrdatas) text += " " + one;
      if (!set.policy.is_null()) text += " " + http::print_json(set.policy);
      all[{*dns::Name::parse_absolute(key.first), *dns::parse_type(key.second)}] = text;
    }
    return all;
  }
  /// By a routing policy, as somebody would set it in the console.
  bool give_away(const dns::Name& zone, const dns::Key& key) override {
    GcloudSimulator::Set set = simulator_.sets(id_of(zone)).at(key_of(key));
    Json rrdatas = Json::array();
    for (const std::string& text : set.rrdatas) rrdatas.push(text);
    const Json item = Json::object({{"weight", 1.5}, {"rrdatas", std::move(rrdatas)}});
    set.policy = Json::object({{"wrr", Json::object({{"items", Json::array({item})}})}});
    set.rrdatas.clear();
    simulator_.put(id_of(zone), key_of(key), std::move(set));
    return true;
  }

 private:
  mutable GcloudSimulator simulator_{small_pages()};
  tests::TemporaryDirectory folder_;
};

}  // namespace

std::vector<SubjectEntry> gcloud_subjects() {
  return {{"gcloud, simulated", "[gcloud]", [] { return std::make_unique<GcloudSubject>(); }}};
}

}  // namespace mxsmith::conformance
