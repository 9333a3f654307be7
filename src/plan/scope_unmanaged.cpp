// Rows 11 to 14 and 18: what is live and nothing declares. Everything is kept, unless `[[absent]]`
// or `manage` says otherwise.
#include <algorithm>
#include <utility>
#include <variant>

#include "plan/dnssec_types.hpp"
#include "plan/mail_place.hpp"
#include "plan/name_labels.hpp"
#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

/// SOA, the apex NS and what a signer keeps: without them there is no zone.
bool is_vital(const dns::Name& apex, const dns::Key& key) {
  return key.type == dns::Type::SOA || is_signing_data(key.type) ||
         (key.type == dns::Type::NS && key.name == apex);
}

bool is_acme(const dns::Name& name) {
  std::string_view rest = name.wire();
  return take_label(rest) == "_acme-challenge";
}

/// Whether external-dns marked this name as its own by a TXT value at it, or at the name with the
/// type in front ("a-www.example.com").
bool is_external_dns(const LiveZone& live, const dns::Key& key) {
  const auto marked = [&](const dns::Name& name) {
    const LiveSet* set = live.find(name, dns::Type::TXT);
    return set != nullptr &&
           std::any_of(set->set.values.begin(), set->set.values.end(), [](const auto& value) {
             const auto* txt = std::get_if<dns::Txt>(&value);
             return txt != nullptr && txt->octets.starts_with("heritage=external-dns");
           });
  };
  if (marked(key.name)) return true;
  const auto labels = key.name.labels();
  if (labels.empty()) return false;
  std::string prefix = dns::type_name(key.type);
  std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto registry = key.name.parent().child(prefix + "-" + labels.front());
  return registry && marked(*registry);
}

/// Sets that no mode of `manage` deletes.
bool is_left_to_others(const Work& work, const LiveSet& set) {
  const dns::Key key = set.set.key();
  return is_vital(work.desired.zone, key) || !set.foreign().empty() || is_acme(key.name) ||
         work.is_ignored(key);
}

bool is_kept_for_row_10(const Work& work, const dns::Key& key, const dns::Rdata& value) {
  return std::any_of(work.kept.begin(), work.kept.end(), [&](const ManifestItem& item) {
    return item.unit.key == key && belongs(item.unit, value);
  });
}

/// Whether nobody but `manage` speaks of this value.
bool is_unmanaged(Work& work, const dns::Key& key, const dns::Rdata& value) {
  return !work.is_covered(key, value) && !work.is_ignored(key, value) &&
         !is_kept_for_row_10(work, key, value);
}

// --- row 14 ---

/// Whether the rule may delete this value; says why not.
bool may_be_absent(Work& work, const AbsentRule& rule, const LiveSet& set,
                   const dns::Rdata& value) {
  const dns::Key key = set.set.key();
  const Unit unit = unit_of_value(key, value);
  if (is_vital(work.desired.zone, key)) return false;
  if (work.is_ignored(key, value)) {
    work.note(15, unit, "kept: both [[absent]] and [[ignore]] match it", Shown::yes);
    return false;
  }
  if (!set.foreign().empty()) {
    work.note(17, unit,
              "kept: [[absent]] matches it, but it belongs to " + std::string(set.foreign()),
              Shown::yes);
    return false;
  }
  // A declaration replaces or carries its values itself; what it wants was checked before.
  return rule.pattern.matches(work.desired.zone, key, value) && !work.is_covered(key, value);
}

/// Whether the rule deleted anything of the set.
bool delete_absent(Work& work, const AbsentRule& rule, const LiveSet& set) {
  const dns::Key key = set.set.key();
  bool hit = false;
  for (const auto& value : set.set.values) {
    if (!rule.pattern.matches(work.desired.zone, key, value)) continue;
    if (!may_be_absent(work, rule, set, value)) continue;
    Draft& draft = work.draft_of(key);
    if (!draft.after.remove(value)) continue;
    if (!hit || key.type == dns::Type::TXT) {
      const std::string text =
          "absent" + (rule.reason.empty() ? std::string() : ": " + rule.reason);
      draft.because(14, text, rule.pos);
      work.note(14, unit_of_value(key, value), text, Shown::no);
    }
    hit = true;
  }
  return hit;
}

void check_absent_against_declared(Work& work, const AbsentRule& rule) {
  for (const auto& unit : work.desired.units) {
    if (unit.ttl_only || !rule.pattern.matches(work.desired.zone, unit.unit.key)) continue;
    const bool wanted =
        !rule.pattern.value ||
        std::any_of(unit.values.begin(), unit.values.end(), [&](const DesiredValue& declared) {
          return rule.pattern.matches(work.desired.zone, unit.unit.key, declared.value);
        });
    if (!wanted) continue;
    base::Diagnostic both{base::Severity::error,
                          "scope-absent",
                          unit.unit.text() + " is declared, and said to be absent",
                          {},
                          rule.pos,
                          {}};
    both.notes.push_back({"declared here", unit.pos});
    work.out.diagnostics.add(std::move(both));
  }
}

