// What the rcodes of servers mean to an administrator.
#include "resolve/primary.hpp"

namespace mxsmith::resolve {

namespace {

using base::Error;
using base::ErrorKind;

struct Meaning {
  ErrorKind kind;
  std::string hint;
};

std::string clock_words(base::Seconds difference) {
  const bool ahead = difference.count() > 0;
  return "the server's clock is " + base::print_duration_words(ahead ? difference : -difference) +
         (ahead ? " ahead of" : " behind") + " this machine's; signatures hold for five minutes";
}

/// The server did not accept our signature.
Meaning meaning_of_tsig(const Answer& answer) {
  switch (answer.tsig_error) {
    case Rcode::badsig: return {ErrorKind::auth, "the secret is not the one that the server has"};
    case Rcode::badkey:
      return {
          ErrorKind::auth,
          "the server has no key of that name and algorithm, or the key has no such right there"};
    case Rcode::badtime:
      return {ErrorKind::auth, answer.clock_difference.count() == 0
                                   ? "look at the clocks of both machines"
                                   : clock_words(answer.clock_difference)};
    default: return {ErrorKind::auth, "the server does not accept the signature"};
  }
}

const char* const kMoved = "somebody else changed the zone meanwhile: plan again";

Meaning meaning_of(const Answer& answer) {
  switch (answer.rcode) {
    case Rcode::formerr:
      return {ErrorKind::invalid,
              "the server does not understand a record: perhaps of a type that it does not know"};
    case Rcode::servfail:
      return {ErrorKind::unavailable,
              "the server's log has the reason; a limit on the records of a "
              "set is one (max-records-per-type of BIND)"};
    case Rcode::notimp: return {ErrorKind::unsupported, "the server does not do this"};
    case Rcode::refused:
      return {ErrorKind::auth,
              "the key has not the right (allow-transfer, update-policy, acl), the server does not "
              "know it, or its own rules forbid the record (check-names, name servers without "
              "address); the server's log tells which"};
    case Rcode::nxdomain:
    case Rcode::yxdomain:
    case Rcode::yxrrset:
    case Rcode::nxrrset: return {ErrorKind::conflict, kMoved};
    case Rcode::notauth:
      return {answer.authentic ? ErrorKind::not_found : ErrorKind::auth,
              answer.authentic ? "the server does not have the zone, or only a copy of it"
                               : "the server does not accept the key, or does not have the zone"};
    case Rcode::notzone: return {ErrorKind::invalid, "a name is not in the zone"};
    default: return {ErrorKind::protocol, {}};
  }
}

}  // namespace

Error refusal(const Answer& answer, const std::string& doing) {
  const bool tsig = answer.tsig_error != Rcode::noerror;
  const Meaning meaning = tsig ? meaning_of_tsig(answer) : meaning_of(answer);
  Error error(meaning.kind, doing + ": the server answered " + rcode_name(answer.rcode) +
                                (tsig ? ", " + rcode_name(answer.tsig_error) : ""));
  if (!meaning.hint.empty()) error.with_hint(meaning.hint);
  return error;
}

}  // namespace mxsmith::resolve
