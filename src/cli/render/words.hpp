// Words that the text and Markdown renderers share: how much of a value is shown, what a policy or
// a step means, which lines let a guard through. Nothing here is escaped yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "engine/engine.hpp"
#include "plan/plan.hpp"

namespace mxsmith::cli::render {

/// "example.com at cloudflare (main)"; the account only where it says more than the provider.
std::string place_of(const dns::Name& zone, const std::string& provider,
                     const std::string& account);

/// A TXT value's quotes dropped where it is one plain string: quotes say nothing to a reader.
std::string unquoted(std::string_view presentation);

/// The first signs of a value that is only named, "google-site-verification=..".
std::string abbreviated(std::string_view value);
/// A long value by its beginning and end, at most `limit` columns.
std::string shortened(std::string_view value, std::size_t limit);

/// "suspicious (~all)", "REJECTED (-all)", "no SPF record": what becomes of everybody else.
struct AllWords {
  std::string meaning;  ///< "REJECTED"
  std::string term;     ///< "(-all)"; may be empty
};
AllWords all_words(std::string_view all);

/// "1h", or "1h -> 5m" where it changes.
std::string ttl_words(const plan::Change& change);

/// ":12" for a place in the spec file of the plan, "base.toml:12" for another, "" for none.
std::string place_note(const base::SourcePos& pos, std::string_view spec_file);
/// The place of a part of a change, else nothing.
base::SourcePos place_of_part(const plan::Change& change, std::string_view identity);

/// "4 sets change (2 new, 2 changed, 0 deleted)."
std::string counts_words(const plan::ZonePlan::Counts& counts);
/// What holds while the steps are on their way: "never without MX; one atomic step".
std::string between_words(const plan::ZonePlan& plan);
/// "waiting for stage enforce at 16:30 UTC ..."; empty without one.
std::string waiting_words(const plan::ZonePlan& plan);

/// Why a hold stands and how it is lifted.
struct AllowLines {
  std::string table;   ///< The [[allow]] block, several lines.
  std::string option;  ///< "--allow spf-sender-removed:example.com"
  std::string other;   ///< What else would do, a sentence; may be empty.
};
AllowLines allow_lines(const plan::GuardFinding& guard, const plan::ZonePlan& plan);
std::size_t open_guards(const plan::ZonePlan& plan);

/// Zone reports whose plans are the same but for the zone's name, positions in `report.zones`;
/// those without a plan, or with an error, stand alone.
std::vector<std::vector<std::size_t>> groups_of(const engine::Report& report, bool each_alone);
/// "example.com", with the account behind it where the report has several zones of that name.
class ZoneNames {
 public:
  explicit ZoneNames(const engine::Report& report);
  [[nodiscard]] std::string of(const engine::ZoneReport& zone) const;

 private:
  std::map<dns::Name, std::size_t> counts_;
};
/// "customer1.example, customer2.example and 286 more".
std::string some_names(const engine::Report& report, const std::vector<std::size_t>& group,
                       std::size_t most);

/// "3 zones: 1 planned, 2 nothing to do".
std::string status_counts(const engine::Report& report);
/// A word for people: "planned", "in order", "partly applied".
std::string status_words(engine::ZoneStatus status);

}  // namespace mxsmith::cli::render
