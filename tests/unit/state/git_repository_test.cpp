// What a repository may be like, and that nothing of the user's in it is touched.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "clones.hpp"
#include "state/git_repository.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

/// Everything of a clone that is the user's, as text.
std::string belongings(const fs::path& clone) {
  const fs::path common =
      fs::weakly_canonical(clone / git(clone, {"rev-parse", "--git-common-dir"}));
  const fs::path own = fs::weakly_canonical(clone / git(clone, {"rev-parse", "--git-dir"}));
  std::string all;
  for (const fs::path& file : {own / "index", own / "HEAD", common / "config", common / "shallow",
                               common / "packed-refs", own / "FETCH_HEAD"}) {
    all += file.filename().string() + " ";
    all += fs::exists(file) ? base::sha256_hex(slurp(file)) : "none";
    all += "\n";
  }
  all += git(clone, {"for-each-ref"}) + "\n" + git(clone, {"stash", "list"}) + "\n" +
         git(clone, {"count-objects"}) + "\n";
  // Last: it may refresh the index, whose octets are compared above.
  return all + git(clone, {"--no-optional-locks", "status", "--porcelain", "--ignored"});
}

/// A whole run: locks, holds and an entry.
void use(const fs::path& folder) {
  const auto store = state::git_store(SharedRepository::settings(folder), system_clock());
  const auto lock = store->lock(kZone, kim());
  store->put_hold(kZone, {});
  store->lift_hold(kZone);
  run_entry(*store);
  CHECK(store->flush().empty());
}

/// Sets a variable of this process until the end of the test.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

void make_executable(const fs::path& path) {
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::replace);
}

}  // namespace

TEST_CASE("nothing of the user's is touched, whatever the clone is like") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine", {"--depth=1"});
  SECTION("a clean shallow clone") {}
  SECTION("a dirty work tree and index, a stash, a detached HEAD") {
    git(clone, {"checkout", "--quiet", "-b", "topic"});
    std::ofstream(clone / "README") << "stashed\n";
    git(clone, {"stash"});
    std::ofstream(clone / "README") << "staged\n";
    git(clone, {"add", "README"});
    std::ofstream(clone / "README") << "changed again\n";
    std::ofstream(clone / "untracked") << "x\n";
    git(clone, {"checkout", "--quiet", "--detach"});
  }
  SECTION("hooks, filters, signatures and line ends of their own") {
    for (const char* hook : {"pre-push", "pre-commit", "post-checkout", "reference-transaction"}) {
      std::ofstream(clone / ".git/hooks" / hook) << "#!/bin/sh\ntouch hook-ran\nexit 1\n";
      make_executable(clone / ".git/hooks" / hook);
    }
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"commit.gpgSign", "true"},
             {"push.gpgSign", "true"},
             {"gpg.program", "/bin/false"},
             {"core.autocrlf", "true"},
             {"core.safecrlf", "true"},
             {"push.followTags", "true"},
             {"fetch.prune", "true"},
             {"remote.origin.push", "refs/heads/*:refs/heads/*"},
             {"transfer.fsckObjects", "true"}}) {
      git(clone, {"config", key, value});
    }
    std::ofstream(clone / ".git/info/attributes") << "* filter=none eol=crlf ident\n";
  }
  const std::string before = belongings(clone);
  use(clone);
  CHECK(belongings(clone) == before);
  CHECK(repository.store("other")->check_chain(kZone) == std::nullopt);
  CHECK(git(repository.remote(), {"for-each-ref", "--format=%(refname)"}) ==
        "refs/heads/main\nrefs/mxsmith/state");
}

TEST_CASE("worktrees of a clone share its copy") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  git(clone, {"worktree", "add", "--quiet", "--detach", "../beside"});
  use(repository.path() / "beside");
  use(clone);
  CHECK(repository.store("other")->history(kZone).size() == 2);
  const auto here = repository.store("mine");
  const auto there = repository.store("beside");
  const auto lock = here->lock(kZone, kim());
  CHECK_THAT(error_of([&] { there->lock(kZone, kim()); }), has_text("is being changed by kim"));
}

TEST_CASE("neither an identity nor a home is needed, nor does a hook's environment mislead") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  const fs::path elsewhere = repository.clone("elsewhere");
  const Variable home("HOME", "/nonexistent");
  const Variable config("GIT_CONFIG_NOSYSTEM", "1");
  const Variable folder("GIT_DIR", (elsewhere / ".git").string());
  const Variable index("GIT_INDEX_FILE", (elsewhere / ".git/index").string());
  const Variable tree("GIT_WORK_TREE", elsewhere.string());
  use(clone);
  CHECK(fs::exists(clone / ".git/mxsmith"));
  CHECK_FALSE(fs::exists(elsewhere / ".git/mxsmith"));
}

TEST_CASE("projects of one repository share the ref and nothing else") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  fs::create_directories(clone / "dns/prod");
  use(clone);
  use(clone / "dns/prod");
  const auto top = repository.store("other");
  CHECK(top->history(kZone).size() == 1);
  CHECK(top->zones() == std::vector{kZone});
  base::StateSettings named = SharedRepository::settings(repository.path() / "other");
  named.project = "dns/prod";
  const auto moved = state::git_store(named, system_clock());
  CHECK(moved->history(kZone).size() == 1);
  CHECK(git(repository.remote(), {"ls-tree", "--name-only", "refs/mxsmith/state"}) ==
        "%2E\ndns%2Fprod");
}

