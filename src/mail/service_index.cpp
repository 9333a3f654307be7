#include "mail/service_index.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace mxsmith::mail {

namespace {

/// The last two labels of a host with more of them: what patterns are sorted by. Else empty.
std::string_view end_of(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  const std::size_t before = host.rfind('.', last - 1);
  if (before == std::string_view::npos) return {};
  return host.substr(before + 1);
}

/// The same, where a host of two labels is its own end, "icloud.com".
std::string_view key_of(std::string_view host) {
  const std::string_view end = end_of(host);
  return end.empty() ? host : end;
}

void add_hit(ServiceHits& hits, std::uint16_t service) {
  const auto at = std::lower_bound(hits.begin(), hits.end(), service);
  if (at == hits.end() || *at != service) hits.insert(at, service);
}

/// The last blank-separated word: the host of CNAME, MX and SRV.
std::string_view last_word(std::string_view text) {
  const std::size_t blank = text.rfind(' ');
  return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

/// A token's pattern has to say enough to be told from any other TXT value.
constexpr std::size_t kEnough = 4;

}  // namespace

std::string host_text(const dns::Name& name) {
  std::string text = name.text();
  if (text.size() > 1) text.pop_back();
  return text;
}

void ServiceIndex::Hosts::add(std::string_view text, std::uint16_t service) {
  TextPattern pattern(text);
  // Without a gap the whole host stands for itself; with one, two whole labels must be behind it.
  const std::string_view end = pattern.exact() ? key_of(pattern.tail()) : end_of(pattern.tail());
  if (end.empty() || end == ".") return;
  by_end[std::string(end)].push_back({std::move(pattern), service});
}

void ServiceIndex::Hosts::find(std::string_view text, ServiceHits& hits) const {
  const auto found = by_end.find(std::string(key_of(text)));
  if (found == by_end.end()) return;
  for (const Entry& entry : found->second) {
    if (entry.pattern.matches(text)) add_hit(hits, entry.service);
  }
}

ServiceIndex::ServiceIndex(const std::vector<Service>& services) {
  std::uint16_t number = 0;
  for (const Service& service : services) add_service(service, number++);
}

void ServiceIndex::add_service(const Service& service, std::uint16_t number) {
  const auto add_mx = [&](const std::vector<ServiceMx>& set) {
    for (const ServiceMx& mx : set) {
      for (const std::string& host : with_choices(service, mx.host)) {
        if (host != ".") exchanges_.add(host, number);
      }
    }
  };
  add_mx(service.mx);
  for (const auto& set : service.mx_other) add_mx(set);
  for (const std::string& term : service.spf) add_term(spf_, service, number, term);
  for (const std::string& term : service.spf_other) add_term(spf_, service, number, term);
  for (const std::string& term : service.spf_retired) add_term(retired_, service, number, term);
  for (const auto& [part, list] : {std::pair(ServicePart::dkim, &service.dkim),
                                   std::pair(ServicePart::verification, &service.verification),
                                   std::pair(ServicePart::discovery, &service.discovery),
                                   std::pair(ServicePart::bounce, &service.bounce),
                                   std::pair(ServicePart::policy, &service.policies)}) {
    for (const ServiceRecord& record : *list) add_record(service, number, part, record);
  }
}

void ServiceIndex::add_record(const Service& service, std::uint16_t number, ServicePart part,
                              const ServiceRecord& record) {
  const auto at = static_cast<std::size_t>(part);
  if (record.type == dns::Type::TXT) {
    if (record.telling) names_[at].push_back({TextPattern(record.name), number});
    if (part == ServicePart::verification && record.name == "@") {
      TextPattern pattern(record.value);
      const auto position = static_cast<std::size_t>(&record - service.verification.data());
      if (pattern.head().size() >= kEnough) {
        tokens_.push_back({{std::move(pattern), number}, position});
      }
    }
    return;
  }
  for (const std::string& value : with_choices(service, record.value)) {
    targets_[at].add(last_word(value), number);
  }
}

void ServiceIndex::add_term(Hosts& hosts, const Service& service, std::uint16_t number,
                            const std::string& term) {
  const std::size_t colon = term.find(':');
  if (colon == std::string::npos) return;
  for (const std::string& host : with_choices(service, term.substr(colon + 1))) {
    hosts.add(host, number);
  }
}

ServiceHits ServiceIndex::exchange(const dns::Name& host) const {
  ServiceHits hits;
  exchanges_.find(host_text(host), hits);
  return hits;
}

ServiceHits ServiceIndex::target(ServicePart part, const dns::Name& host) const {
  ServiceHits hits;
  targets_[static_cast<std::size_t>(part)].find(host_text(host), hits);
  return hits;
}

ServiceHits ServiceIndex::spf(const SpfTerm& term) const {
  ServiceHits hits;
  if (term.is_modifier || term.domain_spec().empty()) return hits;
  return spf_domain(term.domain_spec());
}

ServiceHits ServiceIndex::retired_spf(const SpfTerm& term) const {
  ServiceHits hits;
  if (term.is_modifier || term.domain_spec().empty()) return hits;
  retired_.find(base::to_lower(term.domain_spec()), hits);
  return hits;
}

ServiceHits ServiceIndex::spf_domain(std::string_view domain) const {
  ServiceHits hits;
  std::string lower = base::to_lower(domain);
  if (lower.size() > 1 && lower.back() == '.') lower.pop_back();
  spf_.find(lower, hits);
  return hits;
}

ServiceHits ServiceIndex::telling_name(ServicePart part, std::string_view relative) const {
  ServiceHits hits;
  for (const Entry& entry : names_[static_cast<std::size_t>(part)]) {
    if (entry.pattern.matches(relative)) add_hit(hits, entry.service);
  }
  return hits;
}

ServiceHits ServiceIndex::token(std::string_view octets) const {
  ServiceHits hits;
  for (const TokenEntry& token : tokens_) {
    if (token.entry.pattern.matches(octets)) add_hit(hits, token.entry.service);
  }
  return hits;
}

std::optional<ServiceIndex::Token> ServiceIndex::token_like(std::string_view octets) const {
  for (const TokenEntry& token : tokens_) {
    const std::string& head = token.entry.pattern.head();
    if (base::equals_ignoring_case(octets.substr(0, head.size()), head)) {
      return Token{token.entry.service, token.record};
    }
  }
  return std::nullopt;
}

}  // namespace mxsmith::mail
