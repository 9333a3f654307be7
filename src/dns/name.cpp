#include "dns/name.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "dns/idn.hpp"
#include "dns/name_text.hpp"

namespace mxsmith::dns {

namespace {

/// The octet a sign stands for in a name (letters lowered), or 0 where it needs thought.
constexpr std::array<char, 256> make_plain_table() {
  std::array<char, 256> table{};
  for (int c = 0x21; c < 0x7f; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c + 32);
  for (const char c : {'.', '\\', '"', '(', ')', ';'}) table[static_cast<unsigned char>(c)] = 0;
  return table;
}
constexpr auto kPlain = make_plain_table();

constexpr char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// One run over the text of a name. Labels grow in the buffer behind their length octet.
class Encoder {
 public:
  Encoder(std::string_view text, const Name& origin, NonAscii mode, NameBuffer& buffer)
      : text_(text), origin_(origin), mode_(mode), out_(buffer) {}

  std::optional<base::Fault> run() {
    if (text_ == "@") return take(origin_.wire());
    if (text_ == ".") return take(Name().wire());
    if (text_.empty()) return base::Fault{"the name is empty", "write \"@\" for the origin"};
    out_.size = 1;
    while (at_ < text_.size()) {
      const char plain = kPlain[static_cast<unsigned char>(text_[at_])];
      if (plain != 0) {
        if (!put(plain)) return too_long();
        ++at_;
      } else if (auto fault = special()) {
        return fault;
      }
    }
    return finish();
  }

 private:
  bool put(char octet) {
    if (out_.size >= kMaxName || out_.size - label_ > kMaxLabel) return false;
    out_.octets[out_.size++] = octet;
    return true;
  }
  std::optional<base::Fault> take(std::string_view wire) {
    std::copy(wire.begin(), wire.end(), out_.octets.begin());
    out_.size = wire.size();
    return std::nullopt;
  }
  bool close_label() {
    const std::size_t length = out_.size - label_ - 1;
    out_.octets[label_] = static_cast<char>(length);
    label_ = out_.size;
    return length != 0;
  }

  std::optional<base::Fault> special() {
    const char c = text_[at_];
    if (c == '.') return dot();
    if (c == '\\') return escape();
    if (static_cast<unsigned char>(c) >= 0x80) {
      if (mode_ == NonAscii::u_labels) return u_label();
      if (!put(c)) return too_long();
      ++at_;
      out_.non_ascii = true;
      return std::nullopt;
    }
    return base::Fault{"a name cannot hold " + quoted(c) + " as it stands", "escape it as \\DDD",
                       at_};
  }

  std::optional<base::Fault> dot() {
    if (!close_label()) return base::Fault{"the name has an empty label", {}, at_};
    label_text_ = ++at_;
    if (at_ < text_.size()) {
      if (out_.size >= kMaxName) return too_long();
      ++out_.size;
    }
    return std::nullopt;
  }

  std::optional<base::Fault> escape() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (rest.empty()) return bad_escape();
    if (!is_digit(rest[0])) {
      if (!put(lowered(rest[0]))) return too_long();
      at_ += 2;
      return std::nullopt;
    }
    if (rest.size() < 3 || !is_digit(rest[1]) || !is_digit(rest[2])) return bad_escape();
    const int value = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
    if (value > 255) return bad_escape();
    if (!put(lowered(static_cast<char>(value)))) return too_long();
    at_ += 4;
    return std::nullopt;
  }
  [[nodiscard]] base::Fault bad_escape() const {
    return {"bad escape in the name",
            "an escape is \\DDD with DDD from 000 to 255, or \\ and a sign", at_};
  }

