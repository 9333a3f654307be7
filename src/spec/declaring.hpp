// What the files that turn keys into declarations share: the zone, the units so far, and how the
// parts every block has (TTL, names, hosts) are read.
//
// Readers here take trees whose shape was checked; what has the wrong type is passed over, since it
// has been told already.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "mail/declared.hpp"
#include "plan/desired.hpp"
#include "spec/node.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

class Declaring {
 public:
  Declaring(const dns::Name& zone, const KeyFiles& key_files, std::optional<std::uint32_t> ttl,
            base::Diagnostics& diagnostics)
      : zone_(zone), key_files_(key_files), ttl_(ttl), diagnostics_(diagnostics) {}

  [[nodiscard]] const dns::Name& zone() const { return zone_; }
  [[nodiscard]] const KeyFiles& key_files() const { return key_files_; }
  [[nodiscard]] const std::vector<plan::DesiredUnit>& units() const { return units_; }
  std::vector<plan::DesiredUnit> take_units() { return std::move(units_); }
  /// What is said of the zone's mail beyond records.
  mail::Declared& mail() { return mail_; }

  void error(std::string rule, const base::SourcePos& pos, std::string message,
             std::string hint = {}) {
    diagnostics_.error(std::move(rule), pos, std::move(message), std::move(hint));
  }
  void add(base::Diagnostic diagnostic) { diagnostics_.add(std::move(diagnostic)); }

  /// A unit for `owned` of the set, with the block's TTL or the file's.
  plan::DesiredUnit unit(const dns::Name& name, dns::Type type, plan::OwnedClass owned,
                         const Node& block, std::string path) const;
  void add(plan::DesiredUnit unit) { units_.push_back(std::move(unit)); }

  /// The table at a key; null when there is none.
  static const Node* block(const Node& above, std::string_view key);
  /// The string at a key; null when it is not there.
  static const Node* text(const Node& block, std::string_view key);
  static const Array* list(const Node& block, std::string_view key);
  static std::string word(const Node& block, std::string_view key, std::string_view otherwise);
  /// As text(); an error (spec-missing-key) naming the block when it is not there.
  const Node* need(const Node& block, std::string_view key, std::string_view block_name);

  /// An owner name: relative, "@", or absolute with a final dot. Rules: spec-name,
  /// spec-outside-zone, spec-name-repeats-zone.
  std::optional<dns::Name> owner(const Node& node);
  /// A name below the apex; nothing, with a diagnostic, when the zone's name leaves no room for it.
  std::optional<dns::Name> below_apex(const Node& block, std::string_view labels);
  /// A host as mail.mx.host takes it. Rules: spec-host, spec-host-address.
  std::optional<dns::Name> host(const Node& node);
  /// A TXT value short enough to be stored (spec-record-value).
  bool check_txt(const Node& node, const std::string& octets);

 private:
  const dns::Name& zone_;
  const KeyFiles& key_files_;
  std::optional<std::uint32_t> ttl_;
  base::Diagnostics& diagnostics_;
  std::vector<plan::DesiredUnit> units_;
  mail::Declared mail_;
};

/// A host as text, made absolute: "mail.@" below `zone`, "mx1.example.net" with or without final
/// dot as it is, "." the root. Faults: a single label, an IP address.
base::Parsed<std::string> absolute_host(std::string_view text, const dns::Name& zone);

/// Whether a host name is an IP address in disguise: nothing resolves that.
bool is_address(std::string_view text);

/// Whether an owner would hold the zone's name twice, "www.example.com.example.com".
bool repeats_zone(std::string_view owner, const dns::Name& zone);

/// A value of [[record]]: presentation form in which hosts follow absolute_host.
base::Parsed<dns::Rdata> parse_record_value(dns::Type type, const std::string& text,
                                            const dns::Name& zone);

/// TXT values at a name as units: classes, whole sets at DKIM selectors, single values.
void declare_txt(Declaring& declaring, const dns::Name& name,
                 const std::vector<plan::DesiredValue>& values, const plan::DesiredUnit& model);

/// mail.mx, mail.verification, [[record]].
void declare_mx(Declaring& declaring, const Node& mail);
void declare_verifications(Declaring& declaring, const Node& mail);
void declare_records(Declaring& declaring, const Node& tree);

/// The other blocks of `mail`. MTA-STS looks at the MX declared so far.
void declare_none(Declaring& declaring, const Node& mail);
void declare_dkim(Declaring& declaring, const Node& mail);
void declare_dmarc(Declaring& declaring, const Node& mail);
void declare_mta_sts(Declaring& declaring, const Node& mail);
void declare_tls_rpt(Declaring& declaring, const Node& mail);
/// DANE looks at the MX declared so far.
void declare_dane(Declaring& declaring, const Node& mail);
void declare_bimi(Declaring& declaring, const Node& mail);
void declare_clients(Declaring& declaring, const Node& mail);

/// [[absent]] and [[ignore]].
std::vector<plan::AbsentRule> absent_rules(Declaring& declaring, const Node& tree);
std::vector<plan::IgnoreRule> ignore_rules(Declaring& declaring, const Node& tree);

/// What cannot stand together: declared twice, CNAME beside other data, several CNAME, null MX
/// beside MX, declared and ignored or absent. Rules: spec-declared-twice, spec-cname,
/// spec-null-mx, spec-ignored, spec-absent.
void check_conflicts(const plan::Desired& desired, base::Diagnostics& diagnostics);

/// SHA-256 of everything declared; see plan::Desired::digest.
std::string digest_of(const plan::Desired& desired);

/// One zone's declarations at one moment, stages already laid over, before cut-over TTLs.
/// `tree` is merged and not yet filled.
plan::Desired declare(const Node& tree, const ZoneTree& zone, const dns::Name& name,
                      base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
