#include "unit/layers/layer_rules.hpp"

#include <algorithm>

#include "unit/layers/source_text.hpp"

namespace mxsmith::tests {

namespace {

class Checker {
 public:
  Checker(const SourceFile& file, const LayerTable& table)
      : file_(file), table_(table), layer_(table.layer_of(file.path)) {}

  std::vector<std::string> run() {
    for (const auto& include : includes_of(file_.text)) {
      check_foreign(include);
      if (layer_ == nullptr) continue;  // main.cpp stands above all layers
      check_neighbour(include);
      check_pure(include);
    }
    for (const auto& word : words_of_code(file_.text)) check_word(word);
    if (file_.path.ends_with(".hpp")) check_header();
    return std::move(found_);
  }

 private:
  void report(std::size_t line, const std::string& what) {
    found_.push_back(file_.path + ":" + std::to_string(line) + ": " + what);
  }

  /// Headers of ours are written with quotes and from src/ (or the root, for providers/).
  void check_neighbour(const Include& include) {
    if (!include.quoted) return;
    const Layer* other = table_.layer_of("src/" + include.name);
    if (other == nullptr) other = table_.layer_of(include.name);
    if (other == nullptr) {
      report(include.line, "\"" + include.name + "\" is in no layer; write paths from src/");
    } else if (other == layer_) {
      check_other_provider(include);
    } else if (!listed(layer_->neighbours, other->name)) {
      report(include.line, layer_->name + " may not include " + other->name + " (" + include.name +
                               "); it may include: " + joined(layer_->neighbours));
    }
  }

  /// providers/X/ knows nothing of providers/Y/; only the table of them all knows each.
  void check_other_provider(const Include& include) {
    if (layer_->name != "providers") return;
    const std::string mine = folder_of(file_.path);
    const std::string theirs = folder_of(include.name);
    if (mine != "providers" && mine != theirs) {
      report(include.line, "a provider may not include another: " + include.name);
    }
  }

  void check_foreign(const Include& include) {
    for (const auto& row : table_.foreign) {
      if (include.name.starts_with(row.prefix) && !listed(row.files, file_.path)) {
        report(include.line, "<" + include.name + "> may only be included by: " +
                                 (row.files.empty() ? "nobody" : joined(row.files)));
      }
    }
  }

  void check_pure(const Include& include) {
    if (table_.is_pure(*layer_) && listed(table_.impure_includes, include.name)) {
      report(include.line, layer_->name + " is pure and may not include " + include.name);
    }
  }

  void check_word(const Word& word) {
    if (layer_ != nullptr && table_.is_pure(*layer_) && listed(table_.impure_words, word.text)) {
      report(word.line, layer_->name + " is pure and may not use " + word.text);
    }
    if (listed(table_.print_words, word.text) && !listed(table_.print_allowed, file_.path)) {
      report(word.line, "only the command line prints; no " + word.text + " here");
    }
  }

  void check_header() {
    if (!file_.text.starts_with("// ")) {
      report(1, "a header opens with a paragraph that says what it is");
    }
    // The code of a header starts with the pragma: nothing but comments stands before it.
    const std::string code = without_comments_and_strings(file_.text);
    const std::size_t first = std::min(code.find_first_not_of(" \t\n"), code.size());
    if (!std::string_view(code).substr(first).starts_with("#pragma once\n")) {
      report(1, "a header has #pragma once before anything else");
    }
  }

  static std::string folder_of(std::string_view path) {
    return std::string(path.substr(0, std::min(path.rfind('/'), path.size())));
  }

  static std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "nothing" : text;
  }

  const SourceFile& file_;
  const LayerTable& table_;
  const Layer* layer_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> violations_in(const SourceFile& file, const LayerTable& table) {
  return Checker(file, table).run();
}

std::vector<std::string> faults_of(const LayerTable& table) {
  std::vector<std::string> faults;
  std::vector<std::string> below;
  const auto is_layer = [&](const std::string& name) {
    return std::any_of(table.layers.begin(), table.layers.end(),
                       [&](const Layer& layer) { return layer.name == name; });
  };
  for (const auto& layer : table.layers) {
    for (const auto& neighbour : layer.neighbours) {
      if (!is_layer(neighbour)) {
        faults.push_back(layer.name + " names a layer that is not there: " + neighbour);
      } else if (!listed(below, neighbour)) {
        // The rows go from the bottom up, so that no circle can be written.
        faults.push_back(layer.name + " may not include " + neighbour + ", which stands above it");
      }
    }
    below.push_back(layer.name);
  }
  for (const auto& name : table.pure) {
    if (!is_layer(name)) faults.push_back("pure names a layer that is not there: " + name);
  }
  return faults;
}

}  // namespace mxsmith::tests
