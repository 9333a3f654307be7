// Runs that die, and who closes what they left, in whatever order they come back.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "base/text.hpp"
#include "clones.hpp"
#include "state/git_lease.hpp"
#include "state/git_ref.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using state::Claim;
using state::EntryStatus;

namespace {

const std::string kTree = ".git/mxsmith/origin/refs%2Fmxsmith%2Fstate";

/// Ends a process without any of its destructors, as the runner of a pipeline may be ended.
void die() { ::kill(::getpid(), SIGKILL); }

/// Does it in another process; at the end of it stands die().
void in_a_run_that_dies(const std::function<void()>& deed) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      deed();
    } catch (const std::exception&) {
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

/// Ann's run in the clone "first", which dies after so many of: begin, step, end.
enum class Died { after_begin, after_a_step, after_end };
void die_in_first(const SharedRepository& repository, Died when) {
  repository.clone("dead");
  in_a_run_that_dies([&] {
    const auto store = repository.store("dead");
    const auto lock = store->lock(kZone, kim());
    const auto journal = store->begin(kZone, kim(), sample_plan(), {}, kStart);
    if (when == Died::after_a_step) journal->intended(0, kStart);
    if (when == Died::after_end) {
      run_steps(*journal);
      journal->end(EntryStatus::applied, sample_manifest(), kStart);
    }
    die();
  });
}

/// What an engine does that finds an open entry.
void settle(state::Store& store, EntryStatus status) {
  const auto journal = store.resume(kZone);
  journal->read_back({}, kStart);
  journal->end(status, sample_manifest("settled"), kStart);
  CHECK(store.flush().empty());
}

void check_whole(const SharedRepository& repository, std::size_t entries) {
  const auto store = repository.store("looker");
  CHECK(store->history(kZone).size() == entries);
  CHECK(store->check_chain(kZone) == std::nullopt);
  const auto lock = store->lock(kZone, kim());
  CHECK_FALSE(store->open_entry(kZone));
}

/// Makes the lease in the ref one of another machine, `until` then.
void lease_elsewhere(const SharedRepository& repository, base::Instant until) {
  const fs::path clone = repository.clone("forger");
  state::GitRef ref(state::find_git_repository(clone, ""), repository.path() / "forger.git",
                    "refs/mxsmith/state");
  const std::string tip = ref.fetch();
  for (const auto& file : ref.files_below(tip, "%2E/+leases")) {
    state::Lease lease = state::parse_lease(file.path, *ref.read_file(tip, file.path));
    lease.process.boot = "another machine";
    lease.until = until;
    const std::string next =
        ref.commit(tip, {{file.path, state::print_lease(lease)}}, {"x", "x", "x", kStart});
    REQUIRE(ref.push(tip, next) == next);
    return;
  }
  FAIL("there is no lease");
}

std::vector<std::string> leases(const SharedRepository& repository) {
  const std::string names = git(repository.remote(), {"ls-tree", "-r", "--name-only",
                                                      "refs/mxsmith/state", "--", "%2E/+leases/"});
  return names.empty() ? std::vector<std::string>() : base::split(names, '\n');
}

}  // namespace

TEST_CASE(
    "what a dead run announced counts in its own clone, and elsewhere every step may be sent") {
  const SharedRepository repository;
  for (const auto died : {Died::after_begin, Died::after_a_step}) {
    if (fs::exists(repository.path() / "dead")) fs::remove_all(repository.path() / "dead");
    die_in_first(repository, died);
    CHECK(leases(repository).size() == 1);
    {
      const auto other = repository.store("second");
      const auto lock = other->lock(kZone, kim());
      CHECK_FALSE(other->discard_torn(kZone));
      const auto entry = other->open_entry(kZone);
      REQUIRE(entry);
      CHECK(entry->intended == std::vector<std::size_t>{0, 1});
      CHECK(entry->outcomes.empty());
    }
    const auto own = repository.store("dead");
    const auto lock = own->lock(kZone, kim());
    const auto entry = own->open_entry(kZone);
    REQUIRE(entry);
    CHECK(entry->intended.size() == (died == Died::after_begin ? 0U : 1U));
    settle(*own, EntryStatus::aborted);
    CHECK(leases(repository).empty());
  }
  check_whole(repository, 2);
}

