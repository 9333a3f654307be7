// What has to hold from one stage to the next: DKIM keys and DMARC.

#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const std::string kKeyA = "MCowBQYDK2VwAyEAh1DHgF7NWK1pCSRiYFb+iTXMm3miCe5gwHwYaX/8RvM=";
const std::string kKeyB = "MCowBQYDK2VwAyEAHCPfRsvv0mpMz4IeMW1QgZel/e6kZHw2wafRDleERWE=";
/// The first key as DKIM publishes it.
const std::string kRawA = "h1DHgF7NWK1pCSRiYFb+iTXMm3miCe5gwHwYaX/8RvM=";

struct Told {
  base::Diagnostics diagnostics;
  Lines rules;  ///< "z.toml:9:1 error spec-..." in order of place.
};

Told tell(const std::string& text) {
  const spec::Project project = load_files({{"z.toml", zone_text(text)}});
  Told told;
  told.diagnostics = project.diagnostics;
  for (const spec::ZoneSpec& zone : project.zones) spec::moments(zone, told.diagnostics);
  for (const base::Diagnostic& one : told.diagnostics.sorted()) {
    told.rules.push_back(std::to_string(one.pos.line) + " " +
                         std::string(base::severity_name(one.severity)) + " " + one.rule);
  }
  return told;
}

std::string selector(const std::string& name, const std::string& state, const std::string& key,
                     const std::string& more = "") {
  return "[mail.dkim." + name + "]\npublic_key = \"" + key + "\"\nstate = \"" + state + "\"\n" +
         more;
}
std::string stage(const std::string& day, const std::string& name, const std::string& lines) {
  return "[[stage]]\nat = " + day + "T09:00:00Z\nname = \"" + name + "\"\n" + lines;
}
std::string state_line(const std::string& selector, const std::string& state) {
  return "mail.dkim." + selector + ".state = \"" + state + "\"\n";
}

/// Lines 3 to 5 and 6 to 8.
const std::string kTwoKeys = selector("a", "active", kKeyA) + selector("b", "next", kKeyB);
const std::string kSwitch =
    stage("2040-03-01", "switch", state_line("a", "retiring") + state_line("b", "active"));
const std::string kRevoke = stage("2040-03-15", "revoke", state_line("a", "revoked"));

struct Row {
  const char* name;
  std::string text;
  Lines rules;
};

}  // namespace

