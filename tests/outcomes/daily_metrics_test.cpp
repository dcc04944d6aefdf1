#include "ombre/outcomes/daily_metrics.hpp"
#include <gtest/gtest.h>
#include <random>
#include <sstream>

#include "outcomes/naive_metrics.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::Day;
using timeline::MissingRule;
using timeline::UseState;

struct Columns {
  std::vector<std::uint8_t> state;
  std::vector<double> amount;
  [[nodiscard]] timeline::DayView view() const { return {state, amount, 0}; }
};

Columns columns_of(const std::vector<Day>& days) {
  Columns c;
  for (const Day& d : days) {
    c.state.push_back(timeline::day_byte(d.state, d.controlled));
    c.amount.push_back(d.amount);
  }
  return c;
}

// "5 0 u ? 2!": amounts, 0 none, u use of unknown amount, ? unknown, ! controlled.
Columns columns(std::string_view text) {
  std::vector<Day> days;
  std::istringstream in{std::string{text}};
  for (std::string word; in >> word;) {
    Day d;
    if (word.back() == '!') {
      d.controlled = true;
      word.pop_back();
    }
    if (word == "u") {
      d.state = UseState::used;
    } else if (word == "?") {
      d.state = UseState::unknown;
    } else {
      d.amount = std::stod(word);
      d.state = d.amount > 0 ? UseState::amount : UseState::none;
    }
    days.push_back(d);
  }
  return columns_of(days);
}

HeavyDay niaaa() { return *HeavyDay::from(*spectrum::heavy_rule("niaaa_heavy_day")); }

SeriesMetrics metrics(const Columns& c, const MetricOptions& options,
                      const SeriesContext& context = {}) {
  const auto m = compute_metrics(c.view(), options, context);
  if (!m) {
    ADD_FAILURE() << describe(m.error());
    return {};
  }
  return *m;
}

MetricOptions by(MissingRule rule) { return MetricOptions{rule}; }

// Source: clinical/metrics.md section 1, "Worked 28 days" (US drinks).
class WorkedExample : public testing::Test {
 protected:
  Columns days = columns("0 0 6 5 0 2 0  0 4 0 0 7 3 0  0 0 0 2 0 0 0  0 0 1 0 0 0 0");
  SeriesContext men{14, Sex::male};
  SeriesContext women{14, Sex::female};
};

TEST_F(WorkedExample, GivesThePublishedNumbersUnderEveryMissingRule) {
  for (const MissingRule rule : timeline::missing_rules) {
    MetricOptions o{rule};
    o.heavy = niaaa();
    const auto m = metrics(days, o, men);
    EXPECT_EQ(*m[Metric::use_days].value, 8);
    EXPECT_NEAR(*m[Metric::pda].value, 71.43, 0.005);
    EXPECT_EQ(*m[Metric::heavy_days].value, 3);
    EXPECT_NEAR(*m[Metric::phdd].value, 10.71, 0.005);
    EXPECT_EQ(*m[Metric::ddd].value, 3.75);
    EXPECT_EQ(*m[Metric::total].value, 30);
    EXPECT_NEAR(*m[Metric::dpd].value, 1.071, 0.0005);
    EXPECT_NEAR(*m[Metric::ethanol_g_per_day].value, 15.0, 1e-12);
    EXPECT_EQ(*m[Metric::who_rdl].value, 1);  // low
    EXPECT_EQ(m[Metric::pda].n_observed, 28u);
    EXPECT_EQ(m[Metric::pda].n_missing, 0u);
    const auto w = metrics(days, o, women);
    EXPECT_EQ(*w[Metric::heavy_days].value, 4);
    EXPECT_NEAR(*w[Metric::phdd].value, 14.29, 0.005);
    EXPECT_EQ(*w[Metric::who_rdl].value, 1);  // low
  }
}

