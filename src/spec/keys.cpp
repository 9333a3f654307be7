#include "spec/keys.hpp"

#include "dns/rrset.hpp"

namespace mxsmith::spec {

namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kDay = 24L * 3600;
constexpr std::int64_t kWeek = 7L * 24 * 3600;
constexpr std::int64_t kYear = 366L * 24 * 3600;
/// RFC 8461 section 3.2.
constexpr std::int64_t kMaxStsAge = 31557600;

constexpr auto kAll = Overlay::everywhere;
constexpr auto kFor = Overlay::for_zones;
constexpr auto kTop = Overlay::none;

KeyRow ttl(std::string_view path, std::string_view doc, Overlay overlay = kTop) {
  return {path, KeyType::span, doc, overlay, {}, 0, dns::kMaxTtl};
}

constexpr std::string_view kBlockTtl =
    "TTL of this set, as \"1h\" or in seconds; without it the file's `ttl` holds.";

using T = KeyType;

std::vector<KeyRow> make_spec_keys() {
  return {
      {"zone", T::text, "The zone this file is about, \"example.com\"."},
      {"zones", T::zones,
       "Several zones alike: a list of names or of tables {zone, variables...}, or {file, key} for "
       "a CSV table."},
      {"zones.file", T::text, "A CSV table (RFC 4180) with a header row, one zone in each row."},
      {"zones.key", T::text, "The column that holds the zone's name; all others are variables."},
      {"zones.zone", T::text, "The zone's name; every other key of the table is a variable."},
      {"provider", T::provider,
       "Where the zone is kept: an account of mxsmith.toml, else a provider type.", kFor},
      {"provider.account", T::text, "An account of mxsmith.toml, else a provider type."},
      {"provider.zone_id", T::text, "The provider's own id, where it has several zones of a name."},
      {"provider.private", T::truth, "Which of a public and a private zone of one name is meant."},
      {"providers", T::providers, "Several providers that are all kept the same.", kFor},
      {"providers.account", T::text, "An account of mxsmith.toml, else a provider type."},
      {"providers.zone_id", T::text,
       "The provider's own id, where it has several zones of a name."},
      {"providers.private", T::truth, "Which of a public and a private zone of one name is meant."},
      ttl("ttl", "TTL of everything declared; without it the live TTL stays, 3600 for new sets.",
          kAll),
      {"manage",
       T::word,
       "What may be deleted beyond what was declared once.",
       kFor,
       {"declared", "mail", "zone"}},
      {"extends", T::text, "A spec that this one is laid over; the path starts at this file."},
      {"unset", T::texts, "Paths that are taken away again from the layers below.", kAll},

      {"mail", T::table, "Mail: where it goes, who may send, how it is signed.", kAll},
      {"mail.none", T::truth,
       "The zone neither sends nor receives: null MX, SPF -all and DMARC reject."},
      {"mail.mx", T::tables, "The hosts that take in mail; together they are the whole MX set."},
      {"mail.mx.host", T::text,
       "A host name with its dots, \"name.@\" for a host in the zone, or \".\" for no mail."},
      {"mail.mx.priority",
       T::integer,
       "The preference: lower numbers are tried first.",
       kTop,
       {},
       0,
       65535},
      ttl("mail.mx.ttl", kBlockTtl),
      {"mail.spf", T::table, "SPF (RFC 7208): who may send with the zone's names."},
      {"mail.spf.mode",
       T::word,
       "exact: this is the whole record; merge: live terms stay and these are added.",
       kTop,
       {"exact", "merge"}},
      {"mail.spf.name", T::text, "The name it stands at; the apex \"@\" unless given."},
      {"mail.spf.a", T::truth_or_texts, "Addresses of the name itself, or of the hosts listed."},
      {"mail.spf.mx", T::truth_or_texts, "The MX hosts of the name itself, or of those listed."},
      {"mail.spf.ip4", T::texts, "IPv4 addresses and networks that may send."},
      {"mail.spf.ip6", T::texts, "IPv6 addresses and networks that may send."},
      {"mail.spf.include", T::texts, "Names whose SPF records are included."},
      {"mail.spf.exists", T::texts, "Names that let a message pass by existing."},
      {"mail.spf.terms", T::texts, "Any other terms as they stand in the record, in order."},
      {"mail.spf.redirect", T::text, "The name whose record is used instead of an `all`."},
      {"mail.spf.exp", T::text, "The name of the explanation that rejected senders are given."},
      {"mail.spf.all",
       T::word,
       "What becomes of everyone else; softfail in a new record.",
       kTop,
       {"pass", "neutral", "softfail", "fail"}},
      {"mail.spf.record", T::text, "The whole record as text, in place of the keys above."},
      ttl("mail.spf.ttl", kBlockTtl),
      {"mail.dkim", T::named, "DKIM keys (RFC 6376), each under its selector."},
      {"mail.dkim.*", T::table, "The key at this selector."},
      {"mail.dkim.*.public_key", T::text, "The public key, base64 or PEM."},
      {"mail.dkim.*.public_key_file", T::text,
       "A file with the public key, base64 or PEM; the path starts at this file."},
      {"mail.dkim.*.txt", T::text, "The whole record as text."},
      {"mail.dkim.*.cname", T::text, "The host that holds the key for us."},
      {"mail.dkim.*.state",
       T::word,
       "next, active and retiring publish the key, revoked publishes an empty one.",
       kTop,
       {"next", "active", "retiring", "revoked"}},
      {"mail.dkim.*.testing", T::truth, "Asks verifiers to treat the key as a test (t=y)."},
      ttl("mail.dkim.*.ttl", kBlockTtl),
      {"mail.dmarc", T::table, "DMARC (RFC 9989): what to do with mail that fails."},
      {"mail.dmarc.policy",
       T::word,
       "What to do with mail that fails (p=).",
       kTop,
       {"none", "quarantine", "reject"}},
      {"mail.dmarc.subdomain_policy",
       T::word,
       "The same for subdomains (sp=).",
       kTop,
       {"none", "quarantine", "reject"}},
      {"mail.dmarc.nonexistent_policy",
       T::word,
       "The same for subdomains that do not exist (np=).",
       kTop,
       {"none", "quarantine", "reject"}},
      {"mail.dmarc.rua", T::texts, "Where aggregate reports go, \"mailto:dmarc@example.com\"."},
      {"mail.dmarc.ruf", T::texts, "Where failure reports go."},
      {"mail.dmarc.testing", T::truth, "Asks for the next weaker policy while testing (t=y)."},
      {"mail.dmarc.dkim_alignment",
       T::word,
       "How closely DKIM's domain must match (adkim=).",
       kTop,
       {"relaxed", "strict"}},
      {"mail.dmarc.spf_alignment",
       T::word,
       "How closely SPF's domain must match (aspf=).",
       kTop,
       {"relaxed", "strict"}},
      {"mail.dmarc.failure_options", T::text, "When failure reports are wanted (fo=), \"1:d:s\"."},
      {"mail.dmarc.psd", T::word, "Whether this is a public suffix (psd=).", kTop, {"y", "n", "u"}},
      ttl("mail.dmarc.ttl", kBlockTtl),
      {"mail.mta_sts", T::table,
       "The DNS record of MTA-STS (RFC 8461); its id follows the policy."},
      {"mail.mta_sts.mode",
       T::word,
       "The policy's mode; testing unless given.",
       kTop,
       {"testing", "enforce", "none"}},
      {"mail.mta_sts.max_age",
       T::span,
       "How long senders keep the policy; a week unless given.",
       kTop,
       {},
       0,
       kMaxStsAge},
      {"mail.mta_sts.mx", T::texts, "Hosts of the policy; the zone's own MX unless given."},
      ttl("mail.mta_sts.ttl", kBlockTtl),
      {"mail.tls_rpt", T::table, "TLS reports (RFC 8460)."},
      {"mail.tls_rpt.rua", T::texts, "Where reports go, \"mailto:...\" or \"https://...\"."},
      ttl("mail.tls_rpt.ttl", kBlockTtl),
      {"mail.verification", T::tables, "Tokens by which services check who owns the zone."},
      {"mail.verification.name", T::text, "The name it stands at; the apex \"@\" unless given."},
      {"mail.verification.value", T::text, "The token, literal; for CNAME the host."},
      {"mail.verification.type", T::word, "TXT unless given.", kTop, {"TXT", "CNAME"}},
      ttl("mail.verification.ttl", kBlockTtl),
      {"mail.service", T::later, "Mail services of the catalogue."},
      {"mail.inbound", T::later, "Which service takes in the mail."},
      {"mail.dane", T::later, "DANE for the zone's mail hosts."},
      {"mail.bimi", T::later, "BIMI."},
      {"services", T::later, "Short for empty tables of mail.service.", kAll},

      {"record", T::tables, "Any other set of records.", kAll},
      {"record.name", T::text,
       "Relative to the zone, \"@\" for the apex, or absolute with a final dot."},
      {"record.type", T::text, "The type, \"A\", \"CAA\", or \"TYPE65280\"."},
      {"record.values", T::texts,
       "Values in presentation form; TXT values are taken literally, without quotes."},
      {"record.values_hex", T::texts, "TXT values in hexadecimal, for octets that are not text."},
      ttl("record.ttl", kBlockTtl),
      {"record.meta", T::meta,
       "What the provider has beyond DNS, {proxied = false}; without it that is kept."},
      {"absent", T::tables, "What must not exist, whatever was declared before.", kAll},
      {"absent.name", T::text, "A name in the zone; * stands for a label, ** for any number."},
      {"absent.type", T::text, "Only this type."},
      {"absent.value", T::text, "Only values that match; * stands for any text."},
      {"absent.reason", T::text, "Why, for those who review."},
      {"ignore", T::tables, "What is never touched.", kAll},
      {"ignore.name", T::text, "A name in the zone; * stands for a label, ** for any number."},
      {"ignore.type", T::text, "Only this type."},
      {"ignore.value", T::text, "Only values that match; * stands for any text."},
      {"ignore.reason", T::text, "Why, for those who review."},
      {"allow", T::tables, "Lets one guard through.", kAll},
      {"allow.guard", T::text, "The guard's id, \"spf-sender-removed\"."},
      {"allow.reason", T::text, "Why, for those who review."},
      {"allow.until", T::date, "The last day, or the moment, that this holds."},
      {"cutover", T::table, "How TTLs go down ahead of a stage and up again after it.", kFor},
      {"cutover.lead",
       T::lead,
       "How long ahead; auto is the set's declared TTL, else a day.",
       kTop,
       {},
       0,
       kYear},
      {"cutover.ttl", T::span, "The TTL meanwhile; 5m unless given.", kTop, {}, 1, kWeek},
      {"cutover.settle",
       T::span,
       "How long after the stage it stays down; 24h unless given.",
       kTop,
       {},
       0,
       kYear},
      {"for", T::tables, "Exceptions for some of the zones."},
      {"for.zones", T::texts, "Names of zones; * stands for a label, ** for any number."},
      {"stage", T::tables, "What holds from a moment on.", kFor},
      {"stage.at", T::moment, "The moment, with its offset: 2026-12-05T22:00:00+05:30."},
      {"stage.name", T::text, "What it is called in plans."},
      {"stage.window",
       T::span,
       "Applied later than this, the plan is refused.",
       kTop,
       {},
       1,
       kYear},
  };
}

std::vector<KeyRow> make_project_keys() {
  return {
      {"accounts", T::named, "Accounts at providers, each under the name that specs use."},
      {"accounts.*", T::table, "An account."},
      {"accounts.*.type", T::text, "The provider's type, \"cloudflare\"."},
      {"accounts.*.*", T::settings,
       "A setting of the provider; secrets as {env}, {file} or {command}, never literally."},
      {"state", T::table, "Where history is kept."},
      {"state.store",
       T::word,
       "file: a folder of this machine. git: a ref of the repository this file is in, shared by "
       "all "
       "its clones.",
       kTop,
       {"file", "git"}},
      {"state.directory", T::text,
       "file: a folder; .mxsmith beside this file unless given. The path starts at this file."},
      {"state.remote", T::text,
       "git: the remote that shares the ref; origin unless given. Without any remote the ref stays "
       "in this repository."},
      {"state.ref", T::text, "git: the ref; refs/mxsmith/state unless given. No branch, no tag."},
      {"state.project", T::text,
       "git: what this project is called in the ref; its folder's path in the repository unless "
       "given."},
      {"state.lease",
       T::span,
       "git: how long a run that is not heard of keeps its zones; 15m unless given.",
       kTop,
       {},
       kMinute,
       kDay},
      {"allow", T::tables, "Lets one guard through, in every zone."},
      {"allow.guard", T::text, "The guard's id, \"spf-sender-removed\"."},
      {"allow.reason", T::text, "Why, for those who review."},
      {"allow.until", T::date, "The last day, or the moment, that this holds."},
  };
}

}  // namespace

std::span<const KeyRow> spec_keys() {
  static const std::vector<KeyRow> kRows = make_spec_keys();
  return kRows;
}

std::span<const KeyRow> project_keys() {
  static const std::vector<KeyRow> kRows = make_project_keys();
  return kRows;
}

}  // namespace mxsmith::spec
