// What is said of DKIM records: every fault, and where it is.
#include <algorithm>
#include <string>

#include "base/base64.hpp"
#include "mail/base64.hpp"
#include "mail/dkim.hpp"
#include "sample_keys.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using base::Severity;
using tests::kEcSpki;
using tests::kEd25519Raw;
using tests::kEd25519Spki;
using tests::kRsa1024;
using tests::kRsa1024Pkcs1;
using tests::kRsa2048;

namespace {

/// An RSA key of 1024 bits as SubjectPublicKeyInfo, its modulus and exponent changed octet by
/// octet.
std::string changed_rsa(std::size_t offset_from_end, char octet) {
  std::string der = mail::decode_base64(kRsa1024).value();
  der[der.size() - 1 - offset_from_end] = octet;
  return base::print_base64(der);
}

std::string glued() {
  return base::print_base64(mail::decode_base64(kRsa2048).value() +
                            mail::decode_base64(kRsa1024).value());
}

}  // namespace

TEST_CASE("each fault of a DKIM record has its name, its weight and its place") {
  struct Row {
    std::string text, rule;
    Severity severity;
    std::string at;  ///< The octets that are pointed at.
  };
  const std::string key = "p=" + kRsa2048;
  const std::string good = "v=DKIM1; " + key;
  const auto row = GENERATE_REF(values<Row>({
      {"v=DKIM2; " + key, "dkim-version", Severity::error, "v=DKIM2"},
      {"v=dkim1; " + key, "dkim-version", Severity::error, "v=dkim1"},
      {key + "; v=DKIM1", "dkim-version-first", Severity::error, "v=DKIM1"},
      {key, "dkim-no-version", Severity::info, key},
      {"v=DKIM1", "dkim-p-missing", Severity::error, "v=DKIM1"},
      {"v=DKIM1; p=", "dkim-revoked", Severity::info, "p="},
      {good + "; " + key, "dkim-dup-tag", Severity::error, key},
      {"v=DKIM1; rsa; " + key, "dkim-tag-syntax", Severity::error, "rsa"},
      {"v=DKIM1; k-x=1; " + key, "dkim-tag-syntax", Severity::error, "k-x=1"},
      {"v=DKIM1;; " + key, "dkim-tag-syntax", Severity::error, ";"},
      {"v=DKIM1; h=; " + key, "dkim-tag-syntax", Severity::error, "h="},
      {"v=DKIM1; s= ; " + key, "dkim-tag-syntax", Severity::error, "s="},
      {"v=DKIM1; t=; " + key, "dkim-tag-syntax", Severity::error, "t="},
      {"v=DKIM1; h=sha1; " + key, "dkim-sha1-only", Severity::error, "h=sha1"},
      {"v=DKIM1; h=SHA1:sha256; " + key, "dkim-sha1-listed", Severity::warning, "h=SHA1:sha256"},
      {"v=DKIM1; h=md5; " + key, "dkim-hash-unknown", Severity::error, "h=md5"},
      {"v=DKIM1; s=tlsrpt; " + key, "dkim-service-type", Severity::warning, "s=tlsrpt"},
      {"v=DKIM1; t=s:y; " + key, "dkim-testing-flag", Severity::warning, "t=s:y"},
      {"v=DKIM1; t=x; " + key, "dkim-flag-unknown", Severity::info, "t=x"},
      {"v=DKIM1; g=*; " + key, "dkim-obsolete-g", Severity::info, "g=*"},
      {"v=DKIM1; n=" + std::string(65, 'n') + "; " + key, "dkim-notes-length", Severity::info,
       "n=" + std::string(65, 'n')},
      {"v=DKIM1; k=dsa; " + key, "dkim-k-unknown", Severity::error, "k=dsa"},
      {"v=DKIM1; p=AB!D", "dkim-p-base64", Severity::error, "!"},
      {"v=DKIM1; p=ABCDE", "dkim-p-base64", Severity::error, "ABCDE"},
      {"v=DKIM1; p=AB=D", "dkim-key-undecodable", Severity::error, "AB=D"},
      {"v=DKIM1; p=" + kRsa2048.substr(0, 200), "dkim-key-undecodable", Severity::error,
       kRsa2048.substr(0, 200)},
      {"v=DKIM1; p=" + kEd25519Raw, "dkim-key-undecodable", Severity::error, kEd25519Raw},
      {"v=DKIM1; p=" + kEcSpki, "dkim-key-type-mismatch", Severity::error, kEcSpki},
      {"v=DKIM1; p=" + kEd25519Spki, "dkim-key-type-mismatch", Severity::error, kEd25519Spki},
      {"v=DKIM1; k=ed25519; p=" + kEd25519Spki, "dkim-ed25519-length", Severity::error,
       kEd25519Spki},
      {"v=DKIM1; k=ed25519; " + key, "dkim-ed25519-length", Severity::error, kRsa2048},
      {"v=DKIM1; p=" + kRsa1024, "dkim-rsa-weak", Severity::warning, kRsa1024},
      {"v=DKIM1; p=" + kRsa1024Pkcs1, "dkim-pkcs1-key", Severity::warning, kRsa1024Pkcs1},
      {"v=DKIM1; p=" + glued(), "dkim-trailing-der", Severity::error, glued()},
      {"v=DKIM1; p=" + changed_rsa(0, 3), "dkim-rsa-exponent", Severity::warning,
       changed_rsa(0, 3)},
      {"v=DKIM1; p=" + changed_rsa(0, 2), "dkim-rsa-exponent", Severity::error, changed_rsa(0, 2)},
      {"v=DKIM1; p=" + changed_rsa(5, 'h'), "dkim-known-weak-key", Severity::error,
       changed_rsa(5, 'h')},
      {"v=DKIM1; p=-----BEGIN PUBLIC KEY-----" + kRsa1024, "dkim-pem-armour", Severity::error,
       "-----BEGIN PUBLIC KEY-----" + kRsa1024},
      {"\"" + good + "\"", "txt-literal-quotes", Severity::error, "\"" + good + "\""},
      {"v=DKIM1\\; " + key, "txt-escaped-semicolon", Severity::error, "\\;"},
      {"v=DKIM1; n=\xe2\x80\x9c; " + key, "txt-non-ascii", Severity::error, "\xe2"},
      {good + " ", "txt-trailing-space", Severity::info, " "},
  }));
  INFO(row.text + " wants " + row.rule);
  const auto reading = mail::read_dkim(row.text);
  const mail::Finding* finding = reading.findings.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == row.severity);
  CHECK(row.text.substr(finding->at.offset, finding->at.length) == row.at);
  CHECK_FALSE(finding->message.empty());
  CHECK(reading.text == row.text);
}

