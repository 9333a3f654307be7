// `spf eval` and `spf flatten` as they are typed.
#include <nlohmann/json.hpp>

#include <sstream>

#include "support/catch.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

using nlohmann::json;

constexpr const char* kAnswers =
    "$ORIGIN .\n"
    "$TTL 2h\n"
    "example.com TXT \"v=spf1 ip4:192.0.2.1 include:_spf.example.net include:news.example.net -all "
    "exp=why.example.com\"\n"
    "why.example.com TXT \"%{i} is not ours\"\n"
    "_spf.example.net TXT \"v=spf1 include:a.example.net include:b.example.net ~all\"\n"
    "a.example.net TXT \"v=spf1 ip4:198.51.100.0/25 ip6:2001:db8::/32 -all\"\n"
    "b.example.net TXT \"v=spf1 ip4:198.51.100.128/25 -all\"\n"
    "news.example.net 300 TXT \"v=spf1 ip4:203.0.113.9 -all\"\n"
    "void.example.com TXT \"v=spf1 a:x.example.com a:y.example.com a:z.example.com -all\"\n";

constexpr const char* kSpec =
    "zone = \"example.com\"\nprovider = \"zonefile\"\n[mail.spf]\n"
    "ip4 = [\"192.0.2.1\"]\ninclude = [\"_spf.example.net\", \"news.example.net\"]\nall = "
    "\"fail\"\n";

struct Place {
  TemporaryDirectory directory;
  Place() {
    directory.write("answers.zone", kAnswers);
    directory.write("example.com.toml", kSpec);
  }
  [[nodiscard]] RunResult mxsmith(std::vector<std::string> args) const {
    return run(MXSMITH_BINARY, in_folder(directory.path(), std::move(args)));
  }
  [[nodiscard]] json eval(const std::string& ip, const std::string& mail_from) const {
    const auto result =
        mxsmith({"spf", "eval", "--ip", ip, "--mail-from", mail_from, "--helo", "mx.example.com",
                 "--records", "answers.zone", "--format", "json"});
    INFO(result.err);
    REQUIRE(result.exit == 0);
    return json::parse(result.out);
  }
};

/// The answers with one piece of text in place of another.
std::string answers_with(const std::string& old_text, const std::string& new_text) {
  std::string text = kAnswers;
  const auto at = text.find(old_text);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old_text.size(), new_text);
}

}  // namespace

TEST_CASE("spf eval gives the RFC's word, the mechanism and the cost") {
  struct Row {
    std::string ip, mail_from, result, mechanism;
    unsigned lookups, void_lookups;
  };
  const auto row = GENERATE(values<Row>({
      {"192.0.2.1", "joe@example.com", "pass", "ip4:192.0.2.1", 0, 0},
      {"198.51.100.200", "joe@example.com", "pass", "include:_spf.example.net", 3, 0},
      {"10.0.0.1", "joe@example.com", "fail", "-all", 4, 0},
      {"10.0.0.1", "joe@_spf.example.net", "softfail", "~all", 2, 0},
      {"10.0.0.1", "joe@nobody.example", "none", "", 0, 0},
      {"10.0.0.1", "joe@void.example.com", "permerror", "", 3, 3},
  }));
  const json verdict = Place().eval(row.ip, row.mail_from);
  INFO(verdict.dump(2));
  CHECK(verdict.at("kind") == "spf_eval");
  CHECK(verdict.at("result") == row.result);
  CHECK(verdict.at("mechanism") == row.mechanism);
  CHECK(verdict.at("lookups") == row.lookups);
  CHECK(verdict.at("void_lookups") == row.void_lookups);
  CHECK(verdict.at("tree").at("result") == row.result);
  if (row.result == "fail") {
    CHECK(verdict.at("explanation") == "10.0.0.1 is not ours");
  } else {
    CHECK(verdict.at("explanation").is_null());
  }
}

TEST_CASE("spf eval shows the tree with the cost of each branch") {
  const auto result = Place().mxsmith({"spf", "eval", "--ip", "198.51.100.200", "--mail-from",
                                       "joe@example.com", "--records", "answers.zone"});
  INFO(result.out << result.err);
  CHECK(result.exit == 0);
  CHECK_THAT(result.out, has_text("pass           198.51.100.200 for example.com"));
  CHECK_THAT(result.out, has_text("include:_spf.example.net of example.com"));
  CHECK_THAT(result.out, has_text("3 of 10 lookups"));
  CHECK_THAT(result.out, has_text("3 lookups"));
  CHECK_THAT(result.out, has_text("include:a.example.net"));
  CHECK_THAT(result.out, has_text("ip4:198.51.100.128/25"));
}

