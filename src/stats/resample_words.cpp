#include <array>
#include <cstdint>

#include "stats/resample_design.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_PHILOX_AVX2
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

#ifdef OMBRE_PHILOX_AVX2
// Four blocks at once, each word in the low half of a 64-bit lane. What the upper halves hold in
// between does not matter: the multiplication reads low halves only.
__attribute__((target("avx2"))) void words_avx2(Seed seed, std::uint64_t stream,
                                                std::uint64_t block,
                                                std::span<std::uint32_t> out) noexcept {
  const auto lane = [](std::uint64_t x) { return static_cast<long long>(x); };
  const __m256i m0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i m1 = _mm256_set1_epi64x(0xCD9E8D57);
  const __m256i low_half = _mm256_set1_epi64x(0xFFFFFFFF);
  for (std::size_t i = 0; i + 16 <= out.size(); i += 16, block += 4) {
    const __m256i counter =
        _mm256_set_epi64x(lane(block + 3), lane(block + 2), lane(block + 1), lane(block));
    __m256i c0 = counter;
    __m256i c1 = _mm256_srli_epi64(counter, 32);
    __m256i c2 = _mm256_set1_epi64x(lane(stream));
    __m256i c3 = _mm256_set1_epi64x(lane(stream >> 32U));
    std::uint32_t k0 = static_cast<std::uint32_t>(seed.value);
    std::uint32_t k1 = static_cast<std::uint32_t>(seed.value >> 32U);
    for (int round = 0; round < 10; ++round) {
      const __m256i a = _mm256_mul_epu32(m0, c0);
      const __m256i b = _mm256_mul_epu32(m1, c2);
      c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), c1), _mm256_set1_epi64x(k0));
      c1 = b;
      c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), c3), _mm256_set1_epi64x(k1));
      c3 = a;
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
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
#endif

}  // namespace

void philox_words(Seed seed, std::uint64_t stream, std::uint64_t first_block,
                  std::span<std::uint32_t> out) noexcept {
#ifdef OMBRE_PHILOX_AVX2
  if (out.size() % 16 == 0 && __builtin_cpu_supports("avx2")) {
    words_avx2(seed, stream, first_block, out);
    return;
  }
#endif
  words_portable(seed, stream, first_block, out);
}

}  // namespace ombre::inline v0::stats::detail
