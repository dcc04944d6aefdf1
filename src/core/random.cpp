#include "ombre/core/random.hpp"

#include <cmath>

#include "ombre/core/assert.hpp"

namespace ombre::inline v0 {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32U) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32U) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

RandomStream::result_type RandomStream::operator()() noexcept {
  if (left_ == 0) {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); };
    const auto words = philox4x32({low(block_), high(block_), low(stream_), high(stream_)},
                                  {low(seed_.value), high(seed_.value)});
    ++block_;
    buffer_ = {words[0] | std::uint64_t{words[1]} << 32U,
               words[2] | std::uint64_t{words[3]} << 32U};
    left_ = 2;
  }
  --left_;
  return buffer_[static_cast<std::size_t>(1 - left_)];
}

double RandomStream::uniform() noexcept { return static_cast<double>((*this)() >> 11U) * 0x1p-53; }

std::uint64_t RandomStream::below(std::uint64_t n) noexcept {
  OMBRE_ASSERT(n > 0);
  if (n == 0) return 0;
  // Numbers at or above the largest multiple of n are drawn again, so that none is favoured.
  const std::uint64_t excess = (max() % n + 1) % n;
  std::uint64_t x = (*this)();
  while (x > max() - excess) x = (*this)();
  return x % n;
}

double RandomStream::normal() noexcept {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

}  // namespace ombre::inline v0
