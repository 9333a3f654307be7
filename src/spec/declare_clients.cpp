// mail.clients: SRV records, and the names that mail programs ask for settings.

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "mail/client_srv.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

namespace {

using mail::ClientService;
using plan::DesiredUnit;
using plan::OwnedClass;

/// The key of the SRV record whose label is also the name of an alias.
constexpr std::string_view kAutodiscoverSrv = "autodiscover_srv";

std::string key_of(const ClientService& service) {
  const std::string name(service.label.substr(1));
  return name == "autodiscover" ? std::string(kAutodiscoverSrv) : name;
}

const ClientService* service_of(std::string_view key) {
  const auto services = mail::client_services();
  const auto found = std::find_if(services.begin(), services.end(),
                                  [&](const ClientService& one) { return key_of(one) == key; });
  return found == services.end() ? nullptr : &*found;
}

class ClientsReader {
 public:
  ClientsReader(Declaring& declaring, const Node& block) : declaring_(declaring), block_(block) {}

  void declare() {
    for (const ClientService& service : mail::client_services()) {
      if (const Node* host = Declaring::text(block_, key_of(service))) offer(service, *host);
    }
    const Array* none = Declaring::list(block_, "none");
    for (std::size_t i = 0; none != nullptr && i < none->size(); ++i) {
      if ((*none)[i].string() != nullptr) deny((*none)[i]);
    }
    for (const std::string_view name : {"autodiscover", "autoconfig"}) {
      if (const Node* host = Declaring::text(block_, name)) alias(name, *host);
    }
  }

 private:
  /// "HOST" or "HOST:PORT".
  void offer(const ClientService& service, const Node& node) {
    const std::string& text = *node.string();
    const std::size_t colon = text.rfind(':');
    dns::Srv srv{0, 1, service.port, {}};
    if (colon != std::string::npos && !read_port(node, colon, srv.port)) return;
    const Node host_node{text.substr(0, colon), node.pos, node.quote};
    const auto host = declaring_.host(host_node);
    if (!host) return;
    if (host->is_root()) {
      declaring_.error("spec-clients", node.pos,
                       "\".\" is no host; a service that is not offered stands in `none`",
                       "none = [\"" + key_of(service) + "\"]");
      return;
    }
    srv.target = *host;
    add(service, srv, node);
  }

  bool read_port(const Node& node, std::size_t colon, std::uint16_t& port) {
    const std::string& text = *node.string();
    const char* begin = text.data() + colon + 1;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, port);
    if (error == std::errc() && stop == end && port != 0) return true;
    declaring_.error("spec-clients", node.at(colon + 1),
                     in_quotes(text.substr(colon + 1)) + " is no port",
                     "\"mail.example.com:993\", or the host alone for the usual port");
    return false;
  }

  void deny(const Node& node) {
    const ClientService* service = service_of(*node.string());
    if (service == nullptr) {
      declaring_.error("spec-clients", node.pos,
                       in_quotes(*node.string()) + " is no service" + suggestion(*node.string()),
                       "services: " + base::join(keys(), ", "));
      return;
    }
    if (const Node* host = Declaring::text(block_, key_of(*service))) {
      declaring_.error("spec-conflicting-keys", node.pos,
                       "mail.clients offers " + key_of(*service) + " at " +
                           in_quotes(*host->string()) + " and says that it is not offered",
                       "keep one of them");
      return;
    }
    add(*service, mail::not_offered(), node);
  }

  static std::vector<std::string> keys() {
    std::vector<std::string> keys;
    keys.reserve(mail::client_services().size());
    for (const ClientService& service : mail::client_services()) keys.push_back(key_of(service));
    return keys;
  }

  static std::string suggestion(const std::string& word) {
    const auto near = base::did_you_mean(word, keys());
    return near ? ", did you mean \"" + *near + "\"?" : "";
  }

  void add(const ClientService& service, dns::Srv srv, const Node& node) {
    const auto name = mail::client_srv_name(service, declaring_.zone());
    if (!name) {
      declaring_.error("spec-name", node.pos, name.fault().message, name.fault().hint);
      return;
    }
    DesiredUnit unit =
        declaring_.unit(*name, dns::Type::SRV, OwnedClass::whole, block_, "mail.clients");
    unit.pos = node.pos;
    unit.values = {{std::move(srv), node.pos}};
    declaring_.add(std::move(unit));
  }

  void alias(std::string_view label, const Node& node) {
    const auto name = declaring_.below_apex(node, label);
    const auto host = declaring_.host(node);
    if (!name || !host) return;
    if (*host == *name || host->is_root()) {
      declaring_.error("spec-clients", node.pos,
                       std::string(label) + " names " + in_quotes(*node.string()) +
                           ", which it cannot be an alias of",
                       "the host that answers there, or a [[record]] with its address");
      return;
    }
    DesiredUnit unit =
        declaring_.unit(*name, dns::Type::CNAME, OwnedClass::whole, block_, "mail.clients");
    unit.pos = node.pos;
    unit.values = {{dns::Cname{*host}, node.pos}};
    declaring_.add(std::move(unit));
  }

  Declaring& declaring_;
  const Node& block_;
};

}  // namespace

void declare_clients(Declaring& declaring, const Node& mail) {
  const Node* block = Declaring::block(mail, "clients");
  if (block != nullptr) ClientsReader(declaring, *block).declare();
}

}  // namespace mxsmith::spec
