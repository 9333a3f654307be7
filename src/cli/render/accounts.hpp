// What a look at accounts found: `providers check`.
#pragma once

#include <string>
#include <vector>

#include "cli/render/renderer.hpp"
#include "engine/engine.hpp"

namespace mxsmith::cli::render {

std::string print_accounts(const std::vector<engine::AccountReport>& reports, Format format,
                           const View& view);

}  // namespace mxsmith::cli::render
