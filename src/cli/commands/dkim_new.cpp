#include <algorithm>

#include "base/file.hpp"
#include "base/key_pair.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/render/new_key.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

using mail::SelectorState;

/// Selectors of one zone's spec at all times, and whether one of the domain's own signs.
struct SpecSelectors {
  std::vector<std::string> used;
  bool own_active = false;
};

void take(const plan::Desired& desired, SpecSelectors& selectors) {
  for (const auto& one : desired.mail.selectors) {
    selectors.used.push_back(one.selector);
    selectors.own_active |= one.state == SelectorState::active && one.signer.empty();
  }
}

SpecSelectors selectors_of(const fs::path& path, const dns::Name& domain, Session& session) {
  std::vector<std::string> types;
  for (const auto& info : providers::all()) types.push_back(info.type);
  const spec::Project project = spec::load({path}, *spec::disk_files(), types);
  base::Diagnostics diagnostics = project.diagnostics;
  SpecSelectors selectors;
  const auto zone = std::find_if(project.zones.begin(), project.zones.end(),
                                 [&](const spec::ZoneSpec& one) { return one.zone == domain; });
  if (zone != project.zones.end()) {
    take(spec::evaluate(*zone, base::Instant{}, diagnostics), selectors);
    for (const auto& moment : spec::moments(*zone, diagnostics)) {
      take(spec::evaluate(*zone, moment.at, diagnostics), selectors);
    }
  }
  if (diagnostics.has_errors()) {
    session.diagnostics(diagnostics);
    throw base::Error(base::ErrorKind::refused, path.string() + " has errors; no key was made")
        .with_hint("see `mxsmith check " + path.string() + "`");
  }
  if (zone == project.zones.end()) {
    throw base::Error(base::ErrorKind::not_found,
                      path.string() + " is not about " + domain.display());
  }
  return selectors;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

struct Files {
  fs::path private_file;
  fs::path public_file;
};
Files files_of(const DkimNewOptions& options, const std::string& selector) {
  const std::string stem = mail::key_file_stem(options.domain, selector);
  const fs::path folder = options.out.lexically_normal();
  return {(folder / (stem + ".key")).lexically_normal(),
          (folder / (stem + ".pem")).lexically_normal()};
}

/// The one that was asked for, or one by today's date that neither the spec nor a file here uses.
std::string choose_selector(const DkimNewOptions& options, std::vector<std::string> used,
                            base::Instant today) {
  if (!options.selector.empty()) {
    std::string selector = base::to_lower(options.selector);
    if (std::find(used.begin(), used.end(), selector) != used.end()) {
      throw base::Error(base::ErrorKind::conflict,
                        "the spec has a selector " + selector + " already")
          .with_hint("a new key is a new selector: verifiers may still hold the old one");
    }
    return selector;
  }
  while (auto selector = mail::unused_selector(today, used)) {
    const Files files = files_of(options, *selector);
    if (!is_there(files.private_file) && !is_there(files.public_file)) return *selector;
    used.push_back(*selector);
  }
  throw base::Error(base::ErrorKind::conflict, "all selectors of this month's pattern are in use")
      .with_hint("name one: --selector NAME");
}

void write_new(const fs::path& path, const std::string& content, unsigned mode) {
  if (is_there(path)) {
    throw base::Error(base::ErrorKind::io, path.string() + " is there already")
        .with_hint("nothing is overwritten: choose another selector or folder");
  }
  const base::FileHandle file = base::create_file(path, mode);
  base::write_all(file, content, path);
  base::sync_file(file, path);
}

/// The file as a spec in `spec_folder` names it.
std::string path_for_spec(const fs::path& file, const fs::path& spec_folder) {
  const fs::path from = spec_folder.empty() ? fs::path(".") : spec_folder;
  const fs::path relative = fs::absolute(file).lexically_relative(fs::absolute(from));
  return (relative.empty() ? fs::absolute(file) : relative.lexically_normal()).string();
}

bool is_in_git(const fs::path& folder) {
  fs::path at = fs::absolute(folder).lexically_normal();
  for (;; at = at.parent_path()) {
    if (is_there(at / ".git")) return true;
    if (at == at.parent_path()) return false;
  }
}

base::KeyPair make_pair(const DkimNewOptions& options) {
  return options.rsa_bits == 0 ? base::make_ed25519_pair() : base::make_rsa_pair(options.rsa_bits);
}

}  // namespace

engine::ExitCode run(const DkimNewOptions& options, Session& session) {
  SpecSelectors selectors;
  if (options.spec) selectors = selectors_of(*options.spec, options.domain, session);
  const std::string selector = choose_selector(options, selectors.used, session.clock().now());
  const auto name = mail::dkim_name(selector, options.domain);
  if (!name) {
    throw base::Error(base::ErrorKind::usage, "`" + selector + "`: " + name.fault().message)
        .with_hint(name.fault().hint);
  }
  const Files files = files_of(options, selector);
  base::make_directories(options.out);
  const base::KeyPair pair = make_pair(options);
  const auto key = mail::dkim_key_from_text(pair.public_pem);
  if (!key) throw base::Error(base::ErrorKind::invalid, "the new key: " + key.fault().message);
  // The public half goes second: without a private one beside it, it says nothing.
  write_new(files.private_file, pair.private_pem.reveal(), 0600);
  write_new(files.public_file, pair.public_pem, 0644);
  base::sync_directory(options.out);
  const fs::path folder = options.spec ? options.spec->parent_path() : fs::path(".");
  const render::NewKey made{{options.domain, selector, *key},
                            files.private_file,
                            files.public_file,
                            path_for_spec(files.public_file, folder),
                            options.spec,
                            selectors.own_active ? SelectorState::next : SelectorState::active,
                            is_in_git(options.out)};
  session.out(render::print_new_key(made, session.common().format, session.view()));
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
