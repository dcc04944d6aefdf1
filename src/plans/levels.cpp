#include "ombre/plans/levels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>
#include <utility>

namespace ombre::inline v0::plans {

namespace {

std::optional<Error> bad(std::string_view field, std::optional<std::uint64_t> row, double value,
                         bool zero_allowed) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, row, value, "must be finite");
  }
  if (value < 0 || (value == 0 && !zero_allowed)) {
    return error_at(Errc::out_of_range, field, row, value,
                    zero_allowed ? "must be 0 or more" : "must be above 0");
  }
  return std::nullopt;
}

/// (e^(-a t) - e^(-b t)) / (b - a), also where a and b are equal or nearly so.
double difference_quotient(double a, double b, double t) noexcept {
  const double gap = std::abs(b - a) * t;
  const double shape = gap == 0 ? 1 : -std::expm1(-gap) / gap;
  return std::exp(-std::min(a, b) * t) * t * shape;
}

/// Something that changes the state at an hour: a dose, or an input that begins or ends.
struct Event {
  double hour = 0;
  int kind = 0;  // 0 an input ends, 1 an input begins, 2 goes straight in, 3 is to be absorbed
  double amount = 0;
};

class Compartment {
 public:
  Compartment(double elimination, std::optional<double> absorption)
      : k_{elimination}, ka_{absorption} {}

  void advance(double hours) noexcept {
    if (hours <= 0) return;
    body_ = body_ * std::exp(-k_ * hours) - rate_ / k_ * std::expm1(-k_ * hours);
    if (ka_) {
      body_ += waiting_ * *ka_ * difference_quotient(k_, *ka_, hours);
      waiting_ *= std::exp(-*ka_ * hours);
    }
  }

  void apply(const Event& event) {
    switch (event.kind) {
      case 0:
        active_.erase(std::ranges::find(active_, event.amount));
        break;
      case 1:
        active_.push_back(event.amount);
        break;
      case 2:
        body_ += event.amount;
        break;
      default:
        (ka_ ? waiting_ : body_) += event.amount;
        break;
    }
    if (event.kind < 2) {
      rate_ = 0;  // summed anew: no remainder of what has ended
      for (const double rate : active_) rate_ += rate;
    }
  }

  [[nodiscard]] double body() const noexcept { return body_; }

 private:
  double k_;
  std::optional<double> ka_;
  double body_ = 0;
  double waiting_ = 0;  // taken, not yet absorbed
  double rate_ = 0;
  std::vector<double> active_;
};

}  // namespace

Result<HalfLife> HalfLife::from_hours(double low, double high) {
  if (auto error = bad("low", std::nullopt, low, false)) return unexpected(*std::move(error));
  if (auto error = bad("high", std::nullopt, high, false)) return unexpected(*std::move(error));
  if (low > high) {
    return unexpected(error_at(Errc::contradiction, "low", std::nullopt, low,
                               "must not be above the high end of the range"));
  }
  return HalfLife{low, high};
}

std::optional<std::size_t> longest_active(std::span<const ActiveSpecies> species) noexcept {
  std::optional<std::size_t> longest;
  for (std::size_t i = 0; i < species.size(); ++i) {
    if (!longest || species[i].half_life.mid_hours() > species[*longest].half_life.mid_hours()) {
      longest = i;
    }
  }
  return longest;
}

double settled_share(double half_life_hours, double hours) noexcept {
  if (!(hours > 0)) return 0;
  return -std::expm1(-std::numbers::ln2 * hours / half_life_hours);
}

Result<double> hours_to_settle(double half_life_hours, double share) {
  if (auto error = bad("half_life_hours", std::nullopt, half_life_hours, false)) {
    return unexpected(*std::move(error));
  }
  if (!(share >= 0 && share < 1)) {
    return unexpected(
        error_at(Errc::out_of_range, "share", std::nullopt, share, "must be 0 or more, below 1"));
  }
  return -half_life_hours * std::log1p(-share) / std::numbers::ln2;
}

Result<double> accumulation_ratio(double half_life_hours, double interval_hours) {
  if (auto error = bad("half_life_hours", std::nullopt, half_life_hours, false)) {
    return unexpected(*std::move(error));
  }
  if (auto error = bad("interval_hours", std::nullopt, interval_hours, false)) {
    return unexpected(*std::move(error));
  }
  return 1 / settled_share(half_life_hours, interval_hours);
}

Result<double> steady_state_mean(double half_life_hours, double dose, double interval_hours) {
  if (auto error = bad("half_life_hours", std::nullopt, half_life_hours, false)) {
    return unexpected(*std::move(error));
  }
  if (auto error = bad("dose", std::nullopt, dose, true)) return unexpected(*std::move(error));
  if (auto error = bad("interval_hours", std::nullopt, interval_hours, false)) {
    return unexpected(*std::move(error));
  }
  return dose * half_life_hours / (std::numbers::ln2 * interval_hours);
}

