#include "mail/rules/record_findings.hpp"

namespace mxsmith::mail {

Subject subject_of(const dns::RRset& set, std::size_t value) {
  Subject subject = Subject::of(set.key());
  if (value < set.values.size()) subject.octets = dns::print_rdata(set.values[value]);
  return subject;
}

void tell_records(Judged& judged, const dns::RRset& set, const Findings& findings) {
  for (const Finding& finding : findings.all()) {
    Subject subject =
        finding.at.length == 1 ? subject_of(set, finding.at.offset) : Subject::of(set.key());
    judged.tell(finding.rule, std::move(subject), finding.message, finding.hint, finding.severity);
  }
}

}  // namespace mxsmith::mail
