// `dkim new` and `mta-sts`, as they are typed.
#include <sys/stat.h>

#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

const std::string kSpec =
    "zone = \"example.com\"\nprovider = \"zonefile\"\n"
    "[[mail.mx]]\nhost = \"mail.@\"\npriority = 10\n[mail.mta_sts]\nmode = \"testing\"\n";

RunResult mxsmith(const TemporaryDirectory& directory, std::vector<std::string> args) {
  return run(MXSMITH_BINARY, in_folder(directory.path(), std::move(args)));
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::vector<std::string> private_files(const TemporaryDirectory& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory.path())) {
    if (entry.path().extension() == ".key") files.push_back(entry.path().filename().string());
  }
  return files;
}

}  // namespace

TEST_CASE("a new key is in two files, and its private half nowhere else") {
  const TemporaryDirectory directory;
  for (const std::string format : {"text", "json", "markdown"}) {
    INFO(format);
    const std::string name = "k" + format;
    const auto made = mxsmith(directory, {"dkim", "new", "example.com", "--ed25519", "--selector",
                                          name, "--out", "keys", "--format", format});
    INFO(made.out << made.err);
    REQUIRE(made.exit == 0);
    const fs::path file = directory.path() / "keys" / ("example.com." + name + ".key");
    CHECK(mode_of(file) == 0600);
    const auto lines = base::split(slurp(file), '\n');
    REQUIRE(lines.size() >= 3);
    CHECK(lines[0] == "-----BEGIN PRIVATE KEY-----");
    CHECK(made.out.find(lines[1]) == std::string::npos);
    CHECK(made.err.find(lines[1]) == std::string::npos);
    CHECK(made.out.find("v=DKIM1; k=ed25519; p=") != std::string::npos);
    CHECK(fs::exists(directory.path() / "keys" / ("example.com." + name + ".pem")));
  }
}

TEST_CASE("a key is never written over another one") {
  const TemporaryDirectory directory;
  const std::vector<std::string> command = {"dkim",      "new",        "example.com",
                                            "--ed25519", "--selector", "s1"};
  REQUIRE(mxsmith(directory, command).exit == 0);
  const std::string before = directory.read("example.com.s1.key");
  const auto again = mxsmith(directory, command);
  CHECK(again.exit == 1);
  CHECK(again.err.find("example.com.s1.key is there already") != std::string::npos);
  CHECK(directory.read("example.com.s1.key") == before);
  // By date, the next letter is taken instead.
  REQUIRE(mxsmith(directory, {"dkim", "new", "example.com", "--ed25519"}).exit == 0);
  REQUIRE(mxsmith(directory, {"dkim", "new", "example.com", "--ed25519"}).exit == 0);
  CHECK(private_files(directory).size() == 3);
}

TEST_CASE("the lines of a new key make a good spec") {
  const TemporaryDirectory directory;
  directory.write("dns/example.com.toml", kSpec);
  const auto first =
      mxsmith(directory, {"dkim", "new", "example.com", "--spec", "dns/example.com.toml", "--out",
                          "keys", "--selector", "one.eu"});
  INFO(first.out << first.err);
  REQUIRE(first.exit == 0);
  const std::string lines =
      "[mail.dkim.\"one.eu\"]\npublic_key_file = \"../keys/example.com.one.eu.pem\"\n"
      "state = \"active\"\n";
  CHECK(first.out.find("RSA 2048") != std::string::npos);
  for (const std::string& line : base::split(base::trim(lines), '\n')) {
    CHECK(first.out.find("  " + line + "\n") != std::string::npos);
  }
  directory.write("dns/example.com.toml", kSpec + lines);
  const auto plan = mxsmith(directory, {"export", "dns/example.com.toml"});
  INFO(plan.out << plan.err);
  CHECK(plan.out.find("one.eu._domainkey") != std::string::npos);

  const auto taken = mxsmith(directory, {"dkim", "new", "example.com", "--spec",
                                         "dns/example.com.toml", "--selector", "One.EU"});
  CHECK(taken.exit == 1);
  CHECK(taken.err.find("the spec has a selector one.eu already") != std::string::npos);
  const auto second = mxsmith(directory, {"dkim", "new", "example.com", "--spec",
                                          "dns/example.com.toml", "--out", "keys", "--ed25519"});
  CHECK(second.out.find("state = \"next\"") != std::string::npos);
}

