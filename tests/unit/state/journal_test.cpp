// The journal's table, state by state: what the next run finds, wherever the last one died.
#include <fstream>

#include "base/error.hpp"
#include "stores.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using state::EntryStatus;

namespace {

void put_file(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// The text of a whole entry, its seven lines from `begin` to `end`.
std::string whole_entry_text() {
  const TemporaryDirectory directory;
  run_entry(*state::file_store(directory.path()));
  return slurp(entry_file(directory.path(), 1));
}

/// What must be found when so many of the seven lines are on disk.
struct Expected {
  bool open;
  std::size_t intended;
  std::size_t outcomes;
  bool read_back;
};
constexpr Expected kByLines[] = {
    {false, 0, 0, false},  // nothing, or a torn first line
    {true, 0, 0, false},   // begin
    {true, 1, 0, false},   // intended 0
    {true, 1, 1, false},   // outcome 0
    {true, 2, 1, false},   // intended 1
    {true, 2, 2, false},   // outcome 1
    {true, 2, 2, true},    // readback
    {false, 0, 0, false},  // end: only the seal is missing
};

void check_found(state::Store& store, std::size_t lines) {
  const Expected& expected = kByLines[lines];
  const auto found = store.open_entry(kZone);
  REQUIRE(found.has_value() == expected.open);
  if (!found) return;
  CHECK(found->info.id == 1);
  CHECK(found->info.status == EntryStatus::open);
  CHECK(found->intended.size() == expected.intended);
  CHECK(found->outcomes.size() == expected.outcomes);
  CHECK(found->read_back == expected.read_back);
  CHECK(found->plan.changes.size() == 2);
}

void check_settled(state::Store& store, const fs::path& directory, std::size_t lines) {
  const fs::path journal = folder_of(directory) / "journal.jsonl";
  if (lines == 0) {
    CHECK_THROWS_AS(store.resume(kZone), base::Error);
    CHECK(store.discard_torn(kZone));
    CHECK(store.history(kZone).empty());
  } else if (lines < 7) {
    CHECK_FALSE(store.discard_torn(kZone));
    const auto resumed = store.resume(kZone);
    CHECK(resumed->info().id == 1);
    resumed->outcome({1, {state::ChangeState::differs}, "lost", kStart});
    resumed->end(EntryStatus::partly, sample_manifest("settled"), kStart);
    const auto entry = store.entry(kZone, 1);
    CHECK(entry.info.status == EntryStatus::partly);
    CHECK(entry.outcomes.back().error == "lost");
    CHECK(store.manifest(kZone)->spec_digest == "settled");
  } else {
    CHECK(store.entry(kZone, 1).info.status == EntryStatus::applied);
    CHECK(store.manifest(kZone)->spec_digest == "d1");
  }
  CHECK_FALSE(fs::exists(journal));
  CHECK_FALSE(store.open_entry(kZone).has_value());
  CHECK(store.check_chain(kZone) == std::nullopt);
}

}  // namespace

TEST_CASE("a journal cut at any octet is found and settled as its whole lines say") {
  const std::string text = whole_entry_text();
  REQUIRE(std::count(text.begin(), text.end(), '\n') == 7);
  // Inside the long first line a few cuts tell as much as all of them.
  const std::size_t first_line = text.find('\n') + 1;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    if (cut > 40 && cut + 40 < first_line && cut % 97 != 0) continue;
    const TemporaryDirectory directory;
    put_file(folder_of(directory.path()) / "journal.jsonl", text.substr(0, cut));
    const auto store = state::file_store(directory.path());
    const auto lines = static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
    INFO("cut at octet " << cut << ", after line " << lines);
    check_found(*store, lines);
    check_settled(*store, directory.path(), lines);
  }
}

TEST_CASE("a last line of octets that were never written counts as torn") {
  const std::string text = whole_entry_text();
  const std::size_t second = text.find('\n') + 1;
  for (const std::string& tail :
       {std::string(30, '\0'), std::string(30, '\0') + "\n", std::string("{\"line\":\"inte\n"),
        std::string("\"a string\"\n"), std::string("\n")}) {
    const TemporaryDirectory directory;
    put_file(folder_of(directory.path()) / "journal.jsonl", text.substr(0, second) + tail);
    const auto store = state::file_store(directory.path());
    check_found(*store, 1);
    store->resume(kZone)->intended(0, kStart);
    check_found(*store, 2);
  }
}

