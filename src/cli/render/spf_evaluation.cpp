#include "cli/render/spf_evaluation.hpp"

#include <utility>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

using mail::SpfResult;
using mail::SpfStep;

Ink ink_of(SpfResult result) {
  switch (result) {
    case SpfResult::pass: return Ink::green;
    case SpfResult::fail:
    case SpfResult::temperror:
    case SpfResult::permerror: return Ink::red;
    case SpfResult::softfail: return Ink::yellow;
    default: return Ink::plain;
  }
}

/// What a receiver makes of the result (RFC 7208 section 8).
std::string_view meaning_of(SpfResult result) {
  switch (result) {
    case SpfResult::none: return "the domain has no SPF record, so nothing is said of the address";
    case SpfResult::neutral: return "the record says nothing of the address";
    case SpfResult::pass: return "the address may send for the domain";
    case SpfResult::fail: return "the address may not send for the domain";
    case SpfResult::softfail: return "the address probably may not send for the domain";
    case SpfResult::temperror: return "an answer of DNS is missing; senders are asked to try again";
    case SpfResult::permerror: break;
  }
  return "the record is broken, and of no use to a receiver";
}

std::string_view outcome_word(SpfStep::Outcome outcome) {
  switch (outcome) {
    case SpfStep::Outcome::match: return "matches";
    case SpfStep::Outcome::error: return "error";
    case SpfStep::Outcome::redirected: return "redirects";
    case SpfStep::Outcome::no_match: break;
  }
  return "no match";
}

std::string cost_words(unsigned lookups, unsigned voids) {
  if (lookups == 0) return {};
  std::string words = base::counted(lookups, "lookup");
  if (voids > 0) words += ", " + std::to_string(voids) + " void";
  return words;
}

void put_queries(Page& page, const SpfStep& step, std::size_t indent) {
  for (const auto& query : step.queries) {
    const std::string values = query.values.empty() ? std::string(mail::lookup_word(query.status))
                                                    : base::join(query.values, ", ");
    page.paragraph(Line().text(std::string(indent, ' ') + safe(query.name) + " " +
                               dns::type_name(query.type) + " "),
                   indent + 4, safe(values), Ink::dim);
  }
}

void put_record(Page& page, const mail::SpfTrace& trace, std::size_t indent) {
  const std::string gap(indent, ' ');
  Line head;
  head.text(gap).text(safe(trace.domain), Ink::bold).text("  ");
  page.paragraph(head, indent + 4, trace.record.empty() ? "(no record)" : safe(trace.record));
  for (const SpfStep& step : trace.steps) {
    Line line;
    line.text(gap + "  " + safe(step.term)).column(indent + 34);
    line.text(outcome_word(step.outcome),
              step.outcome == SpfStep::Outcome::match ? Ink::bold : Ink::plain);
    page.add(std::move(line), cost_words(step.lookups, step.void_lookups));
    if (!step.note.empty() && !step.nested) {
      page.paragraph(Line().text(gap + "    "), indent + 4, safe(step.note), Ink::red);
    }
    put_queries(page, step, indent + 4);
    if (step.nested) put_record(page, *step.nested, indent + 4);
  }
  Line end;
  end.text(gap + "  -> ").text(mail::spf_result_word(trace.result), ink_of(trace.result));
  page.paragraph(end.text("  "), indent + 5, safe(trace.problem));
}

