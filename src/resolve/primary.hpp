// A zone's primary name server, asked and changed over TCP with every message signed: queries, zone
// transfer (AXFR, RFC 5936), update (RFC 2136).
//
//   question -> TSIG -> TCP -> answers -> TSIG checked -> again? -> answer
//
// Reads are repeated after faults of the network and after SERVFAIL; an update only where no
// connection stood. An answer that the server refuses comes back as an Answer, since the caller
// knows what was meant by the question (`refusal` has the words that are the same for all).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "resolve/message.hpp"
#include "resolve/tcp.hpp"
#include "resolve/tsig.hpp"

namespace mxsmith::resolve {

struct PrimaryOptions {
  Address address;
  std::shared_ptr<const TsigKey> key;
  Deadlines deadlines;
  base::RetryRules retry;
  /// In [0, 1); random unless a test says otherwise.
  std::function<double()> jitter;
};

/// What came back.
struct Answer {
  /// Whether its signature is right. One without says why the server refused and nothing else; it
  /// proves nothing, since anybody can have sent it.
  bool authentic = false;
  bool authoritative = false;
  Rcode rcode = Rcode::noerror;
  Rcode tsig_error = Rcode::noerror;  ///< What the server says of our signature.
  base::Seconds clock_difference{0};  ///< With badtime: how far its clock is ahead of ours.
  /// Of the answer section; of a transfer all records, the SOA first and once.
  std::vector<Record> records;

  [[nodiscard]] bool ok() const { return authentic && rcode == Rcode::noerror; }
};

/// Deeds and their conditions, done all or none (RFC 2136).
struct Update {
  dns::Name zone;
  std::vector<Record> prerequisites;
  std::vector<Record> updates;  ///< In this order.
};

// Prerequisites (RFC 2136 section 2.4).
Record set_holds(const dns::Name& owner, dns::Type type, std::string rdata);
Record set_exists(const dns::Name& owner, dns::Type type);
Record no_set(const dns::Name& owner, dns::Type type);
Record name_not_in_use(const dns::Name& owner);
// Updates (RFC 2136 section 2.5).
Record added(const dns::Name& owner, dns::Type type, std::uint32_t ttl, std::string rdata);
Record removed(const dns::Name& owner, dns::Type type, std::string rdata);
Record removed_set(const dns::Name& owner, dns::Type type);

/// Any thread, several at once.
class Primary {
 public:
  Primary(PrimaryOptions options, base::Clock& clock);

  /// All functions throw Error{unavailable} when no whole answer came, Error{protocol} for one that
  /// is none, is not signed or wrongly signed.
  Answer query(const dns::Name& name, dns::Type type);
  /// The whole zone or an error; an answer that is not ok has no records.
  Answer transfer(const dns::Name& zone);
  /// Throws Error{refused} without base::WritePermit, Error{unsupported} for what does not fit into
  /// one message. Whatever is thrown once it was sent has Effect::unknown.
  Answer update(const Update& update);
  /// An update that changes nothing and asks for nothing: whether the server would take one.
  Answer probe(const dns::Name& zone);

  [[nodiscard]] const Address& address() const { return options_.address; }

 private:
  enum class Intent : std::uint8_t { read, write };
  using Talk = std::function<Answer()>;
  Answer repeated(Intent intent, const Talk& talk);
  Answer ask(const std::string& message);
  Answer receive_transfer(const dns::Name& zone, const std::string& message);

  PrimaryOptions options_;
  base::Clock& clock_;
};

/// The error for an answer that is not ok: "DOING: the server answered NOTAUTH, BADSIG", with the
/// kind and a hint for whoever wants to mend it. Effect::none.
base::Error refusal(const Answer& answer, const std::string& doing);

}  // namespace mxsmith::resolve
