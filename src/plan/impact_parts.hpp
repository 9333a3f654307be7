// The parts of Impact and the words for them. Private to src/plan/impact*.cpp.
#pragma once

#include <string>
#include <vector>

#include "plan/mail_view.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

Impact::Inbound inbound_of(const dns::Name& apex, const Views& views);
Impact::Sending sending_of(const dns::Name& apex, const Views& views, const Facts& facts);
std::vector<Impact::Key> keys_of(const std::vector<Change>& changes, const dns::Name& apex,
                                 const Views& views);
std::vector<Impact::Policy> policies_of(const std::vector<Change>& changes, const dns::Name& apex,
                                        const Views& views, const Facts& facts);

/// "203.0.113.25", "_spf.example.net", "mx", "a:host.example": a sender as a person would say it.
std::string sender_words(const mail::SpfTerm& term);

/// Lookups of the SPF records at one name: by Facts where it knows every one of them.
struct Lookups {
  std::size_t count = 0;
  bool complete = false;
};
Lookups lookups_of(const SpfView& spf, const Facts& facts);

}  // namespace mxsmith::plan
