// The forms of `zones` and `provider`, CSV tables, the project file.

#include "spec/csv.hpp"
#include "spec/placeholders.hpp"
#include "spec/project.hpp"
#include "spec_case.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

struct CsvCase {
  const char* name;
  std::string text;
  std::string rows;  ///< Fields in brackets, or the findings.
};

const CsvCase kCsvCases[] = {
    {"plain", "a,b\n1,2\n3,4\n", "[a][b]|[1][2]|[3][4]|"},
    {"CRLF, no final line end", "a,b\r\n1,2", "[a][b]|[1][2]|"},
    {"byte order mark",
     "\xef\xbb\xbf"
     "a\nx\n",
     "[a]|[x]|"},
    {"quotes, commas and line breaks", "a,b\n\"1,\"\"x\"\"\",\"2\n3\"\n",
     "[a][b]|[1,\"x\"][2\n3]|"},
    {"empty lines and empty fields", "a,b\n\n,\n", "[a][b]|[][]|"},
    {"too few fields", "a,b\n1\n2,3\n4\n",
     "c.csv:2:1 spec-csv this row has 1 field, the header names 2|"
     "c.csv:4:1 spec-csv this row has 1 field, the header names 2|"},
    {"too many fields", "a\n1,2\n",
     "c.csv:2:1 spec-csv this row has 2 fields, the header names 1|"},
    {"open quote", "a,b\n1,\"2\n",
     "c.csv:2:3 spec-csv the quote that opens this field is never closed|"},
    {"quote inside", "a\nx\"y\n", "c.csv:2:2 spec-csv a quote inside a field that is not quoted|"},
    {"text after a quote", "a\n\"x\"y\n",
     "c.csv:2:4 spec-csv text after the closing quote of a field|"},
    {"a column twice", "a,b,a\n", "c.csv:1:5 spec-csv two columns are named \"a\"|"},
    {"a column without name", "a,,b\n", "c.csv:1:3 spec-csv a column without a name|"},
    {"nothing", "\n", "c.csv:1:1 spec-csv the table has no header row|"},
    {"not UTF-8", "a\nb\xff\n", "c.csv:2:2 spec-encoding the octet 0xff here is not UTF-8|"},
};

std::string csv_text(const std::string& text) {
  base::Diagnostics diagnostics;
  const auto table = spec::read_csv(text, "c.csv", diagnostics);
  std::string result;
  for (const std::string& line : lines_of(diagnostics)) result += line + "|";
  if (!table) return result;
  std::vector<spec::CsvRow> rows = table->rows;
  rows.insert(rows.begin(), table->header);
  for (const spec::CsvRow& row : rows) {
    for (const spec::CsvField& field : row) result += "[" + field.text + "]";
    result += "|";
  }
  return result;
}

}  // namespace

TEST_CASE("CSV tables") {
  for (const CsvCase& row : kCsvCases) {
    INFO(row.name);
    CHECK(csv_text(row.text) == row.rows);
  }
}

TEST_CASE("CSV text of any fields reads back") {
  const auto quote = [](const std::string& field) {
    std::string result = "\"";
    for (const char c : field) result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
  };
  property("reading undoes writing", [&] {
    const auto field = rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r'));
    const auto rows = *rc::gen::container<std::vector<std::string>>(field);
    std::string text = "a,b\n";
    std::string expected = "[a][b]|";
    for (const std::string& row : rows) {
      text += quote(row) + "," + quote(row) + "\r\n";
      expected += "[" + row + "][" + row + "]|";
    }
    RC_ASSERT(csv_text(text) == expected);
  });
}

