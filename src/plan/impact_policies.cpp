// Which keys appear and vanish, and which policies get stricter or weaker.
#include <algorithm>
#include <optional>

#include "mail/mta_sts.hpp"
#include "mail/tls_rpt.hpp"
#include "plan/impact_parts.hpp"
#include "plan/name_labels.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {
namespace {

/// " of sub.example.com" for what is not about the apex itself.
std::string of_domain(const dns::Name& domain, const dns::Name& apex) {
  return domain == apex ? std::string() : " of " + domain.display();
}

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

/// The first value of that kind at the name; a CNAME speaks for it.
std::optional<std::string> record_at(const ZoneView& zone, const dns::Name& name, TxtKind kind) {
  for (auto& text : zone.texts(name)) {
    if (txt_kind(name, text) == kind) return std::move(text);
  }
  if (const auto alias = zone.alias(name)) return "CNAME to " + alias->display();
  return {};
}

std::string mta_sts_words(const std::optional<std::string>& record,
                          const std::optional<std::string>& mode) {
  if (!record) return "";
  const auto parsed = mail::parse_mta_sts_record(*record);
  return (mode ? *mode + ", " : "") + (parsed ? "policy id " + parsed->id : *record);
}

std::string tls_rpt_words(const std::optional<std::string>& record) {
  if (!record) return "";
  const auto parsed = mail::parse_tls_rpt(*record);
  return parsed ? "reports to " + mail::print_report_uris(parsed->rua) : *record;
}

void add_policy(std::vector<Impact::Policy>& policies, Impact::Policy policy) {
  if (policy.now != policy.after) policies.push_back(std::move(policy));
}

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

}  // namespace

std::vector<Impact::Key> keys_of(const std::vector<Change>& changes, const dns::Name& apex,
                                 const Views& views) {
  std::vector<Impact::Key> keys;
  for (const auto& name : changed_names(changes, is_selector)) {
    const auto split = split_selector(name);
    const SelectorView before = selector_of(views.now, name);
    const SelectorView after = selector_of(views.after, name);
    if (!split || same_keys(before, after)) continue;
    Impact::Key key;
    key.selector = split->selector + of_domain(split->domain, apex);
    key.sign = !before.exists() ? '+' : !after.exists() ? '-' : '~';
    key.text = key.sign == '~' ? changed_key_words(before, after)
                               : key_words(key.sign == '+' ? after : before);
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<Impact::Policy> policies_of(const std::vector<Change>& changes, const dns::Name& apex,
                                        const Views& views, const Facts& facts) {
  std::vector<Impact::Policy> policies;
  for (const auto& name : changed_names(changes, is_dmarc_name)) {
    const DmarcView before = dmarc_of(views.now, name);
    const DmarcView after = dmarc_of(views.after, name);
    const int way = before.alias || after.alias
                        ? 0
                        : direction(mail::compare_dmarc(before.record, after.record));
    add_policy(policies, {"DMARC" + of_domain(name.parent(), apex), dmarc_words(before),
                          dmarc_words(after), way});
  }
  for (const auto& name : changed_names(changes, is_mta_sts_name)) {
    const auto before = record_at(views.now, name, TxtKind::mta_sts);
    const auto after = record_at(views.after, name, TxtKind::mta_sts);
    const auto mode = name.parent() == apex ? facts.mta_sts_mode : std::nullopt;
    add_policy(policies, {"MTA-STS" + of_domain(name.parent(), apex), mta_sts_words(before, mode),
                          mta_sts_words(after, {}), before && !after ? -1 : 0});
  }
  for (const auto& name : changed_names(changes, is_tls_rpt_name)) {
    const auto before = record_at(views.now, name, TxtKind::tls_rpt);
    const auto after = record_at(views.after, name, TxtKind::tls_rpt);
    add_policy(policies, {"TLS-RPT" + of_domain(name.parent().parent(), apex),
                          tls_rpt_words(before), tls_rpt_words(after), 0});
  }
  return policies;
}

}  // namespace mxsmith::plan
