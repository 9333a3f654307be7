#include "cli/render/rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

Ink ink_of(base::Severity severity) {
  return severity == base::Severity::error     ? Ink::red
         : severity == base::Severity::warning ? Ink::yellow
                                               : Ink::cyan;
}

/// What a rule needs, where that is more than the records.
std::string needs_words(const mail::Rule& rule) {
  switch (rule.needs) {
    case mail::RuleNeeds::nothing:
      return rule.judge != nullptr ? "judged offline" : "told where records are read";
    case mail::RuleNeeds::lookups: return "needs DNS: answered by --records, else not checked";
    case mail::RuleNeeds::connection: return "needs a connection to a server: not checked";
    case mail::RuleNeeds::history: return "needs the history of a record: not judged by check";
    case mail::RuleNeeds::changes: break;
  }
  return "judged by plan";
}

void put_example(Page& page, std::string_view title, std::string_view example) {
  if (example.empty()) return;
  page.blank();
  page.add(title, Ink::bold);
  for (const auto& line : base::split(base::trim(example), '\n')) page.add("  " + line);
}

void put_rule(Page& page, const mail::Rule& rule) {
  Line head;
  head.text(rule.id, Ink::bold).text("   ");
  head.text(base::severity_name(rule.severity), ink_of(rule.severity));
  head.text("   " + needs_words(rule), Ink::dim);
  page.add(head);
  page.paragraph(Line(), 0, rule.summary);
  page.paragraph(Line(), 0, rule.advice);
  if (!rule.reference.empty()) page.paragraph(Line(), 0, rule.reference, Ink::dim);
  put_example(page, "Breaks it, in example.com", rule.bad);
  put_example(page, "Does not", rule.good);
}

Json to_json(const mail::Rule& rule) {
  return {{"id", rule.id},
          {"severity", base::severity_name(rule.severity)},
          {"needs", mail::needs_word(rule.needs)},
          {"judged", rule.judge != nullptr},
          {"reference", rule.reference},
          {"summary", rule.summary},
          {"advice", rule.advice},
          {"bad", rule.bad},
          {"good", rule.good}};
}

std::string print_json(const std::vector<const mail::Rule*>& rules) {
  Json json = document("rules");
  json["rules"] = Json::array();
  for (const mail::Rule* rule : rules) json["rules"].push_back(to_json(*rule));
  return dumped(json);
}

std::string in_format(const Page& page, Format format) {
  return format == Format::markdown ? fenced("text", page.text()) : page.text();
}

View plain_for(Format format, View view) {
  if (format == Format::markdown) view.color = false;
  return view;
}

}  // namespace

std::string print_rule_table(std::span<const mail::Rule> rules, Format format, const View& view) {
  std::vector<const mail::Rule*> all;
  all.reserve(rules.size());
  std::size_t widest = 0;
  for (const mail::Rule& rule : rules) {
    all.push_back(&rule);
    widest = std::max(widest, rule.id.size());
  }
  if (format == Format::json) return print_json(all);
  Page page = page_for(plain_for(format, view));
  for (const mail::Rule& rule : rules) {
    Line line;
    line.text(std::string(1, "IWE"[static_cast<std::size_t>(rule.severity)]),
              ink_of(rule.severity));
    line.text(" ").text(rule.id, rule.judge != nullptr ? Ink::bold : Ink::dim);
    page.paragraph(line, widest + 4, rule.summary);
  }
  page.blank();
  page.paragraph(
      Line(), 0,
      base::counted(rules.size(), "rule") +
          ": E error, W warning, I remark (told with --verbose). `mxsmith check "
          "--explain RULE` says more of one; [[rule]] in a spec sets what it counts for.",
      Ink::dim);
  return in_format(page, format);
}

std::string print_rules(const std::vector<const mail::Rule*>& rules, Format format,
                        const View& view) {
  if (format == Format::json) return print_json(rules);
  Page page = page_for(plain_for(format, view));
  for (const mail::Rule* rule : rules) {
    if (rule != rules.front()) page.blank().blank();
    put_rule(page, *rule);
  }
  return in_format(page, format);
}

}  // namespace mxsmith::cli::render
