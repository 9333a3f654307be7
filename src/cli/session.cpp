#include "cli/session.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/actor.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "providers/all.hpp"
#include "state/file_store.hpp"
#include "state/git_store.hpp"

namespace mxsmith::cli {

namespace {

StderrProgress::Manner manner_of(const CommonOptions& common) {
  if (common.quiet) return StderrProgress::Manner::silent;
  if (is_terminal(Stream::err)) return StderrProgress::Manner::line;
  return common.verbose ? StderrProgress::Manner::lines : StderrProgress::Manner::silent;
}

}  // namespace

Session::Session(CommonOptions common, std::vector<std::string> command_line)
    : common_(std::move(common)),
      command_line_(std::move(command_line)),
      actor_(find_actor(command_line_, common_)),
      progress_(manner_of(common_)) {}

std::vector<http::Observer> Session::observers() {
  std::vector<http::Observer> observers;
  if (common_.trace_http) {
    observers.push_back(
        [this](const http::Exchange& exchange) { err(http::print_trace(exchange)); });
  }
  if (!common_.record_http.empty()) {
    observers.push_back(http::record_to(common_.record_http, [this](const base::Error& fault) {
      err(std::string("mxsmith: the recording ends here: ") + fault.what() + "\n");
    }));
  }
  return observers;
}

std::unique_ptr<http::Client> Session::make_client() {
  http::ClientOptions options;
  options.stop_requested = stop_requested;
  options.observers = observers();
  if (common_.replay_http.empty()) {
    http::TransportOptions wire;
    wire.stop_requested = stop_requested;
    return std::make_unique<http::Client>(http::curl_transport(std::move(wire)), clock_,
                                          std::move(options));
  }
  // A replay hides the secrets of the run, which the client keeps: it is made after the client.
  auto replay = std::make_shared<std::unique_ptr<http::Transport>>();
  auto client = std::make_unique<http::Client>(
      http::fake_transport([replay](const http::Request& sent) { return (*replay)->send(sent); }),
      clock_, std::move(options));
  *replay = http::replay_transport(common_.replay_http, client->shared_secrets());
  return client;
}

engine::Engine& Session::engine() {
  if (engine_) return *engine_;
  http_ = make_client();
  engine::Environment environment{
      .clock = clock_,
      .http = *http_,
      .find_provider = [](std::string_view type) { return providers::find(type); },
      .provider_types = {},
      .open_store =
          [this](const base::StateSettings& settings) {
            return settings.kind == base::StateSettings::Kind::git
                       ? state::git_store(settings, clock_)
                       : state::file_store(settings.directory);
          },
      .actor = actor_,
      .progress = &progress_,
      .stop_requested = stop_requested};
  for (const auto& info : providers::all()) environment.provider_types.push_back(info.type);
  engine_ = std::make_unique<engine::Engine>(std::move(environment));
  return *engine_;
}

render::View Session::view() const {
  render::View view;
  view.color = colors_on(Stream::out, common_.color);
  view.width = columns_of(Stream::out);
  view.verbose = common_.verbose;
  view.source = read_source;
  return view;
}

std::unique_ptr<render::Renderer> Session::renderer(render::View view) const {
  return render::make_renderer(common_.format, std::move(view));
}

void Session::out(const std::string& text) {
  progress_.clear();
  if (!output_lost_ && !write_text(Stream::out, text)) output_lost_ = true;
}

void Session::err(const std::string& text) {
  progress_.clear();
  write_text(Stream::err, text);
}

void Session::remark(const std::string& sentence) {
  if (!common_.quiet) err(base::escape_for_terminal(sentence) + "\n");
}

void Session::diagnostics(const base::Diagnostics& diagnostics) {
  render::View to_err = view();
  to_err.color = colors_on(Stream::err, common_.color);
  err(render::print_diagnostics(diagnostics, to_err));
}

void Session::error(const base::Error& error) {
  render::View to_err = view();
  to_err.color = colors_on(Stream::err, common_.color);
  to_err.width = columns_of(Stream::err);
  err(render::print_error(error, to_err));
}

int Session::finish(engine::ExitCode code) {
  progress_.clear();
  if (!output_lost_) return static_cast<int>(code);
  write_text(Stream::err, "mxsmith: not all of the output could be written\n");
  return static_cast<int>(code == engine::ExitCode::ok ? engine::ExitCode::error : code);
}

std::optional<std::string> read_source(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_new_file(const fs::path& path, const std::string& content) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored))) {
    throw base::Error(base::ErrorKind::io, path.string() + " is there already")
        .with_hint("nothing is overwritten: choose another name, or move it away");
  }
  base::replace_file(path, content);
}

}  // namespace mxsmith::cli
