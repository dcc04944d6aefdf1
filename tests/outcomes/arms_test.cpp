#include "ombre/outcomes/arms.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <thread>

#include "ombre/io/endpoint_report.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

struct Cohort {
  std::vector<Endpoint> endpoints;
  EndpointPlan plan;
  WordColumns words;
  std::vector<std::uint32_t> arm;
  EndpointTable table;
};

Cohort cohort(const std::vector<const char*>& ids,
              const std::vector<std::pair<std::uint32_t, std::string>>& people,
              bool honesty = false) {
  const Registry registry = builtin_endpoints();
  std::vector<Endpoint> endpoints;
  for (const char* id : ids) endpoints.push_back(*registry.find(id));
  EndpointPlan plan = *EndpointPlan::compile(endpoints, {honesty});
  WordColumns words;
  std::vector<std::uint32_t> arm;
  for (const auto& [a, text] : people) {
    words.push_back(word(text));
    arm.push_back(a);
  }
  EndpointTable table = *plan.evaluate(words);
  return {std::move(endpoints), std::move(plan), std::move(words), std::move(arm),
          std::move(table)};
}

TEST(Arms, SharesMatchTheKernelsOnTheSameCounts) {
  // 56 of 70 against 48 of 80 reach three clean weeks: Newcombe's example.
  std::vector<std::pair<std::uint32_t, std::string>> people;
  for (int i = 0; i < 70; ++i) people.emplace_back(0, i < 56 ? "---" : "-+-");
  for (int i = 0; i < 80; ++i) people.emplace_back(1, i < 48 ? "---" : "oo-");
  const Cohort c = cohort({"abs_kosten_1993"}, people);
  const auto arms = compare_arms(c.plan, c.table, c.arm, 2, {}, {1});
  ASSERT_TRUE(arms) << describe(arms.error());
  const EndpointComparison& e = arms->front();
  EXPECT_EQ(e.arms[0].events->events, 56u);
  EXPECT_EQ(e.arms[1].people, 80u);
  ASSERT_EQ(e.contrasts.size(), 1u);
  EXPECT_EQ(e.contrasts[0].arm, 0u);
  EXPECT_NEAR(*e.contrasts[0].difference, 0.2, 1e-12);
  EXPECT_NEAR(e.contrasts[0].difference_interval->low, 0.0524, 5e-5);
  EXPECT_NEAR(e.contrasts[0].difference_interval->high, 0.3339, 5e-5);
  EXPECT_NEAR(e.contrasts[0].ratio->value, (56.0 / 70) / (48.0 / 80), 1e-12);
  EXPECT_TRUE(e.contrasts[0].fisher);
}

TEST(Arms, CountsAreComparedByMeansAndRanks) {
  const Cohort c = cohort({"abs_fiellin_2006"},
                          {{0, "---"}, {0, "--+"}, {0, "-++"}, {1, "----"}, {1, "---"}, {1, "--"}});
  const auto arms = compare_arms(c.plan, c.table, c.arm, 2);
  const EndpointComparison& e = arms->front();
  EXPECT_EQ(e.arms[0].mean->mean, 2);  // 3 2 1
  EXPECT_EQ(e.arms[1].mean->mean, 3);  // 4 3 2
  EXPECT_EQ(*e.contrasts[0].difference, 1);
  EXPECT_EQ(e.contrasts[0].ranks->u,
            7);  // 9 pairs: 4 > all (3), 3 > 2 1 = 3 (2.5), 2 > 1 = 2 (1.5)
}

TEST(Arms, TimesAreComparedByLogRankAndPeopleWithoutOneAreCounted) {
  const Cohort c =
      cohort({"rel_ctn0094_2023"},
             {{0, "++++--"}, {0, "--------"}, {0, "++"}, {1, "--------"}, {1, "----++++"}});
  const auto arms = compare_arms(c.plan, c.table, c.arm, 2);
  const EndpointComparison& e = arms->front();
  EXPECT_EQ(e.arms[0].people, 2u);
  EXPECT_EQ(e.arms[0].without_value, 1u);
  EXPECT_EQ(e.arms[0].events->events, 1u);
  EXPECT_EQ(*e.arms[0].total_time, 1 + 5);
  ASSERT_TRUE(e.contrasts[0].log_rank);
  EXPECT_EQ(e.contrasts[0].log_rank->observed, (std::vector<double>{1, 1}));
}

