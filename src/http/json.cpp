#include "http/json.hpp"

#include <array>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::http {

namespace {

using base::Error;
using base::ErrorKind;

/// Deeper nesting is an attack or a mistake: no API of ours goes beyond ten.
constexpr std::size_t kDeepest = 64;

/// The pieces of a body, read once from front to back; those that are done with are freed.
class PieceReader {
 public:
  explicit PieceReader(std::vector<std::string> pieces) : pieces_(std::move(pieces)) { enter(); }

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] char current() const { return *at_; }
  void advance() {
    if (++at_ != end_) return;
    std::string().swap(pieces_[piece_]);
    ++piece_;
    enter();
  }

 private:
  /// Where no piece with octets is left, both ends stay equal.
  void enter() {
    while (piece_ < pieces_.size() && pieces_[piece_].empty()) ++piece_;
    const bool more = piece_ < pieces_.size();
    at_ = more ? pieces_[piece_].data() : nullptr;
    end_ = more ? at_ + pieces_[piece_].size() : nullptr;
  }

  std::vector<std::string> pieces_;
  std::size_t piece_ = 0;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

/// An input iterator over a PieceReader; the default one is the end.
class PieceIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  PieceIterator() = default;
  explicit PieceIterator(PieceReader& reader) : reader_(&reader) {}

  char operator*() const { return reader_->current(); }
  PieceIterator& operator++() {
    reader_->advance();
    return *this;
  }
  PieceIterator operator++(int) {
    const PieceIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const PieceIterator& a, const PieceIterator& b) {
    return a.ended() == b.ended();
  }
  friend bool operator!=(const PieceIterator& a, const PieceIterator& b) { return !(a == b); }

 private:
  [[nodiscard]] bool ended() const { return reader_ == nullptr || reader_->at_end(); }

  PieceReader* reader_ = nullptr;
};

Error malformed(const std::string& what, const std::string& why) {
  return {ErrorKind::protocol, "the answer to " + what + " is not the JSON it should be: " + why};
}

/// Where the elements of a long array go instead of into the document.
struct Elements {
  std::string_view member;
  const std::function<void(Json&&)>& take;
};

/// Builds the value from the parser's events.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  Builder(const std::string& what, const Elements* elements) : what_(what), elements_(elements) {}

  // NOLINTBEGIN(readability-identifier-naming): the parser calls them by these names
  bool null() { return put(Json()); }
  bool boolean(bool value) { return put(Json(value)); }
  bool number_integer(number_integer_t value) { return put(Json(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) {
      throw malformed(what_, "the number " + std::to_string(value) + " is too large");
    }
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) { return put(Json(value)); }
  // Copied, not moved: the parser goes on with the memory of its own.
  bool string(const string_t& value) { return put(Json(std::string(value))); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) {
    open(Kind::object);
    innermost().members.reserve(usual_sizes_.at(depth_ - 1));
    return true;
  }
  bool key(const string_t& name) {
    innermost().name = name;
    return true;
  }
  bool end_object() {
    Json::Members members = std::move(innermost().members);
    --depth_;
    usual_sizes_.at(depth_) = members.size();
    return put(Json::object(std::move(members)));
  }
  bool start_array(std::size_t) {
    const bool of_outermost =
        elements_ != nullptr && depth_ == 1 && innermost().kind == Kind::object;
    if (of_outermost && innermost().name == elements_->member) streaming_ = found_ = true;
    open(Kind::array);
    return true;
  }
  bool end_array() {
    Json::Array array = std::move(innermost().array);
    --depth_;
    if (depth_ == 1) streaming_ = false;
    return put(Json::array(std::move(array)));
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) {
    // nlohmann's text goes "[json.exception...] parse error at line 1, column 5: WHY".
    const std::string text = e.what();
    const std::size_t why = text.find(": ");
    throw malformed(what_, "at octet " + std::to_string(position) + ": " +
                               (why == std::string::npos ? text : text.substr(why + 2)));
  }
  // NOLINTEND(readability-identifier-naming)

  [[nodiscard]] bool found_elements() const { return found_; }
  Json result() && { return std::move(result_); }

 private:
  enum class Kind : std::uint8_t { object, array };
  /// An object or array that is not closed yet; `name` is the member to come.
  struct Open {
    Kind kind = Kind::object;
    Json::Members members;
    Json::Array array;
    std::string name;
  };

  Open& innermost() { return open_[depth_ - 1]; }
  void open(Kind kind) {
    if (depth_ == kDeepest) {
      throw malformed(what_, "it is nested more than " + std::to_string(kDeepest) + " deep");
    }
    if (depth_ == open_.size()) open_.emplace_back();
    ++depth_;
    innermost().kind = kind;
    innermost().members.clear();
    innermost().array.clear();
  }
  bool put(Json&& value) {
    if (depth_ == 0) {
      result_ = std::move(value);
    } else if (streaming_ && depth_ == 2) {
      elements_->take(std::move(value));
    } else if (innermost().kind == Kind::object) {
      innermost().members.emplace_back(innermost().name, std::move(value));
    } else {
      innermost().array.push_back(std::move(value));
    }
    return true;
  }

  const std::string& what_;
  const Elements* elements_;
  std::vector<Open> open_;  ///< The first `depth_` of them are; the others keep their memory.
  std::size_t depth_ = 0;
  /// Members of the object before at each depth: elements of a long array are alike.
  std::array<std::size_t, kDeepest> usual_sizes_{};
  Json result_;
  bool streaming_ = false;
  bool found_ = false;
};

