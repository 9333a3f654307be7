#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const ImportOptions& options, Session& session) {
  const std::string text = session.engine().import_zone(options.request);
  if (!options.out) {
    session.out(text);
    return engine::ExitCode::ok;
  }
  write_new_file(*options.out, text);
  session.remark("wrote " + options.out->string() + "; `mxsmith plan " + options.out->string() +
                 "` should find nothing to do");
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
