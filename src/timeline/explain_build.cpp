#include "ombre/timeline/build.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr Source own_rules{"ombre-timeline", "ombre, rules for laying records on days", "v0"};

struct RuleText {
  std::string_view name;
  std::string_view title;
  std::string_view text;
};

constexpr RuleText rules[] = {
    {"absent_day", "What a day without a row means",
     "none: only use was written down, so a day without a row is a known day of no use. unknown: "
     "only what was asked is known, so such a day is not known. There is no default."},
    {"several_amounts_same_day", "Several amounts for one day",
     "Rows of one source are occasions and add (sum), unless max, min, mean, first (smallest line "
     "number) or refuse is chosen."},
    {"sources_disagree", "Two sources give an amount for the same day",
     "Sources report the same use, so they never add. The amount of the first of self-report, "
     "collateral, clinician, dispensing, laboratory is kept; the finding names the other row."},
    {"none_contradicted_by_use", "One report says no use, another says use",
     "Use is kept: a positive report is stronger than a negative one, for which windows of "
     "detection and forgetting are known. The finding names the row that says no use."},
    {"none_beside_unreadable", "A report of no use beside one that could not be read",
     "The report that could not be read may have said use, so the day is not known. Any report of "
     "use on the same day makes it a day of use."},
    {"amount_incomplete", "A use of unknown amount beside amounts of the same source",
     "The day keeps the known amount, which may be less than what was used. The same holds beside "
     "a "
     "report that could not be read."},
    {"identical_rows", "Two rows that say the same",
     "Both are kept as two reports (two equal amounts add), or counted once where that is chosen."},
    {"amount_outlier", "An amount outside the bounds given",
     "report keeps it; clamp moves it to the bound; amount_unknown keeps the use and forgets the "
     "amount; drop sets the row aside."},
    {"amount_too_large", "An amount beyond the range of amounts",
     "Amounts are at most 1e15 in any unit, so that sums and their squares stay numbers. A day "
     "beyond that, after unit factors and sums, is use of unknown amount; a row of a file that is "
     "beyond it cannot be read."},
    {"mixed_units", "Amounts of one substance in several units",
     "Amounts in the unit with most rows count (ties by name). Rows in another unit, for which no "
     "factor was given, become use of unknown amount, or are refused."},
    {"day_outside_window", "A row outside the person's window",
     "The row is set aside; it may still be what gives the person a series of that substance."},
    {"impossible_day", "A day number outside the calendar", "The row is set aside."},
    {"person_without_window", "No row for a person in the table of windows",
     "The person is left out, unless people_without_window is chosen."},
    {"person_without_rows", "A window and no row",
     "No series is made, because the person was not seen to be asked about any substance; with "
     "every_substance, all days are days without a row."},
    {"person_without_usable_row", "Every row of a person was set aside",
     "Their days or substances could not be read, so nothing says that there was no use: all days "
     "count as not known, also where days without a row mean no use."},
    {"person_without_days", "No usable row and no window", "The person is left out."},
    {"window_repeated", "The same window twice", "It is used once. Two that differ are an error."},
    {"use_on_controlled_day", "Use on a day in a controlled environment",
     "The use is kept; metrics may still take such days out."},
    {"controlled_day_outside_window", "A controlled stay beyond the window",
     "The part outside is not needed."},
    {"unit_factor_unused", "A factor for a unit that does not occur", "Nothing is changed by it."},
    {"amount_bounds_unused", "Bounds for a substance that does not occur",
     "Nothing is changed by them."},
};

}  // namespace

std::vector<Explanation> explain_build_rules() {
  std::vector<Explanation> out;
  for (const RuleText& rule : rules) {
    Explanation e;
    e.name = rule.name;
    e.kind = "rule";
    e.title = rule.title;
    e.text = rule.text;
    e.sources.push_back({&own_rules, Confidence::proposal});
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace ombre::inline v0::timeline
