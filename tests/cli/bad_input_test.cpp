// Bad input: each kind has its own message, its own place where it has one, and changes nothing.
#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

constexpr const char* kHead = "zone = \"example.com\"\nprovider = \"zonefile\"\n";
constexpr const char* kZone =
    "$TTL 1h\n"
    "@ IN SOA ns1.example.com. hostmaster.example.com. 2024010101 2h 15m 2w 1h\n"
    "@ IN NS ns1.example.com.\n"
    "@ IN MX 10 mx1.oldmail.example.\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Row {
  const char* name;
  std::string spec;   ///< After the head.
  const char* place;  ///< "FILE:LINE" that is named; empty: none.
  const char* words;  ///< Of the message.
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"unknown key", "[[mail.mx]]\nhost = \"a.example\"\nprioriy = 0\n", "example.com.toml:5",
       "did you mean `priority`?"},
      {"wrong type", "[[mail.mx]]\nhost = 7\npriority = 0\n", "example.com.toml:4", "host"},
      {"priority 70000", "[[mail.mx]]\nhost = \"a.example\"\npriority = 70000\n",
       "example.com.toml:5", "70000"},
      {"MX to an IP address", "[[mail.mx]]\nhost = \"192.0.2.1\"\npriority = 0\n",
       "example.com.toml:4", "192.0.2.1"},
      {"CNAME beside MX",
       "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n"
       "[[record]]\nname = \"@\"\ntype = \"CNAME\"\nvalues = [\"b.example.\"]\n",
       "example.com.toml:", "CNAME"},
      {"label of 64 octets",
       "[[mail.mx]]\nhost = \"" + std::string(64, 'a') + ".example\"\npriority = 0\n",
       "example.com.toml:4", "63"},
      {"not UTF-8", "[[mail.verification]]\nvalue = \"caf\xE9\"\n", "example.com.toml:", "UTF-8"},
      {"local time in a stage",
       "[[stage]]\nat = 2040-12-05T22:00:00\nname = \"x\"\nmail.dmarc.policy = \"none\"\n",
       "example.com.toml:4", "offset"},
      {"two stages at one time",
       "[mail.dmarc]\npolicy = \"none\"\n"
       "[[stage]]\nat = 2040-12-05T22:00:00Z\nname = \"a\"\nmail.dmarc.policy = \"quarantine\"\n"
       "[[stage]]\nat = 2040-12-06T00:00:00+02:00\nname = \"b\"\nmail.dmarc.policy = \"reject\"\n",
       "example.com.toml:", "stage"},
      {"TOML that is none", "[[mail.mx\n", "example.com.toml:3", ""},
  };
  return kRows;
}

/// A run in a folder, its own zone file watched.
struct Place {
  TemporaryDirectory directory;
  std::string before = kZone;
  explicit Place(const std::string& spec) {
    directory.write("example.com.toml", spec);
    directory.write("example.com.zone", kZone);
  }
  [[nodiscard]] RunResult mxsmith(std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, in_folder(directory.path(), std::move(args)));
  }
};

}  // namespace

TEST_CASE("faults in a spec are told with their place, and nothing changes") {
  std::vector<std::string> messages;
  for (const Row& row : rows()) {
    INFO(row.name);
    const Place place(kHead + row.spec);
    const auto check = place.mxsmith({"check"});
    INFO(check.out << check.err);
    CHECK(check.exit == 3);
    CHECK(has(check.out, row.place));
    CHECK(has(check.out, row.words));
    const auto apply = place.mxsmith({"apply", "--yes"});
    INFO(apply.out << apply.err);
    CHECK(apply.exit == 1);
    CHECK(has(apply.err, row.place));
    CHECK(place.directory.read("example.com.zone") == kZone);
    CHECK_FALSE(fs::exists(place.directory.path() / ".mxsmith/zonefile"));
    const std::string first = check.out.substr(0, check.out.find('\n'));
    CHECK(std::find(messages.begin(), messages.end(), first) == messages.end());
    messages.push_back(first);
  }
}

TEST_CASE("a zone that is not served is named with the places that were looked at") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  std::string(kHead) + "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n");
  const auto result = run(MXSMITH_BINARY, in_folder(directory.path(), {"apply", "--yes"}));
  INFO(result.out << result.err);
  CHECK(result.exit == 1);
  CHECK(has(result.out + result.err, "example.com"));
  CHECK(has(result.out + result.err, "example.com.zone"));
}

/// Gives a folder and all in it to nobody, so that a test run by root can act as a user who may not
/// read everything.
void give_to_nobody(const fs::path& folder) {
  constexpr uid_t kNobody = 65534;
  REQUIRE(::chown(folder.c_str(), kNobody, kNobody) == 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    REQUIRE(::chown(entry.path().c_str(), kNobody, kNobody) == 0);
  }
}

