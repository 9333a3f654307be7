#include "unit/layers/layer_table.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace mxsmith::tests {

namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& words) {
  to.insert(to.end(), words.begin(), words.end());
}

/// "kind subject : words" as head ("kind", "subject") and tail (the words).
struct Row {
  std::vector<std::string> head;
  std::vector<std::string> middle;
  std::vector<std::string> tail;
};

Row parse_row(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream stream(line);
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  // A row "base : src/base :" has an empty third part, which getline does not give.
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string(); };
  return {words_of(part(0)), words_of(part(1)), words_of(part(2))};
}

bool add_word_row(LayerTable& table, const Row& row) {
  const std::string kind = row.head.size() == 2 ? row.head[0] + " " + row.head[1] : "";
  if (kind == "impure include") {
    append(table.impure_includes, row.middle);
  } else if (kind == "impure word") {
    append(table.impure_words, row.middle);
  } else if (kind == "print word") {
    append(table.print_words, row.middle);
  } else if (kind == "print allowed") {
    append(table.print_allowed, row.middle);
  } else {
    return false;
  }
  return true;
}

void add_row(LayerTable& table, const std::string& line) {
  const Row row = parse_row(line);
  if (row.head.size() >= 2 && row.head[0] == "pure") {
    append(table.pure, {row.head.begin() + 1, row.head.end()});
  } else if (row.head.size() == 2 && row.head[0] == "foreign") {
    table.foreign.push_back({row.head[1], row.middle});
  } else if (row.head.size() == 1 && row.middle.size() == 1) {
    table.layers.push_back({row.head[0], row.middle[0], row.tail});
  } else if (!add_word_row(table, row)) {
    throw std::runtime_error("layers.txt has a row that means nothing: " + line);
  }
}

}  // namespace

const Layer* LayerTable::layer_of(std::string_view path) const {
  for (const auto& layer : layers) {
    if (path.starts_with(layer.folder + "/")) return &layer;
  }
  return nullptr;
}

bool LayerTable::is_pure(const Layer& layer) const {
  return std::find(pure.begin(), pure.end(), layer.name) != pure.end();
}

LayerTable parse_layer_table(std::string_view text) {
  LayerTable table;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    if (line.find_first_not_of(" \t\r") != std::string::npos) add_row(table, line);
  }
  return table;
}

bool listed(const std::vector<std::string>& rows, std::string_view name) {
  return std::any_of(rows.begin(), rows.end(), [&](const std::string& row) {
    return row.ends_with('/') ? name.starts_with(row) : name == row;
  });
}

}  // namespace mxsmith::tests
