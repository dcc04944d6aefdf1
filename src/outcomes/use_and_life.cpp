#include "ombre/outcomes/use_and_life.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ombre/outcomes/ethanol_units.hpp"
#include "ombre/spectrum/state.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/timeline/use_window.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using spectrum::SpectrumState;
using timeline::UseState;
using Steps = std::vector<std::optional<double>>;

constexpr int place_days = 28;

Result<void> check(const UseAndLifeOptions& o) {
  if (o.step_days < 1 || o.step_days > 366) {
    return unexpected(error_at(Errc::out_of_range, "step_days", std::nullopt,
                               static_cast<double>(o.step_days), "must be 1 to 366"));
  }
  if (o.most_lag > 52) {
    return unexpected(error_at(Errc::out_of_range, "most_lag", std::nullopt,
                               static_cast<double>(o.most_lag), "must be at most 52"));
  }
  if (!(o.least_known > 0 && o.least_known <= 1)) {
    return unexpected(error_at(Errc::out_of_range, "least_known", std::nullopt, o.least_known,
                               "must be above 0, at most 1"));
  }
  return {};
}

Result<void> check(const LifeSeries& life) {
  for (std::size_t i = 0; i < life.values.size(); ++i) {
    if (!std::isfinite(life.values[i].value)) {
      return unexpected(
          error_at(Errc::not_finite, life.called, i, life.values[i].value, "must be a number"));
    }
  }
  return {};
}

std::string called(UseMeasure measure, const std::string& substance) {
  switch (measure) {
    case UseMeasure::amount:
      return "the amount of " + substance;
    case UseMeasure::use_days:
      return "days with " + substance;
    case UseMeasure::place:
      break;
  }
  return "the place of " + substance + " on the spectrum";
}

std::string step_word(int days) {
  if (days == 7) return "week";
  if (days == 1) return "day";
  if (days == 28) return "four-week step";
  return std::to_string(days) + "-day step";
}

// The mean of what was written down in each step.
Steps life_steps(const LifeSeries& life, Date first, int step_days, std::size_t count) {
  std::vector<double> sum(count, 0);
  std::vector<int> n(count, 0);
  for (const DatedValue& v : life.values) {
    const std::int64_t day = std::int64_t{v.on.day_number()} - first.day_number();
    if (day < 0) continue;
    const auto at = static_cast<std::size_t>(day / step_days);
    if (at >= count) continue;
    sum[at] += v.value;
    ++n[at];
  }
  Steps out(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (n[i] > 0) out[i] = sum[i] / n[i];
  }
  return out;
}

struct UseSteps {
  Steps amount;
  Steps use_days;
};
UseSteps use_steps(const timeline::DayView& days, const UseAndLifeOptions& o) {
  const auto step = static_cast<std::size_t>(o.step_days);
  const std::size_t count = days.size() / step;
  UseSteps out{Steps(count), Steps(count)};
  for (std::size_t s = 0; s < count; ++s) {
    std::size_t known = 0;
    std::size_t used = 0;
    bool amounts = true;
    double sum = 0;
    for (std::size_t i = s * step; i < (s + 1) * step; ++i) {
      const UseState state = days.state_at(i);
      if (state == UseState::unknown) continue;
      ++known;
      if (state == UseState::none) continue;
      ++used;
      if (state == UseState::amount) {
        sum += days.amount_at(i);
      } else {
        amounts = false;
      }
    }
    if (known == 0 || static_cast<double>(known) < o.least_known * static_cast<double>(step)) {
      continue;
    }
    out.use_days[s] = static_cast<double>(used) / static_cast<double>(known);
    if (amounts) out.amount[s] = sum / static_cast<double>(known);
  }
  return out;
}

Steps place_steps(std::span<const spectrum::StateSpell> spells, std::int32_t first, int step_days,
                  double least_known, std::size_t count) {
  std::vector<double> sum(count, 0);
  std::vector<std::int64_t> days(count, 0);
  for (const spectrum::StateSpell& s : spells) {
    for (std::int64_t day = s.first_day; day <= s.last_day;) {
      const auto at = static_cast<std::size_t>((day - first) / step_days);
      if (at >= count) break;
      const std::int64_t end = std::min<std::int64_t>(
          s.last_day + std::int64_t{1}, first + (static_cast<std::int64_t>(at) + 1) * step_days);
      days[at] += end - day;
      sum[at] += static_cast<double>(end - day) * spectrum::order(s.state);
      day = end;
    }
  }
  Steps out(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (days[i] > 0 && static_cast<double>(days[i]) >= least_known * step_days) {
      out[i] = sum[i] / static_cast<double>(days[i]);
    }
  }
  return out;
}

Result<void> add_rows(std::vector<UseAndLifeRow>& out, const UseHistory& use,
                      const LifeSeries& life, UseMeasure measure, const Steps& steps,
                      const Steps& beside, int step_days, std::size_t most_lag) {
  if (std::ranges::none_of(steps, [](const auto& v) { return v.has_value(); })) return {};
  for (std::size_t lag = 0; lag <= most_lag && lag + 2 <= steps.size(); ++lag) {
    auto result = plans::correlate(steps, beside, lag, life.called, step_word(step_days),
                                   called(measure, use.substance));
    if (!result) return unexpected(result.error());
    out.push_back({use.substance, life.called, measure, step_days, *std::move(result)});
  }
  return {};
}

}  // namespace

