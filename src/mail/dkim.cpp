// DKIM key records and the keys in them.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "mail/records.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::size_t kEd25519Octets = 32;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using PublicKey = std::unique_ptr<EVP_PKEY, FreeKey>;

/// Failed attempts at reading a key leave nothing in OpenSSL's queue of errors.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

std::string without_space(std::string_view text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result), [](char c) {
    return std::string_view(" \t\r\n").find(c) == std::string_view::npos;
  });
  return result;
}

/// RFC 4648 section 4: whole groups, padding only at the end, no white space.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return {};
  const std::size_t padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
  if (padding > 2) return {};
  std::string octets;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t digit = i < text.size() - padding ? kAlphabet.find(text[i]) : 0;
    if (digit == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (const int shift : {16, 8, 0}) octets += static_cast<char>(bits >> shift & 0xff);
    bits = 0;
  }
  octets.resize(octets.size() - padding);
  return octets;
}

std::string encode_base64(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(octets.data()),
                                     static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

const unsigned char* bytes(const std::string& octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

PublicKey read_spki(const std::string& der) {
  const QuietErrors quiet;
  const unsigned char* at = bytes(der);
  PublicKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return at == bytes(der) + der.size() ? std::move(key) : PublicKey();
}

/// RSAPublicKey of RFC 8017, which the words of RFC 6376 section 3.6.1 ask for and few publish.
PublicKey read_pkcs1(const std::string& der) {
  const QuietErrors quiet;
  const unsigned char* at = bytes(der);
  PublicKey key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())));
  return at == bytes(der) + der.size() ? std::move(key) : PublicKey();
}

PublicKey read_rsa(const std::string& der) {
  auto key = read_spki(der);
  if (key && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return {};
  return key ? std::move(key) : read_pkcs1(der);
}

std::string spki_of(EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(&key, &der);
  if (length <= 0) return {};
  std::string octets(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return octets;
}

/// RFC 8463 section 4: the 32 octets themselves stand in p=, not a SubjectPublicKeyInfo.
std::string raw_ed25519(const EVP_PKEY& key) {
  std::string octets(kEd25519Octets, '\0');
  std::size_t length = octets.size();
  const int done =
      EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(octets.data()), &length);
  return done == 1 && length == kEd25519Octets ? octets : std::string();
}

base::Fault not_a_key(std::string message, std::string hint) {
  return {std::move(message), std::move(hint)};
}

base::Parsed<DkimKey> key_of(const std::string& der, std::string_view spelled) {
  if (der.size() == kEd25519Octets) return DkimKey{"ed25519", std::string(spelled), false};
  if (const auto key = read_spki(der)) {
    switch (EVP_PKEY_get_base_id(key.get())) {
      case EVP_PKEY_RSA: return DkimKey{"rsa", std::string(spelled), false};
      case EVP_PKEY_ED25519: return DkimKey{"ed25519", encode_base64(raw_ed25519(*key)), false};
      default:
        return not_a_key("a public key of a kind that DKIM does not know",
                         "DKIM keys are RSA or Ed25519");
    }
  }
  if (read_pkcs1(der)) return DkimKey{"rsa", std::string(spelled), false};
  return not_a_key("not a public key", "make one with: openssl pkey -in private.pem -pubout");
}

base::Parsed<DkimKey> key_from_pem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t begin = text.find(kBegin);
  const std::size_t label_end = text.find("-----", begin + kBegin.size());
  if (label_end == std::string_view::npos) return not_a_key("PEM without a whole first line", "");
  const std::string label(text.substr(begin + kBegin.size(), label_end - begin - kBegin.size()));
  if (label.find("PRIVATE KEY") != std::string::npos) {
    return not_a_key("this is a private key, which must never be published",
                     "give the public one: openssl pkey -in private.pem -pubout");
  }
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
  const auto key = read_pkcs1(*der);
  if (!key) return not_a_key("not an RSA public key", "");
  return DkimKey{"rsa", encode_base64(spki_of(*key)), false};
}

