#pragma once
// One person's study days as flags, laid out by the schedule of the person's trial. Shared by
// attendance and weekly words; not installed.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/attendance_records.hpp"
#include "ombre/timeline/schedule.hpp"

namespace ombre::inline v0::timeline::detail {

enum DayFlag : std::uint8_t {
  flag_present = 1,
  flag_marked_missed = 2,  // a row says so
  flag_missed = 4,         // the result: missed and not present
  flag_urine_positive = 8,
  flag_urine_clean = 16,
  flag_report_positive = 32,
  flag_report_known = 64
};

// What is worked out once per call and only read afterwards.
class Plan {
 public:
  Plan(const TrialTable& table, const TrialSchedules& schedules);

  // Per schedule, per kind of visit row: flag to set, or 0.
  [[nodiscard]] std::uint8_t visit_flag(std::size_t schedule, std::uint32_t kind) const noexcept {
    return visit_flag_[schedule][kind];
  }
  // Per substance name: 1 if it counts for the arm; empty optional if no arm rule matches.
  using Mask = std::vector<std::uint8_t>;
  [[nodiscard]] const Mask* urine_mask(std::size_t schedule,
                                       std::optional<std::uint32_t> arm) const noexcept {
    return pick(urine_[schedule], arm);
  }
  [[nodiscard]] const Mask* report_mask(std::size_t schedule,
                                        std::optional<std::uint32_t> arm) const noexcept {
    return pick(report_[schedule], arm);
  }
  // Index of a person's schedule, or none.
  [[nodiscard]] std::optional<std::size_t> schedule_of(std::size_t person) const;

  /// Kinds of visit, and substances of screens and self-reports, that no rule of any schedule
  /// mentions: one finding for each name. A misspelt drug must not pass for a clean week unseen.
  void tell_unmentioned_visits(Findings& findings) const;
  void tell_unmentioned_screens(Findings& findings) const;
  void tell_unmentioned_reports(Findings& findings) const;

  [[nodiscard]] const TrialTable& table() const noexcept { return table_; }
  [[nodiscard]] const TrialSchedules& schedules() const noexcept { return schedules_; }

 private:
  struct Counted {
    std::vector<Mask> rule;                               // one per arm rule
    std::vector<std::optional<std::size_t>> rule_of_arm;  // one per arm of the table
    Mask not_randomized;
  };
  static const Mask* pick(const Counted& counted, std::optional<std::uint32_t> arm) noexcept {
    if (!arm) return &counted.not_randomized;
    const auto rule = counted.rule_of_arm[*arm];
    return rule ? &counted.rule[*rule] : nullptr;
  }
  static Counted resolve(const CountedSubstances& counted, const NameTable& arms,
                         const NameTable& names);

  const TrialTable& table_;
  const TrialSchedules& schedules_;
  std::vector<std::vector<std::uint8_t>> visit_flag_;
  std::vector<Counted> urine_;
  std::vector<Counted> report_;
};

// A finding before it is written out: sentences are only made for those that will be kept.
struct Note {
  enum class Kind : std::uint8_t {
    trial_without_schedule,
    day_zero_unknown,
    study_days_unusable,
    person_without_visits,
    visit_outside_study,
    visit_before_randomization,
    visit_repeated,
    visit_attended_and_missed,
    urine_arm_without_rule,
    self_report_arm_without_rule,
    screen_outside_study,
    screen_disagrees,
    self_report_outside_study
  };
  static constexpr std::uint64_t no_row = ~std::uint64_t{0};

  Kind kind = Kind::trial_without_schedule;
  std::uint32_t person = 0;
  std::uint64_t row = no_row;  // of the grouped table the kind is about
  std::int64_t day = 0;        // shown where the kind has a day
  std::int64_t detail = 0;     // how many rows; the first study day
};

// Scratch for one person after the other. Not shared between threads.
class Frame {
 public:
  Frame(const Plan& plan, std::vector<Note>& notes) : plan_{plan}, notes_{notes} {}

  // Lays out a person's study days with no flag set. False if that cannot be done; a finding says
  // why.
  bool lay_out(std::size_t person);
  void set_attendance(bool with_findings);
  // False if no arm rule matches.
  bool set_screens();
  bool set_self_reports();

  [[nodiscard]] std::span<const std::uint8_t> flags() const noexcept { return flags_; }
  [[nodiscard]] std::int64_t first_day() const noexcept { return first_; }
  [[nodiscard]] const TrialSchedule& schedule() const noexcept { return *schedule_; }
  [[nodiscard]] const Stage& stage() const noexcept { return *stage_; }
  [[nodiscard]] std::size_t randomizations() const noexcept { return randomizations_; }
  [[nodiscard]] std::int64_t randomization_day(std::size_t k) const noexcept {
    return plan_.table().randomizations(person_)[k].day;
  }
  // Day an anchor of this stage stands for. The schedule is valid, so the anchor exists; day zero
  // was checked by lay_out.
  [[nodiscard]] std::int64_t resolve(AnchoredDay day) const noexcept;

 private:
  [[nodiscard]] std::optional<std::uint32_t> arm() const noexcept;
  void note(Note::Kind kind, std::uint64_t row = Note::no_row, std::int64_t day = 0,
            std::int64_t detail = 0);
  void mark_missed();
  void check_screens_agree();

  const Plan& plan_;
  std::vector<Note>& notes_;
  std::size_t person_ = 0;
  std::size_t schedule_index_ = 0;
  const TrialSchedule* schedule_ = nullptr;
  const Stage* stage_ = nullptr;
  std::size_t randomizations_ = 0;
  std::int64_t zero_ = 0;
  std::int64_t first_ = 0;
  std::vector<std::uint8_t> flags_;
  std::vector<std::int64_t> present_days_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> screens_seen_;
};

// Writes notes out as findings, in order.
void tell(const Plan& plan, std::span<const Note> notes, Findings& findings);

// Splits people into pieces of a fixed size, so that results and findings do not depend on the
// runner, runs them, and reports progress between groups of pieces.
inline constexpr std::size_t people_per_piece = 1024;
Result<void> for_pieces(
    std::size_t people, const Runner& runner, const Progress& progress,
    const std::function<void(std::size_t piece, std::size_t begin, std::size_t end)>& work);

[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  const std::int64_t q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}

}  // namespace ombre::inline v0::timeline::detail
