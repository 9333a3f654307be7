// What `mxsmith providers check` can say of an account, nothing being written.
#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "plan/live.hpp"
#include "provider/provider.hpp"
#include "providers/gcloud/project.hpp"

namespace mxsmith::providers::gcloud {

/// "it sees 2 zones of project shop: example-com (example.com, public), ..."
provider::AccountCheck::Line zones_line(const std::vector<Zone>& zones, const std::string& project);

/// The body that asks which of the permissions that changes need the account has.
std::string rights_question();

/// What the answer to that means, for that zone.
provider::AccountCheck::Line rights_line(const http::Response& response, const plan::ZoneRef& zone,
                                         const http::Secrets& secrets);

}  // namespace mxsmith::providers::gcloud
