// Every #include of the program against cmake/layers.txt; and the checker against planted faults.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "unit/layers/layer_rules.hpp"
#include "unit/layers/source_text.hpp"

namespace fs = std::filesystem;
using namespace mxsmith::tests;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  REQUIRE(stream.good());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

LayerTable real_table() {
  return parse_layer_table(text_of(fs::path(MXSMITH_SOURCE_DIR) / "cmake/layers.txt"));
}

std::vector<SourceFile> real_sources() {
  const fs::path root = MXSMITH_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const char* folder : {"src", "providers"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp")) continue;
      files.push_back({fs::relative(entry.path(), root).string(), text_of(entry.path())});
    }
  }
  return files;
}

const LayerTable& sample_table() {
  static const LayerTable table = parse_layer_table(
      "# bottom up\n"
      "base : src/base :\n"
      "dns : src/dns : base   # names\n"
      "cli : src/cli : base dns\n"
      "providers : providers : base dns\n"
      "foreign json/ : src/cli/json.cpp\n"
      "foreign idn.h : src/dns/idn.cpp\n"
      "foreign fmt/ :\n"
      "pure dns\n"
      "impure include : fstream sys/ base/file.hpp\n"
      "impure word : system_clock\n"
      "print word : cout printf\n"
      "print allowed : src/cli/ src/main.cpp\n");
  return table;
}

}  // namespace

TEST_CASE("every file keeps to the table of layers") {
  const auto table = real_table();
  const auto sources = real_sources();
  REQUIRE(sources.size() > 20);
  for (const auto& source : sources) {
    for (const auto& violation : violations_in(source, table)) FAIL_CHECK(violation);
  }
}

TEST_CASE("every layer has a folder, and every file of src a layer") {
  const auto table = real_table();
  CHECK(faults_of(table).empty());
  for (const auto& layer : table.layers) {
    INFO(layer.folder);
    CHECK(fs::is_directory(fs::path(MXSMITH_SOURCE_DIR) / layer.folder));
  }
  for (const auto& source : real_sources()) {
    INFO(source.path);
    CHECK((table.layer_of(source.path) != nullptr || source.path == "src/main.cpp"));
  }
}

TEST_CASE("files that foreign rows name are there, so that no row outlives its file") {
  for (const auto& row : real_table().foreign) {
    for (const auto& file : row.files) {
      INFO(file);
      CHECK(fs::exists(fs::path(MXSMITH_SOURCE_DIR) / file));
    }
  }
}

