#include "providers/gcloud/credentials.hpp"

#include <cstdlib>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Error;
using base::ErrorKind;
using base::Secret;
using http::Json;

constexpr const char* kTokenUrl = "https://oauth2.googleapis.com/token";

/// One file while it is read.
class CredentialReader {
 public:
  CredentialReader(std::string where, http::Secrets& secrets)
      : where_(std::move(where)), secrets_(secrets) {}

  [[noreturn]] void refuse(const std::string& why) const {
    Error error(ErrorKind::auth, "the credential from " + where_ + " " + why);
    throw error.with_hint(
        "it should be the JSON of a service account's key, of `gcloud auth application-default "
        "login`, or of a workload identity pool");
  }

  std::string text_or(const Json& object, const char* name, const std::string& otherwise) const {
    const Json* value = object.find(name);
    if (value == nullptr || value->is_null()) return otherwise;
    if (value->string() == nullptr) refuse(std::string("has a \"") + name + "\" that is no text");
    return *value->string();
  }
  std::string text(const Json& object, const char* name) const {
    std::string value = text_or(object, name, {});
    if (value.empty()) refuse(std::string("has no \"") + name + "\"");
    return value;
  }
  std::string url(const Json& object, const char* name, const char* otherwise) const {
    std::string value =
        otherwise == nullptr ? text(object, name) : text_or(object, name, otherwise);
    if (!value.starts_with("https://") && !value.starts_with("http://")) {
      refuse(std::string("has a \"") + name + "\" that is no URL");
    }
    return value;
  }
  Secret secret(std::string value) const {
    secrets_.add(value);
    return Secret(std::move(value));
  }

  ServiceAccountKey service_account(const Json& file) const {
    return {text(file, "client_email"), text_or(file, "private_key_id", {}),
            private_key(text(file, "private_key")), url(file, "token_uri", kTokenUrl)};
  }
  AuthorizedUser authorized_user(const Json& file) const {
    return {text(file, "client_id"), secret(text(file, "client_secret")),
            secret(text(file, "refresh_token")), url(file, "token_uri", kTokenUrl)};
  }
  ExternalAccount external_account(const Json& file) const;
  Impersonation impersonation(const Json& file) const;

 private:
  Secret private_key(std::string pem) const;
  void read_headers(const Json& source, ExternalAccount& account) const;

  std::string where_;
  http::Secrets& secrets_;
};

/// Going through a variable of the environment, a key may have got \n where its lines end.
Secret CredentialReader::private_key(std::string pem) const {
  for (std::size_t at = pem.find("\\n"); at != std::string::npos; at = pem.find("\\n", at)) {
    pem.replace(at, 2, "\n");
  }
  // Neither in one piece nor line by line.
  for (const std::string& line : base::split(pem, '\n')) {
    if (!line.starts_with("-----")) secrets_.add(base::trim(line));
  }
  return secret(std::move(pem));
}

void CredentialReader::read_headers(const Json& source, ExternalAccount& account) const {
  const Json* headers = source.find("headers");
  if (headers == nullptr) return;
  if (headers->members() == nullptr) refuse("has \"headers\" that are no object");
  for (const auto& [name, value] : *headers->members()) {
    if (value.string() == nullptr) refuse("has a header field that is no text");
    if (http::is_secret_header(name)) secrets_.add(*value.string());
    account.headers.emplace_back(name, *value.string());
  }
}

ExternalAccount CredentialReader::external_account(const Json& file) const {
  ExternalAccount account{text(file, "audience"),
                          text(file, "subject_token_type"),
                          url(file, "token_url", nullptr),
                          text_or(file, "client_id", {}),
                          secret(text_or(file, "client_secret", {})),
                          text_or(file, "workforce_pool_user_project", {}),
                          {},
                          {},
                          {},
                          {}};
  const Json* source = file.find("credential_source");
  if (source == nullptr) refuse("has no \"credential_source\"");
  account.file = text_or(*source, "file", {});
  if (account.file.empty()) {
    if (source->find("url") == nullptr || source->find("environment_id") != nullptr) {
      refuse("takes its token neither from a file nor from a URL, and nothing else is supported");
    }
    account.url = url(*source, "url", nullptr);
    read_headers(*source, account);
  }
  const Json* format = source->find("format");
  if (format != nullptr && text_or(*format, "type", "text") == "json") {
    account.field = text(*format, "subject_token_field_name");
  }
  return account;
}