// By hand on the same days: use on days 3 4 6 9 12 13 18 24 (counted from 1).
TEST_F(WorkedExample, RunsAndEpisodesByHand) {
  MetricOptions o{MissingRule::exclude};
  const auto m = metrics(days, o, men);
  EXPECT_EQ(*m[Metric::max_day].value, 7);
  EXPECT_EQ(*m[Metric::median_day].value, 0);
  // Amounts of all days sorted end in 2 2 3 4 5 6 7; h = 27 * 0.9 = 24.3, between 4 and 5.
  EXPECT_DOUBLE_EQ(*m[Metric::p90_day].value, 4.3);
  EXPECT_EQ(*m[Metric::median_use_day].value, 3.5);       // 1 2 2 3 4 5 6 7
  EXPECT_EQ(*m[Metric::longest_abstinent_run].value, 5);  // days 19-23
  EXPECT_EQ(*m[Metric::current_abstinent_run].value, 4);  // days 25-28
  EXPECT_EQ(*m[Metric::first_use].value, 2);
  EXPECT_EQ(*m[Metric::days_to_lapse].value, 2);
  EXPECT_EQ(*m[Metric::episodes].value, 1);  // no gap reaches 7 days
  EXPECT_EQ(*m[Metric::mean_episode_days].value, 22);
  EXPECT_EQ(*m[Metric::continuous_abstinence].value, 0);
  EXPECT_EQ(*m[Metric::prolonged_abstinence].value, 0);
  EXPECT_EQ(*m[Metric::point_prevalence_7].value, 0);  // days 22-28 hold day 24
  EXPECT_EQ(m[Metric::point_prevalence_30].status, MetricStatus::window_too_short);
  EXPECT_EQ(m[Metric::duration_trend].status, MetricStatus::too_few_episodes);
  o.gap_days = 2;  // episodes 3-6, 9, 12-13, 18, 24: lengths 4 1 2 1 1, intervals 2 2 4 5
  const auto g = metrics(days, o, men);
  EXPECT_EQ(*g[Metric::episodes].value, 5);
  EXPECT_DOUBLE_EQ(*g[Metric::mean_episode_days].value, 9. / 5);
  EXPECT_EQ(*g[Metric::longest_episode_days].value, 4);
  EXPECT_DOUBLE_EQ(*g[Metric::episode_burden].value, 9. / 28);
  EXPECT_DOUBLE_EQ(*g[Metric::mean_interval_days].value, 13. / 4);
  // Pairwise slopes of 4 1 2 1 1: -3 -1 -1 -3/4 1 0 0 -1 -1/2 0; the middle two are -3/4, -1/2.
  EXPECT_DOUBLE_EQ(*g[Metric::duration_trend].value, -0.625);
  // Of 2 2 4 5: 0 1 1 2 3/2 1: median 1. With the open interval 4: also 1/2 2/3 0 -1 -> 10 slopes
  // -1 0 0 1/2 2/3 1 1 1 3/2 2, the middle two are 2/3 and 1.
  EXPECT_DOUBLE_EQ(*g[Metric::interval_trend].value, 1);
  EXPECT_DOUBLE_EQ(*g[Metric::interval_trend_open].value, 5. / 6);
  EXPECT_DOUBLE_EQ(*g[Metric::interval_trend].lower, 5. / 6);
}

// Source: clinical/metrics.md section 2: use on days 5,6,7,20,21,40 of 60.
TEST(DailyMetrics, EpisodesDependOnTheGapThatIsPrinted) {
  std::vector<Day> days(60);
  for (const std::size_t d : {5U, 6U, 7U, 20U, 21U, 40U}) days[d - 1].state = UseState::used;
  const Columns c = columns_of(days);
  MetricOptions o{MissingRule::exclude};
  for (const int gap : {1, 7}) {
    o.gap_days = gap;
    const auto m = metrics(c, o);
    EXPECT_EQ(*m[Metric::episodes].value, 3);
    EXPECT_EQ(*m[Metric::mean_episode_days].value, 2);
    EXPECT_EQ(*m[Metric::mean_interval_days].value, 15);
    EXPECT_EQ(*m[Metric::duration_trend].value, -1);  // 3 2 1: relapses get shorter
    EXPECT_EQ(*m[Metric::interval_trend].value, 6);   // 12 18: and further apart
    EXPECT_EQ(*m[Metric::duration_tau].value, -1);
    EXPECT_EQ(*m[Metric::interval_tau].value, 1);
    EXPECT_EQ(*m[Metric::interval_trend_open].value, 4);  // 12 18 20: slopes 6 4 2
  }
  o.gap_days = 14;
  const auto m = metrics(c, o);
  EXPECT_EQ(*m[Metric::episodes].value, 2);
  EXPECT_EQ(*m[Metric::mean_episode_days].value, 9);  // 17 and 1
  EXPECT_EQ(*m[Metric::mean_interval_days].value, 18);
  EXPECT_EQ(m[Metric::interval_trend].status, MetricStatus::too_few_episodes);
  EXPECT_EQ(definition(Metric::episodes, o), "gap 14 d; missing=exclude");
}