TEST_CASE("planted faults are found") {
  struct Row {
    const char* what;
    const char* path;
    const char* text;
    const char* expected;  // in the one violation; empty: there is none
  };
  const Row rows[] = {
      {"own layer", "src/dns/name.cpp", "#include \"dns/name.hpp\"\n", ""},
      {"a neighbour", "src/dns/name.cpp", "#include \"base/text.hpp\"\n", ""},
      {"a layer above", "src/base/text.cpp", "\n#include \"dns/name.hpp\"\n",
       "src/base/text.cpp:2: base may not include dns"},
      {"a layer that is no neighbour", "providers/x/x.cpp", "#include \"cli/main.hpp\"\n",
       "providers may not include cli"},
      {"spaces around the hash", "src/base/a.cpp", "  #include  \"dns/name.hpp\"\n",
       "base may not include dns"},
      {"a path that is in no layer", "src/dns/a.cpp", "#include \"name.hpp\"\n", "in no layer"},
      {"an include in a comment", "src/base/a.cpp", "// #include \"dns/name.hpp\"\n", ""},
      {"an include in a long comment", "src/base/a.cpp", "/*\n#include \"dns/name.hpp\"\n*/\n", ""},
      {"main may include all", "src/main.cpp", "#include \"cli/main.hpp\"\n", ""},
      {"foreign where it belongs", "src/cli/json.cpp", "#include <json/json.hpp>\n", ""},
      {"foreign elsewhere", "src/cli/plan.cpp", "#include <json/json.hpp>\n",
       "<json/json.hpp> may only be included by: src/cli/json.cpp"},
      {"foreign in quotes", "src/cli/plan.cpp", "#include \"json/json.hpp\"\n", "more"},
      {"foreign in main", "src/main.cpp", "#include <json/json.hpp>\n", "may only be included"},
      {"foreign by whole name", "src/dns/name.cpp", "#include <idn.h>\n", "may only be included"},
      {"foreign for nobody", "src/cli/plan.cpp", "#include <fmt/core.h>\n", "by: nobody"},
      {"a file in a pure layer", "src/dns/a.cpp", "#include <fstream>\n", "dns is pure"},
      {"a socket in a pure layer", "src/dns/a.cpp", "#include <sys/socket.h>\n", "dns is pure"},
      {"our files in a pure layer", "src/dns/a.cpp", "#include \"base/file.hpp\"\n", "dns is pure"},
      {"a file elsewhere", "src/base/a.cpp", "#include <fstream>\n", ""},
      {"a clock in a pure layer", "src/dns/a.cpp", "auto t = std::chrono::system_clock::now();\n",
       "may not use system_clock"},
      {"a clock in a string", "src/dns/a.cpp", "auto t = \"system_clock\";\n", ""},
      {"a clock in a longer word", "src/dns/a.cpp", "int my_system_clock = 1'000;\n", ""},
      {"printing below", "src/dns/a.cpp", "\n\nstd::cout << 1;\n", "src/dns/a.cpp:3: only the"},
      {"printing after digits with quotes", "src/base/a.cpp", "int a = 1'0; printf(\"\"); // '\n",
       "only the command line prints"},
      {"printing after a raw string", "src/base/a.cpp", "auto a = R\"x(\")x\"; cout << 1;\n",
       "only the command line prints"},
      {"printing in a raw string", "src/base/a.cpp", "auto a = R\"(\n\" cout)\";\n", ""},
      {"printing after a quote as sign", "src/base/a.cpp", "char c = '\"'; cout << c;\n",
       "only the command line prints"},
      {"printing to memory", "src/base/a.cpp", "std::snprintf(b, n, \"%d\", 1);\n", ""},
      {"printing in the command line", "src/cli/a.cpp", "std::cout << 1;\n", ""},
      {"printing in main", "src/main.cpp", "std::cout << 1;\n", ""},
      {"a provider's own header", "providers/x/x.cpp", "#include \"providers/x/x.hpp\"\n", ""},
      {"another provider's header", "providers/x/x.cpp", "#include \"providers/y/y.hpp\"\n",
       "a provider may not include another"},
      {"the table of providers", "providers/all.cpp", "#include \"providers/y/y.hpp\"\n", ""},
      {"a good header", "src/dns/a.hpp", "// What it is.\n//\n// More.\n#pragma once\n", ""},
      {"a header without words", "src/dns/a.hpp", "#pragma once\n", "opens with a paragraph"},
      {"a header without pragma", "src/dns/a.hpp", "// What it is.\nint a;\n", "#pragma once"},
      {"a pragma too late", "src/dns/a.hpp", "// What it is.\n#include <vector>\n#pragma once\n",
       "before anything else"},
      {"a pragma in a comment", "src/dns/a.hpp", "// What it is.\n// #pragma once\nint a;\n",
       "before anything else"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto found = violations_in({row.path, row.text}, sample_table());
    const std::string expected = row.expected;
    if (expected.empty()) {
      CHECK(found.empty());
    } else if (expected == "more") {
      CHECK(found.size() > 1);
    } else {
      REQUIRE(found.size() == 1);
      CHECK(found[0].find(expected) != std::string::npos);
    }
  }
}

TEST_CASE("a faulty table is refused") {
  CHECK_THROWS(parse_layer_table("what is this\n"));
  CHECK_THROWS(parse_layer_table("impure idea : cout\n"));
  CHECK(
      faults_of(parse_layer_table("base : src/base :\ndns : src/dns : base\npure dns\n")).empty());
  CHECK(faults_of(parse_layer_table("dns : src/dns : bse\n")).size() == 1);
  CHECK(faults_of(parse_layer_table("dns : src/dns : base\nbase : src/base :\n")).size() == 1);
  CHECK(faults_of(parse_layer_table("a : src/a : b\nb : src/b : a\n")).size() == 1);
  CHECK(faults_of(parse_layer_table("base : src/base :\npure dns\n")).size() == 1);
}

TEST_CASE("includes are read with their lines") {
  const auto includes = includes_of("// a\n#include <vector>\n\n # include \"a/b.hpp\" // c\n");
  REQUIRE(includes.size() == 2);
  CHECK(includes[0].name == "vector");
  CHECK_FALSE(includes[0].quoted);
  CHECK(includes[0].line == 2);
  CHECK(includes[1].name == "a/b.hpp");
  CHECK(includes[1].quoted);
  CHECK(includes[1].line == 4);
}
