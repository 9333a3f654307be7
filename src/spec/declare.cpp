// One zone's declarations at one moment.

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "spec/declaring.hpp"
#include "spec/keys.hpp"
#include "spec/layers.hpp"
#include "spec/project.hpp"
#include "spec/rule_settings.hpp"
#include "spec/services.hpp"

namespace mxsmith::spec {

namespace {

plan::ManageMode manage_of(const Node& tree) {
  const std::string word = Declaring::word(tree, "manage", "declared");
  if (word == "mail") return plan::ManageMode::mail;
  return word == "zone" ? plan::ManageMode::zone : plan::ManageMode::declared;
}

std::optional<std::uint32_t> default_ttl(const Node& tree) {
  const Node* ttl = find_path(tree, {"ttl"});
  const auto span = ttl == nullptr ? std::nullopt : span_of(*ttl);
  return span ? std::optional(static_cast<std::uint32_t>(span->count())) : std::nullopt;
}

/// Services beside mail.none, which are as wrong there as other keys of `mail`.
void refuse_services(Declaring& declaring, const Node& tree) {
  const Array* names = Declaring::list(tree, "services");
  if (names == nullptr || names->empty()) return;
  declaring.error("spec-mail-none", find_path(tree, {"services"})->pos,
                  "mail.none says that the zone has no mail, and `services` stands beside it",
                  "take one of them out; unset = [\"services\"] takes away what comes from below");
}

/// The catalogue is read only for specs that name services.
ServiceSpf services_of(Declaring& declaring, const Node& tree, const KnownServices& known) {
  const bool named = find_path(tree, {"services"}) != nullptr ||
                     find_path(tree, {"mail", "service"}) != nullptr ||
                     find_path(tree, {"mail", "inbound"}) != nullptr;
  return named ? declare_services(declaring, tree, known.catalogue()) : ServiceSpf();
}

void declare_mail(Declaring& declaring, const Node& tree, const KnownServices& known) {
  const Node* mail = find_path(tree, {"mail"});
  const bool has_mail = mail != nullptr && mail->table() != nullptr;
  const Node* none = has_mail ? find_path(*mail, {"none"}) : nullptr;
  if (none != nullptr && none->boolean() != nullptr && *none->boolean()) {
    declare_none(declaring, *mail);
    refuse_services(declaring, tree);
    return declare_records(declaring, tree);
  }
  if (has_mail) declare_mx(declaring, *mail);
  const ServiceSpf services = services_of(declaring, tree, known);
  declare_records(declaring, tree);
  declare_spf(declaring, has_mail ? mail : nullptr, services);
  if (!has_mail) return;
  declare_dkim(declaring, *mail);
  declare_dmarc(declaring, *mail);
  declare_mta_sts(declaring, *mail);
  declare_tls_rpt(declaring, *mail);
  declare_dane(declaring, *mail);
  declare_bimi(declaring, *mail);
  declare_clients(declaring, *mail);
  declare_verifications(declaring, *mail);
}

/// The pattern of an [[absent]] or [[ignore]] table.
std::optional<plan::Pattern> pattern_of(Declaring& declaring, const Node& block,
                                        const std::string& block_name) {
  const Node* name = declaring.need(block, "name", block_name);
  if (name == nullptr) return std::nullopt;
  plan::Pattern pattern;
  pattern.name = base::to_lower(*name->string());
  if (pattern.name.size() > 1 && pattern.name.back() == '.') {
    pattern.name.pop_back();
    const std::string zone = plain_text(declaring.zone());
    if (pattern.name == zone) {
      pattern.name = "@";
    } else if (repeats_zone(pattern.name, declaring.zone())) {
      pattern.name.resize(pattern.name.size() - zone.size() - 1);
    } else {
      declaring.error("spec-outside-zone", name->pos,
                      "the name " + in_quotes(*name->string()) + " is outside the zone");
      return std::nullopt;
    }
  }
  if (const Node* type = Declaring::text(block, "type")) {
    pattern.type = dns::parse_type(*type->string());
    if (!pattern.type) {
      declaring.error("spec-record-type", type->pos,
                      in_quotes(*type->string()) + " is no record type");
      return std::nullopt;
    }
  }
  if (const Node* value = Declaring::text(block, "value")) pattern.value = *value->string();
  return pattern;
}

/// A length-prefixed field, so that no two lists of fields read the same.
void field(std::string& text, std::string_view value) {
  text += std::to_string(value.size()) + ':';
  text += value;
}

void pattern_fields(std::string& text, std::string_view kind, const plan::Pattern& pattern) {
  field(text, kind);
  field(text, pattern.name);
  field(text, pattern.type ? dns::type_name(*pattern.type) : "");
  field(text, pattern.value ? "=" + *pattern.value : "");
}

std::string unit_fields(const plan::DesiredUnit& unit) {
  std::string text;
  field(text, unit.unit.key.text());
  field(text, plan::class_name(unit.unit.owned));
  field(text, unit.unit.octets);
  field(text, unit.ttl ? std::to_string(*unit.ttl) : "");
  field(text, unit.ttl_of_block ? "block" : "");
  std::vector<std::string> values;
  for (const plan::DesiredValue& value : unit.values) {
    values.push_back(dns::print_rdata(value.value));
  }
  std::sort(values.begin(), values.end());
  for (const std::string& value : values) field(text, value);
  if (unit.meta) {
    field(text, "meta");
    for (const auto& [name, json] : *unit.meta) {
      field(text, name);
      field(text, json);
    }
  }
  if (unit.spf && unit.spf->merges) {
    field(text, "merge");
    for (const mail::SpfTerm& term : unit.spf->merge.add) field(text, term.canonical());
    const auto all = unit.spf->merge.all;
    field(text, all ? mail::qualifier_word(*all) : "");
  }
  return text;
}

}  // namespace

std::vector<plan::AbsentRule> absent_rules(Declaring& declaring, const Node& tree) {
  std::vector<plan::AbsentRule> rules;
  const Array* list = Declaring::list(tree, "absent");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const Node& block = (*list)[i];
    auto pattern = pattern_of(declaring, block, "[[absent]]");
    if (!pattern) continue;
    rules.push_back({std::move(*pattern), Declaring::word(block, "reason", ""), block.pos});
  }
  return rules;
}

