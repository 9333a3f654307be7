// Layers, exceptions and the merge rule, row by row.

#include "spec/merge.hpp"
#include "spec/node.hpp"
#include "spec/toml_reader.hpp"
#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

/// A tree as one line, keys in order.
std::string text_of(const spec::Node& node) {
  std::string result;
  if (const spec::Table* table = node.table()) {
    for (const spec::Entry& entry : table->entries) {
      result += (result.empty() ? "" : ", ") + entry.key + "=" + text_of(entry.value);
    }
    return "{" + result + "}";
  }
  if (const spec::Array* array = node.array()) {
    for (const spec::Node& element : *array) {
      result += (result.empty() ? "" : ", ") + text_of(element);
    }
    return "[" + result + "]";
  }
  if (node.string()) return *node.string();
  if (node.integer()) return std::to_string(*node.integer());
  return std::string(node.kind_words());
}

struct MergeCase {
  const char* name;
  const char* lower;
  const char* upper;
  const char* merged;
};

const MergeCase kMergeCases[] = {
    {"scalars replace", "ttl = 1\nmanage = 'mail'", "ttl = 2", "{ttl=2, manage=mail}"},
    {"tables merge by key", "mail.dmarc = {policy = 'none', rua = ['a']}",
     "mail.dmarc.policy = 'reject'", "{mail={dmarc={policy=reject, rua=[a]}}}"},
    {"lists replace", "mail.spf.ip4 = ['a', 'b']", "mail.spf.ip4 = ['c']",
     "{mail={spf={ip4=[c]}}}"},
    {"mail.mx replaces whole", "mail.mx = [{host = 'a', priority = 1}, {host = 'b', priority = 2}]",
     "mail.mx = [{host = 'c', priority = 3}]", "{mail={mx=[{host=c, priority=3}]}}"},
    {"records by name and type",
     "record = [{name = 'w', type = 'A', values = ['1'], ttl = 9}, {name = 'w', type = 'AAAA', "
     "values = ['2']}]",
     "record = [{name = 'W', type = 'a', values = ['3']}, {name = 'x', type = 'A', values = "
     "['4']}]",
     "{record=[{name=W, type=a, ttl=9, values=[3]}, {name=w, type=AAAA, values=[2]}, {name=x, "
     "type=A, values=[4]}]}"},
    {"values and values_hex are one slot", "record = [{name = 'w', type = 'TXT', values = ['1']}]",
     "record = [{name = 'w', type = 'TXT', values_hex = ['00']}]",
     "{record=[{name=w, type=TXT, values_hex=[00]}]}"},
    {"verification by name and value",
     "mail.verification = [{value = 'a', ttl = 1}, {value = 'b'}]",
     "mail.verification = [{value = 'a', ttl = 2}, {name = 'x', value = 'b'}]",
     "{mail={verification=[{value=a, ttl=2}, {value=b}, {name=x, value=b}]}}"},
    {"allow appends", "allow = [{guard = 'a'}]", "allow = [{guard = 'a'}]",
     "{allow=[{guard=a}, {guard=a}]}"},
    {"absent and ignore append", "absent = [{name = 'a'}]\nignore = [{name = 'b'}]",
     "absent = [{name = 'c'}]\nignore = [{name = 'd'}]",
     "{absent=[{name=a}, {name=c}], ignore=[{name=b}, {name=d}]}"},
    {"stages join, those of one name replace whole",
     "stage = [{name = 's', ttl = 1, manage = 'mail'}, {ttl = 2}]",
     "stage = [{name = 's', ttl = 3}, {ttl = 4}]", "{stage=[{name=s, ttl=3}, {ttl=2}, {ttl=4}]}"},
    {"zone and zones are one slot", "zone = 'a'", "zones = ['b']", "{zones=[b]}"},
    {"provider and providers are one slot", "providers = ['a']", "provider = 'b'", "{provider=b}"},
    {"the sources of a DKIM key are one slot", "mail.dkim.s = {public_key = 'a', ttl = 1}",
     "mail.dkim.s.cname = 'b'", "{mail={dkim={s={ttl=1, cname=b}}}}"},
    {"unset takes a path away", "mail.spf = {ip4 = ['a'], all = 'fail'}",
     "unset = ['mail.spf.ip4']\nttl = 1", "{mail={spf={all=fail}}, ttl=1}"},
    {"unset before the layer is laid over", "mail.spf = {ip4 = ['a']}",
     "unset = ['mail.spf']\nmail.spf.all = 'fail'", "{mail={spf={all=fail}}}"},
    {"unset of a quoted key", "mail.dkim.'a.b' = {txt = 'x'}", "unset = ['mail.dkim.\"a.b\"']",
     "{mail={dkim={}}}"},
    {"unset of one record",
     "record = [{name = 'w', type = 'A', values = ['1']}, {name = 'w', type = 'AAAA', values = "
     "['2']}]",
     "unset = ['record.w.a']", "{record=[{name=w, type=AAAA, values=[2]}]}"},
    {"unset of a stage", "stage = [{name = 's'}, {name = 't'}]", "unset = ['stage.s']",
     "{stage=[{name=t}]}"},
};

