#include "../../src/stats/select.hpp"
#include <gtest/gtest.h>
#include <random>

namespace {

using namespace ombre;

TEST(SelectAndSort, AgreeWithTheStandardLibrary) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const std::size_t n = 1 + random() % 300;
    const unsigned kinds = 1 + static_cast<unsigned>(random() % 400);
    std::vector<double> v(n);
    for (double& x : v) x = static_cast<double>(random() % kinds) / 7 - 20;
    if (seed % 5 == 0) std::sort(v.begin(), v.end());
    std::vector<double> want = v;
    std::sort(want.begin(), want.end());
    std::vector<double> part = v;
    const std::size_t k = random() % n;
    ASSERT_EQ(stats::select(part, k), want[k]);
    for (std::size_t i = 0; i < k; ++i) ASSERT_LE(part[i], want[k]);
    stats::sort_values(v);
    ASSERT_EQ(v, want);
  }
}

TEST(SelectAndSort, UnluckyPivotsDoNotMakeItQuadratic) {
  std::vector<double> v(200'000);
  for (std::size_t i = 0; i < v.size(); ++i) {  // organ pipe
    v[i] = static_cast<double>(std::min(i, v.size() - i));
  }
  std::vector<double> want = v;
  std::sort(want.begin(), want.end());
  stats::sort_values(v);
  EXPECT_EQ(v, want);
}

}  // namespace