std::string_view name(UseMeasure measure) noexcept {
  switch (measure) {
    case UseMeasure::amount:
      return "amount";
    case UseMeasure::use_days:
      return "use_days";
    case UseMeasure::place:
      return "place";
  }
  return "unknown";
}

Result<std::vector<spectrum::StateSpell>> place_by_days(const UseHistory& use, int window_days,
                                                        std::optional<Sex> sex) {
  if (window_days < 7 || window_days > 366) {
    return unexpected(error_at(Errc::out_of_range, "window_days", std::nullopt,
                               static_cast<double>(window_days), "must be 7 to 366"));
  }
  spectrum::UseFacts facts;
  if (const auto found = substance::find(use.substance)) facts.cls = found->cls;
  facts.sex = sex;
  facts.grams_ethanol_per_unit = ethanol_g_of_unit(use.unit);
  const auto window = static_cast<std::size_t>(window_days);
  std::vector<spectrum::StateSpell> out;
  for (std::size_t from = 0; from + window <= use.days.size(); from += window) {
    const auto seen = timeline::window_of(use.days, from, window);
    if (!seen) return unexpected(seen.error());
    const auto report = spectrum::spectrum_state(*seen, facts);
    if (!report) return unexpected(report.error());
    std::optional<SpectrumState> state;
    const spectrum::States pattern = report->by_pattern;
    if (pattern.size() == 1) {
      state = pattern.first();
    } else if (pattern.has(SpectrumState::occasional) &&
               pattern.first() >= SpectrumState::experimental &&
               pattern.last() <= SpectrumState::circumstantial) {
      state = SpectrumState::occasional;
    }
    if (!state) continue;
    const std::int32_t first = use.days.first_day + static_cast<std::int32_t>(from);
    out.push_back({0, first, first + window_days - 1, *state});
  }
  return out;
}

Result<CyclesAndLife> cycles_and_life(std::span<const spectrum::StateSpell> spells,
                                      const LifeSeries& life, const UseAndLifeOptions& options) {
  if (auto ok = check(options); !ok) return unexpected(ok.error());
  if (auto ok = check(life); !ok) return unexpected(ok.error());
  if (spells.empty()) {
    return unexpected(error_of(Errc::empty_input, "spells", "must hold at least one spell"));
  }
  auto cycles = spectrum::cycle_summary(spells);
  if (!cycles) return unexpected(cycles.error());
  std::int32_t first = spells.front().first_day;
  std::int32_t last = spells.front().last_day;
  for (const spectrum::StateSpell& s : spells) {
    first = std::min(first, s.first_day);
    last = std::max(last, s.last_day);
  }
  const std::int64_t count = (std::int64_t{last} - first) / options.step_days + 1;
  if (count > 100'000) {
    return unexpected(error_at(Errc::too_large, "spells", std::nullopt, static_cast<double>(count),
                               "must cover at most 100000 steps"));
  }
  const auto n = static_cast<std::size_t>(count);
  const Steps place = place_steps(spells, first, options.step_days, options.least_known, n);
  const Steps beside = life_steps(life, Date{} + Days{first}, options.step_days, n);
  CyclesAndLife out;
  out.cycles = *cycles;
  for (std::size_t lag = 0; lag <= options.most_lag && lag + 2 <= n; ++lag) {
    auto result = plans::correlate(place, beside, lag, life.called, step_word(options.step_days),
                                   "the place on the spectrum");
    if (!result) return unexpected(result.error());
    out.by_lag.push_back(*std::move(result));
  }
  return out;
}

Result<std::vector<UseAndLifeRow>> use_against_life(std::span<const UseHistory> use,
                                                    std::span<const LifeSeries> life,
                                                    const UseAndLifeOptions& options) {
  if (auto ok = check(options); !ok) return unexpected(ok.error());
  for (const LifeSeries& l : life) {
    if (auto ok = check(l); !ok) return unexpected(ok.error());
  }
  if (use.empty()) {
    return unexpected(error_of(Errc::empty_input, "use", "must hold the days of a substance"));
  }
  std::vector<UseAndLifeRow> out;
  UseAndLifeOptions wide = options;
  wide.step_days = std::max(options.step_days, place_days);
  for (const UseHistory& u : use) {
    const Date first = Date{} + Days{u.days.first_day};
    const UseSteps steps = use_steps(u.days, options);
    const auto spells = place_by_days(u, wide.step_days, options.sex);
    if (!spells) return unexpected(spells.error());
    const std::size_t windows = u.days.size() / static_cast<std::size_t>(wide.step_days);
    const Steps place =
        place_steps(*spells, u.days.first_day, wide.step_days, wide.least_known, windows);
    for (const LifeSeries& l : life) {
      const Steps beside = life_steps(l, first, options.step_days, steps.amount.size());
      const Steps beside_place = life_steps(l, first, wide.step_days, windows);
      for (const auto& [measure, values] : {std::pair{UseMeasure::amount, &steps.amount},
                                            std::pair{UseMeasure::use_days, &steps.use_days}}) {
        if (auto ok =
                add_rows(out, u, l, measure, *values, beside, options.step_days, options.most_lag);
            !ok) {
          return unexpected(ok.error());
        }
      }
      if (auto ok = add_rows(out, u, l, UseMeasure::place, place, beside_place, wide.step_days,
                             options.most_lag);
          !ok) {
        return unexpected(ok.error());
      }
    }
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
