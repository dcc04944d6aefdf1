#include "ombre/outcomes/endpoint.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

EndpointSpec clean_run(int weeks) {
  EndpointSpec spec;
  spec.id = "my_clean_run";
  spec.study = "example";
  spec.sentence = "Ever so many clean weeks in a row.";
  spec.type = ResultType::yes_no;
  spec.value = expr::contains(expr::word(),
                              Word::repeated(Symbol::negative, static_cast<std::size_t>(weeks)));
  return spec;
}

TEST(Endpoint, ACallerCanComposeAndRegisterOne) {
  auto made = Endpoint::make(clean_run(2));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->evaluate(word("+--+"))->value, 1);
  EXPECT_EQ(made->evaluate(word("+-+-"))->value, 0);
  Registry registry = builtin_endpoints();
  EXPECT_TRUE(registry.add(*made));
  EXPECT_NE(registry.find("my_clean_run"), nullptr);
  const auto twice = registry.add(*made);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::duplicate);
}

TEST(Endpoint, HorizonMovesTheEndOfTheRuleAndCutsTheWord) {
  const Registry builtin = builtin_endpoints();
  const Endpoint* e = builtin.find("abs_krupitsky_b_2011");
  const std::string clean(30, '-');
  EXPECT_EQ(e->evaluate(word(clean))->value, 11);                    // weeks 5-15
  EXPECT_EQ(e->with_horizon(24)->evaluate(word(clean))->value, 20);  // weeks 5-24
  const auto too_early = e->with_horizon(4);
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().code, Errc::out_of_range);
  EXPECT_NE(describe(too_early.error()).find("abs_krupitsky_b_2011"), std::string::npos);
  EXPECT_FALSE(e->with_horizon(0));
  // A rule over the whole word sees only the first weeks.
  EXPECT_EQ(builtin.find("abs_fiellin_2006")->with_horizon(9)->evaluate(word(clean))->value, 9);
  // A relapse after the horizon is not seen, and the person is cut off there: 10 - 4 + 1.
  const auto relapse = builtin.find("rel_ctn0094_2023")->with_horizon(10);
  EXPECT_EQ(relapse->evaluate(word("--------++++")), (EndpointValue{7, false}));
}

TEST(Endpoint, MissingRuleIsAppliedBeforeTheDefinitionLooks) {
  const Registry builtin = builtin_endpoints();
  const Endpoint* e = builtin.find("red_fiellin_2006");  // clean share of all weeks
  const Word w = word("-o+o");
  EXPECT_EQ(e->evaluate(w)->value, 0.25);
  EXPECT_EQ(e->with_missing(MissingRule::negative).evaluate(w)->value, 0.75);
  EXPECT_EQ(e->with_missing(MissingRule::positive).evaluate(w)->value, 0.25);
  EXPECT_EQ(e->with_missing(MissingRule::mixed).evaluate(w)->value, 0.5);
  EXPECT_EQ(e->with_missing(MissingRule::ignored).evaluate(w)->value, 0.5);
  EXPECT_EQ(e->with_missing(MissingRule::locf).evaluate(w)->value, 0.5);     // --++
  EXPECT_EQ(e->with_missing(MissingRule::mode).evaluate(w)->value, 0.25);    // -+++
  EXPECT_EQ(e->with_missing(MissingRule::knv).evaluate(w)->value, 1.5 / 4);  // -*+o
  EXPECT_EQ(e->with_missing(MissingRule::mode).with_missing(MissingRule::as_defined).evaluate(w),
            e->evaluate(w));
}

TEST(Endpoint, AChangedDefinitionCanSayInItsIdWhatWasChanged) {
  const Registry builtin = builtin_endpoints();
  const Endpoint& e = *builtin.find("rel_lee_2016.corrected");
  EXPECT_EQ(e.changed_id(e), "rel_lee_2016.corrected");
  const Endpoint longer = *e.with_horizon(24);
  EXPECT_EQ(longer.changed_id(e), "rel_lee_2016.corrected.weeks_24");
  EXPECT_EQ(e.with_missing(MissingRule::knv).changed_id(e), "rel_lee_2016.corrected.missing_kNV");
  const Endpoint both = longer.with_missing(MissingRule::locf);
  EXPECT_EQ(both.changed_id(e), "rel_lee_2016.corrected.weeks_24.missing_locf");
  // What was the case before is no change.
  EXPECT_EQ(both.changed_id(longer), "rel_lee_2016.corrected.missing_locf");
  const auto renamed = both.with_id(both.changed_id(e));
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->evaluate(word("+++---")), both.evaluate(word("+++---")));
  EXPECT_FALSE(e.with_id("two words"));

  const ChangedId read = read_changed_id(renamed->id());
  EXPECT_EQ(read.base, "rel_lee_2016.corrected");
  EXPECT_EQ(read.weeks, 24);
  EXPECT_EQ(read.missing, MissingRule::locf);
  for (const char* plain : {"red_fiellin_2006", "x.missing_often", "x.weeks_", "x.weeks_0",
                            "x.weeks_99999999999", ".missing_locf", ""}) {
    EXPECT_EQ(read_changed_id(plain).base, plain);
  }
}

