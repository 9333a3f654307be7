// Services in specs: what they bring, what they ask for, what they cannot stand beside.

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "mail/zone_sets.hpp"
#include "spec/service_files.hpp"
#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const std::string kKey = "MCowBQYDK2VwAyEAEkXHxYlGhdB5sYEBPe2NKPWOqpGXp89nq3PVbN6Y+PE=";
const std::string kRaw = "EkXHxYlGhdB5sYEBPe2NKPWOqpGXp89nq3PVbN6Y+PE=";

/// Findings without places.
Lines messages(const Evaluated& evaluated) { return evaluated.findings; }

std::string google(const std::string& more = {}) {
  return "[mail.service.google-workspace]\nwithout = [\"dkim\"]\n" + more;
}

}  // namespace

TEST_CASE("every compiled-in service can be read, and has what its readers need") {
  const mail::Catalogue& catalogue = spec::built_in_services();
  CHECK(catalogue.all().size() == spec::built_in_service_texts().size());
  CHECK(catalogue.all().size() >= 39);
  for (const mail::Service& service : catalogue.all()) {
    INFO(service.id);
    CHECK_FALSE(service.name.empty());
    CHECK_FALSE(service.sources.empty());
    CHECK(service.checked.size() == 10);
    for (const std::string& base : service.built_on) CHECK(catalogue.find(base) != nullptr);
    for (const std::string& unsure : service.unsure) {
      const auto path = base::split(unsure, '.');
      const bool part = mail::parse_service_part(path.front()).has_value();
      CHECK((part || (path.front() == "field" && service.field(path.at(1)) != nullptr)));
      if (path.size() > 2) CHECK(service.field(path.at(1))->choices.count(path.at(2)) == 1);
    }
  }
}

TEST_CASE("the compiled-in texts are those of the folder") {
  for (const spec::ServiceText& one : spec::built_in_service_texts()) {
    const fs::path path =
        fs::path(MXSMITH_SOURCE_DIR) / "services" / (std::string(one.id) + ".toml");
    CHECK(base::read_file(path) == one.text);
  }
}

TEST_CASE("a service brings its records, in one line of the spec") {
  const Evaluated fastmail = evaluate_text("services = [\"icloud\"]\n");
  CHECK(messages(fastmail) == Lines{});
  CHECK(lines_of(fastmail.desired) ==
        Lines{"@ MX - 10 mx01.mail.icloud.com. 10 mx02.mail.icloud.com.",
              "@ TXT:spf - v=spf1 include:icloud.com ~all",
              "sig1._domainkey CNAME - sig1.dkim.example.com.at.icloudmailadmin.com."});
  for (const plan::DesiredUnit& unit : fastmail.desired.units) {
    CHECK(unit.pos.line == 3);
    CHECK(unit.path == "mail.service.icloud");
  }
  REQUIRE(fastmail.desired.mail.services.size() == 1);
  CHECK(fastmail.desired.mail.services[0].id == "icloud");
  REQUIRE(fastmail.desired.mail.selectors.size() == 1);
  CHECK(fastmail.desired.mail.selectors[0].selector == "sig1");
  CHECK(fastmail.desired.mail.selectors[0].signer == "icloud");
}

TEST_CASE("fields are filled, and a DKIM key is taken in every form in which it is pasted") {
  const std::string head = "[mail.service.secure-exchanges]\nselector = \"se1\"\nkey = ";
  for (const std::string& key :
       {"\"" + kKey + "\"", "\"v=DKIM1; k=ed25519; p=" + kRaw + "\"",
        "\"\"\"\n-----BEGIN PUBLIC KEY-----\n" + kKey + "\n-----END PUBLIC KEY-----\n\"\"\""}) {
    INFO(key);
    const Evaluated evaluated = evaluate_text(head + key + "\ntoken = \"a b\"\n");
    CHECK(messages(evaluated) == Lines{});
    CHECK(lines_of(evaluated.desired) ==
          Lines{"@ TXT:spf - v=spf1 include:spf.clients.secure-exchanges.com ~all",
                "@ TXT:value - a b", "se1._domainkey TXT - v=DKIM1; k=ed25519; p=" + kRaw});
  }
}

