// Cloudflare as a user meets it: what a run asks, request by request, and what it is told.
#include "conformance/subjects_cloudflare.hpp"
#include "conformance/workplace.hpp"
#include "support/catch.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::conformance;
using engine::ZoneStatus;
using http::Method;
using tests::CloudflareSimulator;

const dns::Name kZone = dns::Name::of("example.com");
const std::string kHead = "zone = \"example.com\"\nprovider = \"main\"\n";

struct Desk {
  explicit Desk(CloudflareSimulator::Options options = {})
      : simulator(std::make_shared<CloudflareSimulator>(std::move(options))),
        subject(cloudflare_subject("cloudflare", "pro", simulator)) {
    subject->make_zone(kZone);
    id = "00000000000000000000000000000001";  // the first that it gives
    place = std::make_unique<Workplace>(*subject, kZone);
  }
  void has(const std::string& type, const std::string& name, const std::string& content,
           std::int64_t ttl = 300, bool routed = false) {
    CloudflareSimulator::Record record;
    record.type = type;
    record.name = name;
    record.content = content;
    record.ttl = ttl;
    if (type == "MX") record.priority = 10;
    if (routed) {
      record.meta = http::Json::object({{"read_only", true}, {"email_routing", true}});
    }
    simulator->put_as_it_is(id, record);
  }
  const engine::ZoneReport& run(engine::Report report) {
    last = std::move(report);
    return last.zones.at(0);
  }

  std::shared_ptr<CloudflareSimulator> simulator;
  std::unique_ptr<Subject> subject;
  std::string id;
  std::unique_ptr<Workplace> place;
  engine::Report last;
};

std::string record(const std::string& name, const std::string& type, const std::string& value,
                   const std::string& more = {}) {
  return "[[record]]\nname = \"" + name + "\"\ntype = \"" + type + "\"\nvalues = [\"" + value +
         "\"]\n" + more;
}

TEST_CASE("a run at Cloudflare asks no more than it must", "[cloudflare]") {
  Desk desk;
  std::string same = kHead;
  std::string other = kHead;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "h" + std::to_string(i);
    const std::string address = "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    desk.has("A", name + ".example.com", address);
    if (i >= 200) continue;
    same += record(name, "A", address);
    other += record(name, "A", "192.0.2.1");
  }
  desk.place->write_spec(same);
  desk.simulator->forget();
  CHECK(desk.run(desk.place->plan()).plan->empty());
  CHECK(desk.simulator->count() == 2);  // the zone's id, the records
  desk.simulator->forget();
  CHECK(desk.run(desk.place->apply()).status == ZoneStatus::nothing);
  CHECK(desk.simulator->count(Method::post) == 0);
  CHECK(desk.simulator->count() == 2);

  desk.place->write_spec(other);
  desk.simulator->forget();
  CHECK(desk.run(desk.place->apply()).status == ZoneStatus::applied);
  CHECK(desk.simulator->count(Method::post) == 1);
  // The zone's id once; the records for the plan, again once a person has seen it, and read back.
  CHECK(desk.simulator->count(Method::get) == 4);
}

TEST_CASE("with its id a Cloudflare zone is reached without the right to list zones",
          "[cloudflare]") {
  CloudflareSimulator::Options options;
  options.may_list_zones = false;
  Desk desk(options);
  const std::string body = record("www", "A", "192.0.2.1");
  desk.place->write_spec(kHead + body);
  CHECK(desk.run(desk.place->apply()).status == ZoneStatus::failed);
  CHECK(desk.last.zones.at(0).error->kind() == base::ErrorKind::auth);
  desk.place->write_spec("zone = \"example.com\"\nprovider = {account = \"main\", zone_id = \"" +
                         desk.id + "\"}\n" + body);
  CHECK(desk.run(desk.place->apply()).status == ZoneStatus::applied);
  CHECK(desk.simulator->zone(desk.id).records.size() == 1);
}

TEST_CASE("zones of one name in several Cloudflare accounts are for the user to choose",
          "[cloudflare]") {
  Desk desk;
  const std::string other = desk.simulator->add_zone({"example.com", "free", "acc1", "pending"});
  desk.place->write_spec(kHead + record("www", "A", "192.0.2.1"));
  const auto& report = desk.run(desk.place->plan());
  REQUIRE(report.error);
  CHECK(report.error->kind() == base::ErrorKind::conflict);
  CHECK(report.error->hint().find(desk.id + " (account Account acc0, active), " + other +
                                  " (account Account acc1, pending)") != std::string::npos);
}

TEST_CASE("beside what Email Routing keeps, a spec changes what is its own", "[cloudflare]") {
  Desk desk;
  desk.has("MX", "example.com", "route1.mx.cloudflare.net", 1, true);
  desk.has("TXT", "example.com", "\"v=spf1 include:_spf.mx.cloudflare.net ~all\"", 1, true);
  desk.has("TXT", "example.com", "google-site-verification=old");
  desk.place->write_spec(kHead + "manage = \"zone\"\n" +
                         record("@", "TXT", "google-site-verification=new"));
  const auto before = desk.simulator->zone(desk.id).records;
  CHECK(desk.run(desk.place->apply()).status == ZoneStatus::applied);
  INFO(trouble(desk.last));
  const auto after = desk.simulator->zone(desk.id).records;
  REQUIRE(after.size() == 3);
  CHECK(after[0].modified == before[0].modified);
  CHECK(after[1].modified == before[1].modified);
  CHECK(desk.run(desk.place->plan()).plan->empty());

  desk.place->write_spec(kHead + "[mail]\nmx = [{host = \"mx.example.net\", priority = 10}]\n" +
                         "[mail.spf]\ninclude = [\"x.example\"]\nall = \"fail\"\n");
  desk.run(desk.place->plan());
  CHECK(trouble(desk.last).find("belongs to Cloudflare Email Routing") != std::string::npos);
}

TEST_CASE("an automatic TTL at Cloudflare stays, goes and comes as the spec says", "[cloudflare]") {
  Desk desk;
  desk.has("A", "www.example.com", "192.0.2.1", 1);
  const auto ttl_after = [&](const std::string& text) {
    desk.place->write_spec(kHead + text);
    desk.run(desk.place->apply());
    INFO(trouble(desk.last));
    CHECK(!desk.last.zones.at(0).error);
    CHECK(desk.run(desk.place->plan()).plan->empty());
    return desk.simulator->zone(desk.id).records.at(0).ttl;
  };
  CHECK(ttl_after(record("www", "A", "192.0.2.2")) == 1);
  CHECK(ttl_after(record("www", "A", "192.0.2.2", "ttl = 600\n")) == 600);
  CHECK(ttl_after(record("www", "A", "192.0.2.2", "meta = {automatic_ttl = true}\n")) == 1);
  CHECK(ttl_after(record("www", "A", "192.0.2.2", "ttl = 600\nmeta = {proxied = true}\n")) == 1);
  CHECK(desk.simulator->zone(desk.id).records.at(0).proxied);
  CHECK(ttl_after(record("www", "A", "192.0.2.3", "ttl = 900\n")) == 1);
  CHECK(desk.simulator->zone(desk.id).records.at(0).proxied);
  CHECK(ttl_after(record("www", "A", "192.0.2.3", "ttl = 900\nmeta = {proxied = false}\n")) == 900);
}

}  // namespace
