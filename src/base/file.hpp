// Files, as carefully as history and zone files need them.
//
// Every function throws Error{io} with the path and the system's words. Writers go through
// `write_all` and `sync_file`, which report a full disk before anything is renamed into place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::base {

namespace fs = std::filesystem;

/// A file descriptor that closes itself; opened close-on-exec.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  ~FileHandle();
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  void close();

 private:
  int descriptor_ = -1;
};

/// The whole file as octets.
std::string read_file(const fs::path& path);
/// The same, or nothing when there is no such file.
std::optional<std::string> read_file_if_there(const fs::path& path);

/// Replaces `path` by `content` so that a reader, or a machine that loses power, sees the old file
/// or the new one, never a mixture: temporary file beside it, fsync, rename, fsync of the
/// directory. Mode and, where allowed, owner of an existing file are kept; a new file gets `mode`.
void replace_file(const fs::path& path, std::string_view content, unsigned mode = 0644);

/// Writes everything to `file`, or throws; `path` is for the message.
void write_all(const FileHandle& file, std::string_view content, const fs::path& path);
void sync_file(const FileHandle& file, const fs::path& path);
void sync_directory(const fs::path& directory);

/// Creates `path` for writing; it must not exist.
FileHandle create_file(const fs::path& path, unsigned mode);
/// Opens an existing file for appending.
FileHandle append_to_file(const fs::path& path);
void make_directories(const fs::path& path);

/// An advisory lock by flock(2) on a file of its own: released when this value is destroyed or the
/// process dies, however it dies. The text in the file says who holds it and serves messages only.
class FileLock {
 public:
  /// Takes the lock without waiting. Nothing if another process or another FileLock holds it.
  static std::optional<FileLock> try_take(const fs::path& path, std::string_view holder);
  /// What the holder wrote; may be empty or out of date.
  static std::string holder_of(const fs::path& path);

 private:
  explicit FileLock(FileHandle file) : file_(std::move(file)) {}
  FileHandle file_;
};

}  // namespace mxsmith::base
