// Rows 16, 17 and 24: what is declared and cannot be done is an error at its line, before anything
// is planned.
#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "plan/dnssec_types.hpp"
#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

class Checker {
 public:
  Checker(Work& work, const DesiredUnit& unit) : work_(work), unit_(unit) {}

  void check() {
    check_place();
    check_hands_off();
    check_type();
    check_values();
    check_meta();
  }

 private:
  void error(std::string rule, const std::string& message, std::string hint = {}) {
    work_.out.diagnostics.error(std::move(rule), unit_.pos, unit_.unit.text() + ": " + message,
                                std::move(hint));
  }

  void check_place() {
    const auto& [name, type] = unit_.unit.key;
    const bool apex = name == work_.desired.zone;
    if (!name.is_at_or_below(work_.desired.zone)) {
      error("scope-outside", "the name is not in the zone " + work_.desired.zone.display());
    }
    if (type == dns::Type::SOA || is_signing_data(type)) {
      error("scope-type", "records of this type are kept by the name server, not by a spec");
    }
    if (apex && type == dns::Type::CNAME) {
      error("scope-apex-cname", "the apex has SOA and NS records, so a CNAME cannot stand there",
            "declare the addresses instead");
    }
    if (apex && type == dns::Type::NS && work_.traits.apex_ns == Support::no) {
      error("scope-apex-ns", "this provider does not let the zone's own NS records be changed",
            "take them out of the spec");
    }
  }

  /// Rows 16 and 17.
  void check_hands_off() {
    const dns::Key& key = unit_.unit.key;
    if (work_.is_ignored(key)) {
      error("scope-ignored", "declared, and ignored by an [[ignore]] entry",
            "take one of the two out of the spec");
      return;
    }
    const LiveSet* live = work_.live.find(key);
    if (live != nullptr && !live->foreign().empty()) {
      error("scope-foreign", "this set belongs to " + std::string(live->foreign()),
            "change it there, or take it out of the spec");
    }
    for (const auto& declared : unit_.values) {
      if (work_.is_ignored(key, declared.value)) ignored_value(declared.value, "declared value");
    }
    // Where there can be only one record, one that must stay leaves no room for ours.
    const bool single = key.type == dns::Type::CNAME ||
                        (key.type == dns::Type::TXT && unit_.unit.owned != OwnedClass::value &&
                         unit_.unit.owned != OwnedClass::whole);
    if (!single || live == nullptr) return;
    for (const auto& value : live->set.values) {
      if (belongs(unit_.unit, value) && work_.is_ignored(key, value)) {
        ignored_value(value, "live value");
      }
    }
  }

  void ignored_value(const dns::Rdata& value, const std::string& what) {
    const LiveSet* live = work_.live.find(unit_.unit.key);
    const std::string owner(live == nullptr ? std::string_view() : live->foreign(value));
    if (!owner.empty()) {
      return error("scope-foreign",
                   "the " + what + " " + dns::print_rdata(value) + " belongs to " + owner,
                   "change it there, or take yours out of the spec");
    }
    error("scope-ignored",
          "the " + what + " " + dns::print_rdata(value) + " is ignored by an [[ignore]] entry",
          "take one of the two out of the spec");
  }

  void check_type() {
    const dns::Type type = unit_.unit.key.type;
    if (work_.traits.stores(type)) return;
    error("scope-type", "this provider cannot store records of type " + dns::type_name(type));
  }

  void check_values() {
    if (unit_.unit.key.type == dns::Type::CNAME && declared_values(unit_).size() > 1) {
      error("scope-cname", "a CNAME has one target");
    }
    for (const auto& declared : unit_.values) {
      if (const auto* txt = std::get_if<dns::Txt>(&declared.value)) {
        check_length(*txt);
        check_octets(*txt);
      }
      if (const auto* caa = std::get_if<dns::Caa>(&declared.value)) check_caa(*caa);
      const auto* mx = std::get_if<dns::Mx>(&declared.value);
      if (mx != nullptr && mx->is_null() && work_.traits.null_mx == Support::no) {
        error("scope-null-mx", "this provider cannot store the null MX");
      }
    }
  }

