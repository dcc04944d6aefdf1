#include "ombre/outcomes/quit_success.hpp"
#include <gtest/gtest.h>

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using timeline::MissingRule;
using timeline::UseState;

struct Days {
  explicit Days(std::string_view text) {
    for (const char c : text) {
      const bool digit = c >= '1' && c <= '9';
      state.push_back(timeline::day_byte(digit      ? UseState::amount
                                         : c == 'x' ? UseState::used
                                         : c == '?' ? UseState::unknown
                                                    : UseState::none));
      amount.push_back(digit ? c - '0' : 0);
    }
  }
  [[nodiscard]] timeline::DayView view() const { return {state, amount, 0}; }
  std::vector<std::uint8_t> state;
  std::vector<double> amount;
};

constexpr auto exclude = MissingRule::exclude;

// Rules: clinical/metrics.md section 3.
TEST(FloatingAbstinence, IsARunThatBeginsDuringTreatment) {
  const Days d{"xx.....xx........"};
  EXPECT_EQ(*floating_abstinence(d.view(), 3, exclude, 5)->value, true);
  EXPECT_EQ(*floating_abstinence(d.view(), 2, exclude, 5)->value, false);  // begins on day 2
  EXPECT_EQ(*floating_abstinence(d.view(), 3, exclude, 6)->value, false);
  EXPECT_EQ(*floating_abstinence(d.view(), 10, exclude, 6)->value, true);
  EXPECT_EQ(floating_abstinence(d.view(), 0, exclude).error().field, "treatment_days");
}

TEST(FloatingAbstinence, SaysWhatUnknownDaysCouldMakeOfIt) {
  const Days d{"..?..x"};
  const auto a = floating_abstinence(d.view(), 6, exclude, 5);
  EXPECT_EQ(*a->value, false);
  EXPECT_TRUE(a->possible);
  EXPECT_FALSE(a->certain);
  EXPECT_EQ(a->n_missing, 1u);
  EXPECT_FALSE(floating_abstinence(Days{"???"}.view(), 3, exclude, 2)->value);
}

TEST(RepeatedPointPrevalence, LooksAtTheDaysBeforeEachVisit) {
  const Days d{"x.......x......."};
  const std::vector<std::uint32_t> visits{3, 8, 9, 16};
  const auto p = repeated_point_prevalence(d.view(), visits, 7, exclude);
  ASSERT_TRUE(p);
  EXPECT_FALSE((*p)[0].value);       // fewer than 7 days before it
  EXPECT_EQ(*(*p)[1].value, true);   // days 1-7; the visit's day is not looked at
  EXPECT_EQ(*(*p)[2].value, false);  // days 2-8
  EXPECT_EQ(*(*p)[3].value, true);   // days 9-15
  const std::vector<std::uint32_t> late{17};
  EXPECT_EQ(repeated_point_prevalence(d.view(), late, 7, exclude).error().field, "visits");
}

// Source: West et al. 2005; the standard's six rules as in clinical/metrics.md section 3.
TEST(RussellStandard, AllowsFiveCigarettesAndAsksForATest) {
  const RussellStandard period{.grace_days = 2, .follow_up_day = 9};
  const auto result = [&](std::string_view days, Verification v = Verification::confirmed,
                          bool gone = false) {
    return *russell_standard(Days{days}.view(), period, v, gone);
  };
  EXPECT_EQ(result("9x....23.."), RussellResult::abstinent);  // grace days are not counted
  EXPECT_EQ(result("......24.."), RussellResult::not_abstinent);
  EXPECT_EQ(result("..........", Verification::refuted), RussellResult::not_abstinent);
  EXPECT_EQ(result("..........", Verification::not_done), RussellResult::not_abstinent);
  EXPECT_EQ(result("...?......"), RussellResult::not_abstinent);  // intention to treat
  EXPECT_EQ(result("9999999999", Verification::refuted, true), RussellResult::excluded);
  EXPECT_EQ(
      russell_standard(Days{"..."}.view(), period, Verification::confirmed, false).error().field,
      "follow_up_day");
  EXPECT_EQ(*verify_co(9.9), Verification::confirmed);
  EXPECT_EQ(*verify_co(10), Verification::refuted);
  EXPECT_EQ(verify_co(-1).error().code, Errc::out_of_range);
}

TEST(GoalMet, IsThePersonsOwnGoal) {
  const auto met = [](std::string_view days, GoalKind kind, double limit,
                      MissingRule rule = exclude) {
    return goal_met(Days{days}.view(), {kind, limit}, rule)->value;
  };
  using Yes = std::optional<bool>;
  EXPECT_EQ(met("....", GoalKind::none_at_all, 0), Yes{true});
  EXPECT_EQ(met("..x.", GoalKind::none_at_all, 0), Yes{false});
  EXPECT_EQ(met(".4.4", GoalKind::at_most_per_day, 4), Yes{true});
  EXPECT_EQ(met(".4.5", GoalKind::at_most_per_day, 4), Yes{false});
  EXPECT_EQ(met("4..4..."
                "4..4",
                GoalKind::at_most_per_week, 8),
            Yes{true});
  EXPECT_EQ(met("4..4..1", GoalKind::at_most_per_week, 8), Yes{false});
  EXPECT_EQ(met("xx....."
                "xx",
                GoalKind::use_days_per_week, 2),
            Yes{true});
  EXPECT_EQ(met("xx....."
                "xxx",
                GoalKind::use_days_per_week, 2),
            Yes{false});
  EXPECT_EQ(met("????", GoalKind::at_most_per_day, 2), Yes{});
  EXPECT_EQ(met("4?", GoalKind::at_most_per_week, 5, MissingRule::worst), Yes{false});
  EXPECT_EQ(goal_met(Days{"."}.view(), {GoalKind::at_most_per_day, -1}, exclude).error().field,
            "limit");
  EXPECT_EQ(goal_met(Days{""}.view(), {}, exclude).error().code, Errc::empty_input);
}

}  // namespace
