#include "base/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mxsmith::base {

namespace {

auto order_of(const SourcePos& pos) {
  return std::make_tuple(!pos.known(), pos.file ? std::string_view(*pos.file) : std::string_view(),
                         pos.line, pos.column);
}

}  // namespace

std::string SourcePos::text() const {
  if (!file) return {};
  if (line == 0) return *file;
  return *file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

bool operator==(const SourcePos& a, const SourcePos& b) { return order_of(a) == order_of(b); }

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: break;
  }
  return "error";
}

bool stands_before(const Diagnostic& a, const Diagnostic& b) {
  return order_of(a.pos) < order_of(b.pos);
}

void Diagnostics::add(Diagnostic diagnostic) {
  const auto same = [&](const Diagnostic& known) {
    return known.rule == diagnostic.rule && known.message == diagnostic.message &&
           known.pos == diagnostic.pos;
  };
  if (std::any_of(all_.begin(), all_.end(), same)) return;
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(std::string rule, SourcePos pos, std::string message, std::string hint) {
  add({Severity::error, std::move(rule), std::move(message), std::move(hint), std::move(pos)});
}

void Diagnostics::warning(std::string rule, SourcePos pos, std::string message, std::string hint) {
  add({Severity::warning, std::move(rule), std::move(message), std::move(hint), std::move(pos)});
}

void Diagnostics::append(const Diagnostics& other) {
  for (const auto& diagnostic : other.all_) add(diagnostic);
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  auto copy = all_;
  std::stable_sort(copy.begin(), copy.end(), stands_before);
  return copy;
}

}  // namespace mxsmith::base
