#pragma once
/// @file
/// A made-up cohort: daily drinking of people who do not exist, for examples, demonstrations and
/// benchmarks. The numbers show what the software does; they say nothing about any treatment.

#include <cstdint>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/random.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::timeline {

/// What a made-up person wants. Goals are the person's own; none of them is the right one.
enum class SyntheticGoal : std::uint8_t { abstain, cut_back, safer_use };

/// "abstain", "cut_back", "safer_use".
[[nodiscard]] OMBRE_EXPORT std::string_view name(SyntheticGoal goal) noexcept;

struct SyntheticCohort {
  Seed seed{7};
  std::uint32_t people = 60;   ///< 1 to 10 000 000
  std::uint32_t days = 168;    ///< of follow-up, 28 to 3650; the first 28 are a baseline
  std::int32_t first_day = 0;  ///< Date::day_number() of everybody's first day
};

/// Records with one window a person, in person order; `goal[k]` and `sex[k]` belong to person k.
struct SyntheticRecords {
  Records records;
  std::vector<PersonWindow> windows;
  std::vector<SyntheticGoal> goal;
  std::vector<Sex> sex;  ///< the column of sex-specific limits that person chose
};

/// Draws the cohort.
///
/// Person k uses random stream k of the seed, so a larger cohort begins with the same people.
/// Each person has a number of drinking days a week and of drinks a day to start with, a goal with
/// a pace of its own, weekends that weigh more, returns to earlier use that come and pass, days
/// nobody recorded, days with use but no amount, and now and then a hospital stay. Amounts are
/// whole US standard drinks under the unit "drink_us", substance "alcohol".
/// Cost: linear in people x days, about 30 ns a day.
/// @par Errors out_of_range (people, days, first_day)
[[nodiscard]] OMBRE_EXPORT Result<SyntheticRecords> synthetic_drinking(const SyntheticCohort& what);

}  // namespace ombre::inline v0::timeline
