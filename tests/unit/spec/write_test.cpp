// import: what write_spec writes declares exactly what is live.

#include <set>

#include "mail/dkim.hpp"
#include "spec/toml_text.hpp"
#include "spec_case.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const dns::Name kApex = dns::Name::of("example.com");

dns::Rdata rdata(dns::Type type, const std::string& text) {
  return dns::parse_rdata(type, text, dns::Name()).value();
}

plan::LiveZone zone_of(const std::vector<dns::RRset>& sets) {
  plan::LiveZone live({kApex, "id", plan::ZoneKind::ordinary});
  for (const dns::RRset& set : sets) live.add({set, nullptr});
  return live;
}

dns::RRset txt(const std::string& name, std::uint32_t ttl, const std::vector<std::string>& values) {
  dns::RRset set{dns::Name::parse(name, kApex).value(), dns::Type::TXT, ttl, {}};
  for (const std::string& value : values) set.add(dns::Txt{value});
  return set;
}

dns::RRset set_of(const std::string& name, dns::Type type, std::uint32_t ttl,
                  const std::vector<std::string>& values) {
  dns::RRset set{dns::Name::parse(name, kApex).value(), type, ttl, {}};
  for (const std::string& value : values) set.add(rdata(type, value));
  return set;
}

/// Sets as a spec declares them, one line each, sorted.
std::set<std::string> declared(const std::string& spec_text) {
  const Evaluated result = evaluate_files({{"z.toml", spec_text}});
  std::map<std::string, std::set<std::string>> sets;
  for (const plan::DesiredUnit& unit : result.desired.units) {
    const std::string ttl = unit.ttl ? std::to_string(*unit.ttl) : "-";
    for (const plan::DesiredValue& value : unit.values) {
      sets[unit.unit.key.text() + " " + ttl].insert(dns::print_rdata(value.value));
    }
  }
  std::set<std::string> lines;
  for (const auto& [key, values] : sets) {
    std::string line = key;
    for (const std::string& value : values) line += " " + value;
    lines.insert(line);
  }
  for (const std::string& finding : result.findings) {
    if (finding.find("spec-two-records") == std::string::npos) lines.insert("finding: " + finding);
  }
  return lines;
}

std::set<std::string> live_lines(const std::vector<dns::RRset>& sets) {
  std::set<std::string> lines;
  for (const dns::RRset& set : sets) {
    std::string line = set.key().text() + " " + std::to_string(set.ttl);
    std::set<std::string> values;
    for (const dns::Rdata& value : set.values) values.insert(dns::print_rdata(value));
    for (const std::string& value : values) line += " " + value;
    lines.insert(line);
  }
  return lines;
}

std::string written(const std::vector<dns::RRset>& sets) {
  return spec::write_spec(zone_of(sets), {"memory", std::nullopt, false});
}

const std::string kKey = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// TXT values as they are found live: sound, nearly sound, and such that hide something.
const std::vector<std::string>& tricky_values() {
  static const std::vector<std::string> kValues = {
      "v=spf1 -all",
      "v=spf1 a mx ip4:192.0.2.1 include:_spf.example.net ~all",
      "v=spf1 MX -ALL",
      "v=spf1  a  -all",
      "v=spf1",
      "v=spf1 foo:bar",
      "v=spf1 +a +mx ?all",
      "v=spf1 include:x.example.net redirect=y.example.net",
      "v=spf1 ip6:2001:db8::1 ip4:192.0.2.7 -all exp=why.example.net",
      "v=spf1 a a:b.c -all",
      "V=SPF1 -all",
      "v=DMARC1; p=none",
      "v=DMARC1;p=reject;pct=50",
      "v=DMARC1; p=quarantine; sp=none; rua=mailto:a@b.example,mailto:c@d.example",
      "v=DMARC1; p=none; rua=https://x.example",
      "v=DMARC1; p=nonsense",
      "v=DMARC1; p=none; fo=1:d",
      "v=DMARC1; p=none; t=x",
      "v=DMARC1; p=Reject",
      "v=DKIM1; k=rsa; p=",
      "v=DKIM1; p=",
      "p=abc",
      "v=DKIM1; k=rsa; p=abc",
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
      "v=STSv1; id=1;",
      "v=TLSRPTv1; rua=mailto:a@b.example",
      "google-site-verification=abc",
      "${zone} and $${var.x}",
      "tab\there",
      "quote \" and \\ slash",
      "b\xc3\xbc"
      "cher",
      "",
      std::string(300, 'x'),
      "\xe2\x80\xae turned",
      "line\nbreak"};
  return kValues;
}

