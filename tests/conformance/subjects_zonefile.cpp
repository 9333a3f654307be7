// Zone files on the disk, written from outside as text.
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "conformance/subject.hpp"
#include "dns/zone_file.hpp"
#include "providers/zonefile/zonefile.hpp"
#include "support/process.hpp"

namespace mxsmith::conformance {

namespace {

const char* const kEmptyZone = R"($TTL 3600
@ IN SOA ns1.example.net. hostmaster.example.net. 2026010100 7200 3600 1209600 300
@ IN NS ns1.example.net.
@ IN NS ns2.example.net.
)";

class ZoneFileSubject final : public Subject {
 public:
  [[nodiscard]] std::string name() const override { return "zonefile"; }
  [[nodiscard]] provider::ProviderInfo info() const override { return providers::zonefile_info(); }
  [[nodiscard]] std::string account(Access) const override {
    return "path = \"" + folder_.path().string() + "/${zone}.zone\"\n";
  }

  void make_zone(const dns::Name& zone) override { folder_.write(file_of(zone), kEmptyZone); }

  void put(const dns::Name& zone, const ForeignSet& set) override {
    const dns::ZoneFile now = parsed(zone);
    std::string text = now.text();
    if (now.zone().find(set.key) != nullptr) {
      auto without = dns::edit_zone_file(now, {{set.key, std::nullopt}}, std::nullopt);
      if (!without) throw base::Error(base::ErrorKind::invalid, without.fault().message);
      text = std::move(*without);
    }
    // With the root as origin a host without its final dot is the same host.
    if (!set.values.empty()) text += "$ORIGIN .\n";
    for (const std::string& value : set.values) {
      text.append(set.key.name.text()).append(" ").append(std::to_string(set.ttl)).append(" IN ");
      text.append(dns::type_name(set.key.type)).append(" ").append(value).append("\n");
    }
    if (!set.values.empty()) text.append("$ORIGIN ").append(zone.text()).append("\n");
    folder_.write(file_of(zone), text);
  }
  dns::Zone records(const dns::Name& zone) override { return parsed(zone).zone(); }
  std::string mark(const dns::Name& zone) override { return folder_.read(file_of(zone)); }

  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    const dns::ZoneFile file = parsed(zone);
    std::map<dns::Key, std::string> all;
    for (const auto& record : file.records()) {
      if (record.span.file != 0) continue;
      all[file.zone().sets()[record.set].key()] +=
          file.text().substr(record.span.begin, record.span.end - record.span.begin);
    }
    return all;
  }
  /// A comment at the end of each of the set's lines.
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    const dns::ZoneFile file = parsed(zone);
    std::string text = file.text();
    for (auto record = file.records().rbegin(); record != file.records().rend(); ++record) {
      if (file.zone().sets()[record->set].key() == key) {
        text.insert(record->span.end - 1, " ; see ticket 4711");
      }
    }
    folder_.write(file_of(zone), text);
    return "; see ticket 4711";
  }
  /// To a file that the zone file includes.
  bool give_away(const dns::Name& zone, const dns::Key& key) override {
    const dns::Zone now = records(zone);
    const dns::RRset* set = now.find(key);
    std::string lines;
    for (const dns::Rdata& value : set->values) {
      lines.append(key.name.text()).append(" ").append(std::to_string(set->ttl)).append(" IN ");
      lines.append(dns::type_name(key.type)).append(" ").append(dns::print_rdata(value));
      lines.append("\n");
    }
    put(zone, {key, 0, {}, {}});
    folder_.write("others.inc", lines);
    folder_.write(file_of(zone), folder_.read(file_of(zone)) + "$INCLUDE others.inc\n");
    return true;
  }

 private:
  static std::string file_of(const dns::Name& zone) { return zone.text() + "zone"; }

  [[nodiscard]] dns::ZoneFile parsed(const dns::Name& zone) const {
    base::Diagnostics faults;
    dns::ReadOptions options;
    options.include = [this](std::string_view path) { return folder_.read(path); };
    auto file = dns::read_zone_file(folder_.read(file_of(zone)), zone, options, faults);
    if (!file) throw base::Error(base::ErrorKind::invalid, faults.all().front().message);
    return std::move(*file);
  }

  tests::TemporaryDirectory folder_;
};

}  // namespace

std::vector<SubjectEntry> zonefile_subjects() {
  return {{"zonefile", "[zonefile]", [] { return std::make_unique<ZoneFileSubject>(); }}};
}

}  // namespace mxsmith::conformance
