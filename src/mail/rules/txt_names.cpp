// Names at which TXT records stand where nobody looks for them, or where they are in the way.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "mail/rules/txt_kind.hpp"
#include "mail/rules/txt_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

// ---- the zone's name twice ----

/// "example.com.example.com", where what was meant as a whole name got the zone's behind it.
std::optional<dns::Name> doubled(const dns::Name& apex) {
  if (apex.label_count() < 2) return {};
  const std::string_view wire = apex.wire();
  const auto name =
      dns::Name::from_wire(std::string(wire.substr(0, wire.size() - 1)) + std::string(wire));
  return name ? std::optional(*name) : std::nullopt;
}

template <class Places>
void judge_doubled(Judged& judged, const Places& places, const dns::Name& twice) {
  const dns::RRset* last = nullptr;
  for (const auto& place : places) {
    if (place.set == last || !place.set->name.is_at_or_below(twice)) continue;
    last = place.set;
    judged.tell("txt-doubled-name", Subject::of(place.set->key()),
                place.set->name.display() + " ends in the zone's name twice, where nobody looks",
                "its name relative to the zone is " + place.set->name.text_relative_to(twice));
  }
}

// ---- records where nobody looks ----

/// First labels that are meant for one of the names where mail records stand.
bool is_slip(std::string_view label) {
  return label == "dmarc" || label == "mta-sts" || label == "_mta_sts" || label == "_smtp-tls" ||
         label == "_tls" || label == "_tlsrpt" || label == "bimi" || label == "default";
}

/// The domain that a misplaced record is about: without what was meant to be the right labels.
dns::Name domain_of(dns::Name name, const dns::Name& apex) {
  while (name != apex && !name.is_root()) {
    const std::string first = name.labels().front();
    if (first.front() != '_' && !is_slip(first)) break;
    name = name.parent();
  }
  return name;
}

/// Where a kind of record belongs.
std::string right_place(TxtKind kind, const dns::Name& domain) {
  std::string behind = domain.display();
  switch (kind) {
    case TxtKind::dmarc: return "_dmarc." + behind;
    case TxtKind::mta_sts: return "_mta-sts." + behind;
    case TxtKind::tls_rpt: return "_smtp._tls." + behind;
    case TxtKind::bimi: return "default._bimi." + behind;
    default: return behind;
  }
}

void judge_wrong_place(Judged& judged, const TxtPlace& place) {
  const dns::Name& name = place.set->name;
  const TxtKind kind = txt_kind_of(place.octets);
  const TxtKind wanted = txt_kind_at(name);
  // Keys have a rule of their own for their names.
  if (kind == TxtKind::other || kind == TxtKind::dkim || kind == wanted) return;
  if (kind == TxtKind::spf && wanted == TxtKind::other) return;
  const bool targeted = std::any_of(judged.zone.aliases.begin(), judged.zone.aliases.end(),
                                    [&](const AliasPlace& alias) { return alias.target == name; });
  if (targeted) return;
  // Elsewhere it may be what an alias of another zone leads to.
  const dns::Name& apex = judged.zone.apex();
  const bool sure = wanted != TxtKind::other || name == apex || is_slip(name.labels().front());
  judged.tell("txt-wrong-place", Subject::of(place),
              std::string(txt_kind_phrase(kind)) + " stands at " + name.display() +
                  ", where nobody looks for one",
              "move it to " + right_place(kind, domain_of(name, apex)),
              sure ? std::nullopt : std::optional(Severity::warning));
}

// ---- other values where one kind is looked for ----

void judge_foreign(Judged& judged, const TxtPlace& place) {
  const TxtKind wanted = txt_kind_at(place.set->name);
  // What is no key at a selector is told by the reader of keys.
  if (wanted == TxtKind::other || wanted == TxtKind::dkim) return;
  if (txt_kind_of(place.octets) != TxtKind::other) return;
  // A record with its version missing or misspelt.
  const std::string_view octets = place.octets;
  if (octets.substr(0, 2) == "v=" || octets.substr(0, 2) == "p=" ||
      octets.find("rua=") != std::string_view::npos) {
    return;
  }
  judged.tell("txt-foreign-at-scoped-name", Subject::of(place),
              "a value that is not " + std::string(txt_kind_phrase(wanted)) + " stands at " +
                  place.set->name.display(),
              "move it to the domain itself, or wherever its service looks for it");
}

void judge_txt_names(Judged& judged) {
  for (const TxtPlace& place : judged.zone.txt) {
    judge_wrong_place(judged, place);
    judge_foreign(judged, place);
  }
  const auto twice = doubled(judged.zone.apex());
  if (!twice) return;
  judge_doubled(judged, judged.zone.txt, *twice);
  judge_doubled(judged, judged.zone.aliases, *twice);
  judge_doubled(judged, judged.zone.mx, *twice);
}

constexpr std::array kRules = {
    Rule{"txt-doubled-name", Severity::error, RuleNeeds::nothing, "",
         "A mail record stands at a name that ends in the zone's name twice.",
         "A whole name without a final dot was entered where names are taken relative to the "
         "zone. Nobody looks there. Enter the part before the zone's name alone.",
         judge_txt_names, R"(_dmarc.example.com TXT "v=DMARC1; p=none")",
         R"(_dmarc TXT "v=DMARC1; p=none")"},
    Rule{"txt-wrong-place", Severity::error, RuleNeeds::nothing, "RFC 8552 section 2",
         "A mail record stands at a name where nobody looks for its kind.",
         "It has no effect: receivers ask for DMARC at _dmarc, MTA-STS at _mta-sts, TLS-RPT at "
         "_smtp._tls, BIMI below _bimi, and SPF at the domain itself. Move it there. Where an "
         "alias of another zone leads to it, switch the rule off for this zone.",
         judge_txt_names, R"(dmarc TXT "v=DMARC1; p=none")", R"(_dmarc TXT "v=DMARC1; p=none")"},
    Rule{"txt-foreign-at-scoped-name", Severity::warning, RuleNeeds::nothing, "RFC 8552 section 2",
         "Another value stands at a name that is kept for one kind of mail record.",
         "Receivers pass it over or, for want of care, the record beside it. Ownership tokens "
         "belong to the domain itself.",
         judge_txt_names, R"(_dmarc TXT "v=DMARC1; p=none"
_dmarc TXT "some-verification=abc")",
         R"(_dmarc TXT "v=DMARC1; p=none"
@ TXT "some-verification=abc")"},
};

}  // namespace

std::span<const Rule> txt_name_rules() { return kRules; }

}  // namespace mxsmith::mail
