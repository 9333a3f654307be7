// mxsmith.toml: accounts, state, guards that are let through everywhere.
#pragma once

#include <string>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

/// `path` is the file as the user would write it; the tree has been read from there. Rules besides
/// those of shape: spec-account, spec-secret, spec-secret-literal, spec-allow, spec-state.
ProjectFile project_of(const Node& tree, const std::string& path, base::Diagnostics& diagnostics);

/// The catalogue with the services in the folder that a project file names. Rules:
/// spec-file-missing and those of read_service.
KnownServices read_own_services(const ProjectFile& project, FileSource& files,
                                base::Diagnostics& diagnostics);

/// [[allow]] tables. Rules: spec-missing-key, spec-allow.
std::vector<plan::AllowRule> allow_rules(const Node& tree, base::Diagnostics& diagnostics);

/// Whether a setting of that name holds something that must not stand in a file.
bool looks_like_secret(std::string_view setting);

}  // namespace mxsmith::spec
