#include "providers/rfc2136/zone_records.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/dnssec_types.hpp"

namespace mxsmith::providers::rfc2136 {

namespace {

constexpr std::string_view kVerbatim = "rdata ";

/// TTLs beyond 2^31-1 count as 0 (RFC 2181 section 8).
std::uint32_t ttl_of(const resolve::Record& record) {
  return record.ttl > dns::kMaxTtl ? 0 : record.ttl;
}

/// Where BIND notes how far it has signed (its type 65534).
constexpr auto kSigningState = static_cast<dns::Type>(65534);

struct Gathered {
  dns::RRset set;
  std::vector<std::string> wires;
  bool as_written = true;  ///< The wires are what the values give.
};

void add(Gathered& to, resolve::Record&& record) {
  auto value = dns::from_wire(record.type, record.rdata);
  if (!value.ok()) {
    const dns::Key key{record.owner, record.type};
    throw base::Error(base::ErrorKind::protocol,
                      "a record of the transfer cannot be read: " + key.text())
        .about(key.text());
  }
  to.as_written = to.as_written && dns::to_wire(*value) == record.rdata;
  // Texts that are cut in different ways are one text.
  if (!to.set.add(*value)) to.as_written = false;
  to.wires.push_back(std::move(record.rdata));
}

}  // namespace

std::string ZoneMemory::verbatim(const dns::Key& key) const {
  const auto* wires = find(key);
  if (wires == nullptr) return {};
  std::vector<std::string> words;
  words.reserve(wires->size());
  for (const auto& wire : *wires) words.push_back(base::print_base64(wire));
  return std::string(kVerbatim) + base::join(words, " ");
}

const std::vector<std::string>* ZoneMemory::find(const dns::Key& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : &found->second;
}

std::vector<std::string> parse_verbatim(const std::string& text) {
  std::vector<std::string> wires;
  if (!text.starts_with(kVerbatim)) return wires;
  for (const auto& word : base::split(std::string_view(text).substr(kVerbatim.size()), ' ')) {
    if (auto wire = base::parse_base64(word)) wires.push_back(std::move(*wire));
  }
  return wires;
}

bool is_kept_by_server(dns::Type type) {
  return type == dns::Type::SOA || type == kSigningState || plan::is_signing_data(type);
}

plan::LiveZone live_zone(const plan::ZoneRef& zone, std::vector<resolve::Record> records) {
  std::vector<Gathered> all;
  std::unordered_map<dns::Key, std::size_t> places;
  auto memory = std::make_shared<ZoneMemory>();
  for (resolve::Record& record : records) {
    memory->is_signed = memory->is_signed || record.type == dns::Type::RRSIG;
    if (record.type != dns::Type::SOA && is_kept_by_server(record.type)) continue;
    const auto [place, fresh] = places.try_emplace({record.owner, record.type}, all.size());
    if (fresh) all.push_back({{record.owner, record.type, ttl_of(record), {}}, {}});
    // Should they differ, the lowest holds (RFC 2181 section 5.2).
    Gathered& one = all[place->second];
    one.set.ttl = std::min(one.set.ttl, ttl_of(record));
    add(one, std::move(record));
  }
  plan::LiveZone live(zone);
  live.reserve(all.size());
  for (Gathered& one : all) {
    if (!one.as_written) memory->keep(one.set.key(), std::move(one.wires));
    live.add({std::move(one.set), {}});
  }
  live.native = std::move(memory);
  return live;
}

}  // namespace mxsmith::providers::rfc2136
