// TSIG (RFC 8945): a request is signed with a shared secret, and every answer to it has to be.
//
// An answer counts only when its signature is right. One without a signature can be an error that
// the server cannot sign (it does not know the key); it is told as that and never as data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "dns/name.hpp"
#include "resolve/message.hpp"

namespace mxsmith::resolve {

enum class TsigAlgorithm : std::uint8_t {
  hmac_sha1,
  hmac_sha224,
  hmac_sha256,
  hmac_sha384,
  hmac_sha512,
};
/// "hmac-sha256", as in the registry and in every server's configuration.
std::optional<TsigAlgorithm> parse_tsig_algorithm(std::string_view word);
std::string tsig_algorithm_name(TsigAlgorithm algorithm);
/// All words, in the order above.
std::vector<std::string> tsig_algorithm_names();

struct TsigKey {
  dns::Name name;
  TsigAlgorithm algorithm = TsigAlgorithm::hmac_sha256;
  base::Secret secret;  ///< The octets, not their base64 form.
};

/// One request and its answers, in their order.
class TsigExchange {
 public:
  /// `now` is the machine's time; signatures hold for five minutes around it.
  TsigExchange(std::shared_ptr<const TsigKey> key, base::Instant now);

  /// The message with its signature at the end.
  std::string sign(std::string message);

  enum class Signed : std::uint8_t { yes, no };
  /// Whether the answer is signed, and rightly so. Of a stream of answers up to 99 between signed
  /// ones may be unsigned (RFC 8945 section 5.3.1); they count once a later one is signed. Throws
  /// Error{protocol} for a wrong signature and for the hundredth unsigned answer, Error{auth} for
  /// an answer of another time.
  Signed verify(const Message& message, std::string_view wire, base::Instant now);

  /// What the server says of our signature, in an answer that may be unsigned; noerror when it says
  /// nothing.
  [[nodiscard]] static Rcode error_of(const Message& message);
  /// The server's time, in an answer with BADTIME.
  [[nodiscard]] static std::optional<base::Instant> server_time_of(const Message& message);

 private:
  [[nodiscard]] std::string mac(std::string_view data) const;

  std::shared_ptr<const TsigKey> key_;
  base::Instant sent_;
  std::string prior_mac_;
  std::string unsigned_;  ///< Octets of the answers since the last signed one.
  int unsigned_count_ = 0;
  bool first_ = true;
};

}  // namespace mxsmith::resolve
