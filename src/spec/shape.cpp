// The shape of a tree against the table of keys.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "spec/keys.hpp"
#include "spec/placeholders.hpp"

namespace mxsmith::spec {

namespace {

/// Rows by path, and the names below each path.
class KeyIndex {
 public:
  explicit KeyIndex(std::span<const KeyRow> rows) {
    for (const KeyRow& row : rows) {
      rows_.emplace(std::string(row.path), &row);
      const std::size_t dot = row.path.rfind('.');
      const bool top = dot == std::string_view::npos;
      const std::string parent(top ? std::string_view() : row.path.substr(0, dot));
      const std::string_view name = top ? row.path : row.path.substr(dot + 1);
      if (name != "*") names_[parent].emplace_back(name);
    }
  }

  /// The row of `name` below `parent`; a "*" row stands for every name.
  [[nodiscard]] const KeyRow* find(const std::string& parent, const std::string& name) const {
    const std::string prefix = parent.empty() ? std::string() : parent + ".";
    if (const auto found = rows_.find(prefix + name); found != rows_.end()) return found->second;
    const auto any = rows_.find(prefix + "*");
    return any == rows_.end() ? nullptr : any->second;
  }

  [[nodiscard]] std::vector<std::string> names(const std::string& parent) const {
    const auto found = names_.find(parent);
    return found == names_.end() ? std::vector<std::string>() : found->second;
  }

 private:
  std::unordered_map<std::string, const KeyRow*> rows_;
  std::unordered_map<std::string, std::vector<std::string>> names_;
};

const KeyIndex& spec_index() {
  static const KeyIndex kIndex(spec_keys());
  return kIndex;
}

const KeyIndex& project_index() {
  static const KeyIndex kIndex(project_keys());
  return kIndex;
}

/// Which keys of the top level may stand in a table.
enum class Ground : std::uint8_t { below, top, in_for, in_stage };

bool allowed_in(Ground ground, const KeyRow& row) {
  if (ground == Ground::in_stage) return row.overlay == Overlay::everywhere;
  return ground == Ground::top || row.overlay != Overlay::none;
}

std::string element_of(const std::string& name, std::size_t index) {
  return "element " + std::to_string(index + 1) + " of " + name;
}

bool is_plain(const Node& node) {
  return node.string() || node.integer() || node.boolean() ||
         std::holds_alternative<double>(node.value);
}

bool waits_for_placeholders(const Node& node) {
  return node.string() != nullptr && has_placeholders(*node.string());
}

class ShapeCheck {
 public:
  ShapeCheck(const KeyIndex& index, base::Diagnostics& diagnostics)
      : index_(index), diagnostics_(diagnostics) {}

  void check_table(const Table& table, const std::string& path, Ground ground) {
    for (const Entry& entry : table.entries) check_entry(entry, path, ground);
  }

 private:
  void check_entry(const Entry& entry, const std::string& path, Ground ground) {
    const KeyRow* row = index_.find(path, entry.key);
    if (row == nullptr && (ground == Ground::in_for || ground == Ground::in_stage)) {
      row = index_.find("", entry.key);
      if (row != nullptr && !allowed_in(ground, *row)) return refuse_overlay(entry, ground);
    }
    if (row == nullptr) return refuse_unknown(entry, path, ground);
    if (row->type == KeyType::later) {
      diagnostics_.error("spec-not-yet", entry.key_pos,
                         std::string(row->path) + " is not supported by this version yet",
                         "take it out, and declare its records by the other keys or [[record]]");
      return;
    }
    check_value(*row, entry.key, entry.value);
  }

  void refuse_overlay(const Entry& entry, Ground ground) {
    const std::string where = ground == Ground::in_stage ? "a stage" : "[[for]]";
    diagnostics_.error("spec-overlay-key", entry.key_pos, where + " cannot set `" + entry.key + "`",
                       "set it at the top of the file, outside of any stage");
  }

