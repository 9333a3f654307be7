// Settings of an account, as the project file gives them and a provider takes them: names, values,
// places.
//
// It is the form in which configuration crosses from spec (which reads TOML) to providers (which
// know their own names) without either including the other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "base/secret.hpp"

namespace mxsmith::base {

using SettingValue =
    std::variant<std::string, std::int64_t, bool, std::vector<std::string>, SecretSource>;

struct Setting {
  SettingValue value;
  SourcePos pos;
};

/// One account at one provider.
struct Account {
  std::string name;  ///< As specs call it.
  std::string type;  ///< The provider's type: "zonefile", "cloudflare".
  std::map<std::string, Setting> settings;
  /// The program to run, where its provider is a plug-in; empty: a provider of our own.
  std::vector<std::string> command;
  std::filesystem::path directory;  ///< Relative paths in settings start here.
  SourcePos pos;

  /// The setting if it is there and of that type; nothing otherwise.
  template <class T>
  [[nodiscard]] const T* get(const std::string& setting) const {
    const auto found = settings.find(setting);
    return found == settings.end() ? nullptr : std::get_if<T>(&found->second.value);
  }
};

/// Where history is kept ([state] of the project file).
struct StateSettings {
  enum class Kind : std::uint8_t { file, git };
  Kind kind = Kind::file;
  std::filesystem::path directory;  ///< file: of the store. git: a folder inside the repository.
  std::string remote;               ///< git: name of the remote; empty: "origin" if there is one.
  std::string ref = "refs/mxsmith/state";  ///< git
  std::string project;  ///< git: its name in the ref; empty: its folder's path in the repository.
  Seconds lease{900};   ///< git: how long a run that is not heard of keeps a zone to itself.
  SourcePos pos;
};

}  // namespace mxsmith::base
