// The tree of what an SPF record draws in: its count of lookups is that of check_host() for a
// sender whom nothing matches, and it ends whatever DNS holds.
#include <string>
#include <vector>

#include "mail/spf_check.hpp"
#include "mail/spf_tree.hpp"
#include "mail/zone_resolver.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using mail::SpfNodeState;

namespace {

void put_spf(dns::Zone& zone, const std::string& name, const std::string& record) {
  zone.add(dns::Name::of(name), dns::Type::TXT, 300, dns::Txt{record});
}
void put(dns::Zone& zone, const std::string& name, dns::Type type, const std::string& value) {
  zone.add(dns::Name::of(name), type, 300, *dns::parse_rdata(type, value, {}));
}

/// Names of every domain, as a zone at the root.
dns::Zone sample() {
  dns::Zone zone;
  put_spf(zone, "two.example", "v=spf1 a mx -all");
  put_spf(zone, "one.example", "v=spf1 include:two.example ~all");
  put_spf(zone, "on.example", "v=spf1 ip4:192.0.2.1 redirect=two.example");
  put_spf(zone, "loop.example", "v=spf1 include:round.loop.example -all");
  put_spf(zone, "round.loop.example", "v=spf1 redirect=loop.example");
  put_spf(zone, "twice.example", "v=spf1 -all");
  put_spf(zone, "twice.example", "v=spf1 ~all");
  put_spf(zone, "odd.example", "v=spf1 ip:192.0.2.1");
  put_spf(zone, "_spf.d.example", "v=spf1 ip4:192.0.2.7 -all");
  put(zone, "two.example", dns::Type::A, "192.0.2.9");
  put(zone, "null.example", dns::Type::MX, "0 .");
  put(zone, "mx.example", dns::Type::MX, "10 two.example.");
  put(zone, "token.example", dns::Type::TXT, "\"x=y\"");
  put(zone, "four.example", dns::Type::A, "192.0.2.10");
  return zone;
}

mail::SpfTree tree_of(const std::string& record, mail::SpfTreeAsk ask = mail::SpfTreeAsk::terms) {
  const dns::Zone zone = sample();
  mail::ZoneResolver resolver(zone);
  const auto parsed = mail::parse_spf(record);
  REQUIRE(parsed.ok());
  return mail::spf_tree(dns::Name::of("d.example"), *parsed, resolver, ask);
}

class Silence final : public mail::Resolver {
 public:
  mail::Answer lookup(const dns::Name&, dns::Type) override {
    ++asked;
    mail::Answer answer;
    answer.reason = "it was not looked up";
    return answer;
  }
  std::size_t asked = 0;
};

/// Every name holds the same record.
class Everywhere final : public mail::Resolver {
 public:
  explicit Everywhere(std::string record) : record_(std::move(record)) {}
  mail::Answer lookup(const dns::Name& name, dns::Type type) override {
    ++asked;
    mail::Answer answer;
    answer.status = mail::LookupStatus::no_data;
    if (type != dns::Type::TXT) return answer;
    std::string text = record_;
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@')) {
      const auto number = std::to_string(asked * 2 + at);
      text.replace(at, 1, "n" + number + "." + name.parent().text());
    }
    answer.status = mail::LookupStatus::found;
    answer.values = {dns::Txt{text}};
    return answer;
  }
  std::size_t asked = 0;

 private:
  std::string record_;
};

}  // namespace

