// Explanations of zones, as they read. Every value that comes out of a record is marked <so>.
#include "mail/explain.hpp"

#include <string>
#include <vector>

#include "example_zone.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

std::string marked(const mail::Sentence& sentence) {
  std::string text;
  for (const auto& piece : sentence.pieces()) {
    const bool value = piece.kind == mail::Sentence::Kind::value;
    text += value ? "<" + piece.text + ">" : piece.text;
  }
  return text;
}

/// All but what to do next, which is the rules' own matter.
std::string told(const mail::Explanation& explanation) {
  std::string text = marked(explanation.summary) + "\n";
  for (const auto& topic : explanation.topics) {
    if (topic.id == mail::Topic::Id::next) continue;
    text += std::string(mail::topic_word(topic.id)) + "\n";
    for (const auto& statement : topic.statements) {
      text += "  " + marked(statement.sentence) + "\n";
      for (const auto& item : statement.items) text += "    " + marked(item) + "\n";
    }
  }
  return text;
}

mail::Catalogue two_services() {
  mail::Service mailbox;
  mailbox.id = "boxes";
  mailbox.name = "Boxes Inc.";
  mailbox.kind = mail::ServiceKind::mailbox;
  mailbox.mx = {{"in.boxes.example", 10}};
  mailbox.spf = {"include:spf.boxes.example"};
  mail::Service sender;
  sender.id = "letters";
  sender.name = "Letters";
  sender.spf = {"include:spf.letters.example"};
  return mail::Catalogue({mailbox, sender});
}

struct Row {
  const char* name;
  mail::Coverage coverage;
  const char* zone;
  const char* expected;
};

mail::Explanation explained(const Row& row) {
  const ExampleZone example = read_example(row.zone);
  const mail::SetsOfZone sets(example.zone);
  const mail::Catalogue services = two_services();
  mail::KeyCache keys;
  return mail::explain_mail({sets, row.coverage, example.declared, services, nullptr, keys});
}

constexpr auto kWhole = mail::Coverage::whole;
constexpr auto kPart = mail::Coverage::declared;

const std::vector<Row> kRows = {
    {"a domain without any mail record", kWhole, R"zone(www A 192.0.2.1)zone",
     R"told(<example.com> has no place where mail arrives, does not say who may send, and leaves it to receivers what becomes of forged mail.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  That is not said: there is no SPF record, so receivers cannot tell senders of <example.com> from others.
rest
  There is no DMARC record at <_dmarc.example.com>: each receiver decides for itself what becomes of mail that passes neither SPF nor DKIM.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
missing
  MX records: a domain that takes no mail says so with a null MX.
  An SPF record that counts.
  A DMARC record that counts.
)told"},
    {"the same, of which only a part is declared", kPart, R"zone(www A 192.0.2.1)zone",
     R"told(<example.com> does not say here where its mail arrives, does not say here who may send, and leaves DMARC to other records.
inbound
  Where mail for <example.com> arrives is not declared here.
senders
  Who may send is not declared here.
rest
  A DMARC policy is not declared here.
signing
  No DKIM key is declared here.
)told"},
    {"an address in place of MX records", kWhole,
     R"zone(@ A 192.0.2.1
@ AAAA 2001:db8::1)zone",
     R"told(<example.com> receives mail, does not say who may send, and leaves it to receivers what becomes of forged mail.
inbound
  There are no MX records, so senders try the addresses of <example.com> itself (RFC 5321 section 5.1): <192.0.2.1> and <2001:db8::1>.
senders
  That is not said: there is no SPF record, so receivers cannot tell senders of <example.com> from others.
rest
  There is no DMARC record at <_dmarc.example.com>: each receiver decides for itself what becomes of mail that passes neither SPF nor DKIM.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
encryption
  Nothing asks for TLS: senders use it where the host offers it, and clear text where it does not.
missing
  An SPF record that counts.
  A DMARC record that counts.
  MTA-STS: senders may hand over mail in clear text.
  TLS reports: nobody tells when TLS with the mail hosts fails.
)told"},
    {"a parked domain", kWhole,
     R"zone(@ MX 0 .
@ TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject")zone",
     R"told(<example.com> neither receives nor sends mail, and says so.
inbound
  <example.com> takes no mail: it has the null MX (RFC 7505).
senders
  Nobody may send mail in the name of <example.com> (-all).
rest
  Mail in the name of <example.com> that passes neither SPF nor DKIM in its name is rejected; so is that of its subdomains, whether they exist or not.
  Nobody is told who sends in its name: no reports are asked for.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
)told"},
    {"one mailbox service and all that belongs to it", kWhole,
     R"zone(@ MX 10 in.boxes.example.
@ TXT "v=spf1 include:spf.boxes.example ~all"
s1._domainkey CNAME s1.dkim.boxes.example.
_dmarc TXT "v=DMARC1; p=quarantine; sp=reject; rua=mailto:d@example.com"
_mta-sts TXT "v=STSv1; id=1"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@example.com")zone",
     R"told(<example.com> receives mail, says who may send, and asks receivers to put forged mail aside.
inbound
  Mail for <example.com> arrives at <in.boxes.example> (preference 10).
  That is <Boxes Inc.>.
senders
  In the name of <example.com> may send:
    whoever the record of <spf.boxes.example> lets send (<Boxes Inc.>)
  Everybody else is suspicious (~all): receivers mostly let such mail in, marked, and DMARC counts it as failed.
  Receivers make at least 1 DNS lookup for it, of 10 that they allow; the record of <spf.boxes.example> was not looked up.
rest
  Mail in the name of <example.com> that passes neither SPF nor DKIM in its name is put aside as suspicious; that of its subdomains, whether they exist or not, is rejected.
  Reports of who sends in its name go to <mailto:d@example.com>.
signing
  Receivers find 1 selector for mail signed by <example.com>:
    <s1>: kept by <s1.dkim.boxes.example>, an alias
encryption
  MTA-STS is announced; the policy at <https://mta-sts.example.com/.well-known/mta-sts.txt> was not read.
  Whether <in.boxes.example> has TLSA records was not looked up.
  Reports about TLS that failed go to <mailto:t@example.com>.
services
  <Boxes Inc.> receives and sends mail.
    <MX in.boxes.example> at <example.com>
    <SPF include:spf.boxes.example> at <example.com>
)told"},
    {"hosts by preference, and a subdomain with mail of its own", kWhole,
     R"zone(@ MX 10 b
@ MX 10 a
@ MX 20 c.example.net.
shop MX 5 a
a A 192.0.2.1
_25._tcp.a TLSA 3 1 1 0011223344556677889900112233445566778899001122334455667788990011)zone",
     R"told(<example.com> receives mail, does not say who may send, and leaves it to receivers what becomes of forged mail.
