#include "ombre/plans/goal_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "goal_builder.hpp"
#include "ombre/core/random.hpp"

namespace ombre::plans {
namespace {

using testing::day;
using testing::life;

TEST(GoalGraph, ACircleIsRefusedWithThePathThatClosesIt) {
  const std::vector<Goal> goals{life("job", {"flat"}), life("sleep"), life("flat", {"deposit"}),
                                life("deposit", {"job"})};
  const auto graph = GoalGraph::from(goals);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().code, Errc::contradiction);
  // Each arrow reads "waits for"; the circle may be told from any of its goals.
  const std::set<std::string> tellings{"job -> flat -> deposit -> job",
                                       "flat -> deposit -> job -> flat",
                                       "deposit -> job -> flat -> deposit"};
  EXPECT_TRUE(tellings.contains(graph.error().value)) << graph.error().value;
}

TEST(GoalGraph, AGoalThatWaitsForItselfIsACircle) {
  const std::vector<Goal> goals{life("job", {"job"})};
  EXPECT_EQ(GoalGraph::from(goals).error().value, "job -> job");
}

TEST(GoalGraph, WhatCanStartAndWhatWaitsForWhat) {
  std::vector<Goal> goals{life("flat", {"deposit", "papers"}), life("deposit", {"job"}),
                          life("papers"), life("job")};
  auto graph = GoalGraph::from(goals);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->can_start(), (std::vector<std::size_t>{2, 3}));
  ASSERT_EQ(graph->waiting().size(), 2U);
  EXPECT_EQ(graph->waiting()[0].needs, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(graph->layers(), (std::vector<std::size_t>{2, 1, 0, 0}));

  goals[2].status = GoalStatus::reached;
  goals[3].status = GoalStatus::let_go;
  graph = GoalGraph::from(goals);
  EXPECT_EQ(graph->can_start(), (std::vector<std::size_t>{1}));
  EXPECT_EQ(graph->waiting()[0].needs, (std::vector<std::size_t>{1}));
}

TEST(GoalGraph, ARestingGoalKeepsOthersWaitingButDoesNotStartItself) {
  std::vector<Goal> goals{life("a"), life("b", {"a"})};
  goals[0].status = GoalStatus::resting;
  const auto graph = GoalGraph::from(goals);
  EXPECT_TRUE(graph->can_start().empty());
  EXPECT_EQ(graph->waiting().size(), 1U);
}

TEST(GoalGraph, TheLongestChainAddsExpectedDaysAndSaysWhatIsNotKnown) {
  std::vector<Goal> goals{life("a"), life("b", {"a"}), life("c"), life("d", {"b", "c"})};
  goals[0].days_expected = 10;
  goals[1].days_expected = 20;
  goals[2].days_expected = 45;
  const auto graph = GoalGraph::from(goals);
  const auto chain = graph->longest_chain(day("2026-01-01"));
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->goals, (std::vector<std::size_t>{2, 3}));  // 45 days beat 10 + 20
  EXPECT_EQ(chain->days, 45);
  EXPECT_EQ(chain->without_days, 1U);
  EXPECT_EQ(chain->ends.iso(), "2026-02-15");
  EXPECT_EQ(graph->longest_chain(1, day("2026-01-01"))->days, 30);
  EXPECT_FALSE(graph->longest_chain(9, day("2026-01-01")));
}

TEST(GoalGraph, UnknownAndDoubleIdsAreNamedWithTheirPlace) {
  const std::vector<Goal> unknown{life("a", {"nowhere"})};
  EXPECT_EQ(GoalGraph::from(unknown).error().field, "goals[0].needs[0].goal");
  const std::vector<Goal> twice{life("a"), life("a")};
  EXPECT_EQ(GoalGraph::from(twice).error().code, Errc::duplicate);
}

TEST(GoalGraph, WithoutGoalsThereIsNothingToDoAndNoChain) {
  const auto graph = GoalGraph::from({});
  ASSERT_TRUE(graph);
  EXPECT_TRUE(graph->can_start().empty());
  EXPECT_FALSE(graph->longest_chain(day("2026-01-01")));
}

// The longest path by trying every path is the longest path.
int by_hand(const std::vector<Goal>& goals, std::size_t g) {
  int best = 0;
  for (const GoalNeed& need : goals[g].needs) {
    for (std::size_t k = 0; k < goals.size(); ++k) {
      if (goals[k].id == need.goal) best = std::max(best, by_hand(goals, k));
    }
  }
  return best + goals[g].days_expected.value_or(0);
}

TEST(GoalGraph, OrderRespectsNeedsAndChainsAreLongestOverSeeds) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 0};
    std::vector<Goal> goals;
    const std::size_t n = 1 + random.below(9);
    for (std::size_t i = 0; i < n; ++i) {
      Goal g = life("g" + std::to_string(i));
      for (std::size_t k = 0; k < i; ++k) {
        if (random.uniform() < 0.3) g.needs.push_back({"g" + std::to_string(k), "", false});
      }
      g.days_expected = static_cast<int>(random.below(30));
      goals.push_back(g);
    }
    for (std::size_t i = n; i > 1; --i) std::swap(goals[i - 1], goals[random.below(i)]);
    const auto graph = GoalGraph::from(goals);
    ASSERT_TRUE(graph);
    const auto order = graph->order();
    ASSERT_EQ(order.size(), n);
    std::vector<std::size_t> place(n);
    for (std::size_t i = 0; i < n; ++i) place[order[i]] = i;
    int longest = 0;
    for (std::size_t g = 0; g < n; ++g) {
      for (const std::size_t need : graph->needs(g)) EXPECT_LT(place[need], place[g]);
      EXPECT_EQ(graph->longest_chain(g, day("2026-01-01"))->days, by_hand(goals, g));
      longest = std::max(longest, by_hand(goals, g));
    }
    EXPECT_EQ(graph->longest_chain(day("2026-01-01"))->days, longest);
    EXPECT_EQ(graph->can_start().size() + graph->waiting().size(), n);
  }
}

}  // namespace
}  // namespace ombre::plans
