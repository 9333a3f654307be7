#include "plan/rule_findings.hpp"

#include <algorithm>
#include <variant>

namespace mxsmith::plan {
namespace {

std::string text_of(const dns::Rdata& value) {
  const auto* txt = std::get_if<dns::Txt>(&value);
  return txt == nullptr ? dns::print_rdata(value) : txt->octets;
}

/// The declaration of the value that is meant, else one of the set.
const DesiredUnit* unit_of(const Desired& desired, const mail::Subject& subject) {
  const DesiredUnit* unit = nullptr;
  for (const DesiredUnit& one : desired.units) {
    if (one.unit.key != subject.key) continue;
    if (unit == nullptr) unit = &one;
    const bool holds = std::any_of(one.values.begin(), one.values.end(), [&](const auto& value) {
      return text_of(value.value) == subject.octets;
    });
    if (holds) return &one;
  }
  return unit;
}

}  // namespace

base::SourcePos place_in_spec(const Desired& desired, const mail::Subject& subject) {
  const DesiredUnit* unit = unit_of(desired, subject);
  if (unit == nullptr) return {};
  if (!subject.part.empty()) {
    for (const auto& [identity, pos] : unit->parts) {
      if (identity == subject.part) return pos;
    }
  }
  if (!subject.octets.empty()) {
    for (const DesiredValue& value : unit->values) {
      if (value.pos.known() && text_of(value.value) == subject.octets) return value.pos;
    }
  }
  return unit->pos;
}

base::Diagnostic diagnostic_of(const mail::ZoneFinding& finding, const base::SourcePos& pos) {
  base::Diagnostic diagnostic;
  diagnostic.severity = finding.severity;
  diagnostic.rule = finding.rule->id;
  diagnostic.message = finding.message;
  diagnostic.hint = finding.hint;
  diagnostic.pos = pos;
  diagnostic.record = finding.subject.key.text();
  return diagnostic;
}

}  // namespace mxsmith::plan
