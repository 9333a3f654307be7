// Settings of a Google Cloud account: which project, and whose credential.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"

namespace mxsmith::providers::gcloud {

struct Settings {
  std::string api;      ///< "https://dns.googleapis.com/dns/v1", no final slash.
  std::string project;  ///< Empty: that of the credential.
  /// Where the credential's JSON is; nothing: the metadata server of the machine.
  std::optional<base::SecretSource> credentials;
  std::string visibility;  ///< "public", "private", or empty for both.
  std::string ca_file;     ///< Empty: the system's authorities.
};

/// What the account says, else what the environment says, in the order of Google's own tools:
/// GOOGLE_APPLICATION_CREDENTIALS, then the file that `gcloud auth application-default login`
/// leaves, then the metadata server. Throws Error{usage} with the place of a setting that cannot be
/// taken. The credential is named, not read.
Settings parse_settings(const base::Account& account);

}  // namespace mxsmith::providers::gcloud
