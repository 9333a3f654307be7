// Keys of our own for tests; their private halves are gone.
#pragma once

#include <string>

namespace mxsmith::tests {

inline const std::string kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGSHNI+VgNguHji382sYG756GJ"
    "QJMn+EcKRj+kGLxinzd1xHaD8yU/J/H8iUWLkPn00p6k7DUlcYm219M+s0K8Lk8t"
    "3koumEai5gSTawTEQv4CtLTRNjsJvOuj7iPGG/d72J/GZzaRfQz3SaFV/fKfQheD"
    "afAJXzRvntvi4WdhaQIDAQAB";
/// The same key, laid out as RSAPublicKey.
inline const std::string kRsa1024Pkcs1 =
    "MIGJAoGBAMZIc0j5WA2C4eOLfzaxgbvnoYlAkyf4RwpGP6QYvGKfN3XEdoPzJT8n"
    "8fyJRYuQ+fTSnqTsNSVxibbX0z6zQrwuTy3eSi6YRqLmBJNrBMRC/gK0tNE2Owm8"
    "66PuI8Yb93vYn8ZnNpF9DPdJoVX98p9CF4Np8AlfNG+e2+LhZ2FpAgMBAAE=";
inline const std::string kRsa2048 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwD/BbuOQvpr0k+xUc1AG"
    "KSt9FZ7lW7Br1lyC5aJvHkUiAva0Rvd8t+wqn2IzotQmPWNebaCt9+uQnfAZOMby"
    "lxwof8TIy/Y3AiLBFdk6Fx2cC5DxYjRqRmYbUEDPWeCxtsrwVad+vvl03g3n88zH"
    "xJvkppFvN3/wMfXIFT9RdNTuBbPiXMnW/zqmy0Zlm9nvyVXHOr0dJczLbFokarJK"
    "trS08UmmwmHwgTB6jiiR4j8R9rhYyjl7+ifxrd000EE91/dcaAKUjg46+2Lwm9Ly"
    "kdpMKub5RyJ2SYF+pCkT9rxA7WmBjoKrSwMq/gk5GM+8nCWiRk/WueN2Mvb6cZL1"
    "hQIDAQAB";
/// A modulus that is 1 modulo every small prime, as those that CVE-2017-15361 is about are powers
/// of 65537; it is no product of two primes, and nobody's key.
inline const std::string kRocaLike =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQChcLM4OSYwWfKMEF0fsXwjkMGS"
    "z9OslK8PId22bK1KJo0Rbs4XOPfZPZwXJBHiC49rDVSbbwNnWhYAo1oJmVDYNvZ1"
    "zIHnTvXo4l2UDtkEdZUxmF1dncn4GBjoEYkvkCvSPwgkEM9LXweQ4m8NNlkWcpjA"
    "wrAOkC1k+2bNb3PXwQIDAQAB";
inline const std::string kEd25519Spki =
    "MCowBQYDK2VwAyEA+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";
inline const std::string kEd25519Raw = "+oGQABQwodyd4AIaS4RPefhehnhfMc4SrM99s2GM2gA=";
inline const std::string kEcSpki =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIOCdrS8X6nlNGg2cGqtizDx46o4U"
    "oLvPagC4/gPr6GY7YQeKXSEAhAJJjyMA4SiEvkbU3vt4VfKMvQ39K8j1yg==";

/// The octets of `body` as lines of 64 between the two lines of a PEM.
inline std::string pem(const std::string& label, const std::string& body) {
  std::string text = "-----BEGIN " + label + "-----\n";
  for (std::size_t at = 0; at < body.size(); at += 64) text.append(body, at, 64).append("\r\n");
  return text + "-----END " + label + "-----\n";
}

}  // namespace mxsmith::tests
