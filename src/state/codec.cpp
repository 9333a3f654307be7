#include "state/codec.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/version.hpp"
#include "plan/plan_file.hpp"
#include "state/git_lease.hpp"

namespace mxsmith::state {

namespace {

using nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::uint64_t kFormat = 1;
constexpr int kMaxDepth = 64;  // deeper than any plan; keeps hostile files from eating the stack

std::string print_line(const Ordered& line) {
  return line.dump(-1, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

std::string_view change_state_name(ChangeState state) {
  switch (state) {
    case ChangeState::not_applied: return "not-applied";
    case ChangeState::applied: return "applied";
    case ChangeState::differs: break;
  }
  return "differs";
}

std::string_view hold_kind_name(Hold::Kind kind) {
  return kind == Hold::Kind::by_hand ? "by-hand" : "rolled-back";
}

/// One JSON object of a file, read strictly; every complaint names file, line and key.
class Object {
 public:
  Object(std::string place, json value) : place_(std::move(place)), value_(std::move(value)) {
    if (!value_.is_object()) fail("expected a JSON object");
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw base::Error(base::ErrorKind::invalid, place_ + ": " + message);
  }

  [[nodiscard]] const json& at(const char* key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) fail(std::string("\"") + key + "\" is missing");
    return *found;
  }
  [[nodiscard]] const std::string& text(const char* key) const {
    const json& value = at(key);
    if (!value.is_string()) fail(std::string("\"") + key + "\" is not a string");
    return value.get_ref<const std::string&>();
  }
  [[nodiscard]] std::uint64_t number(const char* key) const {
    const json& value = at(key);
    if (!value.is_number_unsigned()) fail(std::string("\"") + key + "\" is not a whole number");
    return value.get<std::uint64_t>();
  }
  [[nodiscard]] base::Instant instant(const char* key) const {
    auto when = base::parse_instant(text(key));
    if (!when) fail(std::string("\"") + key + "\": " + when.fault().message);
    return *when;
  }
  [[nodiscard]] const json& array(const char* key) const {
    const json& value = at(key);
    if (!value.is_array()) fail(std::string("\"") + key + "\" is not an array");
    return value;
  }
  [[nodiscard]] std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> all;
    for (const json& item : array(key)) {
      if (!item.is_string()) fail(std::string("\"") + key + "\" holds something not a string");
      all.push_back(item.get<std::string>());
    }
    return all;
  }
  [[nodiscard]] Object object(const char* key) const { return {place_, at(key)}; }
  [[nodiscard]] std::optional<plan::Manifest> manifest(const char* key) const {
    const json& value = at(key);
    if (value.is_null()) return std::nullopt;
    auto manifest = plan::parse_manifest(value.dump());
    if (!manifest) fail(std::string("\"") + key + "\": " + manifest.fault().message);
    return std::move(*manifest);
  }

  /// The value of `key` as one of an enum's, by its name.
  template <class Enum, std::size_t N>
  [[nodiscard]] Enum one_of(const char* key, const std::array<Enum, N>& all,
                            std::string_view (*name_of)(Enum)) const {
    const std::string& name = text(key);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](Enum value) { return name_of(value) == name; });
    if (found == all.end()) fail(std::string("\"") + key + "\" is \"" + name + "\"");
    return *found;
  }

 private:
  std::string place_;
  json value_;
};

constexpr std::array kEndStatuses = {EntryStatus::applied, EntryStatus::partly, EntryStatus::failed,
                                     EntryStatus::aborted};
constexpr std::array kChangeStates = {ChangeState::not_applied, ChangeState::applied,
                                      ChangeState::differs};
constexpr std::array kPlanKinds = {plan::PlanKind::apply, plan::PlanKind::rollback,
                                   plan::PlanKind::redo};
constexpr std::array kHoldKinds = {Hold::Kind::by_hand, Hold::Kind::rolled_back};

/// Whether "plan" of a `begin` line is read, or skipped while parsing.
enum class PlanPart : std::uint8_t { skipped, read };

