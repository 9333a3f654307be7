#include "providers/zonefile/zonefile.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "dns/zone_file.hpp"
#include "provider/account_settings.hpp"
#include "providers/zonefile/serial.hpp"
#include "providers/zonefile/zone_paths.hpp"

namespace mxsmith::providers {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
namespace fs = zonefile::fs;

constexpr std::size_t kShownFaults = 20;

plan::Traits zone_file_traits() {
  plan::Traits traits;
  traits.granularity = plan::Granularity::zone;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::yes;
  traits.multiple_writers = plan::Support::yes;
  return traits;
}

/// What a read leaves for later: the file as it was, for verbatim text and to see whether it has
/// changed since.
class ReadFile final : public plan::Native {
 public:
  explicit ReadFile(dns::ZoneFile file) : file_(std::move(file)) {}
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override {
    return file_.verbatim(key);
  }
  [[nodiscard]] const dns::ZoneFile& file() const { return file_; }

 private:
  dns::ZoneFile file_;
};

/// A link is followed first: the file it leads to is replaced, never the link.
fs::path resolved(const fs::path& path) {
  std::error_code fault;
  fs::path target = fs::canonical(path, fault);
  if (fault) throw base::io_error("find " + path.string(), fault.value());
  return target;
}

std::string read_text(const fs::path& path) {
  auto text = base::read_file_if_there(path);
  if (text) return std::move(*text);
  std::error_code fault;
  const fs::path target = fs::read_symlink(path, fault);
  if (fault) throw Error(ErrorKind::not_found, "there is no zone file " + path.string());
  throw Error(ErrorKind::io, "cannot read " + path.string() + ": it is a link to " +
                                 target.string() + ", which is not there");
}

/// Every fault with its place, as one error.
Error unreadable_zone(const fs::path& path, const base::Diagnostics& diagnostics) {
  std::string message =
      "zone file " + path.string() + " has " + base::counted(diagnostics.errors(), "fault") + ":";
  std::size_t shown = 0;
  for (const base::Diagnostic& fault : diagnostics.sorted()) {
    if (fault.severity != base::Severity::error) continue;
    if (shown++ == kShownFaults) {
      message += "\n  and " + std::to_string(diagnostics.errors() - kShownFaults) + " more";
      break;
    }
    message += "\n  " + fault.pos.text() + ": " + fault.message;
    if (!fault.hint.empty()) message += " (" + fault.hint + ")";
  }
  return {ErrorKind::invalid, message};
}

dns::ZoneFile parse_file(std::string text, const plan::ZoneRef& zone) {
  const fs::path path = zone.id;
  const fs::path folder = resolved(path).parent_path();
  dns::ReadOptions options;
  options.path = zone.id;
  options.include = [&](std::string_view included) -> std::optional<std::string> {
    try {
      return base::read_file_if_there(folder / fs::path(included));
    } catch (const Error&) {
      return std::nullopt;  // the reader names the $INCLUDE and its line
    }
  };
  base::Diagnostics diagnostics;
  auto file = dns::read_zone_file(std::move(text), zone.name, options, diagnostics);
  if (!file) throw unreadable_zone(path, diagnostics);
  return std::move(*file);
}

/// For each set, the number of an included file that holds one of its records, or 0.
std::vector<std::uint32_t> including_files(const dns::ZoneFile& file) {
  if (file.files().size() < 2) return {};
  std::vector<std::uint32_t> files(file.zone().size(), 0);
  for (const dns::ZoneFile::Record& record : file.records()) {
    files[record.set] = std::max(files[record.set], record.span.file);
  }
  return files;
}

plan::LiveZone live_zone(const plan::ZoneRef& ref, const dns::ZoneFile& file) {
  plan::LiveZone live(ref);
  const std::vector<dns::RRset>& sets = file.zone().sets();
  const std::vector<std::uint32_t> included = including_files(file);
  std::vector<std::shared_ptr<const plan::LiveExtra>> owners(file.files().size());
  for (std::size_t i = 1; i < owners.size(); ++i) {
    auto extra = std::make_shared<plan::LiveExtra>();
    extra->foreign = "file " + file.files()[i] + " ($INCLUDE)";
    owners[i] = std::move(extra);
  }
  live.reserve(sets.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    live.add({sets[i], included.empty() ? nullptr : owners[included[i]]});
  }
  return live;
}

const dns::Soa& soa_of(const dns::Zone& zone) {
  const dns::RRset* set = zone.find(zone.apex(), dns::Type::SOA);
  if (set == nullptr || set->values.size() != 1) {
    throw Error(ErrorKind::invalid, "the zone " + zone.apex().display() + " has no single SOA");
  }
  return std::get<dns::Soa>(set->values.front());
}

std::vector<dns::SetEdit> edits_of(const std::vector<plan::Change>& changes) {
  std::vector<dns::SetEdit> edits;
  for (const plan::Change& change : changes) {
    if (change.key.type == dns::Type::SOA) {
      Error error(ErrorKind::unsupported, "the SOA record of a zone file is not changed");
      throw error.about(change.key.text());
    }
    dns::SetEdit edit{change.key, std::nullopt};
    if (change.after) {
      edit.after = change.after->set;
      edit.verbatim = change.after->verbatim;
    }
    edits.push_back(std::move(edit));
  }
  return edits;
}

/// Replaces the file; an error tells whether the new text may stand in it.
void replace_zone_file(const fs::path& target, const std::string& before,
                       const std::string& after) {
  try {
    base::replace_file(target, after);
  } catch (const Error& error) {
    std::optional<std::string> now;
    try {
      now = base::read_file_if_there(target);
    } catch (const Error&) {
      now.reset();
    }
    Error told(error.kind(), error.what(), now == before ? Effect::none : Effect::unknown);
    throw told.with_hint(error.hint());
  }
}

class ZoneFileApi final : public provider::ZoneApi {
 public:
  ZoneFileApi(zonefile::ZonePaths paths, zonefile::SerialRule rule, base::Clock& clock)
      : paths_(std::move(paths)), rule_(rule), clock_(clock) {}

