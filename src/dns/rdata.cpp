#include "dns/rdata.hpp"

#include <algorithm>

#include "dns/address.hpp"
#include "dns/opaque.hpp"

namespace mxsmith::dns {

namespace {

constexpr std::size_t kMaxRdata = 65535;
constexpr std::size_t kMaxString = 255;

void put16(std::string& out, std::uint16_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 0xff);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value >> 16));
  put16(out, static_cast<std::uint16_t>(value & 0xffff));
}

/// RFC 1035 section 3.3: character-strings of at most 255 octets, at least one.
void put_strings(std::string& out, std::string_view octets) {
  do {
    const auto piece = octets.substr(0, kMaxString);
    out += static_cast<char>(piece.size());
    out += piece;
    octets.remove_prefix(piece.size());
  } while (!octets.empty());
}

struct WireWriter {
  std::string out;
  void operator()(const A& r) { out.assign(r.address.begin(), r.address.end()); }
  void operator()(const Aaaa& r) { out.assign(r.address.begin(), r.address.end()); }
  void operator()(const Cname& r) { out = r.target.wire(); }
  void operator()(const Ns& r) { out = r.target.wire(); }
  void operator()(const Ptr& r) { out = r.target.wire(); }
  void operator()(const Mx& r) {
    put16(out, r.preference);
    out += r.exchange.wire();
  }
  void operator()(const Txt& r) { put_strings(out, r.octets); }
  void operator()(const Srv& r) {
    put16(out, r.priority);
    put16(out, r.weight);
    put16(out, r.port);
    out += r.target.wire();
  }
  void operator()(const Tlsa& r) {
    out += static_cast<char>(r.usage);
    out += static_cast<char>(r.selector);
    out += static_cast<char>(r.matching_type);
    out += r.association;
  }
  void operator()(const Caa& r) {
    out += static_cast<char>(r.flags);
    out += static_cast<char>(r.tag.view().size());
    out += r.tag;
    out += r.value;
  }
  void operator()(const Soa& r) {
    out += r.mname.wire();
    out += r.rname.wire();
    for (const auto number : {r.serial, r.refresh, r.retry, r.expire, r.minimum}) {
      put32(out, number);
    }
  }
  void operator()(const Svcb& r) {
    put16(out, r.priority);
    out += r.target.wire();
    out += r.params;
  }
  void operator()(const Opaque& r) { out = r.wire; }
};

/// Takes field after field off wire form; `good` turns false for ever when one does not fit.
class WireReader {
 public:
  explicit WireReader(std::string_view wire) : rest_(wire) {}

