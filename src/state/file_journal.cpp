#include "state/file_journal.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace mxsmith::state {

namespace {

enum class Sync : std::uint8_t { now, with_next_line };

void cut_at(const base::FileHandle& file, std::uint64_t octets, const fs::path& path) {
  while (::ftruncate(file.get(), static_cast<off_t>(octets)) != 0) {
    if (errno != EINTR) throw base::io_error("cut the torn end of " + path.string(), errno);
  }
}

class FileJournal final : public Journal {
 public:
  FileJournal(ZoneFolder folder, base::FileHandle file, BeginLine begin, std::uint64_t octets)
      : folder_(std::move(folder)),
        file_(std::move(file)),
        info_(std::move(begin.info)),
        knew_history_(begin.manifest_before.has_value()),
        octets_(octets) {}

  [[nodiscard]] const EntryInfo& info() const override { return info_; }

  void intended(std::size_t step, base::Instant at) override {
    append(print_intended(step, at), Sync::now);
  }
  void outcome(const StepOutcome& outcome) override {
    append(print_outcome(outcome), Sync::with_next_line);
  }
  void read_back(const std::vector<std::string>& differences, base::Instant at) override {
    append(print_read_back(differences, at), Sync::now);
  }
  EntryInfo end(EntryStatus status, const plan::Manifest& after, base::Instant at) override;

 private:
  void append(const std::string& line, Sync sync);

  ZoneFolder folder_;
  base::FileHandle file_;
  EntryInfo info_;
  bool knew_history_;
  std::uint64_t octets_;  ///< Of whole lines; what is beyond them in the file is torn.
  bool torn_ = false;
};

/// After a failure the file may hold part of the line. It is cut off at once where possible, else
/// before the next line, so that a torn line can only ever be the last one.
void FileJournal::append(const std::string& line, Sync sync) {
  if (!file_.open()) {
    throw base::Error(base::ErrorKind::invalid,
                      "entry " + std::to_string(info_.id) + " is sealed: nothing can be added");
  }
  if (torn_) cut_at(file_, octets_, folder_.journal());
  torn_ = true;
  try {
    base::write_all(file_, line, folder_.journal());
    if (sync == Sync::now) base::sync_file(file_, folder_.journal());
  } catch (const base::Error&) {
    torn_ = ::ftruncate(file_.get(), static_cast<off_t>(octets_)) != 0;
    throw;
  }
  octets_ += line.size();
  torn_ = false;
}

EntryInfo FileJournal::end(EntryStatus status, const plan::Manifest& after, base::Instant at) {
  // An entry that changed nothing must not turn "no history" into "owns nothing".
  const bool still_unknown = !knew_history_ && after == plan::Manifest();
  append(print_end(status, still_unknown ? std::nullopt : std::optional(after), at), Sync::now);
  file_.close();
  info_ = seal_journal(folder_);
  return info_;
}

}  // namespace

std::unique_ptr<Journal> create_journal(const ZoneFolder& folder, const BeginLine& begin,
                                        const plan::ZonePlan& plan) {
  const std::string line = print_begin(begin, plan);
  const fs::path path = folder.journal();
  base::FileHandle file = base::create_file(path, 0600);
  try {
    base::write_all(file, line, path);
    base::sync_file(file, path);
    base::sync_directory(folder.path());
  } catch (const base::Error&) {
    ::unlink(path.c_str());
    throw;
  }
  // From here on lines are appended wherever the end is, also after a torn one was cut off.
  file = base::append_to_file(path);
  return std::make_unique<FileJournal>(folder, std::move(file), begin, line.size());
}

std::unique_ptr<Journal> resume_journal(const ZoneFolder& folder, const EntryText& text) {
  BeginLine begin = parse_begin(text);
  base::FileHandle file = base::append_to_file(folder.journal());
  if (text.torn) cut_at(file, text.whole_octets, folder.journal());
  return std::make_unique<FileJournal>(folder, std::move(file), std::move(begin),
                                       text.whole_octets);
}

EntryInfo seal_journal(const ZoneFolder& folder) {
  const fs::path journal = folder.journal();
  const std::string content = base::read_file(journal);
  const EntryText text = split_entry(journal.string(), content);
  EntryInfo info = parse_entry_info(text);
  info.hash = base::sha256_hex(content);
  const fs::path sealed = folder.sealed(info.id);
  std::error_code ignored;
  if (fs::exists(sealed, ignored)) {
    throw base::Error(base::ErrorKind::invalid, sealed.string() + " exists already, and " +
                                                    journal.string() + " claims the same number")
        .with_hint("move one of the two away after comparing them");
  }
  base::replace_file(folder.manifest(),
                     print_manifest_file({parse_manifest_after(text), info.id, info.hash}), 0600);
  base::make_directories(folder.history());
  if (::rename(journal.c_str(), sealed.c_str()) != 0) {
    throw base::io_error("rename " + journal.string() + " to " + sealed.string(), errno);
  }
  base::sync_directory(folder.history());
  base::sync_directory(folder.path());
  return info;
}

}  // namespace mxsmith::state
