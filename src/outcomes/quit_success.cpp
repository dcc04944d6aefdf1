#include "ombre/outcomes/quit_success.hpp"

#include <cmath>

#include "outcomes/completed_days.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using timeline::MissingRule;
using timeline::UseState;
using Days = std::vector<CompletedDay>;

// Answers under the four rules put together; `answer` returns nothing where it has none.
template <class Answer>
Achieved under_all(const timeline::DayView& days, MissingRule chosen, Answer answer) {
  Achieved out;
  out.certain = true;
  bool any = false;
  for (const MissingRule rule : timeline::missing_rules) {
    const std::optional<bool> yes = answer(complete_days(days, rule));
    if (rule == chosen) out.value = yes;
    if (!yes) continue;
    any = true;
    out.possible = out.possible || *yes;
    out.certain = out.certain && *yes;
  }
  out.certain = out.certain && any;
  for (std::size_t i = 0; i < days.size(); ++i) {
    ++(days.state_at(i) == UseState::unknown ? out.n_missing : out.n_observed);
  }
  return out;
}

std::optional<bool> no_use(const Days& days) {
  bool known = false;
  for (const CompletedDay& d : days) {
    if (d.use.value_or(false)) return false;
    known = known || d.use.has_value();
  }
  if (!known) return std::nullopt;
  return true;
}

std::optional<bool> meets(const Days& days, const OwnGoal& goal) {
  if (goal.kind == GoalKind::none_at_all) return no_use(days);
  bool known = false;
  bool amount_lost = false;  // use whose amount the rule could not name
  double sum = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const CompletedDay& d = days[i];
    if (i % 7 == 0 && goal.kind != GoalKind::at_most_per_day) sum = 0;
    if (goal.kind == GoalKind::use_days_per_week) {
      if (!d.use) continue;
      known = true;
      sum += *d.use ? 1 : 0;
    } else {
      if (d.use && !d.amount) amount_lost = true;
      if (!d.amount) continue;
      known = true;
      sum = goal.kind == GoalKind::at_most_per_day ? *d.amount : sum + *d.amount;
    }
    if (sum > goal.limit) return false;
  }
  if (!known || (amount_lost && goal.limit == 0)) return std::nullopt;
  return true;
}

Result<void> positive(std::string_view field, std::uint32_t days) {
  if (days > 0) return {};
  return unexpected(error_at(Errc::out_of_range, field, std::nullopt, "0", "must be at least 1"));
}

}  // namespace

Result<Achieved> floating_abstinence(const timeline::DayView& days, std::uint32_t treatment_days,
                                     MissingRule missing, std::uint32_t run_days) {
  if (auto fine = positive("treatment_days", treatment_days); !fine) {
    return unexpected(fine.error());
  }
  if (auto fine = positive("run_days", run_days); !fine) return unexpected(fine.error());
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  return under_all(days, missing, [&](const Days& all) -> std::optional<bool> {
    std::size_t run = 0;
    bool known = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      known = known || all[i].use.has_value();
      run = all[i].use && !*all[i].use ? run + 1 : 0;
      // The run may last beyond treatment; what counts is when it began.
      if (run >= run_days && i + 1 - run < treatment_days) return true;
    }
    if (!known) return std::nullopt;
    return false;
  });
}

Result<std::vector<Achieved>> repeated_point_prevalence(const timeline::DayView& days,
                                                        std::span<const std::uint32_t> visits,
                                                        std::uint32_t look_back,
                                                        MissingRule missing) {
  if (auto fine = positive("look_back", look_back); !fine) return unexpected(fine.error());
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  std::vector<Achieved> out;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    if (visits[v] > days.size()) {
      return unexpected(error_at(
          Errc::out_of_range, "visits", v, std::to_string(visits[v]),
          "must be a day of the view or the day after it, at most " + std::to_string(days.size())));
    }
    if (visits[v] < look_back) {
      out.push_back({});
      continue;
    }
    // The rules look at all days: what is carried into the span may have been seen before it.
    const std::size_t from = visits[v] - look_back;
    Achieved a = under_all(days, missing, [&](const Days& all) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
      return no_use(Days(first, first + look_back));
    });
    a.n_observed = a.n_missing = 0;
    for (std::size_t i = from; i < visits[v]; ++i) {
      ++(days.state_at(i) == UseState::unknown ? a.n_missing : a.n_observed);
    }
    out.push_back(a);
  }
  return out;
}

Result<Verification> verify_co(double co_ppm, double limit_ppm) {
  if (!std::isfinite(co_ppm)) {
    return unexpected(
        error_at(Errc::not_finite, "co_ppm", std::nullopt, co_ppm, "must be a finite number"));
  }
  if (!(co_ppm >= 0)) {
    return unexpected(
        error_at(Errc::out_of_range, "co_ppm", std::nullopt, co_ppm, "must be 0 or more"));
  }
  if (!(limit_ppm > 0 && std::isfinite(limit_ppm))) {
    return unexpected(
        error_at(Errc::out_of_range, "limit_ppm", std::nullopt, limit_ppm, "must be above 0"));
  }
  return co_ppm < limit_ppm ? Verification::confirmed : Verification::refuted;
}

std::string_view name(RussellResult result) noexcept {
  switch (result) {
    case RussellResult::abstinent:
      return "abstinent";
    case RussellResult::not_abstinent:
      return "not_abstinent";
    case RussellResult::excluded:
      return "excluded";
  }
  return "invalid";
}

Result<RussellResult> russell_standard(const timeline::DayView& days, const RussellStandard& period,
                                       Verification verification, bool died_or_moved) {
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  if (period.follow_up_day < period.grace_days || period.follow_up_day >= days.size()) {
    return unexpected(error_at(Errc::out_of_range, "follow_up_day", std::nullopt,
                               std::to_string(period.follow_up_day),
                               "must be a day of the view after the grace period"));
  }
  if (!(period.most_cigarettes >= 0)) {
    return unexpected(error_at(Errc::out_of_range, "most_cigarettes", std::nullopt,
                               period.most_cigarettes, "must be 0 or more"));
  }
  if (died_or_moved) return RussellResult::excluded;
  if (verification != Verification::confirmed) return RussellResult::not_abstinent;
  double total = 0;
  for (std::size_t i = period.grace_days; i <= period.follow_up_day; ++i) {
    const UseState s = days.state_at(i);
    if (s == UseState::unknown || s == UseState::used) return RussellResult::not_abstinent;
    total += days.amount_at(i);
  }
  return total <= period.most_cigarettes ? RussellResult::abstinent : RussellResult::not_abstinent;
}

Result<Achieved> goal_met(const timeline::DayView& days, const OwnGoal& goal, MissingRule missing) {
  if (!(goal.limit >= 0 && std::isfinite(goal.limit))) {
    return unexpected(
        error_at(Errc::out_of_range, "limit", std::nullopt, goal.limit, "must be 0 or more"));
  }
  if (days.state.empty()) {
    return unexpected(error_of(Errc::empty_input, "days", "must have at least one day"));
  }
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  return under_all(days, missing, [&](const Days& all) { return meets(all, goal); });
}

}  // namespace ombre::inline v0::outcomes
