#pragma once
// Memory for arrays of a length that grows with the data. Much of the time of a short analysis goes
// into the system's handing over of fresh pages, so arrays that live and die together lie in one
// block, nothing is set to 0 that is written anyhow, and large blocks ask for large pages where the
// system has them.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ombre::inline v0::stats::detail {

// Asks for large pages under memory that nobody has touched yet. A wish: where it is refused, or
// there are less than a few of them, the pages are small ones.
inline void wish_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t page = std::size_t{2} << 20U;
  void* begin = memory;
  if (bytes < page || std::align(page, page, begin, bytes) == nullptr) return;
  static_cast<void>(madvise(begin, bytes / page * page, MADV_HUGEPAGE));
#endif
}
// Room for `count` numbers in a vector that has none.
inline void reserve_large(std::vector<double>& v, std::size_t count) {
  v.reserve(count);
  wish_large_pages(v.data(), v.capacity() * sizeof(double));
}

// Says that memory will be read soon.
inline void prefetch([[maybe_unused]] const void* memory) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(memory);
#endif
}

class Room {
 public:
  Room() = default;
  Room(Room&&) noexcept = default;
  Room& operator=(Room&&) noexcept = default;

  // Makes the next block large enough for that much; a request beyond it gets a block of its own.
  void reserve(std::size_t bytes) {
    if (bytes > left() && !apart) add(bytes);
  }
  // An array whose contents are not set. It stays where it is as long as the room is neither
  // rewound nor destroyed, also where the room is moved.
  template <class T>
  [[nodiscard]] std::span<T> take(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    return {static_cast<T*>(static_cast<void*>(take_bytes(count * sizeof(T)))), count};
  }
  template <class T>
  [[nodiscard]] std::span<T> filled(std::size_t count, T value) {
    const std::span<T> out = take<T>(count);
    std::fill(out.begin(), out.end(), value);
    return out;
  }
  // Everything taken so far is given back and may be handed out anew.
  void rewind();

 private:
  static constexpr std::size_t line = 64;
  static constexpr std::size_t large_page = std::size_t{2} << 20U;
  [[nodiscard]] static constexpr std::size_t round_up(std::size_t bytes, std::size_t to) noexcept {
    return (bytes + to - 1) / to * to;
  }
  // With an address sanitizer each array is a block of its own, so that a step beyond it is seen.
#if defined(__SANITIZE_ADDRESS__)
  static constexpr bool apart = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr bool apart = true;
#else
  static constexpr bool apart = false;
#endif
#else
  static constexpr bool apart = false;
#endif
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::byte* begin = nullptr;  // where it is aligned
    std::size_t size = 0;        // from there
  };
  [[nodiscard]] std::size_t left() const noexcept {
    return blocks_.empty() ? 0 : blocks_.back().size - used_;
  }
  [[nodiscard]] std::byte* take_bytes(std::size_t count);
  void add(std::size_t bytes);

  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // of the last one
};

inline void Room::add(std::size_t bytes) {
  // Half a large page or more: whole ones, since filling one takes less than many small ones.
  const bool large = !apart && bytes >= large_page / 2;
  const std::size_t alignment = large ? large_page : apart ? 1 : line;
  Block block;
  block.size = large ? round_up(bytes, large_page) : bytes;
  // Aligned by hand: what an aligned allocation leaves over, allocators hardly ever use again.
  block.bytes = std::make_unique_for_overwrite<std::byte[]>(block.size + alignment);
  void* begin = block.bytes.get();
  std::size_t room = block.size + alignment;
  block.begin = static_cast<std::byte*>(std::align(alignment, block.size, begin, room));
  if (large) wish_large_pages(block.begin, block.size);
  blocks_.push_back(std::move(block));
  used_ = 0;
}

inline std::byte* Room::take_bytes(std::size_t count) {
  if (!apart) count = round_up(count, line);
  if (apart || count > left()) add(count);
  std::byte* out = blocks_.back().begin + used_;
  used_ += count;
  return out;
}

inline void Room::rewind() {
  used_ = 0;
  if (!apart && blocks_.size() < 2) return;
  std::size_t bytes = 0;
  for (const Block& block : blocks_) bytes += block.size;
  blocks_.clear();
  if (!apart) add(bytes);
}

}  // namespace ombre::inline v0::stats::detail