Result<std::vector<double>> levels(const LevelModel& model, std::span<const TimedDose> doses,
                                   std::span<const TimedInput> inputs,
                                   std::span<const double> hours) {
  if (auto error = bad("half_life_hours", std::nullopt, model.half_life_hours, false)) {
    return unexpected(*std::move(error));
  }
  if (model.absorption_half_life_hours) {
    if (auto error = bad("absorption_half_life_hours", std::nullopt,
                         *model.absorption_half_life_hours, false)) {
      return unexpected(*std::move(error));
    }
  }
  if (auto error = bad("initial_amount", std::nullopt, model.initial_amount, true)) {
    return unexpected(*std::move(error));
  }
  const auto not_finite = [](std::string_view field, std::size_t row, double value) {
    return unexpected(error_at(Errc::not_finite, field, row, value, "must be finite"));
  };
  if (!std::isfinite(model.initial_hour)) return not_finite("initial_hour", 0, model.initial_hour);

  std::vector<Event> events;
  events.reserve(doses.size() + 2 * inputs.size() + 1);
  if (model.initial_amount > 0) events.push_back({model.initial_hour, 2, model.initial_amount});
  for (std::size_t i = 0; i < doses.size(); ++i) {
    if (!std::isfinite(doses[i].hour)) return not_finite("doses.hour", i, doses[i].hour);
    if (auto error = bad("doses.amount", i, doses[i].amount, true)) {
      return unexpected(*std::move(error));
    }
    events.push_back({doses[i].hour, 3, doses[i].amount});
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const TimedInput& input = inputs[i];
    if (!std::isfinite(input.from_hour)) return not_finite("inputs.from_hour", i, input.from_hour);
    if (!std::isfinite(input.to_hour)) return not_finite("inputs.to_hour", i, input.to_hour);
    if (auto error = bad("inputs.amount_per_hour", i, input.amount_per_hour, true)) {
      return unexpected(*std::move(error));
    }
    if (input.to_hour < input.from_hour) {
      return unexpected(error_at(Errc::out_of_range, "inputs.to_hour", i, input.to_hour,
                                 "must not be before from_hour"));
    }
    if (input.to_hour == input.from_hour) continue;
    events.push_back({input.from_hour, 1, input.amount_per_hour});
    events.push_back({input.to_hour, 0, input.amount_per_hour});
  }
  // The order given must not change a bit of the answer.
  std::ranges::sort(events, [](const Event& a, const Event& b) {
    return std::tuple(a.hour, a.kind, a.amount) < std::tuple(b.hour, b.kind, b.amount);
  });

  std::optional<double> ka;
  if (model.absorption_half_life_hours) {
    ka = std::numbers::ln2 / *model.absorption_half_life_hours;
  }
  Compartment state{std::numbers::ln2 / model.half_life_hours, ka};
  std::vector<double> out;
  out.reserve(hours.size());
  double now = events.empty() ? 0 : events.front().hour;
  std::size_t e = 0;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const double hour = hours[i];
    if (!std::isfinite(hour)) return not_finite("hours", i, hour);
    if (i > 0 && hour < hours[i - 1]) {
      return unexpected(error_at(Errc::malformed, "hours", i, hour, "must be in ascending order"));
    }
    for (; e < events.size() && events[e].hour <= hour; ++e) {
      state.advance(events[e].hour - now);
      now = events[e].hour;
      state.apply(events[e]);
    }
    if (hour > now) {
      state.advance(hour - now);
      now = hour;
    }
    out.push_back(state.body());
  }
  return out;
}

Result<std::vector<Settling>> settling(double half_life_hours, double start_dose,
                                       std::span<const LevelStep> steps) {
  if (steps.empty()) {
    return unexpected(error_of(Errc::empty_input, "steps", "must hold at least one step"));
  }
  if (auto error = bad("half_life_hours", std::nullopt, half_life_hours, false)) {
    return unexpected(*std::move(error));
  }
  if (auto error = bad("start_dose", std::nullopt, start_dose, false)) {
    return unexpected(*std::move(error));
  }
  std::vector<Settling> out;
  out.reserve(steps.size());
  double level = start_dose;  // as the daily dose whose steady state it is
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const LevelStep& step = steps[k];
    if (auto error = bad("daily_dose", k, step.daily_dose, true)) {
      return unexpected(*std::move(error));
    }
    if (step.days < 1) {
      return unexpected(error_at(Errc::out_of_range, "days", k, step.days, "must be 1 or more"));
    }
    Settling settled;
    settled.share_of_step = settled_share(half_life_hours, 24.0 * step.days);
    level = step.daily_dose + (level - step.daily_dose) * (1 - settled.share_of_step);
    settled.lag = (level - step.daily_dose) / start_dose;
    out.push_back(settled);
  }
  return out;
}

double days_before_judging(const HalfLife& half_life) noexcept {
  return std::min(14.0, 5 * half_life.mid_hours() / 24);
}

std::size_t warn_unsettled_steps(std::span<const std::int32_t> step_days,
                                 std::span<const ActiveSpecies> species, Findings& findings) {
  const std::optional<std::size_t> longest = longest_active(species);
  if (!longest) return 0;
  const ActiveSpecies& slowest = species[*longest];
  const double needed = days_before_judging(slowest.half_life);
  const auto whole_days = static_cast<int>(std::ceil(needed));
  std::size_t count = 0;
  for (std::size_t k = 0; k < step_days.size(); ++k) {
    if (step_days[k] >= needed) continue;
    ++count;
    const double share =
        settled_share(slowest.half_life.mid_hours(), 24.0 * std::max(step_days[k], 0));
    findings.add(Finding{Severity::caution,
                         "step_not_settled",
                         "after " + std::to_string(step_days[k]) + " days " + slowest.name +
                             " has settled to about " + std::to_string(std::lround(100 * share)) +
                             " %: judge the step after " + std::to_string(whole_days) +
                             " days, or expect more of its effect to come",
                         {},
                         "days",
                         k,
                         std::to_string(step_days[k])});
  }
  return count;
}

}  // namespace ombre::inline v0::plans
