// What is wrong with a user's file, and where: collected, never thrown.
//
// A SourcePos is cheap to copy and follows a value through all the layers of a spec, so that a
// finding in the built zone can point at the line that caused it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::base {

/// A place in a file. Line and column count from 1, columns in code points (a tab is one); line 0
/// means no place.
struct SourcePos {
  std::shared_ptr<const std::string> file;  ///< Path as the user wrote it; null means no place.
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  [[nodiscard]] bool known() const { return file != nullptr && line != 0; }
  /// "FILE:LINE:COLUMN", "FILE" without a line, "" without a file.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const SourcePos& a, const SourcePos& b);
};

enum class Severity : std::uint8_t { info, warning, error };
std::string_view severity_name(Severity severity);

/// One finding. `rule` is a stable id in kebab case ("spec-unknown-key"), never reused for another
/// meaning.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string rule;
  std::string message;    ///< What is wrong, naming the record where there is one.
  std::string hint = {};  ///< What to do next; may be empty.
  SourcePos pos = {};
  struct Note {
    std::string message;
    SourcePos pos;
  };
  std::vector<Note> notes = {};  ///< Other places that have a part in it: "declared first here".
  std::string record = {};       ///< The set it judges, "example.com/TXT"; or empty.
};

/// Whether its place comes first: by file, line and column, without a place last.
bool stands_before(const Diagnostic& a, const Diagnostic& b);

/// An ordered collection; the same finding at the same place is kept once.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(std::string rule, SourcePos pos, std::string message, std::string hint = {});
  void warning(std::string rule, SourcePos pos, std::string message, std::string hint = {});
  void append(const Diagnostics& other);

  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// By file, line and column; findings without a place last.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

}  // namespace mxsmith::base
