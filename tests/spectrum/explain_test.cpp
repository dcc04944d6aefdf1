#include "ombre/spectrum/explain.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ombre/spectrum/drinking.hpp"

namespace {

using namespace ombre;

TEST(ExplainDrinking, EveryRuleIsExplainedWithItsLimitsAndItsSource) {
  std::set<std::string> names;
  for (const Explanation& page : spectrum::explain_drinking()) {
    SCOPED_TRACE(page.name);
    EXPECT_TRUE(names.insert(page.name).second);
    EXPECT_FALSE(page.title.empty());
    EXPECT_FALSE(page.text.empty());
    ASSERT_FALSE(page.sources.empty());
    EXPECT_NE(page.sources[0].source, nullptr);
    if (page.name == "fda_hdd") {
      EXPECT_NE(page.text.find("more than 56 g (men), 42 g (women)"), std::string::npos)
          << page.text;
    }
    if (page.name == "samhsa_heavy") {
      EXPECT_NE(page.text.find("5 days or more of 30"), std::string::npos);
    }
  }
  EXPECT_TRUE(names.contains("who_rdl"));
  for (const auto& rule : spectrum::heavy_rules())
    EXPECT_TRUE(names.contains(std::string{rule.id}));
}

}  // namespace
