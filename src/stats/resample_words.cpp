#include <array>
#include <cstdint>

#include "stats/resample_design.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_PHILOX_WIDE
#include <immintrin.h>
#endif

namespace ombre::inline v0::stats::detail {

namespace {

void words_portable(Seed seed, std::uint64_t stream, std::uint64_t block,
                    std::span<std::uint32_t> out) noexcept {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); };
  for (std::size_t i = 0; i + 4 <= out.size(); i += 4, ++block) {
    const std::array<std::uint32_t, 4> words = philox4x32(
        {low(block), high(block), low(stream), high(stream)}, {low(seed.value), high(seed.value)});
    for (std::size_t j = 0; j < 4; ++j) out[i + j] = words[j];
  }
}

#ifdef OMBRE_PHILOX_WIDE
// What is added to the key before each round (the Weyl sequence of Philox).
struct RoundKeys {
  std::uint32_t low[10];
  std::uint32_t high[10];
  explicit RoundKeys(Seed seed) noexcept {
    auto k0 = static_cast<std::uint32_t>(seed.value);
    auto k1 = static_cast<std::uint32_t>(seed.value >> 32U);
    for (std::size_t round = 0; round < 10; ++round) {
      low[round] = k0;
      high[round] = k1;
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
  }
};

// Four blocks at once, each word in the low half of a 64-bit lane. What the upper halves hold in
// between does not matter: the multiplication reads low halves only.
__attribute__((target("avx2"))) void words_avx2(Seed seed, std::uint64_t stream,
                                                std::uint64_t block,
                                                std::span<std::uint32_t> out) noexcept {
  const auto lane = [](std::uint64_t x) { return static_cast<long long>(x); };
  const __m256i m0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i m1 = _mm256_set1_epi64x(0xCD9E8D57);
  const __m256i low_half = _mm256_set1_epi64x(0xFFFFFFFF);
  const RoundKeys keys{seed};
  __m256i k0[10];
  __m256i k1[10];
  for (std::size_t round = 0; round < 10; ++round) {
    k0[round] = _mm256_set1_epi64x(keys.low[round]);
    k1[round] = _mm256_set1_epi64x(keys.high[round]);
  }
  for (std::size_t i = 0; i + 16 <= out.size(); i += 16, block += 4) {
    const __m256i counter =
        _mm256_set_epi64x(lane(block + 3), lane(block + 2), lane(block + 1), lane(block));
    __m256i c0 = counter;
    __m256i c1 = _mm256_srli_epi64(counter, 32);
    __m256i c2 = _mm256_set1_epi64x(lane(stream));
    __m256i c3 = _mm256_set1_epi64x(lane(stream >> 32U));
    for (std::size_t round = 0; round < 10; ++round) {
      const __m256i a = _mm256_mul_epu32(m0, c0);
      const __m256i b = _mm256_mul_epu32(m1, c2);
      c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), c1), k0[round]);
      c1 = b;
      c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), c3), k1[round]);
      c3 = a;
    }
    const __m256i first =
        _mm256_or_si256(_mm256_and_si256(c0, low_half), _mm256_slli_epi64(c1, 32));
    const __m256i second =
        _mm256_or_si256(_mm256_and_si256(c2, low_half), _mm256_slli_epi64(c3, 32));
    const __m256i even = _mm256_unpacklo_epi64(first, second);  // blocks 0, 2
    const __m256i odd = _mm256_unpackhi_epi64(first, second);   // blocks 1, 3
    auto* const to = reinterpret_cast<__m256i*>(out.data() + i);
    _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
  }
}

// gcc 12 takes the registers its own header leaves without a value for an oversight.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
// Eight blocks at once; one instruction for each exclusive or of three.
__attribute__((target("avx512f"))) void words_avx512(Seed seed, std::uint64_t stream,
                                                     std::uint64_t block,
                                                     std::span<std::uint32_t> out) noexcept {
  constexpr int exclusive_or = 0x96;
  constexpr int and_or = 0xEA;
  const auto lane = [](std::uint64_t x) { return static_cast<long long>(x); };
  const __m512i m0 = _mm512_set1_epi64(0xD2511F53);
  const __m512i m1 = _mm512_set1_epi64(0xCD9E8D57);
  const __m512i low_half = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i step = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i lower = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
  const __m512i upper = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
  const RoundKeys keys{seed};
  __m512i k0[10];
  __m512i k1[10];
  for (std::size_t round = 0; round < 10; ++round) {
    k0[round] = _mm512_set1_epi64(keys.low[round]);
    k1[round] = _mm512_set1_epi64(keys.high[round]);
  }
  for (std::size_t i = 0; i + 32 <= out.size(); i += 32, block += 8) {
    const __m512i counter = _mm512_add_epi64(_mm512_set1_epi64(lane(block)), step);
    __m512i c0 = counter;
    __m512i c1 = _mm512_srli_epi64(counter, 32);
    __m512i c2 = _mm512_set1_epi64(lane(stream));
    __m512i c3 = _mm512_set1_epi64(lane(stream >> 32U));
    for (std::size_t round = 0; round < 10; ++round) {
      const __m512i a = _mm512_mul_epu32(m0, c0);
      const __m512i b = _mm512_mul_epu32(m1, c2);
      c0 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(b, 32), c1, k0[round], exclusive_or);
      c1 = b;
      c2 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(a, 32), c3, k1[round], exclusive_or);
      c3 = a;
    }
    const __m512i first =
        _mm512_ternarylogic_epi64(c0, low_half, _mm512_slli_epi64(c1, 32), and_or);
    const __m512i second =
        _mm512_ternarylogic_epi64(c2, low_half, _mm512_slli_epi64(c3, 32), and_or);
    _mm512_storeu_si512(out.data() + i, _mm512_permutex2var_epi64(first, lower, second));
    _mm512_storeu_si512(out.data() + i + 16, _mm512_permutex2var_epi64(first, upper, second));
  }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#endif

}  // namespace

void philox_words(Seed seed, std::uint64_t stream, std::uint64_t first_block,
                  std::span<std::uint32_t> out) noexcept {
#ifdef OMBRE_PHILOX_WIDE
  if (out.size() % 32 == 0 && __builtin_cpu_supports("avx512f")) {
    words_avx512(seed, stream, first_block, out);
    return;
  }
  if (out.size() % 16 == 0 && __builtin_cpu_supports("avx2")) {
    words_avx2(seed, stream, first_block, out);
    return;
  }
#endif
  words_portable(seed, stream, first_block, out);
}

}  // namespace ombre::inline v0::stats::detail
