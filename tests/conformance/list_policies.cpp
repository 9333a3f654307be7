// Mail: DMARC, MTA-STS, TLS-RPT, CNAMEs at their names, TLSA of a mail host.
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

/// With and without the semicolon that may end a record of tags.
Group dmarc() {
  return Group("DMARC")
      .state("with a final semicolon", {"_dmarc TXT v=DMARC1; p=none;"})
      .state("without one", {"_dmarc TXT v=DMARC1; p=none"})
      .state("several tags", {"_dmarc TXT v=DMARC1; p=quarantine; sp=reject; "
                              "rua=mailto:a@example.com,mailto:b@foo.com!10m"})
      .state("no blanks", {"_dmarc TXT v=DMARC1;p=reject;adkim=s;aspf=s"})
      .state("by its block", {})
      .with("[mail.dmarc]\npolicy = \"reject\"\nrua = [\"mailto:a@example.com\"]\n")
      .showing({"_dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.com"});
}

/// By such a record a domain agrees to receive the reports of another one.
Group report_authorization() {
  return Group("DMARC reports for others")
      .state("for one domain", {"other.example._report._dmarc TXT v=DMARC1;"})
      .state("without the semicolon", {"other.example._report._dmarc TXT v=DMARC1"})
      .state("for every domain", {"*._report._dmarc TXT v=DMARC1;"})
      .state("for both", {"*._report._dmarc TXT v=DMARC1;",
                          "other.example._report._dmarc TXT v=DMARC1; rua=mailto:c@example.com"});
}

Group tls_rpt() {
  return Group("TLS-RPT")
      .state("with a final semicolon", {"_smtp._tls TXT v=TLSRPTv1; rua=mailto:tls@example.com;"})
      .state("without one", {"_smtp._tls TXT v=TLSRPTv1; rua=mailto:tls@example.com"})
      .state("two destinations",
             {"_smtp._tls TXT v=TLSRPTv1;rua=mailto:tls@example.com,https://foo.com/v1"})
      .state("by its block", {})
      .with("[mail.tls_rpt]\nrua = [\"mailto:tls2@example.com\"]\n")
      .showing({"_smtp._tls TXT v=TLSRPTv1; rua=mailto:tls2@example.com"});
}

Group mta_sts() {
  return Group("MTA-STS")
      .state("with a final semicolon", {"_mta-sts TXT v=STSv1; id=20160831085700Z;"})
      .state("without one", {"_mta-sts TXT v=STSv1; id=20160831085700Z"})
      .state("another id", {"_mta-sts TXT v=STSv1; id=20261123000000Z"});
}

Group cname_and_text(const std::string& owner, const std::string& text) {
  return Group("CNAME and TXT at " + owner)
      .state("a CNAME", {owner + " CNAME records.foo.com."})
      .state("a text of our own", {owner + " TXT " + text})
      .state("a CNAME again", {owner + " CNAME records.bar.com."})
      .state("another target", {owner + " CNAME records.foo.com."})
      .state("and a text again", {owner + " TXT " + text});
}

Group tlsa_rollover() {
  const std::string now(64, 'a');
  const std::string next(64, 'b');
  const std::string owner = "_25._tcp.mx TLSA 3 1 1 ";
  return Group("TLSA of a mail host")
      .state("the current key", {owner + now})
      .state("current and next", {owner + now, owner + next})
      .state("the next alone", {owner + next});
}

Group tlsa_case() {
  const std::string lower = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789";
  const std::string mixed = "ABCDef0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789";
  return Group("TLSA in mixed case")
      .managing("declared")
      .state("declared in mixed case", {"_25._tcp.mx TLSA 3 1 1 " + mixed})
      .same("declared in lower case", {"_25._tcp.mx TLSA 3 1 1 " + lower})
      .same("given back in mixed case", {"_25._tcp.mx TLSA 3 1 1 " + lower})
      .after_spelled({"_25._tcp.mx TLSA 3 1 1 " + mixed});
}

}  // namespace

std::vector<Group> policy_groups() {
  return {dmarc(),
          report_authorization(),
          tls_rpt(),
          mta_sts(),
          cname_and_text("_dmarc", "v=DMARC1; p=none"),
          cname_and_text("_mta-sts", "v=STSv1; id=20160831085700Z"),
          cname_and_text("s1._domainkey", "v=DKIM1; p="),
          tlsa_rollover(),
          tlsa_case()};
}

}  // namespace mxsmith::conformance
