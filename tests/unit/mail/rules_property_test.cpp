// What holds of all rules together, for zones made of odd records in any order.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "example_zone.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

/// Lines of an example; most break some rule, and together they break more.
constexpr std::array<std::string_view, 40> kLines = {
    "@ MX 10 mx1",
    "@ MX 0 .",
    "@ 30 MX 20 mx.example.net.",
    "@ MX 10 192.0.2.1.",
    "* MX 10 mx1",
    "sub MX 10 aspmx.l.google.com",
    "mx1 A 10.0.0.1",
    "mx1 AAAA 2001:db8::1",
    "mx1 CNAME mx2",
    "mx2 CNAME mx1",
    "mx.example.net. A 192.0.2.9",
    "@ CNAME www",
    "www A 192.0.2.4",
    "www_1 A 192.0.2.4",
    "\\255\\000x A 192.0.2.4",
    "xn--a A 192.0.2.4",
    "sub NS ns1.sub",
    "sub TXT \"below\"",
    "tree DNAME example.net.",
    "leaf.tree TXT \"hidden\"",
    "@ TXT \"v=spf1 mx -all\"",
    "@ TXT \"v=spf1 include:_spf.example.net ~all\"",
    "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:b%C3%BC@example.com\"",
    "_dmarc TXT \"v=DMARC1; p=reject\"",
    "_mta-sts TXT \"v=STSv1; id=1\"",
    "_mta-sts TXT \"v=STSv1, id=2\"",
    "mta-sts CNAME sts.example.net.",
    "* TXT \"v=STSv1; id=3\"",
    "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"",
    "_smtp.tls CNAME reports.example.net.",
    "_25._tcp.mx1 604800 TLSA 3 0 1 00",
    "_25._tcp TLSA 1 1 1 00",
    "mx2 TLSA 3 1 2 00",
    "@ CAA 0 issue \";\"",
    "@ CAA 129 strange \"\"",
    "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg\"",
    "_imap._tcp SRV 0 1 143 mx1",
    "_imaps._tcp SRV 0 0 0 .",
    "_imaps.tcp SRV 0 1 993 mx1",
    ";no-mail",
};

std::string text_of(const std::vector<std::size_t>& lines) {
  std::string text;
  for (const std::size_t line : lines) text.append(kLines.at(line)).append("\n");
  return text;
}

/// All that was told, sorted. Of two that contradict each other either may be named.
std::vector<std::string> told(const JudgedExample& example) {
  std::vector<std::string> all;
  for (const auto& finding : example.judgement.findings) {
    all.push_back(std::string(finding.rule->id) + " " + finding.subject.key.text());
  }
  for (const auto& one : example.judgement.not_checked) {
    all.push_back("open " + std::string(one.rule->id) + " " + one.subject.key.text());
  }
  std::sort(all.begin(), all.end());
  return all;
}

rc::Gen<std::vector<std::size_t>> some_lines() {
  return rc::gen::unique<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kLines.size()));
}

}  // namespace

TEST_CASE("zones of odd records are judged, whatever stands beside what") {
  const mail::Catalogue none;
  property("findings name a rule, a record and a reason", [&] {
    const auto lines = *some_lines();
    const auto example = judge_example(read_example(text_of(lines)), none);
    for (const auto& finding : example.judgement.findings) {
      RC_ASSERT(finding.rule == mail::find_rule(finding.rule->id));
      RC_ASSERT(!finding.message.empty());
      RC_ASSERT(finding.subject.at.offset + finding.subject.at.length <=
                finding.subject.octets.size());
    }
  });
  property("the order of records does not matter to what is told of them", [&] {
    auto lines = *some_lines();
    const auto before = told(judge_example(read_example(text_of(lines)), none));
    std::reverse(lines.begin(), lines.end());
    RC_ASSERT(told(judge_example(read_example(text_of(lines)), none)) == before);
  });
  property("what nobody looked up makes nothing worse", [&] {
    // Records of the zone alone: with the world unknown, hosts beyond it cannot be found missing.
    const auto example = judge_example(read_example(text_of(*some_lines())), none, World::unknown);
    for (const auto& finding : example.judgement.findings) {
      RC_ASSERT(finding.message.find("example.net does not exist") == std::string::npos);
    }
  });
}
