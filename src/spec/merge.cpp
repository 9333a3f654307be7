#include "spec/merge.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "base/text.hpp"
#include "spec/keys.hpp"

namespace mxsmith::spec {

namespace {

enum class ListRule : std::uint8_t { replace, append, by_identity, by_name };

ListRule list_rule(std::string_view path) {
  if (path == "record" || path == "mail.verification") return ListRule::by_identity;
  if (path == "stage") return ListRule::by_name;
  constexpr std::array<std::string_view, 5> kAppended = {"allow", "absent", "ignore", "for",
                                                         "rule"};
  const bool appended = std::find(kAppended.begin(), kAppended.end(), path) != kAppended.end();
  return appended ? ListRule::append : ListRule::replace;
}

std::string text_in(const Table& table, std::string_view key, std::string_view otherwise) {
  const Node* node = table.find(key);
  const std::string* text = node == nullptr ? nullptr : node->string();
  return text == nullptr ? std::string(otherwise) : *text;
}

/// By what an element of a list is known again; NUL cannot stand in it.
std::string identity(const Table& table, std::string_view path) {
  const std::string name = base::to_lower(text_in(table, "name", "@"));
  if (path == "stage") return text_in(table, "name", "");
  const std::string type = base::to_lower(text_in(table, "type", "TXT"));
  std::string result = type + '\0' + name;
  if (path == "mail.verification") result += '\0' + text_in(table, "value", "");
  return result;
}

bool is_dkim_key(std::string_view path) {
  constexpr std::string_view kPrefix = "mail.dkim.";
  return path.substr(0, kPrefix.size()) == kPrefix;
}

/// Keys that stand for one thing at this path.
std::vector<std::vector<std::string_view>> slots(std::string_view path) {
  if (path.empty()) return {{"zone", "zones"}, {"provider", "providers"}};
  if (path == "record") return {{"values", "values_hex"}};
  if (is_dkim_key(path)) return {{"public_key", "public_key_file", "txt", "cname"}};
  return {};
}

void clear_slots(Table& lower, const Table& upper, std::string_view path) {
  for (const auto& slot : slots(path)) {
    const auto has = [&](std::string_view key) { return upper.find(key) != nullptr; };
    if (!std::any_of(slot.begin(), slot.end(), has)) continue;
    for (const std::string_view key : slot) lower.erase(key);
  }
}

void merge_tables(Table& lower, const Table& upper, const std::string& path);

void merge_lists(Array& lower, const Array& upper, const std::string& path) {
  const ListRule rule = list_rule(path);
  const std::size_t below = lower.size();
  std::vector<bool> used(below, false);
  const auto counterpart = [&](const Table& table) {
    const std::string id = identity(table, path);
    for (std::size_t i = 0; i < below && !id.empty(); ++i) {
      if (used[i] || lower[i].table() == nullptr) continue;
      if (identity(*lower[i].table(), path) == id) return i;
    }
    return below;
  };
  for (const Node& element : upper) {
    const Table* table = element.table();
    const std::size_t i =
        table == nullptr || rule == ListRule::append ? below : counterpart(*table);
    if (i == below) {
      lower.push_back(element);
      continue;
    }
    used[i] = true;
    if (rule == ListRule::by_name) {
      lower[i] = element;
    } else {
      merge_tables(std::get<Table>(lower[i].value), *table, path);
      lower[i].pos = element.pos;
    }
  }
}

void merge_entry(Table& lower, const Entry& upper, const std::string& path) {
  Node* below = lower.find(upper.key);
  auto* table = below ? std::get_if<Table>(&below->value) : nullptr;
  if (table != nullptr && upper.value.table() != nullptr) {
    merge_tables(*table, *upper.value.table(), path);
    below->pos = upper.value.pos;
    return;
  }
  auto* list = below ? std::get_if<Array>(&below->value) : nullptr;
  if (list != nullptr && upper.value.array() != nullptr && list_rule(path) != ListRule::replace) {
    merge_lists(*list, *upper.value.array(), path);
    return;
  }
  lower.put(upper.key, upper.key_pos, upper.value);
}

void merge_tables(Table& lower, const Table& upper, const std::string& path) {
  clear_slots(lower, upper, path);
  for (const Entry& entry : upper.entries) {
    if (path.empty() && entry.key == "unset") continue;
    merge_entry(lower, entry, path.empty() ? entry.key : path + "." + entry.key);
  }
}

/// Takes the elements away that the rest of an `unset` path names: NAME or NAME.TYPE.
bool remove_elements(Array& list, const std::vector<std::string>& path) {
  const auto matches = [&](const Node& element) {
    const Table* table = element.table();
    if (table == nullptr) return false;
    if (!base::equals_ignoring_case(text_in(*table, "name", "@"), path[1])) return false;
    return path.size() < 3 || base::equals_ignoring_case(text_in(*table, "type", ""), path[2]);
  };
  return std::erase_if(list, matches) != 0;
}

/// Whether the path names elements of a list: record.NAME[.TYPE], stage.NAME.
bool names_elements(const std::vector<std::string>& path) {
  if (path.size() < 2) return false;
  return (path[0] == "record" && path.size() <= 3) || (path[0] == "stage" && path.size() == 2);
}

bool remove_path(Node& root, const std::vector<std::string>& path) {
  Node* node = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto* table = std::get_if<Table>(&node->value);
    if (table == nullptr) return false;
    if (i + 1 == path.size()) return table->erase(path[i]);
    node = table->find(path[i]);
    if (node == nullptr) return false;
    auto* list = std::get_if<Array>(&node->value);
    if (i == 0 && list != nullptr && names_elements(path)) return remove_elements(*list, path);
  }
  return false;
}

void unset(Node& lower, const Node& wish, base::Diagnostics& diagnostics) {
  const std::string* text = wish.string();
  if (text == nullptr) return;
  const auto path = split_path(*text);
  if (!path || (!is_spec_path(*path) && !names_elements(*path))) {
    diagnostics.error("spec-unset", wish.pos,
                      "unset: " + in_quotes(*text) + " is no path of a spec",
                      "paths are keys with dots, \"mail.dkim.s1\"; records are "
                      "\"record.NAME.TYPE\"");
  } else if (!remove_path(lower, *path)) {
    diagnostics.error("spec-unset", wish.pos,
                      "unset: " + in_quotes(*text) + " is not there in the layers below");
  }
}

}  // namespace

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> keys(1);
  char quote = '\0';
  bool was_quoted = false;
  for (const char c : path) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        keys.back() += c;
      }
    } else if ((c == '"' || c == '\'') && keys.back().empty() && !was_quoted) {
      quote = c;
      was_quoted = true;
    } else if (c == '.') {
      if (keys.back().empty()) return std::nullopt;
      keys.emplace_back();
      was_quoted = false;
    } else {
      if (was_quoted) return std::nullopt;
      keys.back() += c;
    }
  }
  if (quote != '\0' || keys.back().empty()) return std::nullopt;
  return keys;
}

void lay_over(Node& lower, const Node& upper, base::Diagnostics& diagnostics) {
  const Table* table = upper.table();
  auto* below = std::get_if<Table>(&lower.value);
  if (table == nullptr || below == nullptr) return;
  if (const Node* wishes = table->find("unset"); wishes != nullptr && wishes->array() != nullptr) {
    for (const Node& wish : *wishes->array()) unset(lower, wish, diagnostics);
  }
  merge_tables(*below, *table, "");
}

}  // namespace mxsmith::spec