nlohmann::json to_library(const Json& value) {
  if (const bool* boolean = value.boolean()) return *boolean;
  if (const auto* integer = value.integer()) return *integer;
  if (const auto* number = value.number()) return *number;
  if (const auto* text = value.string()) return *text;
  return nullptr;
}

/// Appends a scalar; the library knows about escapes and the shortest decimals.
void print_scalar(const Json& value, std::string& out) {
  try {
    out += to_library(value).dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::invalid, "a text to be sent as JSON is not UTF-8");
  }
}

void print_into(const Json& value, std::string& out) {
  if (const auto* elements = value.elements()) {
    out += '[';
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (i != 0) out += ',';
      print_into((*elements)[i], out);
    }
    out += ']';
  } else if (const auto* members = value.members()) {
    out += '{';
    for (std::size_t i = 0; i < members->size(); ++i) {
      if (i != 0) out += ',';
      print_scalar(Json((*members)[i].first), out);
      out += ':';
      print_into((*members)[i].second, out);
    }
    out += '}';
  } else {
    print_scalar(value, out);
  }
}

}  // namespace

Json Json::array(Array elements) {
  Json json;
  json.value_ = std::move(elements);
  return json;
}

Json Json::object(Members members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

const Json* Json::find(std::string_view name) const {
  const Members* all = members();
  if (all == nullptr) return nullptr;
  for (auto member = all->rbegin(); member != all->rend(); ++member) {
    if (member->first == name) return &member->second;
  }
  return nullptr;
}

Json& Json::add(std::string name, Json value) {
  std::get<Members>(value_).emplace_back(std::move(name), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string print_json(const Json& value) {
  std::string text;
  print_into(value, text);
  return text;
}

Json parse_json(std::string_view text, const std::string& what) {
  Builder builder(what, nullptr);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).result();
}

Json parse_json_body(const Body& body, const std::string& what) {
  if (body.pieces().size() <= 1) {
    return parse_json(body.empty() ? std::string_view() : body.pieces().front(), what);
  }
  const std::string joined = body.text();
  return parse_json(joined, what);
}

Json parse_json_elements(Body&& body, std::string_view member,
                         const std::function<void(Json&&)>& element, const std::string& what) {
  const Elements elements{member, element};
  Builder builder(what, &elements);
  PieceReader reader(std::move(body).take_pieces());
  nlohmann::json::sax_parse(PieceIterator(reader), PieceIterator(), &builder);
  if (!builder.found_elements()) {
    throw malformed(what, "it has no array \"" + std::string(member) + "\"");
  }
  return std::move(builder).result();
}

}  // namespace mxsmith::http