TEST_CASE("an SPF tree: lookups, and those that find nothing") {
  struct Row {
    std::string record;
    unsigned lookups, void_v4, void_v6;
  };
  const auto row = GENERATE(values<Row>({
      {"v=spf1 -all", 0, 0, 0},
      {"v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 exp=why.example -all", 0, 0, 0},
      {"v=spf1 a:four.example -all", 1, 0, 1},
      {"v=spf1 a:gone.example -all", 1, 1, 1},
      {"v=spf1 mx:mx.example mx:null.example -all", 2, 0, 0},
      {"v=spf1 mx:gone.example -all", 1, 1, 1},
      {"v=spf1 exists:four.example exists:gone.example -all", 2, 1, 1},
      {"v=spf1 ptr -all", 1, 0, 0},
      {"v=spf1 include:one.example -all", 4, 1, 2},
      {"v=spf1 include:on.example -all", 4, 1, 2},
      {"v=spf1 redirect=one.example", 4, 1, 2},
      {"v=spf1 -all include:one.example redirect=one.example", 0, 0, 0},
      {"v=spf1 redirect=one.example all", 0, 0, 0},
      {"v=spf1 include:two.example include:two.example -all", 6, 2, 4},
      {"v=spf1 exists:%{p}.gone.example exists:%{p}.gone.example -all", 3, 0, 0},
      {"v=spf1 include:_spf.%{d} include:_spf.%{o} -all", 2, 0, 0},
  }));
  INFO(row.record);
  const auto tree = tree_of(row.record);
  CHECK(tree.complete);
  CHECK(tree.lookups == row.lookups);
  CHECK(tree.void_lookups_v4 == row.void_v4);
  CHECK(tree.void_lookups_v6 == row.void_v6);
  CHECK(tree.unknown.empty());
  const auto counted = tree_of(row.record, mail::SpfTreeAsk::records);
  CHECK(counted.lookups == row.lookups);
  CHECK(counted.void_lookups_v4 == 0);
}

TEST_CASE("an SPF tree: what stands in place of a record") {
  struct Row {
    std::string term;
    SpfNodeState state;
    bool broken, complete;
  };
  const auto row = GENERATE(values<Row>({
      {"include:one.example", SpfNodeState::read, false, true},
      {"include:gone.example", SpfNodeState::no_domain, true, true},
      {"include:token.example", SpfNodeState::no_record, true, true},
      {"include:twice.example", SpfNodeState::several, true, true},
      {"include:odd.example", SpfNodeState::unreadable, true, true},
      {"include:d.example", SpfNodeState::loop, true, true},
      {"include:D.Example.", SpfNodeState::loop, true, true},
      {"include:a..example", SpfNodeState::no_name, true, true},
      {"include:%{i}.example", SpfNodeState::varies, false, false},
      {"include:%{l}.example", SpfNodeState::varies, false, false},
      {"redirect=gone.example", SpfNodeState::no_domain, true, true},
  }));
  INFO(row.term);
  const auto tree = tree_of("v=spf1 ip4:192.0.2.1 " + row.term);
  REQUIRE(tree.root.branches.size() == 1);
  const auto& branch = tree.root.branches.front();
  REQUIRE(branch.nested != nullptr);
  CHECK(branch.nested->state == row.state);
  CHECK(branch.nested->problem.empty() == (row.state == SpfNodeState::read));
  CHECK(mail::is_broken(branch.nested->state) == row.broken);
  CHECK(tree.complete == row.complete);
  CHECK(tree.root.record.terms.at(branch.term).text == row.term);
}

TEST_CASE("an SPF tree: a loop further down ends where it closes") {
  const auto tree = tree_of("v=spf1 include:loop.example -all");
  CHECK(tree.lookups == 3);
  const auto& first = *tree.root.branches.front().nested;
  const auto& second = *first.branches.front().nested;
  CHECK(second.branches.front().nested->state == SpfNodeState::loop);
  CHECK(second.branches.front().nested->domain == "loop.example");
}

