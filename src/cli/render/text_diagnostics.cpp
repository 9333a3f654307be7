// Faults in the user's files, as compilers show them: place, words, the line, a caret, what to do.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "cli/render/check_words.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

Ink ink_of(base::Severity severity) {
  switch (severity) {
    case base::Severity::info: return Ink::cyan;
    case base::Severity::warning: return Ink::yellow;
    case base::Severity::error: break;
  }
  return Ink::red;
}

/// Files that were asked for, read once.
class Sources {
 public:
  explicit Sources(const View& view) : view_(view) {}

  std::optional<std::string> line(const base::SourcePos& pos) {
    if (!pos.known() || !view_.source) return std::nullopt;
    auto found = files_.find(*pos.file);
    if (found == files_.end()) found = files_.emplace(*pos.file, lines_of(*pos.file)).first;
    if (pos.line > found->second.size()) return std::nullopt;
    return found->second[pos.line - 1];
  }

 private:
  [[nodiscard]] std::vector<std::string> lines_of(const std::string& path) const {
    const auto text = view_.source(path);
    return text ? base::split(*text, '\n') : std::vector<std::string>();
  }
  const View& view_;
  std::map<std::string, std::vector<std::string>> files_;
};

/// Octets of the first `count` code points.
std::size_t octets_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (count > 0 && at < text.size()) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --count;
  }
  return at;
}

void put_source(Page& page, Sources& sources, const base::SourcePos& pos) {
  auto line = sources.line(pos);
  if (!line || pos.column == 0) return;
  // A tab is one column for positions; one space keeps the caret under its sign.
  std::replace(line->begin(), line->end(), '\t', ' ');
  if (!line->empty() && line->back() == '\r') line->pop_back();
  const std::size_t octets = octets_of(*line, pos.column - 1);
  const std::string before = safe(std::string_view(*line).substr(0, octets));
  const std::string number = std::to_string(pos.line);
  page.add(" " + number + " | " + before + safe(std::string_view(*line).substr(octets)));
  page.add(Line()
               .text(" " + std::string(number.size(), ' ') + " | " +
                     std::string(base::display_width(before), ' '))
               .text("^", Ink::green));
}

void put_diagnostic(Page& page, Sources& sources, const base::Diagnostic& diagnostic) {
  Line line;
  const std::string place = diagnostic.pos.text();
  if (!place.empty()) line.text(safe(place) + ": ", Ink::bold);
  line.text(std::string(base::severity_name(diagnostic.severity)) + ": ",
            ink_of(diagnostic.severity));
  line.text(safe(diagnostic.message), Ink::bold);
  const std::string record = diagnostic.record.empty() ? "" : ", " + safe(diagnostic.record);
  line.text(" [" + safe(diagnostic.rule) + record + "]", Ink::dim);
  page.add(line);
  put_source(page, sources, diagnostic.pos);
  if (!diagnostic.hint.empty()) page.add("  hint: " + safe(diagnostic.hint));
  for (const auto& note : diagnostic.notes) {
    const std::string where = note.pos.text();
    page.add("  note: " + safe(note.message) + (where.empty() ? "" : " (" + safe(where) + ")"));
    put_source(page, sources, note.pos);
  }
}

}  // namespace

std::string print_diagnostics(const base::Diagnostics& diagnostics, const View& view) {
  Page page(view.color, view.width);
  Sources sources(view);
  for (const auto& diagnostic : diagnostics.sorted()) put_diagnostic(page, sources, diagnostic);
  return page.text();
}

void put_finding(Page& page, std::string_view label, const base::Diagnostic& finding,
                 std::string_view spec_file) {
  Line line;
  line.text(label, Ink::bold);
  const char sign = finding.severity == base::Severity::error     ? 'E'
                    : finding.severity == base::Severity::warning ? 'W'
                                                                  : 'I';
  line.column(kNoteColumn).text(std::string(1, sign) + " ", ink_of(finding.severity));
  line.text(safe(finding.rule) + "  ");
  // Where no line of the spec tells which record is meant, its name does.
  const bool named = !finding.record.empty() && !finding.pos.known();
  page.paragraph(line, line.width(),
                 (named ? safe(finding.record) + ": " : "") + safe(finding.message), Ink::plain,
                 place_note(finding.pos, spec_file));
  if (!finding.hint.empty()) {
    page.paragraph(Line(), kNoteColumn + 2, safe(finding.hint), Ink::dim);
  }
}

std::string print_check_text(const engine::Report& report, const View& view) {
  const CheckWords words = check_words(report, view.verbose ? Remarks::shown : Remarks::hidden);
  Page page(view.color, view.width);
  Sources sources(view);
  for (const auto& diagnostic : words.shown) put_diagnostic(page, sources, diagnostic);
  if (!words.not_checked.empty()) {
    page.paragraph(Line().text("Not checked", Ink::bold), kLabelColumn,
                   base::counted(words.not_checked.size(), "thing") +
                       (view.verbose ? " that nobody looked up:"
                                     : " that nobody looked up (--verbose lists them)"));
    if (view.verbose) {
      for (const auto& [reason, rules] : words.not_checked) {
        const std::vector<std::string> ids(rules.begin(), rules.end());
        page.paragraph(Line(), kLabelColumn, safe(reason) + " (" + base::join(ids, ", ") + ")");
      }
    }
  }
  const bool hidden = words.remarks != 0 && !view.verbose;
  page.add(words.summary + (hidden ? " (--verbose shows the remarks)." : "."),
           words.errors == 0 ? Ink::green : Ink::red);
  return page.text();
}

}  // namespace mxsmith::cli::render
