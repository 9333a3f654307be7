// DNS in general: the other types, each of their fields changed. Where a provider's traits do not
// have a type, its rows are refused at plan time.
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

Group caa() {
  return Group("CAA")
      .state("issue", {R"(@ CAA 0 issue "letsencrypt.org")"})
      .state("issuewild", {R"(@ CAA 0 issuewild "letsencrypt.org")"})
      .state("another target", {R"(@ CAA 0 issuewild "example.net")"})
      .state("the critical flag", {R"(@ CAA 128 issuewild "example.net")"})
      .state("nobody may issue", {R"(@ CAA 0 issue ";")"})
      .state(
          "parameters and blanks",
          {R"(@ CAA 0 issue "letsencrypt.org; validationmethods=dns-01; accounturi=https://a.example/1")"})
      .state("several", {R"(@ CAA 0 issue "letsencrypt.org")", R"(@ CAA 0 issuewild ";")",
                         R"(@ CAA 128 iodef "mailto:test@example.com")"})
      .state("one of them changed",
             {R"(@ CAA 0 issue "letsencrypt.org")", R"(@ CAA 0 issuewild ";")",
              R"(@ CAA 0 iodef "https://example.com/report")"});
}

Group srv() {
  return Group("SRV")
      .state("one", {"_sip._tcp SRV 5 6 7 foo.com."})
      .state("a second at the same priority",
             {"_sip._tcp SRV 5 6 7 foo.com.", "_sip._tcp SRV 5 60 70 foo2.com."})
      .state("another priority",
             {"_sip._tcp SRV 4 6 7 foo.com.", "_sip._tcp SRV 5 60 70 foo2.com."})
      .state("another weight", {"_sip._tcp SRV 4 8 7 foo.com.", "_sip._tcp SRV 5 60 70 foo2.com."})
      .state("another port", {"_sip._tcp SRV 4 8 9 foo.com.", "_sip._tcp SRV 5 60 70 foo2.com."})
      .state("another target", {"_sip._tcp SRV 4 8 9 foo3.com.", "_sip._tcp SRV 5 60 70 foo2.com."})
      .state("no such service", {"_sip._tcp SRV 0 0 0 ."})
      .state("all fields at their ends", {"_sip._tcp SRV 65535 65535 65535 foo.com."});
}

Group tlsa() {
  const std::string sha256(64, 'a');
  const std::string other(64, 'b');
  return Group("TLSA")
      .state("one", {"_443._tcp TLSA 3 1 1 " + sha256})
      .state("another usage", {"_443._tcp TLSA 2 1 1 " + sha256})
      .state("another selector", {"_443._tcp TLSA 2 0 1 " + sha256})
      .state("another matching type", {"_443._tcp TLSA 2 0 2 " + sha256 + sha256})
      .state("another certificate", {"_443._tcp TLSA 2 0 2 " + sha256 + other});
}

Group sshfp() {
  const std::string sha1(40, '6');
  const std::string sha256(64, '7');
  return Group("SSHFP")
      .state("one", {"host SSHFP 1 1 " + sha1})
      .state("another algorithm", {"host SSHFP 2 1 " + sha1})
      .state("another fingerprint type", {"host SSHFP 2 2 " + sha256})
      .state("another fingerprint", {"host SSHFP 2 2 " + std::string(64, '8')});
}

Group smimea() {
  const std::string owner = "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert";
  const std::string sha256(64, 'c');
  return Group("SMIMEA")
      .state("one", {owner + " SMIMEA 3 1 1 " + sha256})
      .state("another usage", {owner + " SMIMEA 2 1 1 " + sha256})
      .state("another selector", {owner + " SMIMEA 2 0 1 " + sha256})
      .state("another matching type", {owner + " SMIMEA 2 0 2 " + sha256 + sha256})
      .state("another certificate", {owner + " SMIMEA 2 0 2 " + std::string(128, 'd')});
}

/// At a delegation, as the parent side has them (RFC 4035 section 2.4).
Group ds() {
  const std::string ns = "child NS ns1.foo.com.";
  const std::string sha256(64, 'a');
  return Group("DS")
      .state("one", {ns, "child DS 1 13 2 " + sha256})
      .state("another key tag", {ns, "child DS 8857 13 2 " + sha256})
      .state("another algorithm", {ns, "child DS 8857 8 2 " + sha256})
      .state("another digest type", {ns, "child DS 8857 8 4 " + sha256 + std::string(32, 'b')})
      .state("another digest", {ns, "child DS 8857 8 4 " + std::string(96, 'c')})
      .state("two", {ns, "child DS 8857 8 4 " + std::string(96, 'c'), "child DS 2 13 2 " + sha256});
}

Group naptr() {
  return Group("NAPTR")
      .state("one", {R"(sip NAPTR 100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .)"})
      .state("another order", {R"(sip NAPTR 102 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .)"})
      .state("another preference",
             {R"(sip NAPTR 102 20 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .)"})
      .state("other flags", {R"(sip NAPTR 102 20 "A" "E2U+sip" "" host.foo.com.)"})
      .state("another service", {R"(sip NAPTR 102 20 "A" "SIP+D2T" "" host.foo.com.)"})
      .state("another replacement", {R"(sip NAPTR 102 20 "A" "SIP+D2T" "" host2.foo.com.)"})
      .state("another expression",
             {R"(sip NAPTR 102 20 "U" "E2U+email" "!^.*$!mailto:a@b.example!" .)"});
}

Group loc() {
  return Group("LOC")
      .state("a place", {"place LOC 52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m"})
      .state("another latitude",
             {"place LOC 51 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m"})
      .state("the southern half",
             {"place LOC 51 22 23.000 S 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m"})
      .state("another longitude",
             {"place LOC 51 22 23.000 S 4 53 31.000 W -2.00m 1.00m 10000.00m 10.00m"})
      .state("another altitude",
             {"place LOC 51 22 23.000 S 4 53 31.000 W 200.00m 1.00m 10000.00m 10.00m"})
      .state("other precisions",
             {"place LOC 51 22 23.000 S 4 53 31.000 W 200.00m 20.00m 100.00m 2.00m"});
}

Group svcb() {
  return Group("SVCB")
      .state("an alias", {"_dns SVCB 0 foo.com."})
      .state("a service", {"_dns SVCB 1 foo.com. alpn=dot"})
      .state("another priority", {"_dns SVCB 2 foo.com. alpn=dot"})
      .state("another target", {"_dns SVCB 2 bar.com. alpn=dot"})
      .state("another parameter", {"_dns SVCB 2 bar.com. alpn=dot port=8853"})
      .state("address hints", {"_dns SVCB 2 bar.com. port=8853 ipv4hint=192.0.2.1,192.0.2.2"});
}

Group https() {
  return Group("HTTPS")
      .state("an alias at the apex", {"@ HTTPS 0 www.foo.com."})
      .state("the owner itself", {"@ HTTPS 1 . alpn=h2,h3"})
      .state("another priority", {"@ HTTPS 2 . alpn=h2,h3"})
      .state("another target", {"@ HTTPS 2 www.foo.com. alpn=h2,h3"})
      .state("other parameters", {"@ HTTPS 2 www.foo.com. alpn=h2 port=8443 ipv6hint=2001:db8::1"})
      .state("an encrypted hello", {"@ HTTPS 2 www.foo.com. alpn=h2 ech=AEX+DQBB"})
      .state("and something after it",
             {"@ HTTPS 2 www.foo.com. alpn=h2 ech=AEX+DQBB ipv6hint=2001:db8::1"})
      .state("a parameter without a name", {"@ HTTPS 2 www.foo.com. key65333=ex1"})
      .state("two", {"@ HTTPS 2 www.foo.com. alpn=h2", "@ HTTPS 3 www.bar.com. alpn=h3"});
}

Group dname() {
  return Group("DNAME")
      .state("one", {"tree DNAME foo.com."})
      .state("another target", {"tree DNAME bar.com."});
}

Group ptr() {
  return Group("PTR")
      .state("one", {"4 PTR foo.com."})
      .state("another target", {"4 PTR bar.com."})
      .state("two", {"4 PTR bar.com.", "4 PTR foo.com."});
}

Group openpgpkey() {
  const std::string owner = "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._openpgpkey";
  return Group("OPENPGPKEY")
      .state("a key", {owner + " OPENPGPKEY mQCNAzIG3oAAAAEEALGnA1n4HmZwKWCA"})
      .state("another key", {owner + " OPENPGPKEY mQCNAzIG3oAAAAEEALGnA1n4HmZwKWCB"});
}

Group more_types() {
  return Group("URI, CERT, RP and HINFO")
      .state("one of each", {R"(_ftp._tcp URI 10 1 "ftp://ftp.example.com/public")",
                             "key CERT 1 2 8 TUlJQg==", "who RP admin.foo.com. info.foo.com.",
                             R"(box HINFO "PC" "Linux")"})
      .state("each with another value",
             {R"(_ftp._tcp URI 10 1 "ftp://ftp.example.com/other")", "key CERT 1 2 8 TUlJQw==",
              "who RP admin.bar.com. info.foo.com.", R"(box HINFO "PC" "BSD")"});
}

}  // namespace

std::vector<Group> type_groups() {
  return {caa(), srv(),  tlsa(),  sshfp(), smimea(), ds(),         naptr(),
          loc(), svcb(), https(), dname(), ptr(),    openpgpkey(), more_types()};
}

}  // namespace mxsmith::conformance
