#include "resolve/tsig.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::resolve {

namespace {

using base::Error;
using base::ErrorKind;

constexpr std::uint16_t kFudge = 300;  ///< Seconds; RFC 8945 section 10.
constexpr int kMostUnsigned = 99;      ///< RFC 8945 section 5.3.1.

struct Row {
  TsigAlgorithm algorithm;
  const char* word;
  const EVP_MD* (*digest)();
};
constexpr std::array<Row, 5> kAlgorithms = {
    {{TsigAlgorithm::hmac_sha1, "hmac-sha1", EVP_sha1},
     {TsigAlgorithm::hmac_sha224, "hmac-sha224", EVP_sha224},
     {TsigAlgorithm::hmac_sha256, "hmac-sha256", EVP_sha256},
     {TsigAlgorithm::hmac_sha384, "hmac-sha384", EVP_sha384},
     {TsigAlgorithm::hmac_sha512, "hmac-sha512", EVP_sha512}}};

const Row& row_of(TsigAlgorithm algorithm) {
  return kAlgorithms.at(static_cast<std::size_t>(algorithm));
}

dns::Name name_of(TsigAlgorithm algorithm) { return dns::Name::of(row_of(algorithm).word); }

void put48(std::string& wire, std::uint64_t value) {
  put16(wire, static_cast<std::uint16_t>(value >> 32 & 0xffff));
  put32(wire, static_cast<std::uint32_t>(value & 0xffffffff));
}

/// Rdata of a TSIG record (RFC 8945 section 4.2).
struct Tsig {
  dns::Name algorithm;
  std::uint64_t time = 0;
  std::uint16_t fudge = kFudge;
  std::string mac;
  std::uint16_t original_id = 0;
  std::uint16_t error = 0;
  std::string other;
};

std::string print(const Tsig& tsig) {
  std::string rdata(tsig.algorithm.wire());
  put48(rdata, tsig.time);
  put16(rdata, tsig.fudge);
  put16(rdata, static_cast<std::uint16_t>(tsig.mac.size()));
  rdata += tsig.mac;
  put16(rdata, tsig.original_id);
  put16(rdata, tsig.error);
  put16(rdata, static_cast<std::uint16_t>(tsig.other.size()));
  return rdata + tsig.other;
}

/// Nothing for rdata that is none.
std::optional<Tsig> parse(std::string_view rdata) {
  const auto take = [&rdata](std::size_t count) -> std::optional<std::string_view> {
    if (rdata.size() < count) return std::nullopt;
    const auto taken = rdata.substr(0, count);
    rdata.remove_prefix(count);
    return taken;
  };
  Tsig tsig;
  std::size_t name = 0;
  while (name < rdata.size() && rdata[name] != 0) {
    name += static_cast<unsigned char>(rdata[name]) + 1U;
  }
  const auto algorithm = take(name + 1);
  if (!algorithm) return std::nullopt;
  auto parsed = dns::Name::from_wire(*algorithm);
  const auto numbers = take(10);
  if (!parsed.ok() || !numbers) return std::nullopt;
  tsig.algorithm = *parsed;
  for (std::size_t i = 0; i < 3; ++i) tsig.time = tsig.time << 16 | get16(*numbers, 2 * i);
  tsig.fudge = get16(*numbers, 6);
  const auto mac = take(get16(*numbers, 8));
  const auto rest = take(6);
  if (!mac || !rest) return std::nullopt;
  tsig.mac = *mac;
  tsig.original_id = get16(*rest, 0);
  tsig.error = get16(*rest, 2);
  if (rdata.size() != get16(*rest, 4)) return std::nullopt;
  tsig.other = rdata;
  return tsig;
}

/// What is signed besides the message (RFC 8945 section 4.3.3). Names there are in lower case.
std::string variables(const dns::Name& key, const Tsig& tsig) {
  std::string data(key.wire());
  put16(data, static_cast<std::uint16_t>(Class::any));
  put32(data, 0);
  data += tsig.algorithm.wire();
  put48(data, tsig.time);
  put16(data, tsig.fudge);
  put16(data, tsig.error);
  put16(data, static_cast<std::uint16_t>(tsig.other.size()));
  return data + tsig.other;
}

std::string timers(const Tsig& tsig) {
  std::string data;
  put48(data, tsig.time);
  put16(data, tsig.fudge);
  return data;
}

std::string with_length(const std::string& mac) {
  std::string data;
  put16(data, static_cast<std::uint16_t>(mac.size()));
  return data + mac;
}

/// The message as it was before it was signed.
std::string stripped(std::string_view wire, std::size_t tsig_at, std::uint16_t original_id) {
  std::string bare(wire.substr(0, tsig_at));
  set16(bare, 0, original_id);
  set16(bare, 10, static_cast<std::uint16_t>(get16(bare, 10) - 1));
  return bare;
}

std::uint64_t seconds_of(base::Instant when) {
  return static_cast<std::uint64_t>(when.time_since_epoch().count());
}

std::optional<Tsig> tsig_of(const Message& message) {
  return message.tsig ? parse(message.tsig->rdata) : std::nullopt;
}

}  // namespace

