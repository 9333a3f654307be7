// DKIM key records and the keys that people hand in. The keys are our own; their private halves are
// gone.
#include <string>

#include "mail/records.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

namespace {

const std::string kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGSHNI+VgNguHji382sYG756GJ"
    "QJMn+EcKRj+kGLxinzd1xHaD8yU/J/H8iUWLkPn00p6k7DUlcYm219M+s0K8Lk8t"
    "3koumEai5gSTawTEQv4CtLTRNjsJvOuj7iPGG/d72J/GZzaRfQz3SaFV/fKfQheD"
    "afAJXzRvntvi4WdhaQIDAQAB";
const std::string kRsa1024Pkcs1 =
    "MIGJAoGBAMZIc0j5WA2C4eOLfzaxgbvnoYlAkyf4RwpGP6QYvGKfN3XEdoPzJT8n"
    "8fyJRYuQ+fTSnqTsNSVxibbX0z6zQrwuTy3eSi6YRqLmBJNrBMRC/gK0tNE2Owm8"
    "66PuI8Yb93vYn8ZnNpF9DPdJoVX98p9CF4Np8AlfNG+e2+LhZ2FpAgMBAAE=";
const std::string kRsa2048 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwD/BbuOQvpr0k+xUc1AG"
    "KSt9FZ7lW7Br1lyC5aJvHkUiAva0Rvd8t+wqn2IzotQmPWNebaCt9+uQnfAZOMby"
    "lxwof8TIy/Y3AiLBFdk6Fx2cC5DxYjRqRmYbUEDPWeCxtsrwVad+vvl03g3n88zH"
    "xJvkppFvN3/wMfXIFT9RdNTuBbPiXMnW/zqmy0Zlm9nvyVXHOr0dJczLbFokarJK"
    "trS08UmmwmHwgTB6jiiR4j8R9rhYyjl7+ifxrd000EE91/dcaAKUjg46+2Lwm9Ly"
    "kdpMKub5RyJ2SYF+pCkT9rxA7WmBjoKrSwMq/gk5GM+8nCWiRk/WueN2Mvb6cZL1"
    "hQIDAQAB";
const std::string kEd25519Spki = "MCowBQYDK2VwAyEA+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";
const std::string kEd25519Raw = "+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";
const std::string kEcSpki =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIOCdrS8X6nlNGg2cGqtizDx46o4U"
    "oLvPagC4/gPr6GY7YQeKXSEAhAJJjyMA4SiEvkbU3vt4VfKMvQ39K8j1yg==";

std::string pem(const std::string& label, const std::string& body) {
  std::string text = "-----BEGIN " + label + "-----\n";
  for (std::size_t at = 0; at < body.size(); at += 64) text += body.substr(at, 64) + "\r\n";
  return text + "-----END " + label + "-----\n";
}

}  // namespace

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

TEST_CASE("descriptions of two keys differ") {
  const mail::DkimKey a{"rsa", kRsa1024, false};
  const mail::DkimKey b{"rsa", kRsa1024Pkcs1, false};
  CHECK(a.describe() != b.describe());
  CHECK(a.describe().size() == std::string("RSA 1024, 5f1c..9a").size());
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