std::string text_of(const SpfVerdict& verdict, const View& view) {
  const auto& evaluation = verdict.evaluation;
  Page page = page_for(view);
  Line head;
  head.text(mail::spf_result_word(evaluation.result), ink_of(evaluation.result));
  page.paragraph(head.column(kLabelColumn), kLabelColumn,
                 safe(verdict.ip) + " for " + safe(verdict.request.domain) + ": " +
                     std::string(meaning_of(evaluation.result)));
  const auto labelled = [&](std::string_view label, const std::string& words) {
    if (words.empty()) return;
    page.paragraph(Line().text(label, Ink::bold).column(kLabelColumn), kLabelColumn, words);
  };
  if (!evaluation.mechanism.empty()) {
    labelled("because of", safe(evaluation.mechanism) + " of " + safe(evaluation.mechanism_domain));
  }
  labelled("problem", safe(evaluation.problem));
  if (evaluation.explanation) labelled("explanation", safe(*evaluation.explanation));
  labelled("cost", std::to_string(evaluation.lookups) + " of " +
                       std::to_string(mail::kSpfMostLookups) + " lookups, " +
                       std::to_string(evaluation.void_lookups) + " of " +
                       std::to_string(mail::kSpfMostVoidLookups) + " void lookups");
  labelled("not checked", safe(base::join(evaluation.not_checked, ", ")));
  page.blank();
  put_record(page, evaluation.trace, 0);
  return page.text();
}

Json to_json(const mail::SpfQuery& query) {
  return {{"name", utf8(query.name)},
          {"type", dns::type_name(query.type)},
          {"status", mail::lookup_word(query.status)},
          {"values", list(query.values)},
          {"reason", utf8(query.reason)}};
}

Json to_json(const mail::SpfTrace& trace) {
  Json steps = Json::array();
  for (const SpfStep& step : trace.steps) {
    Json queries = Json::array();
    for (const auto& query : step.queries) queries.push_back(to_json(query));
    steps.push_back({{"term", utf8(step.term)},
                     {"target", utf8(step.target)},
                     {"outcome", outcome_word(step.outcome)},
                     {"note", utf8(step.note)},
                     {"lookups", step.lookups},
                     {"void_lookups", step.void_lookups},
                     {"queries", std::move(queries)},
                     {"record", step.nested ? to_json(*step.nested) : Json()}});
  }
  return {{"domain", utf8(trace.domain)},   {"text", utf8(trace.record)},
          {"query", to_json(trace.query)},  {"result", mail::spf_result_word(trace.result)},
          {"problem", utf8(trace.problem)}, {"steps", std::move(steps)}};
}

void put_members(Json& json, const SpfVerdict& verdict) {
  const auto& evaluation = verdict.evaluation;
  json["ip"] = utf8(verdict.ip);
  json["mail_from"] = utf8(verdict.mail_from);
  json["helo"] = utf8(verdict.helo);
  json["domain"] = utf8(verdict.request.domain);
  json["result"] = mail::spf_result_word(evaluation.result);
  json["mechanism"] = utf8(evaluation.mechanism);
  json["mechanism_domain"] = utf8(evaluation.mechanism_domain);
  json["problem"] = utf8(evaluation.problem);
  json["explanation"] = evaluation.explanation ? Json(utf8(*evaluation.explanation)) : Json();
  json["lookups"] = evaluation.lookups;
  json["void_lookups"] = evaluation.void_lookups;
  json["not_checked"] = list(evaluation.not_checked);
}

}  // namespace

std::string print_spf_verdict(const SpfVerdict& verdict, Format format, const View& view) {
  if (format == Format::json) {
    Json json = document("spf_eval");
    put_members(json, verdict);
    json["tree"] = to_json(verdict.evaluation.trace);
    return dumped(json);
  }
  if (format == Format::markdown) {
    View plain = view;
    plain.color = false;
    return fenced("text", text_of(verdict, plain));
  }
  return text_of(verdict, view);
}

std::string print_spf_verdict_line(const SpfVerdict& verdict, Format format) {
  if (format == Format::json) {
    Json json = Json::object();
    put_members(json, verdict);
    return json.dump(-1, ' ', true) + "\n";
  }
  const auto& mechanism = verdict.evaluation.mechanism;
  return std::string(mail::spf_result_word(verdict.evaluation.result)) + " " + safe(verdict.ip) +
         " " + (verdict.mail_from.empty() ? "<>" : safe(verdict.mail_from)) + " " +
         safe(verdict.helo) + " " + (mechanism.empty() ? "-" : safe(mechanism)) + "\n";
}

}  // namespace mxsmith::cli::render