std::optional<TsigAlgorithm> parse_tsig_algorithm(std::string_view word) {
  for (const Row& row : kAlgorithms) {
    if (word == row.word) return row.algorithm;
  }
  return std::nullopt;
}

std::string tsig_algorithm_name(TsigAlgorithm algorithm) { return row_of(algorithm).word; }

std::vector<std::string> tsig_algorithm_names() {
  std::vector<std::string> names;
  names.reserve(kAlgorithms.size());
  for (const Row& row : kAlgorithms) names.emplace_back(row.word);
  return names;
}

TsigExchange::TsigExchange(std::shared_ptr<const TsigKey> key, base::Instant now)
    : key_(std::move(key)), sent_(now) {}

std::string TsigExchange::mac(std::string_view data) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const std::string& secret = key_->secret.reveal();
  const auto* done = ::HMAC(
      row_of(key_->algorithm).digest(), secret.data(), static_cast<int>(secret.size()),
      reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data(), &size);
  if (done == nullptr) {
    throw Error(ErrorKind::unsupported,
                "this machine's OpenSSL does not do " + tsig_algorithm_name(key_->algorithm));
  }
  return {digest.begin(), digest.begin() + size};
}

std::string TsigExchange::sign(std::string message) {
  Tsig tsig;
  tsig.algorithm = name_of(key_->algorithm);
  tsig.time = seconds_of(sent_);
  tsig.original_id = get16(message, 0);
  tsig.mac = mac(message + variables(key_->name, tsig));
  prior_mac_ = tsig.mac;
  const std::string rdata = print(tsig);
  set16(message, 10, static_cast<std::uint16_t>(get16(message, 10) + 1));
  message += key_->name.wire();
  put16(message, static_cast<std::uint16_t>(kTypeTsig));
  put16(message, static_cast<std::uint16_t>(Class::any));
  put32(message, 0);
  put16(message, static_cast<std::uint16_t>(rdata.size()));
  return message + rdata;
}

TsigExchange::Signed TsigExchange::verify(const Message& message, std::string_view wire,
                                          base::Instant now) {
  const auto tsig = tsig_of(message);
  if (!tsig || tsig->mac.empty()) {
    if (first_) return Signed::no;
    if (message.tsig) {
      throw Error(ErrorKind::protocol,
                  "the server broke its answer off with " + rcode_name(error_of(message)));
    }
    if (++unsigned_count_ > kMostUnsigned) {
      throw Error(ErrorKind::protocol, "more than 99 of the server's answers are not signed");
    }
    unsigned_ += wire;
    return Signed::no;
  }
  std::string data = with_length(prior_mac_) + unsigned_ +
                     stripped(wire, message.tsig_at, tsig->original_id) +
                     (first_ ? variables(key_->name, *tsig) : timers(*tsig));
  const std::string right = mac(data);
  const bool same_key =
      message.tsig->owner == key_->name && tsig->algorithm == name_of(key_->algorithm);
  if (!same_key || right.size() != tsig->mac.size() ||
      ::CRYPTO_memcmp(right.data(), tsig->mac.data(), right.size()) != 0) {
    throw Error(ErrorKind::protocol,
                "the signature of the server's answer is wrong: it was changed "
                "on its way, or another server answered");
  }
  const std::uint64_t here = seconds_of(now);
  if ((here > tsig->time ? here - tsig->time : tsig->time - here) > tsig->fudge) {
    throw Error(ErrorKind::auth,
                "the server's answer was signed at another time than this machine has")
        .with_hint("look at the clocks of both machines");
  }
  prior_mac_ = tsig->mac;
  unsigned_.clear();
  unsigned_count_ = 0;
  first_ = false;
  return Signed::yes;
}

Rcode TsigExchange::error_of(const Message& message) {
  const auto tsig = tsig_of(message);
  return tsig ? static_cast<Rcode>(tsig->error) : Rcode::noerror;
}

std::optional<base::Instant> TsigExchange::server_time_of(const Message& message) {
  const auto tsig = tsig_of(message);
  if (!tsig || tsig->other.size() != 6) return std::nullopt;
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < 3; ++i) seconds = seconds << 16 | get16(tsig->other, 2 * i);
  return base::Instant(base::Seconds(static_cast<std::int64_t>(seconds)));
}

}  // namespace mxsmith::resolve