Object parse_object(const std::string& place, std::string_view text, PlanPart part) {
  const auto filter = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) {
      throw base::Error(base::ErrorKind::invalid, place + ": nested too deeply");
    }
    return part == PlanPart::read || event != json::parse_event_t::key || depth != 1 ||
           parsed != "plan";
  };
  try {
    return {place, json::parse(text, filter)};
  } catch (const json::exception& fault) {
    throw base::Error(base::ErrorKind::invalid, place + ": not JSON: " + fault.what());
  }
}

Object parse_line(const EntryText& text, std::size_t line, PlanPart part = PlanPart::skipped) {
  return parse_object(text.file + ":" + std::to_string(line + 1), text.lines[line], part);
}

Ordered print_actor(const Actor& actor) {
  return {{"user", actor.user},       {"host", actor.host}, {"pid", actor.pid},
          {"command", actor.command}, {"run", actor.run},   {"commit", actor.commit},
          {"reason", actor.reason}};
}

Actor parse_actor(const Object& from) {
  return {from.text("user"),    from.text("host"), static_cast<std::int64_t>(from.number("pid")),
          from.text("command"), from.text("run"),  from.text("commit"),
          from.text("reason")};
}

BeginLine parse_begin_object(const Object& line) {
  if (line.text("line") != "begin") line.fail("expected the line \"begin\"");
  if (line.number("format") != kFormat) {
    line.fail("written by another version of mxsmith (format " +
              std::to_string(line.number("format")) + "; this one reads format " +
              std::to_string(kFormat) + ")");
  }
  auto zone = dns::Name::parse_absolute(line.text("zone"));
  if (!zone) line.fail("\"zone\": " + zone.fault().message);
  BeginLine begin;
  begin.zone = {line.text("account"), std::move(*zone)};
  begin.info.id = line.number("id");
  begin.info.kind = line.one_of("kind", kPlanKinds, plan::plan_kind_name);
  begin.info.started = line.instant("at");
  begin.info.actor = parse_actor(line.object("actor"));
  begin.info.title = line.text("title");
  const Object counts = line.object("counts");
  begin.info.counts = {counts.number("created"), counts.number("updated"),
                       counts.number("removed")};
  begin.info.previous_hash = line.text("previous_hash");
  begin.manifest_before = line.manifest("manifest_before");
  for (const json& id : line.array("undoes")) {
    if (!id.is_number_unsigned()) line.fail("\"undoes\" holds something not an entry's number");
    begin.undoes.push_back(id.get<std::uint64_t>());
  }
  return begin;
}

plan::ZonePlan parse_plan(const Object& begin) {
  auto parsed = plan::parse_zone_plan(begin.at("plan").dump());
  if (!parsed) begin.fail("\"plan\": " + parsed.fault().message);
  return std::move(*parsed);
}

void set_end(EntryInfo& info, const Object& line) {
  info.status = line.one_of("status", kEndStatuses, status_name);
  info.ended = line.instant("at");
}

std::size_t parse_step(const Object& line, const plan::ZonePlan& plan) {
  const std::uint64_t step = line.number("step");
  if (step >= plan.steps.size()) {
    line.fail("step " + std::to_string(step) + " is not in the plan, which has " +
              std::to_string(plan.steps.size()));
  }
  return static_cast<std::size_t>(step);
}

StepOutcome parse_outcome(const Object& line, const plan::ZonePlan& plan) {
  StepOutcome outcome;
  outcome.step = parse_step(line, plan);
  for (const std::string& name : line.texts("changes")) {
    const auto* const found =
        std::find_if(kChangeStates.begin(), kChangeStates.end(),
                     [&](ChangeState state) { return change_state_name(state) == name; });
    if (found == kChangeStates.end()) line.fail("\"changes\" holds \"" + name + "\"");
    outcome.changes.push_back(*found);
  }
  outcome.error = line.text("error");
  outcome.at = line.instant("at");
  return outcome;
}

