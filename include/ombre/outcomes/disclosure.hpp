#pragma once
/// @file
/// Disclosure: how much of what happened did the person tell, and how soon?
///
/// A rise is good even when use is unchanged: it says that telling is safe. These numbers are for
/// the person and the team; using them against somebody destroys what they measure.

#include <cstdint>
#include <optional>
#include <span>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::outcomes {

/// One event (a use, an overdose, a missed dose) and how the team came to know.
struct KnownEvent {
  std::int32_t happened_on = 0;
  std::int32_t known_on = 0;   ///< not before happened_on
  bool self_reported = false;  ///< else found otherwise: urine, collateral, chart
};

struct Disclosure {
  std::uint32_t self_reported = 0;
  std::uint32_t found_otherwise = 0;
  /// self_reported / (self_reported + found_otherwise), 0 to 1; nothing without an event.
  std::optional<double> rate;
  /// Days from event to telling, over self-reported events: mean and median.
  std::optional<double> mean_days_to_tell;
  std::optional<double> median_days_to_tell;
};

/// @par Errors out_of_range (known before it happened; names the row)
[[nodiscard]] OMBRE_EXPORT Result<Disclosure> disclosure(std::span<const KnownEvent> events);

}  // namespace ombre::inline v0::outcomes
