// Published rules of reduction as data.
#include <utility>

#include "ombre/plans/taper_rule.hpp"
#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

using enum Confidence;
constexpr StepLength days(int n) { return {n, LengthUnit::days}; }
constexpr StepLength weeks(int n) { return {n, LengthUnit::weeks}; }
constexpr StepLength months(int n) { return {n, LengthUnit::months}; }

// CDC 2022: at the smallest available dose lengthen the interval, stop below once a day.
Terminal stretched() {
  Terminal terminal;
  terminal.down_to_once_a_day = true;
  return terminal;
}

TaperPhase phase(ReductionRule rule) { return TaperPhase{std::move(rule)}; }

TaperPhase rows(std::vector<RowsRule::Row> list, bool may_rise = false) {
  return phase(RowsRule{std::move(list), may_rise});
}

std::vector<NamedRule> make() {
  std::vector<NamedRule> all;
  const auto add = [&all](std::string_view id, std::string_view title, std::string_view unit,
                          std::string_view cls, std::vector<TaperPhase> phases, StepLength length,
                          const Source& source, Confidence confidence, std::string_view note = {}) {
    all.push_back({id, title, unit, cls, std::move(phases), length, &source, confidence, note});
  };

  // Opioids.
  add("cdc-2022-weekly", "10 % of the original dose a week to 30 %, then 10 % of the rest a week",
      "", "opioid", {phase(TwoPhaseRule{10, 30, stretched()})}, weeks(1), sources::cdc_2022_text,
      known, "for use of weeks to months");
  add("cdc-2022-monthly-of-current", "10 % of the current dose a month", "", "opioid",
      {phase(PercentRule{10, Basis::current, stretched()})}, months(1), sources::cdc_2022, verified,
      "for use of about a year or longer; the guideline leaves the basis open");
  add("cdc-2022-monthly-of-original", "10 % of the original dose a month", "", "opioid",
      {phase(PercentRule{10, Basis::original})}, months(1), sources::cdc_2022, verified,
      "for use of about a year or longer; the guideline leaves the basis open");
  add("cdc-2022-acute-days", "Half for 2 days, then stop", "", "opioid",
      {phase(PercentRule{50, Basis::original})}, days(2), sources::cdc_2022_text, uncertain,
      "round-the-clock use of more than 3 days and less than a week");
  add("cdc-2022-acute-weeks", "20 % of the original dose every 2 days", "", "opioid",
      {phase(PercentRule{20, Basis::original})}, days(2), sources::cdc_2022_text, uncertain,
      "round-the-clock use of one week to one month; basis read as original");
  add("va-slowest-example", "VA example, slowest: morphine 270 mg by 15 mg a month", "mg", "opioid",
      {rows({{255}, {240}, {225}, {210}, {195}, {180}, {165}, {150}, {135}})}, months(1),
      sources::va_taper, uncertain, "remembered line by line; goes on after the ninth month");
  const std::vector<RowsRule::Row> va{{225}, {180}, {135}, {90}, {45}, {30}, {15}};
  add("va-slower-example", "VA example, slower: morphine 270 mg", "mg", "opioid", {rows(va)},
      months(1), sources::va_taper, uncertain, "remembered line by line");
  add("va-faster-example", "VA example, faster: morphine 270 mg", "mg", "opioid", {rows(va)},
      weeks(1), sources::va_taper, uncertain, "the slower doses, weekly");
  add("va-rapid-example", "VA example, rapid: morphine 270 mg", "mg", "opioid",
      {rows({{180}, {135}, {90}, {45}, {30, days(3)}, {15, days(4)}})}, days(1), sources::va_taper,
      uncertain, "usually in hospital");
  add("methadone-uk-5-mg-2-weeks", "Methadone: 5 mg every 2 weeks", "mg", "methadone",
      {phase(BandRule{{{0, 5}}})}, weeks(2), sources::uk_orange, known);
  add("methadone-uk-5-mg-1-week", "Methadone: 5 mg a week", "mg", "methadone",
      {phase(BandRule{{{0, 5}}})}, weeks(1), sources::uk_orange, known);
  add("buprenorphine-uk", "Buprenorphine: 2 mg every 2 weeks, 0.4 mg below 2 mg", "mg",
      "buprenorphine", {phase(BandRule{{{2, 2}, {0, 0.4}}})}, weeks(2), sources::uk_orange, known);
  add("buprenorphine-low-dose-start", "Low-dose start of buprenorphine beside a full agonist", "mg",
      "buprenorphine",
      {rows({{0.5, {}, {0.5, 0, 0}},
             {1, {}, {0.5, 0, 0.5}},
             {2, {}, {1, 0, 1}},
             {4, {}, {2, 0, 2}},
             {6, {}, {2, 2, 2}},
             {12, {}, {4, 4, 4}}},
            true)},
      days(1), sources::jabfm_low_dose, verified,
      "2 mg tablets or films; the full agonist is unchanged through day 6, then falls by 25 % a "
      "week");
  add("buprenorphine-bernese-case-1", "Bernese method, case 1: low-dose start of buprenorphine",
      "mg", "buprenorphine",
      {rows({{0.2, {}, {0.2, 0}},
             {0.2, {}, {0.2, 0}},
             {2.8, {}, {0.8, 2}},
             {4.5, {}, {2, 2.5}},
             {5, {}, {2.5, 2.5}},
             {6.5, {}, {2.5, 4}},
             {8, {}, {4, 4}},
             {8, {}, {4, 4}},
             {12, {}, {8, 4}}},
            true)},
      days(1), sources::hammig_2016, uncertain, "days as remembered");

  // Benzodiazepines and Z-drugs.
  const TaperPhase ashton = phase(BandRule{{{20, 2}, {5, 1}, {0, 0.5}}});
  add("ashton-1-week", "Ashton: diazepam by 2, 1 and 0.5 mg, steps of a week", "mg", "diazepam",
      {ashton}, weeks(1), sources::ashton_2002, known);
  add("ashton-2-weeks", "Ashton: diazepam by 2, 1 and 0.5 mg, steps of two weeks", "mg", "diazepam",
      {ashton}, weeks(2), sources::ashton_2002, known);
  add("bzd-5-percent-4-weeks", "5 % of the current dose every 4 weeks", "", "",
      {phase(PercentRule{5, Basis::current, Terminal{}})}, weeks(4), sources::bzd_joint_2025,
      verified, "the guideline leaves the basis open");
  add("bzd-10-percent-2-weeks", "10 % of the current dose every 2 weeks", "", "",
      {phase(PercentRule{10, Basis::current, Terminal{}})}, weeks(2), sources::bzd_joint_2025,
      verified, "the guideline leaves the basis open");
  add("bzd-25-percent-2-weeks", "25 % of the current dose every 2 weeks, the ceiling", "", "",
      {phase(PercentRule{25, Basis::current, Terminal{}})}, weeks(2), sources::bzd_joint_2025,
      verified, "low dose or short use; the guideline leaves the basis open");
  add("bzd-uk-eighth-of-original", "An eighth of the first dose every fortnight", "", "",
      {phase(PercentRule{12.5, Basis::original})}, weeks(2), sources::nice_bnf, known);
  add("bzd-uk-eighth-of-current", "An eighth of the current dose every fortnight", "", "",
      {phase(PercentRule{12.5, Basis::current, Terminal{}})}, weeks(2), sources::nice_bnf, known);
  add("diazepam-uk-2-mg-2-weeks", "Diazepam: 2 mg every 2 weeks", "mg", "diazepam",
      {phase(BandRule{{{0, 2}}})}, weeks(2), sources::nice_bnf, known, "slower below 10 to 15 mg");

  // Antidepressants.
  add("maudsley-10-percent-4-weeks", "10 % of the most recent dose every 4 weeks", "", "",
      {phase(PercentRule{10, Basis::current, Terminal{}})}, weeks(4), sources::maudsley, verified);
  add("maudsley-25-percent-2-weeks", "25 % of the most recent dose every 2 weeks", "", "",
      {phase(PercentRule{25, Basis::current, Terminal{}})}, weeks(2), sources::maudsley, verified);

  // Gabapentinoids.
  add("pregabalin-uk-50-mg-1-week", "Pregabalin: 50 mg a week", "mg", "pregabalin",
      {phase(BandRule{{{0, 50}}})}, weeks(1), sources::phe_2014, known);
  add("gabapentin-uk-300-mg-4-days", "Gabapentin: 300 mg every 4 days", "mg", "gabapentin",
      {phase(BandRule{{{0, 300}}})}, days(4), sources::phe_2014, known);

  // Nicotine.
  add("nicotine-us-more-than-10", "Patches for more than 10 cigarettes a day: 21, 14, 7 mg", "mg",
      "nicotine", {rows({{21, weeks(6)}, {14, weeks(2)}, {7, weeks(2)}})}, weeks(2),
      sources::nicotine_label, known);
  add("nicotine-us-10-or-fewer", "Patches for 10 cigarettes a day or fewer: 14, 7 mg", "mg",
      "nicotine", {rows({{14, weeks(6)}, {7, weeks(2)}})}, weeks(2), sources::nicotine_label,
      known);
  TaperPhase half = phase(PercentRule{50, Basis::current});
  half.at_most_steps = 2;
  add("varenicline-reduce-to-quit", "Half by week 4, half again by week 8, none by week 12",
      "cigarettes", "nicotine", {half, phase(PercentRule{100, Basis::original})}, weeks(4),
      sources::varenicline_label, known, "beside varenicline");

  // Self-help leaflets and common advice.
  Terminal alcohol;
  alcohol.smallest = 20;
  add("alcohol-home-10-per-4-days", "Alcohol: 10 % of the current amount every 4 days", "g ethanol",
      "alcohol", {phase(PercentRule{10, Basis::current, alcohol})}, days(4),
      sources::uk_home_leaflets, uncertain,
      "back to the last comfortable amount for a week if symptoms come, then 10 % a week");
  add("caffeine-10-percent-3-days", "Caffeine: 10 % of the current amount every 3 days", "", "",
      {phase(PercentRule{10, Basis::current, Terminal{}})}, days(3), sources::caffeine_practice,
      uncertain);
  return all;
}

const std::vector<NamedRule>& table() {
  static const std::vector<NamedRule> all = make();
  return all;
}

}  // namespace

std::span<const NamedRule> named_rules() { return table(); }

const NamedRule* find_named_rule(std::string_view id) {
  for (const NamedRule& rule : table()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

}  // namespace ombre::inline v0::plans
