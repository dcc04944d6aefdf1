#pragma once
// Phrases that plans are told with, shared by text, tables, calendar and FHIR.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io::detail {

[[nodiscard]] inline const TaperLanguage& words_of(const TaperLanguage* language) {
  return language != nullptr ? *language : TaperLanguage::english();
}

// A plan of which nothing can be told: no steps.
[[nodiscard]] Result<void> check_tellable(const plans::TaperPlan& plan);

// Whether anything in the plan is prescribed.
[[nodiscard]] bool prescribed(const plans::TaperPlan& plan);

// What is reduced; in a cross-taper "alprazolam and diazepam".
[[nodiscard]] std::string substances(const TaperLanguage& words, const plans::TaperPlan& plan);

// "38 mg a day", "1 mg every second day", "26 drinks in the whole week", "none".
[[nodiscard]] std::string dose_phrase(const TaperLanguage& words, const plans::LineDose& dose,
                                      plans::Per per);

// Where a goal leads, in a sentence.
[[nodiscard]] std::string goal_phrase(const TaperLanguage& words, const plans::TaperGoal& goal,
                                      plans::Per per);

// "1 tablet of 5 mg + half a tablet of 2 mg"; empty for no pieces. A patch of several days says how
// long it is worn or, of one day of its step (from 0), whether it is put on or stays on.
[[nodiscard]] std::string made_phrase(const TaperLanguage& words, const plans::Dispensed& intake,
                                      std::span<const plans::Product> products,
                                      std::optional<int> day_of_step = {});

// Patches of an intake by the days they are worn; empty where all last one day or where there is
// anything but patches.
struct WornPart {
  std::int32_t days = 1;
  plans::Amount amount;
};
[[nodiscard]] std::vector<WornPart> worn_parts(const plans::Dispensed& intake,
                                               std::span<const plans::Product> products);

// "3 x 10 mg tablet", for handing out.
[[nodiscard]] std::string label_of(const TaperLanguage& words, const plans::Product& product);

// "morning", "08:00", "dose 2".
[[nodiscard]] std::string intake_label(const TaperLanguage& words, const plans::IntakeNow& intake,
                                       std::size_t index);
[[nodiscard]] std::string clock_time(const TaperLanguage& words, int minute_of_day);

// Intakes of a dose as they are told: all in one where every intake of the day is of one amount,
// made in one way and without a time or name of its own; else each for itself, without those of
// nothing.
struct IntakeGroup {
  std::size_t first = 0;  // index of the first of them
  std::size_t count = 1;
};
[[nodiscard]] std::vector<IntakeGroup> intake_groups(const plans::TaperLine& line,
                                                     const plans::LineDose& dose);

// One dose in one line: "38 mg a day: morning 18 mg = ...; night 20 mg = ...".
[[nodiscard]] std::string full_dose(const TaperLanguage& words, const plans::TaperLine& line,
                                    const plans::LineDose& dose,
                                    std::optional<int> day_of_step = {});

// The acceptance on record, or null.
[[nodiscard]] const plans::Change* acceptance(const plans::TaperPlan& plan);

// What the first lines of a text say about the state of the plan.
[[nodiscard]] std::vector<std::string> status_lines(const TaperLanguage& words,
                                                    const plans::TaperPlan& plan);

// Whether the last step of the plan stays in force after its last day: it waits for a review, and
// nothing in the plan ends the dose.
[[nodiscard]] bool goes_on(const plans::TaperPlan& plan);
// "fentanyl: 25 mcg an hour goes on after 3 March 2024 until the review decides ..." for each line
// that is taken then; empty where the plan has an end.
[[nodiscard]] std::vector<std::string> goes_on_lines(const TaperLanguage& words,
                                                     const plans::TaperPlan& plan);

// Without control characters: what people typed stays on its line.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace ombre::inline v0::io::detail
