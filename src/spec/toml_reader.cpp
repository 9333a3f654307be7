#include "spec/toml_reader.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <tuple>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace mxsmith::spec {

namespace {

using File = std::shared_ptr<const std::string>;

base::SourcePos place(const toml::source_position& position, const File& file) {
  return {file, static_cast<std::uint32_t>(position.line),
          static_cast<std::uint32_t>(position.column)};
}

std::string two_digits(unsigned number) {
  return std::string(number < 10 ? "0" : "") + std::to_string(number);
}

std::chrono::year_month_day date_of(const toml::date& date) {
  return {std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
}

std::string text_of(const toml::time& time) {
  return two_digits(time.hour) + ":" + two_digits(time.minute) + ":" + two_digits(time.second);
}

std::string text_of(const toml::date_time& time) {
  return std::to_string(time.date.year) + "-" + two_digits(time.date.month) + "-" +
         two_digits(time.date.day) + "T" + text_of(time.time);
}

Node::Value time_value(const toml::date_time& time) {
  if (!time.offset) return LocalTime{text_of(time)};
  const auto local = std::chrono::sys_days(date_of(time.date)) +
                     std::chrono::hours(time.time.hour) + std::chrono::minutes(time.time.minute) +
                     base::Seconds(time.time.second);
  return OffsetTime{local - std::chrono::minutes(time.offset->minutes)};
}

/// Columns before the first sign of a string that is written without escapes on one line.
std::uint32_t quote_columns(const std::string& text, const toml::source_region& source) {
  if (source.begin.line != source.end.line || source.end.column < source.begin.column) return 0;
  const auto is_first = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  const auto signs = std::count_if(text.begin(), text.end(), is_first);
  const auto columns = static_cast<std::ptrdiff_t>(source.end.column - source.begin.column);
  // The end is the place after the closing quote.
  return columns == signs + 2 ? 1 : 0;
}

Node convert(const toml::node& node, const File& file);

Table convert_table(const toml::table& table, const File& file) {
  Table result;
  result.entries.reserve(table.size());
  for (const auto& [key, value] : table) {
    result.entries.push_back(
        {std::string(key.str()), place(key.source().begin, file), convert(value, file)});
  }
  // The library keeps keys in alphabetical order; people read files from the top.
  std::stable_sort(result.entries.begin(), result.entries.end(),
                   [](const Entry& a, const Entry& b) {
                     return std::tie(a.key_pos.line, a.key_pos.column) <
                            std::tie(b.key_pos.line, b.key_pos.column);
                   });
  return result;
}

Node convert(const toml::node& node, const File& file) {
  Node result{false, place(node.source().begin, file)};
  if (const auto* table = node.as_table()) {
    result.value = convert_table(*table, file);
  } else if (const auto* array = node.as_array()) {
    Array elements;
    elements.reserve(array->size());
    for (const toml::node& element : *array) elements.push_back(convert(element, file));
    result.value = std::move(elements);
  } else if (const auto* text = node.as_string()) {
    result.quote = quote_columns(text->get(), node.source());
    result.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    result.value = real->get();
  } else if (const auto* truth = node.as_boolean()) {
    result.value = truth->get();
  } else if (const auto* time = node.as_date_time()) {
    result.value = time_value(time->get());
  } else if (const auto* date = node.as_date()) {
    result.value = LocalDate{date_of(date->get())};
  } else if (const auto* clock = node.as_time()) {
    result.value = LocalTime{text_of(clock->get())};
  }
  return result;
}

}  // namespace

base::SourcePos place_in_text(std::string_view text, std::size_t offset, File file) {
  base::SourcePos result{std::move(file), 1, 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++result.line;
      result.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++result.column;
    }
  }
  return result;
}

bool report_ill_formed(std::string_view text, const File& file, base::Diagnostics& diagnostics) {
  const auto bad = base::first_ill_formed_utf8(text);
  if (!bad) return false;
  diagnostics.error("spec-encoding", place_in_text(text, *bad, file),
                    "the octet 0x" + base::hex(text.substr(*bad, 1)) + " here is not UTF-8",
                    "save the file as UTF-8; it may have been written as Latin-1 or "
                    "Windows-1252");
  return true;
}

std::optional<Node> read_toml(std::string_view text, const std::string& file,
                              base::Diagnostics& diagnostics) {
  const auto shared = std::make_shared<const std::string>(file);
  if (report_ill_formed(text, shared, diagnostics)) return std::nullopt;
  try {
    const toml::table root = toml::parse(text, std::string_view(file));
    return Node{convert_table(root, shared), {shared, 1, 1}};
  } catch (const toml::parse_error& error) {
    diagnostics.error("spec-syntax", place(error.source().begin, shared),
                      "TOML syntax: " + std::string(error.description()),
                      "the first of possibly several: reading stops at a syntax error");
    return std::nullopt;
  }
}

}  // namespace mxsmith::spec
