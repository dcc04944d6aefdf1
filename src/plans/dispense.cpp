#include "ombre/plans/dispense.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "plans/dispense_path.hpp"

namespace ombre::inline v0::plans {

namespace {

Amount made(std::int64_t micro, DoseUnit unit) {
  return Amount::from_micro(micro, unit).value_or(Amount{unit});
}

Result<void> check_same_unit(std::string_view field, std::optional<std::uint64_t> row,
                             Amount amount, DoseUnit unit) {
  if (amount.unit() == unit) return {};
  return unexpected(error_at(Errc::contradiction, field, row, text(amount),
                             "must be in the unit of the start, " + std::string{name(unit)}));
}

Result<void> check_request(const DispenseRequest& request) {
  const DoseUnit unit = request.start.unit();
  if (request.ideal.empty()) {
    return unexpected(error_of(Errc::empty_input, "ideal", "must hold at least one step"));
  }
  if (request.ideal.size() > 5'000) {
    return unexpected(error_at(Errc::too_large, "ideal", std::nullopt,
                               std::to_string(request.ideal.size()), "must be at most 5000 steps"));
  }
  std::int64_t total_days = 0;
  for (std::size_t k = 0; k < request.ideal.size(); ++k) {
    const IdealStep& step = request.ideal[k];
    if (auto ok = check_same_unit("ideal", k, step.amount, unit); !ok) return ok;
    total_days += step.days;
    if (step.days < 1 || step.days > 36'500 || total_days > 366'000) {
      return unexpected(error_at(Errc::out_of_range, "days", k, std::to_string(step.days),
                                 "must be 1 to 36500, and 366000 in all"));
    }
  }
  for (std::size_t i = 0; i < request.candidates.size(); ++i) {
    if (auto ok = check_same_unit("candidates", i, request.candidates[i].strength(), unit); !ok) {
      return ok;
    }
  }
  const CutCeiling& ceiling = request.ceiling;
  for (const auto& [field, amount] :
       {std::pair{"absolute", ceiling.absolute}, std::pair{"exempt_cut", ceiling.exempt_cut},
        std::pair{"stop_from", ceiling.stop_from},
        std::pair{"largest_error", request.largest_error}}) {
    if (!amount) continue;
    if (auto ok = check_same_unit(field, std::nullopt, *amount, unit); !ok) return ok;
  }
  if (ceiling.window_days < 0 || ceiling.window_days > 366) {
    return unexpected(error_at(Errc::out_of_range, "window_days", std::nullopt,
                               std::to_string(ceiling.window_days), "must be 0 to 366"));
  }
  if (request.rounding != Rounding::nearest && request.rounding != Rounding::never_above_ideal) {
    return unexpected(error_of(Errc::unknown_name, "rounding", "must be a known rounding"));
  }
  return {};
}

/// The problem of a request on a given set of day amounts.
detail::PathProblem problem_of(const DispenseRequest& request,
                               std::span<const std::int64_t> amounts) {
  detail::PathProblem problem;
  problem.amounts = amounts;
  problem.start = request.start.micro();
  for (const IdealStep& step : request.ideal) {
    problem.ideal.push_back(step.amount.micro());
    problem.days.push_back(step.days);
  }
  problem.ceiling = detail::MicroCeiling::of(request.ceiling, request.start);
  problem.never_above = request.rounding == Rounding::never_above_ideal;
  if (request.largest_error) problem.largest_error = request.largest_error->micro();
  problem.reach_end = request.reach_end;
  return problem;
}

struct Realised {
  DoseGrid grid;
  std::vector<std::int64_t> day;  // day amounts
};

Result<Realised> grid_of(const DispenseRequest& request, std::span<const Product> products) {
  Amount largest = request.start;
  for (const IdealStep& step : request.ideal) {
    if (step.amount > largest) largest = step.amount;
  }
  Result<DoseGrid> grid = DoseGrid::build(products, largest, request.limits);
  if (!grid) return unexpected(std::move(grid).error());
  const auto intakes = static_cast<std::int32_t>(
      std::min<std::size_t>(request.shares.weights.size(), 1'000));  // day_amounts says the limit
  Result<std::vector<std::int64_t>> day = day_amounts(*grid, intakes, largest);
  if (!day) return unexpected(std::move(day).error());
  return Realised{std::move(*grid), std::move(*day)};
}

std::int64_t furthest(std::span<const std::int64_t> doses, const DispenseRequest& request) {
  std::int64_t worst = 0;
  for (std::size_t k = 0; k < doses.size(); ++k) {
    const std::int64_t error = doses[k] - request.ideal[k].amount.micro();
    if (std::abs(error) > std::abs(worst)) worst = error;
  }
  return worst;
}

/// Everything about a plan that does not fit: why, where, and what would help.
Result<Misfit> explain(const DispenseRequest& request, const detail::PathProblem& problem,
                       const std::optional<detail::Path>& closest) {
  Misfit misfit;
  if (!closest) {
    misfit.reason = MisfitReason::start_not_dispensable;
  } else {
    // The first demand that is broken by the closest plan, in this order.
    const std::vector<std::int64_t>& doses = closest->doses;
    bool found = false;
    if (request.reach_end && doses.back() != detail::end_target(problem)) {
      misfit.reason = MisfitReason::end_not_reached;
      found = true;
    }
    for (std::size_t k = 0; !found && k < doses.size(); ++k) {
      if (problem.never_above && doses[k] > problem.ideal[k]) {
        misfit.reason = MisfitReason::above_ideal;
        found = true;
      } else if (problem.largest_error &&
                 std::abs(doses[k] - problem.ideal[k]) > *problem.largest_error) {
        misfit.reason = MisfitReason::error_too_large;
        found = true;
      }
    }
    misfit.step = static_cast<std::uint32_t>(doses.size() - 1);
    for (std::size_t k = 0; k < doses.size(); ++k) {
      if (std::abs(doses[k] - problem.ideal[k]) >
          detail::distance_to_grid(problem.amounts, problem.ideal[k])) {
        misfit.step = static_cast<std::uint32_t>(k);
        break;
      }
    }
  }

  // Whether something fits is asked many times over: a short search each.
  constexpr std::size_t enough_to_tell = 5'000;
  // One product at a time, from what is known but not in stock, then from the candidates.
  const auto attempt = [&](const Product& extra, bool from_candidates,
                           std::size_t index) -> Result<void> {
    std::vector<Product> shelf{request.products.begin(), request.products.end()};
    shelf.push_back(extra.with_stock(true));
    const Result<Realised> realised = grid_of(request, shelf);
    if (!realised) {  // one odd candidate must not hide the others, unless it is a wrong input
      if (realised.error().code == Errc::too_large) return {};
      return unexpected(realised.error());
    }
    detail::PathProblem other = problem_of(request, realised->day);
    other.most_histories = enough_to_tell;
    const Result<std::optional<detail::Path>> path = detail::closest_path(other);
    if (!path) return {};  // too large to tell
    if (!*path) return {};
    misfit.remedies.push_back(
        Remedy{from_candidates, static_cast<std::uint32_t>(index),
               AmountStep{furthest((*path)->doses, request), request.start.unit()}});
    return {};
  };
  for (std::size_t i = 0; i < request.products.size(); ++i) {
    if (request.products[i].in_stock()) continue;
    if (auto ok = attempt(request.products[i], false, i); !ok) return unexpected(ok.error());
  }
  for (std::size_t i = 0; i < request.candidates.size(); ++i) {
    if (auto ok = attempt(request.candidates[i], true, i); !ok) return unexpected(ok.error());
  }
  std::ranges::stable_sort(misfit.remedies, {}, [](const Remedy& remedy) {
    return std::abs(remedy.largest_error.micro);
  });

  std::int64_t top = request.start.micro();
  for (const std::int64_t ideal : problem.ideal) top = std::max(top, ideal);
  for (std::int64_t decade = 100'000'000; decade >= 1'000 && !misfit.spacing_that_fits;
       decade /= 10) {
    for (const std::int64_t spacing : {decade, decade / 2, decade / 5}) {
      const std::int64_t points = top / spacing + 1;
      if (spacing < 1'000 || points > 4'000) {
        break;
      }
      std::vector<std::int64_t> even(static_cast<std::size_t>(points));
      for (std::int64_t i = 0; i < points; ++i) even[static_cast<std::size_t>(i)] = i * spacing;
      detail::PathProblem other = problem;
      other.amounts = even;
      other.most_histories = enough_to_tell;
      const Result<std::optional<detail::Path>> path = detail::closest_path(other);
      if (path && *path) {
        misfit.spacing_that_fits = made(spacing, request.start.unit());
        break;
      }
    }
  }
  return misfit;
}

std::optional<double> percent(std::int64_t cut, std::int64_t of) {
  if (of == 0) return std::nullopt;
  return 100.0 * static_cast<double>(cut) / static_cast<double>(of);
}

void note_step(const DispensedStep& step, std::size_t k, std::int64_t before_ideal,
               Findings& findings) {
  const auto add = [&](Severity severity, std::string rule, std::string words) {
    findings.add(Finding{
        severity, std::move(rule), std::move(words), {}, "dose", k, number_text(step.dose)});
  };
  if (step.error.micro > 0) {
    add(Severity::note, "rounded_up",
        text(step.dose) + " a day instead of " + text(step.ideal) + ": rounded up by " +
            text(step.error));
  }
  if (step.change.micro > 0) {
    add(Severity::caution, "goes_up", "the dose rises by " + text(step.change) + " at this step");
  } else if (step.change.micro == 0 && step.ideal.micro() < before_ideal) {
    add(Severity::note, "held",
        "the dose stays at " + text(step.dose) + " while the ideal falls to " + text(step.ideal));
  }
}

}  // namespace

std::string_view name(MisfitReason reason) noexcept {
  switch (reason) {
    case MisfitReason::end_not_reached:
      return "end_not_reached";
    case MisfitReason::error_too_large:
      return "error_too_large";
    case MisfitReason::above_ideal:
      return "above_ideal";
    case MisfitReason::start_not_dispensable:
      return "start_not_dispensable";
  }
  return "unknown";
}

Result<std::optional<Dispensed>> dispense_intake(Amount amount, std::span<const Product> products,
                                                 const IntakeLimits& limits) {
  const Result<DoseGrid> grid = DoseGrid::build(products, amount, limits);
  if (!grid) return unexpected(grid.error());
  return grid->dispense(amount);
}

Result<Neighbours> nearest_dispensable(Amount amount, std::span<const Product> products,
                                       const IntakeLimits& limits) {
  // The next amount above is at most one smallest piece (or graduation) away, if there is one.
  std::int64_t reach = amount.micro();
  for (const Product& product : products) {
    if (!product.in_stock()) continue;
    const Amount one = product.is_liquid() ? product.per_graduation() : product.strength();
    reach = std::max(reach, std::min(Amount::max_micro, amount.micro() + one.micro()));
  }
  const Result<DoseGrid> grid = DoseGrid::build(products, made(reach, amount.unit()), limits);
  if (!grid) return unexpected(grid.error());
  Neighbours out;
  out.below = grid->at_or_below(amount).value_or(Amount{amount.unit()});
  out.above = grid->at_or_above(amount);
  return out;
}

Amount least_after(Amount current, Amount original, const CutCeiling& ceiling) noexcept {
  if (original.unit() != current.unit()) original = Amount{current.unit()};
  const detail::MicroCeiling micro = detail::MicroCeiling::of(ceiling, original);
  return made(micro.least_after(current.micro()), current.unit());
}

Result<DispensedPlan> dispense_plan(const DispenseRequest& request) {
  if (auto ok = check_request(request); !ok) return unexpected(ok.error());
  const Result<Realised> realised = grid_of(request, request.products);
  if (!realised) return unexpected(realised.error());
  const DoseUnit unit = request.start.unit();
  detail::PathProblem problem = problem_of(request, realised->day);

  DispensedPlan plan;
  plan.largest_error.unit = unit;
  Result<std::optional<detail::Path>> path = detail::closest_path(problem);
  if (!path) return unexpected(path.error());
  if (!*path) {
    detail::PathProblem promise = problem;  // what must hold in any case
    promise.never_above = false;
    promise.reach_end = false;
    promise.largest_error.reset();
    path = detail::closest_path(promise);
    if (!path) return unexpected(path.error());
    Result<Misfit> misfit = explain(request, problem, *path);
    if (!misfit) return unexpected(misfit.error());
    plan.misfit = *std::move(misfit);
    std::string words = "no plan with these products keeps every demand";
    if (plan.misfit->spacing_that_fits) {
      words += "; doses in steps of " + text(*plan.misfit->spacing_that_fits) + " would";
    }
    plan.findings.add(Finding{Severity::warning,
                              "does_not_fit",
                              std::move(words),
                              {},
                              "dose",
                              plan.misfit->step,
                              std::string{name(plan.misfit->reason)}});
    if (!*path) return plan;
  }

  const std::vector<std::int64_t>& doses = (*path)->doses;
  std::map<std::int64_t, std::vector<Dispensed>> known;  // the day's intakes by amount
  std::int64_t before = request.start.micro();
  std::int64_t before_ideal = before;
  plan.steps.reserve(doses.size());
  for (std::size_t k = 0; k < doses.size(); ++k) {
    DispensedStep step;
    step.ideal = request.ideal[k].amount;
    step.dose = made(doses[k], unit);
    step.error = step.dose - step.ideal;
    step.change = AmountStep{doses[k] - before, unit};
    step.days = request.ideal[k].days;
    step.cut_percent_of_current = percent(before - doses[k], before);
    step.cut_percent_of_original = percent(before - doses[k], request.start.micro());
    auto at = known.find(doses[k]);
    if (at == known.end()) {
      const auto split = split_day(step.dose, realised->grid, request.shares);
      if (!split) return unexpected(split.error());
      std::vector<Dispensed> intakes;
      if (*split) {
        for (const Amount intake : **split) {
          std::optional<Dispensed> pieces = realised->grid.dispense(intake);
          if (pieces) intakes.push_back(*std::move(pieces));
        }
      }
      at = known.emplace(doses[k], std::move(intakes)).first;
    }
    step.intakes = at->second;
    plan.total_error_micro += std::abs(step.error.micro);
    if (std::abs(step.error.micro) > std::abs(plan.largest_error.micro)) {
      plan.largest_error = step.error;
    }
    note_step(step, k, before_ideal, plan.findings);
    before = doses[k];
    before_ideal = step.ideal.micro();
    plan.steps.push_back(std::move(step));
  }
  if ((*path)->at_least) {
    plan.closest_error_at_least_micro = *(*path)->at_least;
    plan.findings.add(Finding{Severity::note,
                              "not_proven_closest",
                              "the plan keeps the ceiling; a closer one may exist, with a total "
                              "error of at least " +
                                  text(AmountStep{*(*path)->at_least, unit}) + " instead of " +
                                  text(AmountStep{plan.total_error_micro, unit}),
                              {},
                              "window_days",
                              std::nullopt,
                              std::to_string(request.ceiling.window_days)});
  }
  return plan;
}

Result<std::vector<SupplyPeriod>> supply(std::span<const DispensedStep> steps,
                                         std::span<const Product> products,
                                         std::span<const std::int32_t> period_days,
                                         bool carry_parts) {
  if (steps.empty()) {
    return unexpected(error_of(Errc::empty_input, "steps", "must hold at least one step"));
  }
  if (period_days.empty()) {
    return unexpected(error_of(Errc::empty_input, "period_days", "must hold at least one length"));
  }
  for (std::size_t i = 0; i < period_days.size(); ++i) {
    if (period_days[i] < 1) {
      return unexpected(error_at(Errc::out_of_range, "period_days", i,
                                 std::to_string(period_days[i]), "must be 1 or more"));
    }
  }
  std::int64_t end = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].days < 1 || (end += steps[k].days) > 366'000) {
      return unexpected(error_at(Errc::out_of_range, "days", k, std::to_string(steps[k].days),
                                 "must be 1 or more, and 366000 in all"));
    }
    for (const Dispensed& intake : steps[k].intakes) {
      for (const Piece& piece : intake.pieces) {
        if (piece.product >= products.size()) {
          return unexpected(error_at(Errc::out_of_range, "product", k,
                                     std::to_string(piece.product),
                                     "must be an index into the products"));
        }
      }
    }
  }

