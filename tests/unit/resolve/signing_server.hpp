// The server's side of TSIG for tests, straight from RFC 8945: it shares no code with ours.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

#include "resolve/message.hpp"

namespace mxsmith::tests {

inline std::string octets16(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
inline std::string octets48(std::uint64_t value) {
  std::string octets;
  for (int shift = 40; shift >= 0; shift -= 8) octets += static_cast<char>(value >> shift & 0xff);
  return octets;
}

/// A message that answers `request` with these records, not signed.
inline std::string bare_answer(const std::string& request,
                               const std::vector<resolve::Record>& records, unsigned rcode = 0) {
  const resolve::Message asked = resolve::parse_message(request);
  resolve::MessageWriter writer(asked.id, asked.opcode, asked.questions.front());
  for (const auto& record : records) writer.add(resolve::Section::answer, record);
  std::string wire = writer.wire();
  wire[2] = static_cast<char>(static_cast<unsigned char>(wire[2]) | 0x84);  // QR and AA
  wire[3] = static_cast<char>(rcode);
  return wire;
}

/// Signs the answers to one request, hmac-sha256.
class SigningServer {
 public:
  SigningServer(std::string secret, const std::string& request)
      : secret_(std::move(secret)),
        // A signature of 32 octets, then original id, error and no other data.
        prior_(request.substr(request.size() - 6 - 32, 32)) {}

  std::string sign(std::string answer, std::uint64_t time, unsigned error = 0,
                   const std::string& other = {}) {
    const std::string name("\3key\4test\0", 10);
    const std::string algorithm("\13hmac-sha256\0", 13);
    const std::string timers = octets48(time) + octets16(300);
    std::string data = octets16(static_cast<unsigned>(prior_.size())) + prior_ + unsigned_ + answer;
    if (first_) {
      data += name + octets16(255) + std::string(4, '\0') + algorithm + timers + octets16(error) +
              octets16(static_cast<unsigned>(other.size())) + other;
    } else {
      data += timers;
    }
    prior_ = hmac(data);
    first_ = false;
    unsigned_.clear();
    const std::string rdata = algorithm + timers + octets16(32) + prior_ + answer.substr(0, 2) +
                              octets16(error) + octets16(static_cast<unsigned>(other.size())) +
                              other;
    answer[11] = static_cast<char>(answer[11] + 1);
    return answer + name + octets16(250) + octets16(255) + std::string(4, '\0') +
           octets16(static_cast<unsigned>(rdata.size())) + rdata;
  }
  /// Sent without a signature of its own; the next one covers it.
  std::string leave_unsigned(const std::string& answer) {
    unsigned_ += answer;
    return answer;
  }
  /// As a server that does not accept the signature has it: no MAC.
  static std::string with_error(std::string answer, unsigned error) {
    const std::string name("\3key\4test\0", 10);
    const std::string algorithm("\13hmac-sha256\0", 13);
    const std::string rdata = algorithm + octets48(0) + octets16(300) + octets16(0) +
                              answer.substr(0, 2) + octets16(error) + octets16(0);
    answer[11] = static_cast<char>(answer[11] + 1);
    return answer + name + octets16(250) + octets16(255) + std::string(4, '\0') +
           octets16(static_cast<unsigned>(rdata.size())) + rdata;
  }

 private:
  [[nodiscard]] std::string hmac(const std::string& data) const {
    std::array<unsigned char, 32> mac{};
    unsigned size = 0;
    ::HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), mac.data(), &size);
    return {mac.begin(), mac.end()};
  }

  std::string secret_;
  std::string prior_;
  std::string unsigned_;
  bool first_ = true;
};

}  // namespace mxsmith::tests
