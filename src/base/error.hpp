// The one exception type of mxsmith.
//
// It is thrown for everything that is not a fault in the user's own files (those are Diagnostic
// values) and caught in three places only: the engine's loop over zones and steps, the border to
// plug-ins, and main. Whoever passes it on adds context with `with_context`; nobody swallows it.
// `effect` says whether anything may have changed, which is what an administrator wants to know
// first.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace mxsmith::base {

/// What kind of trouble, so that callers can choose an exit code and words.
enum class ErrorKind : std::uint8_t {
  usage,         ///< The command line cannot be understood (exit 64).
  io,            ///< A file or directory could not be read or written, disk full included.
  auth,          ///< Credentials missing, wrong or without the needed rights.
  not_found,     ///< The zone, entry or file named is not there.
  conflict,      ///< Somebody else changed what we were about to change.
  rate_limited,  ///< Asked to slow down.
  unavailable,   ///< The other side does not answer or answers with a fault of its own.
  protocol,      ///< The other side answers what cannot be understood.
  unsupported,   ///< The provider cannot store or do this.
  invalid,      ///< Data that should be ours or valid is not: a corrupt history, a zone file with a
                ///< syntax error.
  locked,       ///< Another run holds the lock.
  refused,      ///< A guard or a hold says no (exit 3).
  stale,        ///< A saved plan no longer fits the live zone (exit 5).
  interrupted,  ///< A signal asked us to stop (exit 130).
};

/// What may have changed at the far side when the error was thrown.
enum class Effect : std::uint8_t {
  none,     ///< Certainly nothing.
  unknown,  ///< All of it, part of it or nothing: read back to know.
  partial,  ///< Certainly part of it.
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, Effect effect = Effect::none);

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] Effect effect() const { return effect_; }
  /// The record it is about, "example.com/MX", or empty.
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }
  /// The provider's name for the failed request, for its support desk; or empty.
  [[nodiscard]] const std::string& request_id() const { return request_id_; }
  /// What to do next, a sentence; or empty.
  [[nodiscard]] const std::string& hint() const { return hint_; }

  Error& about(std::string key);
  Error& with_hint(std::string hint);
  Error& with_retry_after(std::chrono::seconds delay);
  Error& with_request_id(std::string id);
  /// A copy whose message starts with `context` and ": ".
  [[nodiscard]] Error with_context(const std::string& context) const;

 private:
  ErrorKind kind_;
  Effect effect_;
  std::string key_;
  std::string hint_;
  std::string request_id_;
  std::optional<std::chrono::seconds> retry_after_;
};

/// Error{io} for a failed system call, with the words of errno: "cannot write FILE: No space left
/// on device".
Error io_error(const std::string& doing, int errno_value);

}  // namespace mxsmith::base
