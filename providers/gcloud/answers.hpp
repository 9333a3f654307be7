// What Google says when it refuses, as errors.
#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/json.hpp"
#include "providers/gcloud/change_body.hpp"

namespace mxsmith::providers::gcloud {

/// Whether a refusal means what 429 means: some quotas of requests are told by 403.
bool is_throttled(const http::Response& response);

/// Throws unless the request succeeded, as http::fail_unless_ok, with what Google says and what to
/// do; gives the JSON of the answer. A quota that is used up is Error{unsupported}.
http::Json checked_answer(const http::Response& response, http::Intent intent,
                          const std::string& doing, const http::Secrets& secrets);

/// The same for a page of a long list, whose body the caller reads by itself.
void check_read(const http::Response& response, const std::string& doing,
                const http::Secrets& secrets);

/// The same for a change: where Google speaks of a record set the error names it, and what no
/// longer is as it was read is Error{conflict}.
http::Json checked_change(const http::Response& response, const std::string& doing,
                          const ChangeBody& body, const http::Secrets& secrets);

/// A text in an answer. Throws Error{protocol} when there is none.
const std::string& text_in(const http::Json& object, std::string_view member,
                           const std::string& doing);

}  // namespace mxsmith::providers::gcloud
