// mail.dmarc, mail.mta_sts, mail.tls_rpt and mail.none.

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/tls_rpt.hpp"
#include "spec/declaring.hpp"
#include "spec/keys.hpp"
#include "spec/layers.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

/// What is wrong with one report address; `schemes` are separated by spaces.
std::optional<base::Fault> address_fault(const std::string& uri, std::string_view schemes) {
  const bool bare_address =
      uri.find('@') != std::string::npos && uri.find(':') == std::string::npos;
  const std::string scheme = base::to_lower(uri.substr(0, uri.find(':') + 1));
  const auto allowed = base::split(schemes, ' ');
  if (std::find(allowed.begin(), allowed.end(), scheme) == allowed.end()) {
    return base::Fault{in_quotes(uri) + " is no " + base::join(allowed, " or ") + " address",
                       bare_address ? "write \"mailto:" + uri + "\"" : ""};
  }
  if (const std::size_t bad = uri.find_first_of(",; \t"); bad != std::string::npos) {
    return base::Fault{in_quotes(uri) + " holds a sign that would end the address",
                       "write it as %2C, %3B or %20, or give two addresses as two elements", bad};
  }
  return mail::parse_report_uri(uri).fault();
}

/// Report addresses: URIs, with what separates tags and lists escaped.
std::vector<mail::ReportUri> uris(Declaring& declaring, const Node& block, std::string_view key,
                                  std::string_view rule, std::string_view schemes) {
  std::vector<mail::ReportUri> result;
  const Array* list = Declaring::list(block, key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const Node& node = (*list)[i];
    if (node.string() == nullptr) continue;
    if (const auto fault = address_fault(*node.string(), schemes)) {
      declaring.error(std::string(rule), fault->offset == 0 ? node.pos : node.at(fault->offset),
                      std::string(key) + ": " + fault->message, fault->hint);
    }
    result.push_back(mail::parse_report_uri(*node.string()));
  }
  return result;
}

std::optional<std::string> optional_word(const Node& block, std::string_view key) {
  const Node* node = Declaring::text(block, key);
  return node == nullptr ? std::nullopt : std::optional(*node->string());
}

std::optional<mail::DmarcAlignment> alignment(const Node& block, std::string_view key) {
  using mail::DmarcAlignment;
  const auto word = optional_word(block, key);
  if (!word) return std::nullopt;
  return *word == "strict" ? DmarcAlignment::strict : DmarcAlignment::relaxed;
}

std::optional<mail::DmarcAction> action(const Node& block, std::string_view key) {
  const auto word = optional_word(block, key);
  return word ? mail::parse_action(*word) : std::nullopt;
}

void add_dmarc_parts(DesiredUnit& unit, const Node& block) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTags = {
      {{"policy", "p"},
       {"subdomain_policy", "sp"},
       {"nonexistent_policy", "np"},
       {"rua", "rua"},
       {"ruf", "ruf"},
       {"dkim_alignment", "adkim"},
       {"spf_alignment", "aspf"},
       {"testing", "t"},
       {"failure_options", "fo"},
       {"psd", "psd"}}};
  for (const auto& [key, tag] : kTags) {
    if (const Node* node = find_path(block, {key})) {
      unit.parts.emplace_back(std::string(tag), node->pos);
    }
  }
}

void check_failure_options(Declaring& declaring, const Node& block) {
  const Node* node = Declaring::text(block, "failure_options");
  if (node == nullptr || mail::is_failure_options(*node->string())) return;
  declaring.error("spec-dmarc", node->pos,
                  "failure_options is " + in_quotes(*node->string()) +
                      ", a list of 0 or 1, d and s with colons is wanted",
                  "failure_options = \"1:d:s\"");
}

/// Hosts of the MX declared for the apex; empty when none is or it is the null MX.
std::vector<mail::MxPattern> declared_mx(const Declaring& declaring) {
  std::vector<mail::MxPattern> hosts;
  const dns::Key key{declaring.zone(), dns::Type::MX};
  for (const DesiredUnit& unit : declaring.units()) {
    if (unit.unit.key != key) continue;
    for (const plan::DesiredValue& value : unit.values) {
      const auto* mx = std::get_if<dns::Mx>(&value.value);
      if (mx != nullptr && !mx->is_null()) hosts.push_back({false, mx->exchange});
    }
  }
  return hosts;
}

/// Hosts as a policy names them: absolute, without final dot, perhaps with "*." in front.
std::vector<mail::MxPattern> policy_hosts(Declaring& declaring, const Array& list) {
  std::vector<mail::MxPattern> hosts;
  for (const Node& node : list) {
    if (node.string() == nullptr) continue;
    const auto name = declaring.host(node);
    if (!name) continue;
    const bool wildcard = name->is_wildcard();
    hosts.push_back({wildcard, wildcard ? name->parent() : *name});
  }
  return hosts;
}

}  // namespace

