#include "ombre/core/wording.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace ombre;

namespace {

std::string found(std::string_view text, WordingScope scope = {}) {
  std::string out;
  for (const WordingFault& fault : check_wording(text, scope)) {
    if (!out.empty()) out += ", ";
    out += fault.rule->term;
  }
  return out;
}

}  // namespace

TEST(Wording, LabelsAreFoundInAnyLetterCaseAndInThePlural) {
  EXPECT_EQ(found("Addicts and an ABUSER"), "addict, abuser");
  EXPECT_EQ(found("addiction and addictive stay"), "");
  EXPECT_EQ(found("an alcoholic, and an alcoholic drink"), "alcoholic");
}

TEST(Wording, TwoWordTermsAreFoundAcrossBlanksHyphensAndLines) {
  EXPECT_EQ(found("substance-abuse"), "substance abuse");
  EXPECT_EQ(found("Substance \n abuse"), "substance abuse");
  EXPECT_EQ(found("substances abuse"), "");
}

TEST(Wording, CleanIsFineForNeedlesAndNotForPeople) {
  EXPECT_EQ(found("clean needles, clean water"), "");
  EXPECT_EQ(found("He is clean."), "clean");
  EXPECT_EQ(found("a clean urine and a dirty one"), "clean, dirty");
  EXPECT_EQ(found("use clean  needles"), "");
}

TEST(Wording, AnOrganMayFailAndAPersonDoesNot) {
  EXPECT_EQ(found("kidney failure"), "");
  EXPECT_EQ(found("a treatment failure"), "failure");
  EXPECT_EQ(found("failed twice"), "failed");
}

TEST(Wording, SanctionsAndPromisesAreFound) {
  EXPECT_EQ(found("Discharge for use; a last chance."), "discharge for use, last chance");
  EXPECT_EQ(found("eliminates withdrawal, and is risk-free"), "eliminates, risk free");
}

TEST(Wording, CausalWordsCountOnlyWhereTheyAreAskedFor) {
  EXPECT_EQ(found("Work leads to less use"), "");
  EXPECT_EQ(found("Work leads to less use", {.causal_words = true}), "leads to");
}

TEST(Wording, TheLongerOfTwoOverlappingTermsIsNamedOnce) {
  EXPECT_EQ(found("drug abuser"), "abuser");
  EXPECT_EQ(found("was discharged for use"), "discharged for use");
}

TEST(Wording, OffsetAndLengthCutTheWordOut) {
  const std::string text = "never say junkies here";
  const auto faults = check_wording(text);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(text.substr(faults[0].offset, faults[0].length), "junkies");
  EXPECT_EQ(describe(faults[0]).rfind("\"junkie\" (label): write", 0), 0u);
}

TEST(Wording, EmptyTextHasNoFault) { EXPECT_TRUE(check_wording("").empty()); }

TEST(Wording, EveryRuleFindsItselfNamesAReplacementAndASource) {
  std::set<std::string_view> seen;
  for (const WordingRule& rule : wording_rules()) {
    SCOPED_TRACE(rule.term);
    EXPECT_TRUE(seen.insert(rule.term).second);
    ASSERT_NE(rule.source, nullptr);
    EXPECT_FALSE(rule.instead.empty());
    EXPECT_EQ(found(rule.term, {.causal_words = true}), rule.term);
  }
}

TEST(Wording, NoReplacementBreaksARuleItself) {
  for (const WordingRule& rule : wording_rules()) {
    EXPECT_EQ(found(rule.instead), "") << rule.term;
  }
}
