// Every published definition on hand-made words that stand on its edges. The reasoning is beside
// each line; none of it repeats the library's formulas.
#include "ombre/outcomes/endpoint_builtin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <regex>
#include <string>

#include "outcomes/word_support.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

const Registry& registry() {
  static const Registry r = builtin_endpoints();
  return r;
}

std::optional<EndpointValue> value(const std::string& id, const std::string& w) {
  const Endpoint* endpoint = registry().find(id);
  if (endpoint == nullptr) {
    ADD_FAILURE() << "no endpoint " << id;
    return std::nullopt;
  }
  return endpoint->evaluate(word(w));
}

/// n times the same symbol.
std::string x(std::size_t n, char c) { return std::string(n, c); }

#define EXPECT_YES(id, w) EXPECT_EQ(value(id, w), (EndpointValue{1, false})) << (w)
#define EXPECT_NO(id, w) EXPECT_EQ(value(id, w), (EndpointValue{0, false})) << (w)
#define EXPECT_VALUE(id, w, v) EXPECT_EQ(value(id, w), (EndpointValue{v, false})) << (w)
#define EXPECT_EVENT(id, w, t) EXPECT_EQ(value(id, w), (EndpointValue{t, true})) << (w)
#define EXPECT_CENSORED(id, w, t) EXPECT_EQ(value(id, w), (EndpointValue{t, false})) << (w)
#define EXPECT_NONE(id, w) EXPECT_FALSE(value(id, w)) << (w)

TEST(BuiltinEndpoints, AllDefinitionsAreThere) {
  std::size_t published = 0;
  for (const Endpoint& e : registry().all()) published += e.spec().reading == Reading::published;
  EXPECT_EQ(published, 54u);
  EXPECT_EQ(published_endpoints(Reading::published, Family::abstinence).size(), 13u);
  EXPECT_EQ(published_endpoints(Reading::published, Family::relapse).size(), 7u);
  EXPECT_EQ(published_endpoints(Reading::published, Family::reduction).size(), 34u);
  // The places of disagreement in docs/endpoints.md, one line for each endpoint they touch.
  std::map<Reading, int> others;
  for (const Endpoint& e : registry().all()) ++others[e.spec().reading];
  EXPECT_EQ(others[Reading::text], 12);
  EXPECT_EQ(others[Reading::paper], 11);
  EXPECT_EQ(others[Reading::corrected], 13);
  EXPECT_EQ(others[Reading::release], 1);
}

TEST(BuiltinEndpoints, CtnLastFourOfFifteenWeeks) {
  const std::string e = "abs_ctn0094_2023";
  EXPECT_YES(e, x(11, '+') + "----");
  EXPECT_YES(e, x(11, '+') + "-o--");  // one missed week is allowed
  EXPECT_NO(e, x(11, '-') + "oo--");   // two are not
  EXPECT_NO(e, x(11, '-') + "-*--");   // mixed is positive
  EXPECT_NO(e, x(11, '-') + "-_--");   // a week without a visit due is neither clean nor missed
  EXPECT_NO(e, x(14, '-'));            // week 15 does not exist, so four weeks are not clean
  EXPECT_YES(e, x(15, '-') + "++++");  // later weeks do not matter
}

TEST(BuiltinEndpoints, CountsOfCleanWeeks) {
  EXPECT_VALUE("abs_fiellin_2006", "-*o-+_", 2);  // missed and mixed are positive
  EXPECT_VALUE("abs_fiellin_2006", "", 0);
  EXPECT_VALUE("abs_krupitsky_b_2011",
               "----"
               "-o*+--",
               3);                                           // weeks 1-4 do not count
  EXPECT_VALUE("abs_krupitsky_b_2011", x(20, '-'), 11);      // weeks 5..15
  EXPECT_VALUE("red_ling_c_1998", x(14, '-') + "*-", 14.5);  // week 16 does not count
}

