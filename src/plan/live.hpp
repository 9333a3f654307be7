// What is there now: a zone as a provider reads it, and what a provider can do.
//
// These are plain values, and they stand in `plan` because planning reads them; the provider
// contract (provider/provider.hpp) fills them in. A failed or partial read never becomes a
// LiveZone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "dns/rrset.hpp"
#include "dns/zone.hpp"
#include "mail/zone_resolver.hpp"

namespace mxsmith::plan {

/// What a provider has beside DNS on a set ("proxied", "comment"): name to value, the value as JSON
/// text ("false").
using Meta = std::map<std::string, std::string>;

enum class ZoneKind : std::uint8_t { ordinary, secondary, presigned };

/// One zone at one account.
struct ZoneRef {
  dns::Name name;
  std::string id;  ///< The provider's own; may be the name.
  ZoneKind kind = ZoneKind::ordinary;
  /// What tells it from others of its name, for people: "account Example Ltd, active"; may be
  /// empty.
  std::string note = {};
};

/// What a live set has beyond DNS. Absent for most sets, so that a million of them stay small.
struct LiveExtra {
  std::string foreign;  ///< Who else owns it, in words ("Cloudflare Email Routing"); empty: nobody.
  Meta meta;
  std::vector<std::string>
      record_ids;  ///< In the order of the set's values, where the provider has any.
  /// Where only some of the values are somebody else's: whose each is, in the order of the values,
  /// empty for those that are nobody's. Empty altogether for all other sets.
  std::vector<std::string> foreign_values = {};
};

struct LiveSet {
  dns::RRset set;
  std::shared_ptr<const LiveExtra> extra;

  [[nodiscard]] std::string_view foreign() const {
    return extra ? std::string_view(extra->foreign) : "";
  }
  /// Who else owns this value: that of the set, or that of the value; empty: nobody.
  [[nodiscard]] std::string_view foreign(const dns::Rdata& value) const;
  [[nodiscard]] Meta meta() const { return extra ? extra->meta : Meta(); }
};

/// A provider's own memory of a read (etags, text, spans). Only the provider looks inside.
class Native {
 public:
  virtual ~Native() = default;
  /// What the provider would need besides the values to bring this set back just as it was, as text
  /// for history; or empty. Pure: it looks at nothing but this read.
  [[nodiscard]] virtual std::string verbatim(const dns::Key&) const { return {}; }
};

/// A whole zone as read at one moment.
class LiveZone {
 public:
  LiveZone() = default;
  explicit LiveZone(ZoneRef ref) : ref_(std::move(ref)) {}

  [[nodiscard]] const ZoneRef& ref() const { return ref_; }
  [[nodiscard]] const dns::Name& apex() const { return ref_.name; }
  [[nodiscard]] const std::vector<LiveSet>& sets() const { return sets_; }
  [[nodiscard]] const LiveSet* find(const dns::Name& name, dns::Type type) const;
  [[nodiscard]] const LiveSet* find(const dns::Key& key) const { return find(key.name, key.type); }
  [[nodiscard]] std::vector<const LiveSet*> at(const dns::Name& name) const;

  void reserve(std::size_t sets);
  /// Each key once; a second one is a provider's mistake and throws Error{protocol}.
  void add(LiveSet set);

  std::shared_ptr<const Native> native;
  std::string version;  ///< Etag, serial or digest of the read, for messages and compare-and-swap;
                        ///< may be empty.
  base::Instant read_at{};
  /// `declared` for what stands in for a zone by what a spec says of it: nothing can be said to be
  /// missing there.
  mail::Coverage coverage = mail::Coverage::whole;

 private:
  ZoneRef ref_;
  std::vector<LiveSet> sets_;
  dns::NameIndex index_;
};

/// What is written in one go, and therefore what a resolver can see half of.
enum class Granularity : std::uint8_t { record, rrset, zone };
std::string_view granularity_name(Granularity granularity);

enum class Support : std::uint8_t { no, yes };

/// What a text may consist of where it does not travel as a zone file would write it.
enum class TxtOctets : std::uint8_t { any, utf8, printable_ascii };
std::string_view txt_octets_name(TxtOctets octets);

/// What a step weighs, reckoned from the text of what it writes: for each change its own share and
/// that of its name, for each value that stands afterwards its own share and that of its
/// presentation text. Octets; an upper bound of what the provider sends serves best.
struct StepCost {
  std::size_t per_change = 0;
  std::size_t per_value = 0;
  std::size_t per_octet = 1;  ///< Of names and values; 2 where quotes and backslashes are escaped.
  std::size_t names_per_change = 1;  ///< How often the owner's name is written for each change,
  std::size_t names_per_value = 0;   ///< and again for each value.
  /// Values that stood before weigh and count as well: what goes is repeated in full.
  Support before = Support::no;
};

/// What holds for one metadata key beyond that it can be stored.
struct MetaRule {
  /// The value of sets that were told nothing, as JSON text; LiveExtra::meta leaves it out. A
  /// declared value has to be of the same JSON type. Empty: neither is known.
  std::string initial = {};
  std::vector<dns::Type> types = {};  ///< At which it can be stored; empty: at all.
  /// Its value is a list whose order means nothing: LiveExtra::meta has it sorted.
  Support any_order = Support::no;
  /// What any other value than `initial` brings with it.
  Meta implies = {};
  /// The TTL that sets with any other value than `initial` have. A declared TTL takes that value
  /// away again, unless it is declared or implied itself: then the declared TTL yields.
  std::optional<std::uint32_t> ttl = {};
};

/// What a provider promises of a zone: data, tested claim by claim by the conformance list.
struct Traits {
  Granularity granularity = Granularity::rrset;
  Support atomic_step = Support::no;  ///< A whole step becomes visible at once.
  Support update_in_place =
      Support::yes;  ///< record granularity: a record's rdata can be changed without a gap.
  Support null_mx = Support::yes;
  Support apex_ns = Support::no;  ///< Apex NS sets can be changed.
  std::vector<dns::Type> types;   ///< That can be stored; empty: every type.
  std::uint32_t min_ttl = 0;
  std::uint32_t max_ttl = dns::kMaxTtl;
  std::size_t min_txt_octets = 0;      ///< Of one TXT value; 1: no empty text.
  std::size_t max_txt_octets = 65279;  ///< Of one TXT value.
  TxtOctets txt_octets = TxtOctets::any;
  std::string txt_without;  ///< Signs that no TXT value may hold, whatever `txt_octets` says.
  /// CAA values may be more than a host name or a URL: hold parameters, blanks, or end in a dot.
  Support caa_parameters = Support::yes;
  std::size_t max_changes_per_step = 0;  ///< 0: no limit.
  std::size_t max_values_per_step = 0;   ///< Counted as `step_cost` says; 0: no limit.
  std::size_t max_octets_per_step = 0;   ///< As `step_cost` reckons them; 0: no limit.
  StepCost step_cost;
  /// Record granularity: of single records, counted as record_ops has them; 0: no limit.
  std::size_t max_writes_per_step = 0;
  std::vector<std::string> meta_keys;          ///< Metadata that can be stored.
  std::map<std::string, MetaRule> meta_rules;  ///< Of those keys that have any.
  Support multiple_writers = Support::no;  ///< Several zones of one server may be written at once.
  base::Seconds settle_after{0};  ///< How long after a lost answer a write may still take effect.

  [[nodiscard]] bool stores(dns::Type type) const;
  /// The first octet of a text that cannot be stored; nothing: all can.
  [[nodiscard]] std::optional<char> unstorable_octet(std::string_view text) const;
};

}  // namespace mxsmith::plan