TEST_CASE("the life of DKIM keys over stages") {
  const Row rows[] = {
      {"a rotation by the book",
       kTwoKeys + kSwitch + kRevoke + stage("2040-04-15", "remove", "unset = [\"mail.dkim.a\"]\n"),
       {}},
      {"without stages nothing is asked", selector("b", "next", kKeyB), {}},
      {"another key under the same selector",
       selector("a", "active", kKeyA) +
           stage("2040-03-01", "swap", "mail.dkim.a.public_key = \"" + kKeyB + "\"\n"),
       {"9 error spec-dkim-key-changed"}},
      {"the same key spelled otherwise",
       selector("a", "active", kKeyA) +
           stage("2040-03-01", "tidy",
                 "mail.dkim.a.txt = \"v=DKIM1; k=ed25519; p=" + kRawA + "\"\n"),
       {}},
      {"another key after the selector was gone",
       kTwoKeys + kSwitch + kRevoke + stage("2040-04-15", "remove", "unset = [\"mail.dkim.a\"]\n") +
           stage("2040-06-01", "again",
                 "mail.dkim.a.public_key = \"" + kKeyB + "\"\nmail.dkim.a.state = \"next\"\n"),
       {"25 error spec-dkim-key-changed"}},
      {"a selector that is an alias has keys of its own",
       "[mail.dkim.a]\ncname = \"a.example.net\"\n" +
           stage("2040-03-01", "other", "mail.dkim.a.cname = \"b.example.net\"\n") +
           stage("2040-04-01", "gone",
                 "unset = [\"mail.dkim.a\"]\nmail.dkim.b.cname = \"c.example.net\"\n"),
       {}},
      {"nobody made the new key active",
       kTwoKeys + stage("2040-03-01", "switch", state_line("a", "retiring")),
       {"8 error spec-dkim-no-active"}},
      {"nobody signs before the first stage",
       selector("a", "retiring", kKeyA) + selector("b", "next", kKeyB) +
           stage("2040-03-01", "switch", state_line("b", "active")),
       {"8 error spec-dkim-no-active"}},
      {"the signer is switched off",
       selector("a", "active", kKeyA) + stage("2040-03-01", "off", state_line("a", "retiring")) +
           stage("2040-03-15", "revoke", state_line("a", "revoked")),
       {"7 warning spec-dkim-no-active"}},
      {"a key published ahead of a first signature",
       selector("a", "next", kKeyA) + stage("2040-03-01", "on", state_line("a", "active")),
       {}},
      {"each signer needs its own",
       selector("a", "active", kKeyA, "signer = \"newsletter\"\n") +
           selector("b", "active", kKeyB) + stage("2040-03-01", "off", state_line("a", "retiring")),
       {"11 warning spec-dkim-no-active"}},
      {"an active key is taken away",
       kTwoKeys +
           stage("2040-03-01", "switch", "unset = [\"mail.dkim.a\"]\n" + state_line("b", "active")),
       {"10 error spec-dkim-not-revoked"}},
      {"a retiring key is taken away",
       kTwoKeys + kSwitch + stage("2040-04-15", "remove", "unset = [\"mail.dkim.a\"]\n"),
       {"15 warning spec-dkim-not-revoked"}},
      {"an unused key is taken away",
       kTwoKeys + stage("2040-03-01", "no", "unset = [\"mail.dkim.b\"]\n"),
       {}},
      {"revoked while it is active",
       kTwoKeys +
           stage("2040-03-01", "lost", state_line("a", "revoked") + state_line("b", "active")),
       {"12 warning spec-dkim-grace"}},
      {"revoked a day after it stopped signing",
       kTwoKeys + kSwitch + stage("2040-03-02", "revoke", state_line("a", "revoked")),
       {"17 warning spec-dkim-grace"}},
      {"revoked and published again",
       kTwoKeys + kSwitch + kRevoke + stage("2040-05-01", "back", state_line("a", "retiring")),
       {"21 warning spec-dkim-revived"}},
      {"signing begins when the key is published",
       selector("a", "active", kKeyA) +
           stage("2040-03-01", "switch",
                 state_line("a", "retiring") + "mail.dkim.b.public_key = \"" + kKeyB + "\"\n"),
       {"10 warning spec-dkim-not-ahead"}},
      {"signing begins before everybody can see the key",
       "ttl = \"3d\"\n" + selector("a", "active", kKeyA) +
           stage("2040-02-28", "publish",
                 "mail.dkim.b.public_key = \"" + kKeyB + "\"\n" + state_line("b", "next")) +
           kSwitch,
       {"16 warning spec-dkim-not-ahead"}},
      {"a park ends signing on purpose",
       selector("a", "retiring", kKeyA) + selector("b", "revoked", kKeyB) +
           stage("2040-03-01", "park", "unset = [\"mail.dkim\"]\nmail.none = true\n"),
       {"10 warning spec-dkim-not-revoked"}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Told told = tell(row.text);
    INFO(base::join(lines_of(told.diagnostics), "\n"));
    CHECK(told.rules == row.rules);
  }
}

TEST_CASE("findings between stages show both places") {
  const Told told =
      tell(selector("a", "active", kKeyA) +
           stage("2040-03-01", "swap", "mail.dkim.a.public_key = \"" + kKeyB + "\"\n"));
  REQUIRE(told.diagnostics.all().size() == 1);
  const base::Diagnostic& one = told.diagnostics.all().front();
  CHECK(one.pos.text() == "z.toml:9:26");
  REQUIRE(one.notes.size() == 1);
  CHECK(one.notes[0].pos.text() == "z.toml:4:14");
  CHECK(one.message ==
        "stage swap puts another key under selector a: signatures by the old one fail, and the old "
        "one lives on in caches");
  CHECK_FALSE(one.hint.empty());
}

TEST_CASE("one fault in a file of many zones is told once") {
  const std::string text = "zones = [\"a.example\", \"b.example\"]\nprovider = \"memory\"\n" +
                           kTwoKeys + stage("2040-03-01", "switch", state_line("a", "retiring"));
  const spec::Project project = load_files({{"z.toml", text}});
  base::Diagnostics diagnostics = project.diagnostics;
  REQUIRE(project.zones.size() == 2);
  for (const spec::ZoneSpec& zone : project.zones) spec::moments(zone, diagnostics);
  CHECK(diagnostics.all().size() == 1);
}

TEST_CASE("what is said of selectors reaches the plan") {
  const Evaluated result = evaluate_text(
      selector("A", "active", kKeyA, "signer = \"newsletter\"\n") +
      "[mail.dkim.old]\nstate = \"revoked\"\n[mail.dkim.c]\ncname = \"c.example.net\"\n");
  CHECK(result.findings == Lines{});
  REQUIRE(result.desired.mail.selectors.size() == 3);
  const mail::DeclaredSelector* one = result.desired.mail.selector("a");
  REQUIRE(one != nullptr);
  CHECK(one->state == mail::SelectorState::active);
  CHECK(one->signer == "newsletter");
  CHECK(one->pos.text() == "z.toml:5:9");
  CHECK(result.desired.mail.selector("old")->state == mail::SelectorState::revoked);
  CHECK(result.desired.mail.selector("c")->signer.empty());
}

TEST_CASE("DMARC gets stricter step by step") {
  const std::string rua = "rua = [\"mailto:d@example.com\"]\n";
  const std::string none = "[mail.dmarc]\npolicy = \"none\"\n" + rua;
  const auto policy = [](const std::string& word) {
    return "mail.dmarc.policy = \"" + word + "\"\n";
  };
  const Row rows[] = {
      {"the ramp",
       none +
           stage("2040-02-01", "rehearsal", policy("quarantine") + "mail.dmarc.testing = true\n") +
           stage("2040-02-08", "quarantine", "mail.dmarc.testing = false\n") +
           stage("2040-03-01", "reject", policy("reject")),
       {}},
      {"none to reject at once",
       none + stage("2040-02-01", "r", policy("reject")),
       {"9 warning spec-dmarc-step"}},
      {"none to a rehearsal of reject, which acts as quarantine",
       none + stage("2040-02-01", "r", policy("reject") + "mail.dmarc.testing = true\n"),
       {}},
      {"no record to quarantine",
       stage("2040-02-01", "q", policy("quarantine") + "mail.dmarc." + rua),
       {"6 warning spec-dmarc-step"}},
      {"too few days of reports",
       none + stage("2040-02-01", "q", policy("quarantine")) +
           stage("2040-02-10", "r", policy("reject")),
       {"13 warning spec-dmarc-soon"}},
      {"too short a rehearsal",
       none + stage("2040-02-01", "t", policy("quarantine") + "mail.dmarc.testing = true\n") +
           stage("2040-02-05", "q", "mail.dmarc.testing = false\n"),
       {"12 warning spec-dmarc-soon"}},
      {"nobody reads reports",
       "[mail.dmarc]\npolicy = \"none\"\n" + stage("2040-02-01", "q", policy("quarantine")),
       {"8 warning spec-dmarc-no-reports"}},
      {"a step back is free",
       "[mail.dmarc]\npolicy = \"reject\"\n" + stage("2040-02-01", "n", policy("none")),
       {}},
      {"a parked domain rejects at once",
       none + stage("2040-02-01", "park", "unset = [\"mail.dmarc\"]\nmail.none = true\n"),
       {}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Told told = tell(row.text);
    INFO(base::join(lines_of(told.diagnostics), "\n"));
    CHECK(told.rules == row.rules);
  }
}
