// The gentlest way down from 20 mg of diazepam within a year, with the tablets there are: the front
// of time against the largest step, one plan of it, and what to hand out for the first months.
// An illustration of arithmetic, not a prescription.
#include <cstdio>
#include <vector>

#include "ombre/plans/best_taper.hpp"
#include "ombre/plans/dispense.hpp"
#include "ombre/plans/product_table.hpp"

int main() {
  namespace plans = ombre::plans;
  using namespace ombre::plans::literals;

  plans::ProductTableOptions us;
  us.market = "US";
  const auto table = plans::product_table("diazepam", us);
  if (!table) return std::puts(describe(table.error()).c_str()), 1;
  const std::vector<plans::Product> shelf = table->products();

  plans::BestTaperRequest ask;
  ask.start = 20_mg;
  ask.goal = 0_mg;
  ask.products = shelf;
  ask.measure = plans::DropMeasure::percent_of_current;
  ask.ceiling.of_current = 25_pct;  // at most 25 % in 14 days: joint guideline 2025
  ask.ceiling.window_days = 14;
  ask.ceiling.exempt_cut = 0.5_mg;  // Ashton's last steps
  ask.step_days = 14;
  ask.max_days = 364;
  const auto front = plans::best_taper_front(ask);
  if (!front) return std::puts(describe(front.error()).c_str()), 1;

  std::puts("weeks  steps  largest cut of the dose before it");
  for (const plans::BestTaper& plan : front->plans) {
    std::printf("%5d  %5zu  %4.1f %%\n", plan.days / 7, plan.steps.size(), 100 * plan.largest_drop);
  }

  const plans::BestTaper* chosen = plans::gentlest_within(*front, 364);
  if (chosen == nullptr) return std::puts("no plan fits in a year"), 1;
  std::vector<plans::IdealStep> doses;
  for (const plans::BestStep& step : chosen->steps) doses.push_back({step.dose, 14});
  plans::DispenseRequest hand_out;
  hand_out.start = ask.start;
  hand_out.ideal = doses;
  hand_out.products = shelf;
  hand_out.ceiling = ask.ceiling;
  const auto plan = plans::dispense_plan(hand_out);
  if (!plan) return std::puts(describe(plan.error()).c_str()), 1;

  std::puts("\nweek  dose      each evening");
  int day = 0;
  for (const plans::DispensedStep& step : plan->steps) {
    std::printf("%4d  %-8s  %s\n", day / 7 + 1, text(step.dose).c_str(),
                text(step.intakes[0], shelf).c_str());
    day += step.days;
  }

  const std::vector<std::int32_t> four_weeks{28};
  const auto periods = plans::supply(plan->steps, shelf, four_weeks);
  if (!periods) return std::puts(describe(periods.error()).c_str()), 1;
  std::puts("\nto hand out, first three prescriptions of four weeks");
  for (std::size_t i = 0; i < 3 && i < periods->size(); ++i) {
    std::printf("from day %d:", (*periods)[i].first_day + 1);
    for (const plans::SupplyLine& line : (*periods)[i].lines) {
      const plans::Product& product = shelf[line.product];
      if (product.is_liquid()) {
        std::printf("  %s of %s", text(line.volume).c_str(), product.label().c_str());
      } else {
        std::printf("  %lld x %s", static_cast<long long>(line.pieces), product.label().c_str());
      }
    }
    std::puts("");
  }
  return 0;
}
