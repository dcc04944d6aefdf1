// What must hold for any data, over seeds; and what is refused.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/stats/parametric_survival.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

struct Rows {
  std::vector<double> time, time2, entry, weight, x;
  std::vector<TimeKnown> known;
  std::size_t columns = 0;

  [[nodiscard]] ParametricInput input() const {
    return {.time = time,
            .known = known,
            .time2 = time2,
            .entry = entry,
            .weight = weight,
            .x = x,
            .columns = columns};
  }
  [[nodiscard]] Rows picked(const std::vector<std::size_t>& rows) const {
    Rows to;
    to.columns = columns;
    for (const std::size_t i : rows) {
      to.time.push_back(time[i]);
      to.time2.push_back(time2[i]);
      to.known.push_back(known[i]);
      if (!entry.empty()) to.entry.push_back(entry[i]);
      if (!weight.empty()) to.weight.push_back(weight[i]);
    }
    for (std::size_t c = 0; c < columns; ++c) {
      for (const std::size_t i : rows) to.x.push_back(x[c * time.size() + i]);
    }
    return to;
  }
};

// A random time of a family with eta, scale and shape.
double draw(SurvivalFamily family, double eta, double scale, double shape, RandomStream& random) {
  const double u = random.uniform();
  switch (family) {
    case SurvivalFamily::exponential:
      return std::exp(eta) * -std::log1p(-u);
    case SurvivalFamily::weibull:
      return std::exp(eta + scale * std::log(-std::log1p(-u)));
    case SurvivalFamily::log_normal:
      return std::exp(eta + scale * random.normal());
    case SurvivalFamily::log_logistic:
      return std::exp(eta + scale * std::log(u / (1 - u)));
    case SurvivalFamily::gompertz:
      return std::log1p(-shape * std::exp(-eta) * std::log1p(-u)) / shape;
    case SurvivalFamily::gamma:
    case SurvivalFamily::generalised_gamma:
      break;
  }
  // Gamma(k) with k = 1 / Q^2 a whole number, as a sum of exponentials.
  const double q = family == SurvivalFamily::gamma ? scale : shape;
  const int k = static_cast<int>(std::lround(1 / (q * q)));
  double sum = -std::log1p(-u);
  for (int i = 1; i < k; ++i) sum -= std::log1p(-random.uniform());
  return std::exp(eta + scale * std::log(sum / k) / q);
}

struct Truth {
  SurvivalFamily family;
  double scale, shape;
};
const std::vector<Truth>& truths() {
  static const std::vector<Truth> all{
      {SurvivalFamily::exponential, 1, 0},        {SurvivalFamily::weibull, 0.7, 0},
      {SurvivalFamily::log_normal, 0.8, 0},       {SurvivalFamily::log_logistic, 0.5, 0},
      {SurvivalFamily::gamma, std::sqrt(0.5), 0}, {SurvivalFamily::generalised_gamma, 0.6, 0.5},
      {SurvivalFamily::gompertz, 1, 0.03}};
  return all;
}

// People of every kind: exact, right-, left- and interval-censored, some entering late.
Rows rows_of(const Truth& truth, std::size_t n, std::uint64_t seed, bool late) {
  RandomStream random{Seed{seed}, static_cast<std::uint64_t>(truth.family)};
  Rows rows;
  rows.columns = 2;
  std::vector<double> second;
  while (rows.time.size() < n) {
    const double x1 = static_cast<double>(random.below(2));
    const double x2 = random.normal();
    const double sign = truth.family == SurvivalFamily::gompertz ? -1 : 1;
    const double eta = sign * (3 + 0.5 * x1 - 0.2 * x2);
    const double t = draw(truth.family, eta, truth.scale, truth.shape, random);
    const double entry = late && random.below(3) == 0 ? 15 * random.uniform() : 0.0;
    if (t <= entry) continue;  // never seen
    const double limit = entry + 5 + 60 * random.uniform();
    const std::uint64_t kind = random.below(4);
    if (t > limit) {
      rows.time.push_back(limit);
      rows.time2.push_back(0);
      rows.known.push_back(TimeKnown::after);
    } else if (kind < 2) {
      rows.time.push_back(t);
      rows.time2.push_back(0);
      rows.known.push_back(TimeKnown::exactly);
    } else {
      // Visits every six units after entry.
      const double from = entry + std::floor((t - entry) / 6) * 6;
      const bool first = from == 0;
      rows.time.push_back(first ? 6.0 : from);
      rows.time2.push_back(first ? 0.0 : from + 6);
      rows.known.push_back(first ? TimeKnown::before : TimeKnown::between);
    }
    if (late) rows.entry.push_back(entry);
    rows.x.push_back(x1);
    second.push_back(x2);
  }
  rows.x.insert(rows.x.end(), second.begin(), second.end());
  return rows;
}

