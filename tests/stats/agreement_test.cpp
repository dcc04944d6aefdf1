#include "ombre/stats/agreement.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace ombre;
using namespace ombre::stats;

TEST(Agreement, KappaByHand) {
  // 50 people: both yes 20, both no 15, disagree 5 and 10. 35/50 agree; by chance 0.5; (0.7 - 0.5)
  // / 0.5.
  const std::vector<std::uint64_t> table{20, 5, 10, 15};
  const auto a = cohen_kappa(table, 2);
  ASSERT_TRUE(a);
  EXPECT_NEAR(a->observed, 0.7, 1e-15);
  EXPECT_NEAR(a->by_chance, 0.5, 1e-15);
  EXPECT_NEAR(*a->kappa, 0.4, 1e-15);
}

// Reference: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003),
// table 18.1: diagnoses of 100 people by two raters; kappa 0.68, standard error 0.087.
TEST(Agreement, KappaOfThreeDiagnoses) {
  const std::vector<std::uint64_t> table{75, 1, 4, 5, 4, 1, 0, 0, 10};
  const auto a = cohen_kappa(table, 3);
  EXPECT_NEAR(*a->kappa, 0.68, 0.005);
  EXPECT_NEAR(*a->se, 0.087, 0.0015);
}

TEST(Agreement, PerfectAndConstantJudgements) {
  EXPECT_NEAR(*cohen_kappa(std::vector<std::uint64_t>{7, 0, 0, 3}, 2)->kappa, 1, 1e-15);
  // Everybody in one category: chance agreement is 1, kappa has no value.
  EXPECT_FALSE(cohen_kappa(std::vector<std::uint64_t>{7, 0, 0, 0}, 2)->kappa);
  EXPECT_EQ(cohen_kappa(std::vector<std::uint64_t>{0, 0, 0, 0}, 2).error().code, Errc::empty_input);
  EXPECT_EQ(cohen_kappa(std::vector<std::uint64_t>{1, 2, 3}, 2).error().code, Errc::size_mismatch);
}

// Reference: worked example of ten people, rho = -29/165 (IQ against hours of television).
TEST(Agreement, SpearmanWorkedExample) {
  const std::vector<double> iq{106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
  const std::vector<double> hours{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
  EXPECT_NEAR(**spearman(iq, hours), -29.0 / 165, 1e-14);
}

TEST(Agreement, TiesShareTheirMeanRank) {
  EXPECT_EQ(*mean_ranks(std::vector<double>{3, 1, 3, 2}), (std::vector<double>{3.5, 1, 3.5, 2}));
  EXPECT_FALSE(spearman(std::vector<double>{1, 1}, std::vector<double>{1, 2})->has_value());
  EXPECT_EQ(spearman(std::vector<double>{1}, std::vector<double>{1, 2}).error().code,
            Errc::size_mismatch);
  EXPECT_EQ(mean_ranks(std::vector<double>{1, std::nan("")}).error().code, Errc::not_finite);
}

// Reference: the usual worked example of UPGMA, five bacteria (5S ribosomal RNA): joins at 17, 22,
// 28 and 33.
TEST(Agreement, AverageLinkageWorkedExample) {
  const std::vector<double> d{0,  17, 21, 31, 23,  //
                              17, 0,  30, 34, 21,  //
                              21, 30, 0,  28, 39,  //
                              31, 34, 28, 0,  43,  //
                              23, 21, 39, 43, 0};
  const auto c = average_linkage(d, 5);
  ASSERT_TRUE(c);
  ASSERT_EQ(c->merges.size(), 4u);
  EXPECT_EQ(c->merges[0].height, 17);
  EXPECT_EQ(c->merges[1].height, 22);
  EXPECT_EQ(c->merges[2].height, 28);
  EXPECT_EQ(c->merges[3].height, 33);
  EXPECT_EQ(c->merges[3].size, 5u);
  // a and b lie together, e beside them, c and d apart.
  const auto early = c->cut(25);
  EXPECT_EQ(early[0], early[4]);
  EXPECT_NE(early[2], early[3]);
  const auto clusters = c->cut(30);
  EXPECT_EQ(clusters[0], clusters[1]);
  EXPECT_EQ(clusters[0], clusters[4]);
  EXPECT_EQ(clusters[2], clusters[3]);
  EXPECT_NE(clusters[0], clusters[2]);
  EXPECT_EQ(std::set<std::size_t>(c->order.begin(), c->order.end()).size(), 5u);
}

TEST(Agreement, ClusteringRefusesWhatIsNoDistance) {
  EXPECT_EQ(average_linkage({}, 0).error().code, Errc::empty_input);
  EXPECT_EQ(average_linkage(std::vector<double>{0, 1, 2, 0}, 2).error().code, Errc::contradiction);
  EXPECT_EQ(average_linkage(std::vector<double>{0, 1}, 2).error().code, Errc::size_mismatch);
  const auto one = average_linkage(std::vector<double>{0}, 1);
  EXPECT_TRUE(one->merges.empty());
  EXPECT_EQ(one->order, std::vector<std::size_t>{0});
}

}  // namespace
