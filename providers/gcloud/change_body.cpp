#include "providers/gcloud/change_body.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "http/json.hpp"
#include "providers/gcloud/zone_sets.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

Json rrset(const std::string& name, dns::Type type, std::uint32_t ttl,
           const std::vector<std::string>& rrdatas) {
  Json texts = Json::array();
  for (const auto& text : rrdatas) texts.push(text);
  return Json::object({{"name", name},
                       {"type", dns::type_name(type)},
                       {"ttl", ttl},
                       {"rrdatas", std::move(texts)}});
}

void refuse_unwritable(const plan::Change& change, const plan::LiveSet* live) {
  std::string why;
  if (change.key.type == dns::Type::SOA) {
    why = "Cloud DNS keeps the SOA record itself; it is not changed";
  } else if (live != nullptr && !live->foreign().empty()) {
    why = "the set belongs to " + std::string(live->foreign());
  } else if (change.after && change.after->set.ttl > dns::kMaxTtl) {
    why = "the TTL is beyond 2147483647";
  }
  if (why.empty()) return;
  Error error(ErrorKind::unsupported, change.key.text() + ": " + why);
  throw error.about(change.key.text());
}

/// A value in a spelling that somebody chose, if there is one.
std::string spelled(const dns::Rdata& value, const std::vector<std::string>& known) {
  for (const std::string& text : known) {
    const auto same = dns::parse_rdata(dns::type_of(value), text, dns::Name());
    if (same.ok() && *same == value) return text;
  }
  return print_content(value);
}

Json addition(const plan::SetState& after, const Listed* listed) {
  std::vector<std::string> known = parse_verbatim(after.verbatim);
  if (listed != nullptr)
    known.insert(known.begin(), listed->rrdatas.begin(), listed->rrdatas.end());
  std::vector<std::string> texts;
  texts.reserve(after.set.values.size());
  for (const auto& value : after.set.values) texts.push_back(spelled(value, known));
  return rrset(after.set.name.text(), after.set.type, after.set.ttl, texts);
}

Json deletion(const dns::RRset& set, const Listed* listed) {
  if (listed != nullptr) return rrset(listed->name, set.type, set.ttl, listed->rrdatas);
  std::vector<std::string> texts;
  texts.reserve(set.values.size());
  for (const auto& value : set.values) texts.push_back(print_content(value));
  return rrset(set.name.text(), set.type, set.ttl, texts);
}

}  // namespace

plan::StepCost change_cost() {
  // The limit is on rrdata alone, of what goes as well as of what comes.
  plan::StepCost cost;
  cost.names_per_change = 0;
  cost.before = plan::Support::yes;
  return cost;
}

ChangeBody print_change(const plan::LiveZone& live, const provider::Step& step) {
  const auto& memory = dynamic_cast<const ZoneMemory&>(*live.native);
  ChangeBody body;
  Json additions = Json::array();
  Json deletions = Json::array();
  for (const plan::Change& change : step.changes) {
    const plan::LiveSet* there = live.find(change.key);
    refuse_unwritable(change, there);
    if (there != nullptr && change.after && there->set == change.after->set) continue;
    const Listed* listed = memory.find(change.key);
    if (there != nullptr) {
      deletions.push(deletion(there->set, listed));
      body.deletions.push_back(change.key);
    }
    if (change.after) {
      additions.push(addition(*change.after, listed));
      body.additions.push_back(change.key);
    }
  }
  if (body.additions.empty() && body.deletions.empty()) return body;
  body.text = http::print_json(Json::object({{"kind", "dns#change"},
                                             {"deletions", std::move(deletions)},
                                             {"additions", std::move(additions)}}));
  return body;
}

}  // namespace mxsmith::providers::gcloud
