// Cloudflare's answers: the envelope around every one of them, its errors, and its pages.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/json.hpp"

namespace mxsmith::providers::cloudflare {

/// What an answer says went wrong.
struct Complaint {
  std::vector<std::int64_t> codes;  ///< Of the errors and of those below them.
  /// "9005: Content for A record must be a valid IPv4 address", several joined; one line, nothing
  /// in it that a terminal would obey.
  std::string words;
  std::string pointer;  ///< Where in the request, "/posts/3/content"; empty: it does not say.
  [[nodiscard]] bool has(std::int64_t code) const;
};
/// Of any body, also one that is no JSON: then its first words.
Complaint complaint_of(const http::Response& response);

/// Whether the answer means what 429 means, by the codes that it had before that status was used.
bool is_throttled(const http::Response& response);

/// Throws unless the request succeeded, by status and by `success`: the kind by Cloudflare's code
/// where the status says less. Effects as http::fail_unless_ok has them. `more` is added to what
/// the server says.
void check_answer(const http::Response& response, http::Intent intent, const std::string& doing,
                  const http::Secrets& secrets, const std::string& more = {});

/// A number that is whole, also where it is written 5.0.
std::optional<std::int64_t> whole_number(const http::Json* value);
/// The text of a member; throws Error{protocol} where there is none.
const std::string& text_of(const http::Json& object, std::string_view member,
                           const std::string& doing);

/// Hands every element of `result` of all pages to `element`: each id once, and as many as the
/// server counted. `target` has a query already. Throws as check_answer, and Error{protocol} for
/// pages that do not fit together.
void each_result(http::Channel& channel, const std::string& target, const std::string& doing,
                 const http::Secrets& secrets, const std::function<void(http::Json&&)>& element);

/// The one object in `result`.
http::Json one_result(const http::Response& response, const std::string& doing,
                      const http::Secrets& secrets);

}  // namespace mxsmith::providers::cloudflare
