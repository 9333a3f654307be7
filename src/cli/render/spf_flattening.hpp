// What `spf flatten` made, and what `spf flatten --check` found.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/renderer.hpp"
#include "cli/spf_source.hpp"
#include "mail/spf_flatten.hpp"

namespace mxsmith::cli::render {

struct SpfFlatReport {
  dns::Name name;
  /// The zone of the spec that holds the name; nothing where no spec was given.
  std::optional<dns::Name> zone;
  mail::SpfFlattening flattening;
  std::optional<std::filesystem::path> source_file;  ///< Where the source was written.
};
std::string print_spf_flattening(const SpfFlatReport& report, Format format, const View& view);

struct SpfDriftReport {
  SpfSource source;
  std::vector<mail::SpfDrift> drifts;    ///< Of each replaced include.
  std::optional<SpfFlatReport> renewed;  ///< Flattened again, where that can be done.
  std::string problem;                   ///< Why it cannot.
};
std::string print_spf_drift(const SpfDriftReport& report, Format format, const View& view);

/// The lines of a spec that declare the records.
std::string spf_spec_lines(const SpfFlatReport& report);

}  // namespace mxsmith::cli::render
