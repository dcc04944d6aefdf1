#include "ombre/plans/goal.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 8> aim_names{"abstain",   "abstain_some", "reduce",
                                                    "stabilise", "safer_use",    "reduce_harm",
                                                    "life",      "undecided"};
constexpr std::array<std::string_view, 5> status_names{"open", "resting", "reached", "grown",
                                                       "let_go"};
constexpr std::array<std::string_view, 6> stage_names{
    "precontemplation", "contemplation", "preparation", "action", "maintenance", "recycling"};

constexpr std::array<LifeDomain, 8> domains{
    LifeDomain{"emotional", "coping with life, and relationships that do one good"},
    LifeDomain{"environmental", "a home and surroundings that are safe and pleasant"},
    LifeDomain{"financial", "enough money now, and some peace about later"},
    LifeDomain{"intellectual", "learning, curiosity, what one is good at"},
    LifeDomain{"occupational", "work, study or tasks that mean something"},
    LifeDomain{"physical", "sleep, food, movement, care for the body"},
    LifeDomain{"social", "people, belonging, somebody to call"},
    LifeDomain{"spiritual", "purpose and meaning"}};

constexpr Source samhsa_wellness{
    "samhsa-wellness-2016",
    "SAMHSA. Creating a Healthier Life: A Step-by-Step Guide to Wellness. SMA16-4958", "2016"};

// Collects the path and makes the error.
class Check {
 public:
  explicit Check(std::string_view path) : path_{path} {}

  [[nodiscard]] Error at(Errc code, std::string_view member, std::string_view value,
                         std::string_view rule) const {
    return error_at(code, path_ + "." + std::string{member}, std::nullopt, value, rule);
  }
  [[nodiscard]] Error at(Errc code, std::string_view member, double value,
                         std::string_view rule) const {
    return error_at(code, path_ + "." + std::string{member}, std::nullopt, value, rule);
  }

  [[nodiscard]] Result<void> number(double value, std::string_view member, double least,
                                    double most) const {
    if (!std::isfinite(value)) {
      return unexpected(at(Errc::not_finite, member, value, "must be a number"));
    }
    if (value < least || value > most) {
      return unexpected(at(Errc::out_of_range, member, value,
                           "must be " + shortest(least) + " to " + shortest(most)));
    }
    return {};
  }

  template <class T>
  [[nodiscard]] Result<void> ascending(const std::vector<T>& entries,
                                       std::string_view member) const {
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (entries[i].on < entries[i - 1].on) {
        return unexpected(at(Errc::contradiction,
                             std::string{member} + "[" + std::to_string(i) + "].on",
                             entries[i].on.iso(), "must not be before the entry above it"));
      }
    }
    return {};
  }

  [[nodiscard]] Result<void> ratings(const std::vector<Rating>& entries,
                                     std::string_view member) const {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string here = std::string{member} + "[" + std::to_string(i) + "].value";
      if (auto ok = number(entries[i].value, here, 0, 10); !ok) return ok;
    }
    return ascending(entries, member);
  }

 private:
  std::string path_;
};

Result<void> check_weekly(const Goal& goal, const Check& check) {
  for (std::size_t i = 0; i < goal.weekly.size(); ++i) {
    const WeeklyGoal& w = goal.weekly[i];
    const std::string here = "weekly[" + std::to_string(i) + "]";
    if (w.substance.empty()) {
      return unexpected(check.at(Errc::missing, here + ".substance", "", "must name a substance"));
    }
    if (auto ok = check.number(w.amount, here + ".amount", 0, 1e9); !ok) return ok;
    if (w.most_on_a_day) {
      if (auto ok = check.number(*w.most_on_a_day, here + ".most_on_a_day", 0, 1e9); !ok) return ok;
    }
    if (w.most_days) {
      if (auto ok = check.number(*w.most_days, here + ".most_days", 0, 7); !ok) return ok;
    }
    for (std::size_t k = 0; k < i; ++k) {
      const WeeklyGoal& before = goal.weekly[k];
      if (before.substance != w.substance) continue;
      if (before.unit != w.unit) {
        return unexpected(check.at(Errc::contradiction, here + ".unit", w.unit,
                                   "must be \"" + before.unit + "\" as in the limits before it"));
      }
      if (w.from <= before.from) {
        return unexpected(check.at(Errc::contradiction, here + ".from", w.from.iso(),
                                   "must be after the limit before it, " + before.from.iso()));
      }
    }
  }
  return {};
}

