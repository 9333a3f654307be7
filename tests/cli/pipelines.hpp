// Fresh clones of one bare repository, as runners of a pipeline have them, and a zone file that
// stands for the DNS provider outside of all clones.
#pragma once

#include <cstdlib>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

/// A record of the spec besides its MX.
struct SpecRecord {
  std::string name;
  std::string address;
};

class Pipelines {
 public:
  Pipelines() {
    write("zones/example.com.db",
          "$TTL 3600\n@ IN SOA ns1.example.com. h.example.com. 2024010101 3600 600 86400 300\n"
          "@ IN NS ns1.example.com.\nns1 IN A 192.0.2.53\n");
    git(path(), {"init", "--quiet", "--bare", "remote.git"});
    git(path(), {"clone", "--quiet", remote(), "author"});
    git(path() / "author", {"checkout", "--quiet", "-B", "main"});
    write("author/mxsmith.toml", "[accounts.dns]\ntype = \"zonefile\"\npath = \"" +
                                     (path() / "zones/${zone}.db").string() +
                                     "\"\n\n[state]\nstore = \"git\"\n");
    commit_spec({{"www", "192.0.2.1"}, {"old", "192.0.2.2"}});
  }

  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] std::string remote() const { return "file://" + (path() / "remote.git").string(); }

  static std::string git(const fs::path& folder, std::vector<std::string> args) {
    RunOptions options =
        in_folder(folder, {"-c", "user.name=kim", "-c", "user.email=kim@x.example"});
    options.args.insert(options.args.end(), args.begin(), args.end());
    const auto program = find_program("git");
    REQUIRE(program);  // install the package git
    const auto result = run(*program, options);
    INFO(result.out << result.err);
    REQUIRE(result.exit == 0);
    return result.out;
  }

  /// What the author pushes to the main branch.
  void commit_spec(const std::vector<SpecRecord>& records) const {
    std::string spec =
        "zone = \"example.com\"\nprovider = \"dns\"\nttl = \"1h\"\n\n[[mail.mx]]\n"
        "host = \"mx.example.net\"\npriority = 10\n";
    for (const auto& record : records) {
      spec += "\n[[record]]\nname = \"" + record.name + "\"\ntype = \"A\"\nvalues = [\"" +
              record.address + "\"]\n";
    }
    write("author/example.com.toml", spec);
    const fs::path author = path() / "author";
    git(author, {"add", "."});
    git(author, {"commit", "--quiet", "-m", "spec"});
    git(author, {"push", "--quiet", "origin", "HEAD:refs/heads/main"});
  }

  /// As runners clone: the newest commit alone.
  fs::path runner(const std::string& name) const {
    git(path(), {"clone", "--quiet", "--depth=1", "--branch=main", remote(), name});
    return path() / name;
  }

  [[nodiscard]] RunOptions options(const std::string& clone, std::vector<std::string> args) const {
    if (!fs::exists(path() / clone)) runner(clone);
    return in_folder(path() / clone, std::move(args));
  }
  RunResult mxsmith(const std::string& clone, std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, options(clone, std::move(args)));
  }

  /// The zone file without its serial: what the world sees.
  [[nodiscard]] std::string zone() const {
    static const std::regex kSerial("\\b20[0-9]{8}\\b");
    return std::regex_replace(folder_.read("zones/example.com.db"), kSerial, "SERIAL",
                              std::regex_constants::format_first_only);
  }
  [[nodiscard]] bool has(const std::string& text) const {
    return zone().find(text) != std::string::npos;
  }
  [[nodiscard]] fs::path state_of(const std::string& clone) const {
    return path() / clone / ".git/mxsmith/origin/refs%2Fmxsmith%2Fstate";
  }

  /// A program called git that runs this shell text; $GIT is the real one.
  void wrap_git(RunOptions& options, const std::string& script) const {
    const auto real = find_program("git");
    REQUIRE(real);
    const fs::path program =
        write("bin/git", "#!/bin/sh\nGIT=" + real->string() + "\n" + script + "\n");
    fs::permissions(program, fs::perms::owner_all);
    options.environment["PATH"] = program.parent_path().string() + ":" + std::getenv("PATH");
  }

  /// History as a fresh clone sees it, which must be in order, and what it takes to be done.
  [[nodiscard]] std::size_t entries() const {
    static int number = 0;
    const std::string clone = "auditor" + std::to_string(++number);
    const auto check = mxsmith(clone, {"history", "--check"});
    INFO(check.out << check.err);
    CHECK(check.exit == 0);
    const auto list = mxsmith(clone, {"history", "example.com", "--format", "json"});
    static const std::regex kEntry("\"id\": *[0-9]+");
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(list.out.begin(), list.out.end(), kEntry), {}));
  }

  fs::path write(const fs::path& file, const std::string& content) const {
    return folder_.write(file, content);
  }

 private:
  TemporaryDirectory folder_;
};

}  // namespace mxsmith::tests
