// What cannot stand together in one zone.

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

class ConflictCheck {
 public:
  ConflictCheck(const plan::Desired& desired, base::Diagnostics& diagnostics)
      : desired_(desired), diagnostics_(diagnostics) {}

  void run() {
    const auto& units = desired_.units;
    // Units are sorted by name: all at one name stand together.
    for (std::size_t begin = 0; begin < units.size();) {
      std::size_t end = begin + 1;
      while (end < units.size() && units[end].unit.key.name == units[begin].unit.key.name) ++end;
      check_name(begin, end);
      begin = end;
    }
    for (const DesiredUnit& unit : units) {
      check_null_mx(unit);
      check_rules(unit);
    }
  }

 private:
  /// Relative, so that one fault in a base file reads the same for every zone.
  [[nodiscard]] std::string at(const DesiredUnit& unit) const {
    return dns::type_name(unit.unit.key.type) + " at " +
           base::escape_for_terminal(unit.unit.key.name.text_relative_to(desired_.zone));
  }

  void tell(std::string rule, const base::SourcePos& pos, std::string message, std::string hint,
            std::string note, const base::SourcePos& other) {
    base::Diagnostic diagnostic{base::Severity::error, std::move(rule), std::move(message),
                                std::move(hint), pos};
    diagnostic.notes.push_back({std::move(note), other});
    diagnostics_.add(std::move(diagnostic));
  }

  static bool overlap(const DesiredUnit& a, const DesiredUnit& b) {
    if (a.unit == b.unit) return true;
    return a.unit.key == b.unit.key &&
           (a.unit.owned == OwnedClass::whole || b.unit.owned == OwnedClass::whole);
  }

  static bool before(const base::SourcePos& a, const base::SourcePos& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  }

  static std::string what(const DesiredUnit& unit) {
    if (unit.unit.owned == OwnedClass::whole) return {};
    if (unit.unit.owned == OwnedClass::value) return " value";
    return " (" + std::string(plan::class_name(unit.unit.owned)) + ")";
  }

  void check_name(std::size_t begin, std::size_t end) {
    const auto& units = desired_.units;
    const DesiredUnit* cname = nullptr;
    const DesiredUnit* other = nullptr;
    for (std::size_t i = begin; i < end; ++i) {
      (units[i].unit.key.type == dns::Type::CNAME ? cname : other) = &units[i];
      if (i > begin && overlap(units[i - 1], units[i])) declared_twice(units[i - 1], units[i]);
    }
    if (cname == nullptr) return;
    if (cname->values.size() > 1) {
      tell("spec-cname", cname->values[1].pos,
           at(*cname) + " has " + std::to_string(cname->values.size()) +
               " values, it can have only one",
           "keep one of them", "the first one", cname->values[0].pos);
    }
    if (other != nullptr) {
      tell("spec-cname", cname->pos,
           at(*cname) + by_service(*cname, *other) + " stands beside " +
               dns::type_name(other->unit.key.type) + by_service(*other, *cname) +
               ": a name with a CNAME has no other data (RFC 1034 section 3.6.2)",
           "keep one of them", "the " + dns::type_name(other->unit.key.type) + " is here",
           other->pos);
    } else if (cname->unit.key.name == desired_.zone) {
      diagnostics_.error("spec-cname", cname->pos,
                         "CNAME at @: the apex has SOA and NS, and a name with a CNAME has no "
                         "other data (RFC 1034 section 3.6.2)",
                         "declare A and AAAA there");
    }
  }

  void declared_twice(const DesiredUnit& a, const DesiredUnit& b) {
    const bool ordered = before(a.pos, b.pos);
    const DesiredUnit& first = ordered ? a : b;
    const DesiredUnit& second = ordered ? b : a;
    tell("spec-declared-twice", second.pos,
         at(second) + what(second) + " is declared twice, by " + first.path + " and by " +
             second.path,
         hint_for(first, second), "declared here, too", first.pos);
  }

  /// Which block it is, where a service has brought one of the two.
  static std::string by_service(const DesiredUnit& unit, const DesiredUnit& other) {
    const bool named = is_service(unit) || is_service(other);
    return named ? " (" + unit.path + ")" : "";
  }

  static bool is_service(const DesiredUnit& unit) { return unit.path.starts_with("mail.service."); }

  static std::string hint_for(const DesiredUnit& first, const DesiredUnit& second) {
    if (!is_service(first) && !is_service(second)) {
      return "keep one of them, or put all values into one";
    }
    return "keep one of them; `without = [...]` in [" +
           (is_service(second) ? second.path : first.path) + "] leaves a part of the service away";
  }

  void check_null_mx(const DesiredUnit& unit) {
    if (unit.unit.key.type != dns::Type::MX || unit.values.size() < 2) return;
    for (const plan::DesiredValue& value : unit.values) {
      const auto* mx = std::get_if<dns::Mx>(&value.value);
      if (mx == nullptr || !mx->is_null()) continue;
      const auto& other = &value == &unit.values[0] ? unit.values[1] : unit.values[0];
      tell("spec-null-mx", value.pos,
           "the null MX at " + unit.unit.key.name.text_relative_to(desired_.zone) +
               " says that there is no mail, and other MX stand beside it (RFC 7505 section 3)",
           "keep it alone, or take it out", "another MX", other.pos);
    }
  }

  [[nodiscard]] bool hit(const plan::Pattern& pattern, const DesiredUnit& unit) const {
    if (!pattern.value || unit.values.empty()) {
      return pattern.matches(desired_.zone, unit.unit.key);
    }
    return std::any_of(unit.values.begin(), unit.values.end(), [&](const auto& value) {
      return pattern.matches(desired_.zone, unit.unit.key, value.value);
    });
  }

  void check_rules(const DesiredUnit& unit) {
    for (const plan::IgnoreRule& rule : desired_.ignore) {
      if (!hit(rule.pattern, unit)) continue;
      tell("spec-ignored", rule.pos, at(unit) + what(unit) + " is ignored and declared",
           "make the pattern narrower, or take the declaration out", "declared here", unit.pos);
    }
    for (const plan::AbsentRule& rule : desired_.absent) {
      if (!hit(rule.pattern, unit)) continue;
      tell("spec-absent", rule.pos, at(unit) + what(unit) + " is to be absent and is declared",
           "make the pattern narrower, or take the declaration out", "declared here", unit.pos);
    }
  }

  const plan::Desired& desired_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

void check_conflicts(const plan::Desired& desired, base::Diagnostics& diagnostics) {
  ConflictCheck(desired, diagnostics).run();
}

}  // namespace mxsmith::spec
