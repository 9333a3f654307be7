#include "engine/records.hpp"

#include <utility>

#include "base/file.hpp"

namespace mxsmith::engine {

namespace {

/// What the files hold of a zone with its SOA is the whole of it; of other names it is a part.
class Answers final : public mail::Resolver {
 public:
  Answers(const dns::Zone& all, std::vector<dns::Zone> zones)
      : all_(all),
        zones_(std::move(zones)),
        whole_(pointers(zones_)),
        part_(all_, mail::Coverage::declared),
        chain_(whole_, part_) {}

  mail::Answer lookup(const dns::Name& name, dns::Type type) override {
    return chain_.lookup(name, type);
  }

 private:
  static std::vector<const dns::Zone*> pointers(const std::vector<dns::Zone>& zones) {
    std::vector<const dns::Zone*> result;
    result.reserve(zones.size());
    for (const dns::Zone& zone : zones) result.push_back(&zone);
    return result;
  }
  mail::SetsOfZone all_;
  std::vector<dns::Zone> zones_;
  mail::ZoneResolver whole_;
  mail::ZoneResolver part_;
  mail::ChainedResolver chain_;
};

/// As subjects of findings name a value.
std::string text_of(const dns::Rdata& value) {
  const auto* txt = std::get_if<dns::Txt>(&value);
  return txt == nullptr ? dns::print_rdata(value) : txt->octets;
}

}  // namespace

Records::Records(const std::vector<fs::path>& files, const dns::Name& origin,
                 base::Diagnostics& diagnostics) {
  for (const fs::path& path : files) {
    dns::ReadOptions options;
    options.path = path.string();
    options.holding = dns::Holding::records;
    options.origin = origin;
    options.include = [&path](std::string_view name) -> std::optional<std::string> {
      return base::read_file_if_there(path.parent_path() / fs::path(name));
    };
    auto read = dns::read_zone_file(base::read_file(path), dns::Name(), options, diagnostics);
    if (!read) continue;
    for (const dns::RRset& set : read->zone().sets()) {
      for (const dns::Rdata& value : set.values) all_.add(set.name, set.type, set.ttl, value);
    }
    files_.push_back({std::make_shared<const std::string>(path.string()), *std::move(read)});
  }
}

std::unique_ptr<mail::Resolver> Records::resolver() const {
  if (files_.empty()) return nullptr;
  std::vector<dns::Zone> zones;
  for (const dns::RRset& set : all_.sets()) {
    if (set.type == dns::Type::SOA) zones.push_back(zone(set.name));
  }
  return std::make_unique<Answers>(all_, std::move(zones));
}

dns::Zone Records::zone(const dns::Name& apex) const {
  dns::Zone zone(apex);
  for (const dns::RRset& set : all_.sets()) {
    if (set.name.is_at_or_below(apex)) zone.put(set);
  }
  return zone;
}

base::SourcePos Records::place(const mail::Subject& subject) const {
  for (const File& file : files_) {
    const dns::RRset* const wanted = file.file.zone().find(subject.key);
    if (wanted == nullptr) continue;
    const auto& sets = file.file.zone().sets();
    const dns::ZoneFile::Record* of_set = nullptr;
    for (const auto& record : file.file.records()) {
      if (&sets[record.set] != wanted) continue;
      if (of_set == nullptr) of_set = &record;
      if (text_of(wanted->values[record.value]) != subject.octets) continue;
      of_set = &record;
      break;
    }
    if (of_set == nullptr) continue;
    const dns::RecordSpan& span = of_set->span;
    if (span.file == 0) return {file.path, span.line, 1};
    return {std::make_shared<const std::string>(file.file.files()[span.file]), span.line, 1};
  }
  return {};
}

}  // namespace mxsmith::engine
