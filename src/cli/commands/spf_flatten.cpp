#include <algorithm>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/render/spf_flattening.hpp"
#include "engine/offline_dns.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

base::Error as_error(const base::Fault& fault) {
  return base::Error(base::ErrorKind::invalid, fault.message).with_hint(fault.hint);
}

/// The source lies beside the spec that declares the name.
std::optional<fs::path> source_path(const SpfFlattenOptions& options) {
  if (options.out) return options.out;
  if (options.specs.size() != 1 || fs::is_directory(options.specs.front())) return {};
  fs::path path = options.specs.front();
  return path.replace_extension(".spf.json");
}

SpfSource source_of(const render::SpfFlatReport& report, mail::SpfVolatile volatiles,
                    base::Instant now) {
  const auto& flattening = report.flattening;
  return {report.name, now, volatiles, flattening.before, flattening.replaced, flattening.records};
}

engine::ExitCode flatten(const SpfFlattenOptions& options, engine::OfflineDns& dns,
                         Session& session) {
  mail::SpfFlattenWish wish{options.includes, options.volatiles};
  const auto flattening = mail::flatten_spf(*options.name, dns.resolver(), wish);
  if (!flattening) throw as_error(flattening.fault());
  render::SpfFlatReport report{*options.name, dns.zone_of(*options.name), *flattening, {}};
  const auto path = source_path(options);
  if (path && !flattening->replaced.empty()) {
    save_spf_source(*path, source_of(report, options.volatiles, session.clock().now()));
    report.source_file = path;
  }
  session.out(render::print_spf_flattening(report, session.common().format, session.view()));
  return engine::ExitCode::ok;
}

/// The same includes, flattened as they are today.
void renew(render::SpfDriftReport& report, const SpfFlattenOptions& options,
           engine::OfflineDns& dns, Session& session) {
  const SpfSource& source = report.source;
  mail::SpfFlattenWish wish{{}, source.volatiles, source.before};
  wish.includes.reserve(source.replaced.size());
  for (const auto& one : source.replaced) wish.includes.push_back(one.term);
  const auto flattening = mail::flatten_spf(source.name, dns.resolver(), wish);
  if (!flattening) {
    report.problem = flattening.fault().message;
    return;
  }
  report.renewed =
      render::SpfFlatReport{source.name, dns.zone_of(source.name), *flattening, options.out};
  if (!options.out) return;
  save_spf_source(*options.out,
                  source_of(*report.renewed, source.volatiles, session.clock().now()));
}

engine::ExitCode check(const SpfFlattenOptions& options, engine::OfflineDns& dns,
                       Session& session) {
  const std::string what = options.check->string();
  render::SpfDriftReport report;
  report.source = parse_spf_source(base::read_file(*options.check), what);
  report.drifts.reserve(report.source.replaced.size());
  for (const auto& one : report.source.replaced) {
    report.drifts.push_back(mail::spf_drift(one, dns.resolver()));
  }
  const auto any = [&](auto test) {
    return std::any_of(report.drifts.begin(), report.drifts.end(), test);
  };
  const bool moved = any([](const auto& one) { return !one.gained.empty() || !one.lost.empty(); });
  const bool unclear = any([](const auto& one) { return !one.problem.empty(); });
  if (moved && !unclear) renew(report, options, dns, session);
  session.out(render::print_spf_drift(report, session.common().format, session.view()));
  if (moved) return engine::ExitCode::changes;
  return unclear ? engine::ExitCode::error : engine::ExitCode::ok;
}

}  // namespace

engine::ExitCode run(const SpfFlattenOptions& options, Session& session) {
  engine::OfflineSources sources{options.specs, options.records, {}};
  sources.provider_types.reserve(providers::all().size());
  for (const auto& info : providers::all()) sources.provider_types.push_back(info.type);
  base::Diagnostics diagnostics;
  engine::OfflineDns dns(sources, session.clock().now(), engine::Unlisted::not_checked,
                         diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) return engine::ExitCode::refused;
  return options.check ? check(options, dns, session) : flatten(options, dns, session);
}

}  // namespace mxsmith::cli
