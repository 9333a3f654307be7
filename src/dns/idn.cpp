#include "dns/idn.hpp"

#include <idn2.h>

#include <memory>

namespace mxsmith::dns {

namespace {

using Idn2String = std::unique_ptr<char, decltype(&idn2_free)>;

base::Fault forbidden(int code) {
  return {std::string("not an internationalized label: ") + idn2_strerror(code),
          "write the A-label (xn--...) that the registry gave you"};
}

}  // namespace

base::Parsed<std::string> label_to_ascii(std::string_view label) {
  const std::string text(label);
  char* out = nullptr;
  const int code = idn2_to_ascii_8z(text.c_str(), &out, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const Idn2String owned(out, idn2_free);
  if (code != IDN2_OK) return forbidden(code);
  if (text.find('\0') != std::string::npos) return forbidden(IDN2_DISALLOWED);
  return std::string(out);
}

std::optional<std::string> label_to_unicode(std::string_view label) {
  if (label.substr(0, 4) != "xn--") return std::nullopt;
  const std::string text(label);
  char* out = nullptr;
  const int code = idn2_to_unicode_8z8z(text.c_str(), &out, IDN2_NONTRANSITIONAL);
  const Idn2String owned(out, idn2_free);
  if (code != IDN2_OK) return std::nullopt;
  std::string unicode(out);
  const auto back = label_to_ascii(unicode);
  if (unicode == text || !back.ok() || *back != text) return std::nullopt;
  return unicode;
}

}  // namespace mxsmith::dns
