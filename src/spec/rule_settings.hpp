// [[rule]]: what the rules of mail (mail/rule.hpp) count for in a zone, each with a reason.
#pragma once

#include <vector>

#include "base/diagnostic.hpp"
#include "mail/declared.hpp"
#include "spec/node.hpp"

namespace mxsmith::spec {

/// The tables of a spec's or a project's tree; of several with one id the last counts. Rules:
/// spec-missing-key, spec-rule (there is no such rule), and what the shape has told already.
std::vector<mail::RuleSetting> rule_settings(const Node& tree, base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
