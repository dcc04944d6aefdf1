// Ideal amounts made into doses that exist.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ombre/plans/taper_guard.hpp"
#include "taper_build.hpp"
#include "taper_found.hpp"

namespace ombre::inline v0::plans::detail {
namespace {

// The ceiling that dispensing must keep, from the strictest refusing limit in percent of the
// current dose. The guards look at all limits afterwards; this one only steers the rounding.
std::optional<PaceLimit> steering_limit(const TaperRequest& request, const SafetyFacts& facts,
                                        std::size_t line) {
  const PaceLimit* best = nullptr;
  for (const PaceLimit* limit : limits_for(request, facts, line)) {
    if (limit->beyond != Answer::refused || limit->first_step_only || limit->after_first_step ||
        limit->measure != PaceMeasure::percent_of_current) {
      continue;
    }
    if (best == nullptr || limit->limit < best->limit) best = limit;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

// Our proposal: an intake may lie a quarter of its share from it where that spares breaking tablets
// or measuring a liquid. The day's amount stays what it is.
constexpr std::uint32_t uneven_percent = 25;

struct IdealCut {
  double amount = 0;
  std::int64_t day = 0;
};

// Whether the ideal curve itself keeps the limit: rounding is only steered by a ceiling that the
// rule respects, so that a plan which asks for more is refused or overridden, not bent.
bool keeps(const PaceLimit& limit, double exempt, double now, std::span<const CurveStep> curve) {
  std::vector<IdealCut> series;
  series.push_back({now, 0});
  std::int64_t day = 0;
  for (const CurveStep& step : curve) {
    if (step.amount > 0) series.push_back({step.amount / step.every_n_days, day});
    day += step.length.shortest_days();
  }
  for (std::size_t i = 1; i < series.size(); ++i) {
    double counted = 0;
    for (std::size_t j = i; j >= 1; --j) {
      if (series[i].day - series[j].day >= limit.window_days) break;
      const double cut = series[j - 1].amount - series[j].amount;
      if (!(cut > 0 && cut <= exempt * (1 + 1e-9))) counted += cut;
      if (counted > series[j - 1].amount * limit.limit / 100 * (1 + 1e-9)) return false;
    }
  }
  return true;
}

std::string remedy_text(const DispensedPlan& realised, const TaperLine& line) {
  if (!realised.misfit) return "";
  std::string text;
  if (!realised.misfit->remedies.empty()) {
    // The three best; a tablet that is there whole or halved may be named again in quarters.
    const std::size_t named = std::min<std::size_t>(realised.misfit->remedies.size(), 3);
    text = "; with ";
    for (std::size_t i = 0; i < named; ++i) {
      const Remedy& remedy = realised.misfit->remedies[i];
      const Product& product =
          remedy.from_candidates ? line.candidates[remedy.index] : line.products[remedy.index];
      if (i > 0) text += i + 1 == named ? " or " : ", ";
      text += product.label();
      if (product.division() != Division::whole) {
        text += " in " + std::string{name(product.division())};
      }
    }
    text += " it fits";
  } else if (realised.misfit->spacing_that_fits) {
    text = "; doses in steps of " + plans::text(*realised.misfit->spacing_that_fits) + " would fit";
  }
  return text;
}

}  // namespace

std::vector<std::uint32_t> weights_of(const TaperLine& line, int intakes_a_day) {
  const std::size_t n = line.intakes.size();
  std::vector<std::uint32_t> weights(n, 1);
  if (intakes_a_day > 0 && static_cast<std::size_t>(intakes_a_day) < n) {
    // Keep the last of the day and spread the others: 3 -> 2 leaves the first and the last.
    std::fill(weights.begin(), weights.end(), 0U);
    const auto keep = static_cast<std::size_t>(intakes_a_day);
    for (std::size_t k = 0; k < keep; ++k)
      weights[n - 1 - k * (n - 1) / std::max<std::size_t>(keep - 1, 1)] = 1;
    return weights;
  }
  if (line.shares.size() == n) return line.shares;
  std::int64_t divisor = 0;
  for (const IntakeNow& intake : line.intakes) divisor = std::gcd(divisor, intake.amount.micro());
  if (divisor == 0) return weights;
  std::int64_t largest = 0;
  for (const IntakeNow& intake : line.intakes) {
    largest = std::max(largest, intake.amount.micro() / divisor);
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::int64_t weight = line.intakes[i].amount.micro() / divisor;
    if (largest > 10'000) weight = weight * 10'000 / largest;  // shares need no more digits
    weights[i] = static_cast<std::uint32_t>(weight);
  }
  return weights;
}

std::vector<Amount> in_proportion(Amount day, std::span<const std::uint32_t> weights) {
  std::uint64_t sum = 0;
  for (const std::uint32_t w : weights) sum += w;
  std::vector<Amount> out;
  out.reserve(weights.size());
  std::int64_t given = 0;
  std::uint64_t seen = 0;
  for (const std::uint32_t w : weights) {
    seen += w;
    // day <= 1e15 and weights <= 1e4 x 12, so the product needs more than 64 bits only where the
    // amount is beyond any dose; dividing first keeps it exact enough there.
    const auto micro = static_cast<std::uint64_t>(day.micro());
    const std::uint64_t upto = sum == 0 ? 0 : micro / sum * seen + micro % sum * seen / sum;
    const auto total = static_cast<std::int64_t>(upto);
    const auto amount = Amount::from_micro(total - given, day.unit());
    out.push_back(amount ? *amount : Amount{day.unit()});
    given = total;
  }
  return out;
}

Result<LinePlan> realise(const TaperRequest& request, const SafetyFacts& facts, std::size_t index,
                         std::span<const CurveStep> curve, Amount now) {
  const TaperLine& line = request.lines[index];
  const DoseUnit unit = line.intakes.front().amount.unit();
  const std::string path = "lines[" + std::to_string(index) + "]";
  LinePlan out;
  out.after = now;
  out.steps.reserve(curve.size());
  for (const CurveStep& ideal : curve) {
    LineStep step;
    step.kind = ideal.kind;
    step.length = ideal.length;
    step.phase = ideal.phase;
    step.dose.ideal = ideal.amount;
    step.dose.every_n_days = ideal.every_n_days;
    auto amount = Amount::nearest(ideal.amount, unit);
    if (!amount) return unexpected(std::move(amount).error());
    step.dose.amount = *amount;
    step.dose.rounding = AmountStep{0, unit};
    out.steps.push_back(std::move(step));
  }
  if (out.steps.empty()) return out;

  const auto explicit_intakes = [&](std::size_t i) -> Result<void> {
    if (curve[i].intakes.size() != line.intakes.size()) {
      return unexpected(error_at(Errc::size_mismatch, path + ".rule.rows.intakes", i,
                                 static_cast<double>(curve[i].intakes.size()),
                                 "must name as many intakes as the line has today"));
    }
    out.steps[i].dose.intakes.clear();
    for (const double amount : curve[i].intakes) {
      auto exact = Amount::nearest(amount, unit);
      if (!exact) return unexpected(std::move(exact).error());
      out.steps[i].dose.intakes.push_back(*exact);
    }
    return {};
  };

  if (line.products.empty()) {
    for (std::size_t i = 0; i < out.steps.size(); ++i) {
      if (line.per == Per::week) continue;
      if (!curve[i].intakes.empty()) {
        if (auto ok = explicit_intakes(i); !ok) return unexpected(ok.error());
        continue;
      }
      out.steps[i].dose.intakes =
          in_proportion(out.steps[i].dose.amount, weights_of(line, curve[i].intakes_a_day));
    }
    out.after = out.steps.back().dose.amount;
    return out;
  }

  // What dispensing must not exceed, where the rule itself keeps it.
  CutCeiling ceiling;
  if (const auto limit = steering_limit(request, facts, index)) {
    double exempt = 0;
    if (limit->exempt_diazepam_mg > 0 && line.what.diazepam_mg_high.value_or(0) > 0) {
      exempt = limit->exempt_diazepam_mg / *line.what.diazepam_mg_high;
    }
    if (keeps(*limit, exempt, now.value(), curve)) {
      const auto share = Share::from_millionths(std::llround(limit->limit * 1e4));
      if (!share) return unexpected(share.error());
      ceiling.of_current = *share;
      if (exempt > 0) {
        const auto cut = Amount::nearest(exempt, unit);
        if (cut) ceiling.exempt_cut = *cut;
      }
      bool short_steps = false;
      for (const CurveStep& step : curve) {
        short_steps |= step.length.shortest_days() < limit->window_days;
      }
      ceiling.window_days = short_steps ? limit->window_days : 0;
    }
  }

  std::optional<DoseGrid> grid;  // for rows that name their intakes
  Amount before = now;
  for (std::size_t i = 0; i < curve.size();) {
    LineStep& step = out.steps[i];
    if (curve[i].amount == 0) {
      step.dose.intakes.assign(line.intakes.size(), Amount{unit});
      before = step.dose.amount;
      ++i;
      continue;
    }
    if (!curve[i].intakes.empty()) {
      if (auto ok = explicit_intakes(i); !ok) return unexpected(ok.error());
      if (!grid) {
        double largest = 0;
        for (const CurveStep& c : curve) {
          for (const double amount : c.intakes) largest = std::max(largest, amount);
        }
        auto top = Amount::nearest(largest, unit);
        if (!top) return unexpected(std::move(top).error());
        auto built = DoseGrid::build(line.products, *top, line.limits);
        if (!built) return unexpected(std::move(built).error());
        grid = std::move(*built);
      }
      Amount day{unit};
      for (Amount& intake : step.dose.intakes) {
        const auto fits = grid->at_or_below(intake);
        auto made = grid->dispense(fits.value_or(Amount{unit}));
        if (fits && *fits != intake) {
          RuleFinding f =
              warned("step_not_dispensable", plans::text(intake) + " of " + line.what.name +
                                                 " cannot be made from these products; " +
                                                 plans::text(*fits) + " is taken");
          out.findings.push_back(std::move(f));
        }
        intake = made ? made->amount : Amount{unit};
        step.dose.dispensed.push_back(made ? *made : Dispensed{intake, {}, 0, 0, 0});
        auto sum = day.plus(intake);
        if (!sum) return unexpected(std::move(sum).error());
        day = *sum;
      }
      step.dose.rounding = day - step.dose.amount;
      step.dose.amount = day;
      before = day;
      ++i;
      continue;
    }

    // A run of steps with the same split over the day is one exact optimisation.
    const auto weights = weights_of(line, curve[i].intakes_a_day);
    std::size_t end = i;
    std::vector<plans::IdealStep> ideal;
    while (end < curve.size() && curve[end].amount > 0 && curve[end].intakes.empty() &&
           weights_of(line, curve[end].intakes_a_day) == weights) {
      ideal.push_back({out.steps[end].dose.amount, curve[end].length.shortest_days()});
      ++end;
    }
    DispenseRequest ask;
    ask.start = before;
    ask.ideal = ideal;
    ask.products = line.products;
    ask.candidates = line.candidates;
    ask.limits = line.limits;
    ask.shares.weights = weights;
    ask.shares.tolerance_percent = uneven_percent;
    ask.ceiling = curve[i].kind == StepKind::stretch ? CutCeiling{} : ceiling;
    ask.rounding = line.rounding;
    ask.largest_error = line.largest_error;
    auto realised = dispense_plan(ask);
    if (!realised && realised.error().code == Errc::too_large && ask.ceiling.window_days > 0) {
      ask.ceiling.window_days = 0;  // steered step by step instead; the guards still look
      realised = dispense_plan(ask);
    }
    if (!realised) {
      Error error = realised.error();
      error.field = path + ".products: " + error.field;
      return unexpected(std::move(error));
    }
    if (realised->steps.size() < ideal.size()) {
      // Not even staying can be made: the doses are what the rule asks for, and no pieces.
      RuleFinding f = refused("step_not_dispensable",
                              "No dose of " + line.what.name + " from " + plans::text(before) +
                                  " down can be made of these products as the limits ask" +
                                  remedy_text(*realised, line));
      f.measured = before.value();
      f.unit = name(unit);
      out.findings.push_back(std::move(f));
      for (std::size_t k = 0; k < ideal.size(); ++k) {
        LineDose& dose = out.steps[i + k].dose;
        dose.intakes = in_proportion(dose.amount, weights);
      }
      before = out.steps[end - 1].dose.amount;
      i = end;
      continue;
    }
    // Steps that were to go down and could not.
    std::size_t stuck = ideal.size();
    for (std::size_t k = 0; k < ideal.size(); ++k) {
      const DispensedStep& made = realised->steps[k];
      LineStep& to = out.steps[i + k];
      to.dose.amount = made.dose;
      to.dose.rounding = made.error;
      to.dose.dispensed = made.intakes;
      to.dose.intakes.clear();
      for (const Dispensed& intake : made.intakes) to.dose.intakes.push_back(intake.amount);
      if (to.kind == StepKind::reduce && made.change.micro >= 0 && stuck == ideal.size()) stuck = k;
      if (to.kind == StepKind::reduce && made.change.micro == 0) to.kind = StepKind::stay;
    }
    if (stuck < ideal.size() || realised->misfit) {
      if (!realised->misfit) {
        // Ask again for a plan without such steps, only to learn which product would allow it.
        double smallest_cut = 0;
        double last = before.value();
        for (const plans::IdealStep& s : ideal) {
          const double cut = last - s.amount.value();
          if (cut > 0 && (smallest_cut == 0 || cut < smallest_cut)) smallest_cut = cut;
          last = s.amount.value();
        }
        const auto tolerated = Amount::nearest(smallest_cut / 2, unit);
        if (tolerated && smallest_cut > 0) {
          DispenseRequest closer = ask;
          closer.largest_error = *tolerated;
          if (auto other = dispense_plan(closer)) realised->misfit = other->misfit;
        }
      }
      const std::size_t at = stuck < ideal.size() ? stuck : realised->misfit->step;
      RuleFinding f =
          warned("step_not_dispensable",
                 "These products cannot follow the rule at " + plans::text(ideal[at].amount) +
                     " of " + line.what.name + ": the dose stays at " +
                     plans::text(realised->steps[at].dose) + remedy_text(*realised, line));
      f.measured = realised->steps[at].dose.value();
      f.limit = ideal[at].amount.value();
      f.unit = name(unit);
      out.findings.push_back(std::move(f));
    }
    before = out.steps[end - 1].dose.amount;
    i = end;
  }
  out.after = out.steps.back().dose.amount;
  return out;
}

}  // namespace ombre::inline v0::plans::detail
