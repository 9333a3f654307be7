// Undoing a change value by value, whatever came since.
#include "engine/three_way.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

using namespace mxsmith;
using engine::undo_in;
using plan::SetState;

using Values = std::vector<std::string>;

/// A set in words: "-" for none.
std::optional<SetState> state(const char* owner, dns::Type type, const Values& values,
                              std::uint32_t ttl = 3600) {
  if (values.empty()) return std::nullopt;
  dns::RRset set{dns::Name::of(owner), type, ttl, {}};
  for (const auto& text : values) {
    const auto rdata = dns::parse_rdata(type, text, dns::Name());
    REQUIRE(rdata.ok());
    set.values.push_back(*rdata);
  }
  return SetState{set, {}, {}};
}

bool all_values(const dns::Key&, const dns::Rdata&) { return true; }

struct Row {
  const char* name;
  const char* owner;
  dns::Type type;
  Values before;  ///< Before the change that is undone.
  Values after;   ///< As the change left it.
  Values live;    ///< As it is now.
  Values undone;  ///< As it becomes; ignored for a conflict.
  const char* conflict = "";
};

const std::vector<Row> kRows = {
    {"untouched since",
     "example.com",
     dns::Type::MX,
     {"10 a.", "20 b."},
     {"0 n."},
     {"0 n."},
     {"10 a.", "20 b."}},
    {"a value came since and stays",
     "example.com",
     dns::Type::MX,
     {"10 a."},
     {"0 n."},
     {"0 n.", "5 x."},
     {"10 a.", "5 x."}},
    {"our value was changed since",
     "example.com",
     dns::Type::MX,
     {"10 a."},
     {"0 n."},
     {"9 n."},
     {},
     "was changed since: 0 n. is no longer there"},
    {"created by us: goes",
     "s1._domainkey.example.com",
     dns::Type::TXT,
     {},
     {"\"p=A\""},
     {"\"p=A\""},
     {}},
    {"created by us, gone already", "www.example.com", dns::Type::A, {}, {"192.0.2.1"}, {}, {}},
    {"deleted by us: comes back",
     "www.example.com",
     dns::Type::A,
     {"192.0.2.1"},
     {},
     {},
     {"192.0.2.1"}},
    {"deleted by us, others since: both",
     "www.example.com",
     dns::Type::A,
     {"192.0.2.1"},
     {},
     {"192.0.2.9"},
     {"192.0.2.1", "192.0.2.9"}},
    {"undone by hand already",
     "example.com",
     dns::Type::MX,
     {"10 a."},
     {"0 n."},
     {"10 a."},
     {"10 a."}},
    {"SPF beside a token that came since",
     "example.com",
     dns::Type::TXT,
     {"\"v=spf1 -all\""},
     {"\"v=spf1 mx -all\""},
     {"\"v=spf1 mx -all\"", "\"token=1\""},
     {"\"v=spf1 -all\"", "\"token=1\""}},
    {"SPF changed since",
     "example.com",
     dns::Type::TXT,
     {"\"v=spf1 -all\""},
     {"\"v=spf1 mx -all\""},
     {"\"v=spf1 mx a -all\""},
     {},
     "was changed since"},
    {"removed SPF, another stands there now",
     "example.com",
     dns::Type::TXT,
     {"\"v=spf1 -all\""},
     {},
     {"\"v=spf1 a -all\""},
     {},
     "beside which \"v=spf1 -all\" cannot come back"},
    {"removed CNAME, another stands there now",
     "www.example.com",
     dns::Type::CNAME,
     {"a."},
     {},
     {"b."},
     {},
     "now holds b."},
};

TEST_CASE("undo is by value and leaves alone what came since") {
  for (const auto& row : kRows) {
    INFO(row.name);
    plan::Change change;
    change.key = {dns::Name::of(row.owner), row.type};
    change.before = state(row.owner, row.type, row.before);
    change.after = state(row.owner, row.type, row.after);
    const auto undone = undo_in(state(row.owner, row.type, row.live), change, all_values);
    if (*row.conflict != '\0') {
      CHECK(undone.conflict.find(row.conflict) != std::string::npos);
      continue;
    }
    CHECK(undone.conflict.empty());
    const auto wanted = state(row.owner, row.type, row.undone);
    REQUIRE(undone.state.has_value() == wanted.has_value());
    if (wanted) CHECK(undone.state->set == wanted->set);
  }
}

TEST_CASE("a TTL goes back only where nobody has changed it since") {
  plan::Change change;
  change.key = {dns::Name::of("example.com"), dns::Type::MX};
  change.before = state("example.com", dns::Type::MX, {"10 a."}, 3600);
  change.after = state("example.com", dns::Type::MX, {"0 n."}, 300);
  const auto untouched =
      undo_in(state("example.com", dns::Type::MX, {"0 n."}, 300), change, all_values);
  CHECK(untouched.state->set.ttl == 3600);
  const auto touched =
      undo_in(state("example.com", dns::Type::MX, {"0 n."}, 60), change, all_values);
  CHECK(touched.state->set.ttl == 60);
}

TEST_CASE("a filter takes back only what it names") {
  plan::Change change;
  change.key = {dns::Name::of("example.com"), dns::Type::TXT};
  change.before = state("example.com", dns::Type::TXT, {"\"v=spf1 -all\"", "\"old\""});
  change.after = state("example.com", dns::Type::TXT, {"\"v=spf1 mx -all\"", "\"new\""});
  const auto only_spf = [](const dns::Key&, const dns::Rdata& value) {
    return std::get<dns::Txt>(value).octets.rfind("v=spf1", 0) == 0;
  };
  const auto undone = undo_in(change.after, change, only_spf);
  CHECK(undone.state->set ==
        state("example.com", dns::Type::TXT, {"\"v=spf1 -all\"", "\"new\""})->set);
}

TEST_CASE("the words of the provider come back with the set") {
  plan::Change change;
  change.key = {dns::Name::of("example.com"), dns::Type::MX};
  change.before = state("example.com", dns::Type::MX, {"10 a."});
  change.before->verbatim = "as it was written";
  change.after = state("example.com", dns::Type::MX, {"0 n."});
  CHECK(undo_in(change.after, change, all_values).state->verbatim == "as it was written");
}

}  // namespace
