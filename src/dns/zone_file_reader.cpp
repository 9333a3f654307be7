// The reader: one pass over the text, every fault told with its place.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "dns/rdata_text.hpp"
#include "dns/zone_entry.hpp"
#include "dns/zone_file_content.hpp"

namespace mxsmith::dns {

namespace {

constexpr std::size_t kMaxFaults = 1000;
constexpr int kMaxDepth = 16;
/// Files that include one another twice each would be read 2^16 times before the depth ends it.
constexpr std::size_t kMostFiles = 1000;

/// One file on its way through the reader. Owner and last TTL end with the file; origin does too.
struct Source {
  std::uint32_t number = 0;
  std::string_view text;
  std::shared_ptr<const std::string> path;
  int depth = 0;
  Name origin;
  std::optional<Name> owner;
  std::string_view owner_text;  ///< The token that owner was made of; empty after $ORIGIN.
  std::optional<std::uint32_t> last_ttl;
};

/// One entry's place in its source.
struct Place {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::uint32_t line = 0;
};

class Reader {
 public:
  Reader(const Name& apex, const ReadOptions& options, base::Diagnostics& diagnostics,
         ZoneFile::Content& content)
      : apex_(apex), options_(options), diagnostics_(diagnostics), content_(content) {}

  void read() {
    content_.files.push_back(options_.path);
    const Name& origin = options_.origin ? *options_.origin : apex_;
    content_.scopes.push_back({0, origin, std::nullopt});
    // A guess that saves most of the moving: records are seldom shorter than 32 octets.
    content_.zone.reserve(content_.text.size() / 40);
    content_.records.reserve(content_.text.size() / 36);
    content_.written.reserve(content_.text.size() / 36);
    Source source;
    source.text = content_.text;
    source.path = std::make_shared<const std::string>(options_.path);
    source.origin = origin;
    main_ = source.path;
    read_source(source);
    check_zone();
  }

 private:
  void read_source(Source& source) {
    std::string_view text = source.text;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    Lexer lexer(text);
    while (lexer.at() < lexer.end() && !given_up_) {
      Place place{lexer.at(), nullptr, lexer.lines() + 1};
      tokens_.clear();
      const bool good = take_tokens(lexer, source, place);
      place.end = lexer.at();
      if (good && !tokens_.empty()) read_entry(source, place);
    }
  }

  bool take_tokens(Lexer& lexer, const Source& source, const Place& place) {
    Token token;
    while (true) {
      switch (lexer.next(token)) {
        case Lexer::Kind::token: tokens_.push_back(token); break;
        case Lexer::Kind::end_of_line:
        case Lexer::Kind::end_of_text: return true;
        case Lexer::Kind::fault:
          fault(source, place, {"zone-syntax", lexer.fault(), {}, lexer.fault_at()});
          lexer.skip_line();
          return false;
      }
    }
  }

  void read_entry(Source& source, const Place& place) {
    const bool inherits = inherits_owner(*place.begin);
    const Token& first = tokens_.front();
    if (!inherits && !first.quoted && first.begin[0] == '$') {
      read_directive(source, place);
    } else {
      read_record(source, place, inherits);
    }
  }

  void read_record(Source& source, const Place& place, bool inherits) {
    Entry entry;
    if (auto wrong = sort_entry(tokens_, inherits, entry)) {
      // The owner still counts for the lines below.
      if (entry.owner != nullptr) take_owner(source, place, *entry.owner);
      return fault(source, place, std::move(*wrong));
    }
    if (entry.owner != nullptr ? !take_owner(source, place, *entry.owner) : !source.owner) {
      if (entry.owner == nullptr) {
        fault(source, place,
              {"zone-owner", "the first record has no owner name",
               "a line that starts with a blank repeats the owner above it",
               entry.type_token->begin});
      }
      return;
    }
    auto value = parse_rdata_tokens(
        {entry.type, entry.rdata, place.begin, source.origin, NonAscii::octets, &names_});
    if (!value.ok()) {
      const auto& wrong = value.fault();
      const std::string message = type_name(entry.type) + ": " + wrong.message;
      return fault(
          source, place,
          {"zone-rdata", message, wrong.hint,
           entry.rdata.empty() ? entry.type_token->outer_end() : place.begin + wrong.offset});
    }
    add_record(source, place, entry, *std::move(value));
  }

