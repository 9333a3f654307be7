#include "providers/route53/answers.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/route53/spelling.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kShown = 500;

template <std::size_t n>
bool is_one_of(const std::string& code, const std::array<std::string_view, n>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Nothing was done and it may be asked again. PriorRequestNotComplete: an earlier change of the
/// zone is still being taken in.
constexpr std::array<std::string_view, 5> kLater = {"Throttling", "ThrottlingException",
                                                    "RequestThrottled", "TooManyRequestsException",
                                                    "PriorRequestNotComplete"};
constexpr std::array<std::string_view, 4> kClock = {
    "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException"};
constexpr std::array<std::string_view, 2> kExpired = {"ExpiredToken", "ExpiredTokenException"};

/// What the server says, on one line.
std::string said_by(const http::Response& response) {
  const Refusal refusal = refusal_of(response);
  std::string text = refusal.code;
  for (const std::string& message : refusal.messages) {
    text.append(text.empty() ? "" : text == refusal.code ? ": " : "; ").append(message);
  }
  if (text.empty()) text = base::trim(response.body.text().substr(0, 64 * kShown));
  const bool cut = text.size() > kShown;
  if (cut) text.resize(kShown);
  return base::escape_for_terminal(text) + (cut ? "..." : "");
}

std::string hint_for(const Refusal& refusal) {
  const std::string& code = refusal.code;
  if (code == "AccessDenied" || code == "AccessDeniedException") {
    return "the credentials are known, and lack a right: see \"Rights\" in providers/route53/"
           "README.md";
  }
  if (code == "InvalidClientTokenId" || code == "UnrecognizedClientException") {
    return "AWS does not know the access key: it is wrong or was deleted";
  }
  if (is_one_of(code, kClock)) {
    return "the secret access key does not belong to the access key, or this machine's clock is "
           "wrong";
  }
  if (is_one_of(code, kExpired)) return "the session has expired: log in again";
  return {};
}

/// For the support desk; Route 53 has it in the content as well.
void add_request_id(Error& error, const http::Response& response) {
  if (!error.request_id().empty()) return;
  try {
    const Element root = parse_xml(response.body, "");
    const std::string& id = root.text_of("RequestId");
    if (!id.empty()) error.with_request_id(base::escape_for_terminal(id));
  } catch (const Error&) {
    return;  // not an answer of AWS
  }
}

/// Whether the words name the set, as "[name='www.example.com.', type='A']" or by its name alone.
bool names(const std::string& said, const dns::Key& key, bool with_type) {
  const std::string name = print_name(key.name);
  const std::string type = "type='" + dns::type_name(key.type) + "'";
  for (std::size_t at = said.find(name); at != std::string::npos; at = said.find(name, at + 1)) {
    const bool begins =
        at == 0 || std::string_view(" '\"[(").find(said[at - 1]) != std::string_view::npos;
    if (!begins) continue;
    if (!with_type) return true;
    const std::size_t end = std::min(said.find(']', at), said.size());
    if (said.substr(at, end - at).find(type) != std::string::npos) return true;
  }
  return false;
}

std::string key_named_in(const std::string& said, const std::vector<plan::Change>& changes) {
  for (const bool with_type : {true, false}) {
    for (const plan::Change& change : changes) {
      if (names(said, change.key, with_type)) return change.key.text();
    }
  }
  return {};
}

/// Words of a batch that does not fit what is there any more.
bool is_conflict(const std::string& said) {
  for (const char* words :
       {"but it was not found", "do not match the current values", "but it already exists"}) {
    if (said.find(words) != std::string::npos) return true;
  }
  return false;
}

Element checked_root(const http::Response& response, std::string_view name,
                     const std::string& doing) {
  Element root = parse_xml(response.body, doing);
  if (root.name == name) return root;
  throw Error(ErrorKind::protocol, doing + ": the answer is no " + std::string(name) + " but " +
                                       base::escape_for_terminal(root.name));
}

}  // namespace

Refusal refusal_of(const http::Response& response) {
  Refusal refusal;
  try {
    const Element root = parse_xml(response.body, "");
    if (const Element* error = root.find("Error")) {
      refusal.code = error->text_of("Code");
      if (!error->text_of("Message").empty()) refusal.messages = {error->text_of("Message")};
      return refusal;
    }
    // A batch of which several changes are wrong says so one by one.
    const Element* messages = root.find("Messages");
    if (messages == nullptr) messages = root.find("messages");
    if (messages == nullptr) return refusal;
    refusal.code = root.name;
    for (const Element& message : messages->children) refusal.messages.push_back(message.text);
  } catch (const Error&) {
    return {};
  }
  return refusal;
}

bool is_worth_another_try(const http::Response& response, http::SigV4Authorizer& signer) {
  if (response.status != 400 && response.status != 403 && response.status != 429) return false;
  const std::string code = refusal_of(response).code;
  if (response.status == 429 || is_one_of(code, kLater)) return true;
  if (is_one_of(code, kClock)) return signer.correct_clock(response);
  return is_one_of(code, kExpired) && signer.drop_expired();
}

Element check_read(const http::Response& response, std::string_view root, const std::string& doing,
                   const http::Secrets& secrets) {
  try {
    http::fail_unless_ok(response, http::Intent::read, doing, said_by(response), secrets);
  } catch (Error& error) {
    const Refusal refusal = refusal_of(response);
    add_request_id(error, response);
    Error told =
        is_one_of(refusal.code, kLater)
            ? Error(ErrorKind::rate_limited, error.what()).with_request_id(error.request_id())
            : error;
    throw told.with_hint(hint_for(refusal));
  }
  return checked_root(response, root, doing);
}

Element check_write(const http::Response& response, const std::string& doing,
                    const std::vector<plan::Change>& changes, const http::Secrets& secrets) {
  const std::string said = said_by(response);
  try {
    http::fail_unless_ok(response, http::Intent::write, doing, said, secrets);
  } catch (Error& error) {
    const Refusal refusal = refusal_of(response);
    add_request_id(error, response);
    Error told = error;
    if (is_one_of(refusal.code, kLater)) {
      told = Error(ErrorKind::rate_limited, error.what());
    } else if (refusal.code == "InvalidChangeBatch" && is_conflict(said)) {
      told = Error(ErrorKind::conflict, error.what());
      told.with_hint("somebody else changed the zone: plan again and review what is new");
    }
    if (told.request_id().empty()) told.with_request_id(error.request_id());
    if (told.hint().empty()) told.with_hint(hint_for(refusal));
    const std::string key = key_named_in(said, changes);
    if (!key.empty()) told.about(key);
    throw told;
  }
  try {
    return checked_root(response, "ChangeResourceRecordSetsResponse", doing);
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), Effect::unknown);
  }
}

}  // namespace mxsmith::providers::route53
