#include "resolve/primary.hpp"

#include <random>
#include <utility>

#include "base/write_permit.hpp"

namespace mxsmith::resolve {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;

/// A transfer beyond this is given up.
constexpr std::size_t kMostTransferred = std::size_t{1} << 30;

std::uint16_t random_id() {
  thread_local std::random_device source;
  return static_cast<std::uint16_t>(source());
}

Error protocol_error(const std::string& what) { return {ErrorKind::protocol, what}; }

/// One connection with one request on it.
class Conversation {
 public:
  Conversation(const PrimaryOptions& options, base::Clock& clock, const std::string& message)
      : clock_(clock),
        id_(get16(message, 0)),
        opcode_(get16(message, 2) >> 11 & 0xfU),
        tsig_(options.key, clock.now()),
        connection_(options.address, options.deadlines) {
    connection_.send(tsig_.sign(message));
  }

  /// The next answer, its signature checked. One that is not signed is let through only where it
  /// says why the server refuses, or within a transfer.
  Message receive() {
    const std::string wire = connection_.receive();
    octets_ += wire.size();
    if (octets_ > kMostTransferred) throw protocol_error("the server's answer has no end");
    Message message = parse_message(wire);
    if (message.id != id_ || !message.is_answer ||
        static_cast<unsigned>(message.opcode) != opcode_) {
      throw protocol_error("the server answered something that was not asked");
    }
    if (message.truncated) throw protocol_error("the server cut its answer off");
    last_signed_ = tsig_.verify(message, wire, clock_.now()) == TsigExchange::Signed::yes;
    return message;
  }
  [[nodiscard]] bool last_signed() const { return last_signed_; }

  [[nodiscard]] Answer answer_of(const Message& message) const {
    Answer answer;
    answer.authentic = last_signed_;
    answer.authoritative = message.authoritative;
    answer.rcode = message.rcode;
    answer.tsig_error = TsigExchange::error_of(message);
    if (const auto there = TsigExchange::server_time_of(message)) {
      answer.clock_difference = *there - clock_.now();
    }
    if (!answer.authentic && answer.rcode == Rcode::noerror) {
      throw protocol_error("the server's answer is not signed and counts for nothing");
    }
    return answer;
  }

 private:
  base::Clock& clock_;
  std::uint16_t id_;
  unsigned opcode_;
  TsigExchange tsig_;
  TcpConnection connection_;
  std::size_t octets_ = 0;
  bool last_signed_ = false;
};

/// Collects what stands between the two SOA records (RFC 5936 section 2.2).
class Transfer {
 public:
  explicit Transfer(dns::Name zone) : zone_(std::move(zone)) {}

  void add(Message&& message) {
    for (const Question& asked : message.questions) {
      if (asked.name != zone_) throw protocol_error("the server transferred another zone");
    }
    for (Record& record : message.answers) {
      if (whole_) throw protocol_error("records follow the end of the transfer");
      add(std::move(record));
    }
  }
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] std::vector<Record> take() { return std::move(records_); }

 private:
  void add(Record&& record) {
    if (record.rr_class != Class::in || !record.owner.is_at_or_below(zone_)) {
      throw protocol_error("the transfer has a record that is not of the zone");
    }
    const bool soa = record.type == dns::Type::SOA && record.owner == zone_;
    if (records_.empty() && !soa) throw protocol_error("the transfer does not begin with the SOA");
    if (soa && !records_.empty()) {
      if (record.rdata != records_.front().rdata) {
        throw protocol_error("the transfer ends with another SOA than it began with");
      }
      whole_ = true;
      return;
    }
    records_.push_back(std::move(record));
  }

  dns::Name zone_;
  std::vector<Record> records_;
  bool whole_ = false;
};

std::string question(const dns::Name& name, dns::Type type) {
  return MessageWriter(random_id(), Opcode::query, {name, type}).wire();
}

std::string wire_of(const Update& update) {
  MessageWriter writer(random_id(), Opcode::update, {update.zone, dns::Type::SOA});
  for (const Record& record : update.prerequisites) writer.add(Section::answer, record);
  for (const Record& record : update.updates) writer.add(Section::authority, record);
  return writer.wire();
}

}  // namespace

