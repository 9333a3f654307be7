// Exchanges written to a file with secrets removed, and answered again from it.
//
// JSON lines, one exchange each. Replaying finds an exchange by method, URL and body, all without
// secrets; equal requests get their answers in the recorded order. A request that was never
// recorded is an Error{protocol} that says which are left: a replay never reaches the network.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/redact.hpp"
#include "http/transport.hpp"

namespace mxsmith::http {

/// One try, as it is shown and recorded: secrets are gone.
struct Exchange {
  Request request;
  std::optional<Response> response;
  std::string fault;  ///< When there was no answer.
  std::chrono::milliseconds took{0};
  Reached reached = Reached::maybe;  ///< When there was no answer.
  bool lasting = false;              ///< When there was no answer.
};

/// Told of every try, from any thread, one at a time. It throws nothing: what it is told of has
/// taken place, whatever becomes of the telling.
using Observer = std::function<void(const Exchange&)>;

/// One line with its newline. Bodies that are not UTF-8 are written as base64.
std::string print_exchange(const Exchange& exchange);
/// Throws Error{invalid} that starts with "FILE:LINE: ".
std::vector<Exchange> parse_recording(const std::string& file, std::string_view text);

/// An observer that writes to a new file (mode 0600, created at once). Throws Error{io}, also when
/// there is such a file already. When the disk fails later, the recording ends and `failed` is
/// told.
Observer record_to(const std::filesystem::path& file,
                   std::function<void(const base::Error&)> failed = {});
/// A transport that answers from a recording. Throws Error{io} and Error{invalid}.
std::unique_ptr<Transport> replay_transport(const std::filesystem::path& file,
                                            std::shared_ptr<const Secrets> secrets);

/// An exchange for people to read and to paste into a bug report: request line, header fields,
/// content up to `most` octets, answer; secrets hidden, control characters escaped.
std::string print_trace(const Exchange& exchange, std::size_t most = 2048);

}  // namespace mxsmith::http
