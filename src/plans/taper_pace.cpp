// How fast a plan gets, decided in whole numbers.
#include <cmath>

#include "ombre/plans/taper_guard.hpp"
#include "taper_series.hpp"

namespace ombre::inline v0::plans {
namespace {

__extension__ using Wide = __int128;

// Whole millionths of a limit, so that "10 %" is decided exactly.
std::int64_t millionths(double value) {
  return static_cast<std::int64_t>(std::llround(value * 1e6));
}

// Doses of a curve are rounded to a millionth of the unit; a difference of one is not a pace.
constexpr std::int64_t one_millionth = detail::day_scale;

}  // namespace

std::optional<PaceFound> fastest(const TaperRequest& request, const TaperVersion& version,
                                 std::size_t line, const PaceLimit& limit, Date from) {
  const auto series = detail::dose_series(request, version, line);
  const TaperSubstance& what = request.lines[line].what;
  const int days_per_amount = request.lines[line].per == Per::week ? 7 : 1;
  const double to_diazepam = what.diazepam_mg_high.value_or(0);
  const double scale = 1e6 * detail::day_scale;

  // Cuts that may not count, summed up to i: those of the terminal rule, and small ones.
  std::vector<std::int64_t> exempt(series.size(), 0);
  std::vector<std::int64_t> small(series.size(), 0);
  std::size_t first_cut = 0;
  for (std::size_t i = 1; i < series.size(); ++i) {
    const std::int64_t cut = series[i - 1].scaled - series[i].scaled;
    exempt[i] = exempt[i - 1];
    small[i] = small[i - 1];
    if (cut <= 0) continue;
    if (first_cut == 0) first_cut = i;
    const double diazepam = static_cast<double>(cut) / scale * to_diazepam;
    if (limit.terminal_exempt && series[i].terminal) {
      exempt[i] += cut;
    } else if (limit.exempt_diazepam_mg > 0 && to_diazepam > 0 &&
               diazepam <= limit.exempt_diazepam_mg * (1 + 1e-9)) {
      small[i] += cut;
    } else if (limit.exempt_amount > 0 &&
               static_cast<double>(cut) / scale <= limit.exempt_amount * (1 + 1e-9)) {
      small[i] += cut;
    }
  }
  // One small cut a week (or whatever the limit names) is exempt: many of them within a week are
  // one large cut in pieces. Up to two days are left for steps that moved off a holiday.
  const auto small_exempt = [&](std::size_t j, std::size_t i) -> std::int64_t {
    const std::int64_t sum = small[i] - small[j - 1];
    if (sum == 0) return 0;
    const auto days = (series[i].first - series[j].first).count() + 2;
    if (limit.exempt_amount > 0) {
      const auto times = days / limit.exempt_amount_days + 1;
      return static_cast<double>(sum) / scale <= limit.exempt_amount * times * (1 + 1e-9) ? sum : 0;
    }
    const auto weeks = days / 7 + 1;
    const double diazepam = static_cast<double>(sum) / scale * to_diazepam;
    return diazepam <= limit.exempt_diazepam_mg * weeks * (1 + 1e-9) ? sum : 0;
  };

  const std::int64_t original = detail::original_scaled(request, line);
  std::optional<PaceFound> worst;
  for (std::size_t i = 1; i < series.size(); ++i) {
    if (series[i].first < from) continue;
    for (std::size_t j = i; j >= 1; --j) {
      if ((series[i].first - series[j].first).count() >= limit.window_days) break;
      if (limit.first_step_only && (i != first_cut || j != first_cut)) continue;
      if (limit.after_first_step && j <= first_cut) continue;
      const std::int64_t before = series[j - 1].scaled;
      const std::int64_t cut =
          before - series[i].scaled - (exempt[i] - exempt[j - 1]) - small_exempt(j, i);
      if (cut <= 0 || before == 0) continue;
      if (limit.exempt_percent_of_original > 0 &&
          Wide{cut - one_millionth} * 100'000'000 <=
              Wide{original} * millionths(limit.exempt_percent_of_original)) {
        continue;
      }
      if (limit.exempt_below_ethanol_g > 0 && what.ethanol_g_per_unit) {
        const double grams =
            static_cast<double>(before) / scale * *what.ethanol_g_per_unit / days_per_amount;
        if (grams <= limit.exempt_below_ethanol_g * (1 + 1e-9)) continue;
      }
      PaceFound found;
      found.on = series[i].first;
      found.step = series[i].step;
      double allowed = limit.limit;
      switch (limit.measure) {
        case PaceMeasure::percent_of_current:
        case PaceMeasure::percent_of_original: {
          const std::int64_t whole =
              limit.measure == PaceMeasure::percent_of_current ? before : original;
          if (whole == 0) continue;
          found.measured = 100.0 * static_cast<double>(cut) / static_cast<double>(whole);
          found.exceeded =
              Wide{cut - one_millionth} * 100'000'000 > Wide{whole} * millionths(limit.limit);
          break;
        }
        case PaceMeasure::amount: {
          found.measured = static_cast<double>(cut) / scale / days_per_amount;
          found.exceeded =
              Wide{cut} > Wide{millionths(limit.limit)} * detail::day_scale * days_per_amount;
          break;
        }
        case PaceMeasure::diazepam_mg: {
          if (to_diazepam <= 0) continue;
          found.measured = static_cast<double>(cut) / scale * to_diazepam / days_per_amount;
          // Ashton's bands: the allowed cut shrinks with the dose it starts from.
          const double at = static_cast<double>(before) / scale * to_diazepam;
          if (at <= 5 * (1 + 1e-9)) {
            allowed = limit.limit / 4;
          } else if (at <= 20 * (1 + 1e-9)) {
            allowed = limit.limit / 2;
          }
          found.exceeded = found.measured > allowed * (1 + 1e-9);
          break;
        }
      }
      const bool worse = !worst || (found.exceeded && !worst->exceeded) ||
                         (found.exceeded == worst->exceeded && found.measured > worst->measured);
      if (worse) worst = found;
    }
  }
  return worst;
}

}  // namespace ombre::inline v0::plans
