// Faults of HTTP: statuses, waiting, lost connections, secrets.
#include <algorithm>

#include "conformance/trial.hpp"
#include "plan/plan_file.hpp"

namespace mxsmith::conformance {

namespace {

using base::ErrorKind;
using engine::ZoneStatus;
using http::Intent;

const std::vector<std::string> kStart = {"www A 1.1.1.1", "@ MX 10 old.foo.com."};
const std::vector<std::string> kWanted = {"www A 2.2.2.2", "@ MX 10 new.foo.com."};

/// One record alone, so that it is one write wherever records are written one by one.
const std::vector<std::string> kOneWanted = {"www A 2.2.2.2", "@ MX 10 old.foo.com."};

/// Everything in place for an apply.
dns::Zone prepare(Bench& bench, const std::vector<std::string>& wanted = kWanted) {
  bench.start_over();
  bench.reach(kStart);
  bench.declare(wanted);
  return bench.zone();
}

/// Statuses that mean the same everywhere, for a read and for a write.
void statuses(Bench& bench) {
  struct Row {
    int status;
    Intent intent;
    ErrorKind kind;
  };
  const Row rows[] = {
      {401, Intent::read, ErrorKind::auth},       {403, Intent::read, ErrorKind::auth},
      {401, Intent::write, ErrorKind::auth},      {403, Intent::write, ErrorKind::auth},
      {404, Intent::write, ErrorKind::not_found}, {409, Intent::write, ErrorKind::conflict}};
  for (const Row& row : rows) {
    bench.now(std::to_string(row.status) + " to a " + std::string(http::intent_name(row.intent)));
    const dns::Zone before = prepare(bench);
    if (row.status == 401) {
      // Whoever has a token gets another one and asks once more.
      bench.place().wire().spoil_all(row.intent, answer(row.status));
    } else {
      bench.place().wire().spoil(row.intent, 1, answer(row.status));
    }
    const engine::Report report = bench.place().apply();
    bench.expect_status(report, ZoneStatus::failed);
    bench.expect_error(report, row.kind);
    bench.expect_zone(before, "it failed, and yet the zone changed:");
    bench.place().wire().heal();
    bench.expect_status(bench.place().apply(), ZoneStatus::applied);
  }
}

/// Not the harness in between, but the account itself is wrong.
void fails_by(Bench& bench, Access access, ErrorKind kind) {
  const dns::Zone before = prepare(bench);
  bench.reach_by(access);
  bench.declare(kWanted);
  const engine::Report report = bench.place().apply();
  bench.expect_status(report, ZoneStatus::failed);
  bench.expect_error(report, kind);
  bench.expect_zone(before, "it failed, and yet the zone changed:");
}
void wrong_secret(Bench& bench) { fails_by(bench, Access::wrong_secret, ErrorKind::auth); }
void nobody_there(Bench& bench) { fails_by(bench, Access::nobody_there, ErrorKind::unavailable); }

/// The record that the server does not take is named, so that it can be found in the spec.
void refused_record(Bench& bench) {
  const dns::Zone before = prepare(bench);
  const dns::Key key = bench.key("www", dns::Type::A);
  bench.place().wire().spoil(Intent::write, 1, answer(bench.subject().refusal_of(key)));
  const engine::Report report = bench.place().apply();
  bench.expect_status(report, ZoneStatus::failed);
  const std::string said = trouble(report);
  bench.expect(said.find("www.example.com") != std::string::npos,
               "the record is not named: " + said);
  bench.expect_zone(before, "it was refused, and yet the zone changed:");
}

/// Retry-After in both of its forms, on the test's clock.
void told_to_wait(Bench& bench) {
  for (const Intent intent : {Intent::read, Intent::write}) {
    for (const char* when : {"42", "Sat, 05 Dec 2026 16:31:00 GMT"}) {
      bench.now(std::string("429 to a ") + std::string(http::intent_name(intent)) + ", " + when);
      prepare(bench);
      const base::Instant start = bench.place().clock.now();
      const bool seconds = std::string(when) == "42";
      const base::Instant until =
          seconds ? start + base::Seconds(42) : *base::parse_instant("2026-12-05T16:31:00Z");
      bench.place().wire().spoil(intent, 1, answer(429, {{"Retry-After", when}}));
      bench.expect_status(bench.place().apply(), ZoneStatus::applied);
      bench.expect(bench.place().clock.now() >= until, "it did not wait until it was welcome");
      bench.expect_done();
    }
  }
}

/// Whatever fails for a while is read again.
void reads_repeat(Bench& bench) {
  std::vector<std::pair<std::string, FaultyTransport::Fault>> faults;
  for (const int status : {500, 502, 503, 504}) {
    faults.emplace_back(std::to_string(status), answer(status));
  }
  faults.emplace_back("a reset", reset(Done::no));
  for (const auto& [name, fault] : faults) {
    bench.now(name + " to the first tries of a read");
    prepare(bench);
    bench.place().wire().spoil(Intent::read, 1, fault);
    bench.place().wire().spoil(Intent::read, 2, fault);
    bench.expect_status(bench.place().apply(), ZoneStatus::applied);
    bench.expect_done();
  }
}

/// Nobody knows what became of a write that ends in one of these. Reading back tells, and only what
/// had no effect is sent again.
void writes_are_settled(Bench& bench) {
  for (const int status : {500, 502, 504}) {
    for (const Done done : {Done::no, Done::yes}) {
      bench.now(std::to_string(status) + " to a write" +
                (done == Done::yes ? " that was done" : " that was not done"));
      prepare(bench, kOneWanted);
      auto& wire = bench.place().wire();
      const std::size_t writes = wire.requests(Intent::write);
      std::size_t reads_at_first = 0;
      std::size_t reads_at_second = 0;
      wire.spoil(Intent::write, 1,
                 [&](http::Transport& server, const http::Request& ask) -> http::Response {
                   reads_at_first = wire.requests(Intent::read);
                   if (done == Done::yes) server.send(ask);
                   return {status, {}, {}};
                 });
      wire.spoil(Intent::write, 2, [&](http::Transport& server, const http::Request& ask) {
        reads_at_second = wire.requests(Intent::read);
        return server.send(ask);
      });
      bench.expect_status(bench.place().apply(), ZoneStatus::applied);
      bench.expect_done();
      const std::size_t sent = wire.requests(Intent::write) - writes;
      bench.expect(sent == (done == Done::yes ? 1 : 2),
                   "the write was sent " + std::to_string(sent) + " times");
      bench.expect(done == Done::yes || reads_at_second > reads_at_first,
                   "a write was sent again without looking what had become of it");
    }
  }
}

/// In the end it is told as failed, and the zone is as it was.
void writes_never_work(Bench& bench) {
  for (const int status : {500, 503}) {
    bench.now(std::to_string(status) + " to every write");
    const dns::Zone before = prepare(bench);
    bench.place().wire().spoil_all(Intent::write, answer(status));
    const engine::Report report = bench.place().apply();
    bench.expect_status(report, ZoneStatus::failed);
    bench.expect_error(report, ErrorKind::unavailable);
    bench.expect_zone(before, "told as failed, and yet it changed:");
    bench.place().wire().heal();
    bench.expect_status(bench.place().apply(), ZoneStatus::applied);
  }
}

/// The server falls silent in the middle: the run ends unknown, and the next one settles it.
void silence(Bench& bench) {
  for (const Done done : {Done::no, Done::yes}) {
    bench.now(done == Done::yes ? "silence after a write that was done"
                                : "silence instead of a write");
    prepare(bench, kOneWanted);
    auto& wire = bench.place().wire();
    wire.spoil(Intent::write, 1, [&wire, done](http::Transport& server, const http::Request& ask) {
      wire.spoil_all(Intent::read, answer(503));
      return reset(done)(server, ask);
    });
    bench.expect_status(bench.place().apply(), ZoneStatus::unknown);
    wire.heal();
    const engine::Report next = bench.place().apply();
    bench.expect(!next.zones.front().settled.empty(), "what was left open was not settled");
    bench.expect_status(next, done == Done::yes ? ZoneStatus::nothing : ZoneStatus::applied);
    bench.expect_done();
    bench.expect_status(bench.place().rollback(), ZoneStatus::applied);
  }
}

std::string all_that_was_said(const engine::Report& report) {
  std::string said = trouble(report);
  for (const auto& zone : report.zones) {
    for (const auto& notice : zone.notices) said += notice + "\n";
    for (const auto& outcome : zone.outcomes) said += outcome.error + "\n";
    if (zone.error) said += zone.error->hint() + "\n" + zone.error->request_id() + "\n";
    if (zone.plan) said += plan::print_zone_plan(*zone.plan) + "\n";
  }
  return said;
}

/// An answer that repeats the credentials it was asked with.
http::Response answer_with_secrets(const std::vector<std::string>& secrets) {
  std::string body = "{\"error\": \"not with";
  for (const std::string& secret : secrets) body += " " + secret;
  return {400, {{"Content-Type", "application/json"}}, body + "\"}"};
}

/// Also where a server repeats the credential in what it answers.
void secrets(Bench& bench) {
  const std::vector<std::string> all = bench.subject().secrets();
  bench.expect(!all.empty(), "a subject over HTTP names no secret");
  std::string said;
  prepare(bench);
  said += all_that_was_said(bench.place().plan());
  const http::Response telling = answer_with_secrets(all);
  bench.place().wire().spoil(Intent::write, 1, answer(telling));
  said += all_that_was_said(bench.place().apply());
  bench.place().wire().spoil(Intent::read, 1, answer(telling));
  said += all_that_was_said(bench.place().plan());
  said += all_that_was_said(bench.place().apply());
  said += bench.place().trace() + bench.place().everything_on_disk();
  for (const std::string& secret : all) {
    const std::size_t at = said.find(secret);
    if (at == std::string::npos) continue;
    const std::size_t from = at < 80 ? 0 : at - 80;
    bench.expect(false, "a secret is shown after: " + said.substr(from, at - from));
  }
}

}  // namespace

std::vector<Trial> wire_trials() {
  return {{"Fault: statuses", Needs::wire, statuses},
          {"Fault: a wrong secret", Needs::wire, wrong_secret},
          {"Fault: nobody there", Needs::wire, nobody_there},
          {"Fault: a record is refused", Needs::wire, refused_record},
          {"Fault: told to wait", Needs::wire, told_to_wait},
          {"Fault: reads are repeated", Needs::wire, reads_repeat},
          {"Fault: writes are settled", Needs::wire, writes_are_settled},
          {"Fault: writes never work", Needs::wire, writes_never_work},
          {"Fault: silence", Needs::wire, silence},
          {"Fault: secrets are never shown", Needs::wire, secrets}};
}

}  // namespace mxsmith::conformance
