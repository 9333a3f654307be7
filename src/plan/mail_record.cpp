// The table of mail records in docs/scope.md: what `manage = "mail"` may delete.
#include <string_view>
#include <variant>

#include "mail/dkim.hpp"
#include "mail/spf.hpp"
#include "plan/mail_place.hpp"
#include "plan/name_labels.hpp"
#include "plan/scope.hpp"

namespace mxsmith::plan {

namespace {

/// Names below "_domainkey.<apex>", selectors with dots in them included (RFC 6376 section 3.1).
bool is_selector_of(std::string_view labels) {
  constexpr std::string_view kLabel("\x0a_domainkey", 11);
  // From label to label, since octets inside a label could look like one.
  for (take_label(labels); !labels.empty(); take_label(labels)) {
    if (labels == kLabel) return true;
  }
  return false;
}

}  // namespace

MailPlace mail_place(const dns::Name& apex, const dns::Name& name) {
  const auto labels = labels_before(name, apex);
  if (!labels) return MailPlace::none;
  std::string_view rest = *labels;
  const std::string_view first = take_label(rest);
  if (first.empty()) return MailPlace::apex;
  if (is_selector_of(*labels)) return MailPlace::selector;
  if (rest.empty() && first == "_dmarc") return MailPlace::dmarc;
  if (rest.empty() && first == "_mta-sts") return MailPlace::mta_sts;
  const std::string_view second = take_label(rest);
  if (!rest.empty()) return MailPlace::none;
  if (first == "_smtp" && second == "_tls") return MailPlace::tls_rpt;
  return second == "_bimi" ? MailPlace::bimi : MailPlace::none;
}

bool is_mail_record(const dns::Name& apex, const dns::Key& key, const dns::Rdata& value) {
  const MailPlace place = mail_place(apex, key.name);
  if (place == MailPlace::none) return false;
  if (place == MailPlace::apex) {
    if (key.type == dns::Type::MX) return true;
    const auto* txt = std::get_if<dns::Txt>(&value);
    return txt != nullptr && mail::is_spf(txt->octets);
  }
  if (key.type == dns::Type::CNAME) return true;
  const auto* txt = std::get_if<dns::Txt>(&value);
  if (txt == nullptr) return false;
  if (place == MailPlace::selector) return mail::parse_dkim(txt->octets).has_value();
  const OwnedClass owned = classify_txt(key.name, txt->octets);
  return owned != OwnedClass::value && owned != OwnedClass::spf;
}

}  // namespace mxsmith::plan
