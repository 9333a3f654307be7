// Zone files as a provider: finding them, reading, editing in place, and refusing.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "providers/zonefile/zone_paths.hpp"
#include "providers/zonefile/zonefile.hpp"
#include "support/catch.hpp"
#include "support/offline.hpp"
#include "support/process.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::Error;
using base::ErrorKind;

namespace {

const dns::Name kApex = dns::Name::of("example.com");

constexpr auto kZoneText =
    "$TTL 3600\n"
    "; the zone of a small company\n"
    "@  IN SOA ns1.example.net. hostmaster.example.com. (\n"
    "       2026112301 ; serial\n"
    "       7200 900 1209600 300 )\n"
    "   IN NS  ns1.example.net.\n"
    "   IN MX  10 mx1.old.example. ; the cellar\n"
    "   IN MX  20 mx2.old.example.\n"
    "www     A   192.0.2.10   ; web\n";

struct Setup {
  TemporaryDirectory directory;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  Offline offline{clock};

  explicit Setup(const std::string& text = kZoneText) { directory.write("example.com.zone", text); }
  [[nodiscard]] std::unique_ptr<provider::Provider> make(
      const std::map<std::string, std::string>& settings = {}) {
    base::Account account;
    account.name = account.type = "zonefile";
    account.directory = directory.path();
    for (const auto& [name, value] : settings) account.settings[name] = {value, {}};
    return providers::zonefile_info().make(account, {clock, offline.client});
  }
  [[nodiscard]] fs::path file() const { return directory.path() / "example.com.zone"; }
};

plan::LiveZone read(provider::Provider& provider) {
  const auto found = provider.find(kApex);
  REQUIRE(found.size() == 1);
  return provider.read(found.front());
}

/// The change of a set as a plan would hold it: before as it was read, after by these values.
plan::Change change_of(const plan::LiveZone& live, const std::string& name, dns::Type type,
                       const std::vector<std::string>& values, std::uint32_t ttl = 3600) {
  plan::Change change;
  change.key = {*dns::Name::parse(name, kApex), type};
  if (const plan::LiveSet* set = live.find(change.key)) {
    change.before = plan::SetState{set->set, {}, live.native->verbatim(change.key)};
  }
  if (values.empty()) return change;
  change.after = plan::SetState{{change.key.name, type, ttl, {}}, {}, {}};
  for (const auto& value : values) {
    change.after->set.values.push_back(*dns::parse_rdata(type, value, kApex));
  }
  return change;
}

Error error_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::usage, "no error"};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a zone file is read with its sets and its serial") {
  Setup setup;
  const auto provider = setup.make();
  const plan::LiveZone live = read(*provider);
  CHECK(live.sets().size() == 4);
  CHECK(live.find(kApex, dns::Type::MX)->set.values.size() == 2);
  CHECK(live.find(kApex, dns::Type::MX)->foreign().empty());
  CHECK(live.version == "serial 2026112301");
  const plan::Traits traits = provider->traits(live.ref());
  CHECK(traits.granularity == plan::Granularity::zone);
  CHECK(traits.atomic_step == plan::Support::yes);
}

TEST_CASE("a change touches its lines and the serial, and nothing else") {
  Setup setup;
  const auto provider = setup.make();
  const auto live = read(*provider);
  provider->apply(live, {{change_of(live, "www", dns::Type::A, {"192.0.2.11"})}, true});
  CHECK(slurp(setup.file()) ==
        replaced(replaced(kZoneText, "2026112301", "2026120500"), "192.0.2.10", "192.0.2.11"));
}

TEST_CASE("undoing a change brings back every byte but the serial") {
  Setup setup;
  const auto provider = setup.make({{"serial", "increment"}});
  const auto live = read(*provider);
  std::vector<plan::Change> changes = {change_of(live, "@", dns::Type::MX, {"0 in.new.example."}),
                                       change_of(live, "@", dns::Type::TXT, {"\"v=spf1 -all\""}),
                                       change_of(live, "www", dns::Type::A, {})};
  provider->apply(live, {changes, true});
  const auto between = read(*provider);
  CHECK(between.version == "serial 2026112302");
  CHECK(between.find(kApex, dns::Type::MX)->set.values.size() == 1);
  CHECK(between.find(kApex, dns::Type::TXT) != nullptr);
  CHECK(between.sets().size() == 4);
  for (auto& change : changes) change = plan::invert(change);
  provider->apply(between, {changes, true});
  CHECK(slurp(setup.file()) == replaced(kZoneText, "2026112301", "2026112303"));
}