TEST_CASE("spf eval by a spec says what nobody looked up") {
  const Place place;
  const std::vector<std::string> args = {"spf",         "eval",
                                         "--ip",        "10.0.0.1",
                                         "--mail-from", "joe@example.com",
                                         "--spec",      "example.com.toml"};
  const auto alone = place.mxsmith(args);
  CHECK(alone.exit == 0);
  CHECK_THAT(alone.out, has_text("temperror"));
  CHECK_THAT(alone.out, has_text("not checked"));
  CHECK_THAT(alone.out, has_text("_spf.example.net"));
  auto both = args;
  both.insert(both.end(), {"--records", "answers.zone"});
  CHECK_THAT(place.mxsmith(both).out, has_text("fail "));
}

TEST_CASE("spf eval judges a file of senders, a line for each") {
  const Place place;
  std::string lines = "# senders\n\n";
  for (int i = 0; i < 1000; ++i) {
    lines += "192.0.2." + std::to_string(i % 2) + " joe@example.com mx.example.com\n";
  }
  lines += "198.51.100.1 <> example.com\n2001:db8::1 <joe@example.com>\n";
  place.directory.write("senders.txt", lines);
  const auto result = place.mxsmith(
      {"spf", "eval", "--file", "senders.txt", "--records", "answers.zone", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.exit == 0);
  std::istringstream out(result.out);
  std::size_t passed = 0;
  std::size_t count = 0;
  for (std::string line; std::getline(out, line); ++count) {
    const json verdict = json::parse(line);
    CHECK_FALSE(verdict.contains("tree"));
    if (verdict.at("result") == "pass") ++passed;
  }
  CHECK(count == 1002);
  CHECK(passed == 502);
  const auto words =
      place.mxsmith({"spf", "eval", "--file", "senders.txt", "--records", "answers.zone"});
  CHECK_THAT(words.out, has_text("fail 192.0.2.0 joe@example.com mx.example.com -all\n"));
  CHECK_THAT(words.out, has_text("pass 198.51.100.1 <> example.com include:_spf.example.net\n"));
}

TEST_CASE("spf eval says what it wants") {
  struct Row {
    std::vector<std::string> args;
    int exit;
    std::string words;
  };
  const auto row = GENERATE(values<Row>({
      {{"--ip", "192.0.2.1", "--helo", "x.example"}, 64, "asks no name server"},
      {{"--ip", "192.0.2.1", "--records", "answers.zone"}, 64, "--mail-from or --helo"},
      {{"--ip", "192.0.2", "--helo", "x.example", "--records", "answers.zone"},
       64,
       "no IP address"},
      {{"--records", "answers.zone"}, 64, "either --ip"},
      {{"--file", "bad.txt", "--records", "answers.zone"}, 1, "line 2: \"x\" is no IP address"},
      {{"--file", "bad.txt", "--records", "gone.zone"}, 1, "gone.zone"},
      {{"--file", "bad.txt", "--records", "bad.txt"}, 3, "bad.txt:1"},
  }));
  const Place place;
  place.directory.write("bad.txt", "192.0.2.1 <> example.com\nx <> example.com\n");
  std::vector<std::string> args = {"spf", "eval"};
  args.insert(args.end(), row.args.begin(), row.args.end());
  const auto result = place.mxsmith(args);
  CHECK(result.exit == row.exit);
  CHECK_THAT(result.err, has_text(row.words));
}

TEST_CASE("spf flatten prints what is to be pasted, keeps its source, and tells when it is old") {
  const Place place;
  const auto flat = place.mxsmith(
      {"spf", "flatten", "example.com", "--spec", "example.com.toml", "--records", "answers.zone"});
  INFO(flat.out << flat.err);
  REQUIRE(flat.exit == 0);
  CHECK_THAT(flat.out, has_text("lookups 4 -> 1 of 10"));
  CHECK_THAT(flat.out, has_text("TTL of news.example.net is 300 seconds"));
  const std::string record =
      "v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 ip6:2001:db8::/32 include:news.example.net -all";
  CHECK_THAT(flat.out, has_text("record = \"" + record + "\""));
  const json source = json::parse(place.directory.read("example.com.spf.json"));
  CHECK(source.at("records")[0].at("text") == record);
  CHECK(source.at("replaced")[0].at("networks") == json({"198.51.100.0/24", "2001:db8::/32"}));

  const std::vector<std::string> check = {
      "spf", "flatten", "--check", "example.com.spf.json", "--records", "answers.zone"};
  const auto fresh = place.mxsmith(check);
  INFO(fresh.out << fresh.err);
  CHECK(fresh.exit == 0);
  CHECK_THAT(fresh.out, has_text("up to date"));

  place.directory.write("answers.zone",
                        answers_with("ip4:198.51.100.128/25", "ip4:203.0.113.0/28"));
  const auto old = place.mxsmith(check);
  INFO(old.out << old.err);
  CHECK(old.exit == 2);
  CHECK_THAT(old.out, has_text("gained     203.0.113.0/28"));
  CHECK_THAT(old.out, has_text("lost       198.51.100.128/25"));
  CHECK_THAT(old.out, has_text("ip4:198.51.100.0/25 ip4:203.0.113.0/28 ip6:2001:db8::/32"));

  place.directory.write("answers.zone", "$ORIGIN .\nx.example 1h A 192.0.2.1\n");
  const auto unknown = place.mxsmith(check);
  CHECK(unknown.exit == 1);
  CHECK_THAT(unknown.out, has_text("was not looked up"));
}

TEST_CASE("the lines that spf flatten prints are a spec") {
  const Place place;
  std::string many = "\"v=spf1";
  for (int i = 0; i < 60; ++i) {
    if (i % 15 == 14) many += "\" \"";
    many += " ip4:10." + std::to_string(i) + ".7.0/24";
  }
  place.directory.write("answers.zone",
                        answers_with("\"v=spf1 ip4:198.51.100.128/25 -all\"", many + " -all\""));
  const auto flat = place.mxsmith({"spf", "flatten", "example.com", "--spec", "example.com.toml",
                                   "--records", "answers.zone", "--volatile", "--format", "json"});
  INFO(flat.out << flat.err);
  REQUIRE(flat.exit == 0);
  const json report = json::parse(flat.out);
  CHECK(report.at("lookups_after") == report.at("records").size() - 1);
  place.directory.write("example.com.toml", "zone = \"example.com\"\nprovider = \"zonefile\"\n" +
                                                report.at("spec").get<std::string>());
  const auto exported = place.mxsmith({"export", "example.com.toml"});
  INFO(exported.out << exported.err);
  CHECK(exported.exit == 0);
  const auto verdict = place.mxsmith({"spf", "eval", "--ip", "10.3.7.1", "--mail-from",
                                      "joe@example.com", "--spec", "example.com.toml"});
  CHECK_THAT(verdict.out, has_text("pass"));
}

TEST_CASE("spf flatten refuses what it cannot do, with the reason") {
  struct Row {
    std::vector<std::string> args;
    int exit;
    std::string words;
  };
  const auto row = GENERATE(values<Row>({
      {{"example.com", "--include", "news.example.net"}, 1, "--volatile"},
      {{"example.com", "--include", "x.example.net"}, 1, "does not include x.example.net"},
      {{"nobody.example"}, 1, "could not be looked up"},
      {{"--check", "answers.zone"}, 1, "answers.zone"},
      {{}, 64, "wants the name of a record"},
      {{"example.com", "--check", "x.json"}, 64, "wants the name of a record"},
  }));
  const Place place;
  std::vector<std::string> args = {"spf", "flatten"};
  args.insert(args.end(), row.args.begin(), row.args.end());
  args.insert(args.end(), {"--records", "answers.zone"});
  const auto result = place.mxsmith(args);
  INFO(result.out << result.err);
  CHECK(result.exit == row.exit);
  CHECK_THAT(result.err, has_text(row.words));
}

TEST_CASE("what spf prints and writes follows its schemas") {
  const fs::path python = "/usr/bin/python3";  // the one that Debian's packages are for
  INFO("missing? apt-get install python3-jsonschema");
  REQUIRE(run(python, in_folder("/", {"-c", "import jsonschema"})).exit == 0);
  const Place place;
  const auto valid = [&](const fs::path& file, const std::string& schema) {
    const std::string program =
        "import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), "
        "json.load(open(sys.argv[2])))";
    const fs::path path = fs::path(MXSMITH_SOURCE_DIR) / "schemas" / schema;
    const auto result = run(python, in_folder("/", {"-c", program, file, path}));
    INFO(result.err);
    CHECK(result.exit == 0);
  };
  const auto printed = [&](std::vector<std::string> args) {
    args.insert(args.end(), {"--records", "answers.zone", "--format", "json"});
    const auto result = place.mxsmith(args);
    INFO(result.err);
    REQUIRE(!result.out.empty());
    valid(place.directory.write("document", result.out), "report-v1.json");
  };
  printed({"spf", "eval", "--ip", "198.51.100.200", "--mail-from", "joe@example.com"});
  printed({"spf", "eval", "--ip", "10.0.0.1", "--mail-from", "joe@void.example.com"});
  printed({"spf", "flatten", "example.com", "--spec", "example.com.toml"});
  valid(place.directory.path() / "example.com.spf.json", "spf-flatten-v1.json");
  printed({"spf", "flatten", "--check", "example.com.spf.json"});
  place.directory.write("answers.zone",
                        answers_with("ip4:198.51.100.128/25", "ip4:203.0.113.0/28"));
  printed({"spf", "flatten", "--check", "example.com.spf.json"});
}

TEST_CASE("spf flatten replaces no file that is something else") {
  const Place place;
  place.directory.write("example.com.spf.json", "{\"mine\": true}\n");
  const auto result = place.mxsmith(
      {"spf", "flatten", "example.com", "--spec", "example.com.toml", "--records", "answers.zone"});
  CHECK(result.exit == 1);
  CHECK_THAT(result.err, has_text("is not the source of a flattened record"));
  CHECK(place.directory.read("example.com.spf.json") == "{\"mine\": true}\n");
}

}  // namespace mxsmith::tests
