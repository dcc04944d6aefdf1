#pragma once
/// @file
/// A taper plan as tables, as CSV, and as text for the person and for the pharmacy.
///
/// All functions write the plan's newest version; `plan.as_of(n)` gives an earlier one. They are
/// pure: the same plan gives the same bytes. Texts come from a catalogue that can be translated
/// (io/taper_words.hpp). As long as nobody has accepted a plan, the first line says that it is a
/// draft.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv_writer.hpp"
#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io {

enum class TableForm : std::uint8_t { terminal, markdown };

struct TaperTableOptions {
  TableForm form = TableForm::terminal;
  std::size_t max_width = 0;                ///< of a terminal table; 0 = no limit
  const TaperLanguage* language = nullptr;  ///< empty: English
};

/// One row a step and substance: number, dates, days, amount, percent of the first and of the dose
/// before, loss of effect where a curve is known, and how the day is made. A line above says
/// whether the plan is a draft. @par Errors contradiction (a plan without steps)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_step_table(
    const plans::TaperPlan& plan, const TaperTableOptions& options = {});

/// One row a day, from `first` to `last` (empty: the whole plan), with the day's amount of each
/// substance and how it is made. @par Errors contradiction, out_of_range (last before first)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_day_table(
    const plans::TaperPlan& plan, std::optional<Date> first = {}, std::optional<Date> last = {},
    const TaperTableOptions& options = {});

/// CSV, one row a step and substance. Columns: plan_id, step (from 1), start, end (inclusive),
/// dose, unit, per_day (intakes a day), forms (how each intake is made), version, status, step_id,
/// kind, line (from 0), substance, per (day or week), every_n_days, intakes (amounts), ideal,
/// rounding, percent_of_original, cut_percent_of_current, effect, effect_drop. What is not known is
/// empty.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_steps_csv(const plans::TaperPlan& plan,
                                                               CsvStyle style = {});

/// CSV, one row a day and substance, as plans::day_table(). Columns: plan_id, date, line,
/// substance, dose (0 on days between doses), unit, per, step_id, forms (empty on days without a
/// dose), version.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_days_csv(const plans::TaperPlan& plan,
                                                              CsvStyle style = {});

/// CSV, what each prescription period needs. Columns: plan_id, line, substance, start, end,
/// product, pieces, quarters (exact use of solids in quarter pieces), volume_ml, version.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_supply_csv(const plans::TaperPlan& plan,
                                                                CsvStyle style = {});

struct TaperTextOptions {
  const TaperLanguage* language = nullptr;  ///< empty: English
  /// Whom to call, as the text names them: "Dr. Example, 555 0100". Empty: "your team".
  std::string contact{};
  /// The person's today: steps that have passed are then told in one line. Empty: all steps.
  std::optional<Date> today{};
};

/// The plan for the person: where they start and where they want to go in their own words, each
/// step with its dates and what to take, what to do when it is too fast or more was taken, the
/// warning about lost tolerance, naloxone where a rule asks for it, when help is needed at once,
/// and the reviews. Plain language, no percentages, nobody is blamed for anything.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_person_text(
    const plans::TaperPlan& plan, const TaperTextOptions& options = {});

/// The plan for the pharmacy: steps with what each intake is made of, quantities for each
/// prescription period, rules that a clinician set aside with the reason, what to watch.
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_pharmacy_text(
    const plans::TaperPlan& plan, const TaperTextOptions& options = {});

/// What to say when a request or an operation was refused: what can be done now first, then why,
/// rule by rule with source, measured value and limit, then what a clinician may set aside.
/// @par Errors contradiction (the answer was not a refusal)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_refusal_text(
    const plans::TaperAnswer& answer, const TaperTextOptions& options = {});

}  // namespace ombre::inline v0::io
