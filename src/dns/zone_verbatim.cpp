#include "dns/zone_verbatim.hpp"

#include <algorithm>
#include <charconv>

namespace mxsmith::dns {

namespace {

constexpr std::string_view kVersion = "zone-lines-1";
/// Longer comments between two records are not worth their room in history.
constexpr std::size_t kMaxGap = 4096;
constexpr std::size_t kMaxAbove = 3;

using Content = ZoneFile::Content;

std::uint32_t without_serial(const Content& content, std::uint32_t octet) {
  return octet > content.serial_at ? octet - content.serial_size : octet;
}

std::string text_without_serial(const Content& content, const RecordSpan& span) {
  std::string text(content.text_of(span));
  if (content.serial_size != 0 && span.begin <= content.serial_at && content.serial_at < span.end) {
    text.erase(content.serial_at - span.begin, content.serial_size);
  }
  return text;
}

bool in_zone_file(const Content& content, std::size_t record) {
  return content.records[record].span.file == 0;
}

bool inherits(const Content& content, std::size_t record) {
  const auto written = content.written[record];
  if ((written & kOwnerWritten) == 0) return true;
  return (written & kTtlWritten) == 0 &&
         !content.scope_at(content.records[record].span.begin).default_ttl;
}

Piece piece_of(const Content& content, std::size_t record, Piece::Kind kind) {
  const RecordSpan& span = content.records[record].span;
  Piece piece;
  piece.kind = kind;
  piece.at = without_serial(content, span.begin);
  piece.text = text_without_serial(content, span);
  piece.id = id_of(content, record);
  return piece;
}

void note_place(const Content& content, std::size_t record, Piece& piece) {
  auto above = content.record_above(record);
  const std::uint32_t gap_from = above ? content.records[*above].span.end : 0;
  const std::uint32_t begin = content.records[record].span.begin;
  if (begin - gap_from <= kMaxGap) {
    piece.gap = content.text.substr(gap_from, begin - gap_from);
  }
  while (above && piece.above.size() < kMaxAbove) {
    piece.above.push_back(id_of(content, *above));
    above = content.record_above(*above);
  }
  if (const auto below = content.record_below(record)) piece.below = id_of(content, *below);
}

// --- the text form: words with a blank between, octets that would not do as %XX ---

class Writer {
 public:
  void word(std::string_view octets) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (!out_.empty()) out_ += ' ';
    for (const char c : octets) {
      if (c > 0x20 && c < 0x7f && c != '%') {
        out_ += c;
        continue;
      }
      const auto value = static_cast<unsigned char>(c);
      out_ += '%';
      out_ += kDigits[value >> 4];
      out_ += kDigits[value & 15];
    }
  }
  void number(std::size_t value) { word(std::to_string(value)); }
  void id(const RecordId& id) {
    word(id.key.name.text());
    word(type_name(id.key.type));
    word(id.value ? print_rdata(*id.value) : "");
    number(id.occurrence);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string word() {
    if (over_) good_ = false;
    const std::size_t blank = rest_.find(' ');
    const std::string_view raw = rest_.substr(0, blank);
    over_ = blank == std::string_view::npos;
    rest_ = over_ ? std::string_view() : rest_.substr(blank + 1);
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '%') {
        out += raw[i];
        continue;
      }
      unsigned value = 0;
      const auto digits = raw.substr(i + 1, 2);
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      good_ = good_ && error == std::errc() && end == digits.data() + 2;
      out += static_cast<char>(value);
      i += 2;
    }
    return out;
  }
  std::uint32_t number() {
    const std::string text = word();
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    good_ = good_ && error == std::errc() && end == text.data() + text.size();
    return value;
  }
  RecordId id() {
    RecordId id;
    const auto name = Name::parse_absolute(word());
    const auto type = parse_type(word());
    const std::string value = word();
    id.occurrence = number();
    good_ = good_ && name.ok() && type;
    if (!good_) return id;
    id.key = {*name, *type};
    if (value.empty()) return id;
    auto rdata = parse_rdata(*type, value, Name());
    good_ = rdata.ok();
    if (good_) id.value = *std::move(rdata);
    return id;
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool done() const { return good_ && over_; }

 private:
  std::string_view rest_;
  bool over_ = false;
  bool good_ = true;
};

void print_piece(Writer& out, const Piece& piece) {
  out.word(std::string(1, static_cast<char>(piece.kind)));
  out.number(piece.at);
  out.word(piece.text);
  out.id(piece.id);
  if (piece.kind == Piece::Kind::dependent) return;
  out.word(piece.gap);
  out.number(piece.above.size());
  for (const auto& id : piece.above) out.id(id);
  out.number(piece.below ? 1 : 0);
  if (piece.below) out.id(*piece.below);
}

bool read_piece(Reader& in, Piece& piece) {
  const std::string kind = in.word();
  if (kind != "r" && kind != "d") return false;
  piece.kind = kind == "r" ? Piece::Kind::record : Piece::Kind::dependent;
  piece.at = in.number();
  piece.text = in.word();
  piece.id = in.id();
  if (piece.kind == Piece::Kind::dependent) return in.good();
  piece.gap = in.word();
  for (std::uint32_t left = in.number(); left > 0 && in.good(); --left) {
    piece.above.push_back(in.id());
  }
  if (in.number() != 0) piece.below = in.id();
  return in.good();
}

}  // namespace