  std::vector<SupplyPeriod> periods;
  std::vector<std::int64_t> quarters(products.size());
  std::vector<std::int64_t> volume(products.size());
  std::vector<std::int64_t> left(products.size());  // quarter pieces kept from earlier periods
  std::size_t k = 0;
  std::int64_t step_first = 0;
  for (std::int64_t from = 0; from < end;) {
    const std::int32_t length = period_days[std::min(periods.size(), period_days.size() - 1)];
    const std::int64_t to = std::min<std::int64_t>(end, from + length);
    if (periods.size() >= 100'000) {
      return unexpected(
          error_of(Errc::too_large, "period_days", "must give at most 100000 periods"));
    }
    std::ranges::fill(quarters, 0);
    std::ranges::fill(volume, 0);
    for (;;) {
      const DispensedStep& step = steps[k];
      const std::int64_t a = std::max(from, step_first) - step_first;
      const std::int64_t b = std::min<std::int64_t>(to - step_first, step.days);
      for (const Dispensed& intake : step.intakes) {
        for (const Piece& piece : intake.pieces) {
          const std::int64_t wear = products[piece.product].wear_days();
          // Given on days 0, wear, 2 wear, ... of the step: those that fall into [a, b).
          const std::int64_t times = (b + wear - 1) / wear - (a + wear - 1) / wear;
          quarters[piece.product] += times * piece.count * piece.quarters;
          volume[piece.product] += times * piece.volume.micro();
        }
      }
      if (step_first + step.days > to || k + 1 == steps.size()) break;
      step_first += step.days;
      ++k;
      if (step_first >= to) break;
    }
    SupplyPeriod period;
    period.first_day = static_cast<std::int32_t>(from);
    period.days = static_cast<std::int32_t>(to - from);
    for (std::size_t p = 0; p < products.size(); ++p) {
      if (quarters[p] == 0 && volume[p] == 0) continue;
      SupplyLine line;
      line.product = static_cast<std::uint32_t>(p);
      line.quarters = quarters[p];
      const std::int64_t needed = std::max<std::int64_t>(0, quarters[p] - left[p]);
      line.pieces = (needed + 3) / 4;
      if (carry_parts) left[p] += line.pieces * 4 - quarters[p];
      Result<Amount> total = Amount::from_micro(volume[p], DoseUnit::ml);
      if (!total) return unexpected(total.error());
      line.volume = *total;
      period.lines.push_back(line);
    }
    periods.push_back(std::move(period));
    from = to;
  }
  return periods;
}

}  // namespace ombre::inline v0::plans