/// One line after `begin`.
void parse_further_line(Entry& entry, const Object& line) {
  const std::string& kind = line.text("line");
  if (entry.info.ended) line.fail("a line after \"end\"");
  if (kind == "intended") {
    entry.intended.push_back(parse_step(line, entry.plan));
  } else if (kind == "outcome") {
    entry.outcomes.push_back(parse_outcome(line, entry.plan));
  } else if (kind == "readback") {
    entry.read_back = true;
    entry.differences = line.texts("differences");
  } else if (kind == "end") {
    set_end(entry.info, line);
    entry.manifest_after = line.manifest("manifest_after").value_or(plan::Manifest());
  } else {
    line.fail("unknown line \"" + kind + "\"");
  }
}

Ordered manifest_json(const std::optional<plan::Manifest>& manifest) {
  return manifest ? Ordered::parse(plan::print_manifest(*manifest)) : Ordered(nullptr);
}

}  // namespace

std::string print_begin(const BeginLine& begin, const plan::ZonePlan& plan) {
  const EntryInfo& info = begin.info;
  const Ordered line = {{"line", "begin"},
                        {"format", kFormat},
                        {"tool", "mxsmith " + std::string(base::version())},
                        {"id", info.id},
                        {"account", begin.zone.account},
                        {"zone", begin.zone.zone.text()},
                        {"at", base::print_instant(info.started)},
                        {"kind", plan::plan_kind_name(info.kind)},
                        {"title", info.title},
                        {"counts",
                         {{"created", info.counts.created},
                          {"updated", info.counts.updated},
                          {"removed", info.counts.removed}}},
                        {"actor", print_actor(info.actor)},
                        {"undoes", begin.undoes},
                        {"previous_hash", info.previous_hash},
                        {"manifest_before", manifest_json(begin.manifest_before)}};
  std::string text = print_line(line);
  text.resize(text.size() - 2);  // "}\n": the plan goes in as it is printed, however large
  text += ",\"plan\":";
  text += plan::print_zone_plan(plan);
  while (text.ends_with('\n')) text.pop_back();
  return text + "}\n";
}

std::string print_intended(std::size_t step, base::Instant at) {
  return print_line({{"line", "intended"}, {"step", step}, {"at", base::print_instant(at)}});
}

std::string print_outcome(const StepOutcome& outcome) {
  Ordered changes = Ordered::array();
  for (const ChangeState state : outcome.changes) changes.push_back(change_state_name(state));
  return print_line({{"line", "outcome"},
                     {"step", outcome.step},
                     {"changes", std::move(changes)},
                     {"error", outcome.error},
                     {"at", base::print_instant(outcome.at)}});
}

std::string print_read_back(const std::vector<std::string>& differences, base::Instant at) {
  return print_line(
      {{"line", "readback"}, {"differences", differences}, {"at", base::print_instant(at)}});
}

std::string print_end(EntryStatus status, const std::optional<plan::Manifest>& after,
                      base::Instant at) {
  return print_line({{"line", "end"},
                     {"status", status_name(status)},
                     {"manifest_after", manifest_json(after)},
                     {"at", base::print_instant(at)}});
}

EntryText split_entry(std::string file, std::string_view text) {
  EntryText entry;
  entry.file = std::move(file);
  std::size_t begin = 0;
  for (std::size_t newline = text.find('\n'); newline != std::string_view::npos;
       newline = text.find('\n', begin)) {
    entry.lines.push_back(text.substr(begin, newline - begin));
    begin = newline + 1;
  }
  entry.torn = begin != text.size();
  entry.whole_octets = begin;
  if (!entry.torn && !entry.lines.empty() &&
      (!entry.lines.back().starts_with('{') || !json::accept(entry.lines.back()))) {
    entry.torn = true;
    entry.whole_octets -= entry.lines.back().size() + 1;
    entry.lines.pop_back();
  }
  return entry;
}

bool has_ended(const EntryText& text) {
  return text.lines.size() > 1 && parse_line(text, text.lines.size() - 1).text("line") == "end";
}

BeginLine parse_begin(const EntryText& text) { return parse_begin_object(parse_line(text, 0)); }

