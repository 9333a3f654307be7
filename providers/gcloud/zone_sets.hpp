// A zone as the API lists it: DNS data for the LiveZone, and beside it the spelling of what is
// spelled otherwise than we would, because deletions have to repeat it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dns/name_text.hpp"
#include "http/json.hpp"
#include "plan/live.hpp"

namespace mxsmith::providers::gcloud {

/// The RR type of a word of the API. A word that nobody knows (ALIAS) gets a number of the range
/// for private use (RFC 6895 section 3.1), always the same, so that the set is seen and left alone.
dns::Type type_of_word(std::string_view word);

/// A value as we write it.
std::string print_content(const dns::Rdata& value);

/// How a set stands in the list.
struct Listed {
  std::string name;
  std::vector<std::string> rrdatas;
};

/// A read's memory: the sets that print_content and Name::text would spell otherwise.
class ZoneMemory final : public plan::Native {
 public:
  /// The rrdatas as a JSON array; empty when the values say it all.
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override;
  [[nodiscard]] const Listed* find(const dns::Key& key) const;
  void keep(const dns::Key& key, Listed listed) { listed_.emplace(key, std::move(listed)); }

 private:
  std::unordered_map<dns::Key, Listed> listed_;
};

/// What verbatim() wrote; empty when the text is not of that kind (an account may have been at
/// another provider when it was written).
std::vector<std::string> parse_verbatim(const std::string& text);

/// Turns elements of `rrsets` into live sets.
class SetReader {
 public:
  explicit SetReader(dns::Name apex) : apex_(std::move(apex)) {}

  /// Throws Error{protocol} for an element that is no record set of this zone or whose records
  /// cannot be understood, naming it.
  void add(const http::Json& rrset);
  [[nodiscard]] std::vector<plan::LiveSet> take_sets() { return std::move(sets_); }
  [[nodiscard]] std::shared_ptr<const ZoneMemory> take_memory() { return std::move(memory_); }

 private:
  [[nodiscard]] dns::Name owner_of(const std::string& text);
  void add_foreign(plan::LiveSet live, const std::vector<std::string>& contents,
                   const std::string& owner);

  dns::Name apex_;
  dns::NamePool names_;
  std::vector<plan::LiveSet> sets_;
  std::shared_ptr<ZoneMemory> memory_ = std::make_shared<ZoneMemory>();
  std::unordered_map<std::string, std::shared_ptr<const plan::LiveExtra>> owners_;
};

}  // namespace mxsmith::providers::gcloud