  bool take_owner(Source& source, const Place& place, const Token& token) {
    if (source.owner && token.view() == source.owner_text) return true;
    NameBuffer buffer;
    if (auto wrong = encode_name(token.view(), source.origin, NonAscii::octets, buffer)) {
      source.owner.reset();
      source.owner_text = {};
      fault(source, place, {"zone-name", wrong->message, wrong->hint, token.begin + wrong->offset});
      return false;
    }
    if (buffer.non_ascii) {
      warn(source, place, token.begin, "zone-name-octets",
           "name servers take these octets as they are, not as an internationalized name",
           "write the A-label (xn--...)");
    }
    source.owner = Name::from_checked_wire(buffer.view());
    source.owner_text = token.view();
    return true;
  }

  void add_record(Source& source, const Place& place, const Entry& entry, Rdata value) {
    const Name& owner = *source.owner;
    const char* where = (entry.owner != nullptr ? entry.owner : entry.type_token)->begin;
    if (owner != last_added_ && !owner.is_at_or_below(apex_)) {
      return fault(source, place,
                   {"zone-outside", owner.text() + " is not in zone " + apex_.text(), {}, where});
    }
    if (entry.type == Type::SOA && !take_soa(source, place, entry, value)) return;
    const auto ttl = ttl_of(source, entry);
    if (!ttl) {
      return fault(source, place,
                   {"zone-no-ttl",
                    "no TTL: neither this record nor one before it has "
                    "one, and there is no $TTL",
                    "put $TTL at the top", where});
    }
    last_added_ = owner;
    const auto added = content_.zone.add_record(owner, entry.type, *ttl, std::move(value));
    if (!added.is_new) content_.duplicates = true;
    if (added.ttl_differs) {
      warn(source, place, (entry.ttl_token != nullptr ? entry.ttl_token : entry.type_token)->begin,
           "zone-ttl-differs",
           "TTL " + std::to_string(*ttl) + " is not that of the other " + type_name(entry.type) +
               " records of " + owner.text() + "; the lowest counts",
           "give the records of one set one TTL (RFC 2181 section 5.2)");
    }
    const auto octet = [&](const char* p) {
      return static_cast<std::uint32_t>(p - source.text.data());
    };
    content_.records.push_back({added.set,
                                added.value,
                                {source.number, octet(place.begin), octet(place.end), place.line}});
    content_.written.push_back(
        static_cast<std::uint8_t>((entry.owner != nullptr ? kOwnerWritten : 0) |
                                  (entry.ttl_token != nullptr ? kTtlWritten : 0)));
  }

  /// RFC 2308 section 4: own TTL, else $TTL, else the last one stated (RFC 1035 section 5.1), else
  /// the SOA's minimum.
  std::optional<std::uint32_t> ttl_of(Source& source, const Entry& entry) {
    if (entry.ttl) source.last_ttl = entry.ttl;
    if (entry.ttl) return entry.ttl;
    if (default_ttl_) return default_ttl_;
    if (source.last_ttl) return source.last_ttl;
    if (soa_minimum_ || options_.holding == Holding::zone) return soa_minimum_;
    return kRecordsTtl;
  }

  bool take_soa(const Source& source, const Place& place, const Entry& entry, const Rdata& value) {
    const char* where = entry.type_token->begin;
    if (options_.holding == Holding::records) return true;
    if (*source.owner != apex_) {
      fault(source, place, {"zone-soa", "an SOA record below the apex", {}, where});
      return false;
    }
    if (soa_minimum_) {
      fault(source, place, {"zone-soa", "a second SOA record", {}, where});
      return false;
    }
    soa_minimum_ = std::min(std::get<Soa>(value).minimum, kMaxTtl);
    if (source.number == 0 && entry.rdata.size() == 7) {
      const Token& serial = entry.rdata[2];
      content_.serial_at = static_cast<std::uint32_t>(serial.begin - source.text.data());
      content_.serial_size = serial.size;
    }
    return true;
  }

