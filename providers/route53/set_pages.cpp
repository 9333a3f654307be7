#include "providers/route53/set_pages.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"
#include "providers/route53/hosted_zones.hpp"
#include "providers/route53/spelling.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

/// What a set is known by, whichever way its name is spelled.
std::string identity_of(const std::string& name, const std::string& type,
                        const std::string& identifier) {
  const auto parsed = parse_name(name);
  return (parsed ? parsed->text() : name) + " " + type + " " + identifier;
}

}  // namespace

SetPages::SetPages(const plan::ZoneRef& zone, const std::string& target, const std::string& doing)
    : zone_(zone),
      first_(target + "?maxitems=300"),
      doing_(doing),
      reader_(zone.name, zone.id),
      once_(doing) {}

void SetPages::take_set(const Element& set) {
  const std::string identity =
      identity_of(set.text_of("Name"), set.text_of("Type"), set.text_of("SetIdentifier"));
  if (announced_ && *announced_ != identity) {
    throw Error(ErrorKind::protocol,
                doing_ +
                    ": a page does not begin where the one before it said: a page is missing, or "
                    "something changed while it was read");
  }
  announced_.reset();
  once_.add(identity);
  reader_.add(set);
}

std::optional<std::string> SetPages::take(const Element& root) {
  const Element* sets = root.find("ResourceRecordSets");
  if (sets == nullptr || sets->children.empty()) {
    throw Error(ErrorKind::protocol, doing_ + ": a page has no record sets");
  }
  for (const Element& set : sets->children) take_set(set);
  if (!flag_of(root, "IsTruncated", doing_)) return std::nullopt;
  const std::string& name = root.text_of("NextRecordName");
  const std::string& type = root.text_of("NextRecordType");
  const std::string& identifier = root.text_of("NextRecordIdentifier");
  if (name.empty() || type.empty()) {
    throw Error(ErrorKind::protocol, doing_ + ": a page does not say where the next one begins");
  }
  announced_ = identity_of(name, type, identifier);
  std::string next =
      first_ + "&name=" + http::percent_encode(name) + "&type=" + http::percent_encode(type);
  if (!identifier.empty()) next += "&identifier=" + http::percent_encode(identifier);
  return next;
}

plan::LiveZone SetPages::zone() {
  if (!reader_.has_soa()) {
    throw Error(ErrorKind::protocol, doing_ + ": the answer has no SOA record, as every zone has");
  }
  plan::LiveZone live(zone_);
  std::vector<plan::LiveSet> sets = reader_.take_sets();
  live.reserve(sets.size());
  for (auto& set : sets) live.add(std::move(set));
  live.native = reader_.take_memory();
  return live;
}

}  // namespace mxsmith::providers::route53
