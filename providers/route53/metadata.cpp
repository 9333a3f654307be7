#include "providers/route53/metadata.hpp"

#include <utility>

#include "base/command.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "providers/route53/profiles.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

std::string text_in(const Json& answer, std::string_view member) {
  const Json* value = answer.find(member);
  return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

/// AccessKeyId, SecretAccessKey, Expiration and, by one of two names, the token. `text` is never
/// part of a message.
http::AwsCredentials parse_credentials(const std::string& text, std::string_view token,
                                       const std::string& doing) {
  Json answer;
  try {
    answer = http::parse_json(text, doing);
  } catch (const Error&) {
    throw Error(ErrorKind::auth, doing + ": what came is no JSON");
  }
  http::AwsCredentials credentials{text_in(answer, "AccessKeyId"),
                                   text_in(answer, "SecretAccessKey"),
                                   text_in(answer, token),
                                   {}};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    throw Error(ErrorKind::auth, doing + ": there are no credentials in what came");
  }
  const std::string expiration = text_in(answer, "Expiration");
  if (expiration.empty()) return credentials;
  const auto expire = base::parse_instant(expiration);
  if (!expire) throw Error(ErrorKind::auth, doing + ": the expiration is no time");
  credentials.expire = *expire;
  return credentials;
}

/// The content of an answer with status 200. What else came is not shown: it may hold anything.
std::string ask(const CredentialTools& tools, http::Request request, const std::string& doing) {
  request.intent = http::Intent::auth;
  request.ca_file = tools.ca_file;
  const http::Response response = tools.client.send(request);
  if (response.status == 200) return response.body.text();
  throw Error(ErrorKind::auth,
              doing + ": the answer has status " + std::to_string(response.status));
}

/// Host of an http address; empty for another kind.
std::string http_host_of(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return {};
  const std::size_t begin = kScheme.size();
  if (url.compare(begin, 1, "[") == 0) return url.substr(begin, url.find(']') + 1 - begin);
  return url.substr(begin, url.find_first_of(":/", begin) - begin);
}

/// Plain http goes no further than this machine, and to the addresses of AWS's own agents.
bool is_trusted(const std::string& url) {
  if (!canonical_url(url.substr(0, url.find('?')))) return false;
  if (url.starts_with("https://")) return true;
  const std::string host = http_host_of(url);
  for (const char* known :
       {"localhost", "127.0.0.1", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"}) {
    if (host == known) return true;
  }
  return false;
}

/// What the agent wants to see; from a file each time, since it is renewed there.
std::string container_token() {
  if (const auto file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    return std::string(base::trim(base::read_file(*file)));
  }
  return variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
}

std::string first_line(const char* path) {
  try {
    const auto text = base::read_file_if_there(path);
    return text ? text->substr(0, text->find('\n')) : std::string();
  } catch (const Error&) {
    return {};  // not for everybody to read
  }
}

bool is_instance() {
  return first_line("/sys/class/dmi/id/sys_vendor") == "Amazon EC2" ||
         first_line("/sys/class/dmi/id/bios_version").find("amazon") != std::string::npos ||
         first_line("/sys/hypervisor/uuid").starts_with("ec2");
}

http::Request metadata_request(const std::string& url, const std::string& token) {
  http::Request request;
  request.url = url;
  request.headers = {{"X-aws-ec2-metadata-token", token}};
  return request;
}

http::AwsCredentials ask_instance(const CredentialTools& tools, const std::string& service) {
  const std::string doing = "asking the instance's metadata service at " + service;
  http::Request session;
  session.method = http::Method::put;
  session.url = service + "/latest/api/token";
  session.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  const std::string token = ask(tools, session, doing);
  tools.client.secrets().add(token);
  const std::string roles = service + "/latest/meta-data/iam/security-credentials/";
  const std::string listed = ask(tools, metadata_request(roles, token), doing);
  const std::string role = listed.substr(0, listed.find('\n'));
  if (role.empty()) throw Error(ErrorKind::auth, doing + ": the instance has no role");
  const std::string text =
      ask(tools, metadata_request(roles + http::percent_encode(role), token), doing);
  return parse_credentials(text, "Token", doing);
}

}  // namespace

CredentialSource from_process(const std::string& command) {
  CredentialSource source;
  const std::vector<std::string> words = words_of(command);
  const std::string program = words.empty() ? std::string() : words.front();
  source.words = "credential_process " + program;
  source.identity = "process " + command;
  source.fetch = [words, program] {
    const std::string doing = "running credential_process " + program;
    if (words.empty()) throw Error(ErrorKind::auth, "credential_process is empty");
    const base::CommandResult result = base::run_command(words);
    if (result.status != 0) {
      throw Error(ErrorKind::auth,
                  doing + ": it ended with status " + std::to_string(result.status));
    }
    return parse_credentials(result.output, "SessionToken", doing);
  };
  return source;
}

std::optional<CredentialSource> from_container(const CredentialTools& tools) {
  const auto relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::nullopt;
  const std::string url = relative ? "http://169.254.170.2" + *relative : *full;
  if (!is_trusted(url)) {
    throw Error(ErrorKind::auth,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI leads neither to https nor to this machine; "
                "the container's token is not sent there");
  }
  CredentialSource source;
  source.words = "the container's agent";
  source.identity = "container " + url;
  source.fetch = [tools, url] {
    http::Request request;
    request.url = url;
    const std::string token = container_token();
    tools.client.secrets().add(token);
    if (!token.empty()) request.headers.set("Authorization", token);
    const std::string doing = "asking the container's agent at " + url;
    return parse_credentials(ask(tools, request, doing), "Token", doing);
  };
  return source;
}

std::optional<CredentialSource> from_instance(const CredentialTools& tools) {
  if (base::equals_ignoring_case(variable("AWS_EC2_METADATA_DISABLED").value_or(""), "true")) {
    return std::nullopt;
  }
  const auto set = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (!set && !is_instance()) return std::nullopt;
  const auto service = canonical_url(set.value_or("http://169.254.169.254"));
  if (!service) {
    throw Error(ErrorKind::usage, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no address of a service");
  }
  CredentialSource source;
  source.words = "the instance's role";
  source.identity = "instance " + *service;
  source.fetch = [tools, url = *service] { return ask_instance(tools, url); };
  return source;
}

}  // namespace mxsmith::providers::route53
