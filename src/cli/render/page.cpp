#include "cli/render/page.hpp"

#include <utility>

#include "base/text.hpp"

namespace mxsmith::cli::render {

namespace {

std::string_view start_of(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::bold: return "\x1b[1m";
    case Ink::dim: return "\x1b[2m";
    case Ink::red: return "\x1b[31m";
    case Ink::green: return "\x1b[32m";
    case Ink::yellow: return "\x1b[33m";
    case Ink::cyan: return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::string safe(std::string_view hostile) { return base::escape_for_terminal(hostile); }

Line& Line::text(std::string_view safe_text, Ink ink) {
  if (safe_text.empty()) return *this;
  width_ += base::display_width(safe_text);
  pieces_.push_back({std::string(safe_text), ink});
  return *this;
}

Line& Line::column(std::size_t at) {
  const bool spaced = pieces_.empty() || pieces_.back().text.back() == ' ';
  if (width_ == at && spaced) return *this;
  const std::size_t gap = width_ == 0 ? at : width_ + 1 < at ? at - width_ : width_ < at ? 1 : 2;
  return text(std::string(gap, ' '));
}

std::string Page::painted(const Line& line) const {
  std::string result;
  for (const auto& piece : line.pieces_) {
    const bool paint = color_ && piece.ink != Ink::plain;
    if (paint) result += start_of(piece.ink);
    result += piece.text;
    if (paint) result += "\x1b[0m";
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

Page& Page::add(const Line& line) {
  text_ += painted(line) + "\n";
  return *this;
}

Page& Page::add(Line line, std::string_view note, Ink ink) {
  if (!note.empty()) {
    const std::size_t note_width = base::display_width(note);
    const bool fits = line.width() + 2 + note_width <= width_;
    line.text(std::string(fits ? width_ - note_width - line.width() : 2, ' '));
    line.text(note, ink);
  }
  return add(line);
}

Page& Page::add(std::string_view safe_text, Ink ink) { return add(Line().text(safe_text, ink)); }

Page& Page::blank() {
  text_ += "\n";
  return *this;
}

Page& Page::wrapped(const Line& start, std::size_t indent, const std::vector<Item>& items,
                    std::string_view separator, std::string_view note) {
  const std::size_t reserve = note.empty() ? 0 : base::display_width(note) + 2;
  const std::size_t edge = width_ > indent + reserve + 20 ? width_ - reserve : indent + 20;
  Line line = start;
  line.column(indent);
  bool first_of_line = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool last = i + 1 == items.size();
    const std::size_t needs = base::display_width(items[i].text) + (last ? 0 : separator.size());
    if (!first_of_line && line.width() + needs > edge) {
      add(line);
      line = Line().column(indent);
    }
    line.text(items[i].text, items[i].ink);
    if (!last) line.text(separator);
    first_of_line = false;
  }
  return add(std::move(line), note);
}

Page& Page::paragraph(const Line& start, std::size_t indent, std::string_view safe_text, Ink ink,
                      std::string_view note) {
  std::vector<Item> words;
  for (const auto& word : base::split(safe_text, ' ')) words.push_back({word, ink});
  return wrapped(start, indent, words, " ", note);
}

}  // namespace mxsmith::cli::render
