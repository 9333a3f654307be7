// What Route 53 and STS say when they refuse, as errors.
#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/sigv4.hpp"
#include "plan/change.hpp"
#include "providers/route53/xml.hpp"

namespace mxsmith::providers::route53 {

/// An error's code and its words, as far as the answer has any.
struct Refusal {
  std::string code;  ///< "NoSuchHostedZone"; empty: none.
  std::vector<std::string> messages;
};
Refusal refusal_of(const http::Response& response);

/// Whether the answer means "later": throttled, which AWS says with status 400; a clock that is
/// corrected now; a session that is made anew now. For ChannelOptions::throttled.
bool is_worth_another_try(const http::Response& response, http::SigV4Authorizer& signer);

/// The answer's root. Throws unless the request succeeded and the root has that name; what the
/// server says goes into the message. Effects as http::fail_unless_ok has them.
Element check_read(const http::Response& response, std::string_view root, const std::string& doing,
                   const http::Secrets& secrets);

/// The same for a change: where the server names a record the error does too, and where somebody
/// else was faster it is a conflict.
Element check_write(const http::Response& response, const std::string& doing,
                    const std::vector<plan::Change>& changes, const http::Secrets& secrets);

}  // namespace mxsmith::providers::route53
