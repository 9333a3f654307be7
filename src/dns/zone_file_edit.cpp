// edit_zone_file: which way a text is changed, and the proof that it came out as it should.
#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "dns/zone_editor.hpp"
#include "dns/zone_restore.hpp"

namespace mxsmith::dns {

namespace {

using Content = ZoneFile::Content;

/// An edit made ready.
struct Wanted {
  Key key;
  std::optional<RRset> after;
  Verbatim was;
};

base::Fault cannot(const Key& key, const std::string& why, std::string hint = {}) {
  return {key.text() + " cannot be edited: " + why, std::move(hint)};
}

const Soa* soa_of(const Zone& zone) {
  const RRset* set = zone.find(zone.apex(), Type::SOA);
  return set == nullptr ? nullptr : std::get_if<Soa>(&set->values.front());
}

/// Whether a re-read zone is the old one but for what was wanted.
class Proof {
 public:
  Proof(const ZoneFile& file, const std::vector<Wanted>& wanted) : content_(file.content()) {
    for (const auto& one : wanted) wanted_.emplace(one.key, &one);
  }

  std::optional<base::Fault> check(const std::string& text) const {
    base::Diagnostics diagnostics;
    const auto read = read_zone_file(text, content_.zone.apex(), options(), diagnostics);
    if (!read) {
      const auto told = diagnostics.sorted();
      const auto first = std::find_if(told.begin(), told.end(), [](const auto& d) {
        return d.severity == base::Severity::error;
      });
      const std::string why = first == told.end() ? "" : ": " + first->message;
      return base::Fault{"the zone file would not be legal after the edit" + why,
                         first == told.end() ? "" : first->hint};
    }
    return compare(read->zone());
  }

 private:
  ReadOptions options() const {
    ReadOptions options;
    options.path = content_.files[0];
    options.include = [this](std::string_view path) -> std::optional<std::string> {
      for (std::size_t i = 1; i < content_.files.size(); ++i) {
        if (content_.files[i] == path) return content_.included[i - 1];
      }
      return std::nullopt;
    };
    return options;
  }

  std::optional<base::Fault> compare(const Zone& now) const {
    std::size_t count = content_.zone.size();
    for (const auto& [key, one] : wanted_) {
      const bool was = content_.zone.find(key) != nullptr;
      if (was && !one->after) --count;
      if (!was && one->after) ++count;
      const RRset* set = now.find(key);
      if (one->after ? set == nullptr || *set != *one->after : set != nullptr) {
        return cannot(key, "the text would not mean what it should",
                      "edit the zone file by hand, and report this");
      }
    }
    if (now.size() != count) return base::Fault{"an edit would change the number of record sets"};
    return compare_rest(now);
  }

  std::optional<base::Fault> compare_rest(const Zone& now) const {
    const auto& sets = content_.zone.sets();
    std::size_t hint = 0;
    for (const auto& set : now.sets()) {
      // Nearly all stand in the same order.
      while (hint < sets.size() && wanted_.count(sets[hint].key()) != 0) ++hint;
      const bool near =
          hint < sets.size() && sets[hint].type == set.type && sets[hint].name == set.name;
      if (!near && wanted_.count(set.key()) != 0) continue;
      const RRset* old = near ? &sets[hint++] : content_.zone.find(set.name, set.type);
      if (old == nullptr || *old != set) {
        return cannot(set.key(), "another edit would change it",
                      "edit the zone file by hand, and report this");
      }
    }
    return std::nullopt;
  }

  const Content& content_;
  std::unordered_map<Key, const Wanted*> wanted_;
};

std::optional<base::Fault> check_edit(const ZoneFile& file, const SetEdit& edit) {
  if (const auto path = file.included_from(edit.key)) {
    return cannot(edit.key, "it stands in the included file " + *path,
                  "an included file may serve many zones: edit it by hand");
  }
  if (edit.after && edit.after->key() != edit.key) {
    return cannot(edit.key, "the set wanted is " + edit.after->key().text());
  }
  return std::nullopt;
}

base::Parsed<std::vector<Wanted>> make_ready(const ZoneFile& file,
                                             const std::vector<SetEdit>& edits) {
  std::vector<Wanted> wanted;
  std::unordered_map<Key, int> seen;
  for (const auto& edit : edits) {
    if (auto fault = check_edit(file, edit)) return std::move(*fault);
    if (++seen[edit.key] > 1) return cannot(edit.key, "two edits speak of it");
    Wanted one{edit.key, edit.after, {}};
    if (one.after && one.after->values.empty()) one.after.reset();
    if (!edit.verbatim.empty()) {
      // Text of another version is of no use, and no harm: the set is written anew.
      if (auto was = parse_verbatim(edit.verbatim)) one.was = *std::move(was);
    }
    wanted.push_back(std::move(one));
  }
  // From the top down, so that lines that come back find the ones above them.
  std::stable_sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
    const auto place = [](const Wanted& w) {
      return w.was.pieces.empty() ? 0xffffffffU : w.was.pieces.front().at;
    };
    return place(a) < place(b);
  });
  return wanted;
}

