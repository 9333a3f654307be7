// Mail services: which records a customer's zone needs for each, as data.
//
// The catalogue is read from TOML (spec/service_files.hpp); here are the values, what becomes of
// them in one zone, and which services the records of a zone speak of. Texts hold placeholders:
// ${zone}, ${zone_dashed}, and ${NAME} for the fields that a customer gets from the service.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "dns/rdata.hpp"
#include "dns/type.hpp"
#include "mail/mail_zone.hpp"
#include "mail/spf.hpp"

namespace mxsmith::mail {

enum class ServiceKind : std::uint8_t {
  mailbox,
  gateway,
  sender,
  helpdesk,
  crm,
  forwarder,
  archive,
};
std::string_view service_kind_word(ServiceKind kind);
std::optional<ServiceKind> parse_service_kind(std::string_view word);

/// What only the customer knows: a token, a key, a region.
struct ServiceField {
  std::string name;                      ///< "selector", "key", "region"
  std::string meaning;                   ///< A phrase: what it is and where the service shows it.
  std::optional<std::string> otherwise;  ///< Stands where the spec is silent; nothing: needed.
  bool optional = false;  ///< Records that hold it are left out where it is not given.
  /// Values it may have, and what each stands for in the texts; empty: any value.
  std::map<std::string, std::string> choices;
  std::string pattern;  ///< A glob that values have to match; empty: any.
};

struct ServiceMx {
  std::string host;
  std::uint16_t preference = 0;
};

/// A record beside MX and SPF.
struct ServiceRecord {
  std::string name;  ///< Relative to the zone, "@" the apex.
  dns::Type type{};
  std::string value;  ///< TXT: the octets; else presentation form.
};

struct Service {
  std::string id;    ///< "google-workspace"
  std::string name;  ///< "Google Workspace"
  ServiceKind kind = ServiceKind::sender;
  std::vector<ServiceField> fields;
  std::vector<ServiceMx> mx;
  bool mx_exclusive = false;                     ///< No other host may stand beside them.
  std::string mx_at = "@";                       ///< Where they stand, relative.
  std::vector<std::vector<ServiceMx>> mx_other;  ///< Sets that are as good, for recognition.
  std::vector<std::string> spf;                  ///< Terms.
  std::string spf_at = "@";                      ///< Where they belong, relative.
  std::vector<std::string> spf_other;            ///< Terms that are as good, for recognition.
  std::optional<SpfQualifier> spf_all;           ///< The `all` that it asks for.
  unsigned spf_lookups = 0;                      ///< As counted once; 0: not known.
  std::vector<ServiceRecord> dkim;
  std::vector<ServiceRecord> dkim_other;  ///< As good, for recognition.
  std::vector<ServiceRecord> verification;
  bool verification_keep = true;         ///< The token is looked for again and again.
  std::vector<ServiceRecord> discovery;  ///< Autodiscover, SRV.
  std::vector<ServiceRecord> bounce;     ///< For the envelope sender's own name.
  std::vector<ServiceRecord> policies;   ///< DMARC, MTA-STS it suggests or hosts.
  bool shared_key = false;               ///< All its customers publish one DKIM key.
  std::string notes;                     ///< What to watch for, sentences.
  std::vector<std::string> sources;
  bool verified = false;            ///< Nothing in it is a guess, `unsure` aside.
  std::vector<std::string> unsure;  ///< Keys of the entry that are not confirmed.
};

/// Services by id.
class Catalogue {
 public:
  Catalogue() = default;
  /// Of several with one id the last counts: a user's own entry takes the place of ours.
  explicit Catalogue(std::vector<Service> services);

  [[nodiscard]] std::span<const Service> all() const { return services_; }
  /// Null: no such service.
  [[nodiscard]] const Service* find(std::string_view id) const;
  /// Ids that are spelled nearly so, for hints.
  [[nodiscard]] std::vector<std::string> like(std::string_view id) const;

 private:
  std::vector<Service> services_;
};

/// A service's records for one zone, placeholders filled.
struct ServiceRecords {
  std::vector<std::pair<dns::Name, dns::Mx>> mx;
  std::vector<std::pair<dns::Name, SpfTerm>> spf;
  struct Record {
    dns::Name name;
    dns::Type type{};
    dns::Rdata value;
    enum class Role : std::uint8_t { dkim, verification, discovery, bounce, policy } role{};
  };
  std::vector<Record> records;
};
/// One fault per field that is missing or has a value it cannot have; `what` of the fault names it.
struct FieldFault {
  std::string field;
  std::string message;
  std::string hint;
};
struct Filled {
  ServiceRecords records;
  std::vector<FieldFault> faults;
};
Filled fill_service(const Service& service, const dns::Name& zone,
                    const std::map<std::string, std::string>& fields);

/// Why a service is thought to be in use.
struct Evidence {
  dns::Key key;
  std::string what;  ///< "MX aspmx.l.google.com": hostile text.
};
struct DetectedService {
  const Service* service = nullptr;
  std::vector<Evidence> evidence;
  bool receives = false;  ///< Its MX hosts stand in the apex's MX set.
  bool sends = false;     ///< Its SPF terms or DKIM keys are there.
  /// Of its records, as far as they can be told without the customer's fields, those missing.
  std::vector<std::string> missing;
};
/// Services that the records speak of; those with most evidence first.
std::vector<DetectedService> detect_services(const MailZone& zone, const Catalogue& catalogue);

}  // namespace mxsmith::mail
