#include "providers/powerdns/answers.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "providers/powerdns/type_words.hpp"

namespace mxsmith::providers::powerdns {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kShown = 500;

/// {"error": "text"}, or the beginning of whatever else came, on one line.
std::string said_by(const http::Response& response) {
  std::string text;
  for (const auto& piece : response.body.pieces()) {
    if (text.size() < 64 * kShown) text += piece;
  }
  try {
    const http::Json body = http::parse_json(text, "");
    const http::Json* error = body.find("error");
    if (error != nullptr && error->string() != nullptr) text = *error->string();
  } catch (const Error&) {
    // A proxy or an old server: its own words.
  }
  text = base::trim(text);
  const bool cut = text.size() > kShown;
  if (cut) text.resize(kShown);
  return base::escape_for_terminal(text) + (cut ? "..." : "");
}

bool is_word_end(const std::string& text, std::size_t at) {
  if (at >= text.size()) return true;
  const char c = text[at];
  return !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
}

/// Whether the words name the record as the server does: "RRset NAME IN TYPE" or "Record
/// NAME/TYPE".
bool names(const std::string& said, const dns::Key& key) {
  for (const char* between : {" IN ", "/"}) {
    const std::string name = " " + key.name.text() + between + word_of_type(key.type);
    for (std::size_t at = said.find(name); at != std::string::npos; at = said.find(name, at + 1)) {
      if (is_word_end(said, at + name.size())) return true;
    }
  }
  return false;
}

std::string hint_for(int status) {
  switch (status) {
    case 400:
      return "the server takes no more than webserver-max-bodysize at once, 2 MB by default";
    case 401:
    case 403: return "look at `api_key` or PDNS_API_KEY, and at the server's webserver-allow-from";
    case 404: return "look at `url` and `server`; the server's name is localhost nearly always";
    default: return {};
  }
}

}  // namespace

void check_read(const http::Response& response, const std::string& doing,
                const http::Secrets& secrets) {
  try {
    http::fail_unless_ok(response, http::Intent::read, doing, said_by(response), secrets);
  } catch (Error& error) {
    if (response.status != 400) error.with_hint(hint_for(response.status));
    throw;
  }
}

void check_write(const http::Response& response, const std::string& doing,
                 const std::vector<plan::Change>& changes, const http::Secrets& secrets) {
  if (response.status == 204) return;
  const std::string said = said_by(response);
  try {
    http::fail_unless_ok(response, http::Intent::write, doing, said, secrets);
  } catch (Error& error) {
    error.with_hint(hint_for(response.status));
    for (const auto& change : changes) {
      if (!names(" " + said, change.key)) continue;
      error.about(change.key.text());
      break;
    }
    throw;
  }
  throw Error(ErrorKind::protocol,
              doing + ": the server answered " + std::to_string(response.status) +
                  ", which is not what PowerDNS answers when it is done",
              Effect::unknown);
}

void check_json(const http::Response& response, const std::string& doing) {
  const std::string* type = response.headers.find("Content-Type");
  const std::string media = base::to_lower(type == nullptr ? "" : *type);
  if (media.rfind("application/json", 0) == 0) return;
  Error error(ErrorKind::protocol, doing + ": the server answered with " +
                                       (media.empty() ? std::string("content of no type")
                                                      : base::escape_for_terminal(media)) +
                                       " instead of JSON");
  throw error.with_hint("look at `url`: is it the API of PowerDNS that is there?");
}

}  // namespace mxsmith::providers::powerdns
