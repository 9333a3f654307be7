// What is to be said of a DKIM key record: its tags, and the key in it.
#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "mail/base64.hpp"
#include "mail/dkim_tags.hpp"

namespace mxsmith::mail {
namespace {

/// RFC 8301 section 3.2.
constexpr unsigned kLeastRsaBits = 1024;
constexpr unsigned kGoodRsaBits = 2048;
/// More than this and notes weigh on every answer.
constexpr std::size_t kLongNotes = 64;

class Reader {
 public:
  Reader(DkimReading& reading, KeyCache& cache)
      : reading_(reading),
        findings_(reading.findings),
        tags_(parse_tag_list(reading.text)),
        cache_(cache) {}

  void read() {
    check_text(reading_.text, findings_);
    check_tags(tags_, "dkim-tag-syntax", "dkim-dup-tag", findings_);
    reading_.value = dkim_key_of(tags_);
    check_version();
    check_hashes();
    check_services();
    check_flags();
    check_notes();
    check_algorithm();
    check_key();
  }

 private:
  [[nodiscard]] const Tag* tag(std::string_view name) const { return tags_.find(name); }
  [[nodiscard]] Span whole() const { return {0, reading_.text.size()}; }

  void check_version() {
    const Tag* version = tag("v");
    if (version == nullptr) {
      findings_.info("dkim-no-version", whole(), "the record does not begin with v=DKIM1",
                     "put v=DKIM1 in front");
    } else if (version->value != "DKIM1") {
      findings_.error("dkim-version", version->at,
                      "v=" + version->value + " where only v=DKIM1 is known",
                      "letter case counts: v=DKIM1");
    } else if (version != &tags_.tags.front()) {
      findings_.error("dkim-version-first", version->at, "v=DKIM1 is not the first tag",
                      "put it in front");
    }
  }

  void check_hashes() {
    const Tag* hashes = tag("h");
    if (hashes == nullptr) return;
    const auto& known = reading_.value.hashes;
    const auto has = [&known](std::string_view hash) {
      return std::find(known.begin(), known.end(), hash) != known.end();
    };
    if (known.empty()) {
      findings_.error("dkim-tag-syntax", hashes->at, "h= names no hash", "drop it: then all hold");
    } else if (has("sha1") && !has("sha256")) {
      // RFC 8301 section 3.1: signatures with SHA-1 must not be taken.
      findings_.error("dkim-sha1-only", hashes->at, "h= allows SHA-1 alone, which nobody accepts",
                      "drop h=, or write h=sha256");
    } else if (!has("sha256")) {
      findings_.error("dkim-hash-unknown", hashes->at, "h= allows no hash that verifiers know",
                      "drop h=, or write h=sha256");
    } else if (has("sha1")) {
      findings_.warning("dkim-sha1-listed", hashes->at, "h= still allows SHA-1",
                        "drop h=, or write h=sha256");
    }
  }

  void check_services() {
    const Tag* services = tag("s");
    if (services == nullptr) return;
    const auto& known = reading_.value.services;
    const bool mail = std::any_of(known.begin(), known.end(), [](const std::string& service) {
      return service == "*" || service == "email";
    });
    if (known.empty()) {
      findings_.error("dkim-tag-syntax", services->at, "s= names no service", "drop it");
    } else if (!mail) {
      findings_.warning("dkim-service-type", services->at,
                        "s=" + services->value + ": the key is not for mail",
                        "drop s=, or write s=email");
    }
  }

  void check_flags() {
    const Tag* flags = tag("t");
    if (flags == nullptr) return;
    if (reading_.value.testing) {
      findings_.warning("dkim-testing-flag", flags->at,
                        "t=y: verifiers treat mail as if it were not signed",
                        "take it out once signatures verify");
    }
    if (!reading_.value.other_flags.empty()) {
      findings_.info(
          "dkim-flag-unknown", flags->at,
          "t= has a flag that verifiers do not know: " + reading_.value.other_flags.front());
    } else if (flags->value.empty()) {
      findings_.error("dkim-tag-syntax", flags->at, "t= has no flag", "drop it");
    }
  }

  void check_notes() {
    if (const Tag* notes = tag("n"); notes != nullptr && notes->value.size() > kLongNotes) {
      findings_.info("dkim-notes-length", notes->at, "n= makes every answer longer", "drop it");
    }
    if (const Tag* granularity = tag("g")) {
      // It was in RFC 4871 section 3.6.1.
      findings_.info("dkim-obsolete-g", granularity->at, "g= has been taken out of DKIM",
                     "drop it");
    }
  }

  void check_algorithm() {
    const Tag* algorithm = tag("k");
    if (algorithm == nullptr || is("rsa") || is("ed25519")) return;
    findings_.error("dkim-k-unknown", algorithm->at,
                    "k=" + algorithm->value + " is no kind of key that verifiers know",
                    "k=rsa or k=ed25519");
  }

  [[nodiscard]] bool is(std::string_view algorithm) const {
    return base::equals_ignoring_case(reading_.value.algorithm, algorithm);
  }

  void check_key() {
    const Tag* p = tag("p");
    if (p == nullptr) {
      findings_.error("dkim-p-missing", whole(), "there is no p=", "p= holds the key");
      return;
    }
    if (p->value.empty()) {
      findings_.info("dkim-revoked", p->at, "the key is revoked: p= is empty");
      return;
    }
    if (p->value.find("-----") != std::string::npos) {
      const bool is_private = p->value.find("PRIVATE KEY") != std::string::npos;
      if (is_private) return private_key(*p);
      findings_.error("dkim-pem-armour", p->value_at, "p= holds the first or last line of a PEM",
                      "only the base64 text between those lines belongs there");
      return;
    }
    const auto octets = decode_base64(reading_.value.public_key);
    if (!octets) return not_base64(*p);
    reading_.key = cache_.decode(*octets);
    check_octets(*p, *octets);
  }

