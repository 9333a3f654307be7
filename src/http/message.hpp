// HTTP requests and responses as values (RFC 9110), and what a request says of itself.
//
// A Request states its intent, because that decides how it may be treated: writes are sent only
// while a step is being applied (base/write_permit.hpp) and are never repeated unless the server
// certainly did not see them; reads may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mxsmith::http {

enum class Method : std::uint8_t { get, head, post, put, patch, remove, options };
std::string_view method_name(Method method);  ///< "GET"; "DELETE" for remove.

/// Why a request is sent.
enum class Intent : std::uint8_t {
  auth,   ///< Fetches or renews a token; changes nothing in DNS.
  read,   ///< Changes nothing; may be repeated.
  write,  ///< Changes DNS.
};
std::string_view intent_name(Intent intent);

/// Header fields in the order they were added; names compare without regard to case (RFC 9110
/// section 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  void add(std::string name, std::string value);
  /// Replaces every field of that name.
  void set(std::string name, std::string value);
  /// The first one's value, or nothing.
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const {
    return fields_;
  }
  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The content of a message, kept in the pieces it came in, so that a large one is neither copied
/// nor held whole while it is being parsed.
class Body {
 public:
  Body() = default;
  Body(std::string text);  // NOLINT(google-explicit-constructor): content is text
  Body(const char* text) : Body(std::string(text)) {}  // NOLINT(google-explicit-constructor)

  void append(std::string_view octets);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// All of it, joined.
  [[nodiscard]] std::string text() const;
  /// The pieces in their order. Whoever takes them away frees their memory piece by piece.
  [[nodiscard]] const std::vector<std::string>& pieces() const { return pieces_; }
  [[nodiscard]] std::vector<std::string> take_pieces() &&;

 private:
  std::vector<std::string> pieces_;
  std::size_t size_ = 0;
};

struct Request {
  Method method = Method::get;
  Intent intent = Intent::read;
  std::string url;  ///< Absolute: "https://api.example.net/v1/zones?name=example.com".
  Headers headers;
  std::string body;
  /// Account settings of the connection; see TransportOptions for what an empty one means.
  std::string ca_file;
};

struct Response {
  int status = 0;
  Headers headers;
  Body body;
};

/// Percent-encoding of everything but unreserved characters (RFC 3986 section 2.3), for a path
/// segment or a query value.
std::string percent_encode(std::string_view text);

}  // namespace mxsmith::http
