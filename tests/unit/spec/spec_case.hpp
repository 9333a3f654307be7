// What the spec tests share: files in memory, and declarations and findings as lines of text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "spec/spec.hpp"
#include "support/catch.hpp"

namespace mxsmith::tests {

namespace fs = std::filesystem;

/// Files by path; a folder is a path that others lie in.
class MemoryFiles final : public spec::FileSource {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  std::optional<std::string> read(const fs::path& path) override {
    ++reads[path.lexically_normal().string()];
    const auto found = files_.find(path.lexically_normal().string());
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<std::vector<fs::path>> list(const fs::path& folder) override {
    if (files_.count(folder.lexically_normal().string()) != 0) return std::nullopt;
    std::vector<fs::path> result;
    for (const auto& [path, text] : files_) {
      const fs::path file(path);
      const fs::path parent = file.parent_path().empty() ? fs::path(".") : file.parent_path();
      const bool spec = file.extension() == ".toml" && file.filename() != "mxsmith.toml";
      if (parent == folder.lexically_normal() && spec) result.push_back(file);
    }
    if (result.empty()) return std::nullopt;
    return result;
  }

  std::map<std::string, int> reads;

 private:
  std::map<std::string, std::string> files_;
};

inline const std::vector<std::string>& known_types() {
  static const std::vector<std::string> kTypes = {"zonefile", "cloudflare", "memory"};
  return kTypes;
}

inline spec::Project load_files(const std::map<std::string, std::string>& files,
                                const std::vector<fs::path>& paths = {"z.toml"}) {
  MemoryFiles source(files);
  return spec::load(paths, source, known_types());
}

/// A whole spec for example.com in the file z.toml; `text` starts in line 3.
inline std::string zone_text(const std::string& text) {
  return "zone = \"example.com\"\nprovider = \"memory\"\n" + text;
}

inline std::vector<std::string> lines_of(const base::Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const base::Diagnostic& one : diagnostics.sorted()) {
    lines.push_back(one.pos.text() + " " + one.rule + " " + one.message);
  }
  return lines;
}

/// "www A 300 192.0.2.1 192.0.2.2", "@ TXT:spf - v=spf1 -all": name, type and class, TTL (with "!"
/// when it is the block's own), values.
inline std::vector<std::string> lines_of(const plan::Desired& desired) {
  std::vector<std::string> lines;
  for (const plan::DesiredUnit& unit : desired.units) {
    std::string line = unit.unit.key.name.text_relative_to(desired.zone) + " " +
                       dns::type_name(unit.unit.key.type);
    if (unit.unit.owned != plan::OwnedClass::whole) {
      line += ":" + std::string(plan::class_name(unit.unit.owned));
    }
    line += " " + (unit.ttl ? std::to_string(*unit.ttl) : "-") + (unit.ttl_of_block ? "!" : "");
    if (unit.ttl_only) line += " ttl-only";
    for (const plan::DesiredValue& value : unit.values) {
      const auto* txt = std::get_if<dns::Txt>(&value.value);
      line += " " + (txt ? txt->octets : dns::print_rdata(value.value));
    }
    if (unit.spf && unit.spf->merges) {
      line += " merge";
      for (const auto& term : unit.spf->merge.add) line += " +" + term.text;
      if (unit.spf->merge.all) {
        line += " all=" + std::string(mail::qualifier_word(*unit.spf->merge.all));
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

inline base::Instant moment(const std::string& text) { return base::parse_instant(text).value(); }

struct Evaluated {
  plan::Desired desired;
  std::vector<std::string> findings;
};

/// Loads files and evaluates the first zone.
inline Evaluated evaluate_files(const std::map<std::string, std::string>& files,
                                const std::string& at = "2026-12-01T00:00:00Z",
                                const std::string& zone = {}) {
  const spec::Project project = load_files(files);
  base::Diagnostics diagnostics = project.diagnostics;
  Evaluated result;
  for (const spec::ZoneSpec& candidate : project.zones) {
    if (!zone.empty() && candidate.zone != dns::Name::of(zone)) continue;
    result.desired = spec::evaluate(candidate, moment(at), diagnostics);
    break;
  }
  result.findings = lines_of(diagnostics);
  return result;
}

inline Evaluated evaluate_text(const std::string& text,
                               const std::string& at = "2026-12-01T00:00:00Z") {
  return evaluate_files({{"z.toml", zone_text(text)}}, at);
}

using Lines = std::vector<std::string>;

}  // namespace mxsmith::tests
