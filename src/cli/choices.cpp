#include "cli/choices.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/outcomes/metric.hpp"

namespace ombre::cli {
namespace {

constexpr Source program{"ombre-program", "ombre, the program's help and docs/command-line.md",
                         "v0"};

struct Choice {
  std::string_view word;
  std::string_view meaning;
};
struct Choices {
  std::string_view option;
  std::string_view title;
  std::vector<Choice> words;
};

const std::vector<Choices>& all_choices() {
  static const std::vector<Choices> all{
      {"metrics --missing",
       "What days count as that are not known",
       {{"exclude", "no denominator counts them, and they break a run of abstinent days"},
        {"worst",
         "each is a day of use and a heavy day; use of unknown amount has the person's own largest "
         "amount in the window"},
        {"best",
         "each is a day without use; use of unknown amount is not heavy and has the person's own "
         "smallest amount in the window"},
        {"locf",
         "last observation carried forward: each is as the last known day, with the last known "
         "amount; days before the first known one stay out"}}},
      {"metrics --absent",
       "What a day without a row means",
       {{"none", "only use was written down: a day without a row is a known day without use"},
        {"unknown", "only what was asked is known: such a day is not known (the default)"}}},
      {"metrics --same-day",
       "Several amounts of one person and substance on one day",
       {{"sum", "they are occasions and add (the default)"},
        {"max", "the largest counts"},
        {"min", "the smallest counts"},
        {"mean", "their mean counts"},
        {"first", "that of the first row counts"},
        {"refuse", "an error that names the row"}}},
      {"metrics --pairs",
       "Which people have rows for which substances",
       {{"all", "every person with every substance of the file"},
        {"seen", "pairs that have a row"},
        {"auto", "all where a day without a row means no use, else seen"}}},
      {"metrics --outlier",
       "What happens to amounts outside the bounds given",
       {{"report", "kept and told"},
        {"clamp", "moved to the bound"},
        {"unknown", "kept as use, its amount as not known"},
        {"drop", "the row is set aside"}}},
      {"endpoints --missing",
       "What missed weeks are taken for before a definition looks",
       {{"as_defined", "the definition itself decides (the default)"},
        {"positive", "every missed week is positive"},
        {"negative", "every missed week is negative"},
        {"mixed", "every missed week is mixed"},
        {"ignored", "missed weeks are deleted, and later weeks move up"},
        {"locf",
         "last observation carried forward: a missed week takes the last week seen before it"},
        {"mode", "the person's most frequent result, ties to positive"},
        {"kNV", "k nearest visits: a missed week between two seen ones takes their mean"}}},
      {"endpoints --family",
       "Which definitions are computed",
       {{"abstinence", "those about being without use"},
        {"relapse", "those about returning to use, and dropout"},
        {"reduction", "those about how many of the weeks are negative"},
        {"own", "those of --definitions"},
        {"all", "all of them (the default)"}}},
      {"endpoints --variant",
       "Which reading of a published definition",
       {{"published", "as the published code computes it (the default)"},
        {"text", "as the text beside that code says"},
        {"paper", "as the trial's own paper reports"},
        {"corrected", "with a fault of the method mended"},
        {"release", "as an earlier release of the code computed it"}}},
      {"--layout",
       "The shape of a result table",
       {{"wide", "one row a person, one column a result"},
        {"tidy", "one row a person and result"}}},
      {"--format",
       "How results are written",
       {{"auto", "by the ending of the output file; else a table on a terminal and CSV in a pipe"},
        {"table", "columns for reading"},
        {"csv", "comma-separated values"},
        {"json", "JSON"},
        {"markdown", "a Markdown table"},
        {"text", "sentences for reading"},
        {"ics", "a calendar"},
        {"fhir", "a FHIR R4 bundle"},
        {"svg", "a figure"},
        {"request", "the chosen way as a request for ombre taper"}}},
      {"words --source",
       "What makes a weekly word",
       {{"urine", "urine screens"},
        {"self_report", "the person's reports"},
        {"either", "use that one of the two shows"},
        {"both", "use that both show"},
        {"confirmed", "negative only where both are negative"}}},
      {"km --estimator",
       "How survival is made",
       {{"kaplan-meier", "the product of the shares that stay without the event"},
        {"nelson-aalen", "exp of minus the sum of hazards"},
        {"fleming-harrington", "the same, with events at one time taken one after the other"}}},
      {"km --error",
       "The standard error of a survival curve",
       {{"auto",
         "robust where rows belong together or weights are no whole numbers, else greenwood"},
        {"greenwood", "Greenwood's sum"},
        {"tsiatis", "the sum that belongs to the Nelson-Aalen hazard"},
        {"robust", "the infinitesimal jackknife"}}},
      {"km --conf",
       "The scale on which intervals of survival are made",
       {{"plain", "survival itself"},
        {"log", "its logarithm"},
        {"log-log", "the logarithm of the cumulative hazard"},
        {"logit", "the log odds"},
        {"arcsine", "the arc sine of the square root"}}},
      {"km --band",
       "A band that holds for all times at once",
       {{"none", "no band"},
        {"hall-wellner", "of Hall and Wellner"},
        {"equal-precision",
         "of Nair, as wide as the pointwise interval everywhere in proportion"}}},
      {"km --what",
       "What is written",
       {{"auto",
         "times where times or shares are asked for, else the summary on a terminal and the curve "
         "in a file"},
        {"summary", "people, events and median of each group"},
        {"curve", "one row a time"},
        {"times", "rows at the times asked for"}}},
      {"cox --ties",
       "Several events at one time",
       {{"efron", "Efron's approximation"},
        {"breslow", "Breslow's approximation"},
        {"exact", "the exact partial likelihood, for times that are truly equal"}}},
      {"cox --transform",
       "Of time, for the test of proportional hazards",
       {{"km", "one minus the Kaplan-Meier curve"},
        {"rank", "the rank of the time"},
        {"identity", "time as it is"},
        {"log", "its logarithm"}}},
      {"taper --rows",
       "Rows of a taper's tables",
       {{"steps", "one row a step"}, {"days", "one row a day"}, {"supply", "what to dispense"}}},
      {"taper check --rows",
       "What a check of a taper's plan lists",
       {{"versions", "one row a version of the plan"},
        {"findings", "one row a finding of the guards, run again"}}},
      {"taper --for",
       "Whom a text is for",
       {{"person", "the one who takes the medicine"}, {"pharmacy", "those who dispense it"}}},
      {"taper --privacy",
       "What calendar events tell to whoever sees the calendar",
       {{"numbers_only", "a number and no name of a medicine"},
        {"plain_summary", "a neutral title, the rest in the description"},
        {"full", "everything"}}},
      {"taper --role",
       "In which role somebody decides",
       {{"person", "the one whose plan it is"},
        {"clinician", "who prescribes"},
        {"pharmacist", "who dispenses"},
        {"companion", "who walks along"},
        {"team", "several together"}}},
      {"taper goal --kind",
       "Where a taper is to arrive",
       {{"zero", "without the medicine"},
        {"lower_amount", "at a lower amount"},
        {"safer_pattern", "at a safer way of taking it"},
        {"undecided", "not decided yet"}}},
      {"abstinence gaps",
       "Days between two records of the follow-back, in a measures file",
       {{"linear", "on a straight line between both amounts"},
        {"uniform", "the mean of both amounts"},
        {"none", "they stay without a record"}}},
      {"abstinence duplicates",
       "Several records of one day or visit, in a measures file",
       {{"mean", "their mean"},
        {"min", "the smallest"},
        {"max", "the largest"},
        {"drop_all", "none of them"},
        {"keep", "all of them"}}},
      {"abstinence outliers",
       "Amounts outside the bounds, in a measures file",
       {{"drop", "left out"}, {"move_to_bound", "moved to the bound"}}},
      {"abstinence last_record",
       "The day after the last record, in a measures file",
       {{"carry_forward", "it takes the last amount"}, {"none", "it stays without a record"}}},
      {"abstinence gap_limit_rule",
       "What a gap limit does, in a measures file",
       {{"documented", "longer gaps hold cut-off + 1"},
        {"published", "what the published package does: a limit has no effect"}}},
      {"abstinence visits.fill",
       "The day of a missing visit, in a measures file",
       {{"most_frequent", "the most frequent distance from the anchor visit"},
        {"mean", "the mean distance from the anchor visit"},
        {"none", "it stays without a day"}}},
      {"abstinence lapse_at",
       "When a criterion of lapse is met, in a measures file",
       {{"published",
         "as the package counts: at least without a window of days, more than with one"},
        {"at_least", "the total reaches the number"},
        {"more_than", "the total exceeds the number"}}},
      {"abstinence lapse_window",
       "What a window of days counts, in a measures file",
       {{"rows", "rows of the table"}, {"days", "calendar days"}}},
  };
  return all;
}

constexpr std::array statuses{
    outcomes::MetricStatus::ok,
    outcomes::MetricStatus::no_observed_day,
    outcomes::MetricStatus::no_use_day,
    outcomes::MetricStatus::amounts_not_known,
    outcomes::MetricStatus::no_heavy_rule,
    outcomes::MetricStatus::not_ethanol,
    outcomes::MetricStatus::sex_not_given,
    outcomes::MetricStatus::window_too_short,
    outcomes::MetricStatus::last_day_not_known,
    outcomes::MetricStatus::too_few_episodes,
    outcomes::MetricStatus::no_event,
    outcomes::MetricStatus::all_tied,
    outcomes::MetricStatus::unit_not_in_grams,
};

}  // namespace

std::vector<Explanation> explain_choices() {
  std::vector<Explanation> out;
  for (const Choices& choices : all_choices()) {
    Explanation page;
    page.name = choices.option;
    page.kind = "choice";
    page.title = choices.title;
    for (const Choice& one : choices.words) {
      if (!page.text.empty()) page.text += '\n';
      page.text.append(one.word).append(": ").append(one.meaning).append(".");
      page.aliases.emplace_back(one.word);
    }
    if (std::ranges::find(page.aliases, "kNV") != page.aliases.end()) {
      page.aliases.emplace_back("knn");
    }
    page.sources.push_back({&program, Confidence::proposal});
    out.push_back(std::move(page));
  }
  for (const outcomes::MetricStatus status : statuses) {
    Explanation page;
    page.name = name(status);
    page.kind = "status";
    page.title = "Why a metric has no value: " + std::string{describe(status)};
    if (status == outcomes::MetricStatus::ok) page.title = "There is a value";
    page.text = "Printed by `ombre metrics --status`.";
    page.sources.push_back({&program, Confidence::proposal});
    out.push_back(std::move(page));
  }
  return out;
}

}  // namespace ombre::cli
