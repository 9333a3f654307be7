#include "transcript.hpp"

#include <cstdlib>
#include <regex>
#include <utility>
#include <vector>

namespace mxsmith::tests {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void replace_all(std::string& line, const std::string& what, const std::string& word) {
  for (auto at = line.find(what); at != std::string::npos; at = line.find(what, at + word.size())) {
    line.replace(at, what.size(), word);
  }
}

RunOptions plain(const fs::path& folder) {
  RunOptions options;
  options.directory = folder;
  options.without = {"GITHUB_SHA", "GITHUB_REF", "CI_MERGE_REQUEST_IID", "CI_COMMIT_SHA",
                     "NO_COLOR"};
  const char* path = std::getenv("PATH");
  options.environment = {
      {"TZ", "UTC"},
      {"GITHUB_ACTOR", "kim"},
      {"RUNNER_NAME", "build7"},
      {"LC_ALL", "C.UTF-8"},
      {"PATH", fs::path(MXSMITH_BINARY).parent_path().string() + ":" + (path ? path : "")}};
  return options;
}

}  // namespace

RunOptions in_folder(const fs::path& folder, std::vector<std::string> args) {
  RunOptions options = plain(folder);
  options.args = std::move(args);
  return options;
}

std::string normalized(const std::string& output, const fs::path& folder) {
  static const std::vector<std::pair<std::regex, std::string>> kRules = {
      {std::regex(R"(20[23]\d{5}T\d{6}Z-[0-9a-f]{4})"), "RUN"},
      {std::regex(R"(20[23]\d-\d\d-\d\d \d\d:\d\d UTC)"), "YYYY-MM-DD HH:MM UTC"},
      {std::regex(R"(20[23]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ)"), "YYYY-MM-DDTHH:MM:SSZ"},
      {std::regex(R"((read|until|Until) \d\d:\d\d UTC)"), "$1 HH:MM UTC"},
      {std::regex(R"(\b[0-9a-f]{64}\b)"), "HASH"},
      {std::regex(R"(\b20[23]\d{7}\b)"), "SERIAL"},
  };
  std::string result;
  for (std::string line : lines_of(output)) {
    replace_all(line, folder.string(), "FOLDER");
    for (const auto& [pattern, word] : kRules) line = std::regex_replace(line, pattern, word);
    result += line + "\n";
  }
  return result;
}

std::string replay(const std::string& transcript, const fs::path& folder) {
  std::string result;
  for (const auto& line : lines_of(transcript)) {
    if (line.rfind("$ ", 0) != 0) continue;
    RunOptions options = plain(folder);
    options.args = {"-c", "{ " + line.substr(2) + "\n} 2>&1"};
    const RunResult run_result = run("/bin/sh", options);
    result += line + "\n" + normalized(run_result.out, folder);
    if (run_result.exit != 0) result += "[" + std::to_string(run_result.exit) + "]\n";
    result += "\n";
  }
  return result;
}

}  // namespace mxsmith::tests
