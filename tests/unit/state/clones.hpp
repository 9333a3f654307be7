// Clones that share a bare remote, for tests of the git store.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/settings.hpp"
#include "sample.hpp"
#include "state/git_store.hpp"
#include "support/catch.hpp"

namespace mxsmith::tests {

/// Runs git, which must succeed; what it printed, without the last newline.
inline std::string git(const fs::path& folder, std::vector<std::string> args) {
  RunOptions options;
  options.args = {"-c", "user.name=kim",          "-c", "user.email=kim@example.com",
                  "-c", "init.defaultBranch=main"};
  options.args.insert(options.args.end(), args.begin(), args.end());
  options.directory = folder;
  options.without = {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"};
  const auto program = find_program("git");
  REQUIRE(program);  // install the package git
  auto result = run(*program, options);
  INFO(result.out << result.err);
  REQUIRE(result.exit == 0);
  while (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
  return result.out;
}

inline base::SystemClock& system_clock() {
  static base::SystemClock clock;
  return clock;
}

/// A bare repository with one commit, and clones of it on demand.
class SharedRepository {
 public:
  SharedRepository() {
    git(folder_.path(), {"init", "--quiet", "--bare", remote().string()});
    const fs::path first = clone("first");
    folder_.write("first/README", "spec\n");
    git(first, {"add", "README"});
    git(first, {"commit", "--quiet", "-m", "spec"});
    git(first, {"push", "--quiet", "origin", "HEAD:refs/heads/main"});
  }

  [[nodiscard]] fs::path remote() const { return folder_.path() / "remote.git"; }
  [[nodiscard]] std::string url() const { return "file://" + remote().string(); }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }

  fs::path clone(const std::string& name, std::vector<std::string> how = {}) const {
    std::vector<std::string> args = {"clone", "--quiet"};
    args.insert(args.end(), how.begin(), how.end());
    args.insert(args.end(), {url(), name});
    git(folder_.path(), args);
    return folder_.path() / name;
  }

  /// A store in a clone that is made if it is not there.
  std::unique_ptr<state::Store> store(const std::string& name,
                                      base::Clock& clock = system_clock()) const {
    if (!fs::exists(folder_.path() / name)) clone(name);
    return state::git_store(settings(folder_.path() / name), clock);
  }

  static base::StateSettings settings(const fs::path& folder) {
    base::StateSettings settings;
    settings.kind = base::StateSettings::Kind::git;
    settings.directory = folder;
    return settings;
  }

 private:
  TemporaryDirectory folder_;
};

/// The message of the Error that the deed throws.
template <class Deed>
std::string error_of(Deed deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace mxsmith::tests
