// Mail services of a project's own.

#include "spec/project.hpp"
#include "spec/toml_reader.hpp"

namespace mxsmith::spec {

KnownServices read_own_services(const ProjectFile& project, FileSource& files,
                                base::Diagnostics& diagnostics) {
  if (!project.services) return {};
  const fs::path folder = project.services->lexically_normal();
  const auto listed = files.list(folder);
  if (!listed) {
    diagnostics.error("spec-file-missing", project.services_pos,
                      "there is no folder " + folder.string() + " with mail services",
                      "it holds a NAME.toml for each service");
    return {};
  }
  std::vector<mail::Service> own;
  own.reserve(listed->size());
  for (const fs::path& path : *listed) {
    const auto text = files.read(path);
    if (!text) continue;
    auto service = read_service(*text, path.stem().string(), path.string(), diagnostics);
    if (service) own.push_back(std::move(*service));
  }
  return KnownServices(std::move(own));
}

KnownServices project_services(const fs::path& folder, FileSource& files,
                               base::Diagnostics& diagnostics) {
  const fs::path directory = files.list(folder) ? folder : folder.parent_path();
  const fs::path path = (directory / "mxsmith.toml").lexically_normal();
  const auto text = files.read(path);
  if (!text) return {};
  const auto tree = read_toml(*text, path.string(), diagnostics);
  if (!tree) return {};
  return read_own_services(project_of(*tree, path.string(), diagnostics), files, diagnostics);
}

}  // namespace mxsmith::spec
