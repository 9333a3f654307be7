#include "mail/rules/tls_reports.hpp"

#include <algorithm>

#include "mail/tag_list.hpp"

namespace mxsmith::mail {

void require_tls_reports(Judged& judged, std::string_view rule, const dns::Name& domain,
                         const std::string& message) {
  const auto below = domain.child("_tls");
  const auto name = below ? below->child("_smtp") : below;
  if (!name) return;
  const Answer answer = judged.resolver.lookup(*name, dns::Type::TXT);
  const Subject subject = Subject::missing(*name, dns::Type::TXT);
  if (answer.status == LookupStatus::not_checked || answer.status == LookupStatus::failed) {
    judged.not_checked(rule, subject, answer.reason);
    return;
  }
  const bool reports =
      std::any_of(answer.values.begin(), answer.values.end(), [](const dns::Rdata& value) {
        const auto* txt = std::get_if<dns::Txt>(&value);
        return txt != nullptr && is_tls_rpt(txt->octets);
      });
  if (!reports) judged.tell(rule, subject, message, "TXT \"v=TLSRPTv1; rua=mailto:ADDRESS\"");
}

}  // namespace mxsmith::mail
