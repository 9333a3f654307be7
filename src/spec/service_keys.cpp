// The keys of a file that describes a mail service.

#include "spec/keys.hpp"

namespace mxsmith::spec {

namespace {

using T = KeyType;

constexpr auto kTop = Overlay::none;

/// The paths of one part's records, which have the same keys everywhere.
struct RecordPaths {
  std::string_view part, doc, name, type, value, telling, suggested;
};
constexpr RecordPaths kRecords[] = {
    {"dkim", "Records of DKIM keys.", "dkim.name", "dkim.type", "dkim.value", "dkim.telling",
     "dkim.suggested"},
    {"verification", "Records that show who owns the zone.", "verification.name",
     "verification.type", "verification.value", "verification.telling", "verification.suggested"},
    {"discovery", "Records by which mail programs find their servers.", "discovery.name",
     "discovery.type", "discovery.value", "discovery.telling", "discovery.suggested"},
    {"bounce", "Records of names for envelope senders.", "bounce.name", "bounce.type",
     "bounce.value", "bounce.telling", "bounce.suggested"},
    {"policy", "Records of DMARC and MTA-STS that it hosts or suggests.", "policy.name",
     "policy.type", "policy.value", "policy.telling", "policy.suggested"},
};

void add_records(std::vector<KeyRow>& rows, const RecordPaths& paths) {
  rows.push_back({paths.part, T::tables, paths.doc});
  rows.push_back({paths.name, T::text, "The name, relative to the zone."});
  rows.push_back({paths.type, T::word, "The type.", kTop, {"TXT", "CNAME", "SRV", "MX"}});
  rows.push_back({paths.value, T::text,
                  "The value: of TXT the text itself, else presentation form with whole names."});
  rows.push_back({paths.telling, T::truth, "Whether nobody else uses a TXT record of that name."});
  rows.push_back({paths.suggested, T::truth,
                  "Whether it is only recognised and shown, and not brought into zones."});
}

std::vector<KeyRow> make_service_keys() {
  std::vector<KeyRow> rows = {
      {"name", T::text, "What the service is called."},
      {"kind",
       T::word,
       "What it does with mail; none: the zone has no mail.",
       kTop,
       {"mailbox", "gateway", "sender", "helpdesk", "crm", "forwarder", "archive", "none"}},
      {"verified", T::truth,
       "Whether it was seen in the vendor's own words or in two published zones."},
      {"checked", T::date, "The day on which the sources were read."},
      {"sources", T::texts, "Where it is from."},
      {"notes", T::text, "What to watch for."},
      {"unsure", T::texts, "Keys of this file that are not confirmed, \"field.region.jp\"."},
      {"built_on", T::texts, "Ids of services whose records it uses, too."},
      {"shared_key", T::truth, "Whether all its customers publish one DKIM key."},
      {"relaxed_spf", T::truth,
       "Whether its envelope senders are never the domain itself, so that SPF is not strictly "
       "aligned."},
      {"keep_token", T::truth, "Whether the ownership token has to stay; true unless given."},
      {"one_of", T::tables, "Fields of which at least one is needed."},
      {"one_of.fields", T::texts, "Names of these fields."},
      {"field", T::named, "What only the customer knows, each under the name that texts use."},
      {"field.*", T::table, "A field: the texts of the file hold it as ${NAME}."},
      {"field.*.meaning", T::text, "What it is, and where the service shows it."},
      {"field.*.default", T::text, "Its value where a spec gives none; without it, it is needed."},
      {"field.*.optional", T::truth, "Whether records that hold it are left out without it."},
      {"field.*.ask_with_hyphen", T::truth,
       "Whether the default does not hold for zones with a hyphen in their name."},
      {"field.*.choices", T::meta, "The values it can have, and what each stands for."},
      {"field.*.form",
       T::word,
       "What a value looks like; text unless given.",
       kTop,
       {"text", "word", "digits", "hex", "host", "dkim"}},
      {"field.*.least", T::integer, "How many octets at least.", kTop, {}, 1, 65535},
      {"field.*.most", T::integer, "How many octets at most.", kTop, {}, 1, 65535},
      {"mx", T::table, "The hosts that take in mail."},
      {"mx.at", T::text, "Where they stand; the apex \"@\" unless given."},
      {"mx.exclusive", T::truth, "Whether no other host may stand beside them."},
      {"mx.any_priority", T::truth, "Whether other priorities are as good."},
      {"mx.hosts", T::tables, "The hosts."},
      {"mx.hosts.host", T::text, "A host name with its dots, \".\" for no mail."},
      {"mx.hosts.priority", T::integer, "The preference.", kTop, {}, 0, 65535},
      {"mx.also", T::tables, "Sets that are as good."},
      {"mx.also.hosts", T::tables, "The hosts of such a set."},
      {"mx.also.hosts.host", T::text, "A host name with its dots."},
      {"mx.also.hosts.priority", T::integer, "The preference.", kTop, {}, 0, 65535},
      {"spf", T::table, "Terms of SPF."},
      {"spf.at", T::text, "Where they belong; the apex \"@\" unless given."},
      {"spf.terms", T::texts, "The terms that it asks for."},
      {"spf.also", T::texts, "Terms that are as good, or were asked for before."},
      {"spf.retired", T::texts, "Terms that it does not ask for any more: they do nothing."},
      {"spf.all",
       T::word,
       "What it wants to become of everyone else.",
       kTop,
       {"pass", "neutral", "softfail", "fail"}},
      {"spf.lookups", T::integer, "Lookups of its terms as counted once.", kTop, {}, 0, 10},
  };
  for (const RecordPaths& paths : kRecords) add_records(rows, paths);
  return rows;
}

}  // namespace

std::span<const KeyRow> service_keys() {
  static const std::vector<KeyRow> kRows = make_service_keys();
  return kRows;
}

}  // namespace mxsmith::spec