Record set_holds(const dns::Name& owner, dns::Type type, std::string rdata) {
  return {owner, type, Class::in, 0, std::move(rdata)};
}
Record set_exists(const dns::Name& owner, dns::Type type) {
  return {owner, type, Class::any, 0, {}};
}
Record no_set(const dns::Name& owner, dns::Type type) { return {owner, type, Class::none, 0, {}}; }
Record name_not_in_use(const dns::Name& owner) { return {owner, kTypeAny, Class::none, 0, {}}; }
Record added(const dns::Name& owner, dns::Type type, std::uint32_t ttl, std::string rdata) {
  return {owner, type, Class::in, ttl, std::move(rdata)};
}
Record removed(const dns::Name& owner, dns::Type type, std::string rdata) {
  return {owner, type, Class::none, 0, std::move(rdata)};
}
Record removed_set(const dns::Name& owner, dns::Type type) {
  return {owner, type, Class::any, 0, {}};
}

Primary::Primary(PrimaryOptions options, base::Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  if (!options_.jitter) options_.jitter = base::random_jitter;
}

Answer Primary::repeated(Intent intent, const Talk& talk) {
  for (int number = 1;; ++number) {
    const bool last = number >= options_.retry.tries;
    try {
      Answer answer = talk();
      const bool passes = answer.rcode == Rcode::servfail;
      if (last || intent == Intent::write || !passes) return answer;
    } catch (const NetworkError& error) {
      if (last || (intent == Intent::write && error.reached() != Reached::nothing)) throw;
    }
    clock_.sleep_for(base::backoff(number, options_.jitter(), options_.retry));
  }
}

Answer Primary::ask(const std::string& message) {
  Conversation conversation(options_, clock_, message);
  Message got = conversation.receive();
  Answer answer = conversation.answer_of(got);
  answer.records = std::move(got.answers);
  return answer;
}

Answer Primary::query(const dns::Name& name, dns::Type type) {
  return repeated(Intent::read, [&] { return ask(question(name, type)); });
}

Answer Primary::probe(const dns::Name& zone) {
  return repeated(Intent::read, [&] { return ask(wire_of({zone, {}, {}})); });
}

Answer Primary::receive_transfer(const dns::Name& zone, const std::string& message) {
  Conversation conversation(options_, clock_, message);
  Message got = conversation.receive();
  Answer answer = conversation.answer_of(got);
  if (!answer.ok()) return answer;
  Transfer transfer(zone);
  transfer.add(std::move(got));
  while (!transfer.whole()) {
    got = conversation.receive();
    if (got.rcode != Rcode::noerror) {
      throw protocol_error("the server broke its transfer off with " + rcode_name(got.rcode));
    }
    transfer.add(std::move(got));
  }
  if (!conversation.last_signed()) throw protocol_error("the end of the transfer is not signed");
  answer.records = transfer.take();
  return answer;
}

Answer Primary::transfer(const dns::Name& zone) {
  return repeated(Intent::read, [&] { return receive_transfer(zone, question(zone, kTypeAxfr)); });
}

Answer Primary::update(const Update& update) {
  if (!base::WritePermit::held()) {
    throw Error(ErrorKind::refused, "UPDATE of " + update.zone.display() +
                                        ": a write outside of applying a step is not sent");
  }
  const std::string message = wire_of(update);
  // Signing adds a little less than this.
  constexpr std::size_t kSignature = 512;
  if (message.size() + kSignature > kMaxMessage) {
    throw Error(ErrorKind::unsupported,
                "what has to change at once does not fit into one DNS message of 65,535 octets");
  }
  try {
    return repeated(Intent::write, [&] { return ask(message); });
  } catch (const NetworkError& error) {
    const bool untouched = error.reached() == Reached::nothing;
    throw Error(error.kind(), error.what(), untouched ? Effect::none : Effect::unknown);
  } catch (const Error& error) {
    // An answer came, and nobody knows whose.
    Error told(error.kind(), error.what(), Effect::unknown);
    throw told.with_hint(error.hint());
  }
}

}  // namespace mxsmith::resolve
