#include "ombre/outcomes/word_primitives.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::random_text;
using ombre_test::word;

TEST(Window, EndsAreInclusiveAndNegativePositionsCountFromTheEnd) {
  // Five different symbols, so every cut is visible.
  const Word w = word("+-*o_");
  EXPECT_EQ(window(w, {1, -1}), w);
  EXPECT_EQ(window(w, {0, -1}), w);  // 0 starts at the first
  EXPECT_EQ(window(w, {2, 4}).text(), "-*o");
  EXPECT_EQ(window(w, {-2, -1}).text(), "o_");
  EXPECT_EQ(window(w, {-4, -2}).text(), "-*o");
  EXPECT_EQ(window(w, {5, 5}).text(), "_");
}

TEST(Window, IsClippedAndNeverFails) {
  const Word w = word("+-*");
  EXPECT_EQ(window(w, {-12, -1}), w);       // a word shorter than 12 is whole
  EXPECT_TRUE(window(w, {1, 0}).empty());   // an end of 0 means nothing
  EXPECT_TRUE(window(w, {4, 9}).empty());   // beyond the word
  EXPECT_TRUE(window(w, {3, 2}).empty());   // inverted
  EXPECT_TRUE(window(w, {1, -4}).empty());  // ends before it begins
  EXPECT_EQ(window(w, {-9, 99}), w);
  EXPECT_TRUE(window(Word{}, {1, -1}).empty());
}

TEST(Window, WindowOfAWindowIsAWindow) {
  std::mt19937_64 rng{11};
  for (int seed = 0; seed < 500; ++seed) {
    const Word w = word(random_text(rng, rng() % 20, "+-*o_"));
    const int a = static_cast<int>(rng() % 10) + 1;
    const int b = a + static_cast<int>(rng() % 10);
    const int c = static_cast<int>(rng() % 5) + 1;
    const int d = c + static_cast<int>(rng() % 5);
    // Positions c..d of a..b are positions a+c-1 .. min(b, a+d-1) of the word.
    EXPECT_EQ(window(window(w, {a, b}), {c, d}), window(w, {a + c - 1, std::min(b, a + d - 1)}));
  }
}

TEST(Recode, ReplacesOrDeletes) {
  EXPECT_EQ(recode(word("+o-o"), Symbol::missed, Symbol::positive).text(), "++-+");
  EXPECT_EQ(recode(word("+o-o"), Symbol::missed, std::nullopt).text(), "+-");
  EXPECT_EQ(recode(word("+-"), Symbol::missed, std::nullopt).text(), "+-");
  EXPECT_TRUE(recode(word("ooo"), Symbol::missed, std::nullopt).empty());
}

TEST(Count, DividesByTheClippedWindow) {
  // Weeks 5-15 of a word of 7: three weeks exist, two of them clean.
  EXPECT_EQ(count(word("+++++--"), Symbol::negative, {{5, 15}, {}, 0.5, Per::weeks}), 2.0 / 3.0);
  // Nothing in the window is 0, also as a share.
  EXPECT_EQ(count(word("---"), Symbol::negative, {{5, 15}, {}, 0.5, Per::weeks}), 0.0);
}

TEST(Count, AMixedWeekCountsForItsWeight) {
  EXPECT_EQ(count(word("-**+"), Symbol::negative, {{}, Symbol::mixed, 0.5, Per::none}), 2.0);
  EXPECT_EQ(count(word("-**+"), Symbol::negative, {{}, Symbol::mixed, 0.5, Per::weeks}), 0.5);
}

TEST(Count, PatternsAreCountedLeftToRightWithoutOverlap) {
  EXPECT_EQ(count(word("+++++"), word("++")), 2.0);
  // The published divisor is the number of weeks; the number of places where `++` could start is 4.
  EXPECT_EQ(count(word("+++++"), word("++"), {{}, {}, 0.5, Per::weeks}), 2.0 / 5);
  EXPECT_EQ(count(word("+++++"), word("++"), {{}, {}, 0.5, Per::places}), 2.0 / 4);
  EXPECT_EQ(count(word("+"), word("++"), {{}, {}, 0.5, Per::places}), 0.0);
  EXPECT_EQ(count(word("++"), Word{}), 0.0);
}

TEST(Contains, LooksOnlyInsideTheWindow) {
  EXPECT_TRUE(contains(word("+---+"), word("---")));
  EXPECT_FALSE(contains(word("+---+"), word("---"), {3, -1}));
  EXPECT_FALSE(contains(word("--o-"), word("---")));
  EXPECT_FALSE(contains(word("---"), word("-"), {1, 0}));
  EXPECT_FALSE(contains(word("---"), Word{}));
}