  /// The whole label is done again from its start: it is text, not octets.
  std::optional<base::Fault> u_label() {
    const std::size_t begin = label_text_;
    const std::size_t end = std::min(text_.find('.', at_), text_.size());
    const std::string_view label = text_.substr(begin, end - begin);
    if (label.find('\\') != std::string_view::npos) {
      return base::Fault{"a label mixes escapes with non-ASCII text", "write its A-label", begin};
    }
    auto ascii = label_to_ascii(label);
    if (!ascii.ok()) return base::Fault{ascii.fault().message, ascii.fault().hint, begin};
    out_.size = label_ + 1;
    for (const char c : *ascii) {
      if (c != '.') {
        if (!put(lowered(c))) return too_long();
        continue;
      }
      if (!close_label()) return base::Fault{"the name has an empty label", {}, begin};
      if (out_.size >= kMaxName) return too_long();
      ++out_.size;
    }
    at_ = end;
    return std::nullopt;
  }

  std::optional<base::Fault> finish() {
    std::string_view rest = Name().wire();
    if (label_ != out_.size) {
      if (!close_label()) return base::Fault{"the name has an empty label", {}, at_};
      rest = origin_.wire();
    }
    if (out_.octets[0] == 0) return base::Fault{"the name has an empty label", {}, 0};
    if (out_.size + rest.size() > kMaxName) return too_long();
    std::copy(rest.begin(), rest.end(),
              out_.octets.begin() + static_cast<std::ptrdiff_t>(out_.size));
    out_.size += rest.size();
    return std::nullopt;
  }

  [[nodiscard]] base::Fault too_long() const {
    if (out_.size - label_ > kMaxLabel && at_ < text_.size()) {
      return {"a label is longer than 63 octets", {}, at_};
    }
    return {"the name is longer than 255 octets", {}, at_};
  }
  static std::string quoted(char c) {
    if (c > 0x20 && c < 0x7f) return std::string("'") + c + "'";
    return c == ' ' ? "a blank" : "a control character";
  }

  std::string_view text_;
  const Name& origin_;
  NonAscii mode_;
  NameBuffer& out_;
  std::size_t at_ = 0;
  std::size_t label_text_ = 0;  ///< Where the open label's text starts.
  std::size_t label_ = 0;       ///< Where its length octet goes.
};

/// The places of the labels' length octets.
struct LabelPlaces {
  std::array<std::uint8_t, 128> at{};
  std::size_t count = 0;
};
LabelPlaces places_of(std::string_view wire) {
  LabelPlaces places;
  for (std::size_t i = 0; wire[i] != 0; i += static_cast<unsigned char>(wire[i]) + 1U) {
    places.at[places.count++] = static_cast<std::uint8_t>(i);
  }
  return places;
}
std::string_view label_at(std::string_view wire, std::size_t place) {
  return wire.substr(place + 1, static_cast<unsigned char>(wire[place]));
}

void append_label(std::string& out, std::string_view label) {
  for (const char c : label) {
    if (std::strchr(".\\\"();@$", c) != nullptr && c != '\0') {
      out += '\\';
      out += c;
    } else if (c > 0x20 && c < 0x7f) {
      out += c;
    } else {
      const auto value = static_cast<unsigned char>(c);
      out += '\\';
      out += static_cast<char>('0' + value / 100);
      out += static_cast<char>('0' + value / 10 % 10);
      out += static_cast<char>('0' + value % 10);
    }
  }
}

/// The labels up to octet `end` with dots between.
std::string text_of(std::string_view wire, std::size_t end) {
  std::string out;
  out.reserve(wire.size());
  for (std::size_t i = 0; i < end; i += static_cast<unsigned char>(wire[i]) + 1U) {
    if (i != 0) out += '.';
    append_label(out, label_at(wire, i));
  }
  return out;
}

}  // namespace

std::optional<base::Fault> encode_name(std::string_view text, const Name& origin, NonAscii mode,
                                       NameBuffer& buffer) {
  return Encoder(text, origin, mode, buffer).run();
}

base::Parsed<Name> parse_name(std::string_view text, const Name& origin, NonAscii mode) {
  NameBuffer buffer;
  if (auto fault = encode_name(text, origin, mode, buffer)) return std::move(*fault);
  return Name::from_checked_wire(buffer.view());
}

