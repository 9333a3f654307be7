// Where an alias at a mail name ends, and whether somebody else could take that end over. Private
// to src/mail/rules.
#pragma once

#include <optional>
#include <string>

#include "mail/mail_zone.hpp"
#include "mail/resolver.hpp"

namespace mxsmith::mail {

enum class AliasEnd : std::uint8_t {
  records,       ///< Records of the type asked for.
  nothing,       ///< The name exists, those records do not.
  no_name,       ///< There is no such name.
  unregistered,  ///< Nor the domain that it would be in: whoever registers that owns the answer.
  loop,          ///< The aliases lead back to themselves.
  unknown,       ///< It was not looked up, or could not be.
};
struct FollowedAlias {
  AliasEnd end = AliasEnd::unknown;
  Answer answer;        ///< To the question for the alias's own name.
  dns::Name last;       ///< The name at which the aliases end.
  dns::Name domain;     ///< Of `unregistered`: the one that could be registered.
  std::string trouble;  ///< A phrase for ends that are wrong: "x.example does not exist"; or empty.
};
/// Follows the alias to records of `type`.
FollowedAlias follow_alias(const AliasPlace& alias, dns::Type type, Resolver& resolver);

/// Of a name that does not exist: the domain that would have to be registered for it, if that does
/// not exist either, as far as can be told without a list of public suffixes.
std::optional<dns::Name> unregistered_domain(const dns::Name& name, Resolver& resolver);

/// Whether domains are registered directly below: a top-level domain, or one of the usual names
/// under a country's ("co.uk", "com.au").
bool is_registry(const dns::Name& name);

}  // namespace mxsmith::mail
