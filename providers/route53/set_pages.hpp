// The pages of ListResourceRecordSets as a zone: none may be missing or come twice.
#pragma once

#include <optional>
#include <string>

#include "http/paging.hpp"
#include "plan/live.hpp"
#include "providers/route53/xml.hpp"
#include "providers/route53/zone_sets.hpp"

namespace mxsmith::providers::route53 {

class SetPages {
 public:
  /// `target` is that of the sets without a query; `doing` goes before what is wrong.
  SetPages(const plan::ZoneRef& zone, const std::string& target, const std::string& doing);

  /// Target of the first page.
  [[nodiscard]] const std::string& first() const { return first_; }
  /// Takes a page and gives the target of the next. Throws Error{protocol} for a page that is empty
  /// or does not begin with the set that the one before it announced.
  std::optional<std::string> take(const Element& root);
  /// After the last page. Throws Error{protocol} where there is no SOA record, as every zone has.
  plan::LiveZone zone();

 private:
  void take_set(const Element& set);

  plan::ZoneRef zone_;
  std::string first_;
  std::string doing_;
  SetReader reader_;
  http::Once once_;
  std::optional<std::string> announced_;  ///< The set that the next page begins with.
};

}  // namespace mxsmith::providers::route53
