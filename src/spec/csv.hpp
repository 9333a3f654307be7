// Tables in CSV (RFC 4180) with a header row, every field with its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"

namespace mxsmith::spec {

struct CsvField {
  std::string text;
  base::SourcePos pos;
};
using CsvRow = std::vector<CsvField>;

struct CsvTable {
  CsvRow header;
  std::vector<CsvRow> rows;  ///< Each as long as the header.
};

/// Reads a CSV text: fields in double quotes may hold commas, line breaks and doubled quotes; lines
/// end in LF or CRLF; empty lines are passed over. Faults (rule spec-csv, all of them where reading
/// can go on): no header, empty or repeated column names, rows longer or shorter than the header, a
/// quote that is not closed or stands inside a bare field, octets that are not UTF-8. Nothing is
/// returned after a fault.
std::optional<CsvTable> read_csv(std::string_view text, const std::string& file,
                                 base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
