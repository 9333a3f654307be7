#include "conformance/dns_client.hpp"

#include "dns/ldns.hpp"
// ldns.hpp must stand above.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace mxsmith::conformance {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Packet = std::unique_ptr<ldns_pkt, Freed<ldns_pkt_free>>;
using Rdf = std::unique_ptr<ldns_rdf, Freed<ldns_rdf_deep_free>>;
using Buffer = std::unique_ptr<ldns_buffer, Freed<ldns_buffer_free>>;

void must(bool holds, const std::string& otherwise) {
  if (!holds) throw std::runtime_error("the tests' DNS client: " + otherwise);
}

ldns_rdf* new_name(const dns::Name& name) {
  ldns_rdf* rdf = ldns_dname_new_frm_str(name.text().c_str());
  must(rdf != nullptr, "no name: " + name.text());
  return rdf;
}

class Connection {
 public:
  explicit Connection(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    must(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
         "nobody at port " + std::to_string(port));
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(const ldns_pkt* packet) const {
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    must(ldns_pkt2wire(&wire, packet, &size) == LDNS_STATUS_OK, "no wire form");
    std::string framed{static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
    framed.append(reinterpret_cast<const char*>(wire), size);
    std::free(wire);
    must(::send(socket_, framed.data(), framed.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(framed.size()),
         "not sent");
  }
  [[nodiscard]] Packet receive() const {
    const std::string head = read(2);
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(head[0])) << 8 |
                      static_cast<unsigned char>(head[1]);
    const std::string wire = read(size);
    ldns_pkt* packet = nullptr;
    const auto status =
        ldns_wire2pkt(&packet, reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size());
    must(status == LDNS_STATUS_OK, ldns_get_errorstr_by_id(status));
    return Packet(packet);
  }

 private:
  [[nodiscard]] std::string read(std::size_t size) const {
    std::string octets(size, '\0');
    must(::recv(socket_, octets.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size),
         "the server closed the connection");
    return octets;
  }
  int socket_;
};

void sign(ldns_pkt* packet, const tests::TestKey& key) {
  const auto status = ldns_pkt_tsig_sign(packet, (key.name + ".").c_str(), key.secret.c_str(), 300,
                                         (key.algorithm + ".").c_str(), nullptr);
  must(status == LDNS_STATUS_OK, ldns_get_errorstr_by_id(status));
}

void check(const ldns_pkt* packet) {
  const int rcode = ldns_pkt_get_rcode(packet);
  must(rcode == LDNS_RCODE_NOERROR, "the server answered rcode " + std::to_string(rcode));
}

ServedRecord served(const ldns_rr* rr) {
  const ldns_rdf* owner = ldns_rr_owner(rr);
  ServedRecord record;
  const std::string wire(reinterpret_cast<const char*>(ldns_rdf_data(owner)), ldns_rdf_size(owner));
  record.key = {*dns::Name::from_wire(wire), static_cast<dns::Type>(ldns_rr_get_type(rr))};
  record.ttl = ldns_rr_ttl(rr);
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(rr, i);
    record.wire.append(reinterpret_cast<const char*>(ldns_rdf_data(field)), ldns_rdf_size(field));
  }
  return record;
}

ldns_rr* rr_of(const DnsClient::Deed& deed) {
  const auto type = static_cast<ldns_rr_type>(deed.key.type);
  if (deed.kind == DnsClient::Deed::Kind::remove_set) {
    ldns_rr* rr = ldns_rr_new();
    ldns_rr_set_owner(rr, new_name(deed.key.name));
    ldns_rr_set_type(rr, type);
    ldns_rr_set_class(rr, LDNS_RR_CLASS_ANY);
    ldns_rr_set_ttl(rr, 0);
    return rr;
  }
  const bool adds = deed.kind == DnsClient::Deed::Kind::add;
  const std::string text = deed.key.name.text() + " " + std::to_string(adds ? deed.ttl : 0) +
                           " IN " + dns::type_name(deed.key.type) + " " + deed.value;
  ldns_rr* rr = nullptr;
  const auto status = ldns_rr_new_frm_str(&rr, text.c_str(), 0, nullptr, nullptr);
  must(status == LDNS_STATUS_OK, text + ": " + ldns_get_errorstr_by_id(status));
  if (!adds) ldns_rr_set_class(rr, LDNS_RR_CLASS_NONE);
  return rr;
}

}  // namespace

std::vector<ServedRecord> DnsClient::transfer(const dns::Name& zone) const {
  const Packet question(ldns_pkt_query_new(new_name(zone), LDNS_RR_TYPE_AXFR, LDNS_RR_CLASS_IN, 0));
  ldns_pkt_set_random_id(question.get());
  sign(question.get(), key_);
  const Connection connection(port_);
  connection.send(question.get());
  std::vector<ServedRecord> records;
  for (int soas = 0; soas < 2;) {
    const Packet answer = connection.receive();
    check(answer.get());
    const ldns_rr_list* all = ldns_pkt_answer(answer.get());
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(all); ++i) {
      ServedRecord record = served(ldns_rr_list_rr(all, i));
      soas += record.key.type == dns::Type::SOA ? 1 : 0;
      if (soas < 2) records.push_back(std::move(record));
    }
  }
  return records;
}

void DnsClient::update(const dns::Name& zone, const std::vector<Deed>& deeds) const {
  const Packet packet(ldns_pkt_new());
  ldns_pkt_set_random_id(packet.get());
  ldns_pkt_set_opcode(packet.get(), LDNS_PACKET_UPDATE);
  ldns_rr* asked = ldns_rr_new();
  ldns_rr_set_owner(asked, new_name(zone));
  ldns_rr_set_type(asked, LDNS_RR_TYPE_SOA);
  ldns_rr_set_class(asked, LDNS_RR_CLASS_IN);
  ldns_rr_set_question(asked, true);
  ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, asked);
  for (const Deed& deed : deeds) {
    ldns_pkt_push_rr(packet.get(), LDNS_SECTION_AUTHORITY, rr_of(deed));
  }
  sign(packet.get(), key_);
  const Connection connection(port_);
  connection.send(packet.get());
  check(connection.receive().get());
}

}  // namespace mxsmith::conformance
