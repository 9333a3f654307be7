// Pushes that are refused, lost, slow or many, and random interleavings of two clones.
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "base/text.hpp"
#include "clones.hpp"
#include "state/git_copy.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using state::EntryStatus;

namespace {

void refuse_pushes(const SharedRepository& repository) {
  const fs::path hook = repository.remote() / "hooks/pre-receive";
  fs::create_directories(hook.parent_path());
  std::ofstream(hook) << "#!/bin/sh\necho 'this ref is protected' >&2\nexit 1\n";
  fs::permissions(hook, fs::perms::owner_all, fs::perm_options::replace);
}

void allow_pushes(const SharedRepository& repository) {
  fs::remove(repository.remote() / "hooks/pre-receive");
}

state::ZoneKey zone_number(int number) {
  return {"main", dns::Name::of("zone" + std::to_string(number) + ".example")};
}

state::EntryInfo run_entry_of(state::Store& store, const state::ZoneKey& zone,
                              const state::Actor& actor) {
  const auto journal = store.begin(zone, actor, sample_plan(), {}, kStart);
  run_steps(*journal);
  return journal->end(EntryStatus::applied, sample_manifest(), kStart);
}

}  // namespace

TEST_CASE("a push that is refused for want of rights leaves nothing begun") {
  const SharedRepository repository;
  const auto store = repository.store("first");
  refuse_pushes(repository);
  const auto lock = store->lock(kZone, kim());
  try {
    store->begin(kZone, kim(), sample_plan(), {}, kStart);
    FAIL("begun");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::auth);
    CHECK(error.effect() == base::Effect::none);
    CHECK_THAT(error.what(), has_text("refuses to update refs/mxsmith/state: git says:"));
    CHECK_THAT(error.what(), has_text("this ref is protected"));
    CHECK_THAT(error.what(), has_text("pre-receive hook declined"));
  }
  CHECK_THAT(error_of([&] { store->put_hold(kZone, {}); }), has_text("this ref is protected"));
  CHECK_THAT(error_of([&] { store->put_manifest(kZone, sample_manifest()); }),
             has_text("this ref is protected"));
  CHECK_FALSE(store->open_entry(kZone));
  CHECK_FALSE(store->hold(kZone));
  CHECK_FALSE(store->manifest(kZone));
  CHECK(store->zones().empty());
  allow_pushes(repository);
  run_entry(*store);
  CHECK(store->flush().empty());
  CHECK(repository.store("second")->history(kZone).size() == 1);
}

TEST_CASE("a push whose answer is lost counts as what it was") {
  const SharedRepository repository;
  const auto program = find_program("git");
  REQUIRE(program);
  // Pushes, and then says that it failed.
  const fs::path folder = repository.path() / "bin";
  fs::create_directories(folder);
  std::ofstream(folder / "git") << "#!/bin/sh\n"
                                << program->string() << " \"$@\" || exit\n"
                                << "for word; do [ \"$word\" = push ] && exit 1; done\nexit 0\n";
  fs::permissions(folder / "git", fs::perms::owner_all, fs::perm_options::replace);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder.string() + ":" + path).c_str(), 1);
  const std::string words = error_of([&] {
    const auto store = repository.store("first");
    const auto lock = store->lock(kZone, kim());
    run_entry(*store);
    CHECK(store->flush().empty());
  });
  ::setenv("PATH", path.c_str(), 1);
  CHECK(words == "no error");
  CHECK(repository.store("second")->history(kZone).size() == 1);
}

TEST_CASE("a remote that is gone at the end is told of the entry by the next run") {
  const SharedRepository repository;
  const fs::path away = repository.path() / "away.git";
  {
    const auto store = repository.store("first");
    const auto lock = store->lock(kZone, kim());
    const auto journal = store->begin(kZone, kim(), sample_plan(), {}, kStart);
    fs::rename(repository.remote(), away);
    run_steps(*journal);
    CHECK(journal->end(EntryStatus::applied, sample_manifest(), kStart).id == 1);
    const auto unsent = store->flush();
    REQUIRE(unsent.size() == 1);
    CHECK(unsent.front().zone == kZone);
    CHECK_THAT(unsent.front().why, has_text("origin (file:///"));
    CHECK(store->history(kZone).size() == 1);
    CHECK_THAT(error_of([&] { store->begin(kZone, kim(), sample_plan(), {}, kStart); }),
               has_text("does not answer"));
  }
  fs::rename(away, repository.remote());
  {
    const auto store = repository.store("first");
    const auto lock = store->lock(kZone, kim());
    CHECK_FALSE(store->open_entry(kZone));
  }
  const auto second = repository.store("second");
  REQUIRE(second->history(kZone).size() == 1);
  CHECK(second->history(kZone).front().status == EntryStatus::applied);
  CHECK(second->check_chain(kZone) == std::nullopt);
}

TEST_CASE("an end that could not be pushed goes before the zone's next entry") {
  const SharedRepository repository;
  {
    const auto store = repository.store("first");
    const auto lock = store->lock(kZone, kim());
    const auto journal = store->begin(kZone, kim(), sample_plan(), {}, kStart);
    run_steps(*journal);
    refuse_pushes(repository);
    journal->end(EntryStatus::applied, sample_manifest(), kStart);
    CHECK_THAT(error_of([&] { store->begin(kZone, kim(), sample_plan(), {}, kStart); }),
               has_text("this ref is protected"));
    allow_pushes(repository);
    CHECK(run_entry(*store).id == 2);
    CHECK(store->flush().empty());
  }
  const auto second = repository.store("second");
  CHECK(second->history(kZone).size() == 2);
  CHECK(second->check_chain(kZone) == std::nullopt);
}