void expect_same_fit(const ParametricFit& a, const ParametricFit& b, double tolerance) {
  EXPECT_EQ(a.status, b.status);
  ASSERT_EQ(a.parameters.size(), b.parameters.size());
  const std::size_t size = a.parameters.size();
  for (std::size_t j = 0; j < size; ++j) {
    const double se = std::sqrt(a.variance[j * size + j]);
    EXPECT_NEAR(a.parameters[j], b.parameters[j], tolerance * (se + std::abs(a.parameters[j])));
    EXPECT_NEAR(a.variance[j * size + j], b.variance[j * size + j], 1e3 * tolerance * se * se);
  }
  EXPECT_NEAR(a.loglik, b.loglik, tolerance * std::abs(a.loglik));
}

TEST(ParametricProperties, TheOrderOfRowsDoesNotMatterAndWeightsAreRepetitions) {
  for (const Truth& truth : truths()) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(testing::Message() << name(truth.family) << " seed " << seed);
      Rows rows = rows_of(truth, 150, seed, true);
      RandomStream random{Seed{seed}, 99};
      std::vector<std::size_t> order(150);
      std::iota(order.begin(), order.end(), 0U);
      std::vector<std::size_t> repeated;
      rows.weight.resize(150);
      for (std::size_t i = 0; i < 150; ++i) {
        std::swap(order[i], order[i + random.below(150 - i)]);
        rows.weight[i] = static_cast<double>(random.below(4));
        for (int k = 0; k < static_cast<int>(rows.weight[i]); ++k) repeated.push_back(i);
      }
      const ParametricOptions options{.family = truth.family};
      const auto fit = parametric_fit(rows.input(), options);
      ASSERT_TRUE(fit) << describe(fit.error());
      EXPECT_EQ(fit->status, ParametricStatus::converged);
      const auto moved = parametric_fit(rows.picked(order).input(), options);
      expect_same_fit(*fit, *moved, 1e-8);
      Rows many = rows.picked(repeated);
      many.weight.clear();
      const auto again = parametric_fit(many.input(), options);
      expect_same_fit(*fit, *again, 1e-8);
      EXPECT_EQ(again->n, repeated.size());
    }
  }
}

TEST(ParametricProperties, AnotherUnitOfTimeMovesTheInterceptAlone) {
  for (const Truth& truth : truths()) {
    SCOPED_TRACE(name(truth.family));
    const Rows rows = rows_of(truth, 200, 3, true);
    for (const double unit : {1e-3, 365.25, 1e6}) {
      SCOPED_TRACE(unit);
      Rows scaled = rows;
      double events = 0;
      for (std::size_t i = 0; i < 200; ++i) {
        scaled.time[i] *= unit;
        scaled.time2[i] *= unit;
        scaled.entry[i] *= unit;
        events += rows.known[i] == TimeKnown::exactly ? 1 : 0;
      }
      const auto fit = *parametric_fit(rows.input(), {.family = truth.family});
      const auto other = *parametric_fit(scaled.input(), {.family = truth.family});
      EXPECT_NEAR(other.loglik, fit.loglik - events * std::log(unit),
                  1e-9 * std::abs(other.loglik));
      EXPECT_NEAR(other.parameters[1], fit.parameters[1], 1e-8);
      EXPECT_NEAR(other.parameters[2], fit.parameters[2], 1e-8);
      if (truth.family == SurvivalFamily::gompertz) {
        EXPECT_NEAR(other.parameters[0], fit.parameters[0] - std::log(unit), 1e-8);
        EXPECT_NEAR(other.parameters[3] * unit, fit.parameters[3], 1e-8);
      } else {
        EXPECT_NEAR(other.parameters[0], fit.parameters[0] + std::log(unit), 1e-8);
        for (std::size_t j = 3; j < fit.parameters.size(); ++j) {
          EXPECT_NEAR(other.parameters[j], fit.parameters[j], 1e-7);
        }
      }
    }
  }
}

