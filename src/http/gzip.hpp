// Unpacks compressed answers (RFC 1952) as they come, and knows whether they were whole. libcurl
// would unpack them too, but takes one that was cut off for a whole one.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace mxsmith::http {

class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Told of what comes out, in pieces of at most 64 KiB; false: no more of it is wanted.
  using Sink = std::function<bool(std::string_view)>;

  /// False when it is not gzip, or when the sink wants no more.
  bool feed(std::string_view packed, const Sink& sink);
  /// Whether the end was reached and the checksum was right.
  [[nodiscard]] bool whole() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mxsmith::http
