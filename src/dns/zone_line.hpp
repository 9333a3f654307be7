// One record's lines as text that can be changed field by field, and new lines in the style of old
// ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/rdata.hpp"
#include "dns/zone_entry.hpp"

namespace mxsmith::dns {

/// An entry and where its fields are. It points into a text that must outlive it.
class Line {
 public:
  explicit Line(std::string_view text);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Whether the text is one record.
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const Entry& entry() const { return entry_; }
  [[nodiscard]] std::size_t offset_of(const char* place) const {
    return static_cast<std::size_t>(place - text_.data());
  }

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  Entry entry_;
  bool good_ = false;
};

/// What to change in a line; what is absent stays as it is written.
struct LineEdit {
  std::optional<std::string> owner;  ///< Written in place of a leading blank.
  std::optional<std::uint32_t> ttl;
  const Rdata* value = nullptr;

  [[nodiscard]] bool empty() const { return !owner && !ttl && value == nullptr; }
};

/// The line with the edit in it: tokens that mean the same stay as they are written, and so do
/// blanks and comments outside what is replaced. `origin` is the one in force there.
std::string edit_line(const Line& line, const LineEdit& edit, const Name& origin);

/// What a new line says.
struct NewLine {
  std::string owner;
  std::optional<std::uint32_t> ttl;
  Type type{};
  std::string rdata;
};

/// A new line, without its newline, with its fields where `model` has them.
std::string compose_line(const NewLine& fields, const Line* model);

}  // namespace mxsmith::dns