TEST_CASE("what is missing or wrong is asked for by name, at its line") {
  struct Case {
    const char* name;
    std::string text;
    std::string finding;
  };
  const Case cases[] = {
      {"missing", "services = [\"protonmail\"]\n",
       "z.toml:3:13 spec-service-field protonmail needs `id`: the label behind .domainkey. in the "
       "DKIM targets, which begins with d; Settings, Domain names, DKIM"},
      {"unknown service", "services = [\"fastmial\"]\n",
       "z.toml:3:13 spec-unknown-service there is no mail service \"fastmial\", did you mean "
       "\"fastmail\"?"},
      {"part of a name", "services = [\"gmail\"]\n[mail.service.google]\n",
       "z.toml:4:15 spec-unknown-service there is no mail service \"google\", did you mean "
       "\"google-workspace\"?"},
      {"unknown field", google("tokn = \"x\"\n"),
       "z.toml:5:8 spec-service-field google-workspace has no field `tokn`, did you mean "
       "`token`?"},
      {"wrong length", google("token = \"abc\"\n"),
       "z.toml:5:9 spec-service-field `token` of google-workspace cannot be \"abc\""},
      {"unknown choice", "[mail.service.zoho]\nregion = \"us1\"\nwithout = [\"dkim\"]\n",
       "z.toml:4:10 spec-service-field `region` of zoho cannot be \"us1\", did you mean \"us\"?"},
      {"no key", "[mail.service.titan]\nselector = \"s\"\nkey = \"abc\"\n",
       "z.toml:5:7 spec-service-field `key` of titan: "},
      {"revoked key", "[mail.service.titan]\nselector = \"s\"\nkey = \"v=DKIM1; p=\"\n",
       "z.toml:5:7 spec-service-field `key` of titan: the record holds no key: its p= is empty"},
      {"one of several", "[mail.service.mailgun]\nsub = \"mg\"\n",
       "z.toml:3:15 spec-service-field mailgun needs one of `dkim`, `key`"},
      {"no part", "[mail.service.icloud]\nwithout = [\"dkm\"]\n",
       "z.toml:4:12 spec-word \"dkm\" is no part of a service, did you mean \"dkim\"?"},
      {"without mail", "services = [\"parked\"]\n",
       "z.toml:3:13 spec-service \"parked\" is a zone without mail"},
      {"twice", "services = [\"icloud\", \"icloud\"]\n",
       "z.toml:3:23 spec-value-twice the service \"icloud\" stands twice"},
      {"beside none", "services = [\"icloud\"]\nmail.none = true\n",
       "z.toml:3:12 spec-mail-none mail.none says that the zone has no mail, and `services` stands "
       "beside it"},
      {"inbound unknown", "services = [\"icloud\"]\nmail.inbound = \"tuta\"\n",
       "z.toml:4:16 spec-inbound mail.inbound is \"tuta\", which is none of the zone's services"},
      {"inbound sends only", "services = [\"icloud\", \"zendesk\"]\nmail.inbound = \"zendesk\"\n",
       "z.toml:4:16 spec-inbound mail.inbound is \"zendesk\", which takes in no mail for this "
       "zone"},
      {"two inbound", "services = [\"icloud\", \"tuta\"]\n",
       "z.toml:3:23 spec-inbound icloud and tuta both take in the zone's mail, and their MX cannot "
       "stand side by side"},
      {"declared by a block, too",
       "services = [\"icloud\"]\n[mail.dkim.sig1]\npublic_key = \"" + kKey + "\"\n",
       "z.toml:3:13 spec-cname CNAME at sig1._domainkey (mail.service.icloud) stands beside TXT "
       "(mail.dkim.sig1): a name"},
      {"a key that everybody has",
       "[mail.service.titan]\nselector = \"s\"\nkey = "
       "\"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n",
       "z.toml:5:7 spec-service-field `key` of titan: the example key of an RFC"},
      {"unverified", "[mail.service.freshdesk]\naccount = \"acc1\"\n",
       "z.toml:3:15 spec-service-unverified the catalogue's entry for freshdesk is unverified"},
      {"unsure choice", "[mail.service.zoho]\nregion = \"jp\"\nwithout = [\"dkim\"]\n",
       "z.toml:4:10 spec-service-unverified zoho: what the catalogue makes of `region = \"jp\"` is "
       "not confirmed"},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    const Evaluated evaluated = evaluate_text(one.text);
    bool found = false;
    std::string all;
    for (const std::string& line : evaluated.findings) {
      found = found || line.rfind(one.finding, 0) == 0;
      all += line + "\n";
    }
    INFO(all);
    CHECK(found);
  }
}

