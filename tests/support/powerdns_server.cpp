#include "support/powerdns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <regex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace mxsmith::tests {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};

fs::path program(const std::string& name) {
  if (auto found = find_program(name)) return *found;
  const fs::path outside_path = fs::path("/usr/sbin") / name;
  if (fs::exists(outside_path)) return outside_path;
  throw std::runtime_error("there is no " + name +
                           ": install pdns-server pdns-backend-sqlite3 sqlite3 "
                           "(scripts/install-packages.sh test)");
}

fs::path schema() {
  for (const char* place : {"/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql",
                            "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"}) {
    if (fs::exists(place)) return place;
  }
  throw std::runtime_error(
      "there is no schema for PowerDNS: install pdns-backend-sqlite3 "
      "(scripts/install-packages.sh test)");
}

RunResult run_or_throw(const std::string& name, RunOptions options) {
  RunResult result = run(program(name), options);
  if (result.exit == 0) return result;
  throw std::runtime_error(name + " failed: " + result.out + result.err);
}

/// A socket that closes itself.
struct Socket {
  explicit Socket(int type) : descriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    if (descriptor < 0) throw std::runtime_error("no socket");
  }
  ~Socket() { ::close(descriptor); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool bind_to(const Socket& socket, std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  return ::bind(socket.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
         0;
}

/// Sends everything and reads to the end of the connection; every answer of PowerDNS ends so.
std::string ask(std::uint16_t port, const std::string& text) {
  const Socket socket(SOCK_STREAM);
  const sockaddr_in address = loopback(port);
  if (::connect(socket.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    throw std::runtime_error("nobody answers at port " + std::to_string(port));
  }
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto count =
        ::send(socket.descriptor, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;  // it may have answered without reading everything
    sent += static_cast<std::size_t>(count);
  }
  std::string answer;
  char buffer[65536];
  for (;;) {
    const auto count = ::recv(socket.descriptor, buffer, sizeof buffer, 0);
    if (count <= 0) return answer;
    answer.append(buffer, static_cast<std::size_t>(count));
  }
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

PowerdnsServer::Answer parse_answer(const std::string& text) {
  PowerdnsServer::Answer answer;
  const auto end = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.", 0) != 0 || end == std::string::npos) {
    throw std::runtime_error("no HTTP answer: " + text);
  }
  answer.status = std::stoi(text.substr(9));
  answer.body = text.substr(end + 4);
  for (auto at = text.find("\r\n") + 2; at < end;) {
    const auto line_end = text.find("\r\n", at);
    const auto line = text.substr(at, line_end - at);
    const auto colon = line.find(": ");
    if (colon != std::string::npos) {
      answer.headers[lowered(line.substr(0, colon))] = line.substr(colon + 2);
    }
    at = line_end + 2;
  }
  return answer;
}

/// A JSON string; the texts of tests have no control characters but newlines and tabs.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      result += c;
    }
  }
  return result + '"';
}

}  // namespace

std::uint16_t free_port() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const Socket tcp(SOCK_STREAM);
    const Socket udp(SOCK_DGRAM);
    if (!bind_to(tcp, 0)) continue;
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(tcp.descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    if (bind_to(udp, ntohs(address.sin_port))) return ntohs(address.sin_port);
  }
  throw std::runtime_error("no free port");
}

PowerdnsServer::PowerdnsServer(const std::vector<std::string>& settings) : settings_(settings) {
  program("pdns_server");
  program("pdnsutil");
  RunOptions options;
  options.args = {(folder() / "pdns.sqlite3").string()};
  options.input = slurp(schema());
  run_or_throw("sqlite3", options);
  choose_ports();
  start();
}

PowerdnsServer::~PowerdnsServer() = default;  // Process kills it

std::string PowerdnsServer::url() const { return "http://127.0.0.1:" + std::to_string(api_port_); }

std::map<std::string, std::string> PowerdnsServer::environment() const {
  return {{"PDNS_API_URL", url()}, {"PDNS_API_KEY", key_}};
}

void PowerdnsServer::choose_ports() {
  api_port_ = free_port();
  do {
    dns_port_ = free_port();
  } while (dns_port_ == api_port_);
  write_settings();
}