TEST_CASE("a step without changes leaves the file alone, serial included") {
  Setup setup;
  const auto provider = setup.make();
  provider->apply(read(*provider), {{}, true});
  CHECK(slurp(setup.file()) == kZoneText);
}

TEST_CASE("lines that end as on other systems stay so") {
  std::string text = kZoneText;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.insert(at, "\r");
  }
  Setup setup(text);
  const auto provider = setup.make();
  const auto live = read(*provider);
  provider->apply(live, {{change_of(live, "www", dns::Type::A, {"192.0.2.11"})}, true});
  CHECK(slurp(setup.file()) ==
        replaced(replaced(text, "2026112301", "2026120500"), "192.0.2.10", "192.0.2.11"));
}

TEST_CASE("mode and owner of a zone file are kept") {
  Setup setup;
  REQUIRE(::chmod(setup.file().c_str(), 0640) == 0);
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::chown(setup.file().c_str(), 12345, 54321) == 0);
  const auto provider = setup.make();
  const auto live = read(*provider);
  provider->apply(live, {{change_of(live, "www", dns::Type::A, {})}, true});
  struct stat status {};
  REQUIRE(::stat(setup.file().c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  if (root) {
    CHECK(status.st_uid == 12345);
    CHECK(status.st_gid == 54321);
  }
  CHECK(std::distance(fs::directory_iterator(setup.directory.path()), {}) == 1);
}

TEST_CASE("a zone file behind a link is replaced where it lies, and the link stays") {
  Setup setup;
  fs::create_directories(setup.directory.path() / "real");
  fs::rename(setup.file(), setup.directory.path() / "real" / "zone");
  fs::create_symlink("real/zone", setup.file());
  const auto provider = setup.make();
  const auto live = read(*provider);
  provider->apply(live, {{change_of(live, "www", dns::Type::A, {})}, true});
  CHECK(fs::is_symlink(setup.file()));
  CHECK(fs::is_regular_file(fs::symlink_status(setup.directory.path() / "real" / "zone")));
  CHECK_THAT(slurp(setup.file()), !has_text("192.0.2.10"));
}

TEST_CASE("a file that changed since it was read is not overwritten") {
  Setup setup;
  const auto provider = setup.make();
  const auto live = read(*provider);
  const std::string other = std::string(kZoneText) + "ftp A 192.0.2.20\n";
  setup.directory.write("example.com.zone", other);
  const Error error = error_of([&] {
    provider->apply(live, {{change_of(live, "www", dns::Type::A, {})}, true});
  });
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.effect() == Effect::none);
  CHECK_THAT(error.what(), has_text("changed while we were working"));
  CHECK(slurp(setup.file()) == other);
}

TEST_CASE("records of an included file are somebody else's") {
  Setup setup(std::string(kZoneText) + "$INCLUDE sub/db.common\n");
  setup.directory.write("sub/db.common", "ftp A 192.0.2.20\n@ TXT \"common\"\n");
  const auto provider = setup.make();
  const auto live = read(*provider);
  const dns::Key ftp{dns::Name::of("ftp.example.com"), dns::Type::A};
  REQUIRE(live.find(ftp) != nullptr);
  CHECK(live.find(ftp)->foreign() == "file sub/db.common ($INCLUDE)");
  CHECK(live.find(kApex, dns::Type::MX)->foreign().empty());

  provider->apply(live, {{change_of(live, "www", dns::Type::A, {})}, true});
  CHECK(slurp(setup.directory.path() / "sub/db.common") == "ftp A 192.0.2.20\n@ TXT \"common\"\n");
  const auto again = read(*provider);
  const Error error = error_of([&] {
    provider->apply(again, {{change_of(again, "ftp", dns::Type::A, {})}, true});
  });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.effect() == Effect::none);
  CHECK_THAT(error.what(), has_text("ftp.example.com"));
}