  std::string_view take(std::size_t count) {
    if (rest_.size() < count) good_ = false;
    if (!good_) return {};
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::uint8_t u8() {
    const auto octets = take(1);
    return good_ ? static_cast<std::uint8_t>(octets[0]) : std::uint8_t{0};
  }
  std::uint16_t u16() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  Name name() {
    std::size_t size = 0;
    while (size < rest_.size() && rest_[size] != 0) {
      size += static_cast<unsigned char>(rest_[size]) + 1U;
    }
    auto parsed = Name::from_wire(take(size + 1));
    if (good_ && parsed.ok()) return *std::move(parsed);
    good_ = false;
    return {};
  }
  std::string_view all() { return take(rest_.size()); }
  template <std::size_t N>
  std::array<std::uint8_t, N> address() {
    std::array<std::uint8_t, N> out{};
    const auto octets = take(N);
    for (std::size_t i = 0; i < N && i < octets.size(); ++i) {
      out[i] = static_cast<std::uint8_t>(octets[i]);
    }
    return out;
  }
  std::string strings() {
    std::string out;
    do {
      out += take(u8());
    } while (good_ && !rest_.empty());
    return out;
  }
  void require(bool condition) { good_ = good_ && condition; }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

Caa read_caa(WireReader& reader) {
  Caa caa;
  caa.flags = reader.u8();
  std::string tag(reader.take(reader.u8()));
  reader.require(!tag.empty());
  for (char& c : tag) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    reader.require((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }
  caa.tag = tag;
  caa.value = reader.all();
  return caa;
}

/// RFC 9460 section 2.2: keys ascend strictly, each value has its length before it.
std::string read_svc_params(WireReader& reader) {
  std::string params;
  int last = -1;
  while (reader.good() && !reader.empty()) {
    const std::uint16_t key = reader.u16();
    const std::uint16_t length = reader.u16();
    const auto value = reader.take(length);
    reader.require(key > last);
    last = key;
    put16(params, key);
    put16(params, length);
    params += value;
  }
  return params;
}

// Braced initializers are evaluated from left to right, which is the order of the fields.
Rdata read_rdata(Type type, WireReader& in) {
  switch (type) {
    case Type::A: return A{in.address<4>()};
    case Type::AAAA: return Aaaa{in.address<16>()};
    case Type::CNAME: return Cname{in.name()};
    case Type::NS: return Ns{in.name()};
    case Type::PTR: return Ptr{in.name()};
    case Type::MX: return Mx{in.u16(), in.name()};
    case Type::TXT: return Txt{in.strings()};
    case Type::SRV: return Srv{in.u16(), in.u16(), in.u16(), in.name()};
    case Type::TLSA: return Tlsa{in.u8(), in.u8(), in.u8(), std::string(in.all())};
    case Type::CAA: return read_caa(in);
    case Type::SOA:
      return Soa{in.name(), in.name(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32()};
    case Type::SVCB:
    case Type::HTTPS: return Svcb{type, in.u16(), in.name(), read_svc_params(in)};
    default: return Opaque{type, std::string(in.all())};
  }
}

struct TypeOf {
  Type operator()(const A&) const { return Type::A; }
  Type operator()(const Aaaa&) const { return Type::AAAA; }
  Type operator()(const Cname&) const { return Type::CNAME; }
  Type operator()(const Ns&) const { return Type::NS; }
  Type operator()(const Ptr&) const { return Type::PTR; }
  Type operator()(const Mx&) const { return Type::MX; }
  Type operator()(const Txt&) const { return Type::TXT; }
  Type operator()(const Srv&) const { return Type::SRV; }
  Type operator()(const Tlsa&) const { return Type::TLSA; }
  Type operator()(const Caa&) const { return Type::CAA; }
  Type operator()(const Soa&) const { return Type::SOA; }
  Type operator()(const Svcb& r) const { return r.type; }
  Type operator()(const Opaque& r) const { return r.type; }
};

void put_escaped(std::string& out, std::string_view octets) {
  for (const char c : octets) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c >= 0x20 && c < 0x7f) {
      out += c;
    } else {
      const auto value = static_cast<unsigned char>(c);
      out += '\\';
      out += static_cast<char>('0' + value / 100);
      out += static_cast<char>('0' + value / 10 % 10);
      out += static_cast<char>('0' + value % 10);
    }
  }
}

std::string quoted(std::string_view octets) {
  std::string out = "\"";
  put_escaped(out, octets);
  return out + '"';
}

std::string hex(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(octets.size() * 2);
  for (const char c : octets) {
    const auto value = static_cast<unsigned char>(c);
    out += kDigits[value >> 4];
    out += kDigits[value & 15];
  }
  return out;
}

/// RFC 3597 section 5.
std::string generic(std::string_view wire) {
  const std::string head = "\\# " + std::to_string(wire.size());
  return wire.empty() ? head : head + " " + hex(wire);
}

/// Numbers and words with a blank between.
template <class... Fields>
std::string fields(const Fields&... each) {
  std::string out;
  const auto add = [&out](const auto& field) {
    if (!out.empty()) out += ' ';
    if constexpr (std::is_integral_v<std::decay_t<decltype(field)>>) {
      out += std::to_string(field);
    } else {
      out += field;
    }
  };
  (add(each), ...);
  return out;
}

struct Printer {
  std::string operator()(const A& r) const { return print_ipv4(r.address); }
  std::string operator()(const Aaaa& r) const { return print_ipv6(r.address); }
  std::string operator()(const Cname& r) const { return r.target.text(); }
  std::string operator()(const Ns& r) const { return r.target.text(); }
  std::string operator()(const Ptr& r) const { return r.target.text(); }
  std::string operator()(const Mx& r) const { return fields(r.preference, r.exchange.text()); }
  std::string operator()(const Txt& r) const {
    std::string_view rest = r.octets;
    std::string out;
    do {
      const auto piece = rest.substr(0, kMaxString);
      if (!out.empty()) out += ' ';
      out += quoted(piece);
      rest.remove_prefix(piece.size());
    } while (!rest.empty());
    return out;
  }
  std::string operator()(const Srv& r) const {
    return fields(r.priority, r.weight, r.port, r.target.text());
  }
  std::string operator()(const Tlsa& r) const {
    // Empty association data has no presentation form.
    if (r.association.empty()) return generic(to_wire(r));
    return fields(r.usage, r.selector, r.matching_type, hex(r.association));
  }
  std::string operator()(const Caa& r) const {
    return fields(r.flags, r.tag.view(), quoted(r.value));
  }
  std::string operator()(const Soa& r) const {
    return fields(r.mname.text(), r.rname.text(), r.serial, r.refresh, r.retry, r.expire,
                  r.minimum);
  }
  std::string operator()(const Svcb& r) const { return rare(r.type, to_wire(r)); }
  std::string operator()(const Opaque& r) const { return rare(r.type, r.wire); }
  static std::string rare(Type type, const std::string& wire) {
    return text_of_wire(type, wire).value_or(generic(wire));
  }
};

}  // namespace

Type type_of(const Rdata& rdata) { return std::visit(TypeOf{}, rdata); }

std::string print_rdata(const Rdata& rdata) { return std::visit(Printer{}, rdata); }

std::string to_wire(const Rdata& rdata) {
  WireWriter writer;
  std::visit(writer, rdata);
  return std::move(writer.out);
}

base::Parsed<Rdata> from_wire(Type type, std::string_view wire) {
  if (wire.size() > kMaxRdata) return base::Fault{"the rdata is longer than 65535 octets"};
  WireReader reader(wire);
  Rdata value = read_rdata(type, reader);
  if (reader.done()) return value;
  return base::Fault{"the octets are not the rdata of " + type_name(type)};
}

}  // namespace mxsmith::dns
