// fault_preload: a library for LD_PRELOAD that makes the k-th change to the disk fail, so that
// tests can kill the built binary, or fill its disk, at every write, fsync and rename of a run.
//
//   MXSMITH_FAULT_UNDER=DIR[:DIR...]  only files below these folders count (absolute, no links)
//   MXSMITH_FAULT_AT=k                the k-th counted call, from 1; 0 or absent: none
//   MXSMITH_FAULT_DO=...              what happens then:
//     kill            SIGKILL before the call takes effect
//     kill-after      SIGKILL after it has
//     torn-kill       a write puts half of its octets in the file, then SIGKILL; else as kill
//     enospc, eio     the call fails with that errno and changes nothing
//     enospc-half     a write puts half of its octets in the file and says so; all further writes,
//                     renames and creations fail with ENOSPC; else as enospc
//     enospc-on       as enospc, and all further writes, renames and creations too: a disk that
//                     stays full (removing still works)
//   MXSMITH_FAULT_COUNT_FILE=FILE     gets one line at exit, by whatever way but SIGKILL: how many
//                                     calls were counted; then k can run over all of them
//   MXSMITH_FAULT_TRACE=FILE          gets a line per counted call, "12 fsync /path"
//
// Counted: write, pwrite, writev, fsync, fdatasync, ftruncate, rename, renameat, renameat2, unlink,
// unlinkat, link, linkat, mkdir, mkdirat, and open, openat and creat when they create. The count is
// of one process and its threads; children start anew, so what runs the binary must not be below a
// shell that writes there.
//
// With AddressSanitizer its runtime has to come first or the binary refuses to start:
//   LD_PRELOAD="$(gcc -print-file-name=libasan.so) /path/to/libfault_preload.so"
// UBSan alone needs nothing. The library itself is built without sanitizers.
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

enum class Deed { kill, kill_after, torn_kill, enospc, enospc_half, enospc_on, eio };

