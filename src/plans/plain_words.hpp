#pragma once
// Numbers and lists as a person reads them.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::plans::detail {

// At most two decimals, none that say nothing: 3, 3.5, 14.29.
[[nodiscard]] inline std::string plain(double value) {
  if (!std::isfinite(value) || std::abs(value) > 1e12) return shortest(value);
  const double rounded = std::round(value * 100) / 100;
  return shortest(rounded == 0 ? 0.0 : rounded);
}

// "1 day", "3 days".
[[nodiscard]] inline std::string counted(std::int64_t n, const std::string& one,
                                         const std::string& many = {}) {
  return std::to_string(n) + ' ' + (n == 1 ? one : many.empty() ? one + 's' : many);
}

// "a", "a and b", "a, b and c".
[[nodiscard]] inline std::string listed(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

// "1 h 30 min", "45 min".
[[nodiscard]] inline std::string minutes_text(std::int64_t minutes) {
  const std::int64_t hours = minutes / 60;
  const std::int64_t rest = minutes % 60;
  if (hours == 0) return std::to_string(rest) + " min";
  return std::to_string(hours) + " h" + (rest == 0 ? "" : " " + std::to_string(rest) + " min");
}

}  // namespace ombre::inline v0::plans::detail