TEST_CASE("a good DKIM record has nothing said of it") {
  for (const std::string& text :
       {"v=DKIM1; k=rsa; p=" + kRsa2048, "v=DKIM1;k=ed25519;p=" + kEd25519Raw + ";",
        "v=DKIM1; k=rsa; h=sha256; s=email; t=s; p=" + kRsa2048.substr(0, 80) + " \t" +
            kRsa2048.substr(80)}) {
    const auto reading = mail::read_dkim(text);
    INFO(text + (reading.findings.empty() ? "" : reading.findings.all()[0].message));
    CHECK(reading.findings.empty());
    REQUIRE(reading.key);
    CHECK(reading.key->digest.size() == 64);
  }
}

TEST_CASE("private keys in a record are told, and not repeated") {
  // The shape of a private Ed25519 key (RFC 8410 section 7), all octets of the key zero.
  const std::string der("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
  const std::string secret = base::print_base64(der + std::string(32, '\0'));
  for (const std::string& text :
       {"v=DKIM1; k=ed25519; p=" + secret, "v=DKIM1; p=" + secret,
        "v=DKIM1; p=-----BEGIN " + std::string("PRIVATE KEY-----") + secret}) {
    const auto reading = mail::read_dkim(text);
    const auto* finding = reading.findings.find("dkim-private-key");
    REQUIRE(finding != nullptr);
    CHECK(finding->message.find(secret) == std::string::npos);
    CHECK(finding->hint.find(secret) == std::string::npos);
  }
  CHECK_FALSE(mail::dkim_key_from_text(secret).ok());
  CHECK_THAT(mail::dkim_key_from_text(secret).fault().message, tests::has_text("private key"));
}

TEST_CASE("keys that anybody can sign with are known") {
  const auto weak = mail::decode_public_key(mail::decode_base64(changed_rsa(5, 'h')).value());
  REQUIRE(weak);
  CHECK(weak->weakness == mail::KeyWeakness::small_factor);
  const auto even = mail::decode_public_key(mail::decode_base64(changed_rsa(0, 2)).value());
  REQUIRE(even);
  CHECK(even->weakness == mail::KeyWeakness::exponent);
  CHECK(even->exponent == "65538");
  const auto roca = mail::decode_public_key(mail::decode_base64(tests::kRocaLike).value());
  REQUIRE(roca);
  CHECK(roca->weakness == mail::KeyWeakness::roca);
  const auto good = mail::decode_public_key(mail::decode_base64(kRsa2048).value());
  REQUIRE(good);
  CHECK(good->weakness == mail::KeyWeakness::none);
  CHECK(good->exponent == "65537");
}

TEST_CASE("the canonical form of a key is what OpenSSL would write") {
  for (const std::string& key : {kRsa1024, kRsa2048, tests::kRocaLike, kEcSpki, kEd25519Raw}) {
    const std::string octets = mail::decode_base64(key).value();
    CHECK(mail::decode_public_key(octets)->canonical == octets);
  }
  const auto pkcs1 = mail::decode_public_key(mail::decode_base64(kRsa1024Pkcs1).value());
  CHECK(pkcs1->form == mail::KeyForm::pkcs1);
  CHECK(pkcs1->canonical == mail::decode_base64(kRsa1024));
}

TEST_CASE("a key that many records hold is decoded once") {
  mail::KeyCache cache;
  for (int i = 0; i < 3; ++i) {
    CHECK(mail::read_dkim("v=DKIM1; p=" + kRsa2048, cache).key->bits == 2048);
    CHECK(mail::read_dkim("k=ed25519; p=" + kEd25519Raw, cache).key->bits == 256);
    CHECK_FALSE(mail::read_dkim("p=AAAA", cache).key);
  }
  CHECK(cache.decoded() == 3);
}

TEST_CASE("what verifiers refuse is read as far as it can be") {
  const auto reading = mail::read_dkim("k=rsa; v=DKIM1; p=" + kRsa2048);
  CHECK(reading.findings.has_errors());
  REQUIRE(reading.key);
  CHECK(reading.key->bits == 2048);
  CHECK_FALSE(mail::parse_dkim(reading.text));
}
