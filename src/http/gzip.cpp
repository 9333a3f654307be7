#include "http/gzip.hpp"

#include <zlib.h>

#include <new>
#include <string>

namespace mxsmith::http {

namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;
/// The window of 32 KiB that gzip always has, and 16 for "gzip only".
constexpr int kGzipWindow = 15 + 16;

}  // namespace

struct Gunzip::Impl {
  z_stream stream{};
  std::string piece = std::string(kPiece, '\0');
  bool whole = false;
};

Gunzip::Gunzip() : impl_(std::make_unique<Impl>()) {
  if (inflateInit2(&impl_->stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { inflateEnd(&impl_->stream); }

bool Gunzip::whole() const { return impl_->whole; }

bool Gunzip::feed(std::string_view packed, const Sink& sink) {
  z_stream& stream = impl_->stream;
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  bool full = false;  // more may be waiting inside
  while (stream.avail_in != 0 || full) {
    if (impl_->whole) {
      // Another member follows the first (RFC 1952 section 2.2).
      if (stream.avail_in == 0) break;
      impl_->whole = false;
      if (inflateReset(&stream) != Z_OK) return false;
    }
    stream.next_out = reinterpret_cast<Bytef*>(impl_->piece.data());
    stream.avail_out = static_cast<uInt>(kPiece);
    const int result = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = kPiece - stream.avail_out;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
    impl_->whole = result == Z_STREAM_END;
    full = stream.avail_out == 0 && !impl_->whole;
    if (made != 0 && !sink({impl_->piece.data(), made})) return false;
  }
  return true;
}

}  // namespace mxsmith::http