TEST(BuiltinEndpoints, CleanWeeksInARow) {
  EXPECT_YES("abs_kosten_1993", "--o---");
  EXPECT_NO("abs_kosten_1993", "--o--*--+--");  // missed and mixed break the row
  EXPECT_YES("abs_ling_1998", "---o----");
  EXPECT_NO("abs_ling_1998", "---o---");
  EXPECT_NO("abs_ling_1998", "");
}

TEST(BuiltinEndpoints, CleanInWeeksFiveToFifteen) {
  const std::string e = "abs_krupitsky_a_2011";
  EXPECT_YES(e, "++++" + x(11, '-'));
  EXPECT_YES(e, "++++" + x(11, '-') + "+");  // week 16 does not matter
  EXPECT_NO(e, "----" + x(10, '-') + "o");   // missed is positive
  EXPECT_NO(e, "----" + x(10, '-') + "*");   // mixed too
  EXPECT_YES(e, "++++");                     // nothing after week 4: no positive week is known
}

TEST(BuiltinEndpoints, LofwallThroughTheVisitPlan) {
  // Weeks 8 10 12 14 repeat the week before, so only 7, 9, 11, 13 and 15 speak after week 6.
  const std::string e = "abs_lofwall_2018";
  EXPECT_YES(e, "+++++--+-+-+-++");  // 2 of 5-7; week 7 clean; 9-14 clean, 15 not: 6 of 7
  EXPECT_NO(e,
            "-------"
            "--"
            "--"
            "++"
            "--");  // week 13 positive spoils 13 and 14: 5 of 7
  EXPECT_NO(e,
            "----"
            "--+"
            "--------");  // 2 of 3, but week 8 repeats a positive week 7
  EXPECT_NO(e,
            "----"
            "+o-"
            "--------");      // 1 of 3: missed is positive
  EXPECT_YES(e, x(14, '-'));  // week 15 counts as missed: still 6 of 7
  EXPECT_NO(e, x(12, '-'));   // weeks 13, 14 and 15 missed

  // 7 clean weeks, week 8 repeats week 7, weeks 9 to 15 mixed: 8 + 7 halves of 15.
  EXPECT_VALUE("red_lofwall_2018", "-------+*+*+*+*", 11.5 / 15);
  EXPECT_VALUE("red_lofwall_2018", "ooooooooooooooo", 0.0);
}

TEST(BuiltinEndpoints, WeeksToTheFirstPositive) {
  for (const std::string e : {"abs_mokri_2016", "abs_schottenfeld_a_2008"}) {
    EXPECT_EVENT(e, "--*-", 3);     // mixed is positive
    EXPECT_EVENT(e, "-o--", 2);     // missed too
    EXPECT_CENSORED(e, "----", 4);  // with one week of one, the time is the follow-up
    EXPECT_NONE(e, "");
  }
  EXPECT_EVENT("abs_shufman_1994", "oo-*", 4);  // here missed is clean
  EXPECT_CENSORED("abs_shufman_1994", "ooo", 3);
}

TEST(BuiltinEndpoints, LongestCleanStretch) {
  EXPECT_VALUE("abs_schottenfeld_2005", "--oo-*--", 3);  // joined across the missed weeks
  EXPECT_VALUE("abs_schottenfeld_2005", "ooo", 0);
  EXPECT_VALUE("abs_schottenfeld_b_2008", "--oo-*---", 3);  // not joined
  EXPECT_VALUE("abs_schottenfeld_b_2008", "+++", 0);
}

TEST(BuiltinEndpoints, LastWeekCleanAndThreeBeforeIt) {
  const std::string e = "abs_ctn0030_2011";
  EXPECT_YES(e, "+--+-");  // weeks -4..-2 are --+
  EXPECT_NO(e, "++-o-");   // +-o: two
  EXPECT_NO(e, "---o");    // a missed last week is positive
  EXPECT_YES(e, "-");      // nothing before it
  EXPECT_NO(e, "");
}

