#include "providers/gcloud/answers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Intent;
using http::Json;
using http::Response;

constexpr std::size_t kShown = 500;

/// {"error": {"code": 412, "message": "...", "errors": [{"reason": "conditionNotMet", ...}]}}
struct Refusal {
  std::string message;  ///< As it came, or the beginning of whatever else came.
  std::vector<std::string> reasons;

  [[nodiscard]] bool has(std::string_view reason) const {
    return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
  }
};

std::string text_of(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

Refusal refusal_of(const Response& response) {
  Refusal refusal;
  refusal.message = response.body.text().substr(0, 64 * kShown);
  try {
    const Json body = http::parse_json(refusal.message, "");
    const Json* error = body.find("error");
    if (error == nullptr || error->members() == nullptr) return refusal;
    refusal.message = text_of(*error, "message");
    const Json* all = error->find("errors");
    if (all == nullptr || all->elements() == nullptr) return refusal;
    for (const Json& one : *all->elements()) refusal.reasons.push_back(text_of(one, "reason"));
  } catch (const Error&) {
    // A proxy's page, or nothing.
  }
  return refusal;
}

/// Secrets are looked for before signs of theirs are escaped.
std::string shown(const Refusal& refusal, const http::Secrets& secrets) {
  std::string text(base::trim(secrets.hide(refusal.message)));
  const bool cut = text.size() > kShown;
  if (cut) text.resize(kShown);
  return base::escape_for_terminal(text) + (cut ? "..." : "");
}

std::string hint_for(int status, const Refusal& refusal) {
  if (refusal.has("accessNotConfigured")) {
    return "enable the API once: gcloud services enable dns.googleapis.com";
  }
  switch (status) {
    case 401: return "look at `credentials` or GOOGLE_APPLICATION_CREDENTIALS";
    case 403:
      return "look at `project`, and grant the account roles/dns.reader for plans, roles/dns.admin "
             "for changes";
    case 404: return "look at `project`; zones are named by their id, not by their domain";
    default: return {};
  }
}

bool is_quota(int status, const Refusal& refusal) {
  return status == 413 || (status == 403 && refusal.has("quotaExceeded"));
}

void fail_unless_ok(const Response& response, Intent intent, const std::string& doing,
                    const http::Secrets& secrets) {
  if (response.status >= 200 && response.status < 300) return;
  const Refusal refusal = refusal_of(response);
  const std::string said = shown(refusal, secrets);
  if (is_throttled(response)) {
    throw Error(ErrorKind::rate_limited, doing + ": the server answered 403: " + said);
  }
  if (is_quota(response.status, refusal)) {
    Error error(ErrorKind::unsupported,
                doing + ": the server answered " + std::to_string(response.status) + ": " + said);
    throw error.with_hint("the project's quotas are at IAM & Admin, Quotas in the console");
  }
  try {
    http::fail_unless_ok(response, intent, doing, said, secrets);
  } catch (Error& error) {
    error.with_hint(hint_for(response.status, refusal));
    throw;
  }
}

/// The key that the words "named 'www.example.com. (A)'" name, if a list has it.
const dns::Key* named_in(const std::string& said, const std::vector<dns::Key>& keys) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const dns::Key& key) {
    const std::string words = "'" + key.name.text() + " (" + dns::type_name(key.type) + ")'";
    return said.find(words) != std::string::npos;
  });
  return found == keys.end() ? nullptr : &*found;
}

/// The key that "entity.change.additions[3]" counts to.
const dns::Key* counted_in(const std::string& said, std::string_view list,
                           const std::vector<dns::Key>& keys) {
  const std::string words = "entity.change." + std::string(list) + "[";
  const std::size_t at = said.find(words);
  if (at == std::string::npos) return nullptr;
  std::size_t number = 0;
  const char* begin = said.data() + at + words.size();
  const auto read = std::from_chars(begin, said.data() + said.size(), number);
  return read.ec == std::errc() && number < keys.size() ? &keys[number] : nullptr;
}

const dns::Key* key_in(const std::string& said, const ChangeBody& body) {
  if (const auto* key = named_in(said, body.additions)) return key;
  if (const auto* key = named_in(said, body.deletions)) return key;
  if (const auto* key = counted_in(said, "additions", body.additions)) return key;
  return counted_in(said, "deletions", body.deletions);
}

/// A 404 that speaks of what was to be deleted; others speak of the zone.
bool is_gone(const Response& response, const std::string& message) {
  return response.status == 404 && message.find("entity.change") != std::string::npos;
}

}  // namespace

bool is_throttled(const Response& response) {
  if (response.status == 429) return true;
  if (response.status != 403) return false;
  const Refusal refusal = refusal_of(response);
  return refusal.has("rateLimitExceeded") || refusal.has("userRateLimitExceeded");
}

void check_read(const Response& response, const std::string& doing, const http::Secrets& secrets) {
  fail_unless_ok(response, Intent::read, doing, secrets);
}

Json checked_answer(const Response& response, Intent intent, const std::string& doing,
                    const http::Secrets& secrets) {
  fail_unless_ok(response, intent, doing, secrets);
  Json answer = http::parse_json_body(response.body, doing);
  if (answer.members() != nullptr) return answer;
  throw Error(ErrorKind::protocol, doing + ": the answer is no JSON object");
}

Json checked_change(const Response& response, const std::string& doing, const ChangeBody& body,
                    const http::Secrets& secrets) {
  if (response.status >= 200 && response.status < 300) {
    try {
      return checked_answer(response, Intent::write, doing, secrets);
    } catch (const Error& error) {
      // It was taken, and nobody knows as what.
      throw Error(error.kind(), error.what(), Effect::unknown);
    }
  }
  const std::string message = refusal_of(response).message;
  const dns::Key* key = key_in(message, body);
  try {
    fail_unless_ok(response, Intent::write, doing, secrets);
  } catch (Error& error) {
    const bool conflict = error.kind() == ErrorKind::conflict || is_gone(response, message);
    Error told(conflict ? ErrorKind::conflict : error.kind(),
               (key == nullptr ? std::string() : key->text() + ": ") + error.what(),
               error.effect());
    told.with_hint(conflict ? "somebody else changed it meanwhile: plan again" : error.hint());
    if (key != nullptr) told.about(key->text());
    throw told;
  }
  return {};
}

const std::string& text_in(const Json& object, std::string_view member, const std::string& doing) {
  const Json* value = object.find(member);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no text \"" + std::string(member) + "\"");
}

}  // namespace mxsmith::providers::gcloud
