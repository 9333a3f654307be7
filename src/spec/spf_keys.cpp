#include "spec/spf_keys.hpp"

#include <algorithm>

#include "mail/spf.hpp"

namespace mxsmith::spec {

namespace {

bool is_qualifier(char c) { return c == '+' || c == '-' || c == '~' || c == '?'; }

std::size_t list_index(std::string_view name) {
  return static_cast<std::size_t>(std::find(kSpfLists.begin(), kSpfLists.end(), name) -
                                  kSpfLists.begin());
}

/// Puts one mechanism where it belongs; the caller builds the text again and sees whether it fits.
void put(SpfKeys& keys, const mail::SpfTerm& term) {
  const std::size_t index = list_index(term.name);
  const bool known = index < kSpfLists.size() && term.name != "terms" && !term.is_modifier;
  if (term.text == "a") {
    keys.bare_a = true;
  } else if (term.text == "mx") {
    keys.bare_mx = true;
  } else if (known && spf_term_text(term.name, term.argument) == term.text) {
    keys.lists.at(index).push_back(term.argument);
  } else {
    keys.lists.back().push_back(term.text);
  }
}

std::string text_of(const SpfKeys& keys) {
  std::string text = "v=spf1";
  const auto add = [&](const std::string& term) { text += " " + term; };
  for (std::size_t i = 0; i < kSpfLists.size(); ++i) {
    if (kSpfLists.at(i) == "a" && keys.bare_a) add("a");
    if (kSpfLists.at(i) == "mx" && keys.bare_mx) add("mx");
    for (const std::string& element : keys.lists.at(i)) {
      add(spf_term_text(kSpfLists.at(i), element));
    }
  }
  if (keys.redirect) add("redirect=" + *keys.redirect);
  if (keys.all) {
    const auto qualifier = mail::parse_qualifier_word(*keys.all);
    const std::string sign = *qualifier == mail::SpfQualifier::pass
                                 ? "+"
                                 : std::string(1, mail::qualifier_sign(*qualifier));
    add(sign + "all");
  }
  if (keys.exp) add("exp=" + *keys.exp);
  return text;
}

}  // namespace

std::string spf_term_text(std::string_view key, std::string_view element) {
  if (key == "terms") return std::string(element);
  std::string term;
  if (!element.empty() && is_qualifier(element[0])) {
    term = element[0];
    element.remove_prefix(1);
  }
  term += key;
  if (element.empty()) return term;
  if (element[0] != '/') term += ':';
  return term + std::string(element);
}

std::string spf_term_text(std::string_view key) { return std::string(key); }

std::optional<SpfKeys> spf_keys_of(std::string_view record) {
  const auto parsed = mail::parse_spf(record);
  if (!parsed) return std::nullopt;
  SpfKeys keys;
  for (const mail::SpfTerm& term : parsed->terms) {
    if (term.is_modifier && term.name == "redirect") {
      keys.redirect = term.argument;
    } else if (term.is_modifier && term.name == "exp") {
      keys.exp = term.argument;
    } else if (term.name == "all" && !term.is_modifier) {
      keys.all = std::string(mail::qualifier_word(term.qualifier));
    } else {
      put(keys, term);
    }
  }
  const bool mixed = (keys.bare_a && !keys.lists.at(list_index("a")).empty()) ||
                     (keys.bare_mx && !keys.lists.at(list_index("mx")).empty());
  // Without `all` and `redirect` the keys would mean a default.
  if (mixed || (!keys.all && !keys.redirect) || (keys.all && keys.redirect)) return std::nullopt;
  if (text_of(keys) != record) return std::nullopt;
  return keys;
}

}  // namespace mxsmith::spec
