// The rules of mail for people: one in full, or the table of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/render/renderer.hpp"
#include "mail/rule.hpp"

namespace mxsmith::cli::render {

/// One line for each rule, by subject.
std::string print_rule_table(std::span<const mail::Rule> rules, Format format, const View& view);
/// Each rule with its reason, what breaks it and what does not.
std::string print_rules(const std::vector<const mail::Rule*>& rules, Format format,
                        const View& view);

}  // namespace mxsmith::cli::render
