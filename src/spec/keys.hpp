// The table of keys: every key a zone spec, a project file and a service's file may have, with its
// type, its range and a sentence.
//
// Unknown keys, wrong types and their messages follow from it, and a test holds the JSON Schemas
// and the reference in docs/spec.md against it. A path names nested tables by dots, elements of
// lists of tables by the list's own path ("mail.mx.host"), and tables that users name by "*"
// ("mail.dkim.*.state").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "spec/node.hpp"

namespace mxsmith::spec {

enum class KeyType : std::uint8_t {
  text,            ///< A string.
  word,            ///< One of `words`.
  truth,           ///< true or false.
  integer,         ///< From `min` to `max`.
  span,            ///< A duration, "1h30m", or an integer of seconds, from `min` to `max` seconds.
  lead,            ///< A span or "auto".
  moment,          ///< A date-time with offset.
  date,            ///< A date, or a date-time with offset.
  texts,           ///< A list of strings.
  integers,        ///< A list of integers from `min` to `max`.
  truth_or_texts,  ///< true, false or a list of strings.
  table,           ///< A table of the keys below it.
  tables,          ///< A list of such tables.
  named,           ///< A table of tables that users name.
  zones,           ///< A list of names or tables, or {file, key}.
  provider,        ///< A name, or {account, zone_id, private}.
  providers,       ///< A list of those.
  meta,            ///< A table of plain values, whatever their names.
  settings,        ///< A provider's own setting: a plain value, a list of strings or a secret.
  later,           ///< Planned; refused by words of its own.
};

/// Where a key may stand besides the file's top level.
enum class Overlay : std::uint8_t {
  none,        ///< Top level only.
  for_zones,   ///< Also in [[for]].
  everywhere,  ///< Also in [[for]] and [[stage]].
};

struct KeyRow {
  std::string_view path;
  KeyType type = KeyType::text;
  std::string_view doc;             ///< One sentence: the hover text of editors.
  Overlay overlay = Overlay::none;  ///< Read for top-level keys only.
  std::vector<std::string_view> words = {};
  std::int64_t min = 0;
  std::int64_t max = 0;
};

std::span<const KeyRow> spec_keys();
std::span<const KeyRow> project_keys();
std::span<const KeyRow> service_keys();

/// "an integer from 0 to 65535", "one of none, quarantine, reject", "a string".
std::string wanted(const KeyRow& row);

/// Checks the shape of a file's tree, or of a merged one: unknown keys, wrong types, values out of
/// range, words that are not among those allowed. Strings with placeholders pass. Rules:
/// spec-unknown-key, spec-not-yet, spec-type, spec-range, spec-word, spec-stage-key.
void check_spec_shape(const Node& root, base::Diagnostics& diagnostics);
void check_project_shape(const Node& root, base::Diagnostics& diagnostics);
void check_service_shape(const Node& root, base::Diagnostics& diagnostics);

/// Whether a dotted path, names of user-named tables included, is one the table knows.
bool is_spec_path(const std::vector<std::string>& path);

/// Seconds of a span key's value: a duration string or an integer. Nothing for what
/// check_*_shape has refused.
std::optional<base::Seconds> span_of(const Node& node);

}  // namespace mxsmith::spec
