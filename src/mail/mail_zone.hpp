// A zone's mail records, each found at its place and read once.
//
// Rules, explanations and the detection of services all start here: they look at values, never at
// names and octets again. Reading is tolerant; what is odd about a record is among its findings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "dns/rrset.hpp"
#include "mail/bimi.hpp"
#include "mail/client_srv.hpp"
#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/spf.hpp"
#include "mail/tls_rpt.hpp"
#include "mail/zone_sets.hpp"

namespace mxsmith::mail {

/// One value of a TXT set.
struct TxtPlace {
  const dns::RRset* set = nullptr;
  std::size_t value = 0;    ///< Position in set->values.
  std::string_view octets;  ///< Of that value; live as long as the set.
};

/// A domain's MX set.
struct MxPlace {
  const dns::RRset* set = nullptr;
  std::vector<dns::Mx> records;  ///< In the set's order.
  [[nodiscard]] const dns::Name& domain() const { return set->name; }
};

/// One SPF record: a value that is_spf().
struct SpfPlace {
  TxtPlace at;
  base::Parsed<SpfRecord> record;
  [[nodiscard]] const dns::Name& domain() const { return at.set->name; }
};

/// One value at a DKIM selector.
struct DkimPlace {
  TxtPlace at;
  std::string selector;  ///< "s1", "s1.eu"
  dns::Name domain;      ///< What stands behind _domainkey.
  DkimReading reading;
};

/// One value that begins with v=DMARC1 (RFC 9989 section 4.7) at a _dmarc name.
struct DmarcPlace {
  TxtPlace at;
  dns::Name domain;
  Reading<DmarcRecord> reading;
};
struct MtaStsPlace {
  TxtPlace at;
  dns::Name domain;
  Reading<MtaStsRecord> reading;
};
struct TlsRptPlace {
  TxtPlace at;
  dns::Name domain;
  Reading<TlsRptRecord> reading;
};
struct BimiPlace {
  TxtPlace at;
  std::string selector;
  dns::Name domain;
  Reading<BimiRecord> reading;
};
/// TLSA below a port, "_25._tcp.mx1.example.com".
struct TlsaPlace {
  const dns::RRset* set = nullptr;
  std::uint16_t port = 0;
  dns::Name host;
  std::vector<dns::Tlsa> records;
};
/// SRV of a service that mail programs ask for.
struct SrvPlace {
  const dns::RRset* set = nullptr;
  const ClientService* service = nullptr;
  dns::Name domain;
  std::vector<dns::Srv> records;
};
/// A CNAME where a mail record is looked for: at _dmarc, a DKIM selector, _mta-sts, mta-sts, ...
struct AliasPlace {
  const dns::RRset* set = nullptr;
  dns::Name target;
};

class MailZone {
 public:
  /// Reads `sets`, which must outlive it. Keys are decoded through `keys`.
  MailZone(const ZoneSets& sets, KeyCache& keys);

  [[nodiscard]] const ZoneSets& sets() const { return *sets_; }
  [[nodiscard]] const dns::Name& apex() const { return sets_->apex(); }

  // Everything in canonical order of owner names.
  std::vector<TxtPlace> txt;  ///< Every TXT value of the zone, mail records among them.
  std::vector<MxPlace> mx;
  std::vector<SpfPlace> spf;
  std::vector<DkimPlace> dkim;
  std::vector<DmarcPlace> dmarc;
  std::vector<MtaStsPlace> mta_sts;
  std::vector<TlsRptPlace> tls_rpt;
  std::vector<BimiPlace> bimi;
  std::vector<TlsaPlace> tlsa;
  std::vector<SrvPlace> srv;
  std::vector<AliasPlace> aliases;

  /// The apex's MX, or null.
  [[nodiscard]] const MxPlace* mx_of(const dns::Name& domain) const;
  /// The SPF records of one domain.
  [[nodiscard]] std::vector<const SpfPlace*> spf_of(const dns::Name& domain) const;
  /// The only, readable SPF record of a domain; null where there is none, or several.
  [[nodiscard]] const SpfRecord* usable_spf(const dns::Name& domain) const;
  [[nodiscard]] std::vector<const DmarcPlace*> dmarc_of(const dns::Name& domain) const;
  /// What receivers use of a domain's own name: one record alone counts (RFC 9989 section 4.10).
  [[nodiscard]] const DmarcRecord* usable_dmarc(const dns::Name& domain) const;
  /// Values of the TXT set of that name.
  [[nodiscard]] std::vector<TxtPlace> txt_at(const dns::Name& name) const;
  [[nodiscard]] const AliasPlace* alias_at(const dns::Name& name) const;

 private:
  const ZoneSets* sets_;
};

}  // namespace mxsmith::mail
