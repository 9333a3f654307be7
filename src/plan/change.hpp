// Changes: one RRset before and after, and how a change reads as data.
//
// Undo is the same change turned round, so a rollback is an ordinary plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/rrset.hpp"
#include "plan/desired.hpp"
#include "plan/live.hpp"

namespace mxsmith::plan {

/// A set in one state: DNS data, metadata, and the provider's own words for it.
struct SetState {
  dns::RRset set;
  Meta meta;
  std::string verbatim;  ///< See Native::verbatim; not part of comparison or digest.
  friend bool operator==(const SetState& a, const SetState& b) {
    return a.set == b.set && a.meta == b.meta;
  }
};

/// Why a set changes. The number is the row of the scope table (docs/scope.md) that decided it; 0
/// for rollbacks.
struct Reason {
  int row = 0;
  std::string text;  ///< "no longer declared", "changed outside", "taking over"
};

struct Change {
  dns::Key key;
  std::optional<SetState> before;  ///< Nothing: the set is created.
  std::optional<SetState> after;   ///< Nothing: the set is deleted. Never both nothing.
  std::vector<Reason> reasons;     ///< One for each unit in the set that differs.
  base::SourcePos pos;             ///< The line that asks for it, where there is one.
  /// Places of parts, by Delta::identity.
  std::vector<std::pair<std::string, base::SourcePos>> parts;

  enum class Kind : char { create = '+', update = '~', remove = '-' };
  [[nodiscard]] Kind kind() const;  ///< The enum's value is the sign that is shown.
};

Change invert(const Change& change);

/// One line of a change as it is shown: what came, went, was changed or stays, paired by identity
/// (exchange for MX, mechanism for SPF, tag for DMARC and DKIM, else the value).
struct Delta {
  enum class Kind : char { added = '+', removed = '-', changed = '~', kept = '=' };
  Kind kind = Kind::kept;
  std::string identity;  ///< What was paired by: "mx1.example.net.", "include:x", "p", "ttl".
  std::string before;    ///< Presentation text; empty when added.
  std::string after;     ///< Presentation text; empty when removed.
};

struct ChangeText {
  std::string headline;  ///< "replaces all", "DKIM key RSA 2048, 5f1c..9a", "v=spf1": may be empty.
  std::vector<Delta>
      deltas;  ///< Changed parts first as they stand in the record, kept ones in place.
  std::vector<std::string>
      other;  ///< Values at this name that are not touched, as presentation text.
};
/// How a change reads. Text in it is presentation form but still hostile: renderers escape it.
ChangeText describe(const Change& change);

/// One write to one record, as providers of record granularity do it and as the simulation sees it.
struct RecordOp {
  enum class Kind : std::uint8_t { create, update, remove };
  Kind kind = Kind::create;
  std::optional<dns::Rdata> before;  ///< update and remove.
  std::optional<dns::Rdata> after;   ///< create and update.
};
/// The writes that bring a set from before to after, in the order that leaves the least gap: values
/// paired into updates (if the traits have them), then what is added, then what is removed; sets
/// that may hold only one record (CNAME, SPF values) are never doubled.
std::vector<RecordOp> record_ops(const Change& change, Support update_in_place);

/// Puts a change onto a zone; the inverse of diff. Its `before` is not checked.
void apply_to(dns::Zone& zone, const Change& change);

/// Plain difference of two zones, no scope: for tests, rollback and comparing files. Linear in
/// their size.
std::vector<Change> diff(const dns::Zone& before, const dns::Zone& after);

}  // namespace mxsmith::plan
