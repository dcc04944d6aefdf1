#pragma once
/// @file
/// The dated records of a trial, as columns: who took part, when they were randomised, which
/// visits, urine screens and self-reports there are.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/name_table.hpp"

namespace ombre::inline v0::timeline {

/// What a row says about its day.
enum class RowAnswer : std::uint8_t {
  no,      ///< screened clean, or: asked and did not use
  yes,     ///< found, used, or (visits) took place
  unknown  ///< the row is there, its answer is not; it never makes a day positive or clean
};

/// Rows of one table in any order; all columns have one entry per row.
struct DayRows {
  std::vector<std::uint32_t> person;  ///< index into TrialRecords::people
  std::vector<std::int32_t> day;      ///< day counter, or Date::day_number()
  std::vector<std::uint32_t> what;    ///< index into `names`: kind of visit, substance
  std::vector<RowAnswer> answer;      ///< empty: every row says yes
  std::vector<std::uint64_t> line;    ///< line in the file for findings; empty: index of the row
  NameTable names;                    ///< what `what` refers to
  [[nodiscard]] std::size_t size() const noexcept { return person.size(); }
};

/// One row per randomisation, in any order.
struct RandomizationRows {
  std::vector<std::uint32_t> person;
  std::vector<std::int32_t> day;
  std::vector<std::uint32_t> which;  ///< 1 = first, 2 = second, ...
  std::vector<std::uint32_t> arm;    ///< index into `arms`
  std::vector<std::uint64_t> line;
  NameTable arms;
  [[nodiscard]] std::size_t size() const noexcept { return person.size(); }
};

/// Everybody, and what is known about them.
struct TrialPeople {
  NameTable id;
  std::vector<std::string> trial;  ///< one per person, or empty where there is one trial
  /// The day anchors called `consent` count from; empty: day 0 for all (day counters). An empty
  /// optional: not known.
  std::vector<std::optional<std::int32_t>> day_zero;
  [[nodiscard]] std::size_t size() const noexcept { return id.size(); }
};

struct TrialRecords {
  TrialPeople people;
  RandomizationRows randomizations;
  DayRows visits;
  DayRows screens;              ///< urine
  DayRows self_reports;         ///< timeline follow-back
  bool days_are_dates = false;  ///< all days are Date::day_number(); only the texts differ
};

/// The same records, checked and grouped by person: built once, then read by attendance() and
/// weekly_words(), from any number of threads.
class OMBRE_EXPORT TrialTable {
 public:
  /// Groups the rows by person in O(rows + people) without touching tables that are grouped
  /// already. The order of rows never changes a result.
  ///
  /// Randomisations: `which` counts from 1. A person's first, second, ... count as far as they are
  /// there without a hole; the same randomisation twice keeps the earlier day.
  ///
  /// Findings (rule: what is done): `randomization_repeated` (identical row, counted once),
  /// `randomization_disagrees` (two days or arms for one randomisation; the earlier day holds),
  /// `randomization_without_earlier` (a second without a first; set aside),
  /// `randomization_before_earlier` (a second on a day before the first; used as it is).
  ///
  /// @par Errors size_mismatch, out_of_range (an index beyond people or names; `which` outside
  /// 1..8), too_large (2^32 rows or more in a table)
  [[nodiscard]] static Result<TrialTable> from(TrialRecords records, Findings& findings);

  /// Rows of one table, grouped: rows offset[p] .. offset[p + 1] - 1 belong to person p.
  struct Grouped {
    std::vector<std::uint64_t> offset;
    std::vector<std::int32_t> day;
    std::vector<std::uint32_t> what;
    std::vector<RowAnswer> answer;    ///< empty: all yes
    std::vector<std::uint64_t> line;  ///< empty: see row
    std::vector<std::uint32_t> row;   ///< index in the original table; empty: same as here
    NameTable names;
    /// Line of a grouped row in its file, or its index in the original table.
    [[nodiscard]] std::uint64_t place(std::size_t grouped_row) const noexcept {
      if (!line.empty()) return line[grouped_row];
      return row.empty() ? grouped_row : row[grouped_row];
    }
  };

  struct Randomization {
    std::int32_t day = 0;
    std::uint32_t arm = 0;
  };

  [[nodiscard]] std::size_t size() const noexcept { return people_.size(); }
  [[nodiscard]] std::string_view id(std::size_t person) const noexcept {
    return people_.id[static_cast<std::uint32_t>(person)];
  }
  [[nodiscard]] const TrialPeople& people() const noexcept { return people_; }
  [[nodiscard]] const Grouped& visits() const noexcept { return visits_; }
  [[nodiscard]] const Grouped& screens() const noexcept { return screens_; }
  [[nodiscard]] const Grouped& self_reports() const noexcept { return self_reports_; }
  [[nodiscard]] const NameTable& arms() const noexcept { return arms_; }
  /// A person's randomisations, first to last; empty if never randomised.
  [[nodiscard]] std::span<const Randomization> randomizations(std::size_t person) const noexcept {
    return std::span{randomizations_}.subspan(
        randomization_offset_[person],
        randomization_offset_[person + 1] - randomization_offset_[person]);
  }
  /// Arm of the first randomisation; empty if never randomised.
  [[nodiscard]] std::string_view arm(std::size_t person) const noexcept {
    const auto all = randomizations(person);
    return all.empty() ? std::string_view{} : arms_[all.front().arm];
  }
  [[nodiscard]] std::string_view trial(std::size_t person) const noexcept {
    return people_.trial.empty() ? std::string_view{} : std::string_view{people_.trial[person]};
  }
  [[nodiscard]] bool days_are_dates() const noexcept { return days_are_dates_; }
  /// A day as findings show it: the counter, or the ISO date.
  [[nodiscard]] std::string day_text(std::int64_t day) const;
  /// Day the anchor `consent` stands for; empty if not known.
  [[nodiscard]] std::optional<std::int32_t> day_zero(std::size_t person) const noexcept {
    return people_.day_zero.empty() ? std::optional<std::int32_t>{0} : people_.day_zero[person];
  }

 private:
  TrialTable() = default;

  TrialPeople people_;
  Grouped visits_;
  Grouped screens_;
  Grouped self_reports_;
  std::vector<std::size_t> randomization_offset_;
  std::vector<Randomization> randomizations_;
  NameTable arms_;
  bool days_are_dates_ = false;
};

}  // namespace ombre::inline v0::timeline
