#include "ombre/timeline/name_table.hpp"

#include <limits>

namespace ombre::inline v0::timeline {
namespace {

// FNV-1a with a final mix. The tables hold names from one file, and the order of names never
// depends on the hash, so a simple and platform-independent one is enough.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  h ^= h >> 32;
  return h * 0x9E3779B97F4A7C15ULL;
}

}  // namespace

std::size_t NameTable::slot_of(std::string_view text, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(hash >> 20) & mask;
  while (slots_[slot] != 0 && (*this)[slots_[slot] - 1] != text) slot = (slot + 1) & mask;
  return slot;
}

void NameTable::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
  for (std::uint32_t i = 0; i < size(); ++i) {
    const std::string_view text = (*this)[i];
    slots_[slot_of(text, hash_of(text))] = i + 1;
  }
}

Result<std::uint32_t> NameTable::intern(std::string_view text) {
  if ((size() + 1) * 2 > slots_.size()) grow();
  const std::size_t slot = slot_of(text, hash_of(text));
  if (slots_[slot] != 0) return slots_[slot] - 1;
  if (size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    return unexpected(error_of(Errc::too_large, "names", "must be fewer than 2^32 - 1"));
  }
  const auto index = static_cast<std::uint32_t>(size());
  characters_.append(text);
  start_.push_back(characters_.size());
  slots_[slot] = index + 1;
  return index;
}

std::optional<std::uint32_t> NameTable::find(std::string_view text) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[slot_of(text, hash_of(text))];
  if (found == 0) return std::nullopt;
  return found - 1;
}

}  // namespace ombre::inline v0::timeline
