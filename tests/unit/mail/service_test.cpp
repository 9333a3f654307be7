// Mail services: what becomes of an entry in one zone, and how zones are recognised.

#include "mail/service.hpp"
#include "dns/zone_file.hpp"
#include "mail/service_index.hpp"
#include "mail/service_template.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using mail::Service;
using mail::ServicePart;

namespace {

using Lines = std::vector<std::string>;

mail::ServiceField field(const std::string& name) {
  mail::ServiceField made;
  made.name = name;
  made.meaning = "what the service shows";
  return made;
}

mail::ServiceRecord record(const std::string& name, dns::Type type, const std::string& value) {
  return {name, type, value, false, false};
}

/// A sender with a bit of everything.
Service post() {
  Service service;
  service.id = "post";
  service.name = "Example Post";
  service.fields = {field("id"), field("bounce"), field("region")};
  service.fields[1].optional = true;
  service.fields[2].choices = {{"eu", ".eu"}, {"us", ""}};
  service.fields[2].otherwise = "us";
  service.mx = {{"mx1${region}.post.example", 10}, {"mx2${region}.post.example", 20}};
  service.mx_exclusive = true;
  service.spf = {"include:spf${region}.post.example"};
  service.spf_retired = {"include:old.post.example"};
  service.dkim = {record("${id}._domainkey", dns::Type::CNAME, "${id}.dkim.post.example")};
  service.verification = {record("@", dns::Type::TXT, "post-verify=${id}")};
  service.bounce = {record("${bounce}", dns::Type::CNAME, "bounce.post.example")};
  service.discovery = {record("autodiscover", dns::Type::CNAME, "autodiscover.post.example"),
                       record("_imaps._tcp", dns::Type::SRV, "0 1 993 imap.post.example")};
  return service;
}

/// A service that is built on the first.
Service parcel() {
  Service service;
  service.id = "parcel";
  service.name = "Example Parcel";
  service.built_on = {"post"};
  service.spf = {"include:spf.post.example"};
  service.dkim = {record("parcel._domainkey", dns::Type::TXT, "${any}")};
  service.dkim[0].telling = true;
  service.dkim[0].suggested = true;
  return service;
}

Lines lines_of(const mail::Filled& filled) {
  Lines lines;
  for (const auto& [name, mx] : filled.records.mx) {
    lines.push_back(name.text() + " MX " + dns::print_rdata(mx));
  }
  for (const auto& [name, term] : filled.records.spf)
    lines.push_back(name.text() + " " + term.text);
  for (const auto& one : filled.records.records) {
    lines.push_back(one.name.text() + " " + dns::type_name(one.type) + " " +
                    dns::print_rdata(one.value));
  }
  for (const auto& fault : filled.faults) lines.push_back("! " + fault.field);
  return lines;
}

Lines fill(const std::map<std::string, std::string>& fields,
           const std::vector<ServicePart>& without = {}) {
  return lines_of(mail::fill_service(post(), dns::Name::of("example.com"), fields, without));
}

Lines detect(const std::string& text) {
  base::Diagnostics diagnostics;
  const auto read = dns::read_zone_file("@ 3600 IN SOA ns. host. 1 1 1 1 300\n$TTL 3600\n" + text,
                                        dns::Name::of("example.com"), {"zone"}, diagnostics);
  REQUIRE(read.has_value());
  const mail::Catalogue catalogue({post(), parcel()});
  const mail::SetsOfZone sets(read->zone());
  mail::KeyCache keys;
  Lines lines;
  for (const auto& one : mail::detect_services(mail::MailZone(sets, keys), catalogue)) {
    std::string line = one.service->id;
    line += one.receives ? " receives" : "";
    line += one.sends ? " sends" : "";
    line += " " + std::to_string(one.evidence.size());
    for (const std::string& missing : one.missing) line += " -" + missing;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("an entry becomes the records of one zone") {
  CHECK(fill({{"id", "k1"}}) == Lines{"example.com. MX 10 mx1.post.example.",
                                      "example.com. MX 20 mx2.post.example.",
                                      "example.com. include:spf.post.example",
                                      "k1._domainkey.example.com. CNAME k1.dkim.post.example.",
                                      "example.com. TXT \"post-verify=k1\"",
                                      "autodiscover.example.com. CNAME autodiscover.post.example.",
                                      "_imaps._tcp.example.com. SRV 0 1 993 imap.post.example."});
  CHECK(fill({{"id", "k1"}, {"region", "eu"}}, {ServicePart::dkim, ServicePart::discovery,
                                                ServicePart::mx, ServicePart::verification}) ==
        Lines{"example.com. include:spf.eu.post.example"});
  CHECK(fill({{"id", "k1"}, {"bounce", "b"}}).size() == 8);
}

TEST_CASE("a field that nothing needs is not asked for") {
  CHECK(fill({}).back() == "! id");
  CHECK(fill({}, {ServicePart::dkim, ServicePart::verification}).size() == 5);
  CHECK(fill({{"ids", "x"}, {"id", "x"}}).back() == "! ids");
  CHECK(fill({{"id", "x"}, {"region", "mars"}}).back() == "! region");
  CHECK(fill({{"id", ""}}).back() == "! id");
  CHECK(fill({{"id", "x\n"}}).back() == "! id");
}

TEST_CASE("what a field takes") {
  struct Case {
    mail::FieldForm form;
    const char* value;
    bool taken;
  };
  const Case cases[] = {
      {mail::FieldForm::word, "aB3-_", true},       {mail::FieldForm::word, "a b", false},
      {mail::FieldForm::word, "a=b", false},        {mail::FieldForm::digits, "0123", true},
      {mail::FieldForm::digits, "12a", false},      {mail::FieldForm::hex, "00aF", true},
      {mail::FieldForm::hex, "0g", false},          {mail::FieldForm::host, "a.b-c.example", true},
      {mail::FieldForm::host, "@", true},           {mail::FieldForm::host, "a..b", false},
      {mail::FieldForm::host, "http://a", false},   {mail::FieldForm::text, "a b=c", true},
      {mail::FieldForm::text, " a", false},         {mail::FieldForm::text, "a\x1b[0m", false},
      {mail::FieldForm::text, "caf\xc3\xa9", false}};
  for (const Case& one : cases) {
    INFO(one.value);
    mail::ServiceField made = field("x");
    made.form = one.form;
    CHECK(mail::field_takes(made, one.value) == one.taken);
  }
  mail::ServiceField sized = field("x");
  sized.least = 2;
  sized.most = 3;
  CHECK_FALSE(mail::field_takes(sized, "a"));
  CHECK(mail::field_takes(sized, "abc"));
  CHECK_FALSE(mail::field_takes(sized, "abcd"));
}

TEST_CASE("patterns match texts with gaps of at least one sign") {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Case cases[] = {
      {"a.example", "A.Example", true},
      {"a.example", "b.a.example", false},
      {"${x}.example", "a.b.example", true},
      {"${x}.example", ".example", false},
      {"s-${x}.k.${y}.example", "s-1.k.2.example", true},
      {"s-${x}.k.${y}.example", "s-.k.2.example", false},
      {"s-${x}.k.${y}.example", "s-1.k..example", false},
      {"${x}${y}", "a", true},
      {"ab${x}ba", "aba", false},
      {"ab${x}ba", "ab1ba", true},
      {"a${", "a${", true},
  };
  for (const Case& one : cases) {
    INFO(one.pattern << " and " << one.text);
    CHECK(mail::TextPattern(one.pattern).matches(one.text) == one.matches);
  }
}

TEST_CASE("zones are recognised by what stands in them") {
  CHECK(detect("@ A 192.0.2.1") == Lines{});
  CHECK(detect("@ MX 10 mx1.eu.post.example.") ==
        Lines{"post receives 1 -include:spf.post.example in the SPF record at @ -autodiscover "
              "CNAME autodiscover.post.example. -_imaps._tcp SRV 0 1 993 imap.post.example."});
  CHECK(detect("news MX 10 mx1.post.example.") == Lines{"post 1"});
  CHECK(detect("@ TXT \"post-verify=abc\"") == Lines{"post 1"});
  CHECK(detect("@ TXT \"v=spf1 include:old.post.example -all\"").front().substr(0, 12) ==
        "post sends 1");
  CHECK(detect("x._domainkey CNAME x.dkim.post.example.\n"
               "@ TXT \"v=spf1 include:spf.post.example -all\"\n"
               "autodiscover CNAME autodiscover.post.example.\n"
               "_imaps._tcp SRV 0 1 993 imap.post.example.") == Lines{"post sends 4"});
}

TEST_CASE("what two services share speaks for the one that is there by more than that") {
  const std::string shared = "@ TXT \"v=spf1 include:spf.post.example -all\"\n";
  CHECK(detect(shared).size() == 1);
  CHECK(detect(shared).front().substr(0, 12) == "post sends 1");
  CHECK(detect(shared + "parcel._domainkey TXT \"v=DKIM1; p=\"") == Lines{"parcel sends 2"});
}

TEST_CASE("hostile records are evidence of nothing else") {
  CHECK(detect("@ TXT \"post-verify=\\027[31m\"") == Lines{"post 1"});
  CHECK(
      detect("mx1.post.example.example.com. A 192.0.2.1\n@ MX 10 mx1.post.example.evil.example.") ==
      Lines{});
}

TEST_CASE("a catalogue finds by id, keeps the last of one id, and knows what is alike") {
  Service other = post();
  other.name = "Mine";
  const mail::Catalogue catalogue({parcel(), post(), other});
  CHECK(catalogue.all().size() == 2);
  CHECK(catalogue.find("post")->name == "Mine");
  CHECK(catalogue.find("pos") == nullptr);
  CHECK(catalogue.like("pots") == Lines{"post"});
  CHECK(catalogue.like("example") == Lines{"parcel"});
  CHECK(mail::Catalogue().all().empty());
}
