#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::base {

namespace {

FileHandle open_or_throw(const fs::path& path, int flags, unsigned mode, const char* doing) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, static_cast<mode_t>(mode));
  if (descriptor < 0) throw io_error(std::string(doing) + " " + path.string(), errno);
  return FileHandle(descriptor);
}

fs::path directory_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

std::string read_all(const FileHandle& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw io_error("read " + path.string(), errno);
  if (S_ISDIR(status.st_mode)) throw io_error("read " + path.string(), EISDIR);
  std::string content;
  content.resize(static_cast<std::size_t>(status.st_size) + 1);  // one more: ends in one short read
  std::size_t length = 0;
  for (;;) {
    if (length == content.size()) content.resize(content.size() * 2);
    const ssize_t got = ::read(file.get(), content.data() + length, content.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error("read " + path.string(), errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  content.resize(length);
  return content;
}

/// A symbolic link stays and the file it leads to is replaced; one that leads nowhere is replaced
/// itself.
fs::path without_link(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path target = fs::canonical(path, error);
  return error ? path : target;
}

/// Removes the file unless told that it is wanted.
class RemovedOnFailure {
 public:
  explicit RemovedOnFailure(fs::path path) : path_(std::move(path)) {}
  ~RemovedOnFailure() {
    if (!kept_) ::unlink(path_.c_str());
  }
  RemovedOnFailure(const RemovedOnFailure&) = delete;
  RemovedOnFailure& operator=(const RemovedOnFailure&) = delete;
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

}  // namespace

FileHandle::~FileHandle() { close(); }

FileHandle::FileHandle(FileHandle&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void FileHandle::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::string read_file(const fs::path& path) {
  return read_all(open_or_throw(path, O_RDONLY, 0, "read"), path);
}

std::optional<std::string> read_file_if_there(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw io_error("read " + path.string(), errno);
  }
  return read_all(FileHandle(descriptor), path);
}

void replace_file(const fs::path& named, std::string_view content, unsigned mode) {
  const fs::path path = without_link(named);
  struct stat old {};
  const bool there = ::stat(path.c_str(), &old) == 0;
  // One fixed name beside the target: what a killed run left is replaced by the next one and never
  // piles up.
  const fs::path fresh = directory_of(path) / ("." + path.filename().string() + ".mxsmith-new");
  if (::unlink(fresh.c_str()) != 0 && errno != ENOENT) {
    throw io_error("replace " + fresh.string(), errno);
  }
  FileHandle file =
      open_or_throw(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, there ? 0600 : mode, "create");
  RemovedOnFailure guard(fresh);
  if (there) {
    // Only root may give files away; the mode matters more and comes second because chown clears
    // bits of it.
    if (::fchown(file.get(), old.st_uid, old.st_gid) != 0 && errno != EPERM) {
      throw io_error("keep the owner of " + path.string(), errno);
    }
    if (::fchmod(file.get(), old.st_mode & 07777) != 0) {
      throw io_error("keep the mode of " + path.string(), errno);
    }
  }
  write_all(file, content, fresh);
  sync_file(file, fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) throw io_error("replace " + path.string(), errno);
  guard.keep();
  sync_directory(directory_of(path));
}

void write_all(const FileHandle& file, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io_error("write " + path.string(), errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_file(const FileHandle& file, const fs::path& path) {
  if (::fsync(file.get()) != 0) throw io_error("write " + path.string() + " to disk", errno);
}

void sync_directory(const fs::path& directory) {
  const FileHandle handle = open_or_throw(directory, O_RDONLY | O_DIRECTORY, 0, "open directory");
  sync_file(handle, directory);
}

FileHandle create_file(const fs::path& path, unsigned mode) {
  return open_or_throw(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode, "create");
}

FileHandle append_to_file(const fs::path& path) {
  return open_or_throw(path, O_WRONLY | O_APPEND, 0, "append to");
}

void make_directories(const fs::path& path) {
  std::error_code unknown;  // what keeps us from looking will keep mkdir from working, and is told
  if (path.empty() || fs::is_directory(path, unknown)) return;
  make_directories(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw io_error("create directory " + path.string(), errno);
  }
  if (!fs::is_directory(path, unknown))
    throw io_error("create directory " + path.string(), ENOTDIR);
  sync_directory(directory_of(path));
}

std::optional<FileLock> FileLock::try_take(const fs::path& path, std::string_view holder) {
  FileHandle file = open_or_throw(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600, "open lock");
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw io_error("lock " + path.string(), errno);
  }
  // The text serves messages only: a disk too full for it must not keep anybody from settling.
  if (::ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(file.get(), holder.data(), holder.size(), 0);
  }
  return FileLock(std::move(file));
}

std::string FileLock::holder_of(const fs::path& path) {
  return read_file_if_there(path).value_or("");
}

}  // namespace mxsmith::base