TEST(DailyMetrics, AnAmountPerUseDayOfNobodyIsUndefinedAndNotZero) {
  const auto m = metrics(columns("0 0 0"), by(MissingRule::exclude));
  EXPECT_FALSE(m[Metric::ddd].value);
  EXPECT_EQ(m[Metric::ddd].status, MetricStatus::no_use_day);
  EXPECT_FALSE(m[Metric::ddd].lower);
  EXPECT_EQ(*m[Metric::total].value, 0);
  EXPECT_EQ(*m[Metric::max_day].value, 0);
  EXPECT_EQ(*m[Metric::pda].value, 100);
  EXPECT_EQ(*m[Metric::continuous_abstinence].value, 1);
  EXPECT_FALSE(m[Metric::first_use].value);
  EXPECT_EQ(m[Metric::days_to_lapse].status, MetricStatus::no_event);
  EXPECT_EQ(*m[Metric::days_to_lapse].lower, 2);  // censored at the last day
  EXPECT_FALSE(m[Metric::days_to_lapse].upper);
}

TEST(DailyMetrics, MissingDaysFollowTheNamedRule) {
  const Columns c = columns("2 ? 0 ? 4");
  const auto value = [&](Metric m, MissingRule r) { return *metrics(c, by(r))[m].value; };
  const auto all = [&](Metric m) {
    return std::vector<double>{value(m, MissingRule::exclude), value(m, MissingRule::worst),
                               value(m, MissingRule::best), value(m, MissingRule::locf)};
  };
  using V = std::vector<double>;
  EXPECT_EQ(all(Metric::use_days), (V{2, 4, 2, 3}));
  EXPECT_EQ(all(Metric::pda), (V{100. / 3, 20, 60, 40}));
  EXPECT_EQ(all(Metric::total), (V{6, 14, 6, 8}));  // worst: 4 on both, locf: 2 on the first
  EXPECT_EQ(all(Metric::dpd), (V{2, 14. / 5, 6. / 5, 8. / 5}));
  EXPECT_EQ(all(Metric::ddd), (V{3, 3.5, 3, 8. / 3}));
  EXPECT_EQ(all(Metric::longest_abstinent_run), (V{1, 1, 3, 2}));
  const auto m = metrics(c, by(MissingRule::exclude));
  EXPECT_EQ(*m[Metric::pda].lower, 20);
  EXPECT_EQ(*m[Metric::pda].upper, 60);
  EXPECT_EQ(m[Metric::pda].n_observed, 3u);
  EXPECT_EQ(m[Metric::pda].n_missing, 2u);
  EXPECT_EQ(*m[Metric::observed_percent].value, 60);
  EXPECT_EQ(*m[Metric::ddd].lower, 2.5);  // 2 2 2 4 on use days
}

TEST(DailyMetrics, UseOfUnknownAmountCountsAsUseAndNotAsAmount) {
  const Columns c = columns("3 u 0 5");
  const auto m = metrics(c, by(MissingRule::exclude));
  EXPECT_EQ(*m[Metric::use_days].value, 3);
  EXPECT_EQ(m[Metric::use_days].n_missing, 0u);
  EXPECT_EQ(*m[Metric::ddd].value, 4);
  EXPECT_EQ(m[Metric::ddd].n_observed, 3u);
  EXPECT_EQ(m[Metric::ddd].n_missing, 1u);
  EXPECT_EQ(*m[Metric::total].value, 8);
  EXPECT_EQ(*m[Metric::total].lower, 8);
  EXPECT_EQ(*m[Metric::total].upper, 13);
  EXPECT_EQ(*metrics(c, by(MissingRule::best))[Metric::total].value, 11);
  EXPECT_EQ(*metrics(c, by(MissingRule::locf))[Metric::total].value, 11);
  EXPECT_EQ(*metrics(c, by(MissingRule::worst))[Metric::total].value, 13);
}

TEST(DailyMetrics, WithoutAmountsEveryYesNoMetricWorks) {
  const std::vector<std::uint8_t> state{2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0};
  MetricOptions o{MissingRule::exclude};
  o.heavy = niaaa();
  o.gap_days = 2;
  const auto m = compute_metrics({state, {}, 0}, o, {14, Sex::male});
  ASSERT_TRUE(m);
  for (const MetricInfo& info : metric_infos()) {
    const Estimate& e = (*m)[info.metric];
    if (info.needs_amount) {
      EXPECT_EQ(e.status, MetricStatus::amounts_not_known) << info.id;
      EXPECT_FALSE(e.value) << info.id;
    } else if (info.metric != Metric::point_prevalence_30 &&
               info.metric != Metric::prolonged_abstinence) {
      EXPECT_TRUE(e.value || e.status == MetricStatus::all_tied) << info.id;
    }
  }
  EXPECT_EQ(*(*m)[Metric::phdd].lower, 0);
  EXPECT_EQ(*(*m)[Metric::phdd].upper, 25);
}

