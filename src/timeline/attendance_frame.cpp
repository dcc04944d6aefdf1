#include "attendance_frame.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

namespace ombre::inline v0::timeline::detail {
namespace {

// A person's study days and the distance to week 1 stay below these, which no study of people
// reaches and no arithmetic below can overflow.
constexpr std::int64_t max_study_days = 40'000;
constexpr std::int64_t max_weeks_away = 1'000'000;

// How names of files and schedules are compared: without outer blanks, ASCII letters in lower case.
std::string folded(std::string_view name) {
  return ascii::lower(ascii::trimmed(name, " \t\r\n\v\f"));
}

using NameSet = std::unordered_set<std::string>;

NameSet folded(const std::vector<std::string>& names) {
  NameSet out;
  for (const std::string& name : names) out.insert(folded(std::string_view{name}));
  return out;
}

void add(NameSet& all, const CountedSubstances& counted) {
  all.merge(folded(counted.not_randomized));
  for (const ArmSubstances& rule : counted.by_arm) all.merge(folded(rule.substances));
}

void tell_unmentioned(const TrialTable::Grouped& rows, const NameSet& mentioned,
                      std::string_view field, std::string_view why, Findings& findings) {
  std::vector<std::uint64_t> count(rows.names.size(), 0);
  std::vector<std::uint64_t> first(rows.names.size(), 0);
  for (std::uint64_t i = rows.what.size(); i > 0; --i) {
    ++count[rows.what[i - 1]];
    first[rows.what[i - 1]] = i - 1;
  }
  for (std::uint32_t name = 0; name < rows.names.size(); ++name) {
    if (count[name] == 0 || mentioned.contains(folded(rows.names[name]))) continue;
    Finding finding;
    finding.severity = Severity::note;
    finding.rule = "name_without_rule";
    finding.text = std::to_string(count[name]) + (count[name] == 1 ? " row" : " rows");
    finding.text += why;
    finding.field = field;
    finding.row = rows.place(first[name]);
    finding.value = rows.names[name];
    findings.add(std::move(finding));
  }
}

}  // namespace

Plan::Plan(const TrialTable& table, const TrialSchedules& schedules)
    : table_{table}, schedules_{schedules} {
  for (const TrialSchedule& schedule : schedules.trials()) {
    const NameSet attended = folded(schedule.attended_kinds);
    const NameSet missed = folded(schedule.missed_kinds);
    std::vector<std::uint8_t> flags;
    flags.reserve(table.visits().names.size());
    for (std::uint32_t i = 0; i < table.visits().names.size(); ++i) {
      const std::string kind = folded(table.visits().names[i]);
      flags.push_back(attended.contains(kind) ? flag_present
                      : missed.contains(kind) ? flag_marked_missed
                                              : 0);
    }
    visit_flag_.push_back(std::move(flags));
    urine_.push_back(resolve(schedule.urine.counted, table.arms(), table.screens().names));
    report_.push_back(
        resolve(schedule.self_report.counted, table.arms(), table.self_reports().names));
  }
}

Plan::Counted Plan::resolve(const CountedSubstances& counted, const NameTable& arms,
                            const NameTable& names) {
  std::vector<std::string> spelt;
  for (std::uint32_t i = 0; i < names.size(); ++i) spelt.push_back(folded(names[i]));
  const auto mask = [&](const std::vector<std::string>& substances) {
    Mask out(names.size(), 0);
    const NameSet counts = folded(substances);
    for (std::uint32_t i = 0; i < names.size(); ++i) out[i] = counts.contains(spelt[i]) ? 1 : 0;
    return out;
  };
  Counted out;
  out.not_randomized = mask(counted.not_randomized);
  for (const ArmSubstances& rule : counted.by_arm) out.rule.push_back(mask(rule.substances));
  for (std::uint32_t arm = 0; arm < arms.size(); ++arm) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < counted.by_arm.size() && !found; ++i) {
      if (matches_arm(counted.by_arm[i].arm, arms[arm])) found = i;
    }
    out.rule_of_arm.push_back(found);
  }
  return out;
}