  void read_directive(Source& source, const Place& place) {
    const Token& word = tokens_.front();
    const std::string name = base::to_lower(word.view());
    if (name == "$origin") {
      if (check_count(source, place, 2, 2)) set_origin(source, place);
    } else if (name == "$ttl") {
      if (check_count(source, place, 2, 2)) set_ttl(source, place);
    } else if (name == "$include") {
      if (check_count(source, place, 2, 3)) include(source, place);
    } else if (name == "$generate") {
      fault(source, place,
            {"zone-generate",
             "$GENERATE is an invention of one name server and not "
             "read here",
             "write the records out", word.begin});
    } else {
      fault(
          source, place,
          {"zone-directive", "unknown directive \"" + base::escape_for_terminal(word.view()) + "\"",
           "known are $ORIGIN, $TTL and $INCLUDE", word.begin});
    }
    if (source.number == 0) note_scope(source, place);
  }

  bool check_count(const Source& source, const Place& place, std::size_t least, std::size_t most) {
    if (tokens_.size() >= least && tokens_.size() <= most) return true;
    const bool few = tokens_.size() < least;
    const Token& at = few ? tokens_.back() : tokens_[most];
    fault(source, place,
          {"zone-directive",
           std::string(tokens_.front().view()) +
               (few ? " needs a value" : " has more than it can take"),
           {},
           few ? at.outer_end() : at.begin});
    return false;
  }

  void set_origin(Source& source, const Place& place) {
    if (auto origin = directive_name(source, place, tokens_[1])) {
      source.origin = *std::move(origin);
      source.owner_text = {};
    }
  }

  std::optional<Name> directive_name(const Source& source, const Place& place, const Token& token) {
    auto name = parse_name(token.view(), source.origin, NonAscii::octets);
    if (name.ok()) return *std::move(name);
    const auto& wrong = name.fault();
    fault(source, place, {"zone-name", wrong.message, wrong.hint, token.begin + wrong.offset});
    return std::nullopt;
  }

  void set_ttl(const Source& source, const Place& place) {
    const auto seconds = parse_seconds(tokens_[1].view());
    if (seconds && *seconds <= kMaxTtl) {
      default_ttl_ = static_cast<std::uint32_t>(*seconds);
      return;
    }
    fault(source, place,
          {"zone-ttl", seconds ? "the TTL is over 2147483647" : "this is not a TTL",
           "a TTL is seconds, or 1h30m, 2W", tokens_[1].begin});
  }

  void include(const Source& source, const Place& place) {
    const Token path_token = tokens_[1];
    Source inner;
    inner.origin = source.origin;
    if (tokens_.size() == 3) {
      auto origin = directive_name(source, place, tokens_[2]);
      if (!origin) return;
      inner.origin = *std::move(origin);
    }
    const auto path = unescape(path_token);
    const auto refuse = [&](std::string message, std::string hint = {}) {
      fault(source, place, {"zone-include", std::move(message), std::move(hint), path_token.begin});
    };
    if (!path.ok()) return refuse(path.fault().message, path.fault().hint);
    if (source.depth >= kMaxDepth) {
      return refuse("files are included more than 16 deep", "does a file include itself?");
    }
    if (content_.files.size() >= kMostFiles) {
      return refuse("more than 1000 files are included", "do files include one another?");
    }
    if (!options_.include) return refuse("$INCLUDE is not possible here");
    auto text = options_.include(*path);
    const std::string shown = "included file " + base::escape_for_terminal(*path);
    if (!text) return refuse(shown + " cannot be read");
    if (text->size() > 0xfffffffe) return refuse(shown + " is larger than 4 GiB");
    inner.number = static_cast<std::uint32_t>(content_.files.size());
    inner.depth = source.depth + 1;
    inner.path = std::make_shared<const std::string>(*path);
    content_.files.push_back(*path);
    inner.text = content_.included.emplace_back(std::move(*text));
    read_source(inner);
  }

  void note_scope(const Source& source, const Place& place) {
    const Scope& last = content_.scopes.back();
    if (last.origin == source.origin && last.default_ttl == default_ttl_) return;
    content_.scopes.push_back(
        {static_cast<std::uint32_t>(place.end - source.text.data()), source.origin, default_ttl_});
  }

  // --- what can be said only of the whole ---

