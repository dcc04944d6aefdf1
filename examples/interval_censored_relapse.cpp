// When did people return to use, if all that is known are visits? Each person's return lies between
// the last visit without use and the first visit with it. Taking the visit for the day makes every
// time too long; a model of intervals does not, and Turnbull's curve shows whether it fits.
//
// The people are made up: 28 in each of two groups, visits four weeks apart, more or less.

#include <cstdio>
#include <optional>
#include <vector>

#include "ombre/stats/parametric_survival.hpp"

using namespace ombre;

namespace {

struct Person {
  double last_without;               // week of the last visit without use
  std::optional<double> first_with;  // week of the first visit with use; none: not seen
  double peer_support;               // 1 = a peer worker came along
};

constexpr auto never = std::nullopt;

const std::vector<Person> people{
    {0, 4, 0},      {0, 4, 0},      {0, 3, 0},      {0, 5, 0},      {0, 4, 0},      {4, 8, 0},
    {4, 9, 0},      {3, 8, 0},      {4, 8, 0},      {5, 8, 0},      {4, 12, 0},     {8, 12, 0},
    {8, 11, 0},     {8, 12, 0},     {9, 13, 0},     {12, 16, 0},    {11, 16, 0},    {12, 17, 0},
    {16, 20, 0},    {16, 20, 0},    {15, 24, 0},    {20, 24, 0},    {24, 28, 0},    {28, never, 0},
    {28, never, 0}, {12, never, 0}, {27, never, 0}, {8, never, 0},  {0, 4, 1},      {0, 5, 1},
    {4, 8, 1},      {4, 7, 1},      {8, 12, 1},     {8, 12, 1},     {7, 12, 1},     {12, 16, 1},
    {12, 20, 1},    {11, 16, 1},    {16, 20, 1},    {16, 21, 1},    {20, 24, 1},    {19, 24, 1},
    {20, 28, 1},    {24, 28, 1},    {24, 28, 1},    {28, never, 1}, {28, never, 1}, {28, never, 1},
    {27, never, 1}, {28, never, 1}, {28, never, 1}, {16, never, 1}, {28, never, 1}, {20, never, 1},
    {28, never, 1}, {24, never, 1}};

}  // namespace

int main() {
  std::vector<double> lower;
  std::vector<std::optional<double>> upper;
  std::vector<double> peer;
  for (const Person& p : people) {
    lower.push_back(p.last_without);
    upper.push_back(p.first_with);
    peer.push_back(p.peer_support);
  }
  const auto rows = stats::interval_rows(lower, upper);
  if (!rows) {
    std::printf("%s\n", describe(rows.error()).c_str());
    return 1;
  }
  const stats::ParametricInput input{
      .time = rows->time, .known = rows->known, .time2 = rows->time2, .x = peer, .columns = 1};

  std::printf("Which family? (AIC, smaller is better)\n");
  std::optional<stats::ParametricFit> best;
  for (const auto family : stats::survival_families()) {
    const auto fit = stats::parametric_fit(input, {.family = family});
    if (!fit) {
      std::printf("%s\n", describe(fit.error()).c_str());
      return 1;
    }
    std::printf("  %-18s %7.2f  %s\n", std::string{name(family)}.c_str(), fit->aic,
                std::string{name(fit->status)}.c_str());
    const bool usable = fit->status == stats::ParametricStatus::converged;
    if (usable && (!best || fit->aic < best->aic)) best = *fit;
  }
  if (!best) return 1;

  std::printf("\nBy the %s model, half have returned to use by week\n",
              std::string{name(best->family)}.c_str());
  const std::vector<double> half{0.5};
  for (const double support : {0.0, 1.0}) {
    const std::vector<double> x{support};
    const auto median = stats::predicted_quantiles(*best, x, half);
    if (!median || !(*median)[0] || !(*median)[0]->interval) return 1;
    const stats::ParametricPrediction& m = *(*median)[0];
    std::printf("  %-20s %5.1f  (95%% %.1f to %.1f)\n",
                support > 0 ? "with a peer worker" : "without", m.estimate, m.interval->low,
                m.interval->high);
  }

  // The same people, with the first visit taken for the day itself.
  std::vector<double> visit;
  std::vector<stats::TimeKnown> known;
  for (const Person& p : people) {
    visit.push_back(p.first_with.value_or(p.last_without));
    known.push_back(p.first_with ? stats::TimeKnown::exactly : stats::TimeKnown::after);
  }
  const auto naive = stats::parametric_fit({.time = visit, .known = known, .x = peer, .columns = 1},
                                           {.family = best->family});
  if (!naive) return 1;
  const auto later = stats::predicted_quantiles(*naive, std::vector<double>{0}, half);
  if (!later || !(*later)[0]) return 1;
  std::printf("Had the visit been taken for the day: without, week %.1f\n", (*later)[0]->estimate);

  // Does the model fit? Turnbull's estimate assumes no form; between its steps it does not know.
  std::vector<std::size_t> without;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people[i].peer_support == 0) without.push_back(i);
  }
  std::vector<double> from;
  std::vector<std::optional<double>> to;
  for (const std::size_t i : without) {
    from.push_back(lower[i]);
    to.push_back(upper[i]);
  }
  const auto group = stats::interval_rows(from, to);
  if (!group) return 1;
  const auto curve =
      stats::turnbull_curve({.time = group->time, .known = group->known, .time2 = group->time2});
  const std::vector<double> weeks{4, 8, 12, 16, 20, 24};
  const auto model = stats::predicted_survival(*best, std::vector<double>{0}, weeks);
  if (!curve || !model) return 1;
  std::printf("\nWithout use at week, group without a peer worker: model, Turnbull\n");
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    const stats::Interval s = curve->survival(weeks[i]);
    std::printf("  %2.0f   %4.0f %%   %3.0f to %.0f %%\n", weeks[i], 100 * (*model)[i].estimate,
                100 * s.low, 100 * s.high);
  }
  return 0;
}
