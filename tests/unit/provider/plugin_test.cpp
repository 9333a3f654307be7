// Plug-ins that break every rule there is: what the engine is told, and that the next call works.
#include "provider/plugin.hpp"

#include "base/write_permit.hpp"
#include "provider/plugin_messages.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace mxsmith;
using base::Effect;
using base::ErrorKind;

namespace {

/// A plug-in in Python: well-behaved, but for the lines that a test puts into a call.
const char* const kScript = R"py(
import json, os, sys, time
def say(line): print(json.dumps(line), flush=True)
def ask(intent, method="POST"):
    say({"http": 1, "request": {"method": method, "intent": intent, "url": "https://api.example/x", "body": "{}"}})
    return json.loads(sys.stdin.readline())
ZONE = {"name": "example.com.", "id": "z1"}
SETS = [{"name": "example.com.", "type": "MX", "ttl": 300, "values": ["0 mx.example.net."], "native": {"etag": 7}}]
def hello(p): return {"protocol": 1, "calls": ["list"]}
def open_(p): return {"fingerprint": p["settings"].get("user", "me")}
def find(p): return {"zones": [ZONE]}
def list_(p): return {"zones": [ZONE]}
def traits(p): return {"traits": {"atomic_step": True}}
def read(p): return {"sets": SETS, "version": "5"}
def apply(p): return {}
CALLS = {"hello": hello, "open": open_, "find": find, "list": list_, "traits": traits, "read": read, "apply": apply}
#BEHAVIOUR
for line in sys.stdin:
    call = json.loads(line)
    say({"id": call["id"], "result": CALLS[call["call"]](call["params"])})
)py";

struct Bench {
  explicit Bench(const std::string& behaviour) {
    std::string script = kScript;
    script.replace(script.find("#BEHAVIOUR"), 10, behaviour);
    account.name = "main";
    account.type = "mine";
    account.command = {"/usr/bin/python3", folder.write("plugin.py", script).string()};
    account.directory = folder.path();
    limits.silence = std::chrono::seconds(60);
    limits.farewell = std::chrono::milliseconds(300);
    limits.max_line = 100000;
  }

  std::unique_ptr<provider::Provider> make() {
    return provider::plugin_info("mine", limits).make(account, {clock, client});
  }

  /// The error of reading; of applying one change.
  base::Error reading() {
    try {
      make()->read(zone);
    } catch (const base::Error& error) {
      return error;
    }
    FAIL("no error");
    throw;
  }
  base::Error applying() {
    try {
      const auto provider = make();
      const plan::LiveZone live = provider->read(zone);
      const base::WritePermit permit;
      provider->apply(live, step_of(live));
    } catch (const base::Error& error) {
      return error;
    }
    FAIL("no error");
    throw;
  }
  static provider::Step step_of(const plan::LiveZone& live) {
    plan::Change change;
    change.key = live.sets().front().set.key();
    change.before = plan::SetState{live.sets().front().set, {}, {}};
    return {{change}, false};
  }

  tests::TemporaryDirectory folder;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  int status = 200;
  std::vector<http::Request> sent;
  http::Client client{http::fake_transport([this](const http::Request& request) {
                        sent.push_back(request);
                        return http::Response{status, {}, "{}"};
                      }),
                      clock};
  base::Account account;
  provider::PluginLimits limits;
  plan::ZoneRef zone{dns::Name::of("example.com"), "z1", {}};
};

}  // namespace

TEST_CASE("a plug-in that keeps the rules is a provider like any other") {
  Bench bench(R"(
def apply(p):
    assert p["changes"][0]["before"]["native"] == {"etag": 7}, p
    assert ask("write")["response"]["status"] == 200
    return {"pending": "later"}
CALLS["apply"] = apply)");
  const auto provider = bench.make();
  CHECK(provider->find(bench.zone.name).size() == 1);
  CHECK(provider->find(dns::Name::of("other.example")).empty());
  CHECK(provider->list()->size() == 1);
  CHECK(provider->traits(bench.zone).atomic_step == plan::Support::yes);
  const plan::LiveZone live = provider->read(bench.zone);
  CHECK(live.version == "5");
  REQUIRE(live.sets().size() == 1);
  CHECK(dns::print_rdata(live.sets()[0].set.values[0]) == "0 mx.example.net.");
  const base::WritePermit permit;
  CHECK(provider->apply(live, Bench::step_of(live)).token == "later");
  REQUIRE(bench.sent.size() == 1);
  CHECK(bench.sent[0].intent == http::Intent::write);
}

TEST_CASE("two accounts of one plug-in have fingerprints of their own") {
  Bench bench("");
  const std::string mine = bench.make()->fingerprint();
  bench.account.settings["user"] = {std::string("somebody"), {}};
  CHECK(bench.make()->fingerprint() != mine);
  CHECK(mine.find("me") == std::string("plugin:").find("me"));
}

