#include "ombre/spectrum/moves.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <cmath>

#include <random>

using namespace ombre;
using namespace ombre::spectrum;
using enum SpectrumState;

namespace {

// One person's spells one behind the other, each with its length in days.
std::vector<StateSpell> life(std::initializer_list<std::pair<SpectrumState, int>> spells,
                             std::uint32_t person = 0) {
  std::vector<StateSpell> out;
  std::int32_t day = 0;
  for (const auto& [state, days] : spells) {
    out.push_back({person, day, day + days - 1, state});
    day += days;
  }
  return out;
}

std::vector<StateSpell> together(std::initializer_list<std::vector<StateSpell>> lives) {
  std::vector<StateSpell> out;
  for (const auto& one : lives) out.insert(out.end(), one.begin(), one.end());
  return out;
}

}  // namespace

TEST(Moves, CountsSharesAndTimesByHand) {
  const auto spells = together({life({{heavy, 100}, {harmful, 50}, {regular, 10}}, 0),
                                life({{heavy, 200}, {regular, 30}, {heavy, 40}}, 1),
                                life({{heavy, 60}, {harmful, 20}}, 2)});
  const auto table = observe_moves(spells);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->people, 3u);
  const Move* up = table->find(heavy, harmful);
  ASSERT_NE(up, nullptr);
  EXPECT_EQ(up->count, 2u);
  EXPECT_EQ(up->people, 2u);
  EXPECT_DOUBLE_EQ(up->share, 2.0 / 3);
  EXPECT_DOUBLE_EQ(up->median_days, 80);  // 100 and 60
  EXPECT_EQ(table->find(regular, heavy)->count, 1u);
  EXPECT_EQ(table->find(abstinent, heavy), nullptr);
  EXPECT_EQ(table->steps_down, 2u);  // harmful to regular, heavy to regular
  EXPECT_EQ(table->steps_up, 3u);
  EXPECT_EQ(table->states[static_cast<std::size_t>(heavy)].spells, 4u);
  EXPECT_EQ(table->states[static_cast<std::size_t>(heavy)].days, 400u);
  EXPECT_EQ(table->states[static_cast<std::size_t>(heavy)].open, 1u);
}

TEST(Moves, CirclesAreTheStatesPeopleGoRoundIn) {
  const auto round = observe_moves(life({{abstinent, 30}, {heavy, 30}, {abstinent, 30}}));
  ASSERT_TRUE(round);
  ASSERT_EQ(round->circles.size(), 1u);
  EXPECT_EQ(round->circles[0], (std::vector{abstinent, heavy}));
  const auto one_way = observe_moves(life({{chaotic, 30}, {heavy, 30}, {regular, 30}}));
  EXPECT_TRUE(one_way->circles.empty());
}

TEST(Moves, AGapIsCountedAsOneAndTheSameStateOverAGapIsNoMove) {
  std::vector<StateSpell> spells = life({{heavy, 10}, {regular, 10}});
  spells[1].first_day += 5;
  spells[1].last_day += 5;
  EXPECT_EQ(observe_moves(spells)->find(heavy, regular)->after_a_gap, 1u);
  spells[1].state = heavy;
  EXPECT_TRUE(observe_moves(spells)->moves.empty());
}

TEST(Moves, SpellsOfOneStateThatTouchAreOne) {
  const auto table = observe_moves(life({{heavy, 10}, {heavy, 20}, {regular, 5}}));
  EXPECT_DOUBLE_EQ(table->find(heavy, regular)->median_days, 30);
  EXPECT_EQ(table->states[static_cast<std::size_t>(heavy)].spells, 1u);
}

TEST(Moves, TheOrderOfTheInputDoesNotMatterAndSharesOfAStateSumToOne) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random(seed);
    std::vector<StateSpell> spells;
    for (std::uint32_t person = 0; person < 8; ++person) {
      std::int32_t day = 0;
      for (int i = 0; i < 12; ++i) {
        const auto days = 1 + static_cast<std::int32_t>(random() % 30);
        spells.push_back({person, day, day + days - 1,
                          static_cast<SpectrumState>(random() % spectrum_state_count)});
        day += days + static_cast<std::int32_t>(random() % 3);
      }
    }
    const auto before = observe_moves(spells);
    std::shuffle(spells.begin(), spells.end(), random);
    const auto after = observe_moves(spells);
    ASSERT_TRUE(before);
    ASSERT_TRUE(after);
    ASSERT_EQ(before->moves.size(), after->moves.size());
    std::array<double, spectrum_state_count> shares{};
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < before->moves.size(); ++i) {
      EXPECT_EQ(before->moves[i].count, after->moves[i].count);
      EXPECT_EQ(before->moves[i].median_days, after->moves[i].median_days);
      shares[static_cast<std::size_t>(before->moves[i].from)] += before->moves[i].share;
      all += before->moves[i].count;
    }
    EXPECT_EQ(all, before->steps_down + before->steps_up);
    for (const double s : shares) EXPECT_TRUE(s == 0 || std::abs(s - 1) < 1e-12) << s;
  }
}

