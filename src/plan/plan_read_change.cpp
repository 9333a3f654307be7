// Keys, values, changes and steps of a plan, from JSON.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "plan/plan_format.hpp"
#include "plan/plan_reading.hpp"

namespace mxsmith::plan::reading {

base::SourcePos read_pos(Fields& fields) {
  if (fields.find("pos") == nullptr) return {};
  Fields pos = fields.object("pos");
  base::SourcePos result;
  result.file = std::make_shared<const std::string>(pos.text("file"));
  result.line = static_cast<std::uint32_t>(pos.number("line", 0xffffffff));
  result.column = static_cast<std::uint32_t>(pos.number("column", 0xffffffff));
  pos.done();
  return result;
}

dns::Name read_name(Fields& fields, const char* key) {
  const auto name = dns::Name::parse_absolute(fields.text(key));
  if (name) return *name;
  fields.problem().tell(fields.place(key), name.fault().message);
  return {};
}

dns::Key read_key(Fields& fields) {
  dns::Key key;
  key.name = read_name(fields, "name");
  const std::string word = fields.text("type");
  const auto type = dns::parse_type(word);
  if (!type) fields.problem().tell(fields.place("type"), "\"" + word + "\" is no record type");
  key.type = type.value_or(dns::Type::A);
  return key;
}

std::vector<dns::Rdata> read_values(Fields& fields, dns::Type type) {
  std::vector<dns::Rdata> values;
  fields.each("values", [&](const Json& one, const std::string& where) {
    if (!one.is_string()) {
      fields.problem().tell(where, "a string is expected");
      return;
    }
    auto value = dns::parse_rdata(type, one.get<std::string>(), dns::Name());
    if (!value) {
      fields.problem().tell(where, value.fault().message);
      return;
    }
    if (std::find(values.begin(), values.end(), *value) != values.end()) {
      fields.problem().tell(where, "the value stands there twice");
    }
    values.push_back(std::move(*value));
  });
  return values;
}

Unit read_unit(Fields& fields) {
  Unit unit;
  unit.key = read_key(fields);
  const std::string word = fields.text("class");
  const auto owned = parse_class(word);
  if (!owned) fields.problem().tell(fields.place("class"), "\"" + word + "\" is no class");
  unit.owned = owned.value_or(OwnedClass::whole);
  if (unit.owned != OwnedClass::value) return unit;
  const auto value = dns::parse_rdata(dns::Type::TXT, fields.text("value"), dns::Name());
  if (value) {
    unit.octets = std::get<dns::Txt>(*value).octets;
  } else {
    fields.problem().tell(fields.place("value"), value.fault().message);
  }
  return unit;
}

namespace {

Meta read_meta(Fields& fields) {
  Meta meta;
  const Json* json = fields.find("meta");
  if (json == nullptr) return meta;
  if (!json->is_object()) fields.problem().tell(fields.place("meta"), "an object is expected");
  for (const auto& [name, value] : json->items()) {
    if (value.is_string()) {
      meta.emplace(name, value.get<std::string>());
    } else {
      fields.problem().tell(fields.place("meta") + "." + name, "a string is expected");
    }
  }
  return meta;
}

std::string read_verbatim(Fields& fields) {
  if (fields.find("verbatim") == nullptr) return {};
  auto octets = unescape_octets(fields.text("verbatim"));
  if (!octets) fields.problem().tell(fields.place("verbatim"), "not escaped as it should be");
  return octets.value_or(std::string());
}

std::optional<SetState> read_state(Fields& change, const char* which, const dns::Key& key) {
  if (change.need(which).is_null()) return std::nullopt;
  Fields fields = change.object(which);
  SetState state;
  state.set.name = key.name;
  state.set.type = key.type;
  state.set.ttl = static_cast<std::uint32_t>(fields.number("ttl", dns::kMaxTtl));
  state.set.values = read_values(fields, key.type);
  state.meta = read_meta(fields);
  state.verbatim = read_verbatim(fields);
  const std::string digest = fields.text("digest");
  fields.done();
  if (state.set.values.empty()) {
    change.problem().tell(change.place(which), "a set without values; null stands for no set");
  }
  if (!change.problem().fault && digest != dns::digest(state.set)) {
    change.problem().tell(change.place(which),
                          "the set " + key.text() + " was altered: its digest is another",
                          "make the plan again");
  }
  return state;
}

}  // namespace

Change read_change(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Change change;
  change.key = read_key(fields);
  change.before = read_state(fields, "before", change.key);
  change.after = read_state(fields, "after", change.key);
  fields.each("reasons", [&](const Json& one, const std::string& place) {
    Fields reason(one, place, problem);
    const int row = static_cast<int>(reason.number("row", 1000));
    change.reasons.push_back({row, reason.text("text")});
    reason.done();
  });
  change.pos = read_pos(fields);
  if (fields.find("parts") != nullptr) {
    fields.each("parts", [&](const Json& one, const std::string& place) {
      Fields part(one, place, problem);
      std::string identity = part.text("identity");
      change.parts.emplace_back(std::move(identity), read_pos(part));
      part.done();
    });
  }
  fields.done();
  if (!change.before && !change.after) problem.tell(where, "a change from nothing to nothing");
  return change;
}

Step read_step(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Step step;
  step.title = fields.text("title");
  fields.each("changes", [&](const Json& one, const std::string& place) {
    if (one.is_number_unsigned()) {
      step.changes.push_back(one.get<std::size_t>());
    } else {
      problem.tell(place, "the position of a change is expected");
    }
  });
  step.atomic = fields.flag("atomic");
  fields.done();
  return step;
}

Gap read_gap(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Gap gap;
  gap.step = fields.size("step");
  gap.message = fields.text("message");
  gap.mail_relevant = fields.flag("mail_relevant");
  fields.done();
  return gap;
}

}  // namespace mxsmith::plan::reading