  void refuse_unknown(const Entry& entry, const std::string& path, Ground ground) {
    std::vector<std::string> known = index_.names(path);
    if (ground == Ground::in_for || ground == Ground::in_stage) {
      for (const std::string& name : index_.names("")) {
        if (allowed_in(ground, *index_.find("", name))) known.push_back(name);
      }
    }
    const auto near = base::did_you_mean(entry.key, known);
    diagnostics_.error("spec-unknown-key", entry.key_pos,
                       "unknown key `" + base::escape_for_terminal(entry.key) + "`" +
                           (near ? ", did you mean `" + *near + "`?" : ""),
                       "keys here: " + base::join(known, ", "));
  }

  void wrong(const KeyRow& row, const std::string& name, const Node& node) {
    diagnostics_.error(
        "spec-type", node.pos,
        name + " is " + std::string(node.kind_words()) + ", " + wanted(row) + " is wanted",
        hint_for(row, node));
  }

  static std::string hint_for(const KeyRow& row, const Node& node) {
    if (row.type == KeyType::texts && node.string()) return "put it into brackets: [\"...\"]";
    if (row.type == KeyType::tables && node.table()) {
      return "a list of tables has double brackets: [[" + std::string(row.path) + "]]";
    }
    return {};
  }

  void check_value(const KeyRow& row, const std::string& name, const Node& node) {
    switch (row.type) {
      case KeyType::text: return expect(node.string() != nullptr, row, name, node);
      case KeyType::truth: return expect(node.boolean() != nullptr, row, name, node);
      case KeyType::word: return check_word(row, name, node);
      case KeyType::integer: return check_integer(row, name, node);
      case KeyType::span:
      case KeyType::lead: return check_span(row, name, node);
      case KeyType::moment:
      case KeyType::date: return check_time(row, name, node);
      case KeyType::texts: return check_texts(row, name, node);
      case KeyType::integers: return check_integers(row, name, node);
      case KeyType::truth_or_texts:
        if (node.boolean() == nullptr) check_texts(row, name, node);
        return;
      case KeyType::table:
      case KeyType::named: return check_below(row, name, node);
      case KeyType::tables: return check_tables(row, name, node);
      case KeyType::zones: return check_zones(row, name, node);
      case KeyType::provider: return check_provider(row, name, node);
      case KeyType::providers: return check_providers(row, name, node);
      case KeyType::meta: return check_meta(row, name, node);
      case KeyType::settings: return check_setting(row, name, node);
      case KeyType::later: return;
    }
  }

  void expect(bool right, const KeyRow& row, const std::string& name, const Node& node) {
    if (!right) wrong(row, name, node);
  }

  void check_word(const KeyRow& row, const std::string& name, const Node& node) {
    const std::string* text = node.string();
    if (text == nullptr) return wrong(row, name, node);
    if (has_placeholders(*text)) return;
    if (std::find(row.words.begin(), row.words.end(), *text) != row.words.end()) return;
    const std::vector<std::string> words(row.words.begin(), row.words.end());
    const auto near = base::did_you_mean(*text, words);
    diagnostics_.error("spec-word", node.pos,
                       name + " is " + in_quotes(*text) + ", " + wanted(row) + " is wanted",
                       near ? "did you mean \"" + *near + "\"?" : "");
  }

  void check_integer(const KeyRow& row, const std::string& name, const Node& node) {
    const std::int64_t* number = node.integer();
    if (number == nullptr) return wrong(row, name, node);
    if (*number < row.min || *number > row.max) out_of_range(row, name, node, *number);
  }

  void out_of_range(const KeyRow& row, const std::string& name, const Node& node,
                    std::int64_t number) {
    diagnostics_.error("spec-range", node.pos,
                       name + " is " + std::to_string(number) + ", " + wanted(row) + " is wanted");
  }