  [[nodiscard]] std::string fingerprint() const override {
    return "zonefile:" + base::sha256_hex(paths_.canonical());
  }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override {
    std::vector<plan::ZoneRef> found;
    for (const fs::path& path : paths_.existing(zone)) found.push_back({zone, path.string()});
    return found;
  }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    std::vector<std::string> places;
    for (const fs::path& path : paths_.candidates(zone)) places.push_back(path.string());
    return places;
  }
  std::optional<std::vector<plan::ZoneRef>> list() override {
    auto all = paths_.all();
    if (!all) return std::nullopt;
    std::vector<plan::ZoneRef> zones;
    for (auto& [zone, path] : *all) zones.push_back({std::move(zone), path.string()});
    return zones;
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef&) const override {
    return zone_file_traits();
  }
  plan::LiveZone read_all(const plan::ZoneRef& zone) override;
  void write_all(const plan::LiveZone& before, const std::vector<plan::Change>& changes) override;

 private:
  zonefile::ZonePaths paths_;
  zonefile::SerialRule rule_;
  base::Clock& clock_;
};

plan::LiveZone ZoneFileApi::read_all(const plan::ZoneRef& zone) {
  dns::ZoneFile file = parse_file(read_text(zone.id), zone);
  plan::LiveZone live = live_zone(zone, file);
  live.version = "serial " + std::to_string(soa_of(file.zone()).serial);
  live.native = std::make_shared<ReadFile>(std::move(file));
  live.read_at = clock_.now();
  return live;
}

void ZoneFileApi::write_all(const plan::LiveZone& before,
                            const std::vector<plan::Change>& changes) {
  const auto& file = dynamic_cast<const ReadFile&>(*before.native).file();
  const fs::path path = before.ref().id;
  const std::vector<dns::SetEdit> edits = edits_of(changes);
  const std::uint32_t serial =
      zonefile::next_serial(soa_of(file.zone()).serial, rule_, clock_.now());
  auto edited = dns::edit_zone_file(file, edits, serial);
  if (!edited) {
    throw Error(ErrorKind::unsupported,
                "cannot edit " + path.string() + ": " + edited.fault().message)
        .with_hint(edited.fault().hint);
  }
  const fs::path target = resolved(path);
  if (base::read_file(target) != file.text()) {
    throw Error(ErrorKind::conflict,
                "zone file " + path.string() + " changed while we were working")
        .with_hint("look at what changed, then plan again");
  }
  replace_zone_file(target, file.text(), *edited);
}

std::unique_ptr<provider::Provider> make_zonefile(const base::Account& account,
                                                  const provider::Tools& tools) {
  provider::refuse_unknown_settings(account, std::array<std::string, 2>{"path", "serial"});
  const std::string* pattern = provider::text_setting(account, "path");
  auto rule = zonefile::SerialRule::date;
  if (const std::string* text = provider::text_setting(account, "serial")) {
    const auto parsed = zonefile::parse_serial_rule(*text);
    if (!parsed) {
      provider::refuse_setting(account.settings.at("serial").pos,
                               "`serial` is \"" + *text + R"(", and takes "date" or "increment")");
    }
    rule = *parsed;
  }
  zonefile::ZonePaths paths(account.directory,
                            pattern ? std::optional(*pattern) : std::optional<std::string>());
  return provider::by_zone(std::make_unique<ZoneFileApi>(std::move(paths), rule, tools.clock));
}

}  // namespace

provider::ProviderInfo zonefile_info() {
  provider::ProviderInfo info;
  info.type = "zonefile";
  info.summary = "Zone files (RFC 1035) on this machine, as BIND, Knot and NSD load them.";
  info.settings = {
      {"path",
       "File of a zone, \"${zone}\" standing for its name, or the folder of all of them; default: "
       "\"${zone}.zone\", \"db.${zone}\" or \"${zone}\" beside the spec."},
      {"serial",
       "How the SOA serial is raised: \"date\" (YYYYMMDDnn, the default) or "
       "\"increment\"."},
  };
  info.traits = zone_file_traits();
  info.make = make_zonefile;
  return info;
}

}  // namespace mxsmith::providers
