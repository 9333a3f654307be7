#include "state/git_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

/// How long one process waits for another's push, and between two looks.
constexpr std::chrono::milliseconds kPatience{10 * 60 * 1000};
constexpr std::chrono::milliseconds kLook{20};

/// From so many files on, the file system is synced once instead of each file.
constexpr std::size_t kFew = 32;
/// Read from git at once; bounds what is held in memory.
constexpr std::size_t kAtOnce = 500;

constexpr const char* kMark = "unshared";

void remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return;
  throw base::io_error("remove " + path.string(), errno);
}

/// Whole or not at all for readers, but on disk only after the next sync.
void put_file(const fs::path& path, std::string_view content) {
  const fs::path temporary = path.string() + ".new";
  remove_file(temporary);
  {
    const base::FileHandle file = base::create_file(temporary, 0600);
    base::write_all(file, content, temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    throw base::io_error("rename " + temporary.string() + " to " + path.string(), errno);
  }
}

void sync_file_system(const fs::path& folder) {
  const base::FileHandle directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::syncfs(directory.get()) != 0) {
    throw base::io_error("sync " + folder.string(), errno);
  }
}

/// Holds are separate files: they follow the ref, whatever an entry of the zone is about.
bool is_hold(const std::string& path) { return path.ends_with("/hold.json"); }

/// What a ref holds may come from anybody who can push there: nothing leads out of the copy, and
/// only what the store itself shares is taken.
bool is_state(const std::string& path) {
  if (!path.ends_with(".json") && !path.ends_with(".jsonl")) return false;
  const auto parts = base::split(path, '/');
  return std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.find_first_not_of('.') != std::string::npos && part.find('\0') == std::string::npos;
  });
}

}  // namespace

std::string zone_of_path(const std::string& path) {
  std::size_t slash = path.find('/');
  for (int i = 1; i < 3 && slash != std::string::npos; ++i) slash = path.find('/', slash + 1);
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

GitCopy::GitCopy(fs::path folder) : folder_(std::move(folder)) { base::make_directories(tree()); }

base::FileLock GitCopy::hold(base::Clock& clock) const {
  const auto since = clock.ticks();
  while (true) {
    auto lock = base::FileLock::try_take(folder_ / "lock", std::to_string(::getpid()) + "\n");
    if (lock) return std::move(*lock);
    if (clock.ticks() - since > kPatience) {
      throw Error(ErrorKind::locked,
                  "another mxsmith in this clone has been talking to the remote for minutes (pid " +
                      std::string(base::trim(base::FileLock::holder_of(folder_ / "lock"))) + ")");
    }
    clock.sleep_for(kLook);
  }
}

std::string GitCopy::base() const {
  const auto text = base::read_file_if_there(folder_ / "base");
  return text ? std::string(base::trim(*text)) : std::string();
}

void GitCopy::set_base(const std::string& commit) const {
  base::replace_file(folder_ / "base", commit + "\n", 0600);
}

void GitCopy::follow(GitRef& ref, const std::string& commit) {
  const std::string before = base();
  if (before == commit) return;
  if (commit.empty()) {
    throw Error(ErrorKind::invalid, ref.name() + " is gone from " + ref.place() +
                                        ", where this clone knew it at " + before.substr(0, 12))
        .with_hint(
            "put it back from a clone or backup that has it; if history was removed on "
            "purpose, remove " +
            folder_.string() + ", too");
  }
  std::vector<TreeChange> plain;
  std::set<std::string> unshared_zones;
  for (auto& change : ref.changes(before, commit)) {
    if (!is_state(change.path)) continue;
    const std::string zone = zone_of_path(change.path);
    const bool ours = !zone.empty() && !is_hold(change.path) && unshared(zone) != Unshared::nothing;
    if (ours) {
      unshared_zones.insert(zone);
    } else {
      plain.push_back(std::move(change));
    }
  }
  write(plain, ref);
  for (const auto& zone : unshared_zones) {
    const auto journal = ref.read_file(commit, zone + "/journal.jsonl");
    if (!journal || !goes_on_here(zone, *journal)) take_zone(ref, commit, zone);
  }
  set_base(commit);
}

void GitCopy::write(const std::vector<TreeChange>& changes, GitRef& ref) {
  const bool few = changes.size() <= kFew;
  for (std::size_t begin = 0; begin < changes.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, changes.size());
    std::vector<std::string> blobs;
    blobs.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      if (!changes[i].blob.empty()) blobs.push_back(changes[i].blob);
    }
    auto contents = ref.read(blobs);
    auto content = contents.begin();
    for (std::size_t i = begin; i < end; ++i) {
      const fs::path path = file(changes[i].path);
      if (changes[i].blob.empty()) {
        remove_file(path);
        continue;
      }
      base::make_directories(path.parent_path());
      if (few) {
        base::replace_file(path, *content++, 0600);
      } else {
        put_file(path, *content++);
      }
    }
  }
  if (!few) sync_file_system(tree());
}

