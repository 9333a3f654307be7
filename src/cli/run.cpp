#include "cli/run.hpp"

#include <sys/resource.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"

namespace mxsmith::cli {

namespace {

engine::ExitCode code_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::usage: return engine::ExitCode::usage;
    case base::ErrorKind::refused: return engine::ExitCode::refused;
    case base::ErrorKind::stale: return engine::ExitCode::stale;
    case base::ErrorKind::interrupted: return engine::ExitCode::interrupted;
    default: return engine::ExitCode::error;
  }
}

/// `version` is asked by scripts before every other thing they do: it does nothing else.
bool asks_version(int argc, char** argv) {
  if (argc != 2) return false;
  const std::string_view word = argv[1];
  return word == "version" || word == "--version" || word == "-V";
}

/// An apply holds a lock file for every zone: as many files as the system lets us have.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Where it is refused, the zone that lacks a file will say so.
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run_command(const Invocation& invocation, Session& session) {
  try {
    const auto code =
        std::visit([&](const auto& options) -> engine::ExitCode { return run(options, session); },
                   invocation.command);
    return session.finish(code);
  } catch (const base::Error& error) {
    session.error(error);
    return session.finish(code_of(error.kind()));
  } catch (const std::exception& fault) {
    session.error(base::Error(base::ErrorKind::invalid, fault.what(), base::Effect::unknown)
                      .with_hint("this is a fault in mxsmith itself: please report it"));
    return session.finish(engine::ExitCode::error);
  }
}

}  // namespace

int run_program(int argc, char** argv) {
  if (asks_version(argc, argv)) {
    const std::string line = "mxsmith " + std::string(base::version()) + "\n";
    return write_text(Stream::out, line) ? 0 : 1;
  }
  watch_signals();
  raise_file_limit();
  std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const Invocation invocation = parse_arguments(arguments);
  arguments.insert(arguments.begin(), "mxsmith");
  Session session(invocation.common, std::move(arguments));
  return run_command(invocation, session);
}

}  // namespace mxsmith::cli
