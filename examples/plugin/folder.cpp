// A DNS provider for mxsmith in C++: each zone is a JSON file in a folder, as a home-grown DNS
// server might keep it. docs/writing-a-plugin.md goes through the protocol.
//
//   {"name": "example.com.", "sets": [{"name": ..., "type": ..., "ttl": ..., "values": [...]}]}
//
// Build: c++ -std=c++17 -o folder folder.cpp      (needs nlohmann-json3-dev)
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

fs::path folder;  // The account's setting `directory`.

/// Becomes an error that mxsmith shows. `effect` says what may have changed: none, unknown,
/// partial.
struct Refused : std::runtime_error {
  Refused(std::string its_kind, const std::string& message, std::string its_effect = "none")
      : std::runtime_error(message), kind(std::move(its_kind)), effect(std::move(its_effect)) {}
  std::string kind;
  std::string effect;
};

fs::path file_of(const json& zone) {
  const std::string id = zone.at("id");
  if (id.empty() || id.front() == '.' || id.find('/') != std::string::npos) {
    throw Refused("invalid", "\"" + id + "\" is no zone of ours");
  }
  return folder / (id + "json");
}

json load(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw Refused("not_found", "cannot read " + file.string());
  const json zone = json::parse(stream, nullptr, false);
  if (!zone.is_object() || !zone.contains("sets")) {
    throw Refused("protocol", file.string() + " is not one of our zones");
  }
  return zone;
}

/// The old file or the new one, never half of it.
void store(const fs::path& file, const json& zone) {
  const fs::path beside = file.string() + ".new";
  std::ofstream stream(beside);
  stream << zone.dump(1) << std::endl;
  if (!stream) throw Refused("io", "cannot write " + beside.string());
  stream.close();
  fs::rename(beside, file);
}

json zones() {
  json found = json::array();
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = load(entry.path()).at("name");
    found.push_back({{"name", name}, {"id", name}});
  }
  return {{"zones", found}};
}

bool same_set(const json& a, const json& b) {
  return a.at("name") == b.at("name") && a.at("type") == b.at("type");
}

/// Compare-and-swap: what `read` gave has to be there still. `native` is ours, and comes back with
/// `before` as we gave it, whereas mxsmith spells values its own way.
void check_unchanged(const json* now, const json& change) {
  const bool was = change.contains("before");
  if (was != (now != nullptr) || (was && change["before"].at("native") != *now)) {
    throw Refused("conflict", change.at("name").get<std::string>() + " has changed meanwhile");
  }
}

json apply(const json& params) {
  const fs::path file = file_of(params.at("zone"));
  json zone = load(file);
  json& sets = zone["sets"];
  for (const json& change : params.at("changes")) {
    auto at = sets.begin();
    while (at != sets.end() && !same_set(*at, change)) ++at;
    check_unchanged(at == sets.end() ? nullptr : &*at, change);
    if (at != sets.end()) sets.erase(at);
    if (!change.contains("after")) continue;
    const json& after = change["after"];
    sets.push_back({{"name", change.at("name")},
                    {"type", change.at("type")},
                    {"ttl", after.at("ttl")},
                    {"values", after.at("values")}});
  }
  store(file, zone);
  return json::object();
}

json answer(const std::string& call, const json& params) {
  if (call == "hello") return {{"protocol", 1}, {"calls", {"list"}}};
  if (call == "open") {
    folder = params.at("settings").at("directory").get<std::string>();
    return {{"fingerprint", fs::absolute(folder).string()}};
  }
  if (call == "find" || call == "list") return zones();
  if (call == "traits") {
    return {{"traits", {{"granularity", "rrset"}, {"atomic_step", true}, {"apex_ns", true}}}};
  }
  if (call == "read") {
    json sets = load(file_of(params.at("zone"))).at("sets");
    for (json& set : sets) set["native"] = json(set);
    return {{"sets", sets}};
  }
  if (call == "apply") return apply(params);
  throw Refused("unsupported", "no call " + call);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const json call = json::parse(line);
    json said = {{"id", call.at("id")}};
    try {
      said["result"] = answer(call.at("call"), call.at("params"));
    } catch (const Refused& refused) {
      said["error"] = {
          {"kind", refused.kind}, {"effect", refused.effect}, {"message", refused.what()}};
    } catch (const std::exception& fault) {
      said["error"] = {{"kind", "protocol"}, {"effect", "unknown"}, {"message", fault.what()}};
    }
    std::cout << said.dump() << std::endl;
  }
}