inbound
  Mail for <example.com> arrives at <a.example.com> and <b.example.com> (preference 10 each, which share it); if nothing answers there, at <c.example.net> (preference 20).
  Mail for <shop.example.com> arrives at <a.example.com> (preference 5).
senders
  That is not said: there is no SPF record, so receivers cannot tell senders of <example.com> from others.
rest
  There is no DMARC record at <_dmarc.example.com>: each receiver decides for itself what becomes of mail that passes neither SPF nor DKIM.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
encryption
  DANE: TLSA records fix which certificates count at <a.example.com>, as far as DNSSEC signs the zone.
  Whether <c.example.net> has TLSA records was not looked up.
missing
  An SPF record that counts.
  A DMARC record that counts.
  MTA-STS: senders may hand over mail in clear text.
  TLS reports: nobody tells when TLS with the mail hosts fails.
)told"},
    {"every kind of term", kWhole,
     R"zone(@ TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -ip4:198.51.100.1 a mx/24 a:h.example.net//64 include:spf.letters.example ~include:x.example ptr ?exists:%{i}.y.example moo=1 +all ip4:203.0.113.1"
bounce TXT "v=spf1 mx -all")zone",
     R"told(<example.com> has no place where mail arrives, says who may send, and leaves it to receivers what becomes of forged mail.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  In the name of <example.com> may send:
    the addresses and blocks <192.0.2.0/24> and <2001:db8::/32>
    not: the address or block <198.51.100.1>
    the addresses of <example.com>
    the hosts that take mail for <example.com> and the /24 around each
    the addresses of <h.example.net> and the IPv6 /64 around each
    whoever the record of <spf.letters.example> lets send (<Letters>)
    as suspicious: whoever the record of <x.example> lets send
    hosts whose reverse name lies in <example.com>, which RFC 7208 section 5.5 advises against
    undecided: whoever the name <%{i}.y.example> exists for, filled in for each message
  Everybody else may send as well (+all), so the record protects nothing.
  Receivers make at least 7 DNS lookups for it, of 10 that they allow; the records of <spf.letters.example> and <x.example> were not looked up.
  SPF records of their own have <bounce.example.com>.
rest
  There is no DMARC record at <_dmarc.example.com>: each receiver decides for itself what becomes of mail that passes neither SPF nor DKIM.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
services
  <Letters> sends mail.
    <SPF include:spf.letters.example> at <example.com>
missing
  MX records: a domain that takes no mail says so with a null MX.
  A DKIM key.
  A DMARC record that counts.
)told"},
    {"a redirect, and DMARC of several strengths", kWhole,
     R"zone(@ TXT "v=spf1 redirect=_spf.example.net"
_dmarc TXT "v=DMARC1; p=reject; sp=quarantine; np=none; t=y; adkim=s; aspf=s")zone",
     R"told(<example.com> has no place where mail arrives, says who may send, and asks receivers to put forged mail aside.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  The record of <_spf.example.net> decides who may send.
  Receivers make at least 1 DNS lookup for it, of 10 that they allow; the record of <_spf.example.net> was not looked up.
rest
  Mail in the name of <example.com> that passes neither SPF nor DKIM in its name is put aside as suspicious; that of its subdomains, whether they exist or not, is treated as if there were no policy.
  The policy is marked as a test (t=y), so receivers apply one level less than it says.
  DKIM and SPF have to pass for exactly the domain of the From line; one below it does not count.
  Nobody is told who sends in its name: no reports are asked for.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
