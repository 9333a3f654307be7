// Which services a host, an SPF term or a TXT value belongs to: the catalogue turned round, so that
// a zone's records find their services without trying every entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mail/service.hpp"
#include "mail/service_template.hpp"

namespace mxsmith::mail {

/// Positions of services in the catalogue, ascending, each once.
using ServiceHits = std::vector<std::uint16_t>;

class ServiceIndex {
 public:
  explicit ServiceIndex(const std::vector<Service>& services);

  /// Services that have this host among their MX.
  [[nodiscard]] ServiceHits exchange(const dns::Name& host) const;
  /// Services whose record of that part points at the host: a CNAME's or an SRV's target, or the
  /// exchange of a bounce name.
  [[nodiscard]] ServiceHits target(ServicePart part, const dns::Name& host) const;
  /// Services that ask for this term: current ones, and those that are as good.
  [[nodiscard]] ServiceHits spf(const SpfTerm& term) const;
  /// Services for which that term authorises nobody any more.
  [[nodiscard]] ServiceHits retired_spf(const SpfTerm& term) const;
  /// Services whose SPF terms name that domain.
  [[nodiscard]] ServiceHits spf_domain(std::string_view domain) const;
  /// Services that alone use a name: "google._domainkey" of a TXT record.
  [[nodiscard]] ServiceHits telling_name(ServicePart part, std::string_view relative) const;
  /// A service whose ownership tokens begin as this value does, and the texts around its token;
  /// nothing when there is none.
  struct Token {
    std::uint16_t service = 0;
    std::size_t record = 0;  ///< Of its verification records.
  };
  [[nodiscard]] std::optional<Token> token_like(std::string_view octets) const;
  /// Services whose ownership token at the apex looks like this value.
  [[nodiscard]] ServiceHits token(std::string_view octets) const;

 private:
  struct Entry {
    TextPattern pattern;
    std::uint16_t service = 0;
  };
  /// Patterns by their last two labels.
  struct Hosts {
    std::unordered_map<std::string, std::vector<Entry>> by_end;
    void add(std::string_view text, std::uint16_t service);
    void find(std::string_view text, ServiceHits& hits) const;
  };

  void add_service(const Service& service, std::uint16_t number);
  void add_record(const Service& service, std::uint16_t number, ServicePart part,
                  const ServiceRecord& record);
  void add_term(Hosts& hosts, const Service& service, std::uint16_t number,
                const std::string& term);

  Hosts exchanges_;
  Hosts targets_[kServiceParts.size()];
  Hosts spf_;
  Hosts retired_;
  std::vector<Entry> names_[kServiceParts.size()];
  struct TokenEntry {
    Entry entry;
    std::size_t record = 0;
  };
  std::vector<TokenEntry> tokens_;
};

/// Without final dot, lower case: as the catalogue writes hosts.
std::string host_text(const dns::Name& name);

}  // namespace mxsmith::mail
