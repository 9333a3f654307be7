#include "cli/pipeline.hpp"

#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "http/json.hpp"

namespace mxsmith::cli {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// GitHub, Gitea and Forgejo put it into a file. A pull request's event has a "before", too, but of
/// the branch that is to be merged.
std::string from_event_file() {
  if (variable("GITHUB_EVENT_NAME") != "push") return {};
  const std::string path = variable("GITHUB_EVENT_PATH");
  const auto text = path.empty() ? std::nullopt : base::read_file_if_there(path);
  if (!text) return {};
  const http::Json event = http::parse_json(*text, path);
  const http::Json* before = event.find("before");
  return before != nullptr && before->string() != nullptr ? *before->string() : std::string();
}

}  // namespace

std::string commit_before() {
  if (auto commit = from_event_file(); !commit.empty()) return commit;
  // GitLab, Jenkins' Git plugin (the last build that went well), Woodpecker, Drone.
  constexpr std::array kVariables = {"CI_COMMIT_BEFORE_SHA", "GIT_PREVIOUS_SUCCESSFUL_COMMIT",
                                     "CI_PREV_COMMIT_SHA", "DRONE_COMMIT_BEFORE"};
  for (const char* name : kVariables) {
    if (auto commit = variable(name); !commit.empty()) return commit;
  }
  return {};
}

}  // namespace mxsmith::cli