TEST(DailyMetrics, OnOneDayAndOnNothingKnown) {
  const auto one = metrics(columns("4"), by(MissingRule::exclude));
  EXPECT_EQ(*one[Metric::ddd].value, 4);
  EXPECT_EQ(*one[Metric::episodes].value, 1);
  EXPECT_EQ(*one[Metric::first_use].value, 0);
  EXPECT_FALSE(one[Metric::days_to_lapse].value);  // no abstinent day before it
  EXPECT_EQ(*one[Metric::current_abstinent_run].value, 0);

  const auto nothing = metrics(columns("? ? ?"), by(MissingRule::exclude));
  for (const MetricInfo& info : metric_infos()) {
    if (info.metric == Metric::observed_percent) continue;
    EXPECT_FALSE(nothing[info.metric].value) << info.id;
    EXPECT_NE(nothing[info.metric].status, MetricStatus::ok) << info.id;
  }
  EXPECT_EQ(*nothing[Metric::use_days].lower, 0);
  EXPECT_EQ(*nothing[Metric::use_days].upper, 3);
  EXPECT_EQ(*nothing[Metric::observed_percent].value, 0);

  const auto used = metrics(columns("u u u"), by(MissingRule::exclude));
  EXPECT_EQ(*used[Metric::pda].value, 0);
  EXPECT_EQ(used[Metric::total].status, MetricStatus::amounts_not_known);
}

TEST(DailyMetrics, DaysInAControlledEnvironmentMayBeTakenOut) {
  const Columns c = columns("2 0! 0! 0 4 0!");
  MetricOptions o{MissingRule::exclude};
  EXPECT_NEAR(*metrics(c, o)[Metric::pda].value, 100 * 4. / 6, 1e-12);
  o.exclude_controlled = true;
  const auto m = metrics(c, o);
  EXPECT_NEAR(*m[Metric::pda].value, 100. / 3, 1e-12);
  EXPECT_EQ(*m[Metric::total].value, 6);
  EXPECT_EQ(*m[Metric::current_abstinent_run].value, 0);
  EXPECT_EQ(m[Metric::pda].n_observed, 3u);
  EXPECT_EQ(definition(Metric::pda, o), "controlled days taken out; missing=exclude");
  const auto none = metrics(columns("0! 0!"), o);
  EXPECT_EQ(none[Metric::pda].status, MetricStatus::window_too_short);
}

TEST(DailyMetrics, HeavyNeedsANameAnUnitAndWhereLimitsDifferASex) {
  const Columns c = columns("70 56 55 0");
  MetricOptions o{MissingRule::exclude};
  EXPECT_EQ(metrics(c, o)[Metric::phdd].status, MetricStatus::no_heavy_rule);
  o.heavy = niaaa();
  EXPECT_EQ(metrics(c, o)[Metric::phdd].status, MetricStatus::not_ethanol);
  EXPECT_EQ(metrics(c, o, {1, {}})[Metric::phdd].status, MetricStatus::sex_not_given);
  EXPECT_EQ(metrics(c, o, {1, {}})[Metric::who_rdl].status, MetricStatus::sex_not_given);
  EXPECT_EQ(*metrics(c, o, {1, Sex::male})[Metric::phdd].value, 25);
  EXPECT_EQ(*metrics(c, o, {1, Sex::female})[Metric::phdd].value, 50);
  o.heavy = *HeavyDay::from(*spectrum::heavy_rule("who_hed"));  // the same for both sexes
  EXPECT_EQ(*metrics(c, o, {1, {}})[Metric::phdd].value, 25);
  o.heavy = *HeavyDay::from("own", 55);
  EXPECT_EQ(*metrics(c, o)[Metric::phdd].value, 75);
  EXPECT_EQ(HeavyDay::from(*spectrum::heavy_rule("uk_low_risk")).error().code, Errc::unsupported);
  // A rule that also counts weeks, or several days, must not lend its name to its day part.
  for (const char* rule : {"niaaa_heavy_use", "au_2020", "samhsa_heavy"}) {
    EXPECT_EQ(HeavyDay::from(*spectrum::heavy_rule(rule)).error().code, Errc::unsupported) << rule;
  }
  SeriesContext drinks_of_unknown_size;
  drinks_of_unknown_size.is_ethanol = true;
  o.heavy = niaaa();
  for (const Metric m : {Metric::phdd, Metric::who_rdl, Metric::ethanol_g_per_day}) {
    EXPECT_EQ(metrics(c, o, drinks_of_unknown_size)[m].status, MetricStatus::unit_not_in_grams);
  }
  EXPECT_EQ(HeavyDay::from("own", 0).error().code, Errc::out_of_range);
  EXPECT_EQ(HeavyDay::from("", 1).error().code, Errc::missing);
}

