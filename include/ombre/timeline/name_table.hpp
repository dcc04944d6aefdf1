#pragma once
/// @file
/// NameTable: texts that occur again and again, stored once and known by a small number.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::timeline {

/// Distinct texts numbered 0, 1, 2, ... in order of first appearance.
///
/// All characters lie in one block, so a million person ids cost their characters plus about
/// 20 bytes each. Looking a text up hashes it once; a reader that keeps the number pays nothing.
class OMBRE_EXPORT NameTable {
 public:
  /// Number of `text`, adding it when it is new. The empty text is a name like any other.
  /// @par Errors too_large beyond 2^32 - 2 names
  [[nodiscard]] Result<std::uint32_t> intern(std::string_view text);
  /// Number of `text`, or nothing when it was never added.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const noexcept;
  /// Text of a number below size(). The view is valid until the next intern().
  [[nodiscard]] std::string_view operator[](std::uint32_t index) const noexcept {
    return std::string_view{characters_}.substr(
        static_cast<std::size_t>(start_[index]),
        static_cast<std::size_t>(start_[index + 1] - start_[index]));
  }
  [[nodiscard]] std::size_t size() const noexcept { return start_.size() - 1; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

 private:
  void grow();
  [[nodiscard]] std::size_t slot_of(std::string_view text, std::uint64_t hash) const noexcept;

  std::string characters_;
  std::vector<std::uint64_t> start_{0};  // size() + 1 offsets
  std::vector<std::uint32_t> slots_;     // open addressing, index + 1; 0 = free
};

}  // namespace ombre::inline v0::timeline