TEST(Arms, WorstAndBestCaseStandBesideTheShare) {
  const Cohort c = cohort({"abs_kosten_1993"}, {{0, "---"}, {0, "-o-"}, {0, "+o+"}}, true);
  const auto arms = compare_arms(c.plan, c.table, c.arm, 1);
  const ArmResult& r = arms->front().arms[0];
  EXPECT_NEAR(*r.worst, 1.0 / 3, 1e-15);
  EXPECT_NEAR(*r.best, 2.0 / 3, 1e-15);
  EXPECT_NEAR(*r.missed_share, 2.0 / 9, 1e-15);
}

TEST(Arms, ImputedSharesLieBetweenWorstAndBest) {
  std::mt19937_64 rng{3};
  std::vector<std::pair<std::uint32_t, std::string>> people;
  for (int i = 0; i < 200; ++i) {
    people.emplace_back(i % 2, ombre_test::random_text(rng, 16, i % 2 == 0 ? "+-o-" : "+-o+"));
  }
  const Cohort c = cohort({"red_fiellin_2006", "abs_kosten_1993", "rel_lee_2016"}, people, true);
  auto arms = compare_arms(c.plan, c.table, c.arm, 2);
  ASSERT_TRUE(arms);
  WordChain chain;
  chain.add(c.words);
  const auto imputer = WordImputer::make(chain, {Seed{5}, 8});
  ASSERT_TRUE(add_imputations(*arms, c.plan, c.words, *imputer, c.arm, 2));
  for (std::size_t e = 0; e < 2; ++e) {
    for (const ArmResult& r : (*arms)[e].arms) {
      ASSERT_TRUE(r.imputed);
      EXPECT_GE(r.imputed->estimate, *r.worst);
      EXPECT_LE(r.imputed->estimate, *r.best);
    }
    ASSERT_TRUE((*arms)[e].contrasts[0].imputed_difference);
    EXPECT_NEAR((*arms)[e].contrasts[0].imputed_difference->estimate,
                (*arms)[e].arms[1].imputed->estimate - (*arms)[e].arms[0].imputed->estimate, 1e-12);
  }
  EXPECT_FALSE((*arms)[2].arms[0].imputed);  // a time
  // The same through the one-endpoint road.
  std::vector<std::uint8_t> first(people.size());
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = c.arm[i] == 0 ? 1 : 0;
  const auto one = pooled_mean(c.endpoints[0], c.words, *imputer, first);
  EXPECT_NEAR(one->pooled.estimate, (*arms)[0].arms[0].imputed->estimate, 1e-12);
  EXPECT_NEAR(one->pooled.se, (*arms)[0].arms[0].imputed->se, 1e-12);
}

TEST(Arms, EmptyArmsAndRowsOutsideHaveNoAnswer) {
  const Cohort c = cohort({"abs_kosten_1993", "red_fiellin_2006"}, {{0, "---"}, {7, "---"}});
  const std::vector<std::uint8_t> usable{0, 1};
  const auto arms = compare_arms(c.plan, c.table, c.arm, 2, usable);
  ASSERT_TRUE(arms);
  EXPECT_EQ((*arms)[0].arms[0].people, 0u);
  EXPECT_EQ((*arms)[0].arms[0].without_value, 1u);
  EXPECT_FALSE((*arms)[0].arms[1].events);
  EXPECT_FALSE((*arms)[1].contrasts[0].difference);
  EXPECT_EQ(compare_arms(c.plan, c.table, c.arm, 2, {}, {2}).error().code, Errc::out_of_range);
  EXPECT_EQ(compare_arms(c.plan, c.table, {}, 2).error().code, Errc::size_mismatch);
  EXPECT_EQ(compare_arms(c.plan, c.table, c.arm, 2, {}, {0, 1.5}).error().code, Errc::out_of_range);
}

