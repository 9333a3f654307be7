// Access tokens for each kind of credential, and what only a machine in Google's cloud can tell.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "http/bearer_tokens.hpp"
#include "http/client.hpp"
#include "providers/gcloud/credentials.hpp"

namespace mxsmith::providers::gcloud {

/// Gets a token by what the credential is, and becomes another service account where it says so.
/// Throws Error{auth} with what is to be done where the credential is refused.
http::AccessToken fetch_token(http::Client& client, const base::Clock& clock,
                              const Credentials& credentials, const std::string& ca_file);

/// The project that the machine belongs to. Throws Error{auth} when there is no such server.
std::string machines_project(http::Client& client, const MetadataServer& server);

}  // namespace mxsmith::providers::gcloud