spec::Node tree(const std::string& text) {
  base::Diagnostics diagnostics;
  auto node = spec::read_toml(text, "t.toml", diagnostics);
  REQUIRE(node.has_value());
  return *node;
}

}  // namespace

TEST_CASE("the merge rule") {
  for (const MergeCase& row : kMergeCases) {
    INFO(row.name);
    spec::Node lower = tree(row.lower);
    base::Diagnostics diagnostics;
    spec::lay_over(lower, tree(row.upper), diagnostics);
    CHECK(text_of(lower) == row.merged);
    CHECK(diagnostics.empty());
  }
}

TEST_CASE("unset says what it does not find") {
  const char* const kPaths[] = {"mail.bimi", "mail.sfp", "mail..spf", "\"mail", "record.w.MX", ""};
  for (const char* path : kPaths) {
    INFO(path);
    spec::Node lower = tree("record = [{name = 'w', type = 'A', values = ['1']}]");
    base::Diagnostics diagnostics;
    spec::lay_over(lower, tree("unset = ['" + std::string(path) + "']"), diagnostics);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].rule == "spec-unset");
    CHECK(diagnostics.all()[0].pos.text() == "t.toml:1:10");
  }
}

TEST_CASE("keys stay in file order and every place is kept") {
  const spec::Node node = tree("z = 1\n[b]\nc.d = [1, \"x\"]\n[a]\n");
  CHECK(text_of(node) == "{z=1, b={c={d=[1, x]}}, a={}}");
  const spec::Node* list = spec::find_path(node, {"b", "c", "d"});
  REQUIRE(list != nullptr);
  CHECK((*list->array())[1].pos.text() == "t.toml:3:11");
  CHECK((*list->array())[1].at(0).text() == "t.toml:3:12");
}

TEST_CASE("layers of files") {
  const auto result = evaluate_files(
      {{"specs/z.toml", ""},
       {"z.toml", zone_text("extends = \"base/middle.toml\"\nmail.dmarc.policy = \"reject\"\n")},
       {"base/middle.toml", "extends = \"../bottom.toml\"\nttl = 60\n"},
       {"bottom.toml",
        "ttl = 90\n[mail.dmarc]\npolicy = \"none\"\nrua = [\"mailto:a@b.example\"]\n"}});
  CHECK(result.findings == Lines{});
  CHECK(lines_of(result.desired) ==
        Lines{"_dmarc TXT:dmarc 60 v=DMARC1; p=reject; rua=mailto:a@b.example"});
  const auto& parts = result.desired.units.at(0).parts;
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].second.text() == "z.toml:4:21");
  CHECK(parts[1].second.text() == "bottom.toml:4:7");
}

TEST_CASE("circles and missing bases") {
  CHECK(evaluate_files({{"z.toml", zone_text("extends = \"a.toml\"\n")},
                        {"a.toml", "extends = \"b.toml\"\n"},
                        {"b.toml", "extends = \"./a.toml\"\n"}})
            .findings == Lines{"b.toml:1:11 spec-extends `extends` goes round in a circle: a.toml "
                               "-> b.toml -> a.toml"});
  CHECK(evaluate_files({{"z.toml", zone_text("extends = \"z.toml\"\n")}}).findings ==
        Lines{"z.toml:3:11 spec-extends `extends` goes round in a circle: z.toml -> z.toml"});
  CHECK(evaluate_files({{"z.toml", zone_text("extends = \"no.toml\"\n")}}).findings ==
        Lines{"z.toml:3:11 spec-file-missing there is no file no.toml"});
  CHECK(evaluate_files({}).findings == Lines{"z.toml spec-file-missing there is no file z.toml"});
}

