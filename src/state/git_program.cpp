#include "state/git_program.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"

namespace mxsmith::state {

namespace {

/// `git rev-parse --local-env-vars`, and what else could lead git to another repository or index:
/// set while git runs a hook, or a command such as rebase --exec, of which we may be a child.
const std::vector<std::string>& repository_variables() {
  static const std::vector<std::string> kVariables = {"GIT_DIR",
                                                      "GIT_WORK_TREE",
                                                      "GIT_INDEX_FILE",
                                                      "GIT_OBJECT_DIRECTORY",
                                                      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                                      "GIT_COMMON_DIR",
                                                      "GIT_NAMESPACE",
                                                      "GIT_PREFIX",
                                                      "GIT_SHALLOW_FILE",
                                                      "GIT_GRAFT_FILE",
                                                      "GIT_REPLACE_REF_BASE",
                                                      "GIT_NO_REPLACE_OBJECTS",
                                                      "GIT_IMPLICIT_WORK_TREE",
                                                      "GIT_INTERNAL_SUPER_PREFIX",
                                                      "GIT_QUARANTINE_PATH",
                                                      "GIT_CONFIG",
                                                      "LC_ALL",
                                                      "LANGUAGE"};
  return kVariables;
}

/// Configuration of the user's that must not reach commits and pushes of ours.
constexpr std::array<std::pair<const char*, const char*>, 10> kOurs = {{
    {"core.hooksPath", "/dev/null"},
    {"core.logAllRefUpdates", "false"},
    {"commit.gpgSign", "false"},
    {"push.gpgSign", "false"},
    {"push.recurseSubmodules", "no"},
    {"submodule.recurse", "false"},
    {"gc.autoDetach", "false"},
    {"maintenance.autoDetach", "false"},
    {"credential.interactive", "never"},
    {"advice.pushUpdateRejected", "false"},
}};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void replace_all(std::string& text, const std::string& what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// "https://user:token@host" of any URL in the text, also of those we know nothing about.
void strip_userinfo(std::string& text) {
  constexpr std::string_view kScheme = "://";
  for (std::size_t at = text.find(kScheme); at != std::string::npos; at = text.find(kScheme, at)) {
    at += kScheme.size();
    const std::size_t end = std::min(text.find_first_of("/ '\"\n\t", at), text.size());
    const std::size_t sign = text.rfind('@', end == 0 ? 0 : end - 1);
    if (sign != std::string::npos && sign >= at && sign < end) text.replace(at, sign - at, "***");
  }
}

}  // namespace

std::string credentials_in(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t begin = scheme + 3;
  const std::size_t slash = std::min(url.find('/', begin), url.size());
  const std::size_t sign = url.substr(0, slash).rfind('@');
  if (sign == std::string_view::npos || sign < begin) return {};
  const std::string_view userinfo = url.substr(begin, sign - begin);
  const bool ssh = url.find("ssh") < scheme;
  if (ssh && userinfo.find(':') == std::string_view::npos) return {};
  return std::string(userinfo);
}

std::string without_credentials(std::string_view url) {
  std::string text(url);
  if (const std::string secret = credentials_in(url); !secret.empty()) {
    text.erase(text.find(secret), secret.size() + 1);
  }
  return text;
}

GitProgram::GitProgram(const fs::path& folder)
    : argv_({"git", "-C", folder.string()}),
      environment_({{"GIT_TERMINAL_PROMPT", "0"}, {"LC_ALL", "C"}}),
      configuration_(kOurs.begin(), kOurs.end()) {}

void GitProgram::use_repository(const fs::path& repository) {
  environment_.emplace_back("GIT_DIR", repository.string());
  // ssh asks at the terminal itself, past GIT_TERMINAL_PROMPT. Whoever chose a command is obeyed.
  const bool chosen = std::any_of(configuration_.begin(), configuration_.end(), [](const auto& c) {
    return base::equals_ignoring_case(c.first, "core.sshCommand");
  });
  if (!chosen && variable("GIT_SSH_COMMAND").empty() && variable("GIT_SSH").empty()) {
    const base::CommandResult found = try_run({"config", "core.sshCommand"});
    if (found.status != 0) environment_.emplace_back("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
  }
}

void GitProgram::configure(std::string key, std::string value) {
  configuration_.emplace_back(std::move(key), std::move(value));
}

void GitProgram::hide(std::string secret) {
  if (!secret.empty()) secrets_.push_back(std::move(secret));
}

base::CommandResult GitProgram::try_run(const std::vector<std::string>& arguments,
                                        std::string_view input) const {
  std::vector<std::string> argv = argv_;
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  base::CommandInput given{input, environment_, repository_variables()};
  // What is configured by variables already stays, and ours follows, so that it counts.
  std::size_t count = std::strtoul(variable("GIT_CONFIG_COUNT").c_str(), nullptr, 10);
  for (const auto& [key, value] : configuration_) {
    const std::string number = std::to_string(count++);
    given.environment.emplace_back("GIT_CONFIG_KEY_" + number, key);
    given.environment.emplace_back("GIT_CONFIG_VALUE_" + number, value);
  }
  given.environment.emplace_back("GIT_CONFIG_COUNT", std::to_string(count));
  try {
    return base::run_command(argv, given);
  } catch (const base::Error& error) {
    base::Error worded = error.with_context("the git store");
    throw worded.with_hint("it works through the program git: install it");
  }
}

std::string GitProgram::run(const std::vector<std::string>& arguments, std::string_view input,
                            base::ErrorKind kind) const {
  base::CommandResult result = try_run(arguments, input);
  if (result.status == 0) return std::move(result.output);
  throw base::Error(kind, words_of(result));
}

std::string GitProgram::words_of(const base::CommandResult& result) const {
  std::string words(base::trim(result.errors));
  if (words.empty()) words = "exit status " + std::to_string(result.status);
  for (const auto& secret : secrets_) replace_all(words, secret, "***");
  strip_userinfo(words);
  return "git says: " + words;
}

}  // namespace mxsmith::state
