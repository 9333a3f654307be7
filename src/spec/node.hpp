// The tree that a TOML file becomes: every key and every value with its place, keys in file order.
//
// It is ours so that only toml_reader.cpp knows the TOML library, and so that a value keeps the
// place it was written at through all layers, stages and placeholders. Nodes are plain values; a
// copy is a deep copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"

namespace mxsmith::spec {

struct Entry;
struct Node;

using Array = std::vector<Node>;

/// Entries in file order; each key once.
struct Table {
  std::vector<Entry> entries;

  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
  /// The entry, for the place of its key.
  [[nodiscard]] const Entry* entry(std::string_view key) const;
  /// Puts the value in place of what is there, or at the end.
  void put(std::string key, base::SourcePos key_pos, Node value);
  /// Whether it was there.
  bool erase(std::string_view key);
};

/// A time with its offset.
struct OffsetTime {
  base::Instant at{};
};
/// A date and time without offset: a moment only once somebody says where. The text as it would be
/// written.
struct LocalTime {
  std::string text;
};
/// A date alone.
struct LocalDate {
  std::chrono::year_month_day date{};
};

struct Node {
  using Value = std::variant<Table, Array, std::string, std::int64_t, double, bool, OffsetTime,
                             LocalTime, LocalDate>;
  Value value;
  base::SourcePos pos = {};
  /// For a string that stands in the file octet for octet: columns from pos to its first sign (the
  /// opening quote). 0: written with escapes or over several lines, so that no column can be told.
  std::uint32_t quote = 0;

  [[nodiscard]] const Table* table() const { return std::get_if<Table>(&value); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value); }
  [[nodiscard]] const OffsetTime* time() const { return std::get_if<OffsetTime>(&value); }
  [[nodiscard]] const LocalTime* local_time() const { return std::get_if<LocalTime>(&value); }
  [[nodiscard]] const LocalDate* date() const { return std::get_if<LocalDate>(&value); }

  /// Place of the sign at `offset` octets into a string; its beginning where that cannot be told.
  [[nodiscard]] base::SourcePos at(std::size_t offset) const;
  /// "a string", "an integer", "a table", ...
  [[nodiscard]] std::string_view kind_words() const;
};

struct Entry {
  std::string key;
  base::SourcePos key_pos;
  Node value;
};

/// The node at the end of a path of keys; null when there is none.
const Node* find_path(const Node& root, std::initializer_list<std::string_view> path);

/// `text` as a shown word: cut when long, control signs made harmless, in double quotes.
std::string in_quotes(std::string_view text);

}  // namespace mxsmith::spec