TEST_CASE("an error about a record of a service and of a block names both") {
  const Evaluated both = evaluate_text(
      "services = [\"migadu\"]\n[[record]]\nname = \"autoconfig\"\ntype = \"CNAME\"\n"
      "values = [\"mail.example.net.\"]\n");
  REQUIRE(both.findings.size() == 1);
  CHECK(both.findings[0] ==
        "z.toml:4:1 spec-declared-twice CNAME at autoconfig is declared twice, by "
        "mail.service.migadu and by record");
  const Evaluated without = evaluate_text(
      "[mail.service.migadu]\nwithout = [\"discovery\"]\n[[record]]\nname = \"autoconfig\"\n"
      "type = \"CNAME\"\nvalues = [\"mail.example.net.\"]\n");
  CHECK(without.findings == Lines{});
  const Evaluated two = evaluate_text(
      "services = [\"tuta\"]\n[mail.service.sendgrid]\naccount = \"u1.wl1.sendgrid.net\"\n"
      "bounce = \"em1\"\n");
  REQUIRE(two.findings.size() == 2);
  CHECK(two.findings[0] ==
        "z.toml:4:15 spec-declared-twice CNAME at s1._domainkey is declared twice, by "
        "mail.service.tuta and by mail.service.sendgrid");
}

TEST_CASE("MX: what the spec lists, else the service that takes in") {
  const auto mx_of = [](const std::string& text) {
    const Evaluated evaluated = evaluate_text(text);
    CHECK(evaluated.findings == Lines{});
    Lines lines;
    for (const std::string& line : lines_of(evaluated.desired)) {
      if (line.find(" MX ") != std::string::npos) lines.push_back(line);
    }
    return lines;
  };
  const std::string barracuda = "[mail.service.barracuda]\nid = \"12345\"\nregion = \"us\"\n";
  CHECK(mx_of("[[mail.mx]]\nhost = \"mx.example.net\"\npriority = 5\n" + google()) ==
        Lines{"@ MX - 5 mx.example.net."});
  CHECK(
      mx_of("mail.inbound = \"barracuda\"\n" + google() + barracuda) ==
      Lines{"@ MX - 10 d12345a.ess.barracudanetworks.com. 20 d12345b.ess.barracudanetworks.com."});
  CHECK(mx_of("mail.inbound = \"google-workspace\"\n" + google() + barracuda) ==
        Lines{"@ MX - 1 smtp.google.com."});
  CHECK(
      mx_of("[mail.service.google-workspace]\nwithout = [\"dkim\", \"mx\"]\n" + barracuda).size() ==
      1);
  // A name below the zone is nobody else's business.
  CHECK(mx_of(google() + "[mail.service.mailgun]\ndkim = \"abc.dkim1.us.mgsend.org\"\n") ==
        Lines{"@ MX - 1 smtp.google.com.", "mg MX - 10 mxa.mailgun.org. 10 mxb.mailgun.org."});
  // Fields that only the MX would hold are not asked for where it does not stand.
  const Evaluated mithi = evaluate_text(
      "[[mail.mx]]\nhost = \"mx.example.net\"\npriority = 0\n[mail.service.mithi-clrstream]\n"
      "without = [\"dkim\"]\n");
  CHECK(mithi.findings == Lines{});
}

