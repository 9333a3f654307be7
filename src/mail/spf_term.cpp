// One term of an SPF record: reading it, and the forms in which terms are compared.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "dns/address.hpp"
#include "mail/spf.hpp"
#include "mail/spf_grammar.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

const std::vector<std::string>& mechanism_names() {
  static const std::vector<std::string> kNames = {"all", "include", "a",   "mx",
                                                  "ptr", "ip4",     "ip6", "exists"};
  return kNames;
}

bool is_mechanism(std::string_view name) {
  const auto& names = mechanism_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

/// RFC 7208 section 12: name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ). Length of the name that
/// `text` starts with.
std::size_t name_length(std::string_view text) {
  const auto alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !alpha(text.front())) return 0;
  std::size_t at = 1;
  while (at < text.size() && (alpha(text[at]) || (text[at] >= '0' && text[at] <= '9') ||
                              text[at] == '-' || text[at] == '_' || text[at] == '.')) {
    ++at;
  }
  return at;
}

std::optional<SpfQualifier> qualifier_of(char sign) {
  switch (sign) {
    case '+': return SpfQualifier::pass;
    case '-': return SpfQualifier::fail;
    case '~': return SpfQualifier::softfail;
    case '?': return SpfQualifier::neutral;
    default: return {};
  }
}

/// RFC 7208 section 12 knows no octet outside 0x21 to 0x7E within a term.
Complaint check_octets(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet >= 0x21 && octet <= 0x7e) continue;
    const std::string what = octet == '\t'   ? "a tab"
                             : octet >= 0x80 ? "a sign outside ASCII"
                                             : "a control character";
    return base::Fault{what + " in a term", "only plain ASCII, separated by spaces, is allowed",
                       at};
  }
  return {};
}

/// What people write for a mechanism that does not exist.
std::string hint_for_unknown(std::string_view name, std::string_view rest) {
  const std::string argument(rest.empty() ? rest : rest.substr(1));
  if (name == "redirect" || name == "exp") {
    return "write " + std::string(name) + "=" + argument + ", with \"=\"";
  }
  if (name == "ip" || name == "ipv4" || name == "ipv6" || name == "ip4v" || name == "address") {
    const bool v6 = argument.find(':') != std::string::npos;
    return std::string("write ") + (v6 ? "ip6:" : "ip4:") + argument;
  }
  const std::string whole = std::string(name) + std::string(rest);
  if (looks_like_ip4(name)) return "write ip4:" + whole;
  if (name.find('.') != std::string_view::npos && rest.empty()) return "write include:" + whole;
  if (!name.empty() && name.back() == ',') return "terms are separated by spaces, not by commas";
  const auto near = base::did_you_mean(name, mechanism_names());
  return near ? "did you mean " + quoted(*near) + "?" : std::string();
}

base::Fault unknown_mechanism(std::string_view name, std::string_view rest, std::size_t offset) {
  if (name.empty()) {
    return {"a qualifier or colon without a mechanism", "no space may stand inside a term", offset};
  }
  return {"there is no mechanism " + quoted(name), hint_for_unknown(base::to_lower(name), rest),
          offset};
}

Complaint check_required_domain(const std::string& name, std::string_view rest) {
  if (rest.size() < 2 || rest.front() != ':') {
    return base::Fault{name + " needs a domain name", "write " + name + ":mail.example.com"};
  }
  auto complaint = check_domain_spec(rest.substr(1));
  if (complaint) ++complaint->offset;
  return complaint;
}

Complaint check_optional_domain(const std::string& name, std::string_view rest) {
  if (rest.empty()) return {};
  if (rest.front() == ':') return check_required_domain(name, rest);
  return base::Fault{quoted(rest) + " cannot stand after " + name, "", 0};
}

template <class Network>
Complaint check_network(const std::string& name, std::string_view rest,
                        base::Parsed<Network> (*parse)(std::string_view)) {
  if (rest.size() < 2 || rest.front() != ':') {
    return base::Fault{name + " needs an address",
                       "write " + name + (name == "ip4" ? ":192.0.2.1" : ":2001:db8::1") +
                           ", without a space after the colon"};
  }
  if (rest.find(',') != std::string_view::npos) {
    return base::Fault{name + " takes one network", "write one " + name + ": term for each",
                       rest.find(',')};
  }
  const auto network = parse(rest.substr(1));
  if (network) return {};
  base::Fault inner = network.fault();
  ++inner.offset;
  return inner;
}

/// What may follow a mechanism's name (RFC 7208 sections 5.1 to 5.7).
Complaint check_argument(const std::string& name, std::string_view rest) {
  if (name == "all") {
    if (rest.empty()) return {};
    return base::Fault{"all takes no argument", ""};
  }
  if (name == "include" || name == "exists") return check_required_domain(name, rest);
  if (name == "ptr") return check_optional_domain(name, rest);
  if (name == "ip4") return check_network(name, rest, parse_ip4_network);
  if (name == "ip6") return check_network(name, rest, parse_ip6_network);
  const auto split = split_dual_cidr(rest);
  if (!split) return split.fault();
  return check_optional_domain(name, split->head);
}