TEST(BuiltinEndpoints, RelapseInARow) {
  EXPECT_EVENT("rel_ctn0094_2023", "-o*+o-", 2);
  EXPECT_CENSORED("rel_ctn0094_2023", "----+++", 4);  // 7 weeks have 4 windows of 4
  EXPECT_NONE("rel_ctn0094_2023", "+++");             // and 3 weeks none
  EXPECT_EVENT("rel_schottenfeld_2008", "-+++", 2);
  EXPECT_CENSORED("rel_schottenfeld_2008", "----", 2);
  EXPECT_EVENT("drop_ctn0094_2023", "-oooo-", 2);
  EXPECT_CENSORED("drop_ctn0094_2023", "-ooo-", 2);
  EXPECT_YES("rel_krupitsky_2004", "-+o*-");
  EXPECT_NO("rel_krupitsky_2004", "++-++");
}

TEST(BuiltinEndpoints, RelapseFromAWeekOn) {
  EXPECT_YES("rel_johnson_1992", "+++-++");
  EXPECT_NO("rel_johnson_1992", "++++-");  // the pair of weeks 3 and 4 begins too early
  EXPECT_YES("rel_johnson_1992", "---*o");
  EXPECT_EVENT("rel_ctn0051_2018", "++++++", 3);  // weeks 3-6
  EXPECT_EVENT("rel_ctn0051_2018", "--++-+++++", 6);
  EXPECT_CENSORED("rel_ctn0051_2018", "----------", 7);  // 8 weeks have 5 windows, 2 weeks later
  EXPECT_NONE("rel_ctn0051_2018", "+++++");              // 3 weeks are left, too few for a window
}

TEST(BuiltinEndpoints, TwoPositiveWeeksWithinFour) {
  EXPECT_EVENT("rel_lee_2016", "-+-o", 3);        // window 1, and 4 - 2 weeks later
  EXPECT_EVENT("rel_lee_2016", "+----+--+", 8);   // window 6
  EXPECT_CENSORED("rel_lee_2016", "-+---+-", 6);  // 4 windows and 2
  EXPECT_NONE("rel_lee_2016", "++");
}

TEST(BuiltinEndpoints, EverySentenceAboutATimeSaysWhereEventAndCensoringLie) {
  // What "the number of weeks less K" and "the first week of the row" promise, on 15 weeks.
  int times = 0;
  for (const Endpoint& e : registry().all()) {
    if (e.type() != ResultType::time_event || e.spec().reading != Reading::published) continue;
    ++times;
    const std::string& sentence = e.spec().sentence;
    SCOPED_TRACE(e.id() + ": " + sentence);
    const auto at = sentence.find("the number of weeks");
    ASSERT_NE(at, std::string::npos);
    const auto less = sentence.find(" less ", at);
    const int short_of = less == std::string::npos ? 0 : std::stoi(sentence.substr(less + 6));
    EXPECT_CENSORED(e.id(), x(15, '-'), 15.0 - short_of);
    // Weeks 7 to 15 are positive (or missed): the row begins with week 7.
    const char sign = e.spec().about_attendance ? 'o' : '+';
    if (e.id() == "rel_lee_2016") {
      // Two positive weeks within 4, the earliest such window being weeks 5 to 8: 5 and two weeks.
      EXPECT_NE(sentence.find("offset of two weeks"), std::string::npos);
      EXPECT_EVENT(e.id(), x(6, '-') + x(9, sign), 7);
      // The offset may point past both positive weeks.
      EXPECT_EVENT(e.id(), "++" + x(13, '-'), 3);
    } else if (e.id() == "abs_shufman_1994") {
      EXPECT_EVENT(e.id(), "oo----" + x(9, sign), 7);
    } else {
      EXPECT_EVENT(e.id(), x(6, '-') + x(9, sign), 7);
    }
  }
  EXPECT_EQ(times, 8);
}

