// ByRecord: records into sets, changes into record writes.
#include <algorithm>

#include <memory>

#include "base/error.hpp"
#include "provider/provider.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using base::Effect;
using base::Error;
using base::ErrorKind;
using provider::RecordApi;

namespace {

const dns::Name kApex = dns::Name::of("example.com");

/// Writes down what it is told; answers with the records it was given.
struct Recorder final : RecordApi {
  struct Call {
    std::string verb;
    Record record;
  };
  std::vector<Record> stored;
  std::vector<Call> calls;
  std::size_t fail_at = 0;
  Effect effect = Effect::none;
  plan::Support in_place = plan::Support::yes;

  [[nodiscard]] std::string fingerprint() const override { return "recorder"; }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return {{zone, "z"}}; }
  std::optional<std::vector<plan::ZoneRef>> list() override { return std::nullopt; }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    plan::Traits traits;
    traits.granularity = plan::Granularity::record;
    traits.update_in_place = in_place;
    return traits;
  }
  std::vector<Record> records(const plan::ZoneRef&) override { return stored; }
  void create(const plan::ZoneRef&, const Record& record) override { note("create", record); }
  void update(const plan::ZoneRef&, const Record& record) override { note("update", record); }
  void remove(const plan::ZoneRef&, const Record& record) override { note("remove", record); }

  void note(const char* verb, const Record& record) {
    if (calls.size() + 1 == fail_at) throw Error(ErrorKind::unavailable, "no answer", effect);
    calls.push_back({verb, record});
  }
};

RecordApi::Record record(dns::Type type, const std::string& value, const std::string& id,
                         std::uint32_t ttl = 300, plan::Meta meta = {}) {
  return {{kApex, type}, ttl, *dns::parse_rdata(type, value, kApex), id, "", std::move(meta)};
}

plan::SetState state_of(dns::Type type, const std::vector<std::string>& values,
                        std::uint32_t ttl = 300, plan::Meta meta = {}) {
  plan::SetState state;
  state.set = {kApex, type, ttl, {}};
  for (const auto& value : values)
    state.set.values.push_back(*dns::parse_rdata(type, value, kApex));
  state.meta = std::move(meta);
  return state;
}

plan::Change change_of(std::optional<plan::SetState> before, std::optional<plan::SetState> after) {
  plan::Change change;
  change.key = (before ? before : after)->set.key();
  change.before = std::move(before);
  change.after = std::move(after);
  return change;
}

struct Setup {
  Recorder* api;
  std::unique_ptr<provider::Provider> provider;
  plan::ZoneRef zone{kApex, "z"};

  explicit Setup(std::vector<RecordApi::Record> stored) {
    auto made = std::make_unique<Recorder>();
    api = made.get();
    api->stored = std::move(stored);
    provider = provider::by_record(std::move(made));
  }
  void apply(const std::vector<plan::Change>& changes) {
    provider->apply(provider->read(zone), {changes, false});
  }
  void apply_at_once(const std::vector<plan::Change>& changes) {
    provider->apply(provider->read(zone), {changes, true});
  }
  [[nodiscard]] std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const auto& call : api->calls) {
      all.push_back(call.verb + " " + call.record.id + " " + dns::print_rdata(call.record.value) +
                    " " + std::to_string(call.record.ttl));
    }
    return all;
  }
};

using Words = std::vector<std::string>;
constexpr auto MX = dns::Type::MX;
constexpr auto A = dns::Type::A;

}  // namespace

