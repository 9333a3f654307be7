// DNS in general: MX, the null MX, and spellings that APIs give back.
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

Group mx() {
  return Group("MX")
      .state("one host", {"@ MX 5 foo.com."})
      .state("another host", {"@ MX 5 bar.com."})
      .state("the preference alone", {"@ MX 100 bar.com."})
      .state("two hosts", {"@ MX 100 bar.com.", "@ MX 50 foo.com."})
      .state("their preferences swapped", {"@ MX 50 bar.com.", "@ MX 100 foo.com."})
      .state("the same host at two preferences",
             {"@ MX 50 bar.com.", "@ MX 60 bar.com.", "@ MX 100 foo.com."})
      .state("preference 0", {"@ MX 0 bar.com."})
      .state("preference 65535", {"@ MX 65535 bar.com."})
      .state("a host of the zone", {"@ MX 10 mail.@", "mail A 192.0.2.25"})
      .state("the zone itself", {"@ MX 10 @", "@ A 192.0.2.25"});
}

Group null_mx_at_name() {
  return Group("Null MX at a name")
      .state("no mail", {"nomail MX 0 ."})
      .state("two hosts", {"nomail MX 3 a.foo.com.", "nomail MX 9 b.foo.com."})
      .state("no mail again", {"nomail MX 0 ."});
}

Group null_mx_at_apex() {
  return Group("Null MX at the apex")
      .state("no mail", {"@ MX 0 ."})
      .state("two hosts", {"@ MX 3 a.foo.com.", "@ MX 9 b.foo.com."})
      .state("no mail again", {"@ MX 0 ."});
}

Group spellings() {
  return Group("MX as an API spells it")
      .managing("declared")
      .same("upper case", {"@ MX 5 foo.com."})
      .after_spelled({"@ MX 5 FOO.Com."})
      .same("without the final dot", {"@ MX 5 foo.com.", "sub MX 7 bar.foo.com."})
      .after_spelled({"@ MX 5 foo.com", "sub MX 7 BAR.foo.com"})
      .state("and a change after it", {"@ MX 5 foo.com.", "sub MX 8 bar.foo.com."});
}

}  // namespace

std::vector<Group> mx_groups() { return {mx(), null_mx_at_name(), null_mx_at_apex(), spellings()}; }

}  // namespace mxsmith::conformance
