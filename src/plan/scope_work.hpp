// The workbench of scope(): a draft of every set that something speaks of. Each subject of the
// table in docs/scope.md is one function over it, in a file of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plan/scope.hpp"

namespace mxsmith::plan::scoping {

/// One set on its way from what is live to what it will be. It starts as it is live, so that what
/// no rule speaks of is carried over.
struct Draft {
  dns::Key key;
  const LiveSet* live = nullptr;
  dns::RRset after;
  Meta meta;
  std::vector<const DesiredUnit*> declared;
  std::vector<Reason> reasons;
  base::SourcePos pos;

  void because(int row, std::string text, const base::SourcePos& at = {});
};

enum class Shown : std::uint8_t { no, yes };

struct Work {
  Work(const Desired& what, const LiveZone& zone, const Manifest& memory, HistoryKnown known,
       const Traits& limits);

  /// The draft of a set, made on first use.
  Draft& draft_of(const dns::Key& key);
  [[nodiscard]] Draft* find_draft(const dns::Key& key);
  [[nodiscard]] const ManifestItem* previous_of(const Unit& unit) const;

  /// Whether `[[ignore]]` speaks of the whole set.
  [[nodiscard]] bool is_ignored(const dns::Key& key) const;
  /// The same of one value; a value that is somebody else's in a set that is not is left alone in
  /// the same way.
  [[nodiscard]] bool is_ignored(const dns::Key& key, const dns::Rdata& value) const;
  /// Whether a declaration has the say over this value, wanted or not.
  [[nodiscard]] bool is_covered(const dns::Key& key, const dns::Rdata& value);
  /// The values that belong to a unit, ignored ones left out.
  [[nodiscard]] std::vector<dns::Rdata> values_of(const Unit& unit,
                                                  const std::vector<dns::Rdata>& values) const;
  /// The same of the live set, if there is one.
  [[nodiscard]] std::vector<dns::Rdata> live_values_of(const Unit& unit) const;

  [[nodiscard]] std::uint32_t storable_ttl(std::uint32_t ttl) const;
  void note(int row, const Unit& unit, std::string text, Shown shown);

  const Desired& desired;
  const LiveZone& live;
  const Manifest& previous;  ///< Empty when no history is known.
  const Traits& traits;
  Scope out;
  std::vector<ManifestItem> kept;  ///< Row 10: no longer declared, not ours to delete.
  std::deque<Draft> drafts;        ///< In the order of first use; addresses stay.

 private:
  std::unordered_map<dns::Key, Draft*> draft_index_;
};

/// Whether a value is part of a unit.
bool belongs(const Unit& unit, const dns::Rdata& value);
std::vector<dns::Rdata> declared_values(const DesiredUnit& unit);
/// Up to three values in one line, for reasons and messages.
std::string words(const std::vector<dns::Rdata>& values);
/// The unit that a value of an undeclared set would be: the set, or the value in a TXT set.
Unit unit_of_value(const dns::Key& key, const dns::Rdata& value);

/// Rows 16, 17 and 24: declarations that cannot be carried out become errors.
void check_declared(Work& work);
/// Row 14.
void take_absent(Work& work);
/// Rows 8, 9, 10, 15, 17 and 20: what memory knows and the spec no longer declares.
void take_previous(Work& work);
/// Rows 1 to 7, and 18 for declared SPF.
void take_declared(Work& work);
void take_merged_spf(Work& work, Draft& draft, const DesiredUnit& unit);
/// Row 20 for a merged SPF record: our terms go, the others stay.
void take_out_spf_terms(Work& work, const ManifestItem& item);
/// Rows 11, 12, 13 and 18: what nothing declares.
void take_unmanaged(Work& work);
/// Row 21, and TTL limits of row 24.
void settle_ttl(Work& work);
void settle_meta(Work& work);
/// Row 19.
void clear_way_for_cnames(Work& work);

/// Where one unit stands: the columns D, P and L of the table, compared.
struct Standing {
  const ManifestItem* previous = nullptr;
  bool live_is_empty = false;
  bool live_is_wanted = false;
  bool previous_is_live = false;
  bool previous_is_wanted = false;
};
int row_of(const Standing& standing);
std::string reason_of(int row);

}  // namespace mxsmith::plan::scoping
