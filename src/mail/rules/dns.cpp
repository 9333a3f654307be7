// Rules about DNS itself, as far as mail hangs on it: the table's rows, and TTLs.
#include <array>
#include <string>
#include <vector>

#include "mail/rules/dns_rows.hpp"
#include "mail/rules/every_set.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint32_t kShortTtl = 60;
constexpr std::uint32_t kLongTtl = 604800;

void judge_ttl(Judged& judged, const dns::RRset& set) {
  if (set.ttl >= kShortTtl && set.ttl <= kLongTtl) return;
  judged.tell("dns-ttl-sane", Subject::of(set.key()),
              "a TTL of " + std::to_string(set.ttl) + " seconds is " +
                  (set.ttl < kShortTtl ? "under a minute" : "over a week"),
              "3600");
}

template <class Place>
void judge_ttls_of(Judged& judged, const std::vector<Place>& places) {
  const dns::RRset* last = nullptr;
  for (const Place& place : places) {
    if (place.at.set != last) judge_ttl(judged, *place.at.set);
    last = place.at.set;
  }
}

void judge_ttls(Judged& judged) {
  judge_ttls_of(judged, judged.zone.spf);
  judge_ttls_of(judged, judged.zone.dkim);
  judge_ttls_of(judged, judged.zone.dmarc);
  judge_ttls_of(judged, judged.zone.mta_sts);
  judge_ttls_of(judged, judged.zone.tls_rpt);
  judge_ttls_of(judged, judged.zone.bimi);
  for (const SrvPlace& place : judged.zone.srv) judge_ttl(judged, *place.set);
}

