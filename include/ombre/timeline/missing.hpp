#pragma once
/// @file
/// What is assumed about days that are not known. Every metric and every episode names its rule.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::timeline {

/// The rule for a day that is not known.
enum class MissingRule : std::uint8_t {
  exclude = 0,  ///< it is left out: it is neither use nor abstinence, and no denominator counts it
  worst = 1,    ///< it is a day of use
  best = 2,     ///< it is a day without use
  locf = 3      ///< it is as the last known day before it; days before the first known one stay out
};
inline constexpr std::size_t missing_rule_count = 4;
inline constexpr std::array<MissingRule, missing_rule_count> missing_rules{
    MissingRule::exclude, MissingRule::worst, MissingRule::best, MissingRule::locf};

/// "exclude", "worst", "best", "locf".
[[nodiscard]] OMBRE_EXPORT std::string_view name(MissingRule rule) noexcept;
/// The rule of exactly that name. @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<MissingRule> parse_missing_rule(std::string_view text);

}  // namespace ombre::inline v0::timeline
