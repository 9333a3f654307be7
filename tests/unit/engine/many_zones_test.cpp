// Many zones at once: lanes of accounts, one writer per server, and how often a provider is asked.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "unit/engine/world.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using engine::ExitCode;
using engine::ZoneStatus;

/// What was asked of the providers of a run.
struct Watch {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<dns::Name, int> reads;
  int finds = 0;
  int lists = 0;
  int applying = 0;
  int most_applying = 0;
  std::function<void(const base::Account&, const dns::Name&)> on_read;
  std::function<void()> on_apply;
  std::optional<base::Error> list_fails;
  bool lists_nothing = false;
  bool finds_no_kinds = false;
  plan::Support multiple_writers = plan::Support::no;

  /// Until `ready`; false: it never was.
  template <class Ready>
  bool wait_for(Ready ready) {
    std::unique_lock hold(mutex);
    return changed.wait_for(hold, std::chrono::seconds(20), ready);
  }
};

/// Memory, watched.
class Watched final : public provider::Provider {
 public:
  Watched(std::unique_ptr<provider::Provider> inner, base::Account account, Watch& watch)
      : inner_(std::move(inner)), account_(std::move(account)), watch_(watch) {}

  [[nodiscard]] std::string fingerprint() const override { return "one server"; }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override {
    const std::lock_guard hold(watch_.mutex);
    ++watch_.finds;
    auto found = inner_->find(zone);
    for (auto& ref : found) {
      if (watch_.finds_no_kinds) ref.kind = plan::ZoneKind::ordinary;
    }
    return found;
  }
  std::optional<std::vector<plan::ZoneRef>> list() override {
    const std::lock_guard hold(watch_.mutex);
    ++watch_.lists;
    if (watch_.list_fails) throw base::Error(*watch_.list_fails);
    if (watch_.lists_nothing) return std::nullopt;
    return inner_->list();
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    plan::Traits traits = inner_->traits(zone);
    traits.multiple_writers = watch_.multiple_writers;
    return traits;
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    {
      const std::lock_guard hold(watch_.mutex);
      ++watch_.reads[zone.name];
      watch_.changed.notify_all();
    }
    if (watch_.on_read) watch_.on_read(account_, zone.name);
    if (!watch_.finds_no_kinds) return inner_->read(zone);
    // Some providers learn from the zone itself what kind it is.
    plan::LiveZone live(inner_->find(zone.name).front());
    for (const auto& set : inner_->read(zone).sets()) live.add(set);
    return live;
  }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    {
      const std::lock_guard hold(watch_.mutex);
      watch_.most_applying = std::max(watch_.most_applying, ++watch_.applying);
      watch_.changed.notify_all();
    }
    if (watch_.on_apply) watch_.on_apply();
    const auto pending = inner_->apply(live, step);
    const std::lock_guard hold(watch_.mutex);
    --watch_.applying;
    return pending;
  }

 private:
  std::unique_ptr<provider::Provider> inner_;
  base::Account account_;
  Watch& watch_;
};

/// Zones "zN.a.example" at the accounts they are given to.
class Fleet {
 public:
  Fleet() {
    info_.type = "memory";
    info_.make = [this](const base::Account& account, const provider::Tools&) {
      return std::make_unique<Watched>(providers::memory_provider(dns), account, watch);
    };
    folder.write("mxsmith.toml",
                 "[accounts.a]\ntype = \"memory\"\n[accounts.b]\ntype = \"memory\"\n");
  }

  void add(const std::string& account, int zones) {
    for (int i = 0; i < zones; ++i) {
      const std::string name = "z" + std::to_string(i) + "." + account + ".example";
      dns->add_zone(dns::Name::of(name));
      folder.write(name + ".toml",
                   "zone = \"" + name + "\"\nprovider = \"" + account +
                       "\"\n[[record]]\nname = \"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n");
    }
  }

  engine::Engine engine() { return engine::Engine(environment_with(info_, clock, offline.client)); }
  engine::Report plan() {
    engine::PlanRequest request;
    request.selection = {{folder.path()}, {}};
    return engine().plan(request);
  }
  engine::Report apply(bool reviewed) {
    engine::ApplyRequest request;
    request.plan.selection = {{folder.path()}, {}};
    request.plan.reviewed = reviewed;
    return engine().apply(request, [](const engine::Report&) { return true; });
  }
  /// How often each zone was read, as far as it was; and forgets it.
  std::set<int> take_reads() {
    std::set<int> counts;
    for (const auto& [zone, reads] : watch.reads) counts.insert(reads);
    watch.reads.clear();
    return counts;
  }

