// The batch that carries out a step: one request, one transaction.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers::cloudflare {

struct Batch {
  std::string body;  ///< Empty: nothing is to be written.
  std::size_t operations = 0;
  /// Which record each element is about, by its place: "/posts/3".
  std::vector<std::pair<std::string, dns::Key>> places;
};

/// The server works through deletes, patches and posts, in this order whatever the order of the
/// keys. What changes is patched under its id, so that all that is kept with a record stays; puts
/// are never used, since they reset it. Throws Error{unsupported} naming the record for what cannot
/// be written, Error{conflict} for what was not read.
Batch make_batch(const plan::LiveZone& live, const provider::Step& step);

/// The record that the server's pointer "/posts/3/content" is about; null: none of them.
const dns::Key* key_at(const Batch& batch, const std::string& pointer);

}  // namespace mxsmith::providers::cloudflare
