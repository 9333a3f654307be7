// The source file of a flattened SPF record (schemas/spf-flatten-v1.json): what was replaced by
// what, when, and from which answers, so that a later check can tell whether that still holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "mail/spf_flatten.hpp"

namespace mxsmith::cli {

struct SpfSource {
  dns::Name name;
  base::Instant made_at{};
  mail::SpfVolatile volatiles = mail::SpfVolatile::refused;
  std::string before;                       ///< The record that was flattened.
  std::vector<mail::SpfReplaced> replaced;  ///< `answers` are written, and not read again.
  std::vector<mail::SpfFlatRecord> records;
};

std::string print_spf_source(const SpfSource& source);
/// Throws Error{invalid} for what is no such file; `what` names it.
SpfSource parse_spf_source(std::string_view text, const std::string& what);
/// Writes the file, in place of an older one of the same kind; throws Error{io} where something
/// else stands there.
void save_spf_source(const std::filesystem::path& path, const SpfSource& source);

}  // namespace mxsmith::cli
