// SPF records as a whole, and the forms in which people paste their parts.
#include "mail/spf.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/spf_grammar.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::string_view kVersion = "v=spf1";

bool is_all(const SpfTerm& term) { return !term.is_modifier && term.name == "all"; }

struct Piece {
  std::string_view text;
  std::size_t offset = 0;
};

/// RFC 7208 section 12 separates terms by one or more SP and by nothing else.
std::vector<Piece> split_at_spaces(std::string_view text, std::size_t from) {
  std::vector<Piece> pieces;
  for (std::size_t at = from; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) pieces.push_back({text.substr(at, end - at), at});
    at = end + 1;
  }
  return pieces;
}

base::Fault moved(base::Fault inner, std::size_t by) {
  inner.offset += by;
  return inner;
}

/// RFC 7208 section 6: redirect and exp at most once each.
std::optional<base::Fault> check_modifiers(const std::vector<SpfTerm>& terms, const SpfTerm& next,
                                           std::size_t offset) {
  if (!next.is_modifier || (next.name != "redirect" && next.name != "exp")) return {};
  const bool twice = std::any_of(terms.begin(), terms.end(), [&](const SpfTerm& term) {
    return term.is_modifier && term.name == next.name;
  });
  if (!twice) return {};
  return base::Fault{next.name + "= stands twice", "keep one of them", offset};
}

/// A host name and nothing else, as services' pages print the target of their include.
bool is_bare_host(std::string_view text) {
  if (text.find('.') == std::string_view::npos || looks_like_ip4(text)) return false;
  const auto host_sign = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return std::all_of(text.begin(), text.end(), host_sign);
}

std::string_view without_quotes(std::string_view text) {
  text = base::trim(text);
  if (text.size() >= 2 && text.front() == text.back() &&
      (text.front() == '"' || text.front() == '\'')) {
    return base::trim(text.substr(1, text.size() - 2));
  }
  return text;
}

/// Legal by the grammar, and never what its writer means.
std::optional<base::Fault> check_meaning(const SpfTerm& term) {
  const std::size_t comma = term.text.find(',');
  if (comma != std::string::npos && term.text.find("%{") == std::string::npos) {
    return base::Fault{"a comma in a term", "write one term for each value", comma};
  }
  if (!term.is_modifier || term.name == "redirect" || term.name == "exp") return {};
  if (term.name == "v") return base::Fault{"a version within a record", "leave out v=spf1"};
  const auto as_mechanism = read_spf_term(term.name + ":" + term.argument);
  const auto alone = read_spf_term(term.name);
  if (!as_mechanism && !alone) return {};
  const bool takes_argument = as_mechanism.ok();
  return base::Fault{"\"" + term.name + "=\" is an unknown modifier, which receivers ignore",
                     takes_argument ? "write " + as_mechanism->text : "write " + term.name,
                     term.name.size()};
}

}  // namespace

char qualifier_sign(SpfQualifier qualifier) {
  switch (qualifier) {
    case SpfQualifier::fail: return '-';
    case SpfQualifier::softfail: return '~';
    case SpfQualifier::neutral: return '?';
    case SpfQualifier::pass: break;
  }
  return '+';
}

std::string_view qualifier_word(SpfQualifier qualifier) {
  switch (qualifier) {
    case SpfQualifier::fail: return "fail";
    case SpfQualifier::softfail: return "softfail";
    case SpfQualifier::neutral: return "neutral";
    case SpfQualifier::pass: break;
  }
  return "pass";
}

std::optional<SpfQualifier> parse_qualifier_word(std::string_view word) {
  for (const auto qualifier :
       {SpfQualifier::fail, SpfQualifier::softfail, SpfQualifier::neutral, SpfQualifier::pass}) {
    if (word == qualifier_word(qualifier)) return qualifier;
  }
  return {};
}

std::string SpfRecord::text() const {
  std::string result(kVersion);
  for (const auto& term : terms) result += " " + term.text;
  return result;
}

std::optional<SpfQualifier> SpfRecord::all() const {
  const auto found = std::find_if(terms.begin(), terms.end(), is_all);
  if (found == terms.end()) return {};
  return found->qualifier;
}

std::vector<SpfTerm> SpfRecord::effective_terms() const {
  const auto all = std::find_if(terms.begin(), terms.end(), is_all);
  std::vector<SpfTerm> result;
  for (auto term = terms.begin(); term != terms.end(); ++term) {
    const bool redirect = term->is_modifier && term->name == "redirect";
    if (redirect && all != terms.end()) continue;
    if (term->is_modifier || term <= all) result.push_back(*term);
  }
  return result;
}

std::size_t SpfRecord::own_lookups() const {
  const auto effective = effective_terms();
  return static_cast<std::size_t>(std::count_if(
      effective.begin(), effective.end(), [](const SpfTerm& term) { return term.needs_lookup(); }));
}

bool same_spelling(const SpfRecord& a, const SpfRecord& b) { return a.text() == b.text(); }

bool is_spf(std::string_view octets) {
  return base::equals_ignoring_case(octets.substr(0, kVersion.size()), kVersion) &&
         (octets.size() == kVersion.size() || octets[kVersion.size()] == ' ');
}

base::Parsed<SpfRecord> parse_spf(std::string_view octets) {
  if (!is_spf(octets)) {
    return base::Fault{"not an SPF record", "it begins with \"v=spf1\" and a space"};
  }
  SpfRecord record;
  for (const Piece& piece : split_at_spaces(octets, kVersion.size())) {
    auto term = read_spf_term(piece.text);
    if (!term) return moved(term.fault(), piece.offset);
    if (const auto twice = check_modifiers(record.terms, *term, piece.offset)) return *twice;
    term->offset = piece.offset;
    record.terms.push_back(*std::move(term));
  }
  return record;
}

base::Parsed<SpfTerm> parse_spf_term(std::string_view text) {
  const std::string_view plain = without_quotes(text);
  const auto before = static_cast<std::size_t>(plain.data() - text.data());
  if (plain.find(' ') != std::string_view::npos) {
    return base::Fault{"more than one term, or a space within a term",
                       "write each term by itself, without spaces", before + plain.find(' ')};
  }
  auto term =
      is_bare_host(plain) ? read_spf_term("include:" + std::string(plain)) : read_spf_term(plain);
  if (!term) return moved(term.fault(), before);
  if (const auto slip = check_meaning(*term)) return moved(*slip, before);
  return term;
}

base::Parsed<std::vector<SpfTerm>> parse_spf_terms(std::string_view text) {
  const std::string_view plain = without_quotes(text);
  const auto before = static_cast<std::size_t>(plain.data() - text.data());
  const auto pieces = split_at_spaces(plain, is_spf(plain) ? kVersion.size() : 0);
  if (pieces.empty()) return base::Fault{"no term", "write one, such as include:mail.example.com"};
  std::vector<SpfTerm> terms;
  for (const Piece& piece : pieces) {
    auto term = parse_spf_term(piece.text);
    if (!term) return moved(term.fault(), before + piece.offset);
    if (const auto twice = check_modifiers(terms, *term, before + piece.offset)) return *twice;
    if (is_all(*term) && (pieces.size() > 1 || is_spf(plain))) continue;
    terms.push_back(*std::move(term));
  }
  return terms;
}

}  // namespace mxsmith::mail