void Plan::tell_unmentioned_visits(Findings& findings) const {
  NameSet mentioned;
  for (const TrialSchedule& schedule : schedules_.trials()) {
    mentioned.merge(folded(schedule.attended_kinds));
    mentioned.merge(folded(schedule.missed_kinds));
  }
  tell_unmentioned(table_.visits(), mentioned, "visits",
                   "; no rule mentions this kind of visit, so it is neither attended nor missed",
                   findings);
}

void Plan::tell_unmentioned_screens(Findings& findings) const {
  NameSet mentioned;
  for (const TrialSchedule& schedule : schedules_.trials()) add(mentioned, schedule.urine.counted);
  tell_unmentioned(table_.screens(), mentioned, "screens",
                   "; no rule mentions this substance, so finding it changes no word", findings);
}

void Plan::tell_unmentioned_reports(Findings& findings) const {
  NameSet mentioned;
  for (const TrialSchedule& schedule : schedules_.trials()) {
    add(mentioned, schedule.self_report.counted);
  }
  tell_unmentioned(table_.self_reports(), mentioned, "self_reports",
                   "; no rule mentions this substance, so reporting it changes no word", findings);
}

std::optional<std::size_t> Plan::schedule_of(std::size_t person) const {
  return schedules_.find(table_.trial(person));
}

std::optional<std::uint32_t> Frame::arm() const noexcept {
  const auto all = plan_.table().randomizations(person_);
  if (all.empty()) return std::nullopt;
  return all.front().arm;
}

std::int64_t Frame::resolve(AnchoredDay day) const noexcept {
  const std::int64_t base =
      day.randomization == 0 ? zero_ : randomization_day(day.randomization - std::size_t{1});
  return base + day.offset;
}

void Frame::note(Note::Kind kind, std::uint64_t row, std::int64_t day, std::int64_t detail) {
  notes_.push_back({kind, static_cast<std::uint32_t>(person_), row, day, detail});
}

bool Frame::lay_out(std::size_t person) {
  person_ = person;
  const TrialTable& table = plan_.table();
  const auto index = plan_.schedule_of(person);
  if (!index) {
    note(Note::Kind::trial_without_schedule);
    return false;
  }
  schedule_index_ = *index;
  schedule_ = &plan_.schedules().trials()[*index];
  randomizations_ = std::min(table.randomizations(person).size(), schedule_->stages.size() - 1);
  stage_ = &schedule_->stages[randomizations_];

  const auto zero = table.day_zero(person);
  zero_ = zero.value_or(0);
  if (!zero) {
    const auto needs = [](AnchoredDay day) { return day.randomization == 0; };
    bool used = needs(stage_->first_study_day) || needs(stage_->last_study_day) ||
                needs(stage_->urine_week_one) || needs(stage_->self_report_week_one) ||
                std::ranges::any_of(stage_->later_phases, needs);
    for (const PlannedVisits& visits : stage_->visits) {
      used = used || needs(visits.first) || (visits.last && needs(*visits.last));
    }
    if (used) {
      note(Note::Kind::day_zero_unknown);
      return false;
    }
  }

  first_ = resolve(stage_->first_study_day);
  const std::int64_t last = resolve(stage_->last_study_day);
  const auto far = [&](AnchoredDay day) {
    const std::int64_t distance = resolve(day) - first_;
    return distance < -max_weeks_away || distance > max_weeks_away;
  };
  constexpr std::int64_t low = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t high = std::numeric_limits<std::int32_t>::max();
  bool unusable = last < first_ || last - first_ >= max_study_days || first_ < low || last > high ||
                  far(stage_->urine_week_one) || far(stage_->self_report_week_one);
  for (std::size_t k = 1; k <= randomizations_; ++k) {
    unusable = unusable || far({static_cast<std::uint8_t>(k), 0});
  }
  if (unusable) {
    note(Note::Kind::study_days_unusable, Note::no_row, last, first_);
    return false;
  }
  flags_.assign(static_cast<std::size_t>(last - first_ + 1), 0);
  return true;
}

