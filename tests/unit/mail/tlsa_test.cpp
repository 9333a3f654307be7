// TLSA records from certificates made here, and against them.
#include "mail/tlsa.hpp"

#include <string>
#include <vector>

#include "mail/base64.hpp"
#include "sample_keys.hpp"
#include "support/catch.hpp"
#include "support/certificates.hpp"

using namespace mxsmith;
using mail::TlsaMatch;
using mail::TlsaMatching;
using mail::TlsaSelector;
using mail::TlsaUsage;

namespace {

mail::Certificate certificate(const std::string& pem) {
  return mail::read_certificates(pem).value().front();
}

dns::Tlsa tlsa(const mail::Certificate& from, TlsaUsage usage, TlsaSelector selector,
               TlsaMatching matching = TlsaMatching::sha256) {
  return mail::make_tlsa(from, usage, selector, matching).value();
}

std::string rules_of(const mail::Findings& findings) {
  std::string text;
  for (const auto& one : findings.all()) text.append(text.empty() ? "" : " ").append(one.rule);
  return text;
}

dns::Tlsa plain(std::uint8_t usage, std::uint8_t selector, std::uint8_t matching,
                std::size_t octets) {
  return {usage, selector, matching, std::string(octets, 'x')};
}

}  // namespace

TEST_CASE("a record of each kind matches the certificate that it was made from") {
  const auto identity = tests::make_identity();
  const std::vector<mail::Certificate> chain{certificate(identity.certificate),
                                             certificate(identity.authority)};
  const auto selector = GENERATE(TlsaSelector::certificate, TlsaSelector::key);
  const auto matching = GENERATE(TlsaMatching::full, TlsaMatching::sha256, TlsaMatching::sha512);
  const auto leaf = tlsa(chain[0], TlsaUsage::dane_ee, selector, matching);
  CHECK(mail::is_usable_for_smtp(leaf));
  CHECK(mail::match_tlsa(leaf, chain) == TlsaMatch::matched);
  CHECK(mail::match_tlsa(leaf, {chain[1], chain[0]}) == TlsaMatch::mismatched);
  CHECK(mail::match_tlsa(leaf, {}) == TlsaMatch::mismatched);
  const auto anchor = tlsa(chain[1], TlsaUsage::dane_ta, selector, matching);
  CHECK(mail::match_tlsa(anchor, chain) == TlsaMatch::matched);
  CHECK(mail::match_tlsa(anchor, {chain[0]}) == TlsaMatch::not_in_chain);
}

TEST_CASE("an authority in the chain has to have signed what stands before it") {
  const auto identity = tests::make_identity();
  const auto stranger = tests::make_identity();
  const std::vector<mail::Certificate> chain{certificate(identity.certificate),
                                             certificate(stranger.authority)};
  const auto anchor = tlsa(chain[1], TlsaUsage::dane_ta, TlsaSelector::key);
  CHECK(mail::match_tlsa(anchor, chain) == TlsaMatch::chain_broken);
  CHECK(rules_of(mail::check_tlsa_chain({anchor}, chain)) == "dane-cert-mismatch");
  CHECK_FALSE(mail::is_issued_by(chain[0], chain[1]));
  CHECK(mail::is_issued_by(chain[0], certificate(identity.authority)));
}

TEST_CASE("a set matches if one of its records does") {
  const auto now = tests::make_identity();
  const auto next = tests::make_identity();
  const std::vector<mail::Certificate> chain{certificate(now.certificate)};
  const auto current = tlsa(chain[0], TlsaUsage::dane_ee, TlsaSelector::key);
  const auto coming = tlsa(certificate(next.certificate), TlsaUsage::dane_ee, TlsaSelector::key);
  CHECK(mail::check_tlsa_chain({coming, current}, chain).empty());
  CHECK(rules_of(mail::check_tlsa_chain({coming}, chain)) == "dane-cert-mismatch");
  const auto anchor = tlsa(certificate(now.authority), TlsaUsage::dane_ta, TlsaSelector::key);
  CHECK(rules_of(mail::check_tlsa_chain({anchor}, chain)) == "dane-ta-not-in-chain");
  // What senders ignore holds up no mail.
  CHECK(mail::check_tlsa_chain({plain(1, 1, 1, 32)}, chain).empty());
}

