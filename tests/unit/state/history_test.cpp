// Sealed entries, the chain of hashes, manifest, hold and names of files.
#include <fstream>
#include <functional>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "sample.hpp"
#include "state/zone_folder.hpp"
#include "stores.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

void replace_in(const fs::path& path, const std::string& what, const std::string& by) {
  std::string text = slurp(path);
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  std::ofstream(path, std::ios::binary) << text.replace(at, what.size(), by);
}

std::string message_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("entries count from one, chain by hash and are listed newest first") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  for (int i = 0; i < 3; ++i) run_entry(*store);
  const auto entries = store->history(kZone);
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].id == 3);
  CHECK(entries[2].id == 1);
  CHECK(entries[2].previous_hash.empty());
  CHECK(entries[0].previous_hash == entries[1].hash);
  CHECK(entries[1].hash == base::sha256_hex(slurp(entry_file(place.files(), 2))));
  CHECK(store->check_chain(kZone) == std::nullopt);
  CHECK_THAT(message_of([&] { store->entry(kZone, 7); }), has_text("there are 1 to 3"));
}

TEST_CASE("what was done to history afterwards is found") {
  const StoreKind kind = any_kind();
  struct Row {
    const char* name;
    std::function<void(const fs::path&)> deed;
    const char* finding;
  };
  const Row rows[] = {
      {"a middle entry changed",
       [](const fs::path& at) { replace_in(entry_file(at, 2), "kim", "tom"); },
       "entry 2 was changed after it was sealed"},
      {"the newest entry changed",
       [](const fs::path& at) { replace_in(entry_file(at, 3), "kim", "tom"); },
       "entry 3 was changed after it was sealed"},
      {"the first one removed", [](const fs::path& at) { fs::remove(entry_file(at, 1)); },
       "entry 1 is missing"},
      {"a middle one removed", [](const fs::path& at) { fs::remove(entry_file(at, 2)); },
       "entry 2 is missing"},
      {"the newest removed", [](const fs::path& at) { fs::remove(entry_file(at, 3)); },
       "entry 3 is missing"},
      {"one put in another's place",
       [](const fs::path& at) { fs::rename(entry_file(at, 3), entry_file(at, 2)); },
       "entry 2 is missing"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const StorePlace place(kind);
    const auto store = place.open();
    for (int i = 0; i < 3; ++i) run_entry(*store);
    row.deed(place.files());
    REQUIRE(store->check_chain(kZone).has_value());
    CHECK_THAT(*store->check_chain(kZone), has_text(row.finding));
  }
}

TEST_CASE("numbers are not used again when entries were removed") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  for (int i = 0; i < 2; ++i) run_entry(*store);
  CHECK(store->flush().empty());
  fs::remove(entry_file(place.files(), 2));
  CHECK(run_entry(*store).id == 3);
  REQUIRE(store->check_chain(kZone));
  CHECK_THAT(*store->check_chain(kZone), has_text("entry 2 is missing"));
}

TEST_CASE("a corrupt entry is an error that names file and line") {
  struct Row {
    const char* what;
    const char* by;
    const char* message;
  };
  const Row rows[] = {
      {"\"format\":1", "\"format\":9", "000001.jsonl:1: written by another version of mxsmith"},
      {"\"id\":1", "\"id\":\"1\"", "000001.jsonl:1: \"id\" is not a whole number"},
      {"\"id\":1", "\"id\":2", "000001.jsonl:1: calls itself entry 2"},
      {"\"title\"", "\"Title\"", "000001.jsonl:1: \"title\" is missing"},
      {"\"kind\":\"apply\"", "\"kind\":\"abort\"", "000001.jsonl:1: \"kind\" is \"abort\""},
      {"\"line\":\"intended\"", "\"line\":\"begin\"", "000001.jsonl:2: unknown line \"begin\""},
      {"\"step\":1", "\"step\":2", "000001.jsonl:4: step 2 is not in the plan"},
      {"[\"applied\"]", "[\"done\"]", "000001.jsonl:3: \"changes\" holds \"done\""},
      {"\"differences\":[]", "\"differences\":[1]", "000001.jsonl:6: \"differences\" holds"},
      {"\"line\":\"end\"", "\"line\":\"readback\"", "000001.jsonl:7: a sealed entry must end"},
      {"\"status\":\"applied\"", "\"status\":\"open\"", "000001.jsonl:7: \"status\" is \"open\""},
      {"\"line\":\"outcome\"", "\"line\":\"outcome\",", "000001.jsonl:3: not JSON"},
  };
  for (const Row& row : rows) {
    INFO(row.what << " -> " << row.by);
    const TemporaryDirectory directory;
    const auto store = state::file_store(directory.path());
    run_entry(*store);
    replace_in(entry_file(directory.path(), 1), row.what, row.by);
    CHECK_THAT(message_of([&] { store->entry(kZone, 1); }), has_text(row.message));
  }
}

