// DNS in general: addresses, CNAME, NS, case, internationalized names, what is never touched.
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

Group addresses() {
  return Group("A and AAAA")
      .state("an address", {"testa A 1.1.1.1"})
      .state("another address", {"testa A 3.3.3.3"})
      .state("an address at the apex", {"@ A 1.1.1.1"})
      .state("another one at the apex", {"@ A 2.2.2.2"})
      .state("an IPv6 address", {"testa AAAA 2607:f8b0:4006:820::2006"})
      .state("another IPv6 address", {"testa AAAA 2607:f8b0:4006:820::2013"})
      .same("the same IPv6 address written at length",
            {"testa AAAA 2607:F8B0:4006:0820:0000:0000:0000:2013"});
}

Group wildcard() {
  return Group("Wildcard")
      .state("a wildcard beside a name", {"* A 1.2.3.4", "www A 5.5.5.5"})
      .state("the wildcard gone", {"www A 5.5.5.5"})
      .state("a wildcard below a name", {"*.www A 1.2.3.4", "www A 5.5.5.5"});
}

Group cname() {
  return Group("CNAME")
      .state("a CNAME", {"www CNAME www.google.com."})
      .state("another target", {"www CNAME www.yahoo.com."})
      .state("a target in the zone", {"www CNAME foo.@"})
      .state("the apex as target", {"www CNAME @"});
}

Group cname_at_apex() {
  return Group("CNAME at the apex")
      .state("refused, since SOA and NS stand there", {"@ CNAME www.google.com."})
      .is_refused("the apex has SOA and NS");
}

Group type_change() {
  return Group("Type change")
      .state("an address", {"foo A 1.2.3.4"})
      .state("becomes an MX", {"foo MX 5 foo.google.com."})
      .state("and an address again", {"foo A 4.5.6.7"});
}

Group type_change_cname() {
  return Group("Type change to and from CNAME")
      .state("a CNAME", {"foo CNAME google.com."})
      .state("becomes an address", {"foo A 1.2.3.4"})
      .state("and a CNAME again", {"foo CNAME google2.com."})
      .state("becomes a text", {"foo TXT a text"})
      .state("and a CNAME once more", {"foo CNAME google.com."})
      .state("becomes several types at once", {"foo A 1.2.3.4", "foo MX 5 foo.com.", "foo TXT t"})
      .state("and one CNAME for all of them", {"foo CNAME google.com."});
}

Group delegation() {
  return Group("NS of a delegated name")
      .state("one server", {"xyz NS ns2.foo.com."})
      .state("two servers", {"xyz NS ns2.foo.com.", "xyz NS ns1.foo.com."})
      .state("one of them changed", {"xyz NS ns2.foo.com.", "xyz NS ns3.foo.com."})
      .state("one again", {"xyz NS ns3.foo.com."});
}

/// `manage = "zone"` removes whatever is not declared, but for these.
Group vital() {
  return Group("Apex NS and SOA are never touched")
      .state("a record beside them", {"www A 1.2.3.4"})
      .state("another one", {"www A 4.3.2.1", "@ MX 5 foo.com."})
      .state("nothing but them", {});
}

Group apex_ns() {
  return Group("Apex NS, declared")
      .state("another set of servers", {"@ NS ns1.example.net.", "@ NS ns9.example.net."})
      .state("one more", {"@ NS ns1.example.net.", "@ NS ns9.example.net.", "@ NS ns3.foo.com."});
}

/// Names are the same whatever their case (RFC 4343); so only the first of these is a change.
Group name_case() {
  return Group("Case of names")
      .state("upper case", {"BAR MX 5 BAR.com."})
      .same("the owner in lower case", {"bar MX 5 BAR.com."})
      .same("both in lower case", {"bar MX 5 bar.com."});
}

/// Texts, unlike names, are not.
Group text_case() {
  return Group("Case of texts")
      .state("mixed case", {"t TXT Verify=AbCdEf"})
      .same("just so", {"t TXT Verify=AbCdEf"})
      .state("lower case is another text", {"t TXT verify=abcdef"});
}

Group idn() {
  return Group("IDN")
      .state("an owner with a U-label", {"ööö A 1.2.3.4"})
      .same("its A-label", {"xn--ndaaa A 1.2.3.4"})
      .state("another value there", {"ööö A 2.2.2.2"})
      .state("a target with a U-label", {"a CNAME ööö.com."})
      .same("its A-label as target", {"a CNAME xn--ndaaa.com."})
      .state("both", {"öoö CNAME ööö.@"})
      .state("in MX", {"ööö MX 5 ööö.com."})
      .same("the A-labels of both", {"xn--ndaaa MX 5 xn--ndaaa.com."});
}

/// Of these types nobody declares anything: they are carried along, whatever happens beside them.
Group unknown_types() {
  return Group("Unknown types")
      .managing("declared")
      .beside({"mystery TYPE65280 \\# 4 0A000001", "www TYPE65281 \\# 3 abcdef",
               "other HINFO \"PC\" \"Linux\""})
      .state("a set beside them", {"www A 1.2.3.4"})
      .state("it changes", {"www A 4.3.2.1"})
      .state("another name as well", {"www A 4.3.2.1", "mystery TXT not our type"})
      .state("all of ours gone", {});
}

}  // namespace

std::vector<Group> address_and_name_groups() {
  return {addresses(),         wildcard(),   cname(),        cname_at_apex(), type_change(),
          type_change_cname(), delegation(), vital(),        apex_ns(),       name_case(),
          text_case(),         idn(),        unknown_types()};
}

}  // namespace mxsmith::conformance
