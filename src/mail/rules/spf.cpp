// The rules about SPF records (RFC 7208), and what their files share.
#include <algorithm>
#include <vector>

#include "mail/rules/spf_rows.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

bool is_host_like(const dns::Name& name) {
  const auto labels = name.labels();
  return std::none_of(labels.begin(), labels.end(),
                      [](const std::string& label) { return label.substr(0, 1) == "_"; });
}

std::vector<Rule> gather() {
  std::vector<Rule> all;
  for (const auto rows :
       {spf_syntax_rules(), spf_term_rules(), spf_network_rules(), spf_place_rules(),
        spf_host_rules(), spf_lookup_rules(), spf_target_rules()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace

SpfRoles::SpfRoles(const MailZone& zone) : zone_(zone) {
  for (const SpfPlace& place : zone.spf) {
    if (!place.record) continue;
    for (const SpfTerm& term : place.record->terms) {
      if (term.kind != SpfKind::include && term.kind != SpfKind::redirect) continue;
      if (!term.macros.empty()) continue;
      const auto target = spf_name(term.domain_spec());
      if (target && *target != place.domain() && target->is_at_or_below(zone.apex())) {
        parts_.insert(*target);
      }
    }
  }
}

bool SpfRoles::is_domain(const SpfPlace& place) const {
  const dns::Name& name = place.domain();
  if (name == zone_.apex() || zone_.sets().find(name, dns::Type::MX) != nullptr) return true;
  return !is_part(name) && is_host_like(name);
}

Span span_of(const SpfTerm& term) { return {term.offset, term.text.size()}; }

Subject subject_of(const SpfPlace& place, const SpfTerm& term) {
  return Subject::of(place.at, span_of(term), term.identity());
}

std::span<const SpfTerm> judged_terms(const SpfRecord& record) {
  return std::span(record.terms).first(std::min(record.terms.size(), kMostTermsJudged));
}

const SpfTerm* first_all(const SpfRecord& record) {
  const auto found = std::find_if(record.terms.begin(), record.terms.end(),
                                  [](const SpfTerm& term) { return term.kind == SpfKind::all; });
  return found == record.terms.end() ? nullptr : &*found;
}

const SpfTerm* redirect_of(const SpfRecord& record) {
  const auto found = std::find_if(record.terms.begin(), record.terms.end(),
                                  [](const SpfTerm& one) { return one.kind == SpfKind::redirect; });
  return found == record.terms.end() ? nullptr : &*found;
}

std::span<const SpfTerm> terms_before_all(const SpfRecord& record) {
  const SpfTerm* const all = first_all(record);
  const std::span<const SpfTerm> terms(record.terms);
  return all == nullptr ? terms : terms.first(static_cast<std::size_t>(all - terms.data()));
}

std::string shown(std::string_view octets) {
  constexpr std::size_t kMost = 80;
  return octets.size() <= kMost ? std::string(octets)
                                : std::string(octets.substr(0, kMost - 3)) + "...";
}

std::span<const Rule> spf_rules() {
  static const std::vector<Rule> kAll = gather();
  return kAll;
}

}  // namespace mxsmith::mail
