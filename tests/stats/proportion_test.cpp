#include "ombre/stats/proportion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ombre/io/json.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::stats;

// Reference: Newcombe, Stat Med 17:857 (1998), table I: 95 % intervals, 4 decimals.
TEST(Proportion, WilsonAndClopperPearsonMatchNewcombesExamples) {
  struct Row {
    Proportion arm;
    double exact_low, exact_high, wilson_low, wilson_high;
  };
  for (const Row& r :
       {Row{{81, 263}, .2527, .3676, .2553, .3662}, Row{{15, 148}, .0578, .1617, .0624, .1605},
        Row{{0, 20}, 0, .1684, 0, .1611}, Row{{1, 29}, .0009, .1776, .0061, .1718}}) {
    const auto exact = clopper_pearson_interval(r.arm);
    const auto wilson = wilson_interval(r.arm);
    ASSERT_TRUE(exact && wilson);
    EXPECT_NEAR(exact->low, r.exact_low, 5e-5);
    EXPECT_NEAR(exact->high, r.exact_high, 5e-5);
    EXPECT_NEAR(wilson->low, r.wilson_low, 5e-5);
    EXPECT_NEAR(wilson->high, r.wilson_high, 5e-5);
  }
}

// Reference: Newcombe, Stat Med 17:873 (1998), table II, method 10.
TEST(Proportion, DifferenceIntervalsMatchNewcombesExamples) {
  struct Row {
    Proportion first, second;
    double low, high;
  };
  for (const Row& r : {Row{{56, 70}, {48, 80}, .0524, .3339}, Row{{9, 10}, {3, 10}, .1705, .8090},
                       Row{{6, 7}, {2, 7}, .0582, .8062}, Row{{5, 56}, {0, 29}, -.0381, .1926},
                       Row{{0, 10}, {0, 20}, -.1611, .2775}, Row{{0, 10}, {0, 10}, -.2775, .2775},
                       Row{{10, 10}, {0, 20}, .6791, 1}, Row{{10, 10}, {0, 10}, .6075, 1}}) {
    const auto i = newcombe_difference_interval(r.first, r.second);
    ASSERT_TRUE(i);
    EXPECT_NEAR(i->low, r.low, 5e-5);
    EXPECT_NEAR(i->high, r.high, 5e-5);
    const auto swapped = newcombe_difference_interval(r.second, r.first);
    EXPECT_NEAR(swapped->low, -i->high, 1e-12);
    EXPECT_NEAR(swapped->high, -i->low, 1e-12);
  }
}

// How exactly R's fisher.test searches: the ratio where it is below 1, its inverse where above.
constexpr double r_search = 1.3e-4;

double searched(double ratio) { return ratio > 1 ? 1 / ratio : ratio; }

// Reference: R's documentation of fisher.test: Fisher's tea drinker, and Fisher's twins.
TEST(Proportion, FisherMatchesTheClassics) {
  const auto tea = fisher_exact({3, 4}, {1, 4});
  ASSERT_TRUE(tea);
  EXPECT_NEAR(tea->p, 34.0 / 70, 1e-12);          // C(8,4) = 70 tables: 1 + 16 + 16 + 1
  EXPECT_NEAR(tea->p_greater, 17.0 / 70, 1e-12);  // 16 + 1
  EXPECT_NEAR(*tea->odds_ratio, 6.408309, 5e-3);
  // The interval by its meaning: with the odds ratio at its lower end, 3 or more are right in 2.5 %
  // of trials; at its upper end 3 or fewer.
  const auto tail = [](double ratio, bool upper) {
    const double weight[] = {1, 16 * ratio, 36 * std::pow(ratio, 2), 16 * std::pow(ratio, 3),
                             std::pow(ratio, 4)};
    const double all = weight[0] + weight[1] + weight[2] + weight[3] + weight[4];
    return (upper ? weight[3] + weight[4] : all - weight[4]) / all;
  };
  EXPECT_NEAR(tail(tea->low, true), 0.025, 1e-9);
  EXPECT_NEAR(tail(*tea->high, false), 0.025, 1e-9);
  const auto twins = fisher_exact({2, 17}, {10, 13});
  ASSERT_TRUE(twins);
  EXPECT_NEAR(twins->p, 0.0005367, 5e-8);
  EXPECT_NEAR(twins->p_less, 0.0004652, 5e-8);
  EXPECT_NEAR(*twins->odds_ratio, 0.04693661, 1e-5);
  EXPECT_NEAR(twins->low, 0.003325764, r_search);
  EXPECT_NEAR(*twins->high, 0.363182271, r_search);
}

