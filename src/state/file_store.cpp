#include "state/file_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "state/codec.hpp"
#include "state/file_journal.hpp"
#include "state/lock_holder.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

namespace {

class HeldFileLock final : public Lock {
 public:
  explicit HeldFileLock(base::FileLock lock) : lock_(std::move(lock)) {}

 private:
  base::FileLock lock_;
};

/// A sealed entry or journal with the text its lines point into.
struct LoadedText {
  std::string content;
  EntryText text;

  LoadedText(const fs::path& path, std::string octets)
      : content(std::move(octets)), text(split_entry(path.string(), content)) {}
  LoadedText(const LoadedText&) = delete;
  LoadedText& operator=(const LoadedText&) = delete;
};

/// A sealed entry is whole and ended, or the file is corrupt.
void check_sealed(const EntryText& text) {
  if (text.torn || text.lines.empty()) {
    throw base::Error(
        base::ErrorKind::invalid,
        text.file + ":" + std::to_string(text.lines.size() + 1) + ": the last line is cut off");
  }
  if (!has_ended(text)) {
    throw base::Error(base::ErrorKind::invalid, text.file + ":" +
                                                    std::to_string(text.lines.size()) +
                                                    ": a sealed entry must end with \"end\"");
  }
}

EntryInfo load_info(const fs::path& path) {
  const LoadedText loaded(path, base::read_file(path));
  check_sealed(loaded.text);
  EntryInfo info = parse_entry_info(loaded.text);
  info.hash = base::sha256_hex(loaded.content);
  return info;
}

/// "1 to 12, 14": for messages.
std::string id_ranges(const std::map<std::uint64_t, fs::path>& entries) {
  std::string text;
  for (auto at = entries.begin(); at != entries.end();) {
    const std::uint64_t first = at->first;
    std::uint64_t last = first;
    while (++at != entries.end() && at->first == last + 1) ++last;
    if (!text.empty()) text += ", ";
    text += std::to_string(first);
    if (last != first) text += " to " + std::to_string(last);
  }
  return text;
}

bool remove_durably(const fs::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw base::io_error("remove " + path.string(), errno);
  }
  base::sync_directory(path.parent_path());
  return true;
}

std::optional<Hold> load_hold(const fs::path& path) {
  const auto text = base::read_file_if_there(path);
  if (!text) return std::nullopt;
  return parse_hold(path.string(), *text);
}

ManifestFile load_manifest(const ZoneFolder& folder) {
  const auto text = base::read_file_if_there(folder.manifest());
  return text ? parse_manifest_file(folder.manifest().string(), *text) : ManifestFile();
}

class FileStore final : public Store {
 public:
  explicit FileStore(fs::path directory) : directory_(std::move(directory)) {}

  [[nodiscard]] std::string describe() const override { return "file " + directory_.string(); }
  [[nodiscard]] bool shared() const override { return false; }

  std::unique_ptr<Lock> lock(const ZoneKey& zone, const Actor& actor, Claim claim) override;
  std::optional<Entry> open_entry(const ZoneKey& zone) override;
  bool discard_torn(const ZoneKey& zone) override;
  std::unique_ptr<Journal> resume(const ZoneKey& zone) override;
  std::unique_ptr<Journal> begin(const ZoneKey& zone, const Actor& actor,
                                 const plan::ZonePlan& plan,
                                 const std::vector<std::uint64_t>& undoes,
                                 base::Instant at) override;

  std::vector<EntryInfo> history(const ZoneKey& zone) override;
  Entry entry(const ZoneKey& zone, std::uint64_t id) override;
  std::vector<ZoneKey> zones() override;
  std::optional<std::string> check_chain(const ZoneKey& zone) override;

  std::optional<plan::Manifest> manifest(const ZoneKey& zone) override {
    return load_manifest(folder(zone)).manifest;
  }
  void put_manifest(const ZoneKey& zone, const plan::Manifest& manifest) override;

