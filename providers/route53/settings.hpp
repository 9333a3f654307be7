// Settings of a Route 53 account: where the API is, which zones are meant, where credentials come
// from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "http/sigv4.hpp"

namespace mxsmith::providers::route53 {

/// A part of AWS with accounts, endpoints and signing regions of its own.
struct Partition {
  std::string_view name;      ///< "aws"
  std::string_view endpoint;  ///< Of Route 53.
  std::string_view region;    ///< That requests to Route 53 are signed for.
  std::string_view domain;    ///< Of regional endpoints: "amazonaws.com".
};

/// Keys that the settings name themselves.
struct KeySettings {
  std::string access_key_id;
  base::SecretSource secret_access_key;
  std::optional<base::SecretSource> session_token;
};

/// A role to take on with the credentials that were found.
struct RoleSettings {
  std::string arn;          ///< Empty: none.
  std::string external_id;  ///< Empty: none.
};

struct Settings {
  enum class Visibility : std::uint8_t { any, public_only, private_only };

  std::string url;  ///< "https://route53.amazonaws.com", no final slash.
  Partition partition;
  Visibility visibility = Visibility::any;
  std::vector<std::string> zone_ids;  ///< The only zones that are meant; empty: all.
  std::string profile;                ///< Of the settings alone; empty: see the environment.
  std::optional<KeySettings> keys;
  RoleSettings role;
  std::string ca_file;  ///< Empty: the system's authorities.
};

/// What the account says, else what the environment says. Throws Error{usage} with the place of a
/// setting that cannot be taken. Secrets are named, not fetched.
Settings parse_settings(const base::Account& account);

/// A variable of the environment; nothing when it is not there or empty.
std::optional<std::string> variable(const char* name);

/// Scheme and host in lower case, no final slash; nothing for what is no address of an API.
std::optional<std::string> canonical_url(const std::string& url);

}  // namespace mxsmith::providers::route53