TEST_CASE("SPF: terms of spec and services make one record") {
  const auto spf_of = [](const std::string& text) {
    const Evaluated evaluated = evaluate_text(text);
    CHECK(evaluated.findings == Lines{});
    for (const std::string& line : lines_of(evaluated.desired)) {
      if (line.rfind("@ TXT:spf", 0) == 0) return line.substr(12);
    }
    return std::string("none");
  };
  CHECK(spf_of("services = [\"zendesk\"]\n" + google()) ==
        "v=spf1 include:mail.zendesk.com include:_spf.google.com ~all");
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\nip4 = [\"192.0.2.1\"]\nall = \"fail\"\n") ==
        "v=spf1 ip4:192.0.2.1 include:mail.zendesk.com -all");
  // The spec's own spelling and qualifier count.
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\ninclude = [\"?mail.zendesk.com\"]\n") ==
        "v=spf1 ?include:mail.zendesk.com ~all");
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\nterms = [\"a\", \"-all\"]\n") ==
        "v=spf1 a include:mail.zendesk.com -all");
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\nredirect = \"_spf.example.net\"\n") ==
        "v=spf1 include:mail.zendesk.com redirect=_spf.example.net");
  // The weakest `all` that is asked for.
  CHECK(spf_of("services = [\"tuta\"]\n") == "v=spf1 include:spf.tutanota.de -all");
  CHECK(spf_of("services = [\"tuta\", \"fastmail\"]\nmail.inbound = \"tuta\"\n") ==
        "v=spf1 include:spf.tutanota.de include:spf.messagingengine.com ?all");
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\nmode = \"merge\"\nip4 = [\"192.0.2.1\"]\n") ==
        "merge +ip4:192.0.2.1 +include:mail.zendesk.com");
  CHECK(spf_of("services = [\"mailchimp\"]\n") == "none");
  CHECK(spf_of("[mail.service.zendesk]\nwithout = [\"spf\"]\n") == "none");
  CHECK(spf_of("services = [\"zendesk\"]\n[mail.spf]\n"
               "record = \"v=spf1 include:mail.zendesk.com -all\"\n") ==
        "v=spf1 include:mail.zendesk.com -all");
  const Evaluated lacking =
      evaluate_text("services = [\"zendesk\"]\n[mail.spf]\nrecord = \"v=spf1 -all\"\n");
  REQUIRE(lacking.findings.size() == 1);
  CHECK(lacking.findings[0] ==
        "z.toml:5:10 spec-spf mail.spf.record lacks include:mail.zendesk.com, by which zendesk "
        "sends");
}

TEST_CASE("each term of SPF points at the line that brings it") {
  const Evaluated evaluated =
      evaluate_text("services = [\"zendesk\"]\n[mail.spf]\nip4 = [\"192.0.2.1\"]\n");
  for (const plan::DesiredUnit& unit : evaluated.desired.units) {
    if (unit.unit.owned != plan::OwnedClass::spf) continue;
    std::map<std::string, std::uint32_t> lines;
    for (const auto& [part, pos] : unit.parts) lines[part] = pos.line;
    CHECK(lines["include:mail.zendesk.com"] == 3);
    CHECK(lines["ip4:192.0.2.1"] == 5);
  }
}

TEST_CASE("optional records come with their fields, and ask for what else they need") {
  const std::string ses =
      "[mail.service.amazon-ses]\ntoken1 = \"a\"\ntoken2 = \"b\"\ntoken3 = \"c\"\n";
  CHECK(lines_of(evaluate_text(ses).desired).size() == 3);
  const Evaluated asked = evaluate_text(ses + "mail_from = \"bounce\"\n");
  CHECK(std::any_of(asked.findings.begin(), asked.findings.end(), [](const std::string& line) {
    return line.find("amazon-ses needs `region`") != std::string::npos;
  }));
  const Evaluated whole = evaluate_text(ses + "mail_from = \"bounce\"\nregion = \"eu-west-1\"\n");
  const Lines lines = lines_of(whole.desired);
  CHECK(std::count(lines.begin(), lines.end(),
                   "bounce MX - 10 feedback-smtp.eu-west-1.amazonses.com.") == 1);
  CHECK(std::count(lines.begin(), lines.end(),
                   "bounce TXT:spf - v=spf1 include:amazonses.com ~all") == 1);
}

TEST_CASE("a hyphen in the zone's name makes a label a question") {
  const auto needs = [](const std::string& zone) {
    const Evaluated evaluated =
        evaluate_files({{"z.toml", "zone = \"" + zone +
                                       "\"\nprovider = \"memory\"\n[mail.service.microsoft-365]\n"
                                       "without = [\"dkim\"]\n"}});
    return evaluated.findings;
  };
  CHECK(needs("example.com") == Lines{});
  REQUIRE(needs("my-shop.example").size() == 1);
  CHECK(needs("my-shop.example")[0].find("needs `mx_label`") != std::string::npos);
}

