// Edits of zone files as people write them: whatever the edit, undoing it with the verbatim lines
// gives back every byte but the serial's digits.
#include "support/property.hpp"
#include "zone_text.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

/// Generates the text of a zone file line by line: comments, blank lines, parentheses, inherited
/// owners and TTLs, all sorts of line ends.
class Writer {
 public:
  std::string write() {
    newline_ = *rc::gen::element<std::string>("\n", "\n", "\r\n");
    if (*chance(10)) out_ += "\xef\xbb\xbf";
    if (*chance(60)) directive("$TTL " + *rc::gen::element<std::string>("3600", "1h", "1d"));
    soa();
    const int lines = *rc::gen::inRange(0, 14);
    for (int i = 0; i < lines; ++i) line();
    if (*chance(20)) {
      while (!out_.empty() && (out_.back() == '\n' || out_.back() == '\r')) out_.pop_back();
    }
    return std::move(out_);
  }

 private:
  static rc::Gen<bool> chance(int percent) {
    return rc::gen::map(rc::gen::inRange(0, 100), [percent](int n) { return n < percent; });
  }
  static std::string blanks() { return *rc::gen::element<std::string>("\t", " ", "   ", "\t\t"); }
  std::string comment() {
    return *rc::gen::element<std::string>("", "", "", " ; note", "\t;; (old) \"quote", " ;");
  }
  void end(const std::string& text) {
    // A few lines end otherwise than the rest.
    out_ += text + (*chance(5) ? "\n" : newline_);
  }
  void directive(const std::string& text) { end(text + comment()); }
  void soa() {
    out_ += "@ ";
    if (*chance(50)) out_ += *rc::gen::element<std::string>("600 ", "1h ");
    if (*chance(50)) {
      end("IN SOA ns1 hostmaster 7 3600 600 86400 300" + comment());
    } else {
      end("SOA ns1 hostmaster (" + comment());
      end("  2026010101 ; serial");
      end("  3600 600 86400 300 )" + comment());
    }
  }
  void line() {
    switch (*rc::gen::inRange(0, 10)) {
      case 0: end(*rc::gen::element<std::string>("", "  ", "; a comment", "\t; another")); break;
      case 1:
        if (*chance(40)) {
          directive("$ORIGIN " +
                    *rc::gen::element<std::string>("example.com.", "sub.example.com."));
        } else if (*chance(20)) {
          directive("$TTL " + *rc::gen::element<std::string>("60", "3600"));
        }
        break;
      default: record();
    }
  }
  void record() {
    std::string text;
    if (!*chance(40)) text += *rc::gen::element<std::string>("@", "www", "a", "mail", "B", "@");
    text += blanks();
    if (*chance(40)) text += *rc::gen::element<std::string>("60", "600", "3600", "1h") + blanks();
    if (*chance(60)) text += "IN" + blanks();
    text += *rc::gen::element<std::string>(
        "A 192.0.2.1", "A 192.0.2.2", "A\t192.0.2.3", "MX 10 mail", "MX 20 mail.example.net.",
        "MX ( 30 mail\n   ) ", "MX (5 ) mail", "TXT \"v=spf1 -all\"", "TXT token=1",
        "TXT ( \"a b\"\n\t\"c\" ; part two\n\t)", "TXT \"x;y\" z", "AAAA 2001:db8::1",
        "NS ns1.example.net.", "CAA 0 issue \"ca.example\"", "TYPE65280 \\# 2 0102");
    std::string folded;
    for (const char c : text) folded += c == '\n' ? newline_ : std::string(1, c);
    end(folded + comment());
  }
  std::string newline_;
  std::string out_;
};

/// A file that reads without faults; names do not collide with CNAMEs since there are none.
std::string some_file() {
  const std::string text = Writer().write();
  RC_PRE(read_text(text).file.has_value());
  return text;
}

std::uint32_t some_ttl(std::uint32_t now) {
  return *rc::gen::elementOf(std::vector<std::uint32_t>{now, now, 60, 3600, 7200});
}

RRset changed(const RRset& set) {
  RRset after = set;
  after.ttl = some_ttl(set.ttl);
  const int what = *rc::gen::inRange(0, 4);
  if (set.type == Type::SOA) {
    auto& soa = std::get<Soa>(after.values[0]);
    (what % 2 == 0 ? soa.minimum : soa.refresh) = 4321;
    return after;
  }
  const auto fresh = rdata_of(set.type);
  if (what == 0) after.values = {*fresh};
  if (what == 1) after.values[0] = *fresh;
  if (what == 2) after.values.push_back(*fresh);
  if (what == 3 && after.values.size() > 1) after.values.erase(after.values.begin());
  RRset unique{after.name, after.type, after.ttl, {}};
  for (const auto& value : after.values) unique.add(value);
  return unique;
}

