#include "ombre/timeline/schedule.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <numeric>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ombre::inline v0::timeline {
namespace {

constexpr std::int32_t max_offset = 100'000;
constexpr std::uint8_t max_randomization = 8;
constexpr std::int32_t max_step = 10'000;
constexpr std::int32_t max_period = 366;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The whole of `digits` as a number of at most six digits.
std::optional<std::int32_t> small_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 6) return std::nullopt;
  std::int32_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string at(std::string_view where, std::string_view field) {
  std::string path{where};
  if (!path.empty()) path += '.';
  path += field;
  return path;
}

std::string nth(std::string_view where, std::string_view field, std::size_t index) {
  return at(where, field) + '[' + std::to_string(index) + ']';
}

class Checker {
 public:
  explicit Checker(const TrialSchedule& schedule) : schedule_{schedule} {}

  Result<void> run() {
    check_names(schedule_.attended_kinds, "attended_kinds");
    check_names(schedule_.missed_kinds, "missed_kinds");
    const std::unordered_set<std::string_view> attended(schedule_.attended_kinds.begin(),
                                                        schedule_.attended_kinds.end());
    for (std::size_t i = 0; i < schedule_.missed_kinds.size(); ++i) {
      const std::string& kind = schedule_.missed_kinds[i];
      if (attended.contains(kind)) {
        fail(Errc::contradiction, nth("", "missed_kinds", i), kind,
             "is also one of the attended kinds");
      }
    }
    range(schedule_.period_days, 1, max_period, "period_days");
    check_counted(schedule_.urine.counted, "urine.counted");
    check_counted(schedule_.self_report.counted, "self_report.counted");
    range(schedule_.self_report.mixed_days, 0, max_period, "self_report.mixed_days");
    if (schedule_.stages.empty()) fail(Errc::missing, "stages", "", "needs at least one stage");
    if (schedule_.stages.size() > max_randomization + 1U) {
      fail(Errc::too_large, "stages", std::to_string(schedule_.stages.size()),
           "must be 9 or fewer");
    }
    for (std::size_t k = 0; k < schedule_.stages.size() && !error_; ++k) check_stage(k);
    if (error_) return unexpected(*std::move(error_));
    return {};
  }

 private:
  void fail(Errc code, std::string_view field, std::string_view value, std::string_view rule) {
    if (!error_) error_ = error_at(code, field, std::nullopt, value, rule);
  }
  void range(std::int32_t value, std::int32_t low, std::int32_t high, std::string_view field) {
    if (value < low || value > high) {
      fail(Errc::out_of_range, field, std::to_string(value),
           "must be from " + std::to_string(low) + " to " + std::to_string(high));
    }
  }
  void check_names(const std::vector<std::string>& names, std::string_view field) {
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i].empty()) fail(Errc::missing, nth("", field, i), "", "must not be empty");
      if (!seen.insert(names[i]).second) {
        fail(Errc::duplicate, nth("", field, i), names[i], "is listed twice");
      }
    }
  }
  void check_counted(const CountedSubstances& counted, std::string_view field) {
    check_names(counted.not_randomized, at(field, "not_randomized"));
    std::unordered_set<std::string_view> arms;
    for (std::size_t i = 0; i < counted.by_arm.size() && !error_; ++i) {
      const std::string here = nth(field, "by_arm", i);
      const ArmSubstances& rule = counted.by_arm[i];
      if (rule.arm.empty()) {
        fail(Errc::missing, at(here, "arm"), "", "must not be empty (\"*\" matches any arm)");
      }
      if (!arms.insert(rule.arm).second) {
        fail(Errc::duplicate, at(here, "arm"), rule.arm, "already has a rule");
      }
      check_names(rule.substances, at(here, "substances"));
    }
  }
  void check_anchor(AnchoredDay day, std::size_t stage, std::string_view field) {
    if (day.randomization > stage) {
      fail(Errc::contradiction, field, text(day),
           "counts from a randomisation that people of this stage do not have");
    }
    if (day.offset < -max_offset || day.offset > max_offset) {
      fail(Errc::out_of_range, field, text(day), "must be within 100000 days of its anchor");
    }
  }
  void check_stage(std::size_t k) {
    const Stage& stage = schedule_.stages[k];
    const std::string here = nth("", "stages", k);
    check_anchor(stage.first_study_day, k, at(here, "first_study_day"));
    check_anchor(stage.last_study_day, k, at(here, "last_study_day"));
    check_anchor(stage.urine_week_one, k, at(here, "urine_week_one"));
    check_anchor(stage.self_report_week_one, k, at(here, "self_report_week_one"));
    if (stage.first_study_day.randomization == stage.last_study_day.randomization &&
        stage.first_study_day.offset > stage.last_study_day.offset) {
      fail(Errc::contradiction, at(here, "last_study_day"), text(stage.last_study_day),
           "must not be before the first study day " + text(stage.first_study_day));
    }
    if (stage.later_phases.size() > max_randomization) {
      fail(Errc::too_large, at(here, "later_phases"), std::to_string(stage.later_phases.size()),
           "must be 8 or fewer");
    }
    for (std::size_t i = 0; i < stage.later_phases.size(); ++i) {
      check_anchor(stage.later_phases[i], k, nth(here, "later_phases", i));
    }
    for (std::size_t i = 0; i < stage.visits.size() && !error_; ++i) {
      check_visits(stage.visits[i], k, nth(here, "visits", i));
    }
  }
  void check_visits(const PlannedVisits& visits, std::size_t stage, const std::string& here) {
    check_anchor(visits.first, stage, at(here, "first"));
    if (visits.last) check_anchor(*visits.last, stage, at(here, "last"));
    range(visits.every, 0, max_step, at(here, "every"));
    range(visits.early, 0, max_step, at(here, "early"));
    range(visits.late, 0, max_step, at(here, "late"));
    if (visits.days.empty()) fail(Errc::missing, at(here, "days"), "", "must not be empty");
    for (std::size_t i = 0; i < visits.days.size(); ++i) {
      range(visits.days[i], 0, visits.every > 0 ? visits.every - 1 : max_offset,
            nth(here, "days", i));
      if (i > 0 && visits.days[i] <= visits.days[i - 1]) {
        fail(Errc::contradiction, nth(here, "days", i), std::to_string(visits.days[i]),
             "must be later than the day before it in the list");
      }
    }
  }

  const TrialSchedule& schedule_;
  std::optional<Error> error_;
};

}  // namespace

