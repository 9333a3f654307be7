// Mail services: which records a customer's zone needs for each, as data.
//
// The catalogue is read from TOML (spec/service_files.hpp); here are the values, what becomes of
// them in one zone, and which services the records of a zone speak of. Texts hold placeholders:
// ${zone}, ${zone_dashed}, and ${NAME} for the fields that a customer gets from the service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/parsed.hpp"
#include "dns/rdata.hpp"
#include "dns/type.hpp"
#include "mail/declared.hpp"
#include "mail/mail_zone.hpp"
#include "mail/service_part.hpp"
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
  none,  ///< A zone without mail: what `mail.none` declares.
};
std::string_view service_kind_word(ServiceKind kind);
std::optional<ServiceKind> parse_service_kind(std::string_view word);

/// What the value of a field can look like.
enum class FieldForm : std::uint8_t {
  text,    ///< Printable ASCII.
  word,    ///< Letters, digits, "-" and "_".
  digits,  ///< 0 to 9.
  hex,     ///< 0 to 9 and a to f.
  host,    ///< A domain name, or labels of one.
  dkim,    ///< A public key as base64 or PEM, or the whole DKIM record.
};
std::string_view field_form_word(FieldForm form);
std::optional<FieldForm> parse_field_form(std::string_view word);

/// What only the customer knows: a token, a key, a region.
struct ServiceField {
  std::string name;                      ///< "selector", "key", "region"
  std::string meaning;                   ///< A phrase: what it is and where the service shows it.
  std::optional<std::string> otherwise;  ///< Stands where the spec is silent; nothing: needed.
  bool optional = false;  ///< Records that hold it are left out where it is not given.
  /// `otherwise` is not to be relied on for zones with a hyphen in their name, and has to be given.
  bool asked_with_hyphen = false;
  /// Values it may have, and what each stands for in the texts; empty: any value.
  std::map<std::string, std::string> choices;
  FieldForm form = FieldForm::text;
  std::size_t least = 1;  ///< Octets.
  std::size_t most = 0;   ///< 0: as many as fit.
};

/// Whether a value has the field's form and size, or is one of its choices.
bool field_takes(const ServiceField& field, std::string_view value);

struct ServiceMx {
  std::string host;
  std::uint16_t preference = 0;
};

/// A record beside MX and SPF.
struct ServiceRecord {
  std::string name;  ///< Relative to the zone, "@" the apex.
  dns::Type type{};
  std::string value;  ///< TXT: the octets; else presentation form.
  /// The name alone tells that it is this service's: nobody else uses it.
  bool telling = false;
  /// Known for recognition and shown as advice; declaring the service does not bring it.
  bool suggested = false;
};

struct Service {
  std::string id;    ///< "google-workspace"
  std::string name;  ///< "Google Workspace"
  ServiceKind kind = ServiceKind::sender;
  std::vector<ServiceField> fields;
  std::vector<std::vector<std::string>> one_of;  ///< Of each list one field at least is needed.
  std::vector<ServiceMx> mx;
  bool mx_exclusive = false;                     ///< No other host may stand beside them.
  bool mx_any_preference = false;                ///< The service itself chooses preferences.
  std::string mx_at = "@";                       ///< Where they stand, relative.
  std::vector<std::vector<ServiceMx>> mx_other;  ///< Sets that are as good, for recognition.
  std::vector<std::string> spf;                  ///< Terms.
  std::string spf_at = "@";                      ///< Where they belong, relative.
  std::vector<std::string> spf_other;            ///< Terms that are as good, for recognition.
  std::vector<std::string> spf_retired;          ///< Terms that authorise nobody any more.
  std::optional<SpfQualifier> spf_all;           ///< The `all` that it asks for.
  unsigned spf_lookups = 0;                      ///< As counted once; 0: not known.
  std::vector<ServiceRecord> dkim;
  std::vector<ServiceRecord> verification;
  bool verification_keep = true;         ///< The token is looked for again and again.
  std::vector<ServiceRecord> discovery;  ///< Autodiscover, SRV.
  std::vector<ServiceRecord> bounce;     ///< For the envelope sender's own name.
  std::vector<ServiceRecord> policies;   ///< DMARC, MTA-STS it suggests or hosts.
  bool shared_key = false;               ///< All its customers publish one DKIM key.
  /// It sends with an envelope sender below the domain, or of its own: SPF is never strictly
  /// aligned (RFC 9989 section 4.4).
  bool relaxed_spf = false;
  std::vector<std::string> built_on;  ///< Ids of services whose records it also uses.
  std::string notes;                  ///< What to watch for, sentences.
  std::vector<std::string> sources;
  std::string checked;              ///< "2026-11-22": when the sources were read.
  bool verified = false;            ///< Nothing in it is a guess, `unsure` aside.
  std::vector<std::string> unsure;  ///< What of the entry is not confirmed: "field.region.jp".

  /// Null: no such field.
  [[nodiscard]] const ServiceField* field(std::string_view field_name) const;
  /// Whether its MX stand at the apex.
  [[nodiscard]] bool receives() const { return !mx.empty() && mx_at == "@"; }
};

class ServiceIndex;

/// Services by id.
class Catalogue {
 public:
  Catalogue();
  /// Of several with one id the last counts: a user's own entry takes the place of ours.
  explicit Catalogue(std::vector<Service> services);

  /// By id.
  [[nodiscard]] std::span<const Service> all() const { return services_; }
  /// Null: no such service.
  [[nodiscard]] const Service* find(std::string_view id) const;
  /// Ids that are spelled nearly so, for hints.
  [[nodiscard]] std::vector<std::string> like(std::string_view id) const;
  /// What records are recognised by; its numbers count in all().
  [[nodiscard]] const ServiceIndex& index() const { return *index_; }

 private:
  std::vector<Service> services_;
  std::shared_ptr<const ServiceIndex> index_;
};

/// A service's records for one zone, placeholders filled.
struct ServiceRecords {
  std::vector<std::pair<dns::Name, dns::Mx>> mx;
  std::vector<std::pair<dns::Name, SpfTerm>> spf;
  struct Record {
    dns::Name name;
    dns::Type type{};
    dns::Rdata value;
    ServicePart part{};
    bool suggested = false;
  };
  std::vector<Record> records;
};
/// One fault per field that is missing or has a value it cannot have; `field` names it, and is
/// empty where the fault is the entry's own.
struct FieldFault {
  std::string field;
  std::string message;
  std::string hint;
};
struct Filled {
  ServiceRecords records;
  std::vector<FieldFault> faults;
};
/// Parts in `without` are left out, and fields that only they need are not asked for.
Filled fill_service(const Service& service, const dns::Name& zone,
                    const std::map<std::string, std::string>& fields,
                    const std::vector<ServicePart>& without = {});

/// Why a service is thought to be in use.
struct Evidence {
  dns::Key key;
  ServicePart part{};
  std::string what;  ///< "MX aspmx.l.google.com": hostile text.
};
struct DetectedService {
  const Service* service = nullptr;
  std::vector<Evidence> evidence;
  bool receives = false;  ///< Its MX hosts stand in the apex's MX set.
  bool sends = false;     ///< Its SPF terms or DKIM keys are there.
  /// Of its records, as far as they can be told without the customer's fields, those missing:
  /// phrases, "include:spf.example.net in the SPF record at @".
  std::vector<std::string> missing;
};
/// Services that the records speak of; those with most evidence first. One of which only an
/// ownership token is there neither receives nor sends.
std::vector<DetectedService> detect_services(const MailZone& zone, const Catalogue& catalogue);

}  // namespace mxsmith::mail
