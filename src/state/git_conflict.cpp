#include "state/git_conflict.hpp"

#include <optional>

#include "base/text.hpp"
#include "state/codec.hpp"
#include "state/lock_holder.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

/// "example.com at main" of "PROJECT/ACCOUNT/ZONE".
std::string name_of(const std::string& zone) {
  const auto parts = base::split(zone, '/');
  if (parts.size() != 3) return "the hold of every zone";
  return decode_file_name(parts[2]).value_or(parts[2]) + " at " +
         decode_file_name(parts[1]).value_or(parts[1]);
}

std::string who(const EntryInfo& info, base::Instant now) {
  return describe_lock_holder(print_lock_holder(info.actor, info.started), now);
}

/// Who began the journal that is in the commit.
std::optional<EntryInfo> open_there(const std::string& zone, const std::string& commit,
                                    GitRef& ref) {
  const std::string path = zone + "/journal.jsonl";
  const auto text = ref.read_file(commit, path);
  if (!text) return std::nullopt;
  return parse_entry_info(split_entry(path, *text));
}

std::optional<EntryInfo> newest_there(const std::string& zone, const std::string& commit,
                                      GitRef& ref) {
  const std::string path = zone + "/manifest.json";
  const auto text = ref.read_file(commit, path);
  const std::uint64_t id = text ? parse_manifest_file(path, *text).newest_entry : 0;
  if (id == 0) return std::nullopt;
  const std::string sealed = ZoneFolder(zone).sealed(id).generic_string();
  const auto entry = ref.read_file(commit, sealed);
  if (!entry) return std::nullopt;
  return parse_entry_info(split_entry(sealed, *entry));
}

}  // namespace

Error describe_conflict(const GitChange& change, const std::string& commit, GitRef& ref,
                        base::Instant now) {
  const std::string name = name_of(change.zone);
  if (const auto begun = open_there(change.zone, commit, ref)) {
    return Error(ErrorKind::locked,
                 name + " is being changed by " + who(*begun, now) + "; nothing was written")
        .with_hint("wait until that run has ended and try again");
  }
  std::string by;
  if (const auto newest = newest_there(change.zone, commit, ref)) {
    by = "; its newest entry is " + std::to_string(newest->id) + ", by " + who(*newest, now);
  }
  return Error(ErrorKind::conflict,
               "the history of " + name + " was changed by somebody else meanwhile" + by)
      .with_hint("run the command again: it starts from what is there now");
}

Error still_at_work(const ZoneKey& zone, const EntryInfo& begun, const Lease& lease,
                    Liveness liveness) {
  const bool here = liveness == Liveness::lives_here;
  const std::string until = base::print_instant_local(lease.until + kClockSkew, base::WithDate::no);
  return Error(ErrorKind::locked,
               zone.zone.display() + " is being changed by " + who(begun, begun.started) +
                   (here ? "" : "; if it is not heard of, it counts as dead from " + until))
      .with_hint(here ? "wait until that run has ended and try again"
                      : "wait and try again; if you know that run to be dead, say --take-over: the "
                        "zone is read back and its entry closed");
}

Error taken_over(const ZoneKey& zone, std::uint64_t entry) {
  return Error(ErrorKind::conflict, "entry " + std::to_string(entry) + " of " + zone.text() +
                                        " was closed by another run while this one was at work")
      .with_hint("run `mxsmith plan` to see how the zone stands");
}

}  // namespace mxsmith::state
