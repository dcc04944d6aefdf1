#include "ombre/substance/explain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "ombre/substance/mixtures.hpp"

namespace {

using namespace ombre;
using namespace ombre::substance;

TEST(ExplainSubstances, EveryEntryHasANameATextAndSources) {
  std::set<std::string> names;
  for (const Explanation& page : explain_substances()) {
    SCOPED_TRACE(page.name);
    EXPECT_TRUE(names.insert(page.kind + ' ' + page.name).second);
    EXPECT_FALSE(page.title.empty());
    EXPECT_FALSE(page.text.empty());
    for (const Citation& citation : page.sources) ASSERT_NE(citation.source, nullptr);
    if (page.kind != "substance") {
      EXPECT_FALSE(page.sources.empty());
    }
  }
  for (const Substance& s : builtin().substances()) {
    EXPECT_TRUE(names.contains("substance " + std::string{s.id}));
  }
  for (const MixtureRule& rule : mixture_rules()) {
    EXPECT_TRUE(names.contains("mixture " + std::string{rule.id}));
  }
}

TEST(ExplainSubstances, MethadoneTellsItsBandsItsDangerAndItsStrengths) {
  const Explanation page = explain(find("methadone").value());
  for (const char* part : {"Codes: ATC N07BC02", "class B", "CDC 2022, oral: 4.7 per mg",
                           "for a daily dose over 20 mg and up to 40 mg", "Half-life: 8 to 59 h",
                           "5 10 mg", "Most dangerous together with", "benzodiazepine"}) {
    EXPECT_NE(page.text.find(part), std::string::npos) << part << '\n' << page.text;
  }
  EXPECT_GE(page.sources.size(), 5U);
}

TEST(ExplainSubstances, UncertainValuesAreMarked) {
  const Explanation page = explain(find("buprenorphine").value());
  EXPECT_NE(page.text.find("Withdrawal (uncertain)"), std::string::npos);
  EXPECT_NE(page.text.find("Never counted"), std::string::npos);
  EXPECT_TRUE(std::ranges::any_of(page.sources, [](const Citation& citation) {
    return citation.confidence == Confidence::uncertain;
  }));
}

TEST(ExplainSubstances, WhatIsNotRecordedIsSaidToBeNotRecorded) {
  EXPECT_NE(explain(find("lsd").value()).text.find("not recorded"), std::string::npos);
}

}  // namespace