RecordId id_of(const Content& content, std::size_t record) {
  const ZoneFile::Record& wanted = content.records[record];
  RecordId id{content.key_of(wanted), content.value_of(wanted), 0};
  if (id.key.type == Type::SOA) id.value.reset();
  if (!content.duplicates) return id;
  for (const auto i : content.records_of(wanted.set)) {
    if (i >= record) break;
    if (content.records[i].value == wanted.value && in_zone_file(content, i)) ++id.occurrence;
  }
  return id;
}

std::optional<std::size_t> find_record(const Content& content, const RecordId& id) {
  const RRset* set = content.zone.find(id.key);
  if (set == nullptr) return std::nullopt;
  const auto position = static_cast<std::uint32_t>(set - content.zone.sets().data());
  const auto value =
      id.value ? std::find(set->values.begin(), set->values.end(), *id.value) : set->values.begin();
  const auto place = static_cast<std::uint32_t>(value - set->values.begin());
  std::uint32_t occurrence = 0;
  for (const auto i : content.records_of(position)) {
    if (content.records[i].value != place || !in_zone_file(content, i)) continue;
    if (occurrence++ == id.occurrence) return i;
  }
  return std::nullopt;
}

Verbatim take_verbatim(const Content& content, const Key& key) {
  Verbatim verbatim;
  const RRset* set = content.zone.find(key);
  if (set == nullptr) return verbatim;
  const auto position = static_cast<std::uint32_t>(set - content.zone.sets().data());
  for (const auto i : content.records_of(position)) {
    if (!in_zone_file(content, i)) return {};
    Piece piece = piece_of(content, i, Piece::Kind::record);
    note_place(content, i, piece);
    verbatim.pieces.push_back(std::move(piece));
    const auto next = content.record_below(i);
    if (next && content.records[*next].set != position && inherits(content, *next)) {
      verbatim.pieces.push_back(piece_of(content, *next, Piece::Kind::dependent));
    }
  }
  verbatim.digest = content.digest();
  if (content.serial_size != 0) verbatim.serial_at = content.serial_at;
  return verbatim;
}

std::string print_verbatim(const Verbatim& verbatim) {
  if (verbatim.pieces.empty()) return {};
  Writer out;
  out.word(kVersion);
  out.word(verbatim.digest);
  out.word(verbatim.serial_at ? std::to_string(*verbatim.serial_at) : "-");
  out.number(verbatim.pieces.size());
  for (const auto& piece : verbatim.pieces) print_piece(out, piece);
  return out.take();
}

std::optional<Verbatim> parse_verbatim(std::string_view text) {
  Reader in(text);
  if (in.word() != kVersion) return std::nullopt;
  Verbatim verbatim;
  verbatim.digest = in.word();
  const std::string serial = in.word();
  if (serial != "-") {
    std::uint32_t at = 0;
    const auto [end, error] = std::from_chars(serial.data(), serial.data() + serial.size(), at);
    if (error != std::errc() || end != serial.data() + serial.size()) return std::nullopt;
    verbatim.serial_at = at;
  }
  for (std::uint32_t left = in.number(); left > 0 && in.good(); --left) {
    Piece piece;
    if (!read_piece(in, piece)) return std::nullopt;
    verbatim.pieces.push_back(std::move(piece));
  }
  if (!in.done()) return std::nullopt;
  return verbatim;
}

}  // namespace mxsmith::dns
