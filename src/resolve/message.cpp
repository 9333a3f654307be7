#include "resolve/message.hpp"

#include <array>

namespace mxsmith::resolve {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::uint16_t kToQuestion = 0xc000 | kHeader;  ///< A pointer to the question's name.

constexpr std::array<std::pair<Rcode, const char*>, 15> kRcodes = {{{Rcode::noerror, "NOERROR"},
                                                                    {Rcode::formerr, "FORMERR"},
                                                                    {Rcode::servfail, "SERVFAIL"},
                                                                    {Rcode::nxdomain, "NXDOMAIN"},
                                                                    {Rcode::notimp, "NOTIMP"},
                                                                    {Rcode::refused, "REFUSED"},
                                                                    {Rcode::yxdomain, "YXDOMAIN"},
                                                                    {Rcode::yxrrset, "YXRRSET"},
                                                                    {Rcode::nxrrset, "NXRRSET"},
                                                                    {Rcode::notauth, "NOTAUTH"},
                                                                    {Rcode::notzone, "NOTZONE"},
                                                                    {Rcode::badsig, "BADSIG"},
                                                                    {Rcode::badkey, "BADKEY"},
                                                                    {Rcode::badtime, "BADTIME"},
                                                                    {Rcode::badtrunc, "BADTRUNC"}}};

}  // namespace

std::string rcode_name(Rcode rcode) {
  for (const auto& [known, name] : kRcodes) {
    if (known == rcode) return name;
  }
  return "RCODE " + std::to_string(static_cast<int>(rcode));
}

void put16(std::string& wire, std::uint16_t value) {
  wire += static_cast<char>(value >> 8);
  wire += static_cast<char>(value & 0xff);
}

void put32(std::string& wire, std::uint32_t value) {
  put16(wire, static_cast<std::uint16_t>(value >> 16));
  put16(wire, static_cast<std::uint16_t>(value & 0xffff));
}

std::uint16_t get16(std::string_view wire, std::size_t at) {
  const unsigned high = static_cast<unsigned char>(wire[at]);
  return static_cast<std::uint16_t>(high << 8 | static_cast<unsigned char>(wire[at + 1]));
}

void set16(std::string& wire, std::size_t at, std::uint16_t value) {
  wire[at] = static_cast<char>(value >> 8);
  wire[at + 1] = static_cast<char>(value & 0xff);
}

MessageWriter::MessageWriter(std::uint16_t id, Opcode opcode, const Question& question)
    : zone_(question.name) {
  put16(wire_, id);
  put16(wire_, static_cast<std::uint16_t>(static_cast<unsigned>(opcode) << 11));
  put16(wire_, 1);
  wire_.append(6, '\0');
  wire_ += question.name.wire();
  put16(wire_, static_cast<std::uint16_t>(question.type));
  put16(wire_, static_cast<std::uint16_t>(Class::in));
}

void MessageWriter::put_owner(const dns::Name& owner) {
  if (zone_.is_root() || !owner.is_at_or_below(zone_)) {
    wire_ += owner.wire();
    return;
  }
  wire_ += owner.wire().substr(0, owner.wire().size() - zone_.wire().size());
  put16(wire_, kToQuestion);
}

void MessageWriter::add(Section section, const Record& record) {
  const std::size_t count_at = 6 + 2 * static_cast<std::size_t>(section);
  set16(wire_, count_at, static_cast<std::uint16_t>(get16(wire_, count_at) + 1));
  put_owner(record.owner);
  put16(wire_, static_cast<std::uint16_t>(record.type));
  put16(wire_, static_cast<std::uint16_t>(record.rr_class));
  put32(wire_, record.ttl);
  put16(wire_, static_cast<std::uint16_t>(record.rdata.size()));
  wire_ += record.rdata;
}

}  // namespace mxsmith::resolve
