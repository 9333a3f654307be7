#include "dns/zone_entry.hpp"

#include "base/text.hpp"
#include "dns/rdata_text.hpp"
#include "dns/rrset.hpp"

namespace mxsmith::dns {

namespace {

bool is_word(const Token& token, std::string_view lower) {
  if (token.size != lower.size() || token.quoted) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if ((token.begin[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

bool is_class(const Token& token) {
  if (token.quoted || token.size < 2) return false;
  if (is_word(token, "in") || is_word(token, "ch") || is_word(token, "hs") ||
      is_word(token, "cs")) {
    return true;
  }
  return token.size > 5 && base::equals_ignoring_case(token.view().substr(0, 5), "class");
}

bool is_internet(const Token& token) {
  return is_word(token, "in") || base::equals_ignoring_case(token.view(), "class1");
}

std::string shown(const Token& token) {
  return "\"" + base::escape_for_terminal(token.view().substr(0, 60)) + "\"";
}

std::optional<EntryFault> take_ttl(const Token& token, Entry& entry) {
  const auto seconds = parse_seconds(token.view());
  if (!seconds) {
    return EntryFault{"zone-ttl", shown(token) + " is neither a TTL nor an RR type",
                      "a TTL is seconds, or 1h30m, 2W", token.begin};
  }
  if (*seconds > kMaxTtl) {
    return EntryFault{"zone-ttl", "TTL " + shown(token) + " is over 2147483647",
                      "RFC 2181 section 8", token.begin};
  }
  if (entry.ttl) return EntryFault{"zone-ttl", "a second TTL", {}, token.begin};
  entry.ttl = static_cast<std::uint32_t>(*seconds);
  entry.ttl_token = &token;
  return std::nullopt;
}

std::optional<EntryFault> take_class(const Token& token, Entry& entry) {
  if (!is_internet(token)) {
    return EntryFault{
        "zone-class", "class " + shown(token) + ": only IN is served here", {}, token.begin};
  }
  if (entry.class_token != nullptr) {
    return EntryFault{"zone-class", "a second class", {}, token.begin};
  }
  entry.class_token = &token;
  return std::nullopt;
}

}  // namespace

std::optional<EntryFault> sort_entry(std::span<const Token> tokens, bool inherits, Entry& entry) {
  std::size_t at = 0;
  if (!inherits) entry.owner = &tokens[at++];
  for (; at < tokens.size(); ++at) {
    const Token& token = tokens[at];
    std::optional<EntryFault> fault;
    if (token.size > 0 && token.begin[0] >= '0' && token.begin[0] <= '9' && !token.quoted) {
      fault = take_ttl(token, entry);
    } else if (is_class(token)) {
      fault = take_class(token, entry);
    } else {
      break;
    }
    if (fault) return fault;
  }
  if (at == tokens.size()) {
    return EntryFault{"zone-syntax", "the record has no type",
                      "a record is OWNER TTL IN TYPE RDATA", tokens.back().outer_end()};
  }
  entry.type_token = &tokens[at];
  const auto type = entry.type_token->quoted ? std::nullopt : parse_type(tokens[at].view());
  if (!type) {
    return EntryFault{"zone-type", shown(tokens[at]) + " is not an RR type",
                      "types without a name are written TYPE123 (RFC 3597)", tokens[at].begin};
  }
  entry.type = *type;
  entry.rdata = tokens.subspan(at + 1);
  return std::nullopt;
}

}  // namespace mxsmith::dns
