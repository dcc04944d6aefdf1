#include "ombre/stats/survival_curve.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "stats/survival_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;
using namespace ombre_test;

// ---- worked by hand or printed -------------------------------------------------------------

// S by hand from the numbers at risk; standard errors as printed in Klein & Moeschberger (2nd ed.,
// table 4.1, four decimals) and Kleinbaum & Klein.
TEST(SurvivalCurve, SixMercaptopurineMatchesThePrintedTable) {
  const auto c = survival_curve({freireich::weeks_6mp, freireich::event_6mp});
  ASSERT_TRUE(c) << describe(c.error());
  const std::vector<double> weeks{6, 7, 10, 13, 16, 22, 23};
  const std::vector<double> at_risk{21, 17, 15, 12, 11, 7, 6};
  const std::vector<double> deaths{3, 1, 1, 1, 1, 1, 1};
  const std::vector<double> printed_se{0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
  double s = 1;
  for (std::size_t k = 0; k < weeks.size(); ++k) {
    const auto i = c->at(weeks[k]);
    ASSERT_TRUE(i);
    EXPECT_EQ(c->time[*i], weeks[k]);
    EXPECT_EQ(c->at_risk[*i], at_risk[k]);
    EXPECT_EQ(c->events[*i], deaths[k]);
    s *= (at_risk[k] - deaths[k]) / at_risk[k];
    EXPECT_NEAR(c->survival[*i], s, 1e-15);
    EXPECT_NEAR(*c->se_survival(*i), printed_se[k], 0.00005);
  }
  const std::vector<double> half{0.5};
  const auto median = curve_quantiles(*c, half, IntervalScale::log);
  EXPECT_EQ((*median)[0].time, 23);   // as printed
  EXPECT_EQ((*median)[0].lower, 16);  // R's survfit prints 23 (16, NA)
  EXPECT_FALSE((*median)[0].upper);
}

TEST(SurvivalCurve, WithoutCensoringItIsTheEmpiricalCurve) {
  const std::vector<std::uint8_t> all(21, 1);
  const auto c = survival_curve({freireich::weeks_control, all});
  const std::vector<double>& weeks = freireich::weeks_control;
  for (std::size_t i = 0; i < c->size(); ++i) {
    const auto later = std::ranges::count_if(weeks, [&](double w) { return w > c->time[i]; });
    const double share = static_cast<double>(later) / 21;
    EXPECT_NEAR(c->survival[i], share, 1e-15);
    if (share > 0) {
      EXPECT_NEAR(*c->se_survival(i), std::sqrt(share * (1 - share) / 21), 1e-15);
    }
  }
  EXPECT_EQ(c->survival.back(), 0);
  EXPECT_FALSE(c->se_survival(c->size() - 1));
  EXPECT_FALSE(c->se_log_survival(c->size() - 1));
  // The median lies between 8 and 8: 13 of 21 relapsed by week 8.
  const std::vector<double> half{0.5};
  EXPECT_EQ((*curve_quantiles(*c, half, IntervalScale::plain))[0].time, 8);
}

TEST(SurvivalCurve, HazardsOfTiedEventsAreCountedTwoWays) {
  const std::vector<double> time{1, 1, 1, 2};
  const std::vector<std::uint8_t> event{1, 1, 0, 1};
  CurveOptions how;
  const auto aalen = survival_curve({time, event}, how);
  EXPECT_NEAR(aalen->cumulative_hazard[0], 2.0 / 4, 1e-16);
  how.hazard = HazardForm::fleming_harrington;
  const auto fleming = survival_curve({time, event}, how);
  EXPECT_NEAR(fleming->cumulative_hazard[0], 1.0 / 4 + 1.0 / 3, 1e-15);
  EXPECT_NEAR(fleming->hazard_error[0], std::sqrt(1.0 / 16 + 1.0 / 9), 1e-15);
  how.survival = SurvivalForm::exponential;
  const auto breslow = survival_curve({time, event}, how);
  EXPECT_NEAR(breslow->survival[0], std::exp(-7.0 / 12), 1e-15);
  EXPECT_NEAR(*breslow->se_log_survival(0), fleming->hazard_error[0], 1e-15);
}

TEST(SurvivalCurve, GreenwoodAndTsiatisByHand) {
  const std::vector<double> time{1, 2, 3, 4};
  const std::vector<std::uint8_t> event{1, 0, 1, 0};
  CurveOptions how;
  EXPECT_NEAR(survival_curve({time, event}, how)->error[2], std::sqrt(1.0 / 12 + 1.0 / 2), 1e-15);
  how.error = CurveError::tsiatis;
  EXPECT_NEAR(survival_curve({time, event}, how)->error[2], std::sqrt(1.0 / 16 + 1.0 / 4), 1e-15);
}

TEST(SurvivalCurve, LateEntryLeavesTheRiskSetEmptyAndTheCurveAtZero) {
  // Everybody under observation dies at 3; who enters at 5 cannot bring the curve back.
  const std::vector<double> entry{0, 0, 5, 5};
  const std::vector<double> time{2, 3, 7, 8};
  const std::vector<std::uint8_t> event{1, 1, 1, 0};
  const auto c = survival_curve({time, event, entry});
  EXPECT_EQ(c->at_risk, (std::vector<double>{2, 1, 2, 1}));
  EXPECT_EQ(c->survival, (std::vector<double>{0.5, 0, 0, 0}));
  EXPECT_NEAR(c->cumulative_hazard[2], 0.5 + 1 + 0.5, 1e-15);
}

// survfit(Surv(t, s) ~ 1, weights = w, robust = TRUE, influence = TRUE) of R's survival 3.5-3: the
// root of the column sums of squares of influence.surv and influence.chaz. (For stype/ctype 1/2 and
// 2/1 its std.err is on the other scale than its flag says; the influence is right.)
TEST(SurvivalCurve, RobustErrorsAreTheSquaresOfRsInfluence) {
  const std::vector<double> time{1, 2, 2, 3, 3, 3, 4, 5, 5, 6};
  const std::vector<std::uint8_t> event{1, 1, 0, 1, 1, 1, 0, 1, 1, 0};
  const std::vector<double> weight{1, 2, 1, .5, 1.5, 1, 1, 2, .7, 1};
  struct Want {
    SurvivalForm survival;
    HazardForm hazard;
    std::vector<double> s, h;
  };
  const std::vector<double> product{0.08312461, 0.15960676, 0.17847337,
                                    0.17847337, 0.11678674, 0.11678674};
  const std::vector<double> aalen{0.08312461, 0.17811463, 0.26992284,
                                  0.26992284, 0.34059187, 0.34059187};
  const std::vector<double> fleming{0.08312461, 0.17811463, 0.33006322,
                                    0.33006322, 0.50601468, 0.50601468};
  const std::vector<Want> wants{
      {SurvivalForm::product_limit, HazardForm::nelson_aalen, product, aalen},
      {SurvivalForm::product_limit, HazardForm::fleming_harrington, product, fleming},
      {SurvivalForm::exponential,
       HazardForm::nelson_aalen,
       {0.07631509, 0.13564502, 0.13923174, 0.13923174, 0.08468672, 0.08468672},
       aalen},
      {SurvivalForm::exponential,
       HazardForm::fleming_harrington,
       {0.07631509, 0.13564502, 0.15954656, 0.15954656, 0.09561066, 0.09561066},
       fleming}};
  for (const Want& want : wants) {
    const auto c =
        survival_curve({time, event, {}, weight}, {want.survival, want.hazard, CurveError::robust});
    ASSERT_TRUE(c);
    for (std::size_t i = 0; i < c->size(); ++i) {
      EXPECT_NEAR(*c->se_survival(i), want.s[i], 6e-9) << i;
      EXPECT_NEAR(c->hazard_error[i], want.h[i], 6e-9) << i;
    }
  }
}

// The same by definition: take a little of one person's weight away and see what the curve does.
TEST(SurvivalCurve, RobustErrorsAgreeWithDerivativesByDifferences) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    People p = people(seed, 40, true);
    for (double& w : p.weight) w += 0.5;
    const CurveOptions how{SurvivalForm::product_limit, HazardForm::fleming_harrington,
                           CurveError::robust};
    const auto c = survival_curve({p.time, p.event, p.entry, p.weight, p.cluster}, how);
    ASSERT_TRUE(c);
    std::vector<double> squares(c->size(), 0);
    std::vector<double> hazard_squares(c->size(), 0);
    for (std::uint32_t cluster = 0; cluster <= 40 / 3; ++cluster) {
      const double h = 1e-5;
      std::vector<SurvivalCurve> sides;
      for (const double sign : {-1.0, 1.0}) {
        std::vector<double> w = p.weight;
        for (std::size_t i = 0; i < w.size(); ++i) {
          if (p.cluster[i] == cluster) w[i] *= 1 + sign * h;
        }
        sides.push_back(*survival_curve({p.time, p.event, p.entry, w}, {how.survival, how.hazard}));
      }
      for (std::size_t i = 0; i < c->size(); ++i) {
        const double slope = (sides[1].survival[i] - sides[0].survival[i]) / (2 * h);
        squares[i] += slope * slope;
        const double steep =
            (sides[1].cumulative_hazard[i] - sides[0].cumulative_hazard[i]) / (2 * h);
        hazard_squares[i] += steep * steep;
      }
    }
    for (std::size_t i = 0; i < c->size(); ++i) {
      EXPECT_NEAR(*c->se_survival(i), std::sqrt(squares[i]), 1e-8);
      EXPECT_NEAR(c->hazard_error[i], std::sqrt(hazard_squares[i]), 1e-7);
    }
  }
}