// Source: clinical/spectrum.md 1.3, thresholds of the rules that speak about a day; 14 g drinks.
TEST(DailyMetrics, EveryNamedDayRuleCountsItsOwnDays) {
  const Columns drinks = columns("2 3 4 4.5 5 8 10 0");
  const auto heavy = [&](std::string_view rule, Sex sex) {
    MetricOptions o{MissingRule::exclude};
    o.heavy = *HeavyDay::from(*spectrum::heavy_rule(rule));
    return *metrics(drinks, o, {14, sex})[Metric::heavy_days].value;
  };
  EXPECT_EQ(heavy("niaaa_heavy_day", Sex::male), 3);    // >= 5
  EXPECT_EQ(heavy("niaaa_heavy_day", Sex::female), 5);  // >= 4
  EXPECT_EQ(heavy("fda_hdd", Sex::male), 4);            // > 4
  EXPECT_EQ(heavy("fda_hdd", Sex::female), 5);          // > 3
  EXPECT_EQ(heavy("ema_hdd", Sex::male), 4);            // > 60 g: 63 g and more
  EXPECT_EQ(heavy("ema_hdd", Sex::female), 6);          // > 40 g: 42 g and more
  EXPECT_EQ(heavy("high_intensity", Sex::male), 1);     // >= 10
  EXPECT_EQ(heavy("high_intensity", Sex::female), 2);   // >= 8
  EXPECT_EQ(heavy("who_hed", Sex::male), 4);            // >= 60 g
}

TEST(DailyMetrics, RefusesOptionsThatMakeNoSense) {
  const Columns c = columns("0 1");
  const auto refused = [&](auto change) {
    MetricOptions o{MissingRule::exclude};
    change(o);
    const auto m = compute_metrics(c.view(), o);
    return m ? std::string{"accepted"} : m.error().field;
  };
  EXPECT_EQ(refused([](auto& o) { o.gap_days = 0; }), "gap_days");
  EXPECT_EQ(refused([](auto& o) { o.prolonged_grace_days = -1; }), "prolonged_grace_days");
  EXPECT_EQ(refused([](auto& o) { o.heavy_grace_days = -1; }), "heavy_grace_days");
  EXPECT_EQ(refused([](auto& o) { o.lapse_gap_days = -1; }), "lapse_gap_days");
  EXPECT_EQ(refused([](auto& o) { o.missing = static_cast<MissingRule>(9); }), "missing");
  EXPECT_EQ(refused([](auto& o) {
              o.heavy = HeavyDay{};
              o.heavy->id = "x";
            }),
            "heavy");
  EXPECT_EQ(compute_metrics({{}, {}, 0}, by(MissingRule::best)).error().code, Errc::empty_input);
  EXPECT_EQ(compute_metrics(c.view(), by(MissingRule::best), {-1, {}}).error().field,
            "ethanol_g_per_unit");
  timeline::Grid grid;
  ASSERT_TRUE(grid.append("p", "s", "", c.view()));
  MetricOptions o{MissingRule::best};
  const std::vector<double> two{1, 1};
  o.ethanol_g_per_unit = two;
  EXPECT_EQ(compute_metrics(grid, o).error().code, Errc::size_mismatch);
  o.ethanol_g_per_unit = {};
  const std::vector<std::optional<Sex>> sexes(2);
  o.sex_of_person = sexes;
  EXPECT_EQ(compute_metrics(grid, o).error().field, "sex_of_person");
  o.sex_of_person = {};
  EXPECT_EQ(compute_metrics(grid, o, serial(), [](double) { return false; }).error().code,
            Errc::cancelled);
}

