// Lines of text with columns, colours and right-hand notes, as the text renderer lays them out.
//
// Widths are counted on the plain text (base::display_width), before any colour is put on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cstddef>

namespace mxsmith::cli::render {

enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow, cyan };

/// base::escape_for_terminal under a short name: every foreign text goes through it exactly where
/// it enters a line.
std::string safe(std::string_view hostile);

/// One line in the making. What is added must be safe already.
class Line {
 public:
  Line& text(std::string_view safe_text, Ink ink = Ink::plain);
  /// Goes on at column `at` (from 0), after at least two spaces when already beyond it.
  Line& column(std::size_t at);
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] bool empty() const { return pieces_.empty(); }

 private:
  friend class Page;
  struct Piece {
    std::string text;
    Ink ink;
  };
  std::vector<Piece> pieces_;
  std::size_t width_ = 0;
};

class Page {
 public:
  Page(bool color, std::size_t width) : color_(color), width_(width) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  Page& add(const Line& line);
  /// The line with `note` ending at the right-hand edge where that fits, else two spaces after it.
  Page& add(Line line, std::string_view note, Ink ink = Ink::dim);
  Page& add(std::string_view safe_text, Ink ink = Ink::plain);
  Page& blank();
  /// `label` at the left, then `items` joined by `separator`, broken between items at the edge
  /// and going on under the first item, which starts at column `indent`. Colour per item.
  struct Item {
    std::string text;
    Ink ink = Ink::plain;
  };
  Page& wrapped(const Line& start, std::size_t indent, const std::vector<Item>& items,
                std::string_view separator, std::string_view note = {});
  /// Words of a sentence, broken at spaces.
  Page& paragraph(const Line& start, std::size_t indent, std::string_view safe_text,
                  Ink ink = Ink::plain, std::string_view note = {});

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] std::string painted(const Line& line) const;
  bool color_;
  std::size_t width_;
  std::string text_;
};

}  // namespace mxsmith::cli::render
