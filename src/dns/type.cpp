#include "dns/type.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mxsmith::dns {

namespace {

struct Mnemonic {
  std::uint16_t number;
  std::string_view text;
};

/// IANA's registry of resource record types, by number, without meta types.
constexpr Mnemonic kMnemonics[] = {
    {1, "A"},        {2, "NS"},         {3, "MD"},        {4, "MF"},          {5, "CNAME"},
    {6, "SOA"},      {7, "MB"},         {8, "MG"},        {9, "MR"},          {10, "NULL"},
    {11, "WKS"},     {12, "PTR"},       {13, "HINFO"},    {14, "MINFO"},      {15, "MX"},
    {16, "TXT"},     {17, "RP"},        {18, "AFSDB"},    {19, "X25"},        {20, "ISDN"},
    {21, "RT"},      {22, "NSAP"},      {23, "NSAP-PTR"}, {24, "SIG"},        {25, "KEY"},
    {26, "PX"},      {27, "GPOS"},      {28, "AAAA"},     {29, "LOC"},        {30, "NXT"},
    {31, "EID"},     {32, "NIMLOC"},    {33, "SRV"},      {34, "ATMA"},       {35, "NAPTR"},
    {36, "KX"},      {37, "CERT"},      {38, "A6"},       {39, "DNAME"},      {40, "SINK"},
    {42, "APL"},     {43, "DS"},        {44, "SSHFP"},    {45, "IPSECKEY"},   {46, "RRSIG"},
    {47, "NSEC"},    {48, "DNSKEY"},    {49, "DHCID"},    {50, "NSEC3"},      {51, "NSEC3PARAM"},
    {52, "TLSA"},    {53, "SMIMEA"},    {55, "HIP"},      {56, "NINFO"},      {57, "RKEY"},
    {58, "TALINK"},  {59, "CDS"},       {60, "CDNSKEY"},  {61, "OPENPGPKEY"}, {62, "CSYNC"},
    {63, "ZONEMD"},  {64, "SVCB"},      {65, "HTTPS"},    {66, "DSYNC"},      {67, "HHIT"},
    {68, "BRID"},    {99, "SPF"},       {100, "UINFO"},   {101, "UID"},       {102, "GID"},
    {103, "UNSPEC"}, {104, "NID"},      {105, "L32"},     {106, "L64"},       {107, "LP"},
    {108, "EUI48"},  {109, "EUI64"},    {256, "URI"},     {257, "CAA"},       {258, "AVC"},
    {259, "DOA"},    {260, "AMTRELAY"}, {261, "RESINFO"}, {262, "WALLET"},    {263, "CLA"},
    {264, "IPN"},    {32768, "TA"},     {32769, "DLV"},
};
constexpr std::size_t kLongest = 10;

/// OPT and the Q and meta types of RFC 6895 section 3.1: they never stand in a zone.
constexpr bool is_meta(unsigned number) {
  return number == 0 || number == 41 || (number >= 128 && number <= 255);
}

/// TYPEnnn (RFC 3597 section 5).
std::optional<Type> parse_generic(std::string_view upper) {
  if (upper.substr(0, 4) != "TYPE" || upper.size() < 5) return std::nullopt;
  unsigned number = 0;
  const char* end = upper.data() + upper.size();
  const auto [rest, error] = std::from_chars(upper.data() + 4, end, number);
  if (error != std::errc() || rest != end || number > 65535 || is_meta(number)) return std::nullopt;
  return static_cast<Type>(number);
}

}  // namespace

std::string type_name(Type type) {
  const auto number = static_cast<std::uint16_t>(type);
  const auto* end = std::end(kMnemonics);
  const auto* found =
      std::lower_bound(std::begin(kMnemonics), end, number,
                       [](const Mnemonic& m, std::uint16_t wanted) { return m.number < wanted; });
  if (found != end && found->number == number) return std::string(found->text);
  return "TYPE" + std::to_string(number);
}

std::optional<Type> parse_type(std::string_view text) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  std::array<char, kLongest> buffer{};
  std::transform(text.begin(), text.end(), buffer.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const std::string_view upper(buffer.data(), text.size());
  for (const auto& mnemonic : kMnemonics) {
    if (mnemonic.text == upper) return static_cast<Type>(mnemonic.number);
  }
  return parse_generic(upper);
}

}  // namespace mxsmith::dns
