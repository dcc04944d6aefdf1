#include "ombre/timeline/synthetic.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace ombre::timeline {
namespace {

TEST(SyntheticDrinking, TheSameSeedGivesTheSameRecords) {
  const auto a = synthetic_drinking({.seed = Seed{3}, .people = 5});
  const auto b = synthetic_drinking({.seed = Seed{3}, .people = 5});
  const auto c = synthetic_drinking({.seed = Seed{4}, .people = 5});
  ASSERT_TRUE(a && b && c);
  ASSERT_EQ(a->records.size(), b->records.size());
  for (std::size_t i = 0; i < a->records.size(); ++i) {
    EXPECT_EQ(a->records[i].amount, b->records[i].amount);
    EXPECT_EQ(a->records[i].state, b->records[i].state);
  }
  bool differs = a->records.size() != c->records.size();
  for (std::size_t i = 0; !differs && i < a->records.size(); ++i) {
    differs = a->records[i].amount != c->records[i].amount;
  }
  EXPECT_TRUE(differs);
}

TEST(SyntheticDrinking, ALargerCohortBeginsWithTheSamePeople) {
  const auto small = synthetic_drinking({.people = 3});
  const auto large = synthetic_drinking({.people = 40});
  ASSERT_TRUE(small && large);
  for (std::size_t i = 0; i < small->records.size(); ++i) {
    EXPECT_EQ(small->records[i].amount, large->records[i].amount);
    EXPECT_EQ(small->records[i].day, large->records[i].day);
  }
  EXPECT_EQ(small->records.persons()[0], "p01");
}

TEST(SyntheticDrinking, HoldsEveryKindOfDayAndStaysInsideItsWindows) {
  const std::int32_t first = 20454;  // 2026-01-01
  const auto made = synthetic_drinking({.people = 200, .first_day = first});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->windows.size(), 200U);
  EXPECT_EQ(made->goal.size(), 200U);
  EXPECT_FALSE(made->records.controlled_stays().empty());
  std::set<UseState> kinds;
  std::map<std::uint32_t, std::size_t> rows;
  for (std::size_t i = 0; i < made->records.size(); ++i) {
    const Record r = made->records[i];
    kinds.insert(r.state);
    ++rows[r.person];
    EXPECT_GE(r.day, first);
    EXPECT_LT(r.day, first + 168);
  }
  EXPECT_EQ(kinds, (std::set{UseState::none, UseState::amount, UseState::used}));
  EXPECT_LT(made->records.size(), 200U * 168U) << "some days are not recorded";
}

TEST(SyntheticDrinking, RefusesSizesOutsideItsLimitsAndNamesThem) {
  EXPECT_EQ(describe(synthetic_drinking({.people = 0}).error()),
            "people = 0: must be 1 to 10 000 000");
  EXPECT_EQ(synthetic_drinking({.days = 27}).error().field, "days");
  EXPECT_EQ(synthetic_drinking({.first_day = 2'932'890}).error().field, "first_day");
}

}  // namespace
}  // namespace ombre::timeline
