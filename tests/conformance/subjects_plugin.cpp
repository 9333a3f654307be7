// The example plug-in that keeps zones in JSON files (examples/plugin/folder.cpp), written from
// outside as such.
#include <algorithm>
#include <stdexcept>

#include "conformance/subject.hpp"
#include "http/json.hpp"
#include "provider/plugin.hpp"
#include "support/process.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;

class FolderSubject final : public Subject {
 public:
  [[nodiscard]] std::string name() const override { return "example plug-in in C++"; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    provider::ProviderInfo info = provider::plugin_info("folder");
    info.traits.atomic_step = plan::Support::yes;
    info.traits.apex_ns = plan::Support::yes;
    info.make = [make = info.make](const base::Account& account, const provider::Tools& tools) {
      base::Account with_command = account;
      with_command.command = {MXSMITH_PLUGIN_FOLDER};
      return make(with_command, tools);
    };
    return info;
  }
  [[nodiscard]] std::string account(Access) const override {
    return "directory = \"" + folder_.path().string() + "\"\n";
  }

  void make_zone(const dns::Name& zone) override {
    store(zone, Json::array());
    put(zone, {{zone, dns::Type::SOA},
               3600,
               {"ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 300"}});
    put(zone, {{zone, dns::Type::NS}, 3600, {"ns1.example.net.", "ns2.example.net."}});
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    Json sets = Json::array();
    for (const Json& one : load(zone)) {
      if (key_of(one) != set.key) sets.push(one);
    }
    if (!set.values.empty()) {
      Json values = Json::array();
      for (const std::string& value : set.values) values.push(value);
      sets.push(Json::object({{"name", set.key.name.text()},
                              {"type", dns::type_name(set.key.type)},
                              {"ttl", set.ttl},
                              {"values", std::move(values)}}));
    }
    store(zone, std::move(sets));
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const Json& set : load(zone)) {
      const dns::Key key = key_of(set);
      for (const Json& text : *set.find("values")->elements()) {
        auto value = dns::parse_rdata(key.type, *text.string(), dns::Name());
        if (!value) throw std::runtime_error("a value that is none: " + *text.string());
        all.add(key.name, key.type, static_cast<std::uint32_t>(*set.find("ttl")->integer()),
                std::move(*value));
      }
    }
    return all;
  }
  /// The file is a new one after every write.
  std::string mark(const dns::Name& zone) override {
    const auto path = folder_.path() / file_of(zone);
    return std::to_string(std::filesystem::last_write_time(path).time_since_epoch().count());
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    for (const Json& set : load(zone)) all[key_of(set)] = http::print_json(set);
    return all;
  }

 private:
  static std::string file_of(const dns::Name& zone) { return zone.text() + "json"; }
  static dns::Key key_of(const Json& set) {
    return {*dns::Name::parse_absolute(*set.find("name")->string()),
            *dns::parse_type(*set.find("type")->string())};
  }
  [[nodiscard]] Json::Array load(const dns::Name& zone) const {
    return *http::parse_json(folder_.read(file_of(zone)), "the zone").find("sets")->elements();
  }
  void store(const dns::Name& zone, Json sets) {
    folder_.write(
        file_of(zone),
        http::print_json(Json::object({{"name", zone.text()}, {"sets", std::move(sets)}})));
  }

  tests::TemporaryDirectory folder_;
};

}  // namespace

std::vector<SubjectEntry> plugin_subjects() {
  return {
      {"example plug-in in C++", "[plugin-cpp]", [] { return std::make_unique<FolderSubject>(); }}};
}

}  // namespace mxsmith::conformance
