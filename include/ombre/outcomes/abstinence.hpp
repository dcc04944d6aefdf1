#pragma once
/// @file
/// Day-level abstinence from timeline follow-back: continuous, point-prevalence and prolonged,
/// with imputation of days and visits and biochemical verification.
///
/// Three steps: AbstinenceRecords collects what was reported and sorts it once;
/// prepare_abstinence() cleans and fills it by one set of rules; score_abstinence() takes any
/// number of measures from that.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/abstinence_rules.hpp"
#include "ombre/timeline/name_table.hpp"

namespace ombre::inline v0::outcomes {

/// Collects rows in any order. Days are Date::day_number() or a study's own counter: only
/// differences matter.
class OMBRE_EXPORT AbstinenceRecords {
 public:
  /// Which table a row belongs to.
  enum class Table : std::uint8_t { tlfb, biochemical };

  /// A person's amount on a day. A row without day or amount is counted and set aside, but the
  /// person is in the table all the same. Amounts below 0 are let in, so that outlier rules can
  /// deal with them. `line` is for findings.
  /// @par Errors missing (empty id), not_finite, out_of_range (a negative biochemical amount,
  /// amounts beyond 1e100)
  [[nodiscard]] Result<void> add_amount(Table table, std::string_view id,
                                        std::optional<std::int32_t> day,
                                        std::optional<double> amount, std::uint64_t line = 0);
  /// A person's visit.
  /// @par Errors missing (empty id or visit), too_large (more than 1000 distinct visits)
  [[nodiscard]] Result<void> add_visit(std::string_view id, std::string_view visit,
                                       std::optional<std::int32_t> day, std::uint64_t line = 0);
  /// All days are Date::day_number(); findings then show dates.
  bool days_are_dates = false;
  /// Where the lines of rows are counted, for findings; empty = no file.
  std::string tlfb_file{};
  std::string biochemical_file{};
  std::string visits_file{};

 private:
  friend class AbstinenceTables;
  struct Rows {
    std::vector<std::uint32_t> person;
    std::vector<std::int32_t> day;
    std::vector<double> amount;        // amounts
    std::vector<std::uint32_t> visit;  // visits
    std::vector<std::uint64_t> line;
  };
  struct Incomplete {
    std::uint32_t person = 0;
    std::uint8_t table = 0;  // 0 tlfb, 1 biochemical, 2 visits
    std::uint64_t line = 0;
    std::string field;
  };
  Result<std::uint32_t> person(std::string_view id, std::uint8_t table, std::uint64_t line);

  timeline::NameTable ids_;
  timeline::NameTable visit_names_;
  std::vector<std::uint8_t> tables_;  // bit per table, per person
  Rows tlfb_;
  Rows biochemical_;
  Rows visits_;
  std::vector<Incomplete> incomplete_;
  bool has_biochemical_ = false;
};

/// The same rows, sorted by person and day once and for all configurations.
///
/// People are those found in both the follow-back and the visit table (in complete or incomplete
/// rows), ordered by id: as numbers if all ids are whole numbers, else by bytes. Visits likewise.
class OMBRE_EXPORT AbstinenceTables {
 public:
  /// Findings: `row_incomplete`, `person_only_in_follow_back`, `person_only_in_visits`,
  /// `person_only_in_biochemical` (their rows are set aside).
  /// Cost: O(rows log rows per person).
  /// @par Errors empty_input (nobody is in both tables)
  [[nodiscard]] static Result<AbstinenceTables> from(const AbstinenceRecords& records,
                                                     Findings& findings);

  [[nodiscard]] std::size_t people() const noexcept { return ids_.size(); }
  [[nodiscard]] std::string_view id(std::size_t person) const noexcept { return ids_[person]; }
  [[nodiscard]] std::span<const std::string> visits() const noexcept { return visits_; }
  /// Place of a visit in visits().
  [[nodiscard]] std::optional<std::size_t> find_visit(std::string_view visit) const noexcept;
  [[nodiscard]] bool has_biochemical() const noexcept { return has_biochemical_; }
  [[nodiscard]] bool days_are_dates() const noexcept { return days_are_dates_; }
  [[nodiscard]] std::string day_text(std::int64_t day) const;
  /// As AbstinenceRecords has them.
  [[nodiscard]] const std::string& tlfb_file() const noexcept { return tlfb_file_; }
  [[nodiscard]] const std::string& visits_file() const noexcept { return visits_file_; }

  /// Amounts of one table; rows offset[p] .. offset[p + 1] - 1 are person p's, by day, then amount.
  struct Amounts {
    std::vector<std::uint64_t> offset;
    std::vector<std::int32_t> day;
    std::vector<double> amount;
    std::vector<std::uint64_t> line;
  };
  /// Visits of everybody in the visit table, scored or not, in order of id: block b has the rows
  /// offset[b] .. offset[b + 1] - 1, by place of the visit, then day. Person p's block is
  /// block_of[p]. Those who are not scored count for the visit shifts and for retention.
  struct Visits {
    std::vector<std::size_t> block_of;
    std::vector<std::uint64_t> offset;
    std::vector<std::uint32_t> visit;
    std::vector<std::int32_t> day;
    std::vector<std::uint64_t> line;
  };
  [[nodiscard]] const Amounts& tlfb() const noexcept { return tlfb_; }
  [[nodiscard]] const Amounts& biochemical() const noexcept { return biochemical_; }
  [[nodiscard]] const Visits& visit_rows() const noexcept { return visit_rows_; }

