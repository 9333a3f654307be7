// The one walk over every set of a zone, for rules that look at records of any kind.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/dns_rows.hpp"
#include "mail/rules/every_set.hpp"
#include "mail/rules/record_findings.hpp"

namespace mxsmith::mail {

namespace {

/// As many as a resolver follows before it gives up.
constexpr int kMostAliases = 17;

bool stands_beside_alias(dns::Type type) {
  return type == dns::Type::CNAME || type == dns::Type::RRSIG || type == dns::Type::NSEC ||
         type == dns::Type{25};  // KEY (RFC 3007 section 3.3).
}

bool has_underscore(const dns::Name& name) {
  return name.wire().find('_') != std::string_view::npos;
}

const dns::Name* alias_of(const ZoneSets& sets, const dns::Name& name) {
  const dns::RRset* set = sets.find(name, dns::Type::CNAME);
  if (set == nullptr || set->values.empty()) return nullptr;
  const auto* cname = std::get_if<dns::Cname>(&set->values.front());
  return cname == nullptr ? nullptr : &cname->target;
}

class EverySet {
 public:
  explicit EverySet(Judged& judged) : judged_(judged), sets_(judged.zone.sets()) {}

  void look_at(const dns::RRset& set) {
    // Sets of one owner mostly follow each other.
    if (set.name != last_owner_) {
      last_owner_ = set.name;
      judge_spelling(judged_, set.key(), set.name);
    }
    switch (set.type) {
      case dns::Type::A:
      case dns::Type::AAAA: judge_host(set); break;
      case dns::Type::NS: judge_servers(set); break;
      case dns::Type::CNAME:
        judge_alias(set);
        judge_scope(set);
        break;
      case dns::Type::TXT: judge_scope(set); break;
      case dns::Type::MX: judge_targets<dns::Mx>(set); break;
      case dns::Type::SRV:
        judge_srv_owner(judged_, set);
        judge_targets<dns::Srv>(set);
        break;
      case dns::Type::TLSA: judge_tlsa_owner(judged_, set); break;
      case dns::Type::CAA: judge_caa(judged_, set); break;
      case dns::Type::SOA: judge_mailbox(set); break;
      default: break;
    }
  }

 private:
  void judge_host(const dns::RRset& set) {
    if (!has_underscore(set.name) || set.name.is_wildcard()) return;
    judged_.tell("dns-underscore-host", Subject::of(set.key()),
                 "the name has an address and an underscore, which names of hosts do not have");
  }

  void judge_servers(const dns::RRset& set) {
    for (std::size_t i = 0; i < set.values.size(); ++i) {
      const auto* ns = std::get_if<dns::Ns>(&set.values[i]);
      if (ns == nullptr) continue;
      judge_spelling(judged_, set.key(), ns->target);
      if (!has_underscore(ns->target)) continue;
      judged_.tell("dns-underscore-host", subject_of(set, i),
                   ns->target.display() + " is a name server and has an underscore in its name");
    }
  }

  static const dns::Name& target_of(const dns::Mx& mx) { return mx.exchange; }
  static const dns::Name& target_of(const dns::Srv& srv) { return srv.target; }
  template <class Data>
  void judge_targets(const dns::RRset& set) {
    for (const dns::Rdata& value : set.values) {
      if (const auto* data = std::get_if<Data>(&value)) {
        judge_spelling(judged_, set.key(), target_of(*data));
      }
    }
  }

  void judge_alias(const dns::RRset& set) {
    const Subject subject = Subject::of(set.key());
    if (set.name == sets_.apex()) {
      judged_.tell("dns-cname-apex", subject, "the apex has SOA and NS, and cannot be an alias",
                   "ALIAS or flattening, where the provider has it, or A and AAAA");
    }
    if (set.values.size() > 1) {
      judged_.tell("dns-cname-multiple", subject,
                   std::to_string(set.values.size()) + " aliases where one can be", "keep one");
    }
    judge_neighbours(set);
    judge_loop(set);
    for (const dns::Rdata& value : set.values) {
      if (const auto* cname = std::get_if<dns::Cname>(&value)) {
        judge_spelling(judged_, set.key(), cname->target);
      }
    }
  }

  void judge_neighbours(const dns::RRset& set) {
    if (set.name == sets_.apex()) return;
    std::vector<std::string> others;
    for (const dns::RRset* other : sets_.at(set.name)) {
      // Of MX, mx-at-cname says more.
      if (stands_beside_alias(other->type) || other->type == dns::Type::MX) continue;
      others.push_back(dns::type_name(other->type));
    }
    if (others.empty()) return;
    judged_.tell("dns-cname-other", Subject::of(set.key()),
                 "stands beside " + base::join(others, ", "), "keep the alias or the others");
  }

  void judge_loop(const dns::RRset& set) {
    const dns::Name* target = alias_of(sets_, set.name);
    for (int followed = 0; target != nullptr && followed < kMostAliases; ++followed) {
      if (*target == set.name) {
        judged_.tell("dns-cname-loop", Subject::of(set.key()),
                     "the aliases lead back to where they began");
        return;
      }
      target = alias_of(sets_, *target);
    }
  }

  /// A name that would be asked for if its labels had their underscores. Values that say what they
  /// are, "v=DMARC1", are told by txt-wrong-place.
  void judge_scope(const dns::RRset& set) {
    const std::string wanted = scope_of(set.name);
    if (wanted.empty()) return;
    const bool speaks = std::any_of(set.values.begin(), set.values.end(), [](const auto& value) {
      const auto* txt = std::get_if<dns::Txt>(&value);
      return txt != nullptr &&
             (txt->octets.rfind("v=", 0) == 0 || txt->octets.find("p=") == std::string::npos);
    });
    if (speaks) return;
    judged_.tell("dns-underscore-missing", Subject::of(set.key()),
                 "nobody looks for mail records here", wanted);
  }

  [[nodiscard]] std::string scope_of(const dns::Name& name) const {
    const std::string_view wire = name.wire();
    const auto holds = [&](std::string_view word) {
      return wire.find(word) != std::string_view::npos;
    };
    if (!holds("dmarc") && !holds("domainkey") && !holds("smtp")) return {};
    const auto labels = name.labels();
    if (labels[0] == "dmarc" && name.parent() == sets_.apex()) return "_dmarc";
    if (std::find(labels.begin() + 1, labels.end(), "domainkey") != labels.end()) {
      return "SELECTOR._domainkey";
    }
    const bool reports = labels.size() > 1 && (labels[0] == "smtp" || labels[0] == "_smtp") &&
                         (labels[1] == "tls" || labels[1] == "_tls");
    return reports && (labels[0][0] != '_' || labels[1][0] != '_') ? "_smtp._tls" : "";
  }

  void judge_mailbox(const dns::RRset& set) {
    for (std::size_t i = 0; i < set.values.size(); ++i) {
      const auto* soa = std::get_if<dns::Soa>(&set.values[i]);
      if (soa == nullptr || soa->rname.is_root()) continue;
      const std::string local = soa->rname.labels().front();
      const bool ascii = std::all_of(local.begin(), local.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      if (ascii) continue;
      judged_.tell("dns-eai", subject_of(set, i),
                   "the mailbox of the SOA record has letters beyond ASCII");
    }
  }

  Judged& judged_;
  const ZoneSets& sets_;
  dns::Name last_owner_;
};

}  // namespace

void judge_every_set(Judged& judged) {
  EverySet every(judged);
  judged.zone.sets().visit([&](const dns::RRset& set) { every.look_at(set); });
}

}  // namespace mxsmith::mail
