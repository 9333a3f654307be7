#include "mail/spf_check.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

using Outcome = SpfStep::Outcome;

/// A term that ends the evaluation. `check_record` catches it; it never leaves this file.
struct Stop {
  SpfResult result;
  std::string problem;
};

std::string postmaster_if_bare(std::string_view sender, std::string_view helo) {
  if (sender.empty()) return "postmaster@" + std::string(helo);
  const std::size_t at = sender.rfind('@');
  if (at == std::string_view::npos) return "postmaster@" + std::string(sender);
  if (at == 0) return "postmaster" + std::string(sender);
  return std::string(sender);
}

bool in_any(const std::vector<Ip>& found, const Ip& ip, const SpfTerm& term) {
  const unsigned prefix = ip.family == IpFamily::v4 ? term.ip4_prefix : term.ip6_prefix;
  return std::any_of(found.begin(), found.end(), [&](const Ip& address) {
    return IpNetwork{address.family, address.bits, prefix}.contains(ip);
  });
}

class Check {
 public:
  Check(const SpfRequest& request, Resolver& resolver) : request_(request), resolver_(resolver) {
    values_.sender = postmaster_if_bare(request.sender, request.helo);
    values_.helo = request.helo;
    values_.ip = request.ip;
    values_.receiver = request.receiver;
    values_.timestamp = request.timestamp;
  }

  SpfEvaluation run() {
    result_.trace = check_host(request_.domain);
    result_.result = result_.trace.result;
    if (result_.result == SpfResult::fail) result_.explanation = explain();
    if (result_.result != SpfResult::temperror) result_.not_checked.clear();
    return std::move(result_);
  }

 private:
  /// What holds while one record is evaluated; a step of it is under way.
  struct Frame {
    std::string domain;
    SpfStep* step = nullptr;
    bool top = false;  ///< Neither included nor below an include: its exp= counts.
  };

  // ---- DNS ----

  Answer ask(const dns::Name& name, dns::Type type, SpfStep* step) {
    Answer answer = resolver_.lookup(name, type);
    if (step != nullptr) step->queries.push_back(shown_query(name, type, answer));
    if (answer.status == LookupStatus::not_checked) {
      result_.not_checked.push_back(plain_text(name));
    }
    return answer;
  }

  static bool is_lost(const Answer& answer) {
    return answer.status == LookupStatus::failed || answer.status == LookupStatus::not_checked;
  }

  [[noreturn]] static void stop_for(const Answer& answer, const std::string& what) {
    const bool asked = answer.status == LookupStatus::failed;
    throw Stop{SpfResult::temperror,
               what + (asked ? " could not be looked up" : " was not looked up") +
                   (answer.reason.empty() ? "" : ": " + answer.reason)};
  }

  /// The question that a term is about: an answer that is no failure, void lookups counted.
  Answer ask_for_term(const dns::Name& name, dns::Type type, const Frame& frame) {
    Answer answer = ask(name, type, frame.step);
    if (is_lost(answer)) stop_for(answer, dns::type_name(type) + " of " + plain_text(name));
    if (answer.is_void()) count_void();
    return answer;
  }

  void count_void() {
    if (++result_.void_lookups <= kSpfMostVoidLookups) return;
    throw Stop{SpfResult::permerror,
               "more than " + std::to_string(kSpfMostVoidLookups) + " lookups found nothing"};
  }

  void count_lookup() {
    if (++result_.lookups <= kSpfMostLookups) return;
    throw Stop{SpfResult::permerror,
               "more than " + std::to_string(kSpfMostLookups) + " lookups are needed"};
  }

  [[nodiscard]] dns::Type address_type() const {
    return request_.ip.family == IpFamily::v4 ? dns::Type::A : dns::Type::AAAA;
  }

  // ---- macros ----

  std::string expand(std::string_view text, const SpfMacros& macros, const Frame& frame) {
    if (macros.empty()) return std::string(text);
    values_.domain = frame.domain;
    values_.validated_name = [&] { return validated_name(frame); };
    std::string expanded = expand_spf_macros(text, macros, values_);
    values_.validated_name = {};
    return expanded;
  }

  std::string target_of(const SpfTerm& term, const Frame& frame) {
    if (term.domain_size == 0) return frame.domain;
    std::string target = spf_target(expand(term.domain_spec(), term.macros, frame));
    if (frame.step != nullptr) frame.step->target = target;
    return target;
  }

