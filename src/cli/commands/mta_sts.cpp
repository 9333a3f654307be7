#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/chosen_zone.hpp"
#include "cli/commands.hpp"
#include "cli/render/sts_policy.hpp"

namespace mxsmith::cli {

namespace {

using render::StsPolicyFile;

/// The first moment after `at` from which the zone has another policy.
void find_change(const spec::ZoneSpec& zone, base::Instant at, StsPolicyFile& file,
                 base::Diagnostics& diagnostics) {
  for (const spec::Moment& moment : spec::moments(zone, diagnostics)) {
    if (moment.at <= at) continue;
    const plan::Desired then = spec::evaluate(zone, moment.at, diagnostics);
    if (then.mail.mta_sts && *then.mail.mta_sts == file.policy) continue;
    file.changes_at = moment.at;
    file.changes_by = moment.name;
    file.ends = !then.mail.mta_sts;
    return;
  }
}

std::optional<StsPolicyFile> policy_of(const spec::ZoneSpec& zone, base::Instant at,
                                       base::Diagnostics& diagnostics) {
  const plan::Desired desired = spec::evaluate(zone, at, diagnostics);
  if (!desired.mail.mta_sts) return std::nullopt;
  StsPolicyFile file;
  file.zone = zone.zone;
  file.policy = *desired.mail.mta_sts;
  file.id = mail::mta_sts_id(file.policy);
  file.record = mail::print_mta_sts_record(file.policy);
  file.text = mail::print_mta_sts_policy(file.policy);
  file.url = render::sts_policy_url(zone.zone);
  find_change(zone, at, file, diagnostics);
  return file;
}

/// A document root for each host: FOLDER/mta-sts.example.com/.well-known/mta-sts.txt.
fs::path place_of(const fs::path& folder, const dns::Name& zone) {
  const std::string name = zone.text();
  return folder / ("mta-sts." + name.substr(0, name.size() - 1)) / ".well-known" / "mta-sts.txt";
}

void write_policy(const fs::path& folder, StsPolicyFile& file) {
  const fs::path path = place_of(folder, file.zone);
  file.file = path;
  const auto old = base::read_file_if_there(path);
  if (old && *old == file.text) {
    file.written = StsPolicyFile::Written::unchanged;
    return;
  }
  if (old && !mail::parse_mta_sts_policy(*old)) {
    throw base::Error(base::ErrorKind::io, path.string() + " is there and is no MTA-STS policy")
        .with_hint("only policies are replaced: move it away, or choose another folder");
  }
  std::error_code fault;
  fs::create_directories(path.parent_path(), fault);  // A web server reads them: mode by umask.
  if (fault) throw base::io_error("create " + path.parent_path().string(), fault.value());
  base::replace_file(path, file.text);
  file.written = old ? StsPolicyFile::Written::replaced : StsPolicyFile::Written::created;
}

[[noreturn]] void no_policy(const MtaStsOptions& options, const engine::Selection& selection,
                            const spec::Project& project) {
  const bool known = std::any_of(project.zones.begin(), project.zones.end(), [&](const auto& zone) {
    return selection.zones.empty() || zone.zone == selection.zones.front();
  });
  if (!known) {
    throw base::Error(base::ErrorKind::not_found, "no spec here declares " + options.what)
        .with_hint("--project names the folder of its project");
  }
  throw base::Error(base::ErrorKind::not_found, options.what + " declares no [mail.mta_sts]")
      .with_hint("where another service keeps the policy, it is served there");
}

}  // namespace

engine::ExitCode run(const MtaStsOptions& options, Session& session) {
  const auto selection = choose(options.what, options.project);
  const spec::Project project = load_chosen(selection);
  base::Diagnostics diagnostics = project.diagnostics;
  const base::Instant at = options.at.value_or(session.clock().now());
  std::vector<StsPolicyFile> files;
  for (const spec::ZoneSpec& zone : project.zones) {
    if (!selection.zones.empty() && zone.zone != selection.zones.front()) continue;
    if (auto file = policy_of(zone, at, diagnostics)) files.push_back(std::move(*file));
  }
  if (diagnostics.has_errors()) {
    session.diagnostics(diagnostics);
    return engine::ExitCode::refused;
  }
  if (files.empty()) no_policy(options, selection, project);
  if (options.out) {
    for (StsPolicyFile& file : files) write_policy(*options.out, file);
  }
  const auto format = session.common().format;
  session.out(render::print_sts_policies(files, format, session.view()));
  if (format == Format::text && !session.common().quiet) {
    session.err(render::print_sts_advice(files, session.view()));
  }
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
