#include "providers/route53/credentials.hpp"

#include <optional>
#include <set>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "providers/route53/metadata.hpp"
#include "providers/route53/profiles.hpp"
#include "providers/route53/sts.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

CredentialSource lasting(std::string words, std::string identity,
                         http::AwsCredentials credentials) {
  return {std::move(words), std::move(identity),
          [credentials = std::move(credentials)] { return credentials; }};
}

/// Two keys of one name with different secrets are not the same: one is mistyped.
std::string identity_of(const http::AwsCredentials& credentials) {
  return "key " + credentials.access_key_id + " " +
         base::sha256_hex(credentials.secret_access_key + credentials.session_token);
}

std::string revealed(const base::SecretSource& source) {
  std::string secret = base::resolve_secret(source).reveal();
  if (!secret.empty()) return secret;
  throw Error(ErrorKind::auth, base::describe_secret(source) + " is empty");
}

CredentialSource from_settings(const KeySettings& keys, const CredentialTools& tools) {
  http::AwsCredentials credentials;
  credentials.access_key_id = keys.access_key_id;
  credentials.secret_access_key = revealed(keys.secret_access_key);
  if (keys.session_token) credentials.session_token = revealed(*keys.session_token);
  tools.client.secrets().add(credentials.secret_access_key);
  tools.client.secrets().add(credentials.session_token);
  const std::string identity = identity_of(credentials);
  return lasting("the account's settings", identity, std::move(credentials));
}

std::optional<CredentialSource> from_environment(const CredentialTools& tools) {
  const auto id = variable("AWS_ACCESS_KEY_ID");
  const auto secret = variable("AWS_SECRET_ACCESS_KEY");
  if (!id || !secret) return std::nullopt;
  http::AwsCredentials credentials{*id, *secret, variable("AWS_SESSION_TOKEN").value_or(""), {}};
  tools.client.secrets().add(credentials.secret_access_key);
  tools.client.secrets().add(credentials.session_token);
  const std::string identity = identity_of(credentials);
  return lasting("the environment", identity, std::move(credentials));
}

std::optional<CredentialSource> from_environment_token(const CredentialTools& tools) {
  const auto file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  const auto role = variable("AWS_ROLE_ARN");
  if (!file || !role) return std::nullopt;
  return web_identity({*role, variable("AWS_ROLE_SESSION_NAME").value_or(""), {}, {}}, *file,
                      tools);
}

/// What profiles say.
class Profiles {
 public:
  explicit Profiles(const CredentialTools& tools)
      : tools_(tools), profiles_(read_profile_files()) {}

  [[nodiscard]] bool has(const std::string& name) const { return profiles_.contains(name); }

  /// Nothing when the profile says nothing about credentials. Throws Error{auth} for one that is
  /// not there or leads nowhere.
  std::optional<CredentialSource> source(const std::string& name) {
    const auto found = profiles_.find(name);
    if (found == profiles_.end()) {
      throw Error(ErrorKind::auth, "there is no profile \"" + name +
                                       "\" in AWS's configuration and credentials files");
    }
    const Profile& profile = found->second;
    const bool again = !walked_.insert(name).second;
    if (!again && has_value(profile, "role_arn")) return of_role(name, profile);
    if (auto keys = of_keys(name, profile)) return keys;
    if (again) throw Error(ErrorKind::auth, "profile " + name + " leads back to itself");
    if (has_value(profile, "credential_process")) {
      return from_process(profile.at("credential_process"));
    }
    if (has_value(profile, "sso_session") || has_value(profile, "sso_start_url")) {
      Error error(ErrorKind::auth, "profile " + name + " logs in by IAM Identity Center (SSO)");
      throw error.with_hint(
          "let AWS's own tool do that: credential_process = aws configure export-credentials "
          "--profile " +
          name);
    }
    return std::nullopt;
  }

 private:
  static bool has_value(const Profile& profile, const char* setting) {
    const auto found = profile.find(setting);
    return found != profile.end() && !found->second.empty();
  }
  static std::string value(const Profile& profile, const char* setting) {
    const auto found = profile.find(setting);
    return found == profile.end() ? std::string() : found->second;
  }

  std::optional<CredentialSource> of_keys(const std::string& name, const Profile& profile) {
    http::AwsCredentials credentials{value(profile, "aws_access_key_id"),
                                     value(profile, "aws_secret_access_key"),
                                     value(profile, "aws_session_token"),
                                     {}};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
      return std::nullopt;
    }
    tools_.client.secrets().add(credentials.secret_access_key);
    tools_.client.secrets().add(credentials.session_token);
    const std::string identity = identity_of(credentials);
    return lasting("profile " + name, identity, std::move(credentials));
  }

  CredentialSource of_role(const std::string& name, const Profile& profile) {
    const Role role{profile.at("role_arn"), value(profile, "role_session_name"),
                    value(profile, "external_id"), value(profile, "region")};
    if (has_value(profile, "web_identity_token_file")) {
      return web_identity(role, profile.at("web_identity_token_file"), tools_);
    }
    std::optional<CredentialSource> base;
    if (has_value(profile, "source_profile")) {
      base = source(profile.at("source_profile"));
    } else {
      base = by_word(value(profile, "credential_source"));
    }
    if (base) return assume_role(*base, role, tools_);
    throw Error(ErrorKind::auth,
                "profile " + name + " does not say with what its role is taken on: " +
                    "source_profile, credential_source or web_identity_token_file");
  }

  std::optional<CredentialSource> by_word(const std::string& word) {
    if (word == "Environment") return from_environment(tools_);
    if (word == "EcsContainer") return from_container(tools_);
    if (word == "Ec2InstanceMetadata") return from_instance(tools_);
    return std::nullopt;
  }

  const CredentialTools& tools_;
  std::map<std::string, Profile> profiles_;
  std::set<std::string> walked_;
};

std::optional<CredentialSource> from_profiles(const Settings& settings,
                                              const CredentialTools& tools) {
  Profiles profiles(tools);
  const auto named = settings.profile.empty() ? variable("AWS_PROFILE") : settings.profile;
  if (!named && !profiles.has("default")) return std::nullopt;
  auto source = profiles.source(named.value_or("default"));
  if (source || !named) return source;
  throw Error(ErrorKind::auth, "profile " + *named + " has no credentials");
}

CredentialSource first_source(const Settings& settings, const CredentialTools& tools) {
  if (settings.keys) return from_settings(*settings.keys, tools);
  if (!settings.profile.empty()) return *from_profiles(settings, tools);
  if (auto source = from_environment(tools)) return *source;
  if (auto source = from_environment_token(tools)) return *source;
  if (auto source = from_profiles(settings, tools)) return *source;
  if (auto source = from_container(tools)) return *source;
  if (auto source = from_instance(tools)) return *source;
  throw Error(ErrorKind::auth,
              "there are no AWS credentials: neither in the settings of the account, nor in the "
              "environment (AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE), nor in a profile, nor "
              "from a container's agent, and this machine is no EC2 instance")
      .with_hint("set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

}  // namespace

CredentialSource choose_source(const Settings& settings, const CredentialTools& tools) {
  CredentialSource source = first_source(settings, tools);
  if (settings.role.arn.empty()) return source;
  return assume_role(source, {settings.role.arn, {}, settings.role.external_id, {}}, tools);
}

}  // namespace mxsmith::providers::route53
