#include "spec/placeholders.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace mxsmith::spec {

namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kEscaped = "$${";
constexpr std::string_view kVar = "var.";

std::string dashed(std::string zone) {
  std::replace(zone.begin(), zone.end(), '.', '-');
  return zone;
}

base::Parsed<std::string> value_of(std::string_view name, const Variables& variables) {
  if (name == "zone") return variables.zone;
  if (name == "zone_dashed") return dashed(variables.zone);
  if (name.substr(0, kVar.size()) != kVar) {
    return base::Fault{"unknown placeholder ${" + std::string(name) + "}",
                       "there are ${zone}, ${zone_dashed} and ${var.NAME}; write $${ for a "
                       "literal ${"};
  }
  const std::string var(name.substr(kVar.size()));
  const auto found = variables.vars.find(var);
  if (found != variables.vars.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, value] : variables.vars) names.push_back(known);
  const auto near = base::did_you_mean(var, names);
  return base::Fault{
      "no variable `" + var + "` for this zone" + (near ? ", did you mean `" + *near + "`?" : ""),
      "variables stand beside the zone's name: columns of the CSV table, or keys "
      "of its table in `zones`"};
}

class TreeFiller {
 public:
  TreeFiller(const Variables& variables, const base::SourcePos& zone_pos,
             base::Diagnostics& diagnostics)
      : variables_(variables), zone_pos_(zone_pos), diagnostics_(diagnostics) {}

  void visit(Node& node) {
    if (auto* table = std::get_if<Table>(&node.value)) {
      for (Entry& entry : table->entries) {
        if (auto key = filled(entry.key, Node{entry.key, entry.key_pos})) entry.key = *key;
        visit(entry.value);
      }
    } else if (auto* array = std::get_if<Array>(&node.value)) {
      for (Node& element : *array) visit(element);
    } else if (auto* text = std::get_if<std::string>(&node.value)) {
      if (auto replaced = filled(*text, node)) {
        node.value = *replaced;
        node.quote = 0;
      }
    }
  }

  [[nodiscard]] bool changed() const { return changed_; }

 private:
  std::optional<std::string> filled(const std::string& text, const Node& where) {
    if (!has_placeholders(text)) return std::nullopt;
    changed_ = true;
    auto result = fill(text, variables_);
    if (result) return *result;
    const base::Fault& fault = result.fault();
    base::Diagnostic diagnostic{base::Severity::error, "spec-placeholder", fault.message,
                                fault.hint, where.at(fault.offset)};
    diagnostic.notes.push_back({"in the zone " + variables_.zone, zone_pos_});
    diagnostics_.add(std::move(diagnostic));
    return std::nullopt;
  }

  const Variables& variables_;
  const base::SourcePos& zone_pos_;
  base::Diagnostics& diagnostics_;
  bool changed_ = false;
};

}  // namespace

bool has_placeholders(std::string_view text) { return text.find(kOpen) != std::string_view::npos; }

base::Parsed<std::string> fill(std::string_view text, const Variables& variables) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, kEscaped.size()) == kEscaped) {
      result += kOpen;
      i += kEscaped.size();
    } else if (text.substr(i, kOpen.size()) == kOpen) {
      const std::size_t close = text.find('}', i);
      if (close == std::string_view::npos) {
        return base::Fault{"the placeholder that begins here has no closing brace",
                           "write $${ for a literal ${", i};
      }
      auto value = value_of(text.substr(i + 2, close - i - 2), variables);
      if (!value) return base::Fault{value.fault().message, value.fault().hint, i};
      result += *value;
      i = close + 1;
    } else {
      result += text[i++];
    }
  }
  return result;
}

std::string escape_placeholders(std::string_view literal) {
  std::string result;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal.substr(i, kOpen.size()) == kOpen) result += '$';
    result += literal[i];
  }
  return result;
}

bool fill_tree(Node& tree, const Variables& variables, const base::SourcePos& zone_pos,
               base::Diagnostics& diagnostics) {
  TreeFiller filler(variables, zone_pos, diagnostics);
  filler.visit(tree);
  return filler.changed();
}

}  // namespace mxsmith::spec
