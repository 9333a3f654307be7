// Immutable octets behind one pointer, shared by all their copies.
//
// A zone of a million records holds millions of names, and a live zone holds them a second time: a
// Name of eight octets that is copied by counting keeps both small. Copies may live in different
// threads; the count is atomic.
#pragma once

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace mxsmith::dns {

class SharedOctets {
 public:
  SharedOctets() = default;
  SharedOctets(std::string_view octets) : block_(make(octets)) {}
  SharedOctets(const std::string& octets) : SharedOctets(std::string_view(octets)) {}
  SharedOctets(const char* text) : SharedOctets(std::string_view(text)) {}
  SharedOctets(const SharedOctets& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->uses.fetch_add(1, std::memory_order_relaxed);
  }
  SharedOctets(SharedOctets&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedOctets& operator=(const SharedOctets& other) noexcept {
    SharedOctets copy(other);
    std::swap(block_, copy.block_);
    return *this;
  }
  SharedOctets& operator=(SharedOctets&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedOctets() {
    if (block_ != nullptr && block_->uses.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ::operator delete(block_);
    }
  }

  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  [[nodiscard]] std::string_view view() const {
    return block_ == nullptr ? std::string_view()
                             : std::string_view(octets_of(block_), block_->size);
  }
  operator std::string_view() const { return view(); }

  friend bool operator==(const SharedOctets& a, const SharedOctets& b) {
    return a.block_ == b.block_ || a.view() == b.view();
  }
  friend std::strong_ordering operator<=>(const SharedOctets& a, const SharedOctets& b) {
    return a.view() <=> b.view();
  }

 private:
  struct Block {
    std::atomic<std::uint32_t> uses{1};
    std::uint32_t size = 0;
  };
  static char* octets_of(Block* block) { return reinterpret_cast<char*>(block + 1); }
  static Block* make(std::string_view octets) {
    if (octets.empty()) return nullptr;
    auto* block = new (::operator new(sizeof(Block) + octets.size())) Block;
    block->size = static_cast<std::uint32_t>(octets.size());
    std::memcpy(octets_of(block), octets.data(), octets.size());
    return block;
  }
  Block* block_ = nullptr;
};

}  // namespace mxsmith::dns
