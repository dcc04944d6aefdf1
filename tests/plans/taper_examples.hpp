// Plans of every kind, and what every operation makes of them: for tests that hold for all tapers.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ombre/plans/cross_taper.hpp"
#include "plans/taper_builder.hpp"

namespace taper_test {

struct NamedRequest {
  std::string name;
  TaperRequest request;
};
struct NamedPlan {
  std::string name;
  TaperPlan plan;
};

inline Override set_aside(std::string rule) {
  return {std::move(rule), {"Dr. Example", Role::clinician}, "agreed, with visits every week"};
}

inline TaperRequest weekly_drinks() {
  TaperRequest r = request_of({}, weeks_of(1));
  TaperLine& line = r.lines[0];
  line.what =
      *taper_substance("alcohol", DoseUnit::drinks, {.prescribed = false, .drink_country = "US"});
  line.per = Per::week;
  line.intakes = {{*Amount::parse("35 drinks"), "", std::nullopt}};
  line.goal = {GoalKind::safer_pattern, *Amount::parse("14 drinks"), "two on most evenings"};
  line.rule = {{FadeRule{8, FadeRule::Shape::gentle, 1.0}}};
  r.by = {"A. B.", Role::person};
  return r;
}

inline TaperRequest citalopram() {
  TaperLine line = line_of("citalopram", {20}, {{EffectRule{*EffectCurve::from(0.92, 2.9), 8}}});
  line.what.curve = *EffectCurve::from(0.92, 2.9);
  line.what.curve_source = "given by the caller";
  line.products = {tablet(10, Division::halves), liquid(2)};
  return request_of(std::move(line), weeks_of(4));
}

inline TaperRequest alprazolam_to_diazepam() {
  TaperRequest r = request_of(line_of("alprazolam", {0.5, 0.5, 0.5}, {}), weeks_of(2));
  r.lines[0].intakes[0].label = "morning";
  r.lines[0].intakes[0].minute_of_day = 8 * 60 + 5;
  CrossTaper cross;
  cross.to = "diazepam";
  cross.products = {tablet(2, Division::halves), tablet(5, Division::halves), tablet(10),
                    liquid(1, 0.5)};
  cross.then_named = "ashton-2-weeks";
  cross.goal.kind = GoalKind::zero;
  auto made = cross_taper_request(r, cross);
  EXPECT_TRUE(made) << (made ? "" : describe(made.error()));
  return *std::move(made);
}

// One request for each kind of rule, goal, product and length.
inline std::vector<NamedRequest> example_requests() {
  std::vector<NamedRequest> out;
  const auto add = [&out](std::string name, TaperRequest request) {
    request.plan_id = name;
    out.push_back({std::move(name), std::move(request)});
  };
  Terminal stretched;
  stretched.smallest = 7.5;
  stretched.down_to_once_a_day = true;
  TaperRequest opioid =
      request_of(line_of("morphine", {60, 60}, {{TwoPhaseRule{10, 30, stretched}}}), weeks_of(4));
  opioid.lines[0].products = {tablet(15, Division::halves), tablet(30)};
  opioid.calendar.avoid = {Weekday::friday, Weekday::saturday, Weekday::sunday};
  opioid.calendar.reviews = {day("2024-03-05")};
  opioid.guidelines = {"va_slower_20_percent_28_days"};
  add("two-phase", std::move(opioid));

  TaperRequest bands = request_of(
      line_of("diazepam", {5, 5, 10}, {{BandRule{{{20, 2}, {5, 1}, {0, 0.5}}}}}), weeks_of(2));
  bands.lines[0].products = {tablet(2, Division::halves), tablet(5, Division::halves),
                             liquid(1, 0.5)};
  bands.lines[0].shares = {1, 1, 2};
  bands.calendar.stay_first = weeks_of(2);
  bands.calendar.free_days = {day("2024-04-01"), day("2024-05-01")};
  add("bands", std::move(bands));

  Terminal last;
  last.smallest = 0.5;
  add("percent-of-current",
      request_of(line_of("diazepam", {20}, {{PercentRule{10, Basis::current, last}}}),
                 weeks_of(2)));
  add("percent-of-original",
      request_of(line_of("morphine", {30}, {{PercentRule{10, Basis::original}}}), months_of(1)));
  add("equal-effect", citalopram());

  TaperRequest named =
      request_of(line_of("buprenorphine", {16}, {}, {.agonist_treatment = true}), weeks_of(2));
  named.lines[0].named_rule = "buprenorphine-uk";
  named.lines[0].products = {*Product::piece(Form::sublingual_tablet, mg(8)),
                             *Product::piece(Form::sublingual_tablet, mg(2)),
                             *Product::piece(Form::sublingual_tablet, mg(0.4))};
  named.lines[0].candidates = {liquid(1)};
  add("named", std::move(named));

  TaperRequest patches = request_of(line_of("nicotine", {21}, {}), weeks_of(2));
  patches.lines[0].rule = {
      {RowsRule{{{21, weeks_of(6), {}}, {14, {}, {14}}, {7, weeks_of(2), {}}}, false}}};
  patches.lines[0].products = {*Product::patch(mg(21), 1), *Product::patch(mg(14), 1),
                               *Product::patch(mg(7), 1, "small patch")};
  add("rows", std::move(patches));
  add("fade", weekly_drinks());

  TaperRequest turkey = weekly_drinks();
  turkey.lines[0].rule = {{FadeRule{3, FadeRule::Shape::even, 1.0}},
                          {StayRule{months_of(2), true}, "warm turkey"},
                          {FadeRule{4, FadeRule::Shape::percent, std::nullopt}}};
  turkey.lines[0].rule[0].until_amount = 25;
  turkey.lines[0].rule[0].at_most_steps = 3;
  turkey.lines[0].rule[0].step_length = days_of(10);
  add("warm-turkey", std::move(turkey));

  TaperRequest lower = request_of(
      line_of("methadone", {60}, {{BandRule{{{0, 5}}}}}, {.agonist_treatment = true}), weeks_of(2));
  lower.lines[0].goal = {GoalKind::lower_amount, mg(40), "a dose I can work with"};
  add("lower-amount", std::move(lower));

  TaperRequest undecided =
      request_of(line_of("diazepam", {10}, {{PercentRule{5, Basis::current, last}}}), weeks_of(4));
  undecided.lines[0].goal = {GoalKind::undecided, std::nullopt, "see how it goes"};
  undecided.lines[0].rule[0].at_most_steps = 3;
  add("undecided", std::move(undecided));

  TaperRequest fast = request_of(line_of("diazepam", {40}, {{BandRule{{{0, 10}}}}}), days_of(7));
  fast.overrides = {set_aside("bzd_25_percent_14_days"), set_aside("class_a_abrupt_stop")};
  fast.lines[0].rule = {{BandRule{{{20, 2}, {5, 1}, {0, 0.5}}}}};
  fast.overrides.pop_back();
  add("overridden", std::move(fast));

  Terminal alternate;
  alternate.smallest = 5;
  alternate.every_n_days = {2};
  TaperRequest gaps = request_of(
      line_of("fluoxetine", {20}, {{PercentRule{50, Basis::current, alternate}}}), weeks_of(4));
  gaps.lines[0].products = {liquid(4)};
  add("every-second-day", std::move(gaps));
  add("cross-taper", alprazolam_to_diazepam());
  return out;
}

// Plans that each operation makes of one plan; what is refused or does not fit is left out.
inline std::vector<NamedPlan> after_each_operation(const TaperPlan& draft) {
  std::vector<NamedPlan> out;
  const auto keep = [&out](std::string name, const Result<TaperAnswer>& answer) {
    if (answer && answer->plan) out.push_back({std::move(name), *answer->plan});
  };
  const Decision first = decided("2024-01-02");
  keep("accept", accept(draft, first));
  const TaperPlan plan = out.empty() ? draft : out.back().plan;
  if (plan.now().steps.size() < 4) return out;
  const auto& steps = plan.now().steps;
  const Date from = steps[2].first + Days{1};
  Decision d = first;
  d.on = from;
  keep("hold", hold(plan, from, from + Days{20}, d));
  if (out.back().name == "hold") {
    const TaperPlan held = out.back().plan;
    Decision later = d;
    later.on = from + Days{15};
    keep("resume", resume(held, from + Days{21}, false, later));
    keep("resume-half", resume(held, from + Days{30}, true, later));
    keep("hold-slower", change_pace(held, later.on, {1, 2}, later));
    keep("hold-back", step_back(held, from + Days{16}, steps[0].id, 0, later));
  }
  keep("shift", shift(plan, from, Days{9}, d));
  keep("shift-not-begun", shift(plan, first.on, Days{14}, first));
  keep("slow", change_pace(plan, from, {1, 2}, d));
  keep("speed", change_pace(plan, from, {4, 3}, d));
  keep("back", step_back(plan, from, steps[1].id, 0, d));
  for (std::size_t line = 0; line < plan.request().lines.size(); ++line) {
    keep("re-anchor", re_anchor(plan, from, line, steps[0].doses[line].amount, weeks_of(1), 0, d));
    TaperGoal goal{GoalKind::lower_amount, steps[3].doses[line].amount, "enough for now"};
    keep("goal", change_goal(plan, from, line, goal, d));
  }
  keep("stop", stop_tapering(plan, from, from + Days{28}, d));
  if (out.back().name == "stop") {
    const TaperPlan stopped = out.back().plan;
    Decision later = d;
    later.on = from + Days{60};
    keep("stop-resume", resume(stopped, from + Days{70}, false, later));
  }
  return out;
}

}  // namespace taper_test
