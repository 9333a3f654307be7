// The command line as values: what was asked, ready to be handed to a command.
//
// options.cpp is the only file that knows the library which reads it. Every command's flags, help
// text and examples stand there once; completions are made from the same table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "dns/name.hpp"
#include "engine/engine.hpp"
#include "mail/spf_flatten.hpp"

namespace mxsmith::cli {

namespace fs = std::filesystem;

enum class Format : std::uint8_t { text, json, markdown };
enum class ColorWish : std::uint8_t { automatic, always, never };

/// What every command takes.
struct CommonOptions {
  Format format = Format::text;
  ColorWish color = ColorWish::automatic;
  bool quiet = false;       ///< Results only: no plan text before an apply, no progress.
  bool verbose = false;     ///< Whole values, every zone by itself, progress off a terminal too.
  std::string reason;       ///< For history: why this is done.
  bool trace_http = false;  ///< Every exchange to standard error, secrets hidden.
  fs::path record_http;     ///< A new file for all exchanges, secrets hidden; empty: none.
  fs::path replay_http;     ///< A recording that answers instead of the network; empty: none.
};

struct InitOptions {
  fs::path folder = ".";
  std::optional<dns::Name> zone;
  std::string provider;  ///< Empty: not said.
};
struct ImportOptions {
  engine::ImportRequest request;
  std::optional<fs::path> out;
};
struct ExportOptions {
  std::string what;  ///< A spec file, a folder or the name of a zone.
  bool live = false;
  fs::path project;
  std::optional<base::Instant> at;
  std::optional<fs::path> out;
};
struct CheckOptions {
  engine::CheckRequest request;
  bool explain = false;            ///< Tell about rules instead.
  std::vector<std::string> rules;  ///< With `explain`: these; none: a list of all.
};
struct PlanOptions {
  engine::PlanRequest request;
  std::optional<fs::path> out;
  engine::Detailed detailed = engine::Detailed::no;
};
struct ApplyOptions {
  engine::ApplyRequest request;
  bool yes = false;
};
struct RollbackOptions {
  engine::RollbackRequest request;
  bool yes = false;
};
struct HoldOptions {
  engine::Selection selection;
  bool all = false;
  bool lift = false;
};
struct HistoryOptions {
  engine::Selection selection;
  std::optional<std::uint64_t> id;
  bool check = false;
};
struct TimelineOptions {
  engine::Selection selection;
};
struct DkimNewOptions {
  dns::Name domain;
  std::string selector;          ///< Empty: by today's date.
  unsigned rsa_bits = 2048;      ///< 0: Ed25519.
  fs::path out = ".";            ///< Folder for the two files.
  std::optional<fs::path> spec;  ///< Whose selectors are taken.
};
struct ExplainOptions {
  std::string what;  ///< A spec file, a folder, the name of a zone, or a zone file.
  bool live = false;
  fs::path project;
  std::optional<base::Instant> at;
};
struct MtaStsOptions {
  std::string what;  ///< A spec file, a folder or the name of a zone.
  fs::path project;
  std::optional<base::Instant> at;
  std::optional<fs::path> out;  ///< Folder.
};
struct ServicesOptions {
  std::string name;  ///< Empty: all.
  fs::path project;
};
struct ServicesDetectOptions {
  std::string what;               ///< A zone of the project, or a zone file.
  std::optional<dns::Name> zone;  ///< Of a file that does not say so itself.
  fs::path project;
};
struct ProvidersOptions {
  std::string type;  ///< Empty: all.
};
struct ProvidersCheckOptions {
  std::vector<std::string> accounts;  ///< Or provider types; none: all accounts of the project.
  fs::path project;
};
/// One sender to be judged.
struct SpfQuestion {
  mail::Ip ip;
  std::string mail_from;  ///< Without angle brackets; empty: as with bounces.
  std::string helo;
};
struct SpfEvalOptions {
  std::vector<fs::path> specs;
  std::vector<fs::path> records;
  std::optional<SpfQuestion> question;
  std::string queries;  ///< Without `question`: a file with a question in each line, or "-".
  std::string receiver = "unknown";  ///< For %{r} in explanations.
};
struct SpfFlattenOptions {
  std::optional<dns::Name> name;
  std::optional<fs::path> check;  ///< Instead of `name`: a source file to be compared.
  std::vector<fs::path> specs;
  std::vector<fs::path> records;
  std::vector<std::string> includes;
  mail::SpfVolatile volatiles = mail::SpfVolatile::refused;
  std::optional<fs::path> out;
};
struct CompletionOptions {
  std::string shell;
};
struct VersionOptions {};
/// `--help`, `help COMMAND`, or nothing at all: text for standard output, exit 0.
struct HelpOptions {
  std::string text;
};
/// The command line cannot be understood: words for standard error, exit 64.
struct UsageFault {
  std::string message;
  std::string hint;
};

struct Invocation {
  CommonOptions common;
  std::variant<HelpOptions, UsageFault, VersionOptions, InitOptions, ImportOptions, ExportOptions,
               CheckOptions, PlanOptions, ApplyOptions, RollbackOptions, HoldOptions,
               HistoryOptions, TimelineOptions, ExplainOptions, DkimNewOptions, MtaStsOptions,
               ServicesOptions, ServicesDetectOptions, ProvidersOptions, ProvidersCheckOptions,
               SpfEvalOptions, SpfFlattenOptions, CompletionOptions>
      command;
};

/// Reads the arguments, program name left out. Never throws for what a user typed.
Invocation parse_arguments(const std::vector<std::string>& arguments);

/// "joe@example.com" of "<joe@example.com>", as senders are often written.
std::string without_angles(const std::string& address);

/// What completion scripts need to know of a command.
struct CommandShape {
  struct Flag {
    std::string name;  ///< "--format"
    std::string help;
    std::vector<std::string> values;  ///< The words it takes; empty: anything or nothing.
    bool takes_value = false;
    bool takes_path = false;
  };
  std::string name;
  std::string summary;
  std::vector<Flag> flags;
  std::vector<std::string> words;  ///< What its first argument can be, where that is a fixed list.
  bool takes_paths = false;
};
std::vector<CommandShape> command_shapes();

}  // namespace mxsmith::cli
