// Words for the impact of a plan that the text and Markdown renderers share. Nothing here is
// escaped yet.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/plan.hpp"

namespace mxsmith::cli::render {

/// "nobody loses the right to send; at least 2 of 10 lookups (1 now): x was not looked up"
std::string sending_words(const plan::Impact::Sending& sending);
/// Lines about what protects less afterwards: "DMARC: its own mail would get none instead of ..."
std::vector<std::string> weaker_words(const plan::Impact& impact);
/// Lines about mail and senders of names below the apex, but for what weakens.
std::vector<std::string> elsewhere_words(const plan::Impact& impact);
/// "stricter for its own mail, mail of its subdomains"
std::string stricter_words(const plan::Impact& impact, const plan::Impact::Policy& policy);
/// Whether a line says what weakens about that.
bool has_weaker_line(const plan::Impact& impact, std::string_view about);
/// What lines about that key are about.
std::string key_subject(const plan::Impact::Key& key);

/// Whether a finding is shown only where everything is: what a rule remarks, without harm to mail.
bool is_minor(const base::Diagnostic& finding);
/// "2 remarks (--verbose shows them)", "7 findings are as before"; `hidden` remarks are not shown.
std::vector<std::string> findings_counts(const plan::ZonePlan& plan, std::size_t hidden);

}  // namespace mxsmith::cli::render
