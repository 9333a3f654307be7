// Spec files on the disk and in Git.

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/command.hpp"
#include "base/error.hpp"
#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

/// A folder of its own that is gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "mxsmith-spec-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void git(std::vector<std::string> arguments) const {
    std::vector<std::string> argv = {
        "git", "-C", path_.string(), "-c", "user.name=t", "-c", "user.email=t@example.com"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const auto result = base::run_command(argv);
    INFO(result.errors);
    REQUIRE(result.status == 0);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Lines names(const std::optional<std::vector<fs::path>>& files) {
  Lines result;
  for (const fs::path& file : files.value()) result.push_back(file.filename().string());
  return result;
}

}  // namespace

TEST_CASE("files on the disk") {
  const TemporaryFolder folder;
  folder.write("b.toml", "b");
  folder.write("a.toml", std::string("a\0\xff", 3));
  folder.write("mxsmith.toml", "");
  folder.write(".hidden.toml", "");
  folder.write("notes.txt", "");
  folder.write("deep/c.toml", "");
  const auto files = spec::disk_files();
  CHECK(files->read(folder.path() / "a.toml") == std::string("a\0\xff", 3));
  CHECK_FALSE(files->read(folder.path() / "no.toml").has_value());
  CHECK(names(files->list(folder.path())) == Lines{"a.toml", "b.toml"});
  CHECK_FALSE(files->list(folder.path() / "a.toml").has_value());
  CHECK_FALSE(files->list(folder.path() / "no").has_value());
}

TEST_CASE("files at a revision") {
  const TemporaryFolder folder;
  folder.git({"init", "-q"});
  folder.write("z.toml", "old");
  folder.write("gone/x y.toml", "gone");
  folder.write("gone/mxsmith.toml", "");
  folder.git({"add", "."});
  folder.git({"commit", "-q", "-m", "one"});
  fs::remove_all(folder.path() / "gone");
  folder.write("z.toml", "new");
  folder.write("added.toml", "");
  folder.git({"add", "-A"});
  folder.git({"commit", "-q", "-m", "two"});
  folder.write("z.toml", "not committed");

  const auto before = spec::git_files("HEAD~1");
  CHECK(before->read(folder.path() / "z.toml") == "old");
  CHECK(before->read(folder.path() / "gone" / "x y.toml") == "gone");
  CHECK_FALSE(before->read(folder.path() / "added.toml").has_value());
  CHECK_FALSE(before->read(folder.path() / "gone").has_value());
  CHECK(names(before->list(folder.path())) == Lines{"z.toml"});
  CHECK(names(before->list(folder.path() / "gone")) == Lines{"x y.toml"});
  CHECK_FALSE(before->list(folder.path() / "z.toml").has_value());
  CHECK_FALSE(before->list(folder.path() / "never").has_value());

  const auto now = spec::git_files("HEAD");
  CHECK(now->read(folder.path() / "z.toml") == "new");
  CHECK(names(now->list(folder.path())) == Lines{"added.toml", "z.toml"});
}

TEST_CASE("a revision that is not there") {
  const TemporaryFolder folder;
  folder.git({"init", "-q"});
  for (const char* revision : {"nowhere", "--output=x"}) {
    try {
      spec::git_files(revision)->read(folder.path() / "z.toml");
      FAIL("no error");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::not_found);
      CHECK(std::string(error.what()).find(revision) != std::string::npos);
    }
  }
  CHECK_FALSE(fs::exists("x"));
}
