#include "dns/opaque.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "dns/ldns.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::dns {

namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};
void free_text(char* text) { LDNS_FREE(text); }
using Rr = std::unique_ptr<ldns_rr, Free<ldns_rr_free>>;
using Rdf = std::unique_ptr<ldns_rdf, Free<ldns_rdf_deep_free>>;
using Buffer = std::unique_ptr<ldns_buffer, Free<ldns_buffer_free>>;
using Text = std::unique_ptr<char, Free<free_text>>;

constexpr std::size_t kMaxRdata = 65535;

/// ldns gives types without a presentation form one of unknown data only.
bool has_presentation(Type type) {
  const auto* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(type));
  return descriptor != nullptr && descriptor->_name != nullptr &&
         descriptor->_type == static_cast<ldns_rr_type>(type);
}

base::Parsed<std::string> rdata_of(const ldns_rr& rr) {
  const Buffer buffer(ldns_buffer_new(LDNS_MIN_BUFLEN));
  if (!buffer || ldns_rr_rdata2buffer_wire(buffer.get(), &rr) != LDNS_STATUS_OK) {
    return base::Fault{"the rdata cannot be written in wire form"};
  }
  // The length of the rdata comes first.
  const auto* begin = reinterpret_cast<const char*>(ldns_buffer_begin(buffer.get()));
  std::string wire(begin, ldns_buffer_position(buffer.get()));
  if (wire.size() > kMaxRdata) return base::Fault{"the rdata is longer than 65535 octets"};
  return wire;
}

Rr rr_of_wire(Type type, std::string_view wire) {
  const auto number = static_cast<std::uint16_t>(type);
  std::vector<std::uint8_t> packet{0,
                                   static_cast<std::uint8_t>(number >> 8),
                                   static_cast<std::uint8_t>(number & 0xff),
                                   0,
                                   1,
                                   0,
                                   0,
                                   0,
                                   0,
                                   static_cast<std::uint8_t>(wire.size() >> 8),
                                   static_cast<std::uint8_t>(wire.size() & 0xff)};
  packet.insert(packet.end(), wire.begin(), wire.end());
  ldns_rr* rr = nullptr;
  std::size_t position = 0;
  const auto status =
      ldns_wire2rr(&rr, packet.data(), packet.size(), &position, LDNS_SECTION_ANSWER);
  Rr owned(status == LDNS_STATUS_OK ? rr : nullptr);
  if (position != packet.size()) owned.reset();
  return owned;
}

bool is_plain_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

base::Parsed<std::string> wire_of_text(Type type, const std::string& text, const Name& origin) {
  const std::string hint = "write it as \\# LENGTH HEX (RFC 3597)";
  if (!has_presentation(type)) {
    return base::Fault{"type " + type_name(type) + " has no presentation form known here", hint};
  }
  if (text.find('\0') != std::string::npos) return base::Fault{"the rdata has a NUL octet", hint};
  const Rdf origin_rdf(ldns_dname_new_frm_str(origin.text().c_str()));
  const std::string line = ". 3600 IN " + type_name(type) + " " + text;
  ldns_rr* rr = nullptr;
  const auto status = ldns_rr_new_frm_str(&rr, line.c_str(), 0, origin_rdf.get(), nullptr);
  const Rr owned(status == LDNS_STATUS_OK ? rr : nullptr);
  if (!owned) {
    return base::Fault{"not the rdata of " + type_name(type) + ": " +
                       ldns_get_errorstr_by_id(status)};
  }
  return rdata_of(*owned);
}

std::optional<std::string> text_of_wire(Type type, std::string_view wire) {
  if (!has_presentation(type) || wire.empty() || wire.size() > kMaxRdata) return std::nullopt;
  const Rr rr = rr_of_wire(type, wire);
  if (!rr) return std::nullopt;
  const Text line(ldns_rr2str_fmt(ldns_output_format_nocomments, rr.get()));
  if (!line) return std::nullopt;
  // Owner, TTL, class and type stand before the rdata, a tab after each.
  std::string_view text(line.get());
  for (int field = 0; field < 4; ++field) {
    const std::size_t tab = text.find('\t');
    if (tab == std::string_view::npos) return std::nullopt;
    text.remove_prefix(tab + 1);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty() || !is_plain_line(text)) return std::nullopt;
  // ldns leaves some signs unescaped in names that zone files need escaped.
  const auto back = parse_rdata(type, text, Name());
  if (!back.ok() || to_wire(*back) != wire) return std::nullopt;
  return std::string(text);
}

}  // namespace mxsmith::dns