  void check_zone() {
    const Zone& zone = content_.zone;
    const bool wanted = options_.holding == Holding::zone;
    if (wanted && !soa_minimum_ && !diagnostics_.has_errors()) {
      diagnostics_.error("zone-soa", {main_, 0, 0}, "the zone has no SOA record",
                         "is this the zone file of " + apex_.text() + "?");
    }
    for (std::uint32_t i = 0; i < zone.sets().size(); ++i) {
      const RRset& set = zone.sets()[i];
      if (set.type != Type::CNAME) continue;
      if (set.values.size() > 1) tell_cname(i, "more than one CNAME record at " + set.name.text());
      for (const RRset* other : zone.at(set.name)) {
        if (may_stand_beside_cname(other->type)) continue;
        tell_cname(i, "a CNAME record beside the " + type_name(other->type) + " records of " +
                          set.name.text());
      }
    }
  }

  static bool may_stand_beside_cname(Type type) {
    constexpr Type kKey{25};
    return type == Type::CNAME || type == Type::RRSIG || type == Type::NSEC || type == kKey;
  }

  void tell_cname(std::uint32_t set, std::string message) {
    // The last one: the first may have been right until it came.
    const auto& records = content_.records;
    const auto found = std::find_if(records.rbegin(), records.rend(),
                                    [&](const ZoneFile::Record& r) { return r.set == set; });
    const RecordSpan span = found == records.rend() ? RecordSpan{} : found->span;
    const auto path =
        span.file == 0 ? main_ : std::make_shared<const std::string>(content_.files[span.file]);
    if (enough()) return;
    diagnostics_.error("zone-cname", {path, span.line, 1}, std::move(message),
                       "a name with a CNAME has no other data (RFC 1034 section 3.6.2)");
  }

  // --- telling ---

  base::SourcePos position(const Source& source, const Place& place, const char* where) const {
    std::uint32_t line = place.line;
    const char* start = place.begin;
    for (const char* p = place.begin; p < where; ++p) {
      if (*p != '\n') continue;
      ++line;
      start = p + 1;
    }
    const auto column = std::count_if(start, std::max(start, where), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    });
    return {source.path, line, static_cast<std::uint32_t>(column) + 1};
  }

  void fault(const Source& source, const Place& place, EntryFault wrong) {
    if (enough()) return;
    diagnostics_.error(std::move(wrong.rule), position(source, place, wrong.where),
                       std::move(wrong.message), std::move(wrong.hint));
  }

  void warn(const Source& source, const Place& place, const char* where, std::string rule,
            std::string message, std::string hint) {
    if (++warnings_ > kMaxFaults) return;
    diagnostics_.warning(std::move(rule), position(source, place, where), std::move(message),
                         std::move(hint));
  }

  bool enough() {
    if (diagnostics_.errors() < kMaxFaults) return false;
    if (!given_up_) {
      diagnostics_.error("zone-too-many", {main_, 0, 0}, "more than 1000 faults; reading stopped");
    }
    given_up_ = true;
    return true;
  }

  const Name& apex_;
  const ReadOptions& options_;
  base::Diagnostics& diagnostics_;
  ZoneFile::Content& content_;
  std::shared_ptr<const std::string> main_;
  std::vector<Token> tokens_;
  NamePool names_;
  Name last_added_;
  std::optional<std::uint32_t> default_ttl_;
  std::optional<std::uint32_t> soa_minimum_;
  std::size_t warnings_ = 0;
  bool given_up_ = false;
};

}  // namespace

std::optional<ZoneFile> read_zone_file(std::string text, const Name& apex,
                                       const ReadOptions& options, base::Diagnostics& diagnostics) {
  if (text.size() > 0xfffffffe) {
    diagnostics.error("zone-too-large", {std::make_shared<const std::string>(options.path), 0, 0},
                      "the zone file is larger than 4 GiB");
    return std::nullopt;
  }
  auto content = std::make_shared<ZoneFile::Content>();
  content->zone = Zone(apex);
  content->text = std::move(text);
  base::Diagnostics found;
  Reader(apex, options, found, *content).read();
  diagnostics.append(found);
  if (found.has_errors()) return std::nullopt;
  return ZoneFile(std::move(content));
}

}  // namespace mxsmith::dns
