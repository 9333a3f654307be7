#include "support/update_servers.hpp"

#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/powerdns_server.hpp"
#include "support/process.hpp"

namespace mxsmith::tests {

namespace {

using Steady = std::chrono::steady_clock;
using Lines = std::vector<std::string>;

constexpr std::chrono::seconds kPatience{30};

fs::path program(const std::string& name, const std::string& package) {
  if (auto found = find_program(name)) return *found;
  const fs::path outside_path = fs::path("/usr/sbin") / name;
  if (fs::exists(outside_path)) return outside_path;
  throw std::runtime_error("there is no " + name + ": install " + package +
                           " (scripts/install-packages.sh test)");
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::string zone_text(const std::string& zone) {
  return joined({"$ORIGIN " + zone + ".", "$TTL 3600",
                 "@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 300",
                 "@ NS ns1.example.net.", "@ NS ns2.example.net."});
}

std::vector<TestKey> all_keys() { return {sha256_key(), sha512_key(), reading_key()}; }

/// AppArmor, where Debian has it, lets the program at its own place read nothing of ours; it speaks
/// of the place, not of the program.
fs::path unconfined(const fs::path& program, const TemporaryDirectory& folder) {
  const fs::path enabled = "/sys/module/apparmor/parameters/enabled";
  if (!fs::exists(enabled) || slurp(enabled).substr(0, 1) != "Y") return program;
  const fs::path copy = folder.path() / program.filename();
  fs::copy_file(program, copy);
  return copy;
}

/// A program that serves in the foreground and logs a certain line once it does.
class Daemon : public UpdateServer {
 public:
  [[nodiscard]] std::uint16_t port() const override { return port_; }

 protected:
  [[nodiscard]] const TemporaryDirectory& folder() const { return folder_; }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  void write_zones(const Lines& zones) const {
    for (const auto& zone : zones) folder_.write("zones/" + zone, zone_text(zone));
    folder_.write(std::string("zones/") + kSignedZone, zone_text(kSignedZone));
  }

  /// Somebody else may take a port between its choice and its use: then another one is taken.
  template <class Settings>
  void start(const Lines& command, const std::string& ready, const Settings& write_settings) {
    for (int attempt = 0; attempt < 5; ++attempt) {
      port_ = free_port();
      write_settings();
      // Its output goes to a file, since nobody reads a pipe; and it dies with the test.
      RunOptions options;
      options.args = {"-c", R"(log=$1; shift; exec setpriv --pdeathsig KILL "$@" >>"$log" 2>&1)",
                      "sh", path("log")};
      options.args.insert(options.args.end(), command.begin(), command.end());
      process_ = std::make_unique<Process>("/bin/sh", options);
      const auto until = Steady::now() + kPatience;
      while (Steady::now() < until) {
        if (logged(ready)) return;
        if (logged("in use") || logged("exiting")) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      process_.reset();
      if (!logged("in use")) break;
      fs::remove(path("log"));
    }
    throw std::runtime_error(command.front() + " does not serve; it logged: " + log());
  }

 private:
  [[nodiscard]] std::string log() const {
    return fs::exists(path("log")) ? slurp(path("log")) : std::string();
  }
  [[nodiscard]] bool logged(const std::string& words) const {
    return log().find(words) != std::string::npos;
  }

  TemporaryDirectory folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;  ///< Destroying it kills it.
};

class Bind final : public Daemon {
 public:
  explicit Bind(const Lines& zones) {
    const fs::path named = unconfined(program("named", "bind9"), folder());
    write_zones(zones);
    start({named.string(), "-f", "-g", "-n", "1", "-c", path("named.conf")}, "all zones loaded",
          [&] { write_settings(zones); });
  }

 private:
  void write_settings(const Lines& zones) const {
    Lines lines;
    for (const auto& key : all_keys()) {
      lines.push_back("key \"" + key.name + "\" { algorithm " + key.algorithm + "; secret \"" +
                      key.secret + "\"; };");
    }
    lines.push_back("options { directory \"" + folder().path().string() + "\"; pid-file none;");
    lines.push_back("  session-keyfile none; managed-keys-directory \"" + folder().path().string() +
                    "\";");
    lines.push_back("  listen-on port " + std::to_string(port()) + " { 127.0.0.1; };");
    lines.emplace_back("  listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no;");
    lines.emplace_back("  allow-transfer { none; }; };");
    lines.emplace_back("controls { };");
    const std::string writers =
        "{ key \"" + sha256_key().name + "\"; key \"" + sha512_key().name + "\"; ";
    const auto add = [&](const std::string& zone, const std::string& signing) {
      lines.push_back("zone \"" + zone + "\" { type primary; file \"zones/" + zone + "\"; " +
                      signing + "allow-update " + writers + "}; allow-transfer " + writers +
                      "key \"" + reading_key().name + "\"; }; };");
    };
    for (const auto& zone : zones) add(zone, {});
    add(kSignedZone, "dnssec-policy default; inline-signing yes; ");
    folder().write("named.conf", joined(lines));
  }
};

class Knot final : public Daemon {
 public:
  explicit Knot(const Lines& zones) {
    const fs::path knotd = program("knotd", "knot");
    write_zones(zones);
    fs::create_directory(path("run"));
    fs::create_directory(path("db"));
    start({knotd.string(), "-c", path("knot.conf")}, "server started",
          [&] { write_settings(zones); });
  }

 private:
  void write_settings(const Lines& zones) const {
    Lines lines = {"server:",
                   "    rundir: \"" + path("run") + "\"",
                   "    listen: 127.0.0.1@" + std::to_string(port()),
                   "    udp-workers: 1",
                   "    tcp-workers: 2",
                   "    background-workers: 1"};
    // Otherwise it would change to a user who may not write here.
    if (::geteuid() == 0) lines.emplace_back("    user: root:root");
    for (const char* line : {"log:", "  - target: stderr", "    any: info", "database:"}) {
      lines.emplace_back(line);
    }
    lines.push_back("    storage: \"" + path("db") + "\"");
    lines.emplace_back("    journal-db-max-size: 64M");
    lines.emplace_back("key:");
    for (const auto& key : all_keys()) {
      lines.push_back("  - id: " + key.name);
      lines.push_back("    algorithm: " + key.algorithm);
      lines.push_back("    secret: " + key.secret);
    }
    lines.emplace_back("acl:");
    lines.emplace_back("  - id: writers");
    lines.push_back("    key: [" + sha256_key().name + ", " + sha512_key().name + "]");
    lines.emplace_back("    action: [transfer, update]");
    lines.emplace_back("  - id: readers");
    lines.push_back("    key: " + reading_key().name);
    lines.emplace_back("    action: transfer");
    lines.emplace_back("zone:");
    const auto add = [&](const std::string& zone, bool is_signed) {
      lines.push_back("  - domain: " + zone);
      lines.push_back("    file: \"" + path("zones/" + zone) + "\"");
      for (const char* line : {"    acl: [writers, readers]", "    zonefile-sync: -1",
                               "    zonefile-load: whole", "    journal-content: none"}) {
        lines.emplace_back(line);
      }
      if (is_signed) lines.emplace_back("    dnssec-signing: on");
    };
    for (const auto& zone : zones) add(zone, false);
    add(kSignedZone, true);
    folder().write("knot.conf", joined(lines));
  }
};

class Powerdns final : public UpdateServer {
 public:
  explicit Powerdns(const Lines& zones)
      : server_({"dnsupdate=yes", "allow-dnsupdate-from=127.0.0.0/8", "primary=yes",
                 "allow-axfr-ips="}) {
    for (const auto& key : all_keys()) {
      server_.pdnsutil({"import-tsig-key", key.name, key.algorithm, key.secret});
    }
    for (const auto& zone : zones) add(zone);
    add(kSignedZone);
    server_.pdnsutil({"secure-zone", kSignedZone});
  }
  [[nodiscard]] std::uint16_t port() const override { return server_.dns_port(); }

 private:
  void add(const std::string& zone) const {
    const std::string writers[] = {sha256_key().name, sha512_key().name};
    server_.create_zone(zone, zone_text(zone), "Master");
    server_.pdnsutil(
        {"set-meta", zone, "TSIG-ALLOW-AXFR", writers[0], writers[1], reading_key().name});
    server_.pdnsutil({"set-meta", zone, "TSIG-ALLOW-DNSUPDATE", writers[0], writers[1]});
    server_.pdnsutil({"set-meta", zone, "SOA-EDIT-DNSUPDATE", "INCREASE"});
  }

  PowerdnsServer server_;
};

}  // namespace

TestKey sha256_key() {
  return {"writer-256", "hmac-sha256", "bXhzbWl0aCB0ZXN0IGtleSBvZiAyNTYgYml0cyBsZW4="};
}
TestKey sha512_key() {
  return {"writer-512", "hmac-sha512",
          "YSBsb25nZXIgdGVzdCBrZXkgb2YgbXhzbWl0aCwgd2l0aCBtb3JlIG9jdGV0cyBpbiBpdCE="};
}
TestKey reading_key() {
  return {"reader", "hmac-sha256", "c29tZWJvZHkgd2hvIG1heSByZWFkIGFuZCBub3Qgd3JpdGU="};
}

std::unique_ptr<UpdateServer> start_bind(const std::vector<std::string>& zones) {
  return std::make_unique<Bind>(zones);
}
std::unique_ptr<UpdateServer> start_knot(const std::vector<std::string>& zones) {
  return std::make_unique<Knot>(zones);
}
std::unique_ptr<UpdateServer> start_powerdns(const std::vector<std::string>& zones) {
  return std::make_unique<Powerdns>(zones);
}

}  // namespace mxsmith::tests
