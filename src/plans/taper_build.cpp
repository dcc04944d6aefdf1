// Steps on the calendar, and what is derived from them.
#include "taper_build.hpp"

#include <algorithm>

#include "ombre/plans/taper_guard.hpp"
#include "taper_found.hpp"
#include "taper_series.hpp"

namespace ombre::inline v0::plans::detail {
namespace {

// A line laid on days: steps k has first day `first[k]`; the line ends on `first.back()`.
struct Laid {
  const LinePlan* plan = nullptr;
  PlacedSteps placed;
  std::size_t dated = 0;  // steps that have days; an arrival at zero has none
};

Result<Laid> lay(const TaperCalendar& calendar, const LinePlan& line, Date anchor) {
  Laid out;
  out.plan = &line;
  out.dated = line.steps.size();
  if (out.dated > 0 && line.steps.back().kind == StepKind::arrive &&
      line.steps.back().dose.amount.is_zero()) {
    --out.dated;
  }
  std::vector<StepLength> lengths;
  lengths.reserve(out.dated);
  for (std::size_t i = 0; i < out.dated; ++i) {
    lengths.push_back(line.steps[i].kind == StepKind::arrive ? calendar.stay_at_goal
                                                             : line.steps[i].length);
  }
  auto placed = place_steps(anchor, lengths, calendar.avoid, calendar.free_days);
  if (!placed) return unexpected(std::move(placed).error());
  out.placed = std::move(*placed);
  return out;
}

int take_id(TaperVersion& version, std::span<const int>& reuse) {
  if (!reuse.empty()) {
    const int id = reuse.front();
    reuse = reuse.subspan(1);
    return id;
  }
  return version.next_id++;
}

LineDose nothing(const TaperLine& line) {
  LineDose out;
  const DoseUnit unit = line.intakes.front().amount.unit();
  out.amount = Amount{unit};
  out.rounding = AmountStep{0, unit};
  if (line.per == Per::day) out.intakes.assign(line.intakes.size(), Amount{unit});
  return out;
}

}  // namespace

Result<void> append_lines(const TaperRequest& request, std::span<const LinePlan> lines, Date anchor,
                          TaperVersion& version, std::span<const int> reuse) {
  std::vector<Laid> laid;
  laid.reserve(lines.size());
  for (const LinePlan& line : lines) {
    auto one = lay(request.calendar, line, anchor);
    if (!one) return unexpected(std::move(one).error());
    laid.push_back(std::move(*one));
  }
  version.after.clear();
  for (const LinePlan& line : lines) version.after.push_back(line.after);

  if (laid.size() == 1) {
    const Laid& one = laid.front();
    version.steps.reserve(version.steps.size() + one.dated);
    for (std::size_t k = 0; k < one.dated; ++k) {
      const LineStep& from = one.plan->steps[k];
      TaperStep step;
      step.id = take_id(version, reuse);
      step.kind = from.kind;
      step.length = from.kind == StepKind::arrive ? request.calendar.stay_at_goal : from.length;
      step.phase = from.phase;
      step.doses.push_back(from.dose);
      step.first = one.placed.first[k];
      step.last = one.placed.first[k + 1] - Days{1};
      step.nominal = one.placed.nominal[k];
      version.steps.push_back(std::move(step));
    }
    version.ends = one.placed.first[one.dated];
    return {};
  }

  // Several lines: a step begins wherever one of them changes.
  std::vector<Date> starts;
  Date end = anchor;
  for (const Laid& one : laid) {
    starts.insert(starts.end(), one.placed.first.begin(), one.placed.first.end());
    end = std::max(end, one.placed.first.back());
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  for (std::size_t s = 0; s + 1 < starts.size(); ++s) {
    TaperStep step;
    step.id = take_id(version, reuse);
    step.first = starts[s];
    step.last = starts[s + 1] - Days{1};
    step.nominal = step.first;
    step.length = {step.days().count(), LengthUnit::days};
    step.kind = StepKind::stay;
    step.phase = -1;
    bool named = false;
    for (std::size_t l = 0; l < laid.size(); ++l) {
      const Laid& one = laid[l];
      const auto begin = one.placed.first.begin();
      const auto after = std::upper_bound(begin, one.placed.first.end(), step.first);
      const auto k = static_cast<std::size_t>(after - begin) - 1;
      if (k >= one.dated) {
        // This line has arrived: nothing more, or the amount it stays at.
        LineDose dose = nothing(request.lines[l]);
        if (!one.plan->after.is_zero() && one.dated > 0) {
          dose = one.plan->steps[one.dated - 1].dose;
          dose.every_n_days = 1;
        }
        step.doses.push_back(std::move(dose));
        continue;
      }
      const LineStep& from = one.plan->steps[k];
      step.doses.push_back(from.dose);
      const bool begins = one.placed.first[k] == step.first;
      // The kind of the step is that of what changes; a reduction names it before a rise.
      if (begins && from.kind != StepKind::stay && (!named || from.kind == StepKind::reduce)) {
        step.kind = from.kind;
        step.phase = from.phase;
        named = true;
      } else if (!named && begins) {
        step.phase = from.phase;
      }
    }
    version.steps.push_back(std::move(step));
  }
  version.ends = end;
  return {};
}

Result<void> append_contents(const TaperRequest& request, std::vector<StepContent> pending,
                             Date anchor, TaperVersion& version) {
  std::vector<StepLength> lengths;
  lengths.reserve(pending.size());
  for (const StepContent& content : pending) lengths.push_back(content.length);
  auto placed = place_steps(anchor, lengths, request.calendar.avoid, request.calendar.free_days);
  if (!placed) return unexpected(std::move(placed).error());
  for (std::size_t k = 0; k < pending.size(); ++k) {
    TaperStep step;
    static_cast<StepContent&>(step) = std::move(pending[k]);
    step.first = placed->first[k];
    step.last = placed->first[k + 1] - Days{1};
    step.nominal = placed->nominal[k];
    version.steps.push_back(std::move(step));
  }
  version.ends = placed->first.back();
  return {};
}

void derive(const TaperRequest& request, TaperVersion& version) {
  version.milestones.clear();
  version.reviews.clear();
  if (version.steps.empty()) return;
  const Date start = version.steps.front().first;
  const Date last = version.steps.back().last;

  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    const TaperLine& line = request.lines[l];
    const Amount present = present_amount(line).value_or(Amount{});
    const Amount original_dose = original_amount(line).value_or(Amount{});
    const double original = original_dose.value();
    const auto& curve = line.what.curve;
    double before = present.value();
    struct Mark {
      std::string_view id;
      double share;
      bool reached = false;
    };
    Mark marks[] = {
        {"first_step", 1.0}, {"three_quarters", 0.75}, {"half", 0.5}, {"quarter", 0.25}};
    const bool falls = version.after.empty() || version.after[l] < original_dose;
    bool arrived_up = original_dose <= present;  // an introduced line counts from its height on
    for (TaperStep& step : version.steps) {
      LineDose& dose = step.doses[l];
      const double mean = dose.mean();
      dose.percent_of_original.reset();
      dose.cut_percent_of_current.reset();
      dose.effect.reset();
      dose.effect_drop.reset();
      if (original > 0) dose.percent_of_original = 100 * mean / original;
      if (before > 0) dose.cut_percent_of_current = 100 * (before - mean) / before;
      if (curve) {
        dose.effect = curve->effect(mean);
        dose.effect_drop = curve->effect(before) - *dose.effect;
      }
      before = mean;
      arrived_up = arrived_up || dose.amount >= original_dose;
      if (original <= 0 || !falls || !arrived_up) continue;
      const bool arrives = step.kind == StepKind::arrive;
      Mark* reached = nullptr;
      for (Mark& mark : marks) {
        const bool below = mark.share == 1.0 ? mean < original * (1 - 1e-9)
                                             : mean <= original * mark.share * (1 + 1e-9);
        if (mark.reached || !below) continue;
        mark.reached = true;
        reached = &mark;  // of several on one day, the furthest
      }
      if (arrives) {
        version.milestones.push_back({"goal", static_cast<int>(l), step.first, dose.amount});
      } else if (reached != nullptr) {
        version.milestones.push_back(
            {std::string{reached->id}, static_cast<int>(l), step.first, dose.amount});
      }
    }
    if (version.ends && original > 0 && version.after[l].is_zero() && version.pending.empty()) {
      // The first day without: where the line's last dose was the day before.
      Date on = *version.ends;
      for (auto step = version.steps.rbegin(); step != version.steps.rend(); ++step) {
        if (!step->doses[l].amount.is_zero()) break;
        on = step->first;
      }
      // Of several on one day, the furthest: arriving says more than a quarter does.
      std::erase_if(version.milestones, [&](const Milestone& mark) {
        return mark.line == static_cast<int>(l) && mark.on == on;
      });
      version.milestones.push_back({"goal", static_cast<int>(l), on, version.after[l]});
    }
  }
  std::stable_sort(version.milestones.begin(), version.milestones.end(),
                   [](const Milestone& a, const Milestone& b) { return a.on < b.on; });

  const TaperCalendar& calendar = request.calendar;
  Date review = start;
  for (int k = 1; k <= 5000; ++k) {
    const auto next = add(start, {calendar.review_every.count * k, calendar.review_every.unit});
    if (!next || *next > last + Days{1}) break;
    review = *next;
    version.reviews.push_back(review);
  }
  for (const Date day : calendar.reviews) {
    if (day >= start && day <= last + Days{1}) version.reviews.push_back(day);
  }
  if (version.review) version.reviews.push_back(*version.review);
  std::sort(version.reviews.begin(), version.reviews.end());
  version.reviews.erase(std::unique(version.reviews.begin(), version.reviews.end()),
                        version.reviews.end());
}

void sort_findings(std::vector<RuleFinding>& findings) {
  const auto rank = [](const RuleFinding& f) {
    if (f.answer == Answer::refused && !f.overridden) return 0;
    if (f.answer == Answer::refused) return 1;
    return f.answer == Answer::allowed_with_warning ? (f.severity == Severity::danger ? 2 : 3) : 4;
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const RuleFinding& a, const RuleFinding& b) { return rank(a) < rank(b); });
}

}  // namespace ombre::inline v0::plans::detail