TEST_CASE("services follow layers, stages and placeholders like all else") {
  const std::map<std::string, std::string> files = {
      {"base.toml",
       "[mail.service.titan]\nselector = \"${zone_dashed}\"\nkey = \"" + kKey + "\"\n"},
      {"z.toml", zone_text("extends = \"base.toml\"\n[mail.service.titan]\nttl = \"5m\"\n"
                           "[[stage]]\nat = 2027-01-01T00:00:00Z\nservices = [\"zendesk\"]\n"
                           "unset = [\"mail.service.titan\"]\n")}};
  const Lines before = lines_of(evaluate_files(files).desired);
  CHECK(std::count(before.begin(), before.end(),
                   "example-com._domainkey TXT 300! v=DKIM1; k=ed25519; p=" + kRaw) == 1);
  const Lines after = lines_of(evaluate_files(files, "2027-02-01T00:00:00Z").desired);
  CHECK(after.size() == 7);
}

TEST_CASE("a project's own services join ours, and take the place of those with their id") {
  const std::string own = "name = \"Own\"\nkind = \"sender\"\nverified = true\n[spf]\n";
  std::map<std::string, std::string> files = {
      {"mxsmith.toml", "services = \"mine\"\n"},
      {"mine/post.toml", own + "terms = [\"include:spf.post.example\"]\n"},
      {"mine/zendesk.toml", own + "terms = [\"include:spf.desk.example\"]\n"},
      {"z.toml", zone_text("services = [\"post\", \"zendesk\"]\n")}};
  const Evaluated evaluated = evaluate_files(files);
  CHECK(evaluated.findings == Lines{});
  CHECK(lines_of(evaluated.desired) ==
        Lines{"@ TXT:spf - v=spf1 include:spf.post.example include:spf.desk.example ~all"});
  files["mine/post.toml"] = own + "terms = [\"spf.post.example\"]\nterm = 1\n";
  CHECK(evaluate_files(files).findings.size() >= 2);
  files["mxsmith.toml"] = "services = \"none\"\n";
  CHECK(evaluate_files(files).findings[0].rfind("mxsmith.toml:1:12 spec-file-missing", 0) == 0);
}

TEST_CASE("faults in a service's file are told at their places") {
  struct Case {
    const char* name;
    std::string text;
    std::string finding;
  };
  const std::string head = "name = \"X\"\nkind = \"sender\"\nverified = true\n";
  const Case cases[] = {
      {"no name", "kind = \"sender\"\nverified = true\n", "x.toml:1:1 spec-missing-key"},
      {"unknown key", head + "verifed = true\n", "x.toml:4:1 spec-unknown-key"},
      {"a placeholder without field",
       head + "[[dkim]]\nname = \"${sel}._domainkey\"\ntype = \"TXT\"\nvalue = \"x\"\n",
       "x.toml:5:8 spec-service-file the placeholder ${sel} has no field"},
      {"no term", head + "[spf]\nterms = [\"spf.example.net\"]\n", "x.toml:5:10 spec-service-file"},
      {"all among terms", head + "[spf]\nterms = [\"-all\"]\n",
       "x.toml:5:10 spec-service-file `all` is no term of a service"},
      {"a field without meaning", head + "[field.a]\noptional = true\n",
       "x.toml:4:8 spec-missing-key the field `a` says no `meaning`"},
      {"a reserved field", head + "[field.ttl]\nmeaning = \"x\"\n",
       "x.toml:4:8 spec-service-file a field cannot be called `ttl`"},
      {"one of nothing", head + "[[one_of]]\nfields = [\"a\"]\n",
       "x.toml:4:1 spec-service-file [[one_of]] names \"a\", which is no optional field"},
      {"an MX without priority", head + "[mx]\nhosts = [{ host = \"mx.example.net\" }]\n",
       "x.toml:5:10 spec-missing-key a host of mx says no `priority`"},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    base::Diagnostics diagnostics;
    CHECK_FALSE(spec::read_service(one.text, "x", "x.toml", diagnostics).has_value());
    const Lines lines = lines_of(diagnostics);
    REQUIRE_FALSE(lines.empty());
    INFO(lines[0]);
    CHECK(lines[0].rfind(one.finding, 0) == 0);
  }
}