TEST_CASE("records become sets with their ids, owners and metadata") {
  Setup setup({record(MX, "10 a.", "1"), record(A, "192.0.2.1", "2", 60, {{"proxied", "true"}}),
               record(MX, "20 b.", "3")});
  setup.api->stored[2].foreign = "Email Routing";
  const plan::LiveZone live = setup.provider->read(setup.zone);
  REQUIRE(live.sets().size() == 2);
  const plan::LiveSet* mx = live.find(kApex, MX);
  REQUIRE(mx != nullptr);
  CHECK(mx->set == state_of(MX, {"10 a.", "20 b."}).set);
  CHECK(mx->extra->record_ids == Words{"1", "3"});
  // Only one of its values is somebody else's.
  CHECK(mx->foreign().empty());
  const auto& values = mx->set.values;
  CHECK(std::count_if(values.begin(), values.end(), [&](const dns::Rdata& value) {
          return mx->foreign(value) == "Email Routing";
        }) == 1);
  CHECK(live.find(kApex, A)->meta() == plan::Meta{{"proxied", "true"}});
  CHECK(live.find(kApex, A)->set.ttl == 60);
}

TEST_CASE("changes become writes to the records they concern") {
  Setup setup({record(MX, "10 a.", "1"), record(MX, "20 b.", "2"), record(A, "192.0.2.1", "3")});
  SECTION("a value changes, another stays untouched") {
    setup.apply({change_of(state_of(MX, {"10 a.", "20 b."}), state_of(MX, {"5 a.", "20 b."}))});
    CHECK(setup.words() == Words{"update 1 5 a. 300"});
  }
  SECTION("one more and one less") {
    setup.apply({change_of(state_of(MX, {"10 a.", "20 b."}), state_of(MX, {"10 a."}))});
    setup.apply({change_of(state_of(A, {"192.0.2.1"}), state_of(A, {"192.0.2.1", "192.0.2.2"}))});
    CHECK(setup.words() == Words{"remove 2 20 b. 300", "create  192.0.2.2 300"});
  }
  SECTION("a set goes") {
    setup.apply({change_of(state_of(MX, {"10 a.", "20 b."}), std::nullopt)});
    CHECK(setup.words() == Words{"remove 1 10 a. 300", "remove 2 20 b. 300"});
  }
  SECTION("a new TTL reaches every record") {
    setup.apply(
        {change_of(state_of(MX, {"10 a.", "20 b."}), state_of(MX, {"10 a.", "20 b."}, 60))});
    CHECK(setup.words() == Words{"update 1 10 a. 60", "update 2 20 b. 60"});
  }
  SECTION("a new TTL where records cannot be changed") {
    setup.api->in_place = plan::Support::no;
    setup.apply({change_of(state_of(A, {"192.0.2.1"}), state_of(A, {"192.0.2.1"}, 60))});
    CHECK(setup.words() == Words{"remove 3 192.0.2.1 300", "create  192.0.2.1 60"});
  }
  SECTION("changes go in the order they were given") {
    setup.apply({change_of(state_of(A, {"192.0.2.1"}), std::nullopt),
                 change_of(state_of(MX, {"10 a.", "20 b."}), state_of(MX, {"10 a."}))});
    CHECK(setup.words() == Words{"remove 3 192.0.2.1 300", "remove 2 20 b. 300"});
  }
}

TEST_CASE("metadata is carried, and changes only when the change says so") {
  const plan::Meta on{{"proxied", "true"}};
  const plan::Meta off{{"proxied", "false"}};
  Setup setup({record(A, "192.0.2.1", "1", 300, on), record(A, "192.0.2.2", "2", 300, off)});
  SECTION("a value changes") {
    setup.apply({change_of(state_of(A, {"192.0.2.1", "192.0.2.2"}, 300, on),
                           state_of(A, {"192.0.2.1", "192.0.2.3"}, 300, on))});
    REQUIRE(setup.words() == Words{"update 2 192.0.2.3 300"});
    CHECK(setup.api->calls[0].record.meta == off);
  }
  SECTION("the TTL changes") {
    setup.apply({change_of(state_of(A, {"192.0.2.1", "192.0.2.2"}, 300, on),
                           state_of(A, {"192.0.2.1", "192.0.2.2"}, 60, on))});
    REQUIRE(setup.api->calls.size() == 2);
    CHECK(setup.api->calls[0].record.meta == on);
    CHECK(setup.api->calls[1].record.meta == off);
  }
  SECTION("the metadata changes") {
    setup.apply({change_of(state_of(A, {"192.0.2.1", "192.0.2.2"}, 300, on),
                           state_of(A, {"192.0.2.1", "192.0.2.2"}, 300, {{"proxied", "x"}}))});
    REQUIRE(setup.api->calls.size() == 2);
    for (const auto& call : setup.api->calls) {
      CHECK(call.record.meta == plan::Meta{{"proxied", "x"}});
    }
  }
}

