// DKIM keys from what people paste: PEM or base64.
#include "base/base64.hpp"
#include "base/text.hpp"
#include "mail/base64.hpp"
#include "mail/dkim.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";

base::Fault not_a_key(std::string message, std::string hint) {
  return {std::move(message), std::move(hint)};
}

base::Fault private_key() {
  return not_a_key("this is a private key, which must never be published",
                   "give the public one: openssl pkey -in private.pem -pubout");
}

DkimKey made(std::string_view algorithm, std::string public_key) {
  DkimKey key;
  key.algorithm = algorithm;
  key.public_key = std::move(public_key);
  return key;
}

base::Parsed<DkimKey> key_of(const std::string& octets, std::string_view spelled) {
  const auto key = decode_public_key(octets);
  if (!key || key->trailing != 0) {
    if (is_private_key(octets)) return private_key();
    return not_a_key("not a public key", "make one with: openssl pkey -in private.pem -pubout");
  }
  switch (key->kind) {
    case KeyKind::rsa: return made("rsa", std::string(spelled));
    // RFC 8463 section 4: the 32 octets themselves stand in p=, not a SubjectPublicKeyInfo.
    case KeyKind::ed25519: return made("ed25519", base::print_base64(key->canonical));
    case KeyKind::other: break;
  }
  return not_a_key("a public key of a kind that DKIM does not know",
                   "DKIM keys are RSA or Ed25519");
}

base::Parsed<DkimKey> key_from_pem(std::string_view text) {
  const std::size_t begin = text.find(kBegin);
  const std::size_t label_end = text.find("-----", begin + kBegin.size());
  if (label_end == std::string_view::npos) return not_a_key("PEM without a whole first line", "");
  const std::string label(text.substr(begin + kBegin.size(), label_end - begin - kBegin.size()));
  if (label.find("PRIVATE KEY") != std::string::npos) return private_key();
  if (label != "PUBLIC KEY" && label != "RSA PUBLIC KEY") {
    return not_a_key("PEM of \"" + label + "\" is not a public key",
                     "it begins with -----BEGIN PUBLIC KEY-----");
  }
  const std::size_t end = text.find("-----END " + label + "-----", label_end);
  if (end == std::string_view::npos) return not_a_key("PEM without its last line", "");
  const std::string body = without_space(text.substr(label_end + 5, end - label_end - 5));
  const auto der = decode_base64(body);
  if (!der) return not_a_key("what stands between the lines of the PEM is not base64", "");
  if (label == "PUBLIC KEY") return key_of(*der, body);
  const auto key = decode_public_key(*der);
  if (!key || key->trailing != 0 || key->kind != KeyKind::rsa) {
    return not_a_key("not an RSA public key", "");
  }
  return made("rsa", base::print_base64(key->canonical));
}

}  // namespace

base::Parsed<DkimKey> dkim_key_from_text(std::string_view pem_or_base64) {
  if (pem_or_base64.find(kBegin) != std::string_view::npos) return key_from_pem(pem_or_base64);
  if (parse_dkim(pem_or_base64)) {
    return not_a_key("this is a whole DKIM record, not a key alone",
                     "give the base64 text after p= only");
  }
  const std::string text = without_space(pem_or_base64);
  if (text.empty()) return not_a_key("no key", "give PEM or base64");
  const auto octets = decode_base64(text);
  if (!octets) {
    base::Fault fault = not_a_key("not base64", "a key from a service may have been cut short");
    const std::size_t odd = first_not_base64(pem_or_base64);
    if (odd != std::string_view::npos) fault.offset = odd;
    return fault;
  }
  return key_of(*octets, text);
}

}  // namespace mxsmith::mail
