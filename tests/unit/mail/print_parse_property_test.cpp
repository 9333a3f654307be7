// Reading undoes printing, for values of every kind of mail record made at random.
#include <set>
#include <string>
#include <vector>

#include "mail/bimi.hpp"
#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/spf.hpp"
#include "mail/tls_rpt.hpp"
#include "sample_keys.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::mail;

namespace {

template <class Value>
rc::Gen<std::optional<Value>> maybe(rc::Gen<Value> gen) {
  return rc::gen::mapcat(rc::gen::inRange(0, 2), [gen](int there) {
    return there == 0 ? rc::gen::just(std::optional<Value>())
                      : rc::gen::map(gen, [](Value v) { return std::optional<Value>(v); });
  });
}

rc::Gen<std::string> letters(std::size_t least, std::size_t most, const std::string& alphabet) {
  return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [alphabet](std::size_t size) {
    return rc::gen::container<std::string>(size, rc::gen::elementOf(alphabet));
  });
}
const std::string kAlphanumeric = "abcXYZ0123456789";

std::vector<ReportUri> any_uris(std::size_t least, bool sizes) {
  std::vector<ReportUri> uris;
  const std::size_t count = *rc::gen::inRange<std::size_t>(least, 4);
  for (std::size_t i = 0; i < count; ++i) {
    ReportUri uri;
    uri.text = *rc::gen::element<std::string>("mailto:a@example.com", "mailto:d%2Cmarc@example.com",
                                              "https://report.example.net/v1?x=1");
    if (sizes) uri.size_limit = *rc::gen::element<std::string>("", "", "10m", "1g");
    uris.push_back(uri);
  }
  return uris;
}

std::optional<DmarcAction> any_action() {
  return *maybe(rc::gen::element(DmarcAction::none, DmarcAction::quarantine, DmarcAction::reject));
}
std::optional<DmarcAlignment> any_alignment() {
  return *maybe(rc::gen::element(DmarcAlignment::relaxed, DmarcAlignment::strict));
}

DmarcRecord any_dmarc() {
  DmarcRecord record;
  record.policy = any_action();
  record.subdomain_policy = any_action();
  record.nonexistent_policy = any_action();
  record.dkim_alignment = any_alignment();
  record.spf_alignment = any_alignment();
  record.failure_options = *rc::gen::element<std::string>("", "0", "1", "d", "1:d:s");
  record.rua = any_uris(0, true);
  record.ruf = any_uris(0, true);
  record.testing = *maybe(rc::gen::arbitrary<bool>());
  record.public_suffix =
      *maybe(rc::gen::element(PublicSuffix::unknown, PublicSuffix::no, PublicSuffix::yes));
  record.percent = *maybe(rc::gen::inRange(0U, 101U));
  record.report_format = *rc::gen::element<std::string>("", "afrf");
  record.interval = *maybe(rc::gen::arbitrary<std::uint32_t>());
  return record;
}

ExtensionFields any_fields() {
  ExtensionFields fields;
  std::set<std::string> used;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) {
    const std::string name = "x" + *letters(0, 6, kAlphanumeric + "_-.");
    if (used.insert(name).second) {
      fields.emplace_back(name, *letters(1, 10, kAlphanumeric + "!#%:/"));
    }
  }
  return fields;
}

MtaStsPolicy any_policy() {
  MtaStsPolicy policy;
  policy.mode = *rc::gen::element(MtaStsMode::none, MtaStsMode::testing, MtaStsMode::enforce);
  policy.max_age = *rc::gen::inRange<std::uint32_t>(0, MtaStsPolicy::kLongestAge + 1);
  const std::size_t least = policy.mode == MtaStsMode::none ? 0 : 1;
  const std::size_t count = *rc::gen::inRange<std::size_t>(least, 5);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string host = "mx" + *letters(1, 5, "abc019");
    policy.mx.push_back({*rc::gen::arbitrary<bool>(), dns::Name::of(host + ".example.com")});
  }
  return policy;
}

