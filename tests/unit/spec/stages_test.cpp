// Stages over time, cut-overs, and the digest.

#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

std::string print(const plan::Desired& desired) {
  std::string text;
  for (const std::string& line : lines_of(desired)) text += line + "; ";
  return text;
}

std::string at(const std::string& text, const std::string& when) {
  const Evaluated result = evaluate_text(text, when);
  CHECK(result.findings == Lines{});
  return print(result.desired);
}

const std::string kMove =
    "ttl = \"2h\"\n"
    "[[mail.mx]]\nhost = \"old.example.net\"\npriority = 10\n"
    "[[stage]]\nname = \"move\"\nat = 2026-12-05T22:00:00+05:30\nwindow = \"4h\"\n"
    "mail.mx = [{host = \"new.example.net\", priority = 0}]\n";

Lines moments_of(const std::string& text) {
  const spec::Project project = load_files({{"z.toml", zone_text(text)}});
  base::Diagnostics diagnostics = project.diagnostics;
  Lines lines;
  for (const spec::Moment& one : spec::moments(project.zones.at(0), diagnostics)) {
    lines.push_back(base::print_instant(one.at) + " " + one.name);
  }
  CHECK(lines_of(diagnostics) == Lines{});
  return lines;
}

}  // namespace

TEST_CASE("a set goes through a cut-over: TTL down, stage, TTL up") {
  CHECK(at(kMove, "2026-12-05T14:29:59Z") == "@ MX 7200 10 old.example.net.; ");
  CHECK(at(kMove, "2026-12-05T14:30:00Z") == "@ MX 300! 10 old.example.net.; ");
  CHECK(at(kMove, "2026-12-05T16:29:59Z") == "@ MX 300! 10 old.example.net.; ");
  CHECK(at(kMove, "2026-12-05T16:30:00Z") == "@ MX 300! 0 new.example.net.; ");
  CHECK(at(kMove, "2026-12-06T16:29:59Z") == "@ MX 300! 0 new.example.net.; ");
  CHECK(at(kMove, "2026-12-06T16:30:00Z") == "@ MX 7200! 0 new.example.net.; ");
}

TEST_CASE("the moments of a cut-over") {
  CHECK(moments_of(kMove) == Lines{"2026-12-05T14:30:00Z TTL 5m ahead of stage move",
                                   "2026-12-05T16:30:00Z stage move",
                                   "2026-12-06T16:30:00Z TTL up again after stage move"});
  CHECK(moments_of("[cutover]\nlead = \"3h\"\nttl = 60\nsettle = \"1h\"\n" + kMove.substr(11)) ==
        Lines{"2026-12-05T13:30:00Z TTL 1m ahead of stage move", "2026-12-05T16:30:00Z stage move",
              "2026-12-05T17:30:00Z TTL up again after stage move"});
  CHECK(moments_of("cutover = {lead = 0, settle = 0}\n" + kMove) ==
        Lines{"2026-12-05T16:30:00Z stage move"});
  // What is short already stays as it is.
  CHECK(moments_of("ttl = 300\n" + kMove.substr(11)) == Lines{"2026-12-05T16:30:00Z stage move"});
}

TEST_CASE("a set that is only live is in scope for its TTL ahead of the stage") {
  const std::string text =
      "ttl = \"1h\"\n[[stage]]\nname = \"move\"\nat = 2026-12-05T12:00:00Z\n"
      "mail.mx = [{host = \"new.example.net\", priority = 0}]\n";
  CHECK(at(text, "2026-12-04T11:59:59Z").empty());
  CHECK(at(text, "2026-12-04T12:00:00Z") == "@ MX 300! ttl-only; ");
  CHECK(at(text, "2026-12-05T12:00:00Z") == "@ MX 300! 0 new.example.net.; ");
  CHECK(at(text, "2026-12-06T12:00:00Z") == "@ MX 3600! 0 new.example.net.; ");
}

