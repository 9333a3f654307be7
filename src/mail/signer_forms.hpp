// A new DKIM key in the forms that name servers and signers want it in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/parsed.hpp"
#include "dns/name.hpp"
#include "mail/dkim.hpp"

namespace mxsmith::mail {

struct SigningKey {
  dns::Name domain;
  std::string selector;  ///< "s202611a": labels before _domainkey, lower case.
  DkimKey key;           ///< As it is to be published.
};

/// Where the record belongs. Faults: a selector that is no row of labels of letters, digits and
/// hyphens (RFC 6376 section 3.1), a name that would be too long.
base::Parsed<dns::Name> dkim_name(const std::string& selector, const dns::Name& domain);

/// The first of "s202611a" to "s202611z" that is not in `used`; nothing when all are.
std::optional<std::string> unused_selector(base::Instant today,
                                           const std::vector<std::string>& used);

/// "example.com.s202611a", as rspamd looks for key files; A-labels.
std::string key_file_stem(const dns::Name& domain, const std::string& selector);

/// A record of a zone file in several lines, its owner absolute, its text in strings of at most 255
/// octets.
std::string dkim_zone_lines(const SigningKey& key);

/// Lines of OpenDKIM's tables. `private_file` is the path on the machine that signs.
std::string opendkim_key_table(const SigningKey& key, const std::string& private_file);
/// For a table of the kind "refile".
std::string opendkim_signing_table(const SigningKey& key);
/// For rspamd's local.d/dkim_signing.conf.
std::string rspamd_signing(const SigningKey& key, const std::string& private_file);

}  // namespace mxsmith::mail