TEST_CASE("nonsense before the last line of a journal is never repaired") {
  const std::string text = whole_entry_text();
  const std::size_t second = text.find('\n') + 1;
  const std::size_t third = text.find('\n', second) + 1;
  // With the entry still open, and with it ended and only to be sealed.
  for (const std::string& rest : {text.substr(second, third - second), text.substr(second)}) {
    const TemporaryDirectory directory;
    put_file(folder_of(directory.path()) / "journal.jsonl", text.substr(0, second) + "x\n" + rest);
    const auto store = state::file_store(directory.path());
    try {
      store->open_entry(kZone);
      FAIL("no error");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::invalid);
      CHECK_THAT(error.what(), mxsmith::tests::has_text("journal.jsonl:2: "));
    }
    CHECK(store->history(kZone).empty());
  }
}

TEST_CASE("an entry keeps everything it was given") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  store->put_manifest(kZone, sample_manifest("before"));
  const auto journal = store->begin(kZone, kim(), sample_plan(), {3, 4}, kStart);
  run_steps(*journal);
  const auto sealed = journal->end(EntryStatus::applied, sample_manifest("after"), kStart);
  CHECK(sealed.status == EntryStatus::applied);
  CHECK(sealed.hash.size() == 64);

  const state::Entry entry = store->entry(kZone, 1);
  CHECK(entry.info.hash == sealed.hash);
  CHECK(entry.info.kind == plan::PlanKind::apply);
  CHECK(entry.info.started == kStart);
  CHECK(entry.info.ended == kStart);
  CHECK(entry.info.actor.user == "kim");
  CHECK(entry.info.actor.pid == 4711);
  CHECK(entry.info.actor.run == "20261205T163100Z-3f9a");
  CHECK(entry.info.actor.reason == "go-live");
  CHECK(entry.info.title == "go-live");
  CHECK(entry.info.counts.created == 1);
  CHECK(entry.info.counts.updated == 1);
  CHECK(entry.undoes == std::vector<std::uint64_t>{3, 4});
  CHECK(entry.manifest_before == sample_manifest("before"));
  CHECK(entry.manifest_after == sample_manifest("after"));
  CHECK(entry.outcomes.size() == 2);
  CHECK(entry.outcomes[1].changes == std::vector{state::ChangeState::applied});
  REQUIRE(entry.plan.changes.size() == 2);
  CHECK(entry.plan.changes[1].after == sample_plan().changes[1].after);
  CHECK(entry.plan.steps[1].atomic);
}

TEST_CASE("commentary that is not UTF-8 does not keep an entry from being written") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  state::Actor actor = kim();
  actor.command =
      "mxsmith apply b\xfc"
      "cher.toml";
  const auto journal = store->begin(kZone, actor, sample_plan(), {}, kStart);
  journal->outcome({0, {state::ChangeState::differs}, "\xff\x1b[31m", kStart});
  journal->read_back({"\xc3"}, kStart);
  journal->end(EntryStatus::failed, {}, kStart);
  CHECK(store->entry(kZone, 1).info.actor.command ==
        "mxsmith apply b\xef\xbf\xbd"
        "cher.toml");
}

TEST_CASE("one entry is open at a time, and a sealed one takes no more lines") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  const auto journal = store->begin(kZone, kim(), sample_plan(), {}, kStart);
  CHECK_THROWS_AS(store->begin(kZone, kim(), sample_plan(), {}, kStart), base::Error);
  journal->end(EntryStatus::aborted, {}, kStart);
  CHECK_THROWS_AS(journal->intended(0, kStart), base::Error);
  CHECK_THROWS_AS(store->resume(kZone), base::Error);
}

TEST_CASE("an aborted first entry does not turn \"no history\" into \"owns nothing\"") {
  const TemporaryDirectory directory;
  const auto store = state::file_store(directory.path());
  store->begin(kZone, kim(), sample_plan(), {}, kStart)->end(EntryStatus::aborted, {}, kStart);
  CHECK(store->manifest(kZone) == std::nullopt);
  CHECK(store->history(kZone).size() == 1);
  run_entry(*store);
  CHECK(store->manifest(kZone) == sample_manifest());
  store->begin(kZone, kim(), sample_plan(), {}, kStart)->end(EntryStatus::aborted, {}, kStart);
  CHECK(store->manifest(kZone) == plan::Manifest());
}
