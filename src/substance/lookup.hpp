#pragma once
// Small helpers the module's sources share.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "ombre/core/assert.hpp"
#include "ombre/core/error.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// The constant with this id, which exists (the ids are ours).
inline const Constant& constant(std::string_view id) {
  const auto rows = constants();
  const auto at = std::ranges::find(rows, id, &Constant::id);
  OMBRE_ASSERT(at != rows.end());
  return *at;
}

inline double value_of(std::string_view id) { return constant(id).value.value_or(0); }

/// The error for a number that is not finite or not within [low, high].
inline std::optional<Error> refuse_outside(std::string_view field, double value, double low,
                                           double high, std::string_view rule) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, std::nullopt, value, "must be a finite number");
  }
  if (value < low || value > high) {
    return error_at(Errc::out_of_range, field, std::nullopt, value, rule);
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::substance