TEST(ParametricProperties, EntryAtZeroChangesNothingAndAPersonCutInTwoIsOnePerson) {
  for (const Truth& truth : truths()) {
    SCOPED_TRACE(name(truth.family));
    Rows rows = rows_of(truth, 120, 5, false);
    const auto fit = *parametric_fit(rows.input(), {.family = truth.family});
    rows.entry.assign(120, 0.0);
    const auto same = *parametric_fit(rows.input(), {.family = truth.family});
    EXPECT_EQ(fit.parameters, same.parameters);
    EXPECT_EQ(fit.variance, same.variance);
    EXPECT_EQ(fit.loglik, same.loglik);
    // Followed to 3, censored, and followed again from 3.
    std::vector<std::size_t> twice;
    for (std::size_t i = 0; i < 120; ++i) {
      twice.push_back(i);
      const bool long_enough = rows.known[i] != TimeKnown::before && rows.time[i] > 3;
      if (long_enough) twice.push_back(i);
    }
    Rows cut = rows.picked(twice);
    for (std::size_t i = 0; i + 1 < twice.size(); ++i) {
      if (twice[i] != twice[i + 1]) continue;
      cut.time[i] = 3;
      cut.known[i] = TimeKnown::after;
      cut.entry[i + 1] = 3;
    }
    expect_same_fit(fit, *parametric_fit(cut.input(), {.family = truth.family}), 1e-7);
  }
}

TEST(ParametricProperties, AnIntervalThatShrinksToAPointTendsToItsDensity) {
  const std::vector<double> late{2};
  for (const Truth& truth : truths()) {
    SCOPED_TRACE(name(truth.family));
    std::vector<double> parameters{truth.family == SurvivalFamily::gompertz ? -3.0 : 3.0};
    if (truth.family != SurvivalFamily::exponential && truth.family != SurvivalFamily::gompertz) {
      parameters.push_back(std::log(truth.scale));
    }
    if (truth.shape != 0) parameters.push_back(truth.shape);
    for (const double t : {3.0, 17.0, 60.0}) {
      const std::vector<double> time{t};
      const std::vector<TimeKnown> exactly{TimeKnown::exactly};
      const std::vector<TimeKnown> between{TimeKnown::between};
      const auto point = *parametric_likelihood({.time = time, .known = exactly, .entry = late},
                                                truth.family, parameters);
      // The last steps cross the width at which the density in the middle takes over.
      for (const double width : {1e-1, 1e-2, 1e-3, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-8}) {
        SCOPED_TRACE(width);
        const std::vector<double> from{t - width * t / 2};
        const std::vector<double> to{t + width * t / 2};
        const auto near = *parametric_likelihood(
            {.time = from, .known = between, .time2 = to, .entry = late}, truth.family, parameters);
        const double bound = 3 * width * width + 1e-10;
        EXPECT_NEAR(near.loglik - std::log(to[0] - from[0]), point.loglik,
                    10 * bound + 1e-7 * (width < 2e-8));
        for (std::size_t j = 0; j < parameters.size(); ++j) {
          EXPECT_NEAR(near.gradient[j], point.gradient[j],
                      30 * bound * (10 + std::abs(point.gradient[j])));
        }
      }
    }
  }
}

