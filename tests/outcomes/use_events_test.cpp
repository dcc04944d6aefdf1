#include "ombre/outcomes/use_events.hpp"
#include <gtest/gtest.h>
#include <random>

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using timeline::MissingRule;
using timeline::UseState;

// "." none, "x" use of unknown amount, "?" unknown, digits = amounts.
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

UseEventTime when(std::string_view days, UseEvent event, UseEventParameters p = {},
                  MissingRule rule = MissingRule::exclude) {
  const Days d{days};
  const auto t = time_to_event(d.view(), event, p, rule);
  if (!t) {
    ADD_FAILURE() << describe(t.error());
    return {};
  }
  return *t;
}

using Day = std::optional<std::uint32_t>;
const Day never{};

// The rules: clinical/metrics.md section 2.
TEST(UseEvents, ALapseNeedsAbstinenceBeforeIt) {
  EXPECT_EQ(when("...x", UseEvent::lapse_any).day, Day{3});
  EXPECT_EQ(when("xx.x", UseEvent::lapse_any).day, Day{3});
  EXPECT_EQ(when("xxxx", UseEvent::lapse_any).day, never);
  EXPECT_EQ(when("x.x..x", UseEvent::lapse_any, {.baseline_gap_days = 2}).day, Day{5});
  EXPECT_EQ(when("xxxx", UseEvent::lapse_any, {.baseline_gap_days = 0}).day, Day{0});
  EXPECT_EQ(when("x..x", UseEvent::lapse_any, {.anchor = 2}).day, Day{1});  // from the anchor
}

TEST(UseEvents, WithoutAnEventFollowUpEndsAtTheLastKnownDay) {
  const auto t = when("....??", UseEvent::lapse_any);
  EXPECT_EQ(t.day, never);
  EXPECT_EQ(t.censored_at, Day{3});
  EXPECT_EQ(t.lower, Day{4});  // under worst
  EXPECT_EQ(t.upper, never);
  EXPECT_EQ(t.n_missing, 2u);
  EXPECT_EQ(when("????", UseEvent::lapse_any).censored_at, never);
}

TEST(UseEvents, TheFirstHeavyDayIsAtOrAboveTheLimit) {
  EXPECT_EQ(when(".4.5", UseEvent::heavy_day, {.heavy_limit = 5}).day, Day{3});
  EXPECT_EQ(when(".4x4", UseEvent::heavy_day, {.heavy_limit = 5}).day, never);
}

std::string after_three_weeks(std::initializer_list<std::string_view> parts) {
  std::string out(21, 'x');
  for (const std::string_view part : parts) out.append(part);
  return out;
}

TEST(UseEvents, XbotNeedsFourWeeksOrSevenDaysAfterDayTwentyOne) {
  constexpr std::string_view week = "x......";
  constexpr std::string_view clean = ".......";
  constexpr std::string_view missed = "\?\?\?\?\?\?\?";
  EXPECT_EQ(when(after_three_weeks({week, week, week, week}), UseEvent::relapse_xbot).day, Day{48});
  EXPECT_EQ(when(after_three_weeks({week, week, week, week}), UseEvent::relapse_xbot).onset,
            Day{21});
  EXPECT_EQ(when(after_three_weeks({week, week, clean, week}), UseEvent::relapse_xbot).day, never);
  EXPECT_EQ(when(after_three_weeks({".xxxxxxx"}), UseEvent::relapse_xbot).day, Day{28});
  EXPECT_EQ(when(after_three_weeks({".xxxxxxx"}), UseEvent::relapse_xbot).onset, Day{22});
  EXPECT_EQ(when(after_three_weeks({"xxxxxx"}), UseEvent::relapse_xbot).day, never);
  // A week nobody knows anything about counts, as a missing urine did.
  EXPECT_EQ(when(after_three_weeks({week, missed, week, week}), UseEvent::relapse_xbot).day,
            Day{48});
}

TEST(UseEvents, SrntNeedsSevenDaysOrTwoWeeks) {
  EXPECT_EQ(when("...x.....x...", UseEvent::relapse_srnt).day, Day{9});
  EXPECT_EQ(when("...x.....x...", UseEvent::relapse_srnt).onset, Day{3});
  EXPECT_EQ(when("x..............x", UseEvent::relapse_srnt).day, never);  // weeks 1 and 3
  EXPECT_EQ(when("xxxxxxx", UseEvent::relapse_srnt).day, Day{6});
}