  TemporaryDirectory folder;
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  Offline offline{clock};
  std::shared_ptr<providers::MemoryDns> dns =
      std::make_shared<providers::MemoryDns>(providers::MemoryDns::Options{});
  Watch watch;

 private:
  provider::ProviderInfo info_;
};

bool all_are(const engine::Report& report, ZoneStatus status) {
  return std::all_of(report.zones.begin(), report.zones.end(),
                     [&](const auto& zone) { return zone.status == status; });
}

TEST_CASE("a server that takes one writer gets one, whatever account it comes from") {
  Fleet fleet;
  fleet.add("a", 12);
  fleet.add("b", 12);
  // Others get the time to come in, if they can.
  fleet.watch.on_apply = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  const auto report = fleet.apply(true);
  REQUIRE(report.zones.size() == 24);
  CHECK(all_are(report, ZoneStatus::applied));
  CHECK(fleet.watch.most_applying == 1);
}

TEST_CASE("a server that takes several writers gets several") {
  Fleet fleet;
  fleet.add("a", 4);
  fleet.watch.multiple_writers = plan::Support::yes;
  fleet.watch.on_apply = [&] {
    fleet.watch.wait_for([&] { return fleet.watch.most_applying > 1; });
  };
  CHECK(all_are(fleet.apply(true), ZoneStatus::applied));
  CHECK(fleet.watch.most_applying > 1);
}

TEST_CASE("an account that does not answer holds up only itself") {
  Fleet fleet;
  fleet.add("a", 40);
  fleet.add("b", 40);
  std::atomic<int> answered{0};
  std::atomic<bool> starved{false};
  fleet.watch.on_read = [&](const base::Account& account, const dns::Name&) {
    if (account.name == "b") {
      ++answered;
      fleet.watch.changed.notify_all();
      return;
    }
    if (!fleet.watch.wait_for([&] { return answered == 40; })) starved = true;
  };
  const auto report = fleet.plan();
  CHECK(!starved);
  REQUIRE(report.zones.size() == 80);
  CHECK(all_are(report, ZoneStatus::planned));
}

TEST_CASE("reports of many zones are sorted, whatever came first") {
  Fleet fleet;
  fleet.add("b", 20);
  fleet.add("a", 20);
  const auto report = fleet.plan();
  REQUIRE(report.zones.size() == 40);
  CHECK(std::is_sorted(report.zones.begin(), report.zones.end(),
                       [](const auto& a, const auto& b) { return a.zone < b.zone; }));
}

TEST_CASE("how often a zone is read") {
  Fleet fleet;
  fleet.add("a", 3);
  REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
  CHECK(fleet.take_reads() == std::set<int>{1});
  SECTION("somebody looks at the plan: planned, compared, read back") {
    REQUIRE(all_are(fleet.apply(true), ZoneStatus::applied));
    CHECK(fleet.take_reads() == std::set<int>{3});
  }
  SECTION("nobody does and no time passes: planned, read back") {
    REQUIRE(all_are(fleet.apply(false), ZoneStatus::applied));
    CHECK(fleet.take_reads() == std::set<int>{2});
  }
  SECTION("nobody does, but time passes: planned, compared, read back") {
    engine::ApplyRequest request;
    request.plan.selection = {{fleet.folder.path()}, {}};
    const auto report = fleet.engine().apply(request, [&](const engine::Report&) {
      fleet.clock.sleep_for(std::chrono::milliseconds(2001));
      return true;
    });
    REQUIRE(all_are(report, ZoneStatus::applied));
    CHECK(fleet.take_reads() == std::set<int>{3});
  }
  SECTION("nothing is to be done") {
    REQUIRE(all_are(fleet.apply(true), ZoneStatus::applied));
    fleet.take_reads();
    REQUIRE(all_are(fleet.apply(true), ZoneStatus::nothing));
    CHECK(fleet.take_reads() == std::set<int>{1});
  }
}

