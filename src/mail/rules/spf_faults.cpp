#include "mail/rules/spf_faults.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "mail/spf_grammar.hpp"
#include "mail/spf_macro.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

bool is_qualifier(char c) { return c == '+' || c == '-' || c == '~' || c == '?'; }

/// Of a domain-spec that is wrong: whether its macros are to blame.
std::string_view rule_of_domain(std::string_view domain) {
  return parse_spf_macros(domain, MacroLetters::domain) ? "spf-domain-spec" : "spf-macro";
}

std::string_view rule_of_modifier(std::string_view name, std::string_view value) {
  const std::string low = base::to_lower(name);
  if (low == "redirect" || low == "exp") return rule_of_domain(value);
  return "spf-macro";
}

/// `rest` is what follows the name "ip4" or "ip6".
std::string_view rule_of_network(bool v4, std::string_view rest) {
  if (rest.size() < 2 || rest.front() != ':') return "spf-ip-syntax";
  if (rest.find(',') != std::string_view::npos) return "spf-syntax";
  const std::string_view address = rest.substr(1, rest.find('/') - 1);
  const bool other = v4 ? address.find(':') != std::string_view::npos : looks_like_ip4(address);
  if (other) return "spf-ip-family";
  const bool readable = v4 ? parse_ip4_network(address).ok() : parse_ip6_network(address).ok();
  return readable ? "spf-cidr" : "spf-ip-syntax";
}

std::string_view rule_of_hosts(std::string_view rest) {
  const auto split = split_dual_cidr(rest);
  if (!split || split->head.empty() || split->head.front() == '/') return "spf-cidr";
  return rule_of_domain(split->head.substr(1));
}

std::string_view rule_of_mechanism(std::string_view name, std::string_view rest) {
  const std::string low = base::to_lower(name);
  if (low == "ip4" || low == "ip6") return rule_of_network(low == "ip4", rest);
  if (low == "a" || low == "mx") return rule_of_hosts(rest);
  if (low == "ptr") {
    const bool prefix = rest.find('/') != std::string_view::npos;
    return prefix || rest.size() < 2 ? "spf-ptr-rdns-type" : rule_of_domain(rest.substr(1));
  }
  const bool takes_domain = low == "include" || low == "exists";
  if (!takes_domain || rest.size() < 2 || rest.front() != ':') return "spf-syntax";
  return rule_of_domain(rest.substr(1));
}

/// How terms begin that cannot be the middle of a name or an address.
constexpr std::array<std::string_view, 8> kBeginnings = {
    "ip4:", "ip6:", "include:", "exists:", "redirect=", "exp=", "mx:", "v=spf1",
};

/// The qualifier before `at` belongs to what begins there.
std::size_t with_qualifier(std::string_view term, std::size_t at) {
  return at > 1 && is_qualifier(term[at - 1]) ? at - 1 : at;
}

bool is_whole_term(std::string_view text) { return !text.empty() && read_spf_term(text).ok(); }

}  // namespace

std::string_view rule_of_faulty_term(std::string_view term) {
  const bool plain =
      std::all_of(term.begin(), term.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
  if (!plain) return "txt-non-ascii";
  const std::size_t start = !term.empty() && is_qualifier(term.front()) ? 1 : 0;
  const std::size_t end = std::min(term.find_first_of(":/=", start), term.size());
  const std::string_view name = term.substr(start, end - start);
  if (end < term.size() && term[end] == '=') {
    if (start > 0) return "spf-qualified-modifier";
    if (!name.empty()) return rule_of_modifier(name, term.substr(end + 1));
  }
  return rule_of_mechanism(name, term.substr(end));
}

std::size_t second_term_in(std::string_view term) {
  constexpr std::string_view kAll = "all";
  const std::size_t sign = std::min(term.find_first_of(":="), term.size());
  const bool ends_in_l = term.size() > kAll.size() && (term.back() == 'l' || term.back() == 'L');
  if (!ends_in_l && term.find_first_of(":=", sign + 1) == std::string_view::npos) return 0;
  const std::string low = base::to_lower(term);
  if (low.size() > kAll.size() + 1 && low.substr(low.size() - kAll.size()) == kAll) {
    const std::size_t at = low.size() - kAll.size() - 1;
    if (is_qualifier(low[at]) && is_whole_term(term.substr(0, at))) return at;
  }
  for (const std::string_view beginning : kBeginnings) {
    for (std::size_t at = low.find(beginning, 1); at != std::string::npos;
         at = low.find(beginning, at + 1)) {
      const std::size_t begin = with_qualifier(low, at);
      if (begin > 0 && is_whole_term(term.substr(0, begin))) return begin;
    }
  }
  return 0;
}

}  // namespace mxsmith::mail
