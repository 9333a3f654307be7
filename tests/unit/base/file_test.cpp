#include "base/file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace mxsmith::base;
using mxsmith::tests::TemporaryDirectory;

namespace {

struct stat status_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status;
}

unsigned mode_of(const fs::path& path) { return status_of(path).st_mode & 07777U; }

std::size_t entries_of(const fs::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory)) count += entry.path().empty() ? 0 : 1;
  return count;
}

/// The error that `deed` throws; fails the test when it throws none.
template <class Deed>
Error error_of(Deed deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return {ErrorKind::io, ""};
}

bool mentions(const Error& error, const std::string& text) {
  return std::string(error.what()).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a file is read to its last octet") {
  const TemporaryDirectory dir;
  const std::string octets = std::string("a\0b\r\n\xff", 6) + std::string(100'000, 'x');
  CHECK(read_file(dir.write("f", octets)) == octets);
  CHECK(read_file(dir.write("empty", "")).empty());
  CHECK(read_file_if_there(dir.path() / "f") == octets);
}

TEST_CASE("a file whose size is not known beforehand is read as well") {
  CHECK(read_file("/proc/self/status").find("Pid:") != std::string::npos);
}

TEST_CASE("no file is nothing, or an error with its path") {
  const TemporaryDirectory dir;
  const fs::path path = dir.path() / "missing";
  CHECK(read_file_if_there(path) == std::nullopt);
  CHECK(read_file_if_there(dir.write("f", "") / "below-a-file") == std::nullopt);
  const Error error = error_of([&] { read_file(path); });
  CHECK(error.kind() == ErrorKind::io);
  CHECK(error.effect() == Effect::none);
  CHECK(mentions(error, path.string()));
  CHECK(mentions(error, "No such file"));
}

TEST_CASE("a directory is no file") {
  const TemporaryDirectory dir;
  CHECK(mentions(error_of([&] { read_file(dir.path()); }), "Is a directory"));
  CHECK(mentions(error_of([&] { read_file_if_there(dir.path()); }), "Is a directory"));
}

TEST_CASE("a replaced file keeps its mode, and its owner where we may") {
  const TemporaryDirectory dir;
  const fs::path path = dir.write("zone", "old");
  for (const unsigned mode : {0600U, 0640U, 0664U, 0444U, 02660U}) {
    INFO(mode);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    if (::geteuid() == 0) {
      REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
      REQUIRE(::chmod(path.c_str(), mode) == 0);
    }
    replace_file(path, "new", 0600);
    CHECK(read_file(path) == "new");
    CHECK(mode_of(path) == mode);
    CHECK(status_of(path).st_uid == (::geteuid() == 0 ? 65534 : ::geteuid()));
  }
  CHECK(entries_of(dir.path()) == 1);
}

TEST_CASE("a new file gets the mode it is asked for") {
  const TemporaryDirectory dir;
  const mode_t old = ::umask(0);
  replace_file(dir.path() / "secret", "x", 0600);
  replace_file(dir.path() / "open", "x");
  ::umask(old);
  CHECK(mode_of(dir.path() / "secret") == 0600);
  CHECK(mode_of(dir.path() / "open") == 0644);
}

TEST_CASE("a file that is a symbolic link is replaced where it lies") {
  const TemporaryDirectory dir;
  dir.write("real/zone", "old");
  fs::create_symlink("real/zone", dir.path() / "link");
  replace_file(dir.path() / "link", "new");
  CHECK(fs::is_symlink(dir.path() / "link"));
  CHECK(dir.read("real/zone") == "new");
  CHECK(entries_of(dir.path() / "real") == 1);
}

TEST_CASE("the reader of the old file is not disturbed") {
  const TemporaryDirectory dir;
  const fs::path path = dir.write("zone", "old content");
  const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(reader >= 0);
  replace_file(path, "new");
  std::string seen(11, ' ');
  CHECK(::read(reader, seen.data(), seen.size()) == 11);
  ::close(reader);
  CHECK(seen == "old content");
}

TEST_CASE("what a killed run left does not stand in the way") {
  const TemporaryDirectory dir;
  const fs::path path = dir.write("zone", "old");
  dir.write(".zone.mxsmith-new", "half of some");
  replace_file(path, "new");
  CHECK(read_file(path) == "new");
  CHECK(entries_of(dir.path()) == 1);
}

TEST_CASE("a file that cannot be replaced stays as it was") {
  const TemporaryDirectory dir;
  const fs::path directory = dir.path() / "taken";
  fs::create_directory(directory);
  dir.write("taken/x", "");
  const Error error = error_of([&] { replace_file(directory, "new"); });
  CHECK(error.kind() == ErrorKind::io);
  CHECK(mentions(error, "taken"));
  CHECK(fs::is_directory(directory));
  CHECK(entries_of(dir.path()) == 1);
  CHECK(error_of([&] { replace_file(dir.path() / "no" / "f", "x"); }).kind() == ErrorKind::io);
}

TEST_CASE("a full disk is told before anything is renamed") {
  const FileHandle full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full.open());
  const Error error = error_of([&] { write_all(full, "x", "zone"); });
  CHECK(mentions(error, "cannot write zone: No space left on device"));
}