  void check_span(const KeyRow& row, const std::string& name, const Node& node) {
    if (waits_for_placeholders(node)) return;
    if (row.type == KeyType::lead && node.string() && *node.string() == "auto") return;
    if (const std::string* text = node.string()) {
      const auto parsed = base::parse_duration(*text);
      if (!parsed) {
        diagnostics_.error("spec-duration", node.at(parsed.fault().offset),
                           name + ": " + parsed.fault().message, parsed.fault().hint);
        return;
      }
    }
    const auto span = span_of(node);
    if (!span) return wrong(row, name, node);
    const std::int64_t seconds = span->count();
    if (seconds < row.min || seconds > row.max) {
      diagnostics_.error("spec-range", node.pos,
                         name + " is " + std::to_string(seconds) + " seconds, from " +
                             std::to_string(row.min) + " to " + std::to_string(row.max) +
                             " is allowed");
    }
  }

  void check_time(const KeyRow& row, const std::string& name, const Node& node) {
    if (node.time() != nullptr || (row.type == KeyType::date && node.date() != nullptr)) return;
    const LocalTime* local = node.local_time();
    if (local == nullptr) return wrong(row, name, node);
    diagnostics_.error(
        "spec-time-offset", node.pos,
        name + " is " + local->text + " without an offset: that is no moment",
        "add the offset from UTC: " + local->text + "+05:30, or " + local->text + "Z");
  }

  void check_texts(const KeyRow& row, const std::string& name, const Node& node) {
    const Array* array = node.array();
    if (array == nullptr) return wrong(row, name, node);
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Node& element = (*array)[i];
      if (element.string()) continue;
      diagnostics_.error("spec-type", element.pos,
                         element_of(name, i) + " is " + std::string(element.kind_words()) +
                             ", a string is wanted");
    }
  }

  void check_integers(const KeyRow& row, const std::string& name, const Node& node) {
    const Array* array = node.array();
    if (array == nullptr) return wrong(row, name, node);
    for (std::size_t i = 0; i < array->size(); ++i) {
      check_integer(row, element_of(name, i), (*array)[i]);
    }
  }

  void check_below(const KeyRow& row, const std::string& name, const Node& node) {
    if (node.table() == nullptr) return wrong(row, name, node);
    check_table(*node.table(), std::string(row.path), Ground::below);
  }

  void check_tables(const KeyRow& row, const std::string& name, const Node& node) {
    const Array* array = node.array();
    if (array == nullptr) return wrong(row, name, node);
    const Ground ground = row.path == "for"     ? Ground::in_for
                          : row.path == "stage" ? Ground::in_stage
                                                : Ground::below;
    for (std::size_t i = 0; i < array->size(); ++i) {
      const Node& element = (*array)[i];
      if (element.table()) {
        check_table(*element.table(), std::string(row.path), ground);
      } else {
        diagnostics_.error("spec-type", element.pos,
                           element_of(name, i) + " is " + std::string(element.kind_words()) +
                               ", a table is wanted");
      }
    }
  }

  void check_zones(const KeyRow& row, const std::string& name, const Node& node) {
    if (const Table* table = node.table()) {
      for (const Entry& entry : table->entries) {
        if (entry.key == "zone") {
          refuse_unknown(entry, "zones", Ground::below);
        } else {
          check_entry(entry, "zones", Ground::below);
        }
      }
      return;
    }
    const Array* array = node.array();
    if (array == nullptr) return wrong(row, name, node);
    for (std::size_t i = 0; i < array->size(); ++i) check_zone_element(name, i, (*array)[i]);
  }

  void check_zone_element(const std::string& name, std::size_t i, const Node& element) {
    if (element.string()) return;
    const Table* table = element.table();
    if (table == nullptr) {
      diagnostics_.error("spec-type", element.pos,
                         element_of(name, i) + " is " + std::string(element.kind_words()) +
                             ", a name or a table is wanted");
      return;
    }
    for (const Entry& entry : table->entries) {
      const bool right = entry.key == "zone" ? entry.value.string() != nullptr
                                             : entry.value.string() || entry.value.integer() ||
                                                   entry.value.boolean();
      if (right) continue;
      diagnostics_.error(
          "spec-type", entry.value.pos,
          entry.key + " is " + std::string(entry.value.kind_words()) + ", a string is wanted");
    }
  }

  void check_provider(const KeyRow& row, const std::string& name, const Node& node) {
    if (node.string()) return;
    if (node.table() == nullptr) return wrong(row, name, node);
    check_table(*node.table(), std::string(row.path), Ground::below);
  }

