// A plan too large for one message, at a real name server that is known by the environment alone.
#include <string>

#include "cli/transcript.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/update_servers.hpp"

using namespace mxsmith::tests;

TEST_CASE("what does not fit into one UPDATE is planned as several, applied, and undone") {
  const auto server = start_bind({"example.com"});
  const TemporaryDirectory folder;
  std::string spec = "zone = \"example.com\"\nprovider = \"rfc2136\"\n";
  for (int i = 0; i < 300; ++i) {
    spec += "[[record]]\nname = \"t" + std::to_string(i) + "\"\ntype = \"TXT\"\nvalues = [\"" +
            std::string(200, 'x') + "\"]\n";
  }
  folder.write("example.com.toml", spec);
  const auto mxsmith = [&](std::vector<std::string> args) {
    RunOptions options = in_folder(folder.path(), std::move(args));
    options.environment["RFC2136_NAMESERVER"] = "127.0.0.1:" + std::to_string(server->port());
    options.environment["RFC2136_TSIG_KEY"] = sha512_key().name;
    options.environment["RFC2136_TSIG_ALGORITHM"] = sha512_key().algorithm;
    options.environment["RFC2136_TSIG_SECRET"] = sha512_key().secret;
    return run(MXSMITH_BINARY, options);
  };
  const RunResult planned = mxsmith({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.exit == 0);
  CHECK(planned.out.find("Step 1") != std::string::npos);
  CHECK(planned.out.find("Step 2") != std::string::npos);
  CHECK(mxsmith({"apply", "--yes"}).exit == 0);
  CHECK(mxsmith({"plan", "--detailed-exitcode"}).exit == 0);
  const RunResult back =
      mxsmith({"rollback", "example.com", "--yes", "--allow", "mass-delete:example.com"});
  INFO(back.out << back.err);
  CHECK(back.exit == 0);
  const std::string said = planned.out + planned.err + back.out + back.err;
  CHECK(said.find(sha512_key().secret) == std::string::npos);
}