base::Parsed<Name> Name::parse(std::string_view text, const Name& origin) {
  return parse_name(text, origin, NonAscii::u_labels);
}

base::Parsed<Name> Name::parse_absolute(std::string_view text) { return parse(text, Name()); }

Name Name::of(std::string_view text) {
  auto name = parse_absolute(text);
  if (name.ok()) return *std::move(name);
  throw base::Error(base::ErrorKind::invalid,
                    "\"" + std::string(text) + "\" is not a name: " + name.fault().message);
}

base::Parsed<Name> Name::from_wire(std::string_view wire) {
  std::size_t i = 0;
  while (i < wire.size() && wire[i] != 0) {
    const auto length = static_cast<unsigned char>(wire[i]);
    if (length > kMaxLabel) return base::Fault{"a label is longer than 63 octets", {}, i};
    i += length + 1U;
  }
  if (i >= wire.size()) return base::Fault{"the name ends too early", {}, wire.size()};
  if (i + 1 != wire.size()) return base::Fault{"octets follow the name", {}, i + 1};
  if (wire.size() > kMaxName)
    return base::Fault{"the name is longer than 255 octets", {}, kMaxName};
  // Length octets are under 64 and so never letters.
  NameBuffer buffer;
  buffer.size = wire.size();
  std::transform(wire.begin(), wire.end(), buffer.octets.begin(), lowered);
  return Name(buffer.view());
}

std::string Name::text() const { return text_of(wire(), wire().size() - 1) + '.'; }

std::string Name::text_relative_to(const Name& origin) const {
  if (*this == origin) return "@";
  if (origin.is_root() || !is_at_or_below(origin)) return text();
  return text_of(wire(), wire().size() - origin.wire().size());
}

std::string Name::display() const {
  if (is_root()) return ".";
  const std::string ascii = text_of(wire(), wire().size() - 1);
  std::string unicode;
  bool any = false;
  for (const auto& label : labels()) {
    if (!unicode.empty()) unicode += '.';
    if (auto u_label = label_to_unicode(label)) {
      unicode += *u_label;
      any = true;
    } else {
      append_label(unicode, label);
    }
  }
  return any ? unicode + " (" + ascii + ")" : ascii;
}

std::size_t Name::label_count() const { return places_of(wire()).count; }

std::vector<std::string> Name::labels() const {
  const auto places = places_of(wire());
  std::vector<std::string> out;
  out.reserve(places.count);
  for (std::size_t i = 0; i < places.count; ++i) out.emplace_back(label_at(wire(), places.at[i]));
  return out;
}

bool Name::is_at_or_below(const Name& ancestor) const {
  const std::string_view mine = wire();
  const std::string_view end = ancestor.wire();
  if (mine.size() < end.size() || !mine.ends_with(end)) return false;
  const std::size_t cut = mine.size() - end.size();
  std::size_t i = 0;
  while (i < cut) i += static_cast<unsigned char>(mine[i]) + 1U;
  return i == cut;
}

Name Name::parent() const {
  if (is_root()) return {};
  return Name(wire().substr(static_cast<unsigned char>(wire()[0]) + 1U));
}

base::Parsed<Name> Name::child(std::string_view label) const {
  std::string out(1, static_cast<char>(std::min<std::size_t>(label.size(), 255)));
  out += label;
  if (label.empty()) return base::Fault{"the name has an empty label"};
  return from_wire(out.append(wire()));
}

std::strong_ordering operator<=>(const Name& a, const Name& b) {
  const std::string_view left = a.wire();
  const std::string_view right = b.wire();
  const auto left_places = places_of(left);
  const auto right_places = places_of(right);
  const std::size_t common = std::min(left_places.count, right_places.count);
  for (std::size_t i = 1; i <= common; ++i) {
    const auto order = label_at(left, left_places.at[left_places.count - i]) <=>
                       label_at(right, right_places.at[right_places.count - i]);
    if (order != 0) return order;
  }
  return left_places.count <=> right_places.count;
}

}  // namespace mxsmith::dns