TEST(Metrics, EveryMetricHasIdWordsAndASource) {
  std::set<std::string_view> ids;
  for (const MetricInfo& info : metric_infos()) {
    EXPECT_TRUE(ids.insert(info.id).second);
    EXPECT_EQ(*parse_metric(info.id), info.metric);
    EXPECT_FALSE(info.text.empty() || info.title.empty() || info.unit.empty());
    EXPECT_NE(info.source, nullptr);
  }
  EXPECT_EQ(parse_metric("PDA").error().code, Errc::unknown_name);
  EXPECT_EQ(explain_metrics().size(), metric_count);
  for (const char* id : {"use_days",
                         "pda",
                         "phdd",
                         "ddd",
                         "dpd",
                         "total",
                         "max_day",
                         "median_day",
                         "p90_day",
                         "longest_abstinent_run",
                         "current_abstinent_run",
                         "first_use",
                         "episodes",
                         "mean_episode_days",
                         "mean_interval_days",
                         "duration_trend",
                         "interval_trend",
                         "who_rdl",
                         "point_prevalence_7",
                         "point_prevalence_30",
                         "continuous_abstinence",
                         "prolonged_abstinence",
                         "days_to_lapse"}) {
    EXPECT_TRUE(ids.count(id)) << id;
  }
}

// ---- properties --------------------------------------------------------------------------------

std::vector<Day> random_days(std::mt19937& random, std::size_t most_days, unsigned missing_percent,
                             bool fractions, double unit = 1) {
  const std::size_t n = 1 + random() % most_days;
  const unsigned use = 1 + static_cast<unsigned>(random() % 90);
  const unsigned no_amount = random() % 3 == 0 ? static_cast<unsigned>(random() % 60) : 0;
  std::vector<Day> days(n);
  for (Day& d : days) {
    if (random() % 100 < missing_percent) {
      d.state = UseState::unknown;
    } else if (random() % 100 < use) {
      d.state = random() % 100 < no_amount ? UseState::used : UseState::amount;
      if (d.state == UseState::amount) {
        d.amount = fractions ? static_cast<double>(1 + random() % 500) / 7
                             : unit * static_cast<double>(1 + random() % 12);
      }
    }
    d.controlled = random() % 20 == 0;
  }
  return days;
}

struct RandomCase {
  std::vector<Day> days;
  MetricOptions options{MissingRule::exclude};
  SeriesContext context{14, Sex::male};
};

RandomCase random_case(std::uint32_t seed, std::size_t most_days, unsigned missing) {
  std::mt19937 random{seed};
  RandomCase c;
  // Whole amounts, multiples of one that is not whole, and any.
  c.days = random_days(random, most_days, missing, seed % 4 == 0, seed % 4 == 2 ? 0.37 : 1);
  c.options.missing = timeline::missing_rules[random() % 4];
  c.options.gap_days = 1 + static_cast<std::int32_t>(random() % 9);
  if (seed % 11 == 0) c.options.gap_days = 60 + static_cast<std::int32_t>(random() % 10);
  c.options.prolonged_grace_days = static_cast<std::int32_t>(random() % 16);
  c.options.heavy_grace_days = static_cast<std::int32_t>(random() % 4);
  c.options.lapse_gap_days = static_cast<std::int32_t>(random() % 4);
  c.options.exclude_controlled = random() % 2 == 0;
  c.options.heavy = niaaa();
  return c;
}

void expect_near(const std::optional<double>& got, const std::optional<double>& want,
                 std::string_view what) {
  ASSERT_EQ(got.has_value(), want.has_value()) << what;
  // Sums may be taken in another order: a few units in the last place of at most 2 000 terms.
  if (got) {
    ASSERT_NEAR(*got, *want, 1e-10 * std::max(1.0, std::abs(*want))) << what;
  }
}

