// What a provider keeps beyond DNS: not managed, it stays through every change; managed, it is
// stored or refused.
#include <algorithm>

#include "base/text.hpp"
#include "conformance/outside.hpp"
#include "conformance/spec_text.hpp"
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;

/// Comments, flags, ids: whatever it is that mxsmith does not manage there.
void not_managed(Bench& bench) {
  const dns::Key key = bench.key("www", dns::Type::A);
  bench.put({"www A 1.1.1.1", "www TXT beside it"});
  const std::string kept = bench.subject().adorn(bench.zone_name(), key);
  const auto has_it = [&](const std::string& when) {
    const std::string text = bench.subject().texts(bench.zone_name())[key];
    bench.expect(text.find(kept) != std::string::npos,
                 "after " + when + " it is gone: " + text + " (was: " + kept + ")");
  };
  const auto reach = [&](const std::vector<std::string>& records, const std::string& when) {
    bench.declare_beside_others(records);
    bench.expect_status(bench.place().apply(), ZoneStatus::applied);
    has_it(when);
  };
  const std::string before = bench.subject().texts(bench.zone_name())[key];
  reach({"ftp A 3.3.3.3"}, "a change elsewhere");
  reach({"ftp A 3.3.3.3", "www TXT ours"}, "a change of another type at the name");
  bench.expect(bench.subject().texts(bench.zone_name())[key] == before,
               "a set that nobody spoke of is kept in other words");
  reach({"ftp A 3.3.3.3", "www A 2.2.2.2"}, "a change to it");
  reach({"ftp A 3.3.3.3", "www 600 A 2.2.2.2"}, "a change of its TTL");
}

/// What a read says of a key; what it leaves out has its initial value.
std::string kept(const plan::Meta& meta, const std::string& key, const plan::Traits& traits) {
  const auto found = meta.find(key);
  if (found != meta.end()) return found->second;
  const auto rule = traits.meta_rules.find(key);
  return rule == traits.meta_rules.end() ? "nothing" : rule->second.initial;
}

/// Lists whose order means nothing come back sorted; those of the subjects hold texts without
/// commas.
std::string as_kept(const std::string& key, const std::string& value, const plan::Traits& traits) {
  const auto rule = traits.meta_rules.find(key);
  if (rule == traits.meta_rules.end() || rule->second.any_order == plan::Support::no) return value;
  std::vector<std::string> elements;
  for (const auto& element : base::split(value.substr(1, value.size() - 2), ',')) {
    elements.emplace_back(base::trim(element));
  }
  std::sort(elements.begin(), elements.end());
  return "[" + base::join(elements, ",") + "]";
}

/// By each key that the traits name; a key they do not name is refused.
void managed(Bench& bench) {
  const std::string head = "zone = \"example.com\"\nprovider = \"main\"\nmanage = \"zone\"\n";
  const std::vector<Line> lines = {parse_line("www A 1.2.3.4")};
  const std::vector<std::string> keys = bench.traits().meta_keys;
  for (const std::string& key : keys) {
    for (const std::string& value : bench.subject().meta_values(key)) {
      bench.place().write_spec(head + record_block(lines, "{ " + key + " = " + value + " }"));
      bench.expect_status(bench.place().apply(), ZoneStatus::applied);
      const plan::LiveZone read = bench.place().read();
      const plan::LiveSet* set = read.find(bench.key("www", dns::Type::A));
      const plan::Meta meta = set != nullptr ? set->meta() : plan::Meta();
      bench.expect(kept(meta, key, bench.traits()) == as_kept(key, value, bench.traits()),
                   "the traits promise " + key + ", and it was not kept");
      bench.expect_done();
    }
    bench.start_over();
  }
  bench.place().write_spec(head + record_block(lines, "{ no_such_key = true }"));
  const std::string said = trouble(bench.place().plan());
  bench.expect(said.find("knows no metadata called \"no_such_key\"") != std::string::npos,
               "an unknown key was not refused: " + said);
}

/// Aliases, routed sets, records that another program keeps: `foreign` in a read.
void of_others(Bench& bench) {
  const dns::Key key = bench.key("www", dns::Type::A);
  bench.put({"www A 1.1.1.1", "www A 1.1.1.2"});
  if (!bench.subject().give_away(bench.zone_name(), key)) return;
  const dns::Zone start = bench.zone();
  bench.declare({});
  bench.expect_status(bench.place().apply(), ZoneStatus::nothing);
  bench.expect_zone(start, "the set of somebody else did not stay:");
  bench.declare({"ftp A 3.3.3.3", "www TXT ours, at the same name"});
  bench.expect_status(bench.place().apply(), ZoneStatus::applied);
  const dns::Zone now = bench.zone();
  bench.expect(now.find(key) != nullptr && *now.find(key) == *start.find(key),
               "the set of somebody else did not stay");
  bench.declare({"www A 2.2.2.2"});
  const std::size_t sent = bench.place().sent().steps;
  const std::string said = trouble(bench.place().apply());
  bench.expect(
      said.find("belongs to") != std::string::npos && said.find(key.text()) != std::string::npos,
      "a declaration of somebody else's set was not refused: " + said);
  bench.expect(bench.place().sent().steps == sent, "refused, and yet something was sent");
}

}  // namespace

std::vector<Trial> metadata_trials() {
  return {{"What belongs to somebody else stays", Needs::nothing, of_others},
          {"Metadata that is not managed stays", Needs::nothing, not_managed},
          {"Metadata that is managed", Needs::nothing, managed}};
}

}  // namespace mxsmith::conformance
