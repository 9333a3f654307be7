// Rules about the keys in DKIM key records.
#include "mail/rules/dkim_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

// Keys of our own; their private halves are gone.
constexpr std::string_view kGood =
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"";
constexpr std::string_view kGoodRsa =
    "s1._domainkey TXT \"v=DKIM1; k=rsa; "
    "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuhBH4ou4d+sbUEwQCdW4Fsb/"
    "g1Bjo51mVFceRCmT7sizLth33GrTcJ32MRDVofyUNR5sS+ZjtzzTGYukKcOjzdvNHdiFEkgMuc0g74rWuFM5kn+"
    "N7FYIxVEi6x3pQ4RHLbcHTg45EE\" "
    "\"ub2xSjhEJrsOszrNNZwxS1omS8cyCf/Idte0jDILmc8pFvrC94WIEsTYohe4qyYW8TXf5D11MZjXNXCCfEpm4y/"
    "A1HnBKw0KravEFF84nOR79s3S2azBuLxKsI/0bIuUvu1/ia5KbSb55hqgHmrVTQGEGgAne4t5GPn5Y6bHs1ykSV/"
    "GukjdvnAAGPkrPQkhFcXDzl8b\" \"HVBwIDAQAB\"";

constexpr Rule kRows[] = {
    {"dkim-p-base64", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The p= of a DKIM record is not base64.",
     "Verifiers cannot read the key, and no signature with that selector verifies. A sign was "
     "mistyped or the text was cut short: copy the key again.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YS*6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-pem-armour", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The p= of a DKIM record holds the first or last line of a PEM file.",
     "Only the base64 text between those two lines belongs into p=. As it is, no signature with "
     "that selector verifies.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; p=-----BEGIN PUBLIC "
     "KEY-----MCowBQYDK2VwAyEA0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=-----END PUBLIC "
     "KEY-----\"",
     kGood},
    {"dkim-private-key", Severity::error, RuleNeeds::nothing, "",
     "A private key stands in a DKIM record.",
     "Whoever has read it can sign mail as this domain, also after it is gone from DNS. Revoke the "
     "selector, make a new pair of keys under a new one, and publish the public half only.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; "
     "p=MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
     kGood},
    {"dkim-key-undecodable", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The p= of a DKIM record holds no key that can be read.",
     "No signature with that selector verifies. Most often the text was cut at 255 signs or a part "
     "of it was lost: copy the key again as a whole.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuhBH4ou4d+sbUEwQCdW4Fsb/"
     "g1Bjo51mVFceRCmT7sizLth33GrTcJ32MRDVofyUNR5sS+ZjtzzTGYukKcOjzdvNHdiFEkgMuc0g74rWuFM5kn+"
     "N7FYIxVEi6x3pQ4RHLbcHTg45EE\" \"ub2xSjhEJrsOszrNNZ\"",
     kGoodRsa},
    {"dkim-pkcs1-key", Severity::warning, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "A DKIM key is laid out as RSAPublicKey, not as SubjectPublicKeyInfo.",
     "RFC 6376 describes this form, most signers publish the other, and some verifiers read only "
     "that. Publish it as SubjectPublicKeyInfo: it is the same key, so nothing else changes.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p=MIGJAoGBAMZIc0j5WA2C4eOLfzaxgbvnoYlAkyf4RwpGP6QYvGKfN3XEdoPzJT8n8fyJRYuQ+"
     "fTSnqTsNSVxibbX0z6zQrwuTy3eSi6YRqLmBJNrBMRC/"
     "gK0tNE2Owm866PuI8Yb93vYn8ZnNpF9DPdJoVX98p9CF4Np8AlfNG+e2+LhZ2FpAg\" \"MBAAE=\"",
     kGoodRsa},
    {"dkim-trailing-der", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "Octets stand behind the key in p= of a DKIM record.",
     "Verifiers differ in what they make of it. Two keys may have been glued together, or the end "
     "of another one was left over: copy the key again.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCrs2pR5p+sYfsvbw23S/"
     "Z6AnfjIHg+w8gj7TqME7zVVexIKnxUuwbBd7H3Xhha0dHjkI3nyGzWprYtG+"
     "waC9MI2AFemeJgcoGYyYkZciseeALkbQXu7jIlAsjkZMIiv8B0Cc5IwZTRKGRaAI\" "
     "\"PhDrZE4ztYrZ0NNRB7lMX6ro/ARQIDAQABMIGfMA0G\"",
     kGoodRsa},
    {"dkim-rsa-too-short", Severity::error, RuleNeeds::nothing, "RFC 8301 section 3.2",
     "An RSA key of DKIM has fewer than 1024 bits.",
     "Verifiers must not accept signatures by it, and it can be broken in hours. Rotate to a key "
     "of 2048 bits under a new selector.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOL2emlvKdOfNsBzUMKKj/"
     "pfz1ewWsSYD7OEk96O3qunLIMDll1SIhUpz6u/SYVZvJVjlcUw/iw8tdSapoLU5LkCAwEAAQ==\"",
     kGoodRsa},
    {"dkim-rsa-weak", Severity::warning, RuleNeeds::nothing, "RFC 8301 section 3.2",
     "An RSA key of DKIM has fewer than 2048 bits.",
     "Signers are asked for 2048 bits at least. Rotate to a new key under a new selector; mail "
     "signed with the old one stays good meanwhile.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCrs2pR5p+sYfsvbw23S/"
     "Z6AnfjIHg+w8gj7TqME7zVVexIKnxUuwbBd7H3Xhha0dHjkI3nyGzWprYtG+"
     "waC9MI2AFemeJgcoGYyYkZciseeALkbQXu7jIlAsjkZMIiv8B0Cc5IwZTRKGRaAI\" "
     "\"PhDrZE4ztYrZ0NNRB7lMX6ro/ARQIDAQAB\"",
     kGoodRsa},
    {"dkim-rsa-over-2048", Severity::info, RuleNeeds::nothing, "RFC 8301 section 3.2",
     "An RSA key of DKIM has more than 2048 bits.",
     "Verifiers must take up to 4096 bits and nothing beyond; some older ones stop at 2048, and "
     "the record becomes long. 2048 bits are enough for keys that are rotated.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p="
     "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEApw9ltJZQuuVbKV2RjNjexuWSNNr2ULDeexuQFoJY5cdf8rwRw"
     "Tkg9Likghonmq8XEIxlEmU1/bxhx/ChW6uBvbcinl4RU2hS3WJ8ZdUpgI3fYD4H7qjoIZ/F3Co0j3VsH4F/YWc/YV\" "
     "\"iPf5qfciOUuBKara/m7RhIoxhaRpqBxyz/cnEaA9qDoP3A7LqpSeaCzlhKkYJPjvLhkQS5psY5Nrh/"
     "gzvTa0NzwSbbKiBEvdaz80OQmTeGPdcvUU9qyKKpfkV438/Yh3n/"
     "JM+B9sXx9gv9h4DVvuAHYlGsngrfyarzKMmLfY4ymuWwRci8joHkkRqbZqdIQwrHHpbZwG\" "
     "\"nvvCt+uimrS+1Sl3VMPN7CxTmAqIsPIk2mp8P+"
     "FjBN42trTIlTDAofBP9BJBSpzTwolTEdyJP8m0TZffAR5CHdyNAKah8ANVks+ill9sP3s88JI+MxXjUP+"
     "iZipuygYnymmOsg721GVPoPLEBAMPVh28CBW7U4jqNVeleh9GsDplIhAgMBAAE=\"",
     kGoodRsa},
    {"dkim-rsa-exponent", Severity::warning, RuleNeeds::nothing, "",
     "An RSA key of DKIM has another public exponent than 65537.",
     "Small exponents have led to forgeries with careless verifiers; with 1 or an even one the key "
     "protects nothing, which is an error. Make a new pair with the usual exponent.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=rsa; "
     "p="
     "MIGdMA0GCSqGSIb3DQEBAQUAA4GLADCBhwKBgQCxR7tCANElgBv9CIGQl5VkfoSwWfRzh4dKc4YtrYmerAn92avIaGKkU"
     "zQvLlPE8h7nyRlJZFbaPzWyq0DMSTSCBegRlVfVVxpyKYQFpu+kyKdtQqRobjaAe0FpHsSeEiJWHv5Mt+r+wTsZuR\" "
     "\"wdxiGIpaM66HOvWmj7/XGpqTKpAwIBAw==\"",
     kGoodRsa},
    {"dkim-known-weak-key", Severity::error, RuleNeeds::nothing, "",
     "A DKIM key can be forged with: it is published, can be factored, or was mistyped.",
     "Anybody can sign mail as this domain with it. Make a new pair of keys under a new selector "
     "and revoke this one at once.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"",
     kGood},
    {"dkim-key-type-mismatch", Severity::error, RuleNeeds::nothing, "RFC 8463 section 4.2",
     "The key in p= is not of the kind that k= says.",
     "Verifiers take k=rsa where k= is absent, fail to use the key, and no signature with that "
     "selector verifies. Write the kind that it is, or publish the other key.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; "
     "p=MCowBQYDK2VwAyEA0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-ed25519-length", Severity::error, RuleNeeds::nothing, "RFC 8463 section 4.2",
     "The p= of an Ed25519 key does not hold 32 octets.",
     "An Ed25519 key is published as its 32 octets alone, which are 44 signs of base64; tools "
     "often print it with 12 octets more in front. As it is, no signature verifies.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; "
     "p=MCowBQYDK2VwAyEA0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
};

}  // namespace

std::span<const Rule> dkim_key_rules() { return kRows; }

}  // namespace mxsmith::mail
