// Steps and changes: which records come, go and stay.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using Items = std::vector<Page::Item>;
using DeltaKind = plan::Delta::Kind;

constexpr std::size_t kNameColumn = 5;
constexpr std::size_t kLeastTypeColumn = 25;
constexpr std::size_t kMostTypeColumn = 40;
constexpr std::size_t kDeltaColumn = 6;
constexpr std::size_t kKeptColumn = 8;
/// Longer values are shown by both their ends: nobody compares 400 signs of base64 by eye.
constexpr std::size_t kLongestValue = 72;

Ink ink_of(plan::Change::Kind kind) {
  switch (kind) {
    case plan::Change::Kind::create: return Ink::green;
    case plan::Change::Kind::update: return Ink::yellow;
    case plan::Change::Kind::remove: return Ink::red;
  }
  return Ink::plain;
}

std::string value_text(const std::string& presentation, const View& view) {
  const std::string text = unquoted(presentation);
  return safe(view.verbose ? text : shortened(text, kLongestValue));
}

std::string added(const std::string& value, const View& view) {
  return "+ " + value_text(value, view);
}
std::string removed(const std::string& value, const View& view) {
  return "- " + value_text(value, view);
}

/// MX values right-aligned by their preference, so that a column of them can be read downwards.
std::string padded(const plan::Change& change, const std::string& value) {
  if (change.key.type != dns::Type::MX) return value;
  const auto space = value.find(' ');
  return space < 2 ? std::string(2 - space, ' ') + value : value;
}

struct Sorted {
  Items kept, gone;
  std::vector<const plan::Delta*> come, other;
};

Sorted sort_deltas(const plan::Change& change, const plan::ChangeText& text, const View& view) {
  Sorted sorted;
  for (const auto& delta : text.deltas) {
    if (delta.identity == "ttl") continue;  // It stands in the head of the change.
    switch (delta.kind) {
      case DeltaKind::kept: sorted.kept.push_back({value_text(delta.after, view)}); break;
      case DeltaKind::removed:
        sorted.gone.push_back({removed(padded(change, delta.before), view), Ink::red});
        break;
      case DeltaKind::added: sorted.come.push_back(&delta); break;
      case DeltaKind::changed: sorted.other.push_back(&delta); break;
    }
  }
  return sorted;
}

std::string note_for(const plan::ZonePlan& plan, const plan::Change& change,
                     const plan::Delta& delta) {
  return place_note(place_of_part(change, delta.identity), plan.spec_file);
}

void put_deltas(Page& page, const plan::ZonePlan& plan, const plan::Change& change,
                const plan::ChangeText& text, const View& view) {
  Sorted sorted = sort_deltas(change, text, view);
  if (!sorted.kept.empty()) {
    sorted.kept.back().text +=
        "   (" + std::string(sorted.kept.size() == 1 ? "stays" : "stay") + ")";
    page.wrapped(Line(), kKeptColumn, sorted.kept, " ");
  }
  if (!sorted.gone.empty()) page.wrapped(Line(), kDeltaColumn, sorted.gone, "   ");
  for (const auto* delta : sorted.come) {
    page.wrapped(Line(), kDeltaColumn, {{added(padded(change, delta->after), view), Ink::green}},
                 "", note_for(plan, change, *delta));
  }
  for (const auto* delta : sorted.other) {
    page.wrapped(
        Line(), kDeltaColumn,
        {{removed(delta->before, view), Ink::red}, {added(delta->after, view), Ink::green}}, "   ",
        note_for(plan, change, *delta));
  }
}

/// A set that comes or goes as one value needs no line of its own for it.
const plan::Delta* only_delta(const plan::Change& change, const plan::ChangeText& text) {
  if (change.kind() == plan::Change::Kind::update || !text.headline.empty()) return nullptr;
  return text.deltas.size() == 1 ? &text.deltas.front() : nullptr;
}