TEST_CASE("an SPF tree: what was not looked up is known to be unknown") {
  Silence silence;
  const auto record = mail::parse_spf(
      "v=spf1 a mx:b.example include:c.example include:c.example include:%{i}.example -all");
  const auto tree =
      mail::spf_tree(dns::Name::of("d.example"), *record, silence, mail::SpfTreeAsk::terms);
  CHECK_FALSE(tree.complete);
  CHECK(tree.lookups == 5);
  CHECK(tree.void_lookups_v4 == 0);
  std::vector<std::string> unknown;
  for (const auto& one : tree.unknown) unknown.push_back(one.name + " " + dns::type_name(one.type));
  CHECK(unknown ==
        std::vector<std::string>{"d.example A", "d.example AAAA", "b.example MX", "c.example TXT"});
  CHECK(tree.root.branches.at(2).nested->state == SpfNodeState::not_checked);
  CHECK(tree.root.branches.at(2).nested->problem == "it was not looked up");
  const auto of_domain = mail::spf_tree(dns::Name::of("d.example"), silence);
  CHECK(of_domain.root.state == SpfNodeState::not_checked);
  CHECK_FALSE(of_domain.complete);
}

TEST_CASE("an SPF tree is bounded whatever DNS holds") {
  // Each record includes two that nobody has seen before: left alone it doubles without end.
  Everywhere doubling("v=spf1 include:@ include:@ -all");
  const auto tree = mail::spf_tree(dns::Name::of("d.example"), doubling, mail::SpfTreeAsk::terms);
  CHECK(doubling.asked <= mail::kSpfTreeMostRecords);
  CHECK_FALSE(tree.complete);
  CHECK(tree.lookups > 10);
  // A single chain.
  Everywhere chain("v=spf1 redirect=@");
  CHECK_FALSE(mail::spf_tree(dns::Name::of("d.example"), chain).complete);
  CHECK(chain.asked <= mail::kSpfTreeMostRecords);
  // A long record of hosts.
  Silence silence;
  std::string hosts = "v=spf1";
  for (int i = 0; i < 2000; ++i) hosts += " a:h" + std::to_string(i) + ".example";
  const auto many = mail::spf_tree(dns::Name::of("d.example"), *mail::parse_spf(hosts), silence,
                                   mail::SpfTreeAsk::terms);
  CHECK(many.lookups == 2000);
  CHECK(many.root.branches.size() == mail::kSpfTreeMostBranches);
  CHECK_FALSE(many.complete);
  CHECK(silence.asked == mail::kSpfTreeMostQuestions);
  CHECK(many.unknown.size() == mail::kSpfTreeMostQuestions + 1);
}

TEST_CASE("an SPF tree counts as check_host() does for a sender whom nothing matches") {
  const dns::Zone zone = sample();
  tests::property("lookups agree", [&] {
    static const std::vector<std::string> kTerms = {"a:four.example",      "mx:mx.example",
                                                    "ip4:192.0.2.1",       "exists:gone.example",
                                                    "?ip6:2001:db8::1",    "-a",
                                                    "include:two.example", "include:one.example",
                                                    "include:on.example",  "mx:null.example"};
    const auto picked = *rc::gen::resize(8, rc::gen::container<std::vector<std::size_t>>(
                                                rc::gen::inRange<std::size_t>(0, kTerms.size())));
    std::string text = "v=spf1";
    for (const std::size_t at : picked) text += " " + kTerms[at];
    text += *rc::gen::element<std::string>("", " -all", " redirect=two.example");
    mail::ZoneResolver resolver(zone);
    const auto parsed = mail::parse_spf(text);
    const auto tree =
        mail::spf_tree(dns::Name::of("d.example"), *parsed, resolver, mail::SpfTreeAsk::terms);
    RC_ASSERT(tree.complete);
    dns::Zone with = sample();
    put_spf(with, "d.example", text);
    mail::ZoneResolver all(with);
    const auto checked = mail::check_spf(
        mail::spf_request(*mail::Ip::parse("203.0.113.77"), "joe@d.example", "mx.d.example"), all);
    const bool within =
        tree.lookups <= mail::kSpfMostLookups && tree.void_lookups_v4 <= mail::kSpfMostVoidLookups;
    RC_ASSERT((checked.result != mail::SpfResult::permerror) == within);
    if (within) RC_ASSERT(checked.lookups == tree.lookups);
    if (within) RC_ASSERT(checked.void_lookups == tree.void_lookups_v4);
  });
}
