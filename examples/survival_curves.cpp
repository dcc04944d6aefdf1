// Curves by group, the median with its limits, a log-rank test, the mean time up to a horizon, and
// a figure. Data: weeks of remission, Freireich et al., Blood 21:699 (1963).
#include <array>
#include <cstdio>
#include <vector>

#include "ombre/io/file.hpp"
#include "ombre/io/survival_figures.hpp"
#include "ombre/stats/log_rank.hpp"
#include "ombre/stats/rmst.hpp"
#include "ombre/stats/survival_curve.hpp"

int main() {
  using namespace ombre;
  const std::vector<double> weeks{6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16, 17, 19, 20,
                                  22, 23, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<std::uint8_t> relapse{1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  relapse.resize(42, 1);
  std::vector<std::uint32_t> arm(21, 0);  // 6-MP, then placebo
  arm.resize(42, 1);
  const std::array<const char*, 2> names{"6-MP", "placebo"};

  const auto curves = stats::survival_curves({weeks, relapse}, arm, 2);
  if (!curves) return std::puts(describe(curves.error()).c_str()), 1;
  std::vector<io::SurvivalFigureCurve> figure;
  for (std::size_t g = 0; g < 2; ++g) {
    const stats::SurvivalCurve& curve = (*curves)[g];
    const auto median =
        stats::curve_quantiles(curve, std::array{0.5}, stats::IntervalScale::log)->front();
    const auto mean = stats::restricted_mean(curve, 21);
    std::printf("%-8s median %g weeks (%g to %s), mean up to week 21: %.1f weeks\n", names[g],
                median.time.value_or(0), median.lower.value_or(0),
                median.upper ? shortest(*median.upper).c_str() : "not reached", mean->mean);
    figure.push_back({names[g], &curve, *stats::curve_intervals(curve, stats::IntervalScale::log)});
  }
  const auto test = stats::log_rank_test(weeks, relapse, arm, 2);
  std::printf("log-rank: chi-square %.2f on %d df, p = %.2g\n", *test->chi_square, test->df,
              *test->p);

  io::SurvivalFigureOptions options;
  options.title = "Remission of leukaemia";
  options.x_label = "Weeks";
  options.y_label = "In remission";
  const auto svg = io::survival_figure(figure, options);
  return svg && io::write_file("remission.svg", *svg) ? 0 : 1;
}