void PowerdnsServer::write_settings() const {
  const std::string folder = folder_.path().string();
  std::string text =
      "launch=gsqlite3\ngsqlite3-database=" + folder +
      "/pdns.sqlite3\n"
      "gsqlite3-dnssec=yes\ngsqlite3-pragma-synchronous=0\n"
      "local-address=127.0.0.1\nlocal-port=" +
      std::to_string(dns_port_) + "\napi=yes\napi-key=" + key_ +
      "\nwebserver=yes\nwebserver-address=127.0.0.1\nwebserver-port=" + std::to_string(api_port_) +
      "\nwebserver-allow-from=127.0.0.1\nsocket-dir=" + folder +
      "\ncache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\ndomain-metadata-cache-ttl="
      "0\nloglevel=4\n";
  for (const auto& line : settings_) text += line + "\n";
  folder_.write("pdns.conf", text);
}

std::string PowerdnsServer::log() const {
  const fs::path file = folder() / "log";
  return fs::exists(file) ? slurp(file) : std::string();
}

bool PowerdnsServer::answers() const {
  try {
    return request("GET", "").status == 200;
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// Somebody else may take a port between its choice and its use: then other ones are taken.
void PowerdnsServer::start() {
  for (int attempt = 0; attempt < 5; ++attempt) {
    RunOptions options;
    // Its output goes to a file, since nobody reads a pipe; and it dies with the test.
    options.args = {"-c",
                    R"(log=$1; shift; exec setpriv --pdeathsig KILL "$@" >>"$log" 2>&1)",
                    "sh",
                    (folder() / "log").string(),
                    program("pdns_server").string(),
                    "--config-dir=" + folder().string(),
                    "--daemon=no",
                    "--guardian=no",
                    "--disable-syslog"};
    server_ = std::make_unique<Process>("/bin/sh", options);
    const auto until = Steady::now() + kPatience;
    while (Steady::now() < until) {
      if (answers()) return;
      if (log().find("Address already in use") != std::string::npos) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    server_.reset();
    if (Steady::now() >= until) break;
    fs::remove(folder() / "log");
    choose_ports();
  }
  throw std::runtime_error("pdns_server does not answer; it logged: " + log());
}

void PowerdnsServer::stop() {
  if (!server_) return;
  server_->kill(SIGTERM);
  server_->finish();
  server_.reset();
}

void PowerdnsServer::kill() { server_.reset(); }

void PowerdnsServer::restart() {
  stop();
  start();
}

PowerdnsServer::Answer PowerdnsServer::send(const Message& message) const {
  std::string text = message.method + " " + message.target +
                     " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
  for (const auto& [name, value] : message.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text += "Content-Length: " + std::to_string(message.body.size()) + "\r\n\r\n" + message.body;
  return parse_answer(ask(api_port_, text));
}

PowerdnsServer::Answer PowerdnsServer::request(const std::string& method, const std::string& target,
                                               const std::string& body) const {
  return send({method,
               "/api/v1/servers/localhost" + target,
               {{"X-API-Key", key_}, {"Accept", "application/json"}},
               body});
}

void PowerdnsServer::create_zone(const std::string& name, const std::string& zone_text,
                                 const std::string& kind) const {
  const Answer answer = request("POST", "/zones",
                                R"({"name":)" + quoted(name + ".") + R"(,"kind":)" + quoted(kind) +
                                    R"(,"nameservers":[],"zone":)" + quoted(zone_text) + "}");
  if (answer.status != 201) throw std::runtime_error("zone not created: " + answer.body);
}

std::string PowerdnsServer::zone(const std::string& name) const {
  // Without Accept: the text itself, not a JSON string of it.
  const Answer answer = send(
      {"GET", "/api/v1/servers/localhost/zones/" + name + "./export", {{"X-API-Key", key_}}, {}});
  if (answer.status != 200) throw std::runtime_error("zone not exported: " + answer.body);
  static const std::regex kSerial("(\tSOA\t[^ ]+ [^ ]+) [0-9]+");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < answer.body.size();) {
    const auto end = std::min(answer.body.find('\n', at), answer.body.size());
    lines.push_back(std::regex_replace(answer.body.substr(at, end - at), kSerial, "$1 SERIAL"));
    at = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& line : lines) text.append(line).append("\n");
  return text;
}

std::string PowerdnsServer::pdnsutil(std::vector<std::string> args) const {
  args.insert(args.begin(), "--config-dir=" + folder().string());
  RunOptions options;
  options.args = std::move(args);
  return run_or_throw("pdnsutil", options).out;
}

std::string PowerdnsServer::sql(const std::string& statements) const {
  RunOptions options;
  options.args = {"-cmd", ".timeout 10000", (folder() / "pdns.sqlite3").string()};
  options.input = statements;
  return run_or_throw("sqlite3", options).out;
}

}  // namespace mxsmith::tests
