// The ten primitives against CTNote 0.1.3 on random words (files primitives/*.csv of the reference
// data, about 3600 rows). Skips where the reference data are not present.
#include <gtest/gtest.h>
#include <cmath>

#include "ombre/outcomes/word_primitives.hpp"
#include "outcomes/word_support.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::number;
using ombre_test::read_table;
using ombre_test::split;
using ombre_test::whole;
using ombre_test::word;

Symbol symbol(const std::string& text) { return symbol_of(text.at(0)).value(); }

const std::string folder = "outcomes/data/ctnote/primitives/";

TEST(PrimitiveReference, Recode) {
  OMBRE_SHARED_OR_SKIP(path, folder + "recode_missing_visits.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    const std::string& to = t.at(r, "missing_becomes");
    EXPECT_EQ(recode(word(t.at(r, "pattern")), symbol(t.at(r, "missing_is")),
                     to.empty() ? std::nullopt : symbol_of(to[0]))
                  .text(),
              t.at(r, "result"))
        << "row " << r;
  }
}

TEST(PrimitiveReference, CountToTheLastBit) {
  OMBRE_SHARED_OR_SKIP(path, folder + "count_matches.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    CountRule rule;
    rule.window = {whole(t.at(r, "start")), whole(t.at(r, "end"))};
    if (const auto& mixed = t.at(r, "mixed_results_are"); !mixed.empty()) {
      rule.mixed = symbol(mixed);
    }
    rule.mixed_weight = number(t.at(r, "mixed_weight"));
    rule.per = t.at(r, "proportion") == "true" ? Per::weeks : Per::none;
    EXPECT_EQ(count(word(t.at(r, "pattern")), word(t.at(r, "match_is")), rule),
              number(t.at(r, "result")))
        << "row " << r;
  }
}

TEST(PrimitiveReference, Contains) {
  OMBRE_SHARED_OR_SKIP(path, folder + "detect_subpattern.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    EXPECT_EQ(contains(word(t.at(r, "pattern")), word(t.at(r, "subpattern")),
                       {whole(t.at(r, "start")), whole(t.at(r, "end"))}),
              t.at(r, "result") == "true")
        << "row " << r;
  }
}

TEST(PrimitiveReference, FirstWindow) {
  OMBRE_SHARED_OR_SKIP(path, folder + "detect_in_window.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    const auto got = first_window(word(t.at(r, "pattern")),
                                  {whole(t.at(r, "window_width")), whole(t.at(r, "threshold")),
                                   whole(t.at(r, "offset")), symbol(t.at(r, "match_is"))});
    ASSERT_TRUE(got) << "row " << r;
    if (t.at(r, "time") == "NA") {
      EXPECT_FALSE(got->has_value()) << "row " << r;
    } else {
      ASSERT_TRUE(got->has_value()) << "row " << r;
      EXPECT_EQ((*got)->time, whole(t.at(r, "time"))) << "row " << r;
      EXPECT_EQ((*got)->event, t.at(r, "event") == "1") << "row " << r;
    }
  }
}

TEST(PrimitiveReference, LongestRunAndLastSeen) {
  OMBRE_SHARED_OR_SKIP(runs, folder + "measure_abstinence_period.csv");
  const auto t = read_table(runs);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    EXPECT_EQ(longest_run(word(t.at(r, "pattern")), symbol(t.at(r, "use_is"))),
              whole(t.at(r, "result")))
        << "row " << r;
  }
  OMBRE_SHARED_OR_SKIP(seen, folder + "measure_retention.csv");
  const auto s = read_table(seen);
  ASSERT_GT(s.rows.size(), 100u);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    EXPECT_EQ(last_seen(word(s.at(r, "pattern")), symbol(s.at(r, "missing_is"))),
              whole(s.at(r, "result")))
        << "row " << r;
  }
}

TEST(PrimitiveReference, Impute) {
  OMBRE_SHARED_OR_SKIP(path, folder + "impute_missing_visits.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    ImputeRule rule;
    for (const auto m :
         {ImputeMethod::locf, ImputeMethod::locfd, ImputeMethod::mode, ImputeMethod::knv}) {
      if (name(m) == t.at(r, "method")) rule.method = m;
    }
    rule.missing = symbol(t.at(r, "missing_is"));
    rule.mixed = symbol(t.at(r, "mixed_is"));
    rule.tiebreaker = symbol(t.at(r, "tiebreaker"));
    rule.k = whole(t.at(r, "k"));
    EXPECT_EQ(impute(word(t.at(r, "pattern")), rule)->text(), t.at(r, "result"))
        << "row " << r << " " << t.at(r, "method") << " of " << t.at(r, "pattern");
  }
}

TEST(PrimitiveReference, LatticeAndView) {
  OMBRE_SHARED_OR_SKIP(plans, folder + "collapse_lattice.csv");
  const auto t = read_table(plans);
  ASSERT_GT(t.rows.size(), 50u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    std::vector<Word> parts;
    std::vector<int> times;
    for (const auto& p : split(t.at(r, "lattice_patterns"), '|')) parts.push_back(word(p));
    for (const auto& n : split(t.at(r, "times"), '|')) times.push_back(whole(n));
    EXPECT_EQ(lattice(parts, times)->text(), t.at(r, "result")) << "row " << r;
  }
  OMBRE_SHARED_OR_SKIP(views, folder + "view_by_lattice.csv");
  const auto v = read_table(views);
  ASSERT_GT(v.rows.size(), 100u);
  for (std::size_t r = 0; r < v.rows.size(); ++r) {
    EXPECT_EQ(view(word(v.at(r, "pattern")), word(v.at(r, "lattice")), symbol(v.at(r, "visit_is")),
                   symbol(v.at(r, "no_visit_is")))
                  .text(),
              v.at(r, "result"))
        << "row " << r;
  }
}

TEST(PrimitiveReference, WeighToNineDigits) {
  OMBRE_SHARED_OR_SKIP(path, folder + "weight_positive_visits.csv");
  const auto t = read_table(path);
  ASSERT_GT(t.rows.size(), 100u);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    WeighRule rule;
    rule.positive = number(t.at(r, "w_pos"));
    rule.mixed = number(t.at(r, "w_mixed"));
    rule.missed = number(t.at(r, "w_missing"));
    rule.negative = number(t.at(r, "w_neg"));
    rule.scale = number(t.at(r, "scale_max"));
    for (auto [penalty, column] : {std::pair{&rule.positive_penalty, "pos_penalty"},
                                   std::pair{&rule.missed_penalty, "miss_penalty"}}) {
      if (t.at(r, column).empty()) continue;
      penalty->kind = Penalty::Kind::each;
      for (const auto& p : split(t.at(r, column), '|')) penalty->values.push_back(number(p));
    }
    const auto got = weigh(word(t.at(r, "pattern")), rule);
    ASSERT_TRUE(got) << "row " << r << " " << describe(got.error());
    const double want = number(t.at(r, "result"));
    EXPECT_LE(std::abs(*got - want), 1e-9 * std::abs(want)) << "row " << r;
  }
}

}  // namespace