TEST(BuiltinEndpoints, WhatTrialsUsedInsteadOfFifteenWeeksStandsInTheNote) {
  // "(original weeks 14-26)" in the specification: its numbers are in the note.
  OMBRE_SHARED_OR_SKIP(path, "outcomes/SPEC.md");
  std::ifstream file{path};
  std::string line;
  int found = 0;
  const std::regex row{R"(^\| ((?:abs|rel|red|drop)_\w+) \|)"};
  const std::regex original{R"(\(original[^)]*\))"};
  const std::regex number{R"([0-9]+)"};
  while (std::getline(file, line)) {
    std::smatch id;
    std::smatch said;
    if (!std::regex_search(line, id, row) || !std::regex_search(line, said, original)) continue;
    const Endpoint* e = registry().find(id[1].str());
    ASSERT_NE(e, nullptr) << line;
    ++found;
    const std::string text = said.str();
    for (auto n = std::sregex_iterator{text.begin(), text.end(), number};
         n != std::sregex_iterator{}; ++n) {
      EXPECT_NE(e->spec().note.find(n->str()), std::string::npos) << e->id() << ": " << text;
    }
  }
  EXPECT_GE(found, 9);
}

TEST(BuiltinEndpoints, CleanShares) {
  // One clean, one mixed, one missed, one positive week.
  for (const std::string e :
       {"red_fiellin_2006", "red_johnson_1992", "red_pani_b_2000", "red_ling_2010",
        "red_mattick_b_2003", "red_preston_2000", "red_strang_2019", "red_comer_2006"}) {
    EXPECT_VALUE(e, "-*o+", 1.5 / 4);  // missed stays in the divisor
    EXPECT_VALUE(e, "oooo", 0.0);
    EXPECT_VALUE(e, "", 0.0);
  }
  for (const std::string e : {"red_fudala_2003", "red_pani_a_2000", "red_schottenfeld_2005",
                              "red_wolstein_2009", "red_ling_a_1998"}) {
    EXPECT_VALUE(e, "-*o+", 1.5 / 3);  // missed is ignored
    EXPECT_VALUE(e, "oooo", 0.0);
  }
  // Where each fixed window ends: all clean until there, positive afterwards.
  EXPECT_VALUE("red_comer_2006", x(8, '-') + "+", 1.0);
  EXPECT_VALUE("red_strang_2019", x(12, '-') + "+", 1.0);
  EXPECT_VALUE("red_mattick_b_2003", x(13, '-') + "+", 1.0);
  EXPECT_VALUE("red_preston_2000", x(12, '-') + "++", 12.0 / 13);
  EXPECT_VALUE("red_ling_2010", x(15, '-') + "+", 1.0);
  EXPECT_VALUE("red_haight_2019", "++++-*", 1.5 / 2);
  EXPECT_VALUE("red_haight_2019", "----", 0.0);  // nothing in weeks 5-15
  // First 15 attended weeks, here weeks 6 to 20.
  EXPECT_VALUE("red_ling_a_1998", "ooooo" + x(10, '-') + x(10, '+'), 10.0 / 15);
}

TEST(BuiltinEndpoints, SharesUpToTheLastAttendedWeek) {
  for (const std::string e : {"red_mattick_a_2003", "red_tanum_2017"}) {
    EXPECT_VALUE(e, "-o*+oo", 1.5 / 4);
    EXPECT_VALUE(e, "ooo", 0.0);
    EXPECT_VALUE(e, "oo-", 1.0 / 3);
  }
}