/// Whether the headline says it all: a key is known by its fingerprint.
bool told_by_headline(const plan::Change& change, const plan::ChangeText& text) {
  return change.kind() != plan::Change::Kind::update &&
         base::to_lower(text.headline).find("key") != std::string::npos;
}

std::string reasons_of(const plan::ZonePlan& plan, const plan::Change& change) {
  std::vector<std::string> texts;
  for (const auto& reason : change.reasons) {
    // That a set is new, or changes because its declaration did, is what its sign says.
    if (reason.text.empty() || reason.row == 2 || reason.row == 5) continue;
    if (reason.text == plan.title) continue;  // A rollback has said so above.
    if (std::find(texts.begin(), texts.end(), reason.text) == texts.end()) {
      texts.push_back(reason.text);
    }
  }
  return base::join(texts, ", ");
}

/// Behind the longest name of the plan, within reason.
std::size_t type_column(const plan::ZonePlan& plan) {
  std::size_t column = kLeastTypeColumn;
  for (const auto& change : plan.changes) {
    const std::string name = safe(change.key.name.text_relative_to(plan.zone));
    column = std::max(column, kNameColumn + base::display_width(name) + 2);
  }
  return std::min(column, kMostTypeColumn);
}

void put_head(Page& page, const plan::ZonePlan& plan, const plan::Change& change,
              const plan::ChangeText& text, const View& view) {
  Line head;
  head.column(2).text(std::string(1, static_cast<char>(change.kind())), ink_of(change.kind()));
  head.column(kNameColumn).text(safe(change.key.name.text_relative_to(plan.zone)), Ink::bold);
  const std::size_t type = type_column(plan);
  head.column(type).text(dns::type_name(change.key.type));
  head.column(type + 6).text(ttl_words(change));
  head.column(type + 11);
  const std::size_t indent = head.width();
  std::string words = safe(view.verbose ? text.headline : shortened(text.headline, kLongestValue));
  if (const auto* only = only_delta(change, text)) {
    words = value_text(only->after.empty() ? only->before : only->after, view);
  }
  const std::string reasons = safe(reasons_of(plan, change));
  if (!reasons.empty()) words += (words.empty() ? "(" : "   (") + reasons + ")";
  const bool parts_tell = change.kind() == plan::Change::Kind::update && !change.parts.empty();
  page.wrapped(head, indent, {{words}}, "",
               parts_tell ? "" : place_note(change.pos, plan.spec_file));
}

void put_untouched(Page& page, const plan::ChangeText& text, const View& view) {
  if (text.other.empty()) return;
  Items items;
  for (const auto& value : text.other) {
    items.push_back({safe(view.verbose ? unquoted(value) : abbreviated(value)), Ink::dim});
  }
  const std::string words =
      std::to_string(text.other.size()) +
      (text.other.size() == 1 ? " other value at this name is" : " other values at this name are") +
      " not touched: ";
  items.front().text = words + items.front().text;
  page.wrapped(Line(), kKeptColumn, items, ", ");
}

}  // namespace

void put_change(Page& page, const plan::ZonePlan& plan, const plan::Change& change,
                const View& view) {
  const plan::ChangeText text = plan::describe(change);
  put_head(page, plan, change, text, view);
  if (only_delta(change, text) == nullptr && !told_by_headline(change, text)) {
    put_deltas(page, plan, change, text, view);
  }
  // Where nothing but the TTL changes, every value is "other".
  const bool values_change = std::any_of(text.deltas.begin(), text.deltas.end(),
                                         [](const auto& delta) { return delta.identity != "ttl"; });
  if (values_change) put_untouched(page, text, view);
}

void put_steps(Page& page, const plan::ZonePlan& plan, const View& view) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    Line line;
    line.text("Step " + std::to_string(i + 1), Ink::bold).column(9).text(safe(step.title));
    page.add(std::move(line), i == 0 ? safe(plan.spec_file) : "");
    for (const std::size_t position : step.changes) {
      put_change(page, plan, plan.changes.at(position), view);
    }
  }
}

}  // namespace mxsmith::cli::render
