// Stages out of a merged tree, in order of time.

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "spec/keys.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

namespace {

const Array* stage_list(const Node& tree) {
  const Node* list = find_path(tree, {"stage"});
  return list == nullptr ? nullptr : list->array();
}

const Node* time_of(const Node& stage) {
  const Node* at = find_path(stage, {"at"});
  return at == nullptr || at->time() == nullptr ? nullptr : at;
}

Stage stage_of(const Node& element) {
  Stage stage;
  const Node* at = time_of(element);
  stage.at = at->time()->at;
  stage.pos = at->pos;
  const Node* name = find_path(element, {"name"});
  const bool named = name != nullptr && name->string() != nullptr && !name->string()->empty();
  stage.name = named ? *name->string() : base::print_instant(stage.at);
  if (const Node* window = find_path(element, {"window"})) stage.window = span_of(*window);
  stage.overlay = element;
  auto& table = std::get<Table>(stage.overlay.value);
  for (const std::string_view key : {"at", "name", "window"}) table.erase(key);
  return stage;
}

}  // namespace

void check_stage_order(const Node& file_tree, base::Diagnostics& diagnostics) {
  const Array* list = stage_list(file_tree);
  if (list == nullptr) return;
  const Node* before = nullptr;
  for (const Node& element : *list) {
    if (find_path(element, {"at"}) == nullptr) {
      diagnostics.error("spec-missing-key", element.pos, "[[stage]] says no `at`",
                        "at = 2026-12-05T22:00:00+05:30");
    }
    const Node* at = time_of(element);
    if (at == nullptr) continue;
    if (before != nullptr && at->time()->at < before->time()->at) {
      base::Diagnostic diagnostic{base::Severity::error, "spec-stage-order",
                                  "this stage begins at " + base::print_instant(at->time()->at) +
                                      ", before the one above it",
                                  "write stages in the order of their times", at->pos};
      diagnostic.notes.push_back({"the one above", before->pos});
      diagnostics.add(std::move(diagnostic));
    }
    before = at;
  }
}

std::vector<Stage> take_stages(Node& tree, base::Diagnostics& diagnostics) {
  std::vector<Stage> stages;
  if (const Array* list = stage_list(tree)) {
    for (const Node& element : *list) {
      if (time_of(element) != nullptr) stages.push_back(stage_of(element));
    }
  }
  if (auto* table = std::get_if<Table>(&tree.value)) table->erase("stage");
  std::stable_sort(stages.begin(), stages.end(),
                   [](const Stage& a, const Stage& b) { return a.at < b.at; });
  for (std::size_t i = 1; i < stages.size(); ++i) {
    if (stages[i].at != stages[i - 1].at) continue;
    base::Diagnostic diagnostic{base::Severity::error, "spec-stage-twice",
                                "two stages begin at " + base::print_instant(stages[i].at),
                                "put them into one, or move one of them by a minute",
                                stages[i].pos};
    diagnostic.notes.push_back({"the other one", stages[i - 1].pos});
    diagnostics.add(std::move(diagnostic));
  }
  return stages;
}

}  // namespace mxsmith::spec
