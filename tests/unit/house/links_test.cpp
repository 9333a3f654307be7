// Every relative link in the documentation leads to a file that is there.

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "support/catch.hpp"

namespace fs = std::filesystem;

namespace {

/// What stands in the round brackets of "[text](target)", code blocks left out.
std::vector<std::string> links_of(const std::string& markdown) {
  std::vector<std::string> links;
  bool in_code = false;
  for (std::size_t line = 0; line < markdown.size();) {
    const std::size_t end = std::min(markdown.find('\n', line), markdown.size());
    const std::string text = markdown.substr(line, end - line);
    line = end + 1;
    if (text.starts_with("```")) in_code = !in_code;
    if (in_code) continue;
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      const std::size_t close = text.find(')', at);
      if (close != std::string::npos) links.push_back(text.substr(at + 2, close - at - 2));
    }
  }
  return links;
}

/// The file that a link names; empty for links elsewhere and within the page.
std::string file_of(const std::string& link) {
  if (link.find("://") != std::string::npos || link.starts_with("mailto:")) return {};
  return link.substr(0, link.find('#'));
}

std::vector<fs::path> pages() {
  const fs::path root = MXSMITH_SOURCE_DIR;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  for (const char* folder : {"docs", "examples", "providers", "schemas"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  return found;
}

}  // namespace

TEST_CASE("links are found outside code") {
  const auto links =
      links_of("See [a](b.md) and [c](d.md#e).\n```\n[x](y)\n```\n[z](https://h/)\n");
  REQUIRE(links.size() == 3);
  CHECK(file_of(links[0]) == "b.md");
  CHECK(file_of(links[1]) == "d.md");
  CHECK(file_of(links[2]).empty());
}

TEST_CASE("every link in the documentation leads somewhere") {
  const auto all = pages();
  REQUIRE(all.size() > 3);
  for (const auto& page : all) {
    for (const auto& link : links_of(mxsmith::base::read_file(page))) {
      const std::string file = file_of(link);
      INFO(page.string() << " links to " << link);
      CHECK((file.empty() || fs::exists(page.parent_path() / file)));
    }
  }
}