TEST(SurvivalCurve, NearTiesAreJoinedAndFarOnesAreNot) {
  const std::vector<double> time{0.1 + 0.2, 0.3, 0.7, 0.1 * 7};
  const std::vector<std::uint8_t> event{1, 1, 1, 0};
  const auto joined = survival_curve({time, event});
  EXPECT_EQ(joined->time, (std::vector<double>{0.3, 0.7}));
  EXPECT_EQ(joined->events, (std::vector<double>{2, 1}));
  const auto exact = survival_curve({time, event}, {.tie_tolerance = 0});
  EXPECT_EQ(exact->time.size(), 4U);
  // With late entry both ends take part.
  const std::vector<double> entry{0, 0, 0.1 * 3, 0.3};
  EXPECT_EQ(survival_curve({time, event, entry})->at_risk, (std::vector<double>{2, 2}));
  const std::vector<double> squeezed{0.3, 0, 0, 0};
  const std::vector<double> later{0.1 + 0.2, 0.3, 0.7, 0.7};
  const auto refused = survival_curve({later, event, squeezed});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::contradiction);
  EXPECT_EQ(refused.error().row, 0U);
}

TEST(SurvivalCurve, ConditionalSurvivalIsARatioWithTheErrorOfWhatIsStillToCome) {
  const auto c = survival_curve({freireich::weeks_6mp, freireich::event_6mp});
  const std::vector<double> times{10, 16, 23};
  const auto given = conditional_survival(*c, 10, times);
  EXPECT_EQ((*given)[0].survival, 1);
  EXPECT_EQ((*given)[0].se_log_survival, 0);
  EXPECT_NEAR(*(*given)[1].survival, 11.0 / 12 * 10 / 11, 1e-15);
  EXPECT_NEAR(*(*given)[1].se_log_survival, std::sqrt(1.0 / (12 * 11) + 1.0 / (11 * 10)), 1e-14);
  EXPECT_EQ(conditional_survival(*c, 10, std::vector<double>{9}).error().code, Errc::out_of_range);
}

