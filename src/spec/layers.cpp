#include "spec/layers.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "spec/keys.hpp"
#include "spec/merge.hpp"
#include "spec/toml_reader.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

std::string beside(const base::SourcePos& pos, const std::string& path) {
  const fs::path file(pos.file ? *pos.file : std::string());
  return (file.parent_path() / path).lexically_normal().string();
}

std::optional<Node> Layers::read(const std::string& path, const base::SourcePos& named_at) {
  const auto text = files_.read(path);
  if (!text) {
    diagnostics_.error("spec-file-missing", named_at, "there is no file " + path);
    return std::nullopt;
  }
  auto tree = read_toml(*text, path, diagnostics_);
  if (!tree) return std::nullopt;
  check_spec_shape(*tree, diagnostics_);
  check_stage_order(*tree, diagnostics_);
  return tree;
}

std::optional<Node> Layers::build(const std::string& path, const base::SourcePos& named_at) {
  auto tree = read(path, named_at);
  if (!tree) return std::nullopt;
  const Node* extends = std::get<Table>(tree->value).find("extends");
  const std::string* base_path = extends == nullptr ? nullptr : extends->string();
  Node lower{Table{}, tree->pos};
  if (base_path != nullptr) {
    const std::string below = beside(extends->pos, *base_path);
    extended_.insert(below);
    const Node* base = merged(below, extends->pos);
    if (base == nullptr) return std::nullopt;
    lower = *base;
    std::get<Table>(lower.value).erase("extends");
  }
  lay_over(lower, *tree, diagnostics_);
  lower.pos = tree->pos;
  return lower;
}

const Node* Layers::merged(const std::string& path, const base::SourcePos& named_at) {
  const auto known = done_.find(path);
  if (known != done_.end() && known->second.under_way) {
    const auto start = std::find(chain_.begin(), chain_.end(), path);
    std::vector<std::string> circle(start, chain_.end());
    circle.push_back(path);
    diagnostics_.error("spec-extends", named_at,
                       "`extends` goes round in a circle: " + base::join(circle, " -> "));
    return nullptr;
  }
  if (known != done_.end()) return known->second.tree ? &*known->second.tree : nullptr;
  done_[path].under_way = true;
  chain_.push_back(path);
  auto tree = build(path, named_at);
  chain_.pop_back();
  File& file = done_[path];
  file.under_way = false;
  file.tree = std::move(tree);
  return file.tree ? &*file.tree : nullptr;
}

std::string plain_text(const dns::Name& name) {
  std::string text = name.text();
  if (text.size() > 1) text.pop_back();
  return text;
}

namespace {

const Array* exceptions_of(const Node& tree) {
  const Node* list = find_path(tree, {"for"});
  return list == nullptr ? nullptr : list->array();
}

/// Calls `visit` with each pattern of one [[for]] table.
template <class Visit>
void for_each_pattern(const Node& exception, Visit visit) {
  const Node* zones = find_path(exception, {"zones"});
  if (zones == nullptr || zones->array() == nullptr) return;
  for (const Node& pattern : *zones->array()) {
    if (pattern.string() != nullptr) visit(pattern);
  }
}

bool is_glob(std::string_view pattern) { return pattern.find('*') != std::string_view::npos; }

/// Whether a pattern of [[for]] means the zone: a glob over labels, or a name.
bool means(const std::string& pattern, const dns::Name& zone) {
  if (is_glob(pattern)) return base::glob_matches(base::to_lower(pattern), plain_text(zone));
  const auto name = dns::Name::parse_absolute(pattern);
  return name.ok() && *name == zone;
}

}  // namespace

std::vector<std::size_t> exceptions_for(const Node& tree, const dns::Name& zone) {
  std::vector<std::size_t> which;
  const Array* exceptions = exceptions_of(tree);
  for (std::size_t i = 0; exceptions != nullptr && i < exceptions->size(); ++i) {
    bool holds = false;
    for_each_pattern((*exceptions)[i],
                     [&](const Node& pattern) { holds |= means(*pattern.string(), zone); });
    if (holds) which.push_back(i);
  }
  return which;
}

Node with_exceptions(const Node& tree, const std::vector<std::size_t>& which,
                     base::Diagnostics& diagnostics) {
  Node result = tree;
  std::get<Table>(result.value).erase("for");
  const Array* exceptions = exceptions_of(tree);
  for (const std::size_t i : which) {
    Node overlay = (*exceptions)[i];
    auto* table = std::get_if<Table>(&overlay.value);
    if (table == nullptr) continue;
    table->erase("zones");
    lay_over(result, overlay, diagnostics);
  }
  return result;
}

void check_exceptions(const Node& tree, const std::string& file,
                      const std::vector<dns::Name>& zones, base::Diagnostics& diagnostics) {
  const Array* exceptions = exceptions_of(tree);
  if (exceptions == nullptr) return;
  std::vector<std::string> names;
  names.reserve(zones.size());
  for (const dns::Name& zone : zones) names.push_back(plain_text(zone));
  for (const Node& exception : *exceptions) {
    // A base file may speak of zones that other specs bring.
    if (!exception.pos.file || *exception.pos.file != file) continue;
    if (find_path(exception, {"zones"}) == nullptr) {
      diagnostics.error("spec-missing-key", exception.pos, "[[for]] says no `zones`",
                        "zones = [\"example.com\"]");
    }
    for_each_pattern(exception, [&](const Node& pattern) {
      const std::string& text = *pattern.string();
      const auto hit = [&](const dns::Name& zone) { return means(text, zone); };
      if (std::any_of(zones.begin(), zones.end(), hit)) return;
      const auto near = base::did_you_mean(text, names);
      diagnostics.error("spec-for-zone", pattern.pos,
                        in_quotes(text) + " is none of the zones of this file" +
                            (near ? ", did you mean \"" + *near + "\"?" : ""));
    });
  }
}

}  // namespace mxsmith::spec