/// Names at which TXT values mean something, and some at which they do not.
const std::vector<std::string>& tricky_names() {
  static const std::vector<std::string> kNames = {
      "@",          "_dmarc", "_mta-sts",         "_smtp._tls", "s1._domainkey",   "a.b._domainkey",
      "_domainkey", "www",    "x\\.y._domainkey", "*.w",        "www.example.com", "_dmarc.sub"};
  return kNames;
}

rc::Gen<std::string> txt_value() {
  return rc::gen::oneOf(rc::gen::elementOf(tricky_values()), rc::gen::arbitrary<std::string>());
}

rc::Gen<dns::RRset> txt_set() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::elementOf(tricky_names()),
                     rc::gen::element<std::uint32_t>(0, 60, 300, 3600, 5400, 86400, 2147483647),
                     rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(txt_value()))),
      [](const auto& parts) {
        return txt(std::get<0>(parts), std::get<1>(parts), std::get<2>(parts));
      });
}

}  // namespace

TEST_CASE("what is written declares what is live, whatever the TXT values hold") {
  property("evaluate(write_spec(live)) == live", [] {
    const auto drawn = *rc::gen::container<std::vector<dns::RRset>>(txt_set());
    std::map<std::string, dns::RRset> by_key;
    for (const dns::RRset& set : drawn) by_key.emplace(set.key().text(), set);
    std::vector<dns::RRset> sets = {set_of("@", dns::Type::MX, 300, {"0 mx1.example.net."})};
    for (const auto& [key, set] : by_key) sets.push_back(set);
    const std::string text = written(sets);
    if (declared(text) != live_lines(sets)) RC_LOG(text);
    RC_ASSERT(declared(text) == live_lines(sets));
  });
}

TEST_CASE("every tricky value comes back at every place") {
  for (const std::string& name : tricky_names()) {
    for (const std::string& value : tricky_values()) {
      INFO(name << " " << value);
      const std::vector<dns::RRset> sets = {txt(name, 300, {value})};
      CHECK(declared(written(sets)) == live_lines(sets));
    }
  }
}

TEST_CASE("sets of every kind come back") {
  const std::vector<dns::RRset> sets = {
      set_of("@", dns::Type::MX, 300, {"0 localhost.", "10 mx.example.com.", "20 a\\.b.example."}),
      set_of("@", dns::Type::A, 300, {"192.0.2.1"}),
      set_of("www", dns::Type::CNAME, 60, {"example.com."}),
      set_of("s2._domainkey", dns::Type::CNAME, 60, {"s2.keys.example.net."}),
      set_of("sub", dns::Type::NS, 300, {"ns1.example.net.", "ns2.example.net."}),
      set_of("sub", dns::Type::MX, 300, {"5 mx.example.net."}),
      set_of("_sip._tcp", dns::Type::SRV, 300, {"1 2 3 sip.example.net."}),
      set_of("@", dns::Type::CAA, 300, {"0 issue \"ca.example\""}),
      set_of("_443._tcp", dns::Type::TLSA, 300, {"3 1 1 " + std::string(64, 'a')}),
      set_of("odd", static_cast<dns::Type>(65280), 300, {"\\# 3 010203"}),
      set_of("*.wild", dns::Type::AAAA, 300, {"2001:db8::1"}),
      set_of("www.example.com", dns::Type::A, 300, {"192.0.2.1"})};
  CHECK(declared(written(sets)) == live_lines(sets));
}

TEST_CASE("a null MX comes back") {
  const std::vector<dns::RRset> sets = {set_of("@", dns::Type::MX, 300, {"0 ."})};
  CHECK(declared(written(sets)) == live_lines(sets));
}

