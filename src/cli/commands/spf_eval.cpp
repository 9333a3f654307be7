#include <iostream>
#include <sstream>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/render/spf_evaluation.hpp"
#include "engine/offline_dns.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

/// Output is handed on in pieces of about this size.
constexpr std::size_t kPiece = 1 << 16;

render::SpfVerdict judge(const SpfQuestion& question, const SpfEvalOptions& options,
                         base::Instant now, mail::Resolver& resolver) {
  render::SpfVerdict verdict;
  verdict.ip = question.ip.text();
  verdict.mail_from = question.mail_from;
  verdict.helo = question.helo;
  verdict.request = mail::spf_request(question.ip, question.mail_from, question.helo);
  verdict.request.receiver = options.receiver;
  verdict.request.timestamp = now.time_since_epoch().count();
  verdict.evaluation = mail::check_spf(verdict.request, resolver);
  return verdict;
}

SpfQuestion question_of(const std::string& line, std::size_t number) {
  const auto fault = [&](const std::string& what) {
    return base::Error(base::ErrorKind::invalid, "line " + std::to_string(number) + ": " + what)
        .with_hint("a line is IP MAIL-FROM HELO, with <> for an empty MAIL FROM");
  };
  std::istringstream words(line);
  std::string ip;
  SpfQuestion question;
  words >> ip >> question.mail_from >> question.helo;
  const auto address = mail::Ip::parse(ip);
  if (!address) throw fault("\"" + ip + "\" is no IP address");
  if (question.mail_from.empty()) throw fault("no MAIL FROM");
  question.ip = *address;
  question.mail_from = without_angles(question.mail_from);
  if (question.mail_from.empty() && question.helo.empty()) {
    throw fault("neither MAIL FROM nor HELO has a domain");
  }
  return question;
}

void judge_all(std::istream& lines, const SpfEvalOptions& options, mail::Resolver& resolver,
               Session& session) {
  const base::Instant now = session.clock().now();
  std::string text;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const std::string_view words = base::trim(line);
    if (words.empty() || words.front() == '#') continue;
    const auto question = question_of(line, number);
    text += render::print_spf_verdict_line(judge(question, options, now, resolver),
                                           session.common().format);
    if (text.size() < kPiece) continue;
    session.out(text);
    text.clear();
  }
  session.out(text);
}

}  // namespace

engine::ExitCode run(const SpfEvalOptions& options, Session& session) {
  engine::OfflineSources sources{options.specs, options.records, {}};
  sources.provider_types.reserve(providers::all().size());
  for (const auto& info : providers::all()) sources.provider_types.push_back(info.type);
  base::Diagnostics diagnostics;
  engine::OfflineDns dns(sources, session.clock().now(), engine::Unlisted::absent, diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) return engine::ExitCode::refused;
  if (options.question) {
    const auto verdict = judge(*options.question, options, session.clock().now(), dns.resolver());
    session.out(render::print_spf_verdict(verdict, session.common().format, session.view()));
    return engine::ExitCode::ok;
  }
  if (options.queries == "-") {
    judge_all(std::cin, options, dns.resolver(), session);
    return engine::ExitCode::ok;
  }
  std::istringstream lines(base::read_file(options.queries));
  judge_all(lines, options, dns.resolver(), session);
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
