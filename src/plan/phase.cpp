#include "plan/phase.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/spf.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {

namespace {

/// What a change of one value or kind of value means for mail that passes today.
enum class Effect : std::uint8_t { none, relaxes, adds, tightens, removes };

std::vector<std::string> texts_of(const std::optional<SetState>& state, const dns::Name& name,
                                  TxtKind kind) {
  std::vector<std::string> texts;
  if (!state) return texts;
  for (const auto& value : state->set.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt != nullptr && txt_kind(name, txt->octets) == kind) texts.push_back(txt->octets);
  }
  return texts;
}

struct SpfSummary {
  std::vector<std::string> senders;
  mail::SpfQualifier all = mail::SpfQualifier::neutral;
};

SpfSummary summary_of(const std::vector<std::string>& texts) {
  SpfSummary summary;
  for (const auto& text : texts) {
    const auto record = mail::parse_spf(text);
    if (!record) continue;
    for (const auto& term : record->terms) {
      if (term.name != "all") summary.senders.push_back(term.canonical());
    }
    if (const auto all = record->all()) summary.all = *all;
  }
  return summary;
}

bool has_beyond(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
    return std::find(others.begin(), others.end(), one) == others.end();
  });
}

Effect spf_effect(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (after.empty()) return Effect::removes;
  if (before.empty()) return Effect::adds;
  const SpfSummary old = summary_of(before);
  const SpfSummary now = summary_of(after);
  if (has_beyond(now.senders, old.senders)) return Effect::adds;
  if (has_beyond(old.senders, now.senders)) return Effect::removes;
  if (now.all == old.all) return Effect::none;
  return now.all < old.all ? Effect::tightens : Effect::relaxes;
}

/// Several records count as none (RFC 9989 section 4.10).
std::optional<mail::DmarcRecord> dmarc_record(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? mail::parse_dmarc(texts.front()) : std::nullopt;
}

Effect dmarc_effect(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  using Way = mail::Difference::Effect;
  const auto differences = mail::compare_dmarc(dmarc_record(before), dmarc_record(after));
  const auto any = [&differences](Way way) {
    return std::any_of(differences.begin(), differences.end(),
                       [way](const mail::Difference& one) { return one.effect == way; });
  };
  if (any(Way::stricter)) return Effect::tightens;
  if (any(Way::weaker)) return Effect::relaxes;
  return after.empty() ? Effect::removes : Effect::adds;
}

bool all_revoked(const std::vector<std::string>& texts) {
  return !texts.empty() && std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
    const auto key = mail::parse_dkim(text);
    return key && key->revoked();
  });
}

Effect kind_effect(TxtKind kind, const std::vector<std::string>& before,
                   const std::vector<std::string>& after) {
  if (before == after) return Effect::none;
  switch (kind) {
    case TxtKind::spf: return spf_effect(before, after);
    case TxtKind::dmarc: return dmarc_effect(before, after);
    // A new id makes senders fetch the policy and hold us to it (RFC 8461 section 5.1).
    case TxtKind::mta_sts: return after.empty() ? Effect::relaxes : Effect::tightens;
    case TxtKind::dkim:
      if (all_revoked(after) && !before.empty() && !all_revoked(before)) return Effect::tightens;
      break;
    case TxtKind::tls_rpt:
    case TxtKind::bimi:
    case TxtKind::other: break;
  }
  return has_beyond(after, before) ? Effect::adds : Effect::removes;
}

Phase txt_phase(const Change& change) {
  bool late = false;
  for (const TxtKind kind : {TxtKind::other, TxtKind::spf, TxtKind::dkim, TxtKind::dmarc,
                             TxtKind::mta_sts, TxtKind::tls_rpt, TxtKind::bimi}) {
    const auto before = texts_of(change.before, change.key.name, kind);
    const auto after = texts_of(change.after, change.key.name, kind);
    const Effect effect = kind_effect(kind, before, after);
    if (effect == Effect::adds || effect == Effect::relaxes) return Phase::publish;
    late = late || effect != Effect::none;
  }
  return late ? Phase::tighten : Phase::publish;
}

/// For changes that leave the values alone: a lower TTL serves what comes, a higher one may follow.
std::optional<Phase> phase_without_values(const Change& change) {
  if (!change.before || !change.after) return std::nullopt;
  if (!dns::same_values(change.before->set, change.after->set)) return std::nullopt;
  return change.after->set.ttl > change.before->set.ttl ? Phase::tighten : Phase::publish;
}

}  // namespace

Phase phase_of(const Change& change) {
  if (const auto phase = phase_without_values(change)) return *phase;
  const Change::Kind kind = change.kind();
  switch (change.key.type) {
    case dns::Type::TXT: return txt_phase(change);
    case dns::Type::MX: return Phase::move;
    case dns::Type::CNAME:
    case dns::Type::NS:
    case dns::Type::SRV:
    case dns::Type::SVCB:
    case dns::Type::HTTPS:
      if (kind == Change::Kind::update) return Phase::move;
      break;
    default: break;
  }
  return kind == Change::Kind::remove ? Phase::tighten : Phase::publish;
}

}  // namespace mxsmith::plan
