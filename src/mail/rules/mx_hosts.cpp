// Rules about the hosts that MX records name: do they exist, where do they lead.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/mx.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/host_addresses.hpp"
#include "mail/rules/mx_rows.hpp"
#include "mail/rules/record_findings.hpp"
#include "mail/rules/special_address.hpp"
#include "mail/spf_macro.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;
using State = HostAddresses::State;

/// Addresses of one host that are asked for their names; more tell nothing new.
constexpr std::size_t kMostReverse = 4;

/// One record of an MX set whose exchange can be the name of a host.
struct Exchange {
  std::size_t value;  ///< Position in the set.
  const dns::Name* host;
  const HostAddresses* found;
};

/// Whether a name below the apex looks as if the zone's name had been put behind a whole name, as
/// zone files do with one that lacks its final dot.
bool looks_completed(const dns::Name& host, const dns::Name& apex) {
  static constexpr std::array<std::string_view, 16> kEndings = {
      "com", "net", "org", "info", "biz", "edu", "gov", "io",
      "eu",  "de",  "uk",  "fr",   "nl",  "ch",  "us",  "in"};
  const auto labels = host.labels();
  const auto behind = apex.labels();
  if (!host.is_at_or_below(apex) || labels.size() < behind.size() + 2) return false;
  const std::size_t own = labels.size() - behind.size();
  const std::string& last = labels[own - 1];
  if (std::find(kEndings.begin(), kEndings.end(), last) != kEndings.end()) return true;
  return own > behind.size() &&
         std::equal(behind.rbegin(), behind.rend(),
                    labels.rbegin() + static_cast<std::ptrdiff_t>(behind.size()));
}

class HostRules {
 public:
  explicit HostRules(Judged& judged) : judged_(judged), lookups_(judged.resolver) {}

  void judge(const MxPlace& place) {
    set_ = place.set;
    std::vector<Exchange> exchanges;
    exchanges.reserve(place.records.size());
    for (std::size_t i = 0; i < place.records.size(); ++i) {
      const dns::Name& host = place.records[i].exchange;
      // What is no host name has been told, and is looked up by nobody.
      if (host.label_count() < 2 || !is_host_name(host) || is_address_literal(host)) continue;
      exchanges.push_back({i, &host, &lookups_.of(host)});
    }
    for (const Exchange& exchange : exchanges) judge_host(exchange);
    judge_together(exchanges);
    tell_unknown(exchanges);
  }

 private:
  [[nodiscard]] Subject subject(const Exchange& exchange) const {
    return subject_of(*set_, exchange.value);
  }

  void judge_host(const Exchange& exchange) {
    const HostAddresses& found = *exchange.found;
    if (!found.aliases.empty()) {
      judged_.tell("mx-target-cname", subject(exchange),
                   exchange.host->display() + " is an alias for " + found.aliases.front().display(),
                   "name the host that the alias leads to");
    }
    if (found.state == State::none || found.state == State::no_name) judge_missing(exchange);
    if (found.state != State::found) return;
    const std::string_view use = special_use_of(found.addresses.front());
    const bool all_special = std::all_of(found.addresses.begin(), found.addresses.end(),
                                         [](const Ip& ip) { return !special_use_of(ip).empty(); });
    if (all_special && found.complete) {
      judged_.tell("mx-private-ip", subject(exchange),
                   exchange.host->display() + " is at " + found.addresses.front().text() + " (" +
                       std::string(use) + ")",
                   "give the host a public address");
    }
    if (exchange.host->is_at_or_below(judged_.zone.apex())) judge_reverse(exchange);
  }

  void judge_missing(const Exchange& exchange) {
    const dns::Name& host = *exchange.host;
    const dns::Name& end = exchange.found->aliases.empty() ? host : exchange.found->aliases.back();
    if (exchange.found->state == State::no_name) {
      if (const auto domain = unregistered_domain(end, judged_.resolver)) {
        judged_.tell("mx-target-takeover", subject(exchange),
                     "nobody has registered " + domain->display() +
                         ": whoever does gets the mail for " + host.display(),
                     "take the record away now");
        return;
      }
    }
    const dns::Name& apex = judged_.zone.apex();
    if (looks_completed(host, apex)) {
      std::string meant = host.text_relative_to(apex);
      judged_.tell("mx-target-unqualified", subject(exchange),
                   host.display() + " does not exist, and looks as if a final dot was left out",
                   "write " + meant + "., with the dot, if " + meant + " is meant");
      return;
    }
    judged_.tell("mx-target-missing", subject(exchange),
                 end.display() + (exchange.found->state == State::no_name
                                      ? " does not exist"
                                      : " has neither A nor AAAA records"),
                 "give the host an address, or drop the record");
  }