TEST_CASE("what waits for a push goes in one commit") {
  const SharedRepository repository;
  const auto store = repository.store("first");
  const state::GitCopy copy(repository.path() / "first/.git/mxsmith/origin" /
                            "refs%2Fmxsmith%2Fstate");
  constexpr int kZones = 8;
  std::vector<std::thread> threads;
  {
    // As if another process of this clone were pushing.
    const auto held = copy.hold(system_clock());
    for (int i = 0; i < kZones; ++i) {
      threads.emplace_back([&, i] {
        const auto lock = store->lock(zone_number(i), kim());
        run_entry_of(*store, zone_number(i), kim());
      });
    }
    for (int i = 0; i < kZones; ++i) {
      const fs::path journal =
          copy.file("%2E/main/zone" + std::to_string(i) + ".example") / "journal.jsonl";
      while (!fs::exists(journal)) system_clock().sleep_for(std::chrono::milliseconds(5));
    }
    system_clock().sleep_for(std::chrono::milliseconds(100));
  }
  for (auto& thread : threads) thread.join();
  CHECK(store->flush().empty());
  const auto second = repository.store("second");
  CHECK(second->zones().size() == kZones);
  for (int i = 0; i < kZones; ++i) {
    CHECK(second->history(zone_number(i)).size() == 1);
    CHECK_FALSE(second->open_entry(zone_number(i)));
  }
  // One for the first to come, one for those who came meanwhile, one for all the ends.
  const auto commits = git(repository.remote(), {"rev-list", "--count", "refs/mxsmith/state"});
  CHECK(std::stoi(commits) <= 4);
}

TEST_CASE("many threads of two clones get every entry there") {
  const SharedRepository repository;
  constexpr int kZones = 12;
  const auto work = [&](state::Store& store, const std::string& user, int parity) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = thread * 2 + parity; i < kZones; i += 6) {
          const state::Actor actor{user, "runner", 1, "apply", "run-of-" + user, "", ""};
          const auto lock = store.lock(zone_number(i), actor);
          run_entry_of(store, zone_number(i), actor);
        }
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(store.flush().empty());
  };
  const auto first = repository.store("first");
  const auto second = repository.store("second");
  std::thread other([&] { work(*second, "bob", 1); });
  work(*first, "ann", 0);
  other.join();
  const auto third = repository.store("third");
  for (int i = 0; i < kZones; ++i) {
    REQUIRE(third->history(zone_number(i)).size() == 1);
    CHECK(third->check_chain(zone_number(i)) == std::nullopt);
    CHECK(third->history(zone_number(i)).front().actor.user == (i % 2 == 0 ? "ann" : "bob"));
  }
}

namespace {

/// A clone that runs come and go in.
class Runner {
 public:
  Runner(const SharedRepository& repository, std::string name)
      : repository_(repository), name_(std::move(name)) {}

  /// One step of a run's life; conflicts are what it has to expect.
  void advance(int choice) {
    try {
      if (!store_) {
        store_ = repository_.store(name_);
      } else if (!lock_) {
        lock_ = store_->lock(kZone, actor());
        if (store_->open_entry(kZone)) close_open();
      } else if (!journal_) {
        journal_ = store_->begin(kZone, actor(), sample_plan(), {}, kStart);
        ++begun;
      } else if (choice % 3 == 0) {
        journal_->intended(0, kStart);
      } else {
        journal_->end(EntryStatus::applied, sample_manifest(), kStart);
        leave();
      }
    } catch (const base::Error& error) {
      const auto kind = error.kind();
      if (kind != base::ErrorKind::locked && kind != base::ErrorKind::conflict) throw;
      leave();
    }
  }

  /// The store goes last: journal and lock need it.
  void leave() {
    journal_.reset();
    lock_.reset();
    if (store_) lost += store_->flush().size();
    store_.reset();
  }

  std::size_t begun = 0;
  std::size_t lost = 0;  ///< Closed by the other one first.

 private:
  [[nodiscard]] state::Actor actor() const {
    return {name_, "runner", 1, "apply", "run-" + name_, "", ""};
  }
  void close_open() {
    const auto journal = store_->resume(kZone);
    journal->end(EntryStatus::partly, sample_manifest("settled"), kStart);
  }

  const SharedRepository& repository_;
  std::string name_;
  std::unique_ptr<state::Store> store_;
  std::unique_ptr<state::Lock> lock_;
  std::unique_ptr<state::Journal> journal_;
};

}  // namespace

TEST_CASE("however two clones take turns, no entry is lost and the chain holds") {
  // Clones cost too much for a hundred of them: a few long random walks instead of a property.
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int walk = 0; walk < 4; ++walk) {
    const SharedRepository repository;
    Runner ann(repository, "ann");
    Runner bob(repository, "bob");
    std::string turns;
    for (int i = 0; i < 60; ++i) {
      const auto turn = static_cast<int>(random() % 6);
      turns += static_cast<char>('0' + turn);
      INFO("turns " << turns);
      REQUIRE_NOTHROW((turn % 2 == 0 ? ann : bob).advance(turn / 2));
    }
    INFO("turns " << turns);
    ann.leave();
    bob.leave();
    const auto store = repository.store("looker");
    const auto lock = store->lock(kZone, kim());
    if (store->open_entry(kZone)) store->resume(kZone)->end(EntryStatus::partly, {}, kStart);
    CHECK(store->flush().empty());
    CHECK(store->check_chain(kZone) == std::nullopt);
    CHECK(store->history(kZone).size() == ann.begun + bob.begun);
    CHECK(ann.begun + bob.begun > 3);
  }
}
