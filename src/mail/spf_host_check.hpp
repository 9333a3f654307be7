// One check_host() under way (RFC 7208 section 4), for mail/spf_check.cpp and spf_mechanisms.cpp.
// Private to src/mail/spf*.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/spf_check.hpp"
#include "mail/spf_macro.hpp"

namespace mxsmith::mail {

/// MAIL FROM with a local-part (RFC 7208 sections 2.4 and 4.3).
std::string postmaster_if_bare(std::string_view sender, std::string_view helo);

class HostCheck {
 public:
  HostCheck(const SpfRequest& request, Resolver& resolver);
  SpfEvaluation run();

 private:
  /// A term that ends the evaluation. check_host() catches it; it never leaves this class.
  struct Stop {
    SpfResult result;
    std::string problem;
  };
  /// What holds while one record is evaluated; a step of it is under way.
  struct Frame {
    std::string domain;
    SpfStep* step = nullptr;
    bool top = false;  ///< Neither included nor below an include: its exp= counts.
  };

  // ---- DNS ----
  Answer ask(const dns::Name& name, dns::Type type, SpfStep* step);
  static bool is_lost(const Answer& answer);
  [[noreturn]] static void stop_for(const Answer& answer, const std::string& what);
  /// The question that a term is about: an answer that is no failure, void lookups counted.
  Answer ask_for_term(const dns::Name& name, dns::Type type, const Frame& frame);
  void count_void();
  void count_lookup();
  [[nodiscard]] dns::Type address_type() const;

  // ---- macros ----
  std::string expand(std::string_view text, const SpfMacros& macros, const Frame& frame);
  std::string target_of(const SpfTerm& term, const Frame& frame);
  /// RFC 7208 section 7.3: the domain itself, else a name below it, else any that is validated.
  std::string validated_name(const Frame& frame);
  /// RFC 7208 section 5.5: of the first ten names those whose addresses include the client's. A
  /// name that cannot be looked up is passed over.
  std::vector<std::string> validated(const Answer& answer, SpfStep* step);

  // ---- mechanisms (RFC 7208 section 5) ----
  bool matches(const SpfTerm& term, const Frame& frame);
  /// RFC 7208 section 4.8 leaves open what a target that is no name gives: here it matches nothing.
  std::optional<dns::Name> name_of(const std::string& target, const Frame& frame);
  bool a_matches(const SpfTerm& term, const Frame& frame);
  bool mx_matches(const SpfTerm& term, const Frame& frame);
  /// A failing lookup is no match here, neither of PTR nor of addresses.
  bool ptr_matches(const SpfTerm& term, const Frame& frame);
  /// Always an A record, whatever family the client is of.
  bool exists_matches(const SpfTerm& term, const Frame& frame);
  /// RFC 7208 section 5.2, the table of results.
  bool include_matches(const SpfTerm& term, const Frame& frame);

  // ---- records ----
  enum class IsTop : std::uint8_t { no, yes };
  const SpfTrace& descend(const std::string& domain, const Frame& frame, IsTop top);
  SpfTrace check_host(const std::string& domain);
  void check_record(SpfTrace& trace);
  /// RFC 7208 sections 4.6.2 and 4.7.
  void evaluate(const SpfRecord& record, SpfTrace& trace);
  bool try_term(const SpfTerm& term, SpfTrace& trace);
  /// RFC 7208 section 6.1.
  void follow_redirect(const SpfTerm& term, SpfTrace& trace);
  void decided(const SpfTerm& term, const SpfRecord& record, const SpfTrace& trace);

  // ---- exp= (RFC 7208 section 6.2): whatever goes wrong, there is just no explanation ----
  std::optional<std::string> explain();

  const SpfRequest& request_;
  Resolver& resolver_;
  SpfEvaluation result_;
  SpfMacroValues values_;
  std::optional<std::vector<std::string>> pointers_;  ///< Validated names, once asked for.
  std::optional<SpfTerm> explanation_;
  bool top_ = true;
  bool explaining_ = false;
};

}  // namespace mxsmith::mail