TEST(DailyMetrics, AgreeWithADayByDayReference) {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    const RandomCase c = random_case(seed, seed % 3 == 0 ? 400 : 40, seed % 5 * 12);
    const auto got = metrics(columns_of(c.days), c.options, c.context);
    const auto want = ombre_test::naive_metrics(c.days, c.options, c.context, c.options.missing);
    for (const MetricInfo& info : metric_infos()) {
      expect_near(got[info.metric].value, want[static_cast<std::size_t>(info.metric)], info.id);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(DailyMetrics, BoundsContainTheValueOfEveryMissingRule) {
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    const RandomCase c = random_case(seed, 120, 20);
    const Columns days = columns_of(c.days);
    std::optional<SeriesMetrics> first;
    for (const MissingRule rule : timeline::missing_rules) {
      MetricOptions o = c.options;
      o.missing = rule;
      const auto m = metrics(days, o, c.context);
      if (!first) first = m;
      for (const MetricInfo& info : metric_infos()) {
        const Estimate& e = m[info.metric];
        ASSERT_EQ(e.lower, (*first)[info.metric].lower) << info.id;
        ASSERT_EQ(e.upper, (*first)[info.metric].upper) << info.id;
        ASSERT_EQ(e.value.has_value(), e.status == MetricStatus::ok) << info.id;
        if (!e.value) continue;
        if (e.lower) {
          ASSERT_LE(*e.lower, *e.value) << info.id;
        }
        if (e.upper) {
          ASSERT_GE(*e.upper, *e.value) << info.id;
        }
        ASSERT_TRUE(e.lower || e.upper) << info.id;
      }
    }
  }
}

bool bounded_over_fillings(Metric m) {
  switch (m) {
    case Metric::mean_episode_days:
    case Metric::mean_interval_days:
    case Metric::duration_trend:
    case Metric::duration_tau:
    case Metric::interval_trend:
    case Metric::interval_trend_open:
    case Metric::interval_tau:
    case Metric::observed_percent:
      return false;
    default:
      return true;
  }
}

// Every unknown day becomes no use, use of the smallest or of the largest observed amount.
TEST(DailyMetrics, BoundsContainEveryFillingOfTheUnknownDays) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    RandomCase c = random_case(seed, 14, 25);
    c.options.exclude_controlled = false;
    double least = 1e300;
    double most = 0;
    std::vector<std::size_t> holes;
    for (std::size_t i = 0; i < c.days.size(); ++i) {
      const Day& d = c.days[i];
      if (d.state == UseState::amount) {
        least = std::min(least, d.amount);
        most = std::max(most, d.amount);
      }
      if (d.state == UseState::unknown || d.state == UseState::used) holes.push_back(i);
    }
    if (holes.size() > 6) continue;
    const bool amounts = most > 0;
    const auto m = metrics(columns_of(c.days), c.options, c.context);
    std::array<std::optional<double>, metric_count> low;
    std::array<std::optional<double>, metric_count> high;
    std::array<bool, metric_count> censored{};
    std::size_t fillings = 1;
    for (std::size_t i = 0; i < holes.size(); ++i) fillings *= 3;
    for (std::size_t f = 0; f < fillings; ++f) {
      std::vector<Day> days = c.days;
      std::size_t code = f;
      bool fits = true;
      for (const std::size_t h : holes) {
        const std::size_t choice = code % 3;
        code /= 3;
        if (choice == 0) {
          fits = fits && days[h].state == UseState::unknown;
          days[h].state = UseState::none;
        } else if (amounts) {
          days[h].state = UseState::amount;
          days[h].amount = choice == 1 ? least : most;
        } else {
          days[h].state = UseState::used;
        }
      }
      if (!fits) continue;
      const auto v = ombre_test::naive_metrics(days, c.options, c.context, MissingRule::exclude);
      for (const MetricInfo& info : metric_infos()) {
        if (!bounded_over_fillings(info.metric)) continue;
        const auto k = static_cast<std::size_t>(info.metric);
        const Estimate& e = m[info.metric];
        if (!v[k]) {
          censored[k] = true;
          continue;
        }
        const double slack = 1e-12 * std::max(1.0, std::abs(*v[k]));
        if (e.lower) {
          ASSERT_GE(*v[k], *e.lower - slack) << info.id;
        }
        if (e.upper) {
          ASSERT_LE(*v[k], *e.upper + slack) << info.id;
        }
        low[k] = low[k] ? std::min(*low[k], *v[k]) : *v[k];
        high[k] = high[k] ? std::max(*high[k], *v[k]) : *v[k];
      }
    }
    // Bounds that are promised to be exact are reached by a filling.
    for (const Metric metric :
         {Metric::use_days, Metric::pda, Metric::longest_abstinent_run,
          Metric::current_abstinent_run, Metric::episodes, Metric::longest_episode_days,
          Metric::episode_burden, Metric::continuous_abstinence, Metric::first_use,
          Metric::days_to_lapse}) {
      const auto k = static_cast<std::size_t>(metric);
      const Estimate& e = m[metric];
      if (low[k] && e.lower) {
        ASSERT_DOUBLE_EQ(*e.lower, *low[k]) << name(metric);
      }
      if (high[k] && e.upper) {
        ASSERT_DOUBLE_EQ(*e.upper, *high[k]) << name(metric);
      }
      // An event that some filling avoids has no latest day.
      if (metric == Metric::first_use || metric == Metric::days_to_lapse) {
        ASSERT_EQ(e.upper.has_value(), !censored[k] && high[k].has_value()) << name(metric);
      }
    }
  }
}