TEST_CASE("an entry closed by another clone stays closed when the dead run's clone comes back") {
  const SharedRepository repository;
  const auto died = GENERATE(Died::after_begin, Died::after_a_step, Died::after_end);
  die_in_first(repository, died);
  {
    const auto other = repository.store("second");
    const auto lock = other->lock(kZone, kim());
    REQUIRE(other->open_entry(kZone));
    settle(*other, EntryStatus::partly);
    const auto entry = other->entry(kZone, 1);
    CHECK(entry.intended == std::vector<std::size_t>{0, 1});
  }
  {
    const auto own = repository.store("dead");
    const auto lock = own->lock(kZone, kim());
    CHECK_FALSE(own->open_entry(kZone));
    REQUIRE(own->history(kZone).size() == 1);
    CHECK(own->history(kZone).front().status == EntryStatus::partly);
    CHECK(own->manifest(kZone)->spec_digest == "settled");
    run_entry(*own, "next");
    CHECK(own->flush().empty());
  }
  check_whole(repository, 2);
  // What had been done from there is kept for people.
  const fs::path aside = repository.path() / "dead" / kTree / "superseded/%2E/main/example.com";
  CHECK(fs::exists(aside / "journal.jsonl") == (died == Died::after_a_step));
  CHECK(fs::exists(aside / "000001.jsonl") == (died == Died::after_end));
}

TEST_CASE("a run that sealed but did not push is told of by the next one from its clone") {
  const SharedRepository repository;
  die_in_first(repository, Died::after_end);
  CHECK(git(repository.remote(), {"ls-tree", "-r", "--name-only", "refs/mxsmith/state"})
            .find("history") == std::string::npos);
  {
    const auto own = repository.store("dead");
    REQUIRE(own->history(kZone).size() == 1);
    const auto lock = own->lock(kZone, kim());
    CHECK_FALSE(own->open_entry(kZone));
  }
  check_whole(repository, 1);
  CHECK(repository.store("looker")->history(kZone).front().status == EntryStatus::applied);
  CHECK(leases(repository).empty());
}

TEST_CASE("a run that dies while it settles another's entry leaves it for the next one") {
  const SharedRepository repository;
  die_in_first(repository, Died::after_a_step);
  repository.clone("second");
  in_a_run_that_dies([&] {
    const auto other = repository.store("second");
    const auto lock = other->lock(kZone, kim());
    other->open_entry(kZone);
    const auto journal = other->resume(kZone);
    journal->outcome({0, {state::ChangeState::applied}, "", kStart});
    die();
  });
  const std::string next = GENERATE("second", "third", "dead");
  {
    const auto store = repository.store(next);
    const auto lock = store->lock(kZone, kim());
    const auto entry = store->open_entry(kZone);
    REQUIRE(entry);
    CHECK(entry->intended.size() == (next == "dead" ? 1U : 2U));
    settle(*store, EntryStatus::applied);
  }
  check_whole(repository, 1);
}

TEST_CASE("a run of another machine keeps its zone until its lease is over") {
  const SharedRepository repository;
  die_in_first(repository, Died::after_begin);
  lease_elsewhere(repository, kStart + base::Seconds(600));
  base::FixedClock clock(kStart + base::Seconds(60));
  const auto store = repository.store("second", clock);
  const std::string words = error_of([&] { store->lock(kZone, kim()); });
  CHECK_THAT(words, has_text("example.com is being changed by kim@build7 (pid 4711)"));
  CHECK_THAT(words, has_text("mxsmith apply example.com.toml"));
  CHECK_THAT(words, has_text("counts as dead from 16:42 UTC"));
  SECTION("other zones are free") {
    const auto lock = store->lock({"main", dns::Name::of("other.example")}, kim());
    CHECK(lock);
  }
  SECTION("after the lease and a minute more") {
    clock.sleep_until(kStart + base::Seconds(660));
    CHECK(error_of([&] { store->lock(kZone, kim()); }) == words);
    clock.sleep_until(kStart + base::Seconds(661));
    const auto lock = store->lock(kZone, kim());
    CHECK(store->open_entry(kZone)->intended.size() == 2);
    settle(*store, EntryStatus::failed);
    CHECK(leases(repository).empty());
  }
  SECTION("at once for whoever knows it to be dead") {
    const auto lock = store->lock(kZone, kim(), Claim::take_over);
    CHECK(store->open_entry(kZone)->intended.size() == 2);
    settle(*store, EntryStatus::failed);
    CHECK(store->history(kZone).size() == 1);
  }
}

