#include "ombre/outcomes/metric.hpp"

#include <array>

#include "core/cited.hpp"

namespace ombre::inline v0::outcomes {
namespace {

constexpr Source tlfb{"sobell-1992",
                      "Sobell LC, Sobell MB. Timeline Follow-Back. In: Litten RZ, Allen JP (eds), "
                      "Measuring Alcohol Consumption. Humana Press, 1992",
                      "1992"};
constexpr const Source& fda_alcohol = cited::fda_2015;
using cited::who_2000;
constexpr Source theil_sen{"sen-1968",
                           "Sen PK. Estimates of the regression coefficient based on Kendall's "
                           "tau. J Am Stat Assoc 63:1379-1389",
                           "1968"};
constexpr const Source& hughes = cited::hughes_2003;
constexpr const Source& own = cited::ombre_metrics;

constexpr auto known = Confidence::known;
constexpr auto proposal = Confidence::proposal;
constexpr auto up = MetricDirection::higher_is_better;
constexpr auto down = MetricDirection::lower_is_better;
constexpr auto neither = MetricDirection::neither;

constexpr std::array<MetricInfo, metric_count> infos{{
    {Metric::observed_percent, "observed_percent", "Days known, percent of the window",
     "100 x days known to be use or no use / days of the window. The missing rule does not change "
     "it.",
     "percent", neither, false, &own, proposal},
    {Metric::use_days, "use_days", "Days of use",
     "Number of days with use, the amount known or not. Bounds: every filling of the unknown days.",
     "days", down, false, &tlfb, known},
    {Metric::abstinent_days, "abstinent_days", "Days without use",
     "Number of days without use. Bounds: every filling of the unknown days.", "days", up, false,
     &tlfb, known},
    {Metric::pda, "pda", "Percent days abstinent",
     "100 x days without use / days. Under exclude the days are the known ones. Bounds: every "
     "filling of the unknown days.",
     "percent", up, false, &tlfb, known},
    {Metric::heavy_days, "heavy_days", "Heavy days",
     "Number of days whose amount reaches the named heavy-day rule. A day of use whose amount is "
     "not known counts as missing here: worst takes it and each day not known as heavy, best as "
     "not, whatever amounts were observed. Bounds: every filling.",
     "days", down, true, &fda_alcohol, known},
    {Metric::phdd, "phdd", "Percent heavy drinking days",
     "100 x heavy days / days, by the named heavy-day rule. Under exclude the days are those known "
     "to be without use or with a known amount. Worst takes each other day as heavy, best as not. "
     "Bounds: every filling.",
     "percent", down, true, &fda_alcohol, known},
    {Metric::no_heavy_days, "no_heavy_days", "No heavy day (1 yes, 0 no)",
     "1 if no day after the grace period is heavy by the named rule. The mean over people, times "
     "100, is the percentage of subjects with no heavy drinking days (PSNHDD). Bounds: every "
     "filling.",
     "yes/no", up, true, &fda_alcohol, known},
    {Metric::ddd, "ddd", "Amount per day of use (drinks per drinking day)",
     "Sum of amounts / days of use. Undefined, not 0, for somebody without a day of use. Rests on "
     "days with a known amount. Worst: unknown days are use of the person's own largest observed "
     "amount; best: unknown days are no use, use of unknown amount is the smallest observed "
     "amount. "
     "Bounds: every filling with amounts between those two.",
     "amount per use day", down, true, &tlfb, known},
    {Metric::dpd, "dpd", "Mean amount per day",
     "Sum of amounts / days, abstinent days included. Bounds: every filling with amounts between "
     "the person's own smallest and largest observed amount.",
     "amount per day", down, true, &tlfb, known},
    {Metric::total, "total", "Total amount",
     "Sum of the amounts. Under exclude it is the sum of what is known, whatever the number of "
     "days; look at n_missing. Bounds: from what is known to every unknown day at the largest "
     "observed amount.",
     "amount", down, true, &tlfb, known},
    {Metric::max_day, "max_day", "Largest day",
     "Largest amount on one day; 0 if no day had use. Bounds assume that no unknown day exceeds "
     "the "
     "largest observed one.",
     "amount", down, true, &tlfb, known},
    {Metric::median_day, "median_day", "Median day",
     "Median of the amounts of all days, abstinent days as 0, by quantile rule 7. Bounds: every "
     "filling with amounts between the smallest and largest observed.",
     "amount", down, true, &tlfb, known},
    {Metric::p90_day, "p90_day", "90th percentile day",
     "90th percentile of the amounts of all days, abstinent days as 0, by quantile rule 7. Bounds "
     "as "
     "for median_day.",
     "amount", down, true, &tlfb, known},
    {Metric::median_use_day, "median_use_day", "Median day of use",
     "Median of the amounts of days with use, by quantile rule 7. Undefined without a day of use. "
     "Bounds: every filling with amounts between the smallest and largest observed.",
     "amount", down, true, &own, proposal},
    {Metric::p90_use_day, "p90_use_day", "90th percentile day of use",
     "90th percentile of the amounts of days with use, by quantile rule 7. Undefined without a day "
     "of use. Bounds as for median_use_day.",
     "amount", down, true, &own, proposal},
    {Metric::ethanol_g_per_day, "ethanol_g_per_day", "Grams of ethanol per day",
     "dpd in grams of pure ethanol; only for amounts that are ethanol. Bounds as for dpd.", "g/day",
     down, true, &who_2000, known},
    {Metric::who_rdl, "who_rdl", "WHO risk drinking level (rank 0 to 4)",
     "Level of ethanol_g_per_day for the given sex: 0 abstinent, 1 low, 2 medium, 3 high, 4 very "
     "high. Bounds as for dpd.",
     "rank", down, true, &who_2000, known},
    {Metric::longest_abstinent_run, "longest_abstinent_run", "Longest run without use",
     "Most consecutive days without use. Under exclude a day that is not known ends the run. "
     "Bounds: every filling.",
     "days", up, false, &tlfb, known},
    {Metric::current_abstinent_run, "current_abstinent_run", "Days since last use",
     "Consecutive days without use up to the last day of the window. Under exclude it needs the "
     "last day to be known, and a day that is not known ends the run. Bounds: every filling.",
     "days", up, false, &tlfb, known},
    {Metric::first_use, "first_use", "Day of first use",
     "Days from the first day of the window (0) to the first day of use. Nothing when there is "
     "none; the lower bound is then the last known day. Bounds: every filling.",
     "days", up, false, &own, proposal},
    {Metric::days_to_lapse, "days_to_lapse", "Days to the first lapse",
     "Days from the first day of the window (0) to the first use that comes after at least "
     "lapse_gap_days abstinent days (lapse_any). Nothing when there is none: right-censored, the "
     "lower bound is the last known day. Bounds: every filling.",
     "days", up, false, &own, proposal},
    {Metric::days_to_heavy_day, "days_to_heavy_day", "Days to the first heavy day",
     "Days from the first day of the window (0) to the first heavy day by the named rule "
     "(heavy_day). Nothing when there is none: right-censored. Bounds: every filling.",
     "days", up, true, &fda_alcohol, known},
    {Metric::continuous_abstinence, "continuous_abstinence", "Continuous abstinence (1 yes, 0 no)",
     "1 if there is no use on any day of the window. Bounds: every filling.", "yes/no", up, false,
     &hughes, known},
    {Metric::prolonged_abstinence, "prolonged_abstinence", "Prolonged abstinence (1 yes, 0 no)",
     "1 if there is no use from the end of the grace period to the last day of the window. Bounds: "
     "every filling.",
     "yes/no", up, false, &hughes, known},
    {Metric::point_prevalence_7, "point_prevalence_7", "7-day point prevalence (1 yes, 0 no)",
     "1 if there is no use in the last 7 days of the window. Bounds: every filling.", "yes/no", up,
     false, &hughes, known},
    {Metric::point_prevalence_30, "point_prevalence_30", "30-day point prevalence (1 yes, 0 no)",
     "1 if there is no use in the last 30 days of the window. Bounds: every filling.", "yes/no", up,
     false, &hughes, known},
    {Metric::episodes, "episodes", "Episodes of use",
     "Number of episodes: days of use belong together when fewer than gap_days abstinent days lie "
     "between them. Under exclude a day that is not known is no abstinent day. Bounds: every "
     "filling, exactly.",
     "episodes", down, false, &own, proposal},
    {Metric::mean_episode_days, "mean_episode_days", "Mean length of an episode",
     "Mean of last - first + 1 over episodes. Bounds: the four missing rules.", "days", down, false,
     &own, proposal},
    {Metric::longest_episode_days, "longest_episode_days", "Longest episode",
     "Longest last - first + 1; 0 without an episode. Bounds: every filling.", "days", down, false,
     &own, proposal},
    {Metric::episode_burden, "episode_burden", "Share of days in episodes",
     "Sum of episode lengths / days of the window, 0 to 1. Bounds: every filling.", "share", down,
     false, &own, proposal},
    {Metric::mean_interval_days, "mean_interval_days", "Mean time between episodes",
     "Mean of next.first - this.last - 1 over closed intervals; needs two episodes. Bounds: the "
     "four "
     "missing rules.",
     "days", up, false, &own, proposal},
    {Metric::duration_trend, "duration_trend", "Trend of episode length",
     "Theil-Sen slope of episode length over episode number; needs three episodes. Below 0: "
     "relapses get shorter. Bounds: the four missing rules.",
     "days per episode", down, false, &theil_sen, proposal},
    {Metric::duration_tau, "duration_tau", "Rank correlation of episode length with its number",
     "Kendall tau-b; needs three episodes. Bounds: the four missing rules.", "-1 to 1", down, false,
     &theil_sen, proposal},
    {Metric::interval_trend, "interval_trend", "Trend of the time between episodes",
     "Theil-Sen slope of closed intervals over their number; needs three episodes. Above 0: more "
     "time between relapses. Bounds: the four missing rules, each also with the open interval "
     "counted at its present length.",
     "days per episode", up, false, &theil_sen, proposal},
    {Metric::interval_trend_open, "interval_trend_open",
     "Trend of the time between episodes, open interval included",
     "As interval_trend, with the present interval, where it is gap_days long or more, as the last "
     "one. That interval has not ended, so the slope it will have can only be higher: a lower "
     "bound. Without an open interval, equal to interval_trend. Bounds: the four missing rules.",
     "days per episode", up, false, &theil_sen, proposal},
    {Metric::interval_tau, "interval_tau", "Rank correlation of intervals with their number",
     "Kendall tau-b of closed intervals; needs three episodes. Bounds: the four missing rules.",
     "-1 to 1", up, false, &theil_sen, proposal},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < metric_count; ++i) {
    if (static_cast<std::size_t>(infos[i].metric) != i) return false;
  }
  return true;
}
static_assert(in_order());

struct StatusText {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<StatusText, 13> statuses{{
    {"ok", "there is a value"},
    {"no_observed_day", "no day is known on which it could rest"},
    {"no_use_day", "there is no day of use, so an amount per day of use is undefined"},
    {"amounts_not_known", "there was use and no amount of it is known"},
    {"no_heavy_rule", "no heavy-day rule was named"},
    {"not_ethanol", "the amounts are not known to be ethanol"},
    {"sex_not_given", "the limit differs by sex and no sex was given"},
    {"window_too_short", "the window has no days for it"},
    {"last_day_not_known", "the last day of the window is not known"},
    {"too_few_episodes", "there are too few episodes"},
    {"no_event", "it did not happen in the window"},
    {"all_tied", "all values are equal"},
    {"unit_not_in_grams", "what its unit holds in grams of ethanol is not known"},
}};

}  // namespace

std::span<const MetricInfo, metric_count> metric_infos() noexcept { return infos; }

const MetricInfo& metric_info(Metric metric) noexcept {
  return infos[static_cast<std::size_t>(metric)];
}

std::string_view name(Metric metric) noexcept {
  const auto i = static_cast<std::size_t>(metric);
  return i < metric_count ? infos[i].id : "invalid";
}

Result<Metric> parse_metric(std::string_view id) {
  for (const MetricInfo& info : infos) {
    if (info.id == id) return info.metric;
  }
  std::string rule = "must be one of";
  for (const MetricInfo& info : infos) {
    rule += ' ';
    rule += info.id;
  }
  return unexpected(error_at(Errc::unknown_name, "metric", std::nullopt, id, rule));
}

std::vector<Explanation> explain_metrics() {
  std::vector<Explanation> out;
  out.reserve(metric_count);
  for (const MetricInfo& info : infos) {
    Explanation e;
    e.name = info.id;
    e.kind = "metric";
    e.title = info.title;
    e.text = info.text;
    e.text += "\nUnit: ";
    e.text += info.unit;
    e.text += '.';
    if (info.needs_amount) e.text += " Needs amounts.";
    e.sources.push_back({info.source, info.confidence});
    // The name regulators use for the share of people it makes.
    if (info.metric == Metric::no_heavy_days) e.aliases.emplace_back("PSNHDD");
    if (info.source != &own) e.sources.push_back({&own, Confidence::proposal});
    out.push_back(std::move(e));
  }
  return out;
}

std::string_view name(MetricStatus status) noexcept {
  const auto i = static_cast<std::size_t>(status);
  return i < statuses.size() ? statuses[i].name : "invalid";
}

std::string_view describe(MetricStatus status) noexcept {
  const auto i = static_cast<std::size_t>(status);
  return i < statuses.size() ? statuses[i].text : "invalid";
}

}  // namespace ombre::inline v0::outcomes
