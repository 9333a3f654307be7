// `check`: the rules of mail on specs, on their stages to come, and on zones without a spec.
#include "support/catch.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

RunResult check(const TemporaryDirectory& directory, std::vector<std::string> args) {
  args.insert(args.begin(), "check");
  return run(MXSMITH_BINARY, in_folder(directory.path(), std::move(args)));
}

const std::string kPtr =
    "zone = \"example.com\"\n"
    "provider = \"zonefile\"\n"
    "[mail.spf]\n"
    "terms = [\"ptr\"]\n"
    "all = \"fail\"\n";

}  // namespace

TEST_CASE("check tells what a rule finds at the line of the spec, with rule and record") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml", kPtr);
  const auto result = check(directory, {});
  INFO(result.out << result.err);
  CHECK(result.exit == 0);
  CHECK(has(result.out, "example.com.toml:4:"));
  CHECK(has(result.out, "warning: "));
  CHECK(has(result.out, "[spf-ptr, example.com/TXT]"));
  CHECK(has(result.out, "1 zone: no errors, "));
}

TEST_CASE("an error of a rule makes check fail") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  "zone = \"example.com\"\nprovider = \"zonefile\"\n"
                  "[mail.spf]\nrecord = \"v=spf1 +all\"\n");
  const auto result = check(directory, {});
  INFO(result.out << result.err);
  CHECK(result.exit == 3);
  CHECK(has(result.out, "example.com.toml:4:"));
  CHECK(has(result.out, "error: "));
  CHECK(has(result.out, "spf-plus-all"));
}

TEST_CASE("a spec says what a rule counts for, the project for all specs that do not") {
  const TemporaryDirectory directory;
  const auto with = [](const std::string& severity) {
    return "\n[[rule]]\nid = \"spf-ptr\"\nseverity = \"" + severity +
           "\"\nreason = \"old relay\"\n";
  };
  directory.write("example.com.toml", kPtr + with("off"));
  CHECK_FALSE(has(check(directory, {}).out, "spf-ptr"));
  directory.write("mxsmith.toml", with("error"));
  CHECK(check(directory, {}).exit == 0);
  directory.write("example.com.toml", kPtr);
  const auto strict = check(directory, {});
  CHECK(strict.exit == 3);
  CHECK(has(strict.out, "error: "));
}

TEST_CASE("a rule that there is not is an error of the spec") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  kPtr + "[[rule]]\nid = \"spf-ptrr\"\nseverity = \"off\"\nreason = \"x\"\n");
  const auto result = check(directory, {});
  CHECK(result.exit == 3);
  CHECK(has(result.out, "did you mean \"spf-ptr\"?"));
}

TEST_CASE("what a stage will bring is told, with the stage") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  "zone = \"example.com\"\nprovider = \"zonefile\"\n"
                  "[mail.spf]\nip4 = [\"192.0.2.1\"]\nall = \"fail\"\n"
                  "[[stage]]\nat = 2050-01-01T00:00:00Z\nname = \"loosen\"\n"
                  "mail.spf.all = \"pass\"\n");
  const auto result = check(directory, {});
  INFO(result.out << result.err);
  CHECK(result.exit == 3);
  CHECK(has(result.out, "spf-plus-all"));
  CHECK(has(result.out, "by stage loosen"));
}

TEST_CASE("a zone without a spec is judged as it stands in a zone file") {
  const TemporaryDirectory directory;
  directory.write("zone.db",
                  "$ORIGIN example.com.\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.53\n"
                  "@ MX 10 mail\nmail CNAME host.example.net.\n@ TXT \"v=spf1 mx -all\"\n");
  const auto result = check(directory, {"--records", "zone.db", "example.com"});
  INFO(result.out << result.err);
  CHECK(result.exit == 3);
  CHECK(has(result.out, "zone.db:5:1: error: "));
  CHECK(has(result.out, "mx-target-cname, example.com/MX"));
  CHECK(has(result.out, "dmarc-missing"));
  const auto other = check(directory, {"--records", "zone.db", "example.org"});
  CHECK(other.exit == 1);
  CHECK(has(other.err, "the records hold nothing at or below example.org"));
}

TEST_CASE("records answer for names beyond a spec, and without them nothing is guessed") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml",
                  "zone = \"example.com\"\nprovider = \"zonefile\"\n"
                  "[mail.spf]\ninclude = [\"gone.example.net\"]\nall = \"fail\"\n");
  const auto unknown = check(directory, {"--verbose"});
  CHECK_FALSE(has(unknown.out, "[spf-include-no-record"));
  CHECK(has(unknown.out, "Not checked"));
  CHECK(has(unknown.out, "gone.example.net"));
  directory.write("net.zone", "$ORIGIN example.net.\n@ SOA ns host 1 2 3 4 5\n@ NS ns\n");
  const auto known = check(directory, {"example.com.toml", "--records", "net.zone"});
  INFO(known.out);
  CHECK(known.exit == 3);
  CHECK(has(known.out, "[spf-include-no-record"));
}

TEST_CASE("many zones of one spec share a finding, which is told once") {
  const TemporaryDirectory directory;
  directory.write("customers.toml",
                  "zones = [\"a.example\", \"b.example\", \"c.example\"]\n"
                  "provider = \"zonefile\"\n[mail.spf]\nterms = [\"ptr\"]\nall = \"fail\"\n");
  const auto result = check(directory, {});
  INFO(result.out);
  CHECK(times(result.out, "[spf-ptr, ") == 1);
  CHECK(has(result.out, "the same in 2 other zones: b.example, c.example"));
}

TEST_CASE("check --explain says what a rule looks for, and lists them all") {
  const TemporaryDirectory directory;
  const auto one = check(directory, {"--explain", "spf-lookup-limit"});
  INFO(one.out << one.err);
  CHECK(one.exit == 0);
  CHECK(has(one.out, "RFC 7208"));
  CHECK(has(one.out, "Breaks it"));
  const auto all = check(directory, {"--explain"});
  CHECK(all.exit == 0);
  CHECK(has(all.out, "dmarc-missing"));
  const auto none = check(directory, {"--explain", "spf-lookups-limit"});
  CHECK(none.exit == 1);
  CHECK(has(none.err, "did you mean `spf-lookup-limit`?"));
}

TEST_CASE("check as JSON lists findings with id, severity, record and place") {
  const TemporaryDirectory directory;
  directory.write("example.com.toml", kPtr);
  const auto result = check(directory, {"--format", "json"});
  CHECK(result.exit == 0);
  for (const char* part :
       {"\"kind\": \"check\"", "\"rule\": \"spf-ptr\"", "\"severity\": \"warning\"",
        "\"record\": \"example.com/TXT\"", "\"line\": 4"}) {
    INFO(part);
    CHECK(has(result.out, part));
  }
}

}  // namespace mxsmith::tests
