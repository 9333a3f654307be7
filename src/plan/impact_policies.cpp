// Which keys appear and vanish, and which policies get stricter or weaker.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "mail/mta_sts.hpp"
#include "mail/tls_rpt.hpp"
#include "mail/tlsa.hpp"
#include "plan/impact_parts.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {
namespace {

std::string key_words(const SelectorView& view) {
  if (view.alias) return "CNAME to " + view.alias->display();
  if (view.keys.empty()) return view.other_values != 0 ? "not a DKIM key" : "";
  const auto& key = view.keys.front();
  if (key.revoked()) return "revoked";
  const std::string words = key.describe();
  return words.substr(0, words.rfind(", ")) + (key.testing ? ", testing" : "");
}

bool same_keys(const SelectorView& a, const SelectorView& b) {
  const auto same = [](const mail::DkimKey& x, const mail::DkimKey& y) {
    return mail::same_key(x, y) && mail::compare_dkim(x, y).empty();
  };
  return a.alias == b.alias && a.other_values == b.other_values &&
         std::equal(a.keys.begin(), a.keys.end(), b.keys.begin(), b.keys.end(), same);
}

std::string changed_key_words(const SelectorView& before, const SelectorView& after) {
  const std::string old = key_words(before);
  const std::string now = key_words(after);
  if (now == "revoked") return "revoked (was " + old + ")";
  const bool same = before.keys.size() == 1 && after.keys.size() == 1 &&
                    mail::same_key(before.keys.front(), after.keys.front());
  if (same && old == now) {
    const auto differences = mail::compare_dkim(before.keys.front(), after.keys.front());
    if (!differences.empty()) return "the same key, " + differences.front().text;
  }
  return old == now ? "another key, " + now : old + " -> " + now;
}

std::string policy_words(const mail::DmarcRecord& record) {
  using Action = std::optional<mail::DmarcAction>;
  const auto word = [&record](const std::string& tag, const Action& action) -> std::string {
    if (action) return tag + "=" + std::string(mail::action_word(*action));
    return record.bad_policy.rfind(tag + "=", 0) == 0 ? record.bad_policy : std::string();
  };
  std::string words = word("p", record.policy);
  if (words.empty()) words = "p=(missing)";
  for (const auto& more :
       {word("sp", record.subdomain_policy), word("np", record.nonexistent_policy)}) {
    if (!more.empty()) words.append(", ").append(more);
  }
  if (record.testing.value_or(false)) words += ", testing";
  return words;
}

std::string dmarc_words(const DmarcView& view) {
  if (view.alias) return "CNAME to " + view.alias->display();
  if (view.records == 0) return "";
  if (view.records > 1) return "several records, which count as none";
  if (!view.record) return "a record with a tag that stands twice, which counts as none";
  std::string reports;
  for (const auto& uri : view.record->rua) {
    const std::string to = uri.address().empty() ? uri.text : uri.address();
    reports.append(reports.empty() ? ", reports to " : " and ").append(to);
  }
  return policy_words(*view.record) + (reports.empty() ? ", no reports" : reports);
}

std::string hosts_words(const mail::MtaStsPolicy& policy) {
  std::vector<std::string> hosts;
  hosts.reserve(policy.mx.size());
  for (const auto& pattern : policy.mx) hosts.push_back(pattern.text());
  return hosts.empty() ? "" : ", for " + base::join(hosts, ", ");
}

std::string mta_sts_words(const std::optional<std::string>& record,
                          const std::optional<mail::MtaStsPolicy>& policy) {
  if (!record) return "";
  const auto parsed = mail::parse_mta_sts_record(*record);
  if (!parsed) return *record;
  return (policy ? std::string(mail::mode_word(policy->mode)) + hosts_words(*policy) + ", " : "") +
         "policy id " + parsed->id;
}

std::string tls_rpt_words(const std::optional<std::string>& record) {
  if (!record) return "";
  const auto parsed = mail::parse_tls_rpt(*record);
  return parsed ? "reports to " + mail::print_report_uris(parsed->rua) : *record;
}

void add_policy(std::vector<Impact::Policy>& policies, Impact::Policy policy) {
  if (policy.now != policy.after) policies.push_back(std::move(policy));
}

std::string dane_words(const std::vector<dns::Tlsa>& set) {
  const auto usable = static_cast<std::size_t>(std::count_if(
      set.begin(), set.end(), [](const auto& one) { return mail::is_usable_for_smtp(one); }));
  if (set.empty()) return "";
  if (usable == 0) return "no record that senders can use";
  return base::counted(usable, "certificate or key", "certificates or keys");
}

}  // namespace

std::string of_domain(const dns::Name& domain, const dns::Name& apex) {
  return domain == apex ? std::string() : " of " + domain.display();
}

std::vector<Impact::Key> keys_of(const ImpactCase& seen) {
  std::vector<Impact::Key> keys;
  for (const auto& name : changed_names(seen.changes, is_selector)) {
    const auto split = split_selector(name);
    const SelectorView before = selector_of(seen.views.now, name);
    const SelectorView after = selector_of(seen.views.after, name);
    if (!split || same_keys(before, after)) continue;
    Impact::Key key;
    key.selector = split->selector + of_domain(split->domain, seen.apex);
    key.sign = !before.exists() ? '+' : !after.exists() ? '-' : '~';
    key.text = key.sign == '~' ? changed_key_words(before, after)
                               : key_words(key.sign == '+' ? after : before);
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<Impact::Policy> policies_of(const ImpactCase& seen) {
  const auto& [now, later] = seen.views;
  std::vector<Impact::Policy> policies;
  for (const auto& name : changed_names(seen.changes, is_dmarc_name)) {
    const dns::Name domain = name.parent();
    const DmarcView before = dmarc_of(now, name);
    const DmarcView after = dmarc_of(later, name);
    add_policy(policies, {"DMARC" + of_domain(domain, seen.apex), dmarc_words(before),
                          dmarc_words(after), direction(dmarc_differences(seen, name))});
  }
  for (const auto& name : changed_names(seen.changes, is_mta_sts_name)) {
    const MtaStsTurn turn = mta_sts_turn(seen, name);
    add_policy(policies, {"MTA-STS" + of_domain(name.parent(), seen.apex),
                          mta_sts_words(turn.before, turn.policy_before),
                          mta_sts_words(turn.after, turn.policy_after),
                          direction(mta_sts_differences(turn))});
  }
  for (const auto& name : changed_names(seen.changes, is_tls_rpt_name)) {
    add_policy(policies, {"TLS-RPT" + of_domain(name.parent().parent(), seen.apex),
                          tls_rpt_words(record_at(now, name, TxtKind::tls_rpt)),
                          tls_rpt_words(record_at(later, name, TxtKind::tls_rpt)), 0});
  }
  for (const auto& name : changed_names(seen.changes, is_dane_name)) {
    const auto before = tlsa_at(now, name);
    const auto after = tlsa_at(later, name);
    Impact::Policy policy{"DANE of " + dane_host(name).display(), dane_words(before),
                          dane_words(after), direction(mail::compare_tlsa(before, after))};
    // As many as before may be others.
    if (before != after) policies.push_back(std::move(policy));
  }
  return policies;
}

}  // namespace mxsmith::plan