missing
  MX records: a domain that takes no mail says so with a null MX.
  A DKIM key.
  Reports of DMARC: without rua= nobody tells who sends in this domain's name.
)told"},
    {"records that cancel each other", kWhole,
     R"zone(@ TXT "v=spf1 mx -all"
@ TXT "v=spf1 a -all"
_dmarc TXT "v=DMARC1; p=none"
_dmarc TXT "v=DMARC1; p=reject"
_mta-sts TXT "v=STSv1; id=1"
_mta-sts TXT "v=STSv1; id=2")zone",
     R"told(<example.com> has no place where mail arrives, does not say who may send, and leaves it to receivers what becomes of forged mail.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  There are 2 SPF records, which receivers take for an error: none of them counts (RFC 7208 section 4.5).
rest
  There are 2 DMARC records, so receivers count none of them (RFC 9989 section 4.10).
signing
  None: no DKIM key is published below <_domainkey.example.com>.
encryption
  There are several MTA-STS records, so senders take it that there is none (RFC 8461 section 3.1).
missing
  MX records: a domain that takes no mail says so with a null MX.
  An SPF record that counts.
  A DMARC record that counts.
)told"},
    {"records that cannot be read", kWhole,
     R"zone(@ TXT "v=spf1 ip4:300.1.1.1 -all"
s1._domainkey TXT "v=DKIM1; p=AAAA"
s0._domainkey TXT "v=DKIM1; p=")zone",
     R"told(<example.com> has no place where mail arrives, does not say who may send, and leaves it to receivers what becomes of forged mail.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  The SPF record cannot be read, which receivers take for an error: <octet 300 is over 255>.
rest
  There is no DMARC record at <_dmarc.example.com>: each receiver decides for itself what becomes of mail that passes neither SPF nor DKIM.
signing
  Receivers find 2 selectors for mail signed by <example.com>:
    <s0>: revoked
    <s1>: a key that verifiers cannot use
missing
  MX records: a domain that takes no mail says so with a null MX.
  An SPF record that counts.
  A DMARC record that counts.
)told"},
    {"what a spec says beside records", kPart,
     R"zone(;selector s1 next
;mta-sts enforce 604800 mx1.example.com
@ MX 10 mx1
@ TXT "v=spf1 mx ?all"
s1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_mta-sts TXT "v=STSv1; id=1")zone",
     R"told(<example.com> receives mail, says who may send, and leaves DMARC to other records.
inbound
  Mail for <example.com> arrives at <mx1.example.com> (preference 10).
senders
  In the name of <example.com> may send:
    the hosts that take mail for <example.com>
  Nothing is said of everybody else (?all), as if there were no record.
  Receivers make 1 DNS lookup for it, of 10 that they allow.
rest
  A DMARC policy is not declared here.
signing
  Receivers find 1 selector for mail signed by <example.com>:
    <s1>: a key that verifiers cannot use
encryption
  MTA-STS is enforced: senders that know it hand over mail only by TLS with a valid certificate, to <mx1.example.com>; they remember that for 7 days.
  Whether <mx1.example.com> has TLSA records was not looked up.
)told"},
    {"a third party keeps the policies", kWhole,
     R"zone(@ MX 10 mx1
_dmarc CNAME example.dmarc.vendor.example.
_mta-sts CNAME sts.vendor.example.
_smtp._tls CNAME tls.vendor.example.)zone",
     R"told(<example.com> receives mail, does not say who may send, and leaves DMARC to other records.
inbound
  Mail for <example.com> arrives at <mx1.example.com> (preference 10).
senders
  That is not said: there is no SPF record, so receivers cannot tell senders of <example.com> from others.
rest
  The policy is kept by <example.dmarc.vendor.example>, for which _dmarc is an alias, and was not looked up.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
encryption
  MTA-STS is announced by <sts.vendor.example>, for which _mta-sts is an alias; the policy at <https://mta-sts.example.com/.well-known/mta-sts.txt> was not read.
  Where reports about TLS go is kept by <tls.vendor.example>, for which _smtp._tls is an alias.
missing
  An SPF record that counts.
)told"},
    {"hostile octets", kWhole,
     R"zone(@ TXT "v=spf1 include:\027[31m.example -all"
@ TXT "x"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:<script>@example.com")zone",
     R"told(<example.com> has no place where mail arrives, does not say who may send, and asks receivers to do nothing about forged mail.
inbound
  Nowhere: <example.com> has neither MX records nor an address.
senders
  The SPF record cannot be read, which receivers take for an error: <a control character in a term>.
rest
  Mail in the name of <example.com> that passes neither SPF nor DKIM in its name is treated as if there were no policy; so is that of its subdomains, whether they exist or not.
  Reports of who sends in its name go to <mailto:<script>@example.com>.
signing
  None: no DKIM key is published below <_domainkey.example.com>.
missing
  MX records: a domain that takes no mail says so with a null MX.
  An SPF record that counts.
)told"},
};

}  // namespace

TEST_CASE("mail setups in plain sentences") {
  for (const Row& row : kRows) {
    INFO(row.name);
    CHECK(told(explained(row)) == row.expected);
  }
}
