#pragma once
/// @file
/// Factors of drug, set and setting (Zinberg 1984): what about the drug, the person and the
/// surroundings raises or lowers a harm. Change any one of the three and the harm changes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::context {

enum class Domain : std::uint8_t { drug = 1, set = 2, setting = 4 };

/// "drug", "set" or "setting".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Domain domain) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<Domain> find_domain(std::string_view name) noexcept;

/// One or two domains; a factor may belong to several.
struct Domains {
  std::uint8_t bits = 0;
  constexpr Domains() = default;
  constexpr Domains(Domain d) : bits{static_cast<std::uint8_t>(d)} {}  // NOLINT: a set of one
  [[nodiscard]] constexpr bool has(Domain domain) const noexcept {
    return (bits & static_cast<std::uint8_t>(domain)) != 0;
  }
  friend constexpr bool operator==(Domains, Domains) = default;
  friend constexpr Domains operator|(Domains a, Domains b) noexcept {
    a.bits = static_cast<std::uint8_t>(a.bits | b.bits);
    return a;
  }
};
[[nodiscard]] constexpr Domains operator|(Domain a, Domain b) noexcept {
  return Domains{a} | Domains{b};
}

/// What "yes" to a factor does. A rule may only use it that way round, so that a protective factor
/// can never raise a band.
enum class Direction : std::uint8_t { raises, lowers };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Direction direction) noexcept;

/// What an answer looks like.
enum class ValueKind : std::uint8_t {
  yes_no,
  number  ///< read by other factors: days since something, age, dose
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(ValueKind kind) noexcept;

/// Yes, no, or not known. Not known is not no.
enum class Truth : std::uint8_t { unknown = 0, no, yes };
[[nodiscard]] OMBRE_EXPORT std::string_view name(Truth truth) noexcept;

/// One factor of the catalogue.
struct Factor {
  std::string_view id;     ///< "uses_alone"
  std::string_view title;  ///< as a statement that may be true of somebody: "uses alone"
  Domains domains{};
  Direction direction = Direction::raises;
  ValueKind kind = ValueKind::yes_no;
  bool modifiable = false;  ///< can be changed by the person or by what is offered
  bool derived = false;     ///< worked out from other answers where it is not stated itself
  bool sensitive = false;   ///< ask only with care, and only where it is needed
  std::string_view ask{};   ///< a question in plain words; empty for derived ones
  std::string_view note{};  ///< what is known about it
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  double low = 0;  ///< numbers only: the range that is accepted, and its unit
  double high = 0;
  std::string_view unit{};
};

}  // namespace ombre::inline v0::context
