// Records as Cloudflare lists them: DNS data, what it keeps beside that, and whose they are.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dns/name_text.hpp"
#include "http/json.hpp"
#include "provider/record_sets.hpp"

namespace mxsmith::providers::cloudflare {

/// TTL 1 is "automatic", which is served as 300 seconds; sets with it have this TTL and the
/// metadata `automatic_ttl`.
inline constexpr std::uint32_t kAutomaticTtl = 300;

/// What TTL to write for records with that metadata.
std::uint32_t written_ttl(std::uint32_t ttl, const plan::Meta& meta);

/// Adds proxied, comment and tags; in full also those that are as they are by default.
enum class Defaults : std::uint8_t { left_out, written };
void add_meta(http::Json& record, dns::Type type, const plan::Meta& meta, Defaults defaults);

/// "www.example.com" for www.example.com.
std::string name_text(const dns::Name& name);

/// A read's memory: for sets in which a record has more than values, TTL and metadata of the set
/// say, what each record has.
class ZoneMemory final : public provider::RecordMemory {
 public:
  /// A JSON array of {value, proxied, comment, tags, settings, ...}; empty when the set says it
  /// all.
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override;
  void keep(const dns::Key& key, const dns::Rdata& value, const http::Json& record);

 private:
  std::unordered_map<dns::Key, http::Json> kept_;
};

/// What verbatim() remembers of the record with that value, without `value`; null where it knows
/// nothing.
http::Json remembered(const std::string& verbatim, const dns::Rdata& value);

/// Who keeps a record that is not the user's to change: "Cloudflare Email Routing"; empty: nobody.
std::string owner_of(const http::Json& record, const std::string& type);

/// Turns elements of `result` into records.
class RecordReader {
 public:
  RecordReader(dns::Name apex, std::string doing)
      : apex_(std::move(apex)), doing_(std::move(doing)) {}
  /// Throws Error{protocol} for an element that is no record of this zone, or one of a type that
  /// mail depends on and that cannot be read.
  void add(const http::Json& record);
  [[nodiscard]] std::vector<provider::RecordApi::Record> take_records() {
    return std::move(records_);
  }
  [[nodiscard]] std::shared_ptr<ZoneMemory> take_memory() { return std::move(memory_); }

 private:
  [[nodiscard]] dns::Name name_of(const std::string& text);
  void keep(const provider::RecordApi::Record& read, const http::Json& record);

  dns::Name apex_;
  std::string doing_;
  dns::NamePool names_;
  std::vector<provider::RecordApi::Record> records_;
  std::shared_ptr<ZoneMemory> memory_ = std::make_shared<ZoneMemory>();
};

}  // namespace mxsmith::providers::cloudflare
