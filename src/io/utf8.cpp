#include <cstdint>
#include <cstring>

#include "ombre/io/csv.hpp"

namespace ombre::inline v0::io {

std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept {
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t size = text.size();
  const auto continues = [&](std::size_t at) { return at < size && (data[at] & 0xC0U) == 0x80U; };
  std::size_t i = 0;
  while (i < size) {
    if (i + 8 <= size) {
      std::uint64_t word = 0;
      std::memcpy(&word, data + i, 8);
      if ((word & 0x8080808080808080U) == 0) {
        i += 8;
        continue;
      }
    }
    const unsigned lead = data[i];
    if (lead < 0x80) {
      ++i;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
      if (!continues(i + 1)) return i;
      i += 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      if (!continues(i + 1) || !continues(i + 2)) return i;
      if (lead == 0xE0 && data[i + 1] < 0xA0) return i;   // overlong
      if (lead == 0xED && data[i + 1] >= 0xA0) return i;  // surrogate
      i += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3)) return i;
      if (lead == 0xF0 && data[i + 1] < 0x90) return i;   // overlong
      if (lead == 0xF4 && data[i + 1] >= 0x90) return i;  // beyond U+10FFFF
      i += 4;
    } else {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::io
