// Random plans and what people do with them, for tests over seeds.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/plans/cross_taper.hpp"
#include "plans/taper_builder.hpp"

namespace taper_seeds {

using namespace taper_test;  // NOLINT: tests

class Story {
 public:
  explicit Story(std::uint64_t seed) : random_{ombre::Seed{seed}, 7}, seed_{seed} {}

  std::uint64_t below(std::uint64_t n) { return random_.below(n); }
  bool chance(double p) { return random_.uniform() < p; }

  // A request of one of eight kinds, with dates around leap days and clock changes.
  TaperRequest request() {
    TaperLine line;
    StepLength length = weeks_of(static_cast<int>(2 + below(3)));
    std::optional<CrossTaper> cross;
    TaperSubstanceOptions own;
    bool accept_curve = false;
    switch (seed_ % 8) {
      case 0: {  // Ashton
        const double dose = 5 * static_cast<double>(1 + below(4));
        line = line_of("diazepam", {dose, dose}, {});
        line.named_rule = "ashton-2-weeks";
        line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                         tablet(2, Division::halves), liquid(0.4, 0.25)};
        line.intakes[0].label = "morning";
        break;
      }
      case 1: {  // an opioid by months
        line = line_of("morphine", {30, 30}, {});
        line.rule = {TaperPhase{PercentRule{5.0 + static_cast<double>(below(5)), Basis::original}}};
        line.goal = {GoalKind::lower_amount, mg(20), "less fog"};
        line.products = {tablet(10), tablet(15), liquid(2, 0.5)};
        length = months_of(1);
        break;
      }
      case 2: {  // equal steps of effect
        TaperSubstanceOptions quoted;
        quoted.quoted_curve = true;
        line = line_of("citalopram", {20}, {}, quoted);
        line.rule = {TaperPhase{EffectRule{*line.what.curve, static_cast<int>(6 + below(6))}}};
        line.products = {tablet(20, Division::halves), tablet(10, Division::halves),
                         liquid(2, 0.05)};
        accept_curve = true;
        length = weeks_of(4);
        break;
      }
      case 3: {  // weekly goals
        own.prescribed = false;
        own.drink_country = "US";
        line.what = *taper_substance("alcohol", DoseUnit::drinks, own);
        line.per = Per::week;
        const auto n = [](double v) { return *Amount::nearest(v, DoseUnit::drinks); };
        line.intakes = {{n(20 + static_cast<double>(below(20))), "", {}}};
        line.goal = {GoalKind::lower_amount, n(7), "weekends only"};
        FadeRule fade;
        fade.steps = static_cast<int>(8 + below(6));
        fade.grid = 1;
        line.rule = {TaperPhase{fade}};
        length = weeks_of(1);
        break;
      }
      case 4: {  // days between doses at the end
        line = line_of("fluoxetine", {20}, {});
        Terminal terminal;
        terminal.smallest = 10;
        terminal.every_n_days = {2, 3};
        line.rule = {TaperPhase{PercentRule{20, Basis::current, terminal}}};
        break;
      }
      case 5: {  // a lower stable dose of methadone, timed
        own.agonist_treatment = true;
        line = line_of("methadone", {40, 25}, {}, own);
        line.named_rule = "methadone-uk-5-mg-2-weeks";
        line.goal = {GoalKind::lower_amount, mg(40), ""};
        line.intakes[0].minute_of_day = 8 * 60;
        line.products = {liquid(1, 1, 60)};
        break;
      }
      case 6: {  // one medicine takes the place of another
        line = line_of("alprazolam", {0.5, 0.5, 0.5}, {});
        line.products = {tablet(0.5), tablet(0.25)};
        cross.emplace();
        cross->to = "diazepam";
        cross->products = {tablet(5, Division::halves), tablet(2, Division::halves),
                           liquid(0.4, 0.25)};
        cross->then_named = "ashton-2-weeks";
        cross->goal = {GoalKind::lower_amount, mg(5), ""};
        break;
      }
      default: {  // patches
        own.prescribed = false;
        line.what = *taper_substance("nicotine", DoseUnit::mg, own);
        line.intakes = {{mg(21), "", {}}};
        line.named_rule = "nicotine-us-more-than-10";
        line.goal.kind = GoalKind::zero;
        line.products = {*Product::patch(mg(21), 1), *Product::patch(mg(14), 1),
                         *Product::patch(mg(7), 1)};
        break;
      }
    }
    TaperRequest out = request_of(line, length);
    if (cross) {
      auto both = cross_taper_request(out, *cross);
      EXPECT_TRUE(both) << (both ? "" : describe(both.error()));
      out = *both;
    }
    if (accept_curve) out.accept_uncertain = {"citalopram-curve"};
    static constexpr const char* starts[] = {"2024-01-15", "2024-02-29", "2023-12-31",
                                             "2024-03-31", "2024-10-27", "2027-11-07"};
    out.calendar.start = day(starts[below(6)]);
    out.made_on = out.calendar.start - Days{5};
    out.facts.next_contact = out.calendar.start + Days{7};
    if (chance(0.3)) out.calendar.avoid = {Weekday::saturday, Weekday::sunday};
    if (chance(0.3)) out.calendar.stay_first = weeks_of(1);
    if (chance(0.3)) out.calendar.free_days = {out.calendar.start + Days{14}};
    return out;
  }