TEST(ParametricProperties, TruthIsFoundAgainWithinItsErrors) {
  for (const Truth& truth : truths()) {
    SCOPED_TRACE(name(truth.family));
    const Rows rows = rows_of(truth, 3000, 11, true);
    const auto fit = parametric_fit(rows.input(), {.family = truth.family});
    ASSERT_TRUE(fit) << describe(fit.error());
    ASSERT_EQ(fit->status, ParametricStatus::converged);
    const double sign = truth.family == SurvivalFamily::gompertz ? -1 : 1;
    std::vector<double> expected{sign * 3, sign * 0.5, sign * -0.2};
    if (fit->scale) expected.push_back(std::log(truth.scale));
    if (fit->shape) expected.push_back(truth.shape);
    ASSERT_EQ(expected.size(), fit->parameters.size());
    for (std::size_t j = 0; j < expected.size(); ++j) {
      SCOPED_TRACE(j);
      const double se = std::sqrt(fit->variance[j * expected.size() + j]);
      EXPECT_NEAR(fit->parameters[j], expected[j], 4 * se);
      EXPECT_LT(se, truth.family == SurvivalFamily::generalised_gamma ? 0.4 : 0.1);
    }
  }
}

TEST(ParametricProperties, TheGeneralisedGammaIsAtLeastAsLikelyAsWhatItContains) {
  for (const Truth& truth : truths()) {
    if (truth.family == SurvivalFamily::gompertz) continue;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      SCOPED_TRACE(testing::Message() << name(truth.family) << " seed " << seed);
      const Rows rows = rows_of(truth, 150, 50 + seed, seed == 1);
      const auto general =
          *parametric_fit(rows.input(), {.family = SurvivalFamily::generalised_gamma});
      EXPECT_NE(general.status, ParametricStatus::iteration_limit);
      for (const auto family : {SurvivalFamily::exponential, SurvivalFamily::weibull,
                                SurvivalFamily::log_normal, SurvivalFamily::gamma}) {
        const auto simple = *parametric_fit(rows.input(), {.family = family});
        EXPECT_GE(general.loglik, simple.loglik - 1e-9);
        EXPECT_GE(general.loglik_null, simple.loglik_null - 1e-9);
      }
      for (const double q : {-1.0, 0.0, 1.0}) {
        const auto held = *parametric_fit(
            rows.input(), {.family = SurvivalFamily::generalised_gamma, .fixed_shape = q});
        EXPECT_GE(general.loglik, held.loglik - 1e-9);
        EXPECT_EQ(held.df, 4U);
        EXPECT_EQ(*held.shape, q);
      }
    }
  }
}

// ---- what goes wrong
// -----------------------------------------------------------------------------

Rows simple(std::vector<double> time, std::vector<std::uint8_t> event) {
  Rows rows;
  rows.time2.assign(time.size(), 0);
  rows.time = std::move(time);
  rows.known = *known_from_events(event);
  return rows;
}

