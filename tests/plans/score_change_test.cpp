// Two occasions of a questionnaire. Classes: Marsden et al. 2008 (Treatment Outcomes Profile);
// the error of measuring: Jacobson & Truax 1991, with their arithmetic worked by hand in each test.
#include "ombre/plans/score_change.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"
#include "ombre/spectrum/instruments.hpp"

namespace ombre::plans {
namespace {

using Answers = std::vector<std::optional<double>>;
using Margins = std::vector<NamedMargin>;
using enum ScoreClass;

const spectrum::Instrument& get(std::string_view id) { return **spectrum::find_instrument(id); }

// A made-up person: 20 items in the order of the instrument.
//   alcohol opiates crack cocaine amphetamines cannabis other injecting | sharing | shoplifting
//   selling | theft violence | psychological physical | work education | housing eviction | quality
Answers before() {
  return {28, 12, 3, 0, 0, 20, std::nullopt, 10, 1, 4, 0, 0, 1, 7, 9, 0, 0, 1, 0, 6};
}
Answers after() {
  return {16, 0, 0, 0, 2, 14, std::nullopt, 4, 0, 4, 0, 0, 1, 12, 10, 8, 0, 1, 1, 10};
}

ScoreClass of(const std::vector<ScoreChange>& changes, std::string_view item) {
  const auto found = std::ranges::find(changes, item, &ScoreChange::of);
  EXPECT_NE(found, changes.end()) << item;
  return found == changes.end() ? not_known : found->cls;
}

TEST(TreatmentOutcomesProfile, EachItemHasTheClassOfItsReliableChange) {
  // SD 8, r 0.75: standard error 4, of a difference 5.657, smallest reliable change 11.09 days.
  // 28 -> 16 is 12 days less (more than 11.09); 20 -> 14 is 6 (less than it).
  // Quality of life, SD 2, r 0.91: 0.6, 0.849, 1.66 points; 6 -> 10 is beyond it. Psychological
  // health, SD 4, r 0.5: 2.828, 4, 7.84 points; 7 -> 12 is not.
  const Margins margins{
      {"alcohol", *reliable_margin(8, 0.75)},         {"cannabis", *reliable_margin(8, 0.75)},
      {"quality_of_life", *reliable_margin(2, 0.91)}, {"psychological", *reliable_margin(4, 0.5)},
      {"work", Margin{5, MarginKind::own}},           {"amphetamines", Margin{2, MarginKind::own}}};
  const auto changes = score_changes(get("top"), before(), after(), margins);
  ASSERT_TRUE(changes) << describe(changes.error());
  ASSERT_EQ(changes->size(), 20U);
  EXPECT_EQ(of(*changes, "alcohol"), improved);
  EXPECT_EQ(of(*changes, "cannabis"), unchanged);
  EXPECT_EQ(of(*changes, "quality_of_life"), improved);
  EXPECT_EQ(of(*changes, "psychological"), unchanged);
  EXPECT_EQ(of(*changes, "work"), improved);               // days at work: more is better
  EXPECT_EQ(of(*changes, "amphetamines"), deteriorated);   // never hidden
  EXPECT_EQ(of(*changes, "opiates"), abstinent);           // 12 days, none now
  EXPECT_EQ(of(*changes, "crack"), abstinent);             // also from three days, without a margin
  EXPECT_EQ(of(*changes, "cocaine"), unchanged);           // none before, none now
  EXPECT_EQ(of(*changes, "other_substance"), not_known);   // not answered
  EXPECT_EQ(of(*changes, "injecting"), not_known);         // 10 -> 4, and no margin was given
  EXPECT_EQ(of(*changes, "sharing"), improved);            // yes to no
  EXPECT_EQ(of(*changes, "violence"), unchanged);          // yes both times
  EXPECT_EQ(of(*changes, "eviction_risk"), deteriorated);  // no to yes
  EXPECT_EQ(of(*changes, "shoplifting"), unchanged);       // 4 both times
}

TEST(TreatmentOutcomesProfile, ReliableChangeMustBeExceededAndAnAgreedOneReached) {
  Answers then(20), now(20);
  then[0] = 20;
  now[0] = 12;
  const Margins reliable{{"alcohol", Margin{8, MarginKind::reliable}}};
  const Margins own{{"alcohol", Margin{8, MarginKind::own}}};
  EXPECT_EQ(of(*score_changes(get("top"), then, now, reliable), "alcohol"), unchanged);
  EXPECT_EQ(of(*score_changes(get("top"), then, now, own), "alcohol"), improved);
}

TEST(ScoreChanges, AScaleIsJudgedByItsOwnBetterEnd) {
  // PHQ-9 falls from 18 to 9; SD 6.2, r 0.90 is the worked case of metrics: 5.44 points are needed.
  Answers then(9, 2), now(9, 1);
  const Margins margins{{"total", *reliable_margin(6.2, 0.90)}};
  EXPECT_NEAR(margins[0].margin.size, 1.96 * 2.773, 0.002);
  const auto phq = score_changes(get("phq_9"), then, now, margins);
  ASSERT_TRUE(phq);
  EXPECT_EQ(of(*phq, "total"), improved);
  // SURE rises from 21 to 42 of 63, and higher is better.
  const auto sure =
      score_changes(get("sure"), Answers(21, 1), Answers(21, 2), Margins{{"total", {9}}});
  ASSERT_TRUE(sure);
  EXPECT_EQ(of(*sure, "total"), improved);
  EXPECT_EQ(of(*sure, "outlook"), not_known);  // 3 -> 6 and no margin
  // The stage of URICA has no better end, so nothing is said of it.
  const auto urica = score_changes(get("urica"), Answers(32, 2), Answers(32, 3));
  ASSERT_TRUE(urica);
  EXPECT_TRUE(urica->empty());
}

TEST(ScoreChanges, AMissingAnswerLeavesOnlyWhatEveryScoreAllows) {
  // Eight items of PHQ-9 answered with 3, one not: 24 to 27. Later all 0 but one open: 0 to 3.
  Answers then(9, 3), now(9, 0);
  then[0].reset();
  now[3].reset();
  const Margins margins{{"total", Margin{6, MarginKind::own}}};
  const auto far = score_changes(get("phq_9"), then, now, margins);
  ASSERT_TRUE(far);
  EXPECT_EQ(far->front().cls, improved);  // at least 21 points
  EXPECT_FALSE(far->front().change);
  // 9 now (one open: 9 to 12) against 15: 3 to 6 points, so it may or may not count.
  const auto near = score_changes(get("phq_9"), Answers{2, 2, 2, 2, 2, 2, 1, 1, 1},
                                  Answers{std::nullopt, 2, 2, 1, 1, 1, 1, 1, 0}, margins);
  ASSERT_TRUE(near);
  EXPECT_EQ(near->front().cls, not_known);
}

TEST(ScoreChanges, TurningTheOccasionsRoundTurnsBetterAndHarderRound) {
  RandomStream rng{Seed{5}, 0};
  const auto& top = get("top");
  const Margins margins{
      {"alcohol", Margin{6}}, {"work", Margin{4}}, {"physical", *reliable_margin(3, 0.8)}};
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    Answers a(20), b(20);
    for (std::size_t i = 0; i < 20; ++i) {
      const spectrum::ItemKind* kind = top.kind_of(i);
      const auto span = static_cast<std::uint64_t>(kind->high - kind->low) + 1;
      if (rng.below(8) != 0) a[i] = kind->low + static_cast<double>(rng.below(span));
      if (rng.below(8) != 0) b[i] = kind->low + static_cast<double>(rng.below(span));
    }
    const auto there = score_changes(top, a, b, margins);
    const auto back = score_changes(top, b, a, margins);
    ASSERT_TRUE(there && back);
    for (std::size_t i = 0; i < 20; ++i) {
      const ScoreClass x = (*there)[i].cls;
      const ScoreClass y = (*back)[i].cls;
      if (x == improved) {
        EXPECT_EQ(y, deteriorated);
      }
      if (x == unchanged) {
        EXPECT_EQ(y, unchanged);
      }
      if (!a[i] || !b[i]) {
        EXPECT_EQ(x, not_known);
      }
      EXPECT_TRUE(check_wording(describe((*there)[i])).empty()) << describe((*there)[i]);
    }
  }
}

TEST(ScoreChanges, WhatCannotBeMeantIsRefusedByName) {
  const Answers fine(9, 1);
  const auto unknown = score_changes(get("phq_9"), fine, fine, Margins{{"alcohol", {3}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::unknown_name);
  const auto twice =
      score_changes(get("phq_9"), fine, fine, Margins{{"total", {3}}, {"total", {4}}});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::duplicate);
  const auto below = score_changes(get("phq_9"), fine, fine, Margins{{"total", {-1}}});
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error().code, Errc::out_of_range);
  Answers wrong(9, 1);
  wrong[4] = 9;
  const auto range = score_changes(get("phq_9"), fine, wrong);
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().field, "after.phq_9.item 5");
}

TEST(LifeScores, OnlyWhatIsAboutLifeAndWhatHasABetterEnd) {
  const auto day = *Date::parse("2026-02-01");
  const auto scores =
      life_scores(get("top"), after(), day, Margins{{"work", {5, MarginKind::own}}});
  ASSERT_TRUE(scores);
  ASSERT_EQ(scores->size(), 7U);  // two of health, work, education, two of housing, quality of life
  EXPECT_EQ((*scores)[2].of, "top: work");
  EXPECT_EQ((*scores)[2].value, 8);
  EXPECT_EQ((*scores)[2].margin, (Margin{5, MarginKind::own}));
  EXPECT_FALSE((*scores)[0].margin);
  EXPECT_FALSE((*scores)[4].higher_is_better);  // a housing problem
  const auto urica = life_scores(get("urica"), Answers(32, 2), day);
  ASSERT_TRUE(urica);
  EXPECT_TRUE(urica->empty());
}

}  // namespace
}  // namespace ombre::plans