base::Parsed<SpfTerm> read_modifier(std::string_view text, std::size_t name_end) {
  SpfTerm term;
  term.text = text;
  term.is_modifier = true;
  term.name = base::to_lower(text.substr(0, name_end));
  term.argument = text.substr(name_end + 1);
  const bool known = term.name == "redirect" || term.name == "exp";
  auto complaint = known ? check_domain_spec(term.argument)
                         : check_macro_string(term.argument, MacroLetters::any);
  if (complaint) {
    complaint->offset += name_end + 1;
    return *complaint;
  }
  return term;
}

base::Parsed<SpfTerm> read_directive(std::string_view text) {
  SpfTerm term;
  term.text = text;
  const auto qualifier = qualifier_of(text.front());
  term.qualifier = qualifier.value_or(SpfQualifier::pass);
  const std::size_t start = qualifier ? 1 : 0;
  const std::size_t end = std::min(text.find_first_of(":/", start), text.size());
  const std::string_view spelled = text.substr(start, end - start);
  const std::string_view rest = text.substr(end);
  term.name = base::to_lower(spelled);
  if (!is_mechanism(term.name)) {
    const std::size_t name = name_length(text.substr(start));
    if (name > 0 && start + name < text.size() && text[start + name] == '=') {
      return base::Fault{"a modifier takes no qualifier",
                         "write " + std::string(text.substr(start)), 0};
    }
    return unknown_mechanism(spelled, rest, start);
  }
  if (auto complaint = check_argument(term.name, rest)) {
    complaint->offset += end;
    return *complaint;
  }
  term.argument = !rest.empty() && rest.front() == ':' ? rest.substr(1) : rest;
  return term;
}

/// Lower case but for macros, whose upper-case letters ask for URL escaping (RFC 7208 section 7.3).
std::string lowered(std::string_view text) {
  std::string result = base::to_lower(text);
  for (std::size_t at = text.find("%{"); at != std::string_view::npos; at = text.find("%{", at)) {
    const std::size_t close = std::min(text.find('}', at), text.size());
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(at),
              text.begin() + static_cast<std::ptrdiff_t>(close),
              result.begin() + static_cast<std::ptrdiff_t>(at));
    at = close;
  }
  return result;
}

std::string canonical_domain(std::string_view text) {
  std::string result = lowered(text);
  if (!result.empty() && result.back() == '.') result.pop_back();
  return result;
}

template <std::size_t Size>
void clear_host_bits(std::array<std::uint8_t, Size>& address, unsigned prefix) {
  for (std::size_t i = 0; i < Size; ++i) {
    const unsigned kept = prefix > i * 8 ? std::min<unsigned>(8, prefix - unsigned(i * 8)) : 0;
    address[i] = static_cast<std::uint8_t>(address[i] & (0xff00U >> kept));
  }
}

std::string prefix_text(unsigned prefix, unsigned whole, std::string_view slashes) {
  return prefix == whole ? std::string() : std::string(slashes) + std::to_string(prefix);
}

/// ":" and argument, with what goes without saying left out; the text as it is if it is no right
/// argument.
std::string canonical_argument(const SpfTerm& term) {
  if (term.name == "ip4") {
    auto network = parse_ip4_network(term.argument);
    if (!network) return ":" + term.argument;
    clear_host_bits(network->address, network->prefix);
    return ":" + dns::print_ipv4(network->address) + prefix_text(network->prefix, 32, "/");
  }
  if (term.name == "ip6") {
    auto network = parse_ip6_network(term.argument);
    if (!network) return ":" + term.argument;
    clear_host_bits(network->address, network->prefix);
    return ":" + dns::print_ipv6(network->address) + prefix_text(network->prefix, 128, "/");
  }
  std::string_view domain = term.argument;
  std::string prefixes;
  if (term.name == "a" || term.name == "mx") {
    if (const auto split = split_dual_cidr(term.argument)) {
      domain = split->head;
      prefixes = prefix_text(split->ip4, 32, "/") + prefix_text(split->ip6, 128, "//");
    }
  }
  return (domain.empty() ? std::string() : ":" + canonical_domain(domain)) + prefixes;
}

}  // namespace

base::Parsed<SpfTerm> read_spf_term(std::string_view text) {
  if (text.empty()) return base::Fault{"an empty term", ""};
  if (auto complaint = check_octets(text)) return *complaint;
  const std::size_t name = name_length(text);
  if (name > 0 && name < text.size() && text[name] == '=') return read_modifier(text, name);
  return read_directive(text);
}

std::string SpfTerm::canonical() const {
  return is_modifier ? identity() : qualifier_sign(qualifier) + identity();
}

std::string SpfTerm::identity() const {
  if (!is_modifier) return name + canonical_argument(*this);
  const bool domain = name == "redirect" || name == "exp";
  return name + "=" + (domain ? canonical_domain(argument) : argument);
}

bool SpfTerm::needs_lookup() const {
  if (is_modifier) return name == "redirect";
  return name == "include" || name == "a" || name == "mx" || name == "ptr" || name == "exists";
}

}  // namespace mxsmith::mail