TEST(ParametricRefusals, NameFieldAndRow) {
  const auto says = [](const Rows& rows, SurvivalFamily family = SurvivalFamily::weibull) {
    const auto fit = parametric_fit(rows.input(), {.family = family});
    return fit ? std::string{"accepted"} : describe(fit.error());
  };
  const Rows good = simple({1, 2, 3, 4}, {1, 0, 1, 1});
  EXPECT_EQ(says(good), "accepted");
  const auto with = [&](auto change) {
    Rows rows = good;
    change(rows);
    return rows;
  };
  EXPECT_EQ(says(with([](Rows& r) { r.time[2] = -3; })), "time[2] = -3: must be 0 or more");
  EXPECT_EQ(says(with([](Rows& r) { r.time[2] = std::nan(""); })), "time[2] = nan: must be finite");
  EXPECT_EQ(says(with([](Rows& r) { r.time[2] = 0; })),
            "time[2] = 0: must be above 0 for an event in this family");
  EXPECT_EQ(says(with([](Rows& r) { r.time[2] = 0; }), SurvivalFamily::exponential), "accepted");
  EXPECT_EQ(says(with([](Rows& r) { r.time[1] = 0; })), "accepted");  // censored at the start
  EXPECT_EQ(says(with([](Rows& r) {
              r.entry = {0, 2, 0, 0};
            })),
            "entry[1] = 2: must be before time");
  EXPECT_EQ(says(with([](Rows& r) {
              r.entry = {0, -1, 0, 0};
            })),
            "entry[1] = -1: must be 0 or more");
  EXPECT_EQ(says(with([](Rows& r) {
              r.weight = {1, 1, -1, 1};
            })),
            "weight[2] = -1: must be 0 or more");
  EXPECT_EQ(says(with([](Rows& r) {
              r.known[1] = TimeKnown::between;
              r.time2[1] = 1;
            })),
            "time2[1] = 1: must be after time (or the row is an exact one)");
  EXPECT_EQ(says(with([](Rows& r) {
              r.known[1] = TimeKnown::between;
              r.time2[1] = 5;
              r.entry = {0, 2.5, 0, 0};
            })),
            "entry[1] = 2.5: must not be after time, where the event had not come");
  EXPECT_EQ(says(with([](Rows& r) {
              r.x = {1, 2, std::nan(""), 1};
              r.columns = 1;
            })),
            "x[0][2] = nan: must be finite");
  EXPECT_EQ(says(simple({1, 2}, {0, 0})),
            "known: nobody has an event: the likelihood has no maximum");
  Rows left = good;
  left.known.assign(4, TimeKnown::before);
  EXPECT_EQ(parametric_fit(left.input()).error().code, Errc::not_computable);
  EXPECT_EQ(parametric_fit({}).error().code, Errc::empty_input);
  Rows none = good;
  none.weight.assign(4, 0);
  EXPECT_EQ(parametric_fit(none.input()).error().code, Errc::empty_input);
  Rows wide = good;
  wide.columns = 4;
  wide.x.assign(16, 1);
  EXPECT_EQ(parametric_fit(wide.input()).error().code, Errc::too_large);
  EXPECT_EQ(parametric_fit(good.input(), {.family = SurvivalFamily::exponential, .fixed_scale = 1})
                .error()
                .code,
            Errc::unsupported);
  EXPECT_EQ(parametric_fit(good.input(), {.fixed_scale = 0}).error().field, "fixed_scale");
  EXPECT_EQ(
      parametric_fit(good.input(), {.family = SurvivalFamily::generalised_gamma, .fixed_shape = 11})
          .error()
          .field,
      "fixed_shape");
  EXPECT_EQ(survival_family("Weibull").error().code, Errc::unknown_name);
}

TEST(ParametricRefusals, IntervalsAndEventsAreChecked) {
  const std::vector<double> lower{0, 2, 5};
  const std::vector<std::optional<double>> upper{3.0, 1.0, std::nullopt};
  const auto crossed = interval_rows(lower, upper);
  ASSERT_FALSE(crossed);
  EXPECT_EQ(describe(crossed.error()), "upper[1] = 1: must not be before the lower end");
  const std::vector<std::optional<double>> fine{3.0, 2.0, std::nullopt};
  const auto rows = interval_rows(lower, fine);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->known,
            (std::vector<TimeKnown>{TimeKnown::before, TimeKnown::exactly, TimeKnown::after}));
  EXPECT_EQ(known_from_events(std::vector<std::uint8_t>{0, 2}).error().row, 1U);
}