/// Whether the part before "@" has percent-encoded octets beyond ASCII (RFC 6068 section 2).
bool has_encoded_letters(std::string_view address) {
  const std::string_view local = address.substr(0, address.rfind('@'));
  for (std::size_t at = local.find('%'); at != std::string_view::npos;
       at = local.find('%', at + 1)) {
    if (at + 1 < local.size() &&
        std::string_view("89abcdefABCDEF").find(local[at + 1]) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

void judge_addresses(Judged& judged, const TxtPlace& place, const std::vector<ReportUri>& uris) {
  for (const ReportUri& uri : uris) {
    if (uri.scheme() != "mailto" || !has_encoded_letters(uri.address())) continue;
    judged.tell("dns-eai", Subject::of(place),
                "the mailbox of " + uri.text + " has letters beyond ASCII");
  }
}

void judge_mailboxes(Judged& judged) {
  for (const DmarcPlace& place : judged.zone.dmarc) {
    judge_addresses(judged, place.at, place.reading.value.rua);
    judge_addresses(judged, place.at, place.reading.value.ruf);
  }
  for (const TlsRptPlace& place : judged.zone.tls_rpt) {
    judge_addresses(judged, place.at, place.reading.value.rua);
  }
}

constexpr std::string_view kHost = "www A 192.0.2.1";

constexpr std::array kRules = {
    Rule{"dns-auth-consistent", Severity::error, RuleNeeds::lookups, "RFC 1034 section 4.3.5",
         "The zone's name servers give different answers.",
         "What senders see then depends on luck. No check of this program asks each server by "
         "itself so far.",
         nullptr},
    Rule{"dns-below-delegation", Severity::error, RuleNeeds::nothing, "RFC 1034 section 4.2.1",
         "A record stands at or below a name that is delegated to other servers.",
         "Nobody sees it: those servers answer for the name. Put the record there, or end the "
         "delegation.",
         judge_shadows, "sub NS ns1.example.net.\nmail.sub MX 10 mx1\nmx1 A 192.0.2.1",
         "sub NS ns1.sub\nns1.sub A 192.0.2.53"},
    Rule{"dns-below-dname", Severity::error, RuleNeeds::nothing, "RFC 6672 section 2.4",
         "A record stands below a DNAME.",
         "Nobody sees it: the DNAME redirects every name below it. Put the record at the target.",
         judge_shadows, "sub DNAME example.net.\nwww.sub A 192.0.2.1",
         "sub DNAME example.net.\nwww A 192.0.2.1"},
    Rule{"dns-cname-apex", Severity::error, RuleNeeds::nothing, "RFC 1034 section 3.6.2",
         "A CNAME stands at the zone's apex.",
         "The apex has SOA and NS, and an alias has nothing beside it: mail to the domain fails in "
         "ways that differ from resolver to resolver. A provider that answers with addresses "
         "instead (\"flattening\") is no harm; set the rule off with that reason.",
         judge_every_set, "@ CNAME www\nwww A 192.0.2.1", "@ A 192.0.2.1\nwww CNAME example.com."},
    Rule{"dns-cname-loop", Severity::error, RuleNeeds::nothing, "RFC 1034 section 3.6.2",
         "CNAMEs lead back to where they began.",
         "No resolver finds anything there. Let one of them lead to a name with records.",
         judge_every_set, "a CNAME b\nb CNAME a", "a CNAME b\nb A 192.0.2.1"},
    Rule{"dns-cname-multiple", Severity::error, RuleNeeds::nothing, "RFC 2181 section 10.1",
         "A name has several CNAMEs.",
         "A name is an alias for one name; servers refuse the zone, or resolvers take either.",
         judge_every_set, "a CNAME b\na CNAME c", "a CNAME b\nb A 192.0.2.1"},
    Rule{"dns-cname-other", Severity::error, RuleNeeds::nothing, "RFC 1034 section 3.6.2",
         "A CNAME stands beside other records.",
         "An alias has nothing beside it: servers refuse the zone, or resolvers miss the other "
         "records. Keep the alias or the others.",
         judge_every_set, "mail CNAME host\nmail TXT \"v=spf1 -all\"\nhost A 192.0.2.1",
         "mail CNAME host\nhost A 192.0.2.1"},
    Rule{"dns-duplicate-rr", Severity::error, RuleNeeds::nothing, "RFC 2181 section 5",
         "A record stands twice.",
         "DNS knows each record once. The readers of zone files and of providers' answers keep it "
         "once, so that no check ever sees it twice.",
         nullptr},
    Rule{"dns-eai", Severity::warning, RuleNeeds::nothing, "RFC 6531",
         "An address for reports has letters beyond ASCII before the \"@\".",
         "Many who send reports cannot write to such a mailbox. Give one in ASCII.",
         judge_mailboxes, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:b%C3%BCro@example.com\"",
         "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:buero@example.com\""},
    Rule{"dns-expiry", Severity::warning, RuleNeeds::connection, "RFC 9083",
         "The domain's registration runs out soon.",
         "When it does, mail stops, and somebody else may take the domain. No check of this "
         "program asks the registry so far.",
         nullptr},
    Rule{"dns-idn", Severity::error, RuleNeeds::nothing, "RFC 5890 section 2.3.2.1",
         "A name holds bare octets beyond ASCII.",
         "Mail programs ask for the A-label (xn--...), which is another name. Specs take letters "
         "and turn them into A-labels; zone files need the A-label itself.",
         judge_every_set, "b\\252cher A 192.0.2.1", "xn--bcher-kva A 192.0.2.1"},
    Rule{"dns-idn-confusable", Severity::info, RuleNeeds::nothing, "UTS 39",
         "A label mixes letters of alphabets that look alike.",
         "Such names are made to deceive, and programs show them as xn--... or warn. If it is not "
         "your own, ask where it comes from.",
         judge_every_set, "xn--pypal-4ve A 192.0.2.1", "xn--bcher-kva A 192.0.2.1"},
    Rule{"dns-idn-invalid-ace", Severity::error, RuleNeeds::nothing, "RFC 5890 section 2.3.2.1",
         "A label begins with xn-- and is the A-label of nothing.",
         "No program leads there from letters, and some refuse the name. Write the letters in the "
         "spec, which makes the A-label.",
         judge_every_set, "xn--a A 192.0.2.1", "xn--bcher-kva A 192.0.2.1"},
    Rule{"dns-label-length", Severity::error, RuleNeeds::nothing, "RFC 1035 section 2.3.4",
         "A label has more than 63 octets, or none.",
         "DNS cannot hold it. The readers of specs and of zone files refuse it, with its place.",
         nullptr},
    Rule{"dns-lame", Severity::error, RuleNeeds::lookups, "RFC 1912 section 2.8",
         "A name server that the zone is delegated to does not answer for it.",
         "Lookups take longer, or fail. No check of this program asks each server by itself so "
         "far.",
         nullptr},
    Rule{"dns-name-length", Severity::error, RuleNeeds::nothing, "RFC 1035 section 2.3.4",
         "A name has more than 255 octets.",
         "DNS cannot hold it. The readers of specs and of zone files refuse it, with its place.",
         nullptr},
    Rule{
        "dns-negative-cache", Severity::info, RuleNeeds::lookups, "RFC 2308 section 5",
        "A name that was asked for too early stays unknown for long.",
        "For as long as the SOA record's last number says, resolvers do not ask again. No check of "
        "this program looks at it so far; an hour is usual.",
        nullptr},
    Rule{"dns-ns-match", Severity::error, RuleNeeds::lookups, "RFC 1034 section 4.2.2",
         "The parent zone delegates to other servers than the zone names.",
         "If none of them is the provider that the spec names, you are changing a zone that nobody "
         "asks. No check of this program asks the parent so far.",
         nullptr},
    Rule{"dns-provider-limits", Severity::error, RuleNeeds::changes, "",
         "The provider cannot store a record.",
         "`plan` says so with the line of the spec: a type, a TTL or a size that the provider does "
         "not have is an error there.",
         nullptr},
    Rule{"dns-resolver-agree", Severity::warning, RuleNeeds::lookups, "",
         "Public resolvers do not yet give the zone's own answers.",
         "They keep old answers until their TTL has run out, and senders with them. No check of "
         "this program asks them so far.",
         nullptr},
    Rule{"dns-tcp", Severity::warning, RuleNeeds::lookups, "RFC 7766",
         "An answer that is too large for UDP cannot be had over TCP.",
         "Long TXT sets are then lost for some. No check of this program asks over TCP so far.",
         nullptr},
    Rule{"dns-ttl-range", Severity::error, RuleNeeds::nothing, "RFC 2181 section 8",
         "A TTL is over 2147483647.",
         "DNS cannot hold it. The readers of specs and of zone files refuse it, with its place.",
         nullptr},
    Rule{"dns-ttl-rrset", Severity::error, RuleNeeds::nothing, "RFC 2181 section 5.2",
         "Records of one set have different TTLs.",
         "A set has one TTL. The reader of zone files says so and takes the lowest, and providers "
         "store one, so that no check ever sees two.",
         nullptr},
    Rule{"dns-ttl-sane", Severity::warning, RuleNeeds::nothing, "RFC 1912 section 2.2",
         "A mail record's TTL is under a minute or over a week.",
         "A short one makes every message wait for DNS, a long one keeps a mistake alive. An hour "
         "is usual; a cut-over lowers it by itself. MX and TLSA have rules of their own.",
         judge_ttls, "@ 5 TXT \"v=spf1 -all\"", "@ 3600 TXT \"v=spf1 -all\""},
    Rule{"dns-underscore-host", Severity::warning, RuleNeeds::nothing, "RFC 1123 section 2.1",
         "A host has an underscore in its name.",
         "DNS holds such a name, and programs that insist on names of hosts refuse it, certificate "
         "authorities among them. Use a hyphen.",
         judge_every_set, "mail_1 A 192.0.2.1", kHost},
    Rule{"dns-underscore-missing", Severity::error, RuleNeeds::nothing, "RFC 8552",
         "A record for mail stands at a name without its underscore.",
         "Nobody looks there. The labels are _dmarc, _domainkey, _smtp and _tls.", judge_every_set,
         "s1.domainkey CNAME s1.dkim.example.net.", "s1._domainkey CNAME s1.dkim.example.net."},
    Rule{"dns-wildcard-shadow", Severity::warning, RuleNeeds::nothing, "RFC 4592 section 2.2.1",
         "Hosts below a wildcard MX take no mail by it.",
         "A wildcard stands for names that do not exist. A host with an address exists, so senders "
         "try the host itself. Give it an MX of its own if mail goes there.",
         judge_shadows, "* MX 10 mx1\nmx1 A 192.0.2.1\nwww A 192.0.2.2",
         "* MX 10 mx1\nmx1 A 192.0.2.1\nwww A 192.0.2.2\nwww MX 10 mx1"},
};

}  // namespace

std::span<const Rule> dns_rules() { return kRules; }

}  // namespace mxsmith::mail
