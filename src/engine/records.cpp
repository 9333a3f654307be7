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

base::SourcePos Records::place(const dns::Key& key) const {
  for (const File& file : files_) {
    const auto& sets = file.file.zone().sets();
    for (const auto& record : file.file.records()) {
      const dns::RRset& set = sets[record.set];
      if (set.type != key.type || set.name != key.name) continue;
      if (record.span.file == 0) return {file.path, record.span.line, 1};
      const auto path = std::make_shared<const std::string>(file.file.files()[record.span.file]);
      return {path, record.span.line, 1};
    }
  }
  return {};
}

}  // namespace mxsmith::engine