TEST_CASE("a folder: bases are no specs, other files without a zone are errors") {
  const std::map<std::string, std::string> files = {
      {"d/base.toml", "ttl = 60\n"},
      {"d/a.toml", "zone = \"a.example\"\nprovider = \"memory\"\nextends = \"base.toml\"\n"},
      {"d/mxsmith.toml", "[accounts.main]\ntype = \"cloudflare\"\n"}};
  const spec::Project project = load_files(files, {"d"});
  CHECK(lines_of(project.diagnostics) == Lines{});
  CHECK(project.zones.size() == 1);
  CHECK(project.file.accounts.count("main") == 1);
  auto with_other = files;
  with_other["d/other.toml"] = "ttl = 1\n";
  CHECK(lines_of(load_files(with_other, {"d"}).diagnostics) ==
        Lines{"d/other.toml:1:1 spec-no-zone the file has neither `zone` nor `zones`: it is about "
              "nothing"});
}

TEST_CASE("exceptions among many zones") {
  const std::string text =
      "zones = [\"a.example\", \"b.example\", \"big.example\"]\nprovider = \"memory\"\nttl = 60\n"
      "mail.none = true\n"
      "[[for]]\nzones = [\"b*.example\"]\nttl = 90\n"
      "[[for]]\nzones = [\"big.example\"]\nprovider = \"cloudflare\"\nmail.dmarc.policy = "
      "\"quarantine\"\n";
  const std::map<std::string, std::string> files = {{"z.toml", text}};
  const auto mx = [&](const std::string& zone) {
    return lines_of(evaluate_files(files, "2026-12-01T00:00:00Z", zone).desired).front();
  };
  CHECK(mx("a.example") == "@ MX 60 0 .");
  CHECK(mx("b.example") == "@ MX 90 0 .");
  CHECK(mx("big.example") == "@ MX 90 0 .");
  const auto big = evaluate_files(files, "2026-12-01T00:00:00Z", "big.example");
  CHECK(lines_of(big.desired).back() == "_dmarc TXT:dmarc 90 v=DMARC1; p=quarantine");
  const spec::Project project = load_files(files);
  CHECK(project.zones.at(0).providers.at(0).account == "memory");
  CHECK(project.zones.at(2).providers.at(0).account == "cloudflare");
  CHECK(project.zones.at(0).tree != project.zones.at(1).tree);
}

TEST_CASE("a fault in a base of many zones is told once") {
  std::map<std::string, std::string> files = {
      {"base.toml",
       "provider = \"memory\"\ncolour = 1\n[[mail.mx]]\nhost = \"mail\"\npriority = "
       "1\n[[record]]\nname = \"@\"\ntype = \"CNAME\"\nvalues = [\"a.b\"]\n"}};
  for (int i = 0; i < 30; ++i) {
    files["z" + std::to_string(i) + ".toml"] =
        "zone = \"z" + std::to_string(i) + ".example\"\nextends = \"base.toml\"\n";
  }
  const spec::Project project = load_files(files, {"."});
  base::Diagnostics diagnostics = project.diagnostics;
  CHECK(project.zones.size() == 30);
  for (const spec::ZoneSpec& zone : project.zones) {
    spec::evaluate(zone, moment("2026-12-01T00:00:00Z"), diagnostics);
  }
  CHECK(diagnostics.all().size() == 3);
}

TEST_CASE("a zone has one spec") {
  const std::string text = "zone = \"a.example\"\nprovider = \"memory\"\n";
  CHECK(lines_of(
            load_files({{"a.toml", text}, {"b.toml", text}}, {"a.toml", "b.toml"}).diagnostics) ==
        Lines{"b.toml:1:8 spec-zone-twice a.example is declared twice"});
  CHECK(lines_of(load_files({{"a.toml", text}}, {"a.toml", "./a.toml"}).diagnostics) == Lines{});
  CHECK(lines_of(load_files({{"z.toml",
                              "zones = [\"a.example\", \"A.example.\"]\nprovider = "
                              "\"memory\"\n"}})
                     .diagnostics) ==
        Lines{"z.toml:1:23 spec-zone-twice a.example is declared twice"});
}
