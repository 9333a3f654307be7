// What records of one kind mean before and after, for impact and guards alike.
#include <algorithm>
#include <variant>

#include "mail/tlsa.hpp"
#include "plan/impact_parts.hpp"
#include "plan/name_labels.hpp"

namespace mxsmith::plan {

using Effect = mail::Difference::Effect;

bool is_mta_sts_name(const dns::Key& key) {
  std::string_view labels = key.name.wire();
  return (key.type == dns::Type::TXT || key.type == dns::Type::CNAME) &&
         take_label(labels) == "_mta-sts";
}

bool is_tls_rpt_name(const dns::Key& key) {
  std::string_view labels = key.name.wire();
  return (key.type == dns::Type::TXT || key.type == dns::Type::CNAME) &&
         take_label(labels) == "_smtp" && take_label(labels) == "_tls";
}

bool is_dane_name(const dns::Key& key) {
  std::string_view labels = key.name.wire();
  return key.type == dns::Type::TLSA && take_label(labels) == "_25" && take_label(labels) == "_tcp";
}

dns::Name dane_host(const dns::Name& name) { return name.parent().parent(); }

std::vector<dns::Tlsa> tlsa_at(const ZoneView& zone, const dns::Name& name) {
  std::vector<dns::Tlsa> records;
  const auto* set = zone.find(name, dns::Type::TLSA);
  if (set == nullptr) return records;
  for (const auto& value : set->values) {
    if (const auto* record = std::get_if<dns::Tlsa>(&value)) records.push_back(*record);
  }
  return records;
}

std::optional<std::string> record_at(const ZoneView& zone, const dns::Name& name, TxtKind kind) {
  for (auto& text : zone.texts(name)) {
    if (txt_kind(name, text) == kind) return std::move(text);
  }
  if (const auto alias = zone.alias(name)) return "CNAME to " + alias->display();
  return {};
}

mail::Differences dmarc_differences(const ImpactCase& seen, const dns::Name& name) {
  const dns::Name domain = name.parent();
  const auto before = dmarc_reach(domain, dmarc_of(seen.views.now, name), seen.world.now);
  const auto after = dmarc_reach(domain, dmarc_of(seen.views.after, name), seen.world.after);
  if (!before.known || !after.known) return {};
  return mail::compare_dmarc(before.record, after.record);
}

MtaStsTurn mta_sts_turn(const ImpactCase& seen, const dns::Name& name) {
  MtaStsTurn turn;
  turn.before = record_at(seen.views.now, name, TxtKind::mta_sts);
  turn.after = record_at(seen.views.after, name, TxtKind::mta_sts);
  if (name.parent() != seen.apex) return turn;
  const auto& declared = seen.declared.mta_sts;
  // The id that a spec publishes is a digest of its policy.
  const auto announces_declared = [&declared](const std::optional<std::string>& record) {
    const auto parsed = record ? mail::parse_mta_sts_record(*record) : std::nullopt;
    return parsed && declared && parsed->id == mail::mta_sts_id(*declared);
  };
  turn.policy_before = seen.facts.mta_sts;
  if (!turn.policy_before && announces_declared(turn.before)) turn.policy_before = declared;
  if (announces_declared(turn.after)) {
    turn.policy_after = declared;
  } else if (turn.after == turn.before) {
    turn.policy_after = turn.policy_before;
  }
  return turn;
}

mail::Differences mta_sts_differences(const MtaStsTurn& turn) {
  if (turn.before && turn.after && turn.policy_before && turn.policy_after) {
    return mail::compare_mta_sts(*turn.policy_before, *turn.policy_after);
  }
  const auto has_none = [](const std::optional<mail::MtaStsPolicy>& policy) {
    return policy && policy->mode == mail::MtaStsMode::none;
  };
  const std::string whose = "mail to the domain";
  if (turn.before && !turn.after && !has_none(turn.policy_before)) {
    return {{Effect::weaker, "mode", "no MTA-STS policy is announced any more", whose}};
  }
  if (!turn.before && turn.after && !has_none(turn.policy_after)) {
    const std::string mode =
        turn.policy_after ? ", mode " + std::string(mail::mode_word(turn.policy_after->mode)) : "";
    return {{Effect::stricter, "mode", "an MTA-STS policy is announced" + mode, whose}};
  }
  return {};
}

}  // namespace mxsmith::plan
