#include "dns/zone_restore.hpp"

#include <algorithm>
#include <map>

#include "base/digest.hpp"

namespace mxsmith::dns {

namespace {

using Content = ZoneFile::Content;

/// What all the verbatims say together; nothing when they are not of one file.
struct Original {
  std::string digest;
  std::optional<std::uint32_t> serial_at;
  std::map<std::uint32_t, const Piece*> pieces;  ///< By place.
};

std::optional<Original> original_of(const std::vector<Verbatim>& verbatims) {
  Original original;
  for (const auto& verbatim : verbatims) {
    if (verbatim.pieces.empty()) continue;
    if (original.pieces.empty()) {
      original.digest = verbatim.digest;
      original.serial_at = verbatim.serial_at;
    }
    if (verbatim.digest != original.digest || verbatim.serial_at != original.serial_at) {
      return std::nullopt;
    }
    for (const auto& piece : verbatim.pieces) {
      const auto [known, added] = original.pieces.emplace(piece.at, &piece);
      if (!added && known->second->text != piece.text) return std::nullopt;
    }
  }
  if (original.pieces.empty()) return std::nullopt;
  return original;
}

/// The text without the records that come back from pieces, those of the edited sets, and the
/// serial.
std::optional<std::string> bare_text(const Content& content, const std::vector<Key>& keys,
                                     const Original& original) {
  std::set<std::uint32_t> going;
  for (const auto& key : keys) {
    const RRset* set = content.zone.find(key);
    if (set == nullptr) continue;
    const auto position = static_cast<std::uint32_t>(set - content.zone.sets().data());
    for (const auto record : content.records_of(position)) going.insert(record);
  }
  for (const auto& [at, piece] : original.pieces) {
    if (piece->kind == Piece::Kind::record) continue;
    if (std::find(keys.begin(), keys.end(), piece->id.key) != keys.end()) continue;
    const auto record = find_record(content, piece->id);
    if (!record) return std::nullopt;
    going.insert(static_cast<std::uint32_t>(*record));
  }
  std::string out;
  std::uint32_t at = 0;
  const auto keep_until = [&](std::uint32_t end) {
    if (content.serial_size != 0 && at <= content.serial_at && content.serial_at < end) {
      out.append(content.text, at, content.serial_at - at);
      at = content.serial_at + content.serial_size;
    }
    out.append(content.text, at, end - at);
  };
  for (const auto record : going) {
    const RecordSpan& span = content.records[record].span;
    keep_until(span.begin);
    at = span.end;
  }
  keep_until(static_cast<std::uint32_t>(content.text.size()));
  return out;
}

/// The pieces put back at their places; nothing when that is not the original.
std::optional<std::string> filled(const std::string& bare, const Original& original) {
  std::string out;
  std::size_t at = 0;
  for (const auto& [place, piece] : original.pieces) {
    if (place < out.size() || place - out.size() > bare.size() - at) return std::nullopt;
    const std::size_t take = place - out.size();
    out.append(bare, at, take);
    at += take;
    out += piece->text;
  }
  out.append(bare, at);
  if (base::sha256_hex(out) != original.digest) return std::nullopt;
  return out;
}

/// How the bare text may have to end: the original, or the file, may have a last line that no
/// newline ends, and lines below it may have come or gone.
std::vector<std::string> endings(const std::string& bare) {
  std::vector<std::string> all = {bare, bare + "\n", bare + "\r\n"};
  if (bare.ends_with('\n')) all.push_back(bare.substr(0, bare.size() - 1));
  if (bare.ends_with("\r\n")) all.push_back(bare.substr(0, bare.size() - 2));
  return all;
}

}  // namespace

std::optional<std::string> restore_exactly(const Content& content, const std::vector<Key>& keys,
                                           const std::vector<Verbatim>& verbatims,
                                           const std::string& serial) {
  const auto original = original_of(verbatims);
  if (!original) return std::nullopt;
  const auto bare = bare_text(content, keys, *original);
  if (!bare) return std::nullopt;
  std::optional<std::string> text;
  for (const auto& ending : endings(*bare)) {
    text = filled(ending, *original);
    if (text) break;
  }
  if (!text) return std::nullopt;
  if (original->serial_at) {
    if (*original->serial_at > text->size()) return std::nullopt;
    text->insert(*original->serial_at, serial);
  }
  return text;
}

}  // namespace mxsmith::dns