struct Settings {
  std::vector<std::string> under;
  long at = 0;
  Deed deed = Deed::kill;
  std::string count_file;
  std::string trace_file;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Deed parse_deed(const std::string& text) {
  if (text == "kill-after") return Deed::kill_after;
  if (text == "torn-kill") return Deed::torn_kill;
  if (text == "enospc") return Deed::enospc;
  if (text == "enospc-half") return Deed::enospc_half;
  if (text == "enospc-on") return Deed::enospc_on;
  if (text == "eio") return Deed::eio;
  return Deed::kill;
}

const Settings& settings() {
  static const Settings* const kSettings = [] {
    auto* read = new Settings;  // never freed: it is needed until the last call of the process
    const std::string folders = variable("MXSMITH_FAULT_UNDER");
    for (std::size_t begin = 0; begin < folders.size();) {
      const std::size_t end = std::min(folders.find(':', begin), folders.size());
      if (end > begin) read->under.push_back(folders.substr(begin, end - begin));
      begin = end + 1;
    }
    read->at = std::atol(variable("MXSMITH_FAULT_AT").c_str());
    read->deed = parse_deed(variable("MXSMITH_FAULT_DO"));
    read->count_file = variable("MXSMITH_FAULT_COUNT_FILE");
    read->trace_file = variable("MXSMITH_FAULT_TRACE");
    return read;
  }();
  return *kSettings;
}

std::atomic<long> calls{0};
std::atomic<bool> disk_full{false};

/// The next function of that name, the C library's.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// A line at the end of a file, by raw system calls so that it is not counted itself.
void note(const std::string& file, const std::string& line) {
  const long descriptor =
      syscall(SYS_openat, AT_FDCWD, file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  syscall(SYS_write, descriptor, line.data(), line.size());
  syscall(SYS_close, descriptor);
}

bool is_below(std::string_view path) {
  for (const std::string& folder : settings().under) {
    if (path == folder) return true;
    if (path.size() > folder.size() && path.substr(0, folder.size()) == folder &&
        path[folder.size()] == '/') {
      return true;
    }
  }
  return false;
}

std::string link_target(const std::string& link) {
  char target[PATH_MAX];
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length < 0 ? std::string() : std::string(target, static_cast<std::size_t>(length));
}

std::string path_of(int descriptor) {
  return link_target("/proc/self/fd/" + std::to_string(descriptor));
}

/// The absolute path, "." and ".." taken out; the last part need not exist.
std::string path_at(int folder, const char* name) {
  std::string path = name;
  if (path.empty() || path.front() != '/') {
    path = (folder == AT_FDCWD ? link_target("/proc/self/cwd") : path_of(folder)) + "/" + path;
  }
  const std::size_t slash = path.rfind('/');
  char real[PATH_MAX];
  if (realpath(path.substr(0, slash + 1).c_str(), real) == nullptr) return path;
  return std::string(real) + "/" + path.substr(slash + 1);
}

[[noreturn]] void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

enum class Turn { not_counted, counted, now };

/// Whether this call is counted, and whether it is the one.
Turn take_turn(const char* call, const std::string& path) {
  if (!is_below(path)) return Turn::not_counted;
  const long number = ++calls;
  if (!settings().trace_file.empty()) {
    note(settings().trace_file, std::to_string(number) + " " + call + " " + path + "\n");
  }
  return number == settings().at ? Turn::now : Turn::counted;
}

int refuse(int code) {
  errno = code;
  return -1;
}

enum class Needs { space, nothing };

/// A call that happens wholly or not at all.
template <class Call>
auto whole(const char* name, const std::string& path, Needs needs, Call call) -> decltype(call()) {
  using Result = decltype(call());
  const Turn turn = take_turn(name, path);
  if (turn != Turn::not_counted && needs == Needs::space && disk_full) {
    return static_cast<Result>(refuse(ENOSPC));
  }
  if (turn != Turn::now) return call();
  switch (settings().deed) {
    case Deed::kill_after: call(); die();
    case Deed::kill:
    case Deed::torn_kill: die();
    case Deed::enospc_half:
    case Deed::enospc_on: disk_full = true; return static_cast<Result>(refuse(ENOSPC));
    case Deed::enospc: return static_cast<Result>(refuse(ENOSPC));
    case Deed::eio: break;
  }
  return static_cast<Result>(refuse(EIO));
}

/// A write of `size` octets, of which `put(n)` writes the first n.
template <class Put>
ssize_t torn(const char* name, int descriptor, std::size_t size, Put put) {
  const std::string path = path_of(descriptor);
  if (settings().deed != Deed::torn_kill && settings().deed != Deed::enospc_half) {
    return whole(name, path, Needs::space, [&] { return put(size); });
  }
  const Turn turn = take_turn(name, path);
  if (turn != Turn::not_counted && disk_full) return refuse(ENOSPC);
  if (turn != Turn::now) return put(size);
  const ssize_t half = size < 2 ? 0 : put(size / 2);
  if (settings().deed == Deed::torn_kill) die();
  disk_full = true;
  return half > 0 ? half : refuse(ENOSPC);
}

struct CountAtExit {
  ~CountAtExit() {
    if (!settings().count_file.empty()) {
      note(settings().count_file, std::to_string(calls.load()) + "\n");
    }
  }
} count_at_exit;

int open_counted(const char* name, int folder, const char* path, int flags, mode_t mode) {
  const auto call = [&] {
    return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
  };
  const std::string at = path_at(folder, path);
  if ((flags & O_CREAT) == 0 || faccessat(AT_FDCWD, at.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    return call();
  }
  return whole(name, at, Needs::space, call);
}

mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* octets, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return torn("write", descriptor, size, [&](size_t n) { return real(descriptor, octets, n); });
}

ssize_t pwrite(int descriptor, const void* octets, size_t size, off_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return torn("pwrite", descriptor, size,
              [&](size_t n) { return real(descriptor, octets, n, at); });
}

ssize_t pwrite64(int descriptor, const void* octets, size_t size, off64_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return torn("pwrite", descriptor, size,
              [&](size_t n) { return real(descriptor, octets, n, at); });
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  static auto* const real = next<ssize_t(int, const struct iovec*, int)>("writev");
  return whole("writev", path_of(descriptor), Needs::space,
               [&] { return real(descriptor, parts, count); });
}

int fsync(int descriptor) {
  static auto* const real = next<int(int)>("fsync");
  return whole("fsync", path_of(descriptor), Needs::nothing, [&] { return real(descriptor); });
}

int fdatasync(int descriptor) {
  static auto* const real = next<int(int)>("fdatasync");
  return whole("fdatasync", path_of(descriptor), Needs::nothing, [&] { return real(descriptor); });
}

int ftruncate(int descriptor, off_t size) noexcept {
  static auto* const real = next<int(int, off_t)>("ftruncate");
  return whole("ftruncate", path_of(descriptor), Needs::nothing,
               [&] { return real(descriptor, size); });
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  static auto* const real = next<int(int, off64_t)>("ftruncate64");
  return whole("ftruncate", path_of(descriptor), Needs::nothing,
               [&] { return real(descriptor, size); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return whole("rename", path_at(AT_FDCWD, to), Needs::space, [&] { return real(from, to); });
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*)>("renameat");
  return whole("renameat", path_at(to_folder, to), Needs::space,
               [&] { return real(from_folder, from, to_folder, to); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  return whole("renameat2", path_at(to_folder, to), Needs::space,
               [&] { return real(from_folder, from, to_folder, to, flags); });
}

int unlink(const char* path) noexcept {
  static auto* const real = next<int(const char*)>("unlink");
  return whole("unlink", path_at(AT_FDCWD, path), Needs::nothing, [&] { return real(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const real = next<int(int, const char*, int)>("unlinkat");
  return whole("unlinkat", path_at(folder, path), Needs::nothing,
               [&] { return real(folder, path, flags); });
}

int link(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("link");
  return whole("link", path_at(AT_FDCWD, to), Needs::space, [&] { return real(from, to); });
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*, int)>("linkat");
  return whole("linkat", path_at(to_folder, to), Needs::space,
               [&] { return real(from_folder, from, to_folder, to, flags); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = next<int(const char*, mode_t)>("mkdir");
  return whole("mkdir", path_at(AT_FDCWD, path), Needs::space, [&] { return real(path, mode); });
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  static auto* const real = next<int(int, const char*, mode_t)>("mkdirat");
  return whole("mkdirat", path_at(folder, path), Needs::space,
               [&] { return real(folder, path, mode); });
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted("open", AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted("open", AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted("openat", folder, path, flags, mode);
}

int creat(const char* path, mode_t mode) {
  return open_counted("creat", AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

}  // extern "C"