TEST(FirstWindow, TheFirstQualifyingWindowWins) {
  // Two of four: window 1 holds both, so with the usual offset of 2 the time is 3, which is not
  // where the positive weeks are.
  const auto t = first_window(word("++--"), {4, 2, {}, Symbol::positive});
  EXPECT_EQ(*t, (TimeToEvent{3, true}));
  // Dated where the rule is fulfilled it is week 2.
  FirstWindowRule met{4, 2, {}, Symbol::positive};
  met.dating = Dating::criterion_met;
  EXPECT_EQ(*first_window(word("++--"), met), (TimeToEvent{2, true}));
  EXPECT_EQ(*first_window(word("+---+-+"), met), (TimeToEvent{7, true}));
  EXPECT_EQ(*first_window(word("+--+---"), met), (TimeToEvent{4, true}));
}

TEST(FirstWindow, WithoutEventThePublishedTimeFallsShortOfTheFollowUp) {
  // 8 - 4 + 1 = 5 possible starts, so week 5; the follow-up lasts 8 weeks.
  EXPECT_EQ(*first_window(word("--------"), {4, 4}), (TimeToEvent{5, false}));
  FirstWindowRule corrected{4, 4};
  corrected.censoring = Censoring::follow_up_end;
  EXPECT_EQ(*first_window(word("--------"), corrected), (TimeToEvent{8, false}));
  EXPECT_EQ(*first_window(word("---++++-"), corrected), (TimeToEvent{4, true}));
}

TEST(FirstWindow, AWordShorterThanTheWindowHasNoTime) {
  EXPECT_FALSE(first_window(word("+++"), {4, 2}).value().has_value());
  EXPECT_FALSE(first_window(Word{}, {1, 1}).value().has_value());
  EXPECT_TRUE(first_window(word("++++"), {4, 4}).value().has_value());
}

TEST(FirstWindow, ImpossibleRulesAreRefused) {
  EXPECT_EQ(first_window(word("+"), {2, 3}).error().code, Errc::out_of_range);
  EXPECT_EQ(first_window(word("+"), {0, 0}).error().code, Errc::out_of_range);
  EXPECT_EQ(first_window(word("+"), {2, -1}).error().code, Errc::out_of_range);
}

TEST(LongestRun, EverySymbolButUseCountsAsAbstinent) {
  EXPECT_EQ(longest_run(word("-o*_+--")), 4);
  EXPECT_EQ(longest_run(word("+++")), 0);
  EXPECT_EQ(longest_run(Word{}), 0);
  EXPECT_EQ(longest_run(word("+-o-"), Symbol::missed), 2);
}

TEST(LastSeen, IsThePositionOfTheLastSymbolThatIsNotMissing) {
  EXPECT_EQ(last_seen(word("-o+oo")), 3);
  EXPECT_EQ(last_seen(word("ooo")), 0);
  EXPECT_EQ(last_seen(Word{}), 0);
  EXPECT_EQ(last_seen(word("-o_")), 3);
}

TEST(Impute, LastObservationIsCarriedForwardButNotBackward) {
  EXPECT_EQ(impute(word("oo-oo+o"), {ImputeMethod::locf})->text(), "oo---++");
  EXPECT_EQ(impute(word("oo-oo+o"), {ImputeMethod::locfd})->text(), "oo---+o");
}

TEST(Impute, ModeFillsTheWholeWordAndTiesGoToTheTiebreaker) {
  EXPECT_EQ(impute(word("o--+oo"), {ImputeMethod::mode})->text(), "---+--");
  EXPECT_EQ(impute(word("-o+"), {ImputeMethod::mode})->text(), "-++");  // 1 : 1
  ImputeRule clean{ImputeMethod::mode};
  clean.tiebreaker = Symbol::negative;
  EXPECT_EQ(impute(word("-o+"), clean)->text(), "--+");
  // Mixed weeks count as the tiebreaker and stay mixed: 2 : 1 for positive.
  EXPECT_EQ(impute(word("**-o"), {ImputeMethod::mode})->text(), "**-+");
}

