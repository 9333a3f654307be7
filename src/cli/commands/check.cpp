#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/render/rules.hpp"

namespace mxsmith::cli {

namespace {

engine::ExitCode explain(const std::vector<std::string>& ids, Session& session) {
  const Format format = session.common().format;
  if (ids.empty()) {
    session.out(render::print_rule_table(mail::all_rules(), format, session.view()));
    return engine::ExitCode::ok;
  }
  std::vector<const mail::Rule*> rules;
  rules.reserve(ids.size());
  for (const std::string& id : ids) {
    rules.push_back(mail::find_rule(id));
    if (rules.back() != nullptr) continue;
    std::vector<std::string> known;
    known.reserve(mail::all_rules().size());
    for (const mail::Rule& rule : mail::all_rules()) known.emplace_back(rule.id);
    const auto near = base::did_you_mean(id, known);
    throw base::Error(base::ErrorKind::not_found,
                      "there is no rule `" + id + "`" +
                          (near ? ", did you mean `" + *near + "`?" : std::string()))
        .with_hint("`mxsmith check --explain` lists them");
  }
  session.out(render::print_rules(rules, format, session.view()));
  return engine::ExitCode::ok;
}

}  // namespace

engine::ExitCode run(const CheckOptions& options, Session& session) {
  if (options.explain) return explain(options.rules, session);
  const engine::Report report = session.engine().check(options.request);
  const bool errors = engine::has_errors(report);
  if (!session.common().quiet || errors || !report.diagnostics.empty()) {
    session.out(session.renderer(session.view())->check(report));
  }
  return errors ? engine::ExitCode::refused : engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