TEST_CASE("each fault of a TLSA set has its name") {
  struct Row {
    std::vector<dns::Tlsa> set;
    std::string rules;
  };
  const auto good = plain(3, 1, 1, 32);
  const auto row = GENERATE_REF(values<Row>({
      {{good, plain(2, 1, 1, 32)}, ""},
      {{good}, "dane-rollover-missing"},
      {{good, good, plain(0, 1, 1, 32)}, "dane-usage"},
      {{good, good, plain(1, 0, 1, 32)}, "dane-usage"},
      {{good, good, plain(4, 1, 1, 32)}, "dane-usage"},
      {{good, good, plain(3, 2, 1, 32)}, "dane-selector"},
      {{good, good, plain(3, 1, 3, 32)}, "dane-mtype"},
      {{good, good, plain(3, 1, 1, 31)}, "dane-data-length"},
      {{good, good, plain(3, 1, 2, 32)}, "dane-data-length"},
      {{good, good, plain(3, 1, 0, 32)}, "dane-mtype0 dane-data-length"},
      {{good, good, plain(3, 0, 1, 32)}, "dane-selector-cert"},
      {{plain(3, 1, 2, 64), plain(2, 1, 2, 64)}, "dane-mtype-sha512-only"},
      {{}, ""},
  }));
  CHECK(rules_of(mail::check_tlsa(row.set)) == row.rules);
}

TEST_CASE("keys and certificates are read from PEM and DER, private keys are not") {
  const auto identity = tests::make_identity();
  const auto pem = certificate(identity.certificate);
  const auto der = mail::read_certificates(pem.der);
  REQUIRE(der.ok());
  CHECK(der->front().spki == pem.spki);
  CHECK(mail::read_certificates(identity.certificate + identity.authority)->size() == 2);

  const std::string spki = mail::decode_base64(tests::kRsa2048).value();
  for (const std::string& text : {spki, tests::pem("PUBLIC KEY", tests::kRsa2048)}) {
    const auto key = mail::read_key_or_certificate(text);
    REQUIRE(key.ok());
    CHECK(key->spki == spki);
    CHECK(key->der.empty());
    CHECK(mail::make_tlsa(*key, TlsaUsage::dane_ee, TlsaSelector::key, TlsaMatching::sha256).ok());
    CHECK_FALSE(
        mail::make_tlsa(*key, TlsaUsage::dane_ee, TlsaSelector::certificate, TlsaMatching::sha256)
            .ok());
  }
  for (const std::string& text : {identity.key, identity.certificate + identity.key}) {
    REQUIRE_FALSE(mail::read_certificates(text).ok());
    CHECK_THAT(mail::read_certificates(text).fault().message, tests::has_text("private key"));
    CHECK_THAT(mail::read_key_or_certificate(text).fault().message, tests::has_text("private key"));
  }
  for (const std::string& text : {std::string(), std::string("hello"), pem.der.substr(0, 40)}) {
    CHECK_FALSE(mail::read_certificates(text).ok());
    CHECK_FALSE(mail::read_key_or_certificate(text).ok());
  }
}

TEST_CASE("what changes from one TLSA set to the next") {
  using Effect = mail::Difference::Effect;
  const auto a = plain(3, 1, 1, 32);
  auto b = a;
  b.association[0] = 'y';
  CHECK(mail::compare_tlsa({a}, {a}).empty());
  const auto gone = mail::compare_tlsa({a}, {});
  REQUIRE(gone.size() == 2);
  CHECK(gone[0].effect == Effect::weaker);
  CHECK(mail::compare_tlsa({}, {a})[0].effect == Effect::stricter);
  const auto rolled = mail::compare_tlsa({a, b}, {b});
  REQUIRE(rolled.size() == 1);
  CHECK(rolled[0].effect == Effect::stricter);
  CHECK(mail::compare_tlsa({a}, {a, b})[0].effect == Effect::neutral);
  CHECK(mail::describe_tlsa(a) == "DANE-EE(3) SPKI(1) SHA2-256(1) 7878..78");
  CHECK(mail::tlsa_name(dns::Name::of("mx.example.com")).value() ==
        dns::Name::of("_25._tcp.mx.example.com"));
}
