// Where an API is that sits in the cloud, and may be told to sit elsewhere: a proxy, another cloud,
// a test.
#pragma once

#include <string>

#include "base/settings.hpp"

namespace mxsmith::provider {

/// Where an account says that its API is: the setting `url`, else the environment variable, else
/// `usual`. Scheme and host in lower case, no final slash. Throws as refuse_setting for what is no
/// address, and for plain http to another machine: the credential would be there for all to read.
std::string api_url(const base::Account& account, const char* variable, const std::string& usual);

}  // namespace mxsmith::provider
