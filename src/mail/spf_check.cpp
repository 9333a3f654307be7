#include "mail/spf_check.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "mail/spf_domain.hpp"
#include "mail/spf_host_check.hpp"

namespace mxsmith::mail {

using Outcome = SpfStep::Outcome;

std::string postmaster_if_bare(std::string_view sender, std::string_view helo) {
  if (sender.empty()) return "postmaster@" + std::string(helo);
  const std::size_t at = sender.rfind('@');
  if (at == std::string_view::npos) return "postmaster@" + std::string(sender);
  if (at == 0) return "postmaster" + std::string(sender);
  return std::string(sender);
}

HostCheck::HostCheck(const SpfRequest& request, Resolver& resolver)
    : request_(request), resolver_(resolver) {
  values_.sender = postmaster_if_bare(request.sender, request.helo);
  values_.helo = request.helo;
  values_.ip = request.ip;
  values_.receiver = request.receiver;
  values_.timestamp = request.timestamp;
}

SpfEvaluation HostCheck::run() {
  result_.trace = check_host(request_.domain);
  result_.result = result_.trace.result;
  if (result_.result == SpfResult::fail) result_.explanation = explain();
  if (result_.result != SpfResult::temperror) result_.not_checked.clear();
  return std::move(result_);
}

const SpfTrace& HostCheck::descend(const std::string& domain, const Frame& frame, IsTop top) {
  SpfStep* const step = frame.step;
  const bool was_top = std::exchange(top_, top == IsTop::yes && top_);
  auto nested = std::make_shared<const SpfTrace>(check_host(domain));
  top_ = was_top;
  step->nested = nested;
  return *nested;
}

SpfTrace HostCheck::check_host(const std::string& domain) {
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

void HostCheck::check_record(SpfTrace& trace) {
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
    throw Stop{selected.fault,
               several ? trace.domain + " has more than one SPF record" : "there is no SPF record"};
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

void HostCheck::evaluate(const SpfRecord& record, SpfTrace& trace) {
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

bool HostCheck::try_term(const SpfTerm& term, SpfTrace& trace) {
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

void HostCheck::follow_redirect(const SpfTerm& term, SpfTrace& trace) {
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

void HostCheck::decided(const SpfTerm& term, const SpfRecord& record, const SpfTrace& trace) {
  result_.mechanism = term.text;
  result_.mechanism_domain = trace.domain;
  for (const SpfTerm& other : record.terms) {
    if (other.kind == SpfKind::exp) explanation_ = other;
  }
}

std::optional<std::string> HostCheck::explain() {
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
  return HostCheck(request, resolver).run();
}

}  // namespace mxsmith::mail