TEST_CASE("a file is created once and appended to") {
  const TemporaryDirectory dir;
  const fs::path path = dir.path() / "journal";
  {
    const FileHandle file = create_file(path, 0600);
    write_all(file, "begin\n", path);
    sync_file(file, path);
  }
  CHECK(mode_of(path) == 0600);
  CHECK(mentions(error_of([&] { create_file(path, 0600); }), "File exists"));
  {
    const FileHandle file = append_to_file(path);
    write_all(file, "end\n", path);
  }
  CHECK(read_file(path) == "begin\nend\n");
  CHECK(error_of([&] { append_to_file(dir.path() / "missing"); }).kind() == ErrorKind::io);
  CHECK_NOTHROW(sync_directory(dir.path()));
  CHECK(error_of([&] { sync_directory(path); }).kind() == ErrorKind::io);
}

TEST_CASE("a new file is never written through a link that somebody laid") {
  const TemporaryDirectory dir;
  const fs::path victim = dir.write("victim", "precious");
  fs::create_symlink(victim, dir.path() / "journal");
  CHECK(error_of([&] { create_file(dir.path() / "journal", 0600); }).kind() == ErrorKind::io);
  fs::create_symlink(victim, dir.path() / ".zone.mxsmith-new");
  replace_file(dir.path() / "zone", "new");
  CHECK(dir.read("victim") == "precious");
  CHECK(dir.read("zone") == "new");
}

TEST_CASE("directories are made for us alone") {
  const TemporaryDirectory dir;
  make_directories(dir.path() / "a" / "b" / "c");
  CHECK(fs::is_directory(dir.path() / "a/b/c"));
  CHECK(mode_of(dir.path() / "a") == 0700);
  CHECK_NOTHROW(make_directories(dir.path() / "a" / "b" / "c"));
  dir.write("file", "");
  CHECK(error_of([&] { make_directories(dir.path() / "file"); }).kind() == ErrorKind::io);
  CHECK(error_of([&] { make_directories(dir.path() / "file" / "x"); }).kind() == ErrorKind::io);
  CHECK(error_of([&] { make_directories(dir.path() / std::string(300, 'x')); }).kind() ==
        ErrorKind::io);
}

TEST_CASE("a handle closes once and moves on") {
  FileHandle first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int descriptor = first.get();
  FileHandle second(std::move(first));
  CHECK(second.get() == descriptor);
  second = FileHandle();
  CHECK_FALSE(second.open());
  CHECK(::fcntl(descriptor, F_GETFD) == -1);
  CHECK(errno == EBADF);
}

TEST_CASE("files are closed in programs that we start") {
  const TemporaryDirectory dir;
  const FileHandle made = create_file(dir.path() / "f", 0600);
  const FileHandle appended = append_to_file(dir.path() / "f");
  CHECK((::fcntl(made.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((::fcntl(appended.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a lock has one holder, whose words can be read") {
  const TemporaryDirectory dir;
  const fs::path path = dir.path() / "lock";
  CHECK(FileLock::holder_of(path).empty());
  auto held = FileLock::try_take(path, "kim, pid 4711, since 16:31 UTC, a long command line");
  REQUIRE(held.has_value());
  CHECK_FALSE(FileLock::try_take(path, "somebody else").has_value());
  CHECK(FileLock::holder_of(path) == "kim, pid 4711, since 16:31 UTC, a long command line");
  held.reset();
  const auto next = FileLock::try_take(path, "lee");
  REQUIRE(next.has_value());
  CHECK(FileLock::holder_of(path) == "lee");
  CHECK(mode_of(path) == 0600);
}

TEST_CASE("a lock dies with its process") {
  const TemporaryDirectory dir;
  const fs::path path = dir.path() / "lock";
  int ready[2] = {};
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = FileLock::try_take(path, "child");
    const char word = held ? 'y' : 'n';
    if (::write(ready[1], &word, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char word = 0;
  CHECK(::read(ready[0], &word, 1) == 1);
  CHECK(word == 'y');
  CHECK_FALSE(FileLock::try_take(path, "parent").has_value());
  CHECK(::kill(child, SIGKILL) == 0);
  CHECK(::waitpid(child, nullptr, 0) == child);
  ::close(ready[0]);
  ::close(ready[1]);
  CHECK(FileLock::try_take(path, "parent").has_value());
}

TEST_CASE("a lock is never taken through a link, nor where no file can be") {
  const TemporaryDirectory dir;
  const fs::path victim = dir.write("victim", "precious");
  fs::create_symlink(victim, dir.path() / "lock");
  CHECK(error_of([&] { FileLock::try_take(dir.path() / "lock", "x"); }).kind() == ErrorKind::io);
  CHECK(dir.read("victim") == "precious");
  CHECK(error_of([&] { FileLock::try_take(dir.path() / "no/lock", "x"); }).kind() == ErrorKind::io);
}
