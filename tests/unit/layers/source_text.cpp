#include "unit/layers/source_text.hpp"

#include <algorithm>
#include <cctype>

namespace mxsmith::tests {

namespace {

bool is_word_sign(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t or_end(std::size_t found, std::string_view text) {
  return found == std::string_view::npos ? text.size() : found;
}

/// End of a string or character literal whose opening quote is at `begin`.
std::size_t end_of_quoted(std::string_view source, std::size_t begin) {
  for (std::size_t i = begin + 1; i < source.size(); ++i) {
    if (source[i] == '\\') {
      ++i;
    } else if (source[i] == source[begin]) {
      return i + 1;
    } else if (source[i] == '\n') {
      return i;
    }
  }
  return source.size();
}

/// End of a raw string whose quote is at `quote`: R"mark( ... )mark".
std::size_t end_of_raw_string(std::string_view source, std::size_t quote) {
  const std::size_t open = or_end(source.find('(', quote), source);
  const std::string close = ")" + std::string(source.substr(quote + 1, open - quote - 1)) + '"';
  const std::size_t found = source.find(close, open);
  return found == std::string_view::npos ? source.size() : found + close.size();
}

/// Whether the line starts with #include, however it is spaced.
bool is_include(std::string_view line) {
  const std::size_t hash = or_end(line.find_first_not_of(" \t"), line);
  if (!line.substr(hash).starts_with('#')) return false;
  const std::size_t word = or_end(line.find_first_not_of(" \t", hash + 1), line);
  return line.substr(word).starts_with("include");
}

bool on_include_line(std::string_view source, std::size_t position) {
  const std::size_t start = source.rfind('\n', position) + 1;  // npos + 1 is 0
  return is_include(source.substr(start, position - start));
}

/// Where the comment or literal that starts at `i` ends; `i` itself when none does.
std::size_t end_of_non_code(std::string_view source, std::size_t i) {
  const std::string_view rest = source.substr(i);
  if (rest.starts_with("//")) return or_end(source.find('\n', i), source);
  if (rest.starts_with("/*")) {
    const std::size_t found = source.find("*/", i + 2);
    return found == std::string_view::npos ? source.size() : found + 2;
  }
  if (rest.starts_with("R\"") && (i == 0 || !is_word_sign(source[i - 1]))) {
    return end_of_raw_string(source, i + 1);
  }
  if (source[i] == '"' && !on_include_line(source, i)) return end_of_quoted(source, i);
  // A quote after a digit separates digits: 1'000'000.
  if (source[i] == '\'' && (i == 0 || !is_word_sign(source[i - 1]))) {
    return end_of_quoted(source, i);
  }
  return i;
}

}  // namespace

std::string without_comments_and_strings(std::string_view source) {
  std::string code(source);
  for (std::size_t i = 0; i < source.size();) {
    const std::size_t end = end_of_non_code(source, i);
    if (end == i) {
      ++i;
      continue;
    }
    for (; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  }
  return code;
}

std::vector<Include> includes_of(std::string_view source) {
  const std::string code = without_comments_and_strings(source);
  std::vector<Include> found;
  std::size_t line = 1;
  for (std::size_t i = 0; i < code.size(); ++line) {
    const std::size_t end = or_end(code.find('\n', i), code);
    const std::string_view text = std::string_view(code).substr(i, end - i);
    const std::size_t open = text.find_first_of("\"<");
    if (is_include(text) && open != std::string_view::npos) {
      const bool quoted = text[open] == '"';
      const std::size_t close = or_end(text.find(quoted ? '"' : '>', open + 1), text);
      found.push_back({std::string(text.substr(open + 1, close - open - 1)), quoted, line});
    }
    i = end + 1;
  }
  return found;
}

std::vector<Word> words_of_code(std::string_view source) {
  const std::string code = without_comments_and_strings(source);
  std::vector<Word> words;
  std::size_t line = 1;
  for (std::size_t i = 0; i < code.size();) {
    if (!is_word_sign(code[i])) {
      if (code[i] == '\n') ++line;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < code.size() && is_word_sign(code[end])) ++end;
    words.push_back({code.substr(i, end - i), line});
    i = end;
  }
  return words;
}

}  // namespace mxsmith::tests