TEST_CASE("zones in their three forms") {
  const std::string record =
      "[[record]]\nname = \"t\"\ntype = \"TXT\"\nvalues = [\"${var.selector}\"]\n"
      "[mail.dkim.\"${var.selector}\"]\ntxt = \"v=DKIM1; p=${zone_dashed}\"\n";
  const auto tables =
      evaluate_files({{"z.toml",
                       "zones = [{zone = \"a.example\", selector = \"s1\"}, {zone = \"b.example\", "
                       "selector = \"s2\"}]\nprovider = \"memory\"\n" +
                           record}},
                     "2026-12-01T00:00:00Z", "b.example");
  CHECK(tables.findings == Lines{});
  CHECK(lines_of(tables.desired) ==
        Lines{"s2._domainkey TXT - v=DKIM1; p=b-example", "t TXT:value - s2"});
  const auto csv = evaluate_files(
      {{"z.toml",
        "zones = {file = \"c.csv\", key = \"domain\"}\nprovider = \"${var.where}\"\n" + record},
       {"c.csv", "name,domain,selector,where\nA,a.example,s1,memory\nB,b.example,s2,cloudflare\n"}},
      "2026-12-01T00:00:00Z", "b.example");
  CHECK(csv.findings == Lines{});
  CHECK(lines_of(csv.desired) == lines_of(tables.desired));
  CHECK(csv.desired.pos.text() == "c.csv:3:3");
}

TEST_CASE("what is wrong with zones") {
  const auto findings = [](const std::string& zones, const std::string& csv = {}) {
    return lines_of(
        load_files({{"z.toml", zones + "\nprovider = \"memory\"\n"}, {"c.csv", csv}}).diagnostics);
  };
  CHECK(findings("zones = {file = \"c.csv\", key = \"domian\"}", "name,domain\nx,a.example\n") ==
        Lines{"c.csv:1:1 spec-csv-key the table has no column \"domian\", did you mean "
              "\"domain\"?"});
  CHECK(findings("zones = {file = \"c.csv\"}", "a\n") ==
        Lines{"z.toml:1:9 spec-missing-key zones says no `key`"});
  CHECK(findings("zones = {file = \"d.csv\", key = \"a\"}") ==
        Lines{"z.toml:1:17 spec-file-missing there is no file d.csv"});
  CHECK(
      findings("zones = {file = \"c.csv\", key = \"a\"}", "a\nx.example\ny.example\nx.example\n") ==
      Lines{"c.csv:4:1 spec-zone-twice x.example is declared twice"});
  CHECK(findings("zones = [{selector = \"s\"}]") ==
        Lines{"z.toml:1:10 spec-missing-key this table of `zones` has no key `zone`"});
  CHECK(findings("zones = {fle = \"c.csv\", key = \"a\"}").size() == 2);
  CHECK(findings("zone = \"a.example\"\nzones = [\"b.example\"]") ==
        Lines{"z.toml:2:9 spec-conflicting-keys `zone` and `zones` both say what this file is "
              "about"});
  const auto bad_name = findings("zone = \"a..example\"");
  REQUIRE(bad_name.size() == 1);
  CHECK(bad_name[0].find("spec-zone-name \"a..example\" is no zone: ") != std::string::npos);
  CHECK(lines_of(load_files({{"z.toml", "zone = \"a.example\"\n"}}).diagnostics) ==
        Lines{"z.toml:1:1 spec-no-provider the file has no `provider`: nothing says where its "
              "zones are kept"});
}

TEST_CASE("providers in all forms") {
  const auto choices = [](const std::string& text) {
    std::string result;
    const auto project = load_files({{"z.toml", "zone = \"a.example\"\n" + text}});
    for (const auto& choice : project.zones.at(0).providers) {
      result += choice.account + " " + choice.zone_id.value_or("-") + " " +
                (choice.is_private ? (*choice.is_private ? "private" : "public") : "-") + "|";
    }
    return result;
  };
  CHECK(choices("provider = \"memory\"\n") == "memory - -|");
  CHECK(choices("provider = {account = \"memory\", zone_id = \"Z1\", private = true}\n") ==
        "memory Z1 private|");
  CHECK(choices("providers = [\"memory\", {account = \"cloudflare\", private = false}]\n") ==
        "memory - -|cloudflare - public|");
}

