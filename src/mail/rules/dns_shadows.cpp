// Rules about records that hide others: wildcards and names below them (RFC 4592), what stands
// below a delegation or a DNAME.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/dns_rows.hpp"

namespace mxsmith::mail {

namespace {

/// Names that are told of each wildcard; the rest is counted.
constexpr std::size_t kMostNames = 3;

struct Wildcard {
  const dns::RRset* set = nullptr;
  std::vector<std::string> shadowed = {};
  std::size_t count = 0;
};

bool is_address(dns::Type type) { return type == dns::Type::A || type == dns::Type::AAAA; }

/// What a parent holds at a cut (RFC 4035 section 2.4, RFC 2181 section 6.1); addresses there and
/// below may be glue.
bool belongs_to_parent(dns::Type type, bool at_cut) {
  if (is_address(type)) return true;
  return at_cut && (type == dns::Type::NS || type == dns::Type::DS || type == dns::Type::NSEC ||
                    type == dns::Type::RRSIG);
}

class Shadows {
 public:
  explicit Shadows(Judged& judged) : judged_(judged), sets_(judged.zone.sets()) {}

  void judge() {
    gather();
    if (cuts_.empty() && dnames_.empty() && wildcards_.empty()) return;
    sets_.visit([&](const dns::RRset& set) { look_at(set); });
    tell_wildcards();
  }

 private:
  void gather() {
    const dns::Name& apex = sets_.apex();
    sets_.visit([&](const dns::RRset& set) {
      if (set.type == dns::Type::NS && set.name != apex) cuts_.insert(set.name);
      if (set.type == dns::Type::DNAME) dnames_.insert(set.name);
    });
    for (const MxPlace& place : judged_.zone.mx) {
      for (const dns::Mx& mx : place.records) exchanges_.insert(mx.exchange);
      if (place.domain().is_wildcard()) wildcards_[place.domain().parent()].set = place.set;
    }
  }

  void look_at(const dns::RRset& set) {
    const dns::Name& apex = sets_.apex();
    bool at_owner = true;
    for (dns::Name name = set.name; name != apex && !name.is_root(); name = name.parent()) {
      if (cuts_.count(name) != 0 && !belongs_to_parent(set.type, at_owner)) {
        judged_.tell("dns-below-delegation", Subject::of(set.key()),
                     name.display() + " is delegated to other servers, which answer instead");
        return;
      }
      at_owner = false;
    }
    if (!dnames_.empty()) look_above(set);
    if (!wildcards_.empty() && is_address(set.type)) look_for_wildcard(set);
  }

  void look_above(const dns::RRset& set) {
    for (dns::Name name = set.name; name != sets_.apex() && !name.is_root();) {
      name = name.parent();
      if (dnames_.count(name) == 0) continue;
      judged_.tell("dns-below-dname", Subject::of(set.key()),
                   name.display() + " has a DNAME, which redirects all names below it");
      return;
    }
  }

  /// Hosts that take no mail by the wildcard above them, since they exist.
  void look_for_wildcard(const dns::RRset& set) {
    if (set.name.is_wildcard() || exchanges_.count(set.name) != 0) return;
    if (set.type == dns::Type::AAAA && sets_.find(set.name, dns::Type::A) != nullptr) return;
    if (sets_.find(set.name, dns::Type::MX) != nullptr) return;
    for (dns::Name name = set.name; name != sets_.apex() && !name.is_root();) {
      name = name.parent();
      const auto wildcard = wildcards_.find(name);
      if (wildcard == wildcards_.end()) continue;
      Wildcard& found = wildcard->second;
      if (found.count++ < kMostNames) found.shadowed.push_back(set.name.display());
      return;
    }
  }

  void tell_wildcards() {
    for (const auto& [above, wildcard] : wildcards_) {
      if (wildcard.count == 0) continue;
      std::string names = base::join(wildcard.shadowed, ", ");
      if (wildcard.count > kMostNames) {
        names += " and " + std::to_string(wildcard.count - kMostNames) + " more";
      }
      judged_.tell("dns-wildcard-shadow", Subject::of(wildcard.set->key()),
                   "does not hold for names that exist: " + names);
    }
  }

  Judged& judged_;
  const ZoneSets& sets_;
  std::unordered_set<dns::Name> cuts_;
  std::unordered_set<dns::Name> dnames_;
  std::unordered_set<dns::Name> exchanges_;
  std::unordered_map<dns::Name, Wildcard> wildcards_;
};

}  // namespace

void judge_shadows(Judged& judged) { Shadows(judged).judge(); }

}  // namespace mxsmith::mail
