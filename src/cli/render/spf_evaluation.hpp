// What `spf eval` found: one evaluation with its tree, or a line for each of many.
#pragma once

#include <string>

#include "cli/render/renderer.hpp"
#include "mail/spf_check.hpp"

namespace mxsmith::cli::render {

/// The sender as it was asked about, beside what check_host makes of it.
struct SpfVerdict {
  std::string ip;
  std::string mail_from;
  std::string helo;
  mail::SpfRequest request;
  mail::SpfEvaluation evaluation;
};

std::string print_spf_verdict(const SpfVerdict& verdict, Format format, const View& view);
/// One of many, in one line: JSON without the tree, or words with a space between.
std::string print_spf_verdict_line(const SpfVerdict& verdict, Format format);

}  // namespace mxsmith::cli::render
