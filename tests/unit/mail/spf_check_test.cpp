// check_host() by a table of our own: mechanisms, limits and macros, without published files.
#include <string>
#include <utility>
#include <vector>

#include "mail/spf_check.hpp"
#include "mail/zone_resolver.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

namespace {

dns::Zone zone_with(const std::string& spf) {
  struct Row {
    std::string name;
    dns::Type type;
    std::string value;
  };
  const std::vector<Row> rows = {
      {"d.example", dns::Type::A, "192.0.2.1"},
      {"d.example", dns::Type::AAAA, "2001:db8::1"},
      {"d.example", dns::Type::MX, "10 mx.d.example."},
      {"mx.d.example", dns::Type::A, "192.0.2.9"},
      {"null.example", dns::Type::MX, "0 ."},
      {"1.2.0.192.in-addr.arpa", dns::Type::PTR, "mx2.d.example."},
      {"mx2.d.example", dns::Type::A, "192.0.2.1"},
      {"ok.example", dns::Type::TXT, "\"v=spf1 ip4:192.0.2.0/24 -all\""},
      {"loop.example", dns::Type::TXT, "\"v=spf1 include:loop.example\""},
      {"alias.example", dns::Type::CNAME, "ok.example."},
      {"round.example", dns::Type::CNAME, "round.example."},
      {"1.2.0.192.list.example", dns::Type::A, "127.0.0.2"},
      {"joe.l.example", dns::Type::A, "127.0.0.2"},
      {"*.wild.example", dns::Type::A, "192.0.2.1"},
      {"why.example", dns::Type::TXT, "\"%{c} may not send as %{S} (%{r}, %{t})\""},
  };
  dns::Zone zone;
  for (const Row& row : rows) {
    zone.add(dns::Name::of(row.name), row.type, 300, *dns::parse_rdata(row.type, row.value, {}));
  }
  zone.add(dns::Name::of("d.example"), dns::Type::TXT, 300, dns::Txt{spf});
  return zone;
}

mail::SpfEvaluation checked(const std::string& spf, const std::string& ip) {
  const dns::Zone zone = zone_with(spf);
  mail::ZoneResolver resolver(zone);
  auto request = mail::spf_request(*mail::Ip::parse(ip), "joe@d.example", "mx.d.example");
  request.receiver = "in.example";
  request.timestamp = 1000;
  return mail::check_spf(request, resolver);
}

}  // namespace

TEST_CASE("check_host: every mechanism, limit and macro") {
  struct Row {
    std::string spf, ip, result;
    unsigned lookups, void_lookups;
  };
  const auto row = GENERATE(values<Row>({
      {"v=spf1", "192.0.2.1", "neutral", 0, 0},
      {"v=spf1 ~ALL", "192.0.2.1", "softfail", 0, 0},
      {"v=spf1 ip4:192.0.2.0/24 -all", "::ffff:192.0.2.1", "pass", 0, 0},
      {"v=spf1 ip6:::ffff:192.0.2.0/120 -all", "::ffff:192.0.2.1", "fail", 0, 0},
      {"v=spf1 ip6:2001:DB8::/32 -all", "2001:db8:f::1", "pass", 0, 0},
      {"v=spf1 a -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 A//64 -all", "2001:db8::ff", "pass", 1, 0},
      {"v=spf1 a/24 -all", "192.0.2.77", "pass", 1, 0},
      {"v=spf1 a:x.wild.example -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 mx -all", "192.0.2.9", "pass", 1, 0},
      {"v=spf1 mx:null.example -all", "192.0.2.9", "fail", 1, 0},
      {"v=spf1 ptr -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 ptr:other.example -all", "192.0.2.1", "fail", 1, 0},
      {"v=spf1 ptr -all", "192.0.2.2", "fail", 1, 1},
      {"v=spf1 exists:%{ir}.list.example -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 exists:%{l}.l.example -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 a:%{h} -all", "192.0.2.9", "pass", 1, 0},
      {"v=spf1 exists:%{p}.none.example -all", "192.0.2.1", "fail", 2, 1},
      {"v=spf1 ?include:ok.example -all", "192.0.2.1", "neutral", 1, 0},
      {"v=spf1 include:alias.example -all", "192.0.2.1", "pass", 1, 0},
      {"v=spf1 include:round.example -all", "192.0.2.1", "temperror", 1, 0},
      {"v=spf1 include:gone.example -all", "192.0.2.1", "permerror", 1, 0},
      {"v=spf1 redirect=ok.example", "198.51.100.1", "fail", 1, 0},
      {"v=spf1 redirect=gone.example", "192.0.2.1", "permerror", 1, 0},
      {"v=spf1 redirect=gone.example ?all", "192.0.2.1", "neutral", 0, 0},
      {"v=spf1 include:loop.example", "192.0.2.1", "permerror", 11, 0},
      {"v=spf1 a:g1.example a:g2.example ~all", "192.0.2.1", "softfail", 2, 2},
      {"v=spf1 a:g1.example a:g2.example a:g3.example ~all", "192.0.2.1", "permerror", 3, 3},
      {"v=spf1 -all bogus", "192.0.2.1", "permerror", 0, 0},
  }));
  INFO(row.spf << " for " << row.ip);
  const auto evaluation = checked(row.spf, row.ip);
  INFO(evaluation.problem);
  CHECK(mail::spf_result_word(evaluation.result) == row.result);
  CHECK(evaluation.lookups == row.lookups);
  CHECK(evaluation.void_lookups == row.void_lookups);
}

TEST_CASE("check_host: the explanation, and the mechanism that decided") {
  const auto evaluation = checked("v=spf1 include:ok.example -all exp=why.example", "203.0.113.7");
  CHECK(evaluation.explanation == "203.0.113.7 may not send as joe%40d.example (in.example, 1000)");
  CHECK(evaluation.mechanism == "-all");
  CHECK(evaluation.mechanism_domain == "d.example");
  REQUIRE(evaluation.trace.steps.size() == 2);
  REQUIRE(evaluation.trace.steps.front().nested);
  CHECK(evaluation.trace.steps.front().nested->result == mail::SpfResult::fail);
}

TEST_CASE("check_host: what nobody could ask is said, and is never a pass") {
  dns::Zone zone(dns::Name::of("d.example"));
  zone.add(dns::Name::of("d.example"), dns::Type::TXT, 300,
           dns::Txt{"v=spf1 include:far.example ~all"});
  mail::ZoneResolver resolver(zone);
  const auto evaluation =
      mail::check_spf(mail::spf_request(*mail::Ip::parse("192.0.2.1"), "", "d.example"), resolver);
  CHECK(evaluation.result == mail::SpfResult::temperror);
  CHECK(evaluation.not_checked == std::vector<std::string>{"far.example"});
}