TEST(Agreement, OfDefinitionsByHand) {
  // Three clean in a row, and three positive in a row (turned: none is good).
  const Cohort c = cohort({"abs_kosten_1993", "rel_krupitsky_2004", "red_fiellin_2006"},
                          {{0, "----"}, {0, "+++-"}, {0, "-+-+"}, {0, "---+++"}});
  const auto a = endpoint_agreement(c.plan, c.table);
  ASSERT_TRUE(a) << describe(a.error());
  // Good by the first: 1 0 0 1; by the second: 1 0 1 0. Two of four agree, as by chance.
  EXPECT_EQ(*a->agreement[a->at(0, 1)], 0.5);
  EXPECT_EQ(*a->kappa[a->at(0, 1)], 0);
  EXPECT_EQ(*a->kappa[a->at(1, 0)], 0);
  EXPECT_EQ(*a->correlation[a->at(0, 1)], 0);
  EXPECT_NEAR(*a->correlation[a->at(2, 2)], 1, 1e-15);
  EXPECT_FALSE(a->kappa[a->at(0, 2)]);  // a share has no two sides
  // Clean shares 1, 1/4, 1/2, 1/2 against 1 0 1 0: ranks 4 1 2.5 2.5 and 3.5 1.5 3.5 1.5.
  EXPECT_NEAR(*a->correlation[a->at(1, 2)], 3.0 / std::sqrt(4.5 * 4), 1e-12);
  EXPECT_EQ(a->clusters.order.size(), 3u);
}

TEST(Agreement, PeopleWithoutAValueAreLeftOutOfAPair) {
  // Lee needs four weeks; the last two people have none.
  const Cohort c = cohort({"rel_lee_2016", "red_fiellin_2006"},
                          {{0, "++--"}, {0, "----"}, {0, "-+-+"}, {0, "+"}, {0, "-"}});
  const auto a = endpoint_agreement(c.plan, c.table);
  EXPECT_EQ(a->n[a->at(0, 1)], 3u);
  EXPECT_EQ(a->n[a->at(1, 1)], 5u);
  const std::vector<std::uint8_t> two{1, 1, 0, 0, 0};
  EXPECT_EQ(endpoint_agreement(c.plan, c.table, two)->n[0], 2u);
}

TEST(Agreement, SameDefinitionsCorrelateFullyAndReportsComeOut) {
  std::mt19937_64 rng{1};
  std::vector<std::pair<std::uint32_t, std::string>> people;
  for (int i = 0; i < 300; ++i) {
    people.emplace_back(i % 2, ombre_test::random_text(rng, 15 + rng() % 10, "+-*o"));
  }
  std::vector<const char*> ids;
  const auto published = published_endpoints();
  for (const Endpoint& e : published) ids.push_back(e.id().c_str());
  const Cohort c = cohort(ids, people);
  const auto a = endpoint_agreement(c.plan, c.table);
  ASSERT_TRUE(a);
  const auto index = [&](std::string_view id) {
    return static_cast<std::size_t>(std::find(a->ids.begin(), a->ids.end(), id) - a->ids.begin());
  };
  EXPECT_NEAR(*a->correlation[a->at(index("red_fiellin_2006"), index("red_johnson_1992"))], 1,
              1e-12);
  EXPECT_NEAR(*a->kappa[a->at(index("abs_kosten_1993"), index("abs_kosten_1993"))], 1, 1e-12);
  // Everybody here has a positive week: all alike, so chance alone explains the agreement.
  EXPECT_FALSE(a->kappa[a->at(index("abs_mokri_2016"), index("abs_schottenfeld_a_2008"))]);
  for (std::size_t i = 0; i < 54; ++i) {
    for (std::size_t j = 0; j < 54; ++j) {
      EXPECT_EQ(a->correlation[a->at(i, j)], a->correlation[a->at(j, i)]);
    }
  }
  const auto csv = io::agreement_csv(*a);
  ASSERT_TRUE(csv) << describe(csv.error());
  EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 1 + 54 * 53 / 2);
  const std::string svg = io::agreement_svg(*a);
  EXPECT_NE(svg.find("<svg"), std::string::npos);
  EXPECT_NE(svg.find("red_zaks_1972"), std::string::npos);

  const std::vector<std::string> names{"A", "B"};
  const auto arms = compare_arms(c.plan, c.table, c.arm, 2);
  const auto table = io::arm_table_csv(*arms, names);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(std::count(table->begin(), table->end(), '\n'), 1 + 54 * 2);
  const std::string markdown = io::arm_table_text(*arms, names, true);
  EXPECT_NE(markdown.find("| red_zaks_1972 |"), std::string::npos) << markdown.substr(0, 400);
  EXPECT_NE(markdown.find("B - A"), std::string::npos);
}

}  // namespace