EntryInfo parse_entry_info(const EntryText& text) {
  if (text.lines.empty()) throw base::Error(base::ErrorKind::invalid, text.file + ": is empty");
  EntryInfo info = parse_begin(text).info;
  if (text.lines.size() > 1) {
    const Object last = parse_line(text, text.lines.size() - 1);
    if (last.text("line") == "end") set_end(info, last);
  }
  return info;
}

std::optional<plan::Manifest> parse_manifest_after(const EntryText& text) {
  return parse_line(text, text.lines.size() - 1).manifest("manifest_after");
}

Entry parse_entry(const EntryText& text) {
  if (text.lines.empty()) throw base::Error(base::ErrorKind::invalid, text.file + ": is empty");
  Entry entry;
  const Object first = parse_line(text, 0, PlanPart::read);
  BeginLine begin = parse_begin_object(first);
  entry.info = std::move(begin.info);
  entry.manifest_before = begin.manifest_before.value_or(plan::Manifest());
  entry.undoes = std::move(begin.undoes);
  entry.plan = parse_plan(first);
  for (std::size_t i = 1; i < text.lines.size(); ++i) {
    parse_further_line(entry, parse_line(text, i));
  }
  return entry;
}

std::string print_manifest_file(const ManifestFile& content) {
  const Ordered file = {{"format", kFormat},
                        {"newest_entry", content.newest_entry},
                        {"newest_hash", content.newest_hash},
                        {"manifest", manifest_json(content.manifest)}};
  return file.dump(1) + "\n";
}

ManifestFile parse_manifest_file(const std::string& file, std::string_view text) {
  const Object object = parse_object(file, text, PlanPart::read);
  if (object.number("format") != kFormat) object.fail("written by another version of mxsmith");
  ManifestFile content;
  content.newest_entry = object.number("newest_entry");
  content.newest_hash = object.text("newest_hash");
  content.manifest = object.manifest("manifest");
  return content;
}

std::string print_hold(const Hold& hold) {
  const Ordered file = {{"format", kFormat},
                        {"kind", hold_kind_name(hold.kind)},
                        {"reason", hold.reason},
                        {"by", hold.by},
                        {"since", base::print_instant(hold.since)},
                        {"entry", hold.entry},
                        {"undone_digests", hold.undone_digests}};
  return file.dump(1, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

Hold parse_hold(const std::string& file, std::string_view text) {
  const Object object = parse_object(file, text, PlanPart::read);
  if (object.number("format") != kFormat) object.fail("written by another version of mxsmith");
  Hold hold;
  hold.kind = object.one_of("kind", kHoldKinds, hold_kind_name);
  hold.reason = object.text("reason");
  hold.by = object.text("by");
  hold.since = object.instant("since");
  hold.entry = object.number("entry");
  hold.undone_digests = object.texts("undone_digests");
  return hold;
}

std::string print_lease(const Lease& lease) {
  const Ordered file = {{"format", kFormat},
                        {"token", lease.token},
                        {"user", lease.user},
                        {"host", lease.host},
                        {"command", lease.command},
                        {"pid", lease.process.pid},
                        {"process_started", lease.process.started},
                        {"boot", lease.process.boot},
                        {"pid_namespace", lease.process.pid_namespace},
                        {"since", base::print_instant(lease.since)},
                        {"until", base::print_instant(lease.until)}};
  return file.dump(1, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

Lease parse_lease(const std::string& file, std::string_view text) {
  const Object object = parse_object(file, text, PlanPart::read);
  if (object.number("format") != kFormat) object.fail("written by another version of mxsmith");
  Lease lease;
  lease.token = object.text("token");
  lease.user = object.text("user");
  lease.host = object.text("host");
  lease.command = object.text("command");
  lease.process.pid = static_cast<std::int64_t>(object.number("pid"));
  lease.process.started = object.number("process_started");
  lease.process.boot = object.text("boot");
  lease.process.pid_namespace = object.text("pid_namespace");
  lease.since = object.instant("since");
  lease.until = object.instant("until");
  return lease;
}

}  // namespace mxsmith::state