  void judge_reverse(const Exchange& exchange) {
    std::size_t asked = 0;
    for (const Ip& ip : exchange.found->addresses) {
      if (!special_use_of(ip).empty()) continue;
      if (++asked > kMostReverse) break;
      judge_reverse(exchange, ip);
    }
  }

  void judge_reverse(const Exchange& exchange, const Ip& ip) {
    const Answer answer = judged_.resolver.lookup(dns::Name::of(reverse_name(ip)), dns::Type::PTR);
    if (answer.is_void()) {
      judged_.tell("ptr-fcrdns", subject(exchange),
                   ip.text() + " of " + exchange.host->display() + " has no PTR record");
      return;
    }
    bool known = answer.status == LookupStatus::found;
    for (const dns::Rdata& value : answer.values) {
      const auto* ptr = std::get_if<dns::Ptr>(&value);
      if (ptr == nullptr) continue;
      const HostAddresses& back = lookups_.of(ptr->target);
      known = known && back.complete;
      if (std::find(back.addresses.begin(), back.addresses.end(), ip) != back.addresses.end()) {
        return;
      }
    }
    if (!known) {
      judged_.not_checked("ptr-fcrdns", subject(exchange),
                          "the name of " + ip.text() + " was not looked up");
      return;
    }
    judged_.tell("ptr-fcrdns", subject(exchange),
                 "the PTR record of " + ip.text() + " names no host that has this address");
  }

  void judge_together(const std::vector<Exchange>& exchanges) {
    for (std::size_t i = 0; i < exchanges.size(); ++i) {
      const HostAddresses& found = *exchanges[i].found;
      if (found.state != State::found || !found.complete) continue;
      const auto end = exchanges.begin() + static_cast<std::ptrdiff_t>(i);
      const auto same = std::find_if(exchanges.begin(), end, [&](const Exchange& other) {
        return other.found->complete && *other.host != *exchanges[i].host &&
               other.found->addresses == found.addresses;
      });
      if (same == end) continue;
      judged_.tell(
          "mx-duplicate", subject(exchanges[i]),
          exchanges[i].host->display() + " has the same addresses as " + same->host->display());
    }
    const bool all_known =
        !exchanges.empty() &&
        std::all_of(exchanges.begin(), exchanges.end(), [](const Exchange& exchange) {
          return exchange.found->state == State::found && exchange.found->complete;
        });
    const bool none_ipv6 =
        std::none_of(exchanges.begin(), exchanges.end(),
                     [](const Exchange& exchange) { return exchange.found->has_ipv6(); });
    if (all_known && none_ipv6) {
      judged_.tell("mx-ipv6", Subject::of(set_->key()), "no host of the set has an AAAA record");
    }
  }

  void tell_unknown(const std::vector<Exchange>& exchanges) {
    std::vector<std::string> names;
    for (const Exchange& exchange : exchanges) {
      if (exchange.found->complete) continue;
      names.push_back(exchange.host->display());
    }
    if (names.empty()) return;
    const std::string reason = "not looked up: " + base::join(names, ", ");
    for (const std::string_view rule : {"mx-ipv6", "mx-private-ip", "mx-target-cname",
                                        "mx-target-missing", "mx-target-takeover"}) {
      judged_.not_checked(rule, Subject::of(set_->key()), reason);
    }
  }

  Judged& judged_;
  HostLookups lookups_;
  const dns::RRset* set_ = nullptr;
};

void judge_hosts(Judged& judged) {
  HostRules rules(judged);
  for (const MxPlace& place : judged.zone.mx) rules.judge(place);
}

constexpr std::string_view kGood = "@ MX 10 mx1\nmx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1";