TEST(ParametricStatus, CollinearColumnsAreNamedWithWhatTheyEqual) {
  Rows rows = rows_of({SurvivalFamily::weibull, 0.7, 0}, 200, 1, false);
  const std::size_t n = 200;
  std::vector<double> x(rows.x.begin(), rows.x.begin() + 200);  // x0
  for (std::size_t i = 0; i < n; ++i) x.push_back(7);           // x1 constant
  x.insert(x.end(), rows.x.begin() + 200, rows.x.end());        // x2
  for (std::size_t i = 0; i < n; ++i) x.push_back(3 - 2 * x[i] + 0.5 * x[2 * n + i]);  // x3
  const auto plain = *parametric_fit(rows.input());
  rows.x = x;
  rows.columns = 4;
  const auto fit = *parametric_fit(rows.input());
  EXPECT_EQ(fit.status, ParametricStatus::converged);
  ASSERT_EQ(fit.aliases.size(), 2U);
  EXPECT_EQ(fit.aliases[0].column, 1U);
  EXPECT_TRUE(fit.aliases[0].combination.empty());
  EXPECT_NEAR(fit.aliases[0].constant, 7, 1e-12);
  EXPECT_EQ(fit.aliases[1].column, 3U);
  EXPECT_NEAR(fit.aliases[1].constant, 3, 1e-9);
  ASSERT_EQ(fit.aliases[1].combination.size(), 2U);
  EXPECT_EQ(fit.aliases[1].combination[0].first, 0U);
  EXPECT_NEAR(fit.aliases[1].combination[0].second, -2, 1e-9);
  EXPECT_EQ(fit.aliases[1].combination[1].first, 2U);
  EXPECT_NEAR(fit.aliases[1].combination[1].second, 0.5, 1e-9);
  EXPECT_EQ(fit.kind[2], ParametricCoefficient::aliased);
  EXPECT_EQ(fit.kind[4], ParametricCoefficient::aliased);
  EXPECT_EQ(fit.parameters[2], 0);
  EXPECT_EQ(fit.likelihood_ratio_df, 2U);
  EXPECT_NEAR(fit.parameters[1], plain.parameters[1], 1e-9);
  EXPECT_NEAR(fit.parameters[3], plain.parameters[2], 1e-9);
  EXPECT_NEAR(fit.loglik, plain.loglik, 1e-9);
}

TEST(ParametricStatus, AGroupWithoutEventsHasAnInfiniteCoefficient) {
  for (const Truth& truth : truths()) {
    SCOPED_TRACE(name(truth.family));
    Rows rows = rows_of(truth, 80, 2, false);
    for (std::size_t i = 0; i < 80; ++i) {
      if (rows.x[i] == 1) rows.known[i] = TimeKnown::after;
    }
    const auto fit = parametric_fit(rows.input(), {.family = truth.family});
    ASSERT_TRUE(fit) << describe(fit.error());
    EXPECT_EQ(fit->status, ParametricStatus::infinite_coefficient);
    EXPECT_EQ(fit->kind[1], ParametricCoefficient::infinite);
    EXPECT_EQ(fit->kind[2], ParametricCoefficient::estimated);
    EXPECT_TRUE(std::isfinite(fit->loglik));
    // The others are as if that group were not there: its likelihood has become 1.
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < 80; ++i) {
      if (rows.x[i] != 1) others.push_back(i);
    }
    Rows rest = rows.picked(others);
    const auto without = parametric_fit(rest.input(), {.family = truth.family});
    EXPECT_NEAR(fit->loglik, without->loglik, 1e-6);
    const auto s = predicted_survival(*fit, std::vector<double>{0, 0}, std::vector<double>{5});
    EXPECT_FALSE((*s)[0].standard_error);
  }
}

