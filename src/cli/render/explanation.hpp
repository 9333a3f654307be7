// A domain's mail setup in plain sentences, for people and as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "cli/options.hpp"
#include "cli/render/renderer.hpp"
#include "mail/explain.hpp"

namespace mxsmith::cli::render {

struct Explained {
  enum class Source : std::uint8_t {
    spec,  ///< As declared.
    live,  ///< As the provider has it.
    file,  ///< A zone file.
  };
  mail::Explanation explanation;
  Source source = Source::spec;
};

std::string print_explanation(const Explained& explained, Format format, const View& view);

}  // namespace mxsmith::cli::render