constexpr std::array kRules = {
    Rule{"helo-fqdn",
         Severity::info,
         RuleNeeds::connection,
         "RFC 5321 section 4.1.1.1",
         "The name that a server greets with does not resolve, or differs from its PTR.",
         "Receivers hold that against mail which the server sends. No check of this program "
         "connects to mail servers.",
         nullptr,
         {},
         {}},
    Rule{
        "mx-ipv6", Severity::info, RuleNeeds::lookups, "", "No MX host can be reached by IPv6.",
        "Senders without IPv4 are rare. Give a host an AAAA record once its server, its filter and "
        "its reverse name are ready for it.",
        judge_hosts, "@ MX 10 mx1\nmx1 A 192.0.2.1", kGood},
    Rule{"mx-postmaster",
         Severity::info,
         RuleNeeds::connection,
         "RFC 5321 section 4.5.1",
         "The server refuses mail to postmaster.",
         "Every domain that takes mail has to take it for postmaster. No check of this program "
         "connects to mail servers; send one mail there.",
         nullptr,
         {},
         {}},
    Rule{"mx-private-ip", Severity::error, RuleNeeds::lookups, "RFC 6890",
         "An MX host has only addresses that the Internet does not reach.",
         "Senders outside cannot deliver: mail waits for days and comes back. Publish the host's "
         "public address; names for inside belong to a zone that only the inside sees.",
         judge_hosts, "@ MX 10 mx1\nmx1 A 10.0.0.5",
         "@ MX 10 mx1\nmx1 A 10.0.0.5\nmx1 A 192.0.2.1"},
    Rule{"mx-smtp-connect",
         Severity::warning,
         RuleNeeds::connection,
         "RFC 3207",
         "An MX host does not answer at port 25, or offers no STARTTLS with a good certificate.",
         "Without an answer there is no mail. No check of this program connects to mail servers; "
         "try openssl s_client -starttls smtp -connect HOST:25.",
         nullptr,
         {},
         {}},
    Rule{
        "mx-target-cname", Severity::error, RuleNeeds::lookups, "RFC 2181 section 10.3",
        "An MX record names an alias.",
        "MX has to name a host with addresses of its own: some senders refuse aliases, and servers "
        "that meet their own name under another one may see a loop. Name the target of the CNAME.",
        judge_hosts, "@ MX 10 mail\nmail CNAME mx1\nmx1 A 192.0.2.1",
        "@ MX 10 mx1\nmx1 A 192.0.2.1\nmail CNAME mx1"},
    Rule{"mx-target-missing", Severity::error, RuleNeeds::lookups, "RFC 5321 section 5.1",
         "An MX record names a host without an address.",
         "Senders skip the host; if it is the only one, mail waits for days and comes back. Give "
         "the host A or AAAA records, or drop the record.",
         judge_hosts, "@ MX 10 mx9\nmx1 A 192.0.2.1", "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"mx-target-takeover", Severity::error, RuleNeeds::lookups, "",
         "An MX record names a host in a domain that nobody has registered.",
         "Whoever registers that domain receives the mail. Drop the record now, and look who has "
         "read mail if it was ever registered by others.",
         judge_hosts, "@ MX 10 mx.lapsed.net.\nother.net. A 192.0.2.1",
         "@ MX 10 mx.other.net.\nmx.other.net. A 192.0.2.1"},
    Rule{"mx-target-unqualified", Severity::error, RuleNeeds::lookups, "RFC 1035 section 5.1",
         "An MX record names a single label, or a host that lacks its final dot.",
         "In zone files a name without final dot is completed by the zone's own name, and such a "
         "host does not exist. Write the whole name, in zone files with the dot.",
         judge_hosts, "@ MX 10 aspmx.l.google.com", "@ MX 10 aspmx.l.google.com."},
    Rule{"ptr-fcrdns", Severity::info, RuleNeeds::lookups, "RFC 1912 section 2.1",
         "An address of one of the zone's mail hosts has no PTR record that leads back to it.",
         "If the host also sends mail, many receivers refuse it. Whoever gave you the address can "
         "set its PTR; for a host that only receives it does not matter.",
         judge_hosts, "@ MX 10 mx1\nmx1 A 192.0.2.1",
         "@ MX 10 mx1\nmx1 A 192.0.2.1\n1.2.0.192.in-addr.arpa. PTR mx1"},
};

}  // namespace

std::span<const Rule> mx_host_rules() { return kRules; }

}  // namespace mxsmith::mail