std::vector<std::string> some_of(const std::vector<std::string>& words) {
  std::vector<std::string> chosen;
  for (const std::string& word : words) {
    if (*rc::gen::arbitrary<bool>()) chosen.push_back(word);
  }
  return chosen;
}

DkimKey any_dkim() {
  DkimKey key;
  key.algorithm = *rc::gen::element<std::string>("rsa", "ed25519");
  const std::vector<std::string> keys =
      key.algorithm == "rsa" ? std::vector<std::string>{tests::kRsa2048, tests::kRsa1024Pkcs1, ""}
                             : std::vector<std::string>{tests::kEd25519Raw, ""};
  key.public_key = *rc::gen::elementOf(keys);
  key.testing = *rc::gen::arbitrary<bool>();
  key.exact_domain = *rc::gen::arbitrary<bool>();
  key.hashes = some_of({"sha256", "sha1"});
  key.services = some_of({"email", "*"});
  key.notes = *rc::gen::element<std::string>("", "for=20newsletters", "a b");
  key.versioned = *rc::gen::arbitrary<bool>();
  return key;
}

SpfTerm any_term() {
  const auto sign = *rc::gen::element<std::string>("", "+", "-", "~", "?");
  const auto mechanism = *rc::gen::element<std::string>(
      "all", "a", "mx", "ptr", "a:example.net", "mx/24", "a:b.example//64", "mx:b.example/8//32",
      "include:_spf.example.com", "exists:%{ir}.%{v}._spf.%{d2}", "ip4:192.0.2.0/24",
      "ip6:2001:db8::/32", "ip6:::1", "ptr:example.org", "exists:%{l1r+-/=_.}.x.example");
  return *parse_spf_term(sign + mechanism);
}

}  // namespace

TEST_CASE("reading undoes printing, for mail records made at random") {
  tests::property("DMARC", [] {
    const DmarcRecord record = any_dmarc();
    const std::string text = print_dmarc(record);
    RC_TAG(text.size() > 100);
    RC_ASSERT(parse_dmarc(text) == std::optional(record));
  });
  tests::property("MTA-STS record", [] {
    const MtaStsRecord record{*letters(1, 32, kAlphanumeric), any_fields()};
    RC_ASSERT(parse_mta_sts_record(print_mta_sts_record(record)) == std::optional(record));
  });
  tests::property("MTA-STS policy", [] {
    const MtaStsPolicy policy = any_policy();
    RC_ASSERT(parse_mta_sts_policy(print_mta_sts_policy(policy)) == std::optional(policy));
  });
  tests::property("TLS-RPT", [] {
    const TlsRptRecord record{any_uris(1, false), any_fields()};
    RC_ASSERT(parse_tls_rpt(print_tls_rpt(record)) == std::optional(record));
  });
  tests::property("BIMI", [] {
    BimiRecord record;
    record.location = *rc::gen::element<std::string>("", "https://example.com/logo.svg");
    // A mark without a logo is a fault.
    if (!record.location.empty())
      record.authority = *maybe(rc::gen::element<std::string>("", "https://example.com/mark.pem"));
    record.avatar = *rc::gen::element<std::string>("", "brand", "personal");
    RC_ASSERT(parse_bimi(print_bimi(record)) == std::optional(record));
  });
  tests::property("DKIM", [] {
    const DkimKey key = any_dkim();
    RC_ASSERT(parse_dkim(print_dkim(key)) == std::optional(key));
  });
  tests::property("SPF", [] {
    SpfRecord record;
    const int count = *rc::gen::inRange(0, 8);
    for (int i = 0; i < count; ++i) record.terms.push_back(any_term());
    const auto again = parse_spf(record.text());
    RC_ASSERT(again.ok());
    RC_ASSERT(same_spelling(record, *again));
  });
}
