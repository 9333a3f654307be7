#include "plan/desired.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mail/spf.hpp"
#include "mail/tag_list.hpp"
#include "plan/name_labels.hpp"

namespace mxsmith::plan {

namespace {

constexpr std::array<std::pair<OwnedClass, std::string_view>, 7> kClassNames{{
    {OwnedClass::whole, "whole"},
    {OwnedClass::spf, "spf"},
    {OwnedClass::dmarc, "dmarc"},
    {OwnedClass::mta_sts, "mta-sts"},
    {OwnedClass::tls_rpt, "tls-rpt"},
    {OwnedClass::bimi, "bimi"},
    {OwnedClass::value, "value"},
}};

std::string_view version_tag(OwnedClass owned) {
  switch (owned) {
    case OwnedClass::spf: return " v=spf1";
    case OwnedClass::dmarc: return " v=DMARC1";
    case OwnedClass::mta_sts: return " v=STSv1";
    case OwnedClass::tls_rpt: return " v=TLSRPTv1";
    case OwnedClass::bimi: return " v=BIMI1";
    case OwnedClass::whole:
    case OwnedClass::value: break;
  }
  return "";
}

}  // namespace

std::string_view class_name(OwnedClass owned) {
  for (const auto& [known, name] : kClassNames) {
    if (known == owned) return name;
  }
  return "whole";
}

std::optional<OwnedClass> parse_class(std::string_view name) {
  for (const auto& [known, known_name] : kClassNames) {
    if (known_name == name) return known;
  }
  return std::nullopt;
}

OwnedClass classify_txt(const dns::Name& name, std::string_view octets) {
  if (mail::is_spf(octets)) return OwnedClass::spf;
  std::string_view rest = name.wire();
  const std::string_view first = take_label(rest);
  const std::string_view second = take_label(rest);
  if (first == "_dmarc" && mail::is_dmarc(octets)) return OwnedClass::dmarc;
  if (first == "_mta-sts" && mail::is_mta_sts(octets)) return OwnedClass::mta_sts;
  if (first == "_smtp" && second == "_tls" && mail::is_tls_rpt(octets)) return OwnedClass::tls_rpt;
  if (second == "_bimi" && mail::is_bimi(octets)) return OwnedClass::bimi;
  return OwnedClass::value;
}

std::string Unit::text() const {
  if (owned == OwnedClass::value) return key.text() + " " + dns::print_rdata(dns::Txt{octets});
  return key.text() + std::string(version_tag(owned));
}

const ManifestItem* Manifest::find(const Unit& unit) const {
  const auto found =
      std::lower_bound(items.begin(), items.end(), unit,
                       [](const ManifestItem& item, const Unit& u) { return item.unit < u; });
  return found != items.end() && found->unit == unit ? &*found : nullptr;
}

}  // namespace mxsmith::plan
