// The built-in schedules and the rules of weekly words, for `ombre explain`.
#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr Source harmonised = {
    "ctn0094extra-1.0.4",
    "public.ctn0094extra: helper files for the harmonised data of the trials CTN-0027, CTN-0030 "
    "and CTN-0051 (R package)",
    "1.0.4 (2023)"};

Explanation entry(std::string name, std::string kind, std::string title, std::string text,
                  std::vector<std::string> aliases = {}) {
  return {std::move(name),
          std::move(kind),
          std::move(title),
          std::move(text),
          {{&harmonised, Confidence::verified}},
          std::move(aliases)};
}

}  // namespace

std::vector<Explanation> explain_schedules() {
  std::vector<Explanation> out;
  const std::string common =
      "Study days count from 30 days before consent. A visit is due every seventh day from "
      "randomisation (from consent for those never randomised) and is kept by any attended day "
      "since the one before. Week 1 begins the day after randomisation. In urine opioids count, "
      "and methadone and buprenorphine unless they are the person's own study drug; in "
      "self-report heroin, opioids, methadone and buprenorphine. `ombre words --schedule ctn0094 "
      "--print-schedule` writes every rule out.";
  out.push_back(entry("ctn0094", "schedule", "CTN-0027, CTN-0030 and CTN-0051 together",
                      common + " The trial column (27, 30 or 51) says which of the three holds."));
  out.push_back(entry("ctn0027", "schedule", "CTN-0027: 24 weeks, one phase",
                      common + " The last study day is day 168 from consent."));
  out.push_back(
      entry("ctn0030", "schedule", "CTN-0030: two phases",
            common + " The last study day is day 98 from (first) randomisation, or day 168 from "
                     "the second, whose week begins phase 2; day 98 from consent for those never "
                     "randomised."));
  out.push_back(entry("ctn0051", "schedule", "CTN-0051: 24 weeks, one phase",
                      common + " The last study day is day 168 from consent."));
  out.push_back(entry(
      "weekly_word", "rule", "One symbol a week: + - * o _",
      "From urine: `+` if some day is positive and none negative, `-` if some day is negative and "
      "none "
      "positive, `*` if both, `o` if a visit was due and none kept (from week 1 on: nothing seen), "
      "`_` before the study. From self-report: `-` no day of use, `*` one day, `+` two or more. "
      "Those never randomised have `+` with any positive day, else `o`.",
      {"word", "words"}));
  out.push_back(entry(
      "attendance", "rule", "Attended and missed days",
      "A study day with an attended visit is present. A planned day is missed if no present day "
      "lies in its window (so many days before and after, as the schedule says) and it is itself "
      "a study day."));
  return out;
}

}  // namespace ombre::inline v0::timeline
