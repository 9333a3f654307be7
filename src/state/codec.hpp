// The JSON of history (schemas/history-v1.json): journal lines, the manifest file, holds.
//
// Printing gives one line with its newline for journal lines and an indented document for the other
// files. Parsing throws Error{invalid} that starts with "FILE:LINE: ". Commentary that is not UTF-8
// (a command line, a server's message) is kept with U+FFFD in place of what is not; DNS values are
// presentation text and lose nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/store.hpp"

namespace mxsmith::state {

/// What `begin` says beside what EntryInfo and the plan do.
struct BeginLine {
  ZoneKey zone;
  EntryInfo info;
  std::optional<plan::Manifest> manifest_before;  ///< Nothing: no history was known.
  std::vector<std::uint64_t> undoes;
};

std::string print_begin(const BeginLine& begin, const plan::ZonePlan& plan);
std::string print_intended(std::size_t step, base::Instant at);
std::string print_outcome(const StepOutcome& outcome);
std::string print_read_back(const std::vector<std::string>& differences, base::Instant at);
/// No manifest: nothing is owned and nothing was known before either.
std::string print_end(EntryStatus status, const std::optional<plan::Manifest>& after,
                      base::Instant at);

/// The text of a journal or sealed entry, cut into lines.
struct EntryText {
  std::string file;                     ///< For messages.
  std::vector<std::string_view> lines;  ///< Whole ones, without newline; they point into the text.
  std::size_t whole_octets = 0;         ///< Where they end; what follows is torn.
  bool torn = false;
};
/// The last line counts as torn when its newline is missing or it is not a JSON object: the
/// newline is written last, and a machine that loses power may leave octets that were never
/// written. `text` must outlive the result.
EntryText split_entry(std::string file, std::string_view text);

/// Whether the last line is `end`.
bool has_ended(const EntryText& text);
/// From the first line and the last alone; the plan is skipped, not read. `hash` stays empty.
EntryInfo parse_entry_info(const EntryText& text);
/// What the first line says beside the plan.
BeginLine parse_begin(const EntryText& text);
/// Everything, strictly: each line must be whole and follow the order of the journal's table.
Entry parse_entry(const EntryText& text);
/// The manifest that `end` carries.
std::optional<plan::Manifest> parse_manifest_after(const EntryText& text);

/// manifest.json: what is owned, and which entry was the newest when it was written.
struct ManifestFile {
  std::optional<plan::Manifest> manifest;
  std::uint64_t newest_entry = 0;  ///< 0: none yet.
  std::string newest_hash;
};
std::string print_manifest_file(const ManifestFile& content);
ManifestFile parse_manifest_file(const std::string& file, std::string_view text);

std::string print_hold(const Hold& hold);
Hold parse_hold(const std::string& file, std::string_view text);

}  // namespace mxsmith::state
