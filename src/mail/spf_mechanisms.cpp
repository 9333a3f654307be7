// The mechanisms of SPF at work (RFC 7208 section 5), with what they ask of DNS.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/spf_domain.hpp"
#include "mail/spf_host_check.hpp"

namespace mxsmith::mail {
namespace {

bool in_any(const std::vector<Ip>& found, const Ip& ip, const SpfTerm& term) {
  const unsigned prefix = ip.family == IpFamily::v4 ? term.ip4_prefix : term.ip6_prefix;
  return std::any_of(found.begin(), found.end(), [&](const Ip& address) {
    return IpNetwork{address.family, address.bits, prefix}.contains(ip);
  });
}

}  // namespace

Answer HostCheck::ask(const dns::Name& name, dns::Type type, SpfStep* step) {
  Answer answer = resolver_.lookup(name, type);
  if (step != nullptr) step->queries.push_back(shown_query(name, type, answer));
  if (answer.status == LookupStatus::not_checked) {
    result_.not_checked.push_back(plain_text(name));
  }
  return answer;
}

bool HostCheck::is_lost(const Answer& answer) {
  return answer.status == LookupStatus::failed || answer.status == LookupStatus::not_checked;
}

void HostCheck::stop_for(const Answer& answer, const std::string& what) {
  const bool asked = answer.status == LookupStatus::failed;
  throw Stop{SpfResult::temperror, what +
                                       (asked ? " could not be looked up" : " was not looked up") +
                                       (answer.reason.empty() ? "" : ": " + answer.reason)};
}

Answer HostCheck::ask_for_term(const dns::Name& name, dns::Type type, const Frame& frame) {
  Answer answer = ask(name, type, frame.step);
  if (is_lost(answer)) stop_for(answer, dns::type_name(type) + " of " + plain_text(name));
  if (answer.is_void()) count_void();
  return answer;
}

void HostCheck::count_void() {
  if (++result_.void_lookups <= kSpfMostVoidLookups) return;
  throw Stop{SpfResult::permerror,
             "more than " + std::to_string(kSpfMostVoidLookups) + " lookups found nothing"};
}

void HostCheck::count_lookup() {
  if (++result_.lookups <= kSpfMostLookups) return;
  throw Stop{SpfResult::permerror,
             "more than " + std::to_string(kSpfMostLookups) + " lookups are needed"};
}

dns::Type HostCheck::address_type() const {
  return request_.ip.family == IpFamily::v4 ? dns::Type::A : dns::Type::AAAA;
}

std::string HostCheck::expand(std::string_view text, const SpfMacros& macros, const Frame& frame) {
  if (macros.empty()) return std::string(text);
  values_.domain = frame.domain;
  values_.validated_name = [&] { return validated_name(frame); };
  std::string expanded = expand_spf_macros(text, macros, values_);
  values_.validated_name = {};
  return expanded;
}

std::string HostCheck::target_of(const SpfTerm& term, const Frame& frame) {
  if (term.domain_size == 0) return frame.domain;
  std::string target = spf_target(expand(term.domain_spec(), term.macros, frame));
  if (frame.step != nullptr) frame.step->target = target;
  return target;
}

std::string HostCheck::validated_name(const Frame& frame) {
  if (!pointers_) {
    if (!explaining_) count_lookup();
    const auto reverse = spf_name(reverse_name(request_.ip));
    const Answer answer = ask(*reverse, dns::Type::PTR, frame.step);
    pointers_ = validated(answer, frame.step);
  }
  const std::string* best = nullptr;
  for (const auto& name : *pointers_) {
    if (base::equals_ignoring_case(name, frame.domain)) return name;
    const bool below = is_within(name, frame.domain);
    if (best == nullptr || (below && !is_within(*best, frame.domain))) best = &name;
  }
  return best == nullptr ? "unknown" : *best;
}

std::vector<std::string> HostCheck::validated(const Answer& answer, SpfStep* step) {
  std::vector<std::string> names;
  std::size_t seen = 0;
  for (const auto& value : answer.values) {
    const auto* ptr = std::get_if<dns::Ptr>(&value);
    if (ptr == nullptr || seen++ == kSpfMostNames) break;
    const Answer addresses = ask(ptr->target, address_type(), step);
    const auto found = addresses_in(addresses.values);
    if (std::find(found.begin(), found.end(), request_.ip) == found.end()) continue;
    names.push_back(plain_text(ptr->target));
  }
  return names;
}

bool HostCheck::matches(const SpfTerm& term, const Frame& frame) {
  if (term.needs_lookup()) count_lookup();
  switch (term.kind) {
    case SpfKind::all: return true;
    case SpfKind::ip4:
    case SpfKind::ip6: return term.network.contains(request_.ip);
    case SpfKind::include: return include_matches(term, frame);
    case SpfKind::a: return a_matches(term, frame);
    case SpfKind::mx: return mx_matches(term, frame);
    case SpfKind::ptr: return ptr_matches(term, frame);
    default: return exists_matches(term, frame);
  }
}

std::optional<dns::Name> HostCheck::name_of(const std::string& target, const Frame& frame) {
  auto name = spf_name(target);
  if (!name) frame.step->note = "its target is not a domain name";
  return name;
}

bool HostCheck::a_matches(const SpfTerm& term, const Frame& frame) {
  const auto name = name_of(target_of(term, frame), frame);
  if (!name) return false;
  const Answer answer = ask_for_term(*name, address_type(), frame);
  return in_any(addresses_in(answer.values), request_.ip, term);
}

bool HostCheck::mx_matches(const SpfTerm& term, const Frame& frame) {
  const auto name = name_of(target_of(term, frame), frame);
  if (!name) return false;
  const Answer answer = ask_for_term(*name, dns::Type::MX, frame);
  if (answer.values.size() > kSpfMostNames) {
    throw Stop{SpfResult::permerror, plain_text(*name) + " has more than ten MX records"};
  }
  const auto exchanges = exchanges_in(answer.values);
  return std::any_of(exchanges.begin(), exchanges.end(), [&](const dns::Name& exchange) {
    const Answer addresses = ask(exchange, address_type(), frame.step);
    if (is_lost(addresses)) {
      stop_for(addresses, dns::type_name(address_type()) + " of " + plain_text(exchange));
    }
    return in_any(addresses_in(addresses.values), request_.ip, term);
  });
}

bool HostCheck::ptr_matches(const SpfTerm& term, const Frame& frame) {
  const std::string target = target_of(term, frame);
  const auto reverse = spf_name(reverse_name(request_.ip));
  const Answer answer = ask(*reverse, dns::Type::PTR, frame.step);
  if (answer.status == LookupStatus::not_checked) stop_for(answer, "PTR of the address");
  if (answer.is_void()) count_void();
  const auto names = validated(answer, frame.step);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return is_within(name, target); });
}

bool HostCheck::exists_matches(const SpfTerm& term, const Frame& frame) {
  const auto name = name_of(target_of(term, frame), frame);
  if (!name) return false;
  return ask_for_term(*name, dns::Type::A, frame).status == LookupStatus::found;
}

bool HostCheck::include_matches(const SpfTerm& term, const Frame& frame) {
  const std::string target = target_of(term, frame);
  const SpfTrace& nested = descend(target, frame, IsTop::no);
  switch (nested.result) {
    case SpfResult::pass: return true;
    case SpfResult::fail:
    case SpfResult::softfail:
    case SpfResult::neutral: return false;
    case SpfResult::temperror: throw Stop{SpfResult::temperror, nested.problem};
    case SpfResult::none:
      throw Stop{SpfResult::permerror, "the included " + target + ": " + nested.problem};
    default: throw Stop{SpfResult::permerror, nested.problem};
  }
}

}  // namespace mxsmith::mail
