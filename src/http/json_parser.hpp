// Reads JSON text that lies in pieces and frees them on the way. For json.cpp alone; what it
// accepts and refuses stands in json.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/json.hpp"

namespace mxsmith::http {

/// The octets of a text in pieces, from front to back. A piece that was passed is freed.
class JsonText {
 public:
  explicit JsonText(std::vector<std::string> pieces) : pieces_(std::move(pieces)) { enter(); }

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// The next octet; not at the end.
  [[nodiscard]] char front() const { return *at_; }
  /// What is left of the piece, never empty but at the end.
  [[nodiscard]] std::string_view rest_of_piece() const {
    return {at_, static_cast<std::size_t>(end_ - at_)};
  }
  /// Within the piece.
  void skip(std::size_t octets) {
    at_ += octets;
    if (at_ == end_) leave();
  }
  /// Octets passed so far.
  [[nodiscard]] std::size_t offset() const {
    return passed_ + (piece_ < pieces_.size() ? static_cast<std::size_t>(at_ - begin()) : 0);
  }

 private:
  [[nodiscard]] const char* begin() const { return pieces_[piece_].data(); }
  void enter();
  void leave();

  std::vector<std::string> pieces_;
  std::size_t piece_ = 0;
  std::size_t passed_ = 0;  ///< Octets of the pieces before.
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

/// Where the elements of one long array go instead of into the document.
struct JsonElements {
  std::string_view member;  ///< Of the outermost object.
  const std::function<void(Json&&)>& take;
  bool found = false;
};

class JsonParser {
 public:
  /// `elements` may be null. `what` names the text in errors.
  JsonParser(JsonText& text, JsonElements* elements, const std::string& what)
      : text_(text), elements_(elements), what_(what) {}

  /// The whole text as one value. Throws Error{protocol}.
  Json parse();

 private:
  static constexpr std::size_t kDeepest = 64;

  Json value();
  Json object();
  Json array();
  void stream();
  template <class TakeElement>
  void each_element(TakeElement take);
  void deeper();

  void read_string();
  void read_escape();
  unsigned read_code_unit();
  Json number();
  Json literal(std::string_view word, Json value);

  char next();
  void skip_space();
  void expect(char sign);
  [[noreturn]] void fail(const std::string& why) const;

  JsonText& text_;
  JsonElements* elements_;
  const std::string& what_;
  std::size_t depth_ = 0;
  std::string string_;  ///< What read_string read; its memory is used again.
  /// Members of the object before at each depth: elements of a long array are alike.
  std::array<std::size_t, kDeepest> usual_sizes_{};
};

}  // namespace mxsmith::http
