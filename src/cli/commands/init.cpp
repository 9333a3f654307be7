#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

std::string bare(const dns::Name& zone) {
  const std::string text = zone.text();
  return text.substr(0, text.size() - 1);
}

std::string setting_comment(const provider::ProviderInfo::SettingInfo& setting) {
  return "# " + setting.name + " = \"...\"   # " + (setting.required ? "required: " : "") +
         setting.meaning + "\n";
}

std::string project_text(const provider::ProviderInfo& provider) {
  std::string text =
      "# Accounts at DNS providers, each under the name that specs use; `mxsmith providers` lists "
      "the types.\n"
      "# Secrets are named here, never written: {env = \"...\"}, {file = \"...\"} or {command = "
      "[\"...\"]}.\n\n"
      "[accounts.main]\n"
      "type = \"" +
      provider.type + "\"\n";
  for (const auto& setting : provider.settings) text += setting_comment(setting);
  return text;
}

/// Everything but the zone stands in comments: a spec of which nothing is understood yet must not
/// be able to move anybody's mail.
std::string spec_text(const dns::Name& zone) {
  return "zone     = \"" + bare(zone) +
         "\"\n"
         "provider = \"main\"\n"
         "\n"
         "# Take out the comment signs where you want mxsmith to look after a record; what is not\n"
         "# declared stays untouched. `mxsmith import " +
         bare(zone) +
         " --provider main` prints what is there now.\n"
         "\n"
         "# Where mail goes: these replace all MX records there are.\n"
         "# [[mail.mx]]\n"
         "# host     = \"mx1.example.net\"\n"
         "# priority = 10\n"
         "\n"
         "# Who may send. merge keeps the terms that are there; exact, the default, replaces "
         "them.\n"
         "# [mail.spf]\n"
         "# mode    = \"merge\"\n"
         "# include = [\"_spf.example.net\"]\n"
         "# all     = \"softfail\"\n"
         "\n"
         "# [mail.dkim.s1]\n"
         "# public_key_file = \"keys/s1.pem\"\n"
         "\n"
         "# What receivers do with mail that fails: start with none and read the reports.\n"
         "# [mail.dmarc]\n"
         "# policy = \"none\"\n"
         "# rua    = [\"mailto:dmarc@" +
         bare(zone) + "\"]\n";
}

/// An answer on a terminal, the default elsewhere and for an empty line.
std::string answer_or(const std::string& question, const std::string& usual) {
  if (!can_ask()) return usual;
  const auto line = ask(question + " [" + usual + "]: ");
  if (!line) throw base::Error(base::ErrorKind::interrupted, "no answer; nothing was written");
  const std::string text(base::trim(*line));
  return text.empty() ? usual : text;
}

dns::Name zone_of(const InitOptions& options) {
  if (options.zone) return *options.zone;
  const std::string text = answer_or("Name of the first zone", "example.com");
  auto name = dns::Name::parse_absolute(text);
  if (name) return *name;
  throw base::Error(base::ErrorKind::usage,
                    "`" + text + "` is not a zone name: " + name.fault().message);
}

const provider::ProviderInfo& provider_of(const InitOptions& options) {
  const std::string type =
      options.provider.empty() ? answer_or("DNS provider", "zonefile") : options.provider;
  if (const auto* info = providers::find(type)) return *info;
  std::vector<std::string> known;
  for (const auto& info : providers::all()) known.push_back(info.type);
  throw base::Error(base::ErrorKind::usage, "there is no provider `" + type + "`")
      .with_hint("providers: " + base::join(known, ", "));
}

void require_absent(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return;
  throw base::Error(base::ErrorKind::io, path.string() + " is there already")
      .with_hint("nothing is overwritten: start in an empty folder");
}

}  // namespace

engine::ExitCode run(const InitOptions& options, Session& session) {
  const fs::path project = options.folder / "mxsmith.toml";
  require_absent(project);
  const dns::Name zone = zone_of(options);
  const auto& provider = provider_of(options);
  const fs::path spec = options.folder / (bare(zone) + ".toml");
  require_absent(spec);
  base::make_directories(options.folder);
  write_new_file(spec, spec_text(zone));
  write_new_file(project, project_text(provider));
  session.remark("wrote " + project.string() + " and " + spec.string() +
                 "\nnext: edit the spec, then mxsmith check and mxsmith plan");
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
