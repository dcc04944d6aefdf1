#pragma once
// The doses of a plan as a series of changes in whole numbers, as guards and figures want them.

#include <cmath>
#include <cstdint>
#include <vector>

#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::plans::detail {

// Doses taken every n days (n = 1 .. 7) are averaged over days without rounding: 420 = lcm(1..7).
inline constexpr std::int64_t day_scale = 420;

// One change of dose: from `first` on this much is taken.
struct Change420 {
  Date first;
  std::int64_t scaled = 0;  // millionths of the unit x 420, a day (or a week)
  int step = 0;             // 0: after the last step
  bool terminal = false;    // a longer interval at the smallest dose, or the stop after one
};

// What percentages of the original refer to, in the series' scale.
inline std::int64_t original_scaled(const TaperRequest& request, std::size_t line) {
  const auto amount = original_amount(request.lines[line]);
  return amount ? amount->micro() * day_scale : 0;
}

// The present amount (index 0, valid before the plan), each step, and what follows the last one.
inline std::vector<Change420> dose_series(const TaperRequest& request, const TaperVersion& version,
                                          std::size_t line) {
  std::vector<Change420> out;
  out.reserve(version.steps.size() + 2);
  std::int64_t now = 0;
  for (const IntakeNow& intake : request.lines[line].intakes) now += intake.amount.micro();
  Change420 start;
  start.first = version.steps.empty() ? Date::min() : version.steps.front().first - Days{1};
  start.scaled = now * day_scale;
  out.push_back(start);
  bool terminal = false;
  for (const TaperStep& step : version.steps) {
    const LineDose& dose = step.doses[line];
    terminal = step.kind == StepKind::stretch;
    out.push_back(
        {step.first, dose.amount.micro() * (day_scale / dose.every_n_days), step.id, terminal});
  }
  if (version.ends) {
    // Stopping from once a day at the smallest dose belongs to the terminal rule as well.
    out.push_back({*version.ends, version.after[line].micro() * day_scale, 0, terminal});
  }
  if (line == 1 && request.substitution && request.substitution->ratio() > 0) {
    // While the one takes the place of the other, what matters is both together.
    const auto old = dose_series(request, version, 0);
    for (std::size_t i = 0; i < out.size() && i < old.size(); ++i) {
      out[i].scaled +=
          std::llround(static_cast<double>(old[i].scaled) * request.substitution->ratio());
    }
  }
  return out;
}

}  // namespace ombre::inline v0::plans::detail