TEST_CASE("what `dkim new` does not do") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml", kSpec);
  directory.write("broken.toml", "zone = \"example.com\"\n");
  struct Row {
    std::vector<std::string> args;
    int exit;
    std::string words;
  };
  const Row rows[] = {
      {{"dkim"}, 64, "wants to know what to do"},
      {{"dkim", "old"}, 64, "there is no command `dkim old`"},
      {{"dkim", "new"}, 64, "domain"},
      {{"dkim", "new", "example.com", "--rsa", "1024"}, 64, "--rsa"},
      {{"dkim", "new", "example.com", "--rsa", "2048", "--ed25519"}, 64, "--rsa"},
      {{"dkim", "new", "example.com", "--selector", "../x"}, 64, "letters, digits and hyphens"},
      {{"dkim", "new", "example.net", "--spec", "example.com.toml"}, 1, "is not about example.net"},
      {{"dkim", "new", "example.com", "--spec", "broken.toml"}, 3, "has errors; no key was made"},
      {{"dkim", "new", "example.com", "--out", "example.com.toml"}, 1, "example.com.toml"},
  };
  for (const Row& row : rows) {
    INFO(base::join(row.args, " "));
    const auto result = mxsmith(directory, row.args);
    INFO(result.out << result.err);
    CHECK(result.exit == row.exit);
    CHECK(result.err.find(row.words) != std::string::npos);
  }
  CHECK(private_files(directory).empty());
}

TEST_CASE("a policy goes to standard output as it is to be served") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml", kSpec);
  const auto shown = mxsmith(directory, {"mta-sts", "example.com"});
  CHECK(shown.exit == 0);
  CHECK(shown.out ==
        "version: STSv1\r\nmode: testing\r\nmx: mail.example.com\r\nmax_age: 604800\r\n");
  CHECK(shown.err.find("https://mta-sts.example.com/.well-known/mta-sts.txt") != std::string::npos);
  const auto record = mxsmith(directory, {"export", "example.com.toml"});
  const auto json = mxsmith(directory, {"mta-sts", "example.com.toml", "--format", "json"});
  const auto at = json.out.find("\"id\": \"");
  REQUIRE(at != std::string::npos);
  const std::string id = json.out.substr(at + 7, 20);
  CHECK(record.out.find("v=STSv1; id=" + id) != std::string::npos);
}

TEST_CASE("documents of keys, policies and stages are as the schema says") {
  const fs::path python = "/usr/bin/python3";  // the one that Debian's packages are for
  INFO("missing? apt-get install python3-jsonschema");
  REQUIRE(run(python, in_folder("/", {"-c", "import jsonschema"})).exit == 0);
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  kSpec +
                      "[mail.dkim.a]\ncname = \"a.example.net\"\n[[stage]]\n"
                      "at = 2040-02-01T00:00:00Z\nmail.mta_sts.mode = \"enforce\"\n"
                      "mail.dkim.a.state = \"retiring\"\n");
  const std::string schema = std::string(MXSMITH_SOURCE_DIR) + "/schemas/report-v1.json";
  const std::string program =
      "import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), "
      "json.load(open(sys.argv[2])))";
  const std::vector<std::vector<std::string>> commands = {
      {"dkim", "new", "example.com", "--ed25519"},
      {"dkim", "new", "example.com"},
      {"mta-sts", "example.com.toml"},
      {"mta-sts", "example.com.toml", "--out", "www"},
      {"timeline", "example.com.toml"}};
  for (auto command : commands) {
    INFO(base::join(command, " "));
    command.insert(command.end(), {"--format", "json"});
    const auto result = mxsmith(directory, command);
    INFO(result.out << result.err);
    REQUIRE(result.exit == 0);
    const auto file = directory.write("document", result.out);
    const auto valid = run(python, in_folder("/", {"-c", program, file.string(), schema}));
    INFO(valid.err);
    CHECK(valid.exit == 0);
  }
}

TEST_CASE("policies of many zones go below one folder, and nothing else is replaced there") {
  const TemporaryDirectory directory;
  directory.write("all.toml",
                  "zones = [\"a.example\", \"b.example\"]\nprovider = \"zonefile\"\n"
                  "[[mail.mx]]\nhost = \"mail.@\"\npriority = 10\n[mail.mta_sts]\n");
  const fs::path place = "www/mta-sts.b.example/.well-known/mta-sts.txt";
  const std::vector<std::string> command = {"mta-sts", "all.toml", "--out", "www", "--quiet"};
  const auto first = mxsmith(directory, command);
  INFO(first.out << first.err);
  REQUIRE(first.exit == 0);
  CHECK(first.out.find("written") != std::string::npos);
  CHECK(directory.read(place.string()) ==
        "version: STSv1\r\nmode: testing\r\nmx: mail.b.example\r\nmax_age: 604800\r\n");
  CHECK((mode_of(directory.path() / place) & 0444U) == 0444U);
  CHECK(mxsmith(directory, command).out.find("unchanged") != std::string::npos);

  directory.write(place.string(), "<html>\n");
  const auto refused = mxsmith(directory, command);
  CHECK(refused.exit == 1);
  CHECK(refused.err.find("is no MTA-STS policy") != std::string::npos);
  CHECK(directory.read(place.string()) == "<html>\n");
}

}  // namespace mxsmith::tests
