// Answers that are not what they seem: cut short, of another kind, of another shape. None of them
// may ever pass for an empty zone or for part of one.
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;
using http::Intent;
using http::Response;

struct Mask {
  std::string title;
  std::function<Response(Response)> put_on;
};

Mask with_body(const std::string& body) {
  return {"the body is " + (body.empty() ? "empty" : body), [body](Response response) {
            response.body = body;
            return response;
          }};
}

Mask cut_to(const std::string& title, std::size_t tenths) {
  return {title, [tenths](Response response) {
            const std::string whole = response.body.text();
            response.body = whole.substr(0, whole.size() * tenths / 10);
            return response;
          }};
}

std::vector<Mask> masks() {
  std::vector<Mask> all = {
      cut_to("the first half", 5),
      cut_to("nine tenths", 9),
      {"all but the last sign",
       [](Response response) {
         std::string whole = response.body.text();
         if (!whole.empty()) whole.pop_back();
         response.body = whole;
         return response;
       }},
      {"more after the end",
       [](Response response) {
         response.body = response.body.text() + "{}";
         return response;
       }},
      {"a page for people",
       [](Response) {
         return Response{200, {{"Content-Type", "text/html"}}, "<html>Log in first</html>"};
       }},
      {"a page for people that says it is JSON",
       [](Response) {
         return Response{200, {{"Content-Type", "application/json"}}, "<html>Log in</html>"};
       }},
      {"no content",
       [](Response) {
         return Response{204, {}, {}};
       }},
      {"a redirect", [](Response) {
         return Response{302, {{"Location", "http://elsewhere.example/"}}, {}};
       }}};
  for (const char* body : {"", "null", "true", "7", "\"text\"", "{}", "{\"error\":\"busy\"}",
                           "{\"result\":[]}", "[[]]", "[{}]", "{\"rrsets\":null}"}) {
    all.push_back(with_body(body));
  }
  return all;
}

/// Every read of a plan wears every mask.
void disguised(Bench& bench) {
  bench.put({"www A 1.1.1.1", "www TXT text", "@ MX 10 mx.foo.com."});
  bench.declare({"www A 1.1.1.1", "new A 2.2.2.2"});
  const std::size_t first = bench.place().wire().requests(Intent::read);
  const engine::Report right = bench.place().plan();
  bench.expect_status(right, ZoneStatus::planned);
  const std::size_t reads = bench.place().wire().requests(Intent::read) - first;
  bench.expect(reads > 0, "a plan that asked nothing");
  const std::string mark = bench.subject().mark(bench.zone_name());
  for (std::size_t read = 1; read <= reads; ++read) {
    for (const Mask& mask : masks()) {
      bench.now("read " + std::to_string(read) + ": " + mask.title);
      bench.place().wire().spoil(Intent::read, read, disguise(mask.put_on));
      const engine::Report report = bench.place().plan();
      bench.place().wire().heal();
      const engine::ZoneReport& zone = report.zones.front();
      bench.expect(zone.error && zone.status == ZoneStatus::failed && !zone.plan,
                   "taken for an answer");
      bench.expect(bench.subject().mark(bench.zone_name()) == mark, "something was written");
    }
  }
}

/// A list of zones in which ours is missing is no reason to make one up or to go on.
void not_in_the_list(Bench& bench) {
  bench.reach({"www A 1.1.1.1"});
  bench.declare({"www A 2.2.2.2"});
  bench.place().wire().spoil(Intent::read, 1, disguise([](Response response) {
                               response.body = "[]";
                               return response;
                             }));
  const engine::Report report = bench.place().plan();
  const engine::ZoneReport& zone = report.zones.front();
  bench.expect(zone.error.has_value() && !zone.plan, "a plan for a zone that was not found");
}

}  // namespace

std::vector<Trial> disguise_trials() {
  return {{"Fault: answers in disguise", Needs::wire, disguised},
          {"Fault: the zone is not in the list", Needs::wire, not_in_the_list}};
}

}  // namespace mxsmith::conformance
