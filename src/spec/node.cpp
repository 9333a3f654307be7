#include "spec/node.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::spec {

const Entry* Table::entry(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

const Node* Table::find(std::string_view key) const {
  const Entry* found = entry(key);
  return found == nullptr ? nullptr : &found->value;
}

Node* Table::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));
}

void Table::put(std::string key, base::SourcePos key_pos, Node value) {
  for (Entry& entry : entries) {
    if (entry.key != key) continue;
    entry.key_pos = std::move(key_pos);
    entry.value = std::move(value);
    return;
  }
  entries.push_back({std::move(key), std::move(key_pos), std::move(value)});
}

bool Table::erase(std::string_view key) {
  return std::erase_if(entries, [&](const Entry& entry) { return entry.key == key; }) != 0;
}

base::SourcePos Node::at(std::size_t offset) const {
  const std::string* text = string();
  if (text == nullptr || quote == 0) return pos;
  base::SourcePos place = pos;
  place.column += quote;
  const std::size_t end = std::min(offset, text->size());
  for (std::size_t i = 0; i < end; ++i) {
    const bool continues = (static_cast<unsigned char>((*text)[i]) & 0xc0) == 0x80;
    if (!continues) ++place.column;
  }
  return place;
}

std::string_view Node::kind_words() const {
  static constexpr std::string_view kWords[] = {
      "a table",       "a list", "a string",           "an integer",
      "a real number", "true",   "a time with offset", "a time without offset",
      "a date"};
  if (const bool* truth = boolean()) return *truth ? "true" : "false";
  return kWords[value.index()];
}

const Node* find_path(const Node& root, std::initializer_list<std::string_view> path) {
  const Node* node = &root;
  for (const std::string_view key : path) {
    const Table* table = node->table();
    node = table == nullptr ? nullptr : table->find(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string shown(text.substr(0, kLongest));
  if (text.size() > kLongest) {
    // Not in the middle of a code point.
    const auto cut = base::first_ill_formed_utf8(shown);
    if (cut) shown.resize(*cut);
    shown += "...";
  }
  return '"' + base::escape_for_terminal(shown) + '"';
}

}  // namespace mxsmith::spec
