// What DigitalOcean answers: errors, and answers in the right shape.
#pragma once

#include <string>

#include "http/client.hpp"
#include "http/json.hpp"

namespace mxsmith::providers::digitalocean {

/// What is being done, for messages: "reading zone example.com".
struct Doing {
  std::string words;
  http::Intent intent = http::Intent::read;
  std::string key;  ///< The record it is about; may be empty.
};

/// Throws unless the answer has that very status; what the server says goes into the message.
/// Effects as http::fail_unless_ok has them; unknown for a write that was answered otherwise.
void expect(const http::Response& response, int status, const Doing& doing,
            const http::Secrets& secrets);

/// Throws Error{protocol} unless the content says that it is JSON: a proxy's page is no answer.
void expect_json(const http::Response& response, const Doing& doing);

/// Whether the server says that there is no such thing, which a page of somebody else does not.
bool says_not_found(const http::Response& response);

/// Throw Error{protocol} where the answer has no such member.
const std::string& text_of(const http::Json& object, std::string_view member,
                           const std::string& doing);
const http::Json& object_of(const http::Json& object, std::string_view member,
                            const std::string& doing);

}  // namespace mxsmith::providers::digitalocean
