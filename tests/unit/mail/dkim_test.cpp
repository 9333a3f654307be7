// DKIM key records and the keys that people hand in.
#include "mail/dkim.hpp"

#include <string>

#include "base/base64.hpp"
#include "mail/base64.hpp"
#include "sample_keys.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using tests::kEcSpki;
using tests::kEd25519Raw;
using tests::kEd25519Spki;
using tests::kRsa1024;
using tests::kRsa1024Pkcs1;
using tests::kRsa2048;
using tests::pem;

TEST_CASE("DKIM records are told from other text") {
  struct Row {
    std::string text;
    bool is_key;
  };
  const auto row = GENERATE_REF(values<Row>({
      {"v=DKIM1; k=rsa; p=" + kRsa1024, true},
      {"p=" + kRsa1024, true},
      {"v=DKIM1; p=", true},
      {"v = DKIM1 ; p = AB CD\t", true},
      {"k=rsa; t=s; p=" + kRsa1024 + ";", true},
      {"v=DKIM1", false},
      {"p=; v=DKIM1", false},
      {"v=dkim1; p=", false},
      {"v=DKIM2; p=", false},
      {"v=DKIM1; p=; p=", false},
      {"v=DKIM1; P=" + kRsa1024, false},
      {"v=DMARC1; p=none", false},
      {"v=spf1 -all", false},
      {"", false},
  }));
  INFO(row.text);
  CHECK(mail::parse_dkim(row.text).has_value() == row.is_key);
}

TEST_CASE("a DKIM record is printed as it is read") {
  for (const std::string& text :
       {"v=DKIM1; k=rsa; p=" + kRsa2048, "v=DKIM1; k=rsa; t=y; p=" + kRsa1024,
        "v=DKIM1; k=ed25519; p=" + kEd25519Raw, std::string("v=DKIM1; p=")}) {
    const auto key = mail::parse_dkim(text);
    REQUIRE(key);
    CHECK(mail::print_dkim(*key) == text);
  }
  CHECK(mail::parse_dkim("v=DKIM1; t=s:y; p=")->testing);
  CHECK_FALSE(mail::parse_dkim("v=DKIM1; t=s; p=")->testing);
  CHECK(mail::parse_dkim("v=DKIM1; p=A B\tC")->public_key == "ABC");
}

TEST_CASE("the size of a key is read from the key") {
  struct Row {
    std::string algorithm, key;
    std::optional<unsigned> bits;
    std::string words;
  };
  const auto row = GENERATE_REF(values<Row>({
      {"rsa", kRsa1024, 1024, "RSA 1024, "},
      {"rsa", kRsa2048, 2048, "RSA 2048, "},
      {"rsa", kRsa1024Pkcs1, 1024, "RSA 1024, "},
      {"ed25519", kEd25519Raw, 256, "Ed25519, "},
      {"ed25519", kEd25519Spki, {}, "Ed25519, "},
      {"rsa", kEd25519Spki, {}, "RSA, unreadable, "},
      {"rsa", kEcSpki, {}, "RSA, unreadable, "},
      {"rsa", kRsa1024.substr(0, 100), {}, "RSA, unreadable, "},
      {"rsa", "not base64!", {}, "RSA, unreadable, "},
      {"x25519", kEd25519Raw, {}, "x25519, "},
      {"rsa", "", {}, "revoked"},
  }));
  INFO(row.words);
  const mail::DkimKey key{row.algorithm, row.key, false};
  CHECK(key.bits() == row.bits);
  CHECK(key.describe().substr(0, row.words.size()) == row.words);
  CHECK(key.revoked() == row.key.empty());
}

TEST_CASE("descriptions of two keys differ, those of one key in two layouts do not") {
  const mail::DkimKey a{"rsa", kRsa1024, false};
  CHECK(a.describe() != mail::DkimKey{"rsa", kRsa2048, false}.describe());
  CHECK(a.describe() == mail::DkimKey{"rsa", kRsa1024Pkcs1, false}.describe());
  CHECK(a.describe().size() == std::string("RSA 1024, 5f1c..9a").size());
}

TEST_CASE("all tags of a DKIM record are read, and printed again") {
  const std::string text = "v=DKIM1; k=rsa; h=sha256:x-new; s=email:tlsrpt; n=our key; t=y:s:z; p=";
  const auto key = mail::parse_dkim(text);
  REQUIRE(key);
  CHECK(key->hashes == std::vector<std::string>{"sha256", "x-new"});
  CHECK(key->services == std::vector<std::string>{"email", "tlsrpt"});
  CHECK(key->notes == "our key");
  CHECK(key->testing);
  CHECK(key->exact_domain);
  CHECK(key->other_flags == std::vector<std::string>{"z"});
  CHECK(key->serves_mail());
  CHECK(mail::parse_dkim(mail::print_dkim(*key)) == key);
}

TEST_CASE("keys are compared by what they are, not by how they are spelled") {
  const mail::DkimKey spki{"rsa", kRsa1024};
  const mail::DkimKey pkcs1{"RSA", kRsa1024Pkcs1};
  const mail::DkimKey other{"rsa", kRsa2048};
  const mail::DkimKey revoked{};
  CHECK(mail::same_key(spki, pkcs1));
  CHECK_FALSE(mail::same_key(spki, other));
  CHECK_FALSE(mail::same_key(spki, revoked));
  CHECK(mail::same_key(revoked, mail::DkimKey{"ed25519", ""}));
  CHECK_FALSE(mail::same_key(mail::DkimKey{"rsa", "AAAA"}, mail::DkimKey{"rsa", "BBBB"}));
}

