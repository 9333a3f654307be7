#include "http/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace mxsmith::http {

namespace {

/// Pieces of at least this many octets, so that a large body is few of them and a small one wastes
/// little.
constexpr std::size_t kPiece = std::size_t{64} * 1024;

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::remove: return "DELETE";
    case Method::options: break;
  }
  return "OPTIONS";
}

std::string_view intent_name(Intent intent) {
  switch (intent) {
    case Intent::auth: return "auth";
    case Intent::read: return "read";
    case Intent::write: break;
  }
  return "write";
}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_,
                [&](const auto& field) { return base::equals_ignoring_case(field.first, name); });
  add(std::move(name), std::move(value));
}

const std::string* Headers::find(std::string_view name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) {
    return base::equals_ignoring_case(field.first, name);
  });
  return found == fields_.end() ? nullptr : &found->second;
}

Body::Body(std::string text) : size_(text.size()) {
  if (size_ != 0) pieces_.push_back(std::move(text));
}

void Body::append(std::string_view octets) {
  size_ += octets.size();
  while (!octets.empty()) {
    if (pieces_.empty() || pieces_.back().size() == pieces_.back().capacity()) {
      pieces_.emplace_back();
      // Small answers stay small; the pieces of large ones grow.
      pieces_.back().reserve(pieces_.size() == 1 ? octets.size() : kPiece);
    }
    std::string& piece = pieces_.back();
    const std::size_t room = std::min(octets.size(), piece.capacity() - piece.size());
    piece.append(octets.substr(0, room));
    octets.remove_prefix(room);
  }
}

std::string Body::text() const {
  std::string joined;
  joined.reserve(size_);
  for (const auto& piece : pieces_) joined += piece;
  return joined;
}

std::vector<std::string> Body::take_pieces() && {
  size_ = 0;
  return std::exchange(pieces_, {});
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[octet >> 4U];
    encoded += kDigits[octet & 15U];
  }
  return encoded;
}

}  // namespace mxsmith::http