TEST_CASE("a set without a declared TTL comes up to the default") {
  const std::string text = kMove.substr(11);
  CHECK(at(text, "2026-12-04T16:29:59Z") == "@ MX - 10 old.example.net.; ");
  CHECK(at(text, "2026-12-04T16:30:00Z") == "@ MX 300! 10 old.example.net.; ");
  CHECK(at(text, "2026-12-07T00:00:00Z") == "@ MX 3600! 0 new.example.net.; ");
}

TEST_CASE("only sets that a stage changes go down, and tokens do not") {
  const std::string text =
      "ttl = \"1h\"\n[mail.dmarc]\npolicy = \"none\"\n[[mail.mx]]\nhost = \"a.example.net\"\n"
      "priority = 1\n[[stage]]\nname = \"s\"\nat = 2026-12-05T12:00:00Z\nmail.dmarc.policy = "
      "\"reject\"\n[[stage.mail.verification]]\nvalue = \"token\"\n";
  CHECK(at(text, "2026-12-05T11:30:00Z") ==
        "@ MX 3600 1 a.example.net.; _dmarc TXT:dmarc 300! v=DMARC1; p=none; ");
  CHECK(at(text, "2026-12-05T12:30:00Z") ==
        "@ MX 3600 1 a.example.net.; @ TXT:value 3600 token; _dmarc TXT:dmarc 300! v=DMARC1; "
        "p=reject; ");
}

TEST_CASE("a set that a stage takes away goes down first") {
  const std::string text =
      "ttl = \"1h\"\n[mail.dkim.s1]\ntxt = \"v=DKIM1; p=\"\n"
      "[[stage]]\nname = \"s\"\nat = 2026-12-05T12:00:00Z\nunset = [\"mail.dkim.s1\"]\n";
  CHECK(at(text, "2026-12-05T10:59:59Z") == "s1._domainkey TXT 3600 v=DKIM1; p=; ");
  CHECK(at(text, "2026-12-05T11:00:00Z") == "s1._domainkey TXT 300! v=DKIM1; p=; ");
  CHECK(at(text, "2026-12-05T12:00:00Z").empty());
}

TEST_CASE("stages are cumulative and tell what holds and what comes") {
  const std::string text =
      "cutover = {lead = 0, settle = 0}\n[mail.dmarc]\npolicy = \"none\"\nrua = "
      "[\"mailto:a@example.com\"]\n"
      "[[stage]]\nname = \"one\"\nat = 2026-12-02T00:00:00Z\nmail.dmarc.policy = \"quarantine\"\n"
      "[[stage]]\nat = 2026-12-03T00:00:00Z\nunset = [\"mail.dmarc.rua\"]\n"
      "[[stage]]\nname = \"three\"\nat = 2026-12-04T00:00:00Z\nmail.dmarc.policy = \"reject\"\n";
  CHECK(at(text, "2026-12-01T00:00:00Z") ==
        "_dmarc TXT:dmarc - v=DMARC1; p=none; rua=mailto:a@example.com; ");
  CHECK(at(text, "2026-12-02T00:00:00Z") ==
        "_dmarc TXT:dmarc - v=DMARC1; p=quarantine; rua=mailto:a@example.com; ");
  CHECK(at(text, "2026-12-03T12:00:00Z") == "_dmarc TXT:dmarc - v=DMARC1; p=quarantine; ");
  CHECK(at(text, "2027-12-03T12:00:00Z") == "_dmarc TXT:dmarc - v=DMARC1; p=reject; ");
  const auto clock = evaluate_text(text, "2026-12-03T12:00:00Z").desired.stages;
  CHECK(clock.active == Lines{"one", "2026-12-03T00:00:00Z"});
  CHECK(clock.next_at == moment("2026-12-04T00:00:00Z"));
  CHECK(clock.next_name == "stage three");
  CHECK_FALSE(evaluate_text(text, "2026-12-04T00:00:00Z").desired.stages.next_at.has_value());
}

