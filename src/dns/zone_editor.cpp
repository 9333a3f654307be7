#include "dns/zone_editor.hpp"

#include <algorithm>

#include "dns/rdata_text.hpp"

namespace mxsmith::dns {

namespace {

/// Two values of which one may be the new form of the other.
bool similar(const Rdata& a, const Rdata& b) {
  constexpr std::size_t kHead = 6;  // "v=spf1", "v=DKIM", "v=DMAR"
  if (a.index() != b.index()) return false;
  if (const auto* mx = std::get_if<Mx>(&a)) return mx->exchange == std::get<Mx>(b).exchange;
  if (const auto* srv = std::get_if<Srv>(&a)) return srv->target == std::get<Srv>(b).target;
  if (const auto* caa = std::get_if<Caa>(&a)) return caa->tag == std::get<Caa>(b).tag;
  if (const auto* txt = std::get_if<Txt>(&a)) {
    return std::string_view(txt->octets).substr(0, kHead) ==
           std::string_view(std::get<Txt>(b).octets).substr(0, kHead);
  }
  return false;
}

/// Whether a line of an earlier time still says this record where it would stand now.
bool says(const Line& line, const Key& key, const Rdata& value, const Name& origin) {
  if (!line.good() || line.entry().type != key.type) return false;
  if (const Token* owner = line.entry().owner) {
    const auto name = parse_name(owner->view(), origin, NonAscii::octets);
    if (!name.ok() || *name != key.name) return false;
  }
  const auto read = parse_rdata_tokens(
      {key.type, line.entry().rdata, line.text().data(), origin, NonAscii::octets, nullptr});
  return read.ok() && *read == value;
}

/// The comment at the end of a line with the blanks before it, and its line end.
std::string_view tail_of(const Line& line) {
  const std::string_view text = line.text();
  const auto& rdata = line.entry().rdata;
  std::size_t from = line.offset_of(rdata.empty() ? line.entry().type_token->outer_end()
                                                  : rdata.back().outer_end());
  const std::size_t last = text.substr(0, text.size() - 1).rfind('\n');
  if (last != std::string_view::npos) from = std::max(from, last + 1);
  const std::size_t comment = text.find(';', from);
  if (comment == std::string_view::npos) {
    return text.substr(std::min(text.find_first_of("\r\n", from), text.size()));
  }
  std::size_t begin = comment;
  while (begin > from && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return text.substr(begin);
}

const Piece* piece_for(const Verbatim& was, const Rdata& value) {
  for (const auto& piece : was.pieces) {
    if (piece.kind == Piece::Kind::record && piece.id.value == value) return &piece;
  }
  return nullptr;
}

std::string text_of(const RecordId& id) {
  return id.key.text() + ' ' + (id.value ? print_rdata(*id.value) : "") + ' ' +
         std::to_string(id.occurrence);
}

}  // namespace

ZoneEditor::ZoneEditor(const ZoneFile::Content& content)
    : content_(content), end_(static_cast<std::uint32_t>(content.text.size())) {
  const std::size_t first = content.text.find('\n');
  const bool crlf = first != std::string::npos && first > 0 && content.text[first - 1] == '\r';
  newline_ = crlf ? "\r\n" : "\n";
}

// --- deciding ---

void ZoneEditor::change(const Key& key, const std::optional<RRset>& after, const Verbatim& was) {
  const RRset* before = content_.zone.find(key);
  if (before == nullptr) {
    if (after) add_set(*after, was);
    return;
  }
  if (after) {
    change_lines(*before, *after, was);
    return;
  }
  for (const auto record : sort_lines(*before, nullptr).free) fates_[record].goes = true;
}

ZoneEditor::SetLines ZoneEditor::sort_lines(const RRset& before, const RRset* after) {
  SetLines lines;
  const auto position = static_cast<std::uint32_t>(&before - content_.zone.sets().data());
  for (const auto record : content_.records_of(position)) {
    const bool stay = after != nullptr && after->has(content_.value_of(content_.records[record]));
    (stay ? lines.kept : lines.free).push_back(record);
  }
  return lines;
}

void ZoneEditor::change_lines(const RRset& before, const RRset& after, const Verbatim& was) {
  SetLines lines = sort_lines(before, &after);
  keep_ttl(before, after, lines);
  for (const auto record : lines.kept) {
    const Piece* piece = piece_for(was, content_.value_of(content_.records[record]));
    if (piece == nullptr) continue;
    Fate& fate = fates_[record];
    fate.line = piece->text;
    fate.ttl = after.ttl;
  }
  // Gone until another value takes them over: what comes back looks for its place without them.
  for (const auto record : lines.free) fates_[record].goes = true;
  std::vector<Rdata> coming;
  for (const auto& value : after.values) {
    if (!before.has(value) && !bring_back(after, value, was)) coming.push_back(value);
  }
  const auto pair = [&](const Rdata& value, auto fits) {
    const auto line = std::find_if(lines.free.begin(), lines.free.end(), fits);
    if (line == lines.free.end()) return false;
    Fate& fate = fates_[*line];
    fate.goes = false;
    fate.value = value;
    fate.ttl = after.ttl;
    if (const Piece* piece = piece_for(was, value)) fate.line = piece->text;
    lines.kept.push_back(*line);
    lines.free.erase(line);
    return true;
  };
  std::erase_if(coming, [&](const Rdata& value) {
    return pair(value, [&](std::uint32_t record) {
      return similar(content_.value_of(content_.records[record]), value);
    });
  });
  std::erase_if(
      coming, [&](const Rdata& value) { return pair(value, [](std::uint32_t) { return true; }); });
  if (coming.empty()) return;
  const auto& below = lines.kept.empty() ? lines.free : lines.kept;
  const std::uint32_t last = *std::max_element(below.begin(), below.end());
  for (const auto& value : coming) {
    arrivals_.push_back(
        {content_.records[last].span.end, after.key(), value, after.ttl, {}, last, {}, {}});
  }
}

/// Lines that stay keep a TTL of their own if the set's, the lowest, is still said by another.
void ZoneEditor::keep_ttl(const RRset& before, const RRset& after, const SetLines& lines) {
  const auto is_said = [&](std::uint32_t record) { return ttl_of(record) == after.ttl; };
  const bool comes = std::any_of(after.values.begin(), after.values.end(),
                                 [&](const Rdata& value) { return !before.has(value); });
  if (before.ttl == after.ttl &&
      (comes || std::any_of(lines.kept.begin(), lines.kept.end(), is_said))) {
    return;
  }
  for (const auto record : lines.kept) fates_[record].ttl = after.ttl;
}

void ZoneEditor::add_set(const RRset& after, const Verbatim& was) {
  std::optional<std::uint32_t> model;
  const std::uint32_t at = place_for_new(after.key(), model);
  for (const auto& value : after.values) {
    if (bring_back(after, value, was)) continue;
    const Piece* piece = piece_for(was, value);
    arrivals_.push_back(
        {at, after.key(), value, after.ttl, piece != nullptr ? piece->text : "", model, {}, {}});
  }
}

/// A value whose old place is still known comes back there, with its old line.
bool ZoneEditor::bring_back(const RRset& after, const Rdata& value, const Verbatim& was) {
  const Piece* piece = piece_for(was, value);
  if (piece == nullptr) return false;
  const auto at = old_place(*piece);
  if (!at) return false;
  restored_[text_of(piece->id)] = *at;
  arrivals_.push_back({*at, after.key(), value, after.ttl, piece->text, {}, {}, {}});
  return true;
}

std::optional<std::uint32_t> ZoneEditor::old_place(const Piece& piece) const {
  const std::string_view text = content_.text;
  const auto follows = [&](std::uint32_t place) {
    return text.substr(place, piece.gap.size()) == piece.gap;
  };
  const auto gap = static_cast<std::uint32_t>(piece.gap.size());
  if (piece.above.empty() && follows(0)) return gap;
  std::optional<std::uint32_t> above;
  for (std::size_t i = 0; i < piece.above.size() && !above; ++i) {
    if (const auto back = restored_.find(text_of(piece.above[i])); back != restored_.end()) {
      above = back->second;
    } else if (const auto record = find_record(content_, piece.above[i])) {
      above = content_.records[*record].span.end;
    }
    if (above && i == 0) {
      const std::uint32_t place = past_going(*above);
      if (follows(place)) return place + gap;
    }
  }
  if (piece.below) {
    if (const auto record = find_record(content_, *piece.below)) {
      return content_.records[*record].span.begin;
    }
  }
  return above;
}

/// Behind the lines at a place that go.
std::uint32_t ZoneEditor::past_going(std::uint32_t place) const {
  auto record = content_.record_from(place);
  while (record && content_.records[*record].span.begin == place && !stays(*record)) {
    place = content_.records[*record].span.end;
    record = content_.record_below(*record);
  }
  return place;
}

/// Below the other records of its owner; but not where lines below would take over its TTL, since
/// undoing the change must find them as they were.
std::uint32_t ZoneEditor::place_for_new(const Key& key, std::optional<std::uint32_t>& model) const {
  std::optional<std::uint32_t> last;
  for (const RRset* set : content_.zone.at(key.name)) {
    const auto position = static_cast<std::uint32_t>(set - content_.zone.sets().data());
    for (const auto record : content_.records_of(position)) {
      if (content_.records[record].span.file == 0 && (!last || record > *last)) last = record;
    }
  }
  model = last ? last : content_.record_above(content_.records.size());
  if (!last) return end_;
  const std::uint32_t place = content_.records[*last].span.end;
  if (content_.scope_at(place).default_ttl) return place;
  const auto next = next_staying(place);
  return !next || (content_.written[*next] & kTtlWritten) != 0 ? place : end_;
}

bool ZoneEditor::stays(std::uint32_t record) const {
  const auto fate = fates_.find(record);
  return fate == fates_.end() || !fate->second.goes;
}

std::optional<std::uint32_t> ZoneEditor::next_staying(std::uint32_t octet) const {
  auto record = content_.record_from(octet);
  while (record && !stays(*record)) record = content_.record_below(*record);
  return record;
}

// --- writing ---

std::string ZoneEditor::text() {
  std::stable_sort(arrivals_.begin(), arrivals_.end(),
                   [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
  note_followers();
  auto arrival = arrivals_.begin();
  for (auto& [record, fate] : fates_) {
    const std::uint32_t begin = content_.records[record].span.begin;
    for (; arrival != arrivals_.end() && arrival->at <= begin; ++arrival) write_arrival(*arrival);
    if (!fate.goes) write_record(record);
  }
  for (; arrival != arrivals_.end(); ++arrival) write_arrival(*arrival);
  return assembled();
}

/// Lines below a change may have inherited from what was there.
void ZoneEditor::note_followers() {
  std::vector<std::uint32_t> followers;
  const auto note = [&](std::uint32_t octet) {
    if (const auto next = next_staying(octet)) followers.push_back(*next);
  };
  for (const auto& [record, fate] : fates_) note(content_.records[record].span.end);
  for (const auto& arrival : arrivals_) note(arrival.at);
  for (const auto record : followers) {
    if (fates_.count(record) == 0) fates_[record].ttl = ttl_of(record);
  }
}

void ZoneEditor::write_record(std::uint32_t record) {
  Fate& fate = fates_.at(record);
  const RecordSpan& span = content_.records[record].span;
  const Scope& scope = content_.scope_at(span.begin);
  const Key key = content_.key_of(content_.records[record]);
  const Rdata& value = fate.value ? *fate.value : content_.value_of(content_.records[record]);
  std::string_view start = content_.text_of(span);
  const bool old_line = !fate.line.empty() && says(Line(fate.line), key, value, scope.origin);
  if (old_line) start = fate.line;
  const Line line(start);
  LineEdit edit;
  if (line.entry().owner == nullptr && owner_above(span.begin, nullptr) != key.name) {
    edit.owner = key.name.text_relative_to(scope.origin);
  }
  const auto said = line.entry().ttl;
  const auto inherited =
      scope.default_ttl ? *scope.default_ttl : ttl_above(span.begin, When::now, nullptr);
  if (said.value_or(inherited) != fate.ttl) edit.ttl = fate.ttl;
  if (fate.value && !old_line) edit.value = &*fate.value;
  fate.stated_ttl = edit.ttl ? edit.ttl : said;
  std::string text = edit_line(line, edit, scope.origin);
  if (text.empty()) text = anew(record, fate, line);
  if (!text.ends_with('\n') && content_.text_of(span).ends_with('\n')) text += newline_;
  fate.text = std::move(text);
}

/// For lines whose parentheses stand in the way of a change.
std::string ZoneEditor::anew(std::uint32_t record, const Fate& fate, const Line& line) const {
  const ZoneFile::Record& old = content_.records[record];
  const Key key = content_.key_of(old);
  const Rdata& value = fate.value ? *fate.value : content_.value_of(old);
  const Name& origin = content_.scope_at(old.span.begin).origin;
  return compose_line(
             {key.name.text_relative_to(origin), fate.stated_ttl, key.type, print_rdata(value)},
             &line)
      .append(tail_of(line));
}

void ZoneEditor::write_arrival(Arrival& arrival) {
  const Scope& scope = content_.scope_at(arrival.at);
  if (!arrival.line.empty()) {
    const bool inherits = owner_above(arrival.at, &arrival) == arrival.key.name;
    const auto ttl =
        scope.default_ttl ? *scope.default_ttl : ttl_above(arrival.at, When::now, &arrival);
    if (write_old_line(arrival, ttl, inherits)) return;
  }
  if (scope.default_ttl != arrival.ttl) arrival.stated_ttl = arrival.ttl;
  const auto span = arrival.model ? content_.records[*arrival.model].span : RecordSpan{};
  const Line model(content_.text_of(span));
  arrival.text = compose_line({arrival.key.name.text_relative_to(scope.origin), arrival.stated_ttl,
                               arrival.key.type, print_rdata(arrival.value)},
                              model.good() ? &model : nullptr) +
                 newline_;
}

bool ZoneEditor::write_old_line(Arrival& arrival, std::uint32_t inherited_ttl,
                                bool inherits_owner_here) {
  const Name& origin = content_.scope_at(arrival.at).origin;
  const Line line(arrival.line);
  if (!says(line, arrival.key, arrival.value, origin)) return false;
  LineEdit edit;
  if (line.entry().owner == nullptr && !inherits_owner_here) {
    edit.owner = arrival.key.name.text_relative_to(origin);
  }
  if (line.entry().ttl.value_or(inherited_ttl) != arrival.ttl) edit.ttl = arrival.ttl;
  arrival.stated_ttl = edit.ttl ? edit.ttl : line.entry().ttl;
  arrival.text = edit_line(line, edit, origin);
  if (!arrival.text.ends_with('\n')) arrival.text += newline_;
  return true;
}

std::string ZoneEditor::assembled() const {
  const std::string_view text = content_.text;
  const bool ended = text.empty() || text.back() == '\n';
  std::string out;
  out.reserve(text.size() + 1024 * (arrivals_.size() + fates_.size()));
  std::size_t at = 0;
  auto arrival = arrivals_.begin();
  const auto arrive_until = [&](std::uint32_t octet) {
    for (; arrival != arrivals_.end() && arrival->at <= octet; ++arrival) {
      out += text.substr(at, arrival->at - at);
      at = arrival->at;
      if (at == text.size() && !ended && !out.ends_with('\n')) out += newline_;
      out += arrival->text;
    }
  };
  for (const auto& [record, fate] : fates_) {
    const RecordSpan& span = content_.records[record].span;
    arrive_until(span.begin);
    out += text.substr(at, span.begin - at);
    if (!fate.goes) out += *fate.text;
    at = span.end;
  }
  arrive_until(end_);
  out += text.substr(at);
  if (ended || !out.ends_with('\n')) return out;
  // A file whose last line is not ended stays one.
  out.pop_back();
  if (newline_.size() == 2 && out.ends_with('\r')) out.pop_back();
  return out;
}

// --- what lines inherit ---

std::optional<Name> ZoneEditor::owner_above(std::uint32_t octet, const Arrival* self) const {
  auto above = content_.record_from(octet);
  above = content_.record_above(above ? *above : content_.records.size());
  while (above && !stays(*above)) above = content_.record_above(*above);
  const Arrival* nearest = nullptr;
  for (const auto& arrival : arrivals_) {
    if (&arrival == self || arrival.at > octet) break;
    nearest = &arrival;
  }
  if (nearest != nullptr && (!above || nearest->at > content_.records[*above].span.begin)) {
    return nearest->key.name;
  }
  if (above) return content_.key_of(content_.records[*above]).name;
  return std::nullopt;
}

std::uint32_t ZoneEditor::ttl_above(std::uint32_t octet, When when, const Arrival* self) const {
  auto above = content_.record_from(octet);
  above = content_.record_above(above ? *above : content_.records.size());
  auto arrival = arrivals_.begin();
  if (when == When::now) {
    while (arrival != arrivals_.end() && &*arrival != self && arrival->at <= octet) ++arrival;
  }
  while (above || arrival != arrivals_.begin()) {
    const bool comes = arrival != arrivals_.begin() &&
                       (!above || std::prev(arrival)->at > content_.records[*above].span.begin);
    std::optional<std::uint32_t> stated;
    if (comes) {
      stated = (--arrival)->stated_ttl;
    } else {
      if (when == When::before || stays(*above)) stated = stated_ttl(*above, when);
      above = content_.record_above(*above);
    }
    if (stated) return *stated;
  }
  return soa_minimum(when);
}

std::optional<std::uint32_t> ZoneEditor::stated_ttl(std::uint32_t record, When when) const {
  const auto fate = fates_.find(record);
  if (when == When::now && fate != fates_.end() && fate->second.text) {
    return fate->second.stated_ttl;
  }
  if ((content_.written[record] & kTtlWritten) == 0) return std::nullopt;
  return Line(content_.text_of(content_.records[record].span)).entry().ttl;
}

/// As the line says it, not as its set has it.
std::uint32_t ZoneEditor::ttl_of(std::uint32_t record) const {
  if (const auto stated = stated_ttl(record, When::before)) return *stated;
  const std::uint32_t begin = content_.records[record].span.begin;
  const auto standard = content_.scope_at(begin).default_ttl;
  return standard ? *standard : ttl_above(begin, When::before, nullptr);
}

std::uint32_t ZoneEditor::soa_minimum(When when) const {
  const RRset* set = content_.zone.find(content_.zone.apex(), Type::SOA);
  if (set == nullptr) return 0;
  const Rdata* soa = &set->values.front();
  const auto position = static_cast<std::uint32_t>(set - content_.zone.sets().data());
  const auto fate = fates_.find(content_.records_of(position).front());
  if (when == When::now && fate != fates_.end() && fate->second.value) soa = &*fate->second.value;
  return std::min(std::get<Soa>(*soa).minimum, kMaxTtl);
}

}  // namespace mxsmith::dns