void declare_dmarc(Declaring& declaring, const Node& mail) {
  const Node* block = Declaring::block(mail, "dmarc");
  if (block == nullptr) return;
  const auto name = declaring.below_apex(*block, "_dmarc");
  const Node* policy_word = declaring.need(*block, "policy", "[mail.dmarc]");
  if (!name || policy_word == nullptr) return;
  mail::DmarcRecord policy;
  policy.policy = mail::parse_action(*policy_word->string());
  policy.subdomain_policy = action(*block, "subdomain_policy");
  policy.nonexistent_policy = action(*block, "nonexistent_policy");
  policy.rua = uris(declaring, *block, "rua", "spec-dmarc", "mailto:");
  policy.ruf = uris(declaring, *block, "ruf", "spec-dmarc", "mailto:");
  policy.dkim_alignment = alignment(*block, "dkim_alignment");
  policy.spf_alignment = alignment(*block, "spf_alignment");
  if (const Node* testing = find_path(*block, {"testing"}); testing && testing->boolean()) {
    policy.testing = *testing->boolean();
  }
  check_failure_options(declaring, *block);
  policy.failure_options = optional_word(*block, "failure_options").value_or("");
  if (const auto letter = optional_word(*block, "psd")) {
    policy.public_suffix = mail::parse_public_suffix(*letter);
  }
  DesiredUnit unit = declaring.unit(*name, dns::Type::TXT, OwnedClass::dmarc, *block, "mail.dmarc");
  unit.values = {{dns::Txt{mail::print_dmarc(policy)}, block->pos}};
  add_dmarc_parts(unit, *block);
  declaring.add(std::move(unit));
}

void declare_mta_sts(Declaring& declaring, const Node& mail) {
  const Node* block = Declaring::block(mail, "mta_sts");
  if (block == nullptr) return;
  const auto name = declaring.below_apex(*block, "_mta-sts");
  if (!name) return;
  mail::MtaStsPolicy policy;
  const std::string mode(mail::mode_word(policy.mode));
  policy.mode = mail::parse_mode(Declaring::word(*block, "mode", mode)).value_or(policy.mode);
  const Node* max_age = find_path(*block, {"max_age"});
  if (const auto span = max_age ? span_of(*max_age) : std::nullopt) {
    policy.max_age = static_cast<std::uint32_t>(span->count());
  }
  const Array* hosts = Declaring::list(*block, "mx");
  policy.mx = hosts ? policy_hosts(declaring, *hosts) : declared_mx(declaring);
  if (policy.mx.empty()) {
    declaring.error("spec-mta-sts", block->pos,
                    "mail.mta_sts has no hosts: neither `mx` here nor mail.mx names any",
                    "mx = [\"mx1.example.net\"]");
    return;
  }
  DesiredUnit unit =
      declaring.unit(*name, dns::Type::TXT, OwnedClass::mta_sts, *block, "mail.mta_sts");
  unit.values = {{dns::Txt{mail::print_mta_sts_record(policy)}, block->pos}};
  declaring.add(std::move(unit));
  declaring.mail().mta_sts = std::move(policy);
}

void declare_tls_rpt(Declaring& declaring, const Node& mail) {
  const Node* block = Declaring::block(mail, "tls_rpt");
  if (block == nullptr) return;
  const auto name = declaring.below_apex(*block, "_smtp._tls");
  const auto rua = uris(declaring, *block, "rua", "spec-tls-rpt", "mailto: https:");
  if (rua.empty()) {
    declaring.error("spec-missing-key", block->pos, "[mail.tls_rpt] says no `rua`",
                    "rua = [\"mailto:tls@example.com\"]");
    return;
  }
  if (!name) return;
  DesiredUnit unit =
      declaring.unit(*name, dns::Type::TXT, OwnedClass::tls_rpt, *block, "mail.tls_rpt");
  unit.values = {{dns::Txt{mail::print_tls_rpt({rua})}, block->pos}};
  unit.parts = {{"rua", find_path(*block, {"rua"})->pos}};
  declaring.add(std::move(unit));
}

void declare_none(Declaring& declaring, const Node& mail) {
  const Entry* none = mail.table()->entry("none");
  declaring.mail().no_mail = true;
  for (const Entry& entry : mail.table()->entries) {
    if (entry.key == "none" || entry.key == "dmarc") continue;
    base::Diagnostic diagnostic{
        base::Severity::error, "spec-mail-none",
        "mail.none says that the zone has no mail, and `mail." + entry.key + "` stands beside it",
        "take one of them out; unset = [\"mail." + entry.key +
            "\"] takes away what comes from below",
        entry.key_pos};
    diagnostic.notes.push_back({"mail.none is here", none->key_pos});
    declaring.add(std::move(diagnostic));
  }
  const Node block{Table{}, none->key_pos};
  DesiredUnit mx =
      declaring.unit(declaring.zone(), dns::Type::MX, OwnedClass::whole, block, "mail.none");
  mx.values = {{dns::Mx{0, dns::Name()}, none->key_pos}};  // RFC 7505 section 3
  mx.parts = {{".", none->key_pos}};
  declaring.add(std::move(mx));
  DesiredUnit spf =
      declaring.unit(declaring.zone(), dns::Type::TXT, OwnedClass::spf, block, "mail.none");
  spf.values = {{dns::Txt{"v=spf1 -all"}, none->key_pos}};
  spf.parts = {{"all", none->key_pos}};
  declaring.add(std::move(spf));
  if (find_path(mail, {"dmarc"}) != nullptr) return declare_dmarc(declaring, mail);
  const auto name = declaring.below_apex(block, "_dmarc");
  if (!name) return;
  mail::DmarcRecord policy;
  policy.policy = mail::DmarcAction::reject;
  DesiredUnit dmarc = declaring.unit(*name, dns::Type::TXT, OwnedClass::dmarc, block, "mail.none");
  dmarc.values = {{dns::Txt{mail::print_dmarc(policy)}, none->key_pos}};
  dmarc.parts = {{"p", none->key_pos}};
  declaring.add(std::move(dmarc));
}

}  // namespace mxsmith::spec
