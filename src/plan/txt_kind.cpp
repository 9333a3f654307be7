#include "plan/txt_kind.hpp"

#include "plan/desired.hpp"
#include "plan/name_labels.hpp"

namespace mxsmith::plan {

bool is_selector_name(const dns::Name& name) {
  std::string_view rest = name.wire();
  // A selector may have dots in it (RFC 6376 section 3.1), so the label may be at any depth.
  for (auto label = take_label(rest); !label.empty(); label = take_label(rest)) {
    std::string_view next = rest;
    if (take_label(next) == "_domainkey") return true;
  }
  return false;
}

TxtKind txt_kind(const dns::Name& name, std::string_view octets) {
  switch (classify_txt(name, octets)) {
    case OwnedClass::spf: return TxtKind::spf;
    case OwnedClass::dmarc: return TxtKind::dmarc;
    case OwnedClass::mta_sts: return TxtKind::mta_sts;
    case OwnedClass::tls_rpt: return TxtKind::tls_rpt;
    case OwnedClass::bimi: return TxtKind::bimi;
    case OwnedClass::whole:
    case OwnedClass::value: break;
  }
  return is_selector_name(name) ? TxtKind::dkim : TxtKind::other;
}

bool is_single_txt(TxtKind kind) { return kind != TxtKind::other; }

std::string_view txt_kind_name(TxtKind kind) {
  switch (kind) {
    case TxtKind::spf: return "SPF record";
    case TxtKind::dkim: return "DKIM key";
    case TxtKind::dmarc: return "DMARC record";
    case TxtKind::mta_sts: return "MTA-STS record";
    case TxtKind::tls_rpt: return "TLS-RPT record";
    case TxtKind::bimi: return "BIMI record";
    case TxtKind::other: break;
  }
  return "TXT value";
}

}  // namespace mxsmith::plan
