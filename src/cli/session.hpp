// One run of the program: the options that all commands share, the engine, and the only way to
// print.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/render/renderer.hpp"
#include "engine/engine.hpp"
#include "http/client.hpp"

namespace mxsmith::cli {

class Session {
 public:
  Session(CommonOptions common, std::vector<std::string> command_line);

  [[nodiscard]] const CommonOptions& common() const { return common_; }
  [[nodiscard]] const state::Actor& actor() const { return actor_; }
  base::Clock& clock() { return clock_; }
  /// Made when it is first asked for: `version`, `completion` and help need none.
  engine::Engine& engine();

  /// What renderers on standard output go by; commands add the words of their own.
  [[nodiscard]] render::View view() const;
  [[nodiscard]] std::unique_ptr<render::Renderer> renderer(render::View view) const;

  void out(const std::string& text);
  void err(const std::string& text);
  /// A sentence for standard error, unless --quiet.
  void remark(const std::string& sentence);
  /// Faults in specs, compiler style, to standard error.
  void diagnostics(const base::Diagnostics& diagnostics);
  void error(const base::Error& error);

  /// The code to leave with: `code`, unless results could not be written to standard output.
  int finish(engine::ExitCode code);

 private:
  std::unique_ptr<http::Client> make_client();
  std::vector<http::Observer> observers();

  CommonOptions common_;
  std::vector<std::string> command_line_;
  base::SystemClock clock_;
  state::Actor actor_;
  StderrProgress progress_;
  std::unique_ptr<http::Client> http_;
  std::unique_ptr<engine::Engine> engine_;
  bool output_lost_ = false;
};

/// Text of a file of the user's, or nothing: for showing lines of it.
std::optional<std::string> read_source(const std::string& path);

/// A new file; throws Error{io} when there is one already.
void write_new_file(const fs::path& path, const std::string& content);

}  // namespace mxsmith::cli
