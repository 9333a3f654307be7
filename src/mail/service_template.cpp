#include "mail/service_template.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::mail {

namespace {

constexpr std::string_view kOpen = "${";

/// Calls `literal` and `gap` for the parts of a text in turn.
template <class Literal, class Gap>
void visit_parts(std::string_view text, Literal literal, Gap gap) {
  while (true) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    literal(text.substr(0, close == std::string_view::npos ? text.size() : open));
    if (close == std::string_view::npos) return;
    gap(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    text.remove_prefix(close + 1);
  }
}

}  // namespace

std::vector<std::string> placeholders_of(std::string_view text) {
  std::vector<std::string> names;
  visit_parts(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

std::optional<std::string> fill_template(std::string_view text, const Placeholders& values) {
  std::string result;
  bool whole = true;
  visit_parts(
      text, [&](std::string_view literal) { result += literal; },
      [&](std::string_view name) {
        const auto found = values.find(name);
        if (found == values.end()) {
          whole = false;
        } else {
          result += found->second;
        }
      });
  return whole ? std::optional(std::move(result)) : std::nullopt;
}

TextPattern::TextPattern(std::string_view text) : pieces_(1) {
  bool after_gap = false;
  visit_parts(
      text,
      [&](std::string_view literal) {
        // Two gaps without anything between them are one.
        if (literal.empty() && after_gap) return;
        if (after_gap) pieces_.emplace_back();
        pieces_.back() += base::to_lower(literal);
        after_gap = false;
      },
      [&](std::string_view) { after_gap = true; });
  if (after_gap) pieces_.emplace_back();
}

bool TextPattern::matches(std::string_view text) const {
  const std::string lower = base::to_lower(text);
  std::string_view rest = lower;
  if (exact()) return rest == head();
  if (rest.substr(0, head().size()) != head()) return false;
  rest.remove_prefix(head().size());
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const std::size_t found = rest.find(pieces_[i], 1);
    if (found == std::string_view::npos) return false;
    rest.remove_prefix(found + pieces_[i].size());
  }
  return rest.size() > tail().size() && rest.ends_with(tail());
}

std::vector<std::string> with_choices(const Service& service, std::string_view text) {
  std::vector<std::string> texts = {std::string(text)};
  for (const ServiceField& field : service.fields) {
    if (field.choices.empty()) continue;
    const std::string placeholder = "${" + field.name + "}";
    if (text.find(placeholder) == std::string_view::npos) continue;
    std::vector<std::string> chosen;
    chosen.reserve(texts.size() * field.choices.size());
    for (const std::string& one : texts) {
      for (const auto& [choice, stands_for] : field.choices) {
        std::string& filled = chosen.emplace_back(one);
        for (std::size_t at = 0; (at = filled.find(placeholder, at)) != std::string::npos;) {
          filled.replace(at, placeholder.size(), stands_for);
          at += stands_for.size();
        }
      }
    }
    texts = std::move(chosen);
  }
  return texts;
}

}  // namespace mxsmith::mail
