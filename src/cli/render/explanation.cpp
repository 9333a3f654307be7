#include "cli/render/explanation.hpp"

#include "base/text.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

using Source = Explained::Source;
using Kind = mail::Sentence::Kind;

std::string_view source_word(Source source) {
  switch (source) {
    case Source::spec: return "spec";
    case Source::live: return "live";
    case Source::file: break;
  }
  return "file";
}

std::string_view source_words(Source source) {
  switch (source) {
    case Source::spec: return "as declared";
    case Source::live: return "as its provider has it";
    case Source::file: break;
  }
  return "as in the zone file";
}

std::string text_of(const mail::Sentence& sentence) {
  std::string text;
  for (const auto& piece : sentence.pieces()) text += safe(piece.text);
  return text;
}

/// Our own words may hold code between back-ticks, and nothing else that Markdown would take.
std::string plain_words(const std::string& words) {
  std::string text;
  for (const char c : safe(words)) {
    if (c == '<' || c == '*' || c == '[') text += '\\';
    text += c;
  }
  return text;
}

/// Values as code, where no sign in them could end it.
std::string markdown_of(const mail::Sentence& sentence) {
  std::string text;
  for (const auto& piece : sentence.pieces()) {
    if (piece.kind == Kind::words) {
      text += plain_words(piece.text);
      continue;
    }
    // Messages of findings are prose with values in it.
    const bool is_code = !piece.text.empty() && piece.text.find_first_of(" `") == std::string::npos;
    if (is_code) {
      text.append("`").append(safe(piece.text)).append("`");
    } else {
      text += base::escape_for_markdown(piece.text);
    }
  }
  return text;
}

std::string print_text(const Explained& explained, const View& view) {
  Page page = page_for(view);
  const auto& explanation = explained.explanation;
  page.paragraph(Line(), 0, text_of(explanation.summary), Ink::bold);
  for (const auto& topic : explanation.topics) {
    page.blank();
    page.add(mail::topic_heading(topic.id), Ink::bold);
    for (const auto& statement : topic.statements) {
      page.paragraph(Line().text("  "), 2, text_of(statement.sentence));
      for (const auto& item : statement.items) {
        page.paragraph(Line().text("    - "), 6, text_of(item));
      }
    }
  }
  page.blank();
  page.add(std::string(source_words(explained.source)), Ink::dim);
  return page.text();
}

std::string print_markdown(const Explained& explained) {
  const auto& explanation = explained.explanation;
  std::string text = "## Mail of " + base::escape_for_markdown(explanation.domain.display()) +
                     "\n\n" + markdown_of(explanation.summary) + "\n";
  for (const auto& topic : explanation.topics) {
    text += "\n### ";
    text += mail::topic_heading(topic.id);
    text += "\n";
    for (const auto& statement : topic.statements) {
      text += "\n";
      text += markdown_of(statement.sentence);
      text += "\n";
      if (!statement.items.empty()) text += "\n";
      for (const auto& item : statement.items) {
        text += "- ";
        text += markdown_of(item);
        text += "\n";
      }
    }
  }
  text += "\n_";
  text += source_words(explained.source);
  return text + "_\n";
}

Json sentence_json(const mail::Sentence& sentence) {
  Json values = Json::array();
  for (const auto& piece : sentence.pieces()) {
    if (piece.kind == Kind::value) values.push_back(utf8(piece.text));
  }
  return {{"text", utf8(sentence.text())}, {"values", std::move(values)}};
}

std::string print_json(const Explained& explained) {
  const auto& explanation = explained.explanation;
  Json json = document("explanation");
  json["zone"] = zone_text(explanation.domain);
  json["source"] = source_word(explained.source);
  json["summary"] = utf8(explanation.summary.text());
  json["topics"] = Json::array();
  for (const auto& topic : explanation.topics) {
    Json statements = Json::array();
    for (const auto& statement : topic.statements) {
      Json one = sentence_json(statement.sentence);
      one["items"] = Json::array();
      for (const auto& item : statement.items) one["items"].push_back(sentence_json(item));
      statements.push_back(std::move(one));
    }
    json["topics"].push_back({{"topic", mail::topic_word(topic.id)},
                              {"heading", mail::topic_heading(topic.id)},
                              {"statements", std::move(statements)}});
  }
  return dumped(json);
}

}  // namespace

std::string print_explanation(const Explained& explained, Format format, const View& view) {
  switch (format) {
    case Format::json: return print_json(explained);
    case Format::markdown: return print_markdown(explained);
    case Format::text: break;
  }
  return print_text(explained, view);
}

}  // namespace mxsmith::cli::render
