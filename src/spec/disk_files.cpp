// Spec files on the disk.

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

namespace {

class DiskFiles final : public FileSource {
 public:
  std::optional<std::string> read(const fs::path& path) override {
    return base::read_file_if_there(path);
  }

  std::optional<std::vector<fs::path>> list(const fs::path& folder) override {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return std::nullopt;
    fs::directory_iterator files(folder, error);
    if (error) throw base::io_error("list " + folder.string(), error.value());
    std::vector<fs::path> result;
    for (const fs::directory_entry& file : files) {
      const fs::path name = file.path().filename();
      const bool hidden = name.string().front() == '.';
      if (hidden || name.extension() != ".toml" || name == "mxsmith.toml") continue;
      if (file.is_regular_file()) result.push_back(file.path());
    }
    std::sort(result.begin(), result.end());
    return result;
  }
};

}  // namespace

std::unique_ptr<FileSource> disk_files() { return std::make_unique<DiskFiles>(); }

}  // namespace mxsmith::spec