void Frame::set_attendance(bool with_findings) {
  const TrialTable::Grouped& visits = plan_.table().visits();
  const std::uint64_t begin = visits.offset[person_];
  const std::uint64_t end = visits.offset[person_ + 1];
  const auto size = static_cast<std::int64_t>(flags_.size());
  const bool all_yes = visits.answer.empty();
  constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint64_t outside = none;
  std::uint64_t repeated = none;
  std::uint64_t early = none;
  std::int64_t n_outside = 0;
  std::int64_t n_repeated = 0;
  std::int64_t n_early = 0;
  bool seen_present = false;
  bool seen_missed = false;
  // The first row in time, whatever the order of rows; of equal days the first in the table.
  const auto earliest = [&](std::uint64_t& kept, std::uint64_t row) {
    if (kept == none || visits.day[row] < visits.day[kept] ||
        (visits.day[row] == visits.day[kept] && visits.place(row) < visits.place(kept))) {
      kept = row;
    }
  };
  for (std::uint64_t row = begin; row < end; ++row) {
    const std::uint8_t flag = plan_.visit_flag(schedule_index_, visits.what[row]);
    if (flag == 0 || (!all_yes && visits.answer[row] != RowAnswer::yes)) continue;
    const std::int64_t at = visits.day[row] - first_;
    if (at < 0 || at >= size) {
      if (flag == flag_present) {
        ++n_outside;
        if (with_findings) earliest(outside, row);
      }
      continue;
    }
    std::uint8_t& day = flags_[static_cast<std::size_t>(at)];
    if (flag == flag_present) {
      seen_present = true;
      if ((day & flag_present) != 0) {
        ++n_repeated;
        if (with_findings) earliest(repeated, row);
      }
      if (randomizations_ > 0 && visits.day[row] < randomization_day(0)) {
        ++n_early;
        if (with_findings) earliest(early, row);
      }
    } else {
      seen_missed = true;
    }
    day |= flag;
  }
  mark_missed();
  if (!with_findings) return;
  if (begin == end) note(Note::Kind::person_without_visits);
  const auto report = [&](Note::Kind kind, std::uint64_t row, std::int64_t count) {
    if (row != none) note(kind, row, visits.day[row], count);
  };
  report(Note::Kind::visit_outside_study, outside, n_outside);
  report(Note::Kind::visit_before_randomization, early, n_early);
  report(Note::Kind::visit_repeated, repeated, n_repeated);
  if (seen_present && seen_missed) {
    for (std::size_t i = 0; i < flags_.size(); ++i) {
      if ((flags_[i] & flag_present) != 0 && (flags_[i] & flag_marked_missed) != 0) {
        note(Note::Kind::visit_attended_and_missed, Note::no_row,
             first_ + static_cast<std::int64_t>(i));
        break;
      }
    }
  }
}

void Frame::mark_missed() {
  const auto size = static_cast<std::int64_t>(flags_.size());
  present_days_.clear();
  for (std::int64_t i = 0; i < size; ++i) {
    std::uint8_t& day = flags_[static_cast<std::size_t>(i)];
    if ((day & flag_present) != 0) {
      present_days_.push_back(i);
    } else if ((day & flag_marked_missed) != 0) {
      day |= flag_missed;
    }
  }
  for (const PlannedVisits& visits : stage_->visits) {
    const std::int64_t start = resolve(visits.first) - first_;  // places on the flags from here on
    std::int64_t last = size - 1;
    if (visits.last) last = std::min(last, resolve(*visits.last) - first_);
    // Rounds that end before the first study day are jumped over, not walked through.
    std::int64_t round = start;
    if (visits.every > 0 && round + visits.days.back() < 0) {
      round += floor_div(-(round + visits.days.back()), visits.every) * visits.every;
    }
    for (; round <= last; round += visits.every) {
      for (const std::int32_t day : visits.days) {
        const std::int64_t planned = round + day;
        if (planned < 0) continue;
        if (planned > last) break;
        std::uint8_t& flag = flags_[static_cast<std::size_t>(planned)];
        if ((flag & flag_present) != 0) continue;
        const auto next =
            std::ranges::lower_bound(present_days_, planned - std::int64_t{visits.early});
        if (next == present_days_.end() || *next > planned + visits.late) flag |= flag_missed;
      }
      if (visits.every == 0) break;
    }
  }
}

