// What Google's credential files hold: keys of service accounts, what a user left by logging in,
// and how another cloud's token is exchanged for one of Google's.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http/redact.hpp"

namespace mxsmith::providers::gcloud {

/// "type": "service_account".
struct ServiceAccountKey {
  std::string email;
  std::string key_id;
  base::Secret private_key;  ///< PEM
  std::string token_url;
};

/// "type": "authorized_user".
struct AuthorizedUser {
  std::string client_id;
  base::Secret client_secret;
  base::Secret refresh_token;
  std::string token_url;
};

/// "type": "external_account": the token that somebody else gave, fetched anew for each exchange,
/// from a file or from a URL.
struct ExternalAccount {
  std::string audience;
  std::string subject_token_type;
  std::string token_url;
  std::string client_id;
  base::Secret client_secret;
  std::string user_project;  ///< For workforce pools; empty otherwise.
  std::string file;          ///< Either this
  std::string url;           ///< or this.
  std::vector<std::pair<std::string, std::string>> headers;  ///< For the URL.
  std::string field;  ///< The member of the JSON there that is the token; empty: all of it.
};

/// The server at which a machine in Google's cloud asks who it is.
struct MetadataServer {
  std::string url;  ///< "http://metadata.google.internal/computeMetadata/v1"
};

/// Becoming a service account with the token of somebody who may.
struct Impersonation {
  std::string url;  ///< Empty: none.
  base::Seconds lifetime{3600};
  std::vector<std::string> delegates;  ///< Accounts in between, each of which may become the next.
};

struct Credentials {
  std::variant<ServiceAccountKey, AuthorizedUser, ExternalAccount, MetadataServer> source;
  Impersonation impersonation;
  std::string project;        ///< Of the file; empty: it names none.
  std::string quota_project;  ///< Whom requests count for, if not the credential's own.
  std::string who;            ///< For people: "service account NAME", "the machine's own account".
  std::string where;          ///< Where it was found.
  std::string fingerprint;    ///< Equal for equal credentials.
};

/// Reads a credential file's text; `where` says whence it came, for messages. Every secret in it is
/// told to `secrets`. Throws Error{auth} without a word of its content for what is no credential or
/// of a kind that is not supported.
Credentials parse_credentials(const base::Secret& text, const std::string& where,
                              http::Secrets& secrets);

/// Those of the machine: GCE_METADATA_HOST leads to another server.
Credentials metadata_credentials();

}  // namespace mxsmith::providers::gcloud