TEST(SurvivalCurve, IntervalsStayInsideAndSayWhereTheyEnd) {
  const auto c = survival_curve({freireich::weeks_control, std::vector<std::uint8_t>(21, 1)});
  for (const auto scale : {IntervalScale::plain, IntervalScale::log, IntervalScale::log_log,
                           IntervalScale::logit, IntervalScale::arcsine}) {
    const auto limits = curve_intervals(*c, scale);
    for (std::size_t i = 0; i + 1 < c->size(); ++i) {
      ASSERT_TRUE((*limits)[i]);
      EXPECT_GE((*limits)[i]->low, 0);
      EXPECT_LE((*limits)[i]->high, 1);
      EXPECT_LE((*limits)[i]->low, c->survival[i]);
      EXPECT_GE((*limits)[i]->high, c->survival[i]);
    }
    EXPECT_FALSE(limits->back());  // S is 0
  }
  EXPECT_FALSE(survival_interval(1, 0, IntervalScale::log_log, 0.95));
  EXPECT_EQ(survival_interval(1, 0, IntervalScale::log, 0.95)->low, 1);
  EXPECT_FALSE(curve_intervals(*c, IntervalScale::log, 1.0));
}

// ---- properties over seeds -----------------------------------------------------------------

TEST(SurvivalCurve, RowOrderDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 60, seed % 2 == 0);
    const auto order = shuffled(p.size(), seed);
    const auto time = in_order(p.time, order);
    const auto event = in_order(p.event, order);
    const auto entry = in_order(p.entry, order);
    const auto weight = in_order(p.weight, order);
    EXPECT_TRUE(same_bytes(*survival_curve({p.time, p.event}), *survival_curve({time, event})));
    const auto a = survival_curve({p.time, p.event, p.entry, p.weight});
    const auto b = survival_curve({time, event, entry, weight});
    EXPECT_TRUE(same_bytes(*a, *b));  // whole weights: sums are exact in any order
  }
}

