#include "providers/rfc2136/settings.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::providers::rfc2136 {

namespace {

using base::Account;
using provider::refuse_setting;

/// A setting or the variable that stands in for it, and how to speak of it.
struct Text {
  std::string value;
  std::string called;  ///< "`server`", "RFC2136_NAMESERVER"
  base::SourcePos pos;
};

std::optional<Text> text_or_variable(const Account& account, const std::string& name,
                                     const char* variable) {
  if (const std::string* text = provider::text_setting(account, name)) {
    return Text{*text, "`" + name + "`", account.settings.at(name).pos};
  }
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return Text{value, variable, {}};
}

Text needed(const Account& account, const std::string& name, const char* variable,
            const char* what) {
  if (auto text = text_or_variable(account, name, variable)) return *text;
  refuse_setting(account.pos, "account " + account.name + " does not say " + what + ": set `" +
                                  name + "`, or " + variable + " in the environment");
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if (!whole || port == 0) return std::nullopt;
  return port;
}

/// "host", "host:port", "[v6]", "[v6]:port", or a bare IPv6 address.
resolve::Address address_of(const Text& text) {
  std::string_view rest = text.value;
  resolve::Address address;
  std::string_view port;
  const auto closing = rest.find(']');
  const auto colon = rest.rfind(':');
  if (rest.starts_with('[') && closing != std::string_view::npos) {
    address.host = rest.substr(1, closing - 1);
    port = rest.substr(closing + 1);
  } else if (colon != std::string_view::npos && rest.find(':') == colon) {
    address.host = rest.substr(0, colon);
    port = rest.substr(colon);
  } else {
    address.host = rest;
  }
  if (!port.empty()) {
    const auto number = port.starts_with(':') ? port_of(port.substr(1)) : std::nullopt;
    if (!number) refuse_setting(text.pos, text.called + " has no port from 1 to 65535 after it");
    address.port = *number;
  }
  if (address.host.empty() || address.host.find_first_of(" \t/@") != std::string::npos) {
    refuse_setting(text.pos, text.called + " is no server; write host:port");
  }
  address.host = base::to_lower(address.host);
  return address;
}

dns::Name name_of(const std::string& text, const std::string& called, const base::SourcePos& pos) {
  auto name = dns::Name::parse_absolute(text);
  if (name.ok()) return *name;
  refuse_setting(pos, called + ": \"" + text + "\" is no name: " + name.fault().message);
}

resolve::TsigAlgorithm algorithm_of(const Text& text) {
  std::string word = base::to_lower(text.value);
  if (word.ends_with('.')) word.pop_back();
  if (const auto algorithm = resolve::parse_tsig_algorithm(word)) return *algorithm;
  refuse_setting(text.pos,
                 text.called + " is none of " + base::join(resolve::tsig_algorithm_names(), ", "));
}

base::SecretSource secret_of(const Account& account) {
  const auto found = account.settings.find("secret");
  if (found == account.settings.end()) return base::SecretFromEnv{"RFC2136_TSIG_SECRET"};
  const auto* source = std::get_if<base::SecretSource>(&found->second.value);
  if (source != nullptr) return *source;
  refuse_setting(
      found->second.pos,
      R"(`secret` takes {env = "..."}, {file = "..."} or {command = ["..."]}, never the secret )"
      "itself");
}

/// The list of a setting and its place; empty when it is not there.
std::pair<std::vector<std::string>, base::SourcePos> list_of(const Account& account,
                                                             const std::string& name) {
  const auto found = account.settings.find(name);
  if (found == account.settings.end()) return {};
  const auto* list = std::get_if<std::vector<std::string>>(&found->second.value);
  if (list != nullptr && !list->empty()) return {*list, found->second.pos};
  refuse_setting(found->second.pos, "`" + name + "` takes a list of strings");
}

}  // namespace

Settings parse_settings(const Account& account) {
  provider::refuse_unknown_settings(
      account,
      std::array<std::string, 6>{"server", "key_name", "algorithm", "secret", "zones", "types"});
  Settings settings;
  settings.server =
      address_of(needed(account, "server", "RFC2136_NAMESERVER", "which server to ask"));
  const Text key = needed(account, "key_name", "RFC2136_TSIG_KEY", "which TSIG key to sign with");
  settings.key = name_of(key.value, key.called, key.pos);
  if (const auto word = text_or_variable(account, "algorithm", "RFC2136_TSIG_ALGORITHM")) {
    settings.algorithm = algorithm_of(*word);
  }
  settings.secret = secret_of(account);
  const auto [zones, zones_pos] = list_of(account, "zones");
  for (const auto& zone : zones) settings.zones.push_back(name_of(zone, "`zones`", zones_pos));
  const auto [types, types_pos] = list_of(account, "types");
  for (const auto& word : types) {
    const auto type = dns::parse_type(word);
    if (!type) refuse_setting(types_pos, "`types`: there is no record type " + word);
    settings.types.push_back(*type);
  }
  return settings;
}

}  // namespace mxsmith::providers::rfc2136
