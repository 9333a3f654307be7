// What should be: the declarations for one zone at one moment, evaluated, with the places they came
// from.
//
// The unit of change is the RRset; the unit of ownership is smaller. A set that is not TXT is owned
// whole. Inside a TXT set a class of values is owned (every SPF record at the name, say) or one
// value by its exact octets, and all others are carried along untouched.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "dns/rrset.hpp"
#include "mail/declared.hpp"
#include "mail/spf.hpp"
#include "plan/live.hpp"

namespace mxsmith::plan {

enum class OwnedClass : std::uint8_t {
  whole,    ///< The RRset: every type but TXT, and TXT at a declared DKIM selector.
  spf,      ///< Every v=spf1 value at the name.
  dmarc,    ///< Every v=DMARC1 value at a _dmarc name.
  mta_sts,  ///< Every v=STSv1 value at a _mta-sts name.
  tls_rpt,  ///< Every v=TLSRPTv1 value at a _smtp._tls name.
  bimi,     ///< Every v=BIMI1 value at a ._bimi name.
  value,    ///< One TXT value by its octets.
};
std::string_view class_name(OwnedClass owned);
std::optional<OwnedClass> parse_class(std::string_view name);

/// The class a TXT value falls into at a name, by its content: `value` for everything that is not a
/// mail record at its proper place.
OwnedClass classify_txt(const dns::Name& name, std::string_view octets);

/// What can be owned.
struct Unit {
  dns::Key key;
  OwnedClass owned = OwnedClass::whole;
  std::string octets;  ///< For `value`: the TXT value; else empty.

  [[nodiscard]] std::string text() const;  ///< "example.com/TXT v=spf1", for messages.
  friend bool operator==(const Unit&, const Unit&) = default;
  friend std::strong_ordering operator<=>(const Unit&, const Unit&) = default;
};

struct DesiredValue {
  dns::Rdata value;
  base::SourcePos pos;
};

/// Where the terms of an SPF record were declared, so that a changed term can point at its line.
struct SpfDeclaration {
  mail::SpfMerge merge;  ///< merge mode: what to add and the explicit `all`; `remove` is filled
                         ///< from the manifest.
  bool merges = false;   ///< false: exact mode, the value is in DesiredUnit::values.
};

struct DesiredUnit {
  Unit unit;
  std::vector<DesiredValue> values;  ///< Empty only for SPF in merge mode and for ttl_only.
  std::optional<std::uint32_t> ttl;  ///< Absent: the live TTL stays, kDefaultTtl for new sets.
  bool ttl_of_block = false;  ///< `ttl` stands in the block itself, not in the file's top (row 21).
  std::optional<Meta> meta;   ///< Absent: kept as it is.
  std::optional<SpfDeclaration> spf;
  bool ttl_only =
      false;  ///< Cut-over lead time: the live set keeps its values, only the TTL is ours.
  /// Positions of parts of a value, by identity as in diff deltas ("include:x", "all", "p", an
  /// exchange).
  std::vector<std::pair<std::string, base::SourcePos>> parts;
  base::SourcePos pos;  ///< Of the block.
  std::string path;     ///< "mail.mx", "mail.dkim.s1", "record": for messages.
};
inline constexpr std::uint32_t kDefaultTtl = 3600;

/// A pattern over names and, optionally, types and values.
struct Pattern {
  std::string name;  ///< Glob relative to the zone, "@" the apex; see base::glob_matches.
  std::optional<dns::Type> type;
  std::optional<std::string>
      value;  ///< Glob over the presentation form (TXT: the octets), "*" any run.
  /// By name and type alone, whatever `value` says.
  [[nodiscard]] bool matches(const dns::Name& apex, const dns::Key& key) const;
  /// By all three.
  [[nodiscard]] bool matches(const dns::Name& apex, const dns::Key& key,
                             const dns::Rdata& rdata) const;
  [[nodiscard]] bool is_glob() const;  ///< Of the name: it may match several.
};

struct AbsentRule {
  Pattern pattern;
  std::string reason;
  base::SourcePos pos;
};
struct IgnoreRule {
  Pattern pattern;
  base::SourcePos pos;
};
struct AllowRule {
  std::string guard;
  std::string reason;
  std::optional<base::Instant>
      until;  ///< Not after this moment; a date alone means its end in UTC.
  base::SourcePos pos;
};

/// What mxsmith may delete beyond what it owns.
enum class ManageMode : std::uint8_t { declared, mail, zone };

/// Where a spec stands among its stages at the moment of evaluation.
struct StageClock {
  std::vector<std::string> active;       ///< Names (or times) of the stages in force, oldest first.
  std::optional<base::Instant> next_at;  ///< When the next stage, or its TTL lowering, begins.
  std::string next_name;
  /// A stage in force whose window is over; it must already have been applied.
  struct Window {
    std::string name;
    base::Instant at;
    base::Instant until;
    std::string digest_before;  ///< Digest of the spec as it was evaluated just before that stage.
    base::SourcePos pos;
  };
  std::vector<Window> closed;
};

/// Everything declared for one zone, evaluated at `at`. Made by spec::evaluate.
struct Desired {
  dns::Name zone;
  base::Instant at{};
  ManageMode manage = ManageMode::declared;
  std::vector<DesiredUnit> units;
  std::vector<AbsentRule> absent;
  std::vector<IgnoreRule> ignore;
  std::vector<AllowRule> allow;
  mail::Declared mail;  ///< What is said of the zone's mail beyond records.
  StageClock stages;
  std::string digest;   ///< SHA-256 of all that is declared, positions and `at` aside.
  base::SourcePos pos;  ///< Of the `zone` key.
};

/// What mxsmith owns after an apply: the memory from which deletions follow.
struct ManifestItem {
  Unit unit;
  std::vector<dns::Rdata> values;      ///< As they were put.
  std::optional<std::uint32_t> ttl;    ///< Only when it was declared.
  std::vector<std::string> spf_terms;  ///< merge mode: the terms that are ours, canonical.
  friend bool operator==(const ManifestItem&, const ManifestItem&) = default;
};
struct Manifest {
  std::vector<ManifestItem> items;  ///< Sorted by unit.
  std::string spec_digest;          ///< Of the spec it was made from; empty: unknown.
  [[nodiscard]] const ManifestItem* find(const Unit& unit) const;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// The manifest that a spec would leave if it stood alone: `--previous`, and the base of offline
/// comparison.
Manifest manifest_of(const Desired& desired);

/// The zone that a spec would leave if nothing else were there, for `plan --against`.
LiveZone live_from(const Desired& desired);

}  // namespace mxsmith::plan
