// Credentials that come from beside the program: a command, the container's agent, the instance's
// metadata service.
#pragma once

#include <optional>
#include <string>

#include "providers/route53/credentials.hpp"

namespace mxsmith::providers::route53 {

/// `credential_process` of a profile: a command that prints JSON.
CredentialSource from_process(const std::string& command);

/// The agent that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI leads to (ECS, EKS Pod
/// Identity, Greengrass); nothing when neither is set. Throws Error{auth} for an address that is
/// neither https nor this machine's nor an agent's: the token must not go there.
std::optional<CredentialSource> from_container(const CredentialTools& tools);

/// The metadata service of an EC2 instance, version 2: nothing when AWS_EC2_METADATA_DISABLED is
/// true, or when this machine is no instance (as its firmware says) and
/// AWS_EC2_METADATA_SERVICE_ENDPOINT does not say where to ask. Nobody answers elsewhere, and
/// waiting for that takes long.
std::optional<CredentialSource> from_instance(const CredentialTools& tools);

}  // namespace mxsmith::providers::route53
