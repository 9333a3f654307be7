#include "providers/digitalocean/answers.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::providers::digitalocean {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Json;

constexpr std::size_t kShown = 500;

/// {"id": "unprocessable_entity", "message": "...", "request_id": "..."}
struct Said {
  std::string id;
  std::string words;  ///< On one line; the beginning of whatever came, where it is no such object.
  std::string request_id;
};

std::string member_of(const Json& body, std::string_view name) {
  const Json* member = body.find(name);
  const std::string* text = member == nullptr ? nullptr : member->string();
  return text == nullptr ? std::string() : *text;
}

std::string shown(const std::string& text) {
  const std::string line(base::trim(text));
  const bool cut = line.size() > kShown;
  return base::escape_for_terminal(line.substr(0, kShown)) + (cut ? "..." : "");
}

Said said_by(const http::Response& response) {
  std::string text;
  for (const auto& piece : response.body.pieces()) {
    if (text.size() < 64 * kShown) text += piece;
  }
  try {
    const Json body = http::parse_json(text, "");
    const std::string id = member_of(body, "id");
    const std::string message = member_of(body, "message");
    if (!id.empty() && !message.empty()) {
      return {id, shown(message) + " (" + shown(id) + ")", shown(member_of(body, "request_id"))};
    }
  } catch (const Error&) {
    // A proxy: its own words.
  }
  return {{}, shown(text), {}};
}

std::string hint_for(int status) {
  switch (status) {
    case 401: return "look at `token` or DIGITALOCEAN_TOKEN; tokens expire";
    case 403: return "the token needs the scopes domain:read and domain:update";
    default: return {};
  }
}

}  // namespace

void expect(const http::Response& response, int status, const Doing& doing,
            const http::Secrets& secrets) {
  if (response.status == status) return;
  const Said said = said_by(response);
  try {
    http::fail_unless_ok(response, doing.intent, doing.words, said.words, secrets);
  } catch (Error& error) {
    error.with_hint(hint_for(response.status));
    if (!doing.key.empty()) error.about(doing.key);
    if (!said.request_id.empty()) error.with_request_id(secrets.hide(said.request_id));
    throw;
  }
  const bool write = doing.intent == http::Intent::write;
  Error error(ErrorKind::protocol,
              doing.words + ": the server answered " + std::to_string(response.status) +
                  " where DigitalOcean answers " + std::to_string(status),
              write ? Effect::unknown : Effect::none);
  throw error.about(doing.key);
}

void expect_json(const http::Response& response, const Doing& doing) {
  const std::string* type = response.headers.find("Content-Type");
  const std::string media = base::to_lower(type == nullptr ? "" : *type);
  if (media.starts_with("application/json")) return;
  throw Error(ErrorKind::protocol, doing.words + ": the server answered with " +
                                       (media.empty() ? std::string("content of no type")
                                                      : base::escape_for_terminal(media)) +
                                       " instead of JSON");
}

bool says_not_found(const http::Response& response) {
  return response.status == 404 && said_by(response).id == "not_found";
}

const std::string& text_of(const Json& object, std::string_view member, const std::string& doing) {
  const Json* value = object.find(member);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no text \"" + std::string(member) + "\"");
}

const Json& object_of(const Json& object, std::string_view member, const std::string& doing) {
  const Json* value = object.find(member);
  if (value != nullptr && value->members() != nullptr) return *value;
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no object \"" + std::string(member) + "\"");
}

}  // namespace mxsmith::providers::digitalocean
