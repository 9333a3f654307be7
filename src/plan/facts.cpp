#include "plan/facts.hpp"

namespace mxsmith::plan {

mail::Answer FactsResolver::lookup(const dns::Name& name, dns::Type type) {
  const auto known = facts_.answers.find({name, type});
  if (known != facts_.answers.end()) return known->second;
  mail::Answer answer;
  answer.reason = "it was not looked up";
  return answer;
}

}  // namespace mxsmith::plan
