// A secret is named, never written: {env = "..."}, {file = "..."} or {command = ["..."]}.
//
// It is resolved at the moment of use and has no printing function, so that it cannot reach a log,
// a plan or history.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace mxsmith::base {

struct SecretFromEnv {
  std::string variable;
};
struct SecretFromFile {
  std::filesystem::path path;
};
struct SecretFromCommand {
  std::vector<std::string> argv;  ///< Run without a shell; its standard output is the secret.
};

/// Where a secret comes from.
using SecretSource = std::variant<SecretFromEnv, SecretFromFile, SecretFromCommand>;

/// The octets of a secret while it is used; the memory is wiped afterwards.
class Secret {
 public:
  explicit Secret(std::string octets) : octets_(std::move(octets)) {}
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// The octets themselves: only for the request that needs them.
  [[nodiscard]] const std::string& reveal() const { return octets_; }

 private:
  std::string octets_;
};

/// Fetches the secret; one final newline is dropped. Throws Error{auth} that names the source and
/// never the value.
Secret resolve_secret(const SecretSource& source);

/// "environment variable CF_API_TOKEN", for messages.
std::string describe_secret(const SecretSource& source);

}  // namespace mxsmith::base