TEST_CASE("whatever a plug-in does while it reads, nothing has changed and the reason is told") {
  struct Row {
    const char* name;
    const char* behaviour;
    ErrorKind kind;
    const char* words;
  };
  const std::vector<Row> rows = {
      {"ends", "def read(p): os._exit(3)", ErrorKind::unavailable, "ended with status 3"},
      {"is killed", "def read(p): os.kill(os.getpid(), 9)", ErrorKind::unavailable,
       "ended by signal 9"},
      {"is silent", "def read(p): time.sleep(60)", ErrorKind::unavailable, "said nothing for 4 s"},
      {"says no JSON", "def read(p): print('hello', flush=True)", ErrorKind::protocol,
       "its answer"},
      {"answers another call", "def read(p): say({'id': 99, 'result': {}})", ErrorKind::protocol,
       "another call"},
      {"gives no end of a line",
       "def read(p):\n  sys.stdout.write('x' * 300000); sys.stdout.flush(); time.sleep(60)",
       ErrorKind::protocol, "a line without an end"},
      {"has no sets", "def read(p): return {}", ErrorKind::protocol, "there is no \"sets\""},
      {"has another shape", "def read(p): return {'sets': {}}", ErrorKind::protocol,
       "\"sets\" is no list"},
      {"has a set without values", "def read(p): return {'sets': [dict(SETS[0], values=[])]}",
       ErrorKind::protocol, "without values"},
      {"has a value that is none",
       "def read(p): return {'sets': [dict(SETS[0], values=['\\x1b'])]}", ErrorKind::protocol,
       "no value of that type"},
      {"has a TTL that is none", "def read(p): return {'sets': [dict(SETS[0], ttl=-1)]}",
       ErrorKind::protocol, "\"ttl\""},
      {"has the same set twice", "def read(p): return {'sets': SETS + SETS}", ErrorKind::protocol,
       "example.com/MX"},
      {"has a set of another zone",
       "def read(p): return {'sets': [dict(SETS[0], name='evil.example.')]}", ErrorKind::protocol,
       "not in zone"},
      {"has a relative name", "def read(p): return {'sets': [dict(SETS[0], name='www')]}",
       ErrorKind::protocol, "no absolute name"},
      {"writes", "def read(p): ask('write'); return {'sets': SETS}", ErrorKind::refused,
       "a write outside of applying a step"},
      {"asks for a file",
       "def read(p): say({'http': 1, 'request': {'method': 'GET', 'intent': 'read', 'url': "
       "'file:///etc/passwd'}}); sys.stdin.readline()",
       ErrorKind::protocol, "neither http:// nor https://"},
      {"complains and refuses",
       "def read(p):\n  say({'id': 3, 'error': {'kind': 'auth', 'message': 'no \\x1b[31mrights'}})"
       "\n  time.sleep(9)",
       ErrorKind::auth, "no \\027[31mrights"},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    Bench bench(std::string(row.behaviour) + "\nCALLS['read'] = read");
    // Long enough to start on a busy machine.
    if (std::string_view(row.name) == "is silent") bench.limits.silence = std::chrono::seconds(4);
    const base::Error error = bench.reading();
    CHECK(error.kind() == row.kind);
    CHECK(error.effect() == Effect::none);
    CHECK_THAT(error.what(), tests::has_text("plug-in mine: "));
    CHECK_THAT(error.what(), tests::has_text(row.words));
  }
}

TEST_CASE("whatever a plug-in does while it writes, its word alone does not make it undone") {
  struct Row {
    const char* name;
    const char* behaviour;
    int status;
    Effect effect;
  };
  const std::vector<Row> rows = {
      {"ends before it writes", "def apply(p): os._exit(1)", 200, Effect::unknown},
      {"ends after it wrote", "def apply(p): ask('write'); os._exit(1)", 200, Effect::unknown},
      {"says nonsense", "def apply(p): print('ok', flush=True)", 200, Effect::unknown},
      {"refuses", "def apply(p): error('none')", 200, Effect::none},
      {"says it did nothing, and the server refused too",
       "def apply(p): ask('write'); error('none')", 409, Effect::none},
      {"says it did nothing after a write that went through",
       "def apply(p): ask('write'); error('none')", 200, Effect::unknown},
      {"says it did nothing after a write of which nobody knows",
       "def apply(p): ask('write'); error('none')", 502, Effect::unknown},
      {"says that a part was done", "def apply(p): ask('write'); error('partial')", 200,
       Effect::partial},
      {"does not say", "def apply(p): error(None)", 200, Effect::unknown},
  };
  const std::string error =
      "def error(effect):\n"
      "  e = {'kind': 'conflict', 'message': 'somebody was faster'}\n"
      "  if effect: e['effect'] = effect\n"
      "  say({'id': 4, 'error': e}); time.sleep(9)\n";
  for (const auto& row : rows) {
    INFO(row.name);
    Bench bench(error + row.behaviour + "\nCALLS['apply'] = apply");
    bench.status = row.status;
    CHECK(bench.applying().effect() == row.effect);
  }
}

