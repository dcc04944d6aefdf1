#pragma once
// The made-up people of tests/reference/parametric_survival.R, by the same lines.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ombre/stats/parametric_survival.hpp"

namespace ombre::test {

struct ParametricPeople {
  std::vector<double> time, weight, entry, x;
  std::vector<stats::TimeKnown> known;
  // As seen at visits every seven days.
  std::vector<double> visit_time, visit_time2;
  std::vector<stats::TimeKnown> visit_known;

  [[nodiscard]] stats::ParametricInput right() const {
    return {.time = time, .known = known, .x = x, .columns = 2};
  }
  [[nodiscard]] stats::ParametricInput weighted() const {
    stats::ParametricInput input = right();
    input.weight = weight;
    return input;
  }
  [[nodiscard]] stats::ParametricInput late() const {
    stats::ParametricInput input = weighted();
    input.entry = entry;
    return input;
  }
  [[nodiscard]] stats::ParametricInput visits() const {
    return {.time = visit_time, .known = visit_known, .time2 = visit_time2, .x = x, .columns = 2};
  }
};

inline ParametricPeople parametric_people() {
  ParametricPeople p;
  const auto frac = [](double v) { return v - std::floor(v); };
  const auto rounded = [](double v, double unit) { return std::nearbyint(v * unit) / unit; };
  std::vector<double> x2;
  for (int i = 1; i <= 90; ++i) {
    const double u = frac(i * 0.6180339887498949);
    const double v = frac(i * 0.7548776662466927);
    const double z = frac(i * 0.5698402909980532);
    p.x.push_back(i % 2);
    x2.push_back(rounded(4 * v - 2, 100));
    const double latent =
        std::exp(3 + 0.5 * p.x.back() - 0.3 * x2.back() + 0.7 * std::log(-std::log(1 - u)));
    const double limit = 10 + 60 * z;
    p.time.push_back(std::max(rounded(std::min(latent, limit), 100), 0.01));
    p.known.push_back(latent <= limit ? stats::TimeKnown::exactly : stats::TimeKnown::after);
    p.weight.push_back(0.5 + (i % 4) / 2.0);
    p.entry.push_back(i % 3 == 0 ? rounded(0.4 * p.time.back(), 100) : 0.0);

    const double visit = std::ceil(latent / 7) * 7;
    if (visit > 70) {
      p.visit_time.push_back(70);
      p.visit_time2.push_back(0);
      p.visit_known.push_back(stats::TimeKnown::after);
    } else if (i % 9 == 0) {
      p.visit_time.push_back(std::max(rounded(latent, 10), 0.1));
      p.visit_time2.push_back(0);
      p.visit_known.push_back(stats::TimeKnown::exactly);
    } else if (visit == 7) {
      p.visit_time.push_back(7);
      p.visit_time2.push_back(0);
      p.visit_known.push_back(stats::TimeKnown::before);
    } else {
      p.visit_time.push_back(visit - 7);
      p.visit_time2.push_back(visit);
      p.visit_known.push_back(stats::TimeKnown::between);
    }
  }
  p.x.insert(p.x.end(), x2.begin(), x2.end());
  return p;
}

}  // namespace ombre::test
