#include "spec/csv.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "spec/node.hpp"
#include "spec/toml_reader.hpp"

namespace mxsmith::spec {

namespace {

/// Goes over the text once, field by field.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::shared_ptr<const std::string> file,
            base::Diagnostics& diagnostics)
      : text_(text), place_{std::move(file), 1, 1}, diagnostics_(diagnostics) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  }

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }

  CsvRow row() {
    CsvRow fields;
    fields.push_back(field());
    while (next_is(',')) {
      step();
      fields.push_back(field());
    }
    end_line();
    return fields;
  }

 private:
  [[nodiscard]] bool next_is(char c) const { return !done() && text_[at_] == c; }
  [[nodiscard]] bool at_line_end() const {
    return done() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }

  void step() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++place_.column;
    }
  }

  void fault(const base::SourcePos& pos, std::string message, std::string hint = {}) {
    diagnostics_.error("spec-csv", pos, std::move(message), std::move(hint));
  }

  CsvField field() {
    CsvField result{{}, place_};
    if (next_is('"')) {
      read_quoted(result);
      return result;
    }
    while (!at_line_end() && text_[at_] != ',') {
      if (text_[at_] == '"') {
        fault(place_, "a quote inside a field that is not quoted",
              "put the whole field into quotes and double the quotes in it");
      }
      result.text += text_[at_];
      step();
    }
    return result;
  }

  void read_quoted(CsvField& result) {
    step();
    while (!done()) {
      if (text_.substr(at_, 2) == "\"\"") {
        step();
      } else if (text_[at_] == '"') {
        step();
        after_quoted();
        return;
      }
      result.text += text_[at_];
      step();
    }
    fault(result.pos, "the quote that opens this field is never closed");
  }

  void after_quoted() {
    if (at_line_end() || next_is(',')) return;
    fault(place_, "text after the closing quote of a field");
    while (!at_line_end() && text_[at_] != ',') step();
  }

  void end_line() {
    if (next_is('\r')) step();
    if (next_is('\n')) step();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  base::SourcePos place_;
  base::Diagnostics& diagnostics_;
};

bool is_blank(const CsvRow& row) { return row.size() == 1 && row[0].text.empty(); }

void check_header(const CsvRow& header, base::Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (const CsvField& field : header) {
    if (field.text.empty()) {
      diagnostics.error("spec-csv", field.pos, "a column without a name");
    } else if (!seen.insert(field.text).second) {
      diagnostics.error("spec-csv", field.pos, "two columns are named " + in_quotes(field.text));
    }
  }
}

}  // namespace

std::optional<CsvTable> read_csv(std::string_view text, const std::string& file,
                                 base::Diagnostics& diagnostics) {
  const auto shared = std::make_shared<const std::string>(file);
  if (report_ill_formed(text, shared, diagnostics)) return std::nullopt;
  const std::size_t errors_before = diagnostics.errors();
  CsvReader reader(text, shared, diagnostics);
  CsvTable table;
  while (!reader.done()) {
    CsvRow row = reader.row();
    if (is_blank(row)) continue;
    if (table.header.empty()) {
      table.header = std::move(row);
      for (CsvField& field : table.header) field.text = std::string(base::trim(field.text));
      check_header(table.header, diagnostics);
    } else if (row.size() != table.header.size()) {
      diagnostics.error("spec-csv", row[0].pos,
                        "this row has " + base::counted(row.size(), "field") +
                            ", the header names " + std::to_string(table.header.size()));
    } else {
      table.rows.push_back(std::move(row));
    }
  }
  if (table.header.empty()) {
    diagnostics.error("spec-csv", {shared, 1, 1}, "the table has no header row");
  }
  if (diagnostics.errors() != errors_before) return std::nullopt;
  return table;
}

}  // namespace mxsmith::spec
