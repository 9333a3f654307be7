// What PowerDNS says when it refuses, as errors.
#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "plan/change.hpp"

namespace mxsmith::providers::powerdns {

/// Throws unless the request succeeded; what the server says goes into the message. Effects as
/// http::fail_unless_ok has them.
void check_read(const http::Response& response, const std::string& doing,
                const http::Secrets& secrets);

/// The same for a PATCH: 204 is success, and where the server names a record the error does too.
void check_write(const http::Response& response, const std::string& doing,
                 const std::vector<plan::Change>& changes, const http::Secrets& secrets);

/// Throws Error{protocol} unless the content says that it is JSON: a proxy's page is no answer.
void check_json(const http::Response& response, const std::string& doing);

}  // namespace mxsmith::providers::powerdns