TEST(Moves, BadSpellsAreRefusedByPlace) {
  EXPECT_EQ(observe_moves({}).error().code, Errc::empty_input);
  std::vector<StateSpell> spells{{0, 5, 4, heavy}};
  EXPECT_EQ(observe_moves(spells).error().code, Errc::out_of_range);
  spells = {{0, 5, 10, heavy}, {0, 0, 5, regular}};
  const auto overlap = observe_moves(spells);
  EXPECT_EQ(overlap.error().code, Errc::contradiction);
  EXPECT_EQ(overlap.error().row, 0u) << "the later spell is the first of the input";
}

// From chaotic, 3 of 4 moves go to dependent_stable and 1 straight to regular; from there, 1 of 2
// goes on to regular: 0.75 * 0.5 = 0.375 beats 0.25.
TEST(TypicalPath, IsTheLargestProductOfShares) {
  const auto table = observe_moves(together(
      {life({{chaotic, 10}, {dependent_stable, 100}, {regular, 10}}, 0),
       life({{chaotic, 20}, {dependent_stable, 60}, {harmful, 10}}, 1),
       life({{chaotic, 30}, {dependent_stable, 10}}, 2), life({{chaotic, 40}, {regular, 10}}, 3)}));
  ASSERT_TRUE(table);
  const auto path = typical_path(*table, chaotic, regular);
  ASSERT_TRUE(path);
  ASSERT_TRUE(path->has_value());
  ASSERT_EQ((*path)->steps.size(), 2u);
  EXPECT_EQ((*path)->steps[0].to, dependent_stable);
  EXPECT_DOUBLE_EQ((*path)->share, 0.375);
  EXPECT_DOUBLE_EQ((*path)->median_days, 20 + 100);  // of 10, 20, 30; and 100
}

TEST(TypicalPath, EqualProductsTakeFewerStepsThenMilderStates) {
  const auto table =
      observe_moves(together({life({{heavy, 10}, {regular, 10}, {abstinent, 5}}, 0),
                              life({{heavy, 10}, {occasional, 10}, {abstinent, 5}}, 1)}));
  const auto path = typical_path(*table, heavy, abstinent);
  ASSERT_TRUE(path && path->has_value());
  EXPECT_EQ((*path)->steps[0].to, occasional);
}

TEST(TypicalPath, NobodyWentThatWayIsNoAnswerAndHereIsAnEmptyPath) {
  const auto table = observe_moves(life({{heavy, 10}, {regular, 10}}));
  EXPECT_FALSE(typical_path(*table, regular, heavy)->has_value());
  EXPECT_TRUE((*typical_path(*table, heavy, heavy))->steps.empty());
  EXPECT_FALSE(typical_path(*table, heavy, regular, 2)->has_value()) << "one story only";
  EXPECT_EQ(typical_path(*table, heavy, regular, 0).error().code, Errc::out_of_range);
}

TEST(Cycles, PeaksPeriodAndAmplitudeByHand) {
  const auto spells = life({{abstinent, 100},
                            {heavy, 20},
                            {occasional, 50},
                            {chaotic, 10},
                            {abstinent, 200},
                            {heavy, 30},
                            {regular, 60}});
  const auto cycle = cycle_summary(spells);
  ASSERT_TRUE(cycle);
  EXPECT_EQ(cycle->peaks, 3u);
  EXPECT_EQ(cycle->troughs, 2u);
  // Peaks begin on days 100, 170 and 380: 70 and 210 days apart.
  EXPECT_DOUBLE_EQ(*cycle->median_period_days, 140);
  // heavy 5, occasional 2, chaotic 9, abstinent 0, heavy 5: 3, 7, 9, 5.
  EXPECT_DOUBLE_EQ(*cycle->median_amplitude, 6);
  EXPECT_EQ(cycle->shape, CycleSummary::Shape::cyclical);
  EXPECT_EQ(cycle->net, order(regular));
  EXPECT_EQ(cycle->steps_up, 3u);
  EXPECT_EQ(cycle->steps_down, 3u);
}

TEST(Cycles, OneWayAndStandingStillHaveTheirOwnShape) {
  EXPECT_EQ(cycle_summary(life({{heavy, 10}}))->shape, CycleSummary::Shape::one_state);
  EXPECT_EQ(cycle_summary(life({{chaotic, 10}, {heavy, 10}, {regular, 10}}))->shape,
            CycleSummary::Shape::down);
  EXPECT_EQ(cycle_summary(life({{regular, 10}, {heavy, 10}}))->shape, CycleSummary::Shape::up);
  EXPECT_EQ(cycle_summary(life({{regular, 10}, {heavy, 10}, {occasional, 5}}))->shape,
            CycleSummary::Shape::mixed);
  EXPECT_FALSE(cycle_summary(life({{heavy, 10}}))->median_period_days);
  EXPECT_EQ(cycle_summary(together({life({{heavy, 1}}, 0), life({{heavy, 1}}, 1)})).error().code,
            Errc::contradiction);
}
