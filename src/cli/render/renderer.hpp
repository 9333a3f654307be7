// Renderers: results of the engine as text, Markdown or JSON.
//
// A renderer turns values into one string and does nothing else: it reads no clock and no terminal,
// and the only files it may look into are the user's specs, through View::source, to show a line
// with its caret. All that came from a zone or a server is hostile and is escaped here and nowhere
// else.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "engine/engine.hpp"
#include "provider/provider.hpp"
#include "state/store.hpp"

namespace mxsmith::cli::render {

/// For whom something is shown.
struct View {
  bool color = false;
  std::size_t width = 100;  ///< Columns; what is longer is broken, never cut off.
  bool verbose = false;     ///< Whole values, every zone by itself.
  /// "mxsmith apply example.com.toml": what would do what is shown. Empty: no such line.
  std::string apply_command;
  /// What follows "mxsmith rollback ZONE" so that it finds the same project; may be empty.
  std::string project_arguments;
  /// Text of a file of the user's, for showing a line of it.
  std::function<std::optional<std::string>(const std::string& path)> source;
};

struct ZoneHistory {
  state::ZoneKey key;
  std::vector<state::EntryInfo> entries;  ///< Newest first.
};
struct ChainCheck {
  state::ZoneKey key;
  std::size_t entries = 0;
  std::optional<std::string> fault;
};
struct Holds {
  std::optional<state::Hold> all;
  std::vector<std::pair<state::ZoneKey, state::Hold>> zones;
};

/// Whether a run was an apply or a rollback, for the words after it.
enum class Deed : std::uint8_t { apply, rollback };

class Renderer {
 public:
  virtual ~Renderer() = default;
  /// The plans of a report: of `plan`, and before `apply` and `rollback` ask.
  [[nodiscard]] virtual std::string plan(const engine::Report& report) const = 0;
  /// What an apply or a rollback did.
  [[nodiscard]] virtual std::string result(const engine::Report& report, Deed deed) const = 0;
  [[nodiscard]] virtual std::string check(const engine::Report& report) const = 0;
  [[nodiscard]] virtual std::string history(const std::vector<ZoneHistory>& zones) const = 0;
  [[nodiscard]] virtual std::string entry(const state::ZoneKey& key,
                                          const state::Entry& entry) const = 0;
  [[nodiscard]] virtual std::string chains(const std::vector<ChainCheck>& chains) const = 0;
  [[nodiscard]] virtual std::string timeline(const std::vector<engine::Timeline>& zones) const = 0;
  [[nodiscard]] virtual std::string holds(const Holds& holds) const = 0;
  [[nodiscard]] virtual std::string providers(
      std::span<const provider::ProviderInfo> providers) const = 0;
  [[nodiscard]] virtual std::string provider(const provider::ProviderInfo& provider) const = 0;
};

std::unique_ptr<Renderer> text_renderer(View view);
std::unique_ptr<Renderer> markdown_renderer(View view);
std::unique_ptr<Renderer> json_renderer(const View& view);
std::unique_ptr<Renderer> make_renderer(Format format, View view);

/// Faults in the user's files, for standard error, compiler style.
std::string print_diagnostics(const base::Diagnostics& diagnostics, const View& view);
/// What happened, to which record, what may have changed, what to do next.
std::string print_error(const base::Error& error, const View& view);

}  // namespace mxsmith::cli::render