TEST(UseEvents, RussellCountsCigarettesInAll) {
  EXPECT_EQ(when("2.3.1", UseEvent::relapse_rs).day, Day{4});  // 5 are allowed
  EXPECT_EQ(when("2.3..", UseEvent::relapse_rs).day, never);
  EXPECT_EQ(when("2.3.?", UseEvent::relapse_rs).lower, Day{4});
}

TEST(UseEvents, ReturnToBaselineLooksAtSevenDays) {
  // Baseline 5 a day: 0.8 of it is 4, a week's sum of 28.
  EXPECT_EQ(when("..444444444", UseEvent::relapse_return_to_baseline, {.baseline_mean = 5}).day,
            Day{8});
  EXPECT_EQ(when("333333333", UseEvent::relapse_return_to_baseline, {.baseline_mean = 5}).day,
            never);
  EXPECT_EQ(when("4444???", UseEvent::relapse_return_to_baseline, {.baseline_mean = 5}).day,
            Day{6});
  EXPECT_EQ(when("444????", UseEvent::relapse_return_to_baseline, {.baseline_mean = 5}).day, never);
}

TEST(UseEvents, ThePersonsOwnLimitMayBeBrokenOnce) {
  EXPECT_EQ(when("2..4...4", UseEvent::relapse_person_defined, {.own_limit = 3}).day, Day{7});
  EXPECT_EQ(when("4......4", UseEvent::relapse_person_defined, {.own_limit = 3}).day, never);
  EXPECT_EQ(when("x.x", UseEvent::relapse_person_defined, {.own_limit = 0}).day, Day{2});
  EXPECT_EQ(when("x", UseEvent::relapse_person_defined, {.own_limit = 0, .own_days_of_7 = 1}).day,
            Day{0});
}

TEST(UseEvents, BoundsContainEveryMissingRule) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    std::string text;
    for (int i = 0; i < 70; ++i) text += "..??x123456"[random() % 11];
    for (const UseEventInfo& info : use_event_infos()) {
      for (const MissingRule rule : timeline::missing_rules) {
        const auto t =
            when(text, info.event, {.heavy_limit = 6, .baseline_mean = 3, .own_limit = 4}, rule);
        ASSERT_TRUE(t.lower);
        if (t.day) {
          ASSERT_LE(*t.lower, *t.day) << info.id;
          ASSERT_LE(*t.onset, *t.day) << info.id;
          ASSERT_TRUE(!t.upper || *t.upper >= *t.day) << info.id;
        } else {
          ASSERT_FALSE(t.upper) << info.id;
        }
      }
    }
  }
}

TEST(UseEvents, RefuseWhatIsNotGiven) {
  const Days d{".1"};
  const auto refused = [&](UseEvent e, UseEventParameters p) {
    const auto t = time_to_event(d.view(), e, p, MissingRule::exclude);
    return t ? std::string{"accepted"} : t.error().field;
  };
  EXPECT_EQ(refused(UseEvent::heavy_day, {}), "heavy_limit");
  EXPECT_EQ(refused(UseEvent::heavy_day, {.heavy_limit = 0}), "heavy_limit");
  EXPECT_EQ(refused(UseEvent::relapse_return_to_baseline, {}), "baseline_mean");
  EXPECT_EQ(refused(UseEvent::relapse_person_defined, {}), "own_limit");
  EXPECT_EQ(refused(UseEvent::relapse_person_defined, {.own_limit = 1, .own_days_of_7 = 8}),
            "own_days_of_7");
  EXPECT_EQ(refused(UseEvent::relapse_rs, {.rs_limit = -1}), "rs_limit");
  EXPECT_EQ(refused(UseEvent::lapse_any, {.anchor = 2}), "anchor");
}

TEST(UseEvents, EachHasAnIdWordsAndASource) {
  for (const UseEventInfo& info : use_event_infos()) {
    EXPECT_EQ(*parse_use_event(info.id), info.event);
    EXPECT_FALSE(info.text.empty());
    EXPECT_NE(info.source, nullptr);
  }
  EXPECT_EQ(parse_use_event("relapse").error().code, Errc::unknown_name);
  // Beside them the Russell Standard, which is a result and no day.
  EXPECT_EQ(explain_use_events().size(), use_event_count + 1);
  EXPECT_EQ(explain_use_events().back().name, "russell_standard");
}

}  // namespace