/// Lets the wanted SOA have the serial; it becomes one more edit where there is none.
std::optional<base::Fault> put_serial(const ZoneFile& file, std::uint32_t serial,
                                      std::vector<Wanted>& wanted) {
  const Key key{file.zone().apex(), Type::SOA};
  auto found =
      std::find_if(wanted.begin(), wanted.end(), [&](const Wanted& one) { return one.key == key; });
  if (found == wanted.end()) {
    if (auto fault = check_edit(file, {key, std::nullopt, {}})) return fault;
    wanted.push_back({key, *file.zone().find(key), {}});
    found = std::prev(wanted.end());
  }
  if (!found->after) return cannot(key, "a zone needs its SOA record");
  std::get<Soa>(found->after->values.front()).serial = serial;
  return std::nullopt;
}

/// The digits that the serial is to have: as they are written where it does not change.
std::string serial_digits(const Content& content, const std::vector<Wanted>& wanted) {
  const Key key{content.zone.apex(), Type::SOA};
  for (const auto& one : wanted) {
    if (one.key != key || !one.after) continue;
    return std::to_string(std::get<Soa>(one.after->values.front()).serial);
  }
  if (content.serial_size != 0) {
    return content.text.substr(content.serial_at, content.serial_size);
  }
  const Soa* soa = soa_of(content.zone);
  return soa == nullptr ? "" : std::to_string(soa->serial);
}

std::optional<std::string> try_exact_way(const Content& content, const std::vector<SetEdit>& edits,
                                         const std::vector<Wanted>& wanted, const Proof& proof) {
  std::vector<Key> keys;
  std::vector<Verbatim> verbatims;
  keys.reserve(edits.size());
  for (const auto& edit : edits) keys.push_back(edit.key);
  verbatims.reserve(wanted.size());
  for (const auto& one : wanted) verbatims.push_back(one.was);
  auto text = restore_exactly(content, keys, verbatims, serial_digits(content, wanted));
  if (!text || proof.check(*text)) return std::nullopt;
  return text;
}

std::string edited_text(const Content& content, const std::vector<Wanted>& wanted) {
  ZoneEditor editor(content);
  for (const auto& one : wanted) {
    if (one.after || content.zone.find(one.key) != nullptr) {
      editor.change(one.key, one.after, one.was);
    }
  }
  return editor.text();
}

/// Whether there were any.
bool forget_old_lines(std::vector<Wanted>& wanted) {
  bool any = false;
  for (auto& one : wanted) {
    any = any || !one.was.pieces.empty();
    one.was = {};
  }
  return any;
}

}  // namespace

base::Parsed<std::string> edit_zone_file(const ZoneFile& file, const std::vector<SetEdit>& edits,
                                         std::optional<std::uint32_t> serial) {
  auto ready = make_ready(file, edits);
  if (!ready.ok()) return ready.fault();
  auto& wanted = *ready;
  if (serial) {
    if (auto fault = put_serial(file, *serial, wanted)) return std::move(*fault);
  }
  const Content& content = file.content();
  const Proof proof(file, wanted);
  if (auto text = try_exact_way(content, edits, wanted, proof)) return *std::move(text);
  std::string text = edited_text(content, wanted);
  auto fault = proof.check(text);
  if (fault && forget_old_lines(wanted)) {
    // History may be damaged: without the old lines the sets are written anew.
    text = edited_text(content, wanted);
    fault = proof.check(text);
  }
  if (fault) return std::move(*fault);
  return text;
}

}  // namespace mxsmith::dns