TEST(BuiltinEndpoints, OneMinusPositiveShares) {
  for (const std::string e : {"red_shufman_1994", "red_strain_1994", "red_strain_1999"}) {
    EXPECT_VALUE(e, "-*o+", 1 - 1.5 / 4);
    EXPECT_VALUE(e, "oooo", 1.0);  // never seen is the best value
    EXPECT_NONE(e + ".corrected", "oooo");
    EXPECT_VALUE(e + ".corrected", "-*o+", 1 - 1.5 / 4);
    EXPECT_VALUE(e + ".text", "-*o+", 1 - 1.5 / 3);  // said to ignore missed weeks
    EXPECT_VALUE(e + ".paper", "-*o+", 1.5 / 4);     // papers count positives
  }
  for (const std::string e : {"red_soyka_2008", "red_strain_1996"}) {
    EXPECT_VALUE(e, "-*o+", 1 - 1.5 / 3);
    EXPECT_VALUE(e, "oooo", 1.0);
    EXPECT_NONE(e + ".corrected", "oooo");
    EXPECT_VALUE(e + ".paper", "-*o+", 1.5 / 3);
  }
  EXPECT_VALUE("red_petitjean_2001", "-*o+", 1 - 2.5 / 4);  // missed is positive
  EXPECT_VALUE("red_petitjean_2001", "oooo", 0.0);
  EXPECT_VALUE("red_petitjean_2001.paper", "-*o+", 2.5 / 4);
  EXPECT_VALUE("red_strain_1993",
               "+++++"
               "-o*+",
               1 - 1.5 / 4);
  EXPECT_VALUE("red_strain_1993", "+++++", 1.0);  // nothing in weeks 6-15
  EXPECT_NONE("red_strain_1993.corrected", "+++++");
  EXPECT_NONE("red_strain_1993.corrected", "+++++ooo");
  EXPECT_VALUE("red_strain_1993.release_0_1_0",
               "+++++"
               "-o*+",
               1 - 1.5);
  EXPECT_VALUE("red_strain_1993.paper",
               "+++++"
               "-o*+",
               1.5 / 4);
}

TEST(BuiltinEndpoints, WoodyLooksAtThreeWeeks) {
  EXPECT_VALUE("red_woody_2008",
               "+++-"
               "+++*"
               "+++o",
               1 - 1.5 / 3);
  EXPECT_VALUE("red_woody_2008", "---", 0.0);  // weeks 4, 8 and 12 never came: missed
  EXPECT_VALUE("red_woody_2008", x(12, 'o'), 0.0);
  EXPECT_VALUE("red_woody_2008.paper",
               "+++-"
               "+++*"
               "+++o",
               1.5 / 3);
}

TEST(BuiltinEndpoints, ThresholdsOnShares) {
  EXPECT_YES("red_kosten_b_1993", "oo" + x(7, '-') + "+++");  // 7 of 10, exactly 70 %
  EXPECT_NO("red_kosten_b_1993", "oo" + x(6, '-') + "*+++");  // 6.5 of 10
  EXPECT_NO("red_kosten_b_1993", "ooo");
  EXPECT_YES("red_strang_2010", "++++" + x(6, '-') + x(6, 'o'));    // 6 of the last 12
  EXPECT_NO("red_strang_2010", x(9, '-') + x(5, '-') + x(7, '+'));  // 5 of the last 12
  EXPECT_YES("red_strang_2010", "-+");  // a short word is looked at whole
}

TEST(BuiltinEndpoints, JaffeNeedsAVisitInWeekEight) {
  EXPECT_VALUE("red_jaffe_1972", "------oo", 0.0);      // last seen in week 6
  EXPECT_VALUE("red_jaffe_1972", "-----o+-", 7.0 / 8);  // week 6 becomes clean, the most frequent
  // Mixed counts as positive for the frequency: + 3, - 4. The missed week becomes clean.
  EXPECT_VALUE("red_jaffe_1972", "*+*o----", (5 + 2 * 0.5) / 8);
  // + 4, - 4: the tie goes to positive.
  EXPECT_VALUE("red_jaffe_1972", "++++o----", 4.0 / 9);
}

TEST(BuiltinEndpoints, EissenbergFillsLoneGaps) {
  const std::string e = "red_eissenberg_1997";
  EXPECT_YES(e, x(11, '+') + "-o--");         // weeks 12-15 after filling week 13
  EXPECT_NO(e, x(11, '+') + "--oo");          // not seen in week 15 or later
  EXPECT_YES(e, "----" + x(10, '+') + "o+");  // seen in week 16, run in weeks 1-4
  EXPECT_NO(e, x(12, '+') + "-o--");          // the run reaches into week 16
  EXPECT_VALUE(e + ".text", x(11, '+') + "-o--", 4.0 / 15);
}

