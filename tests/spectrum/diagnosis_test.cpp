#include "ombre/spectrum/diagnosis.hpp"

#include <gtest/gtest.h>

using namespace ombre;
using namespace ombre::spectrum;
using substance::Class;

namespace {

Criteria met(std::initializer_list<int> numbers) {
  Criteria c;
  c.fill(false);
  for (const int n : numbers) c[static_cast<std::size_t>(n - 1)] = true;
  return c;
}

}  // namespace

// DSM-5: 0-1 none, 2-3 mild, 4-5 moderate, 6-11 severe.
TEST(Dsm5, SeverityFollowsTheCount) {
  EXPECT_EQ(dsm5_severity(0), Dsm5Severity::none);
  EXPECT_EQ(dsm5_severity(1), Dsm5Severity::none);
  EXPECT_EQ(dsm5_severity(2), Dsm5Severity::mild);
  EXPECT_EQ(dsm5_severity(3), Dsm5Severity::mild);
  EXPECT_EQ(dsm5_severity(4), Dsm5Severity::moderate);
  EXPECT_EQ(dsm5_severity(5), Dsm5Severity::moderate);
  EXPECT_EQ(dsm5_severity(6), Dsm5Severity::severe);
  EXPECT_EQ(dsm5_severity(11), Dsm5Severity::severe);
}

TEST(Dsm5, ToleranceAndWithdrawalOfAPrescribedMedicineAreNoUseDisorder) {
  const auto taken = dsm5_count(met({10, 11}), Class::benzodiazepine, true);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->most, 0);
  EXPECT_EQ(taken->severity, Dsm5Severity::none);
  EXPECT_EQ(taken->not_counted.size(), 2u);
  EXPECT_EQ(dsm5_count(met({10, 11}), Class::benzodiazepine, false)->least, 2);
}

TEST(Dsm5, APrescriptionDoesNotExcuseAlcohol) {
  EXPECT_EQ(dsm5_count(met({10, 11}), Class::alcohol, true)->least, 2);
}

TEST(Dsm5, WhetherItIsOnlyAsPrescribedMayBeUnknownAndWidensTheCount) {
  const auto count = dsm5_count(met({1, 10, 11}), Class::opioid, std::nullopt);
  ASSERT_TRUE(count);
  EXPECT_EQ(count->least, 1);
  EXPECT_EQ(count->most, 3);
  EXPECT_FALSE(count->severity);
}

TEST(Dsm5, HallucinogensHaveNoWithdrawalCriterion) {
  Criteria all;
  all.fill(true);
  EXPECT_EQ(dsm5_count(all, Class::hallucinogen)->least, 10);
  EXPECT_EQ(dsm5_count(all, Class::alcohol)->least, 11);
}

TEST(Dsm5, CriteriaNobodyAskedAboutLeaveAnInterval) {
  Criteria some;
  some[0] = true;
  some[1] = true;
  const auto count = dsm5_count(some, Class::alcohol);
  ASSERT_TRUE(count);
  EXPECT_EQ(count->least, 2);
  EXPECT_EQ(count->most, 11);
  EXPECT_FALSE(count->severity);
}

TEST(Dsm5, CaffeineHasNoUseDisorder) {
  EXPECT_EQ(dsm5_count({}, Class::xanthine).error().code, Errc::unsupported);
}

TEST(Dsm5, NamesLeadBackToCriteria) {
  for (std::size_t i = 0; i < criterion_count; ++i) {
    const auto c = static_cast<Criterion>(i);
    EXPECT_EQ(find_criterion(name(c)), c);
  }
  EXPECT_FALSE(find_criterion("mood"));
}

// Early from three months, sustained from twelve; craving does not count against it.
TEST(Remission, BeginsAfterThreeMonthsAndIsSustainedAfterTwelve) {
  const Date last = *Date::parse("2023-11-30");
  const auto on = [&](const char* day) {
    return dsm5_remission(last, *Date::parse(day), Class::alcohol, true)->remission;
  };
  EXPECT_EQ(on("2024-02-28"), Remission::none);
  EXPECT_EQ(on("2024-02-29"), Remission::early);  // the last day of a short month
  EXPECT_EQ(on("2024-11-29"), Remission::early);
  EXPECT_EQ(on("2024-11-30"), Remission::sustained);
  EXPECT_TRUE(dsm5_remission(last, last, Class::alcohol, true)->craving_now);
}

TEST(Remission, MaintenanceTherapyIsASpecifierForOpioidsAndTobaccoOnly) {
  const Date day = *Date::parse("2024-01-01");
  EXPECT_TRUE(dsm5_remission(day, day, Class::opioid, false, false, true));
  EXPECT_TRUE(dsm5_remission(day, day, Class::nicotine, false, false, true));
  EXPECT_EQ(dsm5_remission(day, day, Class::alcohol, false, false, true).error().code,
            Errc::unsupported);
  EXPECT_EQ(dsm5_remission(day, day - Days{1}, Class::alcohol).error().code, Errc::out_of_range);
}

TEST(Icd11, TwoFeaturesOverAYearOrDailyForAMonthAreDependence) {
  Icd11Features f;
  f.impaired_control = true;
  f.physiological = true;
  f.priority_of_use = false;
  f.over_twelve_months = true;
  EXPECT_EQ(icd11(f, Class::opioid).at_least, Icd11Pattern::dependence);
  EXPECT_EQ(icd11(f, Class::opioid).code, "6C43.2");
  f.over_twelve_months = false;
  EXPECT_EQ(icd11(f, Class::opioid).at_most, Icd11Pattern::dependence) << "a month is not known";
  f.daily_for_a_month = true;
  EXPECT_EQ(icd11(f, Class::opioid).at_least, Icd11Pattern::dependence);
}

TEST(Icd11, OneFeatureIsNoDependence) {
  Icd11Features f;
  f.impaired_control = true;
  f.physiological = false;
  f.priority_of_use = false;
  f.over_twelve_months = true;
  f.harm_to_health = true;
  f.repeated_or_continuous = false;
  const auto answer = icd11(f, Class::cannabis);
  EXPECT_EQ(answer.at_most, Icd11Pattern::single_episode);
  EXPECT_EQ(answer.code, "6C41.0");
}

TEST(Icd11, RiskWithoutHarmIsHazardousWithACodeOfItsOwn) {
  Icd11Features f;
  f.impaired_control = f.physiological = f.priority_of_use = false;
  f.harm_to_health = false;
  f.risk_without_harm = true;
  EXPECT_EQ(icd11(f, Class::alcohol).code, "QE10");
  EXPECT_EQ(icd11(f, Class::nicotine).code, "QE12");
  EXPECT_EQ(icd11(f, Class::opioid).code, "QE11");
  EXPECT_EQ(icd11({}, Class::opioid).at_most, Icd11Pattern::dependence) << "nothing was asked";
}