TEST(Endpoint, BadDefinitionsAreRefusedWithThePlace) {
  const auto refused = [](EndpointSpec spec, Errc code, std::string_view place) {
    const auto made = Endpoint::make(std::move(spec));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, code) << describe(made.error());
    EXPECT_NE(describe(made.error()).find(place), std::string::npos) << describe(made.error());
  };
  EndpointSpec spec = clean_run(2);
  spec.id = "white space";
  refused(spec, Errc::malformed, "id");
  spec = clean_run(2);
  spec.id = "";
  refused(spec, Errc::malformed, "id");
  refused(clean_run(0), Errc::empty_input, "my_clean_run > contains");
  spec = clean_run(2);
  spec.type = ResultType::count;
  refused(spec, Errc::contradiction, "type");
  spec.value = NumberExpr{};
  refused(spec, Errc::missing, "my_clean_run");
  spec.value = expr::count(expr::word(), Symbol::negative, {5, at_horizon()});
  refused(spec, Errc::missing, "horizon");
  spec.horizon = 4;
  refused(spec, Errc::out_of_range, "my_clean_run > count");
  spec.horizon = -1;
  refused(spec, Errc::out_of_range, "horizon");
  spec.horizon.reset();
  spec.value = expr::number(std::nan(""));
  refused(spec, Errc::not_finite, "number");
  FirstWindowRule rule;
  rule.threshold = 3;
  spec.type = ResultType::time_event;
  spec.value = expr::first_window(expr::word(), rule);
  refused(spec, Errc::out_of_range, "threshold");
  spec.type = ResultType::yes_no;
  spec.value = expr::all_of({});
  refused(spec, Errc::contradiction, "all_of");
  // A tree put together by hand with the wrong parts.
  spec.value = YesNoExpr{std::make_shared<const ExpressionNode>(ExpressionNode{
      Op::contains, ValueKind::yes_no, ContainsDetail{word("-"), {}}, {expr::number(1).node}})};
  refused(spec, Errc::contradiction, "contains");
  NumberExpr deep = expr::number(1);
  for (int i = 0; i < 300; ++i) deep = deep + expr::number(1);
  spec.type = ResultType::count;
  spec.value = deep;
  refused(spec, Errc::too_large, "steps");
}

TEST(Endpoint, SharedPartsDoNotExplode) {
  // 60 doublings of a shared part are 2^60 steps when walked as a tree.
  NumberExpr shared = expr::number(1);
  for (int i = 0; i < 60; ++i) shared = shared + shared;
  EndpointSpec spec = clean_run(1);
  spec.type = ResultType::count;
  spec.value = shared;
  const auto made = Endpoint::make(spec);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::too_large);
}

TEST(Endpoint, TellsHowMuchRestsOnMissedVisits) {
  const Registry builtin = builtin_endpoints();
  const auto share = [&](const char* id, const char* w) {
    const MissingShare s = builtin.find(id)->missing_share(word(w));
    return std::pair{s.missed, s.weeks};
  };
  EXPECT_EQ(share("red_fiellin_2006", "-o+o"), std::pair(2, 4));
  EXPECT_EQ(share("red_comer_2006", "oo------oooo"), std::pair(2, 8));       // weeks 1-8
  EXPECT_EQ(share("abs_krupitsky_b_2011", "oooo-o"), std::pair(1, 2));       // weeks 5, 6
  EXPECT_EQ(share("red_mattick_a_2003", "o-ooo"), std::pair(1, 2));          // up to week 2
  EXPECT_EQ(share("red_woody_2008", "oooo-----ooo"), std::pair(2, 3));       // weeks 4, 8, 12
  EXPECT_EQ(share("abs_lofwall_2018", "ooooo--o-o-o-o-"), std::pair(1, 7));  // 5 6 7 9 11 13 15
  EXPECT_EQ(share("red_strang_2010",
                  "oo"
                  "------------"),
            std::pair(0, 12));
  EXPECT_EQ(share("drop_ctn0094_2023", "oooo"), std::pair(0, 4));   // missing is what is measured
  EXPECT_EQ(share("rel_ctn0051_2018", "oo-o--"), std::pair(1, 4));  // from week 3
  // 15 attended weeks end with week 17; the two missed weeks among them were passed over.
  EXPECT_EQ(share("red_ling_a_1998", "o-o--------------oooo"), std::pair(2, 17));
}

TEST(Endpoint, TellsItsReach) {
  const Registry builtin = builtin_endpoints();
  const auto reach = [&](const char* id) {
    const auto r = builtin.find(id)->reach();
    return std::pair{r.first.value_or(0), r.last.value_or(0)};
  };
  EXPECT_EQ(reach("abs_krupitsky_b_2011"), std::pair(5, 15));
  EXPECT_EQ(reach("red_comer_2006"), std::pair(1, 8));
  EXPECT_EQ(reach("red_fiellin_2006"), std::pair(0, 0));
  EXPECT_EQ(reach("abs_ctn0094_2023"), std::pair(12, 15));
  EXPECT_EQ(reach("rel_ctn0051_2018"), std::pair(3, 0));
  EXPECT_EQ(reach("red_ling_a_1998"), std::pair(0, 0));  // attended weeks may lie anywhere
}

TEST(Endpoint, NamesGoBothWays) {
  EXPECT_EQ(*result_type_named("time_event"), ResultType::time_event);
  EXPECT_EQ(*family_named("relapse"), Family::relapse);
  EXPECT_EQ(*reading_named("corrected"), Reading::corrected);
  EXPECT_EQ(*better_named("lower"), Better::lower);
  EXPECT_EQ(*missing_rule_named("kNV"), MissingRule::knv);
  const auto wrong = family_named("all");
  ASSERT_FALSE(wrong);
  EXPECT_NE(describe(wrong.error()).find("abstinence, relapse, reduction, own"), std::string::npos);
}

}  // namespace
