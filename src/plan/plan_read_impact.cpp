// The impact of a plan, from JSON.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plan/plan_reading.hpp"

namespace mxsmith::plan::reading {

namespace {

/// For keys that plans of earlier builds do not have: history keeps those.
std::vector<std::string> optional_texts(Fields& fields, const char* key) {
  return fields.find(key) == nullptr ? std::vector<std::string>() : fields.texts(key);
}

Impact::Inbound read_inbound(Fields fields) {
  Impact::Inbound inbound;
  inbound.now = fields.texts("now");
  inbound.after = fields.texts("after");
  inbound.old_ttl = static_cast<std::uint32_t>(fields.number("old_ttl", dns::kMaxTtl));
  inbound.changes = fields.flag("changes");
  fields.done();
  return inbound;
}

Impact::Sending read_sending(Fields fields) {
  Impact::Sending sending;
  sending.now = fields.texts("now");
  sending.gains = fields.texts("gains");
  sending.loses = fields.texts("loses");
  sending.addresses_gained = optional_texts(fields, "addresses_gained");
  sending.addresses_lost = optional_texts(fields, "addresses_lost");
  sending.all_now = fields.text("all_now");
  sending.all_after = fields.text("all_after");
  sending.lookups_now = fields.size("lookups_now");
  sending.lookups_after = fields.size("lookups_after");
  sending.lookups_complete = fields.flag("lookups_complete");
  sending.not_looked_up = optional_texts(fields, "not_looked_up");
  sending.changes = fields.flag("changes");
  fields.done();
  return sending;
}

Impact::Key read_impact_key(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Impact::Key key;
  key.selector = fields.text("selector");
  const std::string sign = fields.text("sign");
  if (sign.size() != 1) problem.tell(fields.place("sign"), "one sign is expected");
  key.sign = sign.empty() ? '=' : sign[0];
  key.text = fields.text("text");
  fields.done();
  return key;
}

Impact::Policy read_policy(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Impact::Policy policy;
  policy.what = fields.text("what");
  policy.now = fields.text("now");
  policy.after = fields.text("after");
  const Json& direction = fields.need("direction");
  if (direction.is_number_integer() && direction >= -1 && direction <= 1) {
    policy.direction = direction.get<int>();
  } else {
    problem.tell(fields.place("direction"), "-1, 0 or 1 is expected");
  }
  fields.done();
  return policy;
}

Impact::Line read_line(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Impact::Line line;
  const std::string word = fields.text("effect");
  bool known = false;
  for (const auto effect :
       {Impact::Effect::weaker, Impact::Effect::stricter, Impact::Effect::neutral}) {
    if (word != mail::effect_word(effect)) continue;
    line.effect = effect;
    known = true;
  }
  if (!known) problem.tell(fields.place("effect"), "weaker, stricter or neutral is expected");
  line.about = fields.text("about");
  line.domain = fields.text("domain");
  line.part = fields.text("part");
  line.text = fields.text("text");
  line.affected = fields.text("affected");
  fields.done();
  return line;
}

}  // namespace

Impact read_impact(Fields fields) {
  Impact impact;
  impact.inbound = read_inbound(fields.object("inbound"));
  impact.sending = read_sending(fields.object("sending"));
  impact.keys = read_list(fields, "keys", read_impact_key);
  impact.policies = read_list(fields, "policies", read_policy);
  if (fields.find("lines") != nullptr) impact.lines = read_list(fields, "lines", read_line);
  fields.done();
  return impact;
}

}  // namespace mxsmith::plan::reading