TEST(ParametricStatus, ASingleTimeHasNoScaleAndOnePersonAnExponentialRate) {
  const Rows same = simple({4, 4, 4, 4}, {1, 1, 1, 1});
  for (const auto family :
       {SurvivalFamily::weibull, SurvivalFamily::log_normal, SurvivalFamily::log_logistic,
        SurvivalFamily::gamma, SurvivalFamily::generalised_gamma, SurvivalFamily::gompertz}) {
    SCOPED_TRACE(name(family));
    const auto fit = parametric_fit(same.input(), {.family = family});
    ASSERT_TRUE(fit) << describe(fit.error());
    EXPECT_EQ(fit->status, ParametricStatus::at_boundary);
  }
  const auto one =
      parametric_fit(simple({5}, {1}).input(), {.family = SurvivalFamily::exponential});
  ASSERT_TRUE(one);
  EXPECT_NEAR(std::exp(one->parameters[0]), 5, 1e-12);
  EXPECT_TRUE(one->variance.empty()) << "one person says nothing about how far people differ";
  EXPECT_TRUE(one->too_few_people());
  const auto two =
      parametric_fit(simple({5, 7}, {1, 1}).input(), {.family = SurvivalFamily::exponential});
  ASSERT_TRUE(two);
  EXPECT_NEAR(two->variance[0], 0.5, 1e-12);
}

TEST(ParametricStatus, AShapeThatWantsToBeInfiniteStopsAtItsLimit) {
  // Times uniform on (0, 1): the best generalised gamma is a power law up to the largest time.
  Rows rows;
  for (int i = 1; i <= 60; ++i) {
    rows.time.push_back(i / 60.0);
    rows.time2.push_back(0);
    rows.known.push_back(TimeKnown::exactly);
  }
  const auto fit = parametric_fit(rows.input(), {.family = SurvivalFamily::generalised_gamma});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->status, ParametricStatus::at_boundary);
  EXPECT_LE(std::abs(*fit->shape), most_shape);
  EXPECT_TRUE(std::isfinite(fit->loglik));
  for (const double v : fit->variance) EXPECT_TRUE(std::isfinite(v));
}

TEST(ParametricStatus, TheCallerCanStopAndIterationsEnd) {
  const Rows rows = rows_of({SurvivalFamily::generalised_gamma, 0.6, 0.5}, 100, 4, true);
  int calls = 0;
  const auto stopped =
      parametric_fit(rows.input(), {.family = SurvivalFamily::generalised_gamma,
                                    .progress = [&calls](double) { return ++calls < 3; }});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
  const auto early =
      parametric_fit(rows.input(), {.family = SurvivalFamily::weibull, .max_iterations = 1});
  ASSERT_TRUE(early);
  EXPECT_EQ(early->status, ParametricStatus::iteration_limit);
  EXPECT_EQ(parametric_fit(rows.input(), {.max_iterations = 0}).error().field, "max_iterations");
}

TEST(ParametricStatus, StrangeNumbersEndInAnAnswerOrAnErrorButNeverInNaN) {
  RandomStream random{Seed{8}, 1};
  for (int trial = 0; trial < 300; ++trial) {
    SCOPED_TRACE(trial);
    const std::size_t n = 1 + random.below(8);
    Rows rows;
    rows.columns = random.below(3);
    const double scales[] = {1e-200, 1e-9, 1, 1, 1, 1e9, 1e200};
    for (std::size_t i = 0; i < n; ++i) {
      const double t = scales[random.below(7)] * (1 + static_cast<double>(random.below(4)));
      rows.time.push_back(t);
      rows.time2.push_back(t * (1 + random.uniform()));
      rows.known.push_back(static_cast<TimeKnown>(random.below(4)));
      rows.weight.push_back(random.below(4) == 0 ? 0.0 : scales[2 + random.below(4)]);
    }
    for (std::size_t i = 0; i < n * rows.columns; ++i) {
      rows.x.push_back(scales[random.below(7)] * random.normal());
    }
    for (const SurvivalFamily family : survival_families()) {
      const auto fit = parametric_fit(rows.input(), {.family = family, .max_iterations = 60});
      if (!fit) continue;
      EXPECT_TRUE(std::isfinite(fit->loglik));
      for (const double p : fit->parameters) EXPECT_TRUE(std::isfinite(p)) << name(family);
      for (const double v : fit->variance) EXPECT_TRUE(std::isfinite(v)) << name(family);
    }
  }
}

}  // namespace