bool Frame::set_screens() {
  const Plan::Mask* counted = plan_.urine_mask(schedule_index_, arm());
  const TrialTable& table = plan_.table();
  if (counted == nullptr) {
    note(Note::Kind::urine_arm_without_rule);
    return false;
  }
  const TrialTable::Grouped& screens = table.screens();
  const auto size = static_cast<std::int64_t>(flags_.size());
  const bool all_yes = screens.answer.empty();
  std::uint64_t outside = ~std::uint64_t{0};
  std::int64_t n_outside = 0;
  for (std::uint64_t row = screens.offset[person_]; row < screens.offset[person_ + 1]; ++row) {
    const std::int64_t at = screens.day[row] - first_;
    if (at < 0 || at >= size) {
      if (n_outside++ == 0 || screens.day[row] < screens.day[outside]) outside = row;
      continue;
    }
    if ((*counted)[screens.what[row]] == 0) continue;
    const RowAnswer answer = all_yes ? RowAnswer::yes : screens.answer[row];
    if (answer == RowAnswer::yes) flags_[static_cast<std::size_t>(at)] |= flag_urine_positive;
    if (answer == RowAnswer::no) flags_[static_cast<std::size_t>(at)] |= flag_urine_clean;
  }
  if (n_outside > 0) {
    note(Note::Kind::screen_outside_study, outside, screens.day[outside], n_outside);
  }
  if (!all_yes) check_screens_agree();
  return true;
}

void Frame::check_screens_agree() {
  const TrialTable::Grouped& screens = plan_.table().screens();
  screens_seen_.clear();
  for (std::uint64_t row = screens.offset[person_]; row < screens.offset[person_ + 1]; ++row) {
    if (screens.answer[row] == RowAnswer::unknown) continue;
    const auto day = static_cast<std::uint32_t>(screens.day[row]) ^ 0x8000'0000U;
    screens_seen_.emplace_back((std::uint64_t{day} << 32U) | screens.what[row], row);
  }
  std::ranges::sort(screens_seen_);
  for (std::size_t i = 1; i < screens_seen_.size(); ++i) {
    const std::uint64_t row = screens_seen_[i].second;
    if (screens_seen_[i].first == screens_seen_[i - 1].first &&
        screens.answer[row] != screens.answer[screens_seen_[i - 1].second]) {
      note(Note::Kind::screen_disagrees, row, screens.day[row]);
      return;
    }
  }
}

bool Frame::set_self_reports() {
  const Plan::Mask* counted = plan_.report_mask(schedule_index_, arm());
  const TrialTable& table = plan_.table();
  if (counted == nullptr) {
    note(Note::Kind::self_report_arm_without_rule);
    return false;
  }
  const TrialTable::Grouped& reports = table.self_reports();
  const auto size = static_cast<std::int64_t>(flags_.size());
  const bool all_yes = reports.answer.empty();
  std::uint64_t outside = ~std::uint64_t{0};
  std::int64_t n_outside = 0;
  for (std::uint64_t row = reports.offset[person_]; row < reports.offset[person_ + 1]; ++row) {
    const std::int64_t at = reports.day[row] - first_;
    if (at < 0 || at >= size) {
      if (n_outside++ == 0 || reports.day[row] < reports.day[outside]) outside = row;
      continue;
    }
    const RowAnswer answer = all_yes ? RowAnswer::yes : reports.answer[row];
    if (answer == RowAnswer::unknown) continue;
    std::uint8_t& flag = flags_[static_cast<std::size_t>(at)];
    flag |= flag_report_known;
    if (answer == RowAnswer::yes && (*counted)[reports.what[row]] != 0) {
      flag |= flag_report_positive;
    }
  }
  if (n_outside > 0) {
    note(Note::Kind::self_report_outside_study, outside, reports.day[outside], n_outside);
  }
  return true;
}

