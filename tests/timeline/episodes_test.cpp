#include "ombre/timeline/episodes.hpp"
#include <gtest/gtest.h>
#include <random>

namespace {

using namespace ombre;
using namespace ombre::timeline;

// "." none, "x" use without amount, "?" not known.
std::vector<std::uint8_t> days_of(std::string_view text) {
  std::vector<std::uint8_t> out;
  for (const char c : text) {
    out.push_back(day_byte(c == 'x'   ? UseState::used
                           : c == '?' ? UseState::unknown
                                      : UseState::none));
  }
  return out;
}

std::vector<UseEpisode> episodes(const std::vector<std::uint8_t>& state, int gap,
                                 MissingRule missing = MissingRule::exclude, int grace = 0) {
  const auto e = use_episodes({state, {}, 0}, {gap, grace}, missing);
  EXPECT_TRUE(e);
  return *e;
}

std::vector<std::uint8_t> use_on(std::size_t n, std::initializer_list<std::size_t> days) {
  std::vector<std::uint8_t> out(n, day_byte(UseState::none));
  for (const std::size_t d : days) out[d - 1] = day_byte(UseState::used);  // days count from 1
  return out;
}

// Source: clinical/metrics.md section 2: use on days 5,6,7,20,21,40 of 60.
TEST(UseEpisodes, TheWorkedExampleDependsOnTheGap) {
  const auto state = use_on(60, {5, 6, 7, 20, 21, 40});
  for (const int gap : {1, 7}) {
    SCOPED_TRACE(gap);
    const auto e = episodes(state, gap);
    ASSERT_EQ(e.size(), 3u);
    EXPECT_EQ(e[0].days(), 3u);
    EXPECT_EQ(e[1].days(), 2u);
    EXPECT_EQ(e[2].days(), 1u);
    EXPECT_EQ(intervals_between(e), (std::vector<std::uint32_t>{12, 18}));
  }
  const auto e = episodes(state, 14);
  ASSERT_EQ(e.size(), 2u);
  EXPECT_EQ(e[0].first, 4u);  // day 5
  EXPECT_EQ(e[0].last, 20u);  // day 21
  EXPECT_EQ(e[0].days(), 17u);
  EXPECT_EQ(e[0].use_days, 5u);
  EXPECT_EQ(e[1].first, 39u);
  EXPECT_EQ(intervals_between(e), (std::vector<std::uint32_t>{18}));
}

TEST(UseEpisodes, AGapOfExactlyThatManyDaysEndsAnEpisode) {
  EXPECT_EQ(episodes(days_of("x..x"), 2).size(), 2u);
  EXPECT_EQ(episodes(days_of("x..x"), 3).size(), 1u);
}

TEST(UseEpisodes, SaysWhereTheWindowMayHaveCutThem) {
  const auto e = episodes(days_of("..x....x.."), 3);
  ASSERT_EQ(e.size(), 2u);
  EXPECT_TRUE(e[0].open_start);
  EXPECT_FALSE(e[0].open_end);
  EXPECT_FALSE(e[1].open_start);
  EXPECT_TRUE(e[1].open_end);
  const auto closed = episodes(days_of("...x..."), 3);
  EXPECT_FALSE(closed[0].open_start || closed[0].open_end);
}

TEST(UseEpisodes, UnknownDaysFollowTheRule) {
  const auto state = days_of("x?..?x");
  EXPECT_EQ(episodes(state, 3, MissingRule::exclude).size(), 1u);  // two known abstinent days
  EXPECT_EQ(episodes(state, 2, MissingRule::exclude).size(), 2u);
  EXPECT_EQ(episodes(state, 3, MissingRule::best).size(), 2u);
  EXPECT_EQ(episodes(state, 2, MissingRule::worst).size(), 2u);
  EXPECT_EQ(episodes(state, 2, MissingRule::worst)[0].days(), 2u);
  EXPECT_EQ(episodes(state, 3, MissingRule::locf).size(), 2u);  // x x . . . x
}

TEST(UseEpisodes, LastObservationIsNotCarriedBackwards) {
  const auto e = episodes(days_of("??x"), 1, MissingRule::locf);
  ASSERT_EQ(e.size(), 1u);
  EXPECT_EQ(e[0].first, 2u);
}

TEST(UseEpisodes, GraceDaysAreNotLookedAt) {
  const auto e = episodes(days_of("xx.x...x"), 1, MissingRule::exclude, 3);
  ASSERT_EQ(e.size(), 2u);
  EXPECT_EQ(e[0].first, 3u);
  EXPECT_TRUE(episodes(days_of("xx"), 1, MissingRule::exclude, 9).empty());
}

TEST(UseEpisodes, OfNothingThereAreNone) {
  EXPECT_TRUE(episodes({}, 7).empty());
  EXPECT_TRUE(episodes(days_of("....."), 7).empty());
  EXPECT_TRUE(episodes(days_of("?????"), 7).empty());
  EXPECT_EQ(episodes(days_of("?????"), 7, MissingRule::worst).size(), 1u);
}

TEST(UseEpisodes, RefusesAGapOfZero) {
  const auto state = days_of("x");
  EXPECT_EQ(use_episodes({state, {}, 0}, {0, 0}, MissingRule::best).error().field, "gap_days");
  EXPECT_EQ(use_episodes({state, {}, 0}, {1, -1}, MissingRule::best).error().field, "grace_days");
  EXPECT_EQ(abstinent_runs({state, {}, 0}, 0, MissingRule::best).error().field, "at_least_days");
}

TEST(AbstinentRuns, AreBrokenByUseAndByUnknownDays) {
  const auto state = days_of("..x...?.x.");
  const auto runs = [&](int least, MissingRule rule) {
    return *abstinent_runs({state, {}, 0}, least, rule);
  };
  EXPECT_EQ(runs(2, MissingRule::exclude), (std::vector<AbstinentRun>{{0, 1}, {3, 5}}));
  EXPECT_EQ(runs(1, MissingRule::worst),
            (std::vector<AbstinentRun>{{0, 1}, {3, 5}, {7, 7}, {9, 9}}));
  EXPECT_EQ(runs(3, MissingRule::best), (std::vector<AbstinentRun>{{3, 7}}));
}

TEST(EpisodeSeverity, CountsWhatItRestsOn) {
  const std::vector<std::uint8_t> state{1, 0, 2, 3, 1};
  const std::vector<double> amount{2, 0, 0, 0, 7};
  const DayView view{state, amount, 0};
  const auto s = episode_severity(view, {0, 4, 3, false, false});
  ASSERT_TRUE(s);
  EXPECT_EQ(s->known_amount_days, 2u);
  EXPECT_EQ(s->unknown_amount_days, 2u);
  EXPECT_EQ(*s->total, 9);
  EXPECT_EQ(*s->mean_per_use_day, 4.5);
  EXPECT_EQ(*s->largest, 7);
  EXPECT_FALSE(episode_severity(view, {2, 3, 1, false, false})->total);
  EXPECT_EQ(episode_severity(view, {2, 5, 1, false, false}).error().code, Errc::out_of_range);
}

TEST(UseEpisodes, AgreeWithADayByDayCount) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::size_t n = random() % 300;
    const int gap = 1 + static_cast<int>(random() % 9);
    const unsigned use = 1 + static_cast<unsigned>(random() % 60);
    std::vector<std::uint8_t> state(n);
    for (auto& d : state) {
      d = day_byte(random() % 100 < use  ? UseState::used
                   : random() % 100 < 10 ? UseState::unknown
                                         : UseState::none);
    }
    std::vector<UseEpisode> want;
    int abstinent = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (state_of(state[i]) == UseState::none) ++abstinent;
      if (state_of(state[i]) != UseState::used) continue;
      if (want.empty() || abstinent >= gap) {
        want.push_back({i, i, 0, want.empty() && abstinent < gap, false});
      }
      want.back().last = i;
      ++want.back().use_days;
      abstinent = 0;
    }
    if (!want.empty()) want.back().open_end = abstinent < gap;
    ASSERT_EQ(episodes(state, gap), want);
  }
}

}  // namespace