  std::optional<Hold> hold(const ZoneKey& zone) override { return load_hold(folder(zone).hold()); }
  void put_hold(const ZoneKey& zone, const Hold& hold) override {
    put_hold_at(folder(zone).hold(), hold);
  }
  bool lift_hold(const ZoneKey& zone) override { return remove_durably(folder(zone).hold()); }
  std::optional<Hold> hold_all() override { return load_hold(hold_all_file()); }
  void put_hold_all(const Hold& hold) override { put_hold_at(hold_all_file(), hold); }
  bool lift_hold_all() override { return remove_durably(hold_all_file()); }

 private:
  [[nodiscard]] ZoneFolder folder(const ZoneKey& zone) const { return {directory_, zone}; }
  [[nodiscard]] fs::path hold_all_file() const { return directory_ / "hold.json"; }
  static void put_hold_at(const fs::path& path, const Hold& hold);

  fs::path directory_;
};

std::unique_ptr<Lock> FileStore::lock(const ZoneKey& zone, const Actor& actor, Claim /*claim*/) {
  const ZoneFolder at = folder(zone);
  base::make_directories(at.path());
  const base::Instant now = base::SystemClock().now();
  auto taken = base::FileLock::try_take(at.lock(), print_lock_holder(actor, now));
  if (taken) return std::make_unique<HeldFileLock>(std::move(*taken));
  throw base::Error(base::ErrorKind::locked,
                    zone.zone.display() + " is being changed by " +
                        describe_lock_holder(base::FileLock::holder_of(at.lock()), now))
      .with_hint("wait until that run has ended and try again");
}

std::optional<Entry> FileStore::open_entry(const ZoneKey& zone) {
  const ZoneFolder at = folder(zone);
  auto content = base::read_file_if_there(at.journal());
  if (!content) return std::nullopt;
  const LoadedText loaded(at.journal(), std::move(*content));
  if (loaded.text.lines.empty()) return std::nullopt;
  Entry entry = parse_entry(loaded.text);
  if (!entry.info.ended) return entry;
  // Whether the dead run got as far as the fsync of `end` cannot be known.
  base::sync_file(base::append_to_file(at.journal()), at.journal());
  seal_journal(at);
  return std::nullopt;
}

bool FileStore::discard_torn(const ZoneKey& zone) {
  const ZoneFolder at = folder(zone);
  auto content = base::read_file_if_there(at.journal());
  if (!content) return false;
  const LoadedText loaded(at.journal(), std::move(*content));
  return loaded.text.lines.empty() && remove_durably(at.journal());
}

std::unique_ptr<Journal> FileStore::resume(const ZoneKey& zone) {
  const ZoneFolder at = folder(zone);
  auto content = base::read_file_if_there(at.journal());
  const LoadedText loaded(at.journal(), content ? std::move(*content) : std::string());
  if (loaded.text.lines.empty() || has_ended(loaded.text)) {
    throw base::Error(base::ErrorKind::not_found, zone.text() + " has no open entry");
  }
  return resume_journal(at, loaded.text);
}

std::unique_ptr<Journal> FileStore::begin(const ZoneKey& zone, const Actor& actor,
                                          const plan::ZonePlan& plan,
                                          const std::vector<std::uint64_t>& undoes,
                                          base::Instant at) {
  const ZoneFolder place = folder(zone);
  std::error_code ignored;
  if (fs::exists(place.journal(), ignored)) {
    throw base::Error(base::ErrorKind::conflict,
                      zone.text() + " still has an open entry in " + place.journal().string());
  }
  base::make_directories(place.path());
  const ManifestFile known = load_manifest(place);
  const auto sealed = place.sealed_entries();
  EntryInfo info;
  // Numbers are never used twice, also when somebody has removed entries.
  info.id = std::max(known.newest_entry, sealed.empty() ? 0 : sealed.rbegin()->first) + 1;
  if (!sealed.empty() && sealed.rbegin()->first + 1 == info.id) {
    info.previous_hash = base::sha256_hex(base::read_file(sealed.rbegin()->second));
  } else {
    info.previous_hash = known.newest_hash;
  }
  info.kind = plan.kind;
  info.started = at;
  info.actor = actor;
  info.title = plan.title;
  info.counts = plan.counts();
  return create_journal(place, {zone, std::move(info), known.manifest, undoes}, plan);
}