  void check_providers(const KeyRow& row, const std::string& name, const Node& node) {
    const Array* array = node.array();
    if (array == nullptr) return wrong(row, name, node);
    for (std::size_t i = 0; i < array->size(); ++i) {
      check_provider(row, element_of(name, i), (*array)[i]);
    }
  }

  void check_meta(const KeyRow& row, const std::string& name, const Node& node) {
    const Table* table = node.table();
    if (table == nullptr) return wrong(row, name, node);
    for (const Entry& entry : table->entries) {
      const Array* array = entry.value.array();
      const bool right =
          array ? std::all_of(array->begin(), array->end(), is_plain) : is_plain(entry.value);
      if (right) continue;
      diagnostics_.error("spec-type", entry.value.pos,
                         entry.key + " is " + std::string(entry.value.kind_words()) +
                             ", a string, a number, true or false is wanted");
    }
  }

  void check_setting(const KeyRow& row, const std::string& name, const Node& node) {
    if (node.array() != nullptr) return check_texts(row, name, node);
    // Secrets are tables, and project.cpp reads them with words of its own.
    expect(node.string() || node.integer() || node.boolean() || node.table(), row, name, node);
  }

  const KeyIndex& index_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::string wanted(const KeyRow& row) {
  switch (row.type) {
    case KeyType::text: return "a string";
    case KeyType::word:
      return "one of " +
             base::join(std::vector<std::string>(row.words.begin(), row.words.end()), ", ");
    case KeyType::truth: return "true or false";
    case KeyType::integer:
      return "an integer from " + std::to_string(row.min) + " to " + std::to_string(row.max);
    case KeyType::span: return "a duration like \"1h30m\" or an integer of seconds";
    case KeyType::lead: return "\"auto\" or a duration like \"1h30m\"";
    case KeyType::moment: return "a time with offset";
    case KeyType::date: return "a date or a time with offset";
    case KeyType::texts: return "a list of strings";
    case KeyType::integers:
      return "a list of integers from " + std::to_string(row.min) + " to " +
             std::to_string(row.max);
    case KeyType::truth_or_texts: return "true, false or a list of strings";
    case KeyType::table:
    case KeyType::named:
    case KeyType::meta: return "a table";
    case KeyType::tables: return "a list of tables";
    case KeyType::zones: return "a list of names or tables, or {file, key},";
    case KeyType::provider: return "a name or {account, zone_id, private}";
    case KeyType::providers: return "a list of names or {account, zone_id, private}";
    case KeyType::settings:
      return "a string, an integer, true or false, a list of strings or a secret";
    case KeyType::later: break;
  }
  return "nothing";
}

void check_spec_shape(const Node& root, base::Diagnostics& diagnostics) {
  if (root.table() == nullptr) return;
  ShapeCheck(spec_index(), diagnostics).check_table(*root.table(), "", Ground::top);
}

void check_project_shape(const Node& root, base::Diagnostics& diagnostics) {
  if (root.table() == nullptr) return;
  ShapeCheck(project_index(), diagnostics).check_table(*root.table(), "", Ground::top);
}

void check_service_shape(const Node& root, base::Diagnostics& diagnostics) {
  static const KeyIndex kIndex(service_keys());
  if (root.table() == nullptr) return;
  ShapeCheck(kIndex, diagnostics).check_table(*root.table(), "", Ground::top);
}

bool is_spec_path(const std::vector<std::string>& path) {
  std::string known;
  for (const std::string& key : path) {
    const KeyRow* row = spec_index().find(known, key);
    if (row == nullptr) return false;
    known = row->path;
  }
  return !path.empty();
}

std::optional<base::Seconds> span_of(const Node& node) {
  if (const std::int64_t* seconds = node.integer()) return base::Seconds(*seconds);
  if (const std::string* text = node.string()) {
    const auto parsed = base::parse_duration(*text);
    if (parsed) return *parsed;
  }
  return std::nullopt;
}

}  // namespace mxsmith::spec