TEST_CASE("a run that is alive on this machine is not taken over") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto lock = first->lock(kZone, kim());
  auto journal = first->begin(kZone, kim(), sample_plan(), {}, kStart);
  const auto second = repository.store("second");
  for (const auto claim : {Claim::ask, Claim::take_over}) {
    CHECK_THAT(error_of([&] { second->lock(kZone, kim(), claim); }),
               has_text("is being changed by kim@build7"));
  }
}

TEST_CASE("an entry left open on purpose need not be waited for") {
  const SharedRepository repository;
  {
    const auto first = repository.store("first");
    const auto lock = first->lock(kZone, kim());
    first->begin(kZone, kim(), sample_plan(), {}, kStart)->intended(0, kStart);
  }
  CHECK(leases(repository).empty());
  const auto second = repository.store("second");
  const auto lock = second->lock(kZone, kim());
  REQUIRE(second->open_entry(kZone));
  settle(*second, EntryStatus::failed);
}

TEST_CASE("a run that was taken over finds out and sends nothing more") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto lock = first->lock(kZone, kim());
  const auto journal = first->begin(kZone, kim(), sample_plan(), {}, kStart);
  lease_elsewhere(repository, base::Instant{});
  {
    const auto second = repository.store("second");
    const auto other = second->lock(kZone, kim());
    settle(*second, EntryStatus::failed);
  }
  // It learns of it when it next talks to the remote.
  first->put_hold_all({});
  CHECK_THAT(error_of([&] { journal->intended(0, kStart); }),
             has_text("entry 1 of example.com at main was closed by another run"));
  CHECK_THAT(error_of([&] { journal->end(EntryStatus::applied, {}, kStart); }),
             has_text("entry 1 of example.com at main was closed by another run"));
  check_whole(repository, 1);
}

TEST_CASE("a run that was taken over and ends before it finds out tells of it") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto lock = first->lock(kZone, kim());
  const auto journal = first->begin(kZone, kim(), sample_plan(), {}, kStart);
  lease_elsewhere(repository, base::Instant{});
  {
    const auto second = repository.store("second");
    const auto other = second->lock(kZone, kim());
    settle(*second, EntryStatus::failed);
  }
  run_steps(*journal);
  journal->end(EntryStatus::applied, sample_manifest(), kStart);
  const auto unsent = first->flush();
  REQUIRE(unsent.size() == 1);
  CHECK(unsent.front().zone == kZone);
  CHECK_THAT(unsent.front().why, has_text("its newest entry is 1, by kim"));
  CHECK(first->flush().empty());
  check_whole(repository, 1);
  CHECK(repository.store("third")->history(kZone).front().status == EntryStatus::failed);
}

TEST_CASE("a lease is renewed at half time, and without one nothing is sent") {
  const SharedRepository repository;
  base::FixedClock clock(kStart);
  const auto first = repository.store("first", clock);
  const auto lock = first->lock(kZone, kim());
  const auto journal = first->begin(kZone, kim(), sample_plan(), {}, kStart);
  const auto until = [&] {
    const std::string name = leases(repository).at(0);
    return state::parse_lease(name,
                              git(repository.remote(), {"show", "refs/mxsmith/state:" + name}))
        .until;
  };
  CHECK(until() == kStart + base::Seconds(900));
  clock.sleep_until(kStart + base::Seconds(449));
  journal->intended(0, clock.now());
  CHECK(until() == kStart + base::Seconds(900));
  clock.sleep_until(kStart + base::Seconds(450));
  journal->intended(0, clock.now());
  CHECK(until() == kStart + base::Seconds(1350));
  fs::rename(repository.remote(), repository.path() / "gone.git");
  clock.sleep_until(kStart + base::Seconds(1300));
  journal->intended(1, clock.now());
  clock.sleep_until(kStart + base::Seconds(1350));
  CHECK_THAT(error_of([&] { journal->intended(1, clock.now()); }),
             has_text("the lease of this run is over and cannot be renewed: origin"));
}