std::vector<SetEdit> some_edits(const Zone& zone) {
  std::vector<SetEdit> edits;
  for (const auto& set : zone.sets()) {
    const int what = *rc::gen::inRange(0, 5);
    if (what == 0 && set.type != Type::SOA) edits.push_back({set.key(), std::nullopt, {}});
    if (what == 1) edits.push_back({set.key(), changed(set), {}});
  }
  const int fresh = *rc::gen::inRange(0, 3);
  for (int i = 0; i < fresh; ++i) {
    const Name owner = Name::of(
        *rc::gen::element<std::string>("www.example.com", "example.com", "new.example.com"));
    const Key key{owner, i == 0 ? Type::SRV : Type::TLSA};
    edits.push_back({key, *rrset_of(key), {}});
    edits.back().after->ttl = some_ttl(3600);
  }
  return edits;
}

std::vector<SetEdit> inverse(const ZoneFile& file, const std::vector<SetEdit>& edits) {
  std::vector<SetEdit> back;
  for (const auto& edit : edits) {
    const RRset* before = file.zone().find(edit.key);
    back.push_back({edit.key, before == nullptr ? std::nullopt : std::optional(*before),
                    file.verbatim(edit.key)});
  }
  return back;
}

std::string without_serial(std::string text, std::uint32_t serial) {
  const std::string digits = std::to_string(serial);
  const auto at = text.find(digits);
  RC_ASSERT(at != std::string::npos);
  return text.erase(at, digits.size());
}

TEST_CASE("zone file: an edit means what it should, and its inverse gives every byte back") {
  property("edit and undo", [] {
    const std::string text = some_file();
    RC_LOG() << text;
    const auto file = *read_text(text).file;
    const auto edits = some_edits(file.zone());
    for (const auto& edit : edits) {
      RC_LOG() << "EDIT " << edit.key.text() << (edit.after ? " to " : " goes") << "\n";
      if (edit.after) RC_LOG() << *edit.after << "\n";
    }
    const auto after = edit_zone_file(file, edits, 777777);
    RC_LOG() << (after.ok() ? *after : after.fault().message);
    RC_ASSERT(after.ok());
    const auto again = read_text(*after);
    RC_ASSERT(again.file.has_value());
    const auto undone = edit_zone_file(*again.file, inverse(file, edits), 888888);
    RC_LOG() << "UNDONE " << (undone.ok() ? *undone : undone.fault().message);
    RC_ASSERT(undone.ok());
    const auto serial = std::get<Soa>(file.zone().find(apex(), Type::SOA)->values[0]).serial;
    RC_ASSERT(without_serial(*undone, 888888) == without_serial(text, serial));
  });
}

TEST_CASE("zone file: an edit with nothing in it changes nothing") {
  property("no edit", [] {
    const std::string text = some_file();
    const auto file = *read_text(text).file;
    std::vector<SetEdit> edits;
    for (const auto& set : file.zone().sets()) edits.push_back({set.key(), set, {}});
    const auto after = edit_zone_file(file, edits, std::nullopt);
    RC_ASSERT(after.ok());
    RC_ASSERT(*after == text);
  });
}

TEST_CASE("zone file: an undo after somebody else's change keeps that change") {
  property("edit, other edit, undo", [] {
    const std::string text = some_file();
    RC_LOG() << text;
    const auto file = *read_text(text).file;
    const auto edits = some_edits(file.zone());
    const auto after = edit_zone_file(file, edits, 777777);
    RC_ASSERT(after.ok());
    const Key key{Name::of("other.example.com"), Type::A};
    const auto other =
        edit_zone_file(*read_text(*after).file,
                       {{key, set_of("other.example.com/A", 60, {"192.0.2.9"}), {}}}, std::nullopt);
    RC_ASSERT(other.ok());
    RC_LOG() << *other;
    const auto undone = edit_zone_file(*read_text(*other).file, inverse(file, edits), 888888);
    RC_LOG() << "UNDONE " << (undone.ok() ? *undone : undone.fault().message);
    RC_ASSERT(undone.ok());
    auto zone = read_text(*undone).file->zone();
    RC_ASSERT(zone.find(key) != nullptr);
  });
}

TEST_CASE("zone file: reading a printed zone gives the zone") {
  property("print and read", [](const Zone& zone) {
    const std::uint32_t ttl = *any_ttl();
    const auto text = print_zone_file(zone, {ttl});
    RC_LOG() << text;
    const auto back = read_text(text);
    for (const auto& line : back.told) RC_LOG() << line << "\n";
    RC_ASSERT(back.file.has_value());
    RC_ASSERT(back.file->zone() == zone);
  });
}

TEST_CASE("zone file: no text makes the reader fall over") {
  property("random octets", [] {
    const auto read = read_text(*octets_of_size(0, 200));
    RC_ASSERT(read.file.has_value() || !read.told.empty());
  });
  property("a good file with octets changed", [] {
    std::string text = Writer().write();
    const int changes = *rc::gen::inRange(1, 6);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      if (*rc::gen::inRange(0, 2) == 0) {
        text[at] = *octet();
      } else {
        text.erase(at, 1);
      }
    }
    const auto read = read_text(text);
    RC_ASSERT(read.file.has_value() || !read.told.empty());
  });
}

}  // namespace
}  // namespace mxsmith::tests
