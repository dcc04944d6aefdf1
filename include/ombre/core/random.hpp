#pragma once
/// @file
/// Seeds and counter-based random streams: the n-th number of stream s under a seed is a pure
/// function of (seed, s, n), so an answer does not depend on how work was split between threads.
///
/// Generator: Philox 4x32 with 10 rounds. Source: Salmon, Moraes, Dror & Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC'11 (2011).

#include <array>
#include <cstdint>

#include "ombre/core/export.hpp"

namespace ombre::inline v0 {

/// Where randomness starts. Always passed in, never taken from a clock.
struct Seed {
  std::uint64_t value = 0;
  friend constexpr bool operator==(Seed, Seed) = default;
};

/// One block of Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key.
[[nodiscard]] OMBRE_EXPORT std::array<std::uint32_t, 4> philox4x32(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept;

/// Stream `stream` under `seed`, positioned at number 0. Copying forks the position.
class OMBRE_EXPORT RandomStream {
 public:
  using result_type = std::uint64_t;
  RandomStream(Seed seed, std::uint64_t stream) noexcept : seed_{seed}, stream_{stream} {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }
  /// Next 64 random bits.
  result_type operator()() noexcept;
  /// Uniform in [0, 1), 53 random bits.
  [[nodiscard]] double uniform() noexcept;
  /// Uniform whole number in [0, n); n must be positive. Unbiased (rejection).
  [[nodiscard]] std::uint64_t below(std::uint64_t n) noexcept;
  /// Standard normal (polar method).
  [[nodiscard]] double normal() noexcept;

 private:
  Seed seed_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::array<std::uint64_t, 2> buffer_{};
  int left_ = 0;
};

}  // namespace ombre::inline v0
