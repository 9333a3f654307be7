// The table of keys, the JSON Schemas and the reference say the same.

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "../mail/sample_keys.hpp"
#include "base/file.hpp"
#include "spec/keys.hpp"
#include "spec_case.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using nlohmann::json;
using spec::KeyRow;
using spec::KeyType;

namespace {

const fs::path kSource = MXSMITH_SOURCE_DIR;

json load_schema(const std::string& name) {
  return json::parse(base::read_file(kSource / "schemas" / name));
}

const json& resolve(const json& schema, const json& node) {
  const auto ref = node.find("$ref");
  return ref == node.end() ? node
                           : schema.at(json::json_pointer(ref->get<std::string>().substr(1)));
}

/// Every schema that a node offers: itself, its alternatives, the items of its lists.
void offers(const json& schema, const json& node, std::vector<const json*>& out) {
  const json& here = resolve(schema, node);
  out.push_back(&here);
  if (here.contains("items")) offers(schema, here.at("items"), out);
  if (!here.contains("anyOf")) return;
  for (const json& alternative : here.at("anyOf")) offers(schema, alternative, out);
}

/// The schema of a key by its path in the table of keys; null when there is none.
const json* find(const json& schema, const std::string& path) {
  const json* node = &schema;
  for (const std::string& key : base::split(path, '.')) {
    std::vector<const json*> places;
    offers(schema, *node, places);
    node = nullptr;
    for (const json* place : places) {
      const bool any = key == "*" && place->contains("additionalProperties") &&
                       place->at("additionalProperties").is_object();
      if (any) node = &place->at("additionalProperties");
      if (!place->contains("properties")) continue;
      const auto found = place->at("properties").find(key);
      if (found != place->at("properties").end()) node = &*found;
    }
    if (node == nullptr) return nullptr;
  }
  return &resolve(schema, *node);
}

std::set<std::string> types_of(const json& schema, const json& node) {
  std::set<std::string> types;
  std::vector<const json*> places;
  const json& here = resolve(schema, node);
  places.push_back(&here);
  if (here.contains("anyOf")) {
    for (const json& alternative : here.at("anyOf"))
      places.push_back(&resolve(schema, alternative));
  }
  for (const json* place : places) {
    if (place->contains("enum")) types.insert("string");
    if (!place->contains("type")) continue;
    const json& type = place->at("type");
    for (const json& one : type.is_array() ? type : json::array({type})) {
      types.insert(one.get<std::string>());
    }
  }
  return types;
}

std::set<std::string> wanted_types(KeyType type) {
  switch (type) {
    case KeyType::text:
    case KeyType::word:
    case KeyType::moment:
    case KeyType::date: return {"string"};
    case KeyType::truth: return {"boolean"};
    case KeyType::integer: return {"integer"};
    case KeyType::span:
    case KeyType::lead: return {"string", "integer"};
    case KeyType::texts:
    case KeyType::integers:
    case KeyType::tables:
    case KeyType::providers: return {"array"};
    case KeyType::truth_or_texts: return {"array", "boolean"};
    case KeyType::table:
    case KeyType::named:
    case KeyType::meta: return {"object"};
    case KeyType::zones: return {"array", "object"};
    case KeyType::provider: return {"object", "string"};
    case KeyType::settings: return {"array", "boolean", "integer", "object", "string"};
    case KeyType::later: break;
  }
  return {};
}

std::vector<std::string> words_of(const json& node) {
  std::vector<std::string> words;
  if (!node.contains("anyOf")) return words;
  for (const json& alternative : node.at("anyOf")) {
    if (!alternative.contains("enum")) continue;
    for (const json& word : alternative.at("enum")) words.push_back(word.get<std::string>());
  }
  return words;
}

void check_row(const json& schema, const KeyRow& row) {
  INFO(row.path);
  const json* node = find(schema, std::string(row.path));
  if (row.type == KeyType::later) {
    CHECK(node == nullptr);
    return;
  }
  REQUIRE(node != nullptr);
  CHECK(node->value("description", "") == row.doc);
  CHECK(types_of(schema, *node) == wanted_types(row.type));
  if (row.type == KeyType::word) {
    CHECK(words_of(*node) == std::vector<std::string>(row.words.begin(), row.words.end()));
  }
  if (row.type == KeyType::integers) {
    CHECK(node->at("items").at("minimum") == row.min);
    CHECK(node->at("items").at("maximum") == row.max);
  }
  if (row.type == KeyType::integer) {
    CHECK(node->at("minimum") == row.min);
    CHECK(node->at("maximum") == row.max);
  }
}

/// Paths of all properties of a schema, in the way the table of keys writes them.
void paths_of(const json& schema, const json& node, const std::string& prefix,
              std::set<std::string>& out) {
  std::vector<const json*> places;
  offers(schema, node, places);
  for (const json* place : places) {
    if (!place->contains("properties")) continue;
    for (const auto& [key, value] : place->at("properties").items()) {
      const std::string path = prefix.empty() ? key : prefix + "." + key;
      out.insert(path);
      const bool overlay = prefix == "for" || prefix == "stage";
      if (!overlay) paths_of(schema, value, path, out);
    }
  }
}

}  // namespace

