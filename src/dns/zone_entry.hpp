// One entry of a zone file, taken apart but not yet understood: where owner, TTL, class, type and
// rdata stand. The reader and the editor see lines the same way through it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dns/lexer.hpp"
#include "dns/type.hpp"

namespace mxsmith::dns {

/// Why an entry cannot be taken apart.
struct EntryFault {
  std::string rule;
  std::string message;
  std::string hint;
  const char* where = nullptr;
};

/// A record's fields as tokens; null where the line does not say them.
struct Entry {
  const Token* owner = nullptr;
  const Token* ttl_token = nullptr;
  const Token* class_token = nullptr;
  const Token* type_token = nullptr;
  std::optional<std::uint32_t> ttl;
  Type type{};
  std::span<const Token> rdata;
};

/// Whether a line that starts with this sign has no owner of its own.
inline bool inherits_owner(char first) { return first == ' ' || first == '\t'; }

/// Sorts the tokens of a record's entry; `inherits`: the line starts with a blank.
std::optional<EntryFault> sort_entry(std::span<const Token> tokens, bool inherits, Entry& entry);

}  // namespace mxsmith::dns