TEST_CASE("a plug-in that ended is started anew for the next call") {
  Bench bench(R"(
def read(p):
    if not os.path.exists("seen"):
        open("seen", "w").close()
        sys.stderr.write("Traceback:\nKeyError: 'zone'\n")
        sys.exit(1)
    return {"sets": SETS}
CALLS["read"] = read)");
  const auto provider = bench.make();
  try {
    provider->read(bench.zone);
    FAIL("no error");
  } catch (const base::Error& error) {
    CHECK_THAT(error.hint(), tests::has_text("KeyError: 'zone'"));
  }
  CHECK(provider->read(bench.zone).sets().size() == 1);
}

TEST_CASE("a plug-in that would not open the account again is asked to before the next call") {
  Bench bench(R"(
def open_(p):
    with open("opens", "a") as told: told.write("x")
    if len(open("opens").read()) == 2:
        say({"id": call["id"], "error": {"kind": "auth", "message": "not now"}})
        sys.exit(0)
    return {"fingerprint": "me"}
def read(p):
    if len(open("opens").read()) == 1: os._exit(1)
    return {"sets": SETS}
CALLS["open"], CALLS["read"] = open_, read)");
  const auto provider = bench.make();
  CHECK_THROWS_AS(provider->read(bench.zone), base::Error);
  CHECK_THROWS_WITH(provider->list(), "plug-in mine: not now");
  CHECK(provider->read(bench.zone).sets().size() == 1);
  CHECK(bench.folder.read("opens") == "xxx");
}

TEST_CASE("another version of the protocol, no program, traits that cannot be") {
  Bench version("CALLS['hello'] = lambda p: {'protocol': 2}");
  CHECK_THROWS_WITH(version.make(), tests::has_text("another version of the protocol"));
  Bench nobody("");
  nobody.account.command = {"/nonexistent/plug-in"};
  CHECK_THROWS_WITH(nobody.make(), tests::has_text("cannot start /nonexistent/plug-in"));
  for (const char* traits : {"{'min_ttl': 9, 'max_ttl': 1}", "{'types': ['NONSENSE-1']}",
                             "{'granularity': 'octet'}", "{'max_ttl': -1}", "7"}) {
    INFO(traits);
    Bench bench("CALLS['traits'] = lambda p: {'traits': " + std::string(traits) + "}");
    const auto provider = bench.make();
    CHECK_THROWS_AS(provider->traits(bench.zone), base::Error);
  }
}

TEST_CASE("traits cross the border whole") {
  plan::Traits traits;
  traits.granularity = plan::Granularity::record;
  traits.atomic_step = traits.apex_ns = traits.multiple_writers = plan::Support::yes;
  traits.update_in_place = traits.null_mx = traits.caa_parameters = plan::Support::no;
  traits.types = {dns::Type::A, dns::Type::MX};
  traits.min_ttl = 60;
  traits.max_ttl = 86400;
  traits.min_txt_octets = 1;
  traits.max_txt_octets = 2;
  traits.txt_octets = plan::TxtOctets::utf8;
  traits.txt_without = "\"\\";
  traits.max_changes_per_step = 3;
  traits.max_values_per_step = 4;
  traits.max_writes_per_step = 5;
  traits.max_octets_per_step = 6;
  traits.step_cost = {7, 8, 9, 10, 11, plan::Support::yes};
  traits.meta_keys = {"proxied"};
  traits.settle_after = base::Seconds(12);
  const plan::Traits back = provider::plugin::traits_of(provider::plugin::json_of(traits));
  CHECK(provider::plugin::json_of(back) == provider::plugin::json_of(traits));
  // Nothing is as it was by default.
  const auto plain = provider::plugin::json_of(plan::Traits());
  const auto changed = provider::plugin::json_of(traits);
  for (const auto& [name, value] : *changed.members()) {
    INFO(name);
    CHECK_FALSE(*plain.find(name) == value);
  }
}

TEST_CASE("a secret reaches the plug-in and shows nowhere") {
  Bench bench(R"(
def read(p):
    sys.stderr.write("token is " + TOKEN + "\n"); sys.stderr.flush()
    os._exit(1)
def open_(p):
    global TOKEN
    TOKEN = p["settings"]["token"]
    return {"fingerprint": "me"}
CALLS["read"], CALLS["open"] = read, open_)");
  bench.account.settings["token"] = {
      base::SecretSource(base::SecretFromFile{bench.folder.write("token", "s3cret-value\n")}), {}};
  const base::Error error = bench.reading();
  CHECK_THAT(error.hint(), tests::has_text("token is [hidden]"));
  CHECK(std::string(error.what()).find("s3cret") == std::string::npos);
}