  void not_base64(const Tag& p) {
    const std::size_t odd = first_not_base64(p.value);
    if (odd != std::string::npos) {
      findings_.error("dkim-p-base64", p.part(odd, 1), "p= holds a sign that base64 does not have",
                      "copy the key again");
      return;
    }
    findings_.error("dkim-p-base64", p.value_at,
                    "p= is not base64: its length is wrong, or \"=\" stands inside",
                    "the key may have been cut short; copy it again");
    findings_.error("dkim-key-undecodable", p.value_at, "no verifier can read this key",
                    "copy it again as a whole");
  }

  void private_key(const Tag& p) {
    findings_.error("dkim-private-key", p.value_at, "a PRIVATE key is published",
                    "whoever read it can sign as this domain: make a new pair, and publish the "
                    "public key only");
  }

  void check_octets(const Tag& p, const std::string& octets) {
    const auto& key = reading_.key;
    if (!key && is_private_key(octets)) return private_key(p);
    if (is("ed25519")) return check_ed25519(p, octets.size());
    if (!is("rsa")) return;
    if (!key || key->form == KeyForm::raw) {
      findings_.error(
          "dkim-key-undecodable", p.value_at,
          key ? "p= holds 32 octets, which is no RSA key" : "no verifier can read this key",
          key ? "if it is an Ed25519 key, k=ed25519 is missing"
              : "it may have been cut short: copy it again as a whole");
    } else if (key->kind != KeyKind::rsa) {
      findings_.error("dkim-key-type-mismatch", p.value_at,
                      "p= holds a key of kind " + key->kind_name + ", and k= says rsa",
                      "DKIM keys are RSA or Ed25519");
    } else {
      check_rsa(p, *key);
    }
    check_trailing(p);
  }

  void check_ed25519(const Tag& p, std::size_t size) {
    if (!reading_.key || reading_.key->form != KeyForm::raw) {
      // RFC 8463 section 4: not a SubjectPublicKeyInfo.
      findings_.error("dkim-ed25519-length", p.value_at,
                      "p= holds " + std::to_string(size) + " octets, an Ed25519 key has 32",
                      "publish the 32 octets of the key alone, 44 signs of base64");
      return;
    }
    check_weakness(p, *reading_.key);
  }

  void check_trailing(const Tag& p) {
    if (!reading_.key || reading_.key->trailing == 0) return;
    findings_.error("dkim-trailing-der", p.value_at,
                    base::counted(reading_.key->trailing, "octet") + " behind the key",
                    "two keys may have been glued together");
  }

  void check_rsa(const Tag& p, const PublicKey& key) {
    const std::string size = "an RSA key of " + std::to_string(key.bits) + " bits";
    if (key.bits < kLeastRsaBits) {
      findings_.error("dkim-rsa-too-short", p.value_at, size + ", which no verifier accepts",
                      "use RSA with 2048 bits");
    } else if (key.bits < kGoodRsaBits) {
      findings_.warning("dkim-rsa-weak", p.value_at, size, "use RSA with 2048 bits");
    } else if (key.bits > kGoodRsaBits) {
      findings_.info("dkim-rsa-over-2048", p.value_at,
                     size + ": verifiers need not take more than 4096, and some stop at 2048");
    }
    if (key.form == KeyForm::pkcs1) {
      findings_.warning(
          "dkim-pkcs1-key", p.value_at,
          "the key is laid out as RSAPublicKey, which some verifiers do not read",
          "publish it as SubjectPublicKeyInfo: p=" + base::print_base64(key.canonical));
    }
    if (key.exponent != "65537" && key.weakness != KeyWeakness::exponent) {
      findings_.warning("dkim-rsa-exponent", p.value_at, "public exponent " + key.exponent,
                        "65537 is what everybody uses");
    }
    check_weakness(p, key);
  }

  void check_weakness(const Tag& p, const PublicKey& key) {
    const auto weak = [&](std::string_view rule, std::string message) {
      findings_.error(rule, p.value_at, std::move(message), "make a new pair of keys");
    };
    switch (key.weakness) {
      case KeyWeakness::none: break;
      case KeyWeakness::exponent:
        weak("dkim-rsa-exponent", "public exponent " + key.exponent + " protects nothing");
        break;
      case KeyWeakness::small_factor:
        weak("dkim-known-weak-key", "a small prime divides the modulus: everybody can sign");
        break;
      case KeyWeakness::roca:
        weak("dkim-known-weak-key", "a key that can be factored (CVE-2017-15361)");
        break;
      case KeyWeakness::published:
        weak("dkim-known-weak-key", "the example key of an RFC: its private half is known to all");
        break;
    }
  }

  DkimReading& reading_;
  Findings& findings_;
  TagList tags_;
  KeyCache& cache_;
};

}  // namespace

DkimReading read_dkim(std::string_view octets, KeyCache& cache) {
  DkimReading reading;
  reading.text = octets;
  Reader(reading, cache).read();
  return reading;
}

DkimReading read_dkim(std::string_view octets) {
  KeyCache cache;
  return read_dkim(octets, cache);
}

}  // namespace mxsmith::mail
