// Records that the catalogue knows, whatever the spec declares.

#include <algorithm>

#include "base/text.hpp"
#include "mail/rules/service_rows.hpp"
#include "mail/service_index.hpp"
#include "mail/service_template.hpp"

namespace mxsmith::mail {

namespace {

const Service& service_at(const Judged& judged, std::uint16_t number) {
  return judged.services.all()[number];
}

/// Declared itself, or used by a declared one.
bool is_declared(const Judged& judged, const Service& service) {
  const auto& declared = judged.declared.services;
  return std::any_of(declared.begin(), declared.end(), [&](const DeclaredService& one) {
    if (one.id == service.id) return true;
    const Service* other = judged.services.find(one.id);
    return other != nullptr && std::find(other->built_on.begin(), other->built_on.end(),
                                         service.id) != other->built_on.end();
  });
}

// ---- MX ----

struct Host {
  const dns::Mx* mx = nullptr;
  const Service* service = nullptr;  ///< Null: no service of the catalogue.
};

std::vector<Host> hosts_of(const Judged& judged, const MxPlace& place) {
  std::vector<Host> hosts;
  hosts.reserve(place.records.size());
  for (const dns::Mx& mx : place.records) {
    const ServiceHits hits = judged.services.index().exchange(mx.exchange);
    hosts.push_back({&mx, hits.empty() ? nullptr : &service_at(judged, hits.front())});
  }
  return hosts;
}

/// The service that is meant to take in all: one with the most preferred host.
const Host* leader_of(const std::vector<Host>& hosts) {
  const Host* leader = nullptr;
  for (const Host& host : hosts) {
    if (host.service == nullptr || !host.service->mx_exclusive) continue;
    if (leader == nullptr || host.mx->preference < leader->mx->preference) leader = &host;
  }
  return leader;
}

void judge_beside(Judged& judged, const MxPlace& place, const Host& leader, const Host& other) {
  const std::string name = host_text(other.mx->exchange);
  const bool behind =
      leader.service->kind == ServiceKind::gateway && other.mx->preference > leader.mx->preference;
  if (behind) {
    judged.tell("mx-gateway-bypass", Subject::of(place.set->key()),
                name + " takes mail past the filter " + leader.service->id,
                "take " + name + " out, and let its server accept mail from the filter alone");
    return;
  }
  judged.tell("mx-leftover", Subject::of(place.set->key()),
              name + (other.service == nullptr ? "" : " of " + other.service->id) +
                  " stands beside the hosts of " + leader.service->id,
              "keep the hosts of the one that has the mailboxes");
}

}  // namespace

void judge_service_mx(Judged& judged) {
  for (const MxPlace& place : judged.zone.mx) {
    if (place.records.size() < 2) continue;
    const std::vector<Host> hosts = hosts_of(judged, place);
    const Host* leader = leader_of(hosts);
    if (leader == nullptr) continue;
    for (const Host& host : hosts) {
      if (host.service != leader->service && !host.mx->is_null()) {
        judge_beside(judged, place, *leader, host);
      }
    }
  }
}

void judge_service_terms(Judged& judged) {
  const ServiceIndex& index = judged.services.index();
  for (const SpfPlace& place : judged.zone.spf) {
    if (!place.record) continue;
    for (const SpfTerm& term : place.record->terms) {
      const Span at{term.offset, term.text.size()};
      const ServiceHits retired = index.retired_spf(term);
      if (!retired.empty()) {
        judged.tell(
            "spf-dead-include", Subject::of(place.at, at, term.identity()),
            service_at(judged, retired.front()).id + " does not ask for " + term.text + " any more",
            "take it out: it costs a lookup");
        continue;
      }
      if (judged.declared.services.empty()) continue;
      const ServiceHits hits = index.spf(term);
      const bool orphan =
          !hits.empty() && std::none_of(hits.begin(), hits.end(), [&](std::uint16_t number) {
            return is_declared(judged, service_at(judged, number));
          });
      if (!orphan) continue;
      judged.tell("spf-dead-include", Subject::of(place.at, at, term.identity()),
                  term.text + " lets " + service_at(judged, hits.front()).id +
                      " send, which the spec does not declare",
                  "take the term out, or declare the service");
    }
  }
}

void judge_orphans(Judged& judged) {
  // Without any service in the spec nobody has said which ones there should be.
  if (judged.declared.services.empty()) return;
  for (const DetectedService& found : detect_services(judged.zone, judged.services)) {
    if (is_declared(judged, *found.service)) continue;
    for (const Evidence& evidence : found.evidence) {
      // MX, SPF and tokens have rules of their own; a token may be about something other than mail.
      if (evidence.part == ServicePart::mx || evidence.part == ServicePart::spf ||
          evidence.part == ServicePart::verification) {
        continue;
      }
      judged.tell(
          "svc-orphan", Subject::of(evidence.key),
          evidence.what + " belongs to " + found.service->id + ", which the spec does not declare",
          "declare the service, or take the record out");
    }
  }
}

namespace {

/// "spf.example.net" or "include:spf.example.net" as a whole value.
void judge_bare_host(Judged& judged, const TxtPlace& place) {
  constexpr std::string_view kInclude = "include:";
  const std::string_view text = base::trim(place.octets);
  if (text.empty() || text.find_first_of(" =\"") != std::string_view::npos) return;
  const bool include = base::equals_ignoring_case(text.substr(0, kInclude.size()), kInclude);
  const std::string_view host = include ? text.substr(kInclude.size()) : text;
  if (host.find('.') == std::string_view::npos) return;
  const ServiceHits hits = judged.services.index().spf_domain(host);
  if (!include && hits.empty()) return;
  const std::string whose = hits.empty() ? "" : " of " + service_at(judged, hits.front()).id;
  judged.tell("spf-bare-host-txt", Subject::of(place),
              "the value is a bare SPF term" + whose + ", which no receiver looks at",
              "put include:" + std::string(host) + " into the record that begins with v=spf1");
}

void judge_token(Judged& judged, const TxtPlace& place) {
  const auto like = judged.services.index().token_like(place.octets);
  if (!like) return;
  const Service& service = service_at(judged, like->service);
  const std::string& wanted = service.verification[like->record].value;
  const std::vector<std::string> names = placeholders_of(wanted);
  if (names.size() != 1) return;
  const ServiceField* field = service.field(names.front());
  if (field == nullptr) return;
  const std::size_t before = wanted.find("${");
  const std::size_t after = wanted.size() - wanted.find('}') - 1;
  const std::size_t around = before + after;
  const std::string_view token = place.octets.size() < around
                                     ? std::string_view()
                                     : place.octets.substr(before, place.octets.size() - around);
  if (place.octets.ends_with(std::string_view(wanted).substr(wanted.size() - after)) &&
      field_takes(*field, token)) {
    return;
  }
  judged.tell("svc-verify-token-form", Subject::of(place),
              "this is no ownership token as " + service.id + " makes them",
              "it is " + field->meaning);
}

}  // namespace

void judge_service_texts(Judged& judged) {
  for (const TxtPlace& place : judged.zone.txt) {
    judge_bare_host(judged, place);
    if (place.set->name == judged.zone.apex()) judge_token(judged, place);
  }
}

void judge_autodiscover(Judged& judged) {
  const dns::Name& apex = judged.zone.apex();
  const auto at = [&](std::string_view text) { return dns::Name::parse(text, apex); };
  const auto cname_name = at("autodiscover");
  const auto srv_name = at("_autodiscover._tcp");
  if (!cname_name || !srv_name) return;
  const auto* alias = judged.zone.sets().find(*cname_name, dns::Type::CNAME);
  const auto* srv = judged.zone.sets().find(*srv_name, dns::Type::SRV);
  if (alias == nullptr || srv == nullptr) return;
  const auto* cname = std::get_if<dns::Cname>(&alias->values.front());
  const auto* server = std::get_if<dns::Srv>(&srv->values.front());
  if (cname == nullptr || server == nullptr || server->target.is_root()) return;
  const ServiceIndex& index = judged.services.index();
  const ServiceHits one = index.target(ServicePart::discovery, cname->target);
  const ServiceHits other = index.target(ServicePart::discovery, server->target);
  const bool known = !one.empty() || !other.empty();
  if (!known || one == other) return;
  judged.tell("autodiscover-conflict", Subject::of(srv->key()),
              "SRV leads to " + host_text(server->target) + " and the CNAME autodiscover to " +
                  host_text(cname->target),
              "keep the one that the mailboxes' service asks for");
}

}  // namespace mxsmith::mail
