#include "cli/render/accounts.hpp"

#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/page.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using Line = provider::AccountCheck::Line;

std::string_view word_of(Line::Result result) {
  switch (result) {
    case Line::Result::good: return "good";
    case Line::Result::doubtful: return "doubtful";
    case Line::Result::bad: break;
  }
  return "bad";
}

Ink ink_of(Line::Result result) {
  switch (result) {
    case Line::Result::good: return Ink::green;
    case Line::Result::doubtful: return Ink::yellow;
    case Line::Result::bad: break;
  }
  return Ink::red;
}

void add(Page& page, Line::Result result, const std::string& text, const std::string& hint) {
  page.paragraph(render::Line().text("  ").text(word_of(result), ink_of(result)), kLabelColumn,
                 safe(text));
  if (!hint.empty()) page.paragraph(render::Line(), kLabelColumn, safe(hint));
}

std::string text_of(const std::vector<engine::AccountReport>& reports, const View& view) {
  Page page = page_for(view);
  for (const auto& report : reports) {
    if (&report != &reports.front()) page.blank();
    page.add(render::Line()
                 .text(safe(report.account), Ink::bold)
                 .text(report.account == report.provider ? "" : "   " + safe(report.provider)));
    for (const auto& line : report.check.lines) add(page, line.result, line.text, line.hint);
    if (report.error) add(page, Line::Result::bad, report.error->what(), report.error->hint());
  }
  return page.text();
}

std::string json_of(const std::vector<engine::AccountReport>& reports) {
  Json json = document("accounts");
  json["accounts"] = Json::array();
  for (const auto& report : reports) {
    Json account;
    account["account"] = utf8(report.account);
    account["provider"] = utf8(report.provider);
    account["good"] = report.good();
    account["lines"] = Json::array();
    for (const auto& line : report.check.lines) {
      account["lines"].push_back(
          {{"result", word_of(line.result)}, {"text", utf8(line.text)}, {"hint", utf8(line.hint)}});
    }
    account["error"] = report.error ? to_json(*report.error) : Json();
    json["accounts"].push_back(std::move(account));
  }
  return dumped(json);
}

}  // namespace

std::string print_accounts(const std::vector<engine::AccountReport>& reports, Format format,
                           const View& view) {
  if (format == Format::json) return json_of(reports);
  const std::string text = text_of(reports, view);
  return format == Format::markdown ? fenced("text", text) : text;
}

}  // namespace mxsmith::cli::render
