// A verifier of AWS Signature Version 4 of the tests' own, for the simulator: it shares no code
// with the signer but SHA-256.
#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "support/simulators/route53.hpp"

namespace mxsmith::tests {

namespace {

/// What stands between `before` and the next comma or the end.
std::string field(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + before.size();
  return text.substr(begin, std::min(text.find(',', begin), text.size()) - begin);
}

http::Response refused(const std::string& code, const std::string& message) {
  return route53_refusal(403, code, message);
}

http::Response mismatch() {
  return refused("SignatureDoesNotMatch",
                 "The request signature we calculated does not match the signature you provided. "
                 "Check your AWS Secret Access Key and signing method.");
}

/// Our client's paths need no encoding, and its queries are encoded as they are signed.
std::string canonical(const http::Request& request, const std::vector<std::string>& names) {
  const std::size_t host = request.url.find("://") + 3;
  const std::size_t path = request.url.find('/', host);
  const std::string target = request.url.substr(path);
  const std::size_t question = std::min(target.find('?'), target.size());
  std::vector<std::string> parameters;
  if (question < target.size()) parameters = base::split(target.substr(question + 1), '&');
  std::sort(parameters.begin(), parameters.end());
  std::string text = std::string(http::method_name(request.method)) + "\n" +
                     target.substr(0, question) + "\n" + base::join(parameters, "&") + "\n";
  for (const std::string& name : names) {
    const std::string* value = request.headers.find(name);
    text += name + ":" + (value == nullptr ? std::string() : *value) + "\n";
  }
  return text + "\n" + base::join(names, ";") + "\n" + base::sha256_hex(request.body);
}

bool is_signed(const std::vector<std::string>& names, const char* name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "20150830T123600Z"
std::optional<base::Instant> moment(const std::string& text) {
  if (text.size() != 16) return std::nullopt;
  const auto parsed =
      base::parse_instant(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 5) +
                          ":" + text.substr(11, 2) + ":" + text.substr(13, 3));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

std::optional<http::Response> route53_signature_fault(const http::Request& request,
                                                      const Route53Simulator::Options& options) {
  const std::string* authorization = request.headers.find("Authorization");
  if (authorization == nullptr || !authorization->starts_with("AWS4-HMAC-SHA256 ")) {
    return refused("MissingAuthenticationToken", "Missing Authentication Token");
  }
  const auto scope = base::split(field(*authorization, "Credential="), '/');
  const auto names = base::split(field(*authorization, "SignedHeaders="), ';');
  const std::string* date = request.headers.find("X-Amz-Date");
  const auto when = date == nullptr ? std::nullopt : moment(*date);
  if (scope.size() != 5 || !when || scope[1] != date->substr(0, 8)) {
    return refused("IncompleteSignature", "The request signature is not whole");
  }
  if (scope[2] != options.region || scope[3] != "route53" || scope[4] != "aws4_request") {
    return refused("SignatureDoesNotMatch",
                   "Credential should be scoped to a valid region, not '" + scope[2] + "'.");
  }
  const std::string* token = request.headers.find("X-Amz-Security-Token");
  if (scope[0] != options.access_key_id ||
      (token == nullptr ? std::string() : *token) != options.session_token) {
    return refused("InvalidClientTokenId",
                   "The security token included in the request is invalid.");
  }
  const std::size_t host = request.url.find("://") + 3;
  const std::string* sent = request.headers.find("Host");
  const std::string authority = request.url.substr(host, request.url.find('/', host) - host);
  const bool all_signed =
      is_signed(names, "host") && is_signed(names, "x-amz-date") &&
      (token == nullptr || is_signed(names, "x-amz-security-token")) &&
      (request.headers.find("Content-Type") == nullptr || is_signed(names, "content-type")) &&
      std::is_sorted(names.begin(), names.end());
  if (sent == nullptr || *sent != authority || !all_signed) return mismatch();
  std::string key = "AWS4" + options.secret_access_key;
  for (std::size_t i = 1; i < scope.size(); ++i) key = base::hmac_sha256(key, scope[i]);
  const std::string reach = scope[1] + "/" + scope[2] + "/" + scope[3] + "/" + scope[4];
  const std::string text = "AWS4-HMAC-SHA256\n" + *date + "\n" + reach + "\n" +
                           base::sha256_hex(canonical(request, names));
  if (field(*authorization, "Signature=") != base::hex(base::hmac_sha256(key, text))) {
    return mismatch();
  }
  if (!options.now) return std::nullopt;
  const auto away = options.now() - *when;
  if (away <= std::chrono::minutes(5) && away >= -std::chrono::minutes(5)) return std::nullopt;
  return refused("SignatureDoesNotMatch", away > std::chrono::minutes(0)
                                              ? "Signature expired: " + *date + " is now earlier"
                                              : "Signature not yet current: " + *date);
}

}  // namespace mxsmith::tests
