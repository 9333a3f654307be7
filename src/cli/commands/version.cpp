#include "base/version.hpp"

#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const VersionOptions&, Session& session) {
  session.out("mxsmith " + std::string(base::version()) + "\n");
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