TEST(BuiltinEndpoints, SchwartzLooksAtWeekFifteen) {
  EXPECT_YES("abs_schwartz_2006", x(14, '+') + "-");
  EXPECT_NO("abs_schwartz_2006", x(14, '-') + "*");  // a half is not clean
  EXPECT_NO("abs_schwartz_2006", x(14, '-'));
  EXPECT_VALUE("abs_schwartz_2006.paper", x(14, '-') + "*", 0.5);
}

TEST(BuiltinEndpoints, ZaksCountsWhatIsNotPositive) {
  EXPECT_VALUE("red_zaks_1972", "-*o+", 1.5);  // 3 attended, 1.5 positive
  EXPECT_VALUE("red_zaks_1972", "ooo", 0.0);
  EXPECT_VALUE("red_zaks_1972.paper", "-*o+", 1.5);
}

TEST(BuiltinEndpoints, Ling1976IndexByHand) {
  // The weights of 15 weeks are 3 * (1 + 2 + 3 + 4 + 5) = 45.
  EXPECT_NEAR(value("red_ling_a_1976", x(15, '-'))->value, 120, 1e-12);
  EXPECT_NEAR(value("red_ling_a_1976", x(15, '+'))->value, 0, 1e-12);
  EXPECT_NEAR(value("red_ling_a_1976", x(14, '-') + "+")->value, 120 - 120 * 5 / 45.0, 1e-12);
  EXPECT_NEAR(value("red_ling_a_1976", x(14, '-') + "*")->value, 120 - 120 * 2.5 / 45.0, 1e-12);
  EXPECT_NEAR(value("red_ling_a_1976", "----" + x(11, 'o'))->value, 120 - 120 * 11 * 0.22 / 45,
              1e-12);
  EXPECT_VALUE("red_ling_a_1976", "---" + x(12, 'o'), 0.0);  // not seen after week 3
  EXPECT_NONE("red_ling_a_1976", x(14, '-'));                // too short for the list
  EXPECT_NONE("red_ling_a_1976", x(14, '-') + "_");
  EXPECT_NONE("red_ling_a_1976", x(15, '-') + "_");  // blank in the published tables
  EXPECT_NEAR(value("red_ling_a_1976.corrected", x(15, '-') + "_")->value, 120, 1e-12);
  // 14 weeks: 40 of weight; week 14 weighs 5.
  EXPECT_NEAR(value("red_ling_a_1976.corrected", x(13, '-') + "+")->value, 120 - 120 * 5 / 40.0,
              1e-12);
  // Missed weighs like positive: 11 missed weeks 5..15 are 45 - 1 - 1 - 1 - 2 = 40 of weight.
  EXPECT_NEAR(value("red_ling_a_1976.text", "----" + x(11, 'o'))->value, 120 - 120 * 40 / 45.0,
              1e-12);
  // Five weeks weigh 1 2 3 4 5; 0.8 times that is at least the 1 of a missed week but in week 1.
  EXPECT_NEAR(value("red_ling_b_1976", "----+")->value, 120 - 120 * 4.0 / (1 + 1.6 + 2.4 + 3.2 + 4),
              1e-12);
  EXPECT_VALUE("red_ling_b_1976", "---oo", 0.0);
  EXPECT_NONE("red_ling_b_1976", "-----_");
  EXPECT_NONE("red_ling_b_1976", "");
}

