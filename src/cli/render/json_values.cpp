#include "cli/render/json_values.hpp"

#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"

namespace mxsmith::cli::render {

Json document(std::string_view kind) {
  return {{"$schema", "https://mxsmith.dev/schemas/report-v1.json"},
          {"kind", kind},
          {"tool", "mxsmith " + std::string(base::version())}};
}

std::string dumped(const Json& json) { return json.dump(2, ' ', true) + "\n"; }

std::string utf8(std::string_view text) {
  return base::is_utf8(text) ? std::string(text) : base::escape_for_terminal(text);
}

std::string zone_text(const dns::Name& name) {
  const std::string text = name.text();
  return text.substr(0, text.size() - 1);
}

Json list(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const auto& text : texts) array.push_back(utf8(text));
  return array;
}

Json optional_time(base::Instant when) {
  return when == base::Instant{} ? Json() : Json(base::print_instant(when));
}

Json place(const base::SourcePos& pos) {
  if (!pos.known()) return nullptr;
  return {{"file", utf8(*pos.file)}, {"line", pos.line}, {"column", pos.column}};
}

Json to_json(const base::Diagnostic& diagnostic) {
  Json notes = Json::array();
  for (const auto& note : diagnostic.notes) {
    notes.push_back({{"message", utf8(note.message)}, {"place", place(note.pos)}});
  }
  return {{"severity", base::severity_name(diagnostic.severity)},
          {"rule", utf8(diagnostic.rule)},
          {"message", utf8(diagnostic.message)},
          {"hint", utf8(diagnostic.hint)},
          {"place", place(diagnostic.pos)},
          {"record", utf8(diagnostic.record)},
          {"notes", std::move(notes)}};
}

Json to_json(const std::vector<base::Diagnostic>& diagnostics) {
  Json array = Json::array();
  for (const auto& diagnostic : diagnostics) array.push_back(to_json(diagnostic));
  return array;
}

std::string_view kind_word(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::usage: return "usage";
    case base::ErrorKind::io: return "io";
    case base::ErrorKind::auth: return "auth";
    case base::ErrorKind::not_found: return "not_found";
    case base::ErrorKind::conflict: return "conflict";
    case base::ErrorKind::rate_limited: return "rate_limited";
    case base::ErrorKind::unavailable: return "unavailable";
    case base::ErrorKind::protocol: return "protocol";
    case base::ErrorKind::unsupported: return "unsupported";
    case base::ErrorKind::invalid: return "invalid";
    case base::ErrorKind::locked: return "locked";
    case base::ErrorKind::refused: return "refused";
    case base::ErrorKind::stale: return "stale";
    case base::ErrorKind::interrupted: return "interrupted";
  }
  return "invalid";
}

std::string_view effect_word(base::Effect effect) {
  switch (effect) {
    case base::Effect::none: return "none";
    case base::Effect::partial: return "partial";
    case base::Effect::unknown: break;
  }
  return "unknown";
}

Json to_json(const base::Error& error) {
  return {{"kind", kind_word(error.kind())},        {"effect", effect_word(error.effect())},
          {"message", utf8(error.what())},          {"key", utf8(error.key())},
          {"request_id", utf8(error.request_id())}, {"hint", utf8(error.hint())}};
}

}  // namespace mxsmith::cli::render
