// Records of any octets: readers give a value and findings that lie inside the text, and printing
// what was read gives the same value again. Valid records with a few octets changed come nearer to
// the edges than random ones.
#include <algorithm>
#include <string>
#include <vector>

#include "mail/bimi.hpp"
#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/tls_rpt.hpp"
#include "mail/tlsa.hpp"
#include "sample_keys.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;

namespace {

const std::vector<std::string>& seeds() {
  static const std::vector<std::string> kSeeds = {
      "v=DKIM1; k=rsa; h=sha1:sha256; s=email:*; t=y:s; n=note; p=" + tests::kRsa1024,
      "v=DKIM1; k=ed25519; p=" + tests::kEd25519Raw,
      "v=DMARC1; p=reject; sp=none; np=quarantine; adkim=s; aspf=r; fo=1:d; "
      "rua=mailto:a@example.com!10m,https://b.example/x; ruf=mailto:c@example.com; t=y; psd=n; "
      "pct=50; rf=afrf; ri=3600",
      "v=STSv1; id=20260101; x.y=z",
      "version: STSv1\r\nmode: enforce\r\nmx: *.example.net\nmx: mx.example.com\r\nmax_age: "
      "604800\r\nx: y z\n",
      "v=TLSRPTv1; rua=mailto:a@example.com,https://b.example/x; x=y",
      "v=BIMI1; l=https://example.com/l.svg; a=; avp=brand; lps=true",
  };
  return kSeeds;
}

/// A seed with up to six octets replaced, put in or taken out.
rc::Gen<std::string> mutated() {
  return rc::gen::exec([] {
    std::string text = *rc::gen::elementOf(seeds());
    const int times = *rc::gen::inRange(0, 7);
    static const std::string kTelling = ";=:,!% \t\r\n*\"\\.-@pvtkhs0y\x80";
    for (int i = 0; i < times && !text.empty(); ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      const char octet = *rc::gen::elementOf(kTelling);
      switch (*rc::gen::inRange(0, 4)) {
        case 0: text[at] = octet; break;
        case 1: text.insert(at, 1, octet); break;
        case 2: text.erase(at, 1); break;
        default: text.erase(at); break;
      }
    }
    return text;
  });
}

template <class Value>
void check_places(const mail::Reading<Value>& reading, const std::string& text) {
  RC_ASSERT(reading.text == text);
  for (const auto& finding : reading.findings.all()) {
    RC_ASSERT(finding.at.offset <= text.size());
    RC_ASSERT(finding.at.length <= text.size() - finding.at.offset);
    RC_ASSERT(!finding.message.empty());
  }
}

void read_all(const std::string& text) {
  check_places<mail::DkimKey>(mail::read_dkim(text), text);
  check_places(mail::read_dmarc(text), text);
  check_places(mail::read_mta_sts_record(text), text);
  check_places(mail::read_mta_sts_policy(text), text);
  check_places(mail::read_tls_rpt(text), text);
  check_places(mail::read_bimi(text), text);
}

/// parse(print(v)) == v for whatever the text is to each reader.
void print_all(const std::string& text) {
  if (const auto v = mail::parse_dkim(text)) RC_ASSERT(mail::parse_dkim(mail::print_dkim(*v)) == v);
  if (const auto v = mail::parse_dmarc(text)) {
    RC_ASSERT(mail::parse_dmarc(mail::print_dmarc(*v)) == v);
  }
  if (const auto v = mail::parse_mta_sts_record(text)) {
    RC_ASSERT(mail::parse_mta_sts_record(mail::print_mta_sts_record(*v)) == v);
  }
  if (const auto v = mail::parse_mta_sts_policy(text)) {
    RC_ASSERT(mail::parse_mta_sts_policy(mail::print_mta_sts_policy(*v)) == v);
  }
  if (const auto v = mail::parse_tls_rpt(text)) {
    RC_ASSERT(mail::parse_tls_rpt(mail::print_tls_rpt(*v)) == v);
  }
  if (const auto v = mail::parse_bimi(text)) RC_ASSERT(mail::parse_bimi(mail::print_bimi(*v)) == v);
}

}  // namespace

TEST_CASE("readers take any octets") {
  tests::property("random octets", [](const std::string& text) {
    read_all(text);
    print_all(text);
  });
  tests::property("records with octets changed", [] {
    const std::string text = *mutated();
    read_all(text);
    print_all(text);
  });
}

TEST_CASE("each seed is a record to some reader") {
  std::size_t read = 0;
  for (const auto& text : seeds()) {
    INFO(text);
    const bool known = mail::parse_dkim(text) || mail::parse_dmarc(text) ||
                       mail::parse_mta_sts_record(text) || mail::parse_mta_sts_policy(text) ||
                       mail::parse_tls_rpt(text) || mail::parse_bimi(text);
    CHECK(known);
    read += known ? 1 : 0;
  }
  CHECK(read == seeds().size());
}

TEST_CASE("keys, certificates and TLSA data of any octets") {
  tests::property("random octets", [](const std::string& octets) {
    const auto key = mail::decode_public_key(octets);
    if (key) RC_ASSERT(key->digest.size() == 64U);
    mail::is_private_key(octets);
    RC_ASSERT(!mail::read_certificates(octets).ok());
    RC_ASSERT(mail::read_key_or_certificate(octets).ok() <= key.has_value());
    for (std::uint8_t i = 0; i < 36; ++i) {
      const dns::Tlsa record{static_cast<std::uint8_t>(i % 4), static_cast<std::uint8_t>(i / 4 % 3),
                             static_cast<std::uint8_t>(i / 12), octets};
      mail::match_tlsa(record, {mail::Certificate{octets, octets}});
      mail::check_tlsa({record});
    }
  });
}

TEST_CASE("effective policies and differences hold together") {
  tests::property("two records with octets changed", [] {
    const auto a = mail::parse_dmarc(*mutated());
    const auto b = mail::parse_dmarc(*mutated());
    RC_ASSERT(mail::compare_dmarc(a, a).empty());
    const auto forth = mail::compare_dmarc(a, b);
    const auto back = mail::compare_dmarc(b, a);
    // What is weaker one way is stricter the other way round, but for the share of old receivers.
    const auto count = [](const mail::Differences& all, mail::Difference::Effect effect) {
      return std::count_if(all.begin(), all.end(), [effect](const mail::Difference& one) {
        return one.effect == effect && one.tag != "pct";
      });
    };
    RC_ASSERT(count(forth, mail::Difference::Effect::weaker) ==
              count(back, mail::Difference::Effect::stricter));
  });
}