  std::optional<TaperPlan> plan() {
    auto answer = make_taper(request());
    EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
    if (!answer || !answer->plan) return std::nullopt;
    return std::move(answer->plan);
  }

  // Accepts and then changes the plan up to `times` times; what is refused leaves it as it was.
  TaperPlan live_through(TaperPlan plan, int times) {
    Date today = plan.request().made_on;
    if (chance(0.8)) plan = after(plan, accept(plan, decision(today)));
    today = plan.now().steps.front().first;
    for (int i = 0; i < times; ++i) {
      today = today + Days{static_cast<int>(1 + below(35))};
      const Date from = today + Days{static_cast<int>(below(3))};
      const Decision d = decision(today);
      const bool waits =
          plan.now().status == PlanStatus::on_hold || plan.now().status == PlanStatus::care_goes_on;
      const auto& steps = plan.now().steps;
      const std::size_t line = plan.request().lines.size() - 1;
      switch (waits && chance(0.6) ? 1 : below(9)) {
        case 0:
          plan = after(plan, hold(plan, from, from + Days{static_cast<int>(3 + below(25))}, d));
          break;
        case 1:
          plan = after(plan, resume(plan, from, chance(0.5), d));
          break;
        case 2:
          plan = after(plan, shift(plan, from, Days{static_cast<int>(below(20)) - 5}, d));
          break;
        case 3:
          plan = after(plan, change_pace(plan, from, {1, 2}, d));
          break;
        case 4:
          plan = after(plan, change_pace(plan, from, {3, 2}, d));
          break;
        case 5:
          plan = after(plan, step_back(plan, from, steps[below(steps.size())].id, 0, d));
          break;
        case 6: {
          const Amount now = present(plan, line, from);
          const auto more = Amount::from_micro(now.micro() * 5 / 4, now.unit());
          const Amount to = chance(0.5) ? *more : now;
          plan = after(plan, re_anchor(plan, from, line, to, weeks_of(1), 0, d));
          break;
        }
        case 7: {
          const Amount now = present(plan, line, from);
          const auto less = Amount::from_micro(now.micro() * 3 / 4, now.unit());
          plan = after(plan, change_goal(plan, from, line, {GoalKind::lower_amount, *less, ""}, d));
          break;
        }
        default:
          plan = after(plan, stop_tapering(plan, from, from + Days{20}, d));
          break;
      }
    }
    return plan;
  }

 private:
  Decision decision(Date on) { return decided(on.iso()); }

  static Amount present(const TaperPlan& plan, std::size_t line, Date on) {
    const auto here = on_day(plan.now(), line, on);
    return here ? here->step->doses[line].amount : plan.now().steps.back().doses[line].amount;
  }

  static TaperPlan after(const TaperPlan& plan, const Result<TaperAnswer>& answer) {
    return answer && answer->plan ? *answer->plan : plan;
  }

  ombre::RandomStream random_;
  std::uint64_t seed_;
};

}  // namespace taper_seeds
