// The file store: a directory, ".mxsmith" by default, that one machine's runs share.
//
//   DIR/hold.json                           hold over all zones
//   DIR/ACCOUNT/ZONE/lock                   flock; its text says who holds it
//   DIR/ACCOUNT/ZONE/journal.jsonl          the open entry, if any
//   DIR/ACCOUNT/ZONE/history/000012.jsonl   sealed entries
//   DIR/ACCOUNT/ZONE/manifest.json          what is owned; number and hash of the newest entry
//   DIR/ACCOUNT/ZONE/hold.json
//
// ACCOUNT and ZONE have everything but letters, digits, "-", "_" and "." written as %XX. Entries
// follow schemas/history-v1.json, a JSON value per line.
#pragma once

#include <filesystem>
#include <memory>

#include "state/store.hpp"

namespace mxsmith::state {

/// The directory is created at the first write, with mode 0700.
std::unique_ptr<Store> file_store(std::filesystem::path directory);

}  // namespace mxsmith::state