TEST_CASE("records that do not fit into one set are put in order when it changes") {
  Setup setup({record(A, "192.0.2.1", "1", 300), record(A, "192.0.2.1", "2", 300),
               record(A, "192.0.2.2", "3", 600)});
  const plan::LiveZone live = setup.provider->read(setup.zone);
  const dns::RRset& set = live.find(kApex, A)->set;
  CHECK(set.ttl == 300);
  CHECK(set.values.size() == 2);
  SECTION("a value stored twice goes altogether, and the TTL is made one") {
    setup.apply({change_of(state_of(A, {"192.0.2.1", "192.0.2.2"}), state_of(A, {"192.0.2.2"}))});
    CHECK(setup.words() ==
          Words{"remove 1 192.0.2.1 300", "remove 2 192.0.2.1 300", "update 3 192.0.2.2 300"});
  }
}

TEST_CASE("what cannot be done is refused before the first write") {
  Setup setup({record(MX, "10 a.", "1"), record(A, "192.0.2.1", "2")});
  SECTION("a record that is no longer there") {
    try {
      setup.apply({change_of(state_of(A, {"192.0.2.1"}), std::nullopt),
                   change_of(state_of(MX, {"10 b."}), std::nullopt)});
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::conflict);
      CHECK(error.effect() == Effect::none);
      CHECK(error.key() == "example.com/MX");
    }
  }
  SECTION("several writes that were promised to be one") {
    CHECK_THROWS_AS(setup.apply_at_once({change_of(state_of(A, {"192.0.2.1"}), std::nullopt),
                                         change_of(state_of(MX, {"10 a."}), std::nullopt)}),
                    Error);
    CHECK(setup.api->calls.empty());
    setup.apply_at_once({change_of(state_of(A, {"192.0.2.1"}), std::nullopt)});
  }
  CHECK(setup.api->calls.size() <= 1);
}

TEST_CASE("an error tells what the whole step did") {
  struct Row {
    std::size_t fail_at;
    Effect of_the_write;
    Effect of_the_step;
  };
  const Row rows[] = {{1, Effect::none, Effect::none},
                      {1, Effect::unknown, Effect::unknown},
                      {2, Effect::none, Effect::partial},
                      {2, Effect::unknown, Effect::partial}};
  for (const Row& row : rows) {
    Setup setup({record(MX, "10 a.", "1"), record(MX, "20 b.", "2")});
    setup.api->fail_at = row.fail_at;
    setup.api->effect = row.of_the_write;
    try {
      setup.apply({change_of(state_of(MX, {"10 a.", "20 b."}), std::nullopt)});
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.effect() == row.of_the_step);
      CHECK(error.kind() == ErrorKind::unavailable);
    }
    CHECK(setup.api->calls.size() == row.fail_at - 1);
  }
}

TEST_CASE("a provider without words of its own stores a set as it is, and has nothing pending") {
  Setup setup({});
  const dns::RRset set = state_of(A, {"192.0.2.1"}).set;
  CHECK(setup.provider->stored(setup.zone, set) == set);
  CHECK(setup.provider->done(setup.zone, {}));
  CHECK_FALSE(setup.provider->done(setup.zone, {"job 1"}));
  CHECK(setup.provider->places(kApex).empty());
}