/// RFC 6376 section 3.2: names of tags are case-sensitive, and each stands once.
const Tag* find_tag(const TagList& list, std::string_view name) {
  const auto found = std::find_if(list.tags.begin(), list.tags.end(),
                                  [&](const Tag& tag) { return tag.name == name; });
  return found == list.tags.end() ? nullptr : &*found;
}

bool well_formed(const TagList& list) {
  std::set<std::string_view> seen;
  return std::all_of(list.tags.begin(), list.tags.end(),
                     [&](const Tag& tag) { return !tag.bare && seen.insert(tag.name).second; });
}

}  // namespace

std::optional<unsigned> DkimKey::bits() const {
  const auto der = decode_base64(public_key);
  if (!der) return {};
  if (base::equals_ignoring_case(algorithm, "ed25519")) {
    return der->size() == kEd25519Octets ? std::optional(256U) : std::nullopt;
  }
  if (!base::equals_ignoring_case(algorithm, "rsa")) return {};
  const auto key = read_rsa(*der);
  if (!key) return {};
  return static_cast<unsigned>(EVP_PKEY_get_bits(key.get()));
}

std::string DkimKey::describe() const {
  if (revoked()) return "revoked";
  const std::string digest = base::sha256_hex(decode_base64(public_key).value_or(public_key));
  const std::string ends = ", " + digest.substr(0, 4) + ".." + digest.substr(62);
  const std::string name = base::to_lower(algorithm);
  if (name == "ed25519") return "Ed25519" + ends;
  if (name != "rsa") return algorithm + ends;
  const auto size = bits();
  return (size ? "RSA " + std::to_string(*size) : "RSA, unreadable") + ends;
}

std::optional<DkimKey> parse_dkim(std::string_view octets) {
  const TagList list = parse_tag_list(octets);
  const Tag* key = find_tag(list, "p");
  if (key == nullptr || !well_formed(list)) return {};
  // RFC 6376 section 3.6.1: v= may be absent, else it stands first and is exactly "DKIM1".
  const Tag* version = find_tag(list, "v");
  if (version != nullptr && (version != &list.tags.front() || version->value != "DKIM1")) return {};
  DkimKey result;
  result.public_key = without_space(key->value);
  if (const Tag* algorithm = find_tag(list, "k")) result.algorithm = algorithm->value;
  if (const Tag* flags = find_tag(list, "t")) {
    const auto all = base::split(without_space(flags->value), ':');
    result.testing = std::find(all.begin(), all.end(), "y") != all.end();
  }
  return result;
}

std::string print_dkim(const DkimKey& key) {
  std::string record = "v=DKIM1";
  if (!key.revoked() || key.algorithm != "rsa") record += "; k=" + key.algorithm;
  if (key.testing) record += "; t=y";
  return record + "; p=" + key.public_key;
}

base::Parsed<DkimKey> dkim_key_from_text(std::string_view pem_or_base64) {
  if (pem_or_base64.find("-----BEGIN ") != std::string_view::npos) {
    return key_from_pem(pem_or_base64);
  }
  if (parse_dkim(pem_or_base64)) {
    return not_a_key("this is a whole DKIM record, not a key alone",
                     "give the base64 text after p= only");
  }
  const std::string text = without_space(pem_or_base64);
  if (text.empty()) return not_a_key("no key", "give PEM or base64");
  const auto der = decode_base64(text);
  if (!der) {
    const std::size_t odd = pem_or_base64.find_first_not_of(std::string(kAlphabet) + "= \t\r\n");
    base::Fault fault = not_a_key("not base64", "a key from a service may have been cut short");
    if (odd != std::string_view::npos) fault.offset = odd;
    return fault;
  }
  return key_of(*der, text);
}

}  // namespace mxsmith::mail
