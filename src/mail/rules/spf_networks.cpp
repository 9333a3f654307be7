// Whom the addresses of an SPF record let send: too many, nobody, the same ones twice.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/special_address.hpp"
#include "mail/rules/spf_rows.hpp"

namespace mxsmith::mail {
namespace {

/// A term may let send as many hosts as a provider has, and no more than that.
constexpr unsigned kWidest4 = 16;
constexpr unsigned kWidest6 = 32;

bool is_network(const SpfTerm& term) {
  return term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6;
}
bool names_hosts(const SpfTerm& term) {
  return term.kind == SpfKind::a || term.kind == SpfKind::mx;
}

/// "16,777,216"
std::string with_commas(double number) {
  std::string digits = std::to_string(static_cast<unsigned long long>(number));
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

// ---- everybody ----

bool is_everything(const SpfTerm& term) {
  if (is_network(term)) return term.network.prefix == 0;
  return names_hosts(term) && (term.ip4_prefix == 0 || term.ip6_prefix == 0);
}

/// Whether the networks of one family that pass are together all there is.
bool cover_all(std::span<const SpfTerm> terms, SpfKind kind) {
  double share = 0;
  for (const SpfTerm& term : terms) {
    if (term.kind != kind || term.qualifier != SpfQualifier::pass) continue;
    share += std::ldexp(1.0, -static_cast<int>(term.network.prefix));
  }
  if (share < 1.0) return false;
  IpSet set;
  for (const SpfTerm& term : terms) {
    if (term.kind == kind && term.qualifier == SpfQualifier::pass) set.add(term.network);
  }
  const IpNetwork all{kind == SpfKind::ip4 ? IpFamily::v4 : IpFamily::v6, {}, 0};
  return set == IpSet(all);
}

/// Whether something was told.
bool judge_everything(Judged& judged, const SpfPlace& place, std::span<const SpfTerm> terms) {
  bool told = false;
  for (const SpfTerm& term : terms) {
    if (term.qualifier != SpfQualifier::pass || !is_everything(term)) continue;
    told = true;
    judged.tell("spf-everything", subject_of(place, term),
                shown(term.text) + " lets every host of its family send in this name");
  }
  if (told) return true;
  for (const SpfKind kind : {SpfKind::ip4, SpfKind::ip6}) {
    if (!cover_all(terms, kind)) continue;
    told = true;
    judged.tell("spf-everything", Subject::of(place.at),
                std::string("the networks of the record are together all of ") +
                    (kind == SpfKind::ip4 ? "IPv4" : "IPv6"));
  }
  return told;
}

// ---- one network by itself ----

void judge_width(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  const bool v4 = term.kind != SpfKind::ip6;
  const unsigned prefix = is_network(term) ? term.network.prefix : term.ip4_prefix;
  const bool wide4 = v4 && prefix < kWidest4;
  const bool wide6 = term.kind == SpfKind::ip6 ? prefix < kWidest6
                                               : names_hosts(term) && term.ip6_prefix < kWidest6;
  if (!wide4 && !wide6) return;
  const std::string whom =
      wide4 ? with_commas(std::ldexp(1.0, static_cast<int>(32 - prefix))) + " IPv4 addresses"
            : "more IPv6 addresses than providers are given";
  judged.tell("spf-wide-range", subject_of(place, term),
              shown(term.text) + " lets " + whom + " send in this name");
}

void judge_network(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  const IpNetwork& network = term.network;
  if (network.first() != network.bits) {
    judged.tell("spf-host-bits", subject_of(place, term),
                shown(term.text) + " has bits set behind its prefix",
                "write " + term.name + ":" + network.text() +
                    ", or the address alone if one host is meant");
  }
  if (term.qualifier != SpfQualifier::pass) return;
  const std::string_view use = special_use_of({network.family, network.first()});
  if (use.empty() || use != special_use_of({network.family, network.last()})) return;
  judged.tell("spf-private-ip", subject_of(place, term),
              shown(term.text) + " is no address that mail comes from: " + std::string(use),
              "write the address under which the host is seen from outside");
}

// ---- one network within another ----

/// Whether it matters not at all in which order networks stand.
bool all_alike(std::span<const SpfTerm> terms) {
  return std::all_of(terms.begin(), terms.end(), [&](const SpfTerm& term) {
    return term.is_modifier || term.qualifier == terms.front().qualifier;
  });
}

void tell_covered(Judged& judged, const SpfPlace& place, const SpfTerm& inner,
                  const SpfTerm& outer) {
  judged.tell("spf-covered-range", subject_of(place, inner),
              shown(inner.text) + " lies within " + shown(outer.text), "leave it out");
}

/// Sorted by where they begin, the wider first, a network can only lie within one that was met
/// before and is still open; blocks of prefixes never overlap by halves.
void judge_covered(Judged& judged, const SpfPlace& place, std::span<const SpfTerm> terms) {
  std::vector<const SpfTerm*> networks;
  for (const SpfTerm& term : terms) {
    if (is_network(term)) networks.push_back(&term);
  }
  if (networks.size() < 2) return;
  std::stable_sort(networks.begin(), networks.end(), [](const SpfTerm* a, const SpfTerm* b) {
    const IpNetwork& x = a->network;
    const IpNetwork& y = b->network;
    if (x.family != y.family) return x.family < y.family;
    if (x.first() != y.first()) return x.first() < y.first();
    return x.prefix < y.prefix;
  });
  const bool alike = all_alike(terms);
  const SpfTerm* open = networks.front();
  for (std::size_t i = 1; i < networks.size(); ++i) {
    const SpfTerm* const next = networks[i];
    const bool within = open->network.contains({next->network.family, next->network.first()});
    if (!within) {
      open = next;
    } else if (next->network.prefix != open->network.prefix && (alike || open < next)) {
      tell_covered(judged, place, *next, *open);
    }
  }
}

void judge_spf_networks(Judged& judged) {
  for (const SpfPlace& place : judged.zone.spf) {
    if (!place.record) continue;
    auto terms = terms_before_all(*place.record);
    const bool everything = judge_everything(judged, place, terms);
    terms = terms.first(std::min(terms.size(), kMostTermsJudged));
    for (const SpfTerm& term : terms) {
      if (is_network(term)) judge_network(judged, place, term);
      if (!everything && term.qualifier == SpfQualifier::pass) judge_width(judged, place, term);
    }
    judge_covered(judged, place, terms);
  }
}

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-everything", kError, RuleNeeds::nothing, "RFC 7208 section 11.4",
         "The record lets every host send, without saying all.",
         "Networks with the prefix 0, two halves of all addresses, or exists: of a name that is "
         "always there have the effect of +all: whoever forges this name passes SPF. Name the "
         "hosts that send.",
         judge_spf_networks, R"(@ TXT "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all")"},
    Rule{"spf-wide-range", kWarning, RuleNeeds::nothing, "RFC 7208 section 11.4",
         "One term lets more than 65,536 IPv4 addresses send, or an IPv6 block wider than /32.",
         "So wide a block holds the hosts of many others, who all may send in this name. Narrow it "
         "to the hosts that really do.",
         judge_spf_networks, R"(@ TXT "v=spf1 ip4:52.0.0.0/8 -all")",
         R"(@ TXT "v=spf1 ip4:52.100.0.0/16 -all")"},
    Rule{"spf-private-ip", kWarning, RuleNeeds::nothing, "RFC 6890",
         "An address of the record is private, or otherwise never seen on the Internet.",
         "Receivers never see mail come from there, so the term lets nobody send. Write the "
         "address that the host has outside, behind NAT as well.",
         judge_spf_networks, R"(@ TXT "v=spf1 ip4:10.0.0.5 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.5 -all")"},
    Rule{"spf-host-bits", kInfo, RuleNeeds::nothing, "RFC 7208 section 5.6",
         "A network is written with bits set behind its prefix.",
         "Receivers ignore those bits, so the whole block may send. Usually one host was meant, or "
         "another block.",
         judge_spf_networks, R"(@ TXT "v=spf1 ip4:192.0.2.1/24 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.0/24 -all")"},
    Rule{"spf-covered-range", kInfo, RuleNeeds::nothing, "",
         "A network lies within another one of the same record.",
         "It decides nothing that the wider one does not. Leave it out, or see whether the wider "
         "one is meant.",
         judge_spf_networks, R"(@ TXT "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.5 -all")",
         R"(@ TXT "v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 -all")"},
};

}  // namespace

std::span<const Rule> spf_network_rules() { return kRules; }

}  // namespace mxsmith::mail