TEST_CASE("a window that has closed tells the digest before its stage") {
  const auto before = evaluate_text(kMove, "2026-12-01T00:00:00Z").desired;
  const auto open = evaluate_text(kMove, "2026-12-05T20:30:00Z").desired;
  const auto closed = evaluate_text(kMove, "2026-12-05T20:30:01Z").desired;
  CHECK(open.stages.closed.empty());
  REQUIRE(closed.stages.closed.size() == 1);
  CHECK(closed.stages.closed[0].name == "move");
  CHECK(closed.stages.closed[0].until == moment("2026-12-05T20:30:00Z"));
  CHECK(closed.stages.closed[0].digest_before == before.digest);
}

TEST_CASE("the digest follows what is declared, not the clock and not the layout") {
  const auto digest = [](const std::string& text,
                         const std::string& when = "2026-12-01T00:00:00Z") {
    return evaluate_text(text, when).desired.digest;
  };
  // A cut-over's TTLs come and go by themselves; a held zone must not be let loose by them.
  CHECK(digest(kMove) == digest(kMove, "2026-12-05T15:00:00Z"));
  CHECK(digest(kMove) != digest(kMove, "2026-12-05T16:30:00Z"));
  CHECK(digest(kMove, "2026-12-05T16:30:00Z") == digest(kMove, "2027-12-05T16:30:00Z"));
  const std::string a =
      "[[record]]\nname = \"a\"\ntype = \"A\"\nvalues = [\"192.0.2.1\", \"192.0.2.2\"]\n";
  const std::string b = "[[record]]\nname = \"b\"\ntype = \"A\"\nvalues = [\"192.0.2.1\"]\n";
  CHECK(digest(a + b) == digest("# comment\n" + b + "\n" + a));
  CHECK(digest(a) == digest("[[record]]\nname = \"A\"\ntype = \"a\"\nvalues = [\"192.0.2.2\", "
                            "\"192.0.2.1\"]\n"));
  const std::string changes[] = {
      b,
      a + b,
      a + "ttl = 60\n",
      "ttl = 60\n" + a,
      a + "meta = {x = 1}\n",
      "manage = \"mail\"\n" + a,
      a + "[[absent]]\nname = \"x\"\n",
      a + "[[ignore]]\nname = \"x\"\n",
      a + "[mail.spf]\nmode = \"merge\"\nip4 = [\"192.0.2.1\"]\n",
      a + "[mail.spf]\nmode = \"merge\"\nip4 = [\"192.0.2.1\"]\nall = \"fail\"\n"};
  std::vector<std::string> digests = {digest(a)};
  for (const std::string& text : changes) digests.push_back(digest(text));
  std::sort(digests.begin(), digests.end());
  CHECK(std::adjacent_find(digests.begin(), digests.end()) == digests.end());
  CHECK(digest(a) == digest(a + "[[allow]]\nguard = \"drift\"\nreason = \"x\"\n"));
}

TEST_CASE("stages of several layers are put in order, and an exception may bring its own") {
  const std::map<std::string, std::string> files = {
      {"base.toml",
       "cutover = {lead = 0, settle = 0}\n[[stage]]\nname = \"b\"\nat = "
       "2026-12-03T00:00:00Z\nmail.dmarc.policy = \"reject\"\n"},
      {"z.toml", zone_text("extends = \"base.toml\"\nmail.dmarc.policy = \"none\"\n"
                           "[[stage]]\nname = \"a\"\nat = 2026-12-02T00:00:00Z\nmail.dmarc.policy "
                           "= \"quarantine\"\n"
                           "[[for]]\nzones = [\"example.com\"]\n"
                           "[[for.stage]]\nname = \"b\"\nat = 2026-12-09T00:00:00Z\n"
                           "mail.dmarc.policy = \"reject\"\n")}};
  const auto policy = [&](const std::string& when) {
    const auto result = evaluate_files(files, when);
    CHECK(result.findings == Lines{});
    return print(result.desired);
  };
  CHECK(policy("2026-12-01T00:00:00Z") == "_dmarc TXT:dmarc - v=DMARC1; p=none; ");
  CHECK(policy("2026-12-03T00:00:00Z") == "_dmarc TXT:dmarc - v=DMARC1; p=quarantine; ");
  CHECK(policy("2026-12-09T00:00:00Z") == "_dmarc TXT:dmarc - v=DMARC1; p=reject; ");
}