  void check_length(const dns::Txt& txt) {
    if (txt.octets.size() < work_.traits.min_txt_octets) {
      error("scope-txt-empty", "this provider cannot store an empty text");
    }
    if (txt.octets.size() <= work_.traits.max_txt_octets) return;
    error("scope-txt-too-long", "a text of " + std::to_string(txt.octets.size()) +
                                    " octets, and this provider stores at most " +
                                    std::to_string(work_.traits.max_txt_octets));
  }

  void check_octets(const dns::Txt& txt) {
    const auto octet = work_.traits.unstorable_octet(txt.octets);
    if (!octet) return;
    error("scope-txt-octets", "this provider cannot store a text with the sign " +
                                  dns::print_rdata(dns::Txt{std::string(1, *octet)}));
  }

  void check_caa(const dns::Caa& caa) {
    if (work_.traits.caa_parameters == Support::yes) return;
    const bool plain = !caa.value.empty() && caa.value.find_first_of("; \t") == std::string::npos &&
                       !caa.value.ends_with('.');
    if (plain) return;
    error("scope-caa-value",
          "this provider cannot store the CAA value " + dns::print_rdata(dns::Txt{caa.value}),
          "it takes a host name or a URL alone");
  }

  void check_meta() {
    if (!unit_.meta) return;
    const auto& known = work_.traits.meta_keys;
    for (const auto& [name, value] : *unit_.meta) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        error("scope-meta", "this provider knows no metadata called \"" + name + "\"");
        continue;
      }
      const auto rule = work_.traits.meta_rules.find(name);
      if (rule != work_.traits.meta_rules.end()) check_meta_rule(name, value, rule->second);
    }
  }

  void check_meta_rule(const std::string& name, const std::string& value, const MetaRule& rule) {
    if (!rule.initial.empty() && json_type(value) != json_type(rule.initial)) {
      error("scope-meta", "the metadata \"" + name + "\" takes " + json_type(rule.initial) +
                              " and not " + json_type(value));
    }
    const dns::Type type = unit_.unit.key.type;
    const bool fits = rule.types.empty() ||
                      std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end();
    if (fits || value == rule.initial) return;
    error("scope-meta",
          "this provider has no \"" + name + "\" for records of type " + dns::type_name(type));
  }

  /// In words, by its first sign.
  static std::string json_type(const std::string& json) {
    switch (json.empty() ? '\0' : json.front()) {
      case '"': return "a text";
      case '[': return "a list";
      case '{': return "a table";
      case 't':
      case 'f': return "true or false";
      default: return "a number";
    }
  }

  Work& work_;
  const DesiredUnit& unit_;
};

/// Whether two declarations of one set claim the same values.
bool overlap(const DesiredUnit& a, const DesiredUnit& b) {
  if (a.ttl_only || b.ttl_only) return false;
  if (a.unit.owned == OwnedClass::whole || b.unit.owned == OwnedClass::whole) return true;
  const auto claims = [](const DesiredUnit& unit, const DesiredUnit& other) {
    return std::any_of(other.values.begin(), other.values.end(),
                       [&](const DesiredValue& value) { return belongs(unit.unit, value.value); });
  };
  return a.unit == b.unit || claims(a, b) || claims(b, a);
}

void check_overlaps(Work& work, const Draft& draft, const DesiredUnit& unit) {
  for (const DesiredUnit* other : draft.declared) {
    if (!overlap(unit, *other)) continue;
    base::Diagnostic twice{base::Severity::error,
                           "scope-twice",
                           unit.unit.text() + " is declared twice",
                           {},
                           unit.pos,
                           {}};
    twice.notes.push_back({"declared first here", other->pos});
    work.out.diagnostics.add(std::move(twice));
  }
}

}  // namespace

void check_declared(Work& work) {
  for (const auto& unit : work.desired.units) {
    Checker(work, unit).check();
    Draft& draft = work.draft_of(unit.unit.key);
    check_overlaps(work, draft, unit);
    draft.declared.push_back(&unit);
  }
}

}  // namespace mxsmith::plan::scoping
