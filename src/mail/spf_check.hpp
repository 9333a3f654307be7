// What a receiver makes of an SPF record: check_host() of RFC 7208 section 4.
//
// Pure: DNS is asked through a Resolver, time and the receiver's name come in as values. Beside the
// result there is a trace of everything that was looked at, term by term, for people to read. The
// limits of section 4.6.4 hold, so that whatever DNS answers, the work is bounded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/ip_set.hpp"
#include "mail/resolver.hpp"
#include "mail/spf.hpp"

namespace mxsmith::mail {

/// RFC 7208 section 2.6.
enum class SpfResult : std::uint8_t { none, neutral, pass, fail, softfail, temperror, permerror };
/// "none", "neutral", ...: the RFC's words.
std::string_view spf_result_word(SpfResult result);
SpfResult spf_result_of(SpfQualifier qualifier);

/// RFC 7208 section 4.6.4.
inline constexpr unsigned kSpfMostLookups = 10;     ///< Terms that ask DNS.
inline constexpr unsigned kSpfMostVoidLookups = 2;  ///< Of them, those that find nothing.
inline constexpr std::size_t kSpfMostNames = 10;    ///< MX or PTR names of one term.

struct SpfRequest {
  Ip ip;               ///< Of the client.
  std::string domain;  ///< Whose record is judged: of MAIL FROM, or of HELO.
  /// MAIL FROM without angle brackets. Without a local-part "postmaster" is taken for it (RFC 7208
  /// section 4.3); empty, as with bounces, "postmaster" at `helo` (section 2.4).
  std::string sender;
  std::string helo;                  ///< What the client said; any octets.
  std::string receiver = "unknown";  ///< For %{r} in explanations.
  std::int64_t timestamp = 0;        ///< For %{t}, seconds since 1970.
};

/// The request for an SMTP session: domain and sender by RFC 7208 sections 2.3 and 2.4.
SpfRequest spf_request(const Ip& ip, std::string_view mail_from, std::string_view helo);

/// One question to DNS and what it brought.
struct SpfQuery {
  std::string name;  ///< As asked, without final dot.
  dns::Type type{};
  LookupStatus status = LookupStatus::not_checked;
  std::vector<std::string> values = {};   ///< Presentation form, in the order of the answer.
  std::string reason = {};                ///< Of a failure.
  std::optional<std::uint32_t> ttl = {};  ///< As Answer::ttl.
};

struct SpfTrace;

/// One term at work.
struct SpfStep {
  enum class Outcome : std::uint8_t {
    no_match,
    match,
    error,       ///< It ended the evaluation with temperror or permerror.
    redirected,  ///< Of redirect=: its target gives the result.
  };
  std::string term;         ///< As spelled.
  std::size_t offset = 0;   ///< In the record.
  std::string target = {};  ///< Domain after macros, where it has one.
  Outcome outcome = Outcome::no_match;
  std::string note = {};  ///< Why, where that is not plain: a phrase.
  unsigned lookups = 0;   ///< That it used up, those of what it includes as well.
  unsigned void_lookups = 0;
  std::vector<SpfQuery> queries = {};
  std::shared_ptr<const SpfTrace> nested = {};  ///< Of include and redirect.
};

/// One record at work.
struct SpfTrace {
  std::string domain;
  std::string record = {};          ///< Empty when there is none, or not one alone.
  SpfQuery query = {};              ///< For the record.
  std::vector<SpfStep> steps = {};  ///< In order, up to the one that decided.
  SpfResult result = SpfResult::none;
  std::string problem = {};  ///< Of none, temperror and permerror: why, a phrase.
};

struct SpfEvaluation {
  SpfResult result = SpfResult::none;
  /// The mechanism that matched in the record that decided, as spelled; empty where none did.
  std::string mechanism = {};
  std::string mechanism_domain = {};  ///< Whose record it stands in.
  std::string problem = {};           ///< As SpfTrace::problem, of the place that caused it.
  /// What exp= gives, for a fail (RFC 7208 section 6.2): US-ASCII, but hostile. Nothing where there
  /// is none, or where it could not be had.
  std::optional<std::string> explanation = {};
  unsigned lookups = 0;  ///< RFC 7208 section 4.6.4; at most one above the limit.
  unsigned void_lookups = 0;
  /// Names that the result hangs on and nobody could ask for: then the result, temperror, says
  /// only that.
  std::vector<std::string> not_checked = {};
  SpfTrace trace = {};
};

/// check_host(). Never throws for what records and DNS hold; asks fewer than 300 questions.
///
/// Where RFC 7208 leaves a choice: a target that is no domain name matches nothing; more than ten
/// MX names are permerror before any is asked for; %{p} costs a lookup once, as section 4.6.4 has
/// it; void lookups are counted for the question of the term itself, not for addresses of MX and
/// PTR names.
SpfEvaluation check_spf(const SpfRequest& request, Resolver& resolver);

}  // namespace mxsmith::mail
