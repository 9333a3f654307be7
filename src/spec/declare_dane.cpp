// mail.dane: TLSA for the zone's own mail hosts, made from files of certificates and keys.

#include <algorithm>
#include <utility>

#include "mail/certificate.hpp"
#include "mail/tlsa.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

namespace {

using mail::TlsaMatching;
using mail::TlsaSelector;
using mail::TlsaUsage;
using plan::DesiredUnit;
using plan::OwnedClass;

constexpr std::int64_t kSmtp = 25;

struct Host {
  dns::Name name;
  base::SourcePos pos;
};

class DaneReader {
 public:
  DaneReader(Declaring& declaring, const Node& block) : declaring_(declaring), block_(block) {
    if (Declaring::word(block_, "usage", "") == "dane-ta") usage_ = TlsaUsage::dane_ta;
    if (Declaring::word(block_, "selector", "") == "certificate") {
      selector_ = TlsaSelector::certificate;
    }
    const std::string matching = Declaring::word(block_, "matching", "sha256");
    if (matching == "sha512") matching_ = TlsaMatching::sha512;
    if (matching == "full") matching_ = TlsaMatching::full;
  }

  void declare() {
    read_files("certificates");
    read_files("keys");
    if (!said_files_) {
      declaring_.error("spec-missing-key", block_.pos,
                       "[mail.dane] names neither `certificates` nor `keys`",
                       "certificates = [\"certs/mx1.pem\"]");
      return;
    }
    if (records_.empty()) return;  // Told above.
    for (const Host& host : hosts()) {
      for (const std::uint16_t port : ports()) add(host, port);
    }
  }

 private:
  void read_files(std::string_view key) {
    const Array* list = Declaring::list(block_, key);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      said_files_ = true;
      if ((*list)[i].string() != nullptr) read_file((*list)[i], key);
    }
  }

  void read_file(const Node& file, std::string_view key) {
    const std::string path = beside(file.pos, *file.string());
    const auto found = declaring_.key_files().find(path);
    // A file that is not there has been told when the spec was read.
    if (found == declaring_.key_files().end() || !found->second) return;
    const auto source = key == "keys" ? mail::read_key_or_certificate(*found->second)
                                      : the_certificate(*found->second);
    if (!source) return refuse(file, path, source.fault());
    auto record = mail::make_tlsa(*source, usage_, selector_, matching_);
    if (!record) return refuse(file, path, record.fault());
    const auto same = [&](const plan::DesiredValue& one) {
      return one.value == dns::Rdata(*record);
    };
    if (std::any_of(records_.begin(), records_.end(), same)) return;
    records_.push_back({std::move(*record), file.pos});
  }

  /// The host's own stands first in the file that a server sends; of an issuer there must be no
  /// doubt which one is meant.
  [[nodiscard]] base::Parsed<mail::Certificate> the_certificate(const std::string& text) const {
    auto all = mail::read_certificates(text);
    if (!all) return all.fault();
    if (usage_ == TlsaUsage::dane_ta && all->size() > 1) {
      return base::Fault{"holds " + std::to_string(all->size()) +
                             " certificates, and with dane-ta one has to be the issuer's",
                         "put the issuer's certificate alone into a file"};
    }
    return all->front();
  }

  void refuse(const Node& file, const std::string& path, const base::Fault& fault) {
    declaring_.error("spec-dane", file.pos, path + ": " + fault.message, fault.hint);
  }

  [[nodiscard]] std::vector<std::uint16_t> ports() const {
    std::vector<std::uint16_t> ports;
    const Array* list = Declaring::list(block_, "ports");
    if (list == nullptr) return {static_cast<std::uint16_t>(kSmtp)};
    for (const Node& node : *list) {
      const std::int64_t* number = node.integer();
      const bool right = number != nullptr && *number > 0 && *number < 65536;
      if (right) ports.push_back(static_cast<std::uint16_t>(*number));
    }
    return ports;
  }

  std::vector<Host> hosts() {
    const Array* list = Declaring::list(block_, "hosts");
    return list == nullptr ? own_exchanges() : listed_hosts(*list);
  }

  std::vector<Host> listed_hosts(const Array& list) {
    std::vector<Host> hosts;
    for (const Node& node : list) {
      const auto name = node.string() == nullptr ? std::nullopt : declaring_.host(node);
      if (!name) continue;
      if (name->is_at_or_below(declaring_.zone())) {
        hosts.push_back({*name, node.pos});
        continue;
      }
      declaring_.error("spec-outside-zone", node.pos,
                       "the host " + in_quotes(*node.string()) + " is outside the zone",
                       "TLSA records of a host stand in the host's own zone");
    }
    return hosts;
  }

  std::vector<Host> own_exchanges() {
    std::vector<Host> hosts;
    const dns::Key key{declaring_.zone(), dns::Type::MX};
    for (const DesiredUnit& unit : declaring_.units()) {
      if (unit.unit.key != key) continue;
      for (const plan::DesiredValue& value : unit.values) {
        const auto* mx = std::get_if<dns::Mx>(&value.value);
        const bool ours = mx != nullptr && mx->exchange.is_at_or_below(declaring_.zone());
        if (ours && !mx->is_null()) hosts.push_back({mx->exchange, block_.pos});
      }
    }
    if (hosts.empty()) {
      declaring_.error("spec-dane", block_.pos,
                       "no MX that is declared here lies in the zone: TLSA records of other hosts "
                       "stand in their own zones",
                       "hosts = [\"mail.@\"], where the hosts are in this zone all the same");
    }
    return hosts;
  }

  void add(const Host& host, std::uint16_t port) {
    const auto name = mail::tlsa_name(host.name, port);
    if (!name) {
      declaring_.error("spec-name", host.pos, name.fault().message, name.fault().hint);
      return;
    }
    DesiredUnit unit =
        declaring_.unit(*name, dns::Type::TLSA, OwnedClass::whole, block_, "mail.dane");
    unit.values = records_;
    declaring_.add(std::move(unit));
  }

  Declaring& declaring_;
  const Node& block_;
  TlsaUsage usage_ = TlsaUsage::dane_ee;
  TlsaSelector selector_ = TlsaSelector::key;
  TlsaMatching matching_ = TlsaMatching::sha256;
  bool said_files_ = false;
  std::vector<plan::DesiredValue> records_;
};

}  // namespace

void declare_dane(Declaring& declaring, const Node& mail) {
  if (const Node* block = Declaring::block(mail, "dane")) DaneReader(declaring, *block).declare();
}

}  // namespace mxsmith::spec
