// Locks: one run per zone, and words for the other one.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.hpp"
#include "sample.hpp"
#include "state/lock_holder.hpp"
#include "stores.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

TEST_CASE("a zone is locked once, others are free") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  const auto other_store = place.open();
  auto lock = store->lock(kZone, kim());
  CHECK(store->lock({"main", dns::Name::of("other.example")}, kim()));
  CHECK(store->lock({"spare", kZone.zone}, kim()));
  try {
    other_store->lock(kZone, kim());
    FAIL("locked twice");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::locked);
    CHECK_THAT(error.what(), has_text("example.com is being changed by kim@build7 (pid 4711)"));
    CHECK_THAT(error.what(), has_text(" UTC: mxsmith apply example.com.toml"));
  }
  lock.reset();
  CHECK(other_store->lock(kZone, kim()));
}

TEST_CASE("a process that is killed leaves no lock behind") {
  const TemporaryDirectory directory;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto lock = state::file_store(directory.path())->lock(kZone, kim());
    const ssize_t told = ::write(ready[1], "x", 1);
    ::pause();
    ::_exit(told == 1 ? 0 : 1);
  }
  char sign = 0;
  REQUIRE(::read(ready[0], &sign, 1) == 1);
  const auto store = state::file_store(directory.path());
  CHECK_THROWS_AS(store->lock(kZone, kim()), base::Error);
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(store->lock(kZone, kim()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("who holds a lock is said in words") {
  const std::string text = state::print_lock_holder(kim(), kStart);
  CHECK(state::describe_lock_holder(text, kStart + base::Seconds(60)) ==
        "kim@build7 (pid 4711) since 16:31 UTC: mxsmith apply example.com.toml");
  CHECK(state::describe_lock_holder(text, kStart + base::Seconds(86400)) ==
        "kim@build7 (pid 4711) since 2026-12-05 16:31 UTC: mxsmith apply example.com.toml");
  CHECK(state::describe_lock_holder("", kStart) == "another run");
  CHECK(state::describe_lock_holder("kim\nyesterday\nx\n", kStart) == "kim: x");
  state::Actor tricky = kim();
  tricky.command = "mxsmith\napply";
  CHECK_THAT(state::describe_lock_holder(state::print_lock_holder(tricky, kStart), kStart),
             has_text("mxsmith apply"));
}
