// DKIM key records: the value and its text.
#include "mail/dkim.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "mail/base64.hpp"
#include "mail/dkim_tags.hpp"

namespace mxsmith::mail {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool well_formed(const TagList& list) {
  return !has_duplicates(list) &&
         std::none_of(list.tags.begin(), list.tags.end(), [](const Tag& tag) { return tag.bare; });
}

std::string flags_of(const DkimKey& key) {
  std::vector<std::string> flags;
  if (key.testing) flags.emplace_back("y");
  if (key.exact_domain) flags.emplace_back("s");
  flags.insert(flags.end(), key.other_flags.begin(), key.other_flags.end());
  return base::join(flags, ":");
}

}  // namespace

DkimKey dkim_key_of(const TagList& list) {
  const auto words = [&list](std::string_view name) {
    std::vector<std::string> result;
    if (const Tag* tag = list.find(name)) {
      for (const Piece& piece : split_pieces(tag->value, ':')) {
        const std::string word = without_space(piece.text);
        if (!word.empty()) result.push_back(word);
      }
    }
    return result;
  };
  DkimKey key;
  key.versioned = list.find("v") != nullptr;
  if (const Tag* tag = list.find("k")) key.algorithm = tag->value;
  if (const Tag* tag = list.find("p")) key.public_key = without_space(tag->value);
  if (const Tag* tag = list.find("n")) key.notes = tag->value;
  for (const std::string& hash : words("h")) key.hashes.push_back(base::to_lower(hash));
  key.services = words("s");
  for (const std::string& flag : words("t")) {
    if (flag == "y") {
      key.testing = true;
    } else if (flag == "s") {
      key.exact_domain = true;
    } else {
      key.other_flags.push_back(flag);
    }
  }
  return key;
}

std::optional<PublicKey> DkimKey::decoded() const {
  const auto octets = decode_base64(public_key);
  if (!octets) return {};
  auto key = decode_public_key(*octets);
  if (!key || key->trailing != 0) return {};
  const bool matches =
      base::equals_ignoring_case(algorithm, "ed25519")
          ? key->form == KeyForm::raw
          : base::equals_ignoring_case(algorithm, "rsa") && key->kind == KeyKind::rsa;
  return matches ? key : std::nullopt;
}

std::optional<unsigned> DkimKey::bits() const {
  const auto key = decoded();
  return key ? std::optional(key->bits) : std::nullopt;
}

std::string DkimKey::describe() const {
  if (revoked()) return "revoked";
  const auto key = decoded();
  const std::string digest =
      key ? key->digest : base::sha256_hex(decode_base64(public_key).value_or(public_key));
  const std::string ends = ", " + digest.substr(0, 4) + ".." + digest.substr(62);
  const std::string name = base::to_lower(algorithm);
  if (name == "ed25519") return "Ed25519" + ends;
  if (name != "rsa") return algorithm + ends;
  return (key ? "RSA " + std::to_string(key->bits) : "RSA, unreadable") + ends;
}

bool DkimKey::serves_mail() const {
  return (hashes.empty() || holds(hashes, "sha256")) &&
         (services.empty() || holds(services, "*") || holds(services, "email"));
}

std::optional<DkimKey> parse_dkim(std::string_view octets) {
  const TagList list = parse_tag_list(octets);
  if (list.find("p") == nullptr || !well_formed(list)) return {};
  // RFC 6376 section 3.6.1: v= may be absent, else it stands first and is exactly "DKIM1".
  const Tag* version = list.find("v");
  if (version != nullptr && (version != &list.tags.front() || version->value != "DKIM1")) return {};
  return dkim_key_of(list);
}

std::string print_dkim(const DkimKey& key) {
  std::string record;
  const auto add = [&record](std::string_view name, const std::string& value) {
    record.append(record.empty() ? "" : "; ").append(name).append("=").append(value);
  };
  if (key.versioned) add("v", "DKIM1");
  if (!key.revoked() || key.algorithm != "rsa") add("k", key.algorithm);
  if (!key.hashes.empty()) add("h", base::join(key.hashes, ":"));
  if (!key.services.empty()) add("s", base::join(key.services, ":"));
  if (!key.notes.empty()) add("n", key.notes);
  if (const std::string flags = flags_of(key); !flags.empty()) add("t", flags);
  add("p", key.public_key);
  return record;
}

bool same_key(const DkimKey& a, const DkimKey& b) {
  if (a.revoked() || b.revoked()) return a.revoked() == b.revoked();
  if (!base::equals_ignoring_case(a.algorithm, b.algorithm)) return false;
  if (a.public_key == b.public_key) return true;
  const auto first = a.decoded();
  const auto second = b.decoded();
  return first && second && first->digest == second->digest;
}

Differences compare_dkim(const DkimKey& before, const DkimKey& after) {
  using Effect = Difference::Effect;
  Differences result;
  const auto add = [&result](Effect effect, const char* tag, std::string text,
                             std::string affected = {}) {
    result.push_back({effect, tag, std::move(text), std::move(affected)});
  };
  if (!same_key(before, after)) {
    const std::string signers = "mail signed with the key that stood here";
    if (after.revoked()) {
      add(Effect::weaker, "p", "revoked", signers);
    } else if (before.revoked()) {
      add(Effect::neutral, "p", "a key where a revoked one stood");
    } else {
      add(Effect::weaker, "p", "rotated: another key under the same selector", signers);
    }
  }
  if (after.revoked() || before.revoked()) return result;
  if (before.testing != after.testing) {
    add(after.testing ? Effect::weaker : Effect::stricter, "t",
        after.testing ? "for testing only: verifiers treat mail as if it were not signed"
                      : "no longer for testing only",
        "mail signed with this key");
  }
  if (before.exact_domain != after.exact_domain) {
    add(after.exact_domain ? Effect::stricter : Effect::weaker, "t",
        after.exact_domain ? "no longer good for addresses in subdomains"
                           : "good for addresses in subdomains too",
        "mail of its subdomains");
  }
  if (before.serves_mail() != after.serves_mail()) {
    add(after.serves_mail() ? Effect::stricter : Effect::weaker, "s",
        after.serves_mail() ? "good for mail again" : "no longer good for mail (h= or s=)",
        "mail signed with this key");
  }
  return result;
}

}  // namespace mxsmith::mail