void GitCopy::follow_own(const std::vector<FileEdit>& edits, const std::string& commit) {
  for (const auto& edit : edits) {
    const fs::path path = file(edit.path);
    if (!edit.content) {
      remove_file(path);
    } else if (base::read_file_if_there(path) != edit.content) {
      base::make_directories(path.parent_path());
      base::replace_file(path, *edit.content, 0600);
    }
  }
  set_base(commit);
}

void GitCopy::take_zone(GitRef& ref, const std::string& commit, const std::string& zone) {
  std::map<fs::path, std::string> theirs;
  if (!commit.empty()) {
    auto files = ref.files_below(commit, zone);
    std::erase_if(files, [](const TreeChange& entry) { return !is_state(entry.path); });
    std::vector<std::string> blobs;
    blobs.reserve(files.size());
    for (const auto& entry : files) blobs.push_back(entry.blob);
    auto contents = ref.read(blobs);
    for (std::size_t i = 0; i < files.size(); ++i) {
      theirs.emplace(file(files[i].path), std::move(contents[i]));
    }
  }
  std::vector<fs::path> ours = {file(zone) / "journal.jsonl", file(zone) / "manifest.json",
                                file(zone) / "hold.json"};
  for (const auto& [id, path] : ZoneFolder(file(zone)).sealed_entries()) ours.push_back(path);
  for (const auto& path : ours) {
    const auto found = theirs.find(path);
    const auto text = base::read_file_if_there(path);
    if (!text || (found != theirs.end() && found->second == *text)) continue;
    if (path.extension() == ".jsonl") keep_aside(zone, path);
    if (found == theirs.end()) remove_file(path);
  }
  for (const auto& [path, content] : theirs) {
    base::make_directories(path.parent_path());
    if (base::read_file_if_there(path) != content) base::replace_file(path, content, 0600);
  }
  unmark(zone);
}

/// A copy, so that the record of what was done from here is not lost, although another counts.
void GitCopy::keep_aside(const std::string& zone, const fs::path& file) const {
  const std::string text = base::read_file(file);
  // An entry that was only begun says nothing that the plan did not.
  if (std::count(text.begin(), text.end(), '\n') < 2) return;
  const fs::path to = folder_ / "superseded" / zone / file.filename();
  base::make_directories(to.parent_path());
  base::replace_file(to, text, 0600);
}

Unshared GitCopy::unshared(const std::string& zone) const {
  const auto text = base::read_file_if_there(file(zone) / kMark);
  if (!text) return Unshared::nothing;
  return *text == "begun\n" ? Unshared::begun : Unshared::resumed;
}

void GitCopy::mark(const std::string& zone, Unshared state) const {
  base::make_directories(file(zone));
  base::replace_file(file(zone) / kMark, state == Unshared::begun ? "begun\n" : "resumed\n", 0600);
}

void GitCopy::unmark(const std::string& zone) const { remove_file(file(zone) / kMark); }

bool GitCopy::goes_on_here(const std::string& zone, const std::string& shared) const {
  const auto journal = base::read_file_if_there(file(zone) / "journal.jsonl");
  return (journal && journal->starts_with(shared)) || sealed_here(zone, shared) != 0;
}

std::uint64_t GitCopy::sealed_here(const std::string& zone, const std::string& shared) const {
  const auto sealed = ZoneFolder(file(zone)).sealed_entries();
  if (shared.empty() || sealed.empty()) return 0;
  const auto& [id, path] = *sealed.rbegin();
  return base::read_file(path).starts_with(shared) ? id : 0;
}

}  // namespace mxsmith::state
