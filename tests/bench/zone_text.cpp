#include "bench/zone_text.hpp"

#include <cstdint>

namespace mxsmith::bench {

namespace {

constexpr std::string_view kHead =
    "$ORIGIN example.com.\n"
    "$TTL 3600\n"
    "@\tIN\tSOA\tns1.example.com. hostmaster.example.com. 2026120100 7200 900 1209600 300\n"
    "\tIN\tNS\tns1\n"
    "\tIN\tNS\tns2\n"
    "; mail, as it is today\n"
    "\tIN\tMX\t10 mx1.oldmail.example.\n"
    "\tIN\tMX\t20 mx2.oldmail.example.\n"
    "\tIN\tMX\t30 backup.isp.example.\n"
    "\tIN\tTXT\t\"v=spf1 ip4:203.0.113.25 include:_spf.oldmail.example ~all\"\n"
    "\tIN\tTXT\t\"site-verification=0123456789abcdef\"\n"
    "ns1\tIN\tA\t192.0.2.1\n"
    "ns2\tIN\tA\t192.0.2.2\n";
constexpr std::size_t kHeadRecords = 10;

std::string address(std::size_t host) {
  return "10." + std::to_string((host >> 16) & 255) + "." + std::to_string((host >> 8) & 255) +
         "." + std::to_string(host & 255);
}

/// Record `i` of a repeating pattern of eight; `turn` differs where the set is to differ.
std::string record(std::size_t i, std::size_t turn) {
  const std::string number = std::to_string(i / 8);
  const std::string host = "host" + number;
  switch (i % 8) {
    case 0: return host + "\tIN\tA\t" + address(i + turn) + "\n";
    case 1: return "\tIN\tAAAA\t2001:db8::" + std::to_string((i + turn) % 9999) + "\n";
    case 2: return "www." + host + "\t300\tIN\tCNAME\t" + host + "\n";
    case 3: return "api" + number + "\tIN\tA\t" + address(i + turn) + "\n";
    case 4: return "\tIN\tA\t" + address(i + 1 + turn) + " ; second of a pair\n";
    case 5: return host + ".dept\tIN\tMX\t" + std::to_string(10 + turn) + " mail." + host + "\n";
    case 6: return "\tIN\tTXT\t\"token=" + std::to_string(i * 2654435761U + turn) + "\"\n";
    default:
      return "_sip._tcp." + host + "\t1h\tIN\tSRV\t" + std::to_string(turn) + " 5 5060 " + host +
             "\n";
  }
}

std::string text_of(std::size_t records, std::size_t stride) {
  std::string text(kHead);
  text.reserve(records * 48);
  for (std::size_t i = 0; i + kHeadRecords < records; ++i) {
    text += record(i, stride != 0 && i % stride == stride - 1 ? 1 : 0);
  }
  return text;
}

}  // namespace

std::string zone_text(std::size_t records) { return text_of(records, 0); }

std::string zone_text_with_changes(std::size_t records, std::size_t stride) {
  return text_of(records, stride);
}

}  // namespace mxsmith::bench