TEST_CASE("placeholders") {
  const spec::Variables variables{"a.example", {{"x", "1"}, {"loop", "${zone}"}}};
  const auto filled = [&](const std::string& text) {
    const auto result = spec::fill(text, variables);
    return result ? *result : result.fault().message + " @" + std::to_string(result.fault().offset);
  };
  CHECK(filled("${zone}|${zone_dashed}|${var.x}") == "a.example|a-example|1");
  CHECK(filled("${var.loop}") == "${zone}");
  CHECK(filled("$${zone} $$${zone} $ {} $") == "${zone} $${zone} $ {} $");
  CHECK(filled("ab${var.y}") == "no variable `y` for this zone, did you mean `x`? @2");
  CHECK(filled("${Zone}") == "unknown placeholder ${Zone} @0");
  property("filling undoes escaping", [&](const std::string& text) {
    RC_ASSERT(*spec::fill(spec::escape_placeholders(text), variables) == text);
  });
  property("also where dollars and braces abound", [&] {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('$', '{', '}', 'a'));
    RC_ASSERT(*spec::fill(spec::escape_placeholders(text), variables) == text);
  });
}

TEST_CASE("the project file") {
  const std::string z = "zone = \"a.example\"\nprovider = \"main\"\n";
  const spec::Project project = load_files(
      {{"d/z.toml", z},
       {"d/mxsmith.toml",
        "[accounts.main]\ntype = \"cloudflare\"\nendpoint = \"https://x\"\nretries = 3\nfast = "
        "true\nhosts = [\"a\", \"b\"]\ntoken = {env = \"TOKEN\"}\nkey = {file = \"k\"}\n"
        "password = {command = [\"pass\", \"show\"]}\nkey_name = \"k1\"\n"
        "[state]\ndirectory = \"history\"\n"
        "[[allow]]\nguard = \"drift\"\nreason = \"known\"\nuntil = 2026-12-31T10:00:00Z\n"}},
      {"d/z.toml"});
  CHECK(lines_of(project.diagnostics) == Lines{});
  CHECK(project.file.file == "d/mxsmith.toml");
  CHECK(project.file.directory == "d");
  CHECK(project.file.state.directory == fs::path("d/history"));
  REQUIRE(project.file.allow.size() == 1);
  const base::Account account = project.account_for(project.zones.at(0).providers.at(0));
  CHECK(account.name == "main");
  CHECK(account.type == "cloudflare");
  CHECK(account.directory == "d");
  CHECK(*account.get<std::string>("endpoint") == "https://x");
  CHECK(*account.get<std::int64_t>("retries") == 3);
  CHECK(*account.get<bool>("fast"));
  CHECK(*account.get<std::vector<std::string>>("hosts") == Lines{"a", "b"});
  CHECK(*account.get<std::string>("key_name") == "k1");
  const auto secret = [&](const char* name) {
    return base::describe_secret(*account.get<base::SecretSource>(name));
  };
  CHECK(secret("token").find("TOKEN") != std::string::npos);
  CHECK(secret("key").find("d/k") != std::string::npos);
  CHECK(account.get<base::SecretSource>("password") != nullptr);
}

TEST_CASE("what is wrong with a project file") {
  const auto findings = [](const std::string& text) {
    return lines_of(load_files({{"z.toml", zone_text("")}, {"mxsmith.toml", text}}).diagnostics);
  };
  CHECK(findings("[acounts.main]\ntype = \"memory\"\n") ==
        Lines{"mxsmith.toml:1:2 spec-unknown-key unknown key `acounts`, did you mean `accounts`?"});
  CHECK(
      findings("[accounts.main]\ntype = \"memory\"\ntoken = \"s3cret\"\n") ==
      Lines{"mxsmith.toml:3:9 spec-secret-literal `token` is a secret, and secrets never stand in "
            "a file"});
  CHECK(findings("[accounts.main]\ntype = \"memory\"\ntoken = {evn = \"X\"}\n") ==
        Lines{"mxsmith.toml:3:9 spec-secret `token` does not say where its secret comes from"});
  CHECK(findings("[accounts.main]\nendpoint = \"x\"\n") ==
        Lines{"mxsmith.toml:1:11 spec-missing-key the account `main` says no `type`"});
  CHECK(findings("[accounts.main]\ntype = \"clodflare\"\n") ==
        Lines{"mxsmith.toml:1:11 spec-account the account `main` has the type \"clodflare\", which "
              "is no provider type, did you mean \"cloudflare\"?"});
  CHECK(findings("[state]\ndirectory = 3\n") ==
        Lines{"mxsmith.toml:2:13 spec-type directory is an integer, a string is wanted"});
  CHECK(findings("[state]\nstore = \"got\"\n") ==
        Lines{"mxsmith.toml:2:9 spec-word store is \"got\", one of file, git is wanted"});
  CHECK(findings("[state]\nstore = \"git\"\nlease = \"10s\"\n") ==
        Lines{"mxsmith.toml:3:9 spec-range lease is 10 seconds, from 60 to 86400 is allowed"});
  CHECK(findings("[state]\nref = \"refs/mxsmith/x\"\n") ==
        Lines{"mxsmith.toml:2:1 spec-state `ref` means nothing for the file store"});
  CHECK(findings("[state]\nstore = \"git\"\ndirectory = \"x\"\n") ==
        Lines{"mxsmith.toml:3:1 spec-state `directory` means nothing for the git store"});
  for (const char* ref : {"refs/heads/state", "refs/tags/x", "state", "refs/x", "refs/a/../b",
                          "refs/a/b.lock", "refs/a//b", "refs/a/b c", "refs/a/-b"}) {
    CHECK(findings("[state]\nstore = \"git\"\nref = \"" + std::string(ref) + "\"\n") ==
          Lines{"mxsmith.toml:3:7 spec-state \"" + std::string(ref) +
                "\" is no name for a ref of mxsmith's own"});
  }
}

