// A Cox model from arrays: the 6-mercaptopurine trial (Freireich et al., Blood 21:699, 1963), weeks
// of remission under 6-MP and placebo. Prints the hazard ratio three ways of treating ties, a test
// of proportional hazards, and the share predicted to be in remission at 10 weeks.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/stats/concordance.hpp"
#include "ombre/stats/cox.hpp"
#include "ombre/stats/cox_baseline.hpp"
#include "ombre/stats/proportionality.hpp"

namespace st = ombre::stats;

int main() {
  const std::vector<double> weeks = {6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16, 17, 19, 20,
                                     22, 23, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                     5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<std::uint8_t> relapse = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                                       0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  relapse.resize(42, 1);
  std::vector<double> placebo(21, 0.0);
  placebo.resize(42, 1.0);

  st::CoxInput input;
  input.time = weeks;
  input.event = relapse;
  input.x = placebo;
  input.columns = 1;
  const auto data = st::CoxData::from(input);
  if (!data) return 1;

  for (const auto ties : {st::CoxTies::breslow, st::CoxTies::efron, st::CoxTies::exact}) {
    st::CoxFitOptions options;
    options.ties = ties;
    const auto fit = st::cox_fit(*data, options);
    if (!fit) return 1;
    const auto ratio = st::hazard_ratios(*fit).front();
    std::printf("%-8s hazard ratio %.3f (%.3f to %.3f)\n", std::string{st::name(ties)}.c_str(),
                ratio->estimate, ratio->lower, ratio->upper);
  }

  const auto fit = st::cox_fit(*data);
  const auto test = st::proportionality_test(*data, *fit, st::TimeTransform::kaplan_meier);
  const auto pairs = st::concordance(*data, *fit);
  if (!test || !*test || !pairs || !pairs->c) return 1;
  std::printf("proportional hazards: chi-square %.3f, p %.3f\n", *(*test)->chi_square[0],
              *(*test)->p[0]);
  std::printf("concordance %.3f\n", *pairs->c);

  for (const double arm : {0.0, 1.0}) {
    const std::vector<double> x = {arm};
    const auto curves = st::cox_curves(*data, *fit, x);
    if (!curves) return 1;
    double in_remission = 1;
    for (std::size_t i = 0; i < curves->front().time.size(); ++i) {
      if (curves->front().time[i] <= 10) in_remission = curves->front().survival[i];
    }
    std::printf("%s: %.3f in remission at 10 weeks\n", arm == 0 ? "6-MP" : "placebo", in_remission);
  }
  return 0;
}