Result<void> check_milestones(const Goal& goal, const Check& check) {
  for (std::size_t i = 0; i < goal.milestones.size(); ++i) {
    const GoalMilestone& m = goal.milestones[i];
    const std::string here = "milestones[" + std::to_string(i) + "]";
    if (!is_id(m.id)) {
      return unexpected(check.at(Errc::malformed, here + ".id", m.id,
                                 "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (goal.milestones[k].id == m.id) {
        return unexpected(
            check.at(Errc::duplicate, here + ".id", m.id, "must be different from the others"));
      }
    }
    if (m.threshold) {
      if (auto ok = check.number(*m.threshold, here + ".threshold", -1e9, 1e9); !ok) return ok;
    }
    if (auto ok = check.number(m.sustained_days, here + ".sustained_days", 0, 36'525); !ok) {
      return ok;
    }
    if (m.confidence) {
      if (auto ok = check.number(*m.confidence, here + ".confidence", 0, 10); !ok) return ok;
    }
  }
  return {};
}

Result<void> check_scale(const AttainmentScale& scale, const Check& check) {
  if (auto ok = check.number(scale.weight, "scale.weight", 1e-6, 1e6); !ok) return ok;
  if (auto ok = check.number(scale.baseline, "scale.baseline", -2, 2); !ok) return ok;
  for (std::size_t i = 0; i < scale.scores.size(); ++i) {
    const std::string here = "scale.scores[" + std::to_string(i) + "].level";
    if (auto ok = check.number(scale.scores[i].level, here, -2, 2); !ok) return ok;
  }
  return check.ascending(scale.scores, "scale.scores");
}

}  // namespace

template <>
std::span<const std::string_view> names_of<GoalAim>() noexcept {
  return aim_names;
}
template <>
std::span<const std::string_view> names_of<GoalStatus>() noexcept {
  return status_names;
}
template <>
std::span<const std::string_view> names_of<MotivationStage>() noexcept {
  return stage_names;
}

bool is_id(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!fine) return false;
  }
  return true;
}

Result<void> check_goal(const Goal& goal, std::string_view path) {
  const Check check{path};
  const std::array sizes{
      std::pair{goal.weekly.size(), "weekly"}, std::pair{goal.milestones.size(), "milestones"},
      std::pair{goal.needs.size(), "needs"}, std::pair{goal.substances.size(), "substances"}};
  for (const auto& [size, member] : sizes) {
    if (size <= most_goal_entries) continue;
    return unexpected(
        check.at(Errc::too_large, member, static_cast<double>(size),
                 "must have at most " + std::to_string(most_goal_entries) + " entries"));
  }
  if (!is_id(goal.id)) {
    return unexpected(
        check.at(Errc::malformed, "id", goal.id, "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
  }
  if (goal.about_use() && goal.aim != GoalAim::abstain && goal.substances.empty()) {
    return unexpected(
        check.at(Errc::missing, "substances", "",
                 "must name a substance for the aim \"" + std::string{name(goal.aim)} + '"'));
  }
  if (goal.aim == GoalAim::life && goal.domain.empty()) {
    return unexpected(check.at(Errc::missing, "domain", "",
                               "must name a domain of life, such as \"occupational\""));
  }
  if (goal.aim == GoalAim::reduce_harm && goal.harm.empty()) {
    return unexpected(check.at(Errc::missing, "harm", "",
                               "must name the harm, such as "
                               "\"overdose\""));
  }
  for (std::size_t i = 0; i < goal.substances.size(); ++i) {
    if (goal.substances[i].empty()) {
      return unexpected(check.at(Errc::missing, "substances[" + std::to_string(i) + "]", "",
                                 "must not be empty"));
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (goal.substances[k] == goal.substances[i]) {
        return unexpected(check.at(Errc::duplicate, "substances[" + std::to_string(i) + "]",
                                   goal.substances[i], "is named already"));
      }
    }
  }
  if (goal.wanted_by && *goal.wanted_by < goal.opened) {
    return unexpected(check.at(Errc::contradiction, "wanted_by", goal.wanted_by->iso(),
                               "must not be before the goal was opened, " + goal.opened.iso()));
  }
  if (goal.days_expected) {
    if (auto ok = check.number(*goal.days_expected, "days_expected", 0, 36'525); !ok) return ok;
  }
  if (goal.grew_from == goal.id) {
    return unexpected(check.at(Errc::contradiction, "grew_from", goal.id, "must be another goal"));
  }
  if (auto ok = check_weekly(goal, check); !ok) return ok;
  if (auto ok = check_milestones(goal, check); !ok) return ok;
  if (auto ok = check.ascending(goal.stages, "stages"); !ok) return ok;
  if (auto ok = check.ratings(goal.readiness, "readiness"); !ok) return ok;
  if (auto ok = check.ratings(goal.confidence, "confidence"); !ok) return ok;
  if (auto ok = check.ratings(goal.importance, "importance"); !ok) return ok;
  return goal.scale ? check_scale(*goal.scale, check) : Result<void>{};
}

const WeeklyGoal* weekly_goal_on(const Goal& goal, std::string_view substance, Date day) noexcept {
  const WeeklyGoal* found = nullptr;
  for (const WeeklyGoal& w : goal.weekly) {
    if (w.substance == substance && w.from <= day) found = &w;  // entries ascend by day
  }
  return found;
}

std::span<const LifeDomain> life_domains() noexcept { return domains; }
const Source& life_domains_source() noexcept { return samhsa_wellness; }

}  // namespace ombre::inline v0::plans