 private:
  AbstinenceTables() = default;

  std::vector<std::string> ids_;
  std::vector<std::string> visits_;
  Amounts tlfb_;
  Amounts biochemical_;
  Visits visit_rows_;
  bool has_biochemical_ = false;
  bool days_are_dates_ = false;
  std::string tlfb_file_;
  std::string visits_file_;
};

/// Where a value comes from.
enum class Origin : std::uint8_t {
  raw = 0,        ///< as recorded (after cleaning)
  imputed = 1,    ///< filled in
  overridden = 2  ///< a self-report the biochemical measure contradicts
};

/// One row of the retention table.
///
/// retained = people whose last attended visit (the latest day; on equal days the lower visit)
/// does not come before this one in order of visits; attended = records of this visit. Both are
/// counted after cleaning and before imputation; the shares are of all people.
struct RetentionRow {
  std::string visit;
  std::uint64_t people = 0;
  std::uint64_t retained = 0;
  std::uint64_t attended = 0;
};

/// Cleaned and filled records, ready for measures.
struct PreparedAbstinence {
  AbstinenceRules rules;
  std::vector<std::string> ids;     ///< people in order
  std::vector<std::string> visits;  ///< visits in order

  /// Follow-back after imputation: rows offset[p] .. offset[p + 1] - 1, by day.
  std::vector<std::uint64_t> offset;
  std::vector<std::int32_t> day;
  std::vector<double> amount;
  std::vector<Origin> origin;

  /// people x visits entries, person by person. A visit that is `recorded` or `imputed` may still
  /// have no day (no anchor to count from): see visit_known.
  enum class VisitState : std::uint8_t { absent, recorded, imputed, imputed_without_day };
  std::vector<VisitState> visit_state;
  std::vector<std::int32_t> visit_day;

  std::optional<std::size_t> anchor;               ///< place of the anchor visit
  std::vector<std::optional<std::int32_t>> shift;  ///< days from the anchor, by visit
  std::vector<RetentionRow> retention;

  [[nodiscard]] std::size_t people() const noexcept { return ids.size(); }
};

/// Cleans and fills by `rules`.
///
/// Amounts. Duplicates, then outliers. Unless rules.gaps is none: a record is added on the day
/// after the last one; a recorded amount <= cutoff on a day whose biochemical amount lies above
/// its own cutoff becomes the overriding amount; then each day strictly between two records on
/// days d0 < d1 with amounts a0, a1 gets a0 + (a1 - a0) / (d1 - d0) * (d - d0) (linear),
/// (a0 + a1) / 2 (uniform) or the fixed amount, or cutoff + 1 beyond the gap limit. The added last
/// record bounds no gap.
///
/// Visits. shift[x] is found from all people who have visit x and the anchor, hence depends on who
/// is in the data; everything else is a matter of each person alone.
///
/// Findings, once per person and with the first row they are about: `amount_duplicate`,
/// `amount_outlier`, `amount_negative` (below 0 after cleaning, often a code for "missing"),
/// `visit_duplicate`, `visit_mean_rounded` (the mean day was no whole day), `span_too_long` (more
/// than 73 000 days from first to last record; gaps stay open); once: `visit_without_shift`.
///
/// Cost: O(rows + days filled + people * visits). Threads: split by person; same result for any
/// runner.
/// @par Errors those of validate; missing (biochemical rules without a biochemical table),
/// unknown_name (anchor or table names a visit nobody has); cancelled
[[nodiscard]] OMBRE_EXPORT Result<PreparedAbstinence> prepare_abstinence(
    const AbstinenceTables& tables, const AbstinenceRules& rules, Findings& findings,
    const Runner& runner = serial(), const Progress& progress = {});

/// The record that ended abstinence.
struct Lapse {
  std::int32_t day = 0;
  double amount = 0;  ///< of that record
  friend bool operator==(const Lapse&, const Lapse&) = default;
};

/// What a result rests on: the days of its window, and where their records come from.
struct AbstinenceWindow {
  enum class State : std::uint8_t {
    whole,         ///< it has days
    no_end_visit,  ///< the person has no end visit
    no_day,        ///< a visit of the measure has no day
    reversed,      ///< the start (quit) visit lies after the end visit
    empty          ///< no day is left: both visits on one day, or the grace reaches the end visit
  };
  State state = State::whole;
  bool start_filled = false;  ///< the day of the start (quit) visit was filled in
  bool end_filled = false;    ///< the day of the end visit was filled in
  /// Days of the window, 0 unless `whole`; then the visible records in it, by Origin. Days without
  /// a visible record are days - recorded - filled - overridden (where duplicates are merged).
  std::uint32_t days = 0;
  std::uint32_t recorded = 0;
  std::uint32_t filled = 0;
  std::uint32_t overridden = 0;
  friend bool operator==(const AbstinenceWindow&, const AbstinenceWindow&) = default;
};

/// Results of m measures for n people, measure by measure.
class OMBRE_EXPORT AbstinenceScores {
 public:
  AbstinenceScores(std::size_t measures, std::size_t people)
      : people_{people},
        result_(measures * people, missing),
        lapse_day_(measures * people, 0),
        lapse_amount_(measures * people, 0),
        has_lapse_(measures * people, 0),
        window_(measures * people) {}