std::vector<const LiveSet*> sets_matching(const Work& work, const Pattern& pattern) {
  std::vector<const LiveSet*> found;
  if (!pattern.is_glob()) {
    const auto name = dns::Name::parse(pattern.name, work.desired.zone);
    if (!name) return found;
    for (const LiveSet* set : work.live.at(*name)) {
      if (pattern.matches(work.desired.zone, set->set.key())) found.push_back(set);
    }
    return found;
  }
  for (const auto& set : work.live.sets()) {
    if (pattern.type && *pattern.type != set.set.type) continue;
    if (pattern.matches(work.desired.zone, set.set.key())) found.push_back(&set);
  }
  return found;
}

void take_absent_rule(Work& work, const AbsentRule& rule) {
  check_absent_against_declared(work, rule);
  std::vector<dns::Key> hit;
  for (const LiveSet* set : sets_matching(work, rule.pattern)) {
    if (delete_absent(work, rule, *set)) hit.push_back(set->set.key());
  }
  if (hit.size() < 2 || !rule.pattern.is_glob()) return;
  GuardFinding finding;
  finding.id = "absent-glob";
  finding.message = "[[absent]] " + rule.pattern.name + " deletes from " +
                    std::to_string(hit.size()) + " record sets, among them " + hit[0].text() +
                    " and " + hit[1].text();
  finding.keys = std::move(hit);
  finding.pos = rule.pos;
  work.out.guards.push_back(std::move(finding));
}

// --- rows 11, 12, 13, 18 ---

/// Deletes values of one set that nothing declares; `row` 12 takes mail records only.
void delete_unmanaged(Work& work, const LiveSet& set, int row) {
  const dns::Key key = set.set.key();
  bool told = false;
  for (const auto& value : set.set.values) {
    if (row == 12 && !is_mail_record(work.desired.zone, key, value)) continue;
    if (!is_unmanaged(work, key, value)) continue;
    // Asked last and once: it looks at other sets.
    if (!told && is_external_dns(work.live, key)) return;
    Draft& draft = work.draft_of(key);
    if (!draft.after.remove(value)) continue;
    if (std::exchange(told, true) && key.type != dns::Type::TXT) continue;
    const std::string text = row == 12 ? "mail record that is not declared" : "not declared";
    draft.because(row, text);
    work.note(row, unit_of_value(key, value), text, Shown::no);
  }
}

/// Row 11.
void note_unmanaged(Work& work, const LiveSet& set) {
  const dns::Key key = set.set.key();
  bool told = false;
  for (const auto& value : set.set.values) {
    if (!is_mail_record(work.desired.zone, key, value)) continue;
    if (!is_unmanaged(work, key, value)) continue;
    const Draft* draft = work.find_draft(key);
    if (draft != nullptr && !draft->after.has(value)) continue;
    if (std::exchange(told, true) && key.type != dns::Type::TXT) continue;
    work.note(11, unit_of_value(key, value), "unmanaged mail record: kept", Shown::yes);
  }
}

/// Row 18 without a declaration: receivers take the two for an error (RFC 7208 section 4.5).
void find_two_spf(Work& work, const LiveSet& set) {
  const dns::Key key = set.set.key();
  const Draft* draft = work.find_draft(key);
  const auto& values = draft != nullptr ? draft->after.values : set.set.values;
  const Unit spf{key, OwnedClass::spf, {}};
  const auto records = std::count_if(values.begin(), values.end(), [&](const dns::Rdata& value) {
    return belongs(spf, value) && !work.is_covered(key, value);
  });
  if (records < 2) return;
  const std::string text = std::to_string(records) + " SPF records at " + key.name.display() +
                           ": receivers take them for an error";
  work.note(18, spf, text + "; kept, since no SPF is declared there", Shown::yes);
  work.out.diagnostics.warning("two-spf-records", work.desired.pos, text,
                               "declare [mail.spf], and one record takes the place of all");
}

void take_set(Work& work, const LiveSet& set) {
  const ManageMode manage = work.desired.manage;
  const bool may_be_mail = mail_place(work.desired.zone, set.set.name) != MailPlace::none;
  const bool may_be_two_spf = set.set.type == dns::Type::TXT && set.set.values.size() > 1;
  if (manage != ManageMode::zone && !may_be_mail && !may_be_two_spf) return;
  if (is_left_to_others(work, set)) return;
  if (manage == ManageMode::zone) {
    delete_unmanaged(work, set, 13);
  } else if (may_be_mail && manage == ManageMode::mail) {
    delete_unmanaged(work, set, 12);
  } else if (may_be_mail) {
    note_unmanaged(work, set);
  }
  if (may_be_two_spf) find_two_spf(work, set);
}

}  // namespace

void take_absent(Work& work) {
  for (const auto& rule : work.desired.absent) take_absent_rule(work, rule);
}

void take_unmanaged(Work& work) {
  for (const auto& set : work.live.sets()) take_set(work, set);
}

}  // namespace mxsmith::plan::scoping
