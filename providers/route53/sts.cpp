#include "providers/route53/sts.hpp"

#include <memory>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "providers/route53/answers.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::string region_of(const Role& role, const Partition& partition) {
  if (!role.region.empty()) return role.region;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = variable(name)) return *region;
  }
  return std::string(partition.region);
}

/// Of the region: the global one is not everywhere, and slow from afar.
std::string endpoint_of(const Role& role, const Partition& partition) {
  for (const char* name : {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"}) {
    const auto url = variable(name);
    if (!url) continue;
    if (auto canonical = canonical_url(*url)) return *canonical;
    throw Error(ErrorKind::usage, std::string(name) + " is no address of an API");
  }
  return "https://sts." + region_of(role, partition) + "." + std::string(partition.domain);
}

std::string form_of(const Parameters& parameters) {
  std::string form = "Version=2011-06-15";
  for (const auto& [name, value] : parameters) {
    form.append("&").append(name).append("=").append(http::percent_encode(value));
  }
  return form;
}

http::AwsCredentials credentials_in(const Element& root, const std::string& action,
                                    const std::string& doing) {
  const Element* result = root.find(action + "Result");
  const Element* found = result == nullptr ? nullptr : result->find("Credentials");
  if (found == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the answer has no credentials");
  }
  http::AwsCredentials credentials{found->text_of("AccessKeyId"),
                                   found->text_of("SecretAccessKey"),
                                   found->text_of("SessionToken"),
                                   {}};
  const auto expire = base::parse_instant(found->text_of("Expiration"));
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
      credentials.session_token.empty() || !expire) {
    throw Error(ErrorKind::protocol, doing + ": the credentials in the answer are not whole");
  }
  credentials.expire = *expire;
  return credentials;
}

/// Asks STS; without a signer the request carries what it needs.
http::AwsCredentials ask_sts(const CredentialTools& tools, const std::string& endpoint,
                             const std::string& action, const Parameters& parameters,
                             http::SigV4Authorizer* signer) {
  const std::string doing = action + " at " + endpoint;
  Parameters all = {{"Action", action}};
  all.insert(all.end(), parameters.begin(), parameters.end());
  http::Request request;
  request.method = http::Method::post;
  request.intent = http::Intent::auth;
  request.url = endpoint + "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"Accept", "text/xml"}};
  request.body = form_of(all);
  request.ca_file = tools.ca_file;
  http::Manner manner;
  manner.authorizer = signer;
  if (signer != nullptr) {
    manner.throttled = [signer](const http::Response& response) {
      return is_worth_another_try(response, *signer);
    };
  }
  const http::Response response = tools.client.send(request, manner);
  try {
    return credentials_in(check_read(response, action + "Response", doing, tools.client.secrets()),
                          action, doing);
  } catch (const Error& error) {
    // What is wrong with a token or a role STS says with status 400.
    if (response.status < 400 || response.status >= 500) throw;
    throw Error(ErrorKind::auth, error.what())
        .with_hint(error.hint())
        .with_request_id(error.request_id());
  }
}

std::string session_of(const Role& role) {
  return role.session_name.empty() ? "mxsmith" : role.session_name;
}

}  // namespace

CredentialSource assume_role(const CredentialSource& base, const Role& role,
                             const CredentialTools& tools) {
  const std::string endpoint = endpoint_of(role, tools.partition);
  const std::string region = region_of(role, tools.partition);
  auto signer = std::make_shared<http::SigV4Authorizer>(
      tools.clock, tools.client.secrets(), http::SigV4Scope{region, "sts"}, base.fetch);
  CredentialSource source;
  source.words = "role " + role.arn + ", taken on with " + base.words;
  source.identity = base.identity + " > " + role.arn;
  source.fetch = [role, tools, endpoint, signer] {
    Parameters parameters = {{"RoleArn", role.arn}, {"RoleSessionName", session_of(role)}};
    if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
    return ask_sts(tools, endpoint, "AssumeRole", parameters, signer.get());
  };
  return source;
}

CredentialSource web_identity(const Role& role, const std::string& token_file,
                              const CredentialTools& tools) {
  const std::string endpoint = endpoint_of(role, tools.partition);
  CredentialSource source;
  source.words = "role " + role.arn + ", by the web identity token in " + token_file;
  source.identity = "web identity " + role.arn + " " + token_file;
  source.fetch = [role, tools, endpoint, token_file] {
    const auto text = base::read_file_if_there(token_file);
    const std::string token = std::string(base::trim(text.value_or("")));
    if (token.empty()) {
      throw Error(ErrorKind::auth, "there is no web identity token in " + token_file);
    }
    tools.client.secrets().add(token);
    const Parameters parameters = {
        {"RoleArn", role.arn}, {"RoleSessionName", session_of(role)}, {"WebIdentityToken", token}};
    return ask_sts(tools, endpoint, "AssumeRoleWithWebIdentity", parameters, nullptr);
  };
  return source;
}

}  // namespace mxsmith::providers::route53
