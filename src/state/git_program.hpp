// The `git` program, run so that it asks nobody, runs no hooks of the user's and tells no secrets.
//
// One value stands for one repository seen from one folder. Any thread may use it once it is set
// up. Every failure is Error with git's own words; credentials are taken out of them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/command.hpp"
#include "base/error.hpp"

namespace mxsmith::state {

namespace fs = std::filesystem;

class GitProgram {
 public:
  /// `folder` is where git runs; relative URLs of remotes start there.
  explicit GitProgram(const fs::path& folder);

  /// Works on this repository and not on the one that `folder` is in.
  void use_repository(const fs::path& repository);
  /// Configuration for git alone, as `-c` would give it, but not readable in the list of processes.
  void configure(std::string key, std::string value);
  /// What must not appear in messages.
  void hide(std::string secret);

  /// Whatever the exit status. Throws Error{io} only when git cannot be started.
  [[nodiscard]] base::CommandResult try_run(const std::vector<std::string>& arguments,
                                            std::string_view input = {}) const;
  /// What it printed. Throws Error{kind} when it fails.
  std::string run(const std::vector<std::string>& arguments, std::string_view input = {},
                  base::ErrorKind kind = base::ErrorKind::io) const;
  /// "git says: ...", safe to show.
  [[nodiscard]] std::string words_of(const base::CommandResult& result) const;

 private:
  std::vector<std::string> argv_;
  std::vector<std::pair<std::string, std::string>> environment_;
  std::vector<std::pair<std::string, std::string>> configuration_;
  std::vector<std::string> secrets_;
};

/// The part of a URL before "@" that may be a password or token; empty when there is none.
std::string credentials_in(std::string_view url);
/// The URL without it; the user name of ssh stays.
std::string without_credentials(std::string_view url);

}  // namespace mxsmith::state