TEST_CASE("a spec reads well") {
  const std::string dkim = mail::print_dkim(mail::dkim_key_from_text(kKey).value());
  const std::string text = written(
      {set_of("@", dns::Type::SOA, 3600, {"ns1.example.net. h.example.net. 1 2 3 4 5"}),
       set_of("@", dns::Type::NS, 3600, {"ns1.example.net."}),
       set_of("@", dns::Type::MX, 3600, {"20 mx2.example.net.", "10 mx1.example.net."}),
       txt("@", 3600, {"v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.net -all", "token \"x\""}),
       txt("s1._domainkey", 60, {dkim}),
       txt("_dmarc", 3600, {"v=DMARC1; p=none; rua=mailto:d@example.com"}),
       set_of("www", dns::Type::A, 3600, {"192.0.2.1"})});
  const dns::Rdata key = dns::Txt{dkim};
  const std::string bare = mail::parse_dkim(dkim)->public_key;
  CHECK(text ==
        "#:schema https://mxsmith.dev/schemas/zone-v1.json\n"
        "#\n"
        "# example.com as it was when it was imported.\n"
        "# SOA and the apex NS are the provider's and stay as they are.\n"
        "\n"
        "zone     = \"example.com\"\n"
        "provider = \"memory\"\n"
        "ttl      = \"1h\"\n"
        "\n"
        "[[mail.mx]]\n"
        "host     = \"mx1.example.net\"\n"
        "priority = 10\n"
        "\n"
        "[[mail.mx]]\n"
        "host     = \"mx2.example.net\"\n"
        "priority = 20\n"
        "\n"
        "[mail.spf]\n"
        "mx      = true\n"
        "ip4     = [\"192.0.2.0/24\"]\n"
        "include = [\"_spf.example.net\"]\n"
        "all     = \"fail\"\n"
        "\n"
        "[mail.dkim.s1]\n"
        "public_key = \"" +
            bare +
            "\"\n"
            "ttl        = \"1m\"\n"
            "\n"
            "[mail.dmarc]\n"
            "policy = \"none\"\n"
            "rua    = [\"mailto:d@example.com\"]\n"
            "\n"
            "[[record]]\n"
            "name   = \"@\"\n"
            "type   = \"TXT\"\n"
            "values = [\"token \\\"x\\\"\"]\n"
            "\n"
            "[[record]]\n"
            "name   = \"www\"\n"
            "type   = \"A\"\n"
            "values = [\"192.0.2.1\"]\n");
}

TEST_CASE("what no spec may say is left out and named") {
  plan::LiveZone live({kApex, "id", plan::ZoneKind::ordinary});
  live.add({set_of("@", dns::Type::MX, 60, {"10 192.0.2.1."}), nullptr});
  live.add({set_of("sub", dns::Type::MX, 60, {"0 .", "10 a.example."}), nullptr});
  live.add({set_of("www", dns::Type::CNAME, 60, {"a.example.", "b.example."}), nullptr});
  live.add({set_of("ok", dns::Type::A, 60, {"192.0.2.1"}), nullptr});
  auto extra = std::make_shared<plan::LiveExtra>();
  extra->foreign = "Some\nBody";
  live.add({set_of("x", dns::Type::A, 60, {"192.0.2.1"}), extra});
  live.add({txt("_acme-challenge.www", 60, {"token"}), nullptr});
  const std::string text = spec::write_spec(live, {"main", "Z1", false});
  CHECK(text.find("\n#   @ MX: a value the host") != std::string::npos);
  CHECK(text.find("\n#   sub MX: the null MX stands beside other MX\n") != std::string::npos);
  CHECK(text.find("\n#   www CNAME: more than one CNAME\n") != std::string::npos);
  CHECK(text.find("\n#   _acme-challenge.www TXT: a certificate client changes it") !=
        std::string::npos);
  CHECK(text.find("\n#   x A: belongs to Some\\010Body\n") != std::string::npos);
  CHECK(text.find("provider = {account = \"main\", zone_id = \"Z1\"}\n") != std::string::npos);
  CHECK(text.find("name   = \"ok\"") != std::string::npos);
}

TEST_CASE("an import of mail alone leaves the rest out") {
  const std::vector<dns::RRset> sets = {set_of("@", dns::Type::MX, 300, {"10 mx.example.net."}),
                                        set_of("www", dns::Type::A, 300, {"192.0.2.1"}),
                                        txt("@", 300, {"v=spf1 -all", "token"})};
  const std::string text = spec::write_spec(zone_of(sets), {"memory", std::nullopt, true});
  CHECK(declared(text) == std::set<std::string>{"example.com/MX 300 10 mx.example.net.",
                                                "example.com/TXT 300 \"v=spf1 -all\""});
}

TEST_CASE("text that people can read, and text that hides something") {
  for (const char* text : {"", "plain",
                           "b\xc3\xbc"
                           "cher",
                           "\xf0\x9f\x93\xa7", "a\"\\"}) {
    INFO(text);
    CHECK(spec::is_readable_text(text));
  }
  for (const char* text : {"\xff", "a\nb", "\x1b[31m", "\xc2\x85", "\xe2\x80\x8b", "\xe2\x80\xae",
                           "\xef\xbb\xbf", "\xc2\xad", "\x7f"}) {
    CHECK_FALSE(spec::is_readable_text(text));
  }
}