TEST(DailyMetrics, ScalingAmountsScalesWhatIsMeasuredInThem) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomCase c = random_case(seed, 200, 10);
    const auto before = metrics(columns_of(c.days), c.options);
    for (Day& d : c.days) d.amount *= 8;  // exact in binary
    const auto after = metrics(columns_of(c.days), c.options);
    for (const Metric m : {Metric::ddd, Metric::dpd, Metric::total, Metric::max_day,
                           Metric::median_day, Metric::p90_day, Metric::median_use_day}) {
      ASSERT_EQ(before[m].value.has_value(), after[m].value.has_value());
      if (before[m].value) {
        ASSERT_DOUBLE_EQ(8 * *before[m].value, *after[m].value) << name(m);
      }
    }
    ASSERT_EQ(before[Metric::pda].value, after[Metric::pda].value);
  }
}

TEST(DailyMetrics, AnotherDayKnownToBeWithoutUseNeverRaisesPhdd) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    RandomCase c = random_case(seed, 60, 15);
    const auto before = metrics(columns_of(c.days), c.options, c.context);
    c.days.insert(c.days.begin() + static_cast<std::ptrdiff_t>(seed % (c.days.size() + 1)), Day{});
    if (c.options.missing == MissingRule::locf) {  // the new day must not be carried into others
      c.days.erase(c.days.begin() + static_cast<std::ptrdiff_t>(seed % c.days.size()));
      c.days.push_back(Day{});
    }
    const auto after = metrics(columns_of(c.days), c.options, c.context);
    if (before[Metric::phdd].value && after[Metric::phdd].value) {
      ASSERT_LE(*after[Metric::phdd].value, *before[Metric::phdd].value);
    }
  }
}

TEST(DailyMetrics, PartsOfAWindowAddUpToTheWhole) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    RandomCase c = random_case(seed, 200, 15);
    if (c.options.missing == MissingRule::locf) c.options.missing = MissingRule::exclude;
    c.options.exclude_controlled = false;
    const Columns days = columns_of(c.days);
    if (days.state.size() < 2) continue;
    const std::size_t cut = 1 + seed % (days.state.size() - 1);
    const auto whole = metrics(days, c.options, c.context);
    const auto left = *compute_metrics(days.view().part(0, cut), c.options, c.context);
    const auto right =
        *compute_metrics(days.view().part(cut, days.state.size()), c.options, c.context);
    for (const Metric m : {Metric::use_days, Metric::abstinent_days, Metric::heavy_days}) {
      if (!left[m].value || !right[m].value) continue;
      ASSERT_EQ(*left[m].value + *right[m].value, *whole[m].value) << name(m);
    }
    if (c.options.missing == MissingRule::exclude && left[Metric::total].value &&
        right[Metric::total].value) {
      ASSERT_NEAR(*left[Metric::total].value + *right[Metric::total].value,
                  *whole[Metric::total].value, 1e-9);
    }
    ASSERT_EQ(left[Metric::pda].n_observed + right[Metric::pda].n_observed,
              whole[Metric::pda].n_observed);
  }
}

class Backwards final : public Runner {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    for (std::size_t i = count; i-- > 0;) task(i);
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return 3; }
};

TEST(DailyMetrics, AWholeGridGivesTheSameBytesForAnyRunner) {
  timeline::Grid grid;
  std::mt19937 random{5};
  for (int i = 0; i < 1500; ++i) {
    const Columns c = columns_of(random_days(random, 100, 10, i % 3 == 0));
    ASSERT_TRUE(grid.append("p" + std::to_string(i / 2), i % 2 == 0 ? "a" : "b", "", c.view()));
  }
  MetricOptions o{MissingRule::locf};
  o.heavy = *HeavyDay::from("own", 5);
  const auto one = compute_metrics(grid, o);
  double done = 0;
  const auto two = compute_metrics(grid, o, Backwards{}, [&](double d) {
    EXPECT_GE(d, done);
    done = d;
    return true;
  });
  ASSERT_TRUE(one && two);
  EXPECT_EQ(done, 1);
  for (std::size_t s = 0; s < grid.size(); ++s) {
    const auto alone = *compute_metrics(grid[s], o);
    for (const MetricInfo& info : metric_infos()) {
      const Estimate a = one->at(s, info.metric);
      const Estimate b = two->at(s, info.metric);
      const Estimate& c = alone[info.metric];
      for (const Estimate& other : {b, c}) {
        ASSERT_EQ(a.value, other.value);
        ASSERT_EQ(a.lower, other.lower);
        ASSERT_EQ(a.upper, other.upper);
        ASSERT_EQ(a.n_observed, other.n_observed);
        ASSERT_EQ(a.status, other.status);
      }
    }
  }
}

}  // namespace