  [[nodiscard]] std::size_t people() const noexcept { return people_; }
  [[nodiscard]] std::size_t measures() const noexcept {
    return people_ == 0 ? 0 : result_.size() / people_;
  }
  /// Abstinent, not abstinent, or no value.
  [[nodiscard]] std::optional<bool> result(std::size_t measure, std::size_t person) const noexcept {
    const std::uint8_t value = result_[measure * people_ + person];
    if (value == missing) return std::nullopt;
    return value == 1;
  }
  [[nodiscard]] std::optional<Lapse> lapse(std::size_t measure, std::size_t person) const noexcept {
    const std::size_t at = measure * people_ + person;
    if (has_lapse_[at] == 0) return std::nullopt;
    return Lapse{lapse_day_[at], lapse_amount_[at]};
  }
  /// What the result rests on.
  [[nodiscard]] const AbstinenceWindow& window(std::size_t measure,
                                               std::size_t person) const noexcept {
    return window_[measure * people_ + person];
  }
  /// Writes one cell. `measure` and `person` must be in range.
  void set(std::size_t measure, std::size_t person, std::optional<bool> result,
           std::optional<Lapse> lapse) noexcept;
  void set_window(std::size_t measure, std::size_t person, const AbstinenceWindow& window) noexcept;

 private:
  static constexpr std::uint8_t missing = 2;
  std::size_t people_;
  std::vector<std::uint8_t> result_;
  std::vector<std::int32_t> lapse_day_;
  std::vector<double> lapse_amount_;
  std::vector<std::uint8_t> has_lapse_;
  std::vector<AbstinenceWindow> window_;
};

/// Takes measures.
///
/// With E the day of the end visit (+ 1 if rules.including_end), the window is [S, E): S the day
/// of the start visit (continuous), E - days (point prevalence), the day of the quit visit +
/// grace_days (prolonged). If the person has no end visit at all the result is missing; if S or E
/// is not known or S >= E it is no (intention to treat) or missing (responders only). The window
/// is complete if it holds as many visible records as days.
///
/// Continuous and point prevalence: the lapse is the first visible record above the cutoff; the
/// result is complete and no lapse; responders only and not complete: missing, and no lapse is
/// reported. Prolonged: the lapse by the criterion; the result is no lapse if complete, else no
/// (intention to treat) or missing (responders only); the lapse is reported either way.
///
/// Cost per person and measure: O(log rows + rows in the window).
/// @par Errors those of validate (field "measures[3].days"), duplicate (an id twice),
/// unknown_name (a visit nobody has), cancelled
[[nodiscard]] OMBRE_EXPORT Result<AbstinenceScores> score_abstinence(
    const PreparedAbstinence& data, std::span<const AbstinenceMeasure> measures,
    const Runner& runner = serial(), const Progress& progress = {});

/// Says which results rest on a window that cannot be meant, or on what was filled in.
///
/// Findings, for each person and measure: `visits_out_of_order` (warning: the start visit lies
/// after the end visit), `window_empty` (caution: no day is left), `visit_without_day` (caution: a
/// visit of the measure has no day, so that there is no window; only with intention to treat, where
/// the result is "no" all the same); once: `days_filled` (note: how many days and visits results
/// rest on were filled in). `data` and `scores` must be those made from `tables` and `measures`.
OMBRE_EXPORT void note_windows(const AbstinenceTables& tables, const PreparedAbstinence& data,
                               std::span<const AbstinenceMeasure> measures,
                               const AbstinenceScores& scores, Findings& findings);

/// How many are abstinent.
struct AbstinenceRate {
  std::uint64_t abstinent = 0;
  std::uint64_t with_value = 0;
  std::uint64_t people = 0;
  /// abstinent / with_value; nothing when nobody has a value.
  [[nodiscard]] std::optional<double> rate() const noexcept {
    if (with_value == 0) return std::nullopt;
    return static_cast<double>(abstinent) / static_cast<double>(with_value);
  }
};

/// Rate of one measure. `measure` must be below scores.measures().
[[nodiscard]] OMBRE_EXPORT AbstinenceRate abstinence_rate(const AbstinenceScores& scores,
                                                          std::size_t measure) noexcept;

}  // namespace ombre::inline v0::outcomes
