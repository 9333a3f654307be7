// A new key in the forms of name servers and signers.
#include "mail/signer_forms.hpp"

#include "dns/zone_file.hpp"
#include "sample_keys.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

namespace {

mail::SigningKey sample(const std::string& selector, const std::string& key) {
  return {dns::Name::of("example.com"), selector, mail::dkim_key_from_text(key).value()};
}

base::Instant day(const std::string& text) {
  return base::parse_instant(text + "T12:00:00Z").value();
}

}  // namespace

TEST_CASE("a selector by date is the first that is not used") {
  using Used = std::vector<std::string>;
  CHECK(mail::unused_selector(day("2026-11-23"), {}) == "s202611a");
  CHECK(mail::unused_selector(day("2026-01-01"), {}) == "s202601a");
  CHECK(mail::unused_selector(day("2026-11-23"), Used{"s202611b", "s202611a"}) == "s202611c");
  Used all;
  for (char letter = 'a'; letter <= 'z'; ++letter) all.push_back(std::string("s202611") + letter);
  CHECK_FALSE(mail::unused_selector(day("2026-11-23"), all).has_value());
}

TEST_CASE("what may be a selector") {
  const dns::Name zone = dns::Name::of("example.com");
  for (const std::string good : {"s1", "s1.eu", "2026", "a-b", "S1"}) {
    INFO(good);
    CHECK(mail::dkim_name(good, zone).ok());
  }
  CHECK(*mail::dkim_name("S1.eu", zone) == dns::Name::of("s1.eu._domainkey.example.com"));
  const std::string long_label(64, 'a');
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("_x"), std::string("a..b"),
        std::string("-a"), std::string("a-"), std::string("s1."), std::string("../x"),
        std::string("*"), long_label}) {
    INFO(bad);
    CHECK_FALSE(mail::dkim_name(bad, zone).ok());
  }
}

TEST_CASE("the lines of a zone file are read back as the record") {
  for (const std::string& text : {tests::kRsa2048, tests::kEd25519Spki}) {
    const auto key = sample("s202611a", text);
    base::Diagnostics diagnostics;
    const auto file = dns::read_zone_file(
        "$TTL 1h\n@ IN SOA ns1 host 1 2h 15m 2w 1h\n@ IN NS ns1\n" + mail::dkim_zone_lines(key),
        key.domain, {}, diagnostics);
    REQUIRE(file.has_value());
    const dns::Zone zone = file->zone();
    const auto* set = zone.find(dns::Name::of("s202611a._domainkey.example.com"), dns::Type::TXT);
    REQUIRE(set != nullptr);
    CHECK(set->values == std::vector<dns::Rdata>{dns::Txt{mail::print_dkim(key.key)}});
  }
}

TEST_CASE("the lines of signers") {
  const auto key = sample("s1", tests::kEd25519Raw);
  CHECK(mail::key_file_stem(key.domain, "s1") == "example.com.s1");
  CHECK(mail::opendkim_key_table(key, "/etc/dkimkeys/k.key") ==
        "s1._domainkey.example.com example.com:s1:/etc/dkimkeys/k.key\n");
  CHECK(mail::opendkim_signing_table(key) == "*@example.com s1._domainkey.example.com\n");
  CHECK(mail::rspamd_signing(key, "/var/lib/k.key")
            .find("openssl pkey -in example.com.s1.key -outform DER | tail -c 32 | base64 > "
                  "/var/lib/k.key\n") != std::string::npos);
  CHECK(mail::rspamd_signing(sample("s1", tests::kRsa2048), "/var/lib/rspamd/dkim/k.key") ==
        "domain {\n  example.com {\n    selectors [\n"
        "      { selector = \"s1\"; path = \"/var/lib/rspamd/dkim/k.key\"; }\n"
        "    ]\n  }\n}\n");
}
