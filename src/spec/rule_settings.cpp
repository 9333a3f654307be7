#include "spec/rule_settings.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "mail/rule.hpp"

namespace mxsmith::spec {

namespace {

void check_id(const Node& id, base::Diagnostics& diagnostics) {
  if (mail::find_rule(*id.string()) != nullptr) return;
  std::vector<std::string> known;
  known.reserve(mail::all_rules().size());
  for (const mail::Rule& rule : mail::all_rules()) known.emplace_back(rule.id);
  const auto near = base::did_you_mean(*id.string(), known);
  diagnostics.error("spec-rule", id.pos,
                    "there is no rule " + in_quotes(*id.string()) +
                        (near ? ", did you mean \"" + *near + "\"?" : ""),
                    "`mxsmith check --explain` lists them");
}

std::optional<base::Severity> severity_of(const std::string& word) {
  for (const auto severity :
       {base::Severity::info, base::Severity::warning, base::Severity::error}) {
    if (word == base::severity_name(severity)) return severity;
  }
  return std::nullopt;
}

}  // namespace

std::vector<mail::RuleSetting> rule_settings(const Node& tree, base::Diagnostics& diagnostics) {
  std::vector<mail::RuleSetting> settings;
  const Node* list = find_path(tree, {"rule"});
  if (list == nullptr || list->array() == nullptr) return settings;
  for (const Node& element : *list->array()) {
    mail::RuleSetting setting;
    setting.pos = element.pos;
    bool complete = true;
    const auto take = [&](const char* key) -> const Node* {
      const Node* node = find_path(element, {key});
      const bool good = node != nullptr && node->string() != nullptr;
      if (node == nullptr) {
        diagnostics.error("spec-missing-key", element.pos,
                          std::string("[[rule]] says no `") + key + "`");
      }
      complete = complete && good;
      return good ? node : nullptr;
    };
    if (const Node* id = take("id")) {
      check_id(*id, diagnostics);
      setting.rule = *id->string();
    }
    if (const Node* word = take("severity")) setting.severity = severity_of(*word->string());
    if (const Node* reason = take("reason")) setting.reason = *reason->string();
    if (!complete) continue;
    std::erase_if(settings, [&](const auto& one) { return one.rule == setting.rule; });
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace mxsmith::spec
