// What all renderers of `timeline` share: how keys go on, what is left for people to do, which
// moments are worth a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "mail/declared.hpp"

namespace mxsmith::cli::render {

/// "stage", "ttl_down", "ttl_up"
std::string_view moment_kind_word(spec::Moment::Kind kind);

/// A selector whose state becomes another one; nothing: not declared.
struct SelectorStep {
  std::string selector;
  std::string signer;  ///< Empty: the domain's own.
  std::optional<mail::SelectorState> before;
  std::optional<mail::SelectorState> after;
};
std::vector<SelectorStep> selector_steps(const engine::TimelinePoint& point);
/// "next -> active: signs from now on"
std::string step_words(const SelectorStep& step);

/// What no record change does: signers, policy files, guards that wait for a word. Sentences
/// without full stop.
std::vector<std::string> by_hand_words(const spec::ZoneSpec& spec,
                                       const engine::TimelinePoint& point);

/// Whether a reader wants to know of it: a TTL that is low already needs no line.
bool is_told(const engine::TimelinePoint& point);
/// "_dmarc TXT, @ MX": the sets whose TTL changes.
std::string ttl_sets(const engine::TimelinePoint& point);

/// "stages in force: switch, revoke", "no stage is in force yet"
std::string in_force_words(const engine::Timeline& zone);

/// A table of the moments, with `text`, the whole in plain text, folded below.
std::string print_timeline_markdown(const std::vector<engine::Timeline>& zones,
                                    const std::string& text);

}  // namespace mxsmith::cli::render
