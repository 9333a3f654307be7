// Where AWS credentials come from, in the order in which AWS's own tools look.
#pragma once

#include <functional>
#include <string>

#include "http/client.hpp"
#include "http/sigv4.hpp"
#include "provider/provider.hpp"
#include "providers/route53/settings.hpp"

namespace mxsmith::providers::route53 {

/// A place that gives credentials, chosen and not yet asked.
struct CredentialSource {
  std::string words;     ///< "the environment", "profile main": for messages.
  std::string identity;  ///< Equal for the same place; holds no secret.
  /// Throws Error{auth}; whatever is secret in the way there is hidden from then on.
  std::function<http::AwsCredentials()> fetch;
};

/// What sources work with; all of it outlives them.
struct CredentialTools {
  http::Client& client;
  const base::Clock& clock;
  std::string ca_file;
  Partition partition;
};

/// The first that there is of: keys in the settings; a profile in the settings; keys in the
/// environment; a web identity token in the environment; the profile AWS_PROFILE or "default"; the
/// container's; the instance's. On top of it the role of the settings, if any. Throws Error{auth}
/// that says where it looked.
CredentialSource choose_source(const Settings& settings, const CredentialTools& tools);

}  // namespace mxsmith::providers::route53
