#pragma once
// Room for many numbers that is written before it is read. Not installed.
//
// A fresh page of memory costs a fault and its clearing, and a std::vector then writes its zeros
// over it once more. Where Linux gives pages of 2 MiB to those who ask (transparent_hugepage
// "madvise"), there is one fault instead of 512.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ombre::inline v0::detail {

inline constexpr std::size_t huge_page = std::size_t{1} << 21U;

// Asks for large pages in the whole ones among `bytes` from `at`. Advice: where it is not followed
// nothing changes but the speed.
inline void prefer_huge_pages([[maybe_unused]] void* at,
                              [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  void* first = at;
  std::size_t room = bytes;
  if (bytes < huge_page || std::align(huge_page, huge_page, first, room) == nullptr) return;
  static_cast<void>(::madvise(first, room / huge_page * huge_page, MADV_HUGEPAGE));
#endif
}

// Room for `size` elements of a vector that is to be filled by appending.
template <class T>
void reserve_big(std::vector<T>& to, std::size_t size) {
  if (to.capacity() >= size) return;
  to.reserve(size);
  prefer_huge_pages(to.data(), to.capacity() * sizeof(T));
}

// A fixed number of elements that begin without a value: write before you read.
template <class T>
class BigBuffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  BigBuffer() noexcept = default;
  explicit BigBuffer(std::size_t size) : size_{size} {
    if (size == 0) return;
    if (size > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length{};
    const std::size_t bytes = size * sizeof(T);
    if (aligned_for(size)) {
      data_ = static_cast<T*>(::operator new (bytes, std::align_val_t{huge_page}));
      prefer_huge_pages(data_, bytes);
    } else {
      data_ = static_cast<T*>(::operator new (bytes, std::align_val_t{small_alignment}));
    }
  }
  BigBuffer(BigBuffer&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
  BigBuffer& operator=(BigBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  BigBuffer(const BigBuffer&) = delete;
  BigBuffer& operator=(const BigBuffer&) = delete;
  ~BigBuffer() {
    if (data_ == nullptr) return;
    ::operator delete (data_, std::align_val_t{aligned_for(size_) ? huge_page : small_alignment});
  }

  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  [[nodiscard]] T* begin() noexcept { return data_; }
  [[nodiscard]] T* end() noexcept { return data_ + size_; }
  [[nodiscard]] const T* begin() const noexcept { return data_; }
  [[nodiscard]] const T* end() const noexcept { return data_ + size_; }
  [[nodiscard]] std::span<T> span() noexcept { return {data_, size_}; }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data_, size_}; }

 private:
  // A line of the cache: what wide loads like best.
  static constexpr std::size_t small_alignment = alignof(T) > 64 ? alignof(T) : 64;
  static constexpr bool aligned_for(std::size_t size) noexcept {
    return size >= huge_page / sizeof(T);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ombre::inline v0::detail
