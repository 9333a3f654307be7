// MTA-STS policy files of zones, where each is to be served, and in which order things are done.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/renderer.hpp"
#include "mail/mta_sts.hpp"

namespace mxsmith::cli::render {

struct StsPolicyFile {
  dns::Name zone;
  mail::MtaStsPolicy policy;
  std::string id;
  std::string record;  ///< Of _mta-sts.
  std::string text;    ///< Of the file; lines end in CRLF.
  std::string url;
  /// Where it was put by --out, and what became of it there.
  std::optional<std::filesystem::path> file;
  enum class Written : std::uint8_t { no, created, replaced, unchanged } written = Written::no;
  /// The next moment at which the policy becomes another one.
  std::optional<base::Instant> changes_at;
  std::string changes_by;  ///< "stage enforce"
  bool ends = false;       ///< From then on the spec says no policy any more.
};

/// Where it has to be found (RFC 8461 section 3.3).
std::string sts_policy_url(const dns::Name& zone);

/// The policies themselves: of a single zone exactly what is to be served.
std::string print_sts_policies(const std::vector<StsPolicyFile>& files, Format format,
                               const View& view);
/// What to do with them, for standard error beside the text above.
std::string print_sts_advice(const std::vector<StsPolicyFile>& files, const View& view);

}  // namespace mxsmith::cli::render