  /// RFC 7208 section 7.3: the domain itself, else a name below it, else any that is validated.
  std::string validated_name(const Frame& frame) {
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

  /// RFC 7208 section 5.5: of the first ten names those whose addresses include the client's. A
  /// name that cannot be looked up is passed over.
  std::vector<std::string> validated(const Answer& answer, SpfStep* step) {
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

  // ---- mechanisms (RFC 7208 section 5) ----

  bool matches(const SpfTerm& term, const Frame& frame) {
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

  /// RFC 7208 section 4.8 leaves open what a target that is no name gives: here it matches nothing.
  std::optional<dns::Name> name_of(const std::string& target, const Frame& frame) {
    auto name = spf_name(target);
    if (!name) frame.step->note = "its target is not a domain name";
    return name;
  }

  bool a_matches(const SpfTerm& term, const Frame& frame) {
    const auto name = name_of(target_of(term, frame), frame);
    if (!name) return false;
    const Answer answer = ask_for_term(*name, address_type(), frame);
    return in_any(addresses_in(answer.values), request_.ip, term);
  }

  bool mx_matches(const SpfTerm& term, const Frame& frame) {
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

  /// A failing lookup is no match here, neither of PTR nor of addresses.
  bool ptr_matches(const SpfTerm& term, const Frame& frame) {
    const std::string target = target_of(term, frame);
    const auto reverse = spf_name(reverse_name(request_.ip));
    const Answer answer = ask(*reverse, dns::Type::PTR, frame.step);
    if (answer.status == LookupStatus::not_checked) stop_for(answer, "PTR of the address");
    if (answer.is_void()) count_void();
    const auto names = validated(answer, frame.step);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return is_within(name, target); });
  }

  /// Always an A record, whatever family the client is of.
  bool exists_matches(const SpfTerm& term, const Frame& frame) {
    const auto name = name_of(target_of(term, frame), frame);
    if (!name) return false;
    return ask_for_term(*name, dns::Type::A, frame).status == LookupStatus::found;
  }

  /// RFC 7208 section 5.2, the table of results.
  bool include_matches(const SpfTerm& term, const Frame& frame) {
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

  // ---- records ----

  enum class IsTop : std::uint8_t { no, yes };

  const SpfTrace& descend(const std::string& domain, const Frame& frame, IsTop top) {
    SpfStep* const step = frame.step;
    const bool was_top = std::exchange(top_, top == IsTop::yes && top_);
    auto nested = std::make_shared<const SpfTrace>(check_host(domain));
    top_ = was_top;
    step->nested = nested;
    return *nested;
  }

  SpfTrace check_host(const std::string& domain) {
    SpfTrace trace;
    trace.domain = spf_target(domain);
    try {
      check_record(trace);
    } catch (const Stop& stop) {
      trace.result = stop.result;
      trace.problem = stop.problem;
      if (result_.problem.empty()) result_.problem = stop.problem;
    }
    return trace;
  }

  void check_record(SpfTrace& trace) {
    if (!is_spf_domain(trace.domain)) {
      throw Stop{SpfResult::none, "not a domain name with several labels"};
    }
    const auto name = spf_name(trace.domain);
    const Answer answer = ask(*name, dns::Type::TXT, nullptr);
    trace.query = shown_query(*name, dns::Type::TXT, answer);
    if (is_lost(answer)) stop_for(answer, "TXT of " + trace.domain);
    const auto selected = select_spf(answer.values);
    if (!selected.text) {
      const bool several = selected.fault == SpfResult::permerror;
      throw Stop{selected.fault, several ? trace.domain + " has more than one SPF record"
                                         : "there is no SPF record"};
    }
    trace.record = *selected.text;
    const auto record = parse_spf(trace.record);
    if (!record) {
      throw Stop{SpfResult::permerror, "the record of " + trace.domain + " cannot be read, sign " +
                                           std::to_string(record.fault().offset + 1) + ": " +
                                           record.fault().message};
    }
    trace.steps.reserve(record->terms.size());
    evaluate(*record, trace);
  }

  /// RFC 7208 sections 4.6.2 and 4.7.
  void evaluate(const SpfRecord& record, SpfTrace& trace) {
    for (const SpfTerm& term : record.terms) {
      if (term.is_modifier) continue;
      if (!try_term(term, trace)) continue;
      trace.result = spf_result_of(term.qualifier);
      if (top_) decided(term, record, trace);
      return;
    }
    const auto redirect = std::find_if(record.terms.begin(), record.terms.end(),
                                       [](const auto& t) { return t.kind == SpfKind::redirect; });
    if (redirect == record.terms.end()) {
      trace.result = SpfResult::neutral;
      return;
    }
    follow_redirect(*redirect, trace);
  }

  bool try_term(const SpfTerm& term, SpfTrace& trace) {
    SpfStep step{term.text, term.offset};
    const Frame frame{trace.domain, &step, top_};
    const unsigned lookups = result_.lookups;
    const unsigned voids = result_.void_lookups;
    std::optional<Stop> stop;
    try {
      step.outcome = matches(term, frame) ? Outcome::match : Outcome::no_match;
    } catch (const Stop& why) {
      step.outcome = Outcome::error;
      step.note = why.problem;
      stop = why;
    }
    step.lookups = result_.lookups - lookups;
    step.void_lookups = result_.void_lookups - voids;
    trace.steps.push_back(std::move(step));
    if (stop) throw Stop(*stop);
    return trace.steps.back().outcome == Outcome::match;
  }

  /// RFC 7208 section 6.1.
  void follow_redirect(const SpfTerm& term, SpfTrace& trace) {
    SpfStep step{term.text, term.offset};
    step.outcome = Outcome::redirected;
    const Frame frame{trace.domain, &step, top_};
    const unsigned lookups = result_.lookups;
    const unsigned voids = result_.void_lookups;
    std::optional<Stop> stop;
    try {
      count_lookup();
      const std::string target = target_of(term, frame);
      const SpfTrace& nested = descend(target, frame, IsTop::yes);
      trace.result = nested.result;
      trace.problem = nested.problem;
      if (nested.result == SpfResult::none) {
        throw Stop{SpfResult::permerror, "redirected to " + target + ": " + nested.problem};
      }
    } catch (const Stop& why) {
      step.outcome = Outcome::error;
      step.note = why.problem;
      stop = why;
    }
    step.lookups = result_.lookups - lookups;
    step.void_lookups = result_.void_lookups - voids;
    trace.steps.push_back(std::move(step));
    if (stop) throw Stop(*stop);
  }

  void decided(const SpfTerm& term, const SpfRecord& record, const SpfTrace& trace) {
    result_.mechanism = term.text;
    result_.mechanism_domain = trace.domain;
    for (const SpfTerm& other : record.terms) {
      if (other.kind == SpfKind::exp) explanation_ = other;
    }
  }

  // ---- exp= (RFC 7208 section 6.2): whatever goes wrong, there is just no explanation ----

  std::optional<std::string> explain() {
    if (!explanation_) return {};
    explaining_ = true;
    const Frame frame{result_.mechanism_domain, nullptr, true};
    const auto name = spf_name(target_of(*explanation_, frame));
    if (!name) return {};
    const Answer answer = resolver_.lookup(*name, dns::Type::TXT);
    if (answer.values.size() != 1) return {};
    const auto* txt = std::get_if<dns::Txt>(&answer.values.front());
    if (txt == nullptr) return {};
    const auto plain = [](char c) { return c >= 0x20 && c <= 0x7e; };
    if (!std::all_of(txt->octets.begin(), txt->octets.end(), plain)) return {};
    const auto macros = parse_spf_macros(txt->octets, MacroLetters::any);
    if (!macros) return {};
    return expand(txt->octets, *macros, frame);
  }

  const SpfRequest& request_;
  Resolver& resolver_;
  SpfEvaluation result_;
  SpfMacroValues values_;
  std::optional<std::vector<std::string>> pointers_;  ///< Validated names, once asked for.
  std::optional<SpfTerm> explanation_;
  bool top_ = true;
  bool explaining_ = false;
};

}  // namespace

std::string_view spf_result_word(SpfResult result) {
  switch (result) {
    case SpfResult::none: return "none";
    case SpfResult::neutral: return "neutral";
    case SpfResult::pass: return "pass";
    case SpfResult::fail: return "fail";
    case SpfResult::softfail: return "softfail";
    case SpfResult::temperror: return "temperror";
    case SpfResult::permerror: break;
  }
  return "permerror";
}

SpfResult spf_result_of(SpfQualifier qualifier) {
  switch (qualifier) {
    case SpfQualifier::fail: return SpfResult::fail;
    case SpfQualifier::softfail: return SpfResult::softfail;
    case SpfQualifier::neutral: return SpfResult::neutral;
    case SpfQualifier::pass: break;
  }
  return SpfResult::pass;
}

SpfRequest spf_request(const Ip& ip, std::string_view mail_from, std::string_view helo) {
  SpfRequest request;
  request.ip = ip;
  request.helo = helo;
  request.sender = postmaster_if_bare(mail_from, helo);
  request.domain = request.sender.substr(request.sender.rfind('@') + 1);
  return request;
}

SpfEvaluation check_spf(const SpfRequest& request, Resolver& resolver) {
  return Check(request, resolver).run();
}

}  // namespace mxsmith::mail
