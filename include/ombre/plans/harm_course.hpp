#pragma once
/// @file
/// Harms over time: how often, how long between, how long since. Arrest, custody, losing the home,
/// an infection, an overdose: whatever happened with use, fewer of them is success.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/plans/progress.hpp"

namespace ombre::inline v0::plans {

/// The course of one harm in a person's ledger.
struct HarmCourse {
  std::string harm;  ///< as the ledger calls it: "arrest", "overdose"
  std::size_t times = 0;
  Date first;
  Date last;
  bool again = false;  ///< more than once: a second arrest, a second loss of the home
  /// Days from one to the next, median; nothing with fewer than two.
  std::optional<double> usual_between{};
  int since_last = 0;            ///< days from the last one to today
  bool longest_without = false;  ///< the time since the last one is longer than any between two
};

/// One course for each harm in the ledger, by name; entries after today are not looked at. Several
/// entries of one harm on one day count as one. Cost: O(n log n). Ties: order does not matter.
[[nodiscard]] OMBRE_EXPORT std::vector<HarmCourse> harm_courses(std::span<const HarmEntry> ledger,
                                                                Date today);

/// A sentence: "arrest: 2 times, the last 120 days ago; usually 60 days between. The longest time
/// without so far."
[[nodiscard]] OMBRE_EXPORT std::string describe(const HarmCourse& course);

}  // namespace ombre::inline v0::plans