TEST_CASE("the SOA is not changed by anybody but the serial rule") {
  Setup setup;
  const auto provider = setup.make();
  const auto live = read(*provider);
  const Error error = error_of([&] {
    provider->apply(live, {{change_of(live, "@", dns::Type::SOA, {})}, true});
  });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(slurp(setup.file()) == kZoneText);
}

TEST_CASE("what cannot be read is told as what it is") {
  SECTION("all faults of a zone file, with line and column") {
    Setup setup(std::string(kZoneText) + "a MX 70000 mx\nb A 192.0.2.256\n");
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    const Error error = error_of([&] { provider->read(ref); });
    CHECK(error.kind() == ErrorKind::invalid);
    CHECK_THAT(error.what(), has_text("has 2 faults"));
    CHECK_THAT(error.what(), has_text("example.com.zone:10:6: "));
    CHECK_THAT(error.what(), has_text("example.com.zone:11:5: "));
    CHECK_THAT(error.what(), has_text("70000"));
  }
  SECTION("a folder where the file should be") {
    Setup setup;
    fs::remove(setup.file());
    fs::create_directories(setup.file());
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    const Error error = error_of([&] { provider->read(ref); });
    CHECK(error.kind() == ErrorKind::io);
    CHECK_THAT(error.what(), has_text("example.com.zone: Is a directory"));
  }
  SECTION("a link that leads nowhere") {
    Setup setup;
    fs::remove(setup.file());
    fs::create_symlink("gone", setup.file());
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    const Error error = error_of([&] { provider->read(ref); });
    CHECK(error.kind() == ErrorKind::io);
    CHECK_THAT(error.what(), has_text("it is a link to gone, which is not there"));
  }
  SECTION("links that lead round in a circle") {
    Setup setup;
    fs::remove(setup.file());
    fs::create_symlink("other", setup.file());
    fs::create_symlink("example.com.zone", setup.directory.path() / "other");
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    CHECK(error_of([&] { provider->read(ref); }).kind() == ErrorKind::io);
  }
  SECTION("a file that went since it was found") {
    Setup setup;
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    fs::remove(setup.file());
    const Error error = error_of([&] { provider->read(ref); });
    CHECK(error.kind() == ErrorKind::not_found);
  }
  SECTION("an included file that is not there") {
    Setup setup(std::string(kZoneText) + "$INCLUDE gone\n");
    const auto provider = setup.make();
    const auto ref = provider->find(kApex).front();
    const Error error = error_of([&] { provider->read(ref); });
    CHECK(error.kind() == ErrorKind::invalid);
    CHECK_THAT(error.what(), has_text("example.com.zone:10:"));
  }
}

TEST_CASE("a folder that cannot be written to leaves the zone as it was") {
  Setup setup;
  const auto provider = setup.make();
  const auto live = read(*provider);
  // Stands where the new file would be made; not even root can put a file in its place.
  fs::create_directories(setup.directory.path() / ".example.com.zone.mxsmith-new");
  const Error error = error_of([&] {
    provider->apply(live, {{change_of(live, "www", dns::Type::A, {})}, true});
  });
  CHECK(error.kind() == ErrorKind::io);
  CHECK(error.effect() == Effect::none);
  CHECK(slurp(setup.file()) == kZoneText);
}