TEST_CASE("what changes from one DKIM record to the next") {
  using Effect = mail::Difference::Effect;
  struct Row {
    std::string before, after, tag;
    Effect effect;
    std::string text;
  };
  const std::string key = "k=rsa; p=" + kRsa1024;
  const auto row = GENERATE_REF(values<Row>({
      {key, "k=rsa; p=" + kRsa2048, "p", Effect::weaker, "rotated"},
      {key, "p=", "p", Effect::weaker, "revoked"},
      {"p=", key, "p", Effect::neutral, "where a revoked one stood"},
      {key, "t=y; " + key, "t", Effect::weaker, "testing only"},
      {"t=y; " + key, key, "t", Effect::stricter, "no longer for testing"},
      {key, "t=s; " + key, "t", Effect::stricter, "no longer good for addresses in subdomains"},
      {"t=s; " + key, key, "t", Effect::weaker, "subdomains too"},
      {key, "s=tlsrpt; " + key, "s", Effect::weaker, "no longer good for mail"},
      {key, "h=sha1; " + key, "s", Effect::weaker, "no longer good for mail"},
      {"h=sha1; " + key, key, "s", Effect::stricter, "good for mail again"},
  }));
  INFO(row.before + " -> " + row.after);
  const auto differences =
      mail::compare_dkim(mail::parse_dkim(row.before).value(), mail::parse_dkim(row.after).value());
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].tag == row.tag);
  CHECK(differences[0].effect == row.effect);
  CHECK_THAT(differences[0].text, tests::has_text(row.text));
}

TEST_CASE("nothing changes where only the spelling does") {
  const auto before = mail::parse_dkim("k=rsa; p=" + kRsa1024).value();
  const auto after = mail::parse_dkim("v=DKIM1;n=x; p=" + kRsa1024Pkcs1).value();
  CHECK(mail::compare_dkim(before, after).empty());
}

TEST_CASE("base64 comes back as it was") {
  tests::property("any octets", [](const std::string& octets) {
    RC_PRE(!octets.empty());
    RC_ASSERT(mail::decode_base64(base::print_base64(octets)) == octets);
  });
  for (const char* wrong : {"", "A", "AAA", "AA=A", "A===", "====", "AAA\n", "AA==AAAA"}) {
    INFO(wrong);
    CHECK_FALSE(mail::decode_base64(wrong));
  }
}

TEST_CASE("keys are taken from PEM and from base64") {
  struct Row {
    std::string name, text, algorithm, key;
  };
  const auto row = GENERATE_REF(values<Row>({
      {"PEM of RSA", pem("PUBLIC KEY", kRsa2048), "rsa", kRsa2048},
      {"PEM after other text", "key of s1\n" + pem("PUBLIC KEY", kRsa1024), "rsa", kRsa1024},
      {"PEM of RSAPublicKey", pem("RSA PUBLIC KEY", kRsa1024Pkcs1), "rsa", kRsa1024},
      {"PEM of Ed25519", pem("PUBLIC KEY", kEd25519Spki), "ed25519", kEd25519Raw},
      {"base64 of RSA", kRsa1024, "rsa", kRsa1024},
      {"base64 on two lines", kRsa1024.substr(0, 70) + "\n  " + kRsa1024.substr(70), "rsa",
       kRsa1024},
      {"base64 of RSAPublicKey stays", kRsa1024Pkcs1, "rsa", kRsa1024Pkcs1},
      {"base64 of Ed25519 in DER", kEd25519Spki, "ed25519", kEd25519Raw},
      {"base64 of raw Ed25519", kEd25519Raw, "ed25519", kEd25519Raw},
  }));
  INFO(row.name);
  const auto key = mail::dkim_key_from_text(row.text);
  if (!key) FAIL(key.fault().message);
  CHECK(key->algorithm == row.algorithm);
  CHECK(key->public_key == row.key);
  CHECK(key->bits().has_value());
}

TEST_CASE("what is not a public key is refused with a reason") {
  struct Row {
    std::string name, text, message;
  };
  const auto row = GENERATE_REF(values<Row>({
      {"nothing", " \n", "no key"},
      {"words", "my key", "not base64"},
      {"cut short", kRsa1024.substr(0, 101), "not base64"},
      {"cut at a group", kRsa1024.substr(0, 100), "not a public key"},
      {"octets behind the key", kRsa1024 + "AAAA", "not a public key"},
      {"private PEM", pem(std::string("PRIVATE ") + "KEY", "AAAA"), "private key"},
      {"private RSA PEM", pem(std::string("RSA PRIVATE ") + "KEY", "AAAA"), "private key"},
      {"certificate", pem("CERTIFICATE", "AAAA"), "not a public key"},
      {"elliptic curve", pem("PUBLIC KEY", kEcSpki), "a kind that DKIM does not know"},
      {"PEM without end", "-----BEGIN PUBLIC KEY-----\n" + kRsa1024, "without its last line"},
      {"PEM with other text inside", pem("PUBLIC KEY", "?" + kRsa1024), "not base64"},
      {"PEM first line cut", "-----BEGIN PUBLIC", "first line"},
      {"a whole record", "v=DKIM1; k=rsa; p=" + kRsa1024, "whole DKIM record"},
  }));
  INFO(row.name);
  const auto key = mail::dkim_key_from_text(row.text);
  REQUIRE_FALSE(key.ok());
  INFO(key.fault().message);
  CHECK(key.fault().message.find(row.message) != std::string::npos);
}
