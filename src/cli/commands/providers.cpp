#include "providers/all.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/render/accounts.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const ProvidersOptions& options, Session& session) {
  const auto renderer = session.renderer(session.view());
  if (options.type.empty()) {
    session.out(renderer->providers(providers::all()));
    return engine::ExitCode::ok;
  }
  if (const auto* info = providers::find(options.type)) {
    session.out(renderer->provider(*info));
    return engine::ExitCode::ok;
  }
  std::vector<std::string> known;
  for (const auto& info : providers::all()) known.push_back(info.type);
  const auto near = base::did_you_mean(options.type, known);
  throw base::Error(base::ErrorKind::not_found, "there is no provider `" + options.type + "`" +
                                                    (near ? ", did you mean `" + *near + "`?" : ""))
      .with_hint("`mxsmith providers` lists them");
}

engine::ExitCode run(const ProvidersCheckOptions& options, Session& session) {
  const fs::path folder = options.project.empty() ? fs::path(".") : options.project;
  const auto reports = session.engine().check_accounts(folder, options.accounts);
  session.out(render::print_accounts(reports, session.common().format, session.view()));
  const bool all_good =
      std::all_of(reports.begin(), reports.end(), [](const auto& report) { return report.good(); });
  return all_good ? engine::ExitCode::ok : engine::ExitCode::error;
}

}  // namespace mxsmith::cli