std::vector<plan::IgnoreRule> ignore_rules(Declaring& declaring, const Node& tree) {
  std::vector<plan::IgnoreRule> rules;
  const Array* list = Declaring::list(tree, "ignore");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    auto pattern = pattern_of(declaring, (*list)[i], "[[ignore]]");
    if (pattern) rules.push_back({std::move(*pattern), (*list)[i].pos});
  }
  return rules;
}

std::string digest_of(const plan::Desired& desired) {
  std::string text;
  field(text, desired.zone.text());
  field(text, std::to_string(static_cast<int>(desired.manage)));
  std::vector<std::string> parts;
  for (const plan::DesiredUnit& unit : desired.units) parts.push_back(unit_fields(unit));
  for (const plan::AbsentRule& rule : desired.absent) {
    pattern_fields(parts.emplace_back(), "absent", rule.pattern);
  }
  for (const plan::IgnoreRule& rule : desired.ignore) {
    pattern_fields(parts.emplace_back(), "ignore", rule.pattern);
  }
  std::sort(parts.begin(), parts.end());
  for (const std::string& part : parts) field(text, part);
  return base::sha256_hex(text);
}

plan::Desired declare(const Node& tree, const ZoneTree& zone, const dns::Name& name,
                      base::Diagnostics& diagnostics) {
  Node filled = tree;
  const bool changed = fill_tree(filled, zone.variables, zone.zone_pos, diagnostics);
  // Words and durations that were placeholders when the files were read.
  if (changed) check_spec_shape(filled, diagnostics);
  plan::Desired desired;
  desired.zone = name;
  desired.pos = zone.zone_pos;
  desired.manage = manage_of(filled);
  Declaring declaring(name, zone.key_files, default_ttl(filled), diagnostics);
  declare_mail(declaring, filled, zone.services);
  desired.absent = absent_rules(declaring, filled);
  desired.ignore = ignore_rules(declaring, filled);
  desired.units = declaring.take_units();
  desired.mail = std::move(declaring.mail());
  std::stable_sort(desired.units.begin(), desired.units.end(),
                   [](const auto& a, const auto& b) { return a.unit < b.unit; });
  desired.allow = allow_rules(filled, diagnostics);
  desired.mail.rules = rule_settings(filled, diagnostics);
  check_conflicts(desired, diagnostics);
  desired.digest = digest_of(desired);
  return desired;
}

}  // namespace mxsmith::spec