/// Runs the program in `folder`; as nobody, by a copy in that folder, when the test is root's.
RunResult run_unprivileged(const fs::path& folder, std::vector<std::string> args) {
  if (::geteuid() != 0) return run(MXSMITH_BINARY, in_folder(folder, std::move(args)));
  const auto setpriv = find_program("setpriv");
  INFO("setpriv is missing: apt-get install util-linux");
  REQUIRE(setpriv);
  const fs::path program = folder / "mxsmith";
  fs::copy_file(MXSMITH_BINARY, program);
  give_to_nobody(folder);
  args.insert(args.begin(), {"--reuid=65534", "--regid=65534", "--clear-groups", program.string()});
  return run(*setpriv, in_folder(folder, std::move(args)));
}

TEST_CASE("an unreadable zone file is an error, never an empty zone") {
  const Place place(std::string(kHead) + "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n");
  const auto file = place.directory.path() / "example.com.zone";
  ::chmod(file.c_str(), 0);
  const auto result = run_unprivileged(place.directory.path(), {"apply", "--yes"});
  ::chmod(file.c_str(), 0644);
  INFO(result.out << result.err);
  CHECK(result.exit == 1);
  CHECK(has(result.out + result.err, "Permission denied"));
  CHECK(place.directory.read("example.com.zone") == kZone);
}

TEST_CASE("a folder where the zone file should be is an error too") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  std::string(kHead) + "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n");
  fs::create_directory(directory.path() / "example.com.zone");
  const auto result = run(MXSMITH_BINARY, in_folder(directory.path(), {"apply", "--yes"}));
  INFO(result.out << result.err);
  CHECK(result.exit == 1);
}

TEST_CASE("faults in a zone file are told with their lines, and nothing changes") {
  const Place place(std::string(kHead) + "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n");
  const std::string broken = std::string(kZone) + "www IN A 300.1.2.3\n@ IN MX 70000 a.example.\n";
  place.directory.write("example.com.zone", broken);
  const auto result = place.mxsmith({"apply", "--yes"});
  INFO(result.out << result.err);
  CHECK(result.exit == 1);
  CHECK(has(result.out + result.err, "example.com.zone:5"));
  CHECK(has(result.out + result.err, "example.com.zone:6"));
  CHECK(place.directory.read("example.com.zone") == broken);
}

TEST_CASE("a table without its key column is told with the columns there are") {
  const TemporaryDirectory directory;
  directory.write(
      "all.toml",
      "zones = {file = \"customers.csv\", key = \"domain\"}\nprovider = \"zonefile\"\n");
  directory.write("customers.csv", "name,id\na.example,1\n");
  const auto result = run(MXSMITH_BINARY, in_folder(directory.path(), {"check"}));
  INFO(result.out << result.err);
  CHECK(result.exit == 3);
  CHECK(has(result.out, "domain"));
  CHECK(has(result.out, "customers.csv"));
}

TEST_CASE("a zone file that changes while we ask is not overwritten") {
  const Place place(std::string(kHead) + "[[mail.mx]]\nhost = \"a.example\"\npriority = 0\n");
  auto options = in_folder(place.directory.path(), {"apply"});
  options.console = Console::terminal;
  options.deadline = std::chrono::seconds(30);
  Process process(MXSMITH_BINARY, options);
  REQUIRE(process.wait_for("Only 'yes' is accepted: "));
  std::string changed = kZone;
  changed.replace(changed.find("mx1.oldmail"), 3, "mx9");
  place.directory.write("example.com.zone", changed);
  process.type("yes\n");
  const auto result = process.finish();
  INFO(result.out);
  CHECK(result.exit != 0);
  CHECK(place.directory.read("example.com.zone") == changed);
}

TEST_CASE("a plan file that is none is told so") {
  const Place place{kHead};
  place.directory.write("plan.json", "{\"zones\": [");
  const auto result = place.mxsmith({"apply", "plan.json", "--yes"});
  INFO(result.out << result.err);
  CHECK(result.exit == 1);
  CHECK(has(result.err, "plan.json"));
}

TEST_CASE("a folder without specs, and a spec that is not there") {
  const TemporaryDirectory directory;
  const auto empty = run(MXSMITH_BINARY, in_folder(directory.path(), {"check"}));
  INFO(empty.out << empty.err);
  CHECK(empty.exit != 0);
  const auto missing = run(MXSMITH_BINARY, in_folder(directory.path(), {"plan", "no.toml"}));
  INFO(missing.out << missing.err);
  CHECK(missing.exit == 1);
  CHECK(has(missing.out + missing.err, "no.toml"));
}

}  // namespace mxsmith::tests