std::vector<EntryInfo> FileStore::history(const ZoneKey& zone) {
  std::vector<EntryInfo> entries;
  for (const auto& [id, path] : folder(zone).sealed_entries()) entries.push_back(load_info(path));
  std::reverse(entries.begin(), entries.end());
  return entries;
}

Entry FileStore::entry(const ZoneKey& zone, std::uint64_t id) {
  const auto entries = folder(zone).sealed_entries();
  const auto found = entries.find(id);
  if (found == entries.end()) {
    throw base::Error(
        base::ErrorKind::not_found,
        zone.text() + " has no entry " + std::to_string(id) +
            (entries.empty() ? "; it has none at all" : "; there are " + id_ranges(entries)));
  }
  const LoadedText loaded(found->second, base::read_file(found->second));
  check_sealed(loaded.text);
  Entry entry = parse_entry(loaded.text);
  entry.info.hash = base::sha256_hex(loaded.content);
  if (entry.info.id != id) {
    throw base::Error(base::ErrorKind::invalid,
                      loaded.text.file + ":1: calls itself entry " + std::to_string(entry.info.id));
  }
  return entry;
}

std::vector<ZoneKey> FileStore::zones() {
  std::vector<ZoneKey> found;
  std::error_code fault;
  for (fs::directory_iterator at(directory_, fault), end; !fault && at != end;
       at.increment(fault)) {
    const auto account = decode_file_name(at->path().filename().string());
    std::error_code inner;
    for (fs::directory_iterator in(at->path(), inner); account && !inner && in != end;
         in.increment(inner)) {
      const auto text = decode_file_name(in->path().filename().string());
      auto zone = dns::Name::parse_absolute(text.value_or(""));
      if (!text || !zone) continue;
      ZoneKey key{*account, std::move(*zone)};
      if (folder(key).has_state()) found.push_back(std::move(key));
    }
  }
  if (fault && fault != std::errc::no_such_file_or_directory) {
    throw base::io_error("read directory " + directory_.string(), fault.value());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::string> FileStore::check_chain(const ZoneKey& zone) {
  const ZoneFolder at = folder(zone);
  const ManifestFile known = load_manifest(at);
  std::uint64_t expected = 1;
  std::string previous;
  const auto compare = [&](const EntryInfo& info) -> std::optional<std::string> {
    if (info.id != expected) return "entry " + std::to_string(expected) + " is missing";
    if (info.previous_hash != previous) {
      return expected == 1 ? "entry 1 follows an entry that is not there"
                           : "entry " + std::to_string(expected - 1) +
                                 " was changed after it was sealed: entry " +
                                 std::to_string(expected) + " knows it with another hash";
    }
    return std::nullopt;
  };
  for (const auto& [id, path] : at.sealed_entries()) {
    EntryInfo info = load_info(path);
    if (auto wrong = compare(info)) return wrong;
    if (id != info.id) return path.string() + " calls itself entry " + std::to_string(info.id);
    if (id == known.newest_entry && info.hash != known.newest_hash) {
      return "entry " + std::to_string(id) + " was changed after it was sealed";
    }
    previous = std::move(info.hash);
    ++expected;
  }
  auto journal = base::read_file_if_there(at.journal());
  const LoadedText open(at.journal(), journal ? std::move(*journal) : std::string());
  if (!open.text.lines.empty()) return compare(parse_entry_info(open.text));
  if (known.newest_entry >= expected) return "entry " + std::to_string(expected) + " is missing";
  return std::nullopt;
}

void FileStore::put_manifest(const ZoneKey& zone, const plan::Manifest& manifest) {
  const ZoneFolder at = folder(zone);
  ManifestFile known = load_manifest(at);
  if (known.manifest == manifest) return;
  base::make_directories(at.path());
  known.manifest = manifest;
  base::replace_file(at.manifest(), print_manifest_file(known), 0600);
}

void FileStore::put_hold_at(const fs::path& path, const Hold& hold) {
  base::make_directories(path.parent_path());
  base::replace_file(path, print_hold(hold), 0600);
}

}  // namespace

std::unique_ptr<Store> file_store(fs::path directory) {
  return std::make_unique<FileStore>(std::move(directory));
}

}  // namespace mxsmith::state
