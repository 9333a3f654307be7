// Roles: credentials for a while, from the Security Token Service (STS, API version 2011-06-15).
#pragma once

#include <string>

#include "providers/route53/credentials.hpp"

namespace mxsmith::providers::route53 {

struct Role {
  std::string arn;
  std::string session_name;  ///< Shows in AWS's logs; empty: "mxsmith".
  std::string external_id;   ///< Empty: none. For AssumeRole alone.
  std::string region;        ///< Of the endpoint; empty: by the environment.
};

/// AssumeRole, signed with what `base` gives.
CredentialSource assume_role(const CredentialSource& base, const Role& role,
                             const CredentialTools& tools);

/// AssumeRoleWithWebIdentity: for a token in a file, as pipelines and clusters get it. The file is
/// read each time, since tokens there are renewed.
CredentialSource web_identity(const Role& role, const std::string& token_file,
                              const CredentialTools& tools);

}  // namespace mxsmith::providers::route53
