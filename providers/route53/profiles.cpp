#include "providers/route53/profiles.hpp"

#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "providers/route53/settings.hpp"

namespace mxsmith::providers::route53 {

namespace {

/// The profile that a section "[...]" is about; empty: none.
std::string profile_of(std::string_view section, ProfileFile file) {
  const std::vector<std::string> words = words_of(section);
  if (words.size() == 1 && (words[0] == "default" || file == ProfileFile::credentials)) {
    return words[0];
  }
  const bool named = words.size() == 2 && words[0] == "profile" && file == ProfileFile::config;
  return named ? words[1] : std::string();
}

void read_file(const char* variable_name, const char* name, ProfileFile file,
               std::map<std::string, Profile>& profiles) {
  std::filesystem::path path;
  if (const auto set = variable(variable_name)) {
    path = *set;
  } else if (const auto home = variable("HOME")) {
    path = std::filesystem::path(*home) / ".aws" / name;
  }
  if (path.empty()) return;
  if (const auto text = base::read_file_if_there(path)) read_profiles(*text, file, profiles);
}

}  // namespace

void read_profiles(std::string_view text, ProfileFile file,
                   std::map<std::string, Profile>& profiles) {
  Profile* profile = nullptr;
  for (const std::string& line : base::split(text, '\n')) {
    const std::string_view content = base::trim(line);
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (content.empty() || content.front() == '#' || content.front() == ';' || indented) continue;
    if (content.front() == '[') {
      const std::size_t end = content.find(']');
      const std::string name =
          profile_of(content.substr(1, end == content.npos ? end : end - 1), file);
      profile = name.empty() ? nullptr : &profiles[name];
      continue;
    }
    const std::size_t equals = content.find('=');
    if (profile == nullptr || equals == content.npos) continue;
    (*profile)[base::to_lower(base::trim(content.substr(0, equals)))] =
        std::string(base::trim(content.substr(equals + 1)));
  }
}

std::map<std::string, Profile> read_profile_files() {
  std::map<std::string, Profile> profiles;
  read_file("AWS_CONFIG_FILE", "config", ProfileFile::config, profiles);
  read_file("AWS_SHARED_CREDENTIALS_FILE", "credentials", ProfileFile::credentials, profiles);
  return profiles;
}

std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    const bool blank = c == ' ' || c == '\t';
    if (quote == '\0' && blank) {
      if (word) words.push_back(*word);
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      *word += command[++i];
    } else {
      *word += c;
    }
  }
  if (word) words.push_back(*word);
  return words;
}

}  // namespace mxsmith::providers::route53
