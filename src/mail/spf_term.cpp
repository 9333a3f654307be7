// One term of an SPF record: reading it, and the forms in which terms are compared.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "mail/spf.hpp"
#include "mail/spf_grammar.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

struct Mechanism {
  std::string_view name;
  SpfKind kind;
};
constexpr std::array kMechanisms = {
    Mechanism{"include", SpfKind::include}, Mechanism{"ip4", SpfKind::ip4},
    Mechanism{"all", SpfKind::all},         Mechanism{"a", SpfKind::a},
    Mechanism{"mx", SpfKind::mx},           Mechanism{"ip6", SpfKind::ip6},
    Mechanism{"exists", SpfKind::exists},   Mechanism{"ptr", SpfKind::ptr},
};

std::optional<SpfKind> mechanism_named(std::string_view name) {
  const auto* found = std::find_if(kMechanisms.begin(), kMechanisms.end(),
                                   [&](const Mechanism& known) { return known.name == name; });
  if (found == kMechanisms.end()) return {};
  return found->kind;
}

std::vector<std::string> mechanism_names() {
  std::vector<std::string> names;
  names.reserve(kMechanisms.size());
  for (const auto& known : kMechanisms) names.emplace_back(known.name);
  return names;
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

base::Fault moved(base::Fault inner, std::size_t by) {
  inner.offset += by;
  return inner;
}

// What may follow a mechanism's name (RFC 7208 sections 5.1 to 5.7): read into the term; offsets in
// complaints count from the end of the name.

Complaint read_required_domain(SpfTerm& term, std::string_view rest) {
  if (rest.size() < 2 || rest.front() != ':') {
    return base::Fault{term.name + " needs a domain name",
                       "write " + term.name + ":mail.example.com"};
  }
  auto macros = parse_domain_spec(rest.substr(1));
  if (!macros) return moved(macros.fault(), 1);
  term.domain_size = rest.size() - 1;
  term.macros = *std::move(macros);
  return {};
}

Complaint read_optional_domain(SpfTerm& term, std::string_view rest) {
  if (rest.empty()) return {};
  if (rest.front() == ':') return read_required_domain(term, rest);
  return base::Fault{quoted(rest) + " cannot stand after " + term.name, "", 0};
}

Complaint read_network(SpfTerm& term, std::string_view rest) {
  const bool v4 = term.kind == SpfKind::ip4;
  if (rest.size() < 2 || rest.front() != ':') {
    return base::Fault{term.name + " needs an address", "write " + term.name +
                                                            (v4 ? ":192.0.2.1" : ":2001:db8::1") +
                                                            ", without a space after the colon"};
  }
  if (rest.find(',') != std::string_view::npos) {
    return base::Fault{term.name + " takes one network",
                       "write one " + term.name + ": term for each", rest.find(',')};
  }
  const auto network = v4 ? parse_ip4_network(rest.substr(1)) : parse_ip6_network(rest.substr(1));
  if (!network) return moved(network.fault(), 1);
  term.network = *network;
  return {};
}

Complaint read_hosts(SpfTerm& term, std::string_view rest) {
  const auto split = split_dual_cidr(rest);
  if (!split) return split.fault();
  term.ip4_prefix = static_cast<std::uint8_t>(split->ip4);
  term.ip6_prefix = static_cast<std::uint8_t>(split->ip6);
  return read_optional_domain(term, split->head);
}

Complaint read_argument(SpfTerm& term, std::string_view rest) {
  switch (term.kind) {
    case SpfKind::include:
    case SpfKind::exists: return read_required_domain(term, rest);
    case SpfKind::ptr: return read_optional_domain(term, rest);
    case SpfKind::ip4:
    case SpfKind::ip6: return read_network(term, rest);
    case SpfKind::a:
    case SpfKind::mx: return read_hosts(term, rest);
    default: break;
  }
  if (rest.empty()) return {};
  return base::Fault{term.name + " takes no argument", ""};
}

base::Parsed<SpfTerm> read_modifier(std::string_view text, std::size_t name_end) {
  SpfTerm term;
  term.text = text;
  term.is_modifier = true;
  term.name = base::to_lower(text.substr(0, name_end));
  term.argument = text.substr(name_end + 1);
  if (term.name == "redirect") term.kind = SpfKind::redirect;
  if (term.name == "exp") term.kind = SpfKind::exp;
  const bool known = term.kind != SpfKind::unknown_modifier;
  auto macros =
      known ? parse_domain_spec(term.argument) : parse_spf_macros(term.argument, MacroLetters::any);
  if (!macros) return moved(macros.fault(), name_end + 1);
  term.macros = *std::move(macros);
  if (known) term.domain_size = term.argument.size();
  return term;
}

base::Parsed<SpfTerm> read_directive(std::string_view text) {
  SpfTerm term;
  const auto qualifier = qualifier_of(text.front());
  term.qualifier = qualifier.value_or(SpfQualifier::pass);
  const std::size_t start = qualifier ? 1 : 0;
  const std::size_t end = std::min(text.find_first_of(":/", start), text.size());
  const std::string_view spelled = text.substr(start, end - start);
  const std::string_view rest = text.substr(end);
  term.name = base::to_lower(spelled);
  const auto kind = mechanism_named(term.name);
  if (!kind) {
    const std::size_t name = name_length(text.substr(start));
    if (name > 0 && start + name < text.size() && text[start + name] == '=') {
      return base::Fault{"a modifier takes no qualifier",
                         "write " + std::string(text.substr(start)), 0};
    }
    return unknown_mechanism(spelled, rest, start);
  }
  term.kind = *kind;
  if (auto complaint = read_argument(term, rest)) return moved(*std::move(complaint), end);
  term.text = text;
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

std::string prefix_text(unsigned prefix, unsigned whole, std::string_view slashes) {
  return prefix == whole ? std::string() : std::string(slashes) + std::to_string(prefix);
}

/// ":" and argument, with what goes without saying left out.
std::string canonical_argument(const SpfTerm& term) {
  if (term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6) return ":" + term.network.text();
  std::string text;
  if (term.domain_size > 0) text = ":" + canonical_domain(term.domain_spec());
  return text + prefix_text(term.ip4_prefix, 32, "/") + prefix_text(term.ip6_prefix, 128, "//");
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
  const bool domain = kind != SpfKind::unknown_modifier;
  return name + "=" + (domain ? canonical_domain(argument) : argument);
}

bool SpfTerm::needs_lookup() const {
  switch (kind) {
    case SpfKind::include:
    case SpfKind::a:
    case SpfKind::mx:
    case SpfKind::ptr:
    case SpfKind::exists:
    case SpfKind::redirect: return true;
    default: return false;
  }
}

}  // namespace mxsmith::mail