TEST_CASE("a sealed entry that was cut short is corrupt, not torn") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  run_entry(*store);
  const fs::path file = entry_file(place.files(), 1);
  fs::resize_file(file, fs::file_size(file) - 1);
  CHECK_THAT(message_of([&] { store->history(kZone); }), has_text("000001.jsonl:7: the last line"));
  fs::resize_file(file, 0);
  CHECK_THAT(message_of([&] { store->history(kZone); }), has_text("000001.jsonl:1: the last line"));
}

TEST_CASE("nesting without end is refused, not followed") {
  const TemporaryDirectory directory;
  const auto store = state::file_store(directory.path());
  run_entry(*store);
  replace_in(entry_file(directory.path(), 1), "\"undoes\":[]",
             "\"undoes\":" + std::string(200000, '[') + std::string(200000, ']'));
  CHECK_THAT(message_of([&] { store->history(kZone); }), has_text("nested too deeply"));
}

TEST_CASE("the manifest is written when it changes and only then") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  CHECK(store->manifest(kZone) == std::nullopt);
  CHECK_FALSE(fs::exists(place.files() / "main"));
  store->put_manifest(kZone, sample_manifest("a"));
  CHECK(store->manifest(kZone) == sample_manifest("a"));
  const fs::path file = folder_of(place.files()) / "manifest.json";
  const auto written = fs::last_write_time(file);
  fs::last_write_time(file, written - std::chrono::hours(1));
  store->put_manifest(kZone, sample_manifest("a"));
  CHECK(fs::last_write_time(file) == written - std::chrono::hours(1));
  run_entry(*store, "b");
  store->put_manifest(kZone, sample_manifest("c"));
  CHECK(store->manifest(kZone) == sample_manifest("c"));
  CHECK(store->check_chain(kZone) == std::nullopt);
  std::ofstream(file) << "{";
  CHECK_THAT(message_of([&] { store->manifest(kZone); }), has_text("manifest.json: not JSON"));
}

TEST_CASE("holds of a zone and of all zones are kept apart") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  CHECK(store->hold(kZone) == std::nullopt);
  CHECK_FALSE(store->lift_hold(kZone));
  CHECK_FALSE(store->lift_hold_all());
  const state::Hold rolled_back{
      state::Hold::Kind::rolled_back, "mail lost", "kim@build7", kStart, 12, {"d1", "d2"}};
  store->put_hold(kZone, rolled_back);
  CHECK(store->hold_all() == std::nullopt);
  store->put_hold_all({state::Hold::Kind::by_hand, "freeze", "kim@build7", kStart, 0, {}});
  const auto hold = store->hold(kZone);
  REQUIRE(hold);
  CHECK(hold->kind == state::Hold::Kind::rolled_back);
  CHECK(hold->reason == "mail lost");
  CHECK(hold->by == "kim@build7");
  CHECK(hold->since == kStart);
  CHECK(hold->entry == 12);
  CHECK(hold->undone_digests == std::vector<std::string>{"d1", "d2"});
  CHECK(store->hold_all()->kind == state::Hold::Kind::by_hand);
  CHECK(store->lift_hold(kZone));
  CHECK(store->hold(kZone) == std::nullopt);
  CHECK(store->lift_hold_all());
  CHECK(store->hold_all() == std::nullopt);
}

TEST_CASE("zones with any state are found, whatever they are called") {
  const StorePlace place(any_kind());
  const auto store = place.open();
  CHECK(store->zones().empty());
  const std::vector<state::ZoneKey> keys = {
      {"a/b ü", dns::Name::of("0/25.2.0.192.in-addr.arpa")},
      {"hold.json", dns::Name::of("example.com")},
      {"main", dns::Name()},
      {"main", dns::Name::of("xn--bcher-kva.example")},
      {"..", dns::Name::of("\\.\\..example")},
  };
  for (const auto& key : keys) store->put_manifest(key, sample_manifest());
  store->put_hold_all({});
  { const auto lock = store->lock({"main", dns::Name::of("only-locked.example")}, kim()); }
  auto expected = keys;
  std::sort(expected.begin(), expected.end());
  CHECK(store->zones() == expected);
  for (const auto& key : keys) CHECK(store->manifest(key) == sample_manifest());
}

TEST_CASE("file names are safe and lose nothing") {
  CHECK(state::encode_file_name("example.com") == "example.com");
  CHECK(state::encode_file_name("..") == "%2E.");
  CHECK(state::encode_file_name("a/b%") == "a%2Fb%25");
  CHECK(state::decode_file_name("a%2fb") == std::nullopt);
  CHECK(state::decode_file_name("a%2") == std::nullopt);
  CHECK(state::decode_file_name("a b") == std::nullopt);
  property("decoding undoes encoding", [](const std::string& text) {
    const std::string name = state::encode_file_name(text);
    RC_ASSERT(name.find('/') == std::string::npos);
    RC_ASSERT(name.find('\0') == std::string::npos);
    RC_ASSERT(name != "." && name != "..");
    RC_ASSERT(state::decode_file_name(name) == text);
  });
}