TEST(Proportion, EdgesHaveNoEndInsteadOfASpecialNumber) {
  const auto none = fisher_exact({0, 10}, {5, 10});
  ASSERT_TRUE(none);
  EXPECT_EQ(*none->odds_ratio, 0);
  EXPECT_EQ(none->low, 0);
  EXPECT_TRUE(none->high);
  const auto all = fisher_exact({5, 10}, {0, 10});
  EXPECT_FALSE(all->odds_ratio);
  EXPECT_FALSE(all->high);
  const auto nothing = fisher_exact({0, 8}, {0, 9});
  EXPECT_EQ(nothing->p, 1);
  EXPECT_FALSE(nothing->odds_ratio);
  EXPECT_EQ(clopper_pearson_interval({0, 1})->low, 0);
  EXPECT_EQ(clopper_pearson_interval({1, 1})->high, 1);
  EXPECT_EQ(wilson_interval({5, 5})->high, 1);
}

TEST(Proportion, LargeArmsStayAccurate) {
  // With a million people in each arm the exact interval is close to Wilson's.
  const auto e = clopper_pearson_interval({300'000, 1'000'000});
  const auto w = wilson_interval({300'000, 1'000'000});
  EXPECT_NEAR(e->low, w->low, 1e-6);
  const auto f = fisher_exact({50'500, 100'000}, {50'000, 100'000});
  ASSERT_TRUE(f);
  EXPECT_GT(f->p, 0.02);
  EXPECT_LT(f->p, 0.03);  // normal approximation: z = 2.236, p = 0.0253
}

TEST(Proportion, ImpossibleCountsAreRefused) {
  EXPECT_EQ(wilson_interval({0, 0}).error().code, Errc::empty_input);
  EXPECT_EQ(clopper_pearson_interval({3, 2}).error().code, Errc::out_of_range);
  EXPECT_EQ(newcombe_difference_interval({1, 2}, {3, 2}).error().code, Errc::out_of_range);
  EXPECT_EQ(wilson_interval({1, 2}, 1.0).error().code, Errc::out_of_range);
  EXPECT_EQ(wilson_interval({1, 2}, std::nan("")).error().code, Errc::not_finite);
  EXPECT_EQ(fisher_exact({30'000'000, 60'000'000}, {30'000'000, 60'000'000}).error().code,
            Errc::too_large);
}

// R 4.2.2 on eight tables (reference data).
TEST(Proportion, AgreesWithR) {
  OMBRE_SHARED_OR_SKIP(folder, "cohort/reference/cases");
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const std::string file = entry.path().filename().string();
    if (file.find("two_by_two") == std::string::npos && file.find("2x2") == std::string::npos) {
      continue;
    }
    SCOPED_TRACE(file);
    const auto json = io::read_json(entry.path().string());
    ASSERT_TRUE(json);
    const io::Json& o = *json->find("options");
    const auto cell = [&](const char* key) {
      return static_cast<std::uint64_t>(*o.find(key)->as_integer());
    };
    const Proportion first{cell("a"), cell("a") + cell("b")};
    const Proportion second{cell("c"), cell("c") + cell("d")};
    if (first.n == 0 || second.n == 0) continue;
    ++cases;
    const io::Json& want = *json->find("expect");
    const auto number = [](const io::Json& at) -> double {
      if (const auto text = at.as_text()) {
        return *text == "Inf" ? HUGE_VAL : *text == "-Inf" ? -HUGE_VAL : std::nan("");
      }
      return *at.as_number();
    };
    for (const auto& [arm, key] : {std::pair{first, "arm1"}, std::pair{second, "arm0"}}) {
      const io::Json& a = *want.find(key);
      EXPECT_NEAR(clopper_pearson_interval(arm)->low, number(a.find("clopper_pearson")->items()[0]),
                  1e-9);
      EXPECT_NEAR(clopper_pearson_interval(arm)->high,
                  number(a.find("clopper_pearson")->items()[1]), 1e-9);
      EXPECT_NEAR(wilson_interval(arm)->low, number(a.find("wilson")->items()[0]), 1e-9);
      EXPECT_NEAR(wilson_interval(arm)->high, number(a.find("wilson")->items()[1]), 1e-9);
    }
    const io::Json& f = *want.find("fisher");
    const auto got = fisher_exact(first, second);
    ASSERT_TRUE(got);
    EXPECT_NEAR(got->p, number(*f.find("p")), 1e-9);
    EXPECT_NEAR(got->p_less, number(*f.find("p_less")), 1e-9);
    EXPECT_NEAR(got->p_greater, number(*f.find("p_greater")), 1e-9);
    const double ratio = number(*f.find("conditional_mle_or"));
    if (got->odds_ratio) {
      EXPECT_NEAR(searched(*got->odds_ratio), searched(ratio), r_search);
    }
    const double low = number(f.find("ci")->items()[0]);
    EXPECT_NEAR(searched(got->low), searched(low), r_search);
    const double high = number(f.find("ci")->items()[1]);
    EXPECT_EQ(got->high.has_value(), std::isfinite(high));
    if (got->high) {
      EXPECT_NEAR(searched(*got->high), searched(high), r_search);
    }
  }
  EXPECT_GE(cases, 6);
}

}  // namespace
