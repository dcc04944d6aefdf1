#include "ombre/timeline/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace ombre::inline v0::timeline {
namespace {

constexpr std::uint32_t baseline_days = 28;

/// What does not change about a made-up person.
struct Person {
  double drinking_share;  ///< of days, at the start
  double drinks;          ///< on a drinking day, at the start
  double floor;           ///< share of the start that remains when the goal is reached
  double middle;          ///< day on which half the way is gone
  double pace;            ///< days; smaller is steeper
  double return_hazard;   ///< chance a day that earlier use comes back for a while
  double gap_hazard;      ///< chance a day that recording stops for a while
  SyntheticGoal goal;
  Sex sex;
};

double between(RandomStream& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

Person draw_person(RandomStream& random, std::uint32_t days) {
  Person p{};
  const double which = random.uniform();
  p.goal = which < 0.35   ? SyntheticGoal::abstain
           : which < 0.80 ? SyntheticGoal::cut_back
                          : SyntheticGoal::safer_use;
  p.sex = random.uniform() < 0.4 ? Sex::female : Sex::male;
  p.drinking_share = between(random, 0.45, 0.98);
  p.drinks = between(random, 3, 10);
  switch (p.goal) {
    case SyntheticGoal::abstain:
      p.floor = between(random, 0.0, 0.08);
      break;
    case SyntheticGoal::cut_back:
      p.floor = between(random, 0.2, 0.6);
      break;
    case SyntheticGoal::safer_use:
      p.floor = between(random, 0.7, 1.05);
      break;
  }
  if (p.sex == Sex::female) p.drinks *= 0.75;
  p.middle = baseline_days + between(random, 0.1, 0.6) * (days - baseline_days);
  p.pace = between(random, 5, 20);
  p.return_hazard = between(random, 0.0, 0.02);
  p.gap_hazard = random.uniform() < 0.25 ? 0.015 : 0.001;
  return p;
}

std::string person_id(std::uint32_t k, std::uint32_t people) {
  const std::size_t width = std::max<std::size_t>(2, std::to_string(people).size());
  std::string digits = std::to_string(k + 1);
  return "p" + std::string(width - std::min(width, digits.size()), '0') + digits;
}

Result<void> draw_days(const Person& p, RandomStream& random, const SyntheticCohort& what,
                       Record record, Records& records) {
  std::uint32_t in_return = 0;  // days left of a return to earlier use
  std::uint32_t in_gap = 0;     // days left without any record
  std::uint32_t returns = 0;
  std::uint32_t stay_from = what.days;
  if (random.uniform() < 0.06) {
    stay_from =
        baseline_days + static_cast<std::uint32_t>(random.below(what.days - baseline_days + 1));
  }
  const std::uint32_t stay_to = std::min(what.days, stay_from + 6);
  if (stay_from < stay_to) {
    const ControlledStay stay{record.person, what.first_day + static_cast<std::int32_t>(stay_from),
                              what.first_day + static_cast<std::int32_t>(stay_to) - 1, record.line};
    if (auto added = records.append(stay); !added) return added;
  }
  for (std::uint32_t t = 0; t < what.days; ++t) {
    const double way = 1 / (1 + std::exp(-(t - p.middle) / p.pace));
    double level = 1 + (p.floor - 1) * way;
    const bool early = t < baseline_days;
    if (!early && in_return == 0 && random.uniform() < p.return_hazard / (1 + returns)) {
      // Later returns are rarer and shorter here, so that trends over episodes have something to
      // show.
      in_return = 2 + static_cast<std::uint32_t>(random.below(12)) / (1 + returns);
      ++returns;
    }
    if (in_return > 0) {
      --in_return;
      level = std::max(level, 0.9);
    }
    if (in_gap == 0 && random.uniform() < p.gap_hazard) {
      in_gap = 3 + static_cast<std::uint32_t>(random.below(12));
    }
    const bool unrecorded = in_gap > 0 || random.uniform() < 0.02;
    if (in_gap > 0) --in_gap;

    record.day = what.first_day + static_cast<std::int32_t>(t);
    ++record.line;
    const int weekday = ((record.day + 3) % 7 + 7) % 7;  // 0 = Monday; 1970-01-01 was a Thursday
    const double weekend = weekday >= 4 ? 1.25 : 0.9;
    const bool drinks =
        random.uniform() < std::min(0.99, p.drinking_share * std::sqrt(level) * weekend);
    const double noise = std::exp(0.35 * random.normal());
    if (unrecorded) continue;
    if (stay_from <= t && t < stay_to) {
      record.state = UseState::none;
    } else if (!drinks || level < 0.02) {
      record.state = UseState::none;
    } else if (random.uniform() < 0.02) {
      record.state = UseState::used;
    } else {
      record.state = UseState::amount;
      record.amount = std::max(1.0, std::round(p.drinks * std::sqrt(level) * weekend * noise));
    }
    if (record.state != UseState::amount) record.amount = 0;
    if (auto added = records.append(record); !added) return added;
  }
  return {};
}

}  // namespace

std::string_view name(SyntheticGoal goal) noexcept {
  switch (goal) {
    case SyntheticGoal::abstain:
      return "abstain";
    case SyntheticGoal::cut_back:
      return "cut_back";
    case SyntheticGoal::safer_use:
      return "safer_use";
  }
  return "cut_back";
}

Result<SyntheticRecords> synthetic_drinking(const SyntheticCohort& what) {
  const auto refuse = [](std::string_view field, std::int64_t value, std::string_view rule) {
    return unexpected(
        error_at(Errc::out_of_range, field, std::nullopt, std::to_string(value), rule));
  };
  if (what.people < 1 || what.people > 10'000'000) {
    return refuse("people", what.people, "must be 1 to 10 000 000");
  }
  if (what.days < baseline_days || what.days > 3650) {
    return refuse("days", what.days, "must be 28 to 3650");
  }
  const std::int64_t last = std::int64_t{what.first_day} + what.days;
  if (!Date::from_day_number(what.first_day) || !Date::from_day_number(last)) {
    return refuse("first_day", what.first_day, "must leave the whole follow-up on the calendar");
  }

  SyntheticRecords out{Records{DayAxis::calendar}, {}, {}, {}};
  out.records.reserve(std::size_t{what.people} * what.days);
  const auto alcohol = out.records.substance("alcohol");
  const auto unit = out.records.unit("drink_us");
  if (!alcohol) return unexpected(alcohol.error());
  if (!unit) return unexpected(unit.error());

  Record record;
  record.substance = *alcohol;
  record.unit = *unit;
  record.source = ReportSource::self_report;
  for (std::uint32_t k = 0; k < what.people; ++k) {
    RandomStream random{what.seed, k};
    const Person person = draw_person(random, what.days);
    const auto index = out.records.person(person_id(k, what.people));
    if (!index) return unexpected(index.error());
    record.person = *index;
    record.line = std::uint64_t{k} * what.days;
    if (auto drawn = draw_days(person, random, what, record, out.records); !drawn) {
      return unexpected(drawn.error());
    }
    out.windows.push_back({*index, what.first_day,
                           what.first_day + static_cast<std::int32_t>(what.days) - 1, k + 2ULL});
    out.goal.push_back(person.goal);
    out.sex.push_back(person.sex);
  }
  return out;
}

}  // namespace ombre::inline v0::timeline