TEST_CASE("where history is kept") {
  const auto state = [](const std::string& text) {
    const auto project =
        load_files({{"d/z.toml", zone_text("")}, {"d/mxsmith.toml", text}}, {"d/z.toml"});
    CHECK(lines_of(project.diagnostics) == Lines{});
    return project.file.state;
  };
  using Kind = base::StateSettings::Kind;
  CHECK(state("").kind == Kind::file);
  CHECK(state("").directory == fs::path("d/.mxsmith"));
  CHECK(state("[state]\nstore = \"file\"\ndirectory = \"h\"\n").directory == fs::path("d/h"));
  const auto git = state("[state]\nstore = \"git\"\n");
  CHECK(git.kind == Kind::git);
  CHECK(git.directory == fs::path("d"));
  CHECK(git.remote.empty());
  CHECK(git.ref == "refs/mxsmith/state");
  CHECK(git.lease == base::Seconds(900));
  const auto other = state(
      "[state]\nstore = \"git\"\nremote = \"upstream\"\nref = \"refs/dns/prod\"\n"
      "project = \"dns\"\nlease = \"1h\"\n");
  CHECK(other.remote == "upstream");
  CHECK(other.ref == "refs/dns/prod");
  CHECK(other.project == "dns");
  CHECK(other.lease == base::Seconds(3600));
}

TEST_CASE("settings that look like secrets") {
  for (const char* name :
       {"token", "api_key", "client-secret", "PASSWORD", "key", "secret_access_key"}) {
    INFO(name);
    CHECK(spec::looks_like_secret(name));
  }
  for (const char* name : {"key_name", "token_file", "endpoint", "monkey", "access_key_id", ""}) {
    INFO(name);
    CHECK_FALSE(spec::looks_like_secret(name));
  }
}

TEST_CASE("without a project file an account is its provider type, beside the spec") {
  const spec::Project project =
      load_files({{"d/z.toml", "zone = \"a.example\"\nprovider = \"zonefile\"\n"}}, {"d/z.toml"});
  const base::Account account = project.account_for(project.zones.at(0).providers.at(0));
  CHECK(account.name == "zonefile");
  CHECK(account.type == "zonefile");
  CHECK(account.directory == "d");
}

TEST_CASE("a file is read once, however many zones need it") {
  MemoryFiles files({{"z.toml",
                      "zones = [\"a.example\", \"b.example\"]\nprovider = \"memory\"\n"
                      "extends = \"base.toml\"\n"},
                     {"y.toml",
                      "zone = \"c.example\"\nprovider = \"memory\"\nextends = "
                      "\"base.toml\"\n"},
                     {"base.toml", "ttl = 1\n"}});
  spec::load({"z.toml", "y.toml"}, files, known_types());
  CHECK(files.reads["base.toml"] == 1);
  CHECK(files.reads["z.toml"] == 1);
}