Impersonation CredentialReader::impersonation(const Json& file) const {
  Impersonation impersonation;
  if (file.find("service_account_impersonation_url") == nullptr) return impersonation;
  impersonation.url = url(file, "service_account_impersonation_url", nullptr);
  const Json* more = file.find("service_account_impersonation");
  const Json* seconds = more == nullptr ? nullptr : more->find("token_lifetime_seconds");
  if (seconds != nullptr && seconds->integer() != nullptr) {
    impersonation.lifetime = base::Seconds(*seconds->integer());
  }
  const Json* delegates = file.find("delegates");
  if (delegates != nullptr && delegates->elements() != nullptr) {
    for (const Json& one : *delegates->elements()) {
      if (one.string() == nullptr) refuse("has \"delegates\" that are no texts");
      impersonation.delegates.push_back(*one.string());
    }
  }
  return impersonation;
}

/// "NAME@PROJECT.iam.gserviceaccount.com" of ".../serviceAccounts/NAME...:generateAccessToken".
std::string impersonated(const std::string& url) {
  const std::size_t slash = url.rfind('/');
  return base::escape_for_terminal(url.substr(slash + 1, url.rfind(':') - slash - 1));
}

void read_source(const CredentialReader& reader, const Json& file, Credentials& credentials) {
  const std::string type = reader.text(file, "type");
  if (type == "service_account") {
    auto key = reader.service_account(file);
    credentials.who = "service account " + base::escape_for_terminal(key.email);
    credentials.source = std::move(key);
  } else if (type == "authorized_user") {
    credentials.source = reader.authorized_user(file);
    credentials.who = "a user's own account";
  } else if (type == "external_account") {
    auto account = reader.external_account(file);
    credentials.who = "workload identity " + base::escape_for_terminal(account.audience);
    credentials.source = std::move(account);
  } else {
    reader.refuse("is of the type " + base::escape_for_terminal(type) + ", which is not supported");
  }
}

}  // namespace

Credentials parse_credentials(const Secret& text, const std::string& where,
                              http::Secrets& secrets) {
  const CredentialReader reader(where, secrets);
  Json file;
  try {
    file = http::parse_json(text.reveal(), where);
  } catch (const Error&) {
    reader.refuse("is no JSON");
  }
  if (file.members() == nullptr) reader.refuse("is no JSON object");
  // Placeholders until read_source has put in what the file holds.
  Credentials credentials{MetadataServer{}, {}, {}, {}, {}, where, {}};
  if (reader.text(file, "type") == "impersonated_service_account") {
    const Json* source = file.find("source_credentials");
    if (source == nullptr) reader.refuse("has no \"source_credentials\"");
    read_source(reader, *source, credentials);
  } else {
    read_source(reader, file, credentials);
  }
  credentials.impersonation = reader.impersonation(file);
  if (!credentials.impersonation.url.empty()) {
    credentials.who = "service account " + impersonated(credentials.impersonation.url) + ", for " +
                      credentials.who;
  }
  credentials.project = reader.text_or(file, "project_id", {});
  credentials.quota_project = reader.text_or(file, "quota_project_id", {});
  credentials.fingerprint = base::sha256_hex(text.reveal());
  return credentials;
}

Credentials metadata_credentials() {
  const char* set = std::getenv("GCE_METADATA_HOST");
  const std::string host = set != nullptr && *set != '\0' ? set : "metadata.google.internal";
  const std::string url = "http://" + host + "/computeMetadata/v1";
  return {MetadataServer{url},  {}, {}, {}, "the machine's own account", "the metadata server",
          base::sha256_hex(url)};
}

}  // namespace mxsmith::providers::gcloud
