#include "ombre/substance/diazepam.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "ombre/substance/kinetics.hpp"
#include "ombre/substance/mixtures.hpp"

namespace {

using namespace ombre;
using namespace ombre::substance;

DiazepamEquivalent equivalent(const char* name, double mg, DiazepamOptions options = {}) {
  const auto result = diazepam_equivalent(find(name).value(), DoseMg::from(mg).value(), options);
  EXPECT_TRUE(result) << name << ": " << (result ? "" : describe(result.error()));
  return *result;
}

// WHO 2009's own two examples: 4 mg lorazepam = 40 mg, 60 mg temazepam = 30 mg diazepam.
TEST(DiazepamEquivalent, WhoExamplesComeOut) {
  EXPECT_DOUBLE_EQ(equivalent("lorazepam", 4, {.source = "who-2009"}).low_mg, 40);
  EXPECT_DOUBLE_EQ(equivalent("temazepam", 60, {.source = "who-2009"}).high_mg, 30);
}

// Conversion notes: lorazepam 4 mg a day is 40 mg by Ashton and BNF, 20 mg by VA/DoD and NSW.
TEST(DiazepamEquivalent, WithoutASourceTheEnvelopeOfAllIsGivenAndDisagreementIsSaid) {
  const auto both = equivalent("lorazepam", 4);
  EXPECT_DOUBLE_EQ(both.low_mg, 20);
  EXPECT_DOUBLE_EQ(both.high_mg, 40);
  EXPECT_TRUE(both.disagreement);
  EXPECT_EQ(both.figures.size(), 6U);
  EXPECT_EQ(both.findings.count("diazepam_sources_disagree"), 1U);
  EXPECT_DOUBLE_EQ(both.to_start_substitution_mg(), 20);
  EXPECT_DOUBLE_EQ(both.to_judge_withdrawal_risk_mg(), 40);
  EXPECT_DOUBLE_EQ(equivalent("lorazepam", 4, {.source = "ashton-2002"}).low_mg, 40);
  EXPECT_DOUBLE_EQ(equivalent("lorazepam", 4, {.source = "va-dod-2021"}).high_mg, 20);
}

// Alprazolam 1.5 mg a day, tapering notes: Ashton 30 mg, VA 15 mg.
TEST(DiazepamEquivalent, AlprazolamOfTheSubstitutionExample) {
  const auto both = equivalent("alprazolam", 1.5);
  EXPECT_DOUBLE_EQ(both.low_mg, 15);
  EXPECT_DOUBLE_EQ(both.high_mg, 30);
}

// The column "span" of the conversion notes: largest to smallest figure, to one decimal; in
// brackets with the ranges of the compilation.
TEST(DiazepamEquivalent, RatiosMatchTheSpansOfTheNotes) {
  struct Row {
    const char* name;
    double span;
    double with_ranges;  // 0: not printed
  };
  for (const Row& row :
       {Row{"alprazolam", 2, 4}, Row{"bromazepam", 1.2, 0}, Row{"chlordiazepoxide", 1.3, 0},
        Row{"clobazam", 1, 0}, Row{"clonazepam", 2, 8}, Row{"clorazepate", 1.2, 0},
        Row{"estazolam", 2, 0}, Row{"flunitrazepam", 2, 0}, Row{"flurazepam", 2, 0},
        Row{"loprazolam", 2, 0}, Row{"lorazepam", 2, 4}, Row{"lormetazepam", 2, 0},
        Row{"nitrazepam", 1, 0}, Row{"oxazepam", 1.5, 0}, Row{"quazepam", 2.7, 0},
        Row{"temazepam", 1.3, 0}, Row{"triazolam", 2, 0}, Row{"zolpidem", 1, 0},
        Row{"zopiclone", 1, 0}}) {
    SCOPED_TRACE(row.name);
    const auto plain = equivalent(row.name, 1);
    EXPECT_NEAR(plain.ratio, row.span, 0.05);
    EXPECT_EQ(plain.disagreement, row.span > 1.5);
    if (row.with_ranges > 0) {
      const auto wide = equivalent(row.name, 1, {.compilation_ranges = true});
      EXPECT_NEAR(wide.ratio, row.with_ranges, 0.05);
    }
  }
}

TEST(DiazepamEquivalent, OneAndAHalfTimesIsNotYetDisagreement) {
  EXPECT_DOUBLE_EQ(equivalent("oxazepam", 30).ratio, 1.5);
  EXPECT_FALSE(equivalent("oxazepam", 30).disagreement);
}

TEST(DiazepamEquivalent, RangesThatASourcePrintsAreInTheEnvelope) {
  const auto ashton = equivalent("flurazepam", 30, {.source = "ashton-2002"});  // 15 to 30 mg
  EXPECT_DOUBLE_EQ(ashton.low_mg, 10);
  EXPECT_DOUBLE_EQ(ashton.high_mg, 20);
  EXPECT_TRUE(ashton.disagreement) << "a source that disagrees with itself by two times";
  EXPECT_NEAR(ashton.figures[0].value_mg, 13.333, 0.001);
}

TEST(DiazepamEquivalent, TheCompilationsRangeIsListedAndOnlyUsedOnRequest) {
  const auto plain = equivalent("clonazepam", 1);
  EXPECT_DOUBLE_EQ(plain.low_mg, 10);
  EXPECT_DOUBLE_EQ(plain.high_mg, 20);
  EXPECT_EQ(plain.findings.count("diazepam_compilation_range"), 1U);
  const auto wide = equivalent("clonazepam", 1, {.compilation_ranges = true});
  EXPECT_DOUBLE_EQ(wide.low_mg, 2.5);
  EXPECT_EQ(wide.findings.count("diazepam_compilation_range"), 0U);
  EXPECT_DOUBLE_EQ(equivalent("clonazepam", 1, {.source = "clincalc"}).low_mg, 2.5);
}

TEST(DiazepamEquivalent, DiazepamEqualsItself) {
  const auto same = equivalent("diazepam", 7.5);
  EXPECT_DOUBLE_EQ(same.low_mg, 7.5);
  EXPECT_DOUBLE_EQ(same.high_mg, 7.5);
}

TEST(DiazepamEquivalent, ScalesWithTheDoseAndContainsEveryFigure) {
  for (const Substance& s : builtin().substances()) {
    const auto one = diazepam_equivalent(s, DoseMg::of(1));
    if (!one) continue;
    SCOPED_TRACE(s.id);
    const auto three = diazepam_equivalent(s, DoseMg::of(3));
    EXPECT_NEAR(three->low_mg, 3 * one->low_mg, 1e-12);
    EXPECT_EQ(three->ratio, one->ratio);
    for (const SourceFigure& figure : one->figures) {
      EXPECT_LE(figure.low_mg, figure.value_mg);
      EXPECT_GE(figure.high_mg, figure.value_mg);
      EXPECT_LE(one->low_mg, figure.value_mg);
      EXPECT_GE(one->high_mg, figure.value_mg);
    }
  }
  const auto none = diazepam_equivalent(find("lorazepam").value(), DoseMg{});
  EXPECT_EQ(none->high_mg, 0);
  EXPECT_TRUE(none->disagreement) << "the sources disagree whatever the dose";
}

TEST(DiazepamEquivalent, WhatHasNoEquivalentIsRefused) {
  const auto code = [](const char* name) {
    return diazepam_equivalent(find(name).value(), DoseMg::of(1)).error().code;
  };
  EXPECT_EQ(code("oxycodone"), Errc::unsupported);
  EXPECT_EQ(code("alcohol"), Errc::unsupported);
  EXPECT_EQ(code("pregabalin"), Errc::unsupported);
  EXPECT_EQ(code("street-benzodiazepine"), Errc::not_computable);
  EXPECT_EQ(code("etizolam"), Errc::not_computable);
  EXPECT_EQ(code("benzodiazepines"), Errc::not_computable);
  EXPECT_EQ(code("unknown pill"), Errc::unsupported);
}

TEST(DiazepamEquivalent, ADesignerBenzodiazepineIsCalledByItsOwnName) {
  for (const char* name : {"etizolam", "Bromazolam", "flualprazolam", "flubromazolam", "clonazolam",
                           "phenazepam", "diclazepam", "pyrazolam"}) {
    const auto found = find(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->id, folded(name));
    EXPECT_EQ(found->cls, Class::benzodiazepine);
    const auto refused = diazepam_equivalent(*found, DoseMg::of(1));
    ASSERT_FALSE(refused);
    EXPECT_NE(describe(refused.error()).find(found->name), std::string::npos);
    // The danger of its class stands, and mixing it says how little is recorded.
    ASSERT_TRUE(stopping_danger(*found));
    EXPECT_EQ(letter(stopping_danger(*found)->danger), 'A');
    const std::array<std::string_view, 2> names{name, "heroin"};
    const auto mixed = mixtures(names);
    ASSERT_TRUE(mixed);
    EXPECT_FALSE(mixed->dangerous.empty());
    EXPECT_EQ(mixed->findings.count("designer_benzodiazepine"), 1U);
  }
  EXPECT_EQ(find("street Xanax")->id, "street-benzodiazepine");
}

TEST(DiazepamEquivalent, ASourceWithoutAFigureIsRefusedAndTheOthersAreNamed) {
  const auto result =
      diazepam_equivalent(find("zaleplon").value(), DoseMg::of(10), {.source = "va-dod-2021"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::unknown_name);
  EXPECT_NE(describe(result.error()).find("ashton-2002"), std::string::npos);
}

TEST(DiazepamEquivalent, ADoseBeyondAllMeasureIsAnError) {
  const auto result = diazepam_equivalent(find("triazolam").value(), DoseMg::from(1e308).value());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::too_large);
}

TEST(DiazepamEquivalent, TheCallersFiguresJoinAndUncertainOnesOnlyWhenAskedFor) {
  Catalogue mine;
  ASSERT_TRUE(mine.add(NewSubstance{.id = "cloxazolam", .cls = Class::benzodiazepine}));
  const Substance s = mine.find("cloxazolam").value();
  EXPECT_EQ(diazepam_equivalent(s, DoseMg::of(1), {}, mine).error().code, Errc::not_computable);
  ASSERT_TRUE(mine.add(NewDiazepamFigure{.substance = "cloxazolam",
                                         .mg = 1,
                                         .source = {"own", "Own guess", "2025"},
                                         .confidence = Confidence::uncertain}));
  EXPECT_EQ(diazepam_equivalent(s, DoseMg::of(1), {}, mine).error().code, Errc::not_computable);
  const auto accepted =
      diazepam_equivalent(s, DoseMg::of(2), {.accept = Accept::uncertain_too}, mine);
  ASSERT_TRUE(accepted);
  EXPECT_DOUBLE_EQ(accepted->low_mg, 20);
  EXPECT_EQ(accepted->figures[0].row.confidence, Confidence::uncertain);
}

}  // namespace
