// The parts of the text renderer, one file each, for cli/render/text*.cpp alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/render/page.hpp"
#include "cli/render/renderer.hpp"
#include "plan/plan.hpp"

namespace mxsmith::cli::render {

/// Where the text of labelled lines begins: "Inbound mail   now    ...".
inline constexpr std::size_t kLabelColumn = 15;
inline constexpr std::size_t kImpactColumn = 22;
inline constexpr std::size_t kNoteColumn = 14;

Page page_for(const View& view);

/// What the plan means for mail; `Unchanged` says whether what stays as it is is told too.
enum class Unchanged : std::uint8_t { hidden, shown };
void put_impact(Page& page, const plan::ZonePlan& plan, Unchanged unchanged);
/// Steps with their changes.
void put_steps(Page& page, const plan::ZonePlan& plan, const View& view);
/// One change, its head and what differs in it.
void put_change(Page& page, const plan::ZonePlan& plan, const plan::Change& change,
                const View& view);
/// Guards that say no, with the lines that would let them through; then those let through.
void put_guards(Page& page, const plan::ZonePlan& plan);
/// A whole plan, from its heading to its last summary line; `notices` stand with its notes.
void put_plan(Page& page, const plan::ZonePlan& plan, const std::string& heading,
              const std::vector<std::string>& notices, const View& view);
/// An error of one zone under its heading.
void put_error(Page& page, const base::Error& error);
/// A finding in one line.
void put_finding(Page& page, std::string_view label, const base::Diagnostic& finding,
                 std::string_view spec_file);

std::string print_plan_text(const engine::Report& report, const View& view);
std::string print_result_text(const engine::Report& report, Deed deed, const View& view);
std::string print_check_text(const engine::Report& report, const View& view);
std::string print_history_text(const std::vector<ZoneHistory>& zones, const View& view);
std::string print_entry_text(const state::ZoneKey& key, const state::Entry& entry,
                             const View& view);
std::string print_chains_text(const std::vector<ChainCheck>& chains, const View& view);
std::string print_timeline_text(const std::vector<engine::Timeline>& zones, const View& view);
std::string print_holds_text(const Holds& holds, const View& view);
std::string print_providers_text(std::span<const provider::ProviderInfo> providers,
                                 const View& view);
std::string print_provider_text(const provider::ProviderInfo& provider, const View& view);

}  // namespace mxsmith::cli::render