TEST_CASE("the schemas have every key with its type, its words and its sentence") {
  const json zone = load_schema("zone-v1.json");
  for (const KeyRow& row : spec::spec_keys()) check_row(zone, row);
  const json project = load_schema("project-v1.json");
  for (const KeyRow& row : spec::project_keys()) check_row(project, row);
  const json service = load_schema("service-v1.json");
  for (const KeyRow& row : spec::service_keys()) check_row(service, row);
}

TEST_CASE("the schema of services has no key that the table has not") {
  const json schema = load_schema("service-v1.json");
  std::set<std::string> paths;
  paths_of(schema, schema, "", paths);
  CHECK(paths.size() > 30);
  for (const std::string& path : paths) {
    INFO(path);
    const auto rows = spec::service_keys();
    CHECK(
        std::any_of(rows.begin(), rows.end(), [&](const KeyRow& row) { return row.path == path; }));
  }
}

TEST_CASE("the zone schema has no key that the table has not") {
  const json schema = load_schema("zone-v1.json");
  std::set<std::string> paths;
  paths_of(schema, schema, "", paths);
  std::set<std::string> known;
  for (const KeyRow& row : spec::spec_keys()) {
    known.insert(std::string(row.path));
    // What may stand in overlays.
    if (row.overlay != spec::Overlay::none) known.insert("for." + std::string(row.path));
    if (row.overlay == spec::Overlay::everywhere) known.insert("stage." + std::string(row.path));
  }
  for (const std::string& path : paths) {
    INFO(path);
    CHECK(known.count(path) == 1);
  }
  for (const KeyRow& row : spec::spec_keys()) {
    const bool top = row.path.find('.') == std::string_view::npos && row.type != KeyType::later;
    INFO(row.path);
    if (top && row.overlay != spec::Overlay::none) {
      CHECK(paths.count("for." + std::string(row.path)) == 1);
    }
    CHECK((paths.count("stage." + std::string(row.path)) == 1) ==
          (top && row.overlay == spec::Overlay::everywhere));
  }
}

TEST_CASE("the reference names every key with its sentence") {
  const std::string text = base::read_file(kSource / "docs" / "spec.md");
  for (const auto rows : {spec::spec_keys(), spec::project_keys()}) {
    for (const KeyRow& row : rows) {
      INFO(row.path);
      CHECK(text.find("`" + std::string(row.path) + "`") != std::string::npos);
      if (row.type != KeyType::later) CHECK(text.find(row.doc) != std::string::npos);
    }
  }
}

TEST_CASE("the page on services names every key of their files with its sentence") {
  const std::string text = base::read_file(kSource / "docs" / "services.md");
  for (const KeyRow& row : spec::service_keys()) {
    INFO(row.path);
    CHECK(text.find("`" + std::string(row.path) + "`") != std::string::npos);
    CHECK(text.find(row.doc) != std::string::npos);
  }
}

TEST_CASE("the examples of the reference are good specs") {
  std::istringstream text(base::read_file(kSource / "docs" / "spec.md"));
  std::string line;
  std::string example;
  bool inside = false;
  int examples = 0;
  while (std::getline(text, line)) {
    if (line == "```toml") {
      inside = true;
      example.clear();
    } else if (line == "```" && inside) {
      inside = false;
      ++examples;
      const bool project = example.find("[accounts.") != std::string::npos;
      std::map<std::string, std::string> files = {
          {"z.toml", project ? zone_text("") : example},
          {"base.toml", "provider = \"zonefile\"\n[mail.spf]\nall = \"fail\"\n"},
          {"customers.csv", "domain,selector\na.example,s1\n"},
          {"keys/s1.pem", "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
          {"keys/mail.pem", pem("PUBLIC KEY", kEd25519Spki)},
          {"keys/mail-next.pem", pem("PUBLIC KEY", kRsa2048)}};
      if (project) files["mxsmith.toml"] = example;
      INFO(example);
      const spec::Project loaded = load_files(files);
      base::Diagnostics diagnostics = loaded.diagnostics;
      for (const spec::ZoneSpec& zone : loaded.zones) spec::moments(zone, diagnostics);
      CHECK(lines_of(diagnostics) == Lines{});
      CHECK_FALSE(loaded.zones.empty());
    } else if (inside) {
      example += line + "\n";
    }
  }
  CHECK(examples >= 5);
}