TEST(BuiltinEndpoints, TextReadings) {
  // Tanum: divided by attended tests.
  EXPECT_VALUE("red_tanum_2017.text", "-o*+oo", 1.5 / 3);
  // Kosten, Ling: attended weeks among 1-15, here none but weeks 6-15, all clean.
  EXPECT_YES("red_kosten_b_1993.text", "ooooo" + x(10, '-') + x(10, '+'));
  EXPECT_NO("red_kosten_b_1993", "ooooo" + x(10, '-') + x(10, '+'));
  EXPECT_VALUE("red_ling_a_1998.text", "ooooo" + x(10, '-') + x(10, '+'), 1.0);
  // CTN-0051 from week 4; Johnson from week 5.
  EXPECT_EVENT("rel_ctn0051_2018.text", "++++++++", 4);
  EXPECT_NO("rel_johnson_1992.text", "---++-");
  EXPECT_YES("rel_johnson_1992", "---++-");
  // The last four weeks, wherever the word ends.
  EXPECT_YES("abs_ctn0094_2023.text", x(20, '+') + "--o-");
  EXPECT_NO("abs_ctn0094_2023", x(20, '+') + "--o-");
  // 13 weeks from 14 on.
  EXPECT_YES("red_strang_2010.paper", x(13, '+') + x(7, '-') + x(6, '+'));
  EXPECT_NO("red_strang_2010.paper", x(13, '+') + x(6, '-') + x(7, '+'));
}

TEST(BuiltinEndpoints, CorrectedTimesReachTheEndOfFollowUp) {
  const std::string clean = x(10, '-');
  for (const std::string e : {"rel_ctn0094_2023", "drop_ctn0094_2023", "rel_lee_2016",
                              "rel_ctn0051_2018", "rel_schottenfeld_2008"}) {
    EXPECT_CENSORED(e + ".corrected", clean, 10);
  }
  // Published: 10 minus threshold plus 1.
  EXPECT_CENSORED("rel_ctn0094_2023", clean, 7);
  EXPECT_CENSORED("rel_lee_2016", clean, 9);
  EXPECT_CENSORED("rel_schottenfeld_2008", clean, 8);
  // Events stay where they were.
  EXPECT_EVENT("rel_ctn0094_2023.corrected", "-++++-", 2);
}

TEST(BuiltinEndpoints, ReadingsAreFoundByBaseId) {
  EXPECT_EQ(registry().find("red_strain_1994", Reading::text)->id(), "red_strain_1994.text");
  EXPECT_EQ(registry().find("red_zaks_1972", Reading::text)->id(), "red_zaks_1972.paper");
  EXPECT_EQ(registry().find("red_comer_2006", Reading::text)->id(), "red_comer_2006");
  EXPECT_EQ(registry().find("rel_lee_2016", Reading::corrected)->id(), "rel_lee_2016.corrected");
  EXPECT_EQ(registry().find("nobody_1900", Reading::text), nullptr);
  EXPECT_EQ(published_endpoints(Reading::text).size(), 54u);
}

TEST(BuiltinEndpoints, EachHasAnExplanationWithItsSource) {
  const auto entries = explain_endpoints();
  EXPECT_EQ(entries.size(), registry().size());
  for (const auto& entry : entries) {
    EXPECT_FALSE(entry.title.empty()) << entry.name;
    EXPECT_NE(entry.text.find("Composition: "), std::string::npos) << entry.name;
    ASSERT_FALSE(entry.sources.empty()) << entry.name;
    for (const auto& c : entry.sources) EXPECT_NE(c.source, nullptr);
  }
  const auto* e = registry().find("abs_krupitsky_b_2011");
  EXPECT_EQ(e->formula(), "count(bad(w), '-', 5, 15)");
}

TEST(BuiltinEndpoints, WeeksBeyondTheHorizonChangeNothing) {
  std::mt19937_64 rng{5};
  for (int seed = 0; seed < 40; ++seed) {
    const std::string start = ombre_test::random_text(rng, 20, "+-*o");
    const std::string tail = ombre_test::random_text(rng, rng() % 12, "+-*o");
    for (const Endpoint& e : registry().all()) {
      const auto cut = e.with_horizon(20);
      ASSERT_TRUE(cut) << describe(cut.error());
      EXPECT_EQ(cut->evaluate(word(start)), cut->evaluate(word(start + tail)))
          << e.id() << ' ' << start << ' ' << tail;
    }
  }
}

}  // namespace
