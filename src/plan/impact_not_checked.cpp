// What a careful administrator would still look at.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "mail/tag_list.hpp"
#include "plan/impact_parts.hpp"
#include "plan/judge.hpp"
#include "plan/name_labels.hpp"

namespace mxsmith::plan {
namespace {

using Lines = std::vector<std::string>;

/// More names than these are not listed one by one.
constexpr std::size_t kMostListed = 3;

std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kMostListed);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

template <class Value>
std::vector<Value> values_of(const std::optional<SetState>& state) {
  std::vector<Value> values;
  if (!state) return values;
  for (const auto& rdata : state->set.values) {
    if (const auto* value = std::get_if<Value>(&rdata)) values.push_back(*value);
  }
  return values;
}

/// The policy that senders hold the new hosts to, where one is announced and nobody knows it.
void on_policy(Lines& lines, const ImpactCase& seen, const std::vector<std::string>& hosts) {
  const auto name = seen.apex.child("_mta-sts");
  if (!name) return;
  const MtaStsTurn turn = mta_sts_turn(seen, *name);
  const bool may_be = turn.before || seen.views.now.live().coverage == mail::Coverage::declared;
  if (!may_be || turn.policy_before) return;
  lines.push_back("that the MTA-STS policy served now names " + listed(hosts) +
                  ": senders that enforce it refuse other hosts");
}

void on_new_hosts(Lines& lines, const ImpactCase& seen, const Impact& impact) {
  std::vector<std::string> hosts;
  for (const auto& change : seen.changes) {
    if (change.key.type != dns::Type::MX) continue;
    std::set<dns::Name> known;
    for (const auto& mx : values_of<dns::Mx>(change.before)) known.insert(mx.exchange);
    for (const auto& mx : values_of<dns::Mx>(change.after)) {
      if (!mx.is_null() && known.insert(mx.exchange).second) {
        hosts.push_back(mx.exchange.display());
      }
    }
  }
  if (hosts.empty()) return;
  lines.push_back("that " + listed(hosts) + (hosts.size() == 1 ? " answers" : " answer") +
                  " on port 25 and " + (hosts.size() == 1 ? "takes" : "take") +
                  " mail for the domain");
  if (impact.inbound.changes) on_policy(lines, seen, hosts);
}

void on_selector(Lines& lines, const Change& change) {
  for (const auto& target : values_of<dns::Cname>(change.after)) {
    lines.push_back("that " + target.target.display() + " answers with a DKIM key");
  }
  const auto before = values_of<dns::Txt>(change.before);
  for (const auto& txt : values_of<dns::Txt>(change.after)) {
    const auto key = mail::parse_dkim(txt.octets);
    const bool is_new = std::find(before.begin(), before.end(), txt) == before.end();
    const auto split = split_selector(change.key.name);
    if (!is_new || !key || key->revoked() || !split) continue;
    lines.push_back("that the mail server signs with the private key of selector " +
                    split->selector);
  }
}

/// RFC 9990 section 4: reports go to another domain only if that one agrees in DNS.
void on_dmarc(Lines& lines, const Change& change, const dns::Name& domain) {
  const auto destinations = [&domain](const std::optional<SetState>& state) {
    std::vector<dns::Name> names;
    for (const auto& txt : values_of<dns::Txt>(state)) {
      const auto record = mail::parse_dmarc(txt.octets);
      if (!record) continue;
      for (const auto& one : mail::external_reports(*record, domain)) {
        names.push_back(one.destination);
      }
    }
    return names;
  };
  const auto known = destinations(change.before);
  for (const dns::Name& name : destinations(change.after)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    lines.push_back("that " + name.display() + " agrees to take DMARC reports for " +
                    domain.display());
  }
}

void on_mta_sts(Lines& lines, const Change& change) {
  std::string_view labels = change.key.name.wire();
  if (take_label(labels) != "_mta-sts") return;
  for (const auto& txt : values_of<dns::Txt>(change.after)) {
    if (!mail::is_mta_sts(txt.octets)) continue;
    const auto before = values_of<dns::Txt>(change.before);
    if (std::find(before.begin(), before.end(), txt) != before.end()) continue;
    const dns::Name domain = change.key.name.parent();
    lines.push_back("that https://mta-sts." + domain.display() +
                    "/.well-known/mta-sts.txt already serves the new policy");
  }
}

void on_tlsa(Lines& lines, const Change& change) {
  if (!is_dane_name(change.key) || !change.after) return;
  if (change.before && dns::same_values(change.before->set, change.after->set)) return;
  lines.push_back("that " + dane_host(change.key.name).display() +
                  " presents a certificate that its TLSA records match");
}

}  // namespace

std::vector<std::string> not_checked(const ImpactCase& seen, const Impact& impact) {
  Lines lines;
  on_new_hosts(lines, seen, impact);
  for (const auto& change : seen.changes) {
    if (is_selector(change.key)) on_selector(lines, change);
    if (is_dmarc_name(change.key)) on_dmarc(lines, change, change.key.name.parent());
    on_mta_sts(lines, change);
    on_tlsa(lines, change);
  }
  Lines unique;
  for (auto& line : lines) {
    if (std::find(unique.begin(), unique.end(), line) == unique.end()) {
      unique.push_back(std::move(line));
    }
  }
  return unique;
}

}  // namespace mxsmith::plan
