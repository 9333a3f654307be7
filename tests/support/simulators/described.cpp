#include "support/simulators/described.hpp"

#include <cstdlib>
#include <iostream>

#include "base/text.hpp"
#include "http/json.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;

fs::path place_of(const std::string& file) {
  const char* set = std::getenv("MXSMITH_SHARED");
  const fs::path root = set != nullptr ? fs::path(set) : fs::path(MXSMITH_SOURCE_DIR) / "../shared";
  return root / "data" / file;
}

Json json_of(const http::Headers& headers) {
  Json all = Json::object();
  for (const auto& [name, value] : headers.fields()) all.add(base::to_lower(name), value);
  return all;
}

Json json_of(const std::string& body) {
  return body.empty() ? Json() : http::parse_json(body, "an exchange");
}

std::string text_of(const std::vector<Simulator::Exchange>& exchanges) {
  Json all = Json::array();
  for (const auto& [request, response] : exchanges) {
    const std::size_t path = request.url.find('/', request.url.find("://") + 3);
    all.push(Json::object({{"method", std::string(http::method_name(request.method))},
                           {"path", request.url.substr(path)},
                           {"request_headers", json_of(request.headers)},
                           {"request", json_of(request.body)},
                           {"status", response.status},
                           {"response_headers", json_of(response.headers)},
                           {"response", json_of(response.body.text())}}));
  }
  return http::print_json(all);
}

}  // namespace

void check_described(const std::string& file, const std::vector<Simulator::Exchange>& exchanges,
                     const std::vector<std::string>& options) {
  const fs::path description = place_of(file);
  if (!fs::exists(description)) {
    std::cerr << "NOT RUN: exchanges against the published description, there is no "
              << description.string() << " (set MXSMITH_SHARED)\n";
    const char* demand = std::getenv("MXSMITH_DEMAND_SHARED");
    if (demand != nullptr && std::string(demand) == "1") FAIL("the description is demanded");
    return;
  }
  const TemporaryDirectory folder;
  const fs::path recorded = folder.write("exchanges.json", text_of(exchanges));
  RunOptions run_options;
  run_options.args = {std::string(MXSMITH_SOURCE_DIR) + "/tests/support/check_exchanges.py",
                      description.string(), recorded.string()};
  run_options.args.insert(run_options.args.end(), options.begin(), options.end());
  const RunResult checked = run("/usr/bin/python3", run_options);
  INFO(checked.out << checked.err);
  CHECK(checked.exit == 0);
  CHECK(checked.out.find(std::to_string(exchanges.size()) + " exchanges checked") !=
        std::string::npos);
}

}  // namespace mxsmith::tests