namespace {

struct Wording {
  Severity severity;
  std::string_view rule;
  std::string_view field;
  std::string_view text;  // follows the count where counted
  bool counted;
  bool dated;
};

Wording wording_of(Note::Kind kind) {
  using enum Severity;
  switch (kind) {
    case Note::Kind::trial_without_schedule:
      return {warning, "trial_without_schedule",
              "trial", "no schedule for this trial; nothing is computed",
              false,   false};
    case Note::Kind::day_zero_unknown:
      return {warning,
              "day_zero_unknown",
              "day_zero",
              "the schedule counts from consent, whose day is not known; nothing is computed",
              false,
              false};
    case Note::Kind::study_days_unusable:
      return {warning,
              "study_days_unusable",
              "study_days",
              " is the first study day: there are none or far too many, or week 1 or a "
              "randomisation is far away from them; nothing is computed",
              false,
              true};
    case Note::Kind::person_without_visits:
      return {note,     "person_without_visits",
              "visits", "no row in the visit table; every planned visit counts as missed",
              false,    false};
    case Note::Kind::visit_outside_study:
      return {note,     "visit_outside_study",
              "visits", " attended visit(s) outside the study days; ignored",
              true,     true};
    case Note::Kind::visit_before_randomization:
      return {note,     "visit_before_randomization",
              "visits", " attended visit(s) before randomisation; they belong to the baseline",
              true,     true};
    case Note::Kind::visit_repeated:
      return {note,     "visit_repeated",
              "visits", " attended visit(s) on a day that has one already; counted once",
              true,     true};
    case Note::Kind::visit_attended_and_missed:
      return {caution,  "visit_attended_and_missed",
              "visits", "the day is marked attended and missed; attended holds",
              false,    true};
    case Note::Kind::urine_arm_without_rule:
      return {warning, "arm_without_rule",
              "arm",   "no rule says which drugs in urine count for this arm; no word is made",
              false,   false};
    case Note::Kind::self_report_arm_without_rule:
      return {warning, "arm_without_rule",
              "arm",   "no rule says which self-reported drugs count for this arm; no word is made",
              false,   false};
    case Note::Kind::screen_outside_study:
      return {note,      "screen_outside_study",
              "screens", " screen row(s) outside the study days; ignored",
              true,      true};
    case Note::Kind::screen_disagrees:
      return {caution,   "screen_disagrees",
              "screens", " is found and not found on the same day; found holds",
              false,     true};
    case Note::Kind::self_report_outside_study:
      return {note,           "self_report_outside_study",
              "self_reports", " self-report row(s) outside the study days; ignored",
              true,           true};
  }
  return {warning, "unknown", {}, {}, false, false};
}

const TrialTable::Grouped& table_of(const TrialTable& table, std::string_view field) {
  if (field == "screens") return table.screens();
  return field == "self_reports" ? table.self_reports() : table.visits();
}

}  // namespace

void tell(const Plan& plan, std::span<const Note> notes, Findings& findings) {
  const TrialTable& table = plan.table();
  for (const Note& note : notes) {
    const Wording words = wording_of(note.kind);
    if (!findings.wants(words.rule)) {
      findings.count_only(words.severity, words.rule);
      continue;
    }
    Finding finding;
    finding.severity = words.severity;
    finding.rule = words.rule;
    finding.person = table.id(note.person);
    finding.field = words.field;
    const TrialTable::Grouped& rows = table_of(table, words.field);
    if (note.row != Note::no_row) finding.row = rows.place(note.row);
    if (words.dated) finding.value = table.day_text(note.day);
    if (words.counted) finding.text = std::to_string(note.detail);
    if (note.kind == Note::Kind::screen_disagrees) {
      finding.text = shown(rows.names[rows.what[note.row]]);
    }
    if (note.kind == Note::Kind::study_days_unusable) finding.text = table.day_text(note.detail);
    finding.text += words.text;
    if (note.kind == Note::Kind::trial_without_schedule) finding.value = table.trial(note.person);
    if (words.rule == "arm_without_rule") finding.value = table.arm(note.person);
    findings.add(std::move(finding));
  }
}

Result<void> for_pieces(std::size_t people, const Runner& runner, const Progress& progress,
                        const std::function<void(std::size_t, std::size_t, std::size_t)>& work) {
  const std::size_t pieces = (people + people_per_piece - 1) / people_per_piece;
  const std::size_t group = std::max<std::size_t>(runner.workers() * 8, 1);
  for (std::size_t done = 0; done < pieces; done += group) {
    const std::size_t now = std::min(group, pieces - done);
    runner.run(now, [&](std::size_t i) {
      const std::size_t piece = done + i;
      const std::size_t begin = piece * people_per_piece;
      work(piece, begin, std::min(begin + people_per_piece, people));
    });
    if (progress && !progress(static_cast<double>(done + now) / static_cast<double>(pieces))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
    }
  }
  return {};
}

}  // namespace ombre::inline v0::timeline::detail
