#include "spec/zone_list.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "spec/csv.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

namespace {

class ZoneLister {
 public:
  ZoneLister(FileSource& files, base::Diagnostics& diagnostics)
      : files_(files), diagnostics_(diagnostics) {}

  void name(const Node& node) {
    if (node.string()) add(*node.string(), node, {});
  }

  void list(const Array& array) {
    for (const Node& element : array) {
      if (const Table* table = element.table()) {
        row(*table, element);
      } else {
        name(element);
      }
    }
  }

  void csv(const Table& table, const base::SourcePos& pos) {
    const Node* file = table.find("file");
    const Node* key = table.find("key");
    if (file == nullptr || key == nullptr) {
      diagnostics_.error("spec-missing-key", pos,
                         std::string("zones says no `") + (file ? "key" : "file") + "`",
                         "zones = {file = \"customers.csv\", key = \"domain\"}");
      return;
    }
    if (file->string() == nullptr || key->string() == nullptr) return;
    const std::string path = beside(file->pos, *file->string());
    const auto text = files_.read(path);
    if (!text) {
      diagnostics_.error("spec-file-missing", file->pos, "there is no file " + path);
      return;
    }
    if (const auto rows = read_csv(*text, path, diagnostics_)) csv_rows(*rows, *key);
  }

  std::vector<ListedZone> zones;

 private:
  void row(const Table& table, const Node& element) {
    const Node* zone = table.find("zone");
    if (zone == nullptr) {
      diagnostics_.error("spec-missing-key", element.pos, "this table of `zones` has no key `zone`",
                         "{zone = \"example.com\", selector = \"s1\"}: zone names it, the others "
                         "are variables");
      return;
    }
    if (zone->string() == nullptr) return;
    std::map<std::string, std::string> vars;
    for (const Entry& entry : table.entries) {
      if (entry.key == "zone") continue;
      if (auto text = plain(entry.value)) vars[entry.key] = std::move(*text);
    }
    add(*zone->string(), *zone, std::move(vars));
  }

  static std::optional<std::string> plain(const Node& node) {
    if (node.string()) return *node.string();
    if (node.integer()) return std::to_string(*node.integer());
    if (node.boolean()) return *node.boolean() ? "true" : "false";
    return std::nullopt;
  }

  void csv_rows(const CsvTable& table, const Node& key) {
    std::vector<std::string> columns;
    for (const CsvField& field : table.header) columns.push_back(field.text);
    const auto found = std::find(columns.begin(), columns.end(), *key.string());
    if (found == columns.end()) {
      const auto near = base::did_you_mean(*key.string(), columns);
      base::Diagnostic diagnostic{base::Severity::error, "spec-csv-key",
                                  "the table has no column " + in_quotes(*key.string()) +
                                      (near ? ", did you mean \"" + *near + "\"?" : ""),
                                  "its columns: " + base::join(columns, ", "), table.header[0].pos};
      diagnostic.notes.push_back({"asked for here", key.pos});
      diagnostics_.add(std::move(diagnostic));
      return;
    }
    const auto zone_column = static_cast<std::size_t>(found - columns.begin());
    for (const CsvRow& row : table.rows) {
      std::map<std::string, std::string> vars;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i != zone_column) vars[columns[i]] = row[i].text;
      }
      const CsvField& zone = row[zone_column];
      add(std::string(base::trim(zone.text)), Node{zone.text, zone.pos}, std::move(vars));
    }
  }

  void add(const std::string& text, const Node& where, std::map<std::string, std::string> vars) {
    const auto parsed = dns::Name::parse_absolute(text);
    if (!parsed) {
      diagnostics_.error("spec-zone-name", where.at(parsed.fault().offset),
                         in_quotes(text) + " is no zone: " + parsed.fault().message,
                         parsed.fault().hint);
    } else if (parsed->is_root() || parsed->is_wildcard()) {
      diagnostics_.error("spec-zone-name", where.pos, in_quotes(text) + " is no zone to manage");
    } else {
      zones.push_back({*parsed, where.pos, std::move(vars)});
    }
  }

  FileSource& files_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::vector<ListedZone> listed_zones(const Node& tree, FileSource& files,
                                     base::Diagnostics& diagnostics) {
  const Node* zone = find_path(tree, {"zone"});
  const Node* zones = find_path(tree, {"zones"});
  if (zone != nullptr && zones != nullptr) {
    diagnostics.error("spec-conflicting-keys", zones->pos,
                      "`zone` and `zones` both say what this file is about", "keep one of them");
    return {};
  }
  ZoneLister lister(files, diagnostics);
  if (zone != nullptr) {
    lister.name(*zone);
  } else if (zones != nullptr && zones->array() != nullptr) {
    lister.list(*zones->array());
  } else if (zones != nullptr && zones->table() != nullptr) {
    lister.csv(*zones->table(), zones->pos);
  } else if (zones == nullptr) {
    diagnostics.error("spec-no-zone", {tree.pos.file, 1, 1},
                      "the file has neither `zone` nor `zones`: it is about nothing",
                      "zone = \"example.com\"; or name this file by `extends` in another");
  }
  return std::move(lister.zones);
}

}  // namespace mxsmith::spec