TEST_CASE("a zone's file is found by the pattern, or by the usual names") {
  const Setup setup;
  const fs::path& folder = setup.directory.path();
  setup.directory.write("zones/db.one.example", "");
  setup.directory.write("zones/two.example.zone", "");
  setup.directory.write("zones/three.example", "");
  setup.directory.write("zones/README.md", "");
  setup.directory.write("zones/Four.example.zone", "");
  setup.directory.write("zones/0%2F25.2.0.192.in-addr.arpa.zone", "");
  setup.directory.write("own/five.example/zone.db", "");
  setup.directory.write("own/six.example/other", "");
  fs::create_directories(folder / "zones/folder.example");
  fs::create_symlink("db.one.example", folder / "zones/one.example.zone");
  using providers::zonefile::ZonePaths;

  struct Row {
    const char* pattern;
    const char* zone;
    Words found;
  };
  const Row rows[] = {
      {"zones/db.${zone}", "one.example", {"zones/db.one.example"}},
      {"zones/db.${zone}", "two.example", {}},
      {"zones", "one.example", {"zones/one.example.zone"}},
      {"zones", "two.example", {"zones/two.example.zone"}},
      {"zones", "three.example", {"zones/three.example"}},
      {"zones", "folder.example", {}},
      {"zones", "0/25.2.0.192.in-addr.arpa", {"zones/0%2F25.2.0.192.in-addr.arpa.zone"}},
      {"own/${zone}/zone.db", "five.example", {"own/five.example/zone.db"}},
      {"own/${zone}/zone.db", "six.example", {}},
      {"zones/three.example", "any.example", {"zones/three.example"}},
      {"../etc", "one.example", {}},
  };
  for (const Row& row : rows) {
    INFO(row.pattern << " for " << row.zone);
    Words found;
    for (const auto& path : ZonePaths(folder, row.pattern).existing(dns::Name::of(row.zone))) {
      found.push_back(path.lexically_relative(folder).string());
    }
    CHECK(found == row.found);
  }

  const auto listed = [&](const char* pattern) {
    std::optional<Words> names;
    if (const auto all = ZonePaths(folder, pattern).all()) {
      names.emplace();
      for (const auto& found : *all) names->push_back(found.zone.display());
      std::sort(names->begin(), names->end());
    }
    return names;
  };
  CHECK(listed("zones") == Words{"0/25.2.0.192.in-addr.arpa", "one.example", "two.example"});
  CHECK(listed("own/${zone}/zone.db") == Words{"five.example"});
  CHECK(listed("nowhere/${zone}") == Words{});
  CHECK(listed("zones/three.example") == std::nullopt);
}

TEST_CASE("two files for one zone are both told, one file under two names once") {
  Setup setup;
  CHECK(setup.make()->find(kApex).size() == 1);
  fs::create_symlink("example.com.zone", setup.directory.path() / "db.example.com");
  CHECK(setup.make()->find(kApex).size() == 1);
  fs::remove(setup.directory.path() / "db.example.com");
  setup.directory.write("db.example.com", kZoneText);
  CHECK(setup.make()->find(kApex).size() == 2);
}

TEST_CASE("a zone without a file is not found, and the places are known") {
  Setup setup;
  const auto provider = setup.make();
  const dns::Name other = dns::Name::of("other.example");
  CHECK(provider->find(other).empty());
  const std::string folder = setup.directory.path().string();
  CHECK(provider->places(other) == Words{folder + "/other.example.zone",
                                         folder + "/db.other.example", folder + "/other.example"});
  const auto all = provider->list();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  CHECK(all->front().name == kApex);
}

TEST_CASE("accounts are equal when their folders are, and settings are checked") {
  Setup setup;
  const auto fingerprint = [&](const std::map<std::string, std::string>& settings) {
    return setup.make(settings)->fingerprint();
  };
  CHECK_THAT(fingerprint({}), Catch::Matchers::StartsWith("zonefile:"));
  CHECK(fingerprint({}) == fingerprint({}));
  CHECK(fingerprint({{"path", "a/${zone}"}}) == fingerprint({{"path", "./a/${zone}"}}));
  CHECK(fingerprint({{"path", "a/${zone}"}}) != fingerprint({{"path", "b/${zone}"}}));

  struct Row {
    const char* setting;
    base::SettingValue value;
    const char* message;
  };
  const Row rows[] = {
      {"pathh", std::string("x"),
       "mxsmith.toml:3:1: a zonefile account has no setting `pathh`; "
       "did you mean `path`?"},
      {"path", std::int64_t{1}, "mxsmith.toml:3:1: `path` takes a string"},
      {"path", std::string(), "mxsmith.toml:3:1: `path` is empty"},
      {"serial", std::string("never"), "mxsmith.toml:3:1: `serial` is \"never\", and takes"},
  };
  for (const Row& row : rows) {
    base::Account account;
    account.type = "zonefile";
    account.settings[row.setting] = {row.value,
                                     {std::make_shared<const std::string>("mxsmith.toml"), 3, 1}};
    const Error error = error_of([&] {
      providers::zonefile_info().make(account, {setup.clock, setup.offline.client});
    });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK_THAT(error.what(), has_text(row.message));
  }
}
