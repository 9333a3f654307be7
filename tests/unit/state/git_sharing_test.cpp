// What one clone does, others see; what two do at once, one does.
#include "clones.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using state::EntryStatus;

namespace {

state::Actor actor(const std::string& user, const std::string& run) {
  return {user, "runner", 4711, "mxsmith apply --yes", run, "", ""};
}

}  // namespace

TEST_CASE("an entry of one clone is in the history of all") {
  const SharedRepository repository;
  {
    const auto first = repository.store("first");
    CHECK(first->shared());
    CHECK(first->describe() == "git refs/mxsmith/state at origin (" + repository.url() + ")");
    CHECK(first->history(kZone).empty());
    const auto lock = first->lock(kZone, kim());
    run_entry(*first);
    CHECK(first->flush().empty());
  }
  const auto second = repository.store("second");
  REQUIRE(second->history(kZone).size() == 1);
  CHECK(second->history(kZone).front().actor.user == "kim");
  CHECK(second->manifest(kZone) == sample_manifest());
  CHECK(second->zones() == std::vector{kZone});
  CHECK(second->check_chain(kZone) == std::nullopt);
  const auto lock = second->lock(kZone, kim());
  CHECK_FALSE(second->open_entry(kZone));
  CHECK(run_entry(*second, "d2").id == 2);
  CHECK(second->flush().empty());
  const auto third = repository.store("third");
  CHECK(third->history(kZone).size() == 2);
  CHECK(third->check_chain(kZone) == std::nullopt);
  CHECK(git(repository.remote(), {"ls-tree", "-r", "--name-only", "refs/mxsmith/state"}) ==
        "%2E/main/example.com/history/000001.jsonl\n%2E/main/example.com/history/000002.jsonl\n"
        "%2E/main/example.com/manifest.json");
}

TEST_CASE("the entry records the commit of the repository that holds the spec") {
  const SharedRepository repository;
  const auto store = repository.store("first");
  const auto lock = store->lock(kZone, kim());
  run_entry(*store);
  CHECK(store->history(kZone).front().actor.commit ==
        git(repository.path() / "first", {"rev-parse", "HEAD"}));
}

TEST_CASE("of two clones that begin at once one wins, and nothing is left of the other's") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto second = repository.store("second");
  const auto lock1 = first->lock(kZone, actor("ann", "r1"));
  const auto lock2 = second->lock(kZone, actor("bob", "r2"));
  auto journal = first->begin(kZone, actor("ann", "r1"), sample_plan(), {}, kStart);
  try {
    second->begin(kZone, actor("bob", "r2"), sample_plan(), {}, kStart);
    FAIL("begun twice");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::locked);
    CHECK(error.effect() == base::Effect::none);
    CHECK_THAT(error.what(), has_text("example.com at main is being changed by ann@runner"));
    CHECK_THAT(error.what(), has_text("nothing was written"));
  }
  run_steps(*journal);
  journal->end(EntryStatus::applied, sample_manifest(), kStart);
  CHECK(first->flush().empty());
  // The loser may go on once it has looked again.
  const auto third = repository.store("second");
  CHECK(third->history(kZone).size() == 1);
}

TEST_CASE("a zone changed by another clone since it was locked is not written") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto lock1 = first->lock(kZone, kim());
  {
    const auto second = repository.store("second");
    const auto lock2 = second->lock(kZone, kim());
    run_entry(*second);
  }
  CHECK_THAT(error_of([&] { first->begin(kZone, kim(), sample_plan(), {}, kStart); }),
             has_text("was changed by somebody else meanwhile; its newest entry is 1, by kim"));
  CHECK(first->history(kZone).size() == 1);
  CHECK_FALSE(first->open_entry(kZone));
}

TEST_CASE("other zones do not stand in the way") {
  const SharedRepository repository;
  const state::ZoneKey other{"main", dns::Name::of("other.example")};
  const auto first = repository.store("first");
  const auto second = repository.store("second");
  const auto lock1 = first->lock(kZone, actor("ann", "r1"));
  const auto lock2 = second->lock(other, actor("bob", "r2"));
  const auto one = first->begin(kZone, actor("ann", "r1"), sample_plan(), {}, kStart);
  const auto two = second->begin(other, actor("bob", "r2"), sample_plan(), {}, kStart);
  run_steps(*one);
  run_steps(*two);
  two->end(EntryStatus::applied, sample_manifest(), kStart);
  one->end(EntryStatus::applied, sample_manifest(), kStart);
  CHECK(second->flush().empty());
  CHECK(first->flush().empty());
  const auto third = repository.store("third");
  CHECK(third->zones().size() == 2);
  CHECK(third->history(kZone).size() == 1);
  CHECK(third->history(other).size() == 1);
}

TEST_CASE("holds are shared, and one put in place meanwhile stops a begin") {
  const SharedRepository repository;
  const auto first = repository.store("first");
  const auto lock = first->lock(kZone, kim());
  const state::Hold hold{state::Hold::Kind::by_hand, "freeze", "kim@build7", kStart, 0, {}};
  SECTION("of the zone") { repository.store("second")->put_hold(kZone, hold); }
  SECTION("of every zone") { repository.store("second")->put_hold_all(hold); }
  CHECK_THAT(error_of([&] { first->begin(kZone, kim(), sample_plan(), {}, kStart); }),
             has_text("was changed by somebody else meanwhile"));
  const auto third = repository.store("third");
  CHECK((third->hold(kZone) || third->hold_all()));
  CHECK((third->lift_hold(kZone) || third->lift_hold_all()));
  const auto fourth = repository.store("fourth");
  CHECK_FALSE(fourth->hold(kZone));
  CHECK_FALSE(fourth->hold_all());
  CHECK_FALSE(fourth->lift_hold(kZone));
}