TEST_CASE("without a remote the ref stays in the repository and is not called shared") {
  const TemporaryDirectory folder;
  git(folder.path(), {"init", "--quiet", "alone"});
  use(folder.path() / "alone");
  const auto store =
      state::git_store(SharedRepository::settings(folder.path() / "alone"), system_clock());
  CHECK_FALSE(store->shared());
  CHECK(store->describe() == "git refs/mxsmith/state at this repository");
  CHECK(store->history(kZone).size() == 1);
  CHECK(git(folder.path() / "alone", {"for-each-ref", "--format=%(refname)"}) ==
        "refs/mxsmith/state");
}

TEST_CASE("over ssh, by whatever command the user chose") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  git(clone,
      {"remote", "set-url", "origin", "ssh://git@dns.example" + repository.remote().string()});
  std::ofstream(repository.path() / "ssh") << "#!/bin/sh\n"
                                           << "echo \"$1\" >> \"$(dirname \"$0\")/hosts\"\n"
                                           << "shift $(($# - 1))\nexec /bin/sh -c \"$1\"\n";
  make_executable(repository.path() / "ssh");
  SECTION("in the environment") {
    const Variable command("GIT_SSH_COMMAND", (repository.path() / "ssh").string());
    use(clone);
  }
  SECTION("in the clone's configuration") {
    git(clone, {"config", "core.sshCommand", (repository.path() / "ssh").string()});
    use(clone);
  }
  CHECK_THAT(slurp(repository.path() / "hosts"), has_text("dns.example"));
  CHECK(repository.store("other")->history(kZone).size() == 1);
}

TEST_CASE("a URL relative to the clone leads to the same remote") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  git(clone, {"remote", "set-url", "origin", "../remote.git"});
  fs::create_directories(clone / "dns");
  use(clone / "dns");
  CHECK(git(repository.remote(), {"ls-tree", "--name-only", "refs/mxsmith/state"}) == "dns");
}

TEST_CASE("what is wrong with a repository is said in git's words and ours") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  base::StateSettings settings = SharedRepository::settings(clone);
  const auto words = [&] { return error_of([&] { state::git_store(settings, system_clock()); }); };
  SECTION("no repository") {
    const TemporaryDirectory folder;
    const Variable ceiling("GIT_CEILING_DIRECTORIES", folder.path().parent_path().string());
    settings.directory = folder.path();
    CHECK_THAT(words(), has_text("is in no usable repository: git says: fatal: not a git repo"));
  }
  SECTION("no such remote") {
    settings.remote = "upstream";
    CHECK(words() == "this repository has no remote \"upstream\", which [state] names");
  }
  SECTION("remotes, but no origin") {
    git(clone, {"remote", "rename", "origin", "upstream"});
    CHECK(words() == "this repository has no remote \"origin\", and [state] names none");
  }
  SECTION("several places to push to") {
    git(clone, {"remote", "set-url", "--push", "--add", "origin", "/a"});
    git(clone, {"remote", "set-url", "--push", "--add", "origin", "/b"});
    CHECK(words() == "the remote \"origin\" pushes to 2 places at once");
  }
  SECTION("a remote that is not there is never an empty history") {
    fs::rename(repository.remote(), repository.path() / "moved.git");
    CHECK_THAT(words(), has_text("history cannot be fetched from origin (file:///"));
    CHECK_THAT(words(), has_text("git says: fatal: "));
  }
  SECTION("a ref that was there is never an empty history") {
    use(clone);
    git(repository.remote(), {"update-ref", "-d", "refs/mxsmith/state"});
    CHECK_THAT(words(), has_text("refs/mxsmith/state is gone from origin"));
  }
}

TEST_CASE("credentials in URLs never stand in messages") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  const std::string url =
      GENERATE("https://kim:s3cr3t@127.0.0.1:1/dns.git", "https://s3cr3t@127.0.0.1:1/dns.git",
               "ssh://kim:s3cr3t@127.0.0.1:1/dns.git");
  const bool rewritten = GENERATE(false, true);
  if (rewritten) {
    git(clone, {"config", "url." + url + ".insteadOf", "https://dns.example/"});
    git(clone, {"remote", "set-url", "origin", "https://dns.example/"});
  } else {
    git(clone, {"remote", "set-url", "origin", url});
  }
  const std::string words = error_of([&] { repository.store("mine"); });
  CHECK_THAT(words, has_text("history cannot be fetched from origin ("));
  CHECK_THAT(words, has_text("127.0.0.1:1/dns.git"));
  CHECK(words.find("s3cr3t") == std::string::npos);
  CHECK(words.find("kim") == std::string::npos);
}

TEST_CASE("the clone's own headers, as runners set them, reach the remote") {
  const SharedRepository repository;
  const fs::path clone = repository.clone("mine");
  git(clone, {"config", "http.http://127.0.0.1:1/.extraheader", "AUTHORIZATION: basic czNjcjN0"});
  git(clone, {"config", "http.proxy", "http://127.0.0.1:2"});
  git(clone, {"remote", "set-url", "origin", "http://127.0.0.1:1/dns.git"});
  const auto found = state::find_git_repository(clone, "");
  CHECK(std::count(found.access.begin(), found.access.end(),
                   std::pair<std::string, std::string>{"http.http://127.0.0.1:1/.extraheader",
                                                       "AUTHORIZATION: basic czNjcjN0"}) == 1);
  // The proxy is asked, so the setting has arrived.
  CHECK_THAT(error_of([&] { repository.store("mine"); }), has_text("127.0.0.1 port 2"));
}