std::string text(AnchoredDay day) {
  std::string out = day.randomization == 0 ? "consent" : "randomization";
  if (day.randomization > 1) out += std::to_string(day.randomization);
  if (day.offset > 0) out += '+';
  if (day.offset != 0) out += std::to_string(day.offset);
  return out;
}

Result<AnchoredDay> parse_anchored_day(std::string_view whole) {
  const auto refuse = [&](std::string_view why) {
    return unexpected(error_at(Errc::malformed, "day", std::nullopt, whole, why));
  };
  constexpr std::string_view form =
      "must be like \"consent-30\", \"randomization+98\" or \"randomization2\"";
  std::string_view rest = trim(whole);
  const auto sign = rest.find_first_of("+-");
  std::string_view anchor = trim(rest.substr(0, sign));
  AnchoredDay day;
  if (anchor.starts_with("randomization")) {
    anchor.remove_prefix(std::string_view{"randomization"}.size());
    day.randomization = 1;
    if (!anchor.empty()) {
      if (anchor.size() != 1 || anchor[0] < '1' || anchor[0] > '8') return refuse(form);
      day.randomization = static_cast<std::uint8_t>(anchor[0] - '0');
    }
  } else if (anchor != "consent") {
    return refuse(form);
  }
  if (sign != std::string_view::npos) {
    const auto days = small_number(trim(rest.substr(sign + 1)));
    if (!days) return refuse(form);
    if (*days > max_offset) return refuse("must be within 100000 days of its anchor");
    day.offset = rest[sign] == '-' ? -*days : *days;
  }
  return day;
}

std::string_view name(WeekSymbols symbols) noexcept {
  switch (symbols) {
    case WeekSymbols::all:
      return "all";
    case WeekSymbols::positive_or_missed:
      return "positive_or_missed";
  }
  return "all";
}

std::string_view name(CleanDay rule) noexcept {
  switch (rule) {
    case CleanDay::attended:
      return "attended";
    case CleanDay::tested:
      return "tested";
    case CleanDay::attended_or_tested:
      return "attended_or_tested";
  }
  return "attended";
}

std::string_view name(AbsentDay rule) noexcept {
  switch (rule) {
    case AbsentDay::none:
      return "none";
    case AbsentDay::unknown:
      return "unknown";
  }
  return "none";
}

Result<void> validate(const TrialSchedule& schedule) { return Checker{schedule}.run(); }

TrialSchedules::TrialSchedules(std::string name, std::vector<TrialSchedule> trials)
    : name_{std::move(name)}, trials_{std::move(trials)}, by_name_(trials_.size()) {
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::ranges::sort(by_name_, {},
                    [this](std::size_t i) -> std::string_view { return trials_[i].trial; });
}

Result<TrialSchedules> TrialSchedules::from(std::string name, std::vector<TrialSchedule> trials) {
  if (trials.empty()) {
    return unexpected(error_of(Errc::empty_input, "trials", "needs at least one trial"));
  }
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const std::string here = "trials[" + std::to_string(i) + "]";
    if (const auto [first, added] = seen.emplace(trials[i].trial, i); !added) {
      return unexpected(
          error_at(Errc::duplicate, here + ".trial", std::nullopt, trials[i].trial,
                   "already has a schedule: trials[" + std::to_string(first->second) + "]"));
    }
    if (auto good = validate(trials[i]); !good) {
      Error error = std::move(good).error();
      error.field.insert(0, here + ".");
      return unexpected(std::move(error));
    }
  }
  return TrialSchedules{std::move(name), std::move(trials)};
}

std::optional<std::size_t> TrialSchedules::find(std::string_view trial) const noexcept {
  const auto name = [this](std::size_t i) -> std::string_view { return trials_[i].trial; };
  const auto at = std::ranges::lower_bound(by_name_, trial, {}, name);
  if (at != by_name_.end() && name(*at) == trial) return *at;
  // The one for anybody has the empty name, which sorts first.
  if (!by_name_.empty() && name(by_name_.front()).empty()) return by_name_.front();
  return std::nullopt;
}

std::size_t TrialSchedules::phases() const noexcept {
  std::size_t most = 0;
  for (const TrialSchedule& trial : trials_) {
    for (const Stage& stage : trial.stages) most = std::max(most, stage.later_phases.size());
  }
  return most + 1;
}

bool matches_arm(std::string_view pattern, std::string_view arm) noexcept {
  std::size_t p = 0;
  std::size_t a = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (a < arm.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = a;
    } else if (p < pattern.size() && pattern[p] == arm[a]) {
      ++p;
      ++a;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      a = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace ombre::inline v0::timeline