TEST(Impute, NearestVisitsFillOnlyLoneGaps) {
  const ImputeRule knv{ImputeMethod::knv};
  EXPECT_EQ(impute(word("+o+"), knv)->text(), "+++");
  EXPECT_EQ(impute(word("-o-"), knv)->text(), "---");
  EXPECT_EQ(impute(word("+o-"), knv)->text(), "+*-");  // mean 0.5
  EXPECT_EQ(impute(word("+o*"), knv)->text(), "++*");  // 0.75 is as near to + as to *: + is first
  EXPECT_EQ(impute(word("-o*"), knv)->text(), "-**");  // 0.25: * before -
  EXPECT_EQ(impute(word("-oo-"), knv)->text(), "-oo-");
  EXPECT_EQ(impute(word("o-o"), knv)->text(), "o-o");  // no neighbour beyond the ends
  // The published rule takes `_` for a missed visit, and writes `o` where it cannot fill.
  EXPECT_EQ(impute(word("-_-_"), knv)->text(), "---o");
  ImputeRule keep = knv;
  keep.keep_not_due = true;
  EXPECT_EQ(impute(word("-_-_"), keep)->text(), "-_-_");
  ImputeRule two = knv;
  two.k = 2;
  EXPECT_EQ(impute(word("++o--"), two)->text(), "++*--");
  EXPECT_EQ(impute(word("+o-"), two)->text(), "+o-");  // shorter than 2k + 1
}

TEST(Impute, NobodySeenStaysUnchanged) {
  for (const auto method :
       {ImputeMethod::locf, ImputeMethod::locfd, ImputeMethod::mode, ImputeMethod::knv}) {
    EXPECT_EQ(impute(word("ooo"), {method})->text(), "ooo");
    EXPECT_EQ(impute(Word{}, {method})->text(), "");
  }
}

TEST(Impute, SenselessRulesAreRefused) {
  ImputeRule rule{ImputeMethod::knv};
  rule.k = 0;
  EXPECT_EQ(impute(word("-"), rule).error().code, Errc::out_of_range);
  rule = {ImputeMethod::knv};
  rule.weights.clear();
  EXPECT_EQ(impute(word("-"), rule).error().code, Errc::empty_input);
  rule = {ImputeMethod::knv};
  rule.weights.emplace_back(Symbol::positive, 2.0);
  EXPECT_EQ(impute(word("-"), rule).error().code, Errc::duplicate);
  rule = {ImputeMethod::knv};
  rule.weights[0].second = std::nan("");
  EXPECT_EQ(impute(word("-"), rule).error().code, Errc::not_finite);
}

TEST(Lattice, IsAVisitPlan) {
  // Lofwall 2018: weekly for 7 weeks here, then every second week.
  const std::vector<Word> parts{word("o"), word("_o")};
  const std::vector<int> times{7, 4};
  EXPECT_EQ(lattice(parts, times)->text(), "ooooooo_o_o_o_o");
  EXPECT_EQ(lattice(parts, std::vector<int>{7}).error().code, Errc::size_mismatch);
  EXPECT_EQ(lattice(parts, std::vector<int>{7, -1}).error().code, Errc::out_of_range);
  EXPECT_EQ(lattice(parts, std::vector<int>{1, 1'000'000}).error().code, Errc::too_large);
}

TEST(View, CutsPadsAndBlanksWhereThePlanHasNoVisit) {
  EXPECT_EQ(view(word("+-+-+-"), word("oo_o")).text(), "+-_-");
  EXPECT_EQ(view(word("+"), word("oo_o")).text(), "+o_o");
  EXPECT_EQ(view(word("+"), Word{}).text(), "");
}

TEST(Weigh, WorksByHand) {
  // + and *: 1 * 1 + 0.5 * 2 = 2; worst 1 + 2 = 3; 120 * 2 / 3 = 80.
  WeighRule rule;
  rule.positive_penalty = {Penalty::Kind::each, {1, 2}};
  EXPECT_DOUBLE_EQ(*weigh(word("+*"), rule), 80.0);
  EXPECT_DOUBLE_EQ(*weigh(word("--"), rule), 0.0);
  // A straight line from 1 to 5 over five weeks is 1 2 3 4 5: week 5 positive is 5 of 15.
  WeighRule line;
  line.positive_penalty = {Penalty::Kind::line, {}, 1, 5};
  EXPECT_DOUBLE_EQ(*weigh(word("----+"), line), 40.0);
}

TEST(Weigh, MeaninglessQuestionsAreRefused) {
  WeighRule rule;
  rule.positive_penalty = {Penalty::Kind::each, {1, 2}};
  EXPECT_EQ(weigh(word("+"), rule).error().code, Errc::size_mismatch);
  EXPECT_EQ(weigh(word("+++"), rule).error().code, Errc::size_mismatch);
  EXPECT_EQ(weigh(word("+_"), rule).error().code, Errc::unknown_name);
  EXPECT_EQ(weigh(Word{}, WeighRule{}).error().code, Errc::empty_input);
  rule.positive_penalty.cut = true;
  EXPECT_DOUBLE_EQ(*weigh(word("+"), rule), 120.0);
  EXPECT_EQ(weigh(word("+++"), rule).error().code, Errc::size_mismatch);
  rule.mixed = std::nan("");
  EXPECT_EQ(weigh(word("+"), rule).error().code, Errc::not_finite);
}

}  // namespace