TEST(SurvivalCurve, AWeightIsARepetition) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 50, seed % 2 == 0);
    std::vector<double> time;
    std::vector<std::uint8_t> event;
    std::vector<double> entry;
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (double k = 0; k < p.weight[i]; ++k) {
        time.push_back(p.time[i]);
        event.push_back(p.event[i]);
        entry.push_back(p.entry[i]);
      }
    }
    const auto weighted = survival_curve({p.time, p.event, p.entry, p.weight});
    const auto repeated = survival_curve({time, event, entry});
    ASSERT_TRUE(weighted && repeated);
    for (std::size_t i = 0; i < repeated->size(); ++i) {
      const auto j = weighted->at(repeated->time[i]);
      ASSERT_TRUE(j);
      EXPECT_EQ(weighted->at_risk[*j], repeated->at_risk[i]);
      EXPECT_NEAR(weighted->survival[*j], repeated->survival[i], 1e-14);
      EXPECT_NEAR(weighted->error[*j], repeated->error[i], 1e-13);
    }
  }
}

TEST(SurvivalCurve, CuttingFollowUpIntoPiecesChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 50, true);
    std::vector<double> time, entry;
    std::vector<std::uint8_t> event, continues;
    std::vector<std::uint32_t> person;
    std::vector<std::uint32_t> all(p.size());
    for (std::uint32_t i = 0; i < p.size(); ++i) {
      all[i] = i;
      double from = p.entry[i];
      for (const double cut : {5.0, 11.0}) {
        if (cut <= from || cut >= p.time[i]) continue;
        entry.push_back(from);
        time.push_back(cut);
        event.push_back(0);
        continues.push_back(1);
        person.push_back(i);
        from = cut;
      }
      entry.push_back(from);
      time.push_back(p.time[i]);
      event.push_back(p.event[i]);
      continues.push_back(0);
      person.push_back(i);
    }
    const CurveOptions how{.error = CurveError::robust};
    const auto whole = survival_curve({p.time, p.event, p.entry, {}, all}, how);
    const auto cut = survival_curve({time, event, entry, {}, person, continues}, how);
    ASSERT_TRUE(whole && cut);
    for (std::size_t i = 0; i < whole->size(); ++i) {
      const auto j = cut->at(whole->time[i]);
      ASSERT_TRUE(j);
      EXPECT_EQ(cut->at_risk[*j], whole->at_risk[i]);
      EXPECT_EQ(cut->censored[*j], whole->censored[i]);
      EXPECT_NEAR(cut->survival[*j], whole->survival[i], 1e-15);
      EXPECT_NEAR(cut->error[*j], whole->error[i], 1e-13);
      EXPECT_NEAR(cut->hazard_error[*j], whole->hazard_error[i], 1e-13);
    }
  }
}

TEST(SurvivalCurve, StretchingTimeStretchesOnlyTime) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const People p = people(seed, 80, true);
    std::vector<double> stretched;  // no whole days any more: sorted instead of counted
    for (const double t : p.time) stretched.push_back(std::exp(t / 20) + 0.25);
    const auto days = survival_curve({p.time, p.event});
    const auto other = survival_curve({stretched, p.event});
    EXPECT_EQ(days->survival, other->survival);
    EXPECT_EQ(days->error, other->error);
    EXPECT_EQ(days->at_risk, other->at_risk);
    EXPECT_EQ(days->censored, other->censored);
  }
}