TEST_CASE("few zones of an account are looked up") {
  Fleet fleet;
  fleet.add("a", 8);
  REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
  CHECK(fleet.watch.finds == 8);
  CHECK(fleet.watch.lists == 0);
}

TEST_CASE("many zones of an account are found by one list") {
  Fleet fleet;
  fleet.add("a", 50);
  SECTION("many are listed") {
    REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
    CHECK(fleet.watch.finds == 8);
    CHECK(fleet.watch.lists == 1);
  }
  SECTION("each account has its own list") {
    fleet.add("b", 50);
    REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
    CHECK(fleet.watch.finds == 16);
    CHECK(fleet.watch.lists == 2);
  }
  SECTION("no list: all are looked up") {
    fleet.watch.lists_nothing = true;
    REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
    CHECK(fleet.watch.finds == 50);
    CHECK(fleet.watch.lists == 1);
  }
  SECTION("a list that is not allowed: all are looked up") {
    fleet.watch.list_fails = base::Error(base::ErrorKind::auth, "may not list");
    REQUIRE(all_are(fleet.plan(), ZoneStatus::planned));
    CHECK(fleet.watch.finds == 50);
    CHECK(fleet.watch.lists == 1);
  }
  SECTION("a server that does not answer is not asked for each zone") {
    fleet.watch.list_fails = base::Error(base::ErrorKind::unavailable, "down");
    const auto report = fleet.plan();
    CHECK(fleet.watch.finds == 8);
    CHECK(fleet.watch.lists == 1);
    const auto failed = std::count_if(
        report.zones.begin(), report.zones.end(),
        [](const auto& zone) { return zone.status == ZoneStatus::failed && zone.error; });
    CHECK(failed == 42);
  }
}

TEST_CASE("faults that are found late still stop everything") {
  Fleet fleet;
  fleet.add("a", 30);
  // Sorts behind all others, so that their reading has begun by then.
  fleet.folder.write("zz.toml", "zone = \"z0.a.example\"\nprovider = \"a\"\n");
  const auto plan = fleet.plan();
  CHECK(plan.diagnostics.has_errors());
  CHECK(plan.zones.empty());
  const auto reads = fleet.dns->reads();
  const auto apply = fleet.apply(false);
  CHECK(apply.diagnostics.has_errors());
  CHECK(apply.zones.empty());
  CHECK(fleet.dns->writes() == 0);
  CHECK(fleet.dns->reads() == reads);
  CHECK(!std::filesystem::exists(fleet.folder.path() / ".mxsmith"));
}

TEST_CASE("a zone that is edited elsewhere is refused before any write, however late it shows") {
  for (const auto kind : {plan::ZoneKind::secondary, plan::ZoneKind::presigned}) {
    for (const bool late : {false, true}) {
      Fleet fleet;
      fleet.watch.finds_no_kinds = late;
      fleet.watch.on_apply = [] { FAIL("was written to"); };
      fleet.add("a", 1);
      const auto elsewhere = dns::Name::of("elsewhere.example");
      fleet.dns->add_zone(elsewhere, kind);
      fleet.folder.write("elsewhere.example.toml",
                         "zone = \"elsewhere.example\"\nprovider = \"b\"\n[[record]]\nname = "
                         "\"www\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n");
      const auto report = fleet.plan();
      REQUIRE(report.zones.size() == 2);
      const auto& refused = report.zones[0].zone == elsewhere ? report.zones[0] : report.zones[1];
      REQUIRE(refused.error);
      CHECK(refused.error->kind() == base::ErrorKind::unsupported);
      CHECK_FALSE(refused.plan);
    }
  }
}

TEST_CASE("one zone's failure leaves the others going") {
  Fleet fleet;
  fleet.add("a", 20);
  fleet.watch.on_read = [](const base::Account&, const dns::Name& zone) {
    if (zone == dns::Name::of("z7.a.example")) {
      throw base::Error(base::ErrorKind::unavailable, "502 Bad Gateway");
    }
  };
  const auto report = fleet.apply(true);
  const auto applied = std::count_if(report.zones.begin(), report.zones.end(),
                                     [](const auto& z) { return z.status == ZoneStatus::applied; });
  CHECK(applied == 19);
  CHECK(engine::exit_code(report, engine::Detailed::no) == ExitCode::partly);
}

}  // namespace
