#include "ombre/plans/product_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ombre/plans/dispense.hpp"

namespace plans = ombre::plans;
using namespace ombre::plans::literals;
using ombre::Errc;
using ombre::substance::ProductKind;
using ombre::substance::Release;
using plans::Division;
using plans::Form;
using plans::ProductTableOptions;

namespace {

std::vector<std::string> labels(const plans::ProductTable& table) {
  std::vector<std::string> out;
  for (const auto& entry : table.listed) out.push_back(entry.product.label());
  return out;
}

}  // namespace

TEST(ProductTable, DiazepamTabletsAreHalvedAndTheLiquidIsMeasured) {
  // US labels: scored tablets 2, 5, 10 mg; solutions 1 and 5 mg/mL.
  ProductTableOptions us;
  us.market = "US";
  const auto table = plans::product_table("diazepam", us);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(labels(*table),
            (std::vector<std::string>{"diazepam 2 mg tablet", "diazepam 5 mg tablet",
                                      "diazepam 10 mg tablet", "diazepam 1 mg/mL oral solution",
                                      "diazepam 5 mg/mL oral solution"}));
  EXPECT_EQ(table->listed[0].product.division(), Division::halves);
  EXPECT_EQ(table->listed[3].product.per_graduation(), 0.1_mg);
  for (const auto& entry : table->listed) ASSERT_NE(entry.source, nullptr);
  ProductTableOptions uk;
  uk.market = "UK";
  EXPECT_EQ(plans::product_table("diazepam", uk)->listed.back().product.per_graduation(), 0.04_mg);
}

TEST(ProductTable, PlainTabletsAreWholeUnlessTheCallerKnowsTheyAreScored) {
  EXPECT_EQ(plans::product_table("lorazepam")->listed[0].product.division(), Division::whole);
  ProductTableOptions scored;
  scored.tablets_are_scored = true;
  const auto table = plans::product_table("alprazolam", scored);
  ASSERT_TRUE(table);
  for (const auto& entry : table->listed) {
    const bool plain = entry.product.form() == Form::tablet;
    EXPECT_EQ(entry.product.division(), plain ? Division::halves : Division::whole)
        << entry.product.label();
  }
}

TEST(ProductTable, WhatIsOnAnotherScaleIsLeftOutWithTheReason) {
  const auto table = plans::product_table("buprenorphine");
  ASSERT_TRUE(table);
  ASSERT_EQ(table->left_out.size(), 4U);  // Zubsolv and three depot injections
  for (const auto& label : labels(*table)) {
    EXPECT_EQ(label.find("Zubsolv"), std::string::npos) << label;
    EXPECT_EQ(label.find("injection"), std::string::npos) << label;
    EXPECT_EQ(label.find("patch"), std::string::npos) << label;
  }
  const auto nicotine = plans::product_table("nicotine");
  ASSERT_TRUE(nicotine);
  EXPECT_EQ(nicotine->left_out.size(), 2U);  // 24 h and 16 h patches beside gum and lozenges
  ProductTableOptions patches;
  patches.kinds = {ProductKind::patch};
  patches.market = "US";
  const auto worn = plans::product_table("nicotine", patches);
  ASSERT_EQ(worn->listed.size(), 3U);
  EXPECT_EQ(worn->listed[0].product.strength(), 7_mg);
  EXPECT_EQ(worn->listed[0].product.wear_days(), 1);
}

TEST(ProductTable, PrintedStrengthsThatCountDifferentlyAreConverted) {
  ProductTableOptions rate;
  rate.unit = plans::DoseUnit::mcg_per_h;
  const auto fentanyl = plans::product_table("fentanyl", rate);
  ASSERT_TRUE(fentanyl);
  EXPECT_EQ(fentanyl->listed[0].product.strength(), 12.5_mcg_per_h);  // labelled 12
  EXPECT_EQ(fentanyl->listed[0].product.label(), "fentanyl 12 mcg/h transdermal patch");
  EXPECT_EQ(fentanyl->listed[0].product.wear_days(), 3);
  const auto week = plans::product_table("buprenorphine", rate);
  EXPECT_EQ(week->listed[0].product.wear_days(), 7);
  const auto citalopram = plans::product_table("citalopram");
  const auto drops = std::ranges::find_if(citalopram->listed, [](const auto& entry) {
    return entry.product.label().find("drops") != std::string::npos;
  });
  ASSERT_NE(drops, citalopram->listed.end());
  EXPECT_EQ(drops->product.strength(), 50_mg);  // per mL: 8 mg as drops are 10 mg as tablets
}

TEST(ProductTable, EverySubstanceWithProductsGivesProductsThatDispense) {
  std::size_t substances = 0;
  for (const auto& substance : ombre::substance::builtin().substances()) {
    if (ombre::substance::builtin().products(substance.id).empty()) continue;
    ++substances;
    std::size_t listed = 0;
    for (const plans::DoseUnit unit : {plans::DoseUnit::mg, plans::DoseUnit::mcg_per_h}) {
      ProductTableOptions options;
      options.unit = unit;
      const auto table = plans::product_table(substance.id, options);
      ASSERT_TRUE(table) << substance.id << ": " << describe(table.error());
      const auto shelf = table->products();
      listed += shelf.size();
      for (const auto& product : shelf) {
        const auto one = plans::dispense_intake(
            product.is_liquid() ? product.per_graduation() : product.strength(), shelf);
        ASSERT_TRUE(one) << describe(one.error());
        ASSERT_TRUE(*one) << product.label();
        EXPECT_EQ((*one)->piece_count, 1) << product.label();
      }
    }
    EXPECT_GT(listed, 0U) << substance.id;
  }
  EXPECT_GT(substances, 20U);
}

TEST(ProductTable, WhatTheTableKnowsNamesTheRemedy) {
  // Citalopram tablets cannot follow a hyperbolic curve; the table knows the liquid that can.
  ProductTableOptions tablets;
  tablets.kinds = {ProductKind::tablet};
  const auto shelf = plans::product_table("citalopram", tablets)->products();
  ProductTableOptions us;
  us.market = "US";
  const auto candidates = plans::product_table("citalopram", us)->products();
  const std::vector<plans::IdealStep> ideal{{9.4_mg, 28}, {5.6_mg, 28}, {3.4_mg, 28}};
  plans::DispenseRequest request;
  request.start = 20_mg;
  request.ideal = ideal;
  request.products = shelf;
  request.candidates = candidates;
  request.largest_error = 0.1_mg;
  const auto plan = plans::dispense_plan(request);
  ASSERT_TRUE(plan);
  ASSERT_TRUE(plan->misfit);
  ASSERT_EQ(plan->misfit->remedies.size(), 1U);
  EXPECT_EQ(candidates[plan->misfit->remedies[0].index].label(),
            "citalopram 2 mg/mL oral solution");
}

TEST(ProductTable, RefusalsNameWhatIsMissing) {
  EXPECT_EQ(plans::product_table("no such thing").error().code, Errc::unknown_name);
  EXPECT_EQ(plans::product_table("heroin").error().code, Errc::not_computable);
  ProductTableOptions drinks;
  drinks.unit = plans::DoseUnit::drinks;
  EXPECT_EQ(plans::product_table("diazepam", drinks).error().code, Errc::unsupported);
}