TEST(SurvivalCurve, GroupsAreCurvesOfTheirOwn) {
  for (const bool whole : {true, false}) {
    for (const bool late : {true, false}) {
      const People p = people(7, 200, whole);
      SurvivalData data{p.time, p.event};
      if (late) data.entry = p.entry;
      const auto together = survival_curves(data, p.group, 4);  // group 3 is empty
      ASSERT_TRUE(together);
      EXPECT_EQ((*together)[3].size(), 0U);
      for (std::uint32_t g = 0; g < 3; ++g) {
        std::vector<double> time, entry;
        std::vector<std::uint8_t> event;
        for (std::size_t i = 0; i < p.size(); ++i) {
          if (p.group[i] != g) continue;
          time.push_back(p.time[i]);
          event.push_back(p.event[i]);
          if (late) entry.push_back(p.entry[i]);
        }
        EXPECT_TRUE(same_bytes((*together)[g], *survival_curve({time, event, entry})));
      }
    }
  }
}

TEST(SurvivalCurve, TwoThreadsGiveTheSameBytes) {
  for (const bool whole : {true, false}) {
    const People p = people(11, 300'000, whole);
    EXPECT_TRUE(same_bytes(*survival_curve({p.time, p.event}),
                           *survival_curve({p.time, p.event}, {}, TwoThreads{})));
    EXPECT_TRUE(same_bytes(*survival_curve({p.time, p.event, p.entry}),
                           *survival_curve({p.time, p.event, p.entry}, {}, TwoThreads{})));
  }
}

// ---- refusals ------------------------------------------------------------------------------

TEST(SurvivalCurve, WhatCannotBeIsRefusedAndTheRowIsNamed) {
  const std::vector<double> time{1, 2, 3};
  const std::vector<std::uint8_t> event{1, 0, 1};
  const auto error = [](const Result<SurvivalCurve>& c) {
    return c ? std::string{"accepted"} : describe(c.error());
  };
  EXPECT_EQ(error(survival_curve({{}, {}})), "time: must not be empty");
  EXPECT_NE(error(survival_curve({time, std::vector<std::uint8_t>{1, 0}})).find("event"),
            std::string::npos);
  EXPECT_EQ(error(survival_curve({std::vector<double>{1, std::nan(""), 3}, event})),
            "time[1] = nan: must be finite");
  EXPECT_EQ(error(survival_curve({time, std::vector<std::uint8_t>{1, 0, 2}})),
            "event[2] = 2: must be 0 or 1");
  EXPECT_NE(error(survival_curve({time, event, std::vector<double>{0, 2, 0}})).find("entry[1] = 2"),
            std::string::npos);
  EXPECT_NE(error(survival_curve({time, event, {}, std::vector<double>{1, 1, -1}}))
                .find("weight[2] = -1"),
            std::string::npos);
  EXPECT_NE(error(survival_curve({time, event, {}, {}, std::vector<std::uint32_t>{0, 1, 9}}))
                .find("cluster[2]"),
            std::string::npos);
  EXPECT_NE(error(survival_curve({time, event}, {.tie_tolerance = -1})).find("tie_tolerance"),
            std::string::npos);
}

TEST(SurvivalCurve, AllCensoredStaysAtOne) {
  const std::vector<double> time{3, 5, 5};
  const std::vector<std::uint8_t> none{0, 0, 0};
  const auto c = survival_curve({time, none});
  EXPECT_EQ(c->survival, (std::vector<double>{1, 1}));
  EXPECT_EQ(c->error, (std::vector<double>{0, 0}));
  EXPECT_EQ(c->censored, (std::vector<double>{1, 2}));
  EXPECT_FALSE((*curve_quantiles(*c, std::vector<double>{0.5}, IntervalScale::log))[0].time);
}

// R: quantile(survfit(Surv(c(2, 4, 6), c(0, 1, 0)) ~ 1), 0) is 0, of Surv(c(2, 4), c(0, 0)) NA.
TEST(SurvivalCurve, TheQuantileOfNobodyIsTheStartUnlessTheCurveNeverMoves) {
  const std::vector<double> time{2, 4, 6};
  const std::vector<std::optional<double>> moves{0.0, 0.5, 0.5};
  const std::vector<std::optional<double>> still{0.0, 0.0, 0.0};
  const std::vector<double> nobody{0.0};
  EXPECT_EQ(step_quantiles(time, moves, nobody)[0], 0.0);
  EXPECT_EQ(step_quantiles(time, still, nobody)[0], std::nullopt);
}

}  // namespace
