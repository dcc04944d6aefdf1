#include "ombre/core/finding.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ombre/core/progress.hpp"

namespace {

using namespace ombre;

Finding finding(Severity severity, std::string rule, std::uint64_t row = 0) {
  return {.severity = severity, .rule = std::move(rule), .text = "text", .row = row};
}

TEST(Finding, IsASentenceForAPerson) {
  const Finding full{.severity = Severity::warning,
                     .rule = "duplicate_day_disagrees",
                     .text = "two amounts for one day",
                     .person = "p3",
                     .field = "amount",
                     .row = 17,
                     .value = "4"};
  EXPECT_EQ(describe(full),
            "warning duplicate_day_disagrees, line 17, person p3, amount = \"4\": two amounts for "
            "one day");
  EXPECT_EQ(describe(Finding{.severity = Severity::note, .rule = "x", .text = "y"}), "note x: y");
  EXPECT_EQ(describe(Finding{.severity = Severity::note, .rule = "x", .text = "y", .value = "v"}),
            "note x, \"v\": y");
}

TEST(Finding, HostileTextStaysOnOneLine) {
  const Finding hostile{.severity = Severity::note,
                        .rule = "x",
                        .text = "y",
                        .person = "a\nb",
                        .field = "f",
                        .value = std::string(1000, '\n')};
  const std::string text = describe(hostile);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_LT(text.size(), 500U);
}

TEST(Findings, CountsAreExactAndOnlyTheFirstAreStored) {
  Findings findings{2};
  for (std::uint64_t i = 0; i < 5; ++i) findings.add(finding(Severity::note, "a", i));
  findings.add(finding(Severity::warning, "b"));
  EXPECT_EQ(findings.count("a"), 5U);
  EXPECT_EQ(findings.count("b"), 1U);
  EXPECT_EQ(findings.count("c"), 0U);
  EXPECT_EQ(findings.total(), 6U);
  EXPECT_EQ(findings.stored().size(), 3U);
  EXPECT_EQ(findings.stored()[1].row, 1U);
  EXPECT_FALSE(findings.wants("a"));
  EXPECT_TRUE(findings.wants("b"));
  EXPECT_TRUE(findings.wants("never seen"));
  findings.count_only(Severity::note, "a", 10);
  EXPECT_EQ(findings.count("a"), 15U);
  EXPECT_EQ(findings.stored().size(), 3U);
}

TEST(Findings, ARuleTakesItsWorstSeverity) {
  Findings findings;
  findings.add(finding(Severity::note, "a"));
  findings.add(finding(Severity::danger, "a"));
  findings.add(finding(Severity::caution, "a"));
  ASSERT_EQ(findings.counts().size(), 1U);
  EXPECT_EQ(findings.counts()[0].severity, Severity::danger);
}

TEST(Findings, MergingKeepsOrderCountsAndTheLimit) {
  Findings first{2};
  first.add(finding(Severity::note, "a", 1));
  Findings later{100};
  for (std::uint64_t i = 10; i < 15; ++i) later.add(finding(Severity::caution, "a", i));
  later.count_only(Severity::note, "a", 7);
  later.add(finding(Severity::note, "b", 20));
  first.merge(later);
  EXPECT_EQ(first.count("a"), 13U);
  EXPECT_EQ(first.count("b"), 1U);
  ASSERT_EQ(first.stored().size(), 3U);
  EXPECT_EQ(first.stored()[0].row, 1U);
  EXPECT_EQ(first.stored()[1].row, 10U);
  EXPECT_EQ(first.stored()[2].row, 20U);
  EXPECT_EQ(first.counts()[0].severity, Severity::caution);
}

TEST(Findings, MergingIsAssociative) {
  const auto part = [](const char* rule, int times) {
    Findings findings{3};
    for (int i = 0; i < times; ++i) findings.add(finding(Severity::note, rule, 1));
    return findings;
  };
  Findings left = part("a", 2);
  left.merge(part("b", 4));
  left.merge(part("a", 5));
  Findings right = part("b", 4);
  right.merge(part("a", 5));
  Findings whole = part("a", 2);
  whole.merge(right);
  EXPECT_EQ(left.count("a"), whole.count("a"));
  EXPECT_EQ(left.count("b"), whole.count("b"));
  EXPECT_EQ(left.stored().size(), whole.stored().size());
}

TEST(Findings, AMillionOfOneRuleUseTheSpaceOfAThousand) {
  Findings findings;
  for (int i = 0; i < 1'000'000; ++i) {
    if (findings.wants("x")) {
      findings.add(finding(Severity::note, "x"));
    } else {
      findings.count_only(Severity::note, "x");
    }
  }
  EXPECT_EQ(findings.total(), 1'000'000U);
  EXPECT_EQ(findings.stored().size(), 1000U);
}

TEST(Findings, NothingIsEmpty) {
  Findings findings;
  EXPECT_TRUE(findings.empty());
  findings.count_only(Severity::note, "x", 0);
  EXPECT_TRUE(findings.empty());
  findings.merge(Findings{});
  EXPECT_EQ(findings.total(), 0U);
}

TEST(Names, OfSeverityAndConfidenceAreWords) {
  EXPECT_EQ(name(Severity::note), "note");
  EXPECT_EQ(name(Severity::danger), "danger");
  EXPECT_EQ(name(Confidence::verified), "verified");
  EXPECT_EQ(name(Confidence::known), "known");
  EXPECT_EQ(name(Confidence::uncertain), "uncertain");
  EXPECT_EQ(name(Confidence::proposal), "proposal");
}

TEST(Runner, SerialRunsEveryPieceOnceInOrder) {
  std::vector<std::size_t> seen;
  serial().run(5, [&](std::size_t i) { seen.push_back(i); });
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  serial().run(0, [&](std::size_t) { FAIL(); });
  EXPECT_EQ(serial().workers(), 1U);
}

}  // namespace