namespace {

/// A value that a field takes.
std::string sample(const mail::ServiceField& field) {
  const std::map<std::string, std::string> shown = {{"account", "u1.wl1.sendgrid.net"},
                                                    {"target", "a1.p2.email.myshopify.com"},
                                                    {"target2", "b1.p2.email.myshopify.com"},
                                                    {"dkim", "abc.dkim1.us.mgsend.org"},
                                                    {"selector1", "selector1-a.b.onmicrosoft.com"}};
  const auto known = shown.find(field.name);
  if (known != shown.end() && field.form == mail::FieldForm::host) return known->second;
  if (!field.choices.empty()) return field.choices.begin()->first;
  switch (field.form) {
    case mail::FieldForm::dkim: return kKey;
    case mail::FieldForm::host: return "a1.b2";
    case mail::FieldForm::digits:
    case mail::FieldForm::hex: return std::string(std::max<std::size_t>(field.least, 3), '7');
    case mail::FieldForm::text:
    case mail::FieldForm::word: break;
  }
  return std::string(std::max<std::size_t>(field.least, 5), 'q');
}

/// The zone of somebody who uses that service alone.
dns::Zone zone_with(const mail::Service& service) {
  std::map<std::string, std::string> fields;
  for (const mail::ServiceField& field : service.fields) fields[field.name] = sample(field);
  const dns::Name apex = dns::Name::of("example.com");
  const mail::Filled filled = mail::fill_service(service, apex, fields);
  for (const mail::FieldFault& fault : filled.faults) {
    INFO(service.id << ": " << fault.message << "; " << fault.hint);
    CHECK(fault.message.empty());
  }
  dns::Zone zone(apex);
  for (const auto& [name, mx] : filled.records.mx) zone.add(name, dns::Type::MX, 300, mx);
  std::map<dns::Name, std::string> spf;
  for (const auto& [name, term] : filled.records.spf) spf[name] += " " + term.text;
  for (const auto& [name, terms] : spf) {
    zone.add(name, dns::Type::TXT, 300, dns::Txt{"v=spf1" + terms + " ~all"});
  }
  for (const auto& record : filled.records.records) {
    if (!record.suggested) zone.add(record.name, record.type, 300, record.value);
  }
  return zone;
}

}  // namespace

TEST_CASE("every service is filled without fault and recognised by its own records") {
  // Those whose records say nothing of their own: hosts that Mithi hands over, a zone without mail,
  // and Customer.io, which is to be seen as the Mailgun that it uses.
  const std::set<std::string> unseen = {"mithi-clrstream", "parked", "customer-io"};
  std::size_t seen = 0;
  for (const mail::Service& service : spec::built_in_services().all()) {
    INFO(service.id);
    const dns::Zone zone = zone_with(service);
    if (unseen.count(service.id) != 0) continue;
    const mail::SetsOfZone sets(zone);
    mail::KeyCache keys;
    const auto found = mail::detect_services(mail::MailZone(sets, keys), spec::built_in_services());
    REQUIRE_FALSE(found.empty());
    CHECK(found.front().service->id == service.id);
    CHECK((found.front().receives || found.front().sends));
    for (const mail::DetectedService& other : found) {
      INFO("also " << other.service->id);
      CHECK((other.service == &service || other.evidence.size() < found.front().evidence.size()));
    }
    ++seen;
  }
  CHECK(seen == spec::built_in_services().all().size() - unseen.size());
}

TEST_CASE("placeholders of the compiled-in texts are fields, and fields are used") {
  for (const mail::Service& service : spec::built_in_services().all()) {
    for (const mail::ServiceField& field : service.fields) {
      INFO(service.id << " " << field.name);
      const std::string placeholder = "${" + field.name + "}";
      std::string texts = service.mx_at + service.spf_at;
      for (const auto& mx : service.mx) texts += mx.host;
      for (const auto& term : service.spf) texts += term;
      for (const auto& term : service.spf_other) texts += term;
      for (const auto* list : {&service.dkim, &service.verification, &service.discovery,
                               &service.bounce, &service.policies}) {
        for (const auto& record : *list) texts += record.name + record.value;
      }
      CHECK(texts.find(placeholder) != std::string::npos);
    }
  }
}
